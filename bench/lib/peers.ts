import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** None is left behind by a run that broke off. */
const living = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL')
})

/** A script of this folder in a process of its own, which says when it is ready. */
export interface PeerProcess<Ready> {
  readonly child: ChildProcess
  readonly ready: Ready
  readonly end: () => Promise<void>
}

/** Starts `peers/<name>.ts`; what it sends first is its word that it is ready. */
export const startPeer = async <Ready>(name: string, ...args: readonly string[]): Promise<PeerProcess<Ready>> => {
  const file = join(import.meta.dirname, 'peers', `${name}.ts`)
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  living.add(child)
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Ready))
    child.once('exit', (code) => reject(new Error(`The peer ${name} ended with ${code}.`)))
  })
  return { child, ready, end: () => endProcess(child) }
}

const endProcess = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    living.delete(child)
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })

export interface Redis {
  readonly port: number
  readonly end: () => Promise<void>
}

/**
 * A Redis that writes each command to its file before it answers: `always` also waits for the disk, `everysec` leaves that
 * to the system, as SQLite in WAL does with synchronous = NORMAL.
 */
export const startRedis = async (appendfsync: 'always' | 'everysec'): Promise<Redis> => {
  const folder = mkdtempSync(join(tmpdir(), 'switchyard-bench-redis-'))
  const port = await freePort()
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  // Server and checker are one program, told apart by the name it is called; Debian ships the checker without a service.
  const child = spawn('redis-check-rdb', [...options, '--appendonly', 'yes', '--appendfsync', appendfsync], {
    argv0: 'redis-server',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  living.add(child)
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}.`)))
    child.stdout.on('data', (text: Buffer) => {
      if (text.toString().includes('Ready to accept connections')) resolve()
    })
  })
  return {
    port,
    end: async () => {
      await endProcess(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
