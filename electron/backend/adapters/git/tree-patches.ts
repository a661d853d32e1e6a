import type { RawPath, TreeEntry } from './git-objects.ts'
import { GitError } from './git-error.ts'
import { writeLooseTree } from './loose-objects.ts'
import type { Git } from './run-git.ts'
import { findRenames, noPrograms, type TreeChange } from './tree-changes.ts'

export interface PatchOptions {
  readonly ignoresWhitespace: boolean
  /** A patch of more bytes is not read. */
  readonly maxBytes: number
}

/** Bytes as latin1 text, or that it is larger than was asked for. */
export type Patch = { readonly kind: 'patch'; readonly raw: string } | { readonly kind: 'too-large' }

/** Read together; more than this at once is read file by file. */
const maxBatchBytes = 64 * 1024 * 1024

/**
 * The patch of each change as `git diff` prints it. It is made of two trees with nothing but these files, because not
 * every name can be an argument of a program. `objects` is a folder of ours from which the git at hand reads too.
 */
export async function readPatches(
  git: Git,
  cwd: string,
  objects: string,
  changes: readonly TreeChange[],
  options: PatchOptions,
): Promise<ReadonlyMap<RawPath, Patch>> {
  const read = (some: readonly TreeChange[], how: readonly string[]): Promise<ReadonlyMap<RawPath, Patch>> =>
    readTogether(git, cwd, objects, { changes: some, how, options })
  const isMoved = (change: TreeChange): boolean => change.oldRawPath !== change.rawPath
  const moved = changes.filter(isMoved)
  const patches = new Map(
    await read(
      changes.filter((change) => !isMoved(change)),
      ['--no-renames'],
    ),
  )
  for (const [rawPath, patch] of await read(moved, findRenames)) patches.set(rawPath, patch)
  // Among fewer files git may pair others than it did among all: then each pair is put before it alone.
  for (const change of moved) {
    if (patches.has(change.rawPath)) continue
    for (const [rawPath, patch] of await read([change], ['-M01', '-l1000'])) patches.set(rawPath, patch)
  }
  return patches
}

interface Batch {
  readonly changes: readonly TreeChange[]
  readonly how: readonly string[]
  readonly options: PatchOptions
}

async function readTogether(
  git: Git,
  cwd: string,
  objects: string,
  batch: Batch,
): Promise<ReadonlyMap<RawPath, Patch>> {
  const { changes, how, options } = batch
  const [first] = changes
  if (first === undefined) return new Map()
  const oidBytes = (first.newOid ?? first.oldOid ?? '').length / 2
  const from = await writeLooseTree(objects, changes.flatMap(oldEntry), oidBytes)
  const to = await writeLooseTree(objects, changes.flatMap(newEntry), oidBytes)
  const args = ['diff-tree', '-r', '-p', '--unified=3', '--inter-hunk-context=0', '--full-index', ...how, ...noPrograms]
  args.push('--src-prefix=a/', '--dst-prefix=b/', '--submodule=short', '--ignore-submodules=none')
  args.push(...(options.ignoresWhitespace ? ['-w'] : []), from, to, '--')
  const maxOutputBytes = changes.length === 1 ? options.maxBytes : maxBatchBytes
  const settings = [['core.quotePath', 'false']] as const
  const request = { cwd, args, access: 'read', pinWorkTree: true, maxOutputBytes, settings } as const
  const output = await git.run(request).then(
    ({ stdout }) => stdout.toString('latin1'),
    (error: unknown) => {
      if (error instanceof GitError && error.kind === 'output-too-large') return null
      throw error
    },
  )
  if (output !== null) return assign(splitPatches(output), changes, options.maxBytes)
  if (changes.length === 1) return new Map([[first.rawPath, { kind: 'too-large' }]])
  const patches = new Map<RawPath, Patch>()
  for (const change of changes)
    for (const [rawPath, patch] of await readTogether(git, cwd, objects, { ...batch, changes: [change] }))
      patches.set(rawPath, patch)
  return patches
}

const oldEntry = ({ oldMode: mode, oldOid: oid, oldRawPath: rawPath }: TreeChange): TreeEntry[] =>
  mode === null || oid === null ? [] : [{ mode, oid, rawPath }]

const newEntry = ({ newMode: mode, newOid: oid, rawPath }: TreeChange): TreeEntry[] =>
  mode === null || oid === null ? [] : [{ mode, oid, rawPath }]

/** Patches by their first line. Every line of content has a sign before it, so no file can pass for one. */
function splitPatches(output: string): ReadonlyMap<string, string> {
  const patches = new Map<string, string>()
  // Only a line feed ends a line: a carriage return within one says nothing.
  for (let start = 0; start < output.length;) {
    const next = output.indexOf('\ndiff --git ', start)
    const end = next < 0 ? output.length : next + 1
    const patch = output.slice(start, end)
    start = end
    const header = patch.slice(0, patch.indexOf('\n'))
    // A file that became a link has two, its removal and its creation.
    patches.set(header, (patches.get(header) ?? '') + patch)
  }
  return patches
}

function assign(
  patches: ReadonlyMap<string, string>,
  changes: readonly TreeChange[],
  maxBytes: number,
): ReadonlyMap<RawPath, Patch> {
  const assigned = new Map<RawPath, Patch>()
  for (const change of changes) {
    const raw = patches.get(`diff --git ${quoteName(`a/${change.oldRawPath}`)} ${quoteName(`b/${change.rawPath}`)}`)
    const isMoved = change.oldRawPath !== change.rawPath
    // Without one it differs in white space alone, which is ignored; a move without one was paired with another file.
    if (raw === undefined && isMoved) continue
    assigned.set(
      change.rawPath,
      (raw?.length ?? 0) > maxBytes ? { kind: 'too-large' } : { kind: 'patch', raw: raw ?? '' },
    )
  }
  return assigned
}

const escapes: Readonly<Record<string, string>> = {
  '\u0007': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '"': '"',
  '\\': '\\',
}

/** A name as git writes it into a patch when names outside ASCII need no quotes. */
export function quoteName(rawPath: RawPath): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const special = /[\u0000-\u001f"\\\u007f]/g
  if (rawPath.search(special) < 0) return rawPath
  const quoted = rawPath.replace(
    special,
    (char) => `\\${escapes[char] ?? char.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )
  return `"${quoted}"`
}
