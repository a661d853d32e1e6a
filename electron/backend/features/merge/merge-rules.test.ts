import { assert, constantFrom, property, array, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addTrailers, proposeMessage, tidyMessage, type ProposalInput, type SquashedCommit } from './merge-rules.ts'
import { listNames, moveRefusal, undoRefusal, type MoveTrouble } from './merge-words-rules.ts'

const ada = 'Ada <ada@example.com>'
const ben = 'Ben <ben@example.com>'
const commit = (message: string, author = ada): SquashedCommit => ({ author, message })
const propose = (change: Partial<ProposalInput>): string =>
  proposeMessage({
    strategy: 'squash',
    branch: 'switchyard/fix-the-parser',
    sha: '0123456789abcdef',
    target: 'main',
    commits: [],
    committer: ada,
    ...change,
  })

describe('the proposed message', () => {
  it('of a merge is git’s own, which leaves the usual target out', () => {
    expect(propose({ strategy: 'merge' })).toBe("Merge branch 'switchyard/fix-the-parser'")
    expect(propose({ strategy: 'merge', target: 'release/1', branch: null })).toBe(
      "Merge commit '0123456789ab' into release/1",
    )
  })

  it('of a squash of one commit is that commit’s', () => {
    expect(propose({ commits: [commit('Fix it\n\nBecause it was broken.\n')] })).toBe(
      'Fix it\n\nBecause it was broken.',
    )
  })

  it('of a squash of several is the name of the branch and what each did', () => {
    const commits = [commit('Begin\n\nlong'), commit('Go on'), commit('End')]
    expect(propose({ commits })).toBe('Fix the parser\n\n* Begin\n* Go on\n* End')
    expect(propose({ commits, branch: null })).toBe('Begin\n\n* Begin\n* Go on\n* End')
  })

  it('names everybody else who wrote a part of it, once', () => {
    const commits = [
      commit('One', ben),
      commit('Two\n\nCo-authored-by: Cy <cy@example.com>'),
      commit('Three', 'B <BEN@example.com>'),
    ]
    expect(propose({ commits })).toBe(
      'Fix the parser\n\n* One\n* Two\n* Three\n\nCo-authored-by: Ben <ben@example.com>\nCo-authored-by: Cy <cy@example.com>',
    )
  })

  it('counts what nobody would read', () => {
    const message = propose({ commits: Array.from({ length: 60 }, (_, at) => commit(`Step ${at}`)) })
    expect(message.split('\n')).toHaveLength(53)
    expect(message).toMatch(/\* Step 49\n\* and 10 more$/)
  })

  it('is empty where the branch’s own commits are kept', () => {
    for (const strategy of ['rebase', 'fast-forward'] as const)
      expect(propose({ strategy, commits: [commit('x')] })).toBe('')
  })
})

describe('trailers', () => {
  it.each([
    ['Title', ['A: 1'], 'Title\n\nA: 1'],
    ['Title\n\nBody: with more\nthan trailers', ['A: 1'], 'Title\n\nBody: with more\nthan trailers\n\nA: 1'],
    ['Title\n\nSigned-off-by: Ada', ['A: 1'], 'Title\n\nSigned-off-by: Ada\nA: 1'],
    ['Title\n\nA: 1', ['a: 1'], 'Title\n\nA: 1'],
    ['fix: the parser', ['A: 1'], 'fix: the parser\n\nA: 1'],
  ])('of %j and %j', (message, added, expected) => {
    expect(addTrailers(message, added)).toBe(expected)
  })

  it('are added once however often, to any text', () => {
    const line = constantFrom('A: 1', 'B-c: two', 'text', '', 'x: y', 'Title')
    assert(
      property(array(line), string(), (lines, rest) => {
        const once = addTrailers(`${rest}\n${lines.join('\n')}`, ['Added: yes'])
        expect(addTrailers(once, ['Added: yes'])).toBe(once)
        expect(once.endsWith('Added: yes') || once.includes('Added: yes\n')).toBe(true)
      }),
    )
  })

  it('a text is tidied without losing a line', () => {
    expect(tidyMessage(' \n\nOne  \r\n\r\n\r\n\r\ntwo\t\n\0three\n\n')).toBe('One\n\ntwo\nthree')
  })
})

describe('what stands in the way is said with a way out', () => {
  const path = '/home/ada/app'
  const troubles: readonly (readonly [MoveTrouble, string, RegExp])[] = [
    [{ kind: 'dirty', path, files: ['a', 'b'] }, 'DIRTY_CHECKOUT', /in \/home\/ada\/app .*: a, b\. Commit or stash/],
    [{ kind: 'in-the-way', path, files: ['.env'] }, 'DIRTY_CHECKOUT', /in the way: \.env\. Move them/],
    [{ kind: 'filtered', path, files: ['k'] }, 'DIRTY_CHECKOUT', /filter .* does not run\. Check out/],
    [{ kind: 'half-done', path, what: 'rebase' }, 'DIRTY_CHECKOUT', /A rebase of main is half done .* abort it/],
    [{ kind: 'away', path }, 'DIRTY_CHECKOUT', /Connect its disk/],
    [{ kind: 'elsewhere', path }, 'MOVED', /Look at it again/],
    [{ kind: 'index-locked', path, lock: '/l' }, 'LOCKED', /delete \/l\./],
    [{ kind: 'refused', path, message: 'no\nway' }, 'DIRTY_CHECKOUT', /nothing was merged: no way$/],
    [{ kind: 'moved', now: null }, 'GONE', /no branch main any more/],
    [{ kind: 'moved', now: '0123456789' }, 'MOVED', /moved to 01234567 meanwhile/],
    [{ kind: 'ref-refused', message: 'File exists' }, 'LOCKED', /File exists\. When no git runs/],
  ]
  it.each(troubles)('%j is %s', (trouble, code, words) => {
    const refused = moveRefusal(trouble, 'main')
    expect(refused).toMatchObject({ ok: false, refusal: { code, message: expect.stringMatching(words) } })
    expect(undoRefusal(trouble, 'main')).toMatchObject({ refusal: { code: code === 'MOVED' ? 'MOVED_ON' : code } })
  })

  it('names that hide something show it, and long lists are cut', () => {
    expect(listNames(['a\u202Eb', '2', '3', '4', '5', '6', '7'])).toBe('a⟨U+202E⟩b, 2, 3, 4, 5 and 2 more')
  })
})
