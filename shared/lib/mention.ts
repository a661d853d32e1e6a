/** A session's title as it is written after "@": "Fix the parser!" is @fix-the-parser. */
export const mentionOf = (title: string): string =>
  title
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')

/** What is being typed after an "@", and where it stands. */
export interface TypedMention {
  /** Where the "@" stands. */
  readonly start: number
  /** What follows it, up to the caret. */
  readonly text: string
}

/** The mention the caret stands at the end of; null when it stands at none. An "@" within a word is an address of another kind. */
export const mentionAt = (text: string, caret: number): TypedMention | null => {
  const found = /(?:^|[\s(,;:"'“„])@([\p{L}\p{N}-]*)$/u.exec(text.slice(0, caret))
  const typed = found?.[1]
  return typed === undefined ? null : { start: caret - typed.length - 1, text: typed }
}

/** The text with the mention written out and a space after it, and where the caret then stands. */
export const completeMention = (text: string, { start, text: typed }: TypedMention, name: string) => {
  const rest = text.slice(start + 1 + typed.length)
  const written = `@${name}${rest.startsWith(' ') ? '' : ' '}`
  return { text: text.slice(0, start) + written + rest, caret: start + name.length + 2 }
}
