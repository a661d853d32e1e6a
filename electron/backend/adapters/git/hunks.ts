import type { RawPath, TreeEntry } from './git-objects.ts'
import { writeLooseTree } from './loose-objects.ts'
import type { Git } from './run-git.ts'

/** Lines of the old file that a change replaces; without lines it inserts after line `start`. */
export interface Hunk {
  readonly start: number
  readonly lines: number
  /** How many lines stand there now. */
  readonly newLines: number
}

/** A diff of more than this is not read for its hunks: somebody replaced whole files. */
const maxDiffBytes = 32 * 1024 * 1024

/**
 * The hunks between two sets of stored files, by path; a path without differences is not among them. `objects` is the folder
 * into which the git at hand stores.
 */
export async function readHunks(
  git: Git,
  cwd: string,
  objects: string,
  [before, after]: readonly [readonly TreeEntry[], readonly TreeEntry[]],
): Promise<ReadonlyMap<RawPath, readonly Hunk[]>> {
  const some = [...before, ...after][0]
  if (some === undefined) return new Map()
  const tree = (entries: readonly TreeEntry[]): Promise<string> => writeLooseTree(objects, entries, some.oid.length / 2)
  const args = ['diff', '--raw', '--patch', '-z', '--unified=0', '--inter-hunk-context=0', '--no-renames', '--no-color']
  args.push('--no-ext-diff', '--no-textconv', '--no-relative', '--submodule=short', '--ignore-submodules=dirty')
  args.push(await tree(before), await tree(after), '--')
  const request = { cwd, args, access: 'read', pinWorkTree: true, maxOutputBytes: maxDiffBytes } as const
  return parseHunks((await git.run(request)).stdout.toString('latin1'))
}

/** Parses `git diff --raw --patch -z --unified=0`: a list of the files, then their patches in the same order. */
export function parseHunks(output: string): ReadonlyMap<RawPath, readonly Hunk[]> {
  const hunksByPath = new Map<RawPath, Hunk[]>()
  const patches: RawPath[] = []
  let at = 0
  while (output.charAt(at) === ':') {
    const status = output.indexOf('\0', at)
    const end = output.indexOf('\0', status + 1)
    const [letter, rawPath] = [output.charAt(status - 1), output.slice(status + 1, end)]
    if (!hunksByPath.has(rawPath)) hunksByPath.set(rawPath, [])
    // A file that became a link has two patches, its removal and its creation.
    patches.push(rawPath)
    if (letter === 'T') patches.push(rawPath)
    at = end + 1
  }
  let patch = -1
  // Every line of content has a sign before it, so no file can pass for a header.
  for (const line of output.slice(at).replace(/^\0/, '').split('\n')) {
    if (line.startsWith('diff --git ')) patch += 1
    const match = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line)
    if (!match) continue
    const [, start, lines = '1', newLines = '1'] = match
    const hunk = { start: Number(start), lines: Number(lines), newLines: Number(newLines) }
    hunksByPath.get(patches[patch] ?? '')?.push(hunk)
  }
  return hunksByPath
}
