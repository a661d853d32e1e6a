import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn as spawnPty } from 'node-pty'
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
import { environmentIn, sizeOf, startBenchHost, type BenchHost } from './lib/web-host.ts'
import type { Session } from '../shared/contract/sessions.ts'

const line = (n: number) =>
  `\u001b[3${n % 8}m${n}\u001b[0m compiled src/feature-${n % 97}/module.ts in ${n % 400} ms\r\n`
const piece = Array.from({ length: 1000 }, (_, n) => line(n)).join('')
const pieces = Math.ceil(10e6 / piece.length)
const marker = 'the-end-of-all-output'

export const bench: Bench = {
  id: 'B5',
  title: 'show a hidden session that has printed 10 MB: click to right screen',
  goal: '<= 50 ms, >= 6 x faster than replay of 10 MB, attached in <= 1.5 x tmux attach',
  run: async () => {
    const host = await startBenchHost('ours')
    const file = join(host.home, 'flood')
    writeFileSync(file, `${piece.repeat(pieces)}${marker}`)
    const hidden = await host.openShell('hidden')
    const front = await host.openShell('front')
    const browser = await openBrowser()
    const page = await openHostPage(browser, host)
    await host.client.terminals.write({
      terminalId: hidden.terminalId!,
      windowId: 'window-b5',
      seq: 0,
      data: `clear; cat ${file}\r`,
    })
    await waitForText(host, hidden, marker)
    let round = 0
    await enterTerminal(page, front)
    // One tile at a time: the other session is hidden, and nothing of it reaches the page.
    await page.getByTestId('tile-presets').getByText('1', { exact: true }).click()
    const tab = (session: Session) => page.locator(`[data-tab-of="session:${session.id}"]`)
    const size = await sizeOf(host, front)
    const bare = await openBarePage(browser, size)
    const tmux = startTmux(host, file, size)
    const samples = await alternate({
      ours: async () => {
        await page.bringToFront()
        await tab(front).click()
        await page.locator(viewSelector(hidden)).waitFor({ state: 'hidden' })
        // What is on it now was never on this page, so nothing the page kept can pass for it.
        round += 1
        const data = `echo right-''${round}-\r`
        await host.client.terminals.write({ terminalId: hidden.terminalId!, windowId: 'window-b5', seq: round, data })
        await waitForText(host, hidden, `right-${round}-`)
        const shown = await watchFor(page, 'pointerdown', viewSelector(hidden), `right-${round}-`)
        await tab(hidden).click()
        return shown()
      },
      attach: () => attachAlone(host, hidden, marker),
      replay: () => writeBare(bare, piece, pieces, marker),
      tmux: tmux.attach,
    })
    tmux.stop()
    await browser.close()
    await host.dispose()
    const row = (pair: Record<string, Samples>, ratio: number, ok: boolean) => resultOf(pair, { ratio, ok, unit: 'ms' })
    const { ours, replay, attach, tmux: tmuxAttach } = samples
    const [faster, slower] = [replay.median / ours.median, attach.median / tmuxAttach.median]
    return [
      row({ ours }, ours.median / 50, ours.median <= 50),
      row({ ours, replay }, faster, faster >= 6),
      row({ attach, tmux: tmuxAttach }, slower, slower <= 1.5),
    ]
  },
}

const waitForText = async ({ client }: BenchHost, { terminalId }: Session, text: string) => {
  for (;;) if ((await client.terminals.text({ terminalId: terminalId! })).text.includes(text)) return
}

let views = 0

/** As `tmux attach` is measured: from asking to the bytes of the whole screen. Neither of the two draws anything. */
const attachAlone = async ({ client }: BenchHost, { terminalId }: Session, text: string): Promise<number> => {
  views += 1
  const view = {
    terminalId: terminalId!,
    viewerId: `viewer-b5-${views}`,
    windowId: `window-b5-${views}`,
    isFocused: true,
  }
  const begun = performance.now()
  for await (const frame of await client.terminals.attach(view)) {
    if (frame.kind !== 'snapshot') continue
    if (!frame.text.includes(text)) throw new Error('The snapshot is not the screen.')
    return performance.now() - begun
  }
  throw new Error('The session showed no screen.')
}

/** A session of tmux that printed the same; from starting a client to the picture that has the last line. */
const startTmux = (host: BenchHost, file: string, { cols, rows }: Awaited<ReturnType<typeof sizeOf>>) => {
  const socket = join(host.home, 'tmux')
  const env = { ...environmentIn(host.home), TERM: 'xterm-256color' }
  const run = (...args: string[]) =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { env }).toString()
  run('new-session', '-d', '-s', 'hidden', '-x', `${cols}`, '-y', `${rows}`, `cat ${file}; exec sleep 100000`)
  while (!run('capture-pane', '-p', '-t', 'hidden').includes(marker)) continue
  return {
    stop: () => void run('kill-server'),
    attach: async () => {
      const begun = performance.now()
      const client = spawnPty('tmux', ['-S', socket, 'attach', '-t', 'hidden'], { cols, rows: rows + 1, env })
      const ended = new Promise<void>((resolve) => client.onExit(() => resolve()))
      let text = ''
      await new Promise<void>((resolve) => {
        client.onData((more) => {
          text += more
          if (text.includes(marker)) resolve()
        })
      })
      const ms = performance.now() - begun
      client.kill()
      await ended
      return ms
    },
  }
}
