import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import type { ProcessIdentity } from '../../shared/pty-protocol/terminals.ts'

export interface ProcessRow extends ProcessIdentity {
  readonly parentPid: number
  readonly groupPid: number
  readonly sessionPid: number
  readonly command: string
}

/** Every process that is not yet dead. A zombie is: it only waits to be counted by its parent. */
export const readProcesses = async (): Promise<readonly ProcessRow[]> => {
  if (process.platform === 'linux') return readProcFolder()
  return process.platform === 'win32' ? [] : readPs()
}

/** When the process started, in a form only fit to be compared; null when it is gone or the system does not tell. */
export const readStartTime = async (pid: number): Promise<string | null> => {
  if (process.platform === 'linux') return readProcRow(pid)?.startTime ?? null
  return (await readProcesses()).find((row) => row.pid === pid)?.startTime ?? null
}

export const readBootId = (): string | null => {
  if (process.platform !== 'linux') return null
  return readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? null
}

/** The value of a variable in the environment a process was started with; null when it has none or may not be read. */
export const readEnvironmentValue = (pid: number, name: string): string | null => {
  if (process.platform !== 'linux') return null
  const prefix = `${name}=`
  const entry = readOrNull(`/proc/${pid}/environ`)
    ?.split('\0')
    .find((line) => line.startsWith(prefix))
  return entry === undefined ? null : entry.slice(prefix.length)
}

const readProcFolder = (): ProcessRow[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcRow(Number(name)))
    .filter((row) => row !== null)

const readProcRow = (pid: number): ProcessRow | null => {
  const stat = readOrNull(`/proc/${pid}/stat`)
  if (stat === null) return null
  // The name in brackets may hold anything, brackets too.
  const nameEnd = stat.lastIndexOf(')')
  const [state, parentPid, groupPid, sessionPid, ...rest] = stat.slice(nameEnd + 2).split(' ')
  const startTime = rest[15]
  if (state === 'Z' || state === 'X' || startTime === undefined) return null
  const command = stat.slice(stat.indexOf('(') + 1, nameEnd)
  return {
    pid,
    startTime,
    parentPid: Number(parentPid),
    groupPid: Number(groupPid),
    sessionPid: Number(sessionPid),
    command,
  }
}

const readOrNull = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // ENOENT and ESRCH: the process ended meanwhile. EACCES: it belongs to another user.
    return null
  }
}

const readPs = async (): Promise<ProcessRow[]> => {
  const columns = 'pid=,ppid=,pgid=,sess=,state=,lstart=,comm='
  const { stdout } = await promisify(execFile)('/bin/ps', ['-axo', columns], {
    env: { LC_ALL: 'C' },
    maxBuffer: 1 << 24,
  })
  const pattern = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\w+ \w+ +\d+ [\d:]+ \d+)\s+(.*)$/
  return stdout
    .split('\n')
    .map((line) => pattern.exec(line))
    .filter((match) => match !== null && !match[5]?.startsWith('Z'))
    .map((match) => ({
      pid: Number(match?.[1]),
      parentPid: Number(match?.[2]),
      groupPid: Number(match?.[3]),
      // macOS prints no usable session; the group of the leader serves instead.
      sessionPid: Number(match?.[3]),
      startTime: match?.[6] ?? null,
      command: match?.[7] ?? '',
    }))
}
