import type { ConflictView } from '../../../shared/contract/merge.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import type { FileDraft } from './conflict-drafts.ts'

/** What happened to a file on the two sides. */
export const conflictWords = ({ kind, stages, messages }: ConflictView, target: string): string => {
  const into = visibleLine(target)
  switch (kind) {
    case 'content':
      return 'Both changed the same lines'
    case 'both-added':
      return 'Both added a file of this name'
    case 'binary':
      return 'Both changed a file that is no text'
    case 'modify-delete':
    case 'rename-delete':
      return stages[2] === null
        ? `Deleted in ${into}, changed in the branch`
        : `Changed in ${into}, deleted in the branch`
    case 'rename-rename':
      return 'Renamed in two ways'
    case 'file-directory':
      return 'A file on one side, a folder on the other'
    case 'mode':
      return 'Of another kind on each side'
    case 'submodule':
      return 'A submodule at other commits on each side'
    default:
      return messages[0] === undefined ? 'Could not be merged' : visibleLine(messages[0])
  }
}

export interface SideOption {
  readonly side: Extract<FileDraft, { readonly side: unknown }>['side']
  readonly label: string
}

/** The whole files to choose from. A file in the place of a folder can only go: the folder has the name. */
export const sideOptions = ({ kind, stages }: ConflictView, target: string): readonly SideOption[] => {
  const into = visibleLine(target)
  if (kind === 'file-directory') return [{ side: 'gone', label: 'Leave the file out, keep the folder' }]
  if (stages[2] === null && stages[3] === null) return [{ side: 'gone', label: 'Leave it out' }]
  return [
    { side: 'target', label: stages[2] === null ? `Delete it, as in ${into}` : `As it is in ${into}` },
    { side: 'branch', label: stages[3] === null ? 'Delete it, as in the branch' : 'As it is in the branch' },
  ]
}

export const leftWords = (left: number): string => (left === 0 ? 'Resolved' : `${left} left`)

export const allLeftWords = (left: number, all: number): string => {
  const files = all === 1 ? '1 file' : `${all} files`
  return left === 0 ? `${files} resolved` : `${left} of ${files} left`
}
