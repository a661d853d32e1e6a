import type { Browser } from '@playwright/test'
import { alternate, percentile, resultOf, samplesOf, type Bench } from './lib/alternate.ts'
import { enterTerminal, openBrowser, openHostPage } from './lib/bench-page.ts'
import { summariseKeys, typeKeys } from './lib/key-echo.ts'
import type { Variant } from './lib/variants.ts'
import { startBenchHost } from './lib/web-host.ts'

const keysPerRound = 100
/** A frame of a screen of 60 Hz, and what the way from key to frame may cost beyond it. */
const frameMs = 1000 / 60
const slackMs = 2

export const bench: Bench = {
  id: 'B3',
  title: 'key echo in an idle terminal, 500 keys: keydown to the frame that shows the letter',
  goal: 'p50 <= 1.25 x unbatched, p95 <= one frame + 2 ms',
  run: async () => {
    const browser = await openBrowser()
    const open = (variant: Variant) => openEcho(browser, variant)
    const [ours, unbatched, timer5, timer16] = [
      await open('ours'),
      await open('unbatched'),
      await open('timer5'),
      await open('timer16'),
    ]
    const samples = await alternate({
      ours: ours.round,
      unbatched: unbatched.round,
      'timer of 5 ms': timer5.round,
      'timer of 16 ms': timer16.round,
    })
    await browser.close()
    for (const echo of [ours, unbatched, timer5, timer16]) await echo.dispose()
    const own = summariseKeys(ours.keys)
    const ratio = own.p50 / summariseKeys(unbatched.keys).p50
    const p95 = Object.fromEntries(
      Object.entries({ ours, unbatched, 'timer of 5 ms': timer5, 'timer of 16 ms': timer16 }).map(([name, echo]) => [
        `${name} p95`,
        samplesOf(echo.keys.slice(1).map((keys) => percentile(keys, 95))),
      ]),
    )
    return [
      resultOf(samples, { ratio, ok: ratio <= 1.25, unit: 'ms', note: `${own.count} keys` }),
      resultOf(p95, { ratio: own.p95 / (frameMs + slackMs), ok: own.p95 <= frameMs + slackMs, unit: 'ms' }),
    ]
  },
}

const openEcho = async (browser: Browser, variant: Variant) => {
  const host = await startBenchHost(variant)
  const session = await host.openShell('echo')
  const page = await openHostPage(browser, host)
  await enterTerminal(page, session)
  // The terminal itself echoes; the program only reads.
  await page.keyboard.type('clear; cat > /dev/null')
  await page.keyboard.press('Enter')
  const keys: (readonly number[])[] = []
  return {
    keys,
    round: async () => {
      await enterTerminal(page, session)
      const times = await typeKeys(page, session, keysPerRound)
      keys.push(times)
      return percentile(times, 50)
    },
    dispose: host.dispose,
  }
}
