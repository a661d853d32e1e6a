import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ApiClient } from '../../../shared/contract/api.ts'
import type { Merge, MergeConflictViews, MergeResolution, MergeWish, Strategy } from '../../../shared/contract/merge.ts'
import type { MergeId, ProjectId } from '../../../shared/lib/ids.ts'
import type { Result } from '../../../shared/lib/result.ts'
import { settle } from '../../data/settle.ts'
import { withResolutions } from './conflict-drafts.ts'
import { hasMessage, type PreviewState } from './merge-words.ts'

/** What is to be merged where. */
export interface MergePlace {
  readonly projectId: ProjectId
  readonly head: string
  readonly branch: string | null
  readonly target: string
  /** Where the base is: when it moves, another result is to be expected. */
  readonly baseSha: string
}

export interface DeskState {
  readonly preview: PreviewState
  /** What was typed; null while the proposed message stands. */
  readonly message: string | null
  /** What was proposed last: it stays in sight while another result is computed. */
  readonly proposed: string
  /** What was chosen for conflicts; it is asked for with each merge, and holds where the same ones come up. */
  readonly resolutions: readonly MergeResolution[]
  readonly isMerging: boolean
}

export interface MergeDesk {
  readonly store: StoreApi<DeskState>
  /** Computes the result anew; of two on their way the later one counts. */
  readonly look: (place: MergePlace, strategy: Strategy) => Promise<void>
  /** What is in the way, to be chosen from. Of a rebase, which stops at one commit after the other, what comes next. */
  readonly conflicts: (place: MergePlace, strategy: Strategy) => Promise<Result<MergeConflictViews, string>>
  /** Takes what was chosen, and looks at what comes of it. */
  readonly resolve: (place: MergePlace, strategy: Strategy, resolutions: readonly MergeResolution[]) => Promise<void>
  readonly write: (message: string | null) => void
  /** Makes the commit to look at. Resolves to what it is to be compared with, or to why there is none. */
  readonly prepare: (
    place: MergePlace,
    strategy: Strategy,
  ) => Promise<{ readonly from: string; readonly to: string } | { readonly refused: string }>
  /** Merges what the preview showed. Resolves to the merge, or to why it was refused; then the preview is read again. */
  readonly merge: (
    place: MergePlace,
    strategy: Strategy,
    deleteBranch: boolean,
  ) => Promise<{ readonly merge: Merge } | { readonly refused: string }>
  /** Resolves to why it was refused, or null. */
  readonly undo: (id: MergeId) => Promise<string | null>
}

/** The merge of one branch, as one page prepares it. */
export const createMergeDesk = (
  api: Pick<ApiClient['merge'], 'preview' | 'conflicts' | 'prepare' | 'drop' | 'merge' | 'undo'>,
): MergeDesk => {
  const store = createStore<DeskState>(() => ({
    preview: { kind: 'reading' },
    message: null,
    proposed: '',
    resolutions: [],
    isMerging: false,
  }))
  let turn = 0
  let prepared: MergeId | null = null
  const dropPrepared = () => {
    if (prepared !== null) void settle(api.drop({ mergeId: prepared }))
    prepared = null
  }

  const wishOf = ({ projectId, head, branch, target }: MergePlace, strategy: Strategy): Omit<MergeWish, 'onto'> => {
    const { resolutions, message: written } = store.getState()
    const typed = written?.trim() ?? ''
    const message = hasMessage(strategy) && typed !== '' ? typed : null
    const wish = { projectId, source: { sha: head, branch }, target, strategy, message }
    return resolutions.length === 0 ? wish : { ...wish, resolutions }
  }

  const look: MergeDesk['look'] = async (place, strategy) => {
    const mine = (turn += 1)
    store.setState({ preview: { kind: 'reading' } })
    const asked = { ...wishOf(place, strategy), message: null }
    const result = await settle(api.preview(asked))
    if (mine !== turn) return
    if (!result.ok) {
      const { code, message } = result.refusal
      return store.setState({ preview: { kind: 'refused', code, message } })
    }
    const proposed = result.value.kind === 'clean' ? { proposed: result.value.message } : {}
    store.setState({ preview: { kind: 'ready', preview: result.value }, ...proposed })
  }

  return {
    store,
    look,
    conflicts: (place, strategy) => {
      const { resolutions: _, ...wish } = wishOf(place, strategy)
      return settle(api.conflicts(strategy === 'rebase' ? wishOf(place, strategy) : wish))
    },
    resolve: (place, strategy, resolutions) => {
      store.setState(({ resolutions: before }) => ({ resolutions: withResolutions(before, resolutions) }))
      return look(place, strategy)
    },
    write: (message) => store.setState({ message }),
    prepare: async (place, strategy) => {
      const result = await settle(api.prepare(wishOf(place, strategy)))
      if (!result.ok) return { refused: result.refusal.message }
      dropPrepared()
      prepared = result.value.id
      return { from: result.value.base, to: result.value.commit }
    },
    merge: async (place, strategy, deleteBranch) => {
      const { preview, isMerging } = store.getState()
      if (isMerging || preview.kind !== 'ready' || preview.preview.kind !== 'clean')
        return { refused: 'There is no result to merge yet.' }
      store.setState({ isMerging: true })
      const wish = { ...wishOf(place, strategy), targetWas: preview.preview.base, deleteBranch }
      const result = await settle(api.merge(wish))
      store.setState(result.ok ? { isMerging: false, message: null } : { isMerging: false })
      if (result.ok) dropPrepared()
      await look(place, strategy)
      return result.ok ? { merge: result.value } : { refused: result.refusal.message }
    },
    undo: async (mergeId) => {
      const result = await settle(api.undo({ mergeId }))
      return result.ok ? null : result.refusal.message
    },
  }
}
