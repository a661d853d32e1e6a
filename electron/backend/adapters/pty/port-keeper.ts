import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { MAX_SOCKET_PATH_BYTES } from '../../../../shared/pty-protocol/host-files.ts'
import type { PtyClient } from './pty-client.ts'

/** Keeps the gateway's ports in the PTY host, which lives as long as the agents that were told them. */
export const createPortKeeper = (dataDir: string, pty: Pick<PtyClient, 'keepPort' | 'onEvent'>) => {
  let last = 0
  return {
    keep: pty.keepPort,
    newSocketPath: () => {
      last += 1
      return socketPath(dataDir, `gateway-${last}.sock`)
    },
    onChange: (listener: (change: 'lost' | 'connected') => void) =>
      pty.onEvent(({ kind }) => {
        if (kind === 'host-lost') listener('lost')
        if (kind === 'host-connected') listener('connected')
      }),
  }
}

const socketPath = (dataDir: string, name: string): string => {
  // Every user may list and make pipes: one that nobody could have made beforehand is the app's.
  if (process.platform === 'win32') return `\\\\.\\pipe\\switchyard-${randomBytes(16).toString('hex')}`
  const inside = join(dataDir, name)
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES) return inside
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 24)
  const folder = join(process.env['XDG_RUNTIME_DIR'] || tmpdir(), `switchyard-gateway-${userInfo().uid}-${hash}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const facts = lstatSync(folder)
  // In a shared folder such as /tmp another user may have made it first.
  if (!facts.isDirectory() || facts.uid !== userInfo().uid) throw new Error(`${folder} is not a folder of this user.`)
  chmodSync(folder, 0o700)
  return join(folder, name)
}
