import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from '@playwright/test'
import { flood } from './lib/flood.ts'
import { alternate, resultOf, type Bench, type Samples } from './lib/alternate.ts'
import {
  enterTerminal,
  openBarePage,
  openBrowser,
  openHostPage,
  viewSelector,
  watchFor,
  writeBare,
} from './lib/bench-page.ts'
import { sizeOf, startBenchHost, type BenchHost } from './lib/web-host.ts'

export const bench: Bench = {
  id: 'B2',
  title: `${Math.round(flood.bytes / 1e6)} MB through a session to a visible xterm in a browser`,
  goal: '>= 0.85 of term.write in the page, >= 1.8 x the same path with the constants of VS Code',
  run: async () => {
    const browser = await openBrowser()
    const hosts = [await startBenchHost('ours'), await startBenchHost('vscode')] as const
    const ours = await openFlood(browser, hosts[0])
    const vscode = await openFlood(browser, hosts[1])
    const bare = await openBarePage(browser, ours.size)
    let round = 0
    const samples = await alternate({
      ours: ours.flood,
      'term.write': async () => rate(await writeBare(bare, flood.piece, flood.pieces, `shown-${(round += 1)}-`)),
      'VS Code': vscode.flood,
    })
    await browser.close()
    for (const host of hosts) await host.dispose()
    const row = (peer: 'term.write' | 'VS Code', goal: number) => {
      const ratio = samples.ours.median / samples[peer].median
      const pair: Record<string, Samples> = { ours: samples.ours, [peer]: samples[peer] }
      return resultOf(pair, { ratio, ok: ratio >= goal, unit: 'MB/s' })
    }
    return [row('term.write', 0.85), row('VS Code', 1.8)]
  },
}

const rate = (ms: number) => flood.bytes / 1e3 / ms

const openFlood = async (browser: Browser, host: BenchHost) => {
  const file = join(host.home, 'flood')
  writeFileSync(file, flood.text())
  const session = await host.openShell('flood')
  const page = await openHostPage(browser, host)
  await enterTerminal(page, session)
  let round = 0
  return {
    size: await sizeOf(host, session),
    flood: async () => {
      round += 1
      await enterTerminal(page, session)
      // In two parts, so that the echo of the command is not taken for its end.
      await page.keyboard.type(`clear; cat ${file}; echo shown-''${round}-`)
      const shown = await watchFor(page, 'keydown', viewSelector(session), `shown-${round}-`)
      await page.keyboard.press('Enter')
      return rate(await shown())
    },
  }
}
