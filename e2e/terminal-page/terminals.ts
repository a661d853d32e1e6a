import type * as Serialize from '@xterm/addon-serialize'
import type * as Graphemes from '@xterm/addon-unicode-graphemes'
import type * as Headless from '@xterm/headless'
import { createRequire } from 'node:module'
import { spawn, type IPty } from 'node-pty'
import type { TerminalFrame } from '../../shared/terminal/frames.ts'

// CommonJS without named exports, as Node reads them.
const require = createRequire(import.meta.url)
const { Terminal } = require('@xterm/headless') as typeof Headless
const { SerializeAddon } = require('@xterm/addon-serialize') as typeof Serialize
const { UnicodeGraphemesAddon } = require('@xterm/addon-unicode-graphemes') as typeof Graphemes

/** A program on a real terminal, and a screen that never left it: what the page must show. */
export interface LiveTerminal {
  readonly attach: (signal: AbortSignal | undefined) => AsyncGenerator<TerminalFrame, void, void>
  readonly write: (writerId: string, seq: number, data: string) => void
  readonly resize: (cols: number, rows: number) => void
  readonly size: () => { readonly cols: number; readonly rows: number }
  /** The whole text of screen and history, without empty ends. */
  readonly text: () => Promise<string>
  /** The rows that are on the screen now. */
  readonly rows: () => Promise<string[]>
  readonly attachCount: () => number
  /** How many views receive now. */
  readonly viewerCount: () => number
  /** Everything that was typed, in order. */
  readonly typed: () => string
  readonly kill: () => void
}

export interface Launch {
  readonly argv: readonly [string, ...string[]]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** The smallest host there can be: one process, no limits. The real one is tested in its own place. */
export const launchTerminal = ({ argv: [file, ...args], cwd, env }: Launch): LiveTerminal => {
  const pty: IPty = spawn(file, args, { cols: 80, rows: 24, cwd, env, name: 'xterm-256color', encoding: 'utf8' })
  const screen = new Terminal({ cols: 80, rows: 24, scrollback: 5000, allowProposedApi: true, logLevel: 'off' })
  const serialize = new SerializeAddon()
  screen.loadAddon(serialize)
  screen.loadAddon(new UnicodeGraphemesAddon())
  screen.unicode.activeVersion = '15-graphemes'
  const viewers = new Set<(frame: TerminalFrame) => void>()
  const lastSeq = new Map<string, number>()
  let offset = 0
  let attaches = 0
  let typed = ''
  const tell = (frame: TerminalFrame) => {
    for (const viewer of viewers) viewer(frame)
  }
  pty.onData((text) => {
    screen.write(text)
    tell({ kind: 'data', offset, text })
    offset += text.length
  })
  pty.onExit(({ exitCode }) => tell({ kind: 'exited', code: exitCode, signal: null }))
  // Answers of the screen go to the program, as in the real host; the page must give none.
  screen.onData((answer) => pty.write(answer))
  const drained = () => new Promise<void>((resolve) => screen.write('', resolve))

  async function* attach(signal: AbortSignal | undefined): AsyncGenerator<TerminalFrame, void, void> {
    attaches += 1
    await drained()
    const queue: TerminalFrame[] = [
      { kind: 'snapshot', offset, cols: screen.cols, rows: screen.rows, text: serialize.serialize() },
    ]
    let wake = () => {}
    const viewer = (frame: TerminalFrame) => {
      queue.push(frame)
      wake()
    }
    viewers.add(viewer)
    signal?.addEventListener('abort', () => wake())
    try {
      while (signal?.aborted !== true) {
        const frame = queue.shift()
        if (frame !== undefined) yield frame
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      viewers.delete(viewer)
    }
  }

  return {
    attach,
    write: (writerId, seq, data) => {
      if (seq <= (lastSeq.get(writerId) ?? -1)) return
      lastSeq.set(writerId, seq)
      typed += data
      pty.write(data)
    },
    resize: (cols, rows) => {
      if (cols === screen.cols && rows === screen.rows) return
      pty.resize(cols, rows)
      screen.resize(cols, rows)
      tell({ kind: 'resized', cols, rows })
    },
    size: () => ({ cols: screen.cols, rows: screen.rows }),
    text: async () => {
      await drained()
      const lines = Array.from({ length: screen.buffer.active.length }, (_, row) =>
        screen.buffer.active.getLine(row)?.translateToString(true),
      )
      return lines.join('\n').trimEnd()
    },
    rows: async () => {
      await drained()
      const { active } = screen.buffer
      return Array.from({ length: screen.rows }, (_, row) =>
        (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
      )
    },
    attachCount: () => attaches,
    viewerCount: () => viewers.size,
    typed: () => typed,
    kill: () => pty.kill('SIGKILL'),
  }
}
