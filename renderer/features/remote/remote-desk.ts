import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ApiClient } from '../../../shared/contract/api.ts'
import type { PullRequest, RemoteComment, RemoteState } from '../../../shared/contract/remote.ts'
import type { WorktreeId } from '../../../shared/lib/ids.ts'
import { settle } from '../../data/settle.ts'

export interface DeskState {
  /** Null until it was read. */
  readonly state: RemoteState | null
  /** Why it could not be read. */
  readonly problem: string | null
  readonly comments: readonly RemoteComment[]
  readonly isPushing: boolean
  readonly isAsking: boolean
}

export interface NewPullRequest {
  readonly title: string
  readonly body: string
  readonly base: string
  readonly isDraft: boolean
}

/** Why it was refused; null when it was done. */
type Refused = Promise<string | null>

export interface RemoteDesk {
  readonly store: StoreApi<DeskState>
  /** Reads where the branch stands; of two on their way the later one counts. */
  readonly look: () => Promise<void>
  /** The same once for each of what it depends on: a branch, its commit, its pull request as it came. */
  readonly lookAt: (stamp: string) => Promise<void>
  /** Pushes what is shown to where it is shown to go. `replaces` is what may be taken away there. */
  readonly push: (
    replaces: string | null,
  ) => Promise<{ readonly kind: 'pushed' | 'up-to-date' } | { readonly refused: string }>
  /** Ends the push that is on its way. */
  readonly cancel: () => void
  /** Has the forge asked, by itself or because the person wants it. */
  readonly refresh: (isAsked: boolean) => Refused
  readonly propose: () => Promise<Omit<NewPullRequest, 'isDraft'> | { readonly refused: string }>
  readonly create: (wish: NewPullRequest) => Promise<{ readonly made: PullRequest } | { readonly refused: string }>
  readonly give: (keys: string[] | null) => Promise<{ readonly count: number } | { readonly refused: string }>
}

/** Where one worktree's branch stands with its remote, as one page shows it. */
export const createRemoteDesk = (api: ApiClient['remote'], worktreeId: WorktreeId): RemoteDesk => {
  const store = createStore<DeskState>(() => ({
    state: null,
    problem: null,
    comments: [],
    isPushing: false,
    isAsking: false,
  }))
  let turn = 0
  let pushing: AbortController | null = null
  let seen: string | null = null

  const look: RemoteDesk['look'] = async () => {
    const mine = (turn += 1)
    const result = await settle(api.state({ worktreeId }))
    if (mine !== turn) return
    if (!result.ok) return store.setState({ problem: result.refusal.message })
    store.setState({ state: result.value, problem: null })
    const pull = result.value.pullRequest
    const comments =
      pull === null || pull.comments === 0 ? null : await settle(api.comments({ pullRequestId: pull.id }))
    if (mine === turn) store.setState({ comments: comments?.ok ? comments.value : [] })
  }

  return {
    store,
    look,
    lookAt: async (stamp) => {
      if (stamp === seen) return
      seen = stamp
      await look()
    },
    push: async (replaces) => {
      const { state, isPushing } = store.getState()
      if (isPushing || state?.remote == null || state.head === null) return { refused: 'There is nothing to push yet.' }
      pushing = new AbortController()
      store.setState({ isPushing: true })
      const wish = { worktreeId, url: state.remote.url, sha: state.head, replaces }
      const result = await settle(api.push(wish, { signal: pushing.signal }))
      const isCancelled = pushing.signal.aborted
      store.setState({ isPushing: false })
      await look()
      if (isCancelled) return { refused: 'The push was ended. What had arrived already stays there.' }
      return result.ok ? result.value : { refused: result.refusal.message }
    },
    cancel: () => pushing?.abort(),
    refresh: async (isAsked) => {
      if (isAsked) store.setState({ isAsking: true })
      const result = await settle(api.refresh({ worktreeId, isAsked }))
      if (isAsked) store.setState({ isAsking: false })
      await look()
      return result.ok ? null : result.refusal.message
    },
    propose: async () => {
      const result = await settle(api.propose({ worktreeId }))
      return result.ok ? result.value : { refused: result.refusal.message }
    },
    create: async (wish) => {
      const result = await settle(api.createPullRequest({ worktreeId, ...wish }))
      if (result.ok) await look()
      return result.ok ? { made: result.value } : { refused: result.refusal.message }
    },
    give: async (keys) => {
      const pull = store.getState().state?.pullRequest
      if (pull == null) return { refused: 'There is no pull request any more.' }
      const result = await settle(api.give({ pullRequestId: pull.id, keys }))
      await look()
      return result.ok ? result.value : { refused: result.refusal.message }
    },
  }
}
