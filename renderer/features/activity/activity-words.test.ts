import { describe, expect, it } from 'vitest'
import type { ActivityEntry } from '../../../shared/contract/activity.ts'
import { projectIdAt, sessionIdAt } from '../../dev/fixtures.ts'
import { taskIdAt } from '../../dev/task-fixtures.ts'
import { emptyFilter, isFiltering, parseFilter, questionOf } from './activity-filter.ts'
import { clockText, dayText, logItems, splitAtLabel, untilText } from './log-items.ts'

const day = 24 * 60 * 60 * 1000
const noon = new Date(2026, 10, 21, 12, 0, 0).getTime()
const entry = (seq: number, at: number) => ({ seq, at }) as ActivityEntry

describe('the lines of the list', () => {
  it('stand under their day', () => {
    const items = logItems(
      [entry(4, noon), entry(3, noon - 1000), entry(2, noon - day), entry(1, noon - 30 * day)],
      noon,
    )
    expect(items.map((item) => (item.kind === 'day' ? item.text : item.entry.seq))).toEqual([
      'Today, 21 November',
      4,
      3,
      'Yesterday, 20 November',
      2,
      '22 October 2026',
      1,
    ])
    expect(new Set(items.map(({ key }) => key)).size).toBe(items.length)
    expect(logItems([], noon)).toEqual([])
  })

  it('keep their key when newer ones come and when the day is over', () => {
    const keys = (now: number, ...seqs: number[]) =>
      logItems(
        seqs.map((seq) => entry(seq, noon)),
        now,
      ).map(({ key }) => key)
    expect(keys(noon, 1)).toEqual(keys(noon + day, 1))
    expect(keys(noon, 2, 1).filter((key) => key !== '2')).toEqual(keys(noon, 1))
  })

  it('say days and times as people do', () => {
    expect(dayText(noon, noon)).toBe('Today, 21 November')
    expect(dayText(noon - 400 * day, noon)).toMatch(/2025$/)
    expect(clockText(noon)).toBe('12:00:00')
    expect(untilText(noon + 60_000, noon)).toBe('12:01')
    expect(untilText(noon + day, noon)).toBe('22 November, 12:00')
  })

  it('lead where their label stands', () => {
    expect(splitAtLabel('took up APP-1 “Dates” now', 'APP-1 “Dates”')).toEqual(['took up ', 'APP-1 “Dates”', ' now'])
    expect(splitAtLabel('took it up', 'APP-1')).toBeNull()
    expect(splitAtLabel('took it up', '')).toBeNull()
  })
})

describe('the filter', () => {
  it('is what was stored, as far as that is still understood', () => {
    expect(parseFilter(null)).toEqual(emptyFilter)
    expect(parseFilter('x')).toEqual(emptyFilter)
    const stored = { ...emptyFilter, text: 'a', groups: ['mail'], about: { kind: 'session', id: sessionIdAt(1) } }
    expect(parseFilter(stored)).toEqual(stored)
    expect(parseFilter({ ...stored, groups: ['gone'], about: { kind: 'x' } })).toEqual({
      ...stored,
      groups: [],
      about: null,
    })
  })

  it('asks for one session or task in whatever project it is', () => {
    const projectId = projectIdAt(1)
    expect(questionOf({ ...emptyFilter, projectId })).toMatchObject({ projectId, sessionId: null, taskId: null })
    const session = questionOf({ ...emptyFilter, projectId, about: { kind: 'session', id: sessionIdAt(2) } })
    expect(session).toMatchObject({ projectId: null, sessionId: sessionIdAt(2), taskId: null })
    const task = questionOf({ ...emptyFilter, about: { kind: 'task', id: taskIdAt(2) } })
    expect(task).toMatchObject({ sessionId: null, taskId: taskIdAt(2) })
    expect(task).not.toHaveProperty('about')
  })

  it('counts as one in every part but the project', () => {
    expect(isFiltering({ ...emptyFilter, projectId: projectIdAt(1) })).toBe(false)
    expect(isFiltering({ ...emptyFilter, text: ' ' })).toBe(false)
    for (const part of [
      { text: 'a' },
      { groups: ['mail' as const] },
      { actors: ['person' as const] },
      { about: { kind: 'session' as const, id: sessionIdAt(1) } },
    ])
      expect(isFiltering({ ...emptyFilter, ...part }), JSON.stringify(part)).toBe(true)
  })
})
