import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ok } from '../../../shared/lib/result.ts'
import { sessionIdSchema } from '../../../shared/lib/ids.ts'
import { createClock, createNewId } from './clock.ts'
import { systemIdentity as by } from './identity.ts'
import { openKernel } from './open-kernel.ts'

const hourMs = 3_600_000
const start = 1_800_000_000_000
afterEach(() => vi.restoreAllMocks())

const createWall = () => {
  const wall = { at: start }
  return { wall, clock: createClock(() => wall.at) }
}

describe('the clock', () => {
  it('is that of the system', () => {
    const { wall, clock } = createWall()
    for (const stepMs of [0, 1, 1000, hourMs, 0]) {
      wall.at += stepMs
      expect(clock.now()).toBe(wall.at)
    }
  })

  it('never goes back, and goes on at half the speed until a clock that was set back has caught up', () => {
    const { wall, clock } = createWall()
    const before = clock.now()
    wall.at -= hourMs
    expect(clock.now()).toBe(before)
    for (let n = 1; n <= 10; n += 1) {
      wall.at += 1000
      expect(clock.now()).toBe(before + n * 500)
    }
    for (let n = 0; n < 2 * 3600; n += 1) {
      wall.at += 1000
      expect(clock.now()).toBeGreaterThanOrEqual(wall.at)
    }
    expect(clock.now()).toBe(wall.at)
  })

  it('adds nothing for a clock that is set back and right again, however often', () => {
    const { wall, clock } = createWall()
    const before = clock.now()
    for (let n = 0; n < 5; n += 1) {
      wall.at -= hourMs
      expect(clock.now()).toBe(before)
      wall.at += hourMs
      expect(clock.now()).toBe(before)
    }
  })

  it('begins after what was stored, unless that was written by a clock that was a day wrong', () => {
    expect(createClock(() => start, start + hourMs).now()).toBe(start + hourMs + 1)
    expect(createClock(() => start, start).now()).toBe(start + 1)
    expect(createClock(() => start, start - hourMs).now()).toBe(start)
    expect(createClock(() => start, start + 48 * hourMs).now()).toBe(start)
  })
})

describe('an id', () => {
  const makeAt = (times: readonly number[]) => {
    let at = 0
    const newId = createNewId({ now: () => at })
    return times.map((time) => {
      at = time
      return newId('ses')
    })
  }

  it('is like no other, also of another process at the same time, and sorts by when it was made', () => {
    const times = Array.from({ length: 2000 }, (_, n) => start + Math.floor(n / 2))
    const [ours, theirs] = [makeAt(times), makeAt(times)]
    expect(new Set([...ours, ...theirs]).size).toBe(4000)
    expect(ours).toEqual(ours.toSorted())
    expect(ours.filter((id) => !sessionIdSchema.safeParse(id).success)).toEqual([])
  })

  it('is as random in each of its places as its alphabet allows', () => {
    const tails = makeAt(Array.from({ length: 2000 }, (_, n) => start + n)).map((id) => id.slice(-16))
    for (let place = 0; place < 16; place += 1) expect(new Set(tails.map((tail) => tail[place])).size).toBe(32)
  })
})

it('keeps events and intents in the order in which they came, over a start after the clock was set back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-clock-'))
  const wall = vi.spyOn(Date, 'now')
  const intendAt = async (now: number, count: number) => {
    wall.mockReturnValue(now)
    const kernel = await openKernel(folder)
    for (let n = 0; n < count; n += 1)
      await kernel.runCommand({ name: 'test', by }, async ({ emit, intend }) => {
        await emit('settings.changed', 'draft:a', { key: 'draft:a', value: n })
        return ok(await intend({ kind: 'test', subject: 'a' }))
      })
    const rows = await kernel.database.read(async (tx) => ({
      times: await tx.all<{ at: number }>('SELECT at FROM events ORDER BY seq'),
      byId: await tx.all<{ at: number }>('SELECT rowid AS at FROM intents ORDER BY id'),
    }))
    await kernel.close()
    return { times: rows.times.map(({ at }) => at), byId: rows.byId.map(({ at }) => at) }
  }
  await intendAt(start, 2)
  const { times, byId } = await intendAt(start - hourMs, 2)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  // Intents of one subject are carried out in the order of their ids.
  expect(byId).toEqual([1, 2, 3, 4])
  rmSync(folder, { recursive: true, force: true })
})
