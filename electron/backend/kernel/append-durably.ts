import { open } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Appends lines to a private file and waits until they are on the disk. A line that a crash cut short in an earlier call
 * stays as it is; what is appended begins on a line of its own.
 */
export const appendDurably = async (path: string, lines: readonly string[]): Promise<void> => {
  await using file = await open(path, 'a+', 0o600)
  const { size } = await file.stat()
  const last = size > 0 ? (await file.read({ buffer: Buffer.alloc(1), position: size - 1 })).buffer[0] : newline
  const start = last === newline ? '' : '\n'
  await file.appendFile(`${start}${lines.map((line) => `${line}\n`).join('')}`)
  await file.sync()
  if (size === 0) await syncFolder(dirname(path))
}

const newline = 10

/** A new file survives a power cut once its name is on the disk as well. */
const syncFolder = async (path: string) => {
  // Windows opens no folders, and keeps names in its own journal.
  if (process.platform === 'win32') return
  await using folder = await open(path, 'r')
  await folder.sync()
}
