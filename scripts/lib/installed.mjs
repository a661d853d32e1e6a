import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root as repository } from './paths.mjs'

const executable = process.platform === 'win32' ? 'node.exe' : 'node'
// Far below the real binaries and far above the placeholders that stand in for them before their scripts ran.
const smallestBinary = 1_000_000

/** What the scripts of the few packages that have any leave behind. The others ship everything in their package. */
const scripted = [
  { name: 'node', isMade: (modules) => isBinary(join(modules, 'node', 'bin', executable)) },
  { name: 'node-pty', isMade: hasPtyBinary },
  {
    name: '@anthropic-ai/claude-code',
    isMade: (modules) => isBinary(join(modules, '@anthropic-ai', 'claude-code', 'bin', 'claude.exe')),
    // The app finds the person's own `claude`; this pinned one is for the tests.
    onlyForTests: true,
  },
]

/** The packages whose scripts must run after an installation without scripts. */
export const scriptedPackages = scripted.map(({ name }) => name)

/**
 * What is missing in node_modules: { packages: true } when it does not match package-lock.json, and otherwise
 * { packages: false, products } with the packages whose own script has not run yet.
 */
export function findMissing(root = repository) {
  const modules = join(root, 'node_modules')
  if (!matchesLock(root)) return { packages: true, products: scriptedPackages }
  return { packages: false, products: scripted.filter(({ isMade }) => !isMade(modules)).map(({ name }) => name) }
}

export const isOnlyForTests = (name) => scripted.some((one) => one.name === name && one.onlyForTests === true)

/** node-pty ships binaries for macOS, Windows and Linux on usual processors, and is compiled elsewhere. */
export function hasPtyBinary(modules) {
  const places = ['build/Release', `prebuilds/${process.platform}-${process.arch}`]
  return places.some((place) => existsSync(join(modules, 'node-pty', place, 'pty.node')))
}

/**
 * npm writes what it installed into node_modules/.package-lock.json as its last step, so an interrupted installation
 * never matches. Optional packages for other platforms are absent there.
 */
function matchesLock(root) {
  const written = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(written)) return false
  const installed = JSON.parse(readFileSync(written, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true
    const found = installed[path]
    if (found === undefined) return entry.optional === true
    return found.version === entry.version && found.integrity === entry.integrity
  })
}

const isBinary = (file) => existsSync(file) && statSync(file).size > smallestBinary
