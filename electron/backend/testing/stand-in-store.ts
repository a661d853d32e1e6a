import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

// What the stand-in for git keeps: registrations, HEADs and index files in real folders, objects and refs in memory.

export interface Entry {
  readonly mode: string
  readonly oid: string
}
/** By path, as latin1 text: one character a byte. */
export type Entries = ReadonlyMap<string, Entry>
type Stored =
  | { readonly type: 'blob'; readonly bytes: Buffer }
  | { readonly type: 'tree'; readonly entries: Entries }
  | { readonly type: 'commit'; readonly tree: string; readonly parents: readonly string[] }

const sha1 = (bytes: string | Buffer) => createHash('sha1').update(bytes).digest('hex')
const blobId = (bytes: Buffer) => sha1(Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]))
export const fileOf = (folder: string, raw: string) => join(folder, Buffer.from(raw, 'latin1').toString('utf8'))

/** The files below a folder, as git sees them: a folder with a repository of its own is one entry, with a slash. */
export const listFiles = (folder: string, intoNested = false, below = ''): Map<string, Entry> => {
  const found = new Map<string, Entry>()
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    if (entry.name === '.git') continue
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    const full = join(folder, path)
    const raw = Buffer.from(path).toString('latin1')
    if (entry.isSymbolicLink()) found.set(raw, { mode: '120000', oid: blobId(Buffer.from(readlinkSync(full))) })
    else if (!entry.isDirectory()) found.set(raw, { mode: '100644', oid: blobId(readFileSync(full)) })
    else if (existsSync(join(full, '.git')) && !intoNested) found.set(`${raw}/`, { mode: '040000', oid: '' })
    else for (const [name, each] of listFiles(folder, intoNested, path)) found.set(name, each)
  }
  return found
}

export type Store = ReturnType<typeof createStore>

export const createStore = (repository: string) => {
  const commonDir = join(repository, '.git')
  mkdirSync(join(commonDir, 'worktrees'), { recursive: true })
  const objects = new Map<string, Stored>()
  const refs = new Map<string, string>()
  const put = (object: Stored): string => {
    const kept = object.type === 'tree' ? { ...object, entries: [...object.entries] } : object
    const oid = object.type === 'blob' ? blobId(object.bytes) : sha1(JSON.stringify(kept))
    objects.set(oid, object)
    return oid
  }
  const putFile = (path: string): Entry => {
    const isLink = lstatSync(path).isSymbolicLink()
    const bytes = isLink ? Buffer.from(readlinkSync(path)) : readFileSync(path)
    return { mode: isLink ? '120000' : '100644', oid: put({ type: 'blob', bytes }) }
  }
  const gitDirOf = (cwd: string): string => {
    const dotGit = join(cwd, '.git')
    return lstatSync(dotGit).isDirectory() ? dotGit : readFileSync(dotGit, 'utf8').slice('gitdir: '.length).trim()
  }
  const headText = (gitDir: string) => readFileSync(join(gitDir, 'HEAD'), 'utf8').trim()
  const headRef = (gitDir: string) => /^ref: (.+)$/.exec(headText(gitDir))?.[1] ?? null
  const headSha = (gitDir: string): string | null => {
    const ref = headRef(gitDir)
    return ref === null ? headText(gitDir) : (refs.get(ref) ?? null)
  }
  const resolve = (cwd: string, revision: string): string | null => {
    const name = revision.replace('^{commit}', '')
    if (name === 'HEAD') return headSha(gitDirOf(cwd))
    return refs.get(name) ?? refs.get(`refs/heads/${name}`) ?? (objects.has(name) ? name : null)
  }
  const treeOf = (sha: string | null): Entries => {
    const object = sha === null ? undefined : objects.get(sha)
    if (object?.type === 'tree') return object.entries
    return object?.type === 'commit' ? treeOf(object.tree) : new Map()
  }
  const readIndex = (file: string): Map<string, Entry> =>
    new Map(existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as [string, Entry][]) : [])
  const writeIndex = (file: string, entries: Entries) => writeFileSync(file, JSON.stringify([...entries]))
  const historyOf = (tips: readonly string[]): Set<string> => {
    const seen = new Set<string>()
    const left = [...tips]
    for (let sha = left.pop(); sha !== undefined; sha = left.pop()) {
      const object = objects.get(sha)
      if (seen.has(sha) || object?.type !== 'commit') continue
      seen.add(sha)
      left.push(...object.parents)
    }
    return seen
  }
  const reachable = (tips: readonly string[]): Set<string> => {
    const all = historyOf(tips)
    for (const sha of all) for (const { oid } of treeOf(sha).values()) all.add(oid)
    return all
  }
  const refsBelow = (prefix: string) => [...refs].flatMap(([name, sha]) => (name.startsWith(prefix) ? [sha] : []))
  const registrations = () =>
    readdirSync(join(commonDir, 'worktrees')).flatMap((name) => {
      const gitDir = join(commonDir, 'worktrees', name)
      const link = join(gitDir, 'gitdir')
      return existsSync(link) ? [{ gitDir, path: dirname(readFileSync(link, 'utf8').trim()) }] : []
    })
  const first = put({ type: 'tree', entries: new Map() })
  refs.set('refs/heads/main', put({ type: 'commit', tree: first, parents: [] }))
  writeFileSync(join(commonDir, 'HEAD'), 'ref: refs/heads/main\n')
  // prettier-ignore
  return {
    repository, commonDir, objects, refs, put, putFile, gitDirOf, headRef, headSha, resolve, treeOf, readIndex, writeIndex,
    historyOf, reachable, refsBelow, registrations, indexOf: (cwd: string) => join(gitDirOf(cwd), 'index'),
  }
}
