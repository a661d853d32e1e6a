import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writePrivateFile } from './private-files.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The command that opens an address in the person's browser, or null where no window could appear. */
export const browserCommand = (
  platform: NodeJS.Platform,
  environment: Environment,
): readonly [string, ...string[]] | null => {
  if (platform === 'darwin') return ['open']
  // `start` needs a title before an address in quotes.
  if (platform === 'win32') return ['cmd', '/c', 'start', '""']
  return environment['DISPLAY'] || environment['WAYLAND_DISPLAY'] ? ['xdg-open'] : null
}

// Long enough for a browser that has to start first; the code in the link does not live longer either.
const redirectLifetimeMs = 60_000
const isRedirect = (name: string) => /^open-[0-9a-f]{16}[.]html$/.test(name)

/**
 * Opens a link in the browser; answers whether a browser was started. Other people on this machine can read command
 * lines, so the link with its code goes into a private file and only that file's name is passed on.
 */
export const openBrowser = (deps: {
  readonly link: string
  readonly dataDir: string
  readonly environment: Environment
  readonly platform?: NodeJS.Platform
}): Promise<boolean> => {
  const command = browserCommand(deps.platform ?? process.platform, deps.environment)
  if (command === null) return Promise.resolve(false)
  removeOldRedirects(deps.dataDir)
  const file = join(deps.dataDir, `open-${randomBytes(8).toString('hex')}.html`)
  writePrivateFile(file, redirectPage(deps.link))
  const [program, ...args] = command
  return new Promise((resolve) => {
    const child = spawn(program, [...args, pathToFileURL(file).href], { stdio: 'ignore', detached: true })
    child.once('error', () => resolve(false))
    child.once('spawn', () => resolve(true))
    child.unref()
  })
}

const redirectPage = (link: string) =>
  `<!doctype html><meta charset="utf-8"><title>Switchyard</title>` +
  `<meta http-equiv="refresh" content="0;url=${link}"><p><a href="${link}">Open Switchyard</a>\n`

/** A file is removed by a later start: whoever wrote it may end before the browser has read it. */
const removeOldRedirects = (dataDir: string) => {
  for (const name of readdirSync(dataDir).filter(isRedirect)) {
    const file = join(dataDir, name)
    if (Date.now() - statSync(file).mtimeMs > redirectLifetimeMs) rmSync(file, { force: true })
  }
}
