import { readFileSync } from 'node:fs'
import { claudesIn, recordsIn, worktreeOf } from './fixtures/agents.ts'
import { endProcessesOfHome, processesOfHome } from './fixtures/processes.ts'
import { expect, test } from './fixtures/test.ts'
import { NewSessionDialog } from './pages/new-session.ts'
import { Shell } from './pages/shell.ts'
import { TerminalTile } from './pages/terminal.ts'

const commandLine = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')

/** The one process that keeps the terminals. */
const ptyHostOf = (home: string) => processesOfHome(home).filter((pid) => /pty-host\.js/.test(commandLine(pid)))

test('when the process that keeps the terminals dies, sessions are shown as lost and can be resumed', async ({
  launch,
  home,
  repository,
}) => {
  const { page } = await launch()
  const shell = new Shell(page)
  await shell.waitUntilConnected()
  await shell.openProject(repository)
  await new NewSessionDialog(page).start({ title: 'Hello', prompt: 'Say it. [[scenario:hello name=Ada]]' })
  const tile = new TerminalTile(page, await shell.sessionId('Hello'))
  await tile.expectText('Hello Ada')
  await shell.expectBadge('Hello', 'Idle')
  const worktree = worktreeOf(repository, 'hello')

  const hosts = ptyHostOf(home)
  expect(hosts).toHaveLength(1)
  process.kill(hosts[0] ?? 0, 'SIGKILL')
  await shell.expectBadge('Hello', /lost|ended|failed|stopped/i)
  // Its last screen is still there to be read.
  await tile.expectText('Hello Ada')
  // Hung up on, the agent ends by itself; as long as it has not, its conversation is still open and resuming is refused.
  await expect.poll(() => claudesIn(home, worktree)).toEqual([])
  await tile.resume()
  await shell.expectBadge('Hello', 'Idle')
  await expect.poll(() => claudesIn(home, worktree)).toHaveLength(1)
  await tile.prompt('Once more. [[scenario:hello name=Grace]]')
  await tile.expectText('Hello Grace')
})

test('a start after everything was killed, as by a power cut, offers every session again', async ({
  launch,
  home,
  repository,
}) => {
  const first = await launch()
  const shell = new Shell(first.page)
  await shell.waitUntilConnected()
  await shell.openProject(repository)
  for (const title of ['One', 'Two']) {
    await new NewSessionDialog(first.page).start({ title, prompt: `Say it. [[scenario:hello name=${title}]]` })
    await new TerminalTile(first.page, await shell.sessionId(title)).expectText(`Hello ${title}`)
    await shell.expectBadge(title, 'Idle')
    // The CLI writes its record down seconds later; a power cut before that takes the conversation with it.
    await expect.poll(() => recordsIn(home).some((record) => record.includes(`Hello ${title}`))).toBe(true)
  }
  await endProcessesOfHome(home)
  await first.kill()

  const again = await launch()
  const after = new Shell(again.page)
  await after.waitUntilConnected()
  for (const title of ['One', 'Two']) {
    await after.expectBadge(title, /lost|ended|failed|stopped/i)
    await after.openSession(title)
    const tile = new TerminalTile(again.page, await after.sessionId(title))
    await tile.resume()
    await after.expectBadge(title, 'Idle')
    await tile.expectText(`Hello ${title}`)
  }
})
