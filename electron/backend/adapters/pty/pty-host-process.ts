import { spawn } from 'node:child_process'
import { mkdirSync, openSync, closeSync } from 'node:fs'
import { dirname } from 'node:path'
import { ptyHostFiles } from './pty-host-files.ts'

export interface PtyHostLaunch {
  readonly dataDir: string
  /** The script to run. */
  readonly entry: string
  /** The Node (or Electron as Node) that runs it. */
  readonly execPath: string
  readonly execArgv: readonly string[]
  /** Set beside the little it inherits; ELECTRON_RUN_AS_NODE for the desktop. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Starts the PTY host as a process of its own: in its own session, so that neither a signal to the app's group nor the
 * app's end reaches it. Two that start at once are settled by the host's lock: the second ends at once.
 */
export const launchPtyHost = (launch: PtyHostLaunch): void => {
  const { log } = ptyHostFiles(launch.dataDir)
  mkdirSync(dirname(log), { recursive: true, mode: 0o700 })
  const output = openSync(log, 'a', 0o600)
  const child = spawn(launch.execPath, [...launch.execArgv, launch.entry, '--data', launch.dataDir], {
    detached: true,
    stdio: ['ignore', output, output],
    // The host needs nothing of the app's environment: every terminal is started with a whole one of its own.
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...pickPlatform(), ...launch.environment },
    cwd: launch.dataDir,
  })
  child.unref()
  closeSync(output)
}

/**
 * Windows finds its system libraries by these; the temporary and run-time folders hold the socket when its path is long; and
 * Node keeps compiled modules where it is told to.
 */
const pickPlatform = (): Record<string, string> =>
  Object.fromEntries(
    [
      'SystemRoot',
      'windir',
      'TEMP',
      'TMP',
      'TMPDIR',
      'XDG_RUNTIME_DIR',
      'APPDATA',
      'LOCALAPPDATA',
      'NODE_COMPILE_CACHE',
    ]
      .map((name) => [name, process.env[name]])
      .filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
