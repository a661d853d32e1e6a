import { connect, type Socket } from 'node:net'

export interface CallerAnswer {
  readonly status: number
  readonly text: string
}

export interface Caller {
  /** Posts JSON and waits for the answer; one call at a time. */
  post(path: string, body: string): Promise<CallerAnswer>
  close(): void
}

/**
 * A client on one connection that is kept, with less of its own than any HTTP library has: what is measured through it is
 * the server. It knows answers with a length only, and connects again when the server closed after one.
 */
export const createCaller = (port: number, headers: Readonly<Record<string, string>> = {}): Caller => {
  const fixed = Object.entries({ host: `127.0.0.1:${port}`, 'content-type': 'application/json', ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  let socket: Socket | null = null
  let received = Buffer.alloc(0)
  let waiting: { resolve(answer: CallerAnswer): void; reject(error: Error): void } | null = null

  const settle = (answer: CallerAnswer | Error) => {
    const asked = waiting
    waiting = null
    if (answer instanceof Error) asked?.reject(answer)
    else asked?.resolve(answer)
  }
  const open = (): Socket => {
    received = Buffer.alloc(0)
    const opened = connect({ port, host: '127.0.0.1', noDelay: true })
    opened.on('data', (bytes) => {
      received = received.length === 0 ? bytes : Buffer.concat([received, bytes])
      const parsed = parseAnswer(received)
      if (!parsed) return
      received = Buffer.alloc(0)
      if (parsed.isLast) drop(opened)
      settle(parsed)
    })
    opened.on('error', settle)
    opened.on('close', () => {
      if (socket === opened || socket === null) settle(new Error('The server closed the connection without an answer.'))
      if (socket === opened) socket = null
    })
    return opened
  }
  const drop = (old: Socket) => {
    if (socket === old) socket = null
    old.removeAllListeners('close')
    old.destroy()
  }

  return {
    post: (path, body) =>
      new Promise((resolve, reject) => {
        if (waiting) return reject(new Error('One call at a time.'))
        waiting = { resolve, reject }
        socket ??= open()
        socket.write(`POST ${path} HTTP/1.1\r\n${fixed}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
      }),
    close: () => {
      if (socket) drop(socket)
    },
  }
}

/** Null while it is not whole. */
const parseAnswer = (bytes: Buffer): (CallerAnswer & { readonly isLast: boolean }) | null => {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = bytes.toString('latin1', 0, end)
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN)
  if (Number.isNaN(length)) throw new Error(`An answer without a length: ${head}`)
  if (bytes.length < end + 4 + length) return null
  const text = bytes.toString('utf8', end + 4, end + 4 + length)
  return { status: Number(head.slice(9, 12)), text, isLast: /\r\nconnection: close/i.test(head) }
}
