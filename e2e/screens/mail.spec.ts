import type { Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'
import { expect, test } from '../fixtures/yard.ts'
import { MailRoom } from '../pages/mail.ts'
import type { NewSessionDialog } from '../pages/new-session.ts'
import { SessionShells } from '../pages/session-shell.ts'
import type { Shell } from '../pages/shell.ts'
import { TerminalTile } from '../pages/terminal.ts'

// Mail between sessions and the person, with the whole app behind it. Sessions write with the command they all have.

test.use({ scene: 'mail' })

let mail: MailRoom
let shells: SessionShells
test.beforeEach(async ({ page, yard }) => {
  mail = new MailRoom(page)
  shells = new SessionShells(page)
  await shells.begin(yard.repository, ['Anna', 'Bert'])
})

test('a message of a session counts, is read by being opened, and is answered by keyboard', async ({ page }) => {
  await mail.open()
  await expect(mail.root).toContainText('No mail yet')
  await shells.run(
    'Anna',
    '$SWITCHYARD_COMMAND mail send person --subject "Which zone?" --body "UTC, or the account’s?"',
  )
  await expect(mail.count).toHaveText('1')
  await page.keyboard.press('Control+Shift+E')
  await expect(mail.row('Which zone?')).toContainText('1 unread')

  await mail.row('Which zone?').focus()
  await page.keyboard.press('Enter')
  await expect(mail.thread).toBeFocused()
  await expect(mail.messages).toContainText(['UTC, or the account’s?'])
  await expect(mail.count).toBeHidden()
  await expect(mail.deliveries).toHaveText([/^Read in \d+ s$/])

  await page.keyboard.press('r')
  await expect(mail.reply.getByTestId(testId.mailBody)).toBeFocused()
  await page.keyboard.type('The account’s.')
  await expect(mail.reply.getByTestId(testId.mailArrivals)).toHaveText('Anna: when it looks into its mail')
  await page.keyboard.press('Control+Enter')
  await expect(mail.messages).toHaveCount(2)
  await expect(mail.reply.getByTestId(testId.mailBody)).toHaveValue('')
  await expect(mail.deliveries.last()).toHaveText('Queued: when it looks into its mail')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(mail.row('Which zone?')).toBeFocused()

  // The agent looks, says that it has done with it, and the person sees that.
  await shells.run(
    'Anna',
    '$SWITCHYARD_COMMAND mail ack $($SWITCHYARD_COMMAND mail inbox --json | grep -o "msg_[0-9A-Z]*" | head -1)',
  )
  await mail.open()
  await mail.openThread('Which zone?')
  await expect(mail.deliveries.last()).toHaveText(/^Read in \d+ s$/)
})

test('a new message goes to whom it names and mentions, and what is half written stays', async ({ page }) => {
  await mail.open()
  await page.keyboard.press('c')
  await expect(mail.composer.getByTestId(testId.mailTo)).toBeFocused()
  await mail.address(mail.composer, 'ann')
  await expect(mail.composer.getByTestId(testId.mailRecipient)).toHaveText(['Anna'])
  await mail.composer.getByTestId(testId.mailSubject).fill('Freeze')
  await mail.composer.getByTestId(testId.mailBody).click()
  await page.keyboard.type('Wait for @be')
  await expect(page.getByTestId(testId.mailCompletion)).toContainText('@bert')
  await page.keyboard.press('Enter')
  await expect(mail.composer.getByTestId(testId.mailBody)).toHaveValue('Wait for @bert ')
  await expect(mail.composer.getByTestId(testId.mailRecipient)).toHaveText(['Anna', 'Bert'])

  await page.keyboard.press('Escape')
  await expect(mail.composer).toBeHidden()
  await page.reload()
  await expect(mail.rows).not.toHaveCount(0)
  await page.keyboard.press('n')
  await expect(mail.composer.getByTestId(testId.mailBody)).toHaveValue('Wait for @bert ')
  await expect(mail.composer.getByTestId(testId.mailRecipient)).toHaveText(['Anna', 'Bert'])
  await mail.composer.getByTestId(testId.mailSubject).fill('')
  await mail.composer.getByTestId(testId.mailSend).click()
  await expect(mail.composer.getByTestId(testId.mailError)).toHaveText('Give it a subject.')
  await mail.composer.getByTestId(testId.mailSubject).fill('Freeze')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId(testId.mailThreadSubject)).toHaveText('Freeze')
  await expect(mail.deliveries).toHaveText([/^Anna: Queued/, /^Bert: Queued/])
  await page.keyboard.press('c')
  await expect(mail.composer.getByTestId(testId.mailBody)).toHaveValue('')
  await page.keyboard.press('Escape')
})

test('what asks for an acknowledgement stays until it has one, and what hides in a text is written out', async ({
  page,
}) => {
  const body = String.raw`$'Look: \u202Etxt.exe \e[31mred <b>bold</b>'`
  const send = '$SWITCHYARD_COMMAND mail send person --subject'
  await shells.run('Bert', `${send} Plain --body Hello && ${send} Danger --priority urgent --needs-ack --body ${body}`)
  await mail.open()
  await page.getByTestId(testId.mailFilter).getByText('Unread').click()
  await expect(mail.rows).toHaveCount(2)
  const readAll = page.getByTestId(testId.mailReadAll)
  await readAll.click()
  await expect(mail.rows).toHaveText([/Danger.*Acknowledge.*Urgent/])
  await expect(readAll).toBeHidden()
  await mail.openThread('Danger')
  await expect(mail.messages).toContainText('Look: ⟨U+202E⟩txt.exe ⟨U+001B⟩[31mred <b>bold</b>')
  await expect(mail.deliveries).toHaveText('Seen, waits for your acknowledgement')
  await expect(mail.count).toHaveText('1')
  await mail.thread.getByTestId(testId.mailAck).click()
  await expect(mail.count).toBeHidden()
  await expect(mail.deliveries).toHaveText(/^Acknowledged in \d+ s$/)
  // It stays beneath the reader, and is gone from what is unread when it is left.
  await expect(mail.row('Danger')).toBeVisible()
  await mail.thread.getByRole('button', { name: 'Back to the list' }).click()
  await expect(mail.root).toContainText('Nothing unread')
  await page.getByTestId(testId.mailFilter).getByText('All').click()
  await expect(mail.row('Danger')).toBeVisible()
})

test('a refusal says why, and a small window shows the thread over the list', async ({ page }) => {
  await page.setViewportSize({ width: 900, height: 600 })
  await mail.open()
  await mail.root.getByTestId(testId.mailNew).click()
  await expect(mail.composer.getByTestId(testId.mailSend)).toBeInViewport()
  await mail.composer.getByTestId(testId.mailSend).click()
  await expect(mail.composer.getByTestId(testId.mailError)).toHaveText('Name a recipient.')
  await mail.address(mail.composer, 'every')
  await mail.composer.getByTestId(testId.mailSubject).fill('Small')
  await mail.composer.getByTestId(testId.mailBody).fill('x'.repeat(33_000))
  await mail.composer.getByTestId(testId.mailSend).click()
  await expect(mail.composer.getByTestId(testId.mailError)).toContainText('at most 32 KB')
  await mail.composer.getByTestId(testId.mailBody).fill('Hello all')
  await mail.composer.getByTestId(testId.mailSend).click()
  await expect(page.getByTestId(testId.mailThreadSubject)).toHaveText('Small')
  await expect(mail.reply.getByTestId(testId.mailReplySend)).toBeInViewport()
  expect((await mail.thread.boundingBox())?.width).toBe((await mail.root.boundingBox())?.width)
  await page.keyboard.press('Escape')
  await expect(mail.thread).toBeHidden()
  await expect(mail.row('Small')).toBeInViewport()
})

test('a message that is sent late leaves what the person looks at meanwhile in sight', async ({ page, yard }) => {
  await mail.open()
  for (const subject of ['Looked at', 'Sent late']) {
    await page.keyboard.press('c')
    await mail.address(mail.composer, 'ann')
    await mail.composer.getByTestId(testId.mailSubject).fill(subject)
    await mail.composer.getByTestId(testId.mailBody).fill('Hello')
    if (subject === 'Looked at') {
      await page.keyboard.press('Control+Enter')
      await expect(page.getByTestId(testId.mailThreadSubject)).toHaveText(subject)
      await page.keyboard.press('Escape')
    }
  }
  // The app answers when it goes on.
  process.kill(yard.app().pid, 'SIGSTOP')
  await mail.composer.getByTestId(testId.mailSend).click()
  await mail.openThread('Looked at')
  process.kill(yard.app().pid, 'SIGCONT')
  await expect(mail.row('Sent late')).toBeVisible()
  await expect(page.getByTestId(testId.mailThreadSubject)).toHaveText('Looked at')
  await page.keyboard.press('c')
  await expect(mail.composer.getByTestId(testId.mailSubject)).toHaveValue('')
  await page.keyboard.press('Escape')
})

/** A demo agent that waits at its prompt. */
const beginCleo = async (page: Page, shell: Shell, newSession: NewSessionDialog) => {
  if (await shell.row('Cleo').isHidden())
    await newSession.start({ title: 'Cleo', agent: 'Demo agent', mode: 'acceptEdits' })
  await shell.expectBadge('Cleo', 'Idle')
  await shell.openSession('Cleo')
  const tile = new TerminalTile(page, await shell.sessionId('Cleo'))
  await tile.expectText('›')
  return tile
}

test('a message is typed at the quiet prompt of an agent that no hook tells, and never at a shell', async ({
  page,
  shell,
  newSession,
}) => {
  const tile = await beginCleo(page, shell, newSession)
  await mail.open()
  await page.keyboard.press('c')
  for (const name of ['cleo', 'bert']) await mail.address(mail.composer, name)
  await mail.composer.getByTestId(testId.mailSubject).fill('Plan')
  await mail.composer.getByTestId(testId.mailBody).fill('Write the plan now')
  await expect(mail.composer.getByTestId(testId.mailArrivals)).toContainText('Cleo: typed once its prompt is quiet')
  await page.keyboard.press('Control+Enter')
  await expect(mail.deliveries.filter({ hasText: 'Cleo' })).toHaveText(/Cleo: Typed and taken in \d+ s/)
  await expect(mail.deliveries.filter({ hasText: 'Bert' })).toHaveText(/Bert: Queued: when it looks into its mail/)
  await shell.openSession('Cleo')
  const typed = async () => (await tile.read()).replaceAll('\n', '')
  await expect.poll(typed).toContain('from your user, subject: Plan. It says: Write the plan now. End of message msg_')
  await tile.expectText('Changed switchyard-demo/PLAN.md')
})

test('a message waits while somebody has half typed something, or where typing is switched off', async ({
  page,
  shell,
  newSession,
}) => {
  const tile = await beginCleo(page, shell, newSession)
  await shell.openSession('Cleo')
  await tile.focus()
  await page.keyboard.type('half')
  await tile.expectText('› half')
  await mail.open()
  await page.keyboard.press('c')
  await mail.address(mail.composer, 'cleo')
  await mail.composer.getByTestId(testId.mailSubject).fill('Waits')
  await mail.composer.getByTestId(testId.mailBody).fill('Later')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId(testId.mailThreadSubject)).toHaveText('Waits')
  await expect(mail.deliveries).toHaveText('Waits for a quiet prompt')
  await shell.choose('Cleo', 'mail-typed')
  await expect(mail.deliveries).toHaveText('Queued: when it looks into its mail')
})
