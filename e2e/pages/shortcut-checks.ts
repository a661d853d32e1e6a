import { expect, type Locator, type Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'
import { NewSessionDialog } from '../pages/new-session.ts'
import type { Shell } from '../pages/shell.ts'
import { TerminalTile } from '../pages/terminal.ts'

// What the shortcuts of terminals, lists and questions are seen by.

/** Where the focus is when the keys are pressed: in the terminal of One, or on its row in the list. */
export type Place = 'terminal' | 'list'

export interface Scene {
  readonly page: Page
  readonly shell: Shell
  /** Presses the keys. */
  readonly press: () => Promise<void>
  readonly field: (title: string) => Promise<Locator>
}

export interface Shortcut {
  readonly title: string
  /** As the help shows it, and where it is pressed. */
  readonly keys: Readonly<Record<string, Place>>
  readonly check: (scene: Scene, shown: string) => Promise<void>
}

export const tiles = (page: Page) => page.getByTestId(testId.tile).filter({ visible: true })
export const shells = (page: Page) => page.locator(`[data-testid="${testId.tile}"][data-view^="shell"]`)
export const inputOf = (tile: Locator) => tile.locator('.xterm-helper-textarea')

export const opensDialog =
  (dialog: string): Shortcut['check'] =>
  async ({ page, press }) => {
    await press()
    await expect(page.getByTestId(dialog)).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByTestId(dialog)).toBeHidden()
  }

export const opensShell =
  (isThere: (shell: Box, session: Box) => boolean): Shortcut['check'] =>
  async ({ page, press, field }) => {
    await press()
    const opened = shells(page)
    await expect(inputOf(opened)).toBeFocused()
    await expect
      .poll(async () => isThere(await boxOf(inputOf(opened)), await boxOf(await field('One'))), 'its place')
      .toBe(true)
    await page.keyboard.press('Alt+Shift+W')
    await expect(opened).toHaveCount(0)
  }

type Box = { readonly x: number; readonly y: number } | null

const boxOf = async (input: Locator): Promise<Box> => {
  const tile = input.locator(`xpath=ancestor::*[@data-testid="${testId.tile}"]`)
  return (await tile.isVisible()) ? tile.boundingBox() : null
}

export const goesTo =
  (title: string): Shortcut['check'] =>
  async ({ press, field }) => {
    await press()
    await expect(await field(title)).toBeFocused()
  }

/** From the one of the two tiles that lies there to the other. */
export const goesSideways =
  (to: 'left' | 'right'): Shortcut['check'] =>
  async ({ press, field }) => {
    const fields = [await field('One'), await field('Two')] as const
    const [one, two] = [await boxOf(fields[0]), await boxOf(fields[1])]
    const [left, right] = (one?.x ?? 0) < (two?.x ?? 0) ? fields : [fields[1], fields[0]]
    await (to === 'left' ? right : left).focus()
    await press()
    await expect(to === 'left' ? left : right).toBeFocused()
  }

/** From the lower of two tiles upwards, or back. */
export const goesUpOrDown =
  (to: 'above' | 'below'): Shortcut['check'] =>
  async ({ page, press, field }) => {
    await page.keyboard.press('Control+Shift+D')
    await expect(inputOf(shells(page))).toBeFocused()
    if (to === 'below') await (await field('One')).focus()
    await press()
    await expect(to === 'below' ? inputOf(shells(page)) : await field('One')).toBeFocused()
    await inputOf(shells(page)).focus()
    await page.keyboard.press('Alt+Shift+W')
    await expect(shells(page)).toHaveCount(0)
  }

/** Which part of the window has the focus, counted over all of them; -1 when none has. */
const partOf = (page: Page) =>
  page.evaluate(() => {
    const part = document.activeElement?.closest('[data-region]')
    return [...document.querySelectorAll('[data-region]')].findIndex((other) => other === part)
  })

export const goesToPart =
  (back: string): Shortcut['check'] =>
  async ({ page, press }) => {
    const before = await partOf(page)
    expect(before).not.toBe(-1)
    await press()
    await expect.poll(() => partOf(page)).not.toBe(before)
    expect(await partOf(page)).not.toBe(-1)
    await page.keyboard.press(back)
    await expect.poll(() => partOf(page)).toBe(before)
  }

export const movesRow: Shortcut['check'] = async ({ page, shell, press }, shown) => {
  const other = shown.endsWith('↑') ? 'ArrowDown' : 'ArrowUp'
  // The upper one can only go down and the lower one only up.
  const titles = page.getByTestId(testId.sessionTitle)
  const before = await titles.allTextContents()
  await shell.row((shown.endsWith('↑') ? before.at(-1) : before[0]) ?? '').focus()
  await press()
  await expect(titles).toHaveText([...before].reverse())
  await page.keyboard.press(`Alt+Shift+${other}`)
  await expect(titles).toHaveText(before)
}

/** Starts an agent that asks, and puts it away in the end. */
export const asks =
  (check: (scene: Scene, bar: Locator, shown: string) => Promise<void>): Shortcut['check'] =>
  async (scene, shown) => {
    const { page, shell } = scene
    await new NewSessionDialog(page).start({ title: 'Asks', agent: 'Demo agent', prompt: 'Plan it' })
    await shell.expectBadge('Asks', 'Needs you')
    const tile = new TerminalTile(page, await shell.sessionId('Asks'))
    await check(scene, tile.tile.getByTestId(testId.answerBar), shown)
    await shell.choose('Asks', 'archive')
    await expect(shell.row('Asks')).toBeHidden()
  }

export const goesToView =
  (view: string): Shortcut['check'] =>
  async ({ page, shell, press, field }) => {
    await press()
    await expect(page.getByTestId(view)).toBeVisible()
    // The tab would be there in the next check too.
    await page.keyboard.press('Control+w')
    await expect(page.getByTestId(view)).toBeHidden()
    await shell.openSession('One')
    await expect(await field('One')).toBeFocused()
  }
