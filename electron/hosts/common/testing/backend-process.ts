import { createRouterClient } from '@orpc/server'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ApiClient } from '../../../../shared/contract/api.ts'
import { openApp } from '../open-app.ts'

// A backend in a process of its own, so that a test can kill it. Calls come as JSON lines on the standard input, answers
// leave as JSON lines on the standard output: what was printed was acknowledged.
//   backend-process.ts DATA HOME

const [dataDir = '', home = ''] = process.argv.slice(2)
const root = join(import.meta.dirname, '..', '..', '..', '..')

const app = await openApp({
  dataDir,
  home,
  version: '0.0.0',
  environment: process.env,
  entries: {
    ptyHost: join(root, 'electron', 'pty-host.ts'),
    cli: join(root, 'electron', 'cli.ts'),
    resources: join(root, 'resources'),
  },
  capabilities: { kind: 'web', pickFolder: null, openInEditor: async () => false, quit: () => process.exit(0) },
  starts: { most: 8, gapMs: 0 },
})
const client: ApiClient = createRouterClient(app.router, {
  context: { identity: { kind: 'person', id: 'test', right: 'full' } },
})
const say = (line: object) => void process.stdout.write(`${JSON.stringify(line)}\n`)

app.ready.then(
  () => say({ ready: true }),
  (error: unknown) => say({ ready: false, error: String(error) }),
)

/** Tells everything that becomes true, as a page hears it; never ends. */
const tellChanges = async () => {
  for await (const item of await client.changes.subscribe({ after: null })) say({ item })
}

interface Call {
  readonly id: number
  /** Feature and procedure: "sessions.create". */
  readonly path: string
  readonly input: unknown
}

/** Everything there is, as a page sees it first. */
const readSnapshot = async () => {
  for await (const item of await client.changes.subscribe({ after: null })) return item
  return null
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const call = JSON.parse(line) as Call
  const [feature = '', name = ''] = call.path.split('.')
  const procedures = client[feature as keyof ApiClient] as unknown as
    Record<string, (input: unknown) => Promise<unknown>> | undefined
  const run = { snapshot: readSnapshot, changes: tellChanges }[call.path] ?? procedures?.[name]
  if (!run) throw new Error(`There is no procedure ${call.path}.`)
  run(call.input).then(
    (value) => say({ id: call.id, value: value ?? null }),
    (error: { code?: string; message?: string }) =>
      say({ id: call.id, refused: error.code ?? 'THREW', message: error.message }),
  )
})
