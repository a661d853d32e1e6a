import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'

export interface StaticFile {
  readonly file: string
  readonly type: string
  /** Names with a content hash never change; the page itself must be asked for every time. */
  readonly cacheControl: string
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
}

/**
 * Every file that may be served, by its exact address, found once at the start. Nothing that is asked for is ever joined
 * to a path, so there is no address that leads elsewhere. Kinds of file that are not named above (source maps) stay out.
 */
export const readStaticTable = (folder: string): ReadonlyMap<string, StaticFile> => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
  const table = new Map<string, StaticFile>()
  for (const file of files) {
    const type = types[extname(file)]
    const address = `/${relative(folder, file).split(sep).join('/')}`
    const isHashed = address.startsWith('/assets/')
    const cacheControl = isHashed ? 'private, max-age=31536000, immutable' : 'no-store'
    if (type !== undefined) table.set(address === '/index.html' ? '/' : address, { file, type, cacheControl })
  }
  return table
}

/** Reads a file of the table once and keeps it: the whole page is a few megabytes. */
export const createFileCache = (): ((file: string) => Uint8Array<ArrayBuffer>) => {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>()
  return (file) => {
    const known = contents.get(file) ?? new Uint8Array(readFileSync(file))
    contents.set(file, known)
    return known
  }
}
