import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TerminalId } from '../../../../shared/lib/ids.ts'
import type { TerminalFrame } from '../../../../shared/terminal/frames.ts'
import { describeTerminal } from '../../../pty-host/testing.ts'
import { coreOf, createHeadlessTerminal } from '../../../pty-host/xterm-internals.ts'
import { openTestHost, specOf, view, type TestHost } from './testing.ts'

/** Keys and what the screen has to show before the next ones are typed. */
type Step = readonly [keys: string, shows: RegExp]

interface Program {
  readonly name: string
  readonly file: string
  readonly argv: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** While it is watched, while nobody looks, and after somebody looks again. */
  readonly watched: readonly Step[]
  readonly alone: readonly Step[]
  readonly again: readonly Step[]
}

const claude = resolve(import.meta.dirname, '../../../../node_modules/@anthropic-ai/claude-code/bin/claude.exe')
const wide = "for i in $(seq 1 80); do printf '日本語 e\\u0301 👩‍👩‍👧 🇨🇭 한글 %d ａｂ\\n' $i; done; printf '%s' 'ends 日'"
const colors =
  'for i in $(seq 0 255); do printf "\\033[38;5;%dm%4d\\033[48;2;%d;%d;80m \\033[m" $i $i $i $((255-i)); done; printf "\\033[4:3;58;5;9mcurly\\033[m\\033[1;3;9mall\\033[m done"'
const dialog =
  'printf "\\033[?1049h\\033[2J\\033[3;20r\\033[?25l\\033(0lqqqqqqqqk\\033(B\\033[5;5H\\033[7m < Yes > \\033[m  < No >\\033[10;10H"; stty -echo; read answer; printf "\\033[5;5H < Yes >  \\033[7m< No >\\033[m"; read again; printf "\\033[?1049l\\033[rleft dialog"; read end'

const programs: readonly Program[] = [
  {
    name: 'vim',
    file: 'vim',
    argv: ['vim', '-u', 'NONE', '-N', '-i', 'NONE', 'long.txt'],
    watched: [
      ['', /line 1/],
      ['ihello 日本\u001b', /hello 日本/],
    ],
    alone: [
      [':set number\r', / 20 line/],
      ['50Gdd', /line 51/],
    ],
    again: [[':set hlsearch\r/line 6\r', /line 60/]],
  },
  {
    name: 'nano',
    file: 'nano',
    argv: ['nano', '-I', 'long.txt'],
    watched: [
      ['', /GNU nano/],
      ['typed text', /typed text/],
    ],
    alone: [['\u0016\u0016', /line 4\d/]],
    again: [['\u0017needle\r', /needle here/]],
  },
  {
    name: 'less',
    file: 'less',
    argv: ['less', '-R', 'long.txt'],
    watched: [['', /line 20/]],
    alone: [['G', /line 299/]],
    again: [['?needle\r', /needle here/]],
  },
  {
    name: 'mc',
    file: 'mc',
    argv: ['mc', '-u', '-c'],
    watched: [['', /long\.txt/]],
    alone: [['\u001b[B\u001b[B\t', /long\.txt/]],
    again: [['\u001b9', /File.*Command/]],
  },
  {
    name: 'top',
    file: 'top',
    argv: ['top', '-d', '1'],
    watched: [['', /load average/]],
    alone: [['1', /Cpu0/]],
    again: [['t', /load average/]],
  },
  {
    name: 'htop',
    file: 'htop',
    argv: ['htop', '-d', '5'],
    watched: [['', /Load average/]],
    alone: [['\u001b[B\u001b[B', /Tasks/]],
    again: [['\u001bOQ', /./]],
  },
  {
    name: 'tmux',
    file: 'tmux',
    argv: ['tmux', '-L', `switchyard-${process.pid}`, '-f', '/dev/null', 'new-session', 'sh'],
    watched: [
      ['', /[#$] /],
      ['echo one\r', /one\s/],
    ],
    alone: [
      ['\u0002%', /│/],
      ['echo two\r', /two\s/],
    ],
    again: [['\u0002"', /─/]],
  },
  {
    name: 'git log',
    file: 'git',
    argv: ['git', '-C', 'repository', 'log', '--graph', '--color=always', '--decorate'],
    env: { GIT_PAGER: 'less -R' },
    watched: [['', /commit 40/]],
    alone: [['  ', /commit 3\d/]],
    again: [['G', /commit 1\b/]],
  },
  {
    name: 'claude',
    file: claude,
    argv: [claude],
    env: {
      ANTHROPIC_API_KEY: '',
      ANTHROPIC_AUTH_TOKEN: 'not-a-key',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
      DISABLE_AUTOUPDATER: '1',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    },
    watched: [['', /❯|>/]],
    alone: [['hello there', /hello there/]],
    again: [[' and more', /and more/]],
  },
  {
    name: 'wide and combining characters',
    file: 'bash',
    argv: ['bash', '-c', `${wide}; read a; ${wide}; read b`],
    watched: [['', /ends/]],
    alone: [['\n', /ends[^]*ends/]],
    again: [['x', /x\s*$/]],
  },
  {
    name: 'ls in colours',
    file: 'ls',
    argv: ['bash', '-c', 'ls -la --color=always --hyperlink=always / /usr/bin | head -300; echo listed; read end'],
    // What is typed before the list has ended is echoed in the middle of it.
    watched: [['', /listed\s*$/]],
    alone: [['a', /listed\s+a$/]],
    again: [['b', /listed\s+ab$/]],
  },
  {
    name: 'python',
    file: 'python3',
    argv: ['python3', '-q', '-i', '-c', 'pass'],
    watched: [
      ['', />>>/],
      ['1+1\r', /\n2/],
    ],
    alone: [['[x*x for x in range(20)]\r', /361\]/]],
    again: [['"日本".encode(\u001b[D', /encode/]],
  },
  {
    name: 'bash',
    file: 'bash',
    argv: ['bash', '--norc', '--noprofile', '-i'],
    env: { PS1: '\\[\\033[32m\\]here\\[\\033[m\\]$ ' },
    watched: [
      ['', /here\$/],
      ['echo first\r', /\nfirst/],
    ],
    alone: [
      ['seq 1 200\r', /\n200/],
      ['echo second', /echo second/],
    ],
    again: [['\u0001# \u0012fir', /first/]],
  },
  {
    name: 'a dialog on the alternate screen',
    file: 'bash',
    argv: ['bash', '-c', dialog],
    watched: [['', /Yes/]],
    alone: [['\n', /No >/]],
    again: [['\n', /left dialog/]],
  },
  {
    name: 'colours',
    file: 'bash',
    argv: ['bash', '-c', `${colors}; read a; ${colors}; read b`],
    watched: [['', /all done/]],
    alone: [['\n', /done\s+0[^]*done/]],
    again: [['z', /z/]],
  },
  {
    name: 'man',
    file: 'man',
    argv: ['man', 'bash'],
    env: { PAGER: 'less', MANPAGER: 'less' },
    watched: [['', /BASH\(1\)/]],
    alone: [['  ', /./]],
    again: [['/history\r', /history/]],
  },
]

const isThere = (file: string) =>
  (process.env.PATH ?? '')
    .split(':')
    .concat('')
    .some((folder) => existsSync(join(folder, file)))
const present = programs.filter(({ file }) => isThere(file))
const absent = programs.filter(({ file }) => !isThere(file)).map(({ name }) => name)

let host: TestHost
let home = ''
beforeAll(async () => {
  host = await openTestHost()
  home = join(host.dataDir, 'home')
  const repository = join(home, 'repository')
  mkdirSync(repository, { recursive: true })
  const lines = Array.from(
    { length: 300 },
    (_, line) => `line ${line} ${line === 150 ? 'needle here' : '日本'.repeat(line % 9)}`,
  )
  writeFileSync(join(home, 'long.txt'), lines.join('\n'))
  const projects = { [home]: { hasTrustDialogAccepted: true } }
  const settled = {
    hasCompletedOnboarding: true,
    hasSeenAutoDefaultNotice: true,
    hasSeenAutoDefaultNudge: true,
    projects,
  }
  writeFileSync(join(home, '.claude.json'), JSON.stringify(settled))
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: repository,
      env: { PATH: process.env.PATH, HOME: home },
    })
  git('init', '-q')
  for (let commit = 1; commit <= 40; commit += 1) git('commit', '-q', '--allow-empty', '-m', `commit ${commit} 日本`)
})
afterAll(() => host[Symbol.asyncDispose]())

const size = { cols: 100, rows: 30 }

/** A terminal that is given these frames, output no further than the offset. */
const replay = (frames: readonly TerminalFrame[], until: number) => {
  const first = frames[0]
  if (first?.kind !== 'snapshot') throw new Error('Frames begin with a snapshot.')
  const terminal = createHeadlessTerminal({ cols: first.cols, rows: first.rows, scrollbackRows: 5000 })
  for (const frame of frames) {
    if (frame.kind === 'snapshot') coreOf(terminal).writeSync(frame.text)
    if (frame.kind === 'resized') terminal.resize(frame.cols, frame.rows)
    if (frame.kind === 'data') coreOf(terminal).writeSync(frame.text.slice(0, Math.max(0, until - frame.offset)))
  }
  return describeTerminal(terminal)
}

const endOf = (frames: readonly TerminalFrame[]) =>
  Math.max(
    ...frames.map((frame) =>
      frame.kind === 'data' ? frame.offset + frame.text.length : frame.kind === 'snapshot' ? frame.offset : 0,
    ),
  )

const drive = async (terminalId: TerminalId, steps: readonly Step[]) => {
  for (const [keys, shows] of steps) {
    await host.client.write({ terminalId, writerId: 'keys', seq: Number(process.hrtime.bigint() / 1000n), data: keys })
    while (!shows.test(await host.client.readScreenText(terminalId))) await delay(20)
  }
}

describe(`a restored screen equals one that never left, cell by cell (${present.length} programs)`, () => {
  it.each(present.map((program) => [program.name, program] as const))(
    '%s',
    { timeout: 120_000 },
    async (_name, program) => {
      const gate = [
        'sh',
        '-c',
        'stty -echo; printf ready; read go; stty echo; printf "\\r\\033[K"; exec "$@"',
        'sh',
        ...program.argv,
      ]
      const env = { ...specOf(host.dataDir).env, HOME: home, TMUX_TMPDIR: host.dataDir, ...program.env }
      const terminalId = await host.start(gate, { ...size, cwd: home, env })
      const never = view(host.client, terminalId, { windowId: 'never-left' })
      await never.text(/ready/)
      await host.client.write({ terminalId, writerId: 'gate', seq: 0, data: '\n' })
      await drive(terminalId, program.watched)
      const leaving = view(host.client, terminalId, { windowId: 'leaves' })
      await leaving.frame('snapshot')
      leaving.detach()
      await leaving.done
      await drive(terminalId, program.alone)

      const back = view(host.client, terminalId, { windowId: 'comes-back' })
      await back.frame('snapshot')
      await drive(terminalId, program.again)
      // A screen that scrolled gets its scroll-back in a second snapshot, once it rests.
      const { historyRows } = {
        historyRows: replay(never.frames, Infinity).filter((line) => line.startsWith('normal -')).length,
      }
      while (historyRows > 100 && back.frames.filter(({ kind }) => kind === 'snapshot').length < 2) await delay(20)
      const lastSnapshot = back.frames.findLastIndex(({ kind }) => kind === 'snapshot')
      const frames = back.frames.slice(lastSnapshot)
      const until = Math.min(endOf(frames), endOf(never.frames))
      expect(never.frames.filter(({ kind }) => kind === 'snapshot')).toHaveLength(1)
      expect(replay(frames, until)).toEqual(replay(never.frames, until))
      const restoredAt = frames[0]?.kind === 'snapshot' ? frames[0].offset : 0
      expect(replay(frames.slice(0, 1), restoredAt)).toEqual(replay(never.frames, restoredAt))
      never.detach()
      back.detach()
      await host.client.stop(terminalId, { graceMs: 300 })
      await host.client.forget(terminalId)
    },
  )

  it(`runs at least 12 programs${absent.length > 0 ? `; not here: ${absent.join(', ')}` : ''}`, () => {
    if (process.env.CI === 'true') expect(present.length).toBeGreaterThanOrEqual(12)
    expect(present.length).toBeGreaterThan(0)
  })
})
