import { readFileSync } from 'node:fs'
import type { Door } from './call-verb.ts'
import type { CliWorld } from './cli-world.ts'
import { createSpool, spoolFolderOf, type Spool } from './spool.ts'

/** How a session's own environment leads to the app. */
export interface Entry {
  readonly door: Door
  readonly spool: Spool
}

/** Null outside of a session. */
export const findEntry = ({ environment, now }: Pick<CliWorld, 'environment' | 'now'>): Entry | null => {
  const { SWITCHYARD_GATEWAY_FILE: file, SWITCHYARD_TOKEN: token, SWITCHYARD_SESSION: session } = environment
  if (!file || !token || !session) return null
  return {
    door: { findUrl: () => readUrl(file), token },
    spool: createSpool(spoolFolderOf(file, session), now),
  }
}

export const notInSession = {
  code: 'UNAVAILABLE',
  message: 'This is no terminal of a Switchyard session. Run it in one: its environment says who you are.',
} as const

const readUrl = (file: string): string | null => {
  // Expects ENOENT: the app has not run yet, or its data folder was removed.
  try {
    const url = readFileSync(file, 'utf8').trim()
    return /^http:\/\/127\.0\.0\.1:\d{1,5}$/.test(url) ? url : null
  } catch {
    return null
  }
}
