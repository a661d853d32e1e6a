import { expect, it } from 'vitest'
import type { TerminalSignal } from '../../../../shared/contract/terminals.ts'
import { createSignals } from './terminal-signals.ts'

const bell = (n: number): TerminalSignal => ({ kind: 'output', terminalId: 'trm_' as never, at: n })

it('reaches everybody who listens, in order', async () => {
  const { listen, send } = createSignals()
  const stop = new AbortController()
  const streams = [listen(stop.signal), listen(stop.signal)]
  const firsts = streams.map((stream) => stream.next())
  send(bell(1))
  send(bell(2))
  for (const first of firsts) expect((await first).value).toMatchObject({ at: 1 })
  for (const stream of streams) expect((await stream.next()).value).toMatchObject({ at: 2 })
  const ends = streams.map((stream) => stream.next())
  stop.abort()
  for (const end of ends) expect((await end).done).toBe(true)
})

it('keeps only the newest for a listener that does not read, and nothing for one that left', async () => {
  const { listen, send } = createSignals()
  const stream = listen(undefined)
  const first = stream.next()
  for (let n = 0; n < 5000; n += 1) send(bell(n))
  await first
  const kept = (await stream.next()).value
  expect(kept).toMatchObject({ at: expect.any(Number) })
  expect((kept as { at: number }).at).toBeGreaterThanOrEqual(4000 - 1)
  await stream.return()
  expect((await stream.next()).done).toBe(true)
})
