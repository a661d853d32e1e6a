import type { ReviewFile, ReviewScope, ReviewView } from '../../../shared/contract/review.ts'
import type { LineChoice, LineRange, StagedPart, StagingVerb } from '../../../shared/contract/staging.ts'
import type { Replacement } from '../../../shared/lib/replacements.ts'
import type { Side } from './patch-hunks.ts'

/** What of a file is meant: all of it, the hunk one is in, or lines that were picked. */
export type Extent = 'file' | 'hunk' | 'lines'

/** What can be done to a file, or to lines of it, in what is shown: only where the person sees what it would change. */
export const verbsOf = (file: ReviewFile, view: ReviewView, extent: Extent): readonly StagingVerb[] => {
  if (view.kind !== 'scope' || file.change === 'unmerged') return []
  const { scope } = view
  const all = fileVerbs(file, scope)
  if (extent === 'file') return all
  return hasChoosableLines(file) ? all.filter((verb) => isOfLines(file, scope, verb)) : []
}

const fileVerbs = (file: ReviewFile, scope: ReviewScope): readonly StagingVerb[] => {
  const { isUnstaged, isStaged, isCommitted } = placesOf(file)
  const showsFiles = scope === 'all' || scope === 'unstaged' || scope === 'uncommitted'
  const showsIndex = scope === 'all' || scope === 'staged' || scope === 'uncommitted'
  const isFolder = file.content === 'submodule'
  const verbs: StagingVerb[] = []
  if (showsFiles && isUnstaged) verbs.push('stage')
  if (showsIndex && isStaged) verbs.push('unstage')
  if (showsFiles && isUnstaged && !isFolder) verbs.push('discard')
  // Of work that is nowhere but in the files, to revert is to discard.
  if (scope === 'all' && (isCommitted || isStaged) && !isFolder) verbs.push('revert')
  return verbs
}

const placesOf = ({ where }: ReviewFile) => ({
  isUnstaged: where.includes('unstaged') || where.includes('untracked'),
  isStaged: where.includes('staged'),
  isCommitted: where.includes('committed'),
})

const hasChoosableLines = ({ content, change }: ReviewFile): boolean =>
  content === 'text' && change !== 'renamed' && change !== 'copied' && change !== 'type-changed'

/** Whether the two versions that are shown are those that the verb compares. */
const isOfLines = (file: ReviewFile, scope: ReviewScope, verb: StagingVerb): boolean => {
  const { isUnstaged, isStaged, isCommitted } = placesOf(file)
  if (verb === 'revert') return scope === 'all'
  const beginsAtHead = scope === 'uncommitted' || scope === 'staged' || (scope === 'all' && !isCommitted)
  if (verb === 'unstage') return scope === 'staged' || (beginsAtHead && !isUnstaged)
  return scope === 'unstaged' || (beginsAtHead && !isStaged)
}

/** All that one hunk changes. */
export const choiceOfHunk = (replacements: readonly Replacement[], hunk: number): LineChoice => {
  const own = replacements.filter((each) => each.hunk === hunk)
  return {
    removed: own.flatMap(({ oldAt, oldLines }) => rangeOf(oldAt, oldLines)),
    added: own.flatMap(({ newAt, newLines }) => rangeOf(newAt, newLines)),
  }
}

const rangeOf = (at: number, lines: number): LineRange[] => (lines === 0 ? [] : [[at + 1, at + lines]])

/**
 * What lines of one side mean: they, and what they took the place of. As many lines for as many others go in pairs; of others
 * all that was taken away goes with any of the new ones, and nothing new with what was taken away.
 */
export const choiceOfLines = (
  replacements: readonly Replacement[],
  { side, from, to }: { readonly side: Side; readonly from: number; readonly to: number },
): LineChoice => {
  const removed: LineRange[] = []
  const added: LineRange[] = []
  for (const { oldAt, oldLines, newAt, newLines } of replacements) {
    const [at, lines] = side === 'additions' ? [newAt, newLines] : [oldAt, oldLines]
    const [first, last] = [Math.max(from, at + 1), Math.min(to, at + lines)]
    if (first > last) continue
    const paired = (otherAt: number): LineRange => [otherAt + first - at, otherAt + last - at]
    if (side === 'additions') added.push([first, last])
    else removed.push([first, last])
    if (oldLines === newLines)
      (side === 'additions' ? removed : added).push(paired(side === 'additions' ? oldAt : newAt))
    else if (side === 'additions') removed.push(...rangeOf(oldAt, oldLines))
  }
  return { removed, added }
}

export const countLines = ({ removed, added }: LineChoice): number =>
  [...removed, ...added].reduce((sum, [from, to]) => sum + to - from + 1, 0)

export const partOf = (file: ReviewFile, lines: LineChoice | null): StagedPart => {
  const { rawPath, oldOid, newOid, oldMode, newMode } = file
  return { rawPath, oldOid, newOid, oldMode, newMode, lines }
}

export const verbWords: Readonly<Record<StagingVerb, string>> = {
  stage: 'Stage',
  unstage: 'Unstage',
  discard: 'Discard',
  revert: 'Revert',
}

export const extentWords = (extent: Extent, lines: number): string => {
  if (extent !== 'lines') return extent
  return lines === 1 ? 'line' : `${lines} lines`
}

/** Why a key did nothing, and what to press instead. */
export const whyNot = (file: ReviewFile, view: ReviewView, verb: StagingVerb, extent: Extent): string => {
  if (view.kind !== 'scope') return 'Go back to Changes to do that: here something else is compared.'
  if (file.change === 'unmerged') return 'It has a conflict. Settle it and stage it with git add first.'
  if (extent !== 'file' && verbsOf(file, view, 'file').includes(verb))
    return hasChoosableLines(file)
      ? `Its changes are partly staged or committed. Choose the scope ${verb === 'unstage' ? 'Staged' : 'Unstaged'} for a part of them.`
      : 'It goes as a whole only: press Escape, and the same key again.'
  return nothingWords[verb]
}

const nothingWords: Readonly<Record<StagingVerb, string>> = {
  stage: 'Nothing of it is unstaged in what is shown.',
  unstage: 'Nothing of it is staged in what is shown.',
  discard: 'Nothing of it is unstaged, so there is nothing to discard. Unstage it first.',
  revert: 'Nothing of it is committed or staged in what is shown. Discard it instead.',
}
