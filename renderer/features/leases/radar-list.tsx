import { MailPlus, Radar, TriangleAlert } from 'lucide-react'
import { useMemo, type KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Overlap, OverlapKind } from '../../../shared/contract/radar.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useOverlapIds } from '../../data/radar.ts'
import { useSessionValue } from '../../data/sessions.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { Age } from '../../ui/age.tsx'
import { Count, EmptyState, Tag } from '../../ui/bits.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { hunksText, overlapWords } from './lease-words.ts'
import { radarRows, type OverlapPair, type RadarRow } from './radar-rows.ts'
import { SessionLink } from './session-link.tsx'
import { SightList } from './sight-list.tsx'

export interface RadarListProps {
  readonly onGoToSession: (id: SessionId) => void
  /** Begins a message to both. */
  readonly onWrite: (pair: OverlapPair) => void
}

const usualHeight = 52

/** Sessions that changed the same files, the worst first. */
export const RadarList = ({ onGoToSession, onWrite }: RadarListProps) => {
  const ids = useOverlapIds(null)
  const overlaps = useStore(
    useData().stores.overlaps.store,
    useShallow((rows) => ids.flatMap((id) => rows.byId.get(id) ?? [])),
  )
  const rows = useMemo(() => radarRows(overlaps), [overlaps])
  const onKey = ({ pair }: RadarRow, event: KeyboardEvent) => {
    if (event.key === 'Enter') onGoToSession(pair.sessionIds[event.shiftKey ? 1 : 0])
    else if (event.key === 'a') onWrite(pair)
    else return
    event.preventDefault()
  }
  return (
    <section className="leases-part" aria-label="Radar">
      <header className="leases-bar">
        <h2>Radar</h2>
        <Count value={overlaps.length} isAmber={overlaps.some(({ kind }) => kind === 'predicted-conflict')} />
      </header>
      {rows.length === 0 ? (
        <div className="leases-empty">
          <EmptyState icon={Radar} title="Nobody is in another’s way">
            When two sessions change the same file, it appears here: with the lines, and whether a merge would conflict.
          </EmptyState>
        </div>
      ) : (
        <SightList
          label="Sessions that changed the same files"
          rows={rows}
          usualHeight={usualHeight}
          testId={testId.radarList}
          onKey={onKey}
          renderRow={(row) =>
            row.kind === 'pair' ? (
              <PairRow pair={row.pair} onGoToSession={onGoToSession} onWrite={() => onWrite(row.pair)} />
            ) : (
              <FileRow overlap={row.overlap} />
            )
          }
        />
      )}
    </section>
  )
}

interface PairRowProps {
  readonly pair: OverlapPair
  readonly onGoToSession: (id: SessionId) => void
  readonly onWrite: () => void
}

const PairRow = ({ pair, onGoToSession, onWrite }: PairRowProps) => {
  const [one, other] = pair.sessionIds
  return (
    <div className="pair-row" data-kind={pair.kind} data-testid={testId.radarPair}>
      <Icon of={TriangleAlert} size={14} />
      <SessionLink id={one} onGoToSession={onGoToSession} />
      <span className="text-faint">and</span>
      <SessionLink id={other} onGoToSession={onGoToSession} />
      <span className="spacer" />
      <IconButton icon={MailPlus} label="Write to both" keys="A" data-testid={testId.radarWrite} onClick={onWrite} />
    </div>
  )
}

const tones: Readonly<Record<OverlapKind, 'plain' | 'warn' | 'bad'>> = {
  'same-file': 'plain',
  'same-hunk': 'warn',
  'predicted-conflict': 'bad',
}

const FileRow = ({ overlap }: { readonly overlap: Overlap }) => (
  <div className="overlap-row" data-testid={testId.radarFile}>
    <div className="lease-line">
      <span className="mono cut">{visibleLine(overlap.path)}</span>
      <span className="spacer" />
      <Tag tone={tones[overlap.kind]}>{overlapWords[overlap.kind]}</Tag>
      <Age at={overlap.since} />
    </div>
    {overlap.sides.map((side) => (
      <div key={side.sessionId} className="overlap-side">
        <SideTitle id={side.sessionId} />: {hunksText(side.hunks)}
      </div>
    ))}
  </div>
)

const SideTitle = ({ id }: { readonly id: SessionId }) =>
  visibleLine(useSessionValue(id, (session) => session.title) ?? 'a session that is gone')
