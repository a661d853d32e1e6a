import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { recordsIn, worktreeOf } from './fixtures/agents.ts'
import { expect, test } from './fixtures/test.ts'
import { NewSessionDialog } from './pages/new-session.ts'
import { Shell } from './pages/shell.ts'
import { TerminalTile } from './pages/terminal.ts'

/** What the running CLIs write of themselves. */
const statusesIn = (home: string): string =>
  readdirSync(join(home, '.claude', 'sessions'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => readFileSync(join(home, '.claude', 'sessions', name), 'utf8'))
    .join('\n')

test('an agent that needs a permission while the app is away asks in its terminal, and its conversation shows no errors', async ({
  launch,
  home,
  repository,
  api,
}) => {
  const app = await launch()
  const shell = new Shell(app.page)
  await shell.waitUntilConnected()
  await shell.openProject(repository)
  await new NewSessionDialog(app.page).start({
    title: 'Alone',
    prompt: 'Write it. [[scenario:later gate=away file=alone.txt]]',
  })
  await expect.poll(() => api.waiting(), { timeout: 60_000 }).toContain('away')
  await app.kill()
  api.release('away')
  await expect.poll(() => statusesIn(home)).toMatch(/"status":\s*"waiting"/)

  const { page } = await launch()
  const again = new Shell(page)
  await again.waitUntilConnected()
  const tile = new TerminalTile(page, await again.sessionId('Alone'))
  await tile.expectText(/Do you want to create alone\.txt/)
  expect(await tile.read()).not.toMatch(/hook|error|denied/i)
  const file = join(worktreeOf(repository, 'alone'), 'alone.txt')
  await tile.pressUntil('Enter', async () => existsSync(file))
  await tile.expectText('It is written.')
  await expect.poll(() => recordsIn(home).join('\n')).toContain('It is written.')
  expect(recordsIn(home).join('\n')).not.toMatch(/ECONNREFUSED|hook_[a-z_]*error/)
})
