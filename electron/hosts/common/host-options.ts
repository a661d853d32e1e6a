import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

export interface HostOptions {
  readonly dataDir: string
  /** A repository to open at once. */
  readonly projectDir: string | null
  /** The web host's port; 0 is any free one, null the usual one or any when that is taken. */
  readonly port: number | null
  readonly opensBrowser: boolean
}

/**
 * Reads a host's own command line. `npm start` has already refused wrong flags with a friendly message; a mistake here is
 * that of a program, and throws.
 */
export const parseHostOptions = (args: readonly string[], home: string = homedir()): HostOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      project: { type: 'string' },
      port: { type: 'string' },
      'no-open': { type: 'boolean', default: false },
    },
  })
  const port = values.port === undefined ? null : Number(values.port)
  if (port !== null && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new Error(`--port needs a number from 0 to 65535, not ${JSON.stringify(values.port)}.`)
  }
  return {
    dataDir: resolve(values.data ?? join(home, '.switchyard')),
    projectDir: values.project === undefined ? null : resolve(values.project),
    port,
    opensBrowser: !values['no-open'],
  }
}
