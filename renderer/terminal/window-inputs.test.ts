import { ORPCError } from '@orpc/client'
import { describe, expect, it } from 'vitest'
import type { ApiClient } from '../../shared/contract/api.ts'
import { terminalIdSchema } from '../../shared/lib/ids.ts'
import { createWindowInputs } from './window-inputs.ts'
import { nextTurn } from '../dev/next-turn.ts'

const one = terminalIdSchema.parse('trm_01ARZ3NDEKTSV4RRFFQ69G5FAV')
const two = terminalIdSchema.parse('trm_01ARZ3NDEKTSV4RRFFQ69G5FAW')

const createInputs = (write: (input: { readonly seq: number; readonly data: string }) => Promise<void>) => {
  const calls: unknown[] = []
  const refused: string[] = []
  const api = {
    terminals: {
      write: (input: { readonly seq: number; readonly data: string }) => {
        calls.push(input)
        return write(input)
      },
    },
  } as unknown as ApiClient
  const inputs = createWindowInputs(
    { data: { api }, notices: { refuse: (message) => void refused.push(message) } },
    'window-1',
    async () => {},
  )
  return { calls, refused, inputs }
}

describe('what is typed in a window', () => {
  it('is numbered for each terminal by itself, for as long as the window lives', async () => {
    const { calls, inputs } = createInputs(async () => {})
    inputs.of(one).push('a')
    inputs.of(two).push('b')
    await nextTurn()
    inputs.of(one).push('c')
    await nextTurn()
    const written = (terminalId: string, seq: number, data: string) => ({ terminalId, windowId: 'window-1', seq, data })
    expect(calls).toEqual([written(one, 0, 'a'), written(two, 0, 'b'), written(one, 1, 'c')])
  })

  it('is sent again when the connection broke, with its number', async () => {
    let tries = 0
    const { calls, refused, inputs } = createInputs(async () => {
      tries += 1
      if (tries < 3) throw new Error('The socket was closed.')
    })
    inputs.of(one).push('a')
    await nextTurn()
    expect(calls).toHaveLength(3)
    expect(new Set(calls.map((call) => JSON.stringify(call))).size).toBe(1)
    expect(refused).toEqual([])
  })

  it('is given up with a word to the person when the program is not there', async () => {
    const { calls, refused, inputs } = createInputs(async () => {
      throw new ORPCError('NOT_RUNNING', { message: 'The agent has ended. Resume it first.' })
    })
    inputs.of(one).push('a\r')
    inputs.of(one).push('b\r')
    await nextTurn()
    expect(calls).toHaveLength(1)
    expect(refused).toEqual(['The agent has ended. Resume it first.'])
  })

  it('is forgotten with its terminal', async () => {
    const { inputs } = createInputs(() => new Promise(() => {}))
    const queue = inputs.of(one)
    queue.push('a')
    queue.push('\r')
    inputs.drop(one)
    expect(queue.pendingUnits()).toBe(1)
    expect(inputs.of(one)).not.toBe(queue)
    inputs.dispose()
  })
})
