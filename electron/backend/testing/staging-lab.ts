import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReviewScope } from '../../../shared/contract/review.ts'
import type { LineChoice, StagedPart, StagingVerb } from '../../../shared/contract/staging.ts'
import { writeFileVersion } from '../adapters/git/worktree-files.ts'
import { createStagingService, type StagingDeps, type StagingService } from '../features/staging/staging-service.ts'
import type { Yard } from '../features/worktrees/testing.ts'
import { systemIdentity as by } from '../kernel/identity.ts'
import { silentLog } from '../kernel/testing.ts'
import { createReviewLab, fileOf, type ReviewLab } from './review-lab.ts'

/** The three trees of a worktree in words: the last commit, the index, and the bytes on the disk. */
export interface ThreeTrees {
  readonly head: string
  readonly index: string
  readonly files: Readonly<Record<string, string>>
}

export interface StagingLab extends ReviewLab {
  readonly staging: StagingService
  /** As after a restart of the app. */
  readonly startAgain: (change?: Partial<StagingDeps>) => StagingService
  /** A file as a listing of a scope shows it now. */
  readonly part: (path: string, scope: ReviewScope, lines?: LineChoice | null) => Promise<StagedPart>
  /** Looks at files in a scope and acts on them. */
  readonly act: (
    verb: StagingVerb,
    scope: ReviewScope,
    ...paths: readonly (string | readonly [path: string, lines: LineChoice])[]
  ) => ReturnType<StagingService['act']>
  readonly trees: () => Promise<ThreeTrees>
  readonly staged: (path: string) => Promise<string>
  readonly read: (path: string) => Promise<string>
  /** One character a byte; of the index null where it has no such file. */
  readonly readRaw: (path: string) => Promise<string>
  readonly indexText: (path: string) => Promise<string | null>
}

export const createStagingLab = async (prepare?: (yard: Yard) => Promise<void>): Promise<StagingLab> => {
  const lab = await createReviewLab(prepare)
  const { yard, worktree } = lab
  const startAgain: StagingLab['startAgain'] = (change = {}) =>
    createStagingService({
      ...yard.kernel,
      git: yard.lab.git,
      log: silentLog,
      projects: yard.projects,
      worktrees: yard.worktrees,
      review: lab.review,
      writeFile: writeFileVersion,
      mostKept: 50,
      folder: join(yard.lab.root, 'staging'),
      ...change,
    })
  const staging = startAgain()
  const part: StagingLab['part'] = async (path, scope, lines = null) => {
    const { rawPath, oldOid, newOid, oldMode, newMode } = fileOf(await lab.open(scope), path)
    return { rawPath, oldOid, newOid, oldMode, newMode, lines }
  }
  return {
    ...lab,
    staging,
    startAgain,
    part,
    act: async (verb, scope, ...paths) => {
      const parts: StagedPart[] = []
      for (const one of paths)
        parts.push(typeof one === 'string' ? await part(one, scope) : await part(one[0], scope, one[1]))
      return staging.act({ worktreeId: worktree.id, verb, scope, whitespace: 'show', parts }, by)
    },
    trees: async () => ({
      head: await lab.git('rev-parse', 'HEAD'),
      index: await lab.git('ls-files', '-s'),
      files: await readFiles(worktree.path),
    }),
    staged: (path) => lab.git('show', `:${path}`),
    read: (path) => readFile(join(worktree.path, path), 'utf8'),
    readRaw: (path) => readFile(join(worktree.path, path), 'latin1'),
    indexText: async (path) => {
      const args = ['cat-file', 'blob', `:${path}`]
      const request = { cwd: worktree.path, args, access: 'read', expect: [0, 128] } as const
      const { exitCode, stdout } = await yard.lab.git.run(request)
      return exitCode === 0 ? stdout.toString('latin1') : null
    },
  }
}

/** Every file below a folder with its kind, mode and bytes; git's own left out. */
export const readFiles = async (folder: string, below = ''): Promise<Record<string, string>> => {
  const files: Record<string, string> = {}
  for (const name of (await readdir(join(folder, below), { encoding: 'latin1' })).sort()) {
    const path = below === '' ? name : `${below}/${name}`
    if (path === '.git') continue
    const onDisk = Buffer.from(`${folder}/${path}`, 'latin1')
    const found = await lstat(onDisk)
    if (found.isDirectory()) Object.assign(files, await readFiles(folder, path))
    else if (found.isSymbolicLink()) files[path] = `link ${await readlink(onDisk)}`
    else files[path] = `${(found.mode & 0o777).toString(8)} ${(await readFile(onDisk)).toString('latin1')}`
  }
  return files
}
