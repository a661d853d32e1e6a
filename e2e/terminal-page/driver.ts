import type { Locator, Page } from '@playwright/test'
import { expect } from 'vitest'
import type { OpenPage } from './setting.ts'
import type { LiveTerminal } from './terminals.ts'
import { sessionIdAt, terminalIdAt } from './rows.ts'

/** The tile of the n-th session, counted from 1. */
export const tileOf = (page: Page, n: number): Locator => page.locator(`[data-view="session:${sessionIdAt(n)}"]`)

export const terminalOf = ({ backend }: OpenPage, n: number): LiveTerminal => {
  const terminal = backend.terminals.get(terminalIdAt(n))
  if (terminal === undefined) throw new Error(`There is no terminal ${n}.`)
  return terminal
}

/** The rows a tile shows, as a person reads them. Only where terminals are drawn with elements. */
export const rowsIn = async (tile: Locator): Promise<string[]> => {
  const rows = await tile.locator('.xterm-rows > div').evaluateAll((rows) => rows.map((row) => row.textContent ?? ''))
  return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
}

/** Waits until something is so: it is asked again until it holds, and the last answer is what a failure shows. */
export const until = (read: () => unknown) => expect.poll(read, { timeout: 20_000, interval: 30 })

/** Waits until a tile shows a text on one of its rows. */
export const shows = (tile: Locator, text: string) => until(async () => (await rowsIn(tile)).join('\n')).toContain(text)

/** Waits until a tile shows exactly what a terminal that never left shows, at the same size. */
export const showsAllOf = (tile: Locator, terminal: LiveTerminal) =>
  until(async () => JSON.stringify(await rowsIn(tile)) === JSON.stringify(await terminal.rows())).toBe(true)

/** Gives a terminal the focus by a click on it. */
export const clickInto = async (tile: Locator) => {
  await tile.locator('.xterm-screen').click()
  await tile.locator('textarea.xterm-helper-textarea:focus').waitFor({ state: 'attached' })
}

/** Pastes as a person does: by the browser's own paste, with this on the clipboard. */
export const pasteText = async (page: Page, text: string) => {
  await page.evaluate((value) => navigator.clipboard.writeText(value), text)
  await page.keyboard.press('Control+Shift+V')
}
