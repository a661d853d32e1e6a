import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isProcessAlive } from '../../adapters/processes.ts'
import { by, type AppOptions, type TestApp } from '../../testing/test-app.ts'
import { createYard, type Yard } from '../../testing/test-yard.ts'

let yard: Yard
beforeEach(() => {
  yard = createYard()
})
afterEach(() => yard.dispose())

describe('after a restart of the app', () => {
  it('an idle agent still runs, is listened to, and its state stands with its old evidence', async () => {
    const first = await yard.open()
    const { id } = await first.create()
    const before = await first.whenActivity(id, 'idle')
    await first.abandon()
    const second = await yard.open()
    const after = await second.session(id)
    expect(after).toMatchObject({ lifecycle: 'running', runtime: before.runtime, activity: before.activity })
    await second.type(id, 'hello\r')
    await second.whenActivity(id, 'needs-you')
    expect(yard.pty.started).toHaveLength(1)
  })

  it('an agent that waits asks again, and is answered here', async () => {
    const first = await yard.open()
    const { id } = await first.create({ prompt: 'Write it' })
    const asked = await first.whenAsked()
    await first.abandon()
    const second = await yard.open()
    const again = await second.until(async () => (await second.openAsks()).find((ask) => ask.canAnswerHere))
    expect(again.id).not.toBe(asked.id)
    expect(await second.session(id)).toMatchObject({ activity: { kind: 'needs-you' } })
    expect(await second.asks.answer(again.id, { kind: 'allow', widerId: '0' })).toMatchObject({ ok: true })
    const idle = await second.whenActivity(id, 'idle')
    expect(existsSync(join(second.folderOf(idle), 'switchyard-demo', 'NOTES.md'))).toBe(true)
    const [old] = await second.database.read((tx) =>
      tx.all<{ state: string }>('SELECT state FROM asks WHERE id = ?', asked.id),
    )
    expect(JSON.parse(old!.state)).toMatchObject({ kind: 'gone' })
  })

  it('an agent that ended meanwhile has its code', async () => {
    const first = await yard.open()
    const { id } = await first.create()
    const { terminalId } = await first.whenActivity(id, 'idle')
    await first.abandon()
    yard.pty.type(terminalId!, 'exit\r')
    await yard.pty.whenEnded(terminalId!)
    const second = await yard.open()
    const ended = await second.whenEnded(id)
    expect(ended).toMatchObject({ lifecycle: 'stopped', canResume: true, runtime: { code: 0, wasAsked: false } })
  })

  it('agents whose terminals are gone are lost, and can be resumed', async () => {
    const first = await yard.open()
    const { id } = await first.create({ prompt: 'First', permissionMode: 'acceptEdits' })
    await first.whenActivity(id, 'idle')
    await first.abandon()
    await yard.pty.die()
    const second = await yard.open()
    const lost = await second.when(id, (s) => s.runtime.kind === 'lost')
    expect(lost).toMatchObject({ lifecycle: 'stopped', canResume: true, isUnread: true })
    expect((await second.sessions.resume(id, by)).ok).toBe(true)
    await second.when(id, (s) => s.lifecycle === 'running')
    await second.until(async () => (await second.screen(id)).includes('Resumed. 1 turn so far'))
  })

  it('a token of before the end of its agent opens nothing', async () => {
    const first = await yard.open()
    const { id } = await first.create()
    await first.whenActivity(id, 'idle')
    const [row] = await first.database.read((tx) =>
      tx.all<{ token_hashes: string }>('SELECT token_hashes FROM incarnations'),
    )
    expect(JSON.parse(row!.token_hashes)).toHaveLength(1)
    await first.sessions.stop(id, by)
    await first.whenEnded(id)
    await first.sessions.resume(id, by)
    await first.whenActivity(id, 'idle')
    await first.abandon()
    const second = await yard.open()
    const hashes = await second.database.read((tx) =>
      tx.all<{ token_hashes: string }>('SELECT token_hashes FROM incarnations'),
    )
    expect(new Set(hashes.map((each) => each.token_hashes)).size).toBe(2)
    expect(await second.sessions.authenticate('0'.repeat(64))).toBeNull()
  })
})

/**
 * Lets an app vanish at its n-th call to the outside: before the call is made, or after it was made and before its answer
 * came. From then on nothing is answered any more, as after a kill.
 */
const mortal = (
  dieAt: number,
  isAfter: boolean,
): Pick<AppOptions, 'wrap'> & { count(): number; died: Promise<void> } => {
  let calls = 0
  let isDead = false
  const { promise: died, resolve: die } = Promise.withResolvers<void>()
  const never = new Promise<never>(() => undefined)
  const watched: Readonly<Record<string, readonly string[]>> = {
    kernel: ['runCommand'],
    worktrees: ['prepare', 'remove'],
    terminals: ['start', 'stop', 'remove'],
  }
  const wrap = <T extends object>(name: string, part: T): T =>
    new Proxy(part, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key)
        if (typeof value !== 'function' || !watched[name]?.includes(String(key))) return value
        return async (...args: unknown[]) => {
          if (isDead) return never
          calls += 1
          const isLast = calls === dieAt
          if (isLast && !isAfter) {
            isDead = true
            die()
            return never
          }
          const answer: unknown = await (value as (...all: unknown[]) => Promise<unknown>).apply(target, args)
          if (isLast) {
            isDead = true
            die()
          }
          return isDead ? never : answer
        }
      },
    })
  return { wrap, count: () => calls, died }
}

const liveRows = (app: TestApp) =>
  app.database.read((tx) => tx.all(`SELECT * FROM incarnations WHERE state IN ('starting', 'alive')`))
const processes = () => yard.pty.started.filter((id) => yard.pty.has(id) && isProcessAlive(yard.pty.pid(id)))

/** A session's whole life: created, worked, stopped, resumed, deleted. Gives up where the app vanishes. */
const life = async (app: TestApp, requestId: string) => {
  const { id } = await app.create({ requestId, prompt: 'First', permissionMode: 'acceptEdits' })
  await app.whenActivity(id, 'idle')
  await app.sessions.stop(id, by)
  await app.whenEnded(id)
  await app.sessions.resume(id, by)
  await app.whenActivity(id, 'idle')
  await app.sessions.delete(id, false, by)
}

const isLongMode = Boolean(process.env['SWITCHYARD_TEST_BOTH_SIDES'])

/**
 * Where to die in so many calls. The long mode dies at each. After a call is nearly before the next one: so strided, the usual
 * one meets each moment between two calls but every third.
 */
const pointsIn = (calls: number, isAfter: boolean): readonly number[] =>
  Array.from({ length: calls }, (_, index) => index + 1).filter(
    (point) => isLongMode || point % 3 === (isAfter ? 1 : 0),
  )

describe('killed at any point', () => {
  it.each([false, true])(
    'the app goes on from there: it happened once or not at all (answer lost: %s)',
    async (isAfter) => {
      const whole = mortal(Infinity, false)
      const all = await yard.open(whole)
      await life(all, 'request-whole')
      await all.close()
      const points = whole.count()
      expect(points).toBeGreaterThan(20)

      const met = pointsIn(points, isAfter)
      expect(met.length).toBeGreaterThanOrEqual(isLongMode ? points : Math.floor(points / 3))
      for (const point of met) {
        const dying = mortal(point, isAfter)
        const first = await yard.open(dying)
        const startedBefore = yard.pty.started.length
        const preparedBefore = yard.worktrees.prepared.length
        const requestId = `request-${String(isAfter)}-${point}`
        const story = life(first, requestId)
        story.catch(() => undefined)
        await Promise.race([dying.died, story])
        await first.abandon()

        const second = await yard.open()
        const { id } = await second.create({ requestId, prompt: 'First', permissionMode: 'acceptEdits' })
        // Whatever was under way comes to rest by itself.
        await second.until(async () => {
          const pending = await second.database.read((tx) => tx.all(`SELECT * FROM intents WHERE state = 'pending'`))
          const found = (await second.database.read(second.sessions.list)).find((each) => each.id === id)
          const isStill = !found || found.lifecycle === 'stopped' || found.activity.kind === 'idle'
          return pending.length === 0 && isStill
        })
        expect((await liveRows(second)).length).toBeLessThanOrEqual(1)
        expect(processes().length).toBe((await liveRows(second)).length)
        expect(yard.pty.started.length - startedBefore).toBeLessThanOrEqual(2)
        expect((await second.sessions.delete(id, false, by)).ok).toBe(true)
        expect(processes()).toEqual([])
        // One session, one worktree, however often it was asked for.
        expect(new Set(yard.worktrees.prepared.slice(preparedBefore)).size).toBe(1)
        await second.close()
      }
    },
    240_000,
  )
})
