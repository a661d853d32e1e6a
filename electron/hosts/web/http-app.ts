import { Hono, type Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import type { Right } from '../../../shared/contract/base.ts'
import { parseJson } from '../common/parse-json.ts'
import { unusedLifetimeMs, type Access, type AccessTokens } from './access-tokens.ts'
import type { OneTimeSecrets } from './one-time-secrets.ts'
import { createFileCache, type StaticFile } from '../common/static-table.ts'

/** One megabyte: far more than any request of ours, and little enough to hold in memory. */
export const mostBodyBytes = 1024 * 1024

export interface HttpAppDeps {
  readonly files: ReadonlyMap<string, StaticFile>
  readonly codes: OneTimeSecrets<Right>
  readonly tickets: OneTimeSecrets<Access>
  readonly tokens: AccessTokens
  readonly cookieName: string
  /** Counts an attempt with a code and says whether it may be looked at. */
  readonly allowAttempt: () => boolean
}

const codeSchema = z.object({ code: z.string().max(200) })

/**
 * The page and the two exchanges that lead to a socket: a code for a cookie, a cookie for a ticket. Host and origin were
 * judged before a request comes here.
 */
export const createHttpApp = (deps: HttpAppDeps): Hono => {
  const app = new Hono()
  const read = createFileCache()

  app.post('/auth/code', async (context) => {
    // Only this type cannot be sent by a form of another page.
    if (!context.req.header('content-type')?.startsWith('application/json')) return refuse(context, 400, 'NOT_JSON')
    const text = await readBody(context.req.raw.body)
    if (text === undefined) return refuse(context, 413, 'TOO_LARGE')
    const body = codeSchema.safeParse(parseJson(text))
    if (!body.success) return refuse(context, 400, 'BAD_REQUEST')
    if (!deps.allowAttempt()) return refuse(context, 429, 'TOO_MANY_ATTEMPTS')
    const right = deps.codes.redeem(body.data.code)
    if (right === undefined) return refuse(context, 401, 'CODE_SPENT')
    setCookie(context, deps.cookieName, deps.tokens.issue(right), {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      maxAge: unusedLifetimeMs / 1000,
    })
    return context.body(null, 204)
  })

  app.post('/auth/ticket', (context) => {
    const access = accessOf(getCookie(context, deps.cookieName), deps.tokens)
    if (access === undefined) return refuse(context, 401, 'NOT_SIGNED_IN')
    return context.json({ ticket: deps.tickets.issue(access) })
  })

  app.get('*', (context) => {
    // The address as it was sent, undecoded: `/%2e%2e/` is simply not in the table.
    const found = deps.files.get(context.req.path)
    if (found === undefined) return refuse(context, 404, 'NOT_FOUND')
    return context.body(read(found.file), 200, { 'content-type': found.type, 'cache-control': found.cacheControl })
  })

  app.all('*', (context) => refuse(context, 405, 'METHOD_NOT_ALLOWED'))
  app.onError((_error, context) => refuse(context, 500, 'INTERNAL'))
  return app
}

/** Who sent this cookie, or undefined. */
export const accessOf = (cookie: string | undefined, tokens: AccessTokens): Access | undefined =>
  cookie === undefined || cookie.length > 200 ? undefined : tokens.find(cookie)

const refuse = (context: Context, status: 400 | 401 | 404 | 405 | 413 | 429 | 500, code: string) =>
  context.json({ code }, status, { 'cache-control': 'no-store' })

/** The text of a body, or undefined as soon as it is longer than it may be. */
const readBody = async (body: ReadableStream<Uint8Array> | null): Promise<string | undefined> => {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength
    if (bytes > mostBodyBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
