import { createRequire } from 'node:module'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { queryObjects } from 'node:v8'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ulid } from 'ulid'
import type { TerminalId } from '../../shared/lib/ids.ts'
import type { HostEvent } from '../../shared/pty-protocol/messages.ts'
import type { SavedScreen } from '../../shared/pty-protocol/terminals.ts'
import type { TerminalFrame } from '../../shared/terminal/frames.ts'
import { createParseScheduler } from './parse-scheduler.ts'
import { createTerminals, type Terminals } from './terminals.ts'
import { createViewers, type Viewers } from './viewers.ts'

const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as { Terminal: new () => object }

let folder: string
let terminals: Terminals
let viewers: Viewers
let events: HostEvent[]
let errors: unknown[]
let frames: TerminalFrame[]
let heard: () => void
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-rest-'))
  events = []
  errors = []
  frames = []
  heard = () => undefined
  const now = () => performance.now()
  viewers = createViewers({
    send: (_channel, frame) => frames.push(frame),
    now,
    unwatched: (id) => terminals.unwatched(id),
  })
  terminals = createTerminals({
    dataDir: folder,
    scheduler: createParseScheduler({ now, hasFocus: viewers.hasFocus }),
    viewers,
    emit: (event) => {
      events.push(event)
      heard()
    },
    now: Date.now,
    onError: (error) => errors.push(error),
  })
})
afterEach(async () => {
  await terminals.stopAll(0)
  terminals.dispose()
  rmSync(folder, { recursive: true, force: true })
})

/** Collects the garbage, and counts what is left. */
const liveScreens = () => queryObjects(Terminal, { format: 'count' })

const start = async (script: string) => {
  const terminalId = `trm_${ulid()}` as TerminalId
  const env = { PATH: process.env['PATH'] ?? '' }
  const argv = ['/bin/sh', '-c', script]
  const started = await terminals.start({ terminalId, argv, cwd: folder, env, cols: 80, rows: 24, scrollbackRows: 500 })
  expect(started.ok).toBe(true)
  return terminalId
}
const whenExited = async (terminalId: TerminalId) => {
  while (!events.some((event) => event.kind === 'exited' && event.terminalId === terminalId))
    await new Promise<void>((resolve) => (heard = resolve))
  // Whatever follows from its end follows at once.
  await new Promise((resolve) => setImmediate(resolve))
}
const attach = (terminalId: TerminalId, viewerId = 'viewer') => {
  const terminal = terminals.get(terminalId)
  if (!terminal) throw new Error('There is no such terminal.')
  frames.length = 0
  viewers.attach({ viewerId, windowId: 'window', terminalId, channel: 1 }, terminal.view)
  return frames
}
const saved = (terminalId: TerminalId) =>
  JSON.parse(readFileSync(join(folder, 'terminals', `${terminalId}.json`), 'utf8')) as SavedScreen
const lastWords =
  'i=0; while [ $i -lt 200 ]; do echo "line $i"; i=$((i+1)); done; printf "\\033]2;a title\\007last words"; exit 3'

describe('a terminal whose program has ended', () => {
  it('keeps no screen in memory when nobody looks at it', async () => {
    const alive = await start('echo up; read end')
    const ended = await Promise.all(Array.from({ length: 4 }, () => start(lastWords)))
    for (const id of ended) await whenExited(id)
    expect(liveScreens()).toBe(1)
    expect(terminals.list().map(({ terminalId, runtime }) => [terminalId, runtime.kind])).toEqual([
      [alive, 'alive'],
      ...ended.map((id) => [id, 'exited']),
    ])
    expect(terminals.list()[1]).toMatchObject({ title: 'a title', cols: 80, rows: 24 })
    expect(terminals.list()[1]?.outputUnits).toBeGreaterThan(1000)
  })

  it('is shown from what was saved of it, whole, for as long as somebody looks', async () => {
    const id = await start(lastWords)
    await whenExited(id)
    const [snapshot, exited] = attach(id)
    expect(snapshot).toMatchObject({ kind: 'snapshot', cols: 80, rows: 24 })
    expect(exited).toEqual({ kind: 'exited', code: 3, signal: null })
    const text = snapshot?.kind === 'snapshot' ? snapshot.text : ''
    expect(text).toContain('last words')
    expect(text).toContain('line 120')
    const { view } = terminals.get(id) ?? {}
    expect(view?.historyRows()).toBeGreaterThan(150)
    expect(view?.snapshot(Infinity).text).toBe(saved(id).text)
    expect(liveScreens()).toBe(1)
    viewers.detach('viewer')
    expect(liveScreens()).toBe(0)
    // It was told once that it has this title.
    expect(events.filter(({ kind }) => kind === 'title')).toHaveLength(1)
  })

  it('is read as text without being kept', async () => {
    const id = await start(lastWords)
    await whenExited(id)
    const text = terminals.get(id)?.plainText() ?? ''
    expect(text.split('\n')[0]).toBe('line 0')
    expect(text.endsWith('last words')).toBe(true)
    expect(terminals.get(id)?.tail()).toContain('last words')
    expect(liveScreens()).toBe(0)
  })

  it('that somebody watched to its end keeps its screen until they leave, and the size they gave it', async () => {
    const id = await start('printf shown; read end')
    attach(id)
    attach(id, 'second')
    terminals.get(id)?.write('w', 0, '\n')
    await whenExited(id)
    expect(liveScreens()).toBe(1)
    terminals.get(id)?.resize(40, 10)
    viewers.detach('viewer')
    expect(liveScreens()).toBe(1)
    viewers.detach('second')
    expect(liveScreens()).toBe(0)
    expect(saved(id)).toMatchObject({ cols: 40, rows: 10, runtime: { kind: 'exited' } })
    expect(attach(id)[0]).toMatchObject({ kind: 'snapshot', cols: 40, rows: 10 })
    // The connection is gone, and every view with it.
    viewers.clear()
    expect(liveScreens()).toBe(0)
  })

  it('is not resized when nobody looks, and is forgotten like any other', async () => {
    const id = await start(lastWords)
    await whenExited(id)
    terminals.get(id)?.resize(40, 10)
    expect(liveScreens()).toBe(0)
    expect(terminals.list()).toMatchObject([{ cols: 80, rows: 24 }])
    expect(terminals.forget(id)).toBe(true)
    expect(readdirSync(join(folder, 'terminals'))).toEqual([])
  })

  it('keeps its screen when it cannot be saved, and tells why', async () => {
    const id = await start('printf shown; read end')
    rmSync(join(folder, 'terminals'), { recursive: true })
    terminals.get(id)?.write('w', 0, '\n')
    await whenExited(id)
    expect(liveScreens()).toBe(1)
    expect(String(errors[0])).toContain('ENOENT')
    expect(terminals.get(id)?.plainText()).toContain('shown')
  })
})
