import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { adviceFor } from '../set-up.mjs'
import { compilerInstallLine, findMissingCompiler } from './compiler.mjs'
import { findMissing, scriptedPackages } from './installed.mjs'

let root
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'switchyard-installed-'))))
afterEach(() => rmSync(root, { recursive: true, force: true }))

const write = (path, content) => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}
const lock = (packages) => JSON.stringify({ packages })
const zod = { version: '4.0.0', integrity: 'sha512-a' }
const binary = Buffer.alloc(1_000_001)

function install(packages = { 'node_modules/zod': zod }) {
  write('node_modules/.package-lock.json', lock(packages))
  write('node_modules/node/bin/node', binary)
  write('node_modules/node-pty/build/Release/pty.node', 'x')
  write('node_modules/@anthropic-ai/claude-code/bin/claude.exe', binary)
}

beforeEach(() => {
  const other = { version: '1.0.0', integrity: 'sha512-b', optional: true }
  write('package-lock.json', lock({ '': {}, 'node_modules/zod': zod, 'node_modules/for-another-platform': other }))
})

test('nothing is missing when every package matches and every script has run', () => {
  install()
  expect(findMissing(root)).toEqual({ packages: false, products: [] })
})

test('a fresh clone misses everything', () => {
  expect(findMissing(root)).toEqual({ packages: true, products: scriptedPackages })
})

test('an installation that was interrupted before its last step is done again', () => {
  install()
  rmSync(join(root, 'node_modules/.package-lock.json'))
  expect(findMissing(root).packages).toBe(true)
})

test('another version, another content or an absent package is done again', () => {
  install({ 'node_modules/zod': { ...zod, version: '4.0.1' } })
  expect(findMissing(root).packages).toBe(true)
  install({ 'node_modules/zod': { ...zod, integrity: 'sha512-c' } })
  expect(findMissing(root).packages).toBe(true)
  install({})
  expect(findMissing(root).packages).toBe(true)
})

test('a package whose script has not run is named alone', () => {
  install()
  rmSync(join(root, 'node_modules/node-pty/build'), { recursive: true })
  write('node_modules/@anthropic-ai/claude-code/bin/claude.exe', 'a placeholder')
  expect(findMissing(root)).toEqual({ packages: false, products: ['node-pty', '@anthropic-ai/claude-code'] })
})

test('the line that installs a compiler fits the distribution', () => {
  expect(compilerInstallLine('ID=ubuntu\nID_LIKE=debian\n')).toContain('apt-get')
  expect(compilerInstallLine('NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n')).toContain('apt-get')
  expect(compilerInstallLine('ID="rocky"\nID_LIKE="rhel centos fedora"\n')).toContain('dnf')
  expect(compilerInstallLine('ID=alpine\n')).toContain('apk')
  expect(compilerInstallLine('ID=manjaro\nID_LIKE=arch\n')).toContain('pacman')
  expect(compilerInstallLine('ID="opensuse-leap"\nID_LIKE="suse opensuse"\n')).toContain('zypper')
  expect(compilerInstallLine('ID=plan9\n')).toBeUndefined()
})

test('a machine without a compiler is told what is missing, one with everything is told nothing', async () => {
  const having = (names) => async (command) => ({ code: names.includes(command) ? 0 : 127 })
  const linux = { platform: 'linux', arch: 'riscv64' }
  expect(await findMissingCompiler({ ...linux, runCommand: having(['g++', 'make', 'python3']) })).toBeUndefined()
  const message = await findMissingCompiler({ ...linux, runCommand: having(['make']) })
  expect(message).toContain('without a C++ compiler and Python 3')
})

test('no compiler is asked for where the terminal library comes compiled', async () => {
  const none = { runCommand: async () => ({ code: 127 }) }
  for (const platform of ['linux', 'darwin', 'win32'])
    for (const arch of ['x64', 'arm64']) expect(await findMissingCompiler({ ...none, platform, arch })).toBeUndefined()
  expect(await findMissingCompiler({ ...none, platform: 'freebsd', arch: 'x64' })).toContain('must be compiled')
})

test("npm's failures are explained by what to do", () => {
  expect(adviceFor('npm error code ENOTFOUND')).toContain('registry could not be reached')
  expect(adviceFor('npm error code SELF_SIGNED_CERT_IN_CHAIN')).toContain('NODE_EXTRA_CA_CERTS')
  expect(adviceFor('ENOSPC: no space left on device')).toContain('disk is full')
  expect(adviceFor('EACCES: permission denied')).toContain('could not be written')
  expect(adviceFor('gyp ERR!')).toContain('lines above')
})
