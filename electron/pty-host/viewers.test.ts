import { describe, expect, it } from 'vitest'
import type { TerminalId } from '../../shared/lib/ids.ts'
import type { TerminalFrame } from '../../shared/terminal/frames.ts'
import { createViewers } from './viewers.ts'
import type { ViewSource } from './viewer.ts'

const shell = 'trm_1' as TerminalId
const agent = 'trm_2' as TerminalId
const source: ViewSource = {
  snapshot: () => ({ kind: 'snapshot', offset: 0, cols: 80, rows: 24, text: 'screen' }),
  historyRows: () => 0,
  exited: () => null,
}

const createLab = () => {
  const sent: [number, TerminalFrame][] = []
  const unwatched: TerminalId[] = []
  const viewers = createViewers({
    send: (channel, frame) => sent.push([channel, frame]),
    now: () => 0,
    unwatched: (terminalId) => unwatched.push(terminalId),
  })
  let channel = 0
  const attach = (viewerId: string, windowId: string, terminalId = shell) =>
    viewers.attach({ viewerId, windowId, terminalId, channel: (channel += 1) }, source)
  return { viewers, attach, sent, unwatched }
}

describe('what a window has in front of it', () => {
  it('counts no longer once its last view is gone, as when it was closed', () => {
    const { viewers, attach } = createLab()
    attach('a', 'closed')
    attach('b', 'closed', agent)
    viewers.focus('closed', shell)
    viewers.detach('a')
    expect(viewers.isFocused(shell)).toBe(true)
    viewers.detach('b')
    expect([viewers.isFocused(shell), viewers.hasFocus()]).toEqual([false, false])
  })

  it('counts in each window by itself', () => {
    const { viewers, attach } = createLab()
    attach('a', 'left')
    attach('b', 'right', agent)
    viewers.focus('left', shell)
    viewers.focus('right', agent)
    viewers.detach('a')
    expect([viewers.isFocused(shell), viewers.isFocused(agent)]).toEqual([false, true])
  })

  it('is kept while a view is attached anew, and when it was told before the first view', () => {
    const { viewers, attach, sent } = createLab()
    viewers.focus('early', shell)
    attach('a', 'early')
    expect(viewers.isFocused(shell)).toBe(true)
    attach('a', 'early')
    expect(viewers.isFocused(shell)).toBe(true)
    expect(sent.map(([channel, { kind }]) => [channel, kind])).toEqual([
      [1, 'snapshot'],
      [2, 'snapshot'],
    ])
  })

  it('is nothing where a window without views says so', () => {
    const { viewers, attach } = createLab()
    attach('a', 'window')
    viewers.focus('window', shell)
    viewers.focus('window', null)
    expect(viewers.hasFocus()).toBe(false)
    viewers.detach('a')
    viewers.focus('window', null)
    expect(viewers.hasFocus()).toBe(false)
  })

  it('ends with a terminal that is forgotten', () => {
    const { viewers, attach } = createLab()
    attach('a', 'window')
    viewers.focus('window', shell)
    viewers.detachTerminal(shell)
    expect(viewers.hasFocus()).toBe(false)
  })
})

describe('a terminal', () => {
  it('is watched from its first view to its last, in whatever window, and the end of that is told once', () => {
    const { viewers, attach, unwatched } = createLab()
    expect(viewers.isWatched(shell)).toBe(false)
    attach('a', 'left')
    attach('b', 'right')
    viewers.detach('a')
    expect([viewers.isWatched(shell), unwatched]).toEqual([true, []])
    viewers.detach('b')
    viewers.detach('b')
    expect([viewers.isWatched(shell), unwatched]).toEqual([false, [shell]])
  })

  it('stays watched while a view is attached anew, and is left when that view turns to another', () => {
    const { viewers, attach, unwatched } = createLab()
    attach('a', 'window')
    attach('a', 'window')
    expect(unwatched).toEqual([])
    attach('a', 'other window', agent)
    expect([viewers.isWatched(agent), unwatched]).toEqual([true, [shell]])
  })

  it('is left with all others when the connection ends', () => {
    const { viewers, attach, unwatched } = createLab()
    attach('a', 'window')
    attach('b', 'window', agent)
    viewers.clear()
    expect(unwatched.toSorted()).toEqual([shell, agent])
    viewers.clear()
    expect(unwatched).toHaveLength(2)
  })
})
