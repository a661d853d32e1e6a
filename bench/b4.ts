import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import type { Session } from '../shared/contract/sessions.ts'
import { alternate, percentile, resultOf, type Bench, type Samples } from './lib/alternate.ts'
import { enterTerminal, openBrowser, openHostPage, viewSelector, watchFor } from './lib/bench-page.ts'
import { flood } from './lib/flood.ts'
import { typeKeys } from './lib/key-echo.ts'
import { startBenchHost, type BenchHost } from './lib/web-host.ts'

const others = 30
const keysPerRound = 60
const stopWithinMs = 100

export const bench: Bench = {
  id: 'B4',
  title: `key echo while ${others} other terminals print without pause; Ctrl-C in a flood`,
  goal: `p95 <= 1.5 x idle; Ctrl-C stops a flood within ${stopWithinMs} ms`,
  run: async () => {
    const host = await startBenchHost('ours')
    const browser = await openBrowser()
    const front = await host.openShell('front')
    const page = await openHostPage(browser, host)
    await enterTerminal(page, front)
    await page.keyboard.type('clear; cat > /dev/null')
    await page.keyboard.press('Enter')
    const floods = await startFloods(host, front)
    const p95 = async () => {
      await enterTerminal(page, front)
      return percentile(await typeKeys(page, front, keysPerRound), 95)
    }
    const samples = await alternate({
      idle: async () => {
        floods.hold()
        return p95()
      },
      flooded: async () => {
        floods.release()
        return p95()
      },
      'all streamed': async () => {
        floods.release()
        const streams = streamAll(host, floods.terminalIds)
        const slow = await p95()
        await streams.close()
        return slow
      },
    })
    floods.hold()
    await page.keyboard.press('Control+c')
    const stop = await alternate({ 'Ctrl-C': () => stopFlood(page, front, host) })
    await browser.close()
    await host.dispose()
    const ratio = samples.flooded.median / samples.idle.median
    const naive = samples['all streamed'].median / samples.idle.median
    const slowest = Math.max(...stop['Ctrl-C'].values)
    const row = (pair: Record<string, Samples>, value: number, ok: boolean, note?: string) =>
      resultOf(pair, { ratio: value, ok, unit: 'ms', ...(note ? { note } : {}) })
    return [
      row(samples, ratio, ratio <= 1.5, `with all streamed ${naive.toFixed(2)} x idle`),
      row(stop, slowest / stopWithinMs, slowest <= stopWithinMs, 'the slowest of all rounds'),
    ]
  },
}

/** Terminals that print without pause, held and released all at once by signals to programs started here. */
const startFloods = async (host: BenchHost, front: Session) => {
  const text = join(host.home, 'flood')
  const script = join(host.home, 'flood.sh')
  writeFileSync(text, flood.piece)
  // One program each, whose own number stands in its file.
  writeFileSync(script, `echo $$ > ${host.home}/flood-$1.pid\nexec yes "$(cat ${text} | head -n 40)"\n`)
  const terminalIds: NonNullable<Session['terminalId']>[] = []
  for (let n = 0; n < others; n += 1) {
    const { terminalId } = await host.client.sessions.openShell({ sessionId: front.id })
    const data = `sh ${script} ${n}\r`
    await host.client.terminals.write({ terminalId, windowId: 'window-b4', seq: 0, data })
    terminalIds.push(terminalId)
  }
  const pids = await Promise.all(terminalIds.map((_, n) => readPid(join(host.home, `flood-${n}.pid`))))
  const tell = (signal: NodeJS.Signals) => {
    for (const pid of pids) process.kill(pid, signal)
  }
  return { terminalIds, hold: () => tell('SIGSTOP'), release: () => tell('SIGCONT') }
}

const readPid = async (file: string): Promise<number> => {
  for (;;) {
    const pid = await Promise.resolve()
      .then(() => Number(readFileSync(file, 'utf8')))
      .catch(() => 0)
    if (pid > 0) return pid
    await delay(50)
  }
}

/** As if nothing were hidden: every terminal is sent to a second client, which takes all of it at once. */
const streamAll = (host: BenchHost, terminalIds: readonly NonNullable<Session['terminalId']>[]) => {
  const closing = new AbortController()
  const streams = terminalIds.map(async (terminalId, n) => {
    const view = { terminalId, viewerId: `viewer-b4-${n}`, windowId: `window-b4-${n}`, isFocused: false }
    const frames = await host.client.terminals.attach(view, { signal: closing.signal })
    for await (const frame of frames) {
      const units = frame.kind === 'data' || frame.kind === 'snapshot' ? frame.text.length : 0
      if (units > 0) await host.client.terminals.acknowledge({ viewerId: view.viewerId, units })
    }
  })
  // A stream that is closed may end with an error, which is no news.
  const settled = Promise.allSettled(streams)
  return {
    close: async () => {
      closing.abort()
      await settled
    },
  }
}

let stopped = 0

/** Milliseconds from Ctrl-C to the picture of the prompt's answer to it. */
const stopFlood = async (page: Page, front: Session, { home }: BenchHost): Promise<number> => {
  stopped += 1
  const ended = `ended-${stopped}`
  await enterTerminal(page, front)
  writeFileSync(join(home, 'stop.sh'), `trap 'echo ended-$1; exit' INT\nwhile :; do cat ${join(home, 'flood')}; done\n`)
  await page.keyboard.type(`clear; sh ${join(home, 'stop.sh')} ${stopped}`)
  await page.keyboard.press('Enter')
  // Long enough that every buffer on the way is full.
  await delay(1500)
  const shown = await watchFor(page, 'keydown', viewSelector(front), ended)
  await page.keyboard.press('Control+c')
  return shown()
}
