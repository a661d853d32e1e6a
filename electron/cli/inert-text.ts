// What other sessions wrote is printed into terminals: nothing in it may move the cursor, set the title or reorder text.

// Controls (C0 without line feed and tab, DEL, C1), and characters that turn the direction of text or are not seen.
const unseen =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu

/** Text of several lines with every control character shown instead of obeyed. */
export const inertText = (text: string): string =>
  text.replaceAll('\r\n', '\n').replace(unseen, (character) => shown(character.codePointAt(0) ?? 0))

/** The same on one line. */
export const inertLine = (text: string): string => inertText(text.replace(/[\r\n\t]+/g, ' '))

const shown = (code: number): string => {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  return code === 0x7f ? '\u2421' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}
