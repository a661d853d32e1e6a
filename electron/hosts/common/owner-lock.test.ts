import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askToShow, channelPathFor, serveControlChannel } from './control-channel.ts'
import { takeOwnerLock, type Owner } from './owner-lock.ts'
import { takeOrShow } from './second-start.ts'

let folder = ''
const children: ChildProcess[] = []
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'switchyard-owner-'))))
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Another process that takes the lock, says how that went, and then waits for ever. */
const startOther = async () => {
  const script = `
    import { takeOwnerLock } from ${JSON.stringify(join(import.meta.dirname, 'owner-lock.ts'))}
    const lock = takeOwnerLock(${JSON.stringify(folder)})
    if (lock.kind === 'owned') lock.announce({ kind: 'web', channel: '/nowhere' })
    process.stdout.write(lock.kind)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, said: said.toString() }
}

const end = async (child: ChildProcess) => {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

describe('the owner of a data folder', () => {
  test('is one process: the second is told who the first is', async () => {
    const first = await startOther()
    expect(first.said).toBe('owned')
    const second = takeOwnerLock(folder)
    expect(second).toMatchObject({ kind: 'taken', owner: { pid: first.child.pid, kind: 'web', channel: '/nowhere' } })
  })

  test('leaves nothing behind when it is killed: the next takes over at once', async () => {
    for (let round = 0; round < 5; round++) {
      const { child, said } = await startOther()
      expect(said).toBe('owned')
      await end(child)
    }
    const lock = takeOwnerLock(folder)
    expect(lock.kind).toBe('owned')
    if (lock.kind === 'owned') lock.release()
  })

  test('is one of many that start at the same moment', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, startOther))
    expect(all.map(({ said }) => said).sort()).toEqual(['owned', 'taken', 'taken', 'taken', 'taken', 'taken'])
  })

  test('a record that names a living process is no lock: numbers are used again', () => {
    writeFileSync(
      join(folder, 'owner.json'),
      JSON.stringify({ pid: process.pid, kind: 'web', channel: '/nowhere', startedAt: 1 }),
    )
    const lock = takeOwnerLock(folder)
    expect(lock.kind).toBe('owned')
    if (lock.kind === 'owned') lock.release()
  })

  test('a lock whose record is missing or damaged is still a lock', async () => {
    await startOther()
    writeFileSync(join(folder, 'owner.json'), '{"pid": "me"}')
    expect(takeOwnerLock(folder)).toEqual({ kind: 'taken', owner: null })
  })

  test('keeps its folder and its record private', () => {
    const lock = takeOwnerLock(folder)
    if (lock.kind === 'owned') lock.announce({ kind: 'desktop', channel: 'c' })
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'owner.json')).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'))).toMatchObject({ pid: process.pid })
    if (lock.kind === 'owned') lock.release()
  })
})

describe('"show yourself"', () => {
  const link = { kind: 'web' as const, url: 'http://127.0.0.1:7420/#code=abc-_123', problem: null }

  test('is answered by the first, over a socket that is private', async () => {
    const path = channelPathFor(folder)
    const channel = await serveControlChannel(path, () => link)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await askToShow(path, null)).toEqual(link)
    expect(await askToShow(path, null)).toEqual(link)
    await channel.close()
    expect(await askToShow(path, null)).toBeNull()
  })

  test('takes a repository along, and brings back what was wrong with it', async () => {
    const path = channelPathFor(folder)
    const asked: (string | null)[] = []
    const channel = await serveControlChannel(path, (project) => {
      asked.push(project)
      return { ...link, problem: project === null ? null : 'It is no repository.' }
    })
    expect(await askToShow(path, '/no "repo"')).toEqual({ ...link, problem: 'It is no repository.' })
    expect(await askToShow(path, null)).toEqual(link)
    expect(asked).toEqual(['/no "repo"', null])
    await channel.close()
  })

  test('finds its place although a killed one left its socket behind', async () => {
    const path = channelPathFor(folder)
    writeFileSync(path, '')
    const channel = await serveControlChannel(path, () => ({ kind: 'desktop', problem: null }))
    expect(await askToShow(path, null)).toEqual({ kind: 'desktop', problem: null })
    await channel.close()
  })

  test('a folder with a long name uses a short one', () => {
    const long = join(folder, 'x'.repeat(120))
    expect(Buffer.byteLength(channelPathFor(long))).toBeLessThanOrEqual(100)
    expect(channelPathFor(long)).toBe(channelPathFor(long))
    expect(channelPathFor(`${long}y`)).not.toBe(channelPathFor(long))
    rmSync(join(channelPathFor(long), '..'), { recursive: true })
    rmSync(join(channelPathFor(`${long}y`), '..'), { recursive: true })
  })

  test('an answer that is not ours is no answer: the link goes to a browser', async () => {
    for (const bad of ['http://evil.example/#code=a b', 'javascript:alert(1)', 'http://127.0.0.1:1/"><script>']) {
      const path = join(folder, 'bad.sock')
      const channel = await serveControlChannel(path, () => ({ kind: 'web', url: bad, problem: null }))
      expect(await askToShow(path, null)).toBeNull()
      await channel.close()
    }
  })

  const owner = { pid: 4711, kind: 'web', channel: 'c', startedAt: 1 } as const
  const taken = (by: Owner | null) => () => ({ kind: 'taken', owner: by }) as const
  /** A clock on which a second passes at each look, so that patience ends soon. */
  const fastClock = () => {
    let seconds = 0
    return () => ++seconds * 1000
  }

  test('the second start says what it found', async () => {
    const web = await takeOrShow(
      { dataDir: '/data', projectDir: null },
      { take: taken(owner), ask: async () => link, now: fastClock() },
    )
    expect(web).toEqual({ kind: 'shown', reply: link, text: 'Switchyard is already running on /data (process 4711).' })
    const ask = async () => ({ kind: 'desktop' as const, problem: null })
    const desktop = await takeOrShow(
      { dataDir: '/data', projectDir: null },
      { take: taken(owner), ask, now: fastClock() },
    )
    expect(desktop).toMatchObject({ text: expect.stringContaining('Its window was brought to the front.') as string })
  })

  test('a first that never answers is named, with what to do', async () => {
    const silent = await takeOrShow(
      { dataDir: '/data', projectDir: null },
      { take: taken(owner), ask: async () => null, now: fastClock() },
    )
    expect(silent).toMatchObject({ kind: 'silent', text: expect.stringContaining('End process 4711') as string })
    const nameless = await takeOrShow(
      { dataDir: '/data', projectDir: null },
      { take: taken(null), ask: async () => link, now: fastClock() },
    )
    expect(nameless).toMatchObject({ kind: 'silent', text: expect.stringContaining('--data DIR') as string })
  })

  test('a first that is only starting is waited for', async () => {
    const answers = [null, null, link]
    const start = await takeOrShow(
      { dataDir: '/data', projectDir: null },
      {
        take: taken(owner),
        ask: async () => answers.shift() ?? null,
        now: fastClock(),
      },
    )
    expect(start.kind).toBe('shown')
  })

  test('a first that ends meanwhile leaves the folder to the second', async () => {
    const free = takeOwnerLock(folder)
    const locks = [taken(owner)(), taken(owner)(), free]
    const take = () => locks.shift() ?? free
    expect(
      await takeOrShow({ dataDir: '/data', projectDir: null }, { take, ask: async () => null, now: fastClock() }),
    ).toEqual({
      kind: 'owner',
      lock: free,
    })
    if (free.kind === 'owned') free.release()
  })
})
