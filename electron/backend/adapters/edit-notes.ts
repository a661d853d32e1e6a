import { appendFileSync, constants } from 'node:fs'
import { lstat, open, rename, rm, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionId } from '../../../shared/lib/ids.ts'

/**
 * What agents noted of edits they were about to make (`resources/hooks/note-edit.sh`), also while the app was away. What the
 * app has judged it strikes out; both are files of the session, so that neither needs the other to be there.
 */
export interface EditNotes {
  /** An edit was judged, or counted otherwise. */
  strikeOut(sessionId: SessionId, toolUseId: string): Promise<void>
  /**
   * The paths of edits that nobody judged, oldest first, once nothing was noted for so long: an edit that was just noted may
   * be on its way. They are told until `forget` is called.
   */
  listUnjudged(sessionId: SessionId, quietMs: number): Promise<readonly NotedEdit[]>
  forget(sessionId: SessionId): Promise<void>
}

export interface NotedEdit {
  readonly toolUseId: string
  readonly path: string
}

const begunName = 'edits-begun'
const takenName = 'edits-taken'
const judgedName = 'edits-judged'

/** Ten thousand edits. What an agent writes beyond that is not read: the file is its own. */
const mostBytes = 1024 * 1024
// A pipe that an agent has put there must not be waited for, and a link may lead anywhere. Windows has neither flag.
const asItIs = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
const appending = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | asItIs

export const createEditNotes = (sessionsFolder: string): EditNotes => {
  const fileOf = (sessionId: SessionId, name: string) => join(sessionsFolder, sessionId, name)
  return {
    // At once: a few bytes that nobody waits for the disk with, once for each edit of each agent. Handed to another thread,
    // opening, writing and closing would take this one ten times as long.
    strikeOut: async (sessionId, toolUseId) => {
      // The types know flags by their names alone, and these have none.
      const options = { mode: 0o600, flag: appending as unknown as string }
      const written = async () => appendFileSync(fileOf(sessionId, judgedName), `${toolUseId}\n`, options)
      // A session whose folder is gone has no notes.
      await written().catch(() => undefined)
    },
    listUnjudged: async (sessionId, quietMs) => {
      const [begun, taken] = [fileOf(sessionId, begunName), fileOf(sessionId, takenName)]
      const changedAt = await lstat(begun).then(
        ({ mtimeMs }) => mtimeMs,
        () => null,
      )
      // What was taken and not forgotten was never counted: the app ended in between.
      const isLeft = (await readText(taken)) !== ''
      // A file's time may lie ahead of the clock: by less than a millisecond always, and by more where the clock was set back.
      if (changedAt !== null && !isLeft && Math.abs(Date.now() - changedAt) >= quietMs) await rename(begun, taken)
      const judged = new Set((await readText(fileOf(sessionId, judgedName))).split('\n'))
      const lines = (await readText(taken)).split('\n').filter((line) => line !== '')
      return lines.map(readLine).filter(({ toolUseId }) => !judged.has(toolUseId))
    },
    forget: async (sessionId) => {
      if ((await readText(fileOf(sessionId, takenName))) === '') return
      const isMore = (await readText(fileOf(sessionId, begunName))) !== ''
      await rm(fileOf(sessionId, takenName), { force: true })
      // What was noted meanwhile may have been struck out already.
      if (!isMore) await rm(fileOf(sessionId, judgedName), { force: true })
    },
  }
}

const readLine = (line: string): NotedEdit => {
  const cut = line.indexOf(' ')
  return { toolUseId: cut < 0 ? line : line.slice(0, cut), path: cut < 0 ? '' : line.slice(cut + 1) }
}

/** Empty for what is no plain file. */
const readText = async (path: string): Promise<string> => {
  await using file = await open(path, constants.O_RDONLY | asItIs).catch(() => null)
  return file === null ? '' : await readBeginning(file).catch(() => '')
}

const readBeginning = async (file: FileHandle): Promise<string> => {
  const facts = await file.stat()
  if (!facts.isFile()) return ''
  const length = Math.min(facts.size, mostBytes)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0)
  return buffer.toString('utf8', 0, bytesRead)
}
