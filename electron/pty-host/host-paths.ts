import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, linkSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { hostFiles, MAX_SOCKET_PATH_BYTES } from '../../shared/pty-protocol/host-files.ts'

export interface HostPaths {
  readonly address: string
  readonly token: string
  readonly socket: string
}

/** Creates the folders, which only their owner may enter, and tells the paths in them. */
export const prepareHostPaths = (dataDir: string): HostPaths => {
  makePrivate(dataDir)
  const address = join(dataDir, hostFiles.address)
  const token = join(dataDir, hostFiles.token)
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 24)
  if (process.platform === 'win32') return { address, token, socket: `\\\\.\\pipe\\switchyard-pty-${name}` }
  const inData = join(dataDir, hostFiles.socket)
  if (Buffer.byteLength(inData) <= MAX_SOCKET_PATH_BYTES) return { address, token, socket: inData }
  const shortFolder = join(process.env.XDG_RUNTIME_DIR || tmpdir(), `switchyard-${userInfo().uid}-${name}`)
  makePrivate(shortFolder)
  return { address, token, socket: join(shortFolder, hostFiles.socket) }
}

/** The token of this data folder: 256 bits in a file only its owner can read. */
export const readOrMakeToken = (path: string): string => {
  // A link appears with its whole content or not at all: of two makers one wins, and nobody reads half a token.
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, randomBytes(32).toString('hex'), { mode: 0o600 })
  try {
    linkSync(draft, path)
  } catch (error) {
    // EEXIST: the backend was first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return readFileSync(path, 'utf8').trim()
}

const makePrivate = (folder: string) => {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const stats = lstatSync(folder)
  const isOurs = process.platform === 'win32' || stats.uid === userInfo().uid
  // In a shared folder such as /tmp another user may have made it first.
  if (!stats.isDirectory() || !isOurs) throw new Error(`${folder} is not a folder of this user.`)
  chmodSync(folder, 0o700)
}
