import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ChangesItem, Snapshot } from '../../../../shared/contract/changes.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'

export interface KillableBackend {
  readonly process: ChildProcess
  /** Rejects with the refusal's code, or never settles when the process is killed first. */
  call<Value>(path: string, input: unknown): Promise<Value>
  snapshot(): Promise<{ readonly seq: number; readonly state: Snapshot }>
  /** Waits until a session is as wanted, by the stream of changes. */
  whenSession(id: Session['id'], holds: (session: Session) => boolean): Promise<Session>
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
    env: {
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      PATH: process.env['PATH'],
      HOME: home,
      SHELL: '/bin/bash',
      LANG: 'C.UTF-8',
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()
  const sessions = new Map<Session['id'], Session>()
  const looks = new Set<() => void>()
  const takeItem = (item: ChangesItem) => {
    for (const session of sessionsIn(item)) sessions.set(session.id, session)
    for (const look of looks) look()
  }
  let isFollowing = false
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
        item?: ChangesItem
      }
      if (said.ready === true) resolve()
      else if (said.ready === false) reject(new Error(said.error))
      else if (said.item) return takeItem(said.item)
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
    whenSession: (id, holds) =>
      new Promise((resolve) => {
        const look = () => {
          const session = sessions.get(id)
          if (!session || !holds(session)) return
          looks.delete(look)
          resolve(session)
        }
        looks.add(look)
        look()
        if (!isFollowing) void call('changes', {})
        isFollowing = true
      }),
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

const sessionsIn = (item: ChangesItem): readonly Session[] =>
  item.kind === 'snapshot'
    ? item.state.sessions
    : item.changes.flatMap((change) => (change.topic === 'sessions.changed' ? [change.payload] : []))
