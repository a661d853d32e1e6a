/** A line feed may scroll, a bell tells listeners: about ten times the work of a letter. */
export const CONTROL_WORK = 10
const COLOUR_WORK = 4
/** A colour has at most about 20 characters (38;2 and three numbers, for text and background); longer ones go the slow way. */
const MAX_COLOUR_LENGTH = 64

export interface PlainReader {
  /** Reads as much as is plain, until `room` units of work are spent. False when not one character is. */
  read(input: string, from: number, room: number): boolean
  /** Where the last run ended, exclusive. */
  readonly end: number
  /** Its work beyond one unit a character, and its line feeds. */
  readonly extraWork: number
  readonly rows: number
}

/**
 * Reads what nobody needs to judge: letters, ends of lines and colours. Nearly all output goes through this loop, so it
 * keeps its answers in one object instead of making one for each run.
 */
export const createPlainReader = (): PlainReader => {
  const reader = {
    end: 0,
    extraWork: 0,
    rows: 0,
    read(input: string, from: number, room: number): boolean {
      const limit = input.length
      let index = from
      let extraWork = 0
      let rows = 0
      while (index < limit && index - from + extraWork < room) {
        const code = input.charCodeAt(index)
        if (code >= 0x20 && code < 0x7f) index += 1
        else if (code === 0x0a || code === 0x0d) {
          index += 1
          extraWork += CONTROL_WORK
          if (code === 0x0a) rows += 1
        } else {
          const colourEnd = code === 0x1b ? endOfColour(input, index) : index
          if (colourEnd === index) break
          index = colourEnd
          extraWork += COLOUR_WORK
        }
      }
      reader.end = index
      reader.extraWork = extraWork
      reader.rows = rows
      return index > from
    },
  }
  return reader
}

/** The end of the colour (CSI, digits and separators, m) that begins at `start`; `start` when there is none. */
const endOfColour = (input: string, start: number): number => {
  if (input.charCodeAt(start + 1) !== 0x5b) return start
  const limit = Math.min(input.length, start + MAX_COLOUR_LENGTH)
  for (let index = start + 2; index < limit; index += 1) {
    const code = input.charCodeAt(index)
    if (code === 0x6d) return index + 1
    // Digits, colon, semicolon.
    if (code < 0x30 || code > 0x3b) return start
  }
  return start
}
