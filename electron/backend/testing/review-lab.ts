import { join } from 'node:path'
import type {
  ReviewFile,
  ReviewListing,
  ReviewPatch,
  ReviewScope,
  ReviewView,
} from '../../../shared/contract/review.ts'
import type { Worktree } from '../../../shared/contract/worktrees.ts'
import { systemIdentity as by } from '../kernel/identity.ts'
import { silentLog } from '../kernel/testing.ts'
import { createYard, newBranch, valueOf, type Yard } from '../features/worktrees/testing.ts'
import { createReviewService, type ReviewService, type ReviewServiceDeps } from '../features/review/review-service.ts'

/** A worktree in a real yard, and its review. */
export interface ReviewLab extends AsyncDisposable {
  readonly yard: Yard
  readonly worktree: Worktree
  readonly review: ReviewService
  /** As after a restart of the app. */
  readonly restart: (change?: Partial<ReviewServiceDeps>) => ReviewService
  readonly write: (name: string, text: string | Uint8Array, mode?: number) => Promise<void>
  readonly git: (...args: string[]) => Promise<string>
  readonly commit: (message: string) => Promise<string>
  readonly open: (view?: ReviewView | ReviewScope) => Promise<ReviewListing>
  readonly patch: (listing: ReviewListing, rawPath: string, view?: ReviewView | ReviewScope) => Promise<ReviewPatch>
  readonly mark: (file: ReviewFile, hunk?: string | null, isViewed?: boolean) => Promise<void>
}

const viewOf = (view: ReviewView | ReviewScope): ReviewView =>
  typeof view === 'string' ? { kind: 'scope', scope: view } : view

/** The service on a yard, where no session works. */
export const openReviewService = (yard: Yard, change: Partial<ReviewServiceDeps> = {}): ReviewService =>
  createReviewService({
    ...yard.kernel,
    git: yard.lab.git,
    log: silentLog,
    projects: yard.projects,
    worktrees: yard.worktrees,
    sessions: { list: async () => [] },
    listKept: async () => [],
    folder: join(yard.lab.root, 'review'),
    ...change,
  })

export const createReviewLab = async (
  prepare: (yard: Yard) => Promise<void> = async () => undefined,
  now?: () => number,
): Promise<ReviewLab> => {
  const yard = await createYard(now)
  await prepare(yard)
  const worktree = await yard.make(newBranch)
  const restart = (change: Partial<ReviewServiceDeps> = {}) => openReviewService(yard, change)
  const review = restart()
  const worktreeId = worktree.id
  return {
    yard,
    worktree,
    review,
    restart,
    write: (name, text, mode) => yard.lab.write(join(worktree.path, name), text, mode),
    git: (...args) => yard.lab.plain(worktree.path, ...args),
    commit: (message) => yard.lab.commitAll(worktree.path, message),
    open: async (view = 'all') => valueOf(await review.open({ worktreeId, view: viewOf(view), whitespace: 'show' })),
    patch: async ({ snapshot }, rawPath, view = 'all') => {
      const query = { worktreeId, snapshot, view: viewOf(view), whitespace: 'show' } as const
      const [found] = valueOf(await review.patches({ ...query, rawPaths: [rawPath] }))
      if (!found) throw new Error(`no patch of ${rawPath}`)
      return found
    },
    mark: async ({ rawPath, oldOid, newOid }, hunk = null, isViewed = true) => {
      valueOf(await review.mark({ worktreeId, rawPath, oldOid, newOid, hunk, isViewed }, by))
    },
    [Symbol.asyncDispose]: () => yard[Symbol.asyncDispose](),
  }
}

/** The files of a listing in words: "modified a.txt +1 −2 [committed unstaged]". */
export const inWords = ({ files }: ReviewListing): string[] =>
  files.map(({ change, content, path, oldPath, added, removed, where }) => {
    const name = oldPath === null ? path : `${oldPath} → ${path}`
    const kind = content === 'text' ? '' : ` (${content})`
    return `${change} ${name}${kind} +${added} −${removed} [${where.join(' ')}]`
  })

export const fileOf = ({ files }: ReviewListing, path: string): ReviewFile => {
  const file = files.find((each) => each.path === path)
  if (!file) throw new Error(`${path} is not listed`)
  return file
}
