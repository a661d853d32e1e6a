import { describe, expect, it, vi } from 'vitest'
import { projectIdAt } from '../../dev/fixtures.ts'
import { overlapRow } from '../../dev/lease-fixtures.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { testId } from '../../lib/test-ids.ts'
import { SessionList } from './session-list.tsx'

describe('the mark of a session', () => {
  const draw = (kind: Parameters<typeof overlapRow>[3]) => {
    const data = createMarkupData()
    data.stores.overlaps.replace([overlapRow(1, 'a.ts', [2, 3], kind)])
    const list = (
      <SessionList
        projectId={projectIdAt(1)}
        projectName="ledger-api"
        selectedId={null}
        filter={{ text: '' }}
        onOpen={vi.fn()}
        onShellOpened={vi.fn()}
      />
    )
    return renderMarkup(list, data)
  }

  it('is there for two sessions that changed the same lines, in words too', () => {
    const markup = draw({ kind: 'same-hunk' })
    expect(markup.match(new RegExp(testId.sessionOverlap, 'g'))).toHaveLength(2)
    expect(wordsOf(markup)).toContain('changed the lines of another session')
    expect(wordsOf(draw({ kind: 'predicted-conflict' }))).toContain('would conflict with another session')
  })

  it('is not there for one that only shares a file', () => {
    expect(draw({ kind: 'same-file' })).not.toContain(testId.sessionOverlap)
  })
})
