import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TerminalId } from '../../../../shared/lib/ids.ts'
import { readProcessStart } from '../../adapters/processes.ts'
import { createPtyClient, type PtyClient } from '../../adapters/pty/pty-client.ts'
import { silentLog } from '../../kernel/testing.ts'
import { awaitFile, openCheckLab, person, type CheckLab } from '../../testing/check-lab.ts'
import { valueOf } from '../worktrees/testing.ts'

// The process that keeps terminals in the app, with its screens and its ways to end what runs.
let lab: CheckLab
let last: PtyClient
beforeAll(async () => {
  let dataDir = ''
  lab = await openCheckLab({
    prepare: async ({ kernel }) => void (dataDir = kernel.directory),
    connect: () =>
      (last = createPtyClient({
        dataDir,
        entry: resolve(import.meta.dirname, '../../../pty-host.ts'),
        execPath: process.execPath,
        execArgv: [],
        environment: {},
        log: silentLog,
      })),
  })
})
afterAll(async () => {
  await last.shutdownHost(1000)
  await lab[Symbol.asyncDispose]()
})

let count = 0
const start = async (name: string, command: string) => {
  const check = await lab.add(`${name} ${(count += 1)}`, command)
  const [run] = await lab.run([check])
  if (!run) throw new Error('nothing runs')
  return run
}
const whenThere = async (path: string) => {
  while (!existsSync(path)) await delay(20)
}
const whenAlive = (terminalId: TerminalId | null) =>
  lab.until(async () => {
    const found = terminalId && (await lab.kernel.database.read((tx) => lab.app().terminals.find(tx, terminalId)))
    return found?.state.kind === 'alive'
  })

it('keeps what a screen shows, where no sequence, title or reordering acts', async () => {
  const hostile = [
    '\\033[31mFAIL\\033[0m red',
    '\\033]0;a title\\007\\033]52;c;aGk=\\007\\033[999999999Lafter',
    'over\\rwritten',
    'user \\342\\200\\256gnp.exe\\342\\200\\254 \\342\\200\\213end',
  ]
  const run = await lab.ended((await start('hostile', `printf '${hostile.join('\\n')}\\n'; exit 1`)).id)
  const text = await lab.textOf(run.id)
  expect(text).toContain('user ⟨U+202E⟩gnp.exe⟨U+202C⟩ ⟨U+200B⟩end')
  // oxlint-disable-next-line no-control-regex -- that there is none is what is to be seen
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u200b]/)
  expect(text).not.toContain('a title')
  expect(run.excerpt.length).toBeGreaterThan(0)
  expect(text.split('\n')).toEqual(expect.arrayContaining(run.excerpt))
})

it('is whole to its last line, and says when there was more', async () => {
  const run = await lab.ended((await start('long', 'seq 1 3000')).id)
  const { text, isCut } = valueOf(await lab.app().checks.output(run.id))
  const lines = text.split('\n')
  expect([lines.length, lines[0], lines.at(-1), isCut]).toEqual([200, '2801', '3000', true])
})

it('ends with every process it started, also those that went their own way', async () => {
  const pids = join(lab.worktree.path, '..', 'pids')
  const command = `(setsid sleep 600 & echo $! > ${pids}); sleep 600 & echo $! >> ${pids}; touch ${pids}.there; wait`
  const run = await start('group', command)
  await whenThere(`${pids}.there`)
  valueOf(await lab.app().checks.cancel(run.id, person))
  expect((await lab.ended(run.id)).state).toEqual({ kind: 'cancelled' })
  const numbers = readFileSync(pids, 'utf8').trim().split('\n')
  expect(numbers).toHaveLength(2)
  for (const pid of numbers) expect(await readProcessStart(Number(pid))).toBeNull()
})

it('leaves nothing running behind its end', async () => {
  const pid = join(lab.worktree.path, '..', 'left')
  const run = await lab.ended((await start('leaves', `setsid sleep 600 > /dev/null 2>&1 & echo $! > ${pid}`)).id)
  expect(run.state.kind).toBe('passed')
  expect(await readProcessStart(Number(readFileSync(pid, 'utf8')))).toBeNull()
})

it('outlives the app with its output', async () => {
  const go = join(lab.worktree.path, '..', 'go')
  const run = await start('outlives', `echo before; ${awaitFile(go)}; echo after; exit 4`)
  const { terminalId } = await lab.isRunning(run.id)
  await whenAlive(terminalId)
  await lab.restart()
  writeFileSync(go, '')
  expect((await lab.ended(run.id)).state).toEqual({ kind: 'failed', code: 4, signal: null })
  expect(await lab.textOf(run.id)).toBe('before\nafter')
})
