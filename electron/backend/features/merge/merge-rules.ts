import type { Strategy } from '../../../../shared/contract/merge.ts'

/** A commit that a squash makes one with others; texts as people read them. */
export interface SquashedCommit {
  readonly author: string
  readonly message: string
}

export interface ProposalInput {
  readonly strategy: Strategy
  readonly branch: string | null
  readonly sha: string
  readonly target: string
  /** Oldest first, merges left out. */
  readonly commits: readonly SquashedCommit[]
  /** "Name <address>" of whoever merges. */
  readonly committer: string
}

/** The message that a merge has when nobody writes another; none where a branch's own commits are kept. */
export const proposeMessage = (input: ProposalInput): string => {
  if (input.strategy === 'merge') return mergeMessage(input)
  return input.strategy === 'squash' ? squashMessage(input) : ''
}

/** As `git merge` says it, which leaves the usual target out. */
const mergeMessage = ({ branch, sha, target }: ProposalInput): string => {
  const what = branch === null ? `commit '${sha.slice(0, 12)}'` : `branch '${branch}'`
  return `Merge ${what}${target === 'main' || target === 'master' ? '' : ` into ${target}`}`
}

/** More are counted: a message is read by people. */
const mostSubjects = 50

const squashMessage = ({ commits, branch, sha, committer }: ProposalInput): string => {
  const [first] = commits
  const bodies = commits.map(({ message }) => splitTrailers(message))
  const authors = commits.map(({ author }) => author)
  const named = bodies.flatMap(({ trailers }) => trailers.flatMap((line) => coAuthorOf(line) ?? []))
  const others = unique([...authors, ...named], addressOf).filter((who) => addressOf(who) !== addressOf(committer))
  const trailers = others.map((who) => `Co-authored-by: ${who}`)
  if (!first) return addTrailers(branch === null ? `Squash ${sha.slice(0, 12)}` : titleFromBranch(branch), trailers)
  if (commits.length === 1) return addTrailers(first.message, trailers)
  const subjects = commits.map(({ message }) => `* ${subjectOf(message)}`)
  const more = subjects.length > mostSubjects ? [`* and ${subjects.length - mostSubjects} more`] : []
  const title = branch === null ? subjectOf(first.message) : titleFromBranch(branch)
  return addTrailers(`${title}\n\n${[...subjects.slice(0, mostSubjects), ...more].join('\n')}`, trailers)
}

const subjectOf = (message: string): string => message.trim().split('\n')[0]?.trim() ?? ''

/** "switchyard/fix-the-parser" is called "Fix the parser". */
const titleFromBranch = (branch: string): string => {
  const words = branch
    .slice(branch.lastIndexOf('/') + 1)
    .replace(/[-_]+/g, ' ')
    .trim()
  return words === '' ? branch : words.charAt(0).toUpperCase() + words.slice(1)
}

const trailerForm = /^[A-Za-z0-9-]+: \S/

/** The last paragraph of a message when all of it is trailers, and what stands before it. */
const splitTrailers = (message: string): { readonly body: string; readonly trailers: readonly string[] } => {
  const text = tidyMessage(message)
  const at = text.lastIndexOf('\n\n')
  const last = at < 0 ? [] : text.slice(at + 2).split('\n')
  const isTrailers = last.length > 0 && last.every((line) => trailerForm.test(line))
  return isTrailers ? { body: text.slice(0, at), trailers: last } : { body: text, trailers: [] }
}

/** Adds trailers to those a message has; one that it has already is not repeated. */
export const addTrailers = (message: string, added: readonly string[]): string => {
  const { body, trailers } = splitTrailers(message)
  const all = unique([...trailers, ...added], (line) => line.toLowerCase())
  return all.length === 0 ? body : `${body}\n\n${all.join('\n')}`
}

/** Without white space at the ends of lines and around the whole, and with one empty line where there are several. */
export const tidyMessage = (message: string): string =>
  message
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

const coAuthorOf = (line: string): string | null => /^co-authored-by: (.+)$/i.exec(line)?.[1] ?? null
const addressOf = (who: string): string => (/<([^>]*)>/.exec(who)?.[1] ?? who).toLowerCase()

const unique = (values: readonly string[], keyOf: (value: string) => string): readonly string[] =>
  [...new Map(values.toReversed().map((value) => [keyOf(value), value] as const)).values()].toReversed()

/** Says which merge a commit came from, also to a database that is older than the commit. */
export const mergeTrailer = (id: string): string => `Switchyard-Merge: ${id}`
export const hasMergeTrailer = (trailers: readonly string[]): boolean =>
  trailers.some((line) => /^switchyard-merge:/i.test(line))

/** Where what was on a branch is kept. */
export const backupRefOf = (branch: string, id: string): string => `refs/switchyard/backup/${branch}/${id}`
/** Holds what was prepared until it lands or is dropped. */
export const holdRefOf = (id: string): string => `refs/switchyard/merge/${id}`
