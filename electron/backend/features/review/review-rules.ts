import type { Change } from '../../../../shared/contract/changes.ts'
import type { ReviewFile, ReviewListing, ReviewMark, ReviewScope } from '../../../../shared/contract/review.ts'
import type { WorktreeId } from '../../../../shared/lib/ids.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'

/** One file that differs, as git tells it. */
export interface FileChange {
  readonly letter: string
  readonly oldMode: string | null
  readonly newMode: string | null
  readonly oldOid: string | null
  readonly newOid: string | null
  readonly oldRawPath: string
  readonly rawPath: string
  readonly added: number | null
  readonly removed: number | null
}

export type TreeName = 'base' | 'head' | 'index' | 'work'

/** The two trees that a scope compares. */
export const treesOf: Readonly<Record<ReviewScope, readonly [TreeName, TreeName]>> = {
  all: ['base', 'work'],
  committed: ['base', 'head'],
  staged: ['head', 'index'],
  unstaged: ['index', 'work'],
  uncommitted: ['head', 'work'],
}

export interface Places {
  readonly committed: ReadonlySet<string>
  readonly staged: ReadonlySet<string>
  readonly unstaged: ReadonlySet<string>
  readonly untracked: ReadonlySet<string>
}

/** What is known of the versions of files beside that they differ. */
export interface Versions {
  readonly sizeByOid: ReadonlyMap<string, number>
  readonly lfsOids: ReadonlySet<string>
}

export interface ListingInput {
  readonly changes: readonly FileChange[]
  readonly unmerged: ReadonlySet<string>
  readonly places: Places
  readonly versions: Versions
  readonly marks: readonly Pick<ReviewMark, 'rawPath' | 'oldOid' | 'newOid' | 'hunk' | 'at'>[]
  /** A path for people. */
  readonly show: (rawPath: string) => string
}

/** The files of a listing: those with conflicts first, the others in git's order. */
export const describeFiles = (input: ListingInput): ReviewFile[] => {
  const marksByPath = Map.groupBy(input.marks, ({ rawPath }) => rawPath)
  const files = input.changes.map((change): ReviewFile => {
    const { rawPath, oldRawPath, oldMode, newMode, oldOid, newOid } = change
    const isMoved = oldRawPath !== rawPath
    const content = contentOf(change, input.versions)
    const isCounted = content !== 'submodule'
    return {
      path: input.show(rawPath),
      rawPath,
      oldPath: isMoved ? input.show(oldRawPath) : null,
      change: input.unmerged.has(rawPath) ? 'unmerged' : (changeByLetter[change.letter] ?? 'modified'),
      content,
      oldMode,
      newMode,
      oldOid,
      newOid,
      added: isCounted ? change.added : null,
      removed: isCounted ? change.removed : null,
      where: placesOf(input.places, isMoved ? [rawPath, oldRawPath] : [rawPath]),
      ...markOf(change, marksByPath.get(rawPath) ?? []),
      isLarge: isLarge(change, input.versions),
    }
  })
  return [...files.filter(hasConflict), ...files.filter((file) => !hasConflict(file))]
}

const hasConflict = ({ change }: ReviewFile): boolean => change === 'unmerged'

const changeByLetter: Readonly<Record<string, ReviewFile['change']>> = {
  A: 'added',
  C: 'copied',
  D: 'deleted',
  M: 'modified',
  R: 'renamed',
  T: 'type-changed',
}

const imageName = /\.(?:png|jpe?g|gif|webp|bmp|ico)$/i

const contentOf = (change: FileChange, { lfsOids }: Versions): ReviewFile['content'] => {
  const mode = change.newMode ?? change.oldMode
  if (mode === '160000') return 'submodule'
  if (mode === '120000') return 'symlink'
  const oid = change.newOid ?? change.oldOid
  if (oid !== null && lfsOids.has(oid)) return 'lfs'
  if (change.added !== null) return 'text'
  return imageName.test(change.rawPath) ? 'image' : 'binary'
}

/** More lines than a person reads in one go, or more bytes than a page shows at once. */
const manyLines = 10_000
const manyBytes = 4 * 1024 * 1024

const isLarge = ({ added, removed, oldOid, newOid }: FileChange, { sizeByOid }: Versions): boolean =>
  (added ?? 0) + (removed ?? 0) > manyLines ||
  [oldOid, newOid].some((oid) => oid !== null && (sizeByOid.get(oid) ?? 0) > manyBytes)

const placesOf = (places: Places, rawPaths: readonly string[]): ReviewFile['where'] =>
  (['committed', 'staged', 'unstaged', 'untracked'] as const).filter((name) =>
    rawPaths.some((rawPath) => places[name].has(rawPath)),
  )

/**
 * Viewed when it was marked with these very versions. A mark of the same new version against another old one was made in
 * another view, and says nothing here.
 */
const markOf = (
  { oldOid, newOid }: FileChange,
  marks: ListingInput['marks'],
): Pick<ReviewFile, 'mark' | 'viewedOid' | 'viewedHunks'> => {
  const viewedHunks = marks.flatMap(({ hunk }) => hunk ?? [])
  const ofFile = marks.filter(({ hunk }) => hunk === null)
  if (ofFile.some((mark) => mark.oldOid === oldOid && mark.newOid === newOid))
    return { mark: 'viewed', viewedOid: null, viewedHunks }
  const last = ofFile.findLast((mark) => mark.newOid !== newOid)
  return last ? { mark: 'stale', viewedOid: last.newOid, viewedHunks } : { mark: 'none', viewedOid: null, viewedHunks }
}

/** A patch over this size, or with a line over this length, is shown only when it is asked for. */
export const maxPatchBytes = 4 * 1024 * 1024
export const maxLineLength = 20_000

export const hasLongLine = (text: string): boolean => {
  for (let start = 0; start <= text.length;) {
    const end = text.indexOf('\n', start)
    if ((end < 0 ? text.length : end) - start > maxLineLength) return true
    if (end < 0) return false
    start = end + 1
  }
  return false
}

/** Versions that may be pointers of LFS: such a file has three short lines. */
export const mayBePointer = ({ added, removed }: FileChange, size: number | undefined): boolean =>
  size !== undefined && size >= 100 && size <= 1024 && added !== null && added <= 8 && (removed ?? 0) <= 8

export const isPointer = (text: string): boolean =>
  /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:[a-z0-9.-]+ [^\n]*\n)*oid sha256:[0-9a-f]{64}\nsize \d+\n?$/.test(
    text,
  )

/** The kind of picture that bytes are; null for anything else, SVG above all, which may hold scripts. */
export const imageTypeOf = (bytes: Uint8Array): string | null => {
  const head = String.fromCharCode(...bytes.subarray(0, 16))
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (/^GIF8[79]a/.test(head)) return 'image/gif'
  if (/^RIFF[^]{4}WEBP/.test(head)) return 'image/webp'
  if (head.startsWith('BM')) return 'image/bmp'
  if (head.startsWith('\0\0\x01\0')) return 'image/x-icon'
  return null
}

export interface Trouble {
  readonly halfDone: { readonly kind: HalfDoneKind; readonly step: string | null } | null
  readonly base: 'none' | 'ok' | 'ref-gone' | 'lost' | 'unrelated' | 'rewritten'
  readonly baseRef: string | null
  readonly conflicts: number
  readonly unread: readonly string[]
  readonly large: readonly string[]
}
type HalfDoneKind = 'merge' | 'rebase' | 'am' | 'cherry-pick' | 'revert' | 'bisect'

/** What a person should know before reading on, with a way out; null when all is well. */
export const problemOf = (trouble: Trouble): string | null => {
  const { unread, large } = trouble
  const all = [halfDoneWords(trouble), baseWords(trouble), unreadWords(unread), largeWords(large)]
  const words = all.filter((each) => each !== null)
  return words.length === 0 ? null : words.join(' ')
}

const halfDoneWords = ({ halfDone, conflicts }: Trouble): string | null => {
  const files = conflicts === 1 ? 'One file has' : `${conflicts} files have`
  if (!halfDone) return conflicts === 0 ? null : `${files} conflicts. Settle them and stage them with git add.`
  const { kind, step } = halfDone
  const first = conflicts === 0 ? '' : `${files} conflicts: settle them and stage them with git add. `
  if (kind === 'bisect')
    return 'A bisect is under way, so HEAD is not at the end of the branch. End it with git bisect reset.'
  const what = kind === 'am' ? 'The applying of patches' : `A ${kind}`
  const at = step === null ? '' : ` (${step})`
  return `${what} is half done${at}. ${first}Finish it with git ${kind} --continue or leave it with git ${kind} --abort.`
}

const baseWords = ({ base, baseRef }: Trouble): string | null => {
  const name = shortRef(baseRef ?? '')
  switch (base) {
    case 'none':
    case 'ok':
      return null
    case 'ref-gone':
      return `The base ${name} is not there any more. What is shown is compared with the commit it was at when the session began.`
    case 'lost':
      return `The base ${name} and the commit the session began at are not there any more, so nothing counts as committed: only what differs from the last commit is shown. Fetch the base again to compare with it.`
    case 'unrelated':
      return `The branch and its base ${name} have no common history. What is shown is compared with the base as it was when the session began.`
    case 'rewritten':
      return `The history of ${name} was rewritten. What is shown is compared with the commit the session began at; rebase onto ${name} to go on from its new history.`
    default:
      return unreachable(base)
  }
}

const unreadWords = (unread: readonly string[]): string | null => {
  const [first] = unread
  if (first === undefined) return null
  const others = unread.length === 1 ? '' : ` and ${unread.length - 1} more`
  return `${first}${others} could not be read. Look at its permissions; a folder with a repository of its own needs a commit in it.`
}

const largeWords = (large: readonly string[]): string | null => {
  const [first] = large
  if (first === undefined) return null
  const others = large.length === 1 ? '' : ` and ${large.length - 1} more`
  return `${first}${others}: over 50 MB, so left out. List what is no part of the work in .gitignore.`
}

/** Older turns than these are told by the commits that came of them. */
const mostTurns = 50
/** More than a year of usual turns; an agent that writes data at each of them would fill the disk of the database. */
export const mostTurnBytes = 500 * 1024 * 1024

interface SizedTurn {
  readonly number: number
  readonly bytes: number
}

/** The number of the oldest turn that is kept beside a new one, of those that were, oldest first. */
export const keepTurnsFrom = (before: readonly SizedTurn[], added: SizedTurn): number => {
  let from = added.number
  let bytes = added.bytes
  for (const turn of before.toReversed()) {
    bytes += turn.bytes
    if (bytes > mostTurnBytes || turn.number <= added.number - mostTurns) break
    from = turn.number
  }
  return from
}

/** So many bytes take as much room as the files of a snapshot that changed little are allowed to. */
const bytesOfSnapshot = 2 * 1024 * 1024

/** As how many snapshots one counts towards dropping old ones: those that store much are due sooner. */
export const weightOf = ({ storedBytes }: { readonly storedBytes: number }): number => 1 + storedBytes / bytesOfSnapshot

/** Worktrees that were deleted or left the list: nobody is shown them any more. */
export const goneWorktrees = (changes: readonly Change[]): readonly WorktreeId[] =>
  changes.flatMap((change) => {
    if (change.topic === 'worktrees.removed') return [change.payload.id]
    return change.topic === 'worktrees.changed' && change.payload.state.kind === 'deleted' ? [change.payload.id] : []
  })

export const shortRef = (ref: string): string => ref.replace(/^refs\/(?:heads|remotes|tags)\//, '')

interface Shown {
  readonly id: string
  readonly base: ReviewListing['base']
  readonly problem: string | null
}

/** Whether a page that shows one snapshot would show the same of the other. */
export const isSameView = (a: Shown, b: Shown): boolean =>
  a.id === b.id &&
  a.problem === b.problem &&
  a.base?.ref === b.base?.ref &&
  a.base?.sha === b.base?.sha &&
  a.base?.movedBy === b.base?.movedBy

type ActivityKind = 'working' | 'needs-you' | 'idle' | 'unknown'

/** What a change of a session's activity says of its turn. Undefined: nothing was known of it before. */
export const turnEdge = (before: ActivityKind | undefined, after: ActivityKind): 'begins' | 'ends' | null => {
  const isInTurn = (kind: ActivityKind | undefined): boolean => kind === 'working' || kind === 'needs-you'
  if (isInTurn(before) && after === 'idle') return 'ends'
  return !isInTurn(before) && after === 'working' ? 'begins' : null
}
