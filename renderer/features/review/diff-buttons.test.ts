import { describe, expect, it, vi } from 'vitest'
import { openToKeyboard, pressExpandButton } from './diff-buttons.ts'

/** As much of an element as is touched. */
const element = (dataset: Readonly<Record<string, string>>, sizes = { scrollWidth: 10, clientWidth: 10 }) => ({
  dataset,
  tabIndex: -1,
  label: '',
  ...sizes,
  setAttribute(_: string, value: string) {
    this.label = value
  },
  removeAttribute() {
    this.tabIndex = -1
  },
})

const drawn = (buttons: readonly unknown[], codes: readonly unknown[]) =>
  ({
    shadowRoot: { querySelectorAll: (selector: string) => (selector === '[data-code]' ? codes : buttons) },
  }) as unknown as HTMLElement

describe('what the library draws', () => {
  it('is named and reached by keyboard where it only has an icon', () => {
    const buttons = [element({ expandUp: '' }), element({ expandDown: '' }), element({ expandBoth: '' })]
    openToKeyboard(drawn(buttons, []))
    expect(buttons.map(({ label }) => label)).toEqual([
      'Show lines above',
      'Show lines below',
      'Show the lines between',
    ])
    expect(buttons.map(({ tabIndex }) => tabIndex)).toEqual([0, 0, 0])
  })

  it('takes the focus where its lines are longer than the view, and only there', () => {
    const [wide, narrow] = [element({}, { scrollWidth: 900, clientWidth: 400 }), element({})]
    narrow.tabIndex = 0
    openToKeyboard(drawn([], [wide, narrow]))
    expect([wide.tabIndex, narrow.tabIndex]).toEqual([0, -1])
  })

  it('is left alone before it is drawn', () => {
    expect(() => openToKeyboard({ shadowRoot: null } as HTMLElement)).not.toThrow()
  })
})

describe('a key on what the library draws', () => {
  class Element {
    isButton = true
    click = vi.fn()
    matches = () => this.isButton
  }
  const press = (key: string, isButton = true) => {
    vi.stubGlobal('HTMLElement', Element)
    const target = Object.assign(new Element(), { isButton })
    const event = { key, composedPath: () => [target], preventDefault: vi.fn() }
    pressExpandButton(event as unknown as KeyboardEvent)
    vi.unstubAllGlobals()
    return { clicks: target.click.mock.calls.length, isTaken: event.preventDefault.mock.calls.length === 1 }
  }

  it.each(['Enter', ' '])('presses a button: %j', (key) => {
    expect(press(key)).toEqual({ clicks: 1, isTaken: true })
  })

  it('is left to the page everywhere else', () => {
    expect(press('j')).toEqual({ clicks: 0, isTaken: false })
    expect(press('Enter', false)).toEqual({ clicks: 0, isTaken: false })
  })
})
