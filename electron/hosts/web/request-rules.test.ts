import { describe, expect, test } from 'vitest'
import { hostsOfPort, judgeRequest, type RequestFacts } from './request-rules.ts'

const allowed = hostsOfPort(7420)
const plain: RequestFacts = {
  method: 'GET',
  hosts: ['127.0.0.1:7420'],
  origin: undefined,
  fetchSite: undefined,
  fetchMode: undefined,
  isUpgrade: false,
}
const judge = (facts: Partial<RequestFacts>) => {
  const judgement = judgeRequest({ ...plain, ...facts }, allowed)
  return judgement.ok ? 'heard' : judgement.code
}

const hosts: readonly (readonly [string, boolean])[] = [
  ['127.0.0.1:7420', true],
  ['localhost:7420', true],
  ['[::1]:7420', true],
  ['127.0.0.1', false],
  ['127.0.0.1:7421', false],
  ['localhost', false],
  ['localhost.:7420', false],
  ['LOCALHOST:7420', false],
  ['0.0.0.0:7420', false],
  ['127.1:7420', false],
  ['rebind.example:7420', false],
  ['127.0.0.1.rebind.example:7420', false],
  ['127.0.0.1:7420@rebind.example', false],
  ['', false],
]
// `same` stands for the origin that belongs to the host of the row.
const origins = [
  undefined,
  'same',
  'null',
  'https://evil.example',
  'http://127.0.0.1:9',
  'http://localhost:9',
  'file://',
  '',
]
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']

describe('every host, origin and method together', () => {
  const cases = hosts.flatMap(([host, isOurs]) =>
    origins.flatMap((origin) =>
      methods.flatMap((method) =>
        [false, true].map((isUpgrade) => ({
          host,
          origin: origin === 'same' ? `http://${host}` : origin,
          method,
          isUpgrade,
          // The whole rule, said once more in the plainest way.
          isHeard:
            isOurs &&
            (origin === 'same' || (origin === undefined && !isUpgrade && (method === 'GET' || method === 'HEAD'))),
        })),
      ),
    ),
  )

  test(`only our host with our own origin is heard, and reads may come without one (${cases.length} cases)`, () => {
    for (const { host, isHeard, ...facts } of cases) {
      expect([host, facts, judge({ ...facts, hosts: [host] }) === 'heard']).toEqual([host, facts, isHeard])
    }
  })

  test('our origin under another of our names is not the same origin', () => {
    expect(judge({ hosts: ['localhost:7420'], origin: 'http://127.0.0.1:7420', method: 'POST' })).toBe('WRONG_ORIGIN')
    expect(judge({ origin: 'https://127.0.0.1:7420', method: 'POST' })).toBe('WRONG_ORIGIN')
  })

  test('no host and two hosts are refused', () => {
    expect(judge({ hosts: [] })).toBe('WRONG_HOST')
    expect(judge({ hosts: ['127.0.0.1:7420', '127.0.0.1:7420'] })).toBe('WRONG_HOST')
  })
})

describe("the browser's own word on who asks", () => {
  test.each(['cross-site', 'same-site', 'anything-new'])('%s may follow a link and nothing else', (fetchSite) => {
    expect(judge({ fetchSite, fetchMode: 'navigate' })).toBe('heard')
    expect(judge({ fetchSite, fetchMode: 'no-cors' })).toBe('CROSS_SITE')
    expect(judge({ fetchSite, fetchMode: 'cors' })).toBe('CROSS_SITE')
    expect(judge({ fetchSite, fetchMode: undefined })).toBe('CROSS_SITE')
    const own = { origin: 'http://127.0.0.1:7420' }
    expect(judge({ ...own, fetchSite, fetchMode: 'navigate', method: 'POST' })).toBe('CROSS_SITE')
    expect(judge({ ...own, fetchSite, fetchMode: 'websocket', isUpgrade: true })).toBe('CROSS_SITE')
  })

  test.each(['same-origin', 'none'])('%s is heard', (fetchSite) => {
    expect(judge({ fetchSite, fetchMode: 'cors' })).toBe('heard')
  })
})
