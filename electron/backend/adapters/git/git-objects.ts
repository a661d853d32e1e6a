import { textOf, type Git } from './run-git.ts'

/** A path as latin1 text: one character a byte, so that every name a file system allows survives. */
export type RawPath = string

export interface TreeEntry {
  readonly mode: string
  readonly oid: string
  readonly rawPath: RawPath
}

export interface IndexLine extends TreeEntry {
  /** 0, or 1–3 for the sides of a conflict. */
  readonly stage: number
}

/** Stores files as they are, without filters or line-end changes; returns their ids in the order given. */
export async function storeFiles(git: Git, cwd: string, rawPaths: readonly RawPath[]): Promise<readonly string[]> {
  if (rawPaths.length === 0) return []
  const result = await git.run({
    cwd,
    args: ['hash-object', '-w', '--no-filters', '--stdin-paths'],
    access: 'write',
    stdin: rawPaths.map((path) => `${quotePath(path)}\n`).join(''),
  })
  return textOf(result).split('\n')
}

export async function storeBytes(git: Git, cwd: string, bytes: Uint8Array | string): Promise<string> {
  const args = ['hash-object', '-w', '--no-filters', '--stdin']
  return textOf(await git.run({ cwd, args, access: 'write', stdin: bytes }))
}

/** Makes a tree of entries without touching the checkout's own index; `indexFile` must not exist yet. */
export async function storeTree(
  git: Git,
  cwd: string,
  indexFile: string,
  entries: readonly TreeEntry[],
): Promise<string> {
  await writeIndexLines(git, { cwd, indexFile, lines: entries.map((entry) => ({ ...entry, stage: 0 })) })
  return textOf(await git.run({ cwd, args: ['write-tree'], access: 'write', indexFile, pinWorkTree: true }))
}

/** Sets index entries; mode `0` with any id removes the path. */
export async function writeIndexLines(
  git: Git,
  input: { readonly cwd: string; readonly indexFile?: string; readonly lines: readonly IndexLine[] },
): Promise<void> {
  const text = input.lines.map((line) => `${line.mode} ${line.oid} ${line.stage}\t${line.rawPath}\0`).join('')
  await git.run({
    cwd: input.cwd,
    args: ['update-index', '-z', '--index-info'],
    access: 'write',
    stdin: Buffer.from(text, 'latin1'),
    indexFile: input.indexFile,
    pinWorkTree: true,
  })
}

/** Every blob of a tree, with paths relative to it. */
export async function listTree(git: Git, cwd: string, treeish: string): Promise<readonly TreeEntry[]> {
  const args = ['ls-tree', '-r', '-z', '--full-tree', treeish]
  const result = await git.run({ cwd, args, access: 'read' })
  return result.stdout
    .toString('latin1')
    .split('\0')
    .flatMap((record) => {
      const match = /^(\d+) \w+ ([0-9a-f]+)\t([^]+)$/.exec(record)
      return match ? [{ mode: match[1] ?? '', oid: match[2] ?? '', rawPath: match[3] ?? '' }] : []
    })
}

/** Sizes of objects by id; ids that are no object are left out. */
export async function readObjectInfo(
  git: Git,
  cwd: string,
  oids: readonly string[],
): Promise<ReadonlyMap<string, { readonly type: string; readonly size: number }>> {
  const infoByOid = new Map<string, { type: string; size: number }>()
  if (oids.length === 0) return infoByOid
  const args = ['cat-file', '--batch-check']
  const result = await git.run({ cwd, args, access: 'read', stdin: `${oids.join('\n')}\n` })
  for (const line of textOf(result).split('\n')) {
    const [oid = '', type = '', size = ''] = line.split(' ')
    if (size !== '') infoByOid.set(oid, { type, size: Number(size) })
  }
  return infoByOid
}

/** The contents of blobs by id, all in memory: the caller keeps the sum small. */
export async function readBlobs(git: Git, cwd: string, oids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const bytesByOid = new Map<string, Buffer>()
  if (oids.length === 0) return bytesByOid
  const args = ['cat-file', '--batch']
  const { stdout } = await git.run({ cwd, args, access: 'read', stdin: `${oids.join('\n')}\n` })
  let at = 0
  while (at < stdout.length) {
    const lineEnd = stdout.indexOf(0x0a, at)
    const [oid = '', , size = ''] = stdout.subarray(at, lineEnd).toString('latin1').split(' ')
    const start = lineEnd + 1
    const end = size === '' ? start : start + Number(size)
    if (size !== '') bytesByOid.set(oid, stdout.subarray(start, end))
    at = size === '' ? start : end + 1
  }
  return bytesByOid
}

/** git's C-style quoting, all in octal: names with line feeds or bytes outside UTF-8 pass through a line of text. */
export function quotePath(path: RawPath): string {
  const escaped = path.replace(/[^A-Za-z0-9._/-]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)
  return `"${escaped}"`
}

/** The tree of a commit, or null when there is no such commit. */
export async function readTreeOf(git: Git, cwd: string, commit: string): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{tree}`]
  const result = await git.run({ cwd, args, access: 'read', expect: [0, 1, 128] })
  return result.exitCode === 0 ? textOf(result) : null
}
