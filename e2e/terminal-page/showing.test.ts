import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clickInto, rowsIn, shows, showsAllOf, terminalOf, tileOf, until } from './driver.ts'
import { sessionIdAt } from './rows.ts'
import {
  appearanceSetting,
  bashIn,
  openPage,
  openPageSetting,
  showing,
  type OpenPage,
  type PageSetting,
} from './setting.ts'

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

const openWith = async (...texts: string[]) => {
  opened = await openPage(setting, { launches: texts.map((text) => showing(setting.workDir, text)) })
  return opened
}

describe('the screen of a terminal', () => {
  it('has the size of its tile, in whole cells, and tells it to the program', async () => {
    opened = await openPage(setting, { launches: [bashIn(setting.workDir)] })
    const { page } = opened
    const tile = tileOf(page, 1)
    await shows(tile, '$')
    for (const [width, height] of [
      [1440, 900],
      [1000, 700],
      [1280, 800],
    ] as const) {
      await page.setViewportSize({ width, height })
      await until(async () => {
        const [rows, { rows: told }] = [await tile.locator('.xterm-rows > div').count(), terminalOf(opened, 1).size()]
        const view = await tile.locator('.terminal-place').boundingBox()
        const screen = await tile.locator('.xterm-screen').boundingBox()
        const slack = (view?.height ?? 0) - (screen?.height ?? 0)
        return rows === told && slack >= 0 && slack < (screen?.height ?? 0) / rows
      }).toBe(true)
    }
    await clickInto(tile)
    await page.keyboard.type('stty size')
    await page.keyboard.press('Enter')
    const { cols, rows } = terminalOf(opened, 1).size()
    await shows(tile, `${rows} ${cols}`)
    await showsAllOf(tile, terminalOf(opened, 1))
  })

  it('shows where its cursor is before it ever had the focus', async () => {
    const { page } = await openWith('one', 'two')
    for (const n of [1, 2]) await until(() => tileOf(page, n).locator('.xterm-cursor').count()).toBe(1)
  })

  it('is what it would be had nobody looked away', async () => {
    opened = await openPage(setting, { launches: [bashIn(setting.workDir), bashIn(setting.workDir)] })
    const { page } = opened
    await shows(tileOf(page, 1), '$')
    await clickInto(tileOf(page, 1))
    await page.getByTestId('tile-presets').getByText('1', { exact: true }).click()
    await until(() => terminalOf(opened, 2).viewerCount()).toBe(0)
    // While hidden it prints colours, wide characters, scrolls, and draws at places.
    const script = String.raw`for i in $(seq 80); do printf '\033[3%sm%s 日本 👩‍👩‍👧 é\033[0m\n' $((i % 8)) $i; done; printf '\033[5;9Hhere\033[s\033[1;1Hthere'`
    terminalOf(opened, 2).write('test', 0, `${script}\r`)
    await until(async () => (await terminalOf(opened, 2).rows()).join('')).toContain('there')
    expect(terminalOf(opened, 2).viewerCount()).toBe(0)
    await page.locator(`[data-tab-of="session:${sessionIdAt(2)}"]`).click()
    await showsAllOf(tileOf(page, 2), terminalOf(opened, 2))
  })

  it('receives nothing while the page is hidden, and everything when it is back', async () => {
    const { page } = await openWith('first')
    await shows(tileOf(page, 1), 'first')
    const setVisibility = (value: string) =>
      page.evaluate((state) => {
        Object.defineProperty(document, 'visibilityState', { value: state, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, value)
    await setVisibility('hidden')
    await until(() => terminalOf(opened, 1).viewerCount()).toBe(0)
    terminalOf(opened, 1).write('test', 0, 'second\r')
    await setVisibility('visible')
    await shows(tileOf(page, 1), 'second')
  })

  it('says that it is not current while the connection is away', async () => {
    const { page, backend } = await openWith('text')
    await shows(tileOf(page, 1), 'text')
    await page.route('**/auth/ticket', (route) => route.abort())
    backend.breakConnections()
    const stale = tileOf(page, 1).getByTestId('terminal-stale')
    await stale.waitFor()
    expect(await stale.textContent()).toContain('Not connected')
    expect((await rowsIn(tileOf(page, 1)))[0]).toBe('text')
    await page.unroute('**/auth/ticket')
    await stale.waitFor({ state: 'detached' })
    opened.problems.length = 0
  })

  it('takes on another theme with its text in place, and tells programs its colours', async () => {
    const { page, backend } = await openWith('\x1b[31mred\x1b[0m plain')
    const tile = tileOf(page, 1)
    await shows(tile, 'red plain')
    const colors = () =>
      tile
        .locator('.xterm-rows > div')
        .first()
        .evaluate((row) => ({
          text: row.textContent,
          red: getComputedStyle(row.querySelector('span') ?? row).color,
          background: getComputedStyle(row.closest('.tile') ?? row).backgroundColor,
        }))
    const dark = await colors()
    backend.publish({
      topic: 'settings.changed',
      payload: appearanceSetting({ theme: 'light' }),
    })
    await until(async () => (await colors()).red).not.toBe(dark.red)
    expect((await colors()).text).toBe(dark.text)
    const palettes = () => backend.calls.filter(([name]) => name === 'terminals.setPalette').map(([, input]) => input)
    await until(() => JSON.stringify(palettes().at(-1))).toContain('"background":"#ffffff"')
    expect(palettes().length).toBeGreaterThan(1)
  })

  it('grows with the font that was chosen, and the program with it', async () => {
    const { page, backend } = await openWith('text')
    await shows(tileOf(page, 1), 'text')
    const before = terminalOf(opened, 1).size()
    backend.publish({
      topic: 'settings.changed',
      payload: appearanceSetting({ theme: 'dark', terminalFontSize: 20 }),
    })
    await until(() => terminalOf(opened, 1).size().cols).toBeLessThan(before.cols * 0.7)
    await showsAllOf(tileOf(page, 1), terminalOf(opened, 1))
  })
})

describe('links of a terminal', () => {
  it('show where they lead, and open with Ctrl', async () => {
    const { page, backend } = await openWith('see src/ledger/balance.ts:12 now')
    const tile = tileOf(page, 1)
    await shows(tile, 'balance')
    const screen = tile.locator('.xterm-screen')
    await screen.hover({ position: { x: 100, y: 8 } })
    const note = tile.getByTestId('terminal-link')
    await note.waitFor()
    expect(await note.textContent()).toContain(`${setting.workDir}/src/ledger/balance.ts:12`)
    await screen.click({ position: { x: 100, y: 8 } })
    expect(backend.calls.filter(([name]) => name === 'host.openInEditor')).toEqual([])
    await screen.click({ position: { x: 100, y: 8 }, modifiers: ['Control'] })
    await until(() => backend.calls.find(([name]) => name === 'host.openInEditor')?.[1]).toEqual({
      path: `${setting.workDir}/src/ledger/balance.ts`,
      line: 12,
    })
    await page.mouse.move(5, 5)
    await note.waitFor({ state: 'detached' })
  })

  it('say where they truly lead, and do not leave the worktree', async () => {
    const { page, backend } = await openWith('ready\r\n')
    const tile = tileOf(page, 1)
    await shows(tile, 'ready')
    // The terminal echoes what is typed and cat prints it.
    terminalOf(opened, 1).write('test', 0, '\x1b]8;;file:///etc/passwd\x07https://example.com\x1b]8;;\x07\r')
    await shows(tile, '\nhttps://example.com')
    const screen = tile.locator('.xterm-screen')
    const row = (await rowsIn(tile)).indexOf('https://example.com')
    const y = (await tile.locator('.xterm-rows > div').nth(row).boundingBox())!.y - (await screen.boundingBox())!.y + 8
    await screen.hover({ position: { x: 60, y } })
    const note = tile.getByTestId('terminal-link')
    await note.waitFor()
    expect(await note.textContent()).toContain('/etc/passwd')
    expect(await note.textContent()).toContain('outside the worktree')
    await screen.click({ position: { x: 60, y }, modifiers: ['Control'] })
    await page.getByTestId('toast').waitFor()
    expect(backend.calls.filter(([name]) => name === 'host.openInEditor')).toEqual([])
  })
})

describe('a program that writes to the clipboard', () => {
  const copyOf = (text: string) => `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`

  it('may, from the terminal with the focus, and it is said', async () => {
    const { page } = await openWith('ready')
    await shows(tileOf(page, 1), 'ready')
    await clickInto(tileOf(page, 1))
    terminalOf(opened, 1).write('test', 0, `${copyOf('from the program')}\r`)
    await page.getByTestId('toast').getByText('set the clipboard').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('from the program')
  })

  it('may not without the focus', async () => {
    const { page } = await openWith('ready')
    await shows(tileOf(page, 1), 'ready')
    await page.evaluate(() => navigator.clipboard.writeText('mine'))
    terminalOf(opened, 1).write('test', 0, `${copyOf('stolen')}\r`)
    await page.getByTestId('toast').getByText('without focus').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine')
  })
})
