/** What a session wrote, by the threads it named; `rest` is what it said of none of them. */
export interface ReadAnswer {
  readonly byNumber: ReadonlyMap<number, string>
  readonly rest: string
}

/**
 * Finds the answers in a message: a line that begins with the name of a thread it was asked about ("c1: done", "- **c2**: …",
 * "### c3", "c1, c4: both") starts one, which goes on to the next such line. Whatever cannot be read so is kept as the rest,
 * and nothing is lost. Names within code, or of threads it was not asked about, are text like any other.
 */
export const readAnswer = (body: string, asked: ReadonlySet<number>): ReadAnswer => {
  const parts: { readonly numbers: readonly number[]; readonly lines: string[] }[] = [{ numbers: [], lines: [] }]
  let fence: string | null = null
  for (const line of body.replaceAll('\r\n', '\n').split('\n')) {
    const opened = /^\s*(`{3,}|~{3,})/.exec(line)?.[1]
    const label = fence === null && opened === undefined ? readLabel(line, asked) : null
    if (label) parts.push({ numbers: label.numbers, lines: [label.text] })
    else parts.at(-1)?.lines.push(line)
    if (opened === undefined) continue
    if (fence === null) fence = opened
    else if (opened.startsWith(fence) && line.trim() === opened) fence = null
  }
  const byNumber = new Map<number, string>()
  for (const { numbers, lines } of parts)
    for (const number of numbers) {
      const text = trimLines(lines)
      const before = byNumber.get(number)
      byNumber.set(number, before === undefined ? text : `${before}\n\n${text}`.trim())
    }
  return { byNumber, rest: trimLines(parts[0]?.lines ?? []) }
}

/** What may stand before a name: of a list, a heading or a quotation; around it, bold, code or brackets. */
const labelLine =
  /^\s{0,3}(?:>\s?)?(?:[-*+]\s+|#{1,6}\s+|\d{1,3}[.)]\s+)?[*_`[(]{0,3}(?<names>c\d{1,6}(?:\s*(?:,|&|\+|and)\s*c\d{1,6})*)(?<between>[^\n]*)$/iu
/** After it: what closes those, which place it was, and a sign or a space before the answer. */
const separator = /^(?:\s*\([^()\n]{0,200}\))?[*_`\])]{0,3}(?:\s*[:：–—]|\s+-(?=\s)|\.(?=\s|$)|(?=\s|$))[*_`]{0,3}\s*/u

const readLabel = (line: string, asked: ReadonlySet<number>) => {
  const { names = '', between = '' } = labelLine.exec(line)?.groups ?? {}
  const numbers = [...names.matchAll(/\d+/g)].map(([digits]) => Number(digits))
  if (numbers.length === 0 || !numbers.every((number) => asked.has(number))) return null
  const end = separator.exec(between)
  return end && { numbers: [...new Set(numbers)], text: between.slice(end[0].length) }
}

const trimLines = (lines: readonly string[]) => lines.join('\n').replace(/^(?:[ \t]*\n)+|\s+$/g, '')
