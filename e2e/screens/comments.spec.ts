import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testId } from '../../renderer/lib/test-ids.ts'
import { write, writeBase, writeChanges } from '../fixtures/changes.ts'
import { expect, test } from '../fixtures/yard.ts'
import { CommentsPage } from '../pages/comments.ts'
import { expectAccessible } from '../pages/looks.ts'
import { MailRoom } from '../pages/mail.ts'
import { SessionShells } from '../pages/session-shell.ts'

// What is said of lines, with the whole app behind it: real git, real mail, and a session whose agent is a shell.

test.use({ scene: 'comments' })

const service = 'src/transfers/service.ts'
const routes = 'src/transfers/routes.ts'

test('is written, kept over a reload, sent as one message, and knows when it was answered or done', async ({
  page,
  yard,
  shell,
}) => {
  const comments = new CommentsPage(page)
  const { review } = comments
  const shells = new SessionShells(page)
  writeBase(yard.repository)
  await shells.begin(yard.repository, ['Keys'])
  const folder = worktreeBeside(yard.repository)
  writeChanges(folder)
  await shell.openSession('Keys')
  await review.open()

  // With the pointer: words, and a change of the line.
  await comments.show(service)
  await comments.beginOn(service, 'idempotency_in_flight')
  await page.keyboard.type('The client cannot tell')
  // What the agent does meanwhile takes neither the text nor the focus, and moves nothing.
  const before = await review.topOf('idempotency_in_flight')
  write(folder, 'README.md', 'Far above.\n')
  write(folder, service, `${readFileSync(join(folder, service), 'utf8')}// one more\n`)
  await expect(review.row('README.md')).toBeVisible()
  await expect(review.lines(service).filter({ hasText: 'one more' })).toBeVisible()
  await expect(comments.body).toBeFocused()
  expect(await review.topOf('idempotency_in_flight')).toBe(before)
  await page.keyboard.type(' which field differs.')
  await page.getByTestId(testId.commentSuggest).click()
  await expect(comments.suggestion).toHaveValue('  if (!lock) throw new Conflict("idempotency_in_flight");')
  await comments.suggestion.fill('  if (!lock) throw new Conflict("busy", { key });')
  await page.keyboard.press('Control+Enter')
  const first = comments.thread('which field differs.')
  await expect(first).toContainText('In this batch')
  await expect(first).toContainText('+  if (!lock) throw new Conflict("busy", { key });')
  await expect(comments.count(service)).toHaveText('1')

  // With the keyboard: the next file, its second hunk, and what is there over a reload.
  await comments.show(routes)
  await page.keyboard.press('n')
  await page.keyboard.press('n')
  await page.keyboard.press('c')
  await expect(comments.body).toBeFocused()
  await page.keyboard.type('Why 25?')
  await page.keyboard.press('Control+Enter')
  await expect(comments.send).toContainText('Send 2 comments')
  await page.reload()
  await expect(comments.send).toContainText('Send 2 comments')

  // An edit, a deletion and its undo, by keys alone to the thread and back.
  await page.keyboard.press('Shift+J')
  await expect(comments.thread('Why 25?')).toBeFocused()
  await comments.thread('Why 25?').getByTestId(testId.commentMenu).click()
  await page.getByRole('menuitem', { name: 'Edit' }).click()
  await expect(comments.body).toBeFocused()
  await page.keyboard.press('End')
  await page.keyboard.type(' And not 10?')
  await page.keyboard.press('Control+Enter')
  await comments.thread('And not 10?').getByTestId(testId.commentMenu).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(comments.send).toContainText('Send 1 comment')
  await shell.undo()
  await expect(comments.send).toContainText('Send 2 comments')
  await expectAccessible(page, 'comments')

  await page.keyboard.press('Control+Enter')
  await expect(comments.dialog).toContainText('To Keys')
  await page.keyboard.type('Nearly there.')
  await expectAccessible(page, 'sending a review')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId(testId.toast)).toContainText('Sent 2 comments.')
  await expect(comments.send).toBeHidden()

  // The session has it as one message, and answers by name; it does one thing, and takes a line away.
  const mail = new MailRoom(page)
  await mail.open()
  await mail.openThread('Review: 2 comments')
  await expect(mail.messages).toHaveCount(1)
  await expect(mail.messages).toContainText(`c1 ${routes}`)
  await expect(mail.messages).toContainText('Nearly there.')
  const id = '$($SWITCHYARD_COMMAND mail inbox --json | grep -o "msg_[0-9A-Z]*" | head -1)'
  await shells.run('Keys', `$SWITCHYARD_COMMAND mail send --reply-to ${id} --body "c1: because 10 was too few"`)
  write(folder, service, readFileSync(join(folder, service), 'utf8').replace('"idempotency_in_flight"', '"busy"'))
  await page.keyboard.press('Control+Shift+G')
  await comments.show(routes)
  await expect(comments.state('Why 25?')).toHaveText('Answered')
  await expect(comments.thread('Why 25?')).toContainText('because 10 was too few')
  await comments.thread('Why 25?').getByTestId(testId.commentResolve).click()
  await expect(comments.thread('Resolved, c1')).toBeVisible()
  await page.keyboard.press('Shift+J')
  await expect(comments.state('which field differs.')).toHaveText('Changed')
  await expect(first).toContainText('It was said of these lines, which changed since')
})

const worktreeBeside = (repository: string): string => {
  const list = execFileSync('git', ['worktree', 'list', '--porcelain'], { cwd: repository, encoding: 'utf8' })
  return [...list.matchAll(/^worktree (.+)$/gm)].map(([, path]) => path ?? '').find((path) => path !== repository) ?? ''
}
