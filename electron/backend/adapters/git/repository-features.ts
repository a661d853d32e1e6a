import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listRefusedPrograms } from './hardening.ts'
import { fieldsOf, type Git } from './run-git.ts'

/** What a checkout uses that Switchyard treats specially and tells the person about. */
export interface RepositoryFeatures {
  readonly submodules: readonly string[]
  readonly usesLfs: boolean
  readonly isPartialClone: boolean
  /** Programs the repository's own configuration names; Switchyard's git calls do not run them. */
  readonly refusedPrograms: readonly string[]
}

export async function readRepositoryFeatures(git: Git, cwd: string): Promise<RepositoryFeatures> {
  const [submodules, attributes, entries] = await Promise.all([
    listSubmodules(git, cwd),
    readFile(join(cwd, '.gitattributes'), 'utf8').catch(() => ''),
    git.listConfig(cwd),
  ])
  return {
    submodules,
    usesLfs: /^[^#\n]*\sfilter=lfs(?:\s|$)/m.test(attributes),
    isPartialClone: entries.some((entry) => /^remote\.[^]+\.(?:promisor|partialclonefilter)$/.test(entry.name)),
    refusedPrograms: listRefusedPrograms(entries),
  }
}

/** Paths of the submodules that `.gitmodules` names. */
export async function listSubmodules(git: Git, cwd: string): Promise<readonly string[]> {
  const args = ['config', '--file', join(cwd, '.gitmodules'), '--list', '-z']
  // 1 and 128: no such file, or one that git cannot parse.
  const result = await git.run({ cwd, args, access: 'read', expect: [0, 1, 128] })
  if (result.exitCode !== 0) return []
  return fieldsOf(result).flatMap((field) => /^submodule\.[^]*\.path\n([^]*)$/.exec(field)?.[1] ?? [])
}

/** Git folders of submodules that were initialised in the worktree whose git folder is `gitDir`. */
export async function listInitialisedSubmodules(gitDir: string): Promise<readonly string[]> {
  return readdir(join(gitDir, 'modules')).catch((): string[] => [])
}
