import { spawn } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'

/** Editors with a window of their own, by command, each with its way to name a line. Others cannot be started without a terminal. */
const editors: Readonly<Record<string, (path: string, line: number | null) => readonly string[]>> = {
  code: (path, line) => (line === null ? [path] : ['--goto', `${path}:${line}`]),
  'code-insiders': (path, line) => (line === null ? [path] : ['--goto', `${path}:${line}`]),
  codium: (path, line) => (line === null ? [path] : ['--goto', `${path}:${line}`]),
  cursor: (path, line) => (line === null ? [path] : ['--goto', `${path}:${line}`]),
  windsurf: (path, line) => (line === null ? [path] : ['--goto', `${path}:${line}`]),
  zed: (path, line) => [line === null ? path : `${path}:${line}`],
  subl: (path, line) => [line === null ? path : `${path}:${line}`],
  idea: (path, line) => (line === null ? [path] : ['--line', String(line), path]),
  webstorm: (path, line) => (line === null ? [path] : ['--line', String(line), path]),
  gedit: (path, line) => (line === null ? [path] : [`+${line}`, path]),
  kate: (path, line) => (line === null ? [path] : ['--line', String(line), path]),
  gvim: (path, line) => (line === null ? [path] : [`+${line}`, path]),
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The command line that opens a file in the person's editor: VISUAL or EDITOR when it names one with a window, otherwise
 * the first known one on the PATH. Null when there is none. Always a list of arguments, never a line for a shell.
 */
export const editorCommand = (
  path: string,
  line: number | null,
  environment: Environment,
  isExecutable: (file: string) => boolean = canExecute,
): readonly [string, ...string[]] | null => {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const named = [environment['VISUAL'], environment['EDITOR']].map((value) => value?.trim().split(/\s+/)[0] ?? '')
  for (const wanted of [...named, ...Object.keys(editors)]) {
    const argumentsFor = editors[basename(wanted)]
    if (wanted === '' || argumentsFor === undefined) continue
    const found = wanted.includes('/') ? wanted : folders.map((folder) => join(folder, wanted)).find(isExecutable)
    if (found !== undefined && isExecutable(found)) return [found, ...argumentsFor(path, line)]
  }
  return null
}

/** Opens a file in the person's editor; false when none was found or it did not start. */
export const openInEditor = (path: string, line: number | null, environment: Environment): Promise<boolean> =>
  new Promise((resolve) => {
    const command = editorCommand(path, line, environment)
    if (command === null) return resolve(false)
    const [file, ...args] = command
    const child = spawn(file, args, { stdio: 'ignore', detached: true })
    child.once('error', () => resolve(false))
    child.once('spawn', () => resolve(true))
    child.unref()
  })

const canExecute = (file: string): boolean => existsSync(file) && (statSync(file).mode & 0o111) !== 0
