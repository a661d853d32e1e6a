import { readFile, stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { parseConfigEntries, type ConfigEntry } from './config-entries.ts'

interface CachedConfig {
  readonly fingerprint: string
  readonly entries: readonly ConfigEntry[]
}

export interface ConfigCache {
  /** The configuration git sees in `cwd` now; `list` runs `git config --list -z --show-scope --show-origin`. */
  readonly read: (cwd: string, list: () => Promise<string>) => Promise<readonly ConfigEntry[]>
}

const maxCachedFolders = 500

/**
 * Keeps the configuration per folder for as long as no file behind it changed. A folder whose configuration includes
 * others (`include.path`, `includeIf`) is never kept: what it says depends on files that may not exist yet and on the
 * branch.
 */
export function createConfigCache(): ConfigCache {
  const cachedByFolder = new Map<string, CachedConfig>()
  return {
    read: async (cwd, list) => {
      const cached = cachedByFolder.get(cwd)
      if (cached) {
        const now = await fingerprintOf(cwd, cached.entries)
        if (now !== null && now === cached.fingerprint) return cached.entries
        cachedByFolder.delete(cwd)
      }
      const before = await fingerprintOf(cwd, [])
      const entries = parseConfigEntries(await list())
      const after = await fingerprintOf(cwd, [])
      const hasIncludes = entries.some((entry) => /^include(?:if)?\./.test(entry.name))
      // A file that changed while git read it may have been read in either state.
      if (hasIncludes || before === null || before !== after) return entries
      const fingerprint = await fingerprintOf(cwd, entries)
      if (fingerprint === null) return entries
      if (cachedByFolder.size >= maxCachedFolders) cachedByFolder.clear()
      cachedByFolder.set(cwd, { fingerprint, entries })
      return entries
    },
  }
}

/** Null where we cannot tell by ourselves which files git would read. */
async function fingerprintOf(cwd: string, entries: readonly ConfigEntry[]): Promise<string | null> {
  const gitDir = await findGitDir(cwd)
  if (gitDir === null) return null
  const commonDir = await findCommonDir(gitDir)
  const origins = entries
    .filter((entry) => entry.origin.startsWith('file:'))
    .map((entry) => resolve(cwd, entry.origin.slice('file:'.length)))
  const files = new Set([
    join(cwd, '.git'),
    join(gitDir, 'commondir'),
    join(commonDir, 'config'),
    join(gitDir, 'config.worktree'),
    ...origins,
  ])
  const marks = await Promise.all([...files].map(async (file) => `${file}\0${await markOf(file)}`))
  return marks.join('\n')
}

/** Differs after each change of a file. */
export async function markOf(file: string): Promise<string> {
  const found = await stat(file, { bigint: true }).catch(absent)
  if (found === null) return 'absent'
  return found.isDirectory() ? `dir ${found.ino}` : `${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`
}

/** The git folder of a checkout whose top is `cwd`; null anywhere else. */
export async function findGitDir(cwd: string): Promise<string | null> {
  const dotGit = join(cwd, '.git')
  const found = await stat(dotGit).catch(absent)
  if (found === null) return null
  if (found.isDirectory()) return dotGit
  const text = await readFile(dotGit, 'utf8').catch(absent)
  const target = text?.match(/^gitdir: ([^]*?)\n?$/)?.[1]
  if (target === undefined) return null
  return isAbsolute(target) ? target : resolve(dirname(dotGit), target)
}

/** The folder that all worktrees of one repository share. */
export async function findCommonDir(gitDir: string): Promise<string> {
  const text = await readFile(join(gitDir, 'commondir'), 'utf8').catch(absent)
  if (text === null) return gitDir
  const target = text.replace(/\n$/, '')
  return isAbsolute(target) ? target : resolve(gitDir, target)
}

/** A missing file is an answer here, and an unreadable one counts as missing: git decides what it is. */
function absent(): null {
  return null
}
