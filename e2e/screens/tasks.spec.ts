import { testId } from '../../renderer/lib/test-ids.ts'
import { expect, test } from '../fixtures/yard.ts'
import { beginTasks } from '../pages/begin-tasks.ts'
import { Palette } from '../pages/palette.ts'
import { TasksRoom } from '../pages/tasks.ts'

// Tasks on the board and in the list, with the whole app behind them: what is done here is in the database, or is refused
// by it.

test.use({ scene: 'tasks' })

let tasks: TasksRoom
test.beforeEach(({ page }) => {
  tasks = new TasksRoom(page)
})

test('an empty board says what belongs where, and an empty list how to begin', async ({ page, yard }) => {
  await beginTasks(tasks, yard, 'empty')
  await expect(tasks.column('Open')).toContainText('Work that a session may take up.')
  await tasks.show('List')
  await expect(tasks.root).toContainText('No tasks yet')
  await tasks.root.getByRole('button', { name: 'New task C' }).last().click()
  const field = page.getByTestId(testId.newTaskField)
  await expect(field).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(tasks.root).toContainText('No tasks yet')
  await page.keyboard.press('c')
  await page.keyboard.type('Written in the list')
  await page.keyboard.press('Enter')
  await expect(tasks.rows).toHaveText([/EMP-1.*Written in the list.*Open/])
  await expect(field).toHaveValue('')
})

test('titles typed into a column become tasks, and what was not sent is kept', async ({ page, yard }) => {
  await beginTasks(tasks, yard, 'writing', { open: ['Apple', 'Banana', 'Cherry'], draft: ['Durian'] })
  await tasks.expectColumn('Open', ['Apple', 'Banana', 'Cherry'])
  await tasks.expectColumn('Draft', ['Durian'])
  await expect(tasks.card('Banana')).toContainText('WRI-2')

  await tasks.card('Apple').focus()
  await page.keyboard.press('c')
  const field = tasks.column('Open').getByTestId(testId.newTaskField)
  await expect(field).toBeFocused()
  await page.keyboard.type('Half a thou')
  await page.keyboard.press('Escape')
  await expect(field).toBeHidden()
  await tasks.column('Open').getByTestId(testId.taskColumnAdd).click()
  await expect(field).toHaveValue('Half a thou')
  // The page is left for another one, and comes back.
  await page.getByTestId(testId.navTerminals).click()
  await page.reload()
  await tasks.open()
  await tasks.column('Open').getByTestId(testId.taskColumnAdd).click()
  await expect(field).toHaveValue('Half a thou')
  await tasks.expectColumn('Open', ['Apple', 'Banana', 'Cherry'])
})

test('the keyboard carries a card: within its column, into another one, and back with Escape', async ({
  page,
  yard,
}) => {
  await beginTasks(tasks, yard, 'keys', { open: ['Apple', 'Banana', 'Cherry'], draft: ['Durian'] })
  await tasks.card('Apple').focus()
  await tasks.press('ArrowDown')
  await expect(tasks.card('Banana')).toBeFocused()
  await tasks.press('ArrowUp', 'Space')
  await expect(tasks.said).toHaveText(/^Picked up KEY-1 Apple\. Open, 1 of 3\. Arrows move it/)
  await tasks.press('ArrowDown')
  await expect(tasks.said).toHaveText('Open, 2 of 3')
  await expect(tasks.card('Apple')).toBeFocused()
  await tasks.press('Space')
  await expect(tasks.said).toHaveText('Dropped in Open, 2 of 3.')
  await tasks.expectColumn('Open', ['Banana', 'Apple', 'Cherry'])
  await expect(tasks.card('Apple')).toBeFocused()

  await tasks.press('Space', 'ArrowLeft')
  await expect(tasks.said).toHaveText('Draft, 2 of 2')
  await tasks.expectColumn('Draft', ['Durian', 'Apple'])
  await tasks.press('Escape')
  await expect(tasks.said).toHaveText('Cancelled. Back in Open, 2 of 3.')
  await tasks.expectColumn('Open', ['Banana', 'Apple', 'Cherry'])
  await expect(tasks.card('Apple')).toBeFocused()

  await tasks.press('Space', 'ArrowLeft', 'ArrowUp', 'Space')
  await tasks.expectColumn('Draft', ['Apple', 'Durian'])
  await expect(tasks.card('Apple')).toBeFocused()
  await page.reload()
  await tasks.expectColumn('Draft', ['Apple', 'Durian'])
  await tasks.expectColumn('Open', ['Banana', 'Cherry'])
})

test.describe('an answer that is long on its way', () => {
  // A socket that was routed once stays routed.
  test.use({ ownPage: true })
  test('keys count after a drop that is still on its way, and none is lost', async ({ page, yard }) => {
    let isHeld = false
    const heldBack: (() => void)[] = []
    await page.routeWebSocket(/./, (socket) => {
      socket.connectToServer().onMessage((message) => {
        if (isHeld) heldBack.push(() => socket.send(message))
        else socket.send(message)
      })
    })
    await page.reload()
    await beginTasks(tasks, yard, 'queue', { open: ['Apple', 'Banana'], draft: ['Durian'] })
    await tasks.card('Apple').focus()
    await tasks.press('Space', 'ArrowDown')
    await expect(tasks.said).toHaveText('Open, 2 of 2')
    isHeld = true
    await tasks.press('Space')
    await tasks.expectColumn('Open', ['Banana', 'Apple'])
    await tasks.press('Space', 'ArrowLeft')
    await expect(tasks.said).toHaveText('Dropped in Open, 2 of 2.')
    isHeld = false
    for (const send of heldBack) send()
    await expect(tasks.said).toHaveText('Draft, 2 of 2')
    await tasks.press('Space')
    await tasks.expectColumn('Draft', ['Durian', 'Apple'])
    await expect(tasks.card('Apple')).toBeFocused()
    // The move and then the place are stored by then: before that a reload would end it half-way.
    await expect(tasks.notice.last()).toContainText('QUE-1 is draft.')
    await page.reload()
    await tasks.expectColumn('Draft', ['Durian', 'Apple'])
  })
})

test('the mouse carries a card, its place is kept free, and every move can be undone', async ({ page, yard }) => {
  await beginTasks(tasks, yard, 'mouse', { open: ['Banana', 'Cherry'], draft: ['Apple', 'Durian'] })
  await tasks.drag('Apple', tasks.card('Cherry'))
  await expect(tasks.column('Open').getByTestId(testId.taskSlot)).toBeVisible()
  await expect(tasks.card('Apple')).toHaveAttribute('data-look', 'left')
  // Let go where no column is.
  await page.mouse.move(600, 60, { steps: 3 })
  await page.mouse.up()
  await expect(page.getByTestId(testId.taskSlot)).toBeHidden()
  await tasks.expectColumn('Draft', ['Apple', 'Durian'])

  await tasks.dragAndDrop('Apple', tasks.card('Cherry'))
  await tasks.expectColumn('Open', ['Banana', 'Apple', 'Cherry'])
  await expect(tasks.notice.last()).toContainText('MOU-3 is open.')
  await tasks.undo()
  await tasks.expectColumn('Draft', ['Apple', 'Durian'])

  await tasks.dragAndDrop('Cherry', tasks.card('Banana'))
  await tasks.expectColumn('Open', ['Cherry', 'Banana'])
  await page.reload()
  await tasks.expectColumn('Open', ['Cherry', 'Banana'])
  await tasks.dragAndDrop('Cherry', tasks.card('Banana'), { isLower: true })
  await tasks.expectColumn('Open', ['Banana', 'Cherry'])
})

test('a move that is refused says why, and the card is back where it was', async ({ page, yard }) => {
  await beginTasks(tasks, yard, 'refusals', { open: ['Banana'], draft: ['Durian'] })
  await tasks.dragAndDrop('Durian', tasks.column('Done'))
  await expect(tasks.notice.last()).toContainText('REF-2 is still a draft.')
  await tasks.expectColumn('Draft', ['Durian'])
  await tasks.drag('Banana', tasks.column('In review'))
  await expect(tasks.column('In review').getByTestId(testId.taskDropHint)).toContainText(
    'when its session hands its work in',
  )
  await page.mouse.up()
  await expect(tasks.notice.filter({ hasText: 'REF-1 comes into review' })).toBeVisible()
  await tasks.expectColumn('Open', ['Banana'])
})

test('a task is put on hold with a reason or until a day, and opened again', async ({ page, yard }) => {
  await beginTasks(tasks, yard, 'holding', { open: ['Cherry'] })
  await tasks.dragAndDrop('Cherry', tasks.column('On hold'))
  await expect(tasks.question).toContainText('HOL-1 Cherry')
  await page.keyboard.press('Escape')
  await expect(tasks.question).toBeHidden()
  await tasks.expectColumn('Open', ['Cherry'])

  await tasks.dragAndDrop('Cherry', tasks.column('On hold'))
  await tasks.answer('The vendor has to send the key.')
  await tasks.expectColumn('On hold', ['Cherry'])
  await expect(tasks.card('Cherry')).toContainText('Blocked: The vendor has to send the key.')
  await tasks.undo()
  await tasks.expectColumn('Open', ['Cherry'])

  await tasks.choose('Cherry', 'to-hold')
  await tasks.question.getByTestId(testId.taskHoldKind).getByText('Deferred').click()
  await tasks.question.getByTestId(testId.taskHoldDay).fill('2099-12-01')
  await tasks.answer(null)
  await expect(tasks.card('Cherry')).toContainText('Deferred until 1 December 2099')
  await tasks.choose('Cherry', 'to-open')
  await tasks.expectColumn('Open', ['Cherry'])
})

test('a task ends and is reopened', async ({ yard }) => {
  await beginTasks(tasks, yard, 'ending', { open: ['Cherry'], draft: ['Durian'] })
  await tasks.dragAndDrop('Cherry', tasks.column('Done'))
  await tasks.expectColumn('Done', ['Cherry'])
  await tasks.choose('Durian', 'cancel')
  await tasks.answer('Nobody wants it.')
  await tasks.expectColumn('Done', ['Durian', 'Cherry'])
  await expect(tasks.card('Durian')).toContainText('Cancelled: Nobody wants it.')
  await tasks.undo()
  await tasks.expectColumn('Draft', ['Durian'])
  await tasks.dragAndDrop('Cherry', tasks.column('Open'))
  await expect(tasks.notice.last()).toContainText('END-1 is open again.')
  await tasks.expectColumn('Done', [])
  await tasks.choose('Cherry', 'fail')
  await tasks.answer('It cannot be done.')
  await expect(tasks.card('Cherry')).toContainText('Failed: It cannot be done.')
  await tasks.column('Done').getByTestId(testId.taskOlder).click()
  await expect(tasks.column('Done')).toContainText('That is all.')
})

test('the list is filtered and sorted, walked by keyboard, and comes back as it was left', async ({ page, yard }) => {
  await beginTasks(tasks, yard, 'list', { open: ['Banana', 'Apple', 'Cherry'], draft: ['Durian'] })
  await tasks.openTask('Banana')
  await tasks.field('labels').fill('kitchen')
  await page.keyboard.press('Enter')
  await expect(tasks.card('Banana')).toContainText('kitchen')
  await tasks.closeTask()
  await tasks.show('List')
  await expect(tasks.rows).toHaveText([/Durian/, /Banana/, /Apple/, /Cherry/])
  await tasks.root.locator('[data-by="title"]').click()
  await expect(tasks.rows).toHaveText([/Apple/, /Banana/, /Cherry/, /Durian/])
  await tasks.root.locator('[data-by="title"]').click()
  await expect(tasks.rows).toHaveText([/Durian/, /Cherry/, /Banana/, /Apple/])
  await tasks.toggleFilter('State', 'Open')
  await expect(tasks.rows).toHaveText([/Cherry/, /Banana/, /Apple/])
  await tasks.toggleFilter('Label', 'kitchen')
  await expect(tasks.rows).toHaveText([/Banana/])
  await page.reload()
  await expect(tasks.rows).toHaveText([/Banana/])
  await page.getByTestId(testId.tasksText).fill('nothing like it')
  await expect(tasks.root).toContainText('No task matches')
  await page.getByTestId(testId.tasksClear).click()
  await expect(tasks.rows).toHaveCount(4)

  await tasks.row('Durian').focus()
  await tasks.press('ArrowDown', 'ArrowDown')
  await expect(tasks.row('Banana')).toBeFocused()
  await tasks.press('End')
  await expect(tasks.row('Apple')).toBeFocused()
  await tasks.press('Enter')
  await expect(tasks.detail).toBeFocused()
  await expect(tasks.part(testId.taskDetailKey)).toHaveText('LIS-2')
  await tasks.press('Escape')
  await expect(tasks.row('Apple')).toBeFocused()
})

test('a session starts on a task from its card, shows its badge there, and is taken off it again', async ({
  page,
  shell,
  yard,
}) => {
  await beginTasks(tasks, yard, 'starting', { open: ['Cherry'] })
  await tasks.dragAndDrop('Cherry', tasks.column('In progress'))
  await tasks.expectColumn('In progress', ['Cherry'])
  await expect(tasks.notice.last()).toContainText('A session starts on STA-1.')
  await shell.expectBadge('Cherry', 'Needs you')
  const badge = tasks.card('Cherry').getByTestId(testId.taskBadge)
  await expect(badge).toContainText('Needs you')
  await tasks.openTask('Cherry')
  await expect(tasks.part(testId.taskAttempt)).toContainText('1. Running')
  await expect(tasks.part(testId.taskDetailState)).toHaveText('In progress')
  await badge.click()
  await expect(page.getByTestId(testId.tile)).toContainText('Cherry')
  await expect(page.getByTestId(testId.answerBar)).toBeVisible()

  // Beside its terminal stands what it works on, with the way back.
  await page.getByRole('button', { name: 'Coordination: works on STA-1' }).click()
  const panel = page.getByTestId(testId.coordination)
  await expect(panel.getByRole('region', { name: 'Task' })).toContainText('STA-1 Cherry')
  await panel.getByRole('button', { name: 'Open the task' }).click()
  await expect(panel).toBeHidden()
  await expect(tasks.part(testId.taskDetailKey)).toHaveText('STA-1')

  await tasks.dragAndDrop('Cherry', tasks.column('Open'))
  await expect(tasks.question).toContainText('Its attempt ends')
  await tasks.answer(null)
  await tasks.expectColumn('In progress', [])
  await expect(tasks.part(testId.taskAttempt)).toContainText('1. Taken back')
})

test('a session starts on a task as the form says, and the brief stands there to be changed', async ({
  page,
  shell,
  newSession,
  yard,
}) => {
  await beginTasks(tasks, yard, 'forms', { draft: ['Banana bread'] })
  await tasks.openTask('Banana bread')
  await tasks.field('body').fill('With nuts.')
  await tasks.field('body').press('Control+Enter')
  await expect(tasks.fieldPart('body', testId.taskFieldSave)).toBeHidden()
  await tasks.detail.getByRole('button', { name: 'Options…' }).click()
  await newSession.waitUntilReady()
  await expect(newSession.dialog).toContainText('New session on FOR-1')
  await expect(newSession.prompt).toHaveValue(/^# FOR-1: Banana bread\n\nWith nuts\./)
  await newSession.part(testId.newSessionTitle).fill('Bake it')
  await newSession.send()
  await expect(shell.row('Bake it')).toBeVisible()
  await new Palette(page).run('Go to Tasks')
  await tasks.expectColumn('In progress', ['Banana bread'])
  await expect(tasks.card('Banana bread').getByTestId(testId.taskBadge)).toBeVisible()
})
