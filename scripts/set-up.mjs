// Installs what is missing, so that every other script finds Node 24 and all packages.   node scripts/set-up.mjs
import { existsSync } from 'node:fs'
import { delimiter, dirname, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findMissingCompiler } from './lib/compiler.mjs'
import { findMissing, hasPtyBinary, isOnlyForTests } from './lib/installed.mjs'
import { inRoot, pinnedNode } from './lib/paths.mjs'
import { run, seconds } from './lib/run.mjs'

/**
 * Makes node_modules match package-lock.json. Scripts of packages run only where they are needed, by name: npm 9, 10 and
 * 11 then behave alike, and packages that ship their binaries are not compiled again.
 * Returns { ok: true } or { ok: false, message } where the message says what to do.
 */
export async function setUp({ log = console.log } = {}) {
  const [major] = process.versions.node.split('.').map(Number)
  if (major < 18) return no(`Node ${process.versions.node} is too old to begin with. Install Node 18 or later.`)
  if ((await run('git', ['--version'])).code !== 0) {
    return no('git was not found. Install it from https://git-scm.com/downloads and run the command again.')
  }
  const missing = findMissing()
  if (!missing.packages && missing.products.length === 0) return { ok: true }

  const mustCompile = missing.packages || !hasPtyBinary(inRoot('node_modules'))
  const noCompiler = mustCompile ? await findMissingCompiler() : undefined
  if (noCompiler) return no(noCompiler)

  if (missing.packages) {
    const outcome = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], 'Installing packages', log)
    if (!outcome.ok) return outcome
  }
  for (const name of missing.products) {
    const outcome = await npm(['rebuild', name, ...headersFor(name)], `Preparing ${name}`, log)
    if (!outcome.ok && !isOnlyForTests(name)) return outcome
  }
  return verify()
}

const no = (message) => ({ ok: false, message })

/** Runs npm and tells that it is still at work every ten seconds. */
async function npm(args, label, log) {
  const [command, ...before] = npmCommand()
  log(`${label} …`)
  const begun = Date.now()
  const beat = setInterval(() => log(`${label} … ${Math.round((Date.now() - begun) / 1000)} s`), 10_000)
  const { code, output, ms } = await run(command, [...before, ...args], { env: npmEnvironment() })
  clearInterval(beat)
  if (code === 0) {
    log(`${label}: done in ${seconds(ms)}.`)
    return { ok: true }
  }
  const tail = output.trim().split('\n').slice(-25).join('\n')
  return no(`${tail}\n\n${label} failed. ${adviceFor(output)}`)
}

/** What to do about npm's failure, from what it printed. */
export function adviceFor(output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|network request/i.test(output)) {
    return 'The package registry could not be reached. Check the network and any proxy (`npm config get registry`, `npm config get proxy`), then run the command again.'
  }
  if (/SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|CERT_/i.test(output)) {
    return "The registry's certificate was not trusted. Set NODE_EXTRA_CA_CERTS to your organisation's certificate file and run the command again."
  }
  if (/ENOSPC/.test(output)) return 'The disk is full. Free about 2 GB and run the command again.'
  if (/EACCES|EPERM/.test(output))
    return 'A file could not be written. Check who owns this folder and run the command again.'
  return 'The lines above say why.'
}

/** npm as it was called, or from the PATH; never through the `node` inside node_modules, which is about to be replaced. */
function npmCommand() {
  const script = process.env.npm_execpath
  if (!script || !existsSync(script) || !script.endsWith('.js'))
    return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
  return [process.execPath.startsWith(inRoot('node_modules') + sep) ? 'node' : process.execPath, script]
}

function npmEnvironment() {
  const bin = inRoot('node_modules', '.bin')
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== bin)
  return { ...process.env, PATH: path.join(delimiter) }
}

/**
 * Compiling needs Node's C headers. Those of the package `node` are there already, so that nothing more has to be
 * downloaded; without them node-gyp looks in its own cache and then on nodejs.org.
 */
function headersFor(name) {
  if (name !== 'node-pty') return []
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'
  const places = [
    inRoot('node_modules', 'node', 'node_modules', `${prefix}-${process.platform}-${process.arch}`),
    dirname(dirname(process.execPath)),
  ]
  const found = places.find((place) => existsSync(join(place, 'include', 'node', 'node_api.h')))
  return found ? [`--nodedir=${found}`] : []
}

/** Loads each native package once under the pinned Node, so that a bad one is reported here and not in the app. */
async function verify() {
  const script = "new (require('better-sqlite3'))(':memory:').prepare('select 1').get(); require('node-pty')"
  const { code, output } = await run(pinnedNode(), ['-e', script], { cwd: inRoot() })
  if (code === 0) return { ok: true }
  return no(`${output.trim()}\n\nA native package does not load. Delete node_modules and run the command again.`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const outcome = await setUp()
  if (!outcome.ok) console.error(outcome.message)
  process.exit(outcome.ok ? 0 : 1)
}
