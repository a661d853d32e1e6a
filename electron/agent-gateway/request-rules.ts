type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

export interface RequestHead {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: Headers
  readonly port: number
}

export type Route =
  { readonly kind: 'hook' } | { readonly kind: 'verb'; readonly name: string } | { readonly kind: 'mcp' }

export type Routed =
  | { readonly kind: 'allowed'; readonly route: Route }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly message: string }

/**
 * Where a request goes, or why it is refused before it is read. Agents and their scripts send no Origin; every browser does
 * with a POST, so a web page never gets in, and a name that was pointed at us fails by its Host.
 */
export const routeOf = ({ method, url, headers, port }: RequestHead): Routed => {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  if (typeof headers['host'] !== 'string' || !hosts.includes(headers['host']))
    return refused(421, 'WRONG_HOST', `Ask 127.0.0.1:${port}.`)
  if (headers['origin'] !== undefined || headers['sec-fetch-site'] !== undefined)
    return refused(403, 'NO_BROWSERS', 'Agents and their commands may ask here; web pages may not.')
  const route = findRoute(url ?? '')
  if (!route) return refused(404, 'NOT_FOUND', 'There are POST /hook, POST /verb/<name> and POST /mcp.')
  if (method !== 'POST') return refused(405, 'ONLY_POST', 'Ask with POST.')
  if (!/^application\/json\b/i.test(String(headers['content-type'] ?? '')))
    return refused(415, 'ONLY_JSON', 'Send JSON, with content-type: application/json.')
  return { kind: 'allowed', route }
}

const findRoute = (url: string): Route | null => {
  if (url === '/hook') return { kind: 'hook' }
  // No stream of news from the server and no session of the protocol: each request stands alone.
  if (url === '/mcp') return { kind: 'mcp' }
  const name = /^\/verb\/([a-z][a-z.-]{0,40})$/.exec(url)?.[1]
  return name === undefined ? null : { kind: 'verb', name }
}

const refused = (status: number, code: string, message: string): Routed => ({ kind: 'refused', status, code, message })
