import { join } from 'node:path'
import { z } from 'zod'
import { rightSchema, type Right } from '../../../shared/contract/base.ts'
import { parseJson } from '../common/parse-json.ts'
import { readIfThere, writePrivateFile } from '../common/private-files.ts'
import { findBySecret, hashSecret, newSecret } from './secrets.ts'

/** A browser that was let in. Only the hash of its token is kept. */
export interface Access {
  readonly id: string
  readonly right: Right
  readonly createdAt: number
  readonly usedAt: number
}

export interface AccessTokens {
  /** Lets a browser in; the answer is the token for its cookie. */
  issue(right: Right): string
  /** Who holds this token, or undefined. */
  find(token: string): Access | undefined
}

const rowSchema = z.object({
  id: z.string(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  right: rightSchema,
  createdAt: z.number(),
  usedAt: z.number(),
})
const fileSchema = z.object({ version: z.literal(1), tokens: z.array(rowSchema) })

type Entry = Access & { readonly hash: Buffer }

const dayMs = 86_400_000
/** A browser that was not used for this long must be let in again by a fresh link. */
export const unusedLifetimeMs = 30 * dayMs
// Each fresh link of each start makes one: far above what one person uses, and the file stays a few kilobytes.
const mostTokens = 100

/**
 * The tokens of browsers, kept over restarts in a private file, so that an open page connects again by itself. A damaged
 * file counts as empty: every browser then needs a fresh link.
 */
export const openAccessTokens = (deps: { readonly dataDir: string; readonly now: () => number }): AccessTokens => {
  const file = join(deps.dataDir, 'web-access.json')
  const isAlive = (entry: Entry) => deps.now() - entry.usedAt < unusedLifetimeMs
  let entries: readonly Entry[] = readEntries(file).filter(isAlive)

  const keep = (next: readonly Entry[]) => {
    entries = next.filter(isAlive).slice(-mostTokens)
    const tokens = entries.map((entry) => ({ ...entry, hash: entry.hash.toString('hex') }))
    writePrivateFile(file, JSON.stringify({ version: 1, tokens }))
  }

  return {
    issue: (right) => {
      const token = newSecret()
      const now = deps.now()
      keep([...entries, { id: newSecret().slice(0, 12), hash: hashSecret(token), right, createdAt: now, usedAt: now }])
      return token
    },
    find: (token) => {
      const found = findBySecret(entries.filter(isAlive), token)
      if (found === undefined) return undefined
      // Once a day is enough to tell a used one from a forgotten one.
      if (deps.now() - found.usedAt > dayMs) {
        keep([...entries.filter((entry) => entry !== found), { ...found, usedAt: deps.now() }])
      }
      return { id: found.id, right: found.right, createdAt: found.createdAt, usedAt: found.usedAt }
    },
  }
}

const readEntries = (file: string): readonly Entry[] => {
  const parsed = fileSchema.safeParse(parseJson(readIfThere(file) ?? ''))
  return parsed.success ? parsed.data.tokens.map((row) => ({ ...row, hash: Buffer.from(row.hash, 'hex') })) : []
}
