export interface ScreenSize {
  readonly cols: number
  readonly rows: number
}

export type Verdict =
  | { readonly kind: 'pass'; readonly work: number }
  | { readonly kind: 'replace'; readonly text: string; readonly work: number }
  | { readonly kind: 'query'; readonly text: string }
  | { readonly kind: 'drop' }

/** A repeat of more than this is no drawing: a screen of 4096 characters is a large one. */
const MAX_REPEAT = 4096

const cheap: Verdict = { kind: 'pass', work: 4 }
const letter = (character: string) => character.charCodeAt(0)

/** Judges the CSI sequence from the ESC at `start` to the final character at `end`. */
export const judgeCsi = (input: string, start: number, end: number, size: ScreenSize): Verdict => {
  const final = input.charCodeAt(end)
  // Colours are nine of ten sequences.
  if (final === letter('m') || final === letter('H')) return cheap
  const text = input.slice(start, end + 1)
  if (isQuery(text)) return { kind: 'query', text }
  const isPrivate = text[2] === '?'
  switch (input[end]) {
    // Each line moved costs about 2 µs, and more lines than the screen has change nothing further.
    case 'L':
    case 'M':
    case 'S':
    case 'T':
      return clamped(text, size.rows, 60)
    case '@':
      return clamped(text, size.cols, text.includes(' ') ? size.rows : 2)
    case 'A':
      return text.includes(' ') ? clamped(text, size.cols, size.rows) : cheap
    case 'P':
    case 'X':
    case 'Z':
    case 'I':
      return clamped(text, size.cols, 2)
    case '}':
    case '~':
      return clamped(text, size.cols, size.rows)
    case 'b':
      return clamped(text, MAX_REPEAT, 1)
    case 'J':
      return { kind: 'pass', work: 200 + (size.cols * size.rows) / 4 }
    case 'K':
      return { kind: 'pass', work: 8 + size.cols / 8 }
    case 'h':
    case 'l':
      return { kind: 'pass', work: isPrivate && /47|1049/.test(text) ? countParameters(text) * 3000 : 4 }
    default:
      return cheap
  }
}

/** Judges a sequence without parameters: ESC, intermediates, final. */
export const judgeEscape = (text: string, size: ScreenSize): Verdict => {
  if (text === '\u001bc') return { kind: 'pass', work: 4000 }
  if (text === '\u001b#8') return { kind: 'pass', work: (size.cols * size.rows) / 4 }
  if (text === '\u001bM') return { kind: 'pass', work: 50 }
  if (text === '\u001bZ') return { kind: 'query', text }
  return { kind: 'pass', work: 12 }
}

const csi = (pattern: string) => new RegExp(`^\\u001b\\[${pattern}$`)
const queries = [
  csi('[?>=]?[\\d;]*c'), // device attributes
  csi('\\??[\\d;]*n'), // status and cursor position
  csi('\\??[\\d;]*\\$p'), // is this mode set?
  csi('>[\\d;]*q'), // name and version
  csi('\\?[\\d;]*u'), // keyboard protocol
  csi('\\??[\\d;]*\\*y'), // checksum of an area
  csi('[\\d;]*x'), // terminal parameters
  csi('(11|13|14|15|16|18|19|20|21)[\\d;]*t'), // sizes and titles of the window
]
const queryFinals = 'cnpquyxt'

const isQuery = (text: string) => queryFinals.includes(text.at(-1) ?? '') && queries.some((query) => query.test(text))

const clamped = (text: string, most: number, workEach: number): Verdict => {
  let highest = 1
  const replaced = text.replace(/\d+/g, (digits) => {
    highest = Math.max(highest, Math.min(Number(digits), most))
    return Number(digits) > most ? String(most) : digits
  })
  const work = 4 + highest * workEach
  return replaced === text ? { kind: 'pass', work } : { kind: 'replace', text: replaced, work }
}

const countParameters = (text: string) => text.split(';').length
