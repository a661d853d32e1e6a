import { securityHeaders } from '../common/security-headers.ts'
import { createFileCache, type StaticFile } from '../common/static-table.ts'
import { isOwnAddress } from './trust-rules.ts'

/** Answers the page's own scheme from the fixed table of files, with the headers that guard the page. */
export const createAppProtocol = (
  files: ReadonlyMap<string, StaticFile>,
): ((request: Pick<Request, 'method' | 'url'>) => Response) => {
  const read = createFileCache()
  const headers = securityHeaders(null)
  return ({ method, url }) => {
    if (!isOwnAddress(url)) return new Response(null, { status: 403, headers })
    if (method !== 'GET' && method !== 'HEAD') return new Response(null, { status: 405, headers })
    const found = files.get(new URL(url).pathname)
    if (found === undefined) return new Response(null, { status: 404, headers })
    return new Response(method === 'HEAD' ? null : read(found.file), {
      headers: { ...headers, 'content-type': found.type, 'cache-control': found.cacheControl },
    })
  }
}
