import { describe, expect, it } from 'vitest'
import type { Ask } from '../../shared/contract/asks.ts'
import { createStores } from '../data/stores.ts'
import { askRow, sessionIdAt, sessionRow } from '../dev/fixtures.ts'
import { coolDownMs, startNotifier } from './notifier.ts'

const permission: Ask['detail'] = {
  kind: 'permission',
  toolName: 'Bash',
  subject: 'ls',
  description: null,
  edit: null,
  wider: [],
}

const createSetting = () => {
  const stores = createStores()
  stores.sessions.put([sessionRow(1, 'One'), sessionRow(2, 'Two')])
  const notes: { title: string; body: string }[] = []
  const world = { now: 0, mayNotify: true }
  const open = (n: number, session: number) => stores.asks.put([askRow(n, sessionIdAt(session), permission, 0)])
  const begin = () =>
    startNotifier({
      stores,
      now: () => world.now,
      mayNotify: () => world.mayNotify,
      notify: ({ title, body }) => notes.push({ title, body }),
    })
  return { stores, notes, world, open, begin }
}

describe('the notifier', () => {
  it('tells who needs the person and why', () => {
    const { notes, open, begin } = createSetting()
    begin()
    open(1, 1)
    expect(notes).toEqual([{ title: 'One', body: 'Permission to run a command' }])
  })

  it('says nothing of what was open before it began', () => {
    const { notes, open, begin } = createSetting()
    open(1, 1)
    begin()
    open(2, 2)
    expect(notes.map((note) => note.title)).toEqual(['Two'])
  })

  it('says nothing while the window has the focus or the person did not agree, and does not catch up later', () => {
    const { notes, world, open, begin } = createSetting()
    world.mayNotify = false
    begin()
    open(1, 1)
    world.mayNotify = true
    open(2, 2)
    expect(notes.map((note) => note.title)).toEqual(['Two'])
  })

  it('tells of one session once within the cool-down, and again after it', () => {
    const { notes, world, open, begin } = createSetting()
    begin()
    open(1, 1)
    world.now = coolDownMs - 1
    open(2, 1)
    expect(notes).toHaveLength(1)
    world.now = coolDownMs
    open(3, 1)
    expect(notes).toHaveLength(2)
  })

  it('does not tell of an ask again when its row is put again, and is silent once stopped', () => {
    const { notes, open, begin } = createSetting()
    const stop = begin()
    open(1, 1)
    open(1, 1)
    expect(notes).toHaveLength(1)
    stop()
    open(2, 2)
    expect(notes).toHaveLength(1)
  })
})
