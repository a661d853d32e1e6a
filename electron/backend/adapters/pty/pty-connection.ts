import { connect, type Socket } from 'node:net'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import {
  createFrameDecoder,
  encodeFrame,
  FramingError,
  type WireFrame,
} from '../../../../shared/pty-protocol/framing.ts'
import {
  hostMessageSchema,
  protocolRange,
  type Command,
  type HostEvent,
  type HostMessage,
} from '../../../../shared/pty-protocol/messages.ts'
import type { TerminalFrame } from '../../../../shared/terminal/frames.ts'
import { PtyHostError, PtyRefusedError } from './pty-errors.ts'

export interface PtyConnection {
  readonly hostPid: number
  readonly bootId: string | null
  /** Sends a command; commands arrive in the order in which they were sent. Rejects with PtyRefusedError. */
  request(command: Command): Promise<unknown>
  /** Frames of a channel go to the receiver until it is taken away. */
  receive(channel: number, receiver: ((frame: TerminalFrame) => void) | null): void
  /** Called once when the connection ends. Answers how to stop listening. */
  onGone(listener: () => void): () => void
  close(): void
}

export interface ConnectionListeners {
  readonly onEvent: (event: HostEvent) => void
  /** Called once, after the last frame, when the host had welcomed us. The error says why, when the host told. */
  readonly onClosed: (reason: PtyHostError | null) => void
}

const codec = {
  encode: (text: string) => Buffer.from(text, 'utf8'),
  decode: (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'),
}

/** A host on this machine answers within milliseconds; one that does not is hung or no host of ours. */
const helloMs = 5000

/** Connects and shakes hands. Rejects with the socket's own error when nobody listens. */
export const connectToHost = (
  socketPath: string,
  token: string,
  listeners: ConnectionListeners,
): Promise<PtyConnection> =>
  new Promise((resolve, reject) => {
    const socket = connect(socketPath)
    const timer = setTimeout(() => socket.destroy(new PtyHostError('hung', 'The PTY host does not answer.')), helloMs)
    socket.once('error', reject)
    let isWelcome = false
    let reason: PtyHostError | null = null
    const peer = createPeer(socket, listeners, {
      onWelcome: (welcome) => {
        clearTimeout(timer)
        isWelcome = true
        socket.off('error', reject)
        resolve({ ...peer, hostPid: welcome.hostPid, bootId: welcome.bootId })
      },
      onRefused: (error) => {
        clearTimeout(timer)
        reason = error
        socket.destroy()
        reject(error)
      },
    })
    socket.once('connect', () => peer.send({ kind: 'hello', protocol: protocolRange, token }))
    socket.once('close', () => {
      clearTimeout(timer)
      reject(new PtyHostError('hung', 'The PTY host closed the connection.'))
      if (isWelcome) listeners.onClosed(reason)
    })
  })

interface Greeting {
  onWelcome(welcome: Extract<HostMessage, { kind: 'welcome' }>): void
  onRefused(error: PtyHostError): void
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

const createPeer = (socket: Socket, listeners: ConnectionListeners, greeting: Greeting) => {
  const waiting = new Map<number, Waiting>()
  const receivers = new Map<number, (frame: TerminalFrame) => void>()
  const goneListeners = new Set<() => void>()
  let lastRequest = 0

  const send = (message: unknown) =>
    void socket.write(encodeFrame({ kind: 'json', text: JSON.stringify(message) }, codec))

  const request = (command: Command) =>
    new Promise<unknown>((resolve, reject) => {
      if (socket.destroyed) {
        reject(new PtyHostError('gone', 'The PTY host is gone.'))
        return
      }
      lastRequest += 1
      waiting.set(lastRequest, { resolve, reject })
      send({ request: lastRequest, command })
    })

  readFrames(socket, (frame) => {
    if (frame.kind === 'json') {
      takeMessage(hostMessageSchema.parse(JSON.parse(frame.text)), { waiting, receivers, listeners, greeting })
      return
    }
    const { channel, ...rest } = frame
    receivers.get(channel)?.(rest)
  })
  socket.on('error', () => undefined)
  socket.once('close', () => {
    for (const { reject } of waiting.values()) reject(new PtyHostError('gone', 'The PTY host is gone.'))
    waiting.clear()
    receivers.clear()
    for (const listener of goneListeners) listener()
  })

  return {
    send,
    request,
    receive: (channel: number, receiver: ((frame: TerminalFrame) => void) | null) => {
      if (receiver) receivers.set(channel, receiver)
      else receivers.delete(channel)
    },
    onGone: (listener: () => void) => {
      goneListeners.add(listener)
      return () => void goneListeners.delete(listener)
    },
    close: () => void socket.end(),
  }
}

const readFrames = (socket: Socket, take: (frame: WireFrame) => void) => {
  const decoder = createFrameDecoder(codec)
  socket.on('data', (chunk: Buffer) => {
    // Expects frames and messages that are no frames and messages of ours: then nothing further can be trusted.
    try {
      for (const frame of decoder.push(chunk)) take(frame)
    } catch (error) {
      socket.destroy(error instanceof FramingError ? error : new PtyHostError('bad-message', String(error)))
    }
  })
}

const takeMessage = (
  message: HostMessage,
  peer: {
    readonly waiting: Map<number, Waiting>
    readonly receivers: ReadonlyMap<number, (frame: TerminalFrame) => void>
    readonly listeners: ConnectionListeners
    readonly greeting: Greeting
  },
) => {
  switch (message.kind) {
    case 'welcome':
      peer.greeting.onWelcome(message)
      return
    case 'event':
      peer.listeners.onEvent(message.event)
      return
    case 'frame':
      peer.receivers.get(message.channel)?.(message.frame)
      return
    case 'reply':
      peer.waiting.get(message.request)?.resolve(message.value)
      peer.waiting.delete(message.request)
      return
    case 'refused':
      if (message.request === null) {
        peer.greeting.onRefused(new PtyHostError(message.code, message.message))
        return
      }
      peer.waiting.get(message.request)?.reject(new PtyRefusedError(message.code, message.message))
      peer.waiting.delete(message.request)
      return
    default:
      unreachable(message)
  }
}
