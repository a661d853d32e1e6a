import { z } from 'zod'

/** Where a host and its clients meet in the data folder. */
export const hostFiles = {
  /** Whose host it is and where it listens; there while it runs. It is the lock of the folder too. */
  address: 'pty-host.json',
  /** The secret that proves a client; made by whoever needs it first. */
  token: 'pty-host.token',
  socket: 'pty-host.sock',
  /** The folder of saved screens, one file for each terminal. */
  screens: 'terminals',
} as const

/** Unix sockets may have paths of 107 bytes (103 on macOS). */
export const MAX_SOCKET_PATH_BYTES = 100

export const hostAddressSchema = z.object({
  pid: z.number().int().positive(),
  /** Tells the host from another process that got its number later. */
  startTime: z.string().nullable(),
  socketPath: z.string(),
})
export type HostAddress = z.infer<typeof hostAddressSchema>
