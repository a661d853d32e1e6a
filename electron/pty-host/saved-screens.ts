import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TerminalId } from '../../shared/lib/ids.ts'
import { hostFiles } from '../../shared/pty-protocol/host-files.ts'
import { savedScreenSchema, type SavedScreen } from '../../shared/pty-protocol/terminals.ts'

/** A screen at rest is saved after this time; one that never rests, each minute. */
const REST_MS = 5_000
const LONGEST_UNSAVED_MS = 60_000
/** One screen at a time: serialising 5,000 rows takes some 10 ms. */
const LOOK_EVERY_MS = 250

export interface SavedScreens {
  /** Says that a terminal changed. */
  touch(terminalId: TerminalId): void
  /** False when there is nothing to save, or it cannot be. */
  saveNow(terminalId: TerminalId): boolean
  /** What was saved last; null when that cannot be read. */
  load(terminalId: TerminalId): SavedScreen | null
  saveAll(): void
  forget(terminalId: TerminalId): void
  dispose(): void
}

export interface SavedScreensDeps {
  readonly dataDir: string
  /** What there is to save; null when the terminal is gone, or nothing can have changed. */
  readonly read: (terminalId: TerminalId) => SavedScreen | null
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

interface Change {
  readonly first: number
  last: number
}

/** Keeps each screen in a file, for the time after the host or the computer stopped. */
export const createSavedScreens = ({ dataDir, read, now, onError }: SavedScreensDeps): SavedScreens => {
  const folder = join(dataDir, hostFiles.screens)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const changes = new Map<TerminalId, Change>()
  const fileOf = (terminalId: TerminalId) => join(folder, `${terminalId}.json`)

  const save = (terminalId: TerminalId): boolean => {
    changes.delete(terminalId)
    const screen = read(terminalId)
    if (!screen) return false
    const file = fileOf(terminalId)
    try {
      writeFileSync(`${file}.new`, JSON.stringify(screen), { mode: 0o600 })
      renameSync(`${file}.new`, file)
      return true
    } catch (error) {
      // ENOSPC and the like: the terminal lives on, and the next change tries again.
      onError(error)
      return false
    }
  }
  const timer = setInterval(() => {
    const time = now()
    for (const [terminalId, { first, last }] of changes) {
      if (time - last < REST_MS && time - first < LONGEST_UNSAVED_MS) continue
      save(terminalId)
      return
    }
  }, LOOK_EVERY_MS)

  return {
    touch(terminalId) {
      const change = changes.get(terminalId)
      const time = now()
      if (change) change.last = time
      else changes.set(terminalId, { first: time, last: time })
    },
    saveNow: save,
    load(terminalId) {
      try {
        return savedScreenSchema.parse(JSON.parse(readFileSync(fileOf(terminalId), 'utf8')))
      } catch (error) {
        // ENOENT, SyntaxError, ZodError: somebody removed or changed it.
        onError(error)
        return null
      }
    },
    saveAll() {
      for (const terminalId of changes.keys()) save(terminalId)
    },
    forget(terminalId) {
      changes.delete(terminalId)
      rmSync(fileOf(terminalId), { force: true })
      rmSync(`${fileOf(terminalId)}.new`, { force: true })
    },
    dispose: () => clearInterval(timer),
  }
}
