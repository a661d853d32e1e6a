import { access, readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve, sep } from 'node:path'
import type { FolderListing, HostInfo } from '../../../../shared/contract/host.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'

/** What only the host can do: given to the backend by the desktop or the web host. */
export interface HostCapabilities {
  readonly kind: HostInfo['kind']
  /** Opens the system's folder dialog; null when it has none. Answers null when it was cancelled. */
  readonly pickFolder: (() => Promise<string | null>) | null
  /** Opens a file in the person's editor; false when none is known. */
  openInEditor(path: string, line: number | null): Promise<boolean>
  /** Ends the app. */
  quit(): void
}

export interface HostServiceDeps {
  readonly capabilities: HostCapabilities
  readonly home: string
  readonly version: string
  readonly findGit: () => Promise<HostInfo['git']>
  readonly findShell: () => Promise<HostInfo['shell']>
  /** The folders in which files may be opened: worktrees and projects. */
  readonly listOpenableFolders: () => Promise<readonly string[]>
  /** Ends every session and the process that keeps the terminals. */
  readonly stopAll: () => Promise<void>
}

export interface HostService {
  info(): Promise<HostInfo>
  pickFolder(): Promise<Result<{ path: string | null }, 'NOT_SUPPORTED'>>
  listFolders(path: string): Promise<Result<FolderListing, 'NOT_A_FOLDER'>>
  openInEditor(path: string, line: number | null): Promise<Result<undefined, 'NO_EDITOR' | 'OUTSIDE_WORKTREE'>>
  quit(stopAll: boolean): Promise<void>
}

const mostEntries = 1000

export const createHostService = (deps: HostServiceDeps): HostService => ({
  info: async () => ({
    kind: deps.capabilities.kind,
    platform: process.platform,
    version: deps.version,
    canPickFolder: deps.capabilities.pickFolder !== null,
    home: deps.home,
    git: await deps.findGit(),
    shell: await deps.findShell(),
  }),

  pickFolder: async () => {
    if (!deps.capabilities.pickFolder) {
      return refuse('NOT_SUPPORTED', 'This host has no folder dialog. Choose the folder in the list, or type its path.')
    }
    return ok({ path: await deps.capabilities.pickFolder() })
  },

  listFolders: (path) => listFolders(expandHome(path, deps.home)),

  openInEditor: async (path, line) => {
    const real = await realpath(path).catch(() => null)
    const folders = await Promise.all(
      (await deps.listOpenableFolders()).map((folder) => realpath(folder).catch(() => null)),
    )
    const isInside = folders.some((folder) => folder !== null && (real === folder || real?.startsWith(folder + sep)))
    if (real === null || !isInside) {
      return refuse('OUTSIDE_WORKTREE', `${path} is not a file in a worktree of an open project.`)
    }
    if (await deps.capabilities.openInEditor(real, line)) return ok(undefined)
    return refuse('NO_EDITOR', 'No editor was found. Set VISUAL or EDITOR to a windowed editor, such as "code".')
  },

  quit: async (stopAll) => {
    if (stopAll) await deps.stopAll()
    deps.capabilities.quit()
  },
})

/** An empty path and `~` are the home folder, as people type them. */
const expandHome = (path: string, home: string) =>
  path === '' ? home : path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : resolve(home, path)

const listFolders = async (path: string): Promise<Result<FolderListing, 'NOT_A_FOLDER'>> => {
  const found = await readdir(path, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => error.code ?? 'unknown',
  )
  if (typeof found === 'string') return refuse('NOT_A_FOLDER', explainUnreadable(path, found))
  const folders = found
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort((a, b) => a.localeCompare(b))
  const entries = await Promise.all(
    folders.slice(0, mostEntries).map(async (name) => ({
      name,
      path: join(path, name),
      isRepository: await isRepository(join(path, name)),
    })),
  )
  return ok({
    path,
    parent: dirname(path) === path ? null : dirname(path),
    isRepository: await isRepository(path),
    entries,
    truncated: folders.length > mostEntries,
  })
}

/** A quick look, for marking folders in a list; opening one asks git. A bare repository ends in `.git` by custom. */
const isRepository = async (path: string) =>
  (await exists(join(path, '.git'))) || (basename(path).endsWith('.git') && (await exists(join(path, 'HEAD'))))

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  )

const explainUnreadable = (path: string, code: string) => {
  if (code === 'ENOENT') return `There is no folder ${path}. Check the spelling.`
  if (code === 'ENOTDIR') return `${path} is a file. Choose the folder that holds it.`
  if (code === 'EACCES' || code === 'EPERM')
    return `You may not read ${path}. Choose another folder, or change its rights.`
  return `${path} cannot be read (${code}).`
}
