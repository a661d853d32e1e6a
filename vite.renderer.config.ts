import react from '@vitejs/plugin-react'
import { join } from 'node:path'
import { defineConfig } from 'vite'
import { diffMarkup } from './scripts/lib/diff-markup-plugin.mjs'

const root = join(import.meta.dirname, 'renderer')

// The page. It runs under a policy without inline scripts, data: fonts and eval, so nothing of the kind is emitted.
export default defineConfig({
  root,
  base: '/',
  publicDir: false,
  plugins: [react(), diffMarkup({ root })],
  // Modules, because the worker loads its parts when it needs them.
  worker: { format: 'es' },
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
