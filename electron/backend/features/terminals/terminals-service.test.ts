import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { ProjectId, TerminalId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { createPtyClient, type PtyClient } from '../../adapters/pty/pty-client.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { createTestKernel, silentLog, type TestKernel } from '../../kernel/testing.ts'
import type { TerminalNews } from './terminal-rows.ts'
import { putTerminal } from './terminals-store.ts'
import { createTerminalsService, type TerminalsService } from './terminals-service.ts'

const entry = join(import.meta.dirname, '..', '..', '..', 'pty-host.ts')

let kernel: TestKernel
let pty: PtyClient
let terminals: TerminalsService
let news: TerminalNews[]
let wake: () => void
let projectId: ProjectId

beforeEach(() => {
  kernel = createTestKernel()
  pty = createPtyClient({
    dataDir: kernel.directory,
    entry,
    execPath: process.execPath,
    execArgv: [],
    environment: {},
    log: silentLog,
  })
  terminals = createTerminalsService({ ...kernel, pty, log: silentLog })
  news = []
  wake = () => undefined
  terminals.onNews((item) => {
    news.push(item)
    wake()
  })
  projectId = kernel.newId('prj')
})
afterEach(async () => {
  await pty.shutdownHost(1000)
  terminals.dispose()
  await kernel.close()
})

const start = (terminalId: TerminalId, script: string) =>
  terminals.start({
    terminalId,
    projectId,
    sessionId: null,
    kind: 'shell',
    argv: ['/bin/sh', '-c', script],
    cwd: kernel.directory,
    env: { PATH: process.env['PATH'] ?? '' },
  })

const heard = async (kind: TerminalNews['kind']): Promise<TerminalNews> => {
  for (;;) {
    const found = news.find((item) => item.kind === kind)
    if (found) return found
    await new Promise<void>((resolve) => (wake = resolve))
  }
}

const rows = () => kernel.database.read(terminals.list)

it('starts a program once for one id and books its end with its code', async () => {
  const id = kernel.newId('trm')
  const [first, second] = await Promise.all([start(id, 'read line; exit 3'), start(id, 'read line; exit 3')])
  expect(second.pid).toBe(first.pid)
  expect(await rows()).toMatchObject([{ id, state: { kind: 'alive', pid: first.pid } }])
  expect(await terminals.write({ terminalId: id, windowId: 'window-1', seq: 0, data: 'go\r' })).toEqual(ok(undefined))
  expect(await heard('exited')).toMatchObject({ code: 3, signal: null })
  expect((await rows())[0]?.state).toEqual({ kind: 'exited', code: 3, signal: null, at: expect.any(Number) })
  expect(await terminals.write({ terminalId: id, windowId: 'window-1', seq: 1, data: 'x' })).toMatchObject({
    refusal: { code: 'NOT_RUNNING' },
  })
})

it('keeps a steady title in the row, tells the whole one, and tells it again to who comes later', async () => {
  const id = kernel.newId('trm')
  await start(id, `printf '\\033]0;◐ fix the tests\\007'; read line`)
  expect(await heard('title')).toMatchObject({ title: '◐ fix the tests' })
  news.length = 0
  await terminals.retellTitles()
  expect(news).toEqual([{ kind: 'title', terminalId: id, title: '◐ fix the tests' }])
  await terminals.stop(id, 1000)
  await heard('exited')
  expect((await rows())[0]?.title).toBe('fix the tests')
})

it('takes what the PTY host does not know for lost, but not the start of an agent that is still to come', async () => {
  const shell = kernel.newId('trm')
  const agent = kernel.newId('trm')
  const row = { projectId, sessionId: null, title: '', cwd: '/', state: { kind: 'starting' }, createdAt: 1 } as const
  await kernel.runCommand({ name: 'test', by: systemIdentity }, async ({ tx }) => {
    await putTerminal(tx, { ...row, id: shell, kind: 'shell' })
    await putTerminal(tx, { ...row, id: agent, kind: 'agent' })
    return ok(undefined)
  })
  await terminals.reconcile()
  expect((await rows()).map(({ id, state }) => [id, state.kind])).toEqual([
    [shell, 'lost'],
    [agent, 'starting'],
  ])
  expect(news.map(({ kind }) => kind)).toEqual(['lost'])
})

it('counts the live shells of a project, closes them, and forgets the rest with it', async () => {
  const ids = [kernel.newId('trm'), kernel.newId('trm')] as const
  for (const id of ids) await start(id, 'read line')
  expect(await kernel.database.read((tx) => terminals.countLiveShells(tx, projectId))).toBe(2)
  expect(await terminals.close(ids[0])).toEqual(ok(undefined))
  expect(await terminals.close(ids[0])).toMatchObject({ refusal: { code: 'NOT_FOUND' } })
  expect(await kernel.database.read((tx) => terminals.countLiveShells(tx, projectId))).toBe(1)
  await kernel.runCommand({ name: 'test', by: systemIdentity }, async (context) => {
    await terminals.forgetProject(context, projectId)
    return ok(undefined)
  })
  expect(await rows()).toEqual([])
  expect(kernel.changes.filter(({ topic }) => topic === 'terminals.removed')).toHaveLength(2)
})
