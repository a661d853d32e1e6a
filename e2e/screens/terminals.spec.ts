import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { testId } from '../../renderer/lib/test-ids.ts'
import { worktreeOf } from '../fixtures/agents.ts'
import { FolderDialog } from '../pages/folder-dialog.ts'
import { Shell } from '../pages/shell.ts'
import { TerminalTile } from '../pages/terminal.ts'
import { expect, test } from '../fixtures/yard.ts'

// The terminals of a project: typing, pasting, finding, and where the tiles stand. Plain shells, which start at once.

test.use({ scene: 'terminals' })

test.beforeEach(async ({ page, yard, shell, newSession }) => {
  if (await page.getByTestId(testId.firstRun).isVisible()) {
    await new FolderDialog(page).openFolder(yard.repository)
    for (const title of ['One', 'Two']) await newSession.startShell(title)
  }
  await shell.openSession('One')
})

const tileOf = async (page: Page, title: string) => {
  const tile = new TerminalTile(page, await new Shell(page).sessionId(title))
  await tile.expectText('ready>')
  await tile.focus()
  return tile
}

const shells = (page: Page): Locator => page.locator(`[data-testid="${testId.tile}"][data-view^="shell"]`)
const tiles = (page: Page): Locator => page.getByTestId(testId.tile).filter({ visible: true })

/** What the browser does when a person pastes. */
const paste = (tile: TerminalTile, text: string) =>
  tile.tile.locator('.xterm-helper-textarea').evaluate((field, pasted) => {
    const data = new DataTransfer()
    data.setData('text/plain', pasted)
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, text)

test('what is typed is shown and run, wide characters and all', async ({ page, yard }) => {
  const tile = await tileOf(page, 'One')
  await page.keyboard.type('echo "grüße 项目 🚃" > typed.txt; cat typed.txt; rm -f gone; echo done-$((40+2))')
  await page.keyboard.press('Enter')
  await tile.expectText('done-42')
  const folder = worktreeOf(yard.repository, 'one')
  expect(readFileSync(join(folder, 'typed.txt'), 'utf8')).toBe('grüße 项目 🚃\n')
  await page.keyboard.type('rm typed.txt; clear')
  await page.keyboard.press('Enter')
  await expect.poll(() => existsSync(join(folder, 'typed.txt'))).toBe(false)
})

test('several lines are pasted as one text where the program can tell, and asked about where not', async ({ page }) => {
  const tile = await tileOf(page, 'One')
  const question = tile.tile.getByTestId(testId.terminalPaste)
  // bash asks for brackets around a paste: nothing runs until Enter.
  await paste(tile, 'echo bracket-$((1+1))\necho bracket-$((2+2))\n')
  await tile.expectText('echo bracket-$((2+2))')
  await expect(question).toBeHidden()
  expect(await tile.read()).not.toContain('bracket-2')
  await page.keyboard.press('Enter')
  await tile.expectText('bracket-4')

  await page.keyboard.type("bind 'set enable-bracketed-paste off'; clear")
  await page.keyboard.press('Enter')
  await page.keyboard.type('cat')
  await page.keyboard.press('Enter')
  await tile.expectText(/ready> cat\s*$/)
  await paste(tile, 'first line\nsecond line')
  await expect(question).toContainText('Paste 2 lines?')
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(question).toBeHidden()
  await paste(tile, 'first line\nsecond line')
  await question.getByRole('button', { name: 'Paste as one line' }).click()
  await tile.expectText('first line second line')
  await expect(tile.tile.locator('.xterm-helper-textarea')).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+D')
  // What is typed while the shell takes its terminal back from `cat` may be lost, in any terminal.
  await tile.expectText(/ready>\s*$/)
  await page.keyboard.type("bind 'set enable-bracketed-paste on'; clear")
  await page.keyboard.press('Enter')
  await expect.poll(() => tile.read()).not.toContain('first line')
})

test('find counts, goes round and gives the focus back', async ({ page }) => {
  const tile = await tileOf(page, 'One')
  await page.keyboard.type('clear; for n in 1 2 3; do echo "needle $n"; done')
  await page.keyboard.press('Enter')
  await tile.expectText('needle 3')
  await page.keyboard.press('Control+Shift+F')
  const bar = tile.tile.getByTestId(testId.terminalSearch)
  const count = tile.tile.getByTestId(testId.terminalSearchCount)
  await expect(bar.getByRole('textbox')).toBeFocused()
  await page.keyboard.type('needle [0-9]')
  await expect(count).toHaveText('No results')
  await bar.getByRole('button', { name: 'Regular expression' }).click()
  await expect(count).toHaveText(/^\d of 3$/)
  const before = await count.textContent()
  await bar.getByRole('textbox').press('Enter')
  await expect(count).not.toHaveText(before ?? '')
  await bar.getByRole('textbox').press('Shift+Enter')
  await expect(count).toHaveText(before ?? '')
  await bar.getByRole('textbox').fill('needle (')
  await expect(count).toHaveText('No expression')
  await page.keyboard.press('Escape')
  await expect(bar).toBeHidden()
  await expect(tile.tile.locator('.xterm-helper-textarea')).toBeFocused()
})

test('a key splits with a shell in the same folder; Alt and arrows go between; closing ends the shell', async ({
  page,
  yard,
}) => {
  const one = await tileOf(page, 'One')
  const folder = worktreeOf(yard.repository, 'one')
  await page.keyboard.press('Alt+Shift+D')
  await expect(shells(page)).toHaveCount(1)
  await expect(shells(page).locator('.xterm-helper-textarea')).toBeFocused()
  await expect(shells(page).locator('.xterm-rows')).toContainText('ready>')
  await page.keyboard.type('pwd -P\n')
  await expect(shells(page).locator('.xterm-rows')).toContainText(folder.slice(-12))
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(one.tile.locator('.xterm-helper-textarea')).toBeFocused()
  await page.keyboard.press('Alt+ArrowRight')
  await expect(shells(page).locator('.xterm-helper-textarea')).toBeFocused()
  await page.keyboard.press('Alt+Shift+W')
  await expect(shells(page)).toHaveCount(0)
  await expect(one.tile.locator('.xterm-helper-textarea')).toBeFocused()
})

test('a shell as a tab behind its session; middle click closes it', async ({ page }) => {
  await tileOf(page, 'One')
  await page.keyboard.press('Alt+Shift+T')
  await expect(shells(page).locator('.xterm-helper-textarea')).toBeFocused()
  const tabs = page.getByTestId(testId.tileTab)
  await expect(tabs.filter({ hasText: 'One' })).toBeVisible()
  await tabs.filter({ hasText: 'One' }).click()
  await expect(shells(page)).toBeHidden()
  await tabs.filter({ hasNotText: /One|Two/ }).click({ button: 'middle' })
  await expect(tabs.filter({ hasNotText: /One|Two/ })).toHaveCount(0)
})

test('presets show one, two or more tiles; the layout is there after a reload', async ({ page }) => {
  const preset = (count: string) => page.getByTestId(testId.tilePresets).getByText(count, { exact: true })
  await preset('1').click()
  await expect(tiles(page)).toHaveCount(1)
  await preset('2').click()
  await expect(tiles(page)).toHaveCount(2)
  const viewsBefore = await tiles(page).evaluateAll((all) => all.map((tile) => tile.getAttribute('data-view')))
  await page.reload()
  await expect(tiles(page)).toHaveCount(2)
  expect(await tiles(page).evaluateAll((all) => all.map((tile) => tile.getAttribute('data-view')))).toEqual(viewsBefore)
  // Tiles are regions by the names of what they show, also after they were laid out anew.
  for (const title of ['One', 'Two']) await expect(page.getByRole('region', { name: title, exact: true })).toBeVisible()
  await preset('1').click()
  await expect(page.getByRole('tab')).toHaveCount(2)
  for (const title of ['One', 'Two']) await expect(page.getByRole('tab', { name: title, exact: true })).toBeVisible()
  await page.reload()
  await expect(tiles(page)).toHaveCount(1)
  await preset('2').click()
})

test('a tile is maximised and restored by key, by button and by double click', async ({ page }) => {
  const one = await tileOf(page, 'One')
  await expect(tiles(page)).toHaveCount(2)
  await page.keyboard.press('Control+Shift+Enter')
  await expect(tiles(page)).toHaveCount(1)
  await expect(one.tile.locator('.xterm-helper-textarea')).toBeFocused()
  await one.tile.getByRole('button', { name: 'Restore' }).click()
  await expect(tiles(page)).toHaveCount(2)
  await one.tile.locator('.tile-title').dblclick()
  await expect(tiles(page)).toHaveCount(1)
  await one.tile.locator('.tile-title').dblclick()
  await expect(tiles(page)).toHaveCount(2)
})

test('a closed tile comes back when its session is opened', async ({ page, shell }) => {
  const two = await tileOf(page, 'Two')
  await page.keyboard.press('Alt+Shift+W')
  await expect(two.tile).toHaveCount(0)
  await expect(shell.row('Two')).toBeVisible()
  await shell.openSession('Two')
  await two.expectText('ready>')
})

test('a session whose shell ends says how, and starts again', async ({ page, shell, newSession }) => {
  await newSession.startShell('Ends')
  const tile = await tileOf(page, 'Ends')
  await page.keyboard.type('exit 3\n')
  const end = tile.tile.getByTestId(testId.sessionEnd)
  await expect(end).toContainText('Failed, exit 3')
  await shell.expectBadge('Ends', 'Failed, exit 3')
  await end.getByRole('button', { name: 'Archive' }).click()
  await expect(shell.row('Ends')).toBeHidden()
})

test('all text of a terminal can be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const tile = await tileOf(page, 'One')
  await page.keyboard.type('seq 1 200; echo the-last\n')
  await tile.expectText(/^the-last$/m)
  await tile.tile.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Copy all of its text' }).click()
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/\n1\n2\n3\n[^]*\n199\n200\nthe-last/)
})

test('a link says where it leads, whatever its text says, and opens only with the modifier', async ({
  page,
  context,
}) => {
  await context.route('https://real.example/**', (route) => route.fulfill({ body: 'the real one' }))
  const tile = await tileOf(page, 'One')
  const link = (address: string, text: string) => `\\e]8;;${address}\\e\\\\${text}\\e]8;;\\e\\\\`
  const lines = [
    link('https://real.example/page', 'https://bank.example'),
    link('javascript:alert(1)', 'harmless words'),
    link('https://bank.example@real.example/', 'a user name'),
  ]
  await page.keyboard.type(`clear; printf '${lines.join('\\n')}\\n'`)
  await page.keyboard.press('Enter')
  // The browser keeps the spaces of linked words as they were printed.
  await tile.expectText(/^https:\/\/bank.example\nharmless\swords\na\suser\sname/)
  const note = tile.tile.getByTestId(testId.terminalLink)
  // The rows take no pointer: the screen above them does.
  const pointAt = async (row: number) => {
    const box = await tile.tile.locator('.xterm-rows > div').nth(row).boundingBox()
    await page.mouse.move((box?.x ?? 0) + 30, (box?.y ?? 0) + 8)
  }
  const click = async () => {
    await page.mouse.down()
    await page.mouse.up()
  }
  const clickWithControl = async () => {
    await page.keyboard.down('Control')
    await click()
    await page.keyboard.up('Control')
  }

  await pointAt(0)
  await expect(note).toContainText('https://real.example/page')
  await expect(note).toContainText('Ctrl click to open')
  await click()
  expect(context.pages()).toHaveLength(1)
  const opened = context.waitForEvent('page')
  await clickWithControl()
  await expect(await opened).toHaveURL('https://real.example/page')
  await (await opened).close()

  for (const [row, address, why] of [
    [1, 'javascript:alert(1)', 'Links that begin with javascript: are not opened.'],
    [2, 'https://bank.example@real.example/', 'It hides its host behind a user name.'],
  ] as const) {
    await pointAt(row)
    await expect(note).toContainText(address)
    await expect(note).toContainText(why)
    await clickWithControl()
    await expect(page.getByTestId(testId.toast).filter({ hasText: why })).toBeVisible()
    expect(context.pages()).toHaveLength(1)
  }
  await page.mouse.move(0, 0)
  await expect(note).toBeHidden()
})

test('a click that brings the focus is not sent to a program that follows the mouse; the next one is', async ({
  page,
  shell,
}) => {
  const two = await tileOf(page, 'Two')
  await page.keyboard.type("clear; printf '\\e[?1000h\\e[?1006hwatch%s ' ing; cat -v")
  await page.keyboard.press('Enter')
  await two.expectText('watching')
  await shell.openSession('One')
  await tileOf(page, 'One')
  const click = () => two.tile.locator('.xterm-screen').click({ position: { x: 3, y: 3 } })
  await click()
  await expect(two.tile.locator('.xterm-helper-textarea')).toBeFocused()
  await page.keyboard.type('only-focused ')
  await two.expectText('only-focused')
  expect(await two.read()).not.toContain('[<')
  await click()
  await two.expectText('only-focused ^[[<0;1;1M^[[<0;1;1m')
  await page.keyboard.press('Control+C')
  await page.keyboard.type("printf '\\e[?1006l\\e[?1000l'; clear")
  await page.keyboard.press('Enter')
})
