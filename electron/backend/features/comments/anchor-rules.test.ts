import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findAnchor, linesOfText, mapRange, takeLines, type ChangedLines, type WrittenLines } from './anchor-rules.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line number ${at + 1}`)
const take = (lines: readonly string[], from: number, to = from): WrittenLines => {
  const taken = takeLines(lines, { from, to })
  if (!taken) throw new Error(`there are no lines ${from} to ${to}`)
  return taken
}

interface Edit {
  /** After so many unchanged lines since the edit before. */
  readonly skip: number
  readonly lines: number
  readonly inserted: readonly string[]
}

/** The new version, and what differs, as git tells it. */
const edited = (old: readonly string[], edits: readonly Edit[]) => {
  const changes: ChangedLines[] = []
  const next: string[] = []
  let at = 0
  for (const { skip, lines, inserted } of edits) {
    const start = at + skip
    const removed = Math.min(lines, old.length - start)
    if (start > old.length || (removed === 0 && inserted.length === 0)) continue
    next.push(...old.slice(at, start), ...inserted)
    changes.push({ start: removed === 0 ? start : start + 1, lines: removed, newLines: inserted.length })
    at = start + removed
  }
  return { changes, oldLines: old, newLines: [...next, ...old.slice(at)] }
}

const text = fc.constantFrom('}', '', '  return null', 'const answer = 42', 'function whatever() {', 'x')
const file = fc.array(text, { minLength: 1, maxLength: 40 })
const edits = fc.array(
  fc.record({
    // Two edits of git have at least one unchanged line between them.
    skip: fc.integer({ min: 1, max: 6 }),
    lines: fc.integer({ min: 0, max: 4 }),
    inserted: fc.array(text, { maxLength: 4 }),
  }),
  { maxLength: 6 },
)
const scene = fc
  .record({ old: file, edits, from: fc.nat(), more: fc.nat(4) })
  .map(({ old, edits: some, from, more }) => {
    const first = 1 + (from % old.length)
    return { old, ...edited(old, some), written: take(old, first, Math.min(old.length, first + more)) }
  })

describe('the place of lines in a newer version', () => {
  it('is where their very text stands, whatever was done around them', () => {
    fc.assert(
      fc.property(scene, ({ written, ...versions }) => {
        const anchor = findAnchor(written, versions)
        const { isTouched } = mapRange(versions.changes, written)
        if (!isTouched) expect(anchor.kind).toBe('kept')
        if (anchor.kind === 'kept') expect(versions.newLines.slice(anchor.from - 1, anchor.to)).toEqual(written.lines)
      }),
      { numRuns: 2000 },
    )
  })

  it('lies within the newer version, and is the same without its text as long as nothing touched it', () => {
    fc.assert(
      fc.property(scene, ({ written, changes, newLines }) => {
        const anchor = findAnchor(written, { changes, oldLines: null, newLines: null })
        const mapped = mapRange(changes, written)
        expect(anchor.kind === 'outdated' && mapped.survivors > 0).toBe(false)
        if (anchor.kind === 'outdated') return
        expect(anchor.from).toBeGreaterThanOrEqual(1)
        expect(anchor.from).toBeLessThanOrEqual(newLines.length + 1)
        expect(anchor.to).toBeLessThanOrEqual(newLines.length)
        expect(anchor.to).toBeGreaterThanOrEqual(anchor.from - 1)
        expect(anchor.kind).toBe(mapped.isTouched ? 'changed' : 'kept')
      }),
      { numRuns: 2000 },
    )
  })

  it('of two steps is that of both together, while nothing touches the lines', () => {
    fc.assert(
      fc.property(file, edits, edits, fc.nat(), (old, first, second, from) => {
        const one = edited(old, first)
        const two = edited(one.newLines, second)
        const written = take(old, 1 + (from % old.length))
        const middle = mapRange(one.changes, written)
        if (middle.isTouched) return
        const there = take(one.newLines, middle.from, middle.to)
        const end = mapRange(two.changes, there)
        if (!end.isTouched) expect(two.newLines[end.from - 1]).toBe(written.lines[0])
      }),
      { numRuns: 500 },
    )
  })

  it.each<[string, readonly ChangedLines[], [number, number], object]>([
    ['lines come before', [{ start: 0, lines: 0, newLines: 2 }], [5, 6], { kind: 'kept', from: 7, to: 8 }],
    ['lines come right above', [{ start: 4, lines: 0, newLines: 1 }], [5, 6], { kind: 'kept', from: 6, to: 7 }],
    ['lines come right below', [{ start: 6, lines: 0, newLines: 1 }], [5, 6], { kind: 'kept', from: 5, to: 6 }],
    ['a line comes between', [{ start: 5, lines: 0, newLines: 1 }], [5, 6], { kind: 'changed', from: 5, to: 7 }],
    ['one of them is another', [{ start: 6, lines: 1, newLines: 1 }], [5, 6], { kind: 'changed', from: 5, to: 6 }],
    ['all became more', [{ start: 5, lines: 2, newLines: 4 }], [5, 6], { kind: 'changed', from: 5, to: 8 }],
    ['all went', [{ start: 5, lines: 2, newLines: 0 }], [5, 6], { kind: 'changed', from: 5, to: 4 }],
    ['the last one went', [{ start: 6, lines: 1, newLines: 0 }], [5, 6], { kind: 'changed', from: 5, to: 5 }],
    ['what was around went too', [{ start: 4, lines: 4, newLines: 1 }], [5, 6], { kind: 'changed', from: 4, to: 4 }],
    [
      'two changes reach in',
      [
        { start: 3, lines: 3, newLines: 1 },
        { start: 7, lines: 2, newLines: 5 },
      ],
      [5, 7],
      { kind: 'changed', from: 3, to: 9 },
    ],
  ])('is right when %s', (_name, changes, [from, to], expected) => {
    const written = take(numbered(12), from, to)
    expect(findAnchor(written, { changes, oldLines: null, newLines: null })).toEqual(expected)
  })
})

describe('lines that were moved', () => {
  const old = ['function first() {', '  return 1', '}', '', 'function second() {', '  return 2', '}', '', 'const z = 0']
  const cut = (lines: readonly string[]) => ({
    oldLines: old,
    newLines: [...lines],
    changes: [
      { start: 1, lines: 4, newLines: 0 },
      { start: 9, lines: 0, newLines: 4 },
    ],
  })

  it('are found where they were put', () => {
    const versions = cut([...old.slice(4), ...old.slice(0, 4)])
    expect(findAnchor(take(old, 1), versions)).toEqual({ kind: 'kept', from: 6, to: 6 })
  })

  it('are not taken for others that look alike: a bracket, or a line that was there twice', () => {
    const bracket = findAnchor(take(old, 3), cut([...old.slice(4), 'const q = 1', '}']))
    expect(bracket.kind).not.toBe('kept')
    const twice = ['  return null', '', 'first()', '  return null', 'second()']
    const changes = [{ start: 1, lines: 1, newLines: 1 }]
    const newLines = ['  return undefined', ...twice.slice(1)]
    expect(findAnchor(take(twice, 1), { changes, oldLines: twice, newLines }).kind).toBe('changed')
  })

  it('are found by those around them even if they are a bracket', () => {
    const versions = cut([...old.slice(4), ...old.slice(0, 4), ...old.slice(4, 5)])
    const alone = { ...versions, newLines: ['// new', ...old.slice(0, 6)], changes: null }
    expect(findAnchor(take(old, 3), alone)).toEqual({ kind: 'kept', from: 4, to: 4 })
  })
})

describe('lines that left no trace', () => {
  it('are outdated: when all around them went, or was rewritten far and wide', () => {
    const written = take(numbered(12), 5, 6)
    const went = [{ start: 2, lines: 8, newLines: 0 }]
    const rewritten = [{ start: 1, lines: 12, newLines: 90 }]
    for (const changes of [went, rewritten])
      expect(findAnchor(written, { changes, oldLines: null, newLines: null })).toEqual({
        kind: 'outdated',
        why: 'lines-gone',
      })
  })

  it('are found again by their text alone when the version they were in cannot be read', () => {
    const written = take(numbered(12), 5, 6)
    const versions = { changes: null, oldLines: null }
    expect(findAnchor(written, { ...versions, newLines: ['', ...numbered(8)] })).toEqual({
      kind: 'kept',
      from: 6,
      to: 7,
    })
    expect(findAnchor(written, { ...versions, newLines: ['', 'else'] }).kind).toBe('outdated')
  })

  it('are not believed where the difference says they are but their text is not: the file is no text any more', () => {
    const versions = { changes: [], oldLines: null, newLines: ['\u0000\u0001'] }
    expect(findAnchor(take(numbered(4), 2), versions).kind).toBe('outdated')
  })
})

describe('the lines of a text', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['\n', ['']],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['a\n\n', ['a', '']],
  ])('of %j are %j', (whole, lines) => expect(linesOfText(whole)).toEqual(lines))

  it('are kept with three around them, and refused where they are not', () => {
    expect(take(numbered(9), 5)).toMatchObject({ before: numbered(4).slice(1), after: numbered(8).slice(5) })
    expect(take(numbered(2), 1, 2)).toMatchObject({ before: [], after: [], lines: numbered(2) })
    for (const range of [
      { from: 0, to: 1 },
      { from: 3, to: 2 },
      { from: 9, to: 10 },
    ])
      expect(takeLines(numbered(9), range)).toBeNull()
  })
})
