import './needs-you-screen.css'
import { BellOff } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { moveBetweenRows } from '../../lib/roving.ts'
import { testId } from '../../lib/test-ids.ts'
import { Button } from '../../ui/button.tsx'
import { Count, EmptyState } from '../../ui/bits.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { AskRow } from './ask-row.tsx'
import type { NeedsYouEntry } from './needs-you-entries.ts'
import { SessionEntryRow } from './session-entry-row.tsx'
import { useNeedsYou } from './use-needs-you.ts'

interface NeedsYouScreenProps {
  readonly selectedKey: string | null
  /** Counts up when a key press, not a click, chose the entry: then the focus follows. */
  readonly focusRequest: number
  readonly nextKeys: string | undefined
  readonly onSelect: (key: string) => void
  readonly onGoToTerminal: (sessionId: SessionId) => void
  readonly onOpenTerminals: () => void
  /** Beneath the list: the offer of notifications. */
  readonly footer: ReactNode
}

/** Who waits, why and since when, oldest first; answered in place. */
export const NeedsYouScreen = (props: NeedsYouScreenProps) => {
  const { blocking, canWait } = useNeedsYou()
  const list = useRef<HTMLDivElement>(null)
  const entries = [...blocking, ...canWait]
  const selected = entries.find((entry) => entry.key === props.selectedKey) ?? entries[0]

  useEffect(() => {
    if (props.focusRequest > 0) list.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus()
  }, [props.focusRequest])

  const rows = (group: readonly NeedsYouEntry[], firstNumber: number) =>
    group.map((entry, index) => {
      const shared = {
        order: firstNumber + index,
        isSelected: entry.key === selected?.key,
        onSelect: () => props.onSelect(entry.key),
        onGoToTerminal: () => props.onGoToTerminal(entry.sessionId),
      }
      return entry.kind === 'ask' ? (
        <AskRow key={entry.key} id={entry.askId} {...shared} />
      ) : (
        <SessionEntryRow key={entry.key} entry={entry} {...shared} />
      )
    })

  return (
    <section className="needs-you column grow" aria-label="Needs you" data-region data-testid={testId.needsYou}>
      <header className="needs-you-bar">
        <h2>Needs you</h2>
        <Count value={blocking.length} isAmber={blocking.length > 0} />
        <span className="spacer" />
        {props.nextKeys === undefined || blocking.length === 0 ? null : (
          <span className="row text-12 text-faint">
            <Kbd keys={props.nextKeys} /> next
          </span>
        )}
      </header>
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions -- arrows move between the rows inside */}
      <div
        ref={list}
        className="column grow scroll"
        onKeyDown={(event) => {
          if (list.current !== null) moveBetweenRows(event, list.current, '[data-entry-row]')
        }}
      >
        {entries.length === 0 ? (
          <div className="needs-you-empty">
            <EmptyState
              icon={BellOff}
              title="Nobody needs you"
              actions={<Button onClick={props.onOpenTerminals}>Go to terminals</Button>}
            >
              Permissions, questions and plans of your agents appear here, oldest first.
            </EmptyState>
          </div>
        ) : null}
        <Group title="Blocks an agent">{rows(blocking, 1)}</Group>
        <Group title="Can wait">{rows(canWait, blocking.length + 1)}</Group>
      </div>
      {props.footer}
    </section>
  )
}

const Group = ({ title, children }: { readonly title: string; readonly children: readonly ReactNode[] }) =>
  children.length === 0 ? null : (
    <section aria-label={title}>
      <h3 className="needs-you-group">{title}</h3>
      <ol>{children}</ol>
    </section>
  )
