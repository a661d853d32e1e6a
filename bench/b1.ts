import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn as spawnPty } from 'node-pty'
import { ulid } from 'ulid'
import { createPtyClient, type PtyClient } from '../electron/backend/adapters/pty/pty-client.ts'
import { silentLog } from '../electron/backend/kernel/testing.ts'
import { createHeadlessTerminal } from '../electron/pty-host/xterm-internals.ts'
import { terminalIdSchema } from '../shared/lib/ids.ts'
import { alternate, resultOf, type Bench, type Samples } from './lib/alternate.ts'
import { flood } from './lib/flood.ts'
import { endPtyHost, environmentIn } from './lib/web-host.ts'
import { buildVariant } from './lib/variants.ts'

const size = { cols: 120, rows: 30, scrollbackRows: 1000 }
const megabytes = flood.bytes / 1e6

export const bench: Bench = {
  id: 'B1',
  title: `${Math.round(megabytes)} MB through a session, its state kept, nobody watching`,
  goal: '>= 0.9 of the rate at which the same text is parsed without a terminal; a bare PTY for comparison',
  run: async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-bench-b1-')))
    const file = join(folder, 'flood')
    writeFileSync(file, flood.text())
    const client = await startHost(folder)
    const samples = await alternate({
      ours: () => throughSession(client, folder, file),
      'headless parse': parseAlone,
      'bare node-pty': () => throughBarePty(folder, file),
    })
    await client.shutdownHost(1000)
    rmSync(folder, { recursive: true, force: true })
    const row = (peer: 'headless parse' | 'bare node-pty', goal: number) => {
      const ratio = samples.ours.median / samples[peer].median
      const pair: Record<string, Samples> = { ours: samples.ours, [peer]: samples[peer] }
      return resultOf(pair, { ratio, ok: ratio >= goal, unit: 'MB/s' })
    }
    // The bare loop parses nothing: it is the limit of the PTY itself, shown without a goal of its own.
    return [row('headless parse', 0.9), row('bare node-pty', 0)]
  },
}

const startHost = async (folder: string): Promise<PtyClient> => {
  const built = await buildVariant('ours')
  process.once('exit', () => endPtyHost(join(folder, 'data')))
  return createPtyClient({
    dataDir: join(folder, 'data'),
    entry: join(built, 'dist', 'host', 'pty-host.js'),
    execPath: process.execPath,
    execArgv: [],
    environment: {},
    log: silentLog,
  })
}

const rate = (ms: number) => flood.bytes / 1e3 / ms

/** From the start of `cat` to the news that it ended, which is told once its last line is on the screen. */
const throughSession = async (client: PtyClient, folder: string, file: string): Promise<number> => {
  const terminalId = terminalIdSchema.parse(`trm_${ulid()}`)
  const ended = new Promise<void>((resolve) => {
    const stop = client.onEvent((event) => {
      if (event.kind !== 'exited' || event.terminalId !== terminalId) return
      stop()
      resolve()
    })
  })
  const begun = performance.now()
  await client.start({ terminalId, argv: ['cat', file], cwd: folder, env: environmentIn(folder), ...size })
  await ended
  const ms = performance.now() - begun
  const shown = await client.readScreenText(terminalId)
  if (!shown.endsWith(flood.lastLine)) throw new Error('The session did not show the last line.')
  await client.forget(terminalId)
  return rate(ms)
}

/** The parser alone, which never waits for more. */
const parseAlone = async (): Promise<number> => {
  const terminal = createHeadlessTerminal(size)
  const text = flood.text()
  const begun = performance.now()
  const chunk = 64 * 1024
  // Some are always ahead, and never so many that the parser refuses them.
  const group = 64 * chunk
  for (let from = 0; from < text.length; from += group) {
    const part = text.slice(from, from + group)
    await new Promise<void>((resolve) => {
      for (let at = 0; at < part.length; at += chunk)
        terminal.write(part.slice(at, at + chunk), at + chunk >= part.length ? resolve : undefined)
    })
  }
  const ms = performance.now() - begun
  terminal.dispose()
  return rate(ms)
}

const throughBarePty = (folder: string, file: string): Promise<number> =>
  new Promise((resolve) => {
    const begun = performance.now()
    const pty = spawnPty('cat', [file], { encoding: null, cwd: folder, env: environmentIn(folder), ...size })
    pty.onData(() => undefined)
    pty.onExit(() => resolve(rate(performance.now() - begun)))
  })
