import { describe, expect, it } from 'vitest'
import {
  askIdSchema,
  attemptIdSchema,
  checkIdSchema,
  checkpointIdSchema,
  checkRunIdSchema,
  commentIdSchema,
  incarnationIdSchema,
  intentIdSchema,
  leaseIdSchema,
  projectIdSchema,
  sessionIdSchema,
  taskIdSchema,
  terminalIdSchema,
  waiterIdSchema,
  threadIdSchema,
  messageIdSchema,
  deliveryIdSchema,
  mergeEntryIdSchema,
  worktreeIdSchema,
} from './ids.ts'
import { ok, refuse, valueOf } from './result.ts'
import { unreachable } from './unreachable.ts'

const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const schemas = {
  prj: projectIdSchema,
  wt: worktreeIdSchema,
  ses: sessionIdSchema,
  trm: terminalIdSchema,
  ask: askIdSchema,
  inc: incarnationIdSchema,
  int: intentIdSchema,
  tsk: taskIdSchema,
  att: attemptIdSchema,
  chk: checkpointIdSchema,
  chx: checkIdSchema,
  run: checkRunIdSchema,
  cmt: commentIdSchema,
  lse: leaseIdSchema,
  wtr: waiterIdSchema,
  thr: threadIdSchema,
  msg: messageIdSchema,
  dlv: deliveryIdSchema,
  mqe: mergeEntryIdSchema,
}

describe('an id', () => {
  it.each(Object.keys(schemas))('%s_ is taken for its own kind and for no other', (prefix) => {
    for (const [other, schema] of Object.entries(schemas))
      expect(schema.safeParse(`${prefix}_${ulid}`).success).toBe(other === prefix)
  })

  it.each([
    ['without its prefix', ulid],
    ['too short', `ses_${ulid.slice(1)}`],
    ['too long', `ses_${ulid}0`],
    ['in small letters', `ses_${ulid.toLowerCase()}`],
    ['with a letter no ULID has', `ses_${ulid.slice(0, 25)}I`],
    ['with a line after it', `ses_${ulid}\n`],
    ['with a path in it', `ses_../../../../../etc/passwd`],
    ['that is a number', 7],
  ])('%s is refused', (_name, id) => {
    expect(sessionIdSchema.safeParse(id).success).toBe(false)
  })

  it('says which kind was expected', () => {
    expect(sessionIdSchema.safeParse('x').error?.issues[0]?.message).toBe('Not a ses_ id.')
  })
})

describe('a result', () => {
  it('is a value or a refusal with code and message', () => {
    expect(ok([1])).toEqual({ ok: true, value: [1] })
    expect(refuse('BUSY', 'Stop it first.')).toEqual({
      ok: false,
      refusal: { code: 'BUSY', message: 'Stop it first.' },
    })
  })

  it('that cannot be a refusal gives its value, and breaks loudly when it is one after all', () => {
    expect(valueOf(ok('x'))).toBe('x')
    expect(() => valueOf(refuse('BUSY', 'Stop it first.') as never)).toThrow('Stop it first.')
  })
})

it('what cannot be reached names the value that reached it', () => {
  expect(() => unreachable({ kind: 'odd' } as never)).toThrow('{"kind":"odd"}')
})
