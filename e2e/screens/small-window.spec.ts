import type { Locator, Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'
import { FolderDialog } from '../pages/folder-dialog.ts'
import { NewSessionDialog } from '../pages/new-session.ts'
import { Shell } from '../pages/shell.ts'
import { TerminalTile } from '../pages/terminal.ts'
import { expect, test } from '../fixtures/yard.ts'

// What a window of 900 by 600 shows is whole: dialogs, menus, answers, and the rows of terminals.

test.use({ scene: 'small-window', viewport: { width: 900, height: 600 } })

test.beforeEach(async ({ page, yard }) => {
  if (await page.getByTestId(testId.firstRun).isVisible()) await new FolderDialog(page).openFolder(yard.repository)
})

const expectWhole = async (page: Page, part: Locator) => {
  await expect(part).toBeVisible()
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
  await expect
    .poll(async () => {
      const box = await part.boundingBox()
      return box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height
    }, 'it lies within the window')
    .toBe(true)
}

const titles = ['One', 'Two', 'Three'] as const

/** Three agents that ask, side by side; they are started by the first test that needs them. */
const showThree = async (page: Page) => {
  const shell = new Shell(page)
  for (const title of titles) {
    if (!(await shell.row(title).isVisible()))
      await new NewSessionDialog(page).start({ title, agent: 'Demo agent', prompt: `Plan ${title}` })
    await shell.expectBadge(title, 'Needs you')
  }
  await page.getByTestId(testId.tilePresets).getByText('4', { exact: true }).click()
  await expect(page.getByTestId(testId.tile).filter({ visible: true })).toHaveCount(3)
}

test('the widest dialog fits, with its buttons', async ({ page, newSession }) => {
  await newSession.open()
  for (const part of [
    newSession.dialog,
    newSession.part(testId.newSessionStart),
    newSession.part(testId.newSessionCancel),
  ])
    await expectWhole(page, part)
  // The fields of a row stand in line, whatever is beside their labels.
  const [agent, mode] = [
    await newSession.part(testId.newSessionAgent).boundingBox(),
    await newSession.part(testId.newSessionMode).boundingBox(),
  ]
  expect(agent?.y).toBe(mode?.y)
  await page.keyboard.press('Escape')
})

test('a terminal that became small shows whole rows from the top, and the answers beneath it fit', async ({
  page,
  shell,
}) => {
  await showThree(page)
  for (const title of titles) {
    const { tile } = new TerminalTile(page, await shell.sessionId(title))
    await tile.locator('.xterm-helper-textarea').focus()
    const screen = tile.locator('.terminal-screen')
    await expect
      .poll(() =>
        screen.evaluate((element) => [element.scrollTop, element.querySelectorAll('.xterm-rows > div').length]),
      )
      .toEqual([0, expect.any(Number)])
    const top = (await screen.boundingBox())?.y ?? -1
    const firstRow = (await tile.locator('.xterm-rows > div').first().boundingBox())?.y ?? -2
    expect(firstRow).toBe(top)
    for (const answer of [testId.answerAllow, testId.answerWider, testId.answerDeny])
      await expectWhole(page, tile.getByTestId(answer))
  }
})

test('a long menu is whole, wherever its button is', async ({ page, shell }) => {
  await showThree(page)
  for (const title of titles) {
    const { tile } = new TerminalTile(page, await shell.sessionId(title))
    await tile.getByRole('button', { name: 'More' }).click()
    const menu = page.getByRole('menu')
    await expectWhole(page, menu)
    await expect.poll(() => menu.evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(0)
    await page.keyboard.press('Escape')
    await expect(menu).toBeHidden()
  }
})
