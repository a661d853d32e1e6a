import { relative, isAbsolute } from 'node:path'
import type { HooksDeps } from './hook-parts.ts'
import type { createHookRecorder } from './record-hooks.ts'

/**
 * Counts what agents noted of their edits and nobody judged, each once. The notes lie where agents can write: those of one
 * session that cannot be taken hinder no other one, and no start of the app.
 */
export const countUnjudged = async (
  { database, sessions, worktrees, editNotes, log }: HooksDeps,
  recorder: ReturnType<typeof createHookRecorder>,
  quietMs: number,
): Promise<void> => {
  const { all, folders } = await database.read(async (tx) => ({
    all: await sessions.list(tx),
    folders: new Map((await worktrees.list(tx)).map(({ id, path }) => [id, path])),
  }))
  const countOf = async ({ id, worktreeId }: (typeof all)[number]) => {
    const noted = await editNotes.listUnjudged(id, quietMs)
    const folder = worktreeId === null ? undefined : folders.get(worktreeId)
    await recorder.unjudged(
      id,
      noted.map(({ toolUseId, path }) => ({ toolUseId, path: pathBelow(folder, path) })),
    )
    // Written first: an app that ends in between counts them again rather than not at all.
    await editNotes.forget(id)
  }
  for (const session of all)
    await countOf(session).catch((error: unknown) =>
      log.error({ err: error, session: session.id }, 'edits that nobody judged were not counted'),
    )
}

const pathBelow = (folder: string | undefined, path: string): string => {
  const below = folder === undefined || !isAbsolute(path) ? path : relative(folder, path)
  return below.startsWith('..') || below === '' ? path : below
}
