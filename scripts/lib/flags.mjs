import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

/** What `npm start` understands. The desktop and web hosts are given the same flags. */
export const startHelp = `Switchyard: many coding agents side by side on one repository.

  npm start                    open the desktop window (or the web host where there is no desktop)
  npm start -- --web           start the web host and open it in the browser

  --web            use the web host
  --port N         port of the web host, 0 for any free one
  --no-open        do not open the browser: print the address instead
  --data DIR       keep Switchyard's data in DIR (default: .switchyard in your home folder)
  --project DIR    open the repository in DIR
  --help           show this
`

const switches = { '--web': 'web', '--no-open': 'noOpen', '--help': 'help' }
const readers = { '--port': readPort, '--data': readDataFolder, '--project': readProjectFolder }

/**
 * Reads the flags of `npm start`.
 * Returns { ok: true, flags } or { ok: false, message }: a message says what is wrong and what to write instead.
 * Relative folders are relative to `cwd`.
 */
export function parseStartFlags(args, cwd) {
  const flags = { web: false, noOpen: false, help: false, port: undefined, data: undefined, project: undefined }
  for (let index = 0; index < args.length; index++) {
    const [name, inline] = splitFlag(args[index])
    if (name in switches && inline === undefined) {
      flags[switches[name]] = true
    } else if (name in readers) {
      const value = inline ?? args[++index]
      if (value === undefined || value === '') return refuse(`${name} needs a value.`)
      const read = readers[name](value, cwd)
      if (read.problem) return refuse(read.problem)
      flags[name.slice(2)] = read.value
    } else if (name in switches) {
      return refuse(`${name} takes no value.`)
    } else {
      return refuse(`Unknown flag ${JSON.stringify(args[index])}.${didYouMean(name)}`)
    }
  }
  return { ok: true, flags }
}

const refuse = (message) => ({ ok: false, message: `${message} Run \`npm start -- --help\` for the flags.` })

function splitFlag(arg) {
  const at = arg.indexOf('=')
  return arg.startsWith('--') && at > 0 ? [arg.slice(0, at), arg.slice(at + 1)] : [arg, undefined]
}

function readPort(value) {
  const port = Number(value)
  if (/^\d{1,5}$/.test(value) && port <= 65535) return { value: port }
  return { problem: `--port needs a number from 0 to 65535, not ${JSON.stringify(value)}.` }
}

function readDataFolder(value, cwd) {
  const folder = resolve(cwd, value)
  if (existsSync(folder) && !statSync(folder).isDirectory()) {
    return { problem: `--data needs a folder, and ${folder} is a file.` }
  }
  return { value: folder }
}

function readProjectFolder(value, cwd) {
  const folder = resolve(cwd, value)
  if (!existsSync(folder)) return { problem: `--project: there is no folder ${folder}.` }
  if (!statSync(folder).isDirectory()) return { problem: `--project needs a folder, and ${folder} is a file.` }
  return { value: folder }
}

function didYouMean(name) {
  const known = [...Object.keys(switches), ...Object.keys(readers)]
  const bare = name.replace(/^-+/, '')
  const near = known.find(
    (flag) => bare.length > 1 && (flag.slice(2).startsWith(bare) || bare.startsWith(flag.slice(2))),
  )
  return near ? ` Did you mean ${near}?` : ''
}
