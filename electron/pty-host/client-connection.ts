import { timingSafeEqual } from 'node:crypto'
import type { Socket } from 'node:net'
import {
  createFrameDecoder,
  encodeFrame,
  FramingError,
  type TextCodec,
  type WireFrame,
} from '../../shared/pty-protocol/framing.ts'
import {
  helloSchema,
  protocolRange,
  requestSchema,
  type Command,
  type HostMessage,
  type RefusalCode,
} from '../../shared/pty-protocol/messages.ts'
import type { TerminalFrame } from '../../shared/terminal/frames.ts'

/** Commands are at most a paste or an environment. */
const MAX_COMMAND_BYTES = 8 * 1024 * 1024
const HELLO_TIMEOUT_MS = 5_000
/** A client that reads nothing: credit bounds what viewers get to far less. */
const MAX_UNSENT_BYTES = 128 * 1024 * 1024

export const textCodec: TextCodec = {
  encode: (text) => Buffer.from(text),
  decode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
}

export interface ClientConnection {
  send(message: HostMessage): void
  sendFrame(channel: number, frame: TerminalFrame): void
  /** Says why and closes. */
  refuse(code: RefusalCode, message: string): void
}

export interface ConnectionDeps {
  readonly socket: Socket
  readonly token: string
  readonly welcome: Omit<Extract<HostMessage, { kind: 'welcome' }>, 'kind' | 'protocol'>
  readonly greeted: (connection: ClientConnection) => void
  readonly command: (connection: ClientConnection, request: number, command: Command) => void
  readonly closed: (connection: ClientConnection) => void
}

/** Speaks the protocol with one client: greeting first, then commands. Anything malformed is refused with a code. */
export const serveConnection = (deps: ConnectionDeps): void => {
  const { socket } = deps
  const decoder = createFrameDecoder(textCodec, MAX_COMMAND_BYTES)
  let isGreeted = false

  const write = (frame: WireFrame) => {
    if (!socket.writable) return
    socket.write(encodeFrame(frame, textCodec))
    if (socket.writableLength > MAX_UNSENT_BYTES) socket.destroy()
  }
  const connection: ClientConnection = {
    send: (message) => write({ kind: 'json', text: JSON.stringify(message) }),
    sendFrame(channel, frame) {
      if (frame.kind === 'data' || frame.kind === 'snapshot') write({ ...frame, channel })
      else connection.send({ kind: 'frame', channel, frame })
    },
    refuse(code, message) {
      connection.send({ kind: 'refused', request: null, code, message, protocol: protocolRange })
      socket.end()
    },
  }
  const greet = (message: unknown) => {
    const hello = helloSchema.safeParse(message)
    if (!hello.success) return connection.refuse('bad-message', 'The first message has to be a greeting.')
    if (!isSameSecret(hello.data.token, deps.token)) return connection.refuse('wrong-token', 'The token is wrong.')
    const { min, max } = hello.data.protocol
    const protocol = Math.min(max, protocolRange.max)
    if (protocol < Math.max(min, protocolRange.min)) {
      return connection.refuse(
        'incompatible',
        `This host speaks protocol ${protocolRange.min} to ${protocolRange.max}.`,
      )
    }
    isGreeted = true
    clearTimeout(timeout)
    connection.send({ kind: 'welcome', protocol, ...deps.welcome })
    deps.greeted(connection)
  }
  const receive = (frame: WireFrame) => {
    const message = frame.kind === 'json' ? parseJson(frame.text) : undefined
    if (!isGreeted) return greet(message)
    const request = requestSchema.safeParse(message)
    if (request.success) return deps.command(connection, request.data.request, request.data.command)
    connection.send({
      kind: 'refused',
      request: requestNumber(message),
      code: 'bad-message',
      message: 'The message is not one of the protocol.',
    })
  }

  const timeout = setTimeout(() => connection.refuse('bad-message', 'No greeting came.'), HELLO_TIMEOUT_MS)
  socket.on('data', (chunk) => {
    try {
      for (const frame of decoder.push(chunk)) receive(frame)
    } catch (error) {
      if (!(error instanceof FramingError)) throw error
      connection.refuse('bad-frame', error.message)
    }
  })
  // The close that follows an error is what matters: the client is gone.
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    clearTimeout(timeout)
    deps.closed(connection)
  })
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // SyntaxError: refused like any other message that is not of the protocol.
    return undefined
  }
}

const requestNumber = (message: unknown): number | null => {
  if (typeof message !== 'object' || message === null || !('request' in message)) return null
  return Number.isSafeInteger(message.request) ? Number(message.request) : null
}

const isSameSecret = (given: string, own: string) => {
  const a = Buffer.from(given)
  const b = Buffer.from(own)
  return a.length === b.length && timingSafeEqual(a, b)
}
