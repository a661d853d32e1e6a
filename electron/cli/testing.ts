import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import type { CliWorld } from './cli-world.ts'

export interface Heard {
  readonly verb: string
  readonly input: Record<string, unknown>
  readonly requestId: string
  readonly headers: IncomingHttpHeaders
}

/** `cut`: the connection ends without an answer, after the call was heard. */
type Reply =
  VerbAnswer | 'cut' | { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }

export type VerbHost = Awaited<ReturnType<typeof startVerbHost>>

/** An app of one's own making behind the gateway file of a session; it may go away and come back. */
export const startVerbHost = async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'switchyard-cli-')))
  const gatewayFile = join(folder, 'gateway')
  const heard: Heard[] = []
  let reply: (call: Heard) => Reply | Promise<Reply> = () => ({ ok: true, value: { seq: 1 } })
  let server: Server | null = null
  const sockets = new Set<Socket>()

  const open = async () => {
    const opened = createServer((request, response) => {
      void text(request).then(async (body) => {
        const call: Heard = {
          verb: (request.url ?? '').replace('/verb/', ''),
          input: JSON.parse(body) as Record<string, unknown>,
          requestId: String(request.headers['idempotency-key']),
          headers: request.headers,
        }
        heard.push(call)
        const answer = await reply(call)
        if (answer === 'cut') request.socket.destroy()
        else if ('status' in answer) response.writeHead(answer.status, answer.headers).end(answer.body)
        else response.end(JSON.stringify(answer))
      })
    })
    opened.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve))
    server = opened
    writeFileSync(gatewayFile, `http://127.0.0.1:${(opened.address() as AddressInfo).port}`)
  }
  const goAway = async () => {
    const closing = server
    server = null
    for (const socket of sockets) socket.destroy()
    if (closing) await new Promise<void>((resolve) => closing.close(() => resolve()))
  }
  await open()
  return {
    folder,
    heard,
    answer: (next: typeof reply) => void (reply = next),
    environment: {
      SWITCHYARD_GATEWAY_FILE: gatewayFile,
      SWITCHYARD_TOKEN: 't'.repeat(64),
      SWITCHYARD_SESSION: 'ses_1',
    },
    goAway,
    comeBack: open,
    close: async () => {
      await goAway()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export interface Said {
  out: string
  problems: string
}

/** What the command sees of the machine, and what it said. */
export const createWorld = (
  environment: Record<string, string | undefined>,
  home: string,
  stdin = '',
): { readonly world: CliWorld; readonly said: Said } => {
  const said: Said = { out: '', problems: '' }
  const world: CliWorld = {
    environment,
    home,
    folder: process.cwd(),
    pid: process.pid,
    parentPid: process.ppid,
    version: '1.2.3',
    self: { node: process.execPath, script: join(import.meta.dirname, '..', 'cli.ts'), needsRunAsNode: false },
    entries: { ptyHost: 'none', cli: 'none', resources: 'none' },
    print: (line) => void (said.out += line),
    printProblem: (line) => void (said.problems += line),
    readStdin: async () => stdin,
    now: () => 1_800_000_000_000,
  }
  return { world, said }
}
