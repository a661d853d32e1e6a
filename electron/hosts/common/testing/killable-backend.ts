import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Snapshot } from '../../../../shared/contract/changes.ts'

export interface KillableBackend {
  readonly process: ChildProcess
  /** Rejects with the refusal's code, or never settles when the process is killed first. */
  call<Value>(path: string, input: unknown): Promise<Value>
  snapshot(): Promise<{ readonly seq: number; readonly state: Snapshot }>
  kill(): Promise<void>
  /** Ends it with its sessions and their PTY host. */
  quit(): Promise<void>
}

export class Refused extends Error {
  override readonly name = 'Refused'
}

/** Starts a whole backend in a process of its own and waits until it has found again what ran before. */
export const startKillableBackend = async (dataDir: string, home: string): Promise<KillableBackend> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'backend-process.ts'), dataDir, home], {
    env: { PATH: process.env['PATH'], HOME: home, SHELL: '/bin/bash', LANG: 'C.UTF-8' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  let lastId = 0
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const ready = new Promise<void>((resolve, reject) => {
    void ended.then(() => reject(new Error('The backend ended before it was ready.')))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as {
        id?: number
        ready?: boolean
        error?: string
        value?: unknown
        refused?: string
        message?: string
      }
      if (said.ready === true) resolve()
      else if (said.ready === false) reject(new Error(said.error))
      const call = waiting.get(said.id ?? 0)
      waiting.delete(said.id ?? 0)
      if (said.refused !== undefined) call?.reject(new Refused(`${said.refused}: ${said.message}`))
      else call?.resolve(said.value as never)
    })
  })
  const call = <Value>(path: string, input: unknown): Promise<Value> =>
    new Promise<Value>((resolve, reject) => {
      lastId += 1
      waiting.set(lastId, { resolve, reject })
      child.stdin.write(`${JSON.stringify({ id: lastId, path, input })}\n`)
    })
  child.stdin.on('error', () => undefined)
  await ready
  return {
    process: child,
    call,
    snapshot: () => call('snapshot', {}),
    quit: async () => {
      void call('host.quit', { stopAll: true })
      await ended
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
