import { describe, expect, it } from 'vitest'
import { projectIdAt } from '../../dev/fixtures.ts'
import { boardTasks, cardRow } from '../../dev/board-fixtures.ts'
import { emptyFilter, filterSchema, isFiltering, labelsOf, matchesFilter } from './task-filter.ts'
import { nextSort, sorted, usualSort, type TaskSort } from './task-sort.ts'

describe('the filter', () => {
  const task = cardRow(142, 'Retry webhooks with backoff', { labels: ['webhooks', 'Payments'], priority: 1 })
  const matches = (change: Partial<typeof emptyFilter>) => matchesFilter(task, { ...emptyFilter, ...change })

  it('shows everything while nothing is chosen', () => {
    expect(matchesFilter(task, emptyFilter)).toBe(true)
    expect(isFiltering(emptyFilter)).toBe(false)
    expect(isFiltering({ ...emptyFilter, text: '  ' })).toBe(false)
  })

  it.each([
    ['backoff', true],
    ['BACK retry', true],
    ['led-142', true],
    ['payments', true],
    ['retry never', false],
  ])('finds %j in key, title and labels, each word anywhere: %s', (text, found) => {
    expect(matches({ text })).toBe(found)
    expect(isFiltering({ ...emptyFilter, text })).toBe(true)
  })

  it('wants one of the chosen values of each part, and all parts at once', () => {
    expect(matches({ states: ['draft', 'open'] })).toBe(true)
    expect(matches({ states: ['draft'] })).toBe(false)
    expect(matches({ labels: ['webhooks', 'api'] })).toBe(true)
    expect(matches({ labels: ['api'] })).toBe(false)
    expect(matches({ priorities: [0, 1] })).toBe(true)
    expect(matches({ priorities: [2] })).toBe(false)
    expect(matches({ states: ['open'], labels: ['webhooks'], priorities: [3] })).toBe(false)
  })

  it('is read back as far as it can be read', () => {
    expect(filterSchema.parse({ text: 7, states: ['open', 'strange'], priorities: [9], labels: ['kept'] })).toEqual({
      ...emptyFilter,
      labels: ['kept'],
    })
  })

  it('offers the labels of the project, once each', () => {
    const other = cardRow(1, 'x', { projectId: projectIdAt(2), labels: ['elsewhere'] })
    expect(labelsOf([task, other, cardRow(2, 'y', { labels: ['webhooks', 'api'] })], projectIdAt(1))).toEqual([
      'api',
      'Payments',
      'webhooks',
    ])
  })
})

describe('the order of the list', () => {
  const keys = (sort: TaskSort, tasks = boardTasks) => sorted(tasks, sort).map(({ key }) => key)
  const some = [
    cardRow(10, 'b', { position: 3, priority: 2, state: 'done', changedAt: 1 }),
    cardRow(9, 'a', { position: 2, priority: 0, state: 'draft', changedAt: 3 }),
    cardRow(100, 'c', { position: 1, priority: 2, state: 'open', changedAt: 2 }),
  ]

  it.each([
    ['board', 'LED-9 LED-100 LED-10'],
    ['key', 'LED-9 LED-10 LED-100'],
    ['title', 'LED-9 LED-10 LED-100'],
    ['state', 'LED-9 LED-100 LED-10'],
    ['priority', 'LED-9 LED-100 LED-10'],
    ['changed', 'LED-9 LED-100 LED-10'],
  ] as const)('by %s', (by, expected) => {
    expect(keys({ by, isDown: false }, some).join(' ')).toBe(expected)
  })

  it('leaves equals in the order of the board, also the other way round', () => {
    expect(keys({ by: 'priority', isDown: true }, some)).toEqual(['LED-100', 'LED-10', 'LED-9'])
  })

  it('goes there, back, and then to the board again', () => {
    const once = nextSort(usualSort, 'title')
    expect(once).toEqual({ by: 'title', isDown: false })
    expect(nextSort(once, 'title')).toEqual({ by: 'title', isDown: true })
    expect(nextSort(nextSort(once, 'title'), 'title')).toEqual(usualSort)
    expect(nextSort(once, 'key')).toEqual({ by: 'key', isDown: false })
  })
})
