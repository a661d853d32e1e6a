import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionsDeps } from './session-parts.ts'

type Parts = Pick<SessionsDeps, 'sessionsFolder'>

/** Where the scripts of agents find the address of the gateway: agents outlive the app, and it may get another port. */
export const gatewayFileOf = ({ sessionsFolder }: Parts): string => join(sessionsFolder, 'gateway')

export const writeGatewayFile = async (parts: Parts, url: string): Promise<void> => {
  await mkdir(parts.sessionsFolder, { recursive: true, mode: 0o700 })
  const path = gatewayFileOf(parts)
  await writeFile(`${path}.new`, url, { mode: 0o600 })
  await rename(`${path}.new`, path)
}
