import type { Plugin } from 'vite'

export function diffParts(wanted: { readonly languages: readonly string[] }): Plugin
