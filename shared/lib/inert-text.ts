import { visibleText, writeHidden } from './visible-text.ts'

/**
 * A text by somebody else, made so that it cannot pass for anything but text when an agent reads it or a terminal gets it:
 * no tag (of a system, a tool or a wrapper of ours), no control sequence, nothing hidden or reordered, one kind of line
 * break. To be quoted line by line, or wrapped, by whoever shows it.
 */
export const inertText = (text: string): string =>
  visibleText(text.toWellFormed().replace(/\r\n?|[\u000b\u000c\u0085\u2028\u2029]/g, '\n')).replaceAll('<', '&lt;')

/** The same on one line, and no longer than this: what is hidden takes up to ten characters each to show. */
export const inertLine = (text: string, longest: number): string => {
  const line = inertText(text).replace(/[\n\t]+/g, ' ')
  return line.length <= longest ? line : `${cutText(line, longest - 1)}…`
}

/**
 * A value as JSON in which no text can pass for anything but text either. Whoever parses it gets the same value: only the way
 * it is written differs.
 */
export const inertJson = (value: unknown): string =>
  writeHidden(JSON.stringify(value), (character) =>
    Array.from({ length: character.length }, (_, at) => escaped(character.charCodeAt(at))).join(''),
  ).replaceAll('<', escaped(0x3c))

const escaped = (unit: number) => `\\u${unit.toString(16).padStart(4, '0')}`

/** At most so many code units, never half a character. */
export const cutText = (text: string, longest: number): string =>
  text.slice(0, Math.max(0, longest)).replace(/[\ud800-\udbff]$/, '')
