import { createClusterLimit } from './cluster-limit.ts'
import type { ScreenSize, Verdict } from './csi-policy.ts'
import { createPieceWriter, type GuardedPiece } from './guarded-pieces.ts'
import { closeLink, createLinkLimit } from './link-limit.ts'
import { CONTROL_WORK, createPlainReader } from './plain-reader.ts'
import { dropped, readSequence } from './sequence-reader.ts'
import { judgeString } from './string-policy.ts'
import { createStringReader } from './string-reader.ts'

export interface EscapeGuard {
  /** Takes any chunk of decoded output; an unfinished sequence waits for its end. Returns what may be parsed, in order. */
  push(chunk: string): readonly GuardedPiece[]
  resize(size: ScreenSize): void
  /** How many sequences and characters were changed or dropped so far. */
  swallowedCount(): number
}

/**
 * Stands between a program and every terminal that parses its output, and keeps what stalls or acts from passing: counts
 * that make a parser loop, endless strings and grapheme clusters, clipboard reads, 8-bit controls. Questions to the
 * terminal leave it apart from the output, so that only one terminal answers them. The result does not depend on how
 * the output was cut into chunks, and every piece ends outside a sequence.
 */
export const createEscapeGuard = (initialSize: ScreenSize): EscapeGuard => {
  let size = initialSize
  let held = ''
  let swallowed = 0
  const clusters = createClusterLimit()
  const links = createLinkLimit()
  const strings = createStringReader()
  const writer = createPieceWriter()
  const plain = createPlainReader()

  const settle = (verdict: Verdict) => {
    if (verdict.kind === 'query') writer.addQuery(verdict.text)
    else if (verdict.kind === 'replace') writer.addOutput(verdict.text, verdict.work)
    if (verdict.kind !== 'query') swallowed += 1
  }

  const endLink = () => {
    writer.addOutput(closeLink, 50)
    swallowed += 1
  }

  const readString = (input: string, from: number): number => {
    const ended = strings.read(input, from)
    if (ended === 'unfinished' || ended === 'escape') {
      if (ended === 'escape') held = '\u001b'
      clusters.skip(from, input.length - held.length)
      return input.length
    }
    const { kind, body, after } = ended
    const verdict = body === null ? dropped : judgeString(kind, body)
    const isLink = kind === 'osc' && body !== null && body.startsWith('8;')
    if (isLink && verdict.kind !== 'drop' && !links.accept(body)) endLink()
    else if (verdict.kind === 'pass') writer.addOutput(`\u001b]${body}\u0007`, verdict.work)
    else settle(verdict)
    if (verdict.kind === 'drop' || verdict.kind === 'query') clusters.skip(from, after)
    return after
  }

  /** Copies text until a string opens or the input ends; returns where it stopped. */
  const readGround = (input: string, from: number): number => {
    let start = from
    let index = from
    const drop = (end: number) => {
      writer.copy(input, start, index)
      clusters.skip(index, end)
      start = index = end
    }
    while (index < input.length) {
      const code = input.charCodeAt(index)
      const before = index
      // Where a link is closed must not depend on how far a run happens to go, so in a link it goes letter by letter.
      if (code < 0x7f && plain.read(input, index, links.isOpen() ? 1 : writer.room(index - start))) {
        index = plain.end
        writer.addWork(plain.extraWork)
        links.countRows(plain.rows)
      } else if (code === 0x1b) {
        const sequence = readSequence(input, index, size)
        if (sequence.kind === 'unfinished') {
          writer.copy(input, start, index)
          held = input.slice(index)
          return input.length
        }
        if (sequence.kind === 'string') {
          drop(sequence.end)
          strings.open(sequence.string)
          return index
        }
        const { verdict, end } = sequence
        if (verdict.kind === 'pass') {
          index = end
          writer.addWork(verdict.work)
        } else {
          drop(end)
          settle(verdict)
        }
      } else if (code < 0x20) {
        index += 1
        writer.addWork(CONTROL_WORK)
        if (code === 0x0a) links.countRows(1)
      } else if (code < 0xa0) {
        // DEL does nothing; 8-bit controls are how a sequence would get past what is checked here.
        drop(index + 1)
        swallowed += 1
      } else {
        const length = clusters.accept(input, index)
        if (length > 0) {
          index += length
          writer.addWork(2)
        } else {
          drop(index - length)
          swallowed += 1
        }
      }
      const isLinkOver = links.countUnits(index - before)
      if (isLinkOver || writer.room(index - start) <= 0) {
        writer.copy(input, start, index)
        start = index
        if (isLinkOver) endLink()
      }
    }
    writer.copy(input, start, index)
    return index
  }

  return {
    push(chunk) {
      const input = held === '' ? chunk : held + chunk
      held = ''
      let index = 0
      while (index < input.length) {
        index = strings.isOpen() ? readString(input, index) : readGround(input, index)
      }
      clusters.endChunk(input.length - held.length)
      return writer.take()
    },
    resize(next) {
      size = next
    },
    swallowedCount: () => swallowed,
  }
}
