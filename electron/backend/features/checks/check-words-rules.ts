import { utf8Length } from '../../../../shared/lib/utf8-length.ts'
import { cutText } from '../../../../shared/lib/inert-text.ts'
import { visibleLine } from '../../../../shared/lib/visible-text.ts'

const mostLines = 200
const mostBytes = 64 * 1024
const mostExcerptLines = 5
const longestExcerptLine = 200

/** The end of what a program printed, as text that nothing hides in. */
export const tailOf = (screen: string): { readonly text: string; readonly isCut: boolean } => {
  const lines = screen.replace(/\s+$/, '').split('\n')
  const kept: string[] = []
  let bytes = 0
  for (const line of lines.slice(-mostLines).toReversed()) {
    // A program may print one line without an end.
    const shown = visibleLine(cutText(line, mostBytes)).trimEnd()
    bytes += utf8Length(shown) + 1
    if (bytes > mostBytes) break
    kept.unshift(shown)
  }
  return { text: kept.join('\n'), isCut: kept.length < lines.length }
}

/** Words of test runners, compilers and linters for what went wrong. */
const wrong =
  /\b(?:fail(?:ed|ure|ures|s|ing)?|errors?|fatal|panic(?:ked)?|exception|assert\w*|expected|unexpected|not ok|cannot|undefined reference|no such file|not found)\b|\w+Error\b|[✗✕✖×❌]|^\s*(?:E\s|FAIL\b)/i
/** Of the lines that these are in, none is wrong. */
const right = /\b(?:0|no) (?:failed|failures|failing|errors?)\b/i

/** The last lines that say what is wrong; where no line says so, the last ones. */
export const excerptOf = (tail: string): string[] => {
  const lines = tail.split('\n').filter((line) => line.trim() !== '')
  const telling = lines.filter((line) => wrong.test(line) && !right.test(line))
  return (telling.length > 0 ? telling : lines)
    .slice(-mostExcerptLines)
    .map((line) => (line.length <= longestExcerptLine ? line : `${cutText(line, longestExcerptLine - 1)}…`))
}

/** "unit", "unit and lint", "unit, lint and types". */
export const listNames = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
