import { Check, Undo2 } from 'lucide-react'
import { createContext, useContext, useMemo } from 'react'
import type { ReviewFile, ReviewListing } from '../../../shared/contract/review.ts'
import type { LineChoice, Staging, StagingVerb } from '../../../shared/contract/staging.ts'
import { describeStaging } from '../../../shared/event-lines/staging-words.ts'
import { replacementsOf } from '../../../shared/lib/replacements.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { patchKey, type PatchState } from '../../data/review.ts'
import { useStagingCalls } from '../../data/staging.ts'
import { useNotices } from '../../lib/notices.tsx'
import { useLatest } from '../../lib/use-latest.ts'
import type { Side } from './patch-hunks.ts'
import { useDesk, useReviewState } from './review-context.tsx'
import type { ReviewPlace } from './review-place.ts'
import { choiceOfHunk, choiceOfLines, countLines, partOf, verbsOf, whyNot, type Extent } from './staging-verbs.ts'

/** What a verb would be about now. */
export interface StagingTarget {
  readonly rawPath: string
  readonly extent: Extent
  readonly lines: LineChoice | null
  readonly count: number
}

export interface StagingDesk {
  /** Null when no file is shown. */
  readonly target: StagingTarget | null
  /** Of this file what is targeted in it, or all of it; without one of whatever is targeted. */
  readonly run: (verb: StagingVerb, rawPath?: string) => void
  readonly undoLast: () => void
}

const StagingContext = createContext<StagingDesk | null>(null)
export const StagingProvider = StagingContext
export const useStagingDesk = (): StagingDesk | null => useContext(StagingContext)

/** Lines of one side of a file; `head` is the end that moves. */
interface Picked {
  readonly rawPath: string
  readonly side: Side
  readonly anchor: number
  readonly head: number
}

interface StagingDeps {
  readonly files: readonly ReviewFile[]
  readonly byPath: ReadonlyMap<string, ReviewFile>
  readonly current: string | null
  readonly here: ReviewPlace | null
  readonly picked: Picked | null
  readonly onFile: (rawPath: string) => void
}

/** What is staged, discarded and so on from here, and how it is taken back. */
export const useStaging = (deps: StagingDeps): StagingDesk => {
  const { review, worktreeId } = useDesk()
  const calls = useStagingCalls(worktreeId)
  const notices = useNotices()
  const latest = useLatest(deps)
  const { byPath, current, here, picked } = deps
  const patches = useReviewState((state) => state.patches)
  const whitespace = useReviewState((state) => state.whitespace)
  const target = useMemo(() => {
    const patchOf = (file: ReviewFile) => patches.get(patchKey(file, whitespace))
    return targetOf(patchOf, { byPath, current, here, picked })
  }, [patches, whitespace, byPath, current, here, picked])
  const latestTarget = useLatest(target)
  const actions = useMemo(() => {
    const undo = async ({ id }: Staging) => {
      const undone = await calls.undo(id)
      if (undone.ok) notices.show({ icon: Undo2, text: `Taken back: ${visibleLine(describeStaging(undone.value))}.` })
      else notices.refuse(undone.refusal.message)
      await review.read()
    }
    const act = async (verb: StagingVerb, file: ReviewFile, lines: LineChoice | null) => {
      const { view, whitespace: spaces } = review.store.getState()
      if (view.kind !== 'scope') return
      const wish = { verb, scope: view.scope, whitespace: spaces, parts: [partOf(file, lines)] }
      const before = latest.current
      const done = await calls.act(wish)
      await review.read()
      if (!done.ok) return notices.refuse(done.refusal.message)
      const text = `${sentence(visibleLine(describeStaging(done.value)))}.`
      notices.show({ icon: Check, text, action: { label: 'Undo', run: () => void undo(done.value) } })
      goOn(before, file, review.store.getState().listing)
    }
    const run: StagingDesk['run'] = (verb, rawPath) => {
      const aim = latestTarget.current
      const file = latest.current.byPath.get(rawPath ?? aim?.rawPath ?? '')
      if (file === undefined) return
      const { view } = review.store.getState()
      const isAimed = aim !== null && aim.rawPath === file.rawPath
      const extent = isAimed ? aim.extent : 'file'
      if (verbsOf(file, view, extent).includes(verb)) void act(verb, file, isAimed ? aim.lines : null)
      else notices.refuse(whyNot(file, view, verb, extent))
    }
    const undoLast = async () => {
      const last = await calls.findLast()
      if (!last.ok) return notices.refuse(last.refusal.message)
      if (last.value === undefined) return notices.refuse('There is nothing here that could be taken back.')
      await undo(last.value)
    }
    return { run, undoLast: () => void undoLast() }
  }, [calls, latest, latestTarget, notices, review])
  return useMemo(() => ({ target, ...actions }), [target, actions])
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Who goes through the files goes on with the next one when one is gone from what is shown. */
const goOn = ({ files, onFile }: StagingDeps, from: ReviewFile, listing: ReviewListing | null) => {
  const shown = new Set(listing?.files.map(({ rawPath }) => rawPath))
  if (shown.has(from.rawPath)) return
  const at = files.findIndex(({ rawPath }) => rawPath === from.rawPath)
  const isThere = ({ rawPath }: ReviewFile) => shown.has(rawPath)
  const next = files.slice(at + 1).find(isThere) ?? files.slice(0, at).findLast(isThere)
  if (next !== undefined) onFile(next.rawPath)
}

type PatchOf = (file: ReviewFile) => PatchState | undefined

const targetOf = (
  patchOf: PatchOf,
  { byPath, current, here, picked }: Pick<StagingDeps, 'byPath' | 'current' | 'here' | 'picked'>,
): StagingTarget | null => {
  const rawPath = picked?.rawPath ?? current
  const file = byPath.get(rawPath ?? '')
  if (file === undefined) return null
  const patch = patchOf(file)
  const replacements = patch?.kind === 'ready' ? replacementsOf(patch.patch) : []
  const aim = (extent: Extent, lines: LineChoice): StagingTarget | null =>
    countLines(lines) === 0 ? null : { rawPath: file.rawPath, extent, lines, count: countLines(lines) }
  const whole: StagingTarget = { rawPath: file.rawPath, extent: 'file', lines: null, count: 0 }
  if (picked !== null) {
    const [from, to] = [Math.min(picked.anchor, picked.head), Math.max(picked.anchor, picked.head)]
    return aim('lines', choiceOfLines(replacements, { side: picked.side, from, to })) ?? whole
  }
  if (here !== null && here.hunk >= 0) return aim('hunk', choiceOfHunk(replacements, here.hunk)) ?? whole
  return whole
}
