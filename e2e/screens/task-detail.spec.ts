import { testId } from '../../renderer/lib/test-ids.ts'
import { expect, openPage, test } from '../fixtures/yard.ts'
import { beginTasks } from '../pages/begin-tasks.ts'
import { TasksRoom } from '../pages/tasks.ts'

// A task opened beside the board: its fields, what is typed into them, and what it waits for.

test.use({ scene: 'task-detail' })

let tasks: TasksRoom
test.beforeEach(({ page }) => {
  tasks = new TasksRoom(page)
})

test('every field is edited where it stands, and is there after a reload', async ({ page, yard }) => {
  await beginTasks(tasks, yard, 'fields', { open: ['Banana'] })
  const choose = async (name: string, option: string) => {
    await tasks.detail.getByRole('combobox', { name, exact: true }).click()
    await page.getByRole('option', { name: option }).click()
    await expect(tasks.detail.getByRole('combobox', { name, exact: true })).toHaveText(option)
  }
  await tasks.openTask('Banana')
  await tasks.field('title').fill('Banana bread')
  await page.keyboard.press('Enter')
  await expect(tasks.card('Banana bread')).toBeVisible()
  await tasks.field('body').fill('# Why\n\n<b>Because</b> of `x`.')
  await expect(tasks.fieldPart('body', testId.taskFieldSave)).toBeVisible()
  await tasks.field('body').press('Control+Enter')
  await expect(tasks.fieldPart('body', testId.taskFieldSave)).toBeHidden()
  await tasks.field('labels').fill('kitchen, baking')
  await tasks.field('declaredPaths').fill('src/**\ndocs/a b.md')
  await tasks.fieldPart('declaredPaths', testId.taskFieldSave).click()
  await tasks.field('baseRef').fill('main')
  await page.keyboard.press('Tab')
  await tasks.field('requiredRole').fill('baker')
  await page.keyboard.press('Enter')
  await choose('Priority', 'High')
  await choose('Kind', 'Chore')
  await tasks.detail
    .getByRole('group', { name: /^Attempts/ })
    .getByRole('button', { name: 'More' })
    .click()
  await tasks.detail.getByRole('radio', { name: 'Accepted' }).click()

  await expect(tasks.card('Banana bread')).toContainText('kitchen')
  await expect(tasks.card('Banana bread')).toContainText('High')
  await expect(tasks.detail.getByRole('radio', { name: 'Accepted' })).toBeChecked()
  await page.reload()
  await tasks.openTask('Banana bread')
  await expect(tasks.field('body')).toHaveValue('# Why\n\n<b>Because</b> of `x`.')
  await expect(tasks.field('labels')).toHaveValue('kitchen, baking')
  await expect(tasks.field('declaredPaths')).toHaveValue('src/**\ndocs/a b.md')
  await expect(tasks.field('baseRef')).toHaveValue('main')
  await expect(tasks.field('requiredRole')).toHaveValue('baker')
  await expect(tasks.detail.getByRole('combobox', { name: 'Priority', exact: true })).toHaveText('High')
  await expect(tasks.detail.getByRole('combobox', { name: 'Kind', exact: true })).toHaveText('Chore')
  await expect(tasks.detail.getByRole('group', { name: /^Attempts/ })).toContainText('3')
  await expect(tasks.detail.getByRole('radio', { name: 'Accepted' })).toBeChecked()
})

test('what is typed is kept through closing, a reload and a refusal', async ({ page, yard }) => {
  await beginTasks(tasks, yard, 'drafts', { open: ['Apple'] })
  await tasks.openTask('Apple')
  await tasks.field('body').fill('Not saved yet')
  await tasks.part(testId.taskCommentField).fill('Half a comment')
  await tasks.field('title').fill('   ')
  await page.keyboard.press('Enter')
  await expect(tasks.fieldPart('title', testId.taskFieldError)).toHaveText('Give it a name.')
  await tasks.closeTask()
  await page.reload()
  await tasks.card('Apple').click()
  await expect(tasks.field('title')).toHaveValue('   ')
  await expect(tasks.field('body')).toHaveValue('Not saved yet')
  await expect(tasks.part(testId.taskCommentField)).toHaveValue('Half a comment')
  await tasks.fieldPart('body', testId.taskFieldSave).click()
  await expect(tasks.fieldPart('body', testId.taskFieldSave)).toBeHidden()
  await tasks.part(testId.taskCommentSend).click()
  await expect(tasks.part(testId.taskComment)).toHaveText(/You, .*Half a comment/)
  await expect(tasks.part(testId.taskCommentField)).toHaveValue('')
  await tasks.field('title').fill('Apple pie')
  await page.keyboard.press('Enter')
  await expect(tasks.card('Apple pie')).toBeVisible()
})

test('a field that somebody else changes meanwhile shows both, and loses neither', async ({ context, yard }) => {
  await beginTasks(tasks, yard, 'meanwhile', { open: ['Apple'] })
  await tasks.openTask('Apple')
  await tasks.field('body').fill('Mine')
  const other = await context.newPage()
  await openPage(other, yard)
  const theirs = new TasksRoom(other)
  await theirs.open()
  await theirs.openTask('Apple')
  // In another field: what is typed here still stands.
  await theirs.field('labels').fill('red')
  await theirs.field('labels').press('Enter')
  await expect(tasks.field('labels')).toHaveValue('red')
  await expect(tasks.fieldPart('body', testId.taskFieldNote)).toBeHidden()
  await theirs.field('body').fill('Theirs')
  await theirs.field('body').press('Control+Enter')

  await expect(tasks.fieldPart('body', testId.taskFieldNote)).toContainText('Theirs')
  await expect(tasks.field('body')).toHaveValue('Mine')
  await tasks.fieldPart('body', testId.taskFieldMine).click()
  await tasks.field('body').press('Control+Enter')
  await expect(theirs.field('body')).toHaveValue('Mine')
  await theirs.field('body').fill('Theirs again')
  await theirs.field('body').press('Control+Enter')
  await expect(tasks.field('body')).toHaveValue('Theirs again')
  await other.close()
})

test('a dependency is found by key or title, names the blocker with its state, and may close no circle', async ({
  yard,
}) => {
  await beginTasks(tasks, yard, 'circles', { open: ['Apple', 'Banana', 'Cherry'] })
  await tasks.openTask('Apple')
  await tasks.dependOn('cherry')
  await expect(tasks.part(testId.taskDependency)).toHaveText(/CIR-3.*Cherry.*Open/)
  const blocker = tasks.card('Apple').getByTestId(testId.taskBlocker)
  await expect(tasks.card('Apple')).toContainText('Waits for CIR-3 Cherry, which is open')
  await expect(tasks.detail).toContainText('CIR-1 waits for CIR-3, which is open.')

  // Nobody works on what waits: the start is refused, and the card stays.
  await tasks.dragAndDrop('Apple', tasks.column('In progress'))
  await expect(tasks.notice.last()).toContainText('CIR-1 waits for CIR-3, which is open.')
  await tasks.expectColumn('In progress', [])

  await blocker.click()
  await expect(tasks.part(testId.taskDetailKey)).toHaveText('CIR-3')
  await tasks.dependOn('CIR-1')
  await expect(tasks.part(testId.taskDependencyError)).toContainText(/for ever: .*CIR-\d → CIR-\d/)
  await expect(tasks.part(testId.taskDependency)).toHaveCount(1)

  await tasks.dragAndDrop('Cherry', tasks.column('Done'))
  await expect(blocker).toBeHidden()
  await tasks.card('Apple').click()
  await tasks.part(testId.taskDependencyRemove).click()
  await expect(tasks.part(testId.taskDependency)).toHaveCount(0)
  await tasks.undo()
  await expect(tasks.part(testId.taskDependency)).toHaveCount(1)
  await tasks.choose('Cherry', 'reopen')
  await expect(blocker).toBeVisible()
  await tasks.part(testId.taskHistoryToggle).click()
  const lines = tasks.part(testId.taskHistoryRow)
  await expect(lines.filter({ hasText: 'You was refused' }).or(lines.filter({ hasText: 'refused' }))).toHaveCount(1)
  await expect(lines.last()).toContainText('You wrote it down')
})
