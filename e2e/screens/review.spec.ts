import { execFileSync } from 'node:child_process'
import { testId } from '../../renderer/lib/test-ids.ts'
import { write, writeBase, writeChanges } from '../fixtures/changes.ts'
import { expect, test } from '../fixtures/yard.ts'
import { expectAccessible } from '../pages/looks.ts'
import { ReviewPage } from '../pages/review.ts'
import { SessionShells } from '../pages/session-shell.ts'

// The review with the whole app behind it: a real worktree, real git, and changes made while one looks.

test.use({ scene: 'review' })

let review: ReviewPage
let folder = ''

test.beforeEach(async ({ page, yard, shell }) => {
  review = new ReviewPage(page)
  if (folder === '') writeBase(yard.repository)
  await new SessionShells(page).begin(yard.repository, ['Keys'])
  if (folder === '') {
    folder = worktreeBeside(yard.repository)
    writeChanges(folder)
  }
  await shell.openSession('Keys')
  await review.open()
  await expect(review.row('src/transfers/routes.ts')).toBeVisible()
})

const worktreeBeside = (repository: string): string => {
  const list = execFileSync('git', ['worktree', 'list', '--porcelain'], { cwd: repository, encoding: 'utf8' })
  return [...list.matchAll(/^worktree (.+)$/gm)].map(([, path]) => path ?? '').find((path) => path !== repository) ?? ''
}

test('files, their kinds and their lines are shown as git has them', async ({ page }) => {
  await expect(review.rows).toHaveCount(6)
  await expect(review.row('docs/gone.md')).toContainText('deleted')
  await expect(review.row('src/store/new-name.ts')).toContainText('renamed')
  await expect(review.row('test/transfers/race.test.ts')).toContainText('new')
  await review.row('src/transfers/service.ts').click()
  await expect(review.lines('src/transfers/service.ts').filter({ hasText: 'idempotency_in_flight' })).toBeVisible()
  // In one column of code a line of both versions has both of its numbers, each in a column of its own.
  const number = review.numbers('src/transfers/service.ts').filter({ hasText: /^7$/ })
  await expect(number.first()).toHaveAttribute('data-old-number', '6')
  expect(await number.first().evaluate((cell) => getComputedStyle(cell, '::after').content)).toBe('"6"')
  // Coloured by a worker, in colours that are the page's own variables.
  await expect(review.diff.getByText('await', { exact: true }).first()).toHaveAttribute('style', /var\(--syn-keyword\)/)
  await review.row('src/store/new-name.ts').click()
  await expect(review.header('src/store/new-name.ts')).toContainText('old-name.ts')
  await expect(page.getByTestId(testId.reviewNote).filter({ hasText: 'Renamed without changes' })).toBeVisible()
  await review.row('docs/picture.png').click()
  await expect(page.getByTestId(testId.reviewImage)).toHaveText([/Before, 64 × 40/, /After, 64 × 40/])
})

test('the keyboard alone walks through it: files, hunks, marks, scopes, filter and find', async ({ page }) => {
  await page.keyboard.press('j')
  await expect(review.current).toHaveAttribute('data-path', 'docs/gone.md')
  await page.keyboard.press('j')
  await expect(review.current).toHaveAttribute('data-path', 'docs/picture.png')
  await page.keyboard.press('k')
  await page.keyboard.press('v')
  await expect(review.progress).toHaveText('1 of 6 viewed')
  await review.row('src/transfers/routes.ts').click()
  await expect(review.lines('src/transfers/routes.ts').first()).toBeVisible()
  await page.keyboard.press('n')
  const header = review.header('src/transfers/routes.ts')
  await expect(header).toContainText(/hunk 1 of \d+/)
  await page.keyboard.press('n')
  await expect(header).toContainText(/hunk 2 of \d+/)
  await page.keyboard.press('x')
  await expect(header).toContainText(/hunk 2 of \d+, viewed/)
  await page.keyboard.press('BracketRight')
  await expect(page.getByTestId(testId.reviewScope)).toHaveText('Committed')
  await expect(review.rows).toHaveCount(2)
  await page.keyboard.press('BracketLeft')
  await page.keyboard.press('/')
  await page.keyboard.type('race')
  await expect(review.rows).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(review.rows).toHaveCount(6)
  await review.diff.focus()
  await page.keyboard.press('Control+F')
  await page.keyboard.type('limit: 25')
  await expect(page.getByTestId(testId.reviewFindCount)).toHaveText('10 found')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId(testId.reviewFindCount)).toHaveText('2 of 10')
  await page.keyboard.press('Escape')
  await expect(review.diff).toBeFocused()
  await page.keyboard.press('b')
  await expect(review.diff.locator('[data-deletions]').first()).toBeVisible()
  await page.keyboard.press('b')
  await expect(review.diff.locator('[data-unified]').first()).toBeVisible()
})

test('a folder is marked with all that is in it, and what is folded stays so when the tab is left', async ({
  page,
  shell,
}) => {
  const transfers = review.row('src/transfers/')
  const box = transfers.getByRole('checkbox', { name: 'All viewed' })
  await expect(box).toHaveAttribute('aria-checked', 'false')
  await transfers.focus()
  await page.keyboard.press('Space')
  await expect(box).toHaveAttribute('aria-checked', 'true')
  for (const name of ['routes.ts', 'service.ts'])
    await expect(review.row(`src/transfers/${name}`).getByRole('checkbox')).toHaveAttribute('aria-checked', 'true')
  await expect(review.row('src/').getByRole('checkbox')).toHaveAttribute('aria-checked', 'mixed')
  await transfers.press('ArrowLeft')
  await expect(review.row('src/transfers/routes.ts')).toBeHidden()
  await shell.openSession('Keys')
  await expect(review.screen).toBeHidden()
  await review.open()
  await expect(transfers).toHaveAttribute('aria-expanded', 'false')
  await expect(review.header('src/transfers/service.ts').getByRole('button', { name: 'Unfold' })).toBeAttached()
  await box.click()
  await expect(box).toHaveAttribute('aria-checked', 'false')
})

test('what changes elsewhere moves nothing in sight, and makes marks stale that stay over a reload', async ({
  page,
}) => {
  await review.row('src/transfers/routes.ts').click()
  await page.keyboard.press('v')
  await expect(review.row('src/transfers/routes.ts').getByRole('checkbox')).toHaveAttribute('aria-checked', 'true')
  await page.reload()
  await expect(review.row('src/transfers/routes.ts').getByRole('checkbox')).toHaveAttribute('aria-checked', 'true')
  await review.row('src/transfers/service.ts').click()
  const before = await review.topOf('idempotency_in_flight')
  write(folder, 'README.md', Array.from({ length: 60 }, (_, index) => `Line ${index}`).join('\n'))
  write(folder, 'docs/before.md', 'One more, far above.\n')
  write(folder, 'src/transfers/routes.ts', 'export const routes = []\n')
  await expect(review.row('docs/before.md')).toBeVisible()
  await expect(review.row('src/transfers/routes.ts').getByRole('checkbox')).toHaveAttribute('aria-checked', 'mixed')
  await expect.poll(() => review.topOf('idempotency_in_flight')).toBe(before)
  await expect(page.getByTestId(testId.reviewStale)).toContainText('routes.ts changed after you viewed it')
  await page.reload()
  await page.getByTestId(testId.reviewStale).getByRole('button').click()
  await expect(review.header('src/transfers/routes.ts')).toContainText('Show all of it')
  await expect(review.lines('src/transfers/routes.ts').filter({ hasText: 'limit: 25' }).first()).toBeVisible()
})

test('it is accessible in every look', async ({ page }) => {
  await review.row('src/transfers/service.ts').click()
  await expect(review.lines('src/transfers/service.ts').first()).toBeVisible()
  await page.getByTestId(testId.reviewStyle).getByText('Split').click()
  await expect(review.diff.locator('[data-deletions]').first()).toBeVisible()
  await expectAccessible(page, 'review')
})

test('checks run beside the changes, say what fails, and tell the agent of it', async ({ page, shell, yard }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  write(yard.repository, 'Makefile', 'lint:\n\t@echo all is well\n')
  execFileSync('git', ['add', '.'], { cwd: yard.repository })
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '-qm', 'make lint'], {
    cwd: yard.repository,
  })
  const panel = page.getByTestId(testId.checks)
  const check = (name: string) => panel.getByTestId(testId.check).filter({ hasText: name })
  await panel.getByTestId(testId.checksAdd).click()
  const dialog = page.getByTestId(testId.checksDialog)
  await dialog.getByTestId(testId.checkProposal).getByRole('button', { name: 'Add make lint' }).click()
  await expect(dialog.getByTestId(testId.checkDefinition)).toHaveCount(1)
  await dialog.getByTestId(testId.checkNew).click()
  await page.keyboard.type('race')
  await dialog.getByLabel('Command').fill("printf 'ok 1\\nnot ok 2 - two writers\\n'; exit 3")
  await dialog.getByText('A gate').click()
  await page.keyboard.press('Enter')
  await expect(dialog.getByTestId(testId.checkDefinition)).toHaveCount(2)
  await expectAccessible(page, 'the checks of a project')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Shift+R')
  await expect(check('race')).toHaveAttribute('data-state', 'failed')
  await expect(check('race').getByTestId(testId.checkExcerpt)).toHaveText('Failed, exit 3\nnot ok 2 - two writers')
  // There is no Makefile in what the session began with.
  await expect(check('lint')).toHaveAttribute('data-state', 'failed')
  await check('race').getByRole('button', { name: 'Output', exact: true }).click()
  await expect(page.getByTestId(testId.checkOutput).getByTestId(testId.terminal)).toContainText('ok 1')
  await page.keyboard.press('Escape')
  await check('race').getByTestId(testId.checkSend).click()
  await expect(page.getByTestId(testId.toast)).toContainText('Sent to “Keys”.')
  await expect(shell.row('Keys').getByTestId(testId.sessionChecks)).toContainText('2 checks fail')
  write(folder, 'Makefile', 'lint:\n\t@echo all is well\n')
  await expect(check('race').getByTestId(testId.checkStale)).toBeVisible()
  await check('lint').getByTestId(testId.checkRun).click()
  await expect(check('lint')).toHaveAttribute('data-state', 'passed')
  await expectAccessible(page, 'checks beside a review')
  await page.setViewportSize({ width: 1280, height: 800 })
  await expect(panel).toBeHidden()
  await page.getByTestId(testId.reviewDockButton).click()
  await expect(page.getByTestId(testId.reviewDockButton)).toHaveText('Checks1 of 2')
  await expect(check('race')).toBeVisible()
})
