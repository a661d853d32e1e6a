import { ok, refuse, type Result } from './result.ts'

/**
 * What a pattern covers, as a union of plain sequences of segments. A segment is text in which `*` stands for any run of
 * characters and `?` for one; `**` alone stands for any number of segments. There are no escapes, so a text is its own form.
 */
export interface Glob {
  /** The pattern in its one normal form: what is stored and shown. */
  readonly pattern: string
  readonly alternatives: readonly (readonly Segment[])[]
}

interface Segment {
  readonly text: string
  /** Null for one without wildcards: it is compared as text. */
  readonly characters: readonly string[] | null
  /** What stands before its first wildcard and after its last: most segments are told apart by these alone. */
  readonly head: string
  readonly tail: string
}

/** Longer than any path that editors and git deal with well. */
const longestPattern = 512
/** Enough for `{a,b}` twice or thrice; more is a list of patterns rather than one. */
const mostAlternatives = 32

/**
 * Reads a repository-relative pattern. `ignoresCase` is the rule of the file system the repository lies on. A pattern whose
 * last part has no wildcard also covers what lies under it, as a path given to git does: `src/app` is a folder and a file.
 */
export const parseGlob = (text: string, ignoresCase: boolean): Result<Glob, 'INVALID'> => {
  const pattern = normalise(text)
  const problem = problemOf(pattern)
  if (problem) return refuse('INVALID', `${JSON.stringify(text)} cannot be leased: ${problem}`)
  const texts = expandBraces(pattern).flatMap((each) => expandBrackets(widenForCase(each, ignoresCase)))
  const alternatives = [...new Set(texts)].map((each) => segmentsOf(each, ignoresCase))
  return ok({ pattern, alternatives })
}

/** True when some path is covered by both. Never misses one; may also say so of names that no file system has. */
export const globsOverlap = (a: Glob, b: Glob): boolean =>
  a.alternatives.some((one) => b.alternatives.some((other) => alternativesMeet(one, other)))

/** True when the pattern covers a repository-relative path: one rule with `globsOverlap`, so the two never disagree. */
export const globCovers = (glob: Glob, path: Glob): boolean => globsOverlap(glob, path)

/** A path as it is, whatever characters it is made of. Null when it is no path inside the repository. */
export const pathAsGlob = (path: string, ignoresCase: boolean): Glob | null => {
  const pattern = normalise(path)
  const segments = pattern.split('/').filter((segment) => segment !== '' && segment !== '.')
  if (isOutside(pattern) || segments.length === 0) return null
  const folded = segments.map((segment) => literal(fold(segment, ignoresCase)))
  return { pattern, alternatives: [folded] }
}

/** Where to look a pattern up: the folders or files, as compared, that all it covers lies in. "" is the repository itself. */
export const rootsOf = (glob: Glob): readonly string[] =>
  glob.alternatives.map((segments) => {
    const firstWild = segments.findIndex(({ characters }) => characters !== null)
    return joined(segments.slice(0, firstWild === -1 ? segments.length : firstWild))
  })

/** Every place at which a pattern that covers this path may have its root. */
export const possibleRootsOf = (path: Glob): readonly string[] => {
  const segments = path.alternatives[0] ?? []
  return [...segments.keys(), segments.length].map((count) => joined(segments.slice(0, count)))
}

const joined = (segments: readonly Segment[]) => segments.map(({ text }) => text).join('/')

/** NFC, forward slashes, no `./`, no doubled slash; a folder written with a slash at its end covers what is in it. */
const normalise = (text: string) =>
  text
    .normalize('NFC')
    .replaceAll('\\', '/')
    .replace(/(?<=.)\/{2,}/g, '/')
    .replace(/^(?:\.\/)+/, '')
    .replace(/(?:\/\.)+(?=\/|$)/g, '')
    .replace(/(?<=.)\/$/, '/**')

const isOutside = (pattern: string) =>
  /^(?:\/|~(?:\/|$)|[A-Za-z]:)/.test(pattern) || /(?:^|\/)\.\.(?:\/|$)/.test(pattern)

const problemOf = (pattern: string): string | null => {
  if (pattern === '' || pattern === '.') return 'it names nothing. Write `**` for the whole repository.'
  if (pattern.length > longestPattern)
    return `it is longer than ${longestPattern} characters. Lease the folder instead.`
  if (/[\u0000-\u001f\u007f]/.test(pattern)) return 'it holds a control character. Write the path as git shows it.'
  if (isOutside(pattern)) return 'it leads out of the repository. Write it relative to the repository, without `..`.'
  if (pattern.startsWith('!')) return 'a lease names what it covers. Leave the `!` out.'
  if (/[@!+?*]\(/.test(pattern)) return 'groups like `@(a|b)` are not supported. Write `{a,b}`.'
  if (pattern.includes('[[:')) return 'classes like `[[:alpha:]]` are not supported. Write `?` or `*`.'
  if (/\{[^{},]*\.\.[^{},]*\}/.test(pattern)) return 'ranges like `{1..3}` are not supported. Write `{1,2,3}`.'
  if (/\{[^{}]*\{|\}[^{}]*\}/.test(pattern) || /^[^{]*\}|\{[^}]*$/.test(pattern))
    return 'braces must be closed and may not lie inside each other. Ask for two patterns instead.'
  const expanded = expandBraces(pattern)
  if (expanded.length > mostAlternatives)
    return `it stands for ${expanded.length} patterns. Use a wider one with \`*\`.`
  if (expanded.some((each) => each === '' || isOutside(each)))
    return 'one of its alternatives is no path. Write it out.'
  if (expanded.some((each) => each.split('/').some((segment) => segment.includes('**') && segment !== '**')))
    return '`**` must stand alone between slashes. Write `*` within a name.'
  return null
}

const expandBraces = (pattern: string): readonly string[] => {
  const [whole, inside] = /\{([^{}]*,[^{}]*)\}/.exec(pattern) ?? []
  if (whole === undefined || inside === undefined) return [pattern]
  // A replacing function: `$` in a path has a meaning for a replacing text.
  return inside.split(',').flatMap((choice) => expandBraces(pattern.replace(whole, () => choice)))
}

/**
 * `[id]` is a folder's name in some frameworks and one of two characters in a pattern. Which was meant is not known, so it
 * covers both.
 */
const expandBrackets = (pattern: string): readonly string[] => {
  const asClass = pattern.replace(/\[[!^]?\]?[^\]/]*\]/g, '?')
  return asClass === pattern ? [pattern] : [pattern, asClass]
}

/** `ß` and `SS` are one name where case does not count, so one character may be written as several. */
const widenForCase = (pattern: string, ignoresCase: boolean) => (ignoresCase ? pattern.replaceAll('?', '?*') : pattern)

const segmentsOf = (pattern: string, ignoresCase: boolean): readonly Segment[] => {
  const texts = pattern.split('/').filter((text) => text !== '')
  const segments = texts.map((text): Segment => {
    const folded = fold(text, ignoresCase)
    return isWild(text) ? wild(folded) : literal(folded)
  })
  const last = segments.at(-1)
  return last?.characters === null ? [...segments, wild('**')] : segments
}

const literal = (text: string): Segment => ({ text, characters: null, head: text, tail: text })

const wild = (text: string): Segment => ({
  text,
  characters: Array.from(text),
  head: text.slice(0, text.search(/[*?]/)),
  tail: text.slice(Math.max(text.lastIndexOf('*'), text.lastIndexOf('?')) + 1),
})

const isWild = (text: string) => /[*?]/.test(text)

// Upper case first: it maps each character by itself, where lower case looks at its neighbours.
const fold = (text: string, ignoresCase: boolean) => (ignoresCase ? text.toUpperCase().normalize('NFC') : text)

const isAnyDepth = (segment: Segment) => segment.text === '**' && segment.characters !== null
const isRun = (character: string) => character === '*'

const alternativesMeet = (a: readonly Segment[], b: readonly Segment[]): boolean => {
  const [lastA, lastB] = [a.at(-1), b.at(-1)]
  // Looked at first: of a thousand patterns like `**/*.ts`, nearly all end otherwise than a path does.
  const endsMeet = !lastA || !lastB || isAnyDepth(lastA) || isAnyDepth(lastB) || segmentsMeet(lastA, lastB)
  return endsMeet && sequencesMeet(a, b, isAnyDepth, segmentsMeet)
}

const segmentsMeet = (a: Segment, b: Segment): boolean => {
  if (a.characters === null && b.characters === null) return a.text === b.text
  if (!(a.head.startsWith(b.head) || b.head.startsWith(a.head))) return false
  if (!(a.tail.endsWith(b.tail) || b.tail.endsWith(a.tail))) return false
  return sequencesMeet(a.characters ?? Array.from(a.text), b.characters ?? Array.from(b.text), isRun, charactersMeet)
}

const charactersMeet = (a: string, b: string) => a === b || a === '?' || b === '?'

/**
 * Whether one sequence fits two patterns of items, where some items stand for any run of them. Walks all pairs of places
 * that can be reached together, row by row, and ends at the first row with none.
 */
const sequencesMeet = <Item>(
  a: readonly Item[],
  b: readonly Item[],
  isStar: (item: Item) => boolean,
  itemsMeet: (a: Item, b: Item) => boolean,
): boolean => {
  let row = [true]
  for (let i = 0; i <= a.length; i += 1) {
    const inA = a[i]
    const next: boolean[] = []
    for (let j = 0; j <= b.length; j += 1) {
      if (!row[j]) continue
      const inB = b[j]
      const starA = inA !== undefined && isStar(inA)
      const starB = inB !== undefined && isStar(inB)
      if (starB || (starA && inB !== undefined)) row[j + 1] = true
      if (starA || (starB && inA !== undefined)) next[j] = true
      if (inA !== undefined && inB !== undefined && !starA && !starB && itemsMeet(inA, inB)) next[j + 1] = true
    }
    if (i === a.length) return row[b.length] === true
    if (next.length === 0) return false
    row = next
  }
  return false
}
