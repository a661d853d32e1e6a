// The page from vite's development server and the host rebuilt and restarted at each change.   npm run dev -- [--data DIR]
// Everything goes to a data folder of its own. Only here is the page served without its policy: vite needs inline scripts.
import { spawn } from 'node:child_process'
import { build, createServer } from 'vite'
import { readyLink } from './lib/ready-line.mjs'
import { inRoot } from './lib/paths.mjs'

const at = process.argv.indexOf('--data')
const dataDir = at > 0 ? process.argv[at + 1] : inRoot('.cache', 'dev-data')
const pagePort = 7421

let host
let page

const watcher = await build({ configFile: inRoot('vite.host.config.ts'), logLevel: 'warn', build: { watch: {} } })
watcher.on('event', (event) => {
  if (event.code === 'END') void restartHost()
  if (event.code === 'ERROR') console.error(event.error.message)
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void end())

/** Ends the running host, whose sessions go on, and starts the new build on the same port. */
async function restartHost() {
  const port = host?.port ?? 0
  await host?.end()
  host = await startHost(port)
  page ??= await startPage(host.port)
  console.log(`\n  http://127.0.0.1:${pagePort}/#code=${host.code}\n`)
}

async function startHost(port) {
  const args = [inRoot('dist', 'host', 'web.js'), '--data', dataDir, '--port', String(port), '--no-open']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = new Promise((resolve) => child.once('close', resolve))
  const link = await readyLink(child)
  const url = new URL(link)
  return {
    port: Number(url.port),
    code: url.hash.replace('#code=', ''),
    end: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** The host speaks to its own origin alone, so what is passed on to it carries that origin. */
async function startPage(hostPort) {
  const target = `http://127.0.0.1:${hostPort}`
  const own = (proxy) => {
    for (const event of ['proxyReq', 'proxyReqWs']) {
      proxy.on(event, (request) => {
        request.setHeader('origin', target)
        request.removeHeader('sec-fetch-site')
      })
    }
  }
  const proxy = { target, changeOrigin: true, configure: own }
  const server = await createServer({
    configFile: inRoot('vite.renderer.config.ts'),
    server: {
      host: '127.0.0.1',
      port: pagePort,
      strictPort: true,
      proxy: { '/auth': proxy, '/rpc': { ...proxy, ws: true } },
    },
  })
  await server.listen()
  return server
}

async function end() {
  await Promise.all([watcher.close(), page?.close(), host?.end()])
  process.exit(0)
}
