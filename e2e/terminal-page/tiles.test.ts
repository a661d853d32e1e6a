import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clickInto, shows, showsAllOf, terminalOf, tileOf, until } from './driver.ts'
import { activityRow, projectId, sessionIdAt, sessionRow, terminalIdAt, terminalRow, worktreeRow } from './rows.ts'
import { bashIn, openPage, openPageSetting, showing, type OpenPage, type PageSetting } from './setting.ts'

let setting: PageSetting
let opened: OpenPage
beforeAll(async () => {
  setting = await openPageSetting()
})
afterAll(() => setting.dispose())
afterEach(async () => {
  expect(opened.problems).toEqual([])
  await opened.close()
})

const open = async (count: number) => {
  const names = ['one', 'two', 'three', 'four'].slice(0, count)
  opened = await openPage(setting, { launches: names.map((name) => showing(setting.workDir, `screen ${name}\r\n`)) })
  for (const [at, name] of names.entries()) await shows(tileOf(opened.page, at + 1), `screen ${name}`)
  return opened
}
const tiles = () => opened.page.getByTestId('tile').filter({ visible: true })
const preset = (count: number) =>
  opened.page.getByTestId('tile-presets').getByText(String(count), { exact: true }).click()
/** The session whose terminal has the focus, counted from 1. */
const focused = () =>
  opened.page.evaluate(() => document.activeElement?.closest('[data-view]')?.getAttribute('data-view') ?? null)
const session = (n: number) => `session:${sessionIdAt(n)}`

describe('tiles', () => {
  it('show four sessions side by side, each with its header and its own size', async () => {
    const { page } = await open(4)
    await until(() => tiles().count()).toBe(4)
    const boxes = await Promise.all([1, 2, 3, 4].map((n) => tileOf(page, n).boundingBox()))
    expect(new Set(boxes.map((box) => `${Math.round(box!.x)},${Math.round(box!.y)}`)).size).toBe(4)
    const first = tileOf(page, 1)
    expect(await first.getByTestId('session-badge').textContent()).toBe('Working')
    expect(await first.getByTestId('session-lines').textContent()).toBe('+148−22')
    expect(await first.getByTestId('tile-evidence').textContent()).toMatch(/^Tool hook (just now|\d+s ago)$/)
    expect(await first.getByTestId('tile-context').textContent()).toContain('41%')
    expect(await first.getByTestId('tile-cost').textContent()).toBe('$1.84')
  })

  it('become as many as is chosen; the others wait behind as tabs and receive nothing', async () => {
    const { page } = await open(4)
    await preset(2)
    await until(() => tiles().count()).toBe(2)
    await until(() => [1, 2, 3, 4].map((n) => terminalOf(opened, n).viewerCount())).toEqual([1, 1, 0, 0])
    await page.locator(`[data-tab-of="${session(4)}"]`).click()
    await until(() => [1, 2, 3, 4].map((n) => terminalOf(opened, n).viewerCount())).toEqual([1, 0, 0, 1])
    await showsAllOf(tileOf(page, 4), terminalOf(opened, 4))
    await preset(4)
    await until(() => tiles().count()).toBe(4)
    for (const n of [1, 2, 3, 4]) await showsAllOf(tileOf(page, n), terminalOf(opened, n))
  })

  it('are reached by Alt and arrows, made large and small again, and closed, by the keyboard alone', async () => {
    const { page } = await open(4)
    await clickInto(tileOf(page, 1))
    await page.keyboard.press('Alt+ArrowRight')
    await until(focused).toBe(session(2))
    await page.keyboard.press('Alt+ArrowDown')
    await until(focused).toBe(session(4))
    await page.keyboard.press('Alt+ArrowLeft')
    await until(focused).toBe(session(3))
    await page.keyboard.press('Control+Shift+Enter')
    await until(() => tiles().count()).toBe(1)
    await until(focused).toBe(session(3))
    await until(() => terminalOf(opened, 1).viewerCount()).toBe(0)
    await page.keyboard.press('Control+Shift+Enter')
    await until(() => tiles().count()).toBe(4)
    await page.keyboard.press('Alt+Shift+W')
    await until(() => tiles().count()).toBe(3)
    await until(focused).not.toBe(null)
    // Keys of the app reached no program.
    expect([1, 2, 3, 4].map((n) => terminalOf(opened, n).typed()).join('')).toBe('')
  })

  it('leave the arrows to the program when there is nowhere to go', async () => {
    const { page } = await open(1)
    await clickInto(tileOf(page, 1))
    await page.keyboard.press('Alt+ArrowLeft')
    await until(() => terminalOf(opened, 1).typed()).toBe('\x1b[1;3D')
  })

  it('grow by a double click on their header', async () => {
    const { page } = await open(2)
    const title = tileOf(page, 2).locator('.tile-title')
    await title.dblclick()
    await until(() => tiles().count()).toBe(1)
    await title.dblclick()
    await until(() => tiles().count()).toBe(2)
  })

  it('appear for new sessions without taking the focus, and go with them', async () => {
    const { page, backend } = await open(2)
    await clickInto(tileOf(page, 1))
    await page.keyboard.type('typing ')
    backend.launch(terminalIdAt(7), showing(setting.workDir, 'screen seven'))
    backend.publish(
      { topic: 'worktrees.changed', payload: worktreeRow(7, setting.workDir, 'seven', 1, 1) },
      { topic: 'terminals.changed', payload: terminalRow(7, setting.workDir) },
      { topic: 'sessions.changed', payload: sessionRow(7, 'Seventh') },
    )
    await shows(tileOf(page, 7), 'screen seven')
    await until(focused).toBe(session(1))
    await page.keyboard.type('goes on')
    await until(() => terminalOf(opened, 1).typed()).toBe('typing goes on')
    backend.publish({ topic: 'sessions.removed', payload: { id: sessionIdAt(7) } })
    await until(() => tiles().count()).toBe(2)
    expect(await focused()).toBe(session(1))
  })

  it('split with a shell in the same worktree, which ends with its tile', async () => {
    opened = await openPage(setting, { launches: [bashIn(setting.workDir)] })
    const { page, backend } = opened
    await shows(tileOf(page, 1), '$')
    await clickInto(tileOf(page, 1))
    await page.keyboard.press('Alt+Shift+D')
    await until(() => tiles().count()).toBe(2)
    const shell = page.locator('[data-view^="shell:"]')
    await shell.locator('textarea:focus').waitFor({ state: 'attached' })
    await page.keyboard.type('echo in the shell')
    await page.keyboard.press('Enter')
    await shows(shell, '\nin the shell')
    await page.keyboard.press('Control+Shift+D')
    await until(() => tiles().count()).toBe(3)
    await page.keyboard.press('Alt+Shift+T')
    await until(() => page.getByTestId('tile-tab').count()).toBeGreaterThan(1)
    await until(() => backend.terminals.size).toBe(4)
    await page.keyboard.press('Alt+Shift+W')
    await until(() => backend.terminals.size).toBe(3)
  })

  it('are as they were after a reload', async () => {
    const { page, backend } = await open(4)
    await clickInto(tileOf(page, 3))
    await page.keyboard.press('Alt+Shift+W')
    await until(() => tiles().count()).toBe(3)
    const boxes = () => Promise.all([1, 2, 4].map(async (n) => JSON.stringify(await tileOf(page, n).boundingBox())))
    // dockview settles its sizes in the next picture.
    await until(() => backend.state.settings.some(({ key }) => key.startsWith('layout:prj'))).toBe(true)
    const before = await boxes()
    await page.reload()
    await until(() => tiles().count()).toBe(3)
    await until(boxes).toEqual(before)
    expect(await tileOf(page, 3).count()).toBe(0)
    await page.getByTestId('session-row').nth(2).click()
    await until(() => tileOf(page, 3).count()).toBe(1)
    await until(focused).toBe(session(3))
  })

  it('are laid out anew when what was saved cannot be used', async () => {
    const dock = { grid: { root: { type: 'branch', data: [{ type: 'leaf', data: null }] } }, panels: {} }
    for (const broken of [dock, { nonsense: true }, {}]) {
      opened = await openPage(setting, {
        launches: [showing(setting.workDir, 'screen one'), showing(setting.workDir, 'screen two')],
        settings: [
          { key: `layout:${projectId}`, value: { version: 1, preset: 4, closed: [], order: [], dock: broken } },
        ],
      })
      await until(() => tiles().count()).toBe(2)
      await shows(tileOf(opened.page, 2), 'screen two')
      // dockview says itself that it could not read the layout; nothing else went wrong.
      expect(opened.problems.filter((problem) => !problem.startsWith('dockview: failed to deserialize'))).toEqual([])
      opened.problems.length = 0
      await opened.close()
    }
  })

  it('offer what can be done with the text under the pointer', async () => {
    const { page } = await open(1)
    const tile = tileOf(page, 1)
    await clickInto(tile)
    await page.evaluate(() => navigator.clipboard.writeText('from the clipboard'))
    await tile.locator('.xterm-screen').click({ button: 'right', position: { x: 300, y: 200 } })
    const menu = page.getByRole('menu')
    expect(await menu.getByRole('menuitem').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('Copy'), 'Paste', 'Select all']),
    )
    expect(await menu.locator('[data-entry="copy"]').getAttribute('aria-disabled')).toBe('true')
    await menu.locator('[data-entry="paste"]').click()
    await until(() => terminalOf(opened, 1).typed()).toBe('from the clipboard')
    await tile.getByLabel('More').click()
    await page.getByRole('menu').locator('[data-entry="copy-all"]').click()
    await until(() => page.evaluate(() => navigator.clipboard.readText())).toContain('screen one')
  })

  it('move by dragging a header onto the edge of another', async () => {
    const { page } = await open(2)
    const [from, to] = [tileOf(page, 1).locator('.tile-header'), tileOf(page, 2)]
    const box = (await to.boundingBox())!
    await from.dragTo(to, {
      sourcePosition: { x: 200, y: 12 },
      targetPosition: { x: box.width / 2, y: box.height - 20 },
    })
    await until(async () => {
      const [one, two] = [await tileOf(page, 1).boundingBox(), await tileOf(page, 2).boundingBox()]
      return one !== null && two !== null && Math.round(one.x) === Math.round(two.x) && one.y > two.y
    }).toBe(true)
    await showsAllOf(tileOf(page, 1), terminalOf(opened, 1))
    expect(terminalOf(opened, 2).typed()).toBe('')
  })

  it('mark the session that is worked in as seen', async () => {
    const { page, backend } = await open(2)
    await clickInto(tileOf(page, 2))
    backend.publish({ topic: 'sessions.changed', payload: sessionRow(2, 'Retry webhooks', { isUnread: true }) })
    await until(() => backend.calls.find(([name]) => name === 'sessions.markSeen')?.[1]).toEqual({
      sessionId: sessionIdAt(2),
    })
    backend.publish({ topic: 'sessions.changed', payload: sessionRow(1, 'Idempotency', { isUnread: true }) })
    await until(() => backend.calls.filter(([name]) => name === 'sessions.markSeen').length).toBe(1)
  })

  it('draw one header again when one session changes', async () => {
    const { page, backend } = await open(2)
    backend.publish({
      topic: 'sessions.changed',
      payload: sessionRow(2, 'Retry webhooks', { activity: activityRow('idle', 'Stop', 1_000) }),
    })
    await until(() => tileOf(page, 2).getByTestId('session-badge').textContent()).toBe('Idle')
    expect(await tileOf(page, 2).getByTestId('tile-evidence').textContent()).toContain('Stop hook')
    expect(await tileOf(page, 1).getByTestId('session-badge').textContent()).toBe('Working')
  })
})

describe('finding text in a terminal', () => {
  it('counts, goes on and back, minds case and expressions, and gives the focus back', async () => {
    opened = await openPage(setting, {
      launches: [showing(setting.workDir, 'alpha Beta alpha\r\nbeta ALPHA 12 345\r\n')],
    })
    const { page } = opened
    const tile = tileOf(page, 1)
    await shows(tile, 'ALPHA')
    await clickInto(tile)
    await page.keyboard.press('Control+Shift+F')
    const count = tile.getByTestId('terminal-search-count')
    await page.keyboard.type('alpha')
    await until(() => count.textContent()).toMatch(/^\d of 3$/)
    const first = await count.textContent()
    await page.keyboard.press('Enter')
    await until(() => count.textContent()).not.toBe(first)
    await page.keyboard.press('Shift+Enter')
    await until(() => count.textContent()).toBe(first)
    await tile.getByLabel('Match case').click()
    await until(() => count.textContent()).toMatch(/of 2$/)
    await tile.getByLabel('Regular expression').click()
    const field = tile.getByLabel('Find in this terminal')
    await field.fill('[0-9]{3')
    await until(() => count.textContent()).toBe('No results')
    await field.fill('[0-9]{3}')
    await until(() => count.textContent()).toBe('1 of 1')
    await field.fill('(')
    await until(() => count.textContent()).toBe('No expression')
    await field.fill('nowhere')
    await until(() => count.textContent()).toBe('No results')
    await page.keyboard.press('Escape')
    await until(focused).toBe(session(1))
    expect(terminalOf(opened, 1).typed()).toBe('')
  })
})
