import { statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { ok, refuse, type Result } from '../../shared/lib/result.ts'
import type { TerminalSpec } from '../../shared/pty-protocol/terminals.ts'

/** The file of the program to start, or a reason why it cannot be, in words for people. */
export const findProgram = ({ argv, cwd, env }: TerminalSpec): Result<string, 'cannot-start'> => {
  const [name = ''] = argv
  if (!isFolder(cwd)) return refuse('cannot-start', `The folder ${cwd} is not there.`)
  if (process.platform === 'win32') return ok(name)
  if (name.includes('/')) {
    const file = isAbsolute(name) ? name : join(cwd, name)
    return isExecutable(file) ? ok(file) : refuse('cannot-start', `${file} is not there or not a program.`)
  }
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const file = folders.map((folder) => join(folder, name)).find(isExecutable)
  if (file !== undefined) return ok(file)
  return refuse('cannot-start', `The command ${name} was not found. Install it, or add its folder to PATH.`)
}

const isFolder = (path: string) => statOrNull(path)?.isDirectory() === true

const isExecutable = (path: string) => {
  const stats = statOrNull(path)
  return stats?.isFile() === true && (stats.mode & 0o111) !== 0
}

const statOrNull = (path: string) => {
  try {
    return statSync(path)
  } catch {
    // ENOENT, ENOTDIR, EACCES: for us it is not there.
    return null
  }
}
