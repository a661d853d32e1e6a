import { describe, expect, it } from 'vitest'
import type { Ask } from '../../shared/contract/asks.ts'
import { createStores } from '../data/stores.ts'
import { askIdAt, askRow, sessionIdAt, sessionRow } from '../dev/fixtures.ts'
import { coolDownMs, startNotifier } from './notifier.ts'

const permission = {
  kind: 'permission',
  toolName: 'Bash',
  subject: 'ls',
  description: null,
  edit: null,
  wider: [],
} satisfies Ask['detail']
const gone = { kind: 'gone', why: 'The agent ended.', at: 1 } as const
const answered = { kind: 'answered', by: 'app', answer: 'allow', at: 1 } as const

const createSetting = () => {
  const stores = createStores()
  stores.sessions.put([sessionRow(1, 'One'), sessionRow(2, 'Two')])
  const notes: { title: string; body: string }[] = []
  const takenAway: string[] = []
  const world = { now: 0, mayNotify: true }
  const rowOf = (n: number, session: number, subject = `command ${n}`) =>
    askRow(n, sessionIdAt(session), { ...permission, subject }, 0)
  const open = (n: number, session: number, subject?: string) => stores.asks.put([rowOf(n, session, subject)])
  const end = (n: number, session: number, state: Ask['state'], subject?: string) =>
    stores.asks.put([{ ...rowOf(n, session, subject), state }])
  const begin = () =>
    startNotifier({
      stores,
      now: () => world.now,
      mayNotify: () => world.mayNotify,
      notify: ({ title, body, askId }) => {
        notes.push({ title, body })
        return () => void takenAway.push(askId)
      },
    })
  return { notes, takenAway, world, open, end, begin }
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

  it('tells of every new question at once, of whichever session', () => {
    const { notes, open, end, begin } = createSetting()
    begin()
    open(1, 1)
    open(2, 2)
    open(3, 1)
    end(3, 1, answered)
    open(4, 1)
    expect(notes.map((note) => note.title)).toEqual(['One', 'Two', 'One', 'One'])
  })

  it('tells once within the cool-down of what is asked again because the agent was interrupted', () => {
    const { notes, world, open, end, begin } = createSetting()
    begin()
    open(1, 1, 'npm test')
    end(1, 1, gone, 'npm test')
    world.now = coolDownMs - 1
    open(2, 1, 'npm test')
    expect(notes).toHaveLength(1)
    open(3, 2, 'npm test')
    expect(notes).toHaveLength(2)
    end(2, 1, gone, 'npm test')
    world.now = coolDownMs
    open(4, 1, 'npm test')
    expect(notes).toHaveLength(3)
  })

  it('tells again of what was answered and is asked once more', () => {
    const { notes, open, end, begin } = createSetting()
    begin()
    open(1, 1, 'npm test')
    end(1, 1, answered, 'npm test')
    open(2, 1, 'npm test')
    expect(notes).toHaveLength(2)
  })

  it('takes a note away when its question is over, and no other', () => {
    const { takenAway, open, end, begin } = createSetting()
    begin()
    open(1, 1)
    open(2, 2)
    end(1, 1, answered)
    expect(takenAway).toEqual([askIdAt(1)])
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
