import { judgeCsi, judgeEscape, type ScreenSize, type Verdict } from './csi-policy.ts'
import type { StringKind } from './string-policy.ts'

/** Longest escape sequence kept while its end is awaited; the longest that means something has about 100 characters. */
const MAX_SEQUENCE_LENGTH = 256

export type Sequence =
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'string'; readonly string: StringKind; readonly end: number }
  | { readonly kind: 'sequence'; readonly verdict: Verdict; readonly end: number }

const unfinished: Sequence = { kind: 'unfinished' }
export const dropped: Verdict = { kind: 'drop' }

/** Reads the sequence that begins with the ESC at `start`. */
export const readSequence = (input: string, start: number, size: ScreenSize): Sequence => {
  if (start + 1 >= input.length) return unfinished
  const second = input.charCodeAt(start + 1)
  if (second === 0x5b) return readCsi(input, start, size)
  if (second === 0x5d) return { kind: 'string', string: 'osc', end: start + 2 }
  if (second === 0x50) return { kind: 'string', string: 'dcs', end: start + 2 }
  if (second === 0x58 || second === 0x5e || second === 0x5f)
    return { kind: 'string', string: 'ignored', end: start + 2 }
  let index = start + 1
  const limit = start + MAX_SEQUENCE_LENGTH
  while (index < Math.min(input.length, limit) && isIntermediate(input.charCodeAt(index))) index += 1
  if (index === limit) return { kind: 'sequence', verdict: dropped, end: index }
  if (index >= input.length) return unfinished
  // A control inside takes the sequence's place: nothing sensible writes one there.
  if (!isFinal(input.charCodeAt(index), 0x30)) return { kind: 'sequence', verdict: dropped, end: index }
  return { kind: 'sequence', verdict: judgeEscape(input.slice(start, index + 1), size), end: index + 1 }
}

const readCsi = (input: string, start: number, size: ScreenSize): Sequence => {
  let index = start + 2
  const limit = start + MAX_SEQUENCE_LENGTH
  while (index < Math.min(input.length, limit)) {
    const code = input.charCodeAt(index)
    if (code < 0x20 || code > 0x3f) break
    index += 1
  }
  if (index === limit) return { kind: 'sequence', verdict: dropped, end: index }
  if (index >= input.length) return unfinished
  if (!isFinal(input.charCodeAt(index), 0x40)) return { kind: 'sequence', verdict: dropped, end: index }
  return { kind: 'sequence', verdict: judgeCsi(input, start, index, size), end: index + 1 }
}

const isIntermediate = (code: number) => code >= 0x20 && code <= 0x2f
const isFinal = (code: number, lowest: number) => code >= lowest && code <= 0x7e
