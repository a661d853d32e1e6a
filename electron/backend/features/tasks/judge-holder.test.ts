import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { Holder } from '../../../../shared/contract/task-rows.ts'
import { readBootId, readProcessStart } from '../../adapters/processes.ts'
import type { Liveness } from '../sessions/sessions-service.ts'
import { silentAfterMs } from './attempt-rules.ts'
import { judgeHolder } from './judge-holder.ts'
import { sessionHolder } from './testing/rows.ts'

const bootId = await readBootId()
const noSession = async (): Promise<Liveness> => ({ kind: 'gone', how: 'No session is asked for.', wasAsked: false })
const silent = { bootId, lastOutputAt: async () => null, now: () => 1_000_000 }
const judge = (holder: Holder) => judgeHolder(holder, { ...silent, livenessOf: noSession })

describe('a worker process', () => {
  const holderOf = async (pid: number): Promise<Extract<Holder, { kind: 'process' }>> => {
    const startTime = await readProcessStart(pid)
    if (startTime === null) throw new Error('It did not start.')
    return { kind: 'process', pid, startTime, bootId, label: 'worker' }
  }

  it('is at work while it lives, and dead when it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
    await once(child, 'spawn')
    const holder = await holderOf(child.pid!)
    expect(await judge(holder)).toEqual({ kind: 'alive-active' })
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(await judge(holder)).toEqual({
      kind: 'dead',
      how: `Its process (worker, ${child.pid}) ended.`,
      wasAsked: false,
    })
  })

  it('is not another one that has its number now, nor one of another boot', async () => {
    const own = await holderOf(process.pid)
    expect((await judge(own)).kind).toBe('alive-active')
    expect((await judge({ ...own, startTime: '1' })).kind).toBe('dead')
    expect((await judge({ ...own, bootId: 'another' })).kind).toBe('dead')
  })
})

describe('a session', () => {
  it.each<[Liveness, string]>([
    [{ kind: 'alive', activity: 'working' }, 'alive-active'],
    [{ kind: 'alive', activity: 'needs-you' }, 'alive-active'],
    [{ kind: 'alive', activity: 'idle' }, 'alive-silent'],
    [{ kind: 'alive', activity: 'unknown' }, 'alive-silent'],
    [{ kind: 'gone', how: 'x', wasAsked: true }, 'dead'],
  ])('%j is %s', async (liveness, expected) => {
    const verdict = await judgeHolder(sessionHolder(1), { ...silent, livenessOf: async () => liveness })
    expect(verdict.kind).toBe(expected)
    if (liveness.kind === 'gone') expect(verdict).toMatchObject({ how: 'x', wasAsked: true })
  })

  it.each([
    ['goes on', 1_000_000 - silentAfterMs + 1, 'alive-active'],
    ['went on too long ago', 1_000_000 - silentAfterMs, 'alive-silent'],
  ])('that says nothing of itself and whose terminal %s', async (_name, shownAt, expected) => {
    const livenessOf = async (): Promise<Liveness> => ({ kind: 'alive', activity: 'unknown' })
    const judged = judgeHolder(sessionHolder(1), { ...silent, livenessOf, lastOutputAt: async () => shownAt })
    expect((await judged).kind).toBe(expected)
  })
})
