import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { aptInstall } from './apt.mjs'
import { inRoot, toolEntry, toolNode } from './paths.mjs'
import { run } from './run.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const fixedPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]
const downloadTimeoutMs = 240_000

/**
 * A Chromium for the end-to-end tests: SWITCHYARD_CHROMIUM, the system's, Playwright's own, and when there is none yet a
 * download by Playwright or by apt-get. Returns { ok: true, path } or { ok: false, message }.
 */
export async function findChromium({ env = process.env, log = console.log } = {}) {
  const named = env.SWITCHYARD_CHROMIUM
  if (named) return existsSync(named) ? found(named) : no(`SWITCHYARD_CHROMIUM names ${named}, which does not exist.`)
  const present = onThisMachine(env) ?? (await ofPlaywright())
  if (present) return found(present)

  log('Downloading Chromium …')
  const args = [toolEntry('@playwright/test', 'playwright'), 'install', 'chromium']
  await run(toolNode(), args, { timeoutMs: downloadTimeoutMs })
  const downloaded = await ofPlaywright()
  if (downloaded) return found(downloaded)
  await aptInstall(['chromium'], log)
  const installed = onThisMachine(env)
  if (installed) return found(installed)
  return no('No Chromium was found and none could be downloaded. Install one, or set SWITCHYARD_CHROMIUM to its path.')
}

const found = (path) => ({ ok: true, path })
const no = (message) => ({ ok: false, message })

function onThisMachine(env) {
  const folders = (env.PATH ?? '').split(delimiter)
  const suffix = process.platform === 'win32' ? '.exe' : ''
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name + suffix)))
  return [...candidates, ...fixedPlaces].find((path) => existsSync(path))
}

async function ofPlaywright() {
  const entry = inRoot('node_modules', 'playwright-core', 'index.mjs')
  if (!existsSync(entry)) return undefined
  const { chromium } = await import(pathToFileURL(entry).href)
  const path = chromium.executablePath()
  return path && existsSync(path) ? path : undefined
}
