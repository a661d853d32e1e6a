import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { runCli } from './cli/run-cli.ts'

// The `switchyard` command: what agents and people ask of the app from a terminal.

// Built it lies in dist/host, in the source one folder below the root.
const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js'
const root = join(import.meta.dirname, ...(extension === 'ts' ? ['..'] : ['..', '..']))

const readVersion = () => (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version

// Whoever reads may stop reading: `switchyard tasks list | head -1`.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit())

runCli(process.argv.slice(2), {
  environment: process.env,
  home: homedir(),
  folder: process.cwd(),
  pid: process.pid,
  parentPid: process.ppid,
  get version() {
    return readVersion()
  },
  self: {
    node: process.execPath,
    script: import.meta.filename,
    needsRunAsNode: process.versions['electron'] !== undefined,
  },
  entries: {
    ptyHost: join(import.meta.dirname, `pty-host.${extension}`),
    cli: import.meta.filename,
    resources: join(root, 'resources'),
  },
  print: (line) => void process.stdout.write(line),
  printProblem: (line) => void process.stderr.write(line),
  readStdin: () => text(process.stdin),
  now: Date.now,
}).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    process.stderr.write(`INTERNAL: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exitCode = 1
  },
)
