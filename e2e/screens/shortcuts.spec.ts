import { testId } from '../../renderer/lib/test-ids.ts'
import { FolderDialog } from '../pages/folder-dialog.ts'
import { NeedsYou } from '../pages/needs-you.ts'
import {
  asks,
  goesSideways,
  goesTo,
  goesToPart,
  goesToView,
  goesUpOrDown,
  inputOf,
  movesRow,
  opensDialog,
  opensShell,
  tiles,
  type Place,
  type Shortcut,
} from '../pages/shortcut-checks.ts'
import { TerminalTile } from '../pages/terminal.ts'
import { expect, test } from '../fixtures/yard.ts'

// Each shortcut that the help names does what it says. The keys are those a person reads there.

test.use({ scene: 'shortcuts' })

test.beforeEach(async ({ page, yard, shell, newSession }) => {
  if (await page.getByTestId(testId.firstRun).isVisible()) {
    await new FolderDialog(page).openFolder(yard.repository)
    for (const title of ['One', 'Two']) await newSession.startShell(title)
  }
  await expect(shell.row('Two')).toBeVisible()
})

const shortcuts: readonly Shortcut[] = [
  {
    title: 'New session',
    keys: { 'Ctrl N': 'list', 'Alt Shift N': 'terminal' },
    check: opensDialog(testId.newSession),
  },
  {
    title: 'Open a shell in the worktree',
    keys: { 'Ctrl T': 'list', 'Alt Shift T': 'terminal' },
    // As a tab in the same place: the session is behind it.
    check: opensShell((opened, session) => opened !== null && session === null),
  },
  {
    title: 'Why is the session where it is?',
    keys: { 'Alt Shift Y': 'terminal' },
    check: goesToView(testId.activityWhy),
  },
  {
    title: 'Go to the n-th session',
    keys: { 'Ctrl 1…9': 'terminal' },
    check: async ({ page, shell, field }) => {
      for (const [index, title] of (await page.getByTestId(testId.sessionTitle).allTextContents()).entries()) {
        await page.keyboard.press(`Control+${index + 1}`)
        await expect(await field(title)).toBeFocused()
        await expect(shell.row(title)).toHaveAttribute('aria-selected', 'true')
      }
    },
  },
  {
    title: 'Next that needs you',
    keys: { 'Ctrl Shift U': 'terminal' },
    check: asks(async ({ field, press }, bar) => {
      await (await field('One')).focus()
      await press()
      await expect(bar).toBeFocused()
    }),
  },
  {
    title: 'Split right with a shell',
    keys: { 'Ctrl D': 'list', 'Alt Shift D': 'terminal' },
    check: opensShell((opened, session) => opened !== null && session !== null && opened.x > session.x),
  },
  {
    title: 'Split down with a shell',
    keys: { 'Ctrl Shift D': 'terminal' },
    check: opensShell((opened, session) => opened !== null && session !== null && opened.y > session.y),
  },
  {
    title: 'Maximise or restore the tile',
    keys: { 'Ctrl Shift Enter': 'terminal' },
    check: async ({ page, press, field }) => {
      await press()
      await expect(tiles(page)).toHaveCount(1)
      await expect(await field('One')).toBeFocused()
      await press()
      await expect(tiles(page)).toHaveCount(2)
    },
  },
  {
    title: 'Close the tile',
    keys: { 'Ctrl W': 'list', 'Alt Shift W': 'terminal' },
    check: async ({ page, shell, press, field }) => {
      await press()
      await expect(await field('One')).toHaveCount(0)
      await expect(tiles(page)).toHaveCount(1)
      await shell.openSession('One')
      await expect(await field('One')).toBeFocused()
    },
  },
  {
    title: 'Find in the terminal',
    keys: { 'Ctrl Shift F': 'terminal', 'Ctrl F': 'list' },
    check: async ({ page, press }) => {
      await press()
      await expect(page.getByTestId(testId.terminalSearch).getByRole('textbox')).toBeFocused()
      await page.keyboard.press('Escape')
      await expect(page.getByTestId(testId.terminalSearch)).toBeHidden()
    },
  },
  {
    title: 'Clear the terminal',
    keys: { 'Ctrl Shift K': 'terminal' },
    check: async ({ page, shell, press }) => {
      const one = new TerminalTile(page, await shell.sessionId('One'))
      await page.keyboard.type('echo gone-$((40+2))\n')
      await one.expectText('gone-42')
      await press()
      await expect.poll(() => one.read()).not.toContain('gone-42')
      await one.expectText('ready>')
    },
  },
  { title: 'Go to the tile on the left', keys: { 'Alt ←': 'terminal' }, check: goesSideways('left') },
  { title: 'Go to the tile on the right', keys: { 'Alt →': 'terminal' }, check: goesSideways('right') },
  { title: 'Go to the tile above', keys: { 'Alt ↑': 'terminal' }, check: goesUpOrDown('above') },
  { title: 'Go to the tile below', keys: { 'Alt ↓': 'terminal' }, check: goesUpOrDown('below') },
  { title: 'Next terminal', keys: { 'Ctrl Shift ]': 'terminal' }, check: goesTo('Two') },
  { title: 'Previous terminal', keys: { 'Ctrl Shift [': 'terminal' }, check: goesTo('Two') },
  { title: 'Go to Tasks', keys: { 'Ctrl Shift B': 'terminal' }, check: goesToView(testId.tasks) },
  { title: 'Go to Mail', keys: { 'Ctrl Shift E': 'terminal' }, check: goesToView(testId.mail) },
  { title: 'Go to Leases', keys: { 'Ctrl Shift L': 'terminal' }, check: goesToView(testId.leases) },
  { title: 'Go to Activity', keys: { 'Ctrl Shift A': 'terminal' }, check: goesToView(testId.activity) },
  {
    title: 'Review the changes of the session',
    keys: { 'Ctrl Shift G': 'terminal' },
    check: goesToView(testId.review),
  },
  { title: 'Go to the merge queue', keys: { 'Ctrl Shift M': 'terminal' }, check: goesToView(testId.queues) },
  {
    title: 'Show or fold the sidebar',
    keys: { 'Ctrl B': 'list' },
    check: async ({ page, press }) => {
      await press()
      await expect(page.getByTestId(testId.shell)).toHaveAttribute('data-rail', 'true')
      await press()
      await expect(page.getByTestId(testId.shell)).not.toHaveAttribute('data-rail')
    },
  },
  {
    title: 'Close tab',
    keys: { 'Ctrl W': 'list' },
    check: async ({ page, shell, press }) => {
      await new NeedsYou(page).open()
      await press()
      await expect(page.getByTestId(testId.needsYou)).toBeHidden()
      // Whichever tab takes its place: others may have been opened before.
      await expect(page.getByTestId(testId.tab).filter({ hasText: 'Needs you' })).toHaveCount(0)
      await shell.openSession('One')
      await expect(tiles(page)).toHaveCount(2)
    },
  },
  { title: 'Next part of the window', keys: { F6: 'terminal' }, check: goesToPart('Shift+F6') },
  { title: 'Previous part of the window', keys: { 'Shift F6': 'terminal' }, check: goesToPart('F6') },
  { title: 'Open a repository', keys: { 'Ctrl O': 'list' }, check: opensDialog(testId.folderDialog) },
  {
    title: 'Commands and sessions',
    keys: { 'Ctrl Shift P': 'terminal', 'Ctrl K': 'list' },
    check: opensDialog(testId.palette),
  },
  { title: 'Settings', keys: { 'Ctrl ,': 'terminal' }, check: opensDialog(testId.settings) },
  { title: 'Keyboard shortcuts', keys: { 'Ctrl /': 'terminal' }, check: opensDialog(testId.help) },
  {
    title: 'Rename the session',
    keys: { F2: 'list' },
    check: async ({ page, shell, press }) => {
      await press()
      await expect(page.getByTestId(testId.sessionRename)).toBeFocused()
      await page.keyboard.press('Escape')
      await expect(shell.row('One')).toBeFocused()
    },
  },
  {
    title: 'Move the session up or down',
    keys: { 'Alt Shift ↑': 'list', 'Alt Shift ↓': 'list' },
    check: movesRow,
  },
  {
    title: 'Allow, or deny with a note, on a focused question',
    keys: { Y: 'list', N: 'list' },
    check: asks(async ({ press }, bar, shown) => {
      const question = await bar.textContent()
      await bar.focus()
      await press()
      if (shown === 'N') await expect(bar.getByTestId(testId.answerNote)).toBeFocused()
      else await expect(bar).not.toHaveText(question ?? '')
    }),
  },
  {
    title: 'Menu of the session or task',
    keys: { 'Shift F10': 'list' },
    check: async ({ page, press }) => {
      await press()
      await expect(page.getByRole('menuitem', { name: 'Rename' })).toBeVisible()
      await page.keyboard.press('Escape')
      await expect(page.getByRole('menu')).toBeHidden()
    },
  },
]

/** Keys of one place, which the tests of that place press there. */
const elsewhere = [
  { title: 'Ask the holder of a lease, end it', keys: ['A', 'Delete'] },
  { title: 'Pick a task up, move it, drop it', keys: ['Space', '←', '→', '↑', '↓', 'Space'] },
]

test('the help names these shortcuts and no others', async ({ page }) => {
  await page.keyboard.press('Control+/')
  const shown = await page.locator('.help-row').evaluateAll((rows) =>
    rows.map((row) => ({
      title: row.querySelector('dt')?.textContent,
      keys: [...row.querySelectorAll('kbd')].map((key) => key.textContent),
    })),
  )
  const pressed = shortcuts.map(({ title, keys }) => ({ title, keys: Object.keys(keys) }))
  expect(shown).toEqual([...pressed, ...elsewhere])
})

const keyNames: Readonly<Record<string, string>> = {
  Ctrl: 'Control',
  '↑': 'ArrowUp',
  '↓': 'ArrowDown',
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
  '[': 'BracketLeft',
  ']': 'BracketRight',
}
const pressOf = (shown: string) =>
  shown
    .split(' ')
    .map((part) => keyNames[part] ?? part)
    .join('+')

/** Every key of the list that is pressed there, one after the other: each check leaves the window as it was. */
const pressedIn = (place: Place) =>
  shortcuts.flatMap(({ title, keys, check }) =>
    Object.entries(keys).flatMap(([shown, where]) => (where === place ? [{ title, shown, check }] : [])),
  )

for (const place of ['terminal', 'list'] as const) {
  test(`each shortcut does what the help says, pressed in the ${place}`, async ({ page, shell }) => {
    const field = async (session: string) => inputOf(new TerminalTile(page, await shell.sessionId(session)).tile)
    for (const { title, shown, check } of pressedIn(place)) {
      await test.step(`${shown}: ${title}`, async () => {
        await shell.openSession('One')
        await page.getByTestId(testId.tilePresets).getByText('2', { exact: true }).click()
        await expect(tiles(page)).toHaveCount(2)
        await (await field('One')).focus()
        if (place === 'list') await shell.row('One').focus()
        await check({ page, shell, field, press: () => page.keyboard.press(pressOf(shown)) }, shown)
      })
    }
  })
}
