import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import {
  commandTokenName,
  folderHeader,
  gatewayFileParts,
  processHeader,
} from '../../shared/agent-verbs/command-door.ts'
import type { Door } from './call-verb.ts'
import type { CliWorld } from './cli-world.ts'
import { createSpool, spoolFolderOf, type Spool } from './spool.ts'

/** Who a command speaks for: the session in whose terminal it runs, or the person in a folder of a project. */
export type Who =
  | { readonly kind: 'session'; readonly token: string }
  | { readonly kind: 'person'; readonly folder: string; readonly pid: number }

/** Where a command is heard: by the app while it runs, else by the library in its data folder. */
export interface Entry {
  readonly who: Who
  readonly door: Door
  /** Of a session: notes that wait for the app. */
  readonly spool: Spool | null
  /** Null where there is no database to work on. */
  readonly dataDir: string | null
}

/** As the environment of a session's terminal tells it; null outside of one. */
export const findSessionEntry = ({ environment, now }: Pick<CliWorld, 'environment' | 'now'>): Entry | null => {
  const { SWITCHYARD_GATEWAY_FILE: file, SWITCHYARD_TOKEN: token, SWITCHYARD_SESSION: session } = environment
  if (!file || !token || !session) return null
  return {
    who: { kind: 'session', token },
    door: { findUrl: () => readUrl(file), findToken: () => token, headers: {} },
    spool: createSpool(spoolFolderOf(file, session), now),
    dataDir: basename(dirname(file)) === gatewayFileParts[0] ? withDatabase(dirname(dirname(file))) : null,
  }
}

/** The person's own: by the file that only they can read. Null where Switchyard never ran. */
export const findPersonEntry = (
  world: Pick<CliWorld, 'environment' | 'home'>,
  caller: { readonly folder: string; readonly pid: number },
): Entry | null => {
  const dataDir = withDatabase(dataDirOf(world))
  if (dataDir === null) return null
  return {
    who: { kind: 'person', ...caller },
    door: {
      findUrl: () => readUrl(join(dataDir, ...gatewayFileParts)),
      findToken: () => readText(join(dataDir, commandTokenName)),
      headers: {
        [folderHeader]: Buffer.from(caller.folder).toString('base64url'),
        [processHeader]: String(caller.pid),
      },
    },
    spool: null,
    dataDir,
  }
}

export const nothingThere = (world: Pick<CliWorld, 'environment' | 'home'>) =>
  ({
    code: 'NOT_FOUND',
    message: `There is nothing of Switchyard in ${dataDirOf(world)}. Open a repository in it first, or name its data folder in SWITCHYARD_DATA.`,
  }) as const

/** Changes when an app begins to listen. */
export const gatewayFileOf = (dataDir: string): string => join(dataDir, ...gatewayFileParts)

const dataDirOf = ({ environment, home }: Pick<CliWorld, 'environment' | 'home'>): string =>
  resolve(environment['SWITCHYARD_DATA'] ?? join(home, '.switchyard'))

const withDatabase = (dataDir: string): string | null => (existsSync(join(dataDir, 'switchyard.db')) ? dataDir : null)

const readUrl = (file: string): string | null => {
  const url = readText(file) ?? ''
  return /^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(url) ? url : null
}

const readText = (file: string): string | null => {
  // Expects ENOENT: the app has not run yet, or its data folder was removed.
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return null
  }
}
