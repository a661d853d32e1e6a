import type { MergeEntry } from '../../../../shared/contract/queue-rows.ts'
import { cutText, inertLine, inertText } from '../../../../shared/lib/inert-text.ts'

/** So many paths are named; the rest is a number. */
const mostNamed = 50
const longestExcerpt = 6000

export const reworkTitle = ({ title, target, state }: MergeEntry): string =>
  cutText(state === 'failed' ? `Mend for ${target}: ${title}` : `Resolve with ${target}: ${title}`, 200)

/** What whoever made the branch is told: what is wrong, and each step until it is in line again. */
export const reworkText = (entry: MergeEntry, excerpt: string): string =>
  [
    whatHappened(entry, excerpt),
    `What to do, in the worktree of ${entry.branch ?? 'the branch'}:`,
    ...steps(entry),
    'Nothing was merged, and your branch is as it was.',
  ].join('\n\n')

/** The same for somebody else, in a worktree that starts from the branch. */
export const resolverText = (entry: MergeEntry, excerpt: string): string =>
  [
    whatHappened(entry, excerpt),
    `Your worktree starts from ${entry.branch ?? entry.head}, with all of its commits. Keep what it is for; change no more than is needed.`,
    ...steps(entry),
  ].join('\n\n')

const whatHappened = (
  { state, branch, head, target, title, conflicts, reason }: MergeEntry,
  excerpt: string,
): string => {
  const what = `“${title}” (${branch ?? head.slice(0, 8)} at ${head.slice(0, 8)})`
  if (state === 'conflicted') return `${what} conflicts with ${target}:\n\n${listPaths(conflicts)}`
  const output = excerpt.trim() === '' ? '' : `\n\n${fenced(inertText(excerpt).slice(-longestExcerpt))}`
  return `${what} was not merged into ${target}. ${reason ?? ''}${output}`
}

const listPaths = (paths: readonly string[]): string => {
  const named = paths.slice(0, mostNamed).map((path) => `- ${inertLine(path, 300)}`)
  const more = paths.length - named.length
  return [...named, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n')
}

const steps = ({ target, state }: MergeEntry): readonly string[] => [
  `1. Commit what you have, then take in ${target}: \`git merge ${target}\`, or \`git rebase ${target}\` for a branch that nobody else uses.`,
  state === 'conflicted'
    ? '2. Resolve the conflicts so that both sides keep what they are for, then commit.'
    : '2. Run the gates there and mend what fails, then commit.',
  '3. Put it in line again: `switchyard merge enqueue`.',
]

/** A fence longer than any in the text, so that the text cannot end it. */
const fenced = (text: string): string => {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}
