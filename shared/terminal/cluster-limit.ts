/**
 * Characters that may join one cell. Real clusters have up to about 20 (a family emoji with skin tones has 11 code
 * points); without a limit a program could grow one cell until memory ends.
 */
export const MAX_CLUSTER_LENGTH = 64

const ZERO_WIDTH_JOINER = 0x200d

export interface ClusterLimit {
  /** The length of the character at `index`, negative when the cluster it would join is full. */
  accept(input: string, index: number): number
  /** Says that the text from `from` to `to` was dropped: what follows joins what came before. */
  skip(from: number, to: number): void
  endChunk(length: number): void
}

/** Counts the characters that join each other, across chunks. */
export const createClusterLimit = (): ClusterLimit => {
  let clusterEnd = -1
  let clusterLength = 0
  let isJoined = false

  return {
    accept(input, index) {
      const unit = input.charCodeAt(index)
      if (isSimple(unit)) return 1
      const code = input.codePointAt(index) ?? unit
      const length = code > 0xffff ? 2 : 1
      const joins = index === clusterEnd && (isJoined || isJoiner(code))
      clusterLength = joins ? clusterLength + 1 : 1
      isJoined = code === ZERO_WIDTH_JOINER
      if (clusterLength > MAX_CLUSTER_LENGTH) return -length
      clusterEnd = index + length
      return length
    },
    skip(from, to) {
      if (clusterEnd === from) clusterEnd = to
    },
    endChunk(length) {
      clusterEnd = clusterEnd === length ? 0 : -1
    },
  }
}

/** Latin letters, CJK ideographs and kana, Hangul syllables, box drawing and blocks: they start a cell of their own. */
const isSimple = (unit: number) =>
  unit < 0x300 ||
  (unit >= 0x2500 && unit <= 0x259f) ||
  (unit >= 0x3041 && unit <= 0x3096) ||
  (unit >= 0x30a0 && unit <= 0x9fff) ||
  (unit >= 0xac00 && unit <= 0xd7a3)

const mark = /[\p{M}\p{Emoji_Modifier}\p{Regional_Indicator}]/u

/** Ranges beside the marks: joiners, conjoining jamo, tags, letters that prepend or are half width marks. */
const joinerRanges: readonly (readonly [number, number])[] = [
  [0x0600, 0x0605],
  [0x06dd, 0x06dd],
  [0x070f, 0x070f],
  [0x08e2, 0x08e2],
  [0x0d4e, 0x0d4e],
  [0x0e33, 0x0e33],
  [0x0eb3, 0x0eb3],
  [0x1100, 0x11ff],
  [0x200c, 0x200d],
  [0xa960, 0xa97f],
  [0xd7b0, 0xd7ff],
  [0xff9e, 0xff9f],
  [0xe0000, 0xe0fff],
]

const isJoiner = (code: number) =>
  joinerRanges.some(([first, last]) => code >= first && code <= last) || mark.test(String.fromCodePoint(code))
