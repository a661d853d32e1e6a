import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GitError } from '../adapters/git/git-error.ts'
import type { Git, GitRequest } from '../adapters/git/run-git.ts'
import { createStore, fileOf, listFiles, type Entry, type Store } from './stand-in-store.ts'

/** What a command prints, or the code that it ends with. */
type Answer = string | Buffer | number
type Command = (request: GitRequest, args: readonly string[]) => Answer

export interface StandInGit extends Git {
  readonly repository: string
  readonly commonDir: string
  /** Does half of what is asked, as a git that is killed in the middle. False for what is done at once or not at all. */
  tear(request: GitRequest): boolean
  /** What an agent does by the plain command in its worktree. */
  add(cwd: string, path: string): void
  commit(cwd: string): void
  checkOut(cwd: string, branch: string | null): void
  headOf(cwd: string): string | null
  /** Every object that is kept by refs whose name begins so. */
  reachable(prefix: string): ReadonlySet<string>
  isListed(path: string): boolean
}

const textOf = (input: string | Uint8Array | undefined) => Buffer.from(input ?? '').toString('latin1')
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '')
/** Undoes git's quoting of a name, all in octal. */
const unquote = (text: string) =>
  text.slice(1, -1).replace(/\\(\d{3})/g, (_all, octal: string) => String.fromCharCode(parseInt(octal, 8)))

/**
 * git without a process, for stories by the thousand: real folders, registrations and index files, objects and refs in
 * memory, which outlive the app as a repository does. It knows the commands that worktrees and rescues are made of.
 */
export const createStandInGit = (repository: string): StandInGit => {
  const store = createStore(repository)
  const table = { ...readCommands(store), ...writeCommands(store), ...worktreeCommands(store) }
  const commandOf = ({ args }: GitRequest): Command => {
    const command = table[args[0] ?? '']
    if (!command) throw new Error(`The stand-in does not know: git ${args.join(' ')}`)
    return command
  }
  const run: Git['run'] = async (request) => {
    const answer = commandOf(request)(request, request.args)
    const exitCode = typeof answer === 'number' ? answer : 0
    const { args } = request
    if (!(request.expect ?? [0]).includes(exitCode))
      throw new GitError({ kind: 'exit', exitCode, stderr: 'fatal: as the stand-in says', args })
    const stdout = Buffer.isBuffer(answer) ? answer : Buffer.from(typeof answer === 'string' ? answer : '', 'latin1')
    return { exitCode, stdout, stderr: '' }
  }
  return {
    repository,
    commonDir: store.commonDir,
    isLfsInstalled: false,
    version: '2.45.0',
    listConfig: async () => [],
    run,
    tear: (request) => tear(store, request),
    ...personOf(store),
    headOf: (cwd) => store.resolve(cwd, 'HEAD'),
    reachable: (prefix) => store.reachable(store.refsBelow(prefix)),
    isListed: (path) => store.registrations().some((each) => each.path === path),
  }
}

const differs = (a: Entry | undefined, b: Entry | undefined) => a?.oid !== b?.oid || a?.mode !== b?.mode
const letter = (before: Entry | undefined, after: Entry | undefined) =>
  !differs(before, after) ? '.' : before === undefined ? 'A' : after === undefined ? 'D' : 'M'

const statusOf = (store: Store, cwd: string): string => {
  const gitDir = store.gitDirOf(cwd)
  const [head, files] = [store.treeOf(store.headSha(gitDir)), listFiles(cwd)]
  const index = store.readIndex(join(gitDir, 'index'))
  const branch = store.headRef(gitDir)?.replace('refs/heads/', '') ?? '(detached)'
  const records = [`# branch.oid ${store.headSha(gitDir)}`, `# branch.head ${branch}`]
  for (const path of new Set([...head.keys(), ...index.keys()])) {
    const [staged, unstaged] = [letter(head.get(path), index.get(path)), letter(index.get(path), files.get(path))]
    // What the index does not know is untracked, and named below.
    const shown = index.has(path) ? unstaged : '.'
    if (staged !== '.' || shown !== '.') records.push(`1 ${staged}${shown} N... 100644 100644 100644 0 0 ${path}`)
  }
  for (const path of files.keys()) if (!index.has(path)) records.push(`? ${path}`)
  return records.map((record) => `${record}\0`).join('')
}

const readCommands = (store: Store): Readonly<Record<string, Command>> => ({
  config: () => 1,
  'symbolic-ref': ({ cwd }) => store.headRef(store.gitDirOf(cwd)) ?? 1,
  'rev-parse': ({ cwd }, args) =>
    args[1] === '--absolute-git-dir' ? store.gitDirOf(cwd) : (store.resolve(cwd, args.at(-1) ?? '') ?? 1),
  'ls-files': ({ cwd }) =>
    [...store.readIndex(store.indexOf(cwd))].map(([path, { mode, oid }]) => `H ${mode} ${oid} 0\t${path}\0`).join(''),
  'ls-tree': ({ cwd }, args) =>
    [...store.treeOf(store.resolve(cwd, args.at(-1) ?? ''))]
      .map(([path, { mode, oid }]) => `${mode} blob ${oid}\t${path}\0`)
      .join(''),
  status: ({ cwd }) => statusOf(store, cwd),
  diff: ({ cwd }, args) => {
    const from = store.treeOf(args[args.indexOf('--') - 1] ?? null)
    const files = listFiles(cwd)
    const tracked = new Set([...from.keys(), ...store.readIndex(store.indexOf(cwd)).keys()])
    return [...tracked].map((path) => (differs(from.get(path), files.get(path)) ? `1\t0\t${path}\0` : '')).join('')
  },
  'diff-index': ({ cwd }, args) => {
    const head = store.treeOf(args.at(-2) ?? null)
    const index = store.readIndex(store.indexOf(cwd))
    return [...new Set([...head.keys(), ...index.keys()])]
      .filter((path) => differs(head.get(path), index.get(path)))
      .map((path) => {
        const now = index.get(path) ?? { mode: '000000', oid: '0'.repeat(40) }
        return `:100644 ${now.mode} 0 ${now.oid} ${letter(head.get(path), index.get(path))}\0${path}\0`
      })
      .join('')
  },
  'cat-file': ({ stdin }, args) => {
    const answers = linesOf(textOf(stdin)).map((oid) => {
      const object = store.objects.get(oid)
      if (!object) return Buffer.from(`${oid} missing\n`)
      const bytes = object.type === 'blob' ? object.bytes : Buffer.alloc(0)
      const header = Buffer.from(`${oid} ${object.type} ${bytes.length}\n`)
      return args[1] === '--batch' ? Buffer.concat([header, bytes, Buffer.from('\n')]) : header
    })
    return Buffer.concat(answers)
  },
  'rev-list': ({ stdin }) => {
    const kept = store.historyOf(store.refsBelow('refs/heads/'))
    return [...store.historyOf(linesOf(textOf(stdin)))].filter((sha) => !kept.has(sha)).join('\n')
  },
  'merge-base': (_request, args) => {
    const [a = '', b = ''] = args.slice(-2)
    const [ofA, ofB] = [store.historyOf([a]), store.historyOf([store.resolve(store.repository, b) ?? b])]
    if (args[1] === '--is-ancestor') return ofB.has(a) ? 0 : 1
    return [...ofB].find((sha) => ofA.has(sha)) ?? 1
  },
})

const writeCommands = (store: Store): Readonly<Record<string, Command>> => ({
  'hash-object': ({ cwd, stdin }, args) => {
    if (!args.includes('--stdin-paths')) return store.put({ type: 'blob', bytes: Buffer.from(stdin ?? '') })
    const paths = linesOf(textOf(stdin)).map(unquote)
    return paths.map((raw) => store.putFile(raw.startsWith('/') ? fileOf('/', raw) : fileOf(cwd, raw)).oid).join('\n')
  },
  'update-index': ({ cwd, stdin, indexFile }, args) => {
    if (args.includes('--refresh')) return ''
    const file = indexFile ?? store.indexOf(cwd)
    const index = store.readIndex(file)
    for (const record of textOf(stdin).split('\0').slice(0, -1)) {
      const [, mode = '', oid = '', path = ''] = /^(\d+) ([0-9a-f]+) \d\t([^]+)$/.exec(record) ?? []
      if (mode === '0') index.delete(path)
      else index.set(path, { mode, oid })
    }
    store.writeIndex(file, index)
    return ''
  },
  'write-tree': ({ indexFile }) => store.put({ type: 'tree', entries: store.readIndex(indexFile ?? '') }),
  'commit-tree': (_request, args) =>
    store.put({
      type: 'commit',
      tree: args.at(-1) ?? '',
      parents: args.filter((_arg, n) => args[n - 1] === '-p'),
    }),
  'update-ref': (_request, args) => {
    if (args[1] === '-d') {
      const [ref = '', expected] = args.slice(-2)
      return store.refs.get(ref) === expected && store.refs.delete(ref) ? '' : 1
    }
    const [ref = '', sha = ''] = args.slice(1)
    if (store.refs.has(ref)) return 128
    store.refs.set(ref, sha)
    return ''
  },
  reset: ({ cwd }) => {
    const tree = store.treeOf(store.resolve(cwd, 'HEAD'))
    store.writeIndex(store.indexOf(cwd), tree)
    writeFiles(store, cwd, [...tree])
    return ''
  },
})

const writeFiles = (store: Store, cwd: string, entries: readonly (readonly [string, Entry])[]) => {
  for (const [path, { mode, oid }] of entries) {
    const file = fileOf(cwd, path)
    const object = store.objects.get(oid)
    const bytes = object?.type === 'blob' ? object.bytes : Buffer.alloc(0)
    rmSync(file, { recursive: true, force: true })
    mkdirSync(dirname(file), { recursive: true })
    if (mode === '120000') symlinkSync(bytes, file)
    else writeFileSync(file, bytes)
  }
}

const worktreeCommands = (store: Store): Readonly<Record<string, Command>> => ({
  worktree: (request, args) => {
    if (args[1] === 'list') return listOf(store)
    const last = args.at(-1) ?? ''
    if (args[1] === 'remove') {
      const found = store.registrations().find(({ path }) => path === last)
      if (!found) return 128
      rmSync(last, { recursive: true, force: true })
      rmSync(found.gitDir, { recursive: true, force: true })
      return ''
    }
    const path = args.at(-2) ?? ''
    const branch = args.includes('-b') ? args[args.indexOf('-b') + 1] : args.includes('--detach') ? undefined : last
    const sha = store.resolve(request.cwd, last)
    const isTaken = args.includes('-b') && store.refs.has(`refs/heads/${branch}`)
    if (sha === null || isTaken || store.registrations().some((each) => each.path === path)) return 128
    if (branch !== undefined) store.refs.set(`refs/heads/${branch}`, sha)
    const gitDir = register(store, path, branch === undefined ? sha : `ref: refs/heads/${branch}`)
    writeFileSync(join(gitDir, 'logs'), `${sha}\n`)
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, '.git'), `gitdir: ${gitDir}\n`)
    return ''
  },
})

let lastName = 0
const register = (store: Store, path: string, head: string): string => {
  const gitDir = join(store.commonDir, 'worktrees', `w${(lastName += 1)}`)
  mkdirSync(gitDir)
  writeFileSync(join(gitDir, 'HEAD'), `${head}\n`)
  writeFileSync(join(gitDir, 'commondir'), '../..\n')
  writeFileSync(join(gitDir, 'gitdir'), `${join(path, '.git')}\n`)
  return gitDir
}

const listOf = (store: Store): string => {
  const all = [{ gitDir: store.commonDir, path: store.repository }, ...store.registrations()]
  return all
    .map(({ gitDir, path }) => {
      const ref = store.headRef(gitDir)
      const locked = existsSync(join(gitDir, 'locked')) ? ['locked initializing'] : []
      const gone = existsSync(path) ? [] : ['prunable its folder is gone']
      const head = ref === null ? 'detached' : `branch ${ref}`
      return [`worktree ${path}`, `HEAD ${store.headSha(gitDir)}`, head, ...locked, ...gone].join('\0') + '\0\0'
    })
    .join('')
}

const tear = (store: Store, { args, cwd }: GitRequest): boolean => {
  const last = args.at(-1) ?? ''
  if (args[0] === 'worktree' && args[1] === 'remove') {
    const files = existsSync(last) ? [...listFiles(last).keys()] : []
    for (const path of files.slice(0, Math.ceil(files.length / 2))) rmSync(fileOf(last, path), { recursive: true })
    return true
  }
  if (args[0] === 'worktree' && args[1] === 'add') {
    const sha = store.resolve(cwd, last)
    if (sha !== null) writeFileSync(join(register(store, args.at(-2) ?? '', sha), 'locked'), 'initializing')
    return sha !== null
  }
  if (args[0] !== 'reset') return false
  const files = [...store.treeOf(store.resolve(cwd, 'HEAD'))]
  writeFiles(store, cwd, files.slice(0, Math.floor(files.length / 2)))
  return true
}

const personOf = (store: Store): Pick<StandInGit, 'add' | 'commit' | 'checkOut'> => {
  const moveTo = (cwd: string, sha: string) => {
    const gitDir = store.gitDirOf(cwd)
    const ref = store.headRef(gitDir)
    if (ref === null) writeFileSync(join(gitDir, 'HEAD'), `${sha}\n`)
    else store.refs.set(ref, sha)
    writeFileSync(join(gitDir, 'logs'), `${sha}\n`, { flag: 'a' })
  }
  return {
    add: (cwd, path) => {
      const index = store.readIndex(store.indexOf(cwd))
      index.set(Buffer.from(path).toString('latin1'), store.putFile(join(cwd, path)))
      store.writeIndex(store.indexOf(cwd), index)
    },
    commit: (cwd) => {
      const tree = store.put({ type: 'tree', entries: store.readIndex(store.indexOf(cwd)) })
      const head = store.resolve(cwd, 'HEAD')
      moveTo(cwd, store.put({ type: 'commit', tree, parents: head === null ? [] : [head] }))
    },
    checkOut: (cwd, branch) => {
      const head = store.resolve(cwd, 'HEAD') ?? ''
      if (branch !== null) store.refs.set(`refs/heads/${branch}`, head)
      writeFileSync(join(store.gitDirOf(cwd), 'HEAD'), branch === null ? `${head}\n` : `ref: refs/heads/${branch}\n`)
    },
  }
}
