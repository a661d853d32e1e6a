import type { Plugin } from 'vite'

export function diffMarkup(place: { readonly root: string }): Plugin
