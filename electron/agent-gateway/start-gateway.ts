import { setTimeout as delay } from 'node:timers/promises'
import { createPlace, type Place } from './gateway-place.ts'
import { createGatewayServers, type AnswerDeps } from './gateway-server.ts'
import type { Kept, PortKeeper } from './port-keeper.ts'

/** What the gateway needs of the backend. */
export interface GatewayDeps<Speaker> extends AnswerDeps<Speaker> {
  /**
   * Those that agents which outlived the app were told. Claude Code reads neither its settings nor its MCP servers again, so
   * all of these are listened on, as soon as they are free.
   */
  readonly knownPorts: readonly number[]
  /** Tried in this order where no known one is free. */
  readonly freshPorts: readonly number[]
  /** Null where the gateway listens on its ports itself, as long as it runs. */
  readonly keeper: PortKeeper | null
  /** Where agents that start from now on are to ask; null while that is not known. */
  readonly moved: (place: { readonly port: number; readonly url: string } | null) => Promise<void>
}

export interface Gateway {
  readonly port: number
  readonly url: string
  /** Ends every open request and stops listening. */
  close(): Promise<void>
}

/** A port that somebody else has is tried again this often. */
const tryAgainMs = 2000

/** A keeper is started within less; one that hangs must not keep the app from its end. */
const mostKeepMs = 20_000

/** Listens on loopback for what agents have to say. Resolves once they can be told where. */
export const startGateway = async <Speaker>(deps: GatewayDeps<Speaker>): Promise<Gateway> => {
  const newServer = createGatewayServers(deps)
  const keeper = createPatientKeeper(deps)
  const newPlace = (wanted: number) => createPlace({ wanted, newServer, keeper })
  const places = deps.knownPorts.map(newPlace)
  let current: Place | null = null

  const settle = async () => {
    const held: Place[] = []
    for (const place of places) if (await place.hold()) held.push(place)
    if (current && held.includes(current)) return current
    current = held[0] ?? (await holdFirst([...deps.freshPorts, 0].map((port) => () => newPlace(port))))
    if (!places.includes(current)) places.push(current)
    await deps.moved({ port: current.port(), url: urlOf(current) })
    return current
  }

  const turns = createTurns((error) => deps.log.warn({ err: error }, 'a port of the gateway could not be listened on'))
  const stopListening = keeper.onChange((change) => {
    for (const place of places) place.drop()
    turns.addLater(async () => {
      if (change === 'lost' && !current?.isHeld()) {
        // Until it is ours again, anybody may take it: nobody new is told of it.
        current = null
        await deps.moved(null)
      }
      await settle()
    })
  })
  const timer = setInterval(() => {
    if (places.some((place) => !place.isHeld())) turns.addLater(settle)
  }, tryAgainMs)
  const close = async () => {
    clearInterval(timer)
    stopListening()
    await turns.end()
    await Promise.all(places.map((place) => place.close()))
  }

  const first = await turns.add(settle).catch(async (error: unknown) => {
    await close()
    throw error
  })
  const placeNow = () => current ?? first
  return {
    get port() {
      return placeNow().port()
    },
    get url() {
      return urlOf(placeNow())
    },
    close,
  }
}

const urlOf = (place: Place) => `http://127.0.0.1:${place.port()}`

/** The first place that can be held. */
const holdFirst = async (candidates: readonly (() => Place)[]): Promise<Place> => {
  for (const open of candidates) {
    const place = open()
    if (await place.hold()) return place
    await place.close()
  }
  throw new Error('No port on 127.0.0.1 is free.')
}

interface PatientKeeper extends PortKeeper {
  isAble(): boolean
}

/** A keeper that could not be reached is asked again only once it is there: to ask is to start it. */
const createPatientKeeper = ({ keeper, log }: Pick<GatewayDeps<unknown>, 'keeper' | 'log'>): PatientKeeper => {
  let isUnable = false
  const unable: Kept = { kind: 'unable' }
  return {
    newSocketPath: () => keeper?.newSocketPath() ?? '',
    isAble: () => keeper !== null && !isUnable,
    keep: async (port, passTo) => {
      if (!keeper) return { kind: 'unable' }
      const late = delay(mostKeepMs, undefined, { ref: false }).then(() => Promise.reject(new Error('No answer.')))
      const kept = await Promise.race([keeper.keep(port, passTo), late]).catch((error: unknown) => ({
        ...unable,
        error,
      }))
      isUnable = kept.kind === 'unable'
      if (isUnable)
        log.warn({ err: 'error' in kept ? kept.error : null }, 'nobody keeps the ports while the app is away')
      return kept
    },
    onChange: (listener) =>
      keeper?.onChange((change) => {
        isUnable = false
        listener(change)
      }) ?? (() => undefined),
  }
}

/** One thing after the other; what fails is told, and does not keep the next from its turn. */
const createTurns = (tell: (error: unknown) => void) => {
  let last: Promise<unknown> = Promise.resolve()
  let hasEnded = false
  const add = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const turn = last.then(work)
    last = turn.catch(tell)
    return turn
  }
  return {
    add,
    addLater: (work: () => Promise<unknown>) => void add(async () => hasEnded || work()).catch(() => undefined),
    end: async () => {
      hasEnded = true
      await last
    },
  }
}
