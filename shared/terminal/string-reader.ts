import type { StringKind } from './string-policy.ts'

/** Room for a clipboard write of 100 KB in base64. */
const MAX_STRING_LENGTH = 256 * 1024

export interface StringEnd {
  readonly kind: StringKind
  /** Null when it was aborted or too long to be kept. */
  readonly body: string | null
  /** Where the text after the string begins. */
  readonly after: number
}

export interface StringReader {
  open(kind: StringKind): void
  isOpen(): boolean
  /** Reads on from `from`. `escape` when the input ends with an ESC that may be half of the terminator. */
  read(input: string, from: number): StringEnd | 'unfinished' | 'escape'
}

/** Collects the body of an OSC, DCS or other string sequence over any number of chunks, each character looked at once. */
export const createStringReader = (): StringReader => {
  let kind: StringKind | null = null
  let parts: string[] = []
  let length = 0

  return {
    open(next) {
      kind = next
      parts = []
      length = 0
    },
    isOpen: () => kind !== null,
    read(input, from) {
      if (kind === null) throw new Error('No string is open.')
      const end = findTerminator(input, from, kind)
      const stop = end === -1 ? input.length : end
      length += stop - from
      if (length <= MAX_STRING_LENGTH) parts.push(input.slice(from, stop))
      else parts = []
      if (end === -1) return 'unfinished'
      const isEscape = input.charCodeAt(end) === 0x1b
      if (isEscape && end + 1 === input.length) return 'escape'
      const isAborted = input[end] === '\u0018' || input[end] === '\u001a'
      const body = isAborted || length > MAX_STRING_LENGTH ? null : parts.join('')
      const ended = { kind, body, after: endOfTerminator(input, end) }
      kind = null
      return ended
    },
  }
}

/** An ESC that is not followed by a backslash ends the string as well, and begins the next sequence. */
const endOfTerminator = (input: string, end: number): number => {
  if (input.charCodeAt(end) !== 0x1b) return end + 1
  return input.charCodeAt(end + 1) === 0x5c ? end + 2 : end
}

const oscEnd = /[\u0007\u0018\u001a\u001b]/g
const otherEnd = /[\u0018\u001a\u001b]/g

const findTerminator = (input: string, from: number, kind: StringKind): number => {
  const pattern = kind === 'osc' ? oscEnd : otherEnd
  pattern.lastIndex = from
  return pattern.exec(input)?.index ?? -1
}
