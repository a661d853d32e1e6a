import react from '@vitejs/plugin-react'
import { join } from 'node:path'
import { defineConfig } from 'vite'
import { diffLanguages } from './scripts/lib/diff-languages.mjs'
import { diffMarkup } from './scripts/lib/diff-markup-plugin.mjs'
import { diffParts } from './scripts/lib/diff-parts-plugin.mjs'

const root = join(import.meta.dirname, 'renderer')

// The page. It runs under a policy without inline scripts, data: fonts and eval, so nothing of the kind is emitted.
export default defineConfig({
  root,
  base: '/',
  publicDir: false,
  plugins: [react(), diffMarkup({ root }), diffParts({ languages: diffLanguages })],
  // Modules, because the worker loads its parts when it needs them.
  worker: {
    format: 'es',
    // Grammars come from the page: the worker loads none itself.
    plugins: () => [diffParts({ languages: [] })],
  },
  build: {
    outDir: join(import.meta.dirname, 'dist', 'renderer'),
    emptyOutDir: true,
    // Chromium alone shows it: Electron 45's, or the person's browser of the same age.
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
})
