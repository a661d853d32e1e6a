import { existsSync, readFileSync } from 'node:fs'
import { inRoot, toolNode } from './paths.mjs'
import { run } from './run.mjs'
import { readStamp, writeStamp } from './stale.mjs'

const downloadTimeoutMs = 180_000
const dayMs = 86_400_000

/**
 * Whether the desktop window can open here.
 * Returns { ok: true, electron } with the path of Electron's binary, or { ok: false, reason } in a few words.
 */
export async function findDesktop({
  platform = process.platform,
  env = process.env,
  uid = process.getuid?.(),
  log = console.log,
} = {}) {
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return no('there is no display')
  if (platform === 'linux' && uid === 0) return no("Electron's sandbox does not run as root")
  const electron = electronBinary() ?? (await download(log))
  return electron ? { ok: true, electron } : no("Electron's binary is absent and could not be downloaded")
}

const no = (reason) => ({ ok: false, reason })

/** The installed binary, or undefined. */
export function electronBinary() {
  const pathFile = inRoot('node_modules', 'electron', 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const binary = inRoot('node_modules', 'electron', 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(binary) ? binary : undefined
}

/** A failure is remembered for a day, so that each start does not wait for the same blocked network again. */
async function download(log) {
  const failedAt = Number(readStamp('electron-download-failed') ?? 0)
  if (Date.now() - failedAt < dayMs) return undefined
  log('Downloading Electron …')
  const { code } = await run(toolNode(), [inRoot('node_modules', 'electron', 'install.js')], {
    timeoutMs: downloadTimeoutMs,
  })
  const binary = electronBinary()
  if (code !== 0 || !binary) writeStamp('electron-download-failed', String(Date.now()))
  return binary
}
