import { relative, isAbsolute } from 'node:path'
import type { HooksDeps } from './hook-parts.ts'
import type { createHookRecorder } from './record-hooks.ts'

/** Counts what agents noted of their edits and nobody judged, each once. */
export const countUnjudged = async (
  { database, sessions, worktrees, editNotes }: HooksDeps,
  recorder: ReturnType<typeof createHookRecorder>,
  quietMs: number,
): Promise<void> => {
  const { all, folders } = await database.read(async (tx) => ({
    all: await sessions.list(tx),
    folders: new Map((await worktrees.list(tx)).map(({ id, path }) => [id, path])),
  }))
  for (const { id, worktreeId } of all) {
    const noted = await editNotes.listUnjudged(id, quietMs)
    const folder = worktreeId === null ? undefined : folders.get(worktreeId)
    await recorder.unjudged(
      id,
      noted.map(({ toolUseId, path }) => ({ toolUseId, path: pathBelow(folder, path) })),
    )
    // Written first: an app that ends in between counts them again rather than not at all.
    await editNotes.forget(id)
  }
}

const pathBelow = (folder: string | undefined, path: string): string => {
  const below = folder === undefined || !isAbsolute(path) ? path : relative(folder, path)
  return below.startsWith('..') || below === '' ? path : below
}
