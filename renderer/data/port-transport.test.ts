import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { createORPCClient } from '@orpc/client'
import { afterEach, describe, expect, it } from 'vitest'
import { hostContract } from '../../shared/contract/host.ts'
import type { ApiClient } from '../../shared/contract/api.ts'
import { hostRow } from '../dev/fixtures.ts'
import { createPortTransport, portGiven, portWanted } from './port-transport.ts'

const ports: MessagePort[] = []
afterEach(() => {
  for (const port of ports.splice(0)) port.close()
})

/** A page of which only the messages matter: posting one delivers it to its listeners, as a window does. */
const createPage = () => {
  const target = new EventTarget()
  const deliver = (data: unknown, given: readonly MessagePort[] = [], source: unknown = target) => {
    const event = new Event('message')
    Object.assign(event, { data, ports: given, source })
    target.dispatchEvent(event)
  }
  const page = Object.assign(target, {
    location: { origin: 'app://switchyard' },
    postMessage: (data: unknown) => deliver(data),
  })
  return { page: page as unknown as Window, deliver }
}

const servedPort = () => {
  const { port1, port2 } = new MessageChannel()
  ports.push(port1, port2)
  const info = implement(hostContract).info.handler(() => hostRow)
  new RPCHandler({ host: { info } }).upgrade(port1)
  port1.start()
  return port2
}

describe('the port transport', () => {
  it('asks for a port, takes the one it is given, and speaks the contract through it', async () => {
    const { page, deliver } = createPage()
    // The preload: answers the question with a port.
    page.addEventListener('message', (event) => {
      if (event.data === portWanted) deliver(portGiven, [servedPort()], page)
    })
    const opened = await createPortTransport(page)(new AbortController().signal)
    if (opened.kind !== 'open') throw new Error('It did not open.')
    const api = createORPCClient<ApiClient>(opened.transport.link)
    expect((await api.host.info()).version).toBe(hostRow.version)
    opened.transport.close()
  })

  it('does not take a port from another window, under another name, or without one', async () => {
    const { page, deliver } = createPage()
    const stop = new AbortController()
    const opening = createPortTransport(page)(stop.signal)
    deliver(portGiven, [servedPort()], {})
    deliver('something-else', [servedPort()], page)
    deliver(portGiven, [], page)
    stop.abort()
    expect((await opening).kind).toBe('away')
  })
})
