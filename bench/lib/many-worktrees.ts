import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemIdentity as by } from '../../electron/backend/kernel/identity.ts'
import { createYard, valueOf, type Yard } from '../../electron/backend/features/worktrees/testing.ts'
import type { Worktree } from '../../shared/contract/worktrees.ts'

export interface ManyWorktrees {
  readonly yard: Yard
  readonly worktrees: readonly Worktree[]
}

export interface Sizes {
  readonly worktrees: number
  readonly files: number
}

const filesAFolder = 50

/** The path of a file in each of the worktrees. */
export const fileOf = (n: number): string => {
  const folder = Math.floor(n / filesAFolder)
  return `packages/p${folder % 40}/src/f${folder}/module-${n}.ts`
}

/**
 * One repository and worktrees of it that share its objects, each with all its files checked out. It takes minutes to make:
 * with `keptIn` it is made in that folder, or found there from the last time, and stays; otherwise it goes with the yard.
 */
export const openManyWorktrees = async (sizes: Sizes, keptIn: string | null): Promise<ManyWorktrees> => {
  const yard = await createYard()
  const folder = keptIn === null ? join(yard.lab.root, 'many') : join(keptIn, `${sizes.worktrees}x${sizes.files}`)
  const { plain } = yard.lab
  const paths = Array.from({ length: sizes.worktrees }, (_, n) => join(folder, `worktree-${n}`))
  const repository = join(folder, 'app')
  const isMade = existsSync(join(folder, 'made'))
  if (!isMade) {
    await makeRepository(yard, repository, sizes.files)
    for (const [n, path] of paths.entries())
      await plain(repository, 'worktree', 'add', '-q', '-b', `session-${n}`, path)
    writeFileSync(join(folder, 'made'), '')
  }
  // What the last run edited.
  else for (const path of paths) await plain(path, 'checkout', '-q', '--', '.')
  const project = valueOf(await yard.projects.open({ path: repository, initialise: false }, by))
  const worktrees: Worktree[] = []
  for (const path of paths) {
    const checked = valueOf(await yard.worktrees.examine(project.id, { kind: 'existing-worktree', path }, 'session'))
    const planned = await yard.kernel.runCommand<Worktree, 'BRANCH_EXISTS'>({ name: 'plan', by }, (context) =>
      yard.worktrees.addPlanned(context, checked),
    )
    worktrees.push(valueOf(await yard.worktrees.prepare(valueOf(planned).id)))
  }
  return { yard, worktrees }
}

const makeRepository = async ({ lab }: Yard, repository: string, files: number) => {
  mkdirSync(repository, { recursive: true })
  await lab.plain(repository, 'init', '-q', '--initial-branch=main')
  await lab.plain(repository, 'config', 'gc.auto', '0')
  for (let n = 0; n < files; n++) {
    const path = join(repository, fileOf(n))
    if (n % filesAFolder === 0) mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, `export const value = ${n}\n`.repeat(20))
  }
  await lab.commitAll(repository, 'many files')
}
