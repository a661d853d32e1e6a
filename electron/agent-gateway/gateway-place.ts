import { chmodSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PortKeeper } from './port-keeper.ts'

/** One port that agents are told, and the servers behind it. */
export interface Place {
  port(): number
  isHeld(): boolean
  /** Has it kept, or listens there itself where nobody can keep it. False while another program has it. */
  hold(): Promise<boolean>
  /** What was kept is kept no longer, or has to be told anew. */
  drop(): void
  close(): Promise<void>
}

export interface PlaceDeps {
  /** 0 is any that is free. */
  readonly wanted: number
  readonly newServer: (port: () => number) => Server
  readonly keeper: Pick<PortKeeper, 'keep' | 'newSocketPath'> & { isAble(): boolean }
}

export const createPlace = ({ wanted, newServer, keeper }: PlaceDeps): Place => {
  let port = wanted
  let isKept = false
  let own: Server | null = null
  let behind: { readonly server: Server; readonly path: string } | null = null
  const retired: Server[] = []
  const portNow = () => port

  const keep = async () => {
    if (!keeper.isAble()) return 'unable'
    behind ??= await listenPrivately(newServer(portNow), keeper.newSocketPath())
    const kept = await keeper.keep(port, behind.path)
    if (kept.kind === 'kept') {
      port = kept.port
      isKept = true
    }
    return kept.kind
  }
  return {
    port: portNow,
    isHeld: () => isKept || own !== null,
    hold: async () => {
      if (isKept) return true
      let outcome = await keep()
      if (outcome === 'taken' && own) {
        // By ourselves: a keeper came back. Requests under way are still answered.
        own.close()
        retired.push(own)
        own = null
        outcome = await keep()
      }
      if (outcome !== 'unable') return isKept
      own ??= await listenOpenly(newServer(portNow), port)
      if (own) port = (own.address() as AddressInfo).port
      return own !== null
    },
    drop: () => void (isKept = false),
    close: async () => {
      for (const server of retired) server.closeAllConnections()
      await Promise.all([own, behind?.server ?? null].map(closeServer))
    },
  }
}

/** Ends every open request and stops listening. */
const closeServer = (server: Server | null): Promise<void> =>
  new Promise((resolve) => {
    if (!server?.listening) return resolve()
    server.close(() => resolve())
    server.closeAllConnections()
  })

const listenPrivately = async (server: Server, path: string) => {
  // Left by an app that was killed; the owner of the data folder is the only one to listen in it.
  if (process.platform !== 'win32') rmSync(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
  if (process.platform !== 'win32') chmodSync(path, 0o600)
  return { server, path }
}

/** Null when the port is taken. */
const listenOpenly = (server: Server, port: number): Promise<Server | null> =>
  new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(null) : reject(error)
    server.once('error', onError)
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.off('error', onError)
      resolve(server)
    })
  })
