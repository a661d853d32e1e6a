import { describe, expect, it } from 'vitest'
import type { ActivityEntry } from '../../../shared/contract/activity.ts'
import { activityEntries } from '../../dev/fixture-activity.ts'
import { sessionIdAt } from '../../dev/fixtures.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { testId } from '../../lib/test-ids.ts'
import { ActivityList } from './activity-list.tsx'
import { createActivityLog, type LogState } from './activity-log.ts'
import { EntryCells } from './activity-row.tsx'
import { ActivityScreen } from './activity-screen.tsx'
import { activityGroupSchema } from '../../../shared/contract/activity.ts'

const follow = () => () => undefined
const never = () => new Promise<never>(() => undefined)
const state: LogState = {
  entries: activityEntries(),
  unseen: [],
  next: null,
  isArchived: false,
  phase: 'ready',
  problem: null,
}
const drawList = (change: Partial<LogState> = {}) =>
  renderMarkup(<ActivityList log={createActivityLog(never)} state={{ ...state, ...change }} follow={follow} />)
const drawEntry = (entry: Partial<ActivityEntry>, goes: boolean) =>
  renderMarkup(<EntryCells entry={{ ...state.entries[0]!, ...entry }} onFollow={goes ? () => undefined : null} />)

describe('the list of the log', () => {
  it('draws only what is in sight of hundreds of lines, under their days', () => {
    const markup = drawList()
    const drawn = markup.split(`data-testid="${testId.activityRow}"`).length - 1
    expect(drawn).toBeGreaterThan(8)
    expect(drawn).toBeLessThan(80)
    expect(Number(/aria-rowcount="(\d+)"/.exec(markup)?.[1])).toBeGreaterThan(state.entries.length)
    expect(wordsOf(markup)).toMatch(/^Today, /)
  })

  it('has one stop for Tab, the first line, and none on a heading', () => {
    const stops = drawList().match(/tabindex="0"/gi)
    expect(stops).toHaveLength(1)
  })

  it('says how many are new while somebody reads', () => {
    expect(drawList()).not.toContain(testId.activityNew)
    expect(wordsOf(drawList({ unseen: state.entries.slice(0, 3) }))).toContain('3 new')
  })
})

describe('a line of the log', () => {
  it('names its kind for those who do not see the icon', () => {
    for (const group of activityGroupSchema.options)
      expect(drawEntry({ group }, true)).toMatch(/role="img" aria-label="[A-Z]/)
  })

  it('leads from the name of what it is about, wherever that stands', () => {
    const object = { kind: 'session', id: sessionIdAt(1), label: 'Fix it' } as const
    const link = (entry: Partial<ActivityEntry>, goes = true) =>
      /<button[^>]*>([^<]*)<\/button>/.exec(drawEntry({ object, ...entry }, goes))?.[1] ?? null
    expect(link({ who: 'Fix it', what: 'ended' })).toBe('Fix it')
    expect(link({ who: 'You', what: 'stopped “Fix it” now' })).toBe('Fix it')
    expect(link({ who: 'You', what: 'did something' })).toBeNull()
    expect(link({ who: 'You', what: 'stopped “Fix it”' }, false)).toBeNull()
  })

  it('shows a text that looks like markup as text', () => {
    const markup = drawEntry({ who: 'You', what: 'wrote <img src=x> down', reason: '<b>why</b>', object: null }, false)
    expect(markup).not.toMatch(/<img|<b>/)
    expect(wordsOf(markup)).toContain('wrote <img src=x> down')
  })
})

describe('the screen of the log', () => {
  it('shows grey lines until the first answer is there', () => {
    const data = createMarkupData()
    const markup = renderMarkup(<ActivityScreen asked={null} onTaken={() => undefined} follow={follow} />, data)
    expect(markup).toContain(testId.activityLoading)
    expect(wordsOf(markup)).toContain('All projects')
  })

  it('keeps what was filtered for', () => {
    const data = createMarkupData()
    const filter = { projectId: null, groups: ['refusals'], actors: ['person'], text: '', about: null }
    data.stores.settings.put([{ key: 'layout:activity', value: filter }])
    const words = wordsOf(renderMarkup(<ActivityScreen asked={null} onTaken={() => undefined} follow={follow} />, data))
    expect(words).toContain('Refusals')
    expect(words).toContain('You')
  })
})
