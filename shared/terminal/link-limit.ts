/**
 * xterm.js keeps a marker for each row of each link and visits them all for each row that scrolls, so links without
 * number, or one that is never closed, make every further line slow. A listing with a few links a row stays below.
 */
const MAX_LIVE_LINKS = 2048
/** How many links a new row lets expire: rows leave the scroll-back as new ones come. */
const LINKS_PER_ROW = 0.5
const MAX_LINK_ROWS = 64
const MAX_LINK_UNITS = 16 * 1024

export interface LinkLimit {
  /** Judges the body of an OSC 8: false when no more links fit. */
  accept(body: string): boolean
  isOpen(): boolean
  countRows(rows: number): void
  /** Counts output. True when the link that is open has to be closed. */
  countUnits(units: number): boolean
}

export const createLinkLimit = (): LinkLimit => {
  let room = MAX_LIVE_LINKS
  let isOpen = false
  let rowsLeft = 0
  let unitsLeft = 0

  return {
    accept(body) {
      isOpen = !/^8;[^;]*;?$/.test(body)
      if (!isOpen) return true
      rowsLeft = MAX_LINK_ROWS
      unitsLeft = MAX_LINK_UNITS
      room -= 1
      if (room >= 0) return true
      room = 0
      isOpen = false
      return false
    },
    isOpen: () => isOpen,
    countRows(rows) {
      room = Math.min(MAX_LIVE_LINKS, room + rows * LINKS_PER_ROW)
      rowsLeft -= rows
    },
    countUnits(units) {
      if (!isOpen) return false
      unitsLeft -= units
      if (unitsLeft > 0 && rowsLeft > 0) return false
      isOpen = false
      return true
    },
  }
}

export const closeLink = '\u001b]8;;\u0007'
