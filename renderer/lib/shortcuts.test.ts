import { describe, expect, it } from 'vitest'
import type { Command, CommandKey } from './commands.ts'
import { formatPress, matchCommand, type KeyPlace } from './shortcuts.ts'

const command = (id: string, keys: readonly CommandKey[], isEnabled = true): Command => ({
  id,
  title: id,
  group: 'View',
  keys,
  isEnabled: () => isEnabled,
  run: () => {},
})

interface Press {
  readonly key: string
  readonly code?: string
  readonly ctrl?: boolean
  readonly meta?: boolean
  readonly shift?: boolean
  readonly alt?: boolean
}

const press = ({ key, code = '', ctrl = false, meta = false, shift = false, alt = false }: Press) => {
  const held: Readonly<Record<string, boolean>> = { Control: ctrl, Meta: meta, Shift: shift, Alt: alt }
  return { key, code, getModifierState: (name: string) => held[name] ?? false } as unknown as KeyboardEvent
}

const place = (change: Partial<KeyPlace> = {}): KeyPlace => ({
  isMac: false,
  isInTerminal: false,
  isInField: false,
  ...change,
})

const auto = command('auto', [{ press: '$mod+b', scope: 'auto' }])
const outside = command('outside', [{ press: '$mod+k', scope: 'outside-terminal' }])
const everywhere = command('everywhere', [{ press: '$mod+Shift+u', scope: 'everywhere' }])
const inTerminal = command('in-terminal', [{ press: '$mod+k', scope: 'in-terminal' }])
const plain = command('plain', [{ press: 'j', scope: 'auto' }])
const f6 = command('f6', [{ press: 'F6', scope: 'everywhere' }])
const all = [auto, outside, everywhere, inTerminal, plain, f6]
const idOf = (event: KeyboardEvent, where: KeyPlace) => matchCommand(all, event, where)?.id

describe('matchCommand', () => {
  it('reads $mod as Control, and as Command on macOS', () => {
    expect(idOf(press({ key: 'b', ctrl: true }), place())).toBe('auto')
    expect(idOf(press({ key: 'b', meta: true }), place())).toBeUndefined()
    expect(idOf(press({ key: 'b', meta: true }), place({ isMac: true }))).toBe('auto')
    expect(idOf(press({ key: 'b', ctrl: true }), place({ isMac: true }))).toBeUndefined()
  })

  it('leaves Control combinations to a focused terminal', () => {
    expect(idOf(press({ key: 'b', ctrl: true }), place({ isInTerminal: true }))).toBeUndefined()
  })

  it('takes Command combinations from a terminal on macOS, where no program gets them', () => {
    expect(idOf(press({ key: 'b', meta: true }), place({ isMac: true, isInTerminal: true }))).toBe('auto')
  })

  it('takes what is marked for everywhere, also from a terminal', () => {
    const event = press({ key: 'U', ctrl: true, shift: true })
    expect(idOf(event, place({ isInTerminal: true }))).toBe('everywhere')
    expect(idOf(event, place({ isInField: true }))).toBe('everywhere')
    expect(idOf(press({ key: 'F6' }), place({ isInTerminal: true }))).toBe('f6')
  })

  it('lets one key mean two things: the palette outside, clearing inside a terminal', () => {
    expect(idOf(press({ key: 'k', ctrl: true }), place())).toBe('outside')
    expect(idOf(press({ key: 'k', ctrl: true }), place({ isInTerminal: true }))).toBe('in-terminal')
    expect(idOf(press({ key: 'k', meta: true }), place({ isMac: true, isInTerminal: true }))).toBe('in-terminal')
  })

  it('takes a plain letter as typing while a field has the focus', () => {
    expect(idOf(press({ key: 'j' }), place())).toBe('plain')
    expect(idOf(press({ key: 'j' }), place({ isInField: true }))).toBeUndefined()
  })

  it('does not match with a modifier too many', () => {
    expect(idOf(press({ key: 'b', ctrl: true, alt: true }), place())).toBeUndefined()
    expect(idOf(press({ key: 'B', ctrl: true, shift: true }), place())).toBeUndefined()
  })

  it('finds a letter by its place on a layout that types another one', () => {
    expect(idOf(press({ key: 'и', code: 'KeyB', ctrl: true }), place())).toBe('auto')
  })

  it('passes over a command that is not possible now', () => {
    const off = command('off', [{ press: '$mod+b', scope: 'auto' }], false)
    expect(matchCommand([off], press({ key: 'b', ctrl: true }), place())).toBeUndefined()
    expect(matchCommand([off, auto], press({ key: 'b', ctrl: true }), place())?.id).toBe('auto')
  })
})

describe('formatPress', () => {
  it.each([
    ['$mod+Shift+u', '⇧⌘U', 'Ctrl Shift U'],
    ['$mod+k', '⌘K', 'Ctrl K'],
    ['Alt+Shift+ArrowUp', '⌥⇧↑', 'Alt Shift ↑'],
    ['Escape', '⎋', 'Esc'],
    ['F2', 'F2', 'F2'],
    ['$mod+,', '⌘,', 'Ctrl ,'],
    ['$mod+Shift+BracketRight', '⇧⌘]', 'Ctrl Shift ]'],
    ['Control+Alt+Shift+x', '⌃⌥⇧X', 'Ctrl Alt Shift X'],
  ])('writes %s as %s on macOS and as %s elsewhere', (keys, onMac, elsewhere) => {
    expect(formatPress(keys, true)).toBe(onMac)
    expect(formatPress(keys, false)).toBe(elsewhere)
  })
})
