import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** Where a command may lie, in the order of the person's PATH. */
export const candidatesOnPath = (command: string, { PATH }: Environment): readonly string[] => {
  const folders = (PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : ['']
  return folders.flatMap((folder) => endings.map((ending) => join(folder, `${command}${ending}`)))
}

/** The program that a command of the person's shell would start; null when there is none. */
export const findExecutable = async (command: string, person: Environment): Promise<string | null> => {
  // A folder of PATH that depends on where one is could be a repository's.
  for (const candidate of candidatesOnPath(command, person).filter((path) => isAbsolute(path)))
    if (await isExecutable(candidate)) return candidate
  return null
}

export const isExecutable = async (path: string): Promise<boolean> => {
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
  return (
    isFile &&
    (await access(path, constants.X_OK).then(
      () => true,
      () => false,
    ))
  )
}
