import { testId } from '../../renderer/lib/test-ids.ts'
import { ActivityPage } from '../pages/activity.ts'
import { FolderDialog } from '../pages/folder-dialog.ts'
import { TasksRoom } from '../pages/tasks.ts'
import { expect, test } from '../fixtures/yard.ts'

// What happened, as it happens, and why something is where it is.

test.use({ scene: 'activity' })

test.beforeEach(async ({ page, yard, shell, newSession }) => {
  if (await page.getByTestId(testId.firstRun).isVisible()) {
    await new FolderDialog(page).openFolder(yard.repository)
    await newSession.startShell('One')
  }
  await expect(shell.row('One')).toBeVisible()
})

test('tells what was done, newest first, and new lines as they happen', async ({ page, shell }) => {
  const activity = new ActivityPage(page)
  await activity.open()
  await expect(activity.row('You started “One”')).toHaveCount(1)
  await expect(activity.row('One began to run')).toBeVisible()
  await shell.rename('One', 'Uno')
  await expect(activity.rows.first()).toContainText('You called a session “Uno”')
  await shell.rename('Uno', 'One')
  await expect(activity.rows.first()).toContainText('You called a session “One”')
})

test('filters by kind, by who did it and by words, and says when nothing matches', async ({ page }) => {
  const activity = new ActivityPage(page)
  await activity.open()
  await activity.filter('What', 'Worktrees')
  await expect(activity.row('You opened the project')).toBeVisible()
  await expect(activity.row('You started')).toHaveCount(0)
  await activity.filter('Who', 'Switchyard')
  await expect(activity.row('You opened')).toHaveCount(0)
  await expect(activity.row('Switchyard made ready the worktree')).toBeVisible()
  await activity.text.fill('no such words')
  await expect(page.getByText('No line matches')).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filter' }).last().click()
  await expect(activity.row('You started “One”')).toBeVisible()
})

test('is walked by the arrows, and Enter leads to the session', async ({ page }) => {
  const activity = new ActivityPage(page)
  await activity.open()
  const [first, second] = [activity.rows.first(), activity.rows.nth(1)]
  await expect(activity.row('One began to run')).toBeVisible()
  await first.focus()
  // From the first key on somebody reads: a line that is only now told moves nothing any more.
  await page.keyboard.press('End')
  await expect(first).not.toBeFocused()
  await page.keyboard.press('Home')
  await expect(first).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await expect(second).toBeFocused()
  await page.keyboard.press('Home')
  await expect(first).toBeFocused()
  await activity.row('One began to run').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId(testId.tile)).toBeVisible()
  await expect(activity.root).toBeHidden()
})

test('says why a session does not run, from its menu, with the line that decided it', async ({ page, shell }) => {
  const activity = new ActivityPage(page)
  await shell.choose('One', 'stop')
  await shell.expectBadge('One', 'Stopped')
  await shell.choose('One', 'why')
  await expect(activity.why).toHaveText('You stopped it.')
  await expect(page.getByTestId(testId.activityDecided)).toContainText('You stopped “One”')
  await expect(activity.row('You opened the project')).toHaveCount(0)
  // The answer follows what happens: it is not asked for again.
  await shell.choose('One', 'archive')
  await expect(activity.why).toHaveText('It is archived.')
  await shell.undo()
  await expect(activity.why).toHaveText('You stopped it.')
  await activity.clear()
  await expect(activity.why).toHaveCount(0)
  await expect(activity.row('You opened the project')).toBeVisible()
})

test('says why from the state itself: of the tile by keyboard, of the selected row by a click', async ({
  page,
  shell,
}) => {
  const activity = new ActivityPage(page)
  await shell.openSession('One')
  const badge = page.getByTestId(testId.tile).getByTestId(testId.sessionBadge)
  await badge.focus()
  await page.keyboard.press('Enter')
  await expect(activity.why).toBeVisible()
  await activity.clear()
  await expect(activity.why).toHaveCount(0)
  await page.getByTestId(testId.navMail).click()
  await shell.row('One').locator('.status-asked-mark').click()
  await expect(activity.why).toBeVisible()
  await activity.clear()
})

test('says why a task was not started, from its detail', async ({ page }) => {
  const activity = new ActivityPage(page)
  const tasks = new TasksRoom(page)
  await tasks.open()
  await tasks.write('Open', ['Water the plants'])
  await tasks.openTask('Water the plants')
  await tasks.detail.getByTestId(testId.askWhy).click()
  await expect(activity.why).toHaveText('It is ready, and no session has taken it up.')
  await expect(page.getByTestId(testId.activityDecided)).toContainText('You wrote')
  await activity.row('You wrote').getByTestId(testId.activityLink).click()
  await expect(tasks.detail).toBeVisible()
})

test('new lines wait while somebody reads further down', async ({ page, shell }) => {
  await page.setViewportSize({ width: 900, height: 600 })
  const activity = new ActivityPage(page)
  await activity.open()
  for (let n = 0; n < 6; n += 1) {
    await shell.rename('One', `Name ${n}`)
    await expect(shell.row(`Name ${n}`)).toBeVisible()
    await shell.rename(`Name ${n}`, 'One')
    await expect(shell.row('One')).toBeVisible()
  }
  await expect(activity.rows.first()).toContainText('You called a session “One”')
  await page.getByTestId(testId.activityList).evaluate((list) => list.scrollTo({ top: 300 }))
  const seen = await activity.row('Name 0').boundingBox()
  await shell.rename('One', 'Uno')
  await expect(page.getByTestId(testId.activityNew)).toHaveText('1 new')
  expect(await activity.row('Name 0').boundingBox()).toEqual(seen)
  await page.getByTestId(testId.activityNew).click()
  await expect(activity.rows.first()).toContainText('You called a session “Uno”')
  await expect(page.getByTestId(testId.activityNew)).toHaveCount(0)
})
