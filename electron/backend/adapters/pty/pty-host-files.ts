import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hostAddressSchema, hostFiles, type HostAddress } from '../../../../shared/pty-protocol/host-files.ts'
import { savedScreenSchema, type SavedScreen } from '../../../../shared/pty-protocol/terminals.ts'

/** What the PTY host and its client leave for each other in the data folder. */
export const ptyHostFiles = (dataDir: string) => ({
  address: join(dataDir, hostFiles.address),
  token: join(dataDir, hostFiles.token),
  log: join(dataDir, 'logs', 'pty-host.log'),
  screen: (terminalId: string) => join(dataDir, hostFiles.screens, `${terminalId}.json`),
})

/** Where the host listens, or null when none ever did here. */
export const readAddress = async (dataDir: string): Promise<HostAddress | null> => {
  const text = await readText(ptyHostFiles(dataDir).address)
  const parsed = text === null ? null : hostAddressSchema.safeParse(parseJson(text))
  return parsed?.success ? parsed.data : null
}

/** The token of this data folder: 256 bits, in a file only its owner can read. */
export const readOrMakeToken = async (dataDir: string): Promise<string> => {
  const path = ptyHostFiles(dataDir).token
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  // A link appears with its whole content or not at all: of two makers one wins, and nobody reads half a token.
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600 })
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(draft, { force: true })
  return (await readFile(path, 'utf8')).trim()
}

/** The last saved screen of a terminal whose host is gone; null when there is none. */
export const readSavedScreen = async (dataDir: string, terminalId: string): Promise<SavedScreen | null> => {
  const text = await readText(ptyHostFiles(dataDir).screen(terminalId))
  const parsed = text === null ? null : savedScreenSchema.safeParse(parseJson(text))
  return parsed?.success ? parsed.data : null
}

/** The end of the host's own log, for telling why it did not start. */
export const readLogTail = async (dataDir: string): Promise<string> =>
  ((await readText(ptyHostFiles(dataDir).log)) ?? '').trim().split('\n').slice(-5).join('\n')

const readText = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null)

const parseJson = (text: string): unknown => {
  // A file that was cut by a power loss is as good as none.
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
