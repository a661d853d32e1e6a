import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEscapeGuard } from './escape-guard.ts'
import { MAX_PIECE_WORK, type GuardedPiece } from './guarded-pieces.ts'
import { createHostileStreams, namedAttacks } from './testing.ts'

/** The promise is tested with 200,000 in the long mode. */
const STREAMS = Number(process.env.SWITCHYARD_TEST_GUARD_STREAMS ?? 40_000)
const size = { cols: 80, rows: 24 }

const guard = (input: string | readonly string[]) => {
  const chunks = typeof input === 'string' ? [input] : input
  const pieces: GuardedPiece[] = []
  const one = createEscapeGuard(size)
  for (const chunk of chunks) pieces.push(...one.push(chunk))
  return {
    output: pieces
      .filter(({ kind }) => kind === 'output')
      .map(({ text }) => text)
      .join(''),
    queries: pieces.filter(({ kind }) => kind === 'query').map(({ text }) => text),
    pieces,
    swallowed: one.swallowedCount(),
  }
}

const everySplit = (text: string) =>
  Array.from({ length: text.length + 1 }, (_, at) => [text.slice(0, at), text.slice(at)])

describe('the escape guard', () => {
  it('passes plain text, colours and what programs draw with unchanged', () => {
    const text =
      'plain\r\n\u001b[1;38;2;1;2;3mred\u001b[m\u001b[10;20H\u001b[?1049h\u001b[2J\u001b(0qqq\u001b(B\u001b7\u001b8 ünï 日本 👩‍👩‍👧‍👦 🇨🇭'
    expect(guard(text)).toMatchObject({ output: text, queries: [], swallowed: 0 })
  })

  it.each([
    ['lines inserted', '\u001b[99999999L', '\u001b[24L'],
    ['lines deleted', '\u001b[4097M', '\u001b[24M'],
    ['scrolling', '\u001b[2147483647S\u001b[2147483647T', '\u001b[24S\u001b[24T'],
    ['repetition', 'a\u001b[99999999b', 'a\u001b[4096b'],
    ['tabs', '\u001b[99999999I\u001b[99999999Z', '\u001b[80I\u001b[80Z'],
    ['characters', '\u001b[99999@\u001b[99999P\u001b[99999X', '\u001b[80@\u001b[80P\u001b[80X'],
    [
      'columns',
      "\u001b[99999'}\u001b[99999'~\u001b[99999 @\u001b[99999 A",
      "\u001b[80'}\u001b[80'~\u001b[80 @\u001b[80 A",
    ],
  ])('limits counts that make a parser loop: %s', (_name, hostile, harmless) => {
    expect(guard(hostile).output).toBe(harmless)
  })

  it('leaves counts alone that a parser limits by itself, as programs measure the screen with them', () => {
    expect(guard('\u001b[9999;9999H\u001b[99999C').output).toBe('\u001b[9999;9999H\u001b[99999C')
  })

  it.each([
    ['device attributes', '\u001b[c'],
    ['secondary attributes', '\u001b[>0c'],
    ['cursor position', '\u001b[6n'],
    ['private status', '\u001b[?996n'],
    ['mode', '\u001b[?2026$p'],
    ['version', '\u001b[>0q'],
    ['keyboard protocol', '\u001b[?u'],
    ['window size', '\u001b[18t'],
    ['background colour', '\u001b]11;?\u0007'],
    ['palette', '\u001b]4;1;?\u0007'],
    ['settings', '\u001bP$qm\u001b\\'],
  ])('takes a question out of the output: %s', (_name, query) => {
    expect(guard(`a${query}b`)).toMatchObject({ output: 'ab', queries: [query] })
  })

  it.each([
    ['reading the clipboard', '\u001b]52;c;?\u0007'],
    ['pictures', '\u001bPq#0;2;0;0;0~~@@\u001b\\'],
    ['application commands', '\u001b_Gf=24;AAAA\u001b\\'],
    ['privacy messages', '\u001b^secret\u001b\\'],
    ['start of string', '\u001bXanything\u001b\\'],
    ['8-bit controls', '\u009b99999999L\u009d0;t\u0090q\u009c'.replace(/[^\u0080-\u009f]/g, '')],
    ['endless strings', `\u001b]2;${'x'.repeat(300_000)}\u0007`],
    ['aborted strings', '\u001b]2;title\u0018'],
    ['endless parameters', `\u001b[${'1;'.repeat(127)}`],
  ])('drops %s', (_name, hostile) => {
    expect(guard(`a${hostile}b`).output).toBe('ab')
  })

  it('clips titles and strips what would mislead in them', () => {
    expect(guard(`\u001b]0;${'long '.repeat(100)}\u0007`).output).toBe(`\u001b]0;${'long '.repeat(40)}\u0007`)
    expect(guard('\u001b]2;safe\u202egpj.exe\u200b\u0009\u001b\\').output).toBe('\u001b]2;safegpj.exe\u0007')
    expect(guard(`\u001b]2;${'x'.repeat(199)}😀\u0007`).output).toBe(`\u001b]2;${'x'.repeat(199)}\u0007`)
  })

  it('lets the clipboard be written, up to 100 KB', () => {
    const write = (bytes: number) => `\u001b]52;c;${'A'.repeat((bytes / 3) * 4)}\u0007`
    expect(guard(write(99_000)).output).toBe(write(99_000))
    expect(guard(write(120_000)).output).toBe('')
  })

  it('ends a grapheme cluster that would grow for ever, also across chunks and dropped sequences', () => {
    const marks = '\u0301'.repeat(10_000)
    expect(guard(`e${marks}`).output.length).toBeLessThan(100)
    expect(guard(['e', ...marks.split('')]).output).toBe(guard(`e${marks}`).output)
    expect(guard(`e${'\u0301\u001b_x\u001b\\'.repeat(1000)}`).output.length).toBeLessThan(100)
    expect(guard('👩‍'.repeat(5000)).output.length).toBeLessThan(300)
  })

  it('limits the links that are alive, and closes one that is left open', () => {
    const links = Array.from(
      { length: 5000 },
      (_, n) => `\u001b]8;;https://a.example/${n}\u0007x\u001b]8;;\u0007`,
    ).join('')
    expect(guard(links).output.match(/https/g)).toHaveLength(2048)
    const open = guard(`\u001b]8;;https://a.example/\u0007${'line\n'.repeat(200)}`)
    expect(open.output.indexOf('\u001b]8;;\u0007')).toBeGreaterThan(0)
    const long = guard(`\u001b]8;;https://a.example/\u0007${'x'.repeat(50_000)}`)
    expect(long.output.indexOf('\u001b]8;;\u0007')).toBeLessThan(17_000)
  })

  it('gives the same for any cut of named attacks, at every character', () => {
    for (const attack of namedAttacks) {
      const whole = guard(attack)
      const cuts = attack.length > 2000 ? [attack.split('')] : everySplit(attack)
      for (const chunks of cuts) {
        const cut = guard(chunks)
        expect([cut.output, cut.queries]).toEqual([whole.output, whole.queries])
      }
    }
  })

  it(`lets none of ${STREAMS} generated streams through that costs more than its share`, { timeout: 300_000 }, () => {
    const streams = createHostileStreams(20_261_121)
    for (let stream = 0; stream < STREAMS; stream += 1) {
      const text = streams.next()
      const whole = guard(text)
      const at = streams.random(text.length + 1)
      const cut = guard([text.slice(0, at), text.slice(at)])
      if (cut.output !== whole.output || String(cut.queries) !== String(whole.queries)) {
        expect({ text, at, output: cut.output }).toEqual({ text, at, output: whole.output })
      }
      const highest = highestLoopCount(whole.output)
      if (highest > 4096 || whole.pieces.some(({ work }) => work > MAX_PIECE_WORK + 40_000))
        expect({ text, highest }).toBe('harmless')
      if (/[\u0080-\u009f]|\u001b[P_^X]|\u001b\]52;[^;]*;\?/.test(whole.output))
        expect({ text, output: whole.output }).toBe('harmless')
    }
  })

  it('costs no more than a few nanoseconds a character of plain text: it makes one piece for each 8,192', () => {
    const { pieces } = guard('x'.repeat(1_000_000))
    expect(pieces).toHaveLength(Math.ceil(1_000_000 / MAX_PIECE_WORK))
  })

  it('never splits a pair of surrogates between pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('😀', 'a', '日', '\n', '\u001b[1m'), { maxLength: 4000 }), (parts) => {
        for (const { text } of guard(parts.join('')).pieces) {
          expect(/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(text)).toBe(false)
        }
      }),
      { numRuns: 200 },
    )
  })
})

/** The highest number in sequences whose count a parser loops over. */
const highestLoopCount = (text: string): number => {
  let highest = 0
  for (const [, parameters = '', final = ''] of text.matchAll(/\u001b\[([\d;: ']*)([LMSTbZI@PX}~A])/g)) {
    const isLoop = final === 'A' ? parameters.includes(' ') : !'}~'.includes(final) || parameters.includes("'")
    for (const digits of isLoop ? (parameters.match(/\d+/g) ?? []) : []) highest = Math.max(highest, Number(digits))
  }
  return highest
}
