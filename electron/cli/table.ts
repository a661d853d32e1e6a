import { inertLine } from './inert-text.ts'

/** Rows as text in columns as wide as their longest cell; the last one may be any length. */
export const tableOf = (rows: readonly (readonly string[])[]): string => {
  const cells = rows.map((row) => row.map(inertLine))
  const widths: number[] = []
  for (const row of cells)
    row.slice(0, -1).forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))))
  return cells
    .map((row) =>
      row
        .map((cell, column) =>
          column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const segments = new Intl.Segmenter('en', { granularity: 'grapheme' })
const isWide = /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u

const widthOf = (text: string): number => {
  let width = 0
  for (const { segment } of segments.segment(text)) width += isWide.test(segment) ? 2 : 1
  return width
}
