import type { ForgeCode, PullRequest, RemoteComment } from '../../../../shared/contract/remote.ts'
import type { Result } from '../../../../shared/lib/result.ts'
import type { RemoteAddress } from './remote-address-rules.ts'

/** A pull request as its forge tells of it. */
export type ForgePullRequest = Pick<PullRequest, 'number' | 'url' | 'title' | 'state' | 'head' | 'base' | 'checks'> & {
  readonly comments: readonly Omit<RemoteComment, 'givenAt'>[]
}

export interface NewPullRequest {
  readonly branch: string
  readonly base: string
  readonly title: string
  readonly body: string
  readonly isDraft: boolean
}

type Answer<Value> = Promise<Result<Value, ForgeCode>>

/** Where pull requests live, by the command-line program that knows the person's login there. */
export interface Forge {
  readonly kind: 'github' | 'gitlab'
  /** The newest one of a branch of this very repository; null when there is none. */
  find(at: RemoteAddress, branch: string, signal?: AbortSignal): Answer<number | null>
  read(at: RemoteAddress, number: number, signal?: AbortSignal): Answer<ForgePullRequest>
  /** Answers its number. */
  create(at: RemoteAddress, wish: NewPullRequest, signal?: AbortSignal): Answer<number>
}

/** A longer list of comments is cut: its oldest are left out. */
export const mostComments = 100
const longestBody = 8000
const longestName = 200

/** What a forge says goes into the database, so there is an end to it. */
export const cutBody = (text: string): string => text.slice(0, longestBody)
export const cutName = (text: string): string => text.slice(0, longestName)

export const byTime = <Row extends { readonly at: number }>(rows: readonly Row[]): Row[] =>
  rows.toSorted((a, b) => a.at - b.at).slice(-mostComments)
