import type { FolderListing } from '../../shared/contract/host.ts'
import type { Result } from '../../shared/lib/result.ts'

export interface FolderWalkState {
  readonly listing: FolderListing | null
  readonly problem: string | null
}

export interface FolderWalk {
  /** Lists the folder to begin with, or home when that is none. */
  readonly begin: (path: string) => Promise<void>
  /** Goes to a folder; null when that is refused, or when something else was wanted before its answer came. */
  readonly list: (path: string) => Promise<FolderListing | null>
  /** The person goes on by typing: no answer that is on its way counts, and what was refused is forgotten. */
  readonly leave: () => void
}

/**
 * Goes from folder to folder. Only what was asked for last is shown: a folder that was slow to be read must not come back
 * over the one that the person went on to.
 */
export const createFolderWalk = (
  read: (path: string) => Promise<Result<FolderListing, string>>,
  show: (change: Partial<FolderWalkState>) => void,
): FolderWalk => {
  let wanted = 0
  let hasListing = false
  const take = (listing: FolderListing) => {
    hasListing = true
    show({ listing, problem: null })
    return listing
  }
  const refuse = (message: string) => {
    show({ problem: message })
    return null
  }
  return {
    begin: async (path) => {
      const result = await read(path)
      // Whoever takes the path says that it is no folder.
      const shown = result.ok || path === '' ? result : await read('')
      // Typing does not do without the list; a folder that was gone to does.
      if (hasListing) return
      if (shown.ok) take(shown.value)
      else refuse(shown.refusal.message)
    },
    list: async (path) => {
      wanted += 1
      const mine = wanted
      const result = await read(path)
      if (mine !== wanted) return null
      return result.ok ? take(result.value) : refuse(result.refusal.message)
    },
    leave: () => {
      wanted += 1
      show({ problem: null })
    },
  }
}
