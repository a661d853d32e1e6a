import { testId } from '../../renderer/lib/test-ids.ts'
import { FolderDialog } from '../pages/folder-dialog.ts'
import { expectAccessible } from '../pages/looks.ts'
import { MailRoom } from '../pages/mail.ts'
import { NeedsYou } from '../pages/needs-you.ts'
import { NewSessionDialog } from '../pages/new-session.ts'
import { Shell } from '../pages/shell.ts'
import { expect, test } from '../fixtures/yard.ts'

// No screen has a serious or critical violation of the rules for accessible pages, in any of its looks.

test.use({ scene: 'accessibility' })

test('first run and the folder dialog', async ({ page, yard }) => {
  await expect(page.getByTestId(testId.firstRun)).toContainText('An agent is ready.')
  await expectAccessible(page, 'first run')
  const dialog = new FolderDialog(page)
  await dialog.open()
  await dialog.submit(yard.folder)
  await expect(dialog.nextStep).toBeVisible()
  await expectAccessible(page, 'folder dialog')
  await page.keyboard.press('Escape')
  await dialog.openFolder(yard.repository)
  await expect(page.getByText('No sessions yet', { exact: true })).toBeVisible()
  await expectAccessible(page, 'a project without sessions')
})

test('the new-session dialog, terminals with a question, and the list of questions', async ({ page }) => {
  const newSession = new NewSessionDialog(page)
  const shell = new Shell(page)
  await newSession.open()
  await newSession.part(testId.newSessionPrompt).fill('Look at me')
  await newSession.part(testId.newSessionBranch).fill('not a name')
  await expect(newSession.part(testId.newSessionError)).toBeVisible()
  await expectAccessible(page, 'new session')
  await newSession.part(testId.newSessionAgent).click()
  await expect(page.getByRole('option').first()).toBeVisible()
  await expectAccessible(page, 'choosing an agent')
  await page.keyboard.press('Escape')
  await newSession.part(testId.newSessionBranch).fill('')
  await newSession.choose(testId.newSessionAgent, 'Demo agent')
  await page.getByTestId(testId.newSessionStart).click()
  await shell.expectBadge('Look at me', 'Needs you')
  await newSession.startShell('A shell')
  await expect(shell.row('A shell')).toBeVisible()
  await expect(page.getByTestId(testId.answerBar)).toBeVisible()
  await expectAccessible(page, 'terminals')
  await shell.row('A shell').click({ button: 'right' })
  await expect(page.getByRole('menu')).toBeVisible()
  await expectAccessible(page, 'the menu of a session')
  await page.keyboard.press('Escape')
  await new NeedsYou(page).open()
  await expectAccessible(page, 'needs you')
  await new NeedsYou(page).close()
})

test('mail: a thread, and a new message with whom it could go to', async ({ page }) => {
  const mail = new MailRoom(page)
  await mail.open()
  await expectAccessible(page, 'no mail')
  await page.keyboard.press('c')
  await mail.address(mail.composer, 'look')
  await mail.composer.getByTestId(testId.mailSubject).fill('Look here')
  await mail.composer.getByTestId(testId.mailBody).fill('Ask @')
  await expect(page.getByTestId(testId.mailCompletion)).toBeVisible()
  await expectAccessible(page, 'a new message')
  await page.keyboard.press('Escape')
  await mail.composer.getByTestId(testId.mailBody).fill('Hello')
  await mail.composer.getByTestId(testId.mailSend).click()
  await expect(mail.deliveries).toHaveCount(1)
  await expectAccessible(page, 'a thread')
  await page.getByTestId(testId.navTerminals).click()
})

test('palette, help, settings, notices and an ended session', async ({ page, shell }) => {
  for (const [key, id] of [
    ['Control+Shift+P', testId.palette],
    ['Control+/', testId.help],
    ['Control+,', testId.settings],
  ] as const) {
    await page.keyboard.press(key)
    await expect(page.getByTestId(id)).toBeVisible()
    await expectAccessible(page, id)
    await page.keyboard.press('Escape')
    await expect(page.getByTestId(id)).toBeHidden()
  }
  await shell.row('A shell').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Stop' }).click()
  await shell.expectBadge('A shell', 'Stopped')
  await page.getByTestId(testId.projectMenu).click()
  await page.getByRole('menuitem', { name: 'Take off the list' }).click()
  await expect(page.getByTestId(testId.toast)).toBeVisible()
  await expectAccessible(page, 'an ended session and a notice')
  await shell.choose('A shell', 'why')
  await expect(page.getByTestId(testId.activityDecided)).toBeVisible()
  await expectAccessible(page, 'activity and why')
})
