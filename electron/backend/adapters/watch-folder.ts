import { watch } from 'node:fs'

export interface WatchRequest {
  readonly folder: string
  /** Absolute paths that are not watched, with all below them; they need not be there. */
  readonly ignore: readonly string[]
  /** Absolute paths that were made, changed or removed; told in batches. */
  readonly onPaths: (paths: readonly string[]) => void
  /** News was lost, or there will be none any more. */
  readonly onFailure: (error: Error) => void
}

export interface FolderWatch {
  stop(): Promise<void>
}

/** Watches a folder and all below it. Rejects where the system cannot: too many watches, a file system without news. */
export type WatchFolder = (request: WatchRequest) => Promise<FolderWatch>

export const watchFolder: WatchFolder = async ({ folder, ignore, onPaths, onFailure }) => {
  // Native code: what does not watch does not load it, and where it cannot be loaded only watching is lost.
  const { default: watcher } = await import('@parcel/watcher')
  const subscription = await watcher.subscribe(
    folder,
    (error, events) => {
      if (error) onFailure(error)
      else onPaths(events.map((event) => event.path))
    },
    { ignore: [...ignore] },
  )
  return { stop: () => subscription.unsubscribe() }
}

/** Watches the entries of one folder, by name, and nothing below. */
export const watchEntries = async (
  folder: string,
  names: ReadonlySet<string>,
  onChange: () => void,
): Promise<FolderWatch> => {
  const watcher = watch(folder, { persistent: false }, (_kind, name) => {
    // Some systems do not say which.
    if (name === null || names.has(name)) onChange()
  })
  // The folder went; whoever watches the files beside it hears of it there.
  watcher.on('error', () => watcher.close())
  return { stop: async () => watcher.close() }
}
