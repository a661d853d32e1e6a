import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openAccessTokens, unusedLifetimeMs } from './access-tokens.ts'
import { createOneTimeSecrets } from './one-time-secrets.ts'
import { createRateLimit } from './rate-limit.ts'
import { findBySecret, hashSecret, newSecret } from './secrets.ts'

let now = 0
const clock = () => now
beforeEach(() => (now = 1_000_000))

describe('secrets', () => {
  test('have 256 bits, never repeat, and fit into an address, a cookie and a protocol name', () => {
    const many = Array.from({ length: 1000 }, newSecret)
    expect(new Set(many).size).toBe(1000)
    for (const secret of many) {
      expect(secret).toMatch(/^[\w-]{43}$/)
      expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
    }
  })

  test('are recognised by their hash alone', () => {
    const entries = ['a', 'b', 'c'].map((name) => ({ name, hash: hashSecret(name) }))
    expect(findBySecret(entries, 'b')?.name).toBe('b')
    expect(findBySecret(entries, 'd')).toBeUndefined()
    expect(findBySecret(entries, '')).toBeUndefined()
  })
})

describe('one-time secrets', () => {
  const create = (most = 3) => createOneTimeSecrets<string>({ lifetimeMs: 60_000, most, now: clock })

  test('work once', () => {
    const codes = create()
    const code = codes.issue('full')
    expect(codes.redeem(code)).toBe('full')
    expect(codes.redeem(code)).toBeUndefined()
  })

  test('end after their time, to the millisecond', () => {
    const codes = create()
    const [early, late] = [codes.issue('full'), codes.issue('full')]
    now += 59_999
    expect(codes.redeem(early)).toBe('full')
    now += 1
    expect(codes.redeem(late)).toBeUndefined()
  })

  test('a wrong one spends nothing', () => {
    const codes = create()
    const code = codes.issue('full')
    expect(codes.redeem('')).toBeUndefined()
    expect(codes.redeem(newSecret())).toBeUndefined()
    expect(codes.redeem(code)).toBe('full')
  })

  test('too many unspent ones end the oldest', () => {
    const codes = create(2)
    const [first, second, third] = [codes.issue('1'), codes.issue('2'), codes.issue('3')]
    expect([codes.redeem(first), codes.redeem(second), codes.redeem(third)]).toEqual([undefined, '2', '3'])
  })
})

describe('access tokens', () => {
  let dataDir = ''
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'switchyard-tokens-'))))
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }))
  const open = () => openAccessTokens({ dataDir, now: clock })
  const file = () => join(dataDir, 'web-access.json')

  test('outlive a restart with their right', () => {
    const token = open().issue('view')
    expect(open().find(token)).toMatchObject({ right: 'view' })
    expect(open().find(newSecret())).toBeUndefined()
  })

  test('are kept as hashes in a file that only its owner may read', () => {
    const token = open().issue('full')
    expect(readFileSync(file(), 'utf8')).not.toContain(token)
    expect(statSync(file()).mode & 0o777).toBe(0o600)
  })

  test('end when they are not used for thirty days, and each use counts', () => {
    const tokens = open()
    const [used, forgotten] = [tokens.issue('full'), tokens.issue('full')]
    now += unusedLifetimeMs - 1
    expect(tokens.find(used)).toBeDefined()
    now += 1
    expect(tokens.find(forgotten)).toBeUndefined()
    expect(open().find(used)).toBeDefined()
  })

  test('a damaged file lets nobody in and is written anew', () => {
    const token = open().issue('full')
    for (const text of ['', '{', 'null', '{"version":1,"tokens":[{"hash":"x"}]}', '{"version":2,"tokens":[]}']) {
      writeFileSync(file(), text)
      expect(open().find(token)).toBeUndefined()
      const fresh = open().issue('full')
      expect(open().find(fresh)).toBeDefined()
    }
  })

  test('the oldest make room after a hundred', () => {
    const tokens = open()
    const issued = Array.from({ length: 101 }, () => tokens.issue('full'))
    expect(tokens.find(issued[0]!)).toBeUndefined()
    expect(tokens.find(issued[1]!)).toBeDefined()
    expect(tokens.find(issued[100]!)).toBeDefined()
  })
})

describe('a rate limit', () => {
  test('refuses what exceeds it and allows again as the window moves on', () => {
    const allow = createRateLimit({ most: 2, windowMs: 60_000, now: clock })
    expect([allow(), allow(), allow()]).toEqual([true, true, false])
    now += 59_999
    expect(allow()).toBe(false)
    now += 1
    expect([allow(), allow(), allow()]).toEqual([true, true, false])
  })
})
