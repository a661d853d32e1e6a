import { existsSync } from 'node:fs'
import { run } from './run.mjs'

const timeoutMs = 240_000

/** Installs Debian packages where that may be done without asking anybody: as root, with apt-get. Returns whether it did. */
export async function aptInstall(packages, log = console.log) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  log(`Installing ${packages.join(', ')} with apt-get …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = () => run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env, timeoutMs })
  if ((await install()).code === 0) return true
  await run('apt-get', ['update'], { env, timeoutMs })
  return (await install()).code === 0
}

/** The terminal programs that the differential test runs, by the Debian package that holds each. */
const terminalPrograms = {
  vim: 'vim-tiny',
  nano: 'nano',
  less: 'less',
  mc: 'mc',
  htop: 'htop',
  tmux: 'tmux',
  top: 'procps',
  dialog: 'dialog',
  bc: 'bc',
}

/** Installs the terminal programs that are missing, where that is possible. Returns the names of those still missing. */
export const ensureTerminalPrograms = (log = console.log) => ensurePrograms(terminalPrograms, log)

/** Installs those of the programs (by the Debian package that holds each) that are missing; returns the ones still missing. */
export async function ensurePrograms(programs, log = console.log) {
  const missing = await findMissing(programs)
  if (missing.length === 0) return []
  await aptInstall(
    missing.map((name) => programs[name]),
    log,
  )
  return findMissing(programs)
}

async function findMissing(programs) {
  const names = Object.keys(programs)
  const found = await Promise.all(names.map((name) => run('which', [name])))
  return names.filter((_, index) => found[index].code !== 0)
}
