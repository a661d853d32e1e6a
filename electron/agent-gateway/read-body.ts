import type { IncomingMessage } from 'node:http'

export type Body =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'too-long' }
  /** The other side went away. */
  | { readonly kind: 'cut-off' }

/** A body longer than what is kept is still received up to this, so that its sender reads the answer. */
const mostDrainedBytes = 64 * 1024 * 1024

/** Reads a JSON body; of a longer one than `mostBytes` nothing is kept. */
export const readBody = (request: IncomingMessage, mostBytes: number): Promise<Body> =>
  new Promise((resolve) => {
    let chunks: Buffer[] = []
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= mostBytes) chunks.push(chunk)
      else chunks = []
      if (bytes > mostDrainedBytes) request.destroy()
    })
    request.on('end', () => resolve(bytes > mostBytes ? { kind: 'too-long' } : parse(Buffer.concat(chunks))))
    request.on('error', () => resolve({ kind: 'cut-off' }))
    request.on('close', () => resolve({ kind: 'cut-off' }))
  })

const parse = (bytes: Buffer): Body => {
  // Expects SyntaxError: whoever holds a token may still send anything.
  try {
    return { kind: 'json', value: JSON.parse(bytes.toString('utf8')) as unknown }
  } catch {
    return { kind: 'malformed' }
  }
}
