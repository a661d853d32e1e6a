import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { createEscapeGuard } from '../../shared/terminal/escape-guard.ts'
import { createHostileStreams, namedAttacks } from '../../shared/terminal/testing.ts'
import { createOutputPump } from './output-pump.ts'
import { createScreen, type Screen, type ScreenListeners } from './screen.ts'
import { defaultPalette } from './terminal-colors.ts'

/** The promise is tested with 200,000 in the long mode. */
const STREAMS = Number(process.env.SWITCHYARD_TEST_PARSER_STREAMS ?? 20_000)
const CHUNKINGS = Number(process.env.SWITCHYARD_TEST_CHUNKINGS ?? 300)
/** Processor time of this thread, not the clock: the promise is about our work, and a busy machine must not break it. */
const MOST_CPU_MS = 100

const screens: Screen[] = []
afterEach(() => {
  for (const screen of screens.splice(0)) screen.dispose()
})

const size = { cols: 80, rows: 24 }
const open = (heard: Partial<ScreenListeners> = {}) => {
  const ignore = () => undefined
  const listeners = {
    reply: ignore,
    titleChanged: ignore,
    bell: ignore,
    cwdChanged: ignore,
    notified: ignore,
    ...heard,
  }
  const screen = createScreen({ ...size, scrollbackRows: 1000, palette: () => defaultPalette, listeners })
  screens.push(screen)
  return screen
}

/** What a terminal makes of bytes that arrive in these chunks. */
const screenOf = (chunks: readonly Uint8Array[]) => {
  const screen = open()
  const pump = createOutputPump({
    size,
    scheduler: {
      ready: (job) => {
        while (job.hasPending()) job.parseOne()
      },
      remove: () => undefined,
    },
    isFocused: () => false,
    parse: (piece) => screen.parse(piece.text),
    parsed: () => undefined,
    readMore: () => new Uint8Array(),
    pause: () => undefined,
    resume: () => undefined,
  })
  for (const chunk of chunks) pump.receive(chunk)
  pump.end()
  return screen
}

const cut = (bytes: Uint8Array, at: readonly number[]) => {
  const places = [0, ...[...at].sort((a, b) => a - b).map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  )
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place))
}

const bytesOf = fc.array(
  fc.oneof(
    fc
      .constantFrom(
        'plain text ',
        '日本語テキスト',
        '한국어',
        '👩‍👩‍👧‍👦',
        '🇨🇭🇯🇵',
        'e\u0301\u0302',
        '\r\n',
        '\u001b[31m',
        '\u001b[5;5H',
        '\u001b]2;title\u0007',
      )
      .map((text) => Buffer.from(text)),
    fc.uint8Array({ minLength: 1, maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom([0xf0, 0x9f], [0xe2, 0x82], [0xc3], [0xff, 0xfe], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf])
      .map((bytes) => Buffer.from(bytes)),
  ),
  { minLength: 1, maxLength: 60 },
)

describe('a screen', () => {
  it(`is the same however its output was cut, ${CHUNKINGS} times`, { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(bytesOf, fc.array(fc.nat(), { maxLength: 12 }), (parts, places) => {
        const bytes = Buffer.concat(parts)
        const whole = screenOf([bytes]).serialise(1000)
        expect(screenOf(cut(bytes, places)).serialise(1000)).toBe(whole)
        expect(screenOf(Array.from(bytes, (byte) => Uint8Array.of(byte))).serialise(1000)).toBe(whole)
      }),
      { numRuns: CHUNKINGS },
    )
  })

  it('shows replacement characters for bytes that are no text', () => {
    expect(screenOf([Buffer.from([0x61, 0xff, 0x62, 0xe2, 0x82])]).plainText()).toBe('a\ufffdb\ufffd')
  })

  it(
    `spends no ${MOST_CPU_MS} ms on a piece of the named attacks, nor of ${STREAMS} generated streams`,
    { timeout: 600_000 },
    () => {
      const screen = open()
      const guard = createEscapeGuard(size)
      let worst = { cpuMs: 0, text: '' }
      let parsed = 0
      const cpuMsOf = (text: string) => {
        const before = process.threadCpuUsage()
        screen.parse(text)
        const { user, system } = process.threadCpuUsage(before)
        return (user + system) / 1000
      }
      const feed = (text: string) => {
        for (const piece of guard.push(text)) {
          let cpuMs = cpuMsOf(piece.text)
          // What costs much costs it each time; a collection of garbage that fell into it does not.
          for (let again = 0; again < 3 && cpuMs > worst.cpuMs; again += 1) cpuMs = Math.min(cpuMs, cpuMsOf(piece.text))
          parsed += 1
          if (cpuMs > worst.cpuMs) worst = { cpuMs, text: piece.text.slice(0, 200) }
        }
      }
      const streams = createHostileStreams(7)
      for (let stream = 0; stream < STREAMS; stream += 1) feed(streams.next())
      for (const attack of namedAttacks) feed(attack.length < 3000 ? attack.repeat(200) : attack)
      // The rows are full of links and clusters now: what scrolls and redraws must stay cheap.
      for (const flood of [
        '\n',
        'y\r\n',
        '\u001b[24L',
        '\u001b[24S',
        '\u001b[2J',
        '\u001bM',
        '\u001bc',
        '\u0007',
        'x\u001b[4096b',
      ])
        feed(flood.repeat(2000))
      expect(parsed).toBeGreaterThan(STREAMS)
      expect(worst.cpuMs, worst.text).toBeLessThan(MOST_CPU_MS)
    },
  )

  it('erases to the cursor in the bottom right corner, where the parser would throw', () => {
    const screen = open()
    screen.parse('some text\u001b[24;80Hx\u001b[1Jafter')
    expect(screen.plainText().trim()).toBe('after')
  })

  it('answers with the colours of the page, and those the program has set instead', () => {
    const replies: string[] = []
    const screen = open({ reply: (text) => replies.push(text) })
    screen.parse('\u001b]10;?\u0007\u001b]11;?\u0007\u001b]12;?\u0007\u001b]4;1;?;255;?;16;?;231;?\u0007')
    screen.parse('\u001b]4;1;#010203\u0007\u001b]11;#aabbcc\u0007\u001b]4;1;?\u0007\u001b]11;?\u0007')
    screen.parse('\u001b]104;1\u0007\u001b]111\u0007\u001b]4;1;?\u0007\u001b]11;?\u0007')
    expect(
      replies
        .join('')
        .split('\u001b\\')
        .slice(0, -1)
        .map((reply) => reply.slice(2)),
    ).toEqual([
      '10;rgb:d4d4/d4d4/d4d4',
      '11;rgb:1e1e/1e1e/1e1e',
      '12;rgb:d4d4/d4d4/d4d4',
      '4;1;rgb:cdcd/3131/3131',
      '4;255;rgb:eeee/eeee/eeee',
      '4;16;rgb:0000/0000/0000',
      '4;231;rgb:ffff/ffff/ffff',
      '4;1;rgb:0101/0202/0303',
      '11;rgb:aaaa/bbbb/cccc',
      '4;1;rgb:cdcd/3131/3131',
      '11;rgb:1e1e/1e1e/1e1e',
    ])
  })

  it('keeps the colours, the title and the cursor of the program in what it serialises', () => {
    const screen = open()
    screen.parse('\u001b]4;3;#010203\u0007\u001b]12;#ff0000\u0007\u001b]2;the title\u0007\u001b[?12h')
    const copy = open()
    copy.parse(screen.serialise(0))
    expect(copy.title()).toBe('the title')
    expect(copy.serialise(0)).toBe(screen.serialise(0))
    expect(screen.serialise(0)).toContain('\u001b]4;3;#010203\u0007\u001b]12;#ff0000\u0007')
    screen.parse('\u001bc')
    expect(screen.serialise(0)).not.toContain('#010203')
  })

  it('gives its text with wrapped lines joined and the alternate screen after the normal one', () => {
    const screen = open()
    screen.parse(`${'long '.repeat(30)}\r\nnext\u001b[?1049h\u001b[Halternate`)
    expect(screen.plainText()).toBe(`${'long '.repeat(30)}\nnext${'\n'.repeat(22)}alternate`)
  })
})
