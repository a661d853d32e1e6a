import { describe, expect, it } from 'vitest'
import type { ApiClient } from '../../shared/contract/api.ts'
import { terminalIdSchema } from '../../shared/lib/ids.ts'
import { createShownScreens, createWindowFocus } from './window-attention.ts'
import { nextTurn } from '../dev/next-turn.ts'

const one = terminalIdSchema.parse('trm_01ARZ3NDEKTSV4RRFFQ69G5FAV')
const two = terminalIdSchema.parse('trm_01ARZ3NDEKTSV4RRFFQ69G5FAW')

const createFocus = () => {
  const told: unknown[] = []
  const api = { terminals: { focus: async (input: object) => void told.push(input) } } as unknown as ApiClient
  return { told, focus: createWindowFocus({ data: { api } }, 'window-1') }
}

describe('the focus of a window', () => {
  it('is told when it comes to a terminal, and once', async () => {
    const { told, focus } = createFocus()
    focus.note(one, true)
    focus.note(one, true)
    await nextTurn()
    expect(told).toEqual([{ windowId: 'window-1', terminalId: one }])
    expect(focus.store.getState().terminalId).toBe(one)
  })

  it('goes from one to the next without a word of nowhere between', async () => {
    const { told, focus } = createFocus()
    focus.note(one, true)
    focus.note(one, false)
    focus.note(two, true)
    await nextTurn()
    expect(told).toEqual([
      { windowId: 'window-1', terminalId: one },
      { windowId: 'window-1', terminalId: two },
    ])
  })

  it('is nowhere when it left for good', async () => {
    const { told, focus } = createFocus()
    focus.note(one, true)
    focus.note(one, false)
    await nextTurn()
    expect(told.at(-1)).toEqual({ windowId: 'window-1', terminalId: null })
  })

  it('is told again to a backend that was away', async () => {
    const { told, focus } = createFocus()
    focus.note(one, true)
    focus.repeat()
    await nextTurn()
    expect(told).toHaveLength(2)
  })
})

const createPage = () => {
  const state: { visibilityState: DocumentVisibilityState } = { visibilityState: 'visible' }
  const page = Object.assign(new EventTarget(), state)
  const log: string[] = []
  const screens = createShownScreens(page, (id) => ({
    show: () => log.push(`show ${id.slice(-1)}`),
    hide: () => log.push(`hide ${id.slice(-1)}`),
  }))
  const turn = (next: DocumentVisibilityState) => {
    page.visibilityState = next
    page.dispatchEvent(new Event('visibilitychange'))
  }
  return { log, screens, turn }
}

describe('the shown screens', () => {
  it('receive while they are shown', () => {
    const { log, screens } = createPage()
    const hide = screens.add(one)
    hide()
    expect(log).toEqual(['show V', 'hide V'])
  })

  it('stop all at once when the page is hidden, and go on when it is back', () => {
    const { log, screens, turn } = createPage()
    const hideOne = screens.add(one)
    screens.add(two)
    hideOne()
    log.length = 0
    turn('hidden')
    turn('visible')
    expect(log).toEqual(['hide W', 'show W'])
  })

  it('wait for the page when they are added behind its back', () => {
    const { log, screens, turn } = createPage()
    turn('hidden')
    screens.add(one)
    expect(log).toEqual([])
    turn('visible')
    expect(log).toEqual(['show V'])
  })

  it('follow nothing any more once disposed', () => {
    const { log, screens, turn } = createPage()
    screens.add(one)
    screens.dispose()
    turn('hidden')
    expect(log).toEqual(['show V'])
  })
})
