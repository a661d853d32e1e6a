import { writeHidden } from '../../shared/lib/visible-text.ts'

// What other sessions wrote is printed into terminals: nothing in it may move the cursor, set the title or reorder text. Many
// a reader is an agent, to whom nothing in it may pass for a word of its system either.

/** Text of several lines with every character shown that is obeyed or not seen, and no tag. */
export const inertText = (text: string): string =>
  writeHidden(
    text
      .toWellFormed()
      .replaceAll('\r\n', '\n')
      .replaceAll(/<(?=[a-z/!?])/gi, '&lt;'),
    (character) => shown(character.codePointAt(0) ?? 0),
  )

/** The same on one line. */
export const inertLine = (text: string): string => inertText(text.replace(/[\r\n\t]+/g, ' '))

const shown = (code: number): string => {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  return code === 0x7f ? '\u2421' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}
