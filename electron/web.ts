import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseHostOptions } from './hosts/common/host-options.ts'
import { startProblem } from './hosts/common/start-problem.ts'
import { runWebHost } from './hosts/web/run-web-host.ts'

// The web host: the backend under Node, and the page in a browser on this machine.

const root = join(import.meta.dirname, '..', '..')

const main = async () => {
  let running: Awaited<ReturnType<typeof runWebHost>> | undefined
  let ending: Promise<void> | undefined
  let isAskedToEnd = false
  const end = () => {
    // Asked while it starts, it ends as soon as it has started; asked again, at once.
    if (running === undefined && isAskedToEnd) process.exit(1)
    isAskedToEnd = true
    if (running === undefined || !('close' in running)) return
    ending ??= running.close()
    void ending.then(() => process.exit(0))
  }
  // Before it says that it is ready: whoever reads that may end it. A hang-up is left to its usual meaning, so that `nohup`
  // works; ending without a word loses nothing either.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end)

  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  running = await runWebHost({
    options: parseHostOptions(process.argv.slice(2)),
    version,
    home: homedir(),
    environment: process.env,
    rendererDir: join(root, 'dist', 'renderer'),
    entries: {
      ptyHost: join(import.meta.dirname, 'pty-host.js'),
      cli: join(import.meta.dirname, 'cli.js'),
      resources: join(root, 'resources'),
    },
    print: (line) => process.stdout.write(`${line}\n`),
    printProblem: (line) => process.stderr.write(`${line}\n`),
    // A moment for the answer to reach the page that asked.
    onQuit: () => setTimeout(end, 100),
  })
  if ('exitCode' in running) {
    process.exitCode = running.exitCode
    return
  }
  if (isAskedToEnd) end()
  if (process.stdin.isTTY) {
    process.stdout.write('Press Enter for a fresh link, Ctrl+C to end. Sessions go on running.\n')
    process.stdin.on('data', running.printLink).unref()
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`Switchyard could not start: ${startProblem(error)}\n`)
  process.exit(1)
})
