import { describe, expect, it } from 'vitest'
import { watchFocusClick } from './focus-click.ts'

const open = () => {
  const host = new EventTarget()
  const window = new EventTarget()
  const stopping = new AbortController()
  const state = { isFocused: false }
  const click = watchFocusClick({
    host: host as HTMLElement,
    window: window as Window,
    isFocused: () => state.isFocused,
    signal: stopping.signal,
  })
  const fire = (target: EventTarget, type: string, at: number) => {
    const event = new Event(type)
    Object.defineProperty(event, 'timeStamp', { value: at })
    target.dispatchEvent(event)
  }
  return {
    click,
    state,
    stopping,
    focus: (at: number) => {
      state.isFocused = true
      fire(host, 'focusin', at)
    },
    press: (at: number) => fire(host, 'mousedown', at),
    release: (at: number) => fire(window, 'mouseup', at),
  }
}

const reports = ['\x1b[M !!', '\x1b[<0;10;3M', '\x1b[<0;10;3m', '\x1b[<32;11;3M', '\x1b[0;10;3M']

describe('a click into a terminal', () => {
  it('is kept from the program in every encoding while it brings the focus', () => {
    const { click, focus, press, release } = open()
    press(1)
    focus(2)
    expect(reports.map(click.keeps)).toEqual(reports.map(() => true))
    release(3)
    expect(click.keeps('\x1b[<0;10;3M')).toBe(false)
  })

  it('goes to the program once the terminal has the focus', () => {
    const { click, focus, press } = open()
    focus(1)
    press(2)
    expect(reports.map(click.keeps)).toEqual(reports.map(() => false))
  })

  it('is kept when it brings the whole window to the front, whose focus is there before the press is heard', () => {
    const { click, focus, press, release } = open()
    focus(11)
    press(10)
    expect(click.keeps('\x1b[<0;10;3M')).toBe(true)
    release(12)
    press(13)
    expect(click.keeps('\x1b[<0;10;3M')).toBe(false)
  })

  it('keeps back no key that is pressed meanwhile, and nothing pasted', () => {
    const { click, press } = open()
    press(1)
    for (const typed of ['a', '\r', '\x1b', '\x1b[A', '\x1b[1;5C', '\x1b[15~', '\x1b[200~<0;1;1M\x1b[201~', '\x1b[I'])
      expect(click.keeps(typed)).toBe(false)
  })

  it('is forgotten when the screen goes', () => {
    const { click, press, stopping } = open()
    stopping.abort()
    press(1)
    expect(click.keeps('\x1b[<0;10;3M')).toBe(false)
  })
})
