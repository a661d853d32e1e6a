/**
 * What a key press in a focused terminal means, beyond what xterm makes of it. Keys of the app's commands never come
 * here: the window takes them first.
 */
export type KeyDecision =
  /** xterm encodes it for the program. */
  | { readonly kind: 'program' }
  | { readonly kind: 'send'; readonly data: string }
  | { readonly kind: 'copy' }
  | { readonly kind: 'select-all' }
  /** The browser's own paste, which needs no permission to read the clipboard. */
  | { readonly kind: 'paste' }

export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey' | 'isComposing'
>

export interface KeyContext {
  readonly isMac: boolean
  readonly hasSelection: boolean
}

/** Escape and Enter: what Claude Code and its kin read as "a new line, do not send yet". */
export const newLineKey = '\x1b\r'

export const decideKey = (press: KeyPress, context: KeyContext): KeyDecision => {
  // A key that is part of a composition is the input method's, whatever else it would mean.
  if (press.isComposing) return { kind: 'program' }
  if (press.key === 'Enter' && modifiersOf(press) === 'shift') return { kind: 'send', data: newLineKey }
  return decideClipboard(press, context) ?? { kind: 'program' }
}

const decideClipboard = (press: KeyPress, { isMac, hasSelection }: KeyContext): KeyDecision | null => {
  const modifiers = modifiersOf(press)
  const isLetter = (letter: string) => press.key.toLowerCase() === letter || press.code === `Key${letter.toUpperCase()}`
  // Ctrl-C, Ctrl-V and Ctrl-A belong to programs: off macOS the clipboard is on Ctrl+Shift, as in every terminal.
  const letterModifiers = isMac ? 'meta' : 'ctrl+shift'
  if (modifiers === letterModifiers && isLetter('v')) return { kind: 'paste' }
  if (modifiers === letterModifiers && isLetter('a')) return { kind: 'select-all' }
  if (modifiers === letterModifiers && isLetter('c')) return { kind: 'copy' }
  if (isMac) return null
  if (modifiers === 'shift' && press.key === 'Insert') return { kind: 'paste' }
  return modifiers === 'ctrl' && press.key === 'Insert' && hasSelection ? { kind: 'copy' } : null
}

const modifiersOf = (press: KeyPress): string =>
  [press.ctrlKey && 'ctrl', press.altKey && 'alt', press.shiftKey && 'shift', press.metaKey && 'meta']
    .filter((part) => part !== false)
    .join('+')
