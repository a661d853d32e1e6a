import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clickInto, pasteText, shows, showsAllOf, terminalOf, tileOf, until } from './driver.ts'
import { bashIn, openPage, openPageSetting, type OpenPage, type PageSetting } from './setting.ts'
import type { Launch } from './terminals.ts'

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

const openBash = async (count = 1) => {
  opened = await openPage(setting, { launches: Array.from({ length: count }, () => bashIn(setting.workDir)) })
  for (let n = 1; n <= count; n += 1) await shows(tileOf(opened.page, n), '$')
  return opened
}

describe('typing into a terminal of the page', () => {
  it('reaches the program and comes back as its echo, under the policy of the app', async () => {
    const { page } = await openBash()
    await clickInto(tileOf(page, 1))
    await page.keyboard.type('echo "$((6 * 7)) Grüße"')
    await page.keyboard.press('Enter')
    await shows(tileOf(page, 1), '42 Grüße')
    await showsAllOf(tileOf(page, 1), terminalOf(opened, 1))
  })

  it('loses and doubles nothing while the connection breaks again and again', async () => {
    const { page, backend } = await openBash()
    await clickInto(tileOf(page, 1))
    const text = Array.from({ length: 60 }, (_, at) => `word${at}`).join(' ')
    const typing = page.keyboard.type(`# ${text}`, { delay: 5 })
    for (let at = 0; at < 4; at += 1) {
      await until(() => terminalOf(opened, 1).typed().length).toBeGreaterThan((at + 1) * 60)
      backend.breakConnections()
    }
    await typing
    await until(() => terminalOf(opened, 1).typed()).toBe(`# ${text}`)
    await showsAllOf(tileOf(page, 1), terminalOf(opened, 1))
    // A broken socket is reported by the browser itself.
    opened.problems.length = 0
  })

  it('sends Shift+Enter as a new line that is not yet an answer, and leaves control letters to the program', async () => {
    const { page } = await openBash()
    await clickInto(tileOf(page, 1))
    for (const keys of ['Shift+Enter', 'Control+K', 'Control+D', 'Control+F', 'Control+W', 'Control+T', 'Control+B'])
      await page.keyboard.press(keys)
    await until(() => terminalOf(opened, 1).typed()).toBe('\x1b\r\x0b\x04\x06\x17\x14\x02')
  })

  it('pastes brackets around text, and never lets the text close them', async () => {
    opened = await openPage(setting, {
      launches: [
        {
          ...bashIn(setting.workDir),
          argv: ['/bin/sh', '-c', String.raw`printf '\033[?2004hready'; stty raw -echo; exec cat -v`],
        },
      ],
    })
    const { page } = opened
    await shows(tileOf(page, 1), 'ready')
    await clickInto(tileOf(page, 1))
    await pasteText(page, 'one\ntwo\x1b[201~\nrm -rf x\x1b[20\x1b[201~1~')
    await until(() => terminalOf(opened, 1).typed()).toBe('\x1b[200~one\rtwo\rrm -rf x\x1b[201~')
  })

  it('asks before several lines run one by one, and does what is chosen', async () => {
    opened = await openPage(setting, {
      launches: [{ ...bashIn(setting.workDir), argv: ['/bin/sh', '-c', 'printf ready; exec cat'] }],
    })
    const { page } = opened
    const tile = tileOf(page, 1)
    await shows(tile, 'ready')
    await clickInto(tile)
    await pasteText(page, 'first\nsecond\n')
    const question = tile.getByTestId('terminal-paste')
    await question.waitFor()
    expect(terminalOf(opened, 1).typed()).toBe('')
    await page.keyboard.press('Escape')
    await question.waitFor({ state: 'detached' })
    await pasteText(page, 'first\nsecond\n')
    await question.getByText('Paste as one line').click()
    await until(() => terminalOf(opened, 1).typed()).toBe('first second')
    await page.keyboard.press('Enter')
    await pasteText(page, 'third\nfourth\n')
    await question.getByText('Paste 2 lines').last().click()
    await until(() => terminalOf(opened, 1).typed()).toBe('first second\rthird\rfourth\r')
  })

  it('answers no question of a program, since the screen that never leaves does', async () => {
    opened = await openPage(setting, {
      launches: [
        {
          ...bashIn(setting.workDir),
          argv: [
            '/bin/sh',
            '-c',
            // Asks, waits for a key so that answers have time to come, asks for the focus to be reported.
            String.raw`stty raw -echo; printf '\033[c\033[6n\033]11;?\007\033[?2004$p\033[>c'; printf 'asked\033[?1004h'; exec cat -v`,
          ],
        },
      ],
    })
    const { page } = opened
    await shows(tileOf(page, 1), 'asked')
    await clickInto(tileOf(page, 1))
    await page.keyboard.press('x')
    // Only what the person did: the focus came, a key was pressed.
    await until(() => terminalOf(opened, 1).typed()).toBe('\x1b[Ix')
  })

  it('keeps the click that only brings the focus from a program that follows the mouse', async () => {
    const followsMouse: Launch = {
      ...bashIn(setting.workDir),
      argv: ['/bin/sh', '-c', String.raw`stty raw -echo; printf '\033[?1000hready'; exec cat -v`],
    }
    opened = await openPage(setting, { launches: [followsMouse, followsMouse] })
    const { page } = opened
    await shows(tileOf(page, 1), 'ready')
    await shows(tileOf(page, 2), 'ready')
    const clickCell = (n: number) =>
      tileOf(page, n)
        .locator('.xterm-screen')
        .click({ position: { x: 3, y: 3 } })
    const report = '\x1b[M !!\x1b[M#!!'
    // A key after each click: what a click sent would have come before it.
    await clickCell(1)
    await page.keyboard.press('a')
    await until(() => terminalOf(opened, 1).typed()).toBe('a')
    await clickCell(1)
    await page.keyboard.press('b')
    await until(() => terminalOf(opened, 1).typed()).toBe(`a${report}b`)
    await clickCell(2)
    await page.keyboard.press('c')
    await until(() => terminalOf(opened, 2).typed()).toBe('c')
    await clickCell(1)
    await clickCell(1)
    await page.keyboard.press('d')
    await until(() => terminalOf(opened, 1).typed()).toBe(`a${report}b${report}d`)
  })

  it('copies a selection with Ctrl+Shift+C and not by selecting', async () => {
    const { page } = await openBash()
    const tile = tileOf(page, 1)
    await clickInto(tile)
    await page.keyboard.type('echo copy-me-please')
    await page.keyboard.press('Enter')
    await shows(tile, '\ncopy-me-please')
    await page.evaluate(() => navigator.clipboard.writeText('before'))
    const rowHeight = (await tile.locator('.xterm-rows > div').first().boundingBox())?.height ?? 0
    await tile.locator('.xterm-screen').dblclick({ position: { x: 20, y: rowHeight * 1.5 } })
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('before')
    await page.keyboard.press('Control+Shift+C')
    await until(() => page.evaluate(() => navigator.clipboard.readText())).toBe('copy-me-please')
  })
})
