import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ConflictPart } from '../../../../shared/contract/merge.ts'
import type { MergePlace } from './merge-tree.ts'
import type { Git } from './run-git.ts'

/** The versions of one file; `base` is empty where both sides made it. */
export interface Sides {
  readonly base: string
  readonly target: string
  readonly branch: string
}

const shortestMark = 40
/** git answers how many conflicts are left, and counts no further than this. */
const counts = Array.from({ length: 128 }, (_, count) => count)

/** Merges the lines of a file as far as they can be merged; null for what git takes for binary. */
export async function readConflictParts(
  git: Git,
  place: MergePlace,
  sides: Sides,
): Promise<readonly ConflictPart[] | null> {
  const folder = join(dirname(place.objects), 'sides')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const names = (['target', 'base', 'branch'] as const).map((side) => ({ side, path: join(folder, side) }))
  await Promise.all(names.map(({ side, path }) => writeFile(path, sides[side])))
  const size = markSizeFor(sides)
  const args = ['merge-file', '-p', '-q', '--zdiff3', `--marker-size=${size}`, ...names.map(({ path }) => path)]
  const result = await git.run({ cwd: place.cwd, args, access: 'read', expect: [...counts, 255] })
  return result.exitCode === 255 ? null : parseMarked(result.stdout.toString('utf8'), size, sides)
}

/** Marks longer than anything the files have at the beginning of a line are no lines of theirs. */
export function markSizeFor(sides: Sides): number {
  const longest = (text: string): number =>
    (text.match(/^(?:<+|>+|=+|\|+)/gm) ?? []).reduce((most, run) => Math.max(most, run.length), 0)
  return Math.max(shortestMark, ...Object.values(sides).map((text) => longest(text) + 1))
}

/** Parses what `git merge-file --zdiff3` prints with marks of this size. */
export function parseMarked(text: string, size: number, sides: Sides): readonly ConflictPart[] {
  const parts: ConflictPart[] = []
  let same = ''
  let open: { target: string; base: string; branch: string; at: keyof Sides } | null = null
  const endSame = () => {
    if (same !== '') parts.push({ kind: 'same', text: same })
    same = ''
  }
  for (const line of text.split(/(?<=\n)/)) {
    const mark = line.length >= size && line.startsWith((line[0] ?? '').repeat(size)) ? line[0] : null
    if (mark === '<' && open === null) {
      endSame()
      open = { target: '', base: '', branch: '', at: 'target' }
    } else if (mark === '|' && open !== null) open.at = 'base'
    else if (mark === '=' && open !== null) open.at = 'branch'
    else if (mark === '>' && open !== null) {
      const { target, base, branch } = open
      parts.push({ kind: 'conflict', target, base, branch })
      open = null
    } else if (open === null) same += line
    else open[open.at] += line
  }
  endSame()
  return withOwnEnds(parts, sides)
}

/** git ends each side of a conflict with a line feed; a file whose last line has none is to keep it so. */
function withOwnEnds(parts: readonly ConflictPart[], sides: Sides): readonly ConflictPart[] {
  const last = parts.at(-1)
  if (last?.kind !== 'conflict') return parts
  const own = (side: keyof Sides): string =>
    sides[side].endsWith('\n') ? last[side] : last[side].replace(/\r?\n$/, '')
  return [...parts.slice(0, -1), { kind: 'conflict', target: own('target'), base: own('base'), branch: own('branch') }]
}
