import type { Page } from '@playwright/test'
import type { Session } from '../../shared/contract/sessions.ts'
import { percentile } from './alternate.ts'
import { viewSelector } from './bench-page.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyz'
/** A line is ended before it would wrap. */
const keysPerLine = 26

/**
 * Watches one terminal from inside the page: for each key, the milliseconds from its keydown to the frame in which the
 * letter stands behind those typed before it. The clock is the page's own, so the driver's way to it does not count.
 */
const watchKeys = (page: Page, session: Session) =>
  page.evaluate((selector) => {
    const rows = document.querySelector(`${selector} .xterm-rows`)!
    const state = { line: '', times: [] as number[], begun: 0, drawn: null as (() => void) | null }
    const look = () => {
      if (!state.drawn || !rows.textContent.replaceAll('\u00a0', ' ').trimEnd().endsWith(state.line)) return
      state.times.push(performance.now() - state.begun)
      state.drawn()
      state.drawn = null
    }
    const watcher = new MutationObserver(look)
    watcher.observe(rows, { subtree: true, childList: true, characterData: true })
    const onKey = (event: KeyboardEvent) => {
      if (event.key.length !== 1) return
      state.line += event.key
      state.begun = performance.now()
    }
    globalThis.addEventListener('keydown', onKey, { capture: true })
    const stop = () => {
      watcher.disconnect()
      globalThis.removeEventListener('keydown', onKey, { capture: true })
    }
    Object.assign(globalThis, { keyEcho: { state, stop } })
  }, viewSelector(session))

interface Watched {
  readonly keyEcho: {
    readonly state: { line: string; readonly times: number[]; drawn: (() => void) | null }
    readonly stop: () => void
  }
}

/** Types so many keys, each once the one before is drawn; the milliseconds each took. */
export const typeKeys = async (page: Page, session: Session, count: number): Promise<readonly number[]> => {
  await watchKeys(page, session)
  for (let n = 0; n < count; n += 1) {
    const letter = alphabet[n % alphabet.length] ?? 'x'
    const drawn = page.evaluateHandle(() => {
      const { state } = (globalThis as unknown as Watched).keyEcho
      return { drawn: new Promise<void>((resolve) => (state.drawn = resolve)) }
    })
    const waiting = await drawn
    await page.keyboard.press(letter)
    await waiting.evaluate(({ drawn }) => drawn)
    await waiting.dispose()
    if (n % keysPerLine === keysPerLine - 1) await nextLine(page)
  }
  return page.evaluate(() => {
    const { state, stop } = (globalThis as unknown as Watched).keyEcho
    stop()
    return state.times
  })
}

const nextLine = async (page: Page) => {
  await page.evaluate(() => ((globalThis as unknown as Watched).keyEcho.state.line = ''))
  await page.keyboard.press('Enter')
}

/** Middle and slow end of the keys of all rounds but the first, which warmed up. */
export const summariseKeys = (rounds: readonly (readonly number[])[]) => {
  const keys = rounds.slice(1).flat()
  return { p50: percentile(keys, 50), p95: percentile(keys, 95), count: keys.length }
}
