import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { textOf, type Git } from './run-git.ts'

/** The ids that names stand for, by one process; null for a name that stands for nothing here. */
export async function resolveNames(
  git: Git,
  cwd: string,
  names: readonly string[],
): Promise<readonly (string | null)[]> {
  const args = ['cat-file', '--batch-check']
  const result = await git.run({ cwd, args, access: 'read', stdin: names.map((name) => `${name}\n`).join('') })
  const lines = textOf(result).split('\n')
  return names.map((_, index) => /^([0-9a-f]{40,64}) \w+ \d+$/.exec(lines[index] ?? '')?.[1] ?? null)
}

/** How many commits one has that the other has not. */
export async function countCommits(git: Git, cwd: string, not: string, of: string): Promise<number> {
  const args = ['rev-list', '--count', of, `^${not}`, '--']
  return Number(textOf(await git.run({ cwd, args, access: 'read' })))
}

/** What git began in a checkout and waits to have finished. */
export interface HalfDone {
  readonly kind: 'merge' | 'rebase' | 'am' | 'cherry-pick' | 'revert' | 'bisect'
  /** "3 of 7", where git counts steps. */
  readonly step: string | null
}

export async function findHalfDone(gitDir: string): Promise<HalfDone | null> {
  if (await exists(join(gitDir, 'rebase-merge')))
    return { kind: 'rebase', step: await readStep(join(gitDir, 'rebase-merge'), 'msgnum', 'end') }
  if (await exists(join(gitDir, 'rebase-apply'))) {
    const kind = (await exists(join(gitDir, 'rebase-apply/applying'))) ? 'am' : 'rebase'
    return { kind, step: await readStep(join(gitDir, 'rebase-apply'), 'next', 'last') }
  }
  for (const [file, kind] of stateFiles) if (await exists(join(gitDir, file))) return { kind, step: null }
  return null
}

const stateFiles = [
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
] as const

async function readStep(folder: string, at: string, of: string): Promise<string | null> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8').catch(() => '')
  const [step, last] = [(await read(at)).trim(), (await read(of)).trim()]
  return /^\d+$/.test(step) && /^\d+$/.test(last) ? `${step} of ${last}` : null
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
