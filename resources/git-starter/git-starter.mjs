// Starts processes for the app, which says by messages which ones. Starting a process copies the page tables of the one that
// starts it: a few milliseconds in an app of some hundred megabytes, in which it can do nothing else, and next to nothing here.
import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

/** git removes its lock files on SIGTERM; this long it may take before SIGKILL (which leaves them behind). */
const killGraceMs = 2000

/** Starts what it is told by messages, and ends all of it when asked; `tell` is how its own messages go back. */
export const createStarter = (tell) => {
  const running = new Map()

  const run = ({ id, file, args, cwd, env, stdin }) => {
    const child = spawn(file, args, {
      cwd,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // A group of its own: ending it ends helpers too, and without a controlling terminal none can prompt.
      detached: process.platform !== 'win32',
    })
    const { promise: closed, resolve: close } = Promise.withResolvers()
    running.set(id, { child, closed, isEnding: false })
    child.stdout.on('data', (bytes) => tell({ id, kind: 'stdout', bytes }))
    child.stderr.on('data', (bytes) => tell({ id, kind: 'stderr', bytes }))
    // It may end before it has read all of its input; the exit code tells what that means.
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin)
    child.on('error', ({ message }) => tell({ id, kind: 'failed', message }))
    child.on('close', (code) => {
      running.delete(id)
      close()
      tell({ id, kind: 'closed', code })
    })
  }

  const kill = ({ id, signal }) => {
    const entry = running.get(id)
    const child = entry?.child
    const isOver = child?.exitCode !== null || child.signalCode !== null
    // What it started may be deaf to the first signal, and outlive it.
    if (child?.pid === undefined || (isOver && !entry.isEnding)) return
    entry.isEnding = true
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  }

  const hear = async (message) => {
    const act = async () => (message.kind === 'run' ? run(message) : kill(message))
    await act().catch((error) => {
      // A group that ended between the look and the signal is what was wanted.
      if (message.kind === 'run') tell({ id: message.id, kind: 'failed', message: error.message })
    })
  }
  // Not at once by SIGKILL: git removes its lock files first.
  const endAll = async () => {
    const signalAll = (signal) => Promise.all([...running.keys()].map((id) => hear({ kind: 'kill', id, signal })))
    await signalAll('SIGTERM')
    await Promise.race([Promise.all([...running.values()].map(({ closed }) => closed)), delay(killGraceMs)])
    await signalAll('SIGKILL')
  }
  return { hear, endAll }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const tell = (message) => {
    if (process.connected) process.send(message)
  }
  const { hear, endAll } = createStarter(tell)
  process.on('message', (message) => void hear(message))
  // The app is gone, and nobody waits for what still runs.
  process.on('disconnect', () => void endAll().then(() => process.exit()))
  tell({ kind: 'ready' })
}
