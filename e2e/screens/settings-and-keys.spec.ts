import type { Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'
import { FolderDialog } from '../pages/folder-dialog.ts'
import { Palette } from '../pages/palette.ts'
import { TerminalTile } from '../pages/terminal.ts'
import { expect, test } from '../fixtures/yard.ts'

// How the window looks and is driven: settings, palette, help, and each shortcut that the help names.

test.use({ scene: 'settings-and-keys' })

test.beforeEach(async ({ page, yard, newSession, shell }) => {
  if (!(await page.getByTestId(testId.firstRun).isVisible())) return
  await new FolderDialog(page).openFolder(yard.repository)
  for (const title of ['One', 'Two']) await newSession.startShell(title)
  await expect(shell.row('Two')).toBeVisible()
})

const look = (page: Page) =>
  page.evaluate(() => ({
    theme: document.documentElement.dataset['theme'],
    contrast: document.documentElement.dataset['contrast'],
    background: getComputedStyle(document.body).backgroundColor,
  }))

const openSettings = async (page: Page) => {
  await page.keyboard.press('Control+,')
  const dialog = page.getByTestId(testId.settings)
  await expect(dialog).toBeVisible()
  return dialog
}

test('theme and contrast change at once and are kept over a reload', async ({ page, shell }) => {
  const dialog = await openSettings(page)
  await dialog.getByText('Dark', { exact: true }).click()
  await expect.poll(() => look(page)).toMatchObject({ theme: 'dark' })
  const dark = (await look(page)).background
  await dialog.getByText('Light', { exact: true }).click()
  await expect.poll(() => look(page)).toMatchObject({ theme: 'light' })
  expect((await look(page)).background).not.toBe(dark)
  await dialog.getByText('High', { exact: true }).click()
  await expect.poll(() => look(page)).toMatchObject({ theme: 'light', contrast: 'high' })
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await page.reload()
  await expect.poll(() => look(page)).toMatchObject({ theme: 'light', contrast: 'high' })
  // The colours come before the app: no key is heard until it is there.
  await shell.waitUntilConnected()
  // The palette changes it as well, with a few letters.
  for (const words of ['contrast normal', 'theme system']) {
    await page.keyboard.press('Control+Shift+P')
    await page.keyboard.type(words)
    await page.keyboard.press('Enter')
    await expect(page.getByTestId(testId.palette)).toBeHidden()
  }
  await expect.poll(async () => (await look(page)).contrast).not.toBe('high')
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(async () => (await look(page)).background).toBe(dark)
})

test('arrows choose the theme by keyboard', async ({ page }) => {
  const dialog = await openSettings(page)
  await expect(dialog.getByRole('radio', { name: 'As the system' })).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(dialog.getByRole('radio', { name: 'Light' })).toBeChecked()
  await page.keyboard.press('ArrowLeft')
  await expect(dialog.getByRole('radio', { name: 'As the system' })).toBeChecked()
})

test('the text of terminals grows and shrinks within limits', async ({ page, shell }) => {
  await shell.openSession('One')
  const tile = new TerminalTile(page, await shell.sessionId('One'))
  await tile.expectText('ready>')
  const size = () => tile.tile.locator('.xterm-rows').evaluate((rows) => parseFloat(getComputedStyle(rows).fontSize))
  const before = await size()
  const dialog = await openSettings(page)
  await dialog.getByRole('button', { name: 'More', exact: true }).click()
  await dialog.getByRole('button', { name: 'More', exact: true }).click()
  await expect.poll(size).toBe(before + 2)
  await page.keyboard.press('Escape')
  await page.reload()
  await expect.poll(size).toBe(before + 2)
  await openSettings(page)
  for (let step = 0; step < 2; step++) await dialog.getByRole('button', { name: 'Less', exact: true }).click()
  await expect.poll(size).toBe(before)
})

test('the palette takes the keys, says when nothing is called that, and gives the focus back on Escape', async ({
  page,
  shell,
}) => {
  await shell.openSession('One')
  const one = new TerminalTile(page, await shell.sessionId('One'))
  await one.focus()
  await page.keyboard.press('Control+Shift+P')
  await expect(page.getByTestId(testId.paletteInput)).toBeFocused()
  await page.keyboard.type('zzz')
  await expect(page.getByTestId(testId.palette)).toContainText('Nothing is called that.')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId(testId.palette)).toBeHidden()
  await expect(one.tile.locator('.xterm-helper-textarea')).toBeFocused()
  await page.keyboard.type('echo back-$((40+2))\n')
  await one.expectText('back-42')
})

test('the palette gives the focus back to a row of the list', async ({ page, shell }) => {
  await shell.row('Two').focus()
  await page.keyboard.press('Control+K')
  await expect(page.getByTestId(testId.paletteInput)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(shell.row('Two')).toBeFocused()
})

test('a session is found in the palette, and its terminal has the focus', async ({ page, shell }) => {
  await shell.openSession('One')
  const one = new TerminalTile(page, await shell.sessionId('One'))
  const two = new TerminalTile(page, await shell.sessionId('Two'))
  await one.focus()
  for (const [title, tile] of [
    ['Two', two],
    ['One', one],
  ] as const) {
    await new Palette(page).run(title)
    await expect(tile.tile.locator('.xterm-helper-textarea')).toBeFocused()
    await page.keyboard.type(`echo here-is-${title}-$((40+2))\n`)
    await tile.expectText(`here-is-${title}-42`)
  }
})
