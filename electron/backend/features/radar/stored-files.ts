import { lstat } from 'node:fs/promises'
import type { RawPath, TreeEntry } from '../../adapters/git/git-objects.ts'
import { storeWorkingFiles } from '../../adapters/git/predict-conflicts.ts'
import { toFilePath } from '../../adapters/git/rescue-snapshot.ts'
import type { Git } from '../../adapters/git/run-git.ts'

export interface StoredFiles {
  /** The files of a checkout as a commit of them would have them; only those that changed since the last time are read. */
  read(git: Git, cwd: string, rawPaths: readonly RawPath[]): Promise<readonly TreeEntry[]>
  /** What was stored is there no more. */
  forget(): void
}

interface Known {
  readonly mark: string
  /** Null for what is no file. */
  readonly entry: TreeEntry | null
}

const mostKnown = 20_000
/** A file that was just written may be written again in the same tick of the file system's clock, and look the same. */
const youngMs = 100

/** Remembers by size and times which contents each file of each checkout had. */
export const createStoredFiles = (now: () => number = Date.now): StoredFiles => {
  const knownByFile = new Map<string, Known>()
  return {
    read: async (git, cwd, rawPaths) => {
      const keyOf = (rawPath: RawPath): string => `${cwd}\0${rawPath}`
      // Taken before the contents: what is written meanwhile has another mark the next time.
      const marks = new Map(
        await Promise.all(rawPaths.map(async (raw) => [raw, await markOf(cwd, raw, now())] as const)),
      )
      const isKnown = (raw: RawPath): boolean => {
        const mark = marks.get(raw) ?? null
        return mark !== null && knownByFile.get(keyOf(raw))?.mark === mark
      }
      const unknown = rawPaths.filter((raw) => !isKnown(raw))
      const stored = unknown.length === 0 ? [] : await storeWorkingFiles(git, cwd, unknown)
      const entryByPath = new Map(stored.map((entry) => [entry.rawPath, entry]))
      for (const raw of rawPaths) {
        const known = knownByFile.get(keyOf(raw))
        if (!unknown.includes(raw) && known?.entry) entryByPath.set(raw, known.entry)
      }
      if (knownByFile.size + unknown.length > mostKnown) knownByFile.clear()
      for (const raw of unknown) {
        const mark = marks.get(raw) ?? null
        if (mark !== null) knownByFile.set(keyOf(raw), { mark, entry: entryByPath.get(raw) ?? null })
      }
      return rawPaths.flatMap((raw) => entryByPath.get(raw) ?? [])
    },
    forget: () => knownByFile.clear(),
  }
}

/** Null where it says nothing: the file is too young. */
const markOf = async (cwd: string, rawPath: RawPath, now: number): Promise<string | null> => {
  const found = await lstat(toFilePath(cwd, rawPath), { bigint: true }).catch(() => null)
  if (found === null) return 'absent'
  if (now - Number(found.ctimeMs) < youngMs) return null
  return `${found.mode} ${found.ino} ${found.size} ${found.mtimeNs} ${found.ctimeNs}`
}
