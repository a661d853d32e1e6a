import type { Forecast } from '../../../shared/contract/merge.ts'
import type { Overlap } from '../../../shared/contract/radar.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import type { MarkKind } from '../../ui/status-mark.tsx'

/** Another session whose work would be in the way of this one's, or is close to it. */
export interface Rival {
  readonly sessionId: SessionId
  readonly isConflict: boolean
  readonly files: readonly { readonly path: string; readonly hunks: number }[]
}

/** Those whose work would conflict first, then those that changed the same lines. */
export const rivalsOf = (overlaps: Iterable<Overlap>, sessionId: SessionId): readonly Rival[] => {
  const bySession = new Map<SessionId, Overlap[]>()
  for (const overlap of overlaps) {
    const [one, two] = overlap.sides
    if (overlap.kind === 'same-file' || (one.sessionId !== sessionId && two.sessionId !== sessionId)) continue
    const other = one.sessionId === sessionId ? two.sessionId : one.sessionId
    bySession.set(other, [...(bySession.get(other) ?? []), overlap])
  }
  return [...bySession]
    .map(([other, shared]): Rival => {
      const conflicts = shared.filter(({ kind }) => kind === 'predicted-conflict')
      const isConflict = conflicts.length > 0
      const files = (isConflict ? conflicts : shared)
        .map(({ path, sides }) => ({
          path,
          hunks: sides.find((side) => side.sessionId === sessionId)?.hunks.length ?? 0,
        }))
        .sort((a, b) => (a.path < b.path ? -1 : 1))
      return { sessionId: other, isConflict, files }
    })
    .sort((a, b) => Number(b.isConflict) - Number(a.isConflict) || (a.sessionId < b.sessionId ? -1 : 1))
}

export interface ForecastWords {
  readonly mark: MarkKind
  readonly text: string
  readonly paths: readonly string[]
}

/** What is to be expected of a merge into the target as it is now. */
export const forecastWords = (outcome: Forecast['outcome'], target: string): ForecastWords => {
  const into = visibleLine(target)
  switch (outcome.kind) {
    case 'clean':
      return { mark: 'passed', text: `Clean against ${into}`, paths: [] }
    case 'already-merged':
      return { mark: 'passed', text: `Nothing new for ${into}`, paths: [] }
    case 'conflicts':
      return { mark: 'needs-you', text: `Conflicts with ${into}`, paths: outcome.paths }
    case 'unrelated':
      return { mark: 'failed', text: `Shares no commit with ${into}`, paths: [] }
    default:
      return { mark: 'unknown', text: 'Its last commit is not there any more', paths: [] }
  }
}

/** A few of many, and how many more there are. */
export const fewOf = <Item>(items: readonly Item[], most = 4): readonly [readonly Item[], number] =>
  items.length <= most + 1 ? [items, 0] : [items.slice(0, most), items.length - most]
