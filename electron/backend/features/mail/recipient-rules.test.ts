import { describe, expect, it } from 'vitest'
import type { Party } from '../../../../shared/contract/mail.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { resolveRecipients } from './recipient-rules.ts'

const session = (id: string, title: string, change: Partial<Session> = {}) =>
  ({ id: `ses_${id}`, title, role: null, lifecycle: 'running', ...change }) as Session
const sessions = [
  session('anna', 'Fix the parser!'),
  session('bert', 'Review', { role: 'reviewer' }),
  session('cleo', 'Überprüfung: Größe', { role: 'reviewer', lifecycle: 'stopped' }),
  session('dora', 'Old work', { lifecycle: 'archived', role: 'writer' }),
  session('emil', 'Twice'),
  session('fred', 'twice?'),
  session('gone', 'Review', { lifecycle: 'archived' }),
]
const anna: Party = { kind: 'session', sessionId: 'ses_anna' as SessionId }
const resolve = (to: readonly string[], from: Party = anna) => resolveRecipients(to, from, sessions)
const ids = (to: readonly string[], from?: Party) => {
  const resolved = resolve(to, from)
  if (!resolved.ok) throw new Error(resolved.refusal.message)
  return resolved.value.map((one) => (one.kind === 'session' ? one.sessionId : one.kind))
}

describe('a recipient', () => {
  it.each<[string, string[]]>([
    ['ses_bert', ['ses_bert']],
    [' @review ', ['ses_bert']],
    ['@Review', ['ses_bert']],
    ['@überprüfung-größe', ['ses_cleo']],
    ['#reviewer', ['ses_bert', 'ses_cleo']],
    ['everyone', ['ses_bert', 'ses_cleo', 'ses_emil', 'ses_fred']],
    ['person', ['person']],
    ['role:reviewer', ['role']],
  ])('%j is %j', (text, expected) => {
    expect(ids([text])).toEqual(expected)
  })

  it('named in several ways gets it once', () => {
    expect(ids(['@review', 'ses_bert', '#reviewer', 'person', 'person'])).toEqual(['ses_bert', 'ses_cleo', 'person'])
  })

  it('of a role is whoever of that role is named as well', () => {
    expect(ids(['role:reviewer', '@review'])).toEqual(['ses_bert'])
    expect(ids(['role:reviewer', 'ses_emil', 'person'])).toEqual(['role', 'ses_emil', 'person'])
  })

  it('of the person may be everyone, and not the person', () => {
    expect(ids(['everyone'], { kind: 'person' })).toHaveLength(5)
    expect(resolve(['person'], { kind: 'person' })).toMatchObject({ ok: false, refusal: { code: 'INVALID' } })
  })

  it.each<[string, string, string]>([
    ['ses_nobody', 'UNKNOWN_RECIPIENT', 'Nobody is called ses_nobody. There are @review,'],
    ['@nobody', 'UNKNOWN_RECIPIENT', 'or write to the person.'],
    ['@', 'UNKNOWN_RECIPIENT', 'Nobody is called @.'],
    ['bert', 'UNKNOWN_RECIPIENT', 'Nobody is called bert.'],
    ['@old-work', 'ARCHIVED_RECIPIENT', '@old-work is archived and reads no mail.'],
    ['ses_dora', 'ARCHIVED_RECIPIENT', 'Write to another session'],
    ['@twice', 'AMBIGUOUS_RECIPIENT', 'Write to one by its id: ses_emil, ses_fred.'],
    ['#writer', 'EMPTY_RECIPIENT', 'There are reviewer.'],
    ['role:tester', 'EMPTY_RECIPIENT', 'No other session has the role “tester”.'],
    ['ses_anna', 'INVALID', 'yourself'],
    ['@fix-the-parser', 'INVALID', 'yourself'],
  ])('%j is refused with %s and what to do', (text, code, said) => {
    const refused = resolve(['@review', text])
    expect(refused).toMatchObject({ ok: false, refusal: { code } })
    expect(!refused.ok && refused.refusal.message).toContain(said)
  })

  it('is nobody where there is nobody else', () => {
    const alone = sessions.slice(0, 1)
    for (const to of ['everyone', '#reviewer', 'role:reviewer'])
      expect(resolveRecipients([to], anna, alone)).toMatchObject({ ok: false, refusal: { code: 'EMPTY_RECIPIENT' } })
  })
})
