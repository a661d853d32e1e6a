import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Makes a folder that only its owner may enter, and closes one that others could enter. */
export const ensurePrivateFolder = (path: string): void => {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  // An existing folder keeps its mode, and the umask may have narrowed a new one.
  chmodSync(path, 0o700)
}

/** Writes a file that only its owner may read, whole or not at all. Its folder must be private already. */
export const writePrivateFile = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${process.pid}.tmp`
  writeFileSync(draft, text, { mode: 0o600 })
  renameSync(draft, path)
}

/** The text of a file, or undefined when there is none that can be read. */
export const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // ENOENT on the first start; EACCES counts the same, because what cannot be read is written anew.
    return undefined
  }
}
