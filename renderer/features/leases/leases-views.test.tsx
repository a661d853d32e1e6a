import { describe, expect, it, vi } from 'vitest'
import { leaseIdAt } from '../../dev/coordination-fixtures.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import type { LeaseId } from '../../../shared/lib/ids.ts'
import { LeasesRoom } from './leases-room.tsx'

const roomAt = (marked: LeaseId | null) => (
  <LeasesRoom marked={marked === null ? null : { id: marked }} onGoToSession={vi.fn()} onWrite={vi.fn()} />
)
const room = roomAt(null)
const words = () => wordsOf(renderMarkup(room))

describe('the leases', () => {
  it('say who holds what, how, since when and until when', () => {
    expect(words()).toContain('src/settlement/** Refuses others 1 waits Split settlement worker')
    expect(words()).toContain('since 5 min ago , ends in 10 min unless it works on')
    expect(words()).toContain('port:5173 Refuses others Retry webhooks with backoff')
    expect(words()).toContain('docs/⟨U+202E⟩** Shared Shown only')
  })

  it('say who waits for what, beneath it or at the end', () => {
    expect(words()).toContain('Idempotency keys on transfers waits for src/settlement/batch.ts , asked 1 min ago')
    expect(words()).toMatch(/Flaky ledger balance test waits for src\/nobody\/has\/this\.ts/)
  })

  it('mark the one that a link led to, and say so when it has ended', () => {
    const data = createMarkupData()
    const [lease] = data.stores.leases.store.getState().byId.values()
    const markup = renderMarkup(roomAt(lease!.id), data)
    expect(markup.match(/data-marked/g)).toHaveLength(1)
    expect(markup).toMatch(new RegExp(`data-marked="true"[^>]*>\\s*<div[^>]*data-lease="${lease!.id}"`))
    expect(wordsOf(markup)).not.toContain('has ended')
    expect(wordsOf(renderMarkup(roomAt(leaseIdAt(999))))).toContain('The lease you came for has ended.')
    expect(renderMarkup(room)).not.toContain('data-marked')
  })

  it('and the radar say what appears there while there is nothing', () => {
    const empty = wordsOf(renderMarkup(room, createMarkupData(true)))
    expect(empty).toContain('Nothing is leased')
    expect(empty).toContain('Nobody is in another’s way')
  })
})

describe('the radar', () => {
  it('names both sessions, the worst first, with the files and the lines of each', () => {
    expect(words()).toMatch(
      /Idempotency keys on transfers and Split settlement worker src\/settlement\/batch\.ts Would conflict 1m Idempotency keys on transfers: lines 10–14 Split settlement worker: line 12 src\/routes\.ts Same lines/,
    )
    expect(words().indexOf('README.md')).toBeGreaterThan(words().indexOf('src/routes.ts'))
  })
})
