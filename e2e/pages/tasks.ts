import { expect, type Locator, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'

export type ColumnName = 'Draft' | 'Open' | 'In progress' | 'In review' | 'On hold' | 'Done'

/** The tasks of a project: the board, the list, and one task in detail. */
export class TasksRoom {
  readonly page: Page
  readonly root: Locator
  readonly detail: Locator
  /** What is read out to those who do not see the board. */
  readonly said: Locator

  constructor(page: Page) {
    this.page = page
    this.root = page.getByTestId(testId.tasks)
    this.detail = page.getByTestId(testId.taskDetail)
    this.said = page.getByTestId(testId.taskSaid)
  }

  async open() {
    await this.page.getByTestId(testId.navTasks).click()
    await expect(this.root).toBeVisible()
  }

  column(name: ColumnName): Locator {
    return this.page
      .getByTestId(testId.taskColumn)
      .filter({ has: this.page.getByRole('heading', { name, exact: true }) })
  }

  card(title: string): Locator {
    return this.page
      .getByTestId(testId.taskCard)
      .filter({ has: this.page.getByTestId(testId.taskCardTitle).getByText(title, { exact: true }) })
  }

  async expectColumn(name: ColumnName, titles: readonly string[]) {
    await expect(this.column(name).getByTestId(testId.taskCardTitle), name).toHaveText(titles)
  }

  /** Writes tasks into a column, one after the other, as a person does who has a list in mind. */
  async write(name: 'Draft' | 'Open', titles: readonly string[]) {
    const column = this.column(name)
    await column.getByTestId(testId.taskColumnAdd).click()
    const field = column.getByTestId(testId.newTaskField)
    await expect(field).toBeFocused()
    for (const title of titles) {
      await this.page.keyboard.type(title)
      await this.page.keyboard.press('Enter')
      await expect(this.card(title)).toBeVisible()
      await expect(field).toHaveValue('')
    }
    await this.page.keyboard.press('Escape')
    await expect(field).toBeHidden()
  }

  /** Carries a card with the mouse, and lets it go over a part of another element. */
  async drag(title: string, target: Locator, { isLower = false }: { readonly isLower?: boolean } = {}) {
    const from = await boxOf(this.card(title))
    const { mouse } = this.page
    await mouse.move(from.x + from.width / 2, from.y + 14)
    await mouse.down()
    await mouse.move(from.x + from.width / 2 + 12, from.y + 22, { steps: 3 })
    const to = await boxOf(target)
    const x = to.x + to.width / 2
    const y = isLower ? to.y + to.height - 6 : to.y + 6
    await mouse.move(x, y, { steps: 4 })
    // The browser tells where the pointer is only when it moves on within what it is over.
    await mouse.move(x + 1, y)
    await mouse.move(x, y)
  }

  async dragAndDrop(title: string, target: Locator, options: { readonly isLower?: boolean } = {}) {
    await this.drag(title, target, options)
    await this.page.mouse.up()
  }

  async press(...keys: readonly string[]) {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  /** Chooses an entry of a card's menu. */
  async choose(title: string, entry: string) {
    await this.card(title).click({ button: 'right' })
    await this.page.locator(`[data-entry="${entry}"]`).click()
  }

  async openTask(title: string) {
    await this.card(title).click()
    await expect(this.field('title')).toHaveValue(title)
  }

  async closeTask() {
    await this.detail.getByTestId(testId.taskDetailClose).click()
    await expect(this.detail).toBeHidden()
  }

  field(name: string): Locator {
    return this.detail.locator(`[data-field="${name}"] textarea`)
  }

  fieldPart(name: string, part: string): Locator {
    return this.detail.locator(`[data-field="${name}"]`).getByTestId(part)
  }

  part(id: string): Locator {
    return this.detail.getByTestId(id)
  }

  section(name: string): Locator {
    return this.detail.getByRole('region', { name, exact: true })
  }

  async show(mode: 'Board' | 'List') {
    await this.page.getByTestId(testId.tasksMode).getByText(mode, { exact: true }).click()
  }

  get rows(): Locator {
    return this.page.getByTestId(testId.taskRow)
  }

  row(title: string): Locator {
    return this.rows.filter({ hasText: title })
  }

  async toggleFilter(name: 'State' | 'Priority' | 'Label', value: string) {
    await this.page.locator(`[data-testid="${testId.tasksFilter}"][data-filter="${name}"]`).click()
    await this.page.getByRole('menuitem', { name: value, exact: true }).click()
  }

  get question(): Locator {
    return this.page.getByTestId(testId.taskQuestion)
  }

  /** Fills in what an operation asks for, and goes on. */
  async answer(text: string | null) {
    await expect(this.question).toBeVisible()
    if (text !== null) await this.question.getByTestId(testId.taskQuestionText).fill(text)
    await this.question.getByTestId(testId.taskQuestionSend).click()
  }

  get notice(): Locator {
    return this.page.getByTestId(testId.toast)
  }

  async undo() {
    await this.page.getByTestId(testId.toastAction).last().click()
  }

  async dependOn(text: string) {
    await this.part(testId.taskDependencyAdd).click()
    await this.page.getByPlaceholder('Key or title').fill(text)
    await this.page.keyboard.press('Enter')
  }
}

const boxOf = async (target: Locator) => {
  await target.scrollIntoViewIfNeeded()
  const box = await target.boundingBox()
  if (box === null) throw new Error('It is not on the page.')
  return box
}
