// Installs what is missing, builds what is stale, and opens Switchyard.   npm start -- --help
import { spawn } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { findDesktop } from './lib/desktop.mjs'
import { parseStartFlags, startHelp } from './lib/flags.mjs'
import { inRoot, isPinnedNode, pinnedNode, root } from './lib/paths.mjs'
import { setUp } from './set-up.mjs'

const parentCheckMs = 500

endWithParent()
await main(process.argv.slice(2))

async function main(args) {
  // npm runs scripts in the repository's root; folders are meant from where the person stood.
  const parsed = parseStartFlags(args, process.env.INIT_CWD ?? process.cwd())
  if (!parsed.ok) return end(2, parsed.message)
  const { flags } = parsed
  if (flags.help) {
    console.log(startHelp)
    return
  }
  const ready = await setUp()
  if (!ready.ok) return end(1, ready.message)
  if (!isPinnedNode()) return become(pinnedNode(), [inRoot('scripts', 'start.mjs'), ...args])
  if (!(await build())) return end(1, 'Switchyard could not be built; the lines above say why.')

  const desktop = flags.web ? undefined : await findDesktop()
  if (desktop?.ok) return become(desktop.electron, [root, ...hostArguments(flags)])
  if (desktop) console.log(`The desktop window cannot open here (${desktop.reason}), so the web host starts instead.`)
  // The web host runs in this very process: a signal to the command reaches it without a go-between.
  process.argv = [process.argv[0], inRoot('dist', 'host', 'web.js'), ...hostArguments(flags)]
  await import(pathToFileURL(process.argv[1]).href)
}

/**
 * npm starts scripts through a shell, and a shell that is ended does not tell its child. Whoever ends `npm start` means
 * this process too, so losing the parent counts as being asked to end.
 */
function endWithParent() {
  const parent = process.ppid
  const check = () => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }
  if (process.env.npm_lifecycle_event === 'start') setInterval(check, parentCheckMs).unref()
}

/** The flags as the hosts read them: folders absolute. */
function hostArguments(flags) {
  const args = []
  if (flags.port !== undefined) args.push('--port', String(flags.port))
  if (flags.noOpen) args.push('--no-open')
  if (flags.data !== undefined) args.push('--data', flags.data)
  if (flags.project !== undefined) args.push('--project', flags.project)
  return args
}

/** Goes on as another program: same terminal, its exit is ours, and a polite signal is handed on. */
function become(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => end(1, `${command} could not be started: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
}

function end(code, message) {
  console.error(message)
  process.exitCode = code
}
