import { describe, expect, it } from 'vitest'
import { checkRow } from '../../dev/check-fixtures.ts'
import { beforeWhich, draftOf, emptyDraft, readDraft } from './check-form.ts'

const draft = { ...emptyDraft, name: 'unit', command: 'npm test' }

describe('a check as it is typed', () => {
  it('is read as it is meant', () => {
    expect(readDraft(draft)).toEqual({
      fields: { name: 'unit', command: 'npm test', timeLimitMs: 600_000, isGate: false },
    })
    const odd = { name: ' unit ', command: ' npm test ', minutes: ' 0,5 ', isGate: true }
    expect(readDraft(odd)).toEqual({ fields: { name: 'unit', command: 'npm test', timeLimitMs: 30_000, isGate: true } })
  })

  it.each([
    [{ name: ' ' }, { name: 'Give it a name.' }],
    [{ command: '' }, { command: 'Say what to run.' }],
    [{ minutes: 'ten' }, { minutes: 'Give a number of minutes.' }],
    [{ minutes: '' }, { minutes: 'Give a number of minutes.' }],
    [{ minutes: '0' }, { minutes: 'Give it at least a second.' }],
    [{ minutes: '2000' }, { minutes: 'Give it at most a day.' }],
    [
      { name: '', command: 'x'.repeat(4001) },
      { name: 'Give it a name.', command: 'Use at most 4,000 characters; put more in a script.' },
    ],
  ])('says what is wrong with %j', (change, problems) => {
    expect(readDraft({ ...draft, ...change })).toEqual({ problems })
  })

  it('is what is saved, typed again', () => {
    for (const timeLimitMs of [1000, 30_000, 600_000, 3_600_000]) {
      const check = checkRow(1, 'unit', { timeLimitMs, isGate: true })
      const read = readDraft(draftOf(check))
      expect('fields' in read && Math.abs(read.fields.timeLimitMs - timeLimitMs)).toBeLessThan(50)
    }
    expect(draftOf(checkRow(1, 'unit')).minutes).toBe('10')
  })
})

it('a check moves by one place, and not beyond the ends', () => {
  const checks = [checkRow(1, 'a'), checkRow(2, 'b'), checkRow(3, 'c')]
  const [a, , c] = checks.map(({ id }) => id)
  expect([0, 1, 2].map((at) => beforeWhich(checks, at, -1))).toEqual([undefined, a, checks[1]?.id])
  expect([0, 1, 2].map((at) => beforeWhich(checks, at, 1))).toEqual([c, null, undefined])
})
