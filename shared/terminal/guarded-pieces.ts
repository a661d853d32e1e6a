/**
 * A part of guarded output. `output` goes to every terminal that shows it; a `query` is a question only the terminal that
 * answers may parse. `work` estimates the cost of parsing in units of one plain letter (about 35 ns in xterm.js).
 */
export interface GuardedPiece {
  readonly kind: 'output' | 'query'
  readonly text: string
  readonly work: number
}

/** About a quarter of a millisecond: small enough that a turn of the event loop can end between two pieces. */
export const MAX_PIECE_WORK = 8192

export interface PieceWriter {
  copy(input: string, from: number, to: number): void
  addOutput(text: string, work: number): void
  addQuery(text: string): void
  /** Work beyond one unit a character, for the text that is copied next. */
  addWork(work: number): void
  /** How many plain letters fit the piece after `pendingLength` letters that are not copied yet. */
  room(pendingLength: number): number
  take(): readonly GuardedPiece[]
}

/** Collects guarded text into pieces that are cut once they cost enough; what was dropped never cuts one. */
export const createPieceWriter = (): PieceWriter => {
  let pieces: GuardedPiece[] = []
  let text = ''
  let work = 0

  const cut = () => {
    if (text !== '') pieces.push({ kind: 'output', text, work })
    text = ''
    work = 0
  }
  const add = (more: string, cost: number) => {
    text = text === '' ? more : text + more
    work += cost
    if (work >= MAX_PIECE_WORK) cut()
  }
  return {
    copy(input, from, to) {
      if (to > from) add(input.slice(from, to), to - from)
    },
    addOutput: add,
    addQuery(query) {
      cut()
      pieces.push({ kind: 'query', text: query, work: 64 })
    },
    addWork(more) {
      work += more
    },
    room: (pendingLength) => MAX_PIECE_WORK - work - pendingLength,
    take() {
      cut()
      const taken = pieces
      pieces = []
      return taken
    },
  }
}
