import { chromium, type Browser, type Page } from '@playwright/test'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Session } from '../../shared/contract/sessions.ts'
import type { BenchHost } from './web-host.ts'

const require = createRequire(import.meta.url)
const viewport = { width: 1440, height: 900 }

/** Without graphics contexts terminals are drawn with elements, in the page and in its peers alike. */
export const openBrowser = (): Promise<Browser> => {
  const installed = process.env['SWITCHYARD_CHROMIUM'] ?? '/usr/bin/chromium'
  return chromium.launch({
    ...(existsSync(installed) ? { executablePath: installed } : {}),
    args: ['--no-sandbox', '--disable-3d-apis'],
  })
}

/** The real page of a host, entered with its cookie. */
export const openHostPage = async (browser: Browser, host: BenchHost): Promise<Page> => {
  const context = await browser.newContext({ viewport })
  await context.addCookies([{ ...host.cookie, url: host.origin }])
  const page = await context.newPage()
  page.on('pageerror', (error) => console.error(`page: ${String(error)}`))
  await page.goto(host.origin)
  return page
}

/** A page that is nothing but an xterm of this size: what drawing costs when nothing is in between. */
export const openBarePage = async (browser: Browser, size: { readonly cols: number; readonly rows: number }) => {
  const page = await (await browser.newContext({ viewport })).newPage()
  await page.setContent('<div data-view="bare" style="height:100vh"></div>')
  await page.addStyleTag({ path: require.resolve('@xterm/xterm/css/xterm.css') })
  await page.addScriptTag({ path: require.resolve('@xterm/xterm/lib/xterm.js') })
  await page.evaluate(({ cols, rows }) => {
    const scope = globalThis as unknown as { Terminal: new (options: object) => { open: (place: unknown) => void } }
    const terminal = new scope.Terminal({ cols, rows, scrollback: 5_000, fontSize: 12, logLevel: 'off' })
    terminal.open(document.querySelector('[data-view]'))
    Object.assign(globalThis, { terminal })
  }, size)
  return page
}

/** Writes the text so many times into the bare xterm, as fast as it takes it; milliseconds until the marker is drawn. */
export const writeBare = async (page: Page, text: string, times: number, marker: string): Promise<number> => {
  await page.bringToFront()
  return page.evaluate(
    async ({ text, times, marker }) => {
      const { terminal } = globalThis as unknown as {
        terminal: { write: (text: string, done: () => void) => void; reset: () => void }
      }
      terminal.reset()
      const begun = performance.now()
      for (let n = 0; n < times; n += 8) {
        // Eight pieces under way: the parser never waits, and never has a queue that it gives up on.
        const pieces = Array.from({ length: Math.min(8, times - n) })
        await Promise.all(pieces.map(() => new Promise<void>((resolve) => terminal.write(text, resolve))))
      }
      await new Promise<void>((resolve) => terminal.write(`\r\n${marker}\r\n`, resolve))
      while (!document.querySelector('.xterm-rows')?.textContent?.includes(marker))
        await new Promise((resolve) => requestAnimationFrame(resolve))
      return performance.now() - begun
    },
    { text, times, marker },
  )
}

export const viewSelector = (session: Session) => `[data-view="session:${session.id}"]`

/** Waits until the terminal of a session is in front and has the focus. */
export const enterTerminal = async (page: Page, session: Session) => {
  await page.bringToFront()
  const tile = page.locator(viewSelector(session))
  await tile.locator('.xterm-screen').click()
  await tile.locator('textarea.xterm-helper-textarea:focus').waitFor({ state: 'attached' })
}

/**
 * Milliseconds in the page from the first event of a kind (a key, a press of the mouse) to the frame that draws the
 * text. Ask before the event is made: the clock is the page's own, so the driver's way to it does not count.
 */
export const watchFor = async (page: Page, event: 'keydown' | 'pointerdown', selector: string, text: string) => {
  await page.evaluate(
    ({ event, selector, text }) => {
      const shown = new Promise<number>((resolve) => {
        const begin = () => {
          const begun = performance.now()
          // Called in the frame that draws it: asking once a frame would count the next one as well.
          const watcher = new MutationObserver(() => {
            const rows = document.querySelector(`${selector} .xterm-rows`)
            if (!rows?.textContent.replaceAll('\u00a0', ' ').includes(text)) return
            watcher.disconnect()
            resolve(performance.now() - begun)
          })
          watcher.observe(document.body, { subtree: true, childList: true, characterData: true })
        }
        globalThis.addEventListener(event, begin, { capture: true, once: true })
      })
      Object.assign(globalThis, { benchShown: shown })
    },
    { event, selector, text },
  )
  return () => page.evaluate(() => (globalThis as unknown as { benchShown: Promise<number> }).benchShown)
}
