// The PTY host: holds the terminals, so that they outlive the app.   pty-host --data DIR
import { parseArgs } from 'node:util'
import { createHostLog } from './pty-host/host-log.ts'
import { startHost } from './pty-host/host.ts'

const log = createHostLog((line) => process.stdout.write(line), Date.now)
const { values } = parseArgs({ options: { data: { type: 'string' } }, allowPositionals: true })

// An unexpected error ends the one thing that failed, not every terminal.
process.on('uncaughtException', (error) => log('uncaught', { error: error.stack ?? String(error) }))
process.on('unhandledRejection', (reason) => log('unhandled', { error: String(reason) }))

if (values.data === undefined) {
  log('refused', { reason: 'Say which data folder: --data DIR' })
  process.exit(2)
}
const host = await startHost(values.data, log)
if (!host) {
  log('refused', { reason: 'This data folder has a host already.' })
  process.exit(0)
}
// The terminal of whoever started us is not ours.
process.on('SIGHUP', () => log('ignored', { signal: 'SIGHUP' }))
process.on('SIGINT', () => log('ignored', { signal: 'SIGINT' }))
process.on('SIGTERM', () => host.leave())
await host.ended
log('ended')
process.exit(0)
