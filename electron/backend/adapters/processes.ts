import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { uptime } from 'node:os'

/**
 * A process is known by its pid together with its start: pids are given again. The start is text of the system's own
 * making, only ever compared for equality. Null when there is no such process, or it cannot be asked.
 */
export const readProcessStart = async (pid: number): Promise<string | null> => {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
    // The second field is the name in brackets, which may hold anything; the start is the 22nd field. A zombie is dead.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields && fields[0] !== 'Z' ? (fields[19] ?? null) : null
  }
  if (process.platform === 'win32') return isProcessAlive(pid) ? '' : null
  const started = (await run('ps', ['-o', 'lstart=', '-p', String(pid)])).trim()
  return started === '' ? null : started
}

/** True while a process with this pid exists, whoever owns it. */
export const isProcessAlive = (pid: number): boolean => {
  // Expects ESRCH (no such process) and EPERM (another user's, so it lives).
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** True when this very process lives: same pid, same start. */
export const isSameProcess = async (known: {
  readonly pid: number
  readonly start: string | null
}): Promise<boolean> => {
  const start = await readProcessStart(known.pid)
  return start !== null && (known.start === null || known.start === start)
}

/** Text that differs from one start of the computer to the next. */
export const readBootId = async (): Promise<string> => {
  if (process.platform === 'linux') {
    const id = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
    if (id !== '') return id.trim()
  }
  if (process.platform === 'darwin') {
    const answer = /sec = (\d+)/.exec(await run('sysctl', ['-n', 'kern.boottime']))?.[1]
    if (answer) return `boot-${answer}`
  }
  // Elsewhere the moment of the start, to the minute: clocks are corrected by seconds.
  return `boot-${Math.round((Date.now() / 1000 - uptime()) / 60)}`
}

/** True when the process was started with this variable set to this value. Only Linux tells; elsewhere always true. */
export const hasEnvironmentMark = async (pid: number, name: string, value: string): Promise<boolean> => {
  if (process.platform !== 'linux') return true
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
  return environment.split('\0').includes(`${name}=${value}`)
}

/**
 * The pid of a process of a session that was written down at its start, if that very process still lives: since the same
 * start of the computer, started at the same moment, and marked as the session's own.
 */
export const findSessionProcess = async (
  known: {
    readonly sessionId: string
    readonly pid: number | null
    readonly processStart: string | null
    readonly bootId: string | null
  } | null,
  bootId: string,
): Promise<number | null> => {
  if (!known || known.pid === null || (known.bootId !== null && known.bootId !== bootId)) return null
  const isIt =
    (await isSameProcess({ pid: known.pid, start: known.processStart })) &&
    (await hasEnvironmentMark(known.pid, 'SWITCHYARD_SESSION', known.sessionId))
  return isIt ? known.pid : null
}

const run = (command: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile(
      command,
      args,
      { timeout: 5000, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' } },
      (error, stdout) => resolve(error ? '' : stdout),
    )
  })
