import { Terminal } from '@xterm/headless'
import { describe, expect, it } from 'vitest'
import { createFocusReporter, isFocusReport, silenceQueries } from './query-silence.ts'

const queries = {
  'primary attributes': '\x1b[c',
  'secondary attributes': '\x1b[>c',
  'tertiary attributes': '\x1b[=c',
  status: '\x1b[5n',
  'cursor position': '\x1b[6n',
  'cursor position, private': '\x1b[?6n',
  'mode, private': '\x1b[?2004$p',
  mode: '\x1b[4$p',
  'size in cells': '\x1b[18t',
  'size in pixels': '\x1b[14t',
  'cell size': '\x1b[16t',
  title: '\x1b[21t',
  version: '\x1b[>q',
  'keyboard protocol': '\x1b[?u',
  settings: '\x1bP$qm\x1b\\',
  terminfo: '\x1bP+q544e\x1b\\',
  'foreground colour': '\x1b]10;?\x07',
  'background colour': '\x1b]11;?\x1b\\',
  'cursor colour': '\x1b]12;?\x07',
  'indexed colour': '\x1b]4;1;?\x07',
}

const write = (terminal: Terminal, data: string) => new Promise<void>((resolve) => terminal.write(data, resolve))

const createTerminal = () => {
  const terminal = new Terminal({ allowProposedApi: true, logLevel: 'off', windowOptions: { getWinSizeChars: true } })
  const answers: string[] = []
  terminal.onData((data) => answers.push(data))
  return { terminal, answers }
}

describe('queries of programs', () => {
  it('would be answered by a plain xterm, so that this test means something', async () => {
    const { terminal, answers } = createTerminal()
    for (const query of Object.values(queries)) await write(terminal, query)
    expect(answers.length).toBeGreaterThan(6)
  })

  for (const [name, query] of Object.entries(queries)) {
    it(`are not answered in the page: ${name}`, async () => {
      const { terminal, answers } = createTerminal()
      silenceQueries(terminal.parser)
      for (const character of query) await write(terminal, character)
      await write(terminal, `before${query}after`)
      expect(answers).toEqual([])
      expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe('beforeafter')
    })
  }

  it('leaves the rest of what is printed alone', async () => {
    const { terminal } = createTerminal()
    silenceQueries(terminal.parser)
    await write(terminal, '\x1b[?2004h\x1b[2;3Hhere')
    expect(terminal.modes.bracketedPasteMode).toBe(true)
    expect(terminal.buffer.active.getLine(1)?.translateToString(true)).toBe('  here')
  })
})

describe('focus reports', () => {
  it('are recognised among what xterm sends', async () => {
    expect(isFocusReport('\x1b[I')).toBe(true)
    expect(isFocusReport('\x1b[O')).toBe(true)
    expect(isFocusReport('\x1bOA')).toBe(false)
  })

  it('are sent for changes only, and to programs that want them', () => {
    const sent: string[] = []
    let isWanted = true
    const report = createFocusReporter({ isWanted: () => isWanted, send: (data) => sent.push(data) })
    report(false)
    report(true)
    report(true)
    report(false)
    isWanted = false
    report(true)
    isWanted = true
    report(false)
    expect(sent).toEqual(['\x1b[I', '\x1b[O', '\x1b[O'])
  })
})
