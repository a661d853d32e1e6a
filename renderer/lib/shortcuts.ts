import { matchKeybindingPress, parseKeybinding } from 'tinykeys'
import type { Command, CommandKey, KeyScope } from './commands.ts'

export interface KeyPlace {
  readonly isMac: boolean
  readonly isInTerminal: boolean
  /** A field that takes text has the focus: keys without a modifier are typing. */
  readonly isInField: boolean
}

/** The command a key press means, or undefined when the press belongs to whatever has the focus. */
export const matchCommand = (
  commands: readonly Command[],
  event: KeyboardEvent,
  place: KeyPlace,
): Command | undefined =>
  commands.find(
    (command) =>
      command.keys.some((key) => isOpen(key, place) && isPress(event, key.press, place.isMac)) &&
      command.isEnabled?.() !== false,
  )

const isOpen = (key: CommandKey, place: KeyPlace): boolean => {
  if (place.isInTerminal) return isOpenInTerminal(key.scope, key.press, place.isMac)
  if (key.scope === 'in-terminal') return false
  return !place.isInField || hasModifier(key.press) || isFunctionKey(key.press)
}

const isOpenInTerminal = (scope: KeyScope, press: string, isMac: boolean): boolean =>
  scope === 'everywhere' || scope === 'in-terminal' || (scope === 'auto' && isMac && press.startsWith('$mod+'))

// Shift alone still types a capital letter.
const hasModifier = (press: string) => /\$mod|Control|Alt|Meta/.test(press)
const isFunctionKey = (press: string) => /(^|\+)F\d+$/.test(press)

/**
 * A letter or digit is matched by what the key types or by where it lies: on a Cyrillic or Greek layout `event.key` is
 * no Latin letter, and with Alt on macOS it is a symbol.
 */
const isPress = (event: KeyboardEvent, press: string, isMac: boolean): boolean => {
  const resolved = press.replace('$mod', isMac ? 'Meta' : 'Control')
  const parsed = parseKeybinding(resolved)[0]
  if (parsed === undefined) return false
  if (matchKeybindingPress(event, parsed)) return true
  const [required, optional, key] = parsed
  const code = codeOf(key)
  return code !== null && matchKeybindingPress(event, [required, optional, code])
}

const codeOf = (key: string | RegExp): string | null => {
  if (typeof key !== 'string') return null
  if (/^[a-z]$/i.test(key)) return `Key${key.toUpperCase()}`
  return /^\d$/.test(key) ? `Digit${key}` : null
}

const macSymbols: Readonly<Record<string, string>> = {
  $mod: '⌘',
  Meta: '⌘',
  Control: '⌃',
  Alt: '⌥',
  Shift: '⇧',
  Enter: '↩',
  Escape: '⎋',
  Backspace: '⌫',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  BracketLeft: '[',
  BracketRight: ']',
}
const words: Readonly<Record<string, string>> = {
  $mod: 'Ctrl',
  Control: 'Ctrl',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  BracketLeft: '[',
  BracketRight: ']',
}
// The order in which each system writes its modifiers.
const macOrder = ['Control', 'Alt', 'Shift', '$mod', 'Meta']

/** A press as people read it: ⇧⌘U on macOS, Ctrl Shift U elsewhere. */
export const formatPress = (press: string, isMac: boolean): string => {
  const parts = press === '+' ? ['+'] : press.split('+').map((part) => part.trim())
  const modifiers = parts.slice(0, -1)
  const key = parts.at(-1) ?? ''
  const shown = key.length === 1 ? key.toUpperCase() : key
  if (!isMac) return [...modifiers.map((part) => words[part] ?? part), words[key] ?? shown].join(' ')
  const sorted = [...modifiers].sort((a, b) => macOrder.indexOf(a) - macOrder.indexOf(b))
  return [...sorted.map((part) => macSymbols[part] ?? part), macSymbols[key] ?? shown].join('')
}
