import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

// Another user of this computer, who tries all the time to listen on a port: on its own address, on all of them, and beside
// whoever listens there. Prints when it begins, and at the end, when its standard input ends, what became of its tries.
//   port-thief.ts PORT

const port = Number(process.argv[2])
const ways = [
  { host: '127.0.0.1' },
  { host: '0.0.0.0' },
  { host: '127.0.0.1', reusePort: process.platform === 'linux' },
]
const outcomes: Record<string, number> = {}

const tryToListen = (way: object) =>
  new Promise<string>((resolve) => {
    const server = createServer((socket) => socket.destroy())
    server.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'))
    server.listen({ ...way, port, exclusive: true }, () => server.close(() => resolve('listened')))
  })

let hasEnded = false
process.stdin.on('end', () => (hasEnded = true)).resume()
for (let tries = 0; !hasEnded; tries += 1) {
  const outcome = await tryToListen(ways[tries % ways.length] ?? {})
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  if (tries === 0) process.stdout.write('begun\n')
  await delay(1)
}
process.stdout.write(JSON.stringify(outcomes))
