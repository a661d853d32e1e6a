// Code points that draw nothing or change the order of what is drawn. A name or prompt that holds them can look like
// another one, so they are shown by their code. First and last of each range.
const hiddenRanges: readonly (readonly [number, number])[] = [
  [0x0000, 0x0008], // control characters, save tab and line feed
  [0x000b, 0x001f],
  [0x007f, 0x009f],
  [0x00ad, 0x00ad], // soft hyphen
  [0x034f, 0x034f], // combining grapheme joiner
  [0x061c, 0x061c], // Arabic letter mark
  [0x115f, 0x1160], // Hangul fillers
  [0x17b4, 0x17b5],
  [0x180b, 0x180e], // Mongolian selectors and vowel separator
  [0x200b, 0x200c], // zero-width space and non-joiner
  [0x200e, 0x200f], // left-to-right and right-to-left marks
  [0x2028, 0x202e], // line and paragraph separators, bidirectional embeddings and overrides
  [0x2060, 0x206f], // word joiner, invisible operators, bidirectional isolates
  [0x3164, 0x3164], // Hangul filler
  [0xfeff, 0xfeff], // byte order mark
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xe0000, 0xe0fff], // tags and supplementary variation selectors
]

const joiner = '\u200d'
const isJoinable = /[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f]/u

/** The text with every invisible or reordering character written out, as in `⟨U+202E⟩`. Line breaks and tabs stay. */
export const visibleText = (text: string): string => writeHidden(text, written)

/** The same, written as the caller does. */
export const writeHidden = (text: string, write: (character: string) => string): string => {
  // Nearly all names are plain: one test spares them the walk below.
  if (/^[\t\n\x20-\x7e]*$/.test(text)) return text
  const characters = Array.from(text)
  return characters.map((character, at) => (isHidden(characters, at) ? write(character) : character)).join('')
}

/** As `visibleText`, on one line: line breaks and tabs become spaces. */
export const visibleLine = (text: string): string => visibleText(text.replace(/[\t\r\n]+/g, ' '))

const isHidden = (characters: readonly string[], at: number): boolean => {
  const character = characters[at] ?? ''
  // A joiner between two emoji makes one picture of them; anywhere else it is only a way to hide.
  if (character === joiner) return !(isEmojiPart(characters[at - 1]) && isEmojiPart(characters[at + 1]))
  const code = character.codePointAt(0) ?? 0
  return hiddenRanges.some(([first, last]) => code >= first && code <= last)
}

const isEmojiPart = (character: string | undefined) => character !== undefined && isJoinable.test(character)

const written = (character: string) =>
  `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`
