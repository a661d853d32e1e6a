type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

export interface RequestHead {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: Headers
  readonly port: number
}

/**
 * Why a request is refused before it is read; null when it may go on. Agents and their scripts send no Origin; every
 * browser does with a POST, so a web page never gets in, and a name that was pointed at us fails by its Host.
 */
export const refusalOf = ({ method, url, headers, port }: RequestHead): { status: number; code: string } | null => {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  if (typeof headers['host'] !== 'string' || !hosts.includes(headers['host']))
    return { status: 421, code: 'WRONG_HOST' }
  if (headers['origin'] !== undefined || headers['sec-fetch-site'] !== undefined)
    return { status: 403, code: 'NO_BROWSERS' }
  if (url !== '/hook') return { status: 404, code: 'NOT_FOUND' }
  if (method !== 'POST') return { status: 405, code: 'ONLY_POST' }
  if (!/^application\/json\b/i.test(String(headers['content-type'] ?? ''))) return { status: 415, code: 'ONLY_JSON' }
  return null
}
