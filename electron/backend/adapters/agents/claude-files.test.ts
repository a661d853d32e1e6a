import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readProcessStart } from '../processes.ts'
import type { StatusReading } from './agent-adapter.ts'
import { claudeFolder, hasClaudeStatusLine, inspectClaudeConversation, watchClaudeStatus } from './claude-files.ts'

const conversationId = '11111111-2222-4333-8444-555555555555'
const otherId = '99999999-2222-4333-8444-555555555555'

let home: string
let environment: Record<string, string>
let children: ChildProcess[]
let stops: (() => void)[]
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'switchyard-claude-'))
  environment = { HOME: home }
  children = []
  stops = []
})
afterEach(async () => {
  for (const stop of stops) stop()
  for (const child of children) child.kill('SIGKILL')
  await rm(home, { recursive: true, force: true })
})

const startProcess = async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6); console.log("up")'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  children.push(child)
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return child.pid ?? 0
}
const endProcess = async (pid: number) => {
  const child = children.find((candidate) => candidate.pid === pid)
  const ended = new Promise((resolve) => child?.once('close', resolve))
  child?.kill('SIGKILL')
  await ended
}
const sessions = () => join(home, '.claude', 'sessions')
const writeStatus = async (pid: number, fields: object = {}) => {
  await mkdir(sessions(), { recursive: true })
  const file = { pid, sessionId: conversationId, status: 'idle', statusUpdatedAt: 5, ...fields }
  await writeFile(join(sessions(), `${pid}.json`), JSON.stringify(file))
}
const writeRecord = async (id: string, text: string, project = '-repo-wt') => {
  const folder = join(home, '.claude', 'projects', project)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `${id}.jsonl`), text)
  return join(folder, `${id}.jsonl`)
}
const query = (changes: { conversationId?: string; recordPath?: string | null } = {}) => ({
  conversationId,
  recordPath: null,
  worktreePath: '/repo-wt',
  sessionFolder: '/data/ses',
  environment,
  ...changes,
})

describe('the folder of Claude Code', () => {
  it.each([
    [{ HOME: '/home/me' }, '/home/me/.claude'],
    [{ USERPROFILE: '/users/me' }, '/users/me/.claude'],
    [{ HOME: '/home/me', CLAUDE_CONFIG_DIR: '/elsewhere' }, '/elsewhere'],
  ])('in %j is %s', (given, expected) => {
    expect(claudeFolder(given)).toBe(expected)
  })
})

describe('a conversation', () => {
  it('that nobody wrote down is missing', async () => {
    expect(await inspectClaudeConversation(query())).toEqual({ record: 'missing', openIn: null })
  })

  it('exists where its transcript lies, in whatever project folder', async () => {
    await writeRecord(conversationId, '{"type":"user"}\n', '-somewhere-else')
    expect(await inspectClaudeConversation(query())).toEqual({ record: 'exists', openIn: null })
    expect(await inspectClaudeConversation(query({ conversationId: otherId }))).toMatchObject({ record: 'missing' })
  })

  it('exists where the agent said it lies, even outside its usual place', async () => {
    const recordPath = join(home, 'kept.jsonl')
    await writeFile(recordPath, '{}\n')
    expect(await inspectClaudeConversation(query({ recordPath }))).toMatchObject({ record: 'exists' })
  })

  it('exists although the place it was told of is gone, when it lies in the usual one', async () => {
    await writeRecord(conversationId, '{}\n')
    const found = await inspectClaudeConversation(query({ recordPath: join(home, 'gone.jsonl') }))
    expect(found).toMatchObject({ record: 'exists' })
  })

  it('with an empty transcript cannot be resumed, so it counts as missing', async () => {
    await writeRecord(conversationId, '')
    expect(await inspectClaudeConversation(query())).toMatchObject({ record: 'missing' })
  })

  it('of which only what stands before its first word was written cannot be resumed either', async () => {
    // As the CLI leaves it when it is killed in the seconds before it writes its buffer.
    const preamble = ['mode', 'permission-mode', 'atis-latch', 'file-history-snapshot']
    const lines = preamble.map((type) => `${JSON.stringify({ type, sessionId: conversationId })}\n`).join('')
    await writeRecord(conversationId, lines)
    expect(await inspectClaudeConversation(query())).toMatchObject({ record: 'missing' })
    await writeRecord(conversationId, `${lines}{"type":"user","message":{}}\n`)
    expect(await inspectClaudeConversation(query())).toMatchObject({ record: 'exists' })
    // What we do not know may be a conversation in the words of a later version: the CLI itself will say.
    await writeRecord(conversationId, `${lines}{"type":"turn"}\n`)
    expect(await inspectClaudeConversation(query())).toMatchObject({ record: 'exists' })
    await writeRecord(conversationId, lines.repeat(2000))
    expect(await inspectClaudeConversation(query())).toMatchObject({ record: 'exists' })
  })

  it('is open in the living process that says so', async () => {
    const pid = await startProcess()
    await writeStatus(pid, { procStart: await readProcessStart(pid) })
    expect((await inspectClaudeConversation(query())).openIn).toEqual({ pid })
    expect((await inspectClaudeConversation(query({ conversationId: otherId }))).openIn).toBeNull()
  })

  it('is open nowhere when the process of the file has ended', async () => {
    const pid = await startProcess()
    await writeStatus(pid)
    await endProcess(pid)
    expect((await inspectClaudeConversation(query())).openIn).toBeNull()
  })

  it.runIf(process.platform === 'linux')('is open nowhere when another process got the number', async () => {
    const pid = await startProcess()
    await writeStatus(pid, { procStart: 'the start of an earlier one' })
    expect((await inspectClaudeConversation(query())).openIn).toBeNull()
  })

  it.each([
    ['half of a file', '{"pid": 1, "sessionId": "1111'],
    ['no object', '"text"'],
    ['a file of another kind', '{"version": 7}'],
    ['a pid that cannot be', JSON.stringify({ pid: -1, sessionId: conversationId, status: 'idle' })],
    ['nothing', ''],
  ])('is not found in %s', async (_name, text) => {
    await mkdir(sessions(), { recursive: true })
    await writeFile(join(sessions(), '4711.json'), text)
    expect((await inspectClaudeConversation(query())).openIn).toBeNull()
  })

  it('is not read from files that are no status files', async () => {
    const pid = await startProcess()
    await mkdir(sessions(), { recursive: true })
    const text = JSON.stringify({ pid, sessionId: conversationId, status: 'busy' })
    for (const name of [`${pid}.json.tmp`, 'latest.json', `x${pid}.json`]) await writeFile(join(sessions(), name), text)
    expect((await inspectClaudeConversation(query())).openIn).toBeNull()
  })
})

/** Watches, and waits for the first reading a test is after. */
const watching = (options: { pid: number; conversation?: string | null }) => {
  const readings: StatusReading[] = []
  const waiters = new Set<() => void>()
  const stop = watchClaudeStatus({
    pid: options.pid,
    conversationId: () => options.conversation ?? null,
    environment,
    now: () => 1000,
    onReading: (reading) => {
      readings.push(reading)
      for (const waiter of waiters) waiter()
    },
  })
  stops.push(stop)
  const until = (fits: (reading: StatusReading) => boolean) =>
    new Promise<StatusReading>((resolve) => {
      const look = () => {
        const found = readings.find(fits)
        if (found) resolve(found)
      }
      waiters.add(look)
      look()
    })
  return { readings, until, stop }
}

describe('the status of a session', () => {
  it('is told as the file says it, with both times', async () => {
    const pid = await startProcess()
    await writeStatus(pid, { status: 'waiting', waitingFor: 'permission prompt', statusUpdatedAt: 700 })
    const reading = await watching({ pid }).until(() => true)
    expect(reading).toEqual({
      conversationId,
      status: 'waiting',
      waitingFor: 'permission prompt',
      changedAt: 700,
      readAt: 1000,
    })
  })

  it('is told again when it changes', async () => {
    const pid = await startProcess()
    await writeStatus(pid, { status: 'busy' })
    const watched = watching({ pid })
    expect(await watched.until(({ status }) => status === 'busy')).toMatchObject({ waitingFor: null })
    await writeStatus(pid, { status: 'idle', statusUpdatedAt: 9 })
    expect(await watched.until(({ status }) => status === 'idle')).toMatchObject({ changedAt: 9 })
  })

  it('is told although the folder was not there at first', async () => {
    const pid = await startProcess()
    const watched = watching({ pid })
    await writeStatus(pid, { status: 'busy' })
    expect(await watched.until(() => true)).toMatchObject({ status: 'busy' })
  })

  it('of a command left in the background is idle', async () => {
    const pid = await startProcess()
    await writeStatus(pid, { status: 'shell' })
    expect(await watching({ pid }).until(() => true)).toMatchObject({ status: 'idle' })
  })

  it('is found by its conversation where a wrapper started the program', async () => {
    const pid = await startProcess()
    await writeStatus(pid, { status: 'busy' })
    const watched = watching({ pid: process.pid, conversation: conversationId })
    expect(await watched.until(() => true)).toMatchObject({ conversationId, status: 'busy' })
  })

  it('says nothing with a word of a later version, of another session, or while it starts', async () => {
    const [later, starting, mine] = [await startProcess(), await startProcess(), await startProcess()]
    await writeStatus(later, { status: 'dreaming' })
    await writeStatus(starting, { status: undefined, sessionId: otherId })
    const unheard = [watching({ pid: later }), watching({ pid: starting }), watching({ pid: mine, conversation: null })]
    // Those watches have read at least once when one that started after them has been told twice.
    await writeStatus(mine, { status: 'busy', sessionId: '3' })
    const last = watching({ pid: mine })
    await last.until(() => last.readings.length >= 2)
    expect(unheard.slice(0, 2).flatMap(({ readings }) => readings)).toEqual([])
    expect(unheard[2]?.readings.every((reading) => reading.conversationId === '3')).toBe(true)
  })

  it('is told no more once it is not wanted', async () => {
    const pid = await startProcess()
    await writeStatus(pid, { status: 'busy' })
    const stopped = watching({ pid })
    await stopped.until(() => true)
    stopped.stop()
    const count = stopped.readings.length
    await writeStatus(pid, { status: 'idle' })
    await watching({ pid }).until(({ status }) => status === 'idle')
    expect(stopped.readings).toHaveLength(count)
  })
})

describe('a status line of the person', () => {
  const write = async (path: string, text: string) => {
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, text)
  }
  const isFound = () => hasClaudeStatusLine({ worktreePath: join(home, 'worktree'), environment })

  it.each([
    ['the person', ['.claude', 'settings.json']],
    ['the project', ['worktree', '.claude', 'settings.json']],
    ['the person for the project', ['worktree', '.claude', 'settings.local.json']],
  ])('is found in the settings of %s', async (_name, parts) => {
    expect(await isFound()).toBe(false)
    await write(join(home, ...parts), '{"statusLine":{"type":"command","command":"date"}}')
    expect(await isFound()).toBe(true)
  })

  it.each([
    ['other settings', '{"model":"opus"}'],
    ['a broken file', '{"statusLine":'],
    ['no object', '["statusLine"]'],
    ['null', 'null'],
  ])('is not found in %s', async (_name, text) => {
    await write(join(home, '.claude', 'settings.json'), text)
    expect(await isFound()).toBe(false)
  })
})
