import { ORPCError } from '@orpc/client'
import { describe, expect, it } from 'vitest'
import { settle } from './settle.ts'

const failing = (reason: unknown) => settle(Promise.reject(reason))

describe('settle', () => {
  it('gives what came', async () => {
    expect(await settle(Promise.resolve(3))).toEqual({ ok: true, value: 3 })
  })

  it('gives a declared refusal with its own words', async () => {
    const refusal = new ORPCError('BRANCH_EXISTS', { message: 'main is there already.' })
    expect(await failing(refusal)).toEqual({
      ok: false,
      refusal: { code: 'BRANCH_EXISTS', message: 'main is there already.' },
    })
  })

  it('says what is wrong with input that does not parse, in the words of the schema', async () => {
    const error = new ORPCError('BAD_REQUEST', {
      message: 'Input validation failed',
      data: { issues: [{ message: 'Give it a name.' }, { message: 'Too long.' }] },
    })
    expect(await failing(error)).toEqual({ ok: false, refusal: { code: 'INVALID', message: 'Give it a name.' } })
  })

  it('keeps the message of bad input that names no issue', async () => {
    const result = await failing(new ORPCError('BAD_REQUEST', { message: 'Not like this.' }))
    expect(result).toEqual({ ok: false, refusal: { code: 'INVALID', message: 'Not like this.' } })
  })

  it('takes anything else for a lost connection and says that nothing typed is lost', async () => {
    const result = await failing(new Error('Cannot send message, WebSocket is not open.'))
    expect(result).toMatchObject({ ok: false, refusal: { code: 'CONNECTION_LOST' } })
    expect(result.ok ? '' : result.refusal.message).toContain('Nothing you typed is lost')
  })

  it('names the log for a bug of ours instead of showing its internals', async () => {
    const result = await failing(new ORPCError('INTERNAL_SERVER_ERROR', { message: 'ENOENT /secret' }))
    expect(result.ok ? '' : result.refusal.message).not.toContain('secret')
    expect(result.ok ? '' : result.refusal.message).toContain('log')
  })
})
