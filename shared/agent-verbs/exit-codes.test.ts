import { describe, expect, it } from 'vitest'
import { exitCodeOf, exitCodes, httpStatusOf } from './exit-codes.ts'
import { idempotencyKeySchema, verbAnswerSchema } from './verb-answer.ts'

describe('the exit code of a refusal', () => {
  it.each([
    ['NOT_FOUND', 2],
    ['NOT_FOR_YOU', 2],
    ['NOT_YOURS', 2],
    ['PAUSED', 2],
    ['TERMINAL', 2],
    ['CYCLE', 2],
    ['INVALID', 2],
    ['OVERDUE', 2],
    ['ALREADY_CLAIMED', 3],
    ['NOTHING_READY', 3],
    ['HELD', 3],
    ['DEADLOCK', 3],
    ['STALE_REV', 3],
    ['STALE_EPOCH', 4],
    ['UNAVAILABLE', 5],
    ['UNKNOWN_VERB', 1],
    ['MALFORMED', 1],
  ])('%s is %i', (code, exit) => {
    expect(exitCodeOf(code)).toBe(exit)
  })

  it('is that of a rule for a code nobody named, also one of an object', () => {
    expect([exitCodeOf('SOMETHING_NEW'), exitCodeOf('toString'), exitCodeOf('')]).toEqual([2, 2, 2])
  })

  it('is never that of a success', () => {
    expect(Object.values(exitCodes).filter((code) => code === 0)).toHaveLength(1)
  })
})

describe('the HTTP status of a refusal', () => {
  it.each([
    ['INVALID', 422],
    ['NOT_FOUND', 404],
    ['UNKNOWN_VERB', 404],
    ['UNAVAILABLE', 503],
    ['INTERNAL', 500],
    ['STALE_EPOCH', 409],
    ['HELD', 409],
  ])('%s is %i', (code, status) => {
    expect(httpStatusOf(code)).toBe(status)
  })
})

describe('an answer', () => {
  it('is a value or a refusal that says what to do', () => {
    const refusal = { code: 'HELD', message: 'A has it. Wait for it.' }
    expect(verbAnswerSchema.safeParse({ ok: true, value: { seq: 1 } }).success).toBe(true)
    expect(verbAnswerSchema.safeParse({ ok: false, refusal }).success).toBe(true)
    expect(verbAnswerSchema.safeParse({ ok: true, refusal }).success).toBe(false)
    expect(verbAnswerSchema.safeParse({ ok: false, refusal: { code: 'HELD' } }).success).toBe(false)
  })

  it.each([
    ['01K8Z3N5', true],
    ['toolu_01-abc:2', true],
    ['short', false],
    ['x'.repeat(65), false],
    ['with space', false],
    ['line\nbreak', false],
  ])('to the key %j may be repeated: %s', (key, isKey) => {
    expect(idempotencyKeySchema.safeParse(key).success).toBe(isKey)
  })
})
