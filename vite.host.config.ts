import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vite'

// Everything that runs under Node or Electron's main process. `--mode preload` builds the preload alone: a sandboxed
// preload is one CommonJS file that may require nothing but `electron`.
const root = import.meta.dirname
const hostEntries = ['web', 'main', 'pty-host', 'cli']
// Natives find their own binaries beside their package, so they stay outside the bundle.
const external = ['electron', 'node-pty', 'better-sqlite3', '@parcel/watcher']

const entriesFor = (names: readonly string[]) =>
  Object.fromEntries(
    names.map((name) => [name, join(root, 'electron', `${name}.ts`)] as const).filter(([, file]) => existsSync(file)),
  )

export default defineConfig(({ mode }) => {
  const isPreload = mode === 'preload'
  return {
    root,
    configFile: false,
    publicDir: false,
    // One file per process starts faster than hundreds of small ones.
    ssr: { noExternal: true, external, target: 'node' },
    build: {
      ssr: true,
      target: 'node24',
      outDir: 'dist/host',
      emptyOutDir: !isPreload,
      sourcemap: true,
      // Stack traces of a tool for engineers stay readable; the size does not matter on disk.
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: entriesFor(isPreload ? ['preload'] : hostEntries),
        external,
        output: {
          format: isPreload ? ('cjs' as const) : ('es' as const),
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  }
})
