import type { IBuffer, IBufferRange } from '@xterm/xterm'

/** One line of text as it was printed: wrapped rows joined, with the cell of each UTF-16 unit. */
export interface LineText {
  readonly text: string
  /** The range of cells from unit `start` up to `end`, as xterm's links want it: from 1, end included. */
  readonly rangeOf: (start: number, end: number) => IBufferRange
}

// A link longer than this is no link, and a line of megabytes must not stall the pointer.
const maxRows = 12

/** The whole line that row `row` (from 0) of the buffer is part of. */
export const readLine = (buffer: Pick<IBuffer, 'getLine'>, row: number): LineText | null => {
  let first = row
  while (first > 0 && row - first < maxRows && buffer.getLine(first)?.isWrapped === true) first -= 1
  const cells: { readonly x: number; readonly y: number; readonly width: number }[] = []
  let text = ''
  for (let y = first; y < first + 2 * maxRows; y += 1) {
    const line = buffer.getLine(y)
    if (line === undefined || (y > first && !line.isWrapped)) break
    for (let x = 0; x < line.length; x += 1) {
      const cell = line.getCell(x)
      if (cell === undefined) break
      // The right half of a wide character holds nothing of its own.
      if (cell.getWidth() === 0) continue
      const characters = cell.getChars() === '' ? ' ' : cell.getChars()
      for (let unit = 0; unit < characters.length; unit += 1) cells.push({ x, y, width: cell.getWidth() })
      text += characters
    }
  }
  if (text === '') return null
  return {
    text,
    rangeOf: (start, end) => {
      const from = cells[start] ?? { x: 0, y: first, width: 1 }
      const to = cells[end - 1] ?? from
      return { start: { x: from.x + 1, y: from.y + 1 }, end: { x: to.x + to.width, y: to.y + 1 } }
    },
  }
}
