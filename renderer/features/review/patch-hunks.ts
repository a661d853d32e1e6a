import { hashHunk } from '../../../shared/contract/hunk-hash.ts'
import type { DiffSide } from '../../lib/line-notes.tsx'

export type Side = DiffSide

export interface PatchLine {
  readonly side: Side
  readonly number: number
  readonly text: string
  /** The number of an unchanged line in the old version too. */
  readonly old?: number
}

export interface PatchHunk {
  /** What it is marked by. */
  readonly hash: string
  /** Its first and last changed line, where the eye goes. */
  readonly from: { readonly side: Side; readonly number: number }
  readonly to: { readonly side: Side; readonly number: number }
  /** Every line of it, an unchanged one as it is now. */
  readonly lines: readonly PatchLine[]
}

const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/

/** The hunks of a file's patch, with the numbers its lines have in the two versions. */
export const hunksOf = (patch: string): PatchHunk[] => {
  const lines = patch.split('\n')
  const starts = lines.flatMap((line, at) => (header.test(line) ? [at] : []))
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? lines.length
    const body = lines.slice(start + 1, end)
    while (body.at(-1) === '') body.pop()
    const [, oldStart = '0', newStart = '0'] = header.exec(lines[start] ?? '') ?? []
    return readHunk(body, Number(oldStart), Number(newStart))
  })
}

const readHunk = (body: readonly string[], oldStart: number, newStart: number): PatchHunk => {
  let [oldNumber, newNumber] = [oldStart, newStart]
  const lines: PatchLine[] = []
  const changed: PatchLine[] = []
  for (const line of body) {
    const sign = line[0]
    if (sign === '\\') continue
    const text = line.slice(1)
    const one: PatchLine =
      sign === '-'
        ? { side: 'deletions', number: oldNumber, text }
        : { side: 'additions', number: newNumber, text, ...(sign === '+' ? {} : { old: oldNumber }) }
    if (sign !== '+') oldNumber += 1
    if (sign !== '-') newNumber += 1
    lines.push(one)
    if (sign === '+' || sign === '-') changed.push(one)
  }
  const from = changed[0] ?? lines[0] ?? { side: 'additions' as const, number: newStart }
  const to = changed.at(-1) ?? from
  return { hash: hashHunk(body), from, to, lines }
}

export interface Match {
  readonly rawPath: string
  readonly side: Side
  readonly number: number
}

/** Where a text occurs in the lines of a file, once a line. Capital letters count when there are some in it. */
export const findInPatch = (rawPath: string, patch: string, text: string): Match[] => {
  if (text === '') return []
  const isExact = text !== text.toLowerCase()
  const has = (line: string) => (isExact ? line : line.toLowerCase()).includes(text)
  return hunksOf(patch).flatMap(({ lines }) =>
    lines.filter((line) => has(line.text)).map(({ side, number }) => ({ rawPath, side, number })),
  )
}
