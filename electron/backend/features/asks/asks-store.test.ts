import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Ask } from '../../../../shared/contract/asks.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { createTestKernel, type TestKernel } from '../../kernel/testing.ts'
import { closedAskKeptMs, dropClosedAsks, findAsk, listOpenAsks, putAsk } from './asks-store.ts'

let kernel: TestKernel
beforeEach(() => (kernel = createTestKernel()))
afterEach(() => kernel.close())

const put = async (state: Ask['state'], openedAt: number) => {
  const id = kernel.newId('ask')
  const ask: Ask = {
    id,
    sessionId: 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV' as SessionId,
    detail: { kind: 'terminal', what: 'Input needed' },
    canAnswerHere: false,
    evidence: { source: 'status-file', detail: 'waiting' },
    openedAt,
    state,
  }
  await kernel.runCommand({ name: 'test', by: systemIdentity }, async ({ tx }) =>
    ok(await putAsk(tx, { ask, call: null })),
  )
  return id
}

it('a closed ask is kept for a month after its end, and an open one as long as it is open', async () => {
  const open = await put({ kind: 'open' }, 1)
  const answered = await put({ kind: 'answered', by: 'app', answer: 'Allowed', at: 1000 }, 1)
  const gone = await put({ kind: 'gone', why: 'The agent ended.', at: 1001 }, 1)
  const drop = (now: number) =>
    kernel.runCommand({ name: 'test', by: systemIdentity }, async ({ tx }) => ok(await dropClosedAsks(tx, now)))
  const left = () =>
    kernel.database.read(async (tx) => {
      const found = await Promise.all([open, answered, gone].map((id) => findAsk(tx, id)))
      return found.map((ask) => ask !== undefined)
    })
  await drop(closedAskKeptMs + 1000)
  expect(await left()).toEqual([true, true, true])
  await drop(closedAskKeptMs + 1001)
  expect(await left()).toEqual([true, false, true])
  await drop(closedAskKeptMs * 100)
  expect(await left()).toEqual([true, false, false])
  expect((await kernel.database.read(listOpenAsks)).map(({ ask }) => ask.id)).toEqual([open])
})
