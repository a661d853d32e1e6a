import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { askToShow, serveControlChannel } from './control-channel.ts'
import { parseJson } from './parse-json.ts'
import { ensurePrivateFolder, readIfThere, writePrivateFile } from './private-files.ts'
import { securityHeaders } from './security-headers.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-private-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const modeOf = (path: string) => statSync(path).mode & 0o777

describe.skipIf(process.platform === 'win32')('private files', () => {
  it('lie in a folder only their owner may enter, also one that was open before', () => {
    const path = join(folder, 'data')
    mkdirSync(path)
    chmodSync(path, 0o755)
    ensurePrivateFolder(path)
    expect(modeOf(path)).toBe(0o700)
    ensurePrivateFolder(join(folder, 'a', 'b'))
    expect(modeOf(join(folder, 'a', 'b'))).toBe(0o700)
  })

  it('are written whole, readable by their owner alone, and leave no draft behind', () => {
    const path = join(folder, 'sub', 'owner.json')
    writePrivateFile(path, 'first')
    chmodSync(path, 0o644)
    writePrivateFile(path, 'second')
    expect(readFileSync(path, 'utf8')).toBe('second')
    expect(modeOf(path)).toBe(0o600)
    expect(readdirSync(join(folder, 'sub'))).toEqual(['owner.json'])
  })

  it('are read when they are there, and are nothing otherwise', () => {
    writeFileSync(join(folder, 'x'), 'text')
    expect(readIfThere(join(folder, 'x'))).toBe('text')
    expect(readIfThere(join(folder, 'none'))).toBeUndefined()
    expect(readIfThere(folder)).toBeUndefined()
  })

  it.each([
    ['{"a":1}', { a: 1 }],
    ['null', null],
    ['', undefined],
    ['{"a":', undefined],
  ])('with the text %j hold %j', (text, value) => {
    expect(parseJson(text)).toEqual(value)
  })
})

describe.skipIf(process.platform === 'win32')('"show yourself"', () => {
  const speak = (path: string, text: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(path)
      let heard = ''
      socket.on('data', (chunk: Buffer) => (heard += chunk.toString()))
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(heard))
      socket.write(text)
    })

  it.each([
    ['no JSON', 'hello\n'],
    ['another question', '{"ask":"quit","project":null}\n'],
    ['a question without a project', '{"ask":"show"}\n'],
    ['a project that is no path', '{"ask":"show","project":7}\n'],
    ['a line without an end', 'x'.repeat(40_000)],
  ])('is not asked by %s, which gets no answer', async (_name, text) => {
    const asked: unknown[] = []
    const path = join(folder, 'owner.sock')
    const channel = await serveControlChannel(path, (project) => {
      asked.push(project)
      return { kind: 'desktop', problem: null }
    })
    expect(await speak(path, text)).toBe('')
    expect(asked).toEqual([])
    expect(await askToShow(path, '/repo')).toEqual({ kind: 'desktop', problem: null })
    expect(asked).toEqual(['/repo'])
    await channel.close()
    expect(await askToShow(path, null)).toBeNull()
  })
})

describe('the headers of every answer', () => {
  const policyOf = (origin: string | null) =>
    new Map(
      (securityHeaders(origin)['content-security-policy'] ?? '')
        .split('; ')
        .map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]),
    )

  it('let the page open its own socket and nothing else', () => {
    expect(policyOf('ws://127.0.0.1:4000').get('connect-src')).toBe("'self' ws://127.0.0.1:4000")
    expect(policyOf(null).get('connect-src')).toBe("'self'")
  })

  it('allow no script but ours, no frame, no form and no markup made of text', () => {
    const policy = policyOf(null)
    expect(policy.get('default-src')).toBe("'none'")
    expect(policy.get('script-src')).toBe("'self'")
    for (const name of ['base-uri', 'form-action', 'frame-ancestors']) expect(policy.get(name), name).toBe("'none'")
    expect(policy.get('trusted-types')).toBe('review-diff')
    expect(securityHeaders(null)).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' })
  })
})
