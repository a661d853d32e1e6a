import type { ReviewFile, ReviewScope, ReviewView } from '../../../shared/contract/review.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'

export const scopes: readonly { readonly scope: ReviewScope; readonly label: string; readonly hint: string }[] = [
  { scope: 'all', label: 'All changes', hint: 'Everything since the branch left its base' },
  { scope: 'committed', label: 'Committed', hint: 'What the commits of the branch change' },
  { scope: 'uncommitted', label: 'Uncommitted', hint: 'Staged, unstaged and untracked' },
  { scope: 'staged', label: 'Staged', hint: 'What the next commit would take' },
  { scope: 'unstaged', label: 'Unstaged and untracked', hint: 'What the next commit would leave out' },
]

/** The scope beside this one, round and round. */
export const scopeBeside = (scope: ReviewScope, by: 1 | -1): ReviewScope => {
  const at = scopes.findIndex((one) => one.scope === scope)
  return scopes[(at + by + scopes.length) % scopes.length]?.scope ?? 'all'
}

export const isSameView = (a: ReviewView, b: ReviewView): boolean => viewName(a) === viewName(b)

export const viewName = (view: ReviewView): string => {
  switch (view.kind) {
    case 'scope':
      return `scope ${view.scope}`
    case 'turn':
      return `turn ${view.number}`
    case 'since-looked':
      return 'since-looked'
    case 'range':
      return `range ${view.from} ${view.to}`
    default:
      return unreachable(view)
  }
}

/** What there is to know about a file beside its lines, the most telling first. */
export const tagsOf = (file: ReviewFile): string[] => [...changeTags(file), ...modeTags(file), ...contentTags(file)]

const changeTags = ({ change }: ReviewFile): string[] => {
  switch (change) {
    case 'added':
      return ['new']
    case 'deleted':
      return ['deleted']
    case 'renamed':
      return ['renamed']
    case 'copied':
      return ['copied']
    case 'unmerged':
      return ['conflict']
    case 'type-changed':
      return ['type changed']
    case 'modified':
      return []
    default:
      return unreachable(change)
  }
}

const modeTags = ({ change, oldMode, newMode }: ReviewFile): string[] => {
  if (change === 'type-changed' || oldMode === null || newMode === null || oldMode === newMode) return []
  if (newMode === '100755') return ['executable']
  return oldMode === '100755' ? ['not executable'] : [`mode ${newMode}`]
}

const contentTags = ({ content }: ReviewFile): string[] => {
  switch (content) {
    case 'image':
    case 'binary':
    case 'submodule':
      return [content]
    case 'lfs':
      return ['LFS']
    case 'symlink':
      return ['link']
    case 'text':
      return []
    default:
      return unreachable(content)
  }
}

/** A ref as people write it: the branch without where git keeps it. */
export const shortRef = (ref: string): string => ref.replace(/^refs\/(?:heads|remotes|tags)\//, '')

/** Where an object id stands for itself, so many of its letters do. */
export const shortOid = (oid: string | null): string => (oid === null ? 'nothing' : oid.slice(0, 10))

/** A file in one line, as a screen reader says it. */
export const describeFile = (file: ReviewFile): string => {
  const { added, removed, mark, oldPath } = file
  const lines = [...(added ? [`${added} added`] : []), ...(removed ? [`${removed} removed`] : [])]
  const from = oldPath === null ? [] : [`from ${visibleLine(oldPath)}`]
  const seen = mark === 'viewed' ? ['viewed'] : mark === 'stale' ? ['changed since viewed'] : []
  return [visibleLine(file.path), ...tagsOf(file), ...from, ...lines, ...seen].join(', ')
}

/** "4 of 9 viewed", and the share of it in per cent. */
export const progressOf = (files: readonly ReviewFile[]): { readonly words: string; readonly percent: number } => {
  const viewed = files.filter((file) => file.mark === 'viewed').length
  return {
    words: `${viewed} of ${files.length} viewed`,
    percent: files.length === 0 ? 0 : (viewed / files.length) * 100,
  }
}
