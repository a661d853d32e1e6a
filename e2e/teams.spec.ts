import { readFileSync } from 'node:fs'
import { claudesIn, worktreeOf } from './fixtures/agents.ts'
import { expect, test } from './fixtures/test.ts'
import { NewSessionDialog } from './pages/new-session.ts'
import { Shell } from './pages/shell.ts'
import { TerminalTile } from './pages/terminal.ts'
import { testId } from '../renderer/lib/test-ids.ts'

// The real CLI with its own teams switched on, against a scripted model on this machine.

test('a team of Claude Code is shown under its session, and ends with it', async ({
  launch,
  home,
  repository,
  api,
  violations,
}) => {
  const { page } = await launch()
  const shell = new Shell(page)
  await shell.waitUntilConnected()
  await shell.openProject(repository)
  const tree = page.getByTestId(testId.helpersTree)
  const panel = page.getByTestId(testId.helpersPanel)
  const mate = panel.getByTestId(testId.helperRow).filter({ hasText: 'alice' })
  const task = panel.getByTestId(testId.teamTaskRow)

  await new NewSessionDialog(page).start({
    title: 'Lead',
    mode: 'acceptEdits',
    prompt: 'Begin. [[scenario:team]]',
    usesTeams: true,
  })
  await expect.poll(() => api.waiting()).toContain('mate')
  await expect(tree).toHaveText('alice#1 Read the parser')
  await shell.expectBadge('Lead', 'Working')
  await page.getByTestId(testId.helpersButton).click()
  await expect(mate).toContainText('teammate, general-purpose')
  await expect(mate).toContainText('Working')
  await expect(task).toContainText('#1 Read the parser')
  await expect(task).toContainText('In progress')

  api.release('mate')
  await expect.poll(() => api.waiting()).toContain('mate-ends')
  api.release('mate-ends')
  await expect(mate).toContainText('Idle')
  await expect(task).toContainText('Completed')
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  await expect(tree).toHaveText('aliceIdle')
  // Its agent says at the end of a turn that others work, whatever they do; its own file knows better.
  await shell.expectBadge('Lead', 'Idle')

  const folder = worktreeOf(repository, 'lead')
  process.kill(claudesIn(home, folder)[0] ?? 0, 'SIGKILL')
  await expect(tree).toBeHidden()
  await page.getByTestId(testId.helpersButton).click()
  await expect(mate).toContainText('Ended')
  await page.keyboard.press('Escape')

  // What was chosen is kept with the session.
  await new TerminalTile(page, await shell.sessionId('Lead')).resume()
  await expect.poll(() => claudesIn(home, folder)).toHaveLength(1)
  const [pid = 0] = claudesIn(home, folder)
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')).toContain('CLAUDE_CODE_EXPERIMENTAL_AGENT_TEAMS=1')
  expect(violations).toEqual([])
})
