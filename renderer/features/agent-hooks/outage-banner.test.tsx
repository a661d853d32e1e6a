import { describe, expect, it } from 'vitest'
import type { GuardOutage } from '../../../shared/contract/agent-hooks.ts'
import { outageRow } from '../../dev/fixture-activity.ts'
import { sessionIdAt } from '../../dev/fixtures.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { OutageBanner } from './outage-banner.tsx'

const draw = (change: Partial<GuardOutage> | null) => {
  const data = createMarkupData(true)
  if (change !== null) data.stores.outages.put([outageRow(1, change)])
  return renderMarkup(<OutageBanner sessionId={sessionIdAt(1)} />, data)
}

describe('the banner of unchecked edits', () => {
  it('says how many, since when, why, what to do, and which file was the last', () => {
    expect(wordsOf(draw({}))).toBe(
      '3 edits were not checked , the first 14 min ago : the guard did not answer in time. This goes when it does again. Compare src/routes.ts with what others lease. Dismiss',
    )
    expect(wordsOf(draw({ edits: 1, why: 'away' }))).toMatch(
      /^1 edit was not checked 14 min ago : Switchyard was closed\. Compare/,
    )
  })

  it('is not there without such edits, and goes when they were dismissed or the guard is back', () => {
    expect(draw(null)).toBe('')
    expect(draw({ edits: 0 })).toBe('')
  })

  it('shows a path that hides something as it is', () => {
    const markup = draw({ lastPath: 'src/\u202Est.a<b>' })
    expect(wordsOf(markup)).toContain('src/⟨U+202E⟩st.a<b>')
    expect(markup).not.toContain('<b>')
  })
})
