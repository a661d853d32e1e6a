import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { runCli } from './cli/run-cli.ts'

// The `switchyard` command: what agents and people ask of the app from a terminal.

const readVersion = () => {
  // Built it lies in dist/host, in the source one folder below the root.
  const up = import.meta.filename.endsWith('.ts') ? ['..'] : ['..', '..']
  const file = join(import.meta.dirname, ...up, 'package.json')
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}

// Whoever reads may stop reading: `switchyard tasks list | head -1`.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit())

runCli(process.argv.slice(2), {
  environment: process.env,
  home: homedir(),
  get version() {
    return readVersion()
  },
  self: {
    node: process.execPath,
    script: import.meta.filename,
    needsRunAsNode: process.versions['electron'] !== undefined,
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
