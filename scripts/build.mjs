// Builds what is stale: the host (dist/host) and the page (dist/renderer).   node scripts/build.mjs [--force]
import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { inRoot, toolEntry, toolNode } from './lib/paths.mjs'
import { run, seconds } from './lib/run.mjs'
import { hashInputs, readStamp, writeStamp } from './lib/stale.mjs'

const shared = ['shared', 'package-lock.json', 'tsconfig.base.json']
const diffPlugins = ['diff-languages', 'diff-markup-plugin', 'diff-parts-plugin'].map(
  (name) => `scripts/lib/${name}.mjs`,
)
const parts = [
  {
    name: 'host',
    inputs: ['electron', 'vite.host.config.ts', ...shared],
    outputs: [
      'dist/host/web.js',
      'dist/host/main.js',
      'dist/host/pty-host.js',
      'dist/host/cli.js',
      'dist/host/preload.js',
    ],
    commands: [
      ['build', '--config', 'vite.host.config.ts', '--logLevel', 'warn'],
      ['build', '--config', 'vite.host.config.ts', '--mode', 'preload', '--logLevel', 'warn'],
    ],
  },
  {
    name: 'renderer',
    inputs: ['renderer', 'vite.renderer.config.ts', ...diffPlugins, ...shared],
    outputs: ['dist/renderer/index.html'],
    commands: [['build', '--config', 'vite.renderer.config.ts', '--logLevel', 'warn']],
  },
]

/** Builds every part whose inputs changed since it was last built. Returns false when a build failed. */
export async function build({ force = false, log = console.log } = {}) {
  for (const part of parts) {
    const hash = hashInputs(part.inputs)
    const isFresh = readStamp(`build-${part.name}`) === hash && part.outputs.every((file) => existsSync(inRoot(file)))
    if (isFresh && !force) continue
    const begun = Date.now()
    for (const args of part.commands) {
      const { code, output } = await run(toolNode(), [toolEntry('vite'), ...args], {
        env: { ...process.env, NODE_ENV: 'production' },
      })
      if (code !== 0) {
        log(`${output.trim()}\nBuilding the ${part.name} failed.`)
        return false
      }
    }
    writeStamp(`build-${part.name}`, hash)
    log(`Built the ${part.name} in ${seconds(Date.now() - begun)}.`)
  }
  return true
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exit((await build({ force: process.argv.includes('--force') })) ? 0 : 1)
}
