import { describe, expect, it } from 'vitest'
import type { Activity, Session } from '../../../../shared/contract/sessions.ts'
import { hasGoneOn, isEchoed, judgeTyping, type TypingFacts } from './typing-rules.ts'

const now = 100_000
const pace = { idleMs: 2000, inputMs: 8000, outputMs: 500 }
const activity = (kind: Activity['kind'], source: Activity['evidence']['source'], at = 0): Activity => ({
  kind,
  reason: null,
  evidence: { source, detail: '' },
  at,
})
const alive: Session['runtime'] = { kind: 'alive', pid: 1, since: 0 }
const idle: TypingFacts['session'] = {
  lifecycle: 'running',
  runtime: alive,
  activity: activity('idle', 'hook'),
  isMailTyped: true,
}
const quiet = { lastInputAt: null, lastOutputAt: null }
const judge = (session: Partial<TypingFacts['session']> = {}, facts: Partial<TypingFacts> = {}) =>
  judgeTyping({ session: { ...idle, ...session }, place: quiet, isPromptEmpty: true, now, pace, ...facts })
const at = (lastInputAt: number | null, lastOutputAt: number | null) => ({ place: { lastInputAt, lastOutputAt } })

describe('a line is typed', () => {
  it.each<[string, Partial<TypingFacts['session']>, Partial<TypingFacts>]>([
    ['at a quiet empty prompt', {}, {}],
    ['where a title says that it is idle', { activity: activity('idle', 'title') }, {}],
    ['where a file says so', { activity: activity('idle', 'status-file') }, {}],
    ['once it was idle for long enough', { activity: activity('idle', 'hook', now - 2000) }, {}],
    ['once nobody typed for long enough', {}, at(now - 8000, null)],
    ['once nothing was printed for long enough', {}, at(null, now - 500)],
  ])('%s', (_name, session, facts) => {
    expect(judge(session, facts)).toEqual({ kind: 'type' })
  })
})

describe('nothing is typed', () => {
  it.each<[string, string, number | null, Partial<TypingFacts['session']>, Partial<TypingFacts>]>([
    ['where it is switched off', 'off', null, { isMailTyped: false }, {}],
    ['into what was stopped', 'not-running', null, { lifecycle: 'stopped' }, {}],
    ['into what is archived', 'not-running', null, { lifecycle: 'archived' }, {}],
    ['into what was lost', 'not-running', null, { runtime: { kind: 'lost', at: 0, reason: '' } }, {}],
    ['while it works', 'not-idle', null, { activity: activity('working', 'hook') }, {}],
    ['while it asks something', 'not-idle', null, { activity: activity('needs-you', 'hook') }, {}],
    ['while nothing is known of it', 'not-idle', null, { activity: activity('unknown', 'none') }, {}],
    ['on the word of its process alone', 'not-idle', null, { activity: activity('idle', 'process') }, {}],
    ['on the word of the person alone', 'not-idle', null, { activity: activity('idle', 'person') }, {}],
    ['where its screen cannot be seen', 'unknown-screen', now + 5000, {}, { place: null }],
    ['just after it became idle', 'not-quiet', now + 1, { activity: activity('idle', 'hook', now - 1999) }, {}],
    ['while somebody types', 'not-quiet', now + 7990, {}, at(now - 10, null)],
    ['while it prints', 'not-quiet', now + 100, {}, at(null, now - 400)],
    ['behind what is half typed', 'prompt-not-empty', now + 5000, {}, { isPromptEmpty: false }],
  ])('%s', (_name, why, until, session, facts) => {
    expect(judge(session, facts)).toEqual({ kind: 'wait', why, until })
  })
})

describe('an agent took what was typed', () => {
  it.each<[boolean, string, Activity, Session['runtime']]>([
    [true, 'when it works since', activity('working', 'title', 50), alive],
    [true, 'when it asks something since', activity('needs-you', 'hook', 60), alive],
    [true, 'when it is idle again since', activity('idle', 'hook', 70), alive],
    [false, 'not when it is idle as before', activity('idle', 'hook', 49), alive],
    [false, 'not when it ended', activity('unknown', 'process', 60), { kind: 'lost', at: 60, reason: '' }],
    [false, 'not when nothing is known of it', activity('unknown', 'hook', 60), alive],
    [false, 'not on the word of the person', activity('working', 'person', 60), alive],
  ])('%s: %s', (expected, _name, heard, runtime) => {
    expect(hasGoneOn({ activity: heard, runtime }, 50)).toBe(expected)
  })
})

describe('what was typed stands at the prompt', () => {
  const text = 'Message msg_1 from your user, subject: Parser. It says: Go on . End of the message'
  it.each<[boolean, string, readonly string[]]>([
    [true, 'on one line', [`› ${text}`]],
    [
      true,
      'broken between words',
      ['› Message msg_1 from your user, subject:', '  Parser. It says: Go on . End of the', '  message'],
    ],
    [
      true,
      'broken within a word',
      ['› Message msg_1 from your user, subject: Parser. It says: Go on . End of the mess', 'age'],
    ],
    [false, 'but something was typed behind it', [`› ${text} and`]],
    [false, 'not yet whole', [`› ${text.slice(0, -4)}`]],
    [false, 'but has been sent off', [`› ${text}`, '', '› ']],
    [false, 'not at all', ['› ']],
  ])('%s: %s', (expected, _name, rows) => {
    const cursorRow = rows.length - 1
    expect(isEchoed({ rows: [...rows], cursorRow, before: rows[cursorRow] ?? '' }, text)).toBe(expected)
  })
})
