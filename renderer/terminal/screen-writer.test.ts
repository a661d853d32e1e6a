import { SerializeAddon } from '@xterm/addon-serialize'
import { Terminal } from '@xterm/headless'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TerminalFrame } from '../../shared/terminal/frames.ts'
import { createScreenWriter, type ScreenGuard } from './screen-writer.ts'

const createTerminal = (cols = 80, rows = 24) => {
  const terminal = new Terminal({ cols, rows, allowProposedApi: true, logLevel: 'off', scrollback: 500 })
  const serialize = new SerializeAddon()
  // The addon is typed for the page's xterm; it uses only what both have.
  terminal.loadAddon(serialize)
  return { terminal, serialize: () => serialize.serialize() }
}

const noGuard = (): ScreenGuard => ({ push: (text) => text, resize: () => {} })

const writerOn = (terminal: Terminal, guard = noGuard) => {
  const writer = createScreenWriter(terminal, guard)
  return (frame: TerminalFrame) => new Promise<void>((resolve) => writer.draw(frame, resolve))
}

const snapshot = (text: string, cols = 80, rows = 24, offset = 0): TerminalFrame => ({
  kind: 'snapshot',
  offset,
  cols,
  rows,
  text,
})

describe('drawing frames', () => {
  it('replaces everything by a snapshot: text, modes, colours and size', async () => {
    const { terminal, serialize } = createTerminal()
    const draw = writerOn(terminal)
    await draw(snapshot('old\x1b[?2004h\x1b[31mred\x1b[?1049halternate', 100, 30))
    await draw(snapshot('\x1b[32mnew', 60, 10))
    expect([terminal.cols, terminal.rows]).toEqual([60, 10])
    expect(serialize()).toBe('\x1b[32mnew')
    expect(terminal.modes.bracketedPasteMode).toBe(false)
    expect(terminal.buffer.active.type).toBe('normal')
  })

  it('never leaves the picture held', async () => {
    const { terminal } = createTerminal()
    await writerOn(terminal)(snapshot('x'))
    expect(terminal.modes.synchronizedOutputMode).toBe(false)
  })

  it('resizes between the output before and the output after', async () => {
    const { terminal } = createTerminal(20, 5)
    const writer = createScreenWriter(terminal, noGuard)
    const order: number[] = []
    writer.draw({ kind: 'data', offset: 0, text: `\x1b[999C1` }, () => order.push(terminal.cols))
    writer.draw({ kind: 'resized', cols: 40, rows: 5 }, () => order.push(terminal.cols))
    await new Promise<void>((resolve) =>
      writer.draw({ kind: 'data', offset: 9, text: `\r\n\x1b[999C2` }, () => {
        order.push(terminal.cols)
        resolve()
      }),
    )
    expect(order).toEqual([20, 40, 40])
    expect(terminal.buffer.active.getLine(0)?.translateToString(true).length).toBe(20)
    expect(terminal.buffer.active.getLine(1)?.translateToString(true).length).toBe(40)
  })

  it('gives data the guard that saw what came before, and each snapshot a new one', async () => {
    const { terminal } = createTerminal()
    const seen: string[][] = []
    const draw = writerOn(terminal, () => {
      const texts: string[] = []
      seen.push(texts)
      return {
        push: (text) => {
          texts.push(text)
          return text.toUpperCase()
        },
        resize: ({ cols, rows }) => void texts.push(`${cols}×${rows}`),
      }
    })
    await draw(snapshot('a'))
    await draw({ kind: 'data', offset: 0, text: 'b' })
    await draw({ kind: 'resized', cols: 90, rows: 24 })
    await draw(snapshot('c'))
    await draw({ kind: 'data', offset: 0, text: 'd' })
    expect(seen).toEqual([[], ['b', '90×24'], ['d']])
    expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe('cD')
  })

  it('keeps the place a person scrolled to', async () => {
    const { terminal } = createTerminal(20, 5)
    const draw = writerOn(terminal)
    const lines = (count: number) => Array.from({ length: count }, (_, at) => `line ${at}`).join('\r\n')
    await draw(snapshot(lines(100), 20, 5))
    terminal.scrollLines(-30)
    const before = terminal.buffer.active.baseY - terminal.buffer.active.viewportY
    await draw(snapshot(lines(120), 20, 5))
    expect(terminal.buffer.active.baseY - terminal.buffer.active.viewportY).toBe(before)
  })

  it('gives the same screen as a terminal that saw everything from the start', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.constantFrom(
        '\r\n',
        '\x1b[2J',
        '\x1b[H',
        '\x1b[5;5H',
        '\x1b[1;31m',
        '\x1b[0m',
        '\x1b[?1049h',
        '\x1b[?1049l',
        '日本',
        '👩‍👩‍👧',
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.nat(30), async (pieces, cut) => {
        const whole = createTerminal(30, 8)
        const first = createTerminal(30, 8)
        const viewer = createTerminal(50, 20)
        const all = (list: string[]) => ({ kind: 'data', offset: 0, text: list.join('') }) as const
        await writerOn(whole.terminal)(all(pieces))
        await writerOn(first.terminal)(all(pieces.slice(0, cut)))
        const draw = writerOn(viewer.terminal)
        await draw(snapshot('something old\x1b[?1049h', 50, 20))
        await draw(snapshot(first.serialize(), 30, 8))
        await draw(all(pieces.slice(cut)))
        const text = (terminal: Terminal) =>
          Array.from({ length: 8 }, (_, row) =>
            terminal.buffer.active.getLine(terminal.buffer.active.baseY + row)?.translateToString(true),
          )
        expect(text(viewer.terminal)).toEqual(text(whole.terminal))
        expect(viewer.terminal.buffer.active.type).toBe(whole.terminal.buffer.active.type)
      }),
      { numRuns: 60 },
    )
  })
})
