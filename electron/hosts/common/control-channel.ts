import { createHash } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import { createConnection, createServer, type Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { parseJson } from './parse-json.ts'
import { ensurePrivateFolder } from './private-files.ts'

// The one thing a second start may ask of the first: "show yourself", and with it a repository. One line of JSON each way.
const requestSchema = z.object({ ask: z.literal('show'), project: z.string().max(4096).nullable() })
/** What was wrong with the repository, in words; null when all is well. */
const problem = z.string().max(2000).nullable()
const replySchema = z.discriminatedUnion('kind', [
  /** The web host answers with a link that carries a fresh single-use code. */
  z.object({ kind: z.literal('web'), problem, url: z.string().regex(/^http:\/\/[\w.:[\]]+\/#code=[\w-]+$/) }),
  /** The desktop host has brought its window to the front. */
  z.object({ kind: z.literal('desktop'), problem }),
])
export type ShowReply = z.infer<typeof replySchema>

const longestLineBytes = 16_384
// A socket's path fits into 104 bytes on macOS and 108 on Linux.
const longestSocketPath = 100

/** Where the owner of a data folder listens. Folders with long names use a private folder in the temporary one. */
export const channelPathFor = (dataDir: string, platform: NodeJS.Platform = process.platform): string => {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  if (platform === 'win32') return `\\\\.\\pipe\\switchyard-${userInfo().username}-${name}`
  const inside = join(dataDir, 'owner.sock')
  if (Buffer.byteLength(inside) <= longestSocketPath) return inside
  const folder = join(tmpdir(), `switchyard-${userInfo().uid}-${name}`)
  ensurePrivateFolder(folder)
  return join(folder, 'owner.sock')
}

/** Answers every "show yourself" with what `show` returns for the repository that came with it. Only the owner of the data folder may call this. */
export const serveControlChannel = async (
  path: string,
  show: (project: string | null) => ShowReply | Promise<ShowReply>,
): Promise<{ close(): Promise<void> }> => {
  // A socket file left by a process that was killed; the owner lock says that nobody listens on it.
  if (process.platform !== 'win32') rmSync(path, { force: true })
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setTimeout(5000, () => socket.destroy())
    void readLine(socket).then(async (line) => {
      const request = requestSchema.safeParse(parseJson(line ?? ''))
      if (request.success) socket.end(`${JSON.stringify(await show(request.data.project))}\n`)
      else socket.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  if (process.platform !== 'win32') chmodSync(path, 0o600)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Asks the owner to show itself. Null when it does not answer within `timeoutMs`. */
export const askToShow = async (path: string, project: string | null, timeoutMs = 5000): Promise<ShowReply | null> => {
  const socket = createConnection(path)
  socket.setTimeout(timeoutMs, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.write(`${JSON.stringify({ ask: 'show', project } satisfies z.infer<typeof requestSchema>)}\n`)
  const parsed = replySchema.safeParse(parseJson((await readLine(socket)) ?? ''))
  socket.destroy()
  return parsed.success ? parsed.data : null
}

/** The first line that arrives, or null when the socket closes before one is complete. */
const readLine = (socket: Socket): Promise<string | null> =>
  new Promise((resolve) => {
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) resolve(text.slice(0, end))
      else if (text.length > longestLineBytes) socket.destroy()
    })
    socket.on('close', () => resolve(null))
  })
