import { describe, expect, it } from 'vitest'
import { settingKeySchema } from '../../../shared/contract/settings.ts'
import { threadIdAt } from '../../dev/coordination-fixtures.ts'
import { projectIdAt, sessionIdAt } from '../../dev/fixtures.ts'
import {
  draftAfterSending,
  draftKeyOf,
  draftProblem,
  emptyMailDraft,
  emptyReplyDraft,
  parseMailDraft,
  parseReplyDraft,
  replyKeyOf,
  type MailPreset,
} from './mail-place.ts'

const preset: MailPreset = {
  projectId: projectIdAt(1),
  to: [sessionIdAt(1), sessionIdAt(2)],
  subject: 'src/**',
  body: 'How long?',
}

describe('a draft', () => {
  it('has a key that can be stored, one for each of those it was begun to', () => {
    const keys = [draftKeyOf(null), draftKeyOf(preset), draftKeyOf({ ...preset, to: [sessionIdAt(1)] })]
    expect(new Set(keys).size).toBe(3)
    for (const key of [...keys, replyKeyOf(threadIdAt(1))]) expect(settingKeySchema.safeParse(key).success).toBe(true)
  })

  it('begins empty, or with what it was begun with', () => {
    expect(parseMailDraft(null)(undefined)).toEqual(emptyMailDraft)
    expect(parseMailDraft(preset)(undefined)).toEqual({ ...emptyMailDraft, ...preset })
  })

  it('that was written goes before what it would begin with, and one that was sent does not', () => {
    const written = { ...emptyMailDraft, body: 'Mine' }
    expect(parseMailDraft(preset)(written)).toEqual(written)
    expect(parseMailDraft(preset)(emptyMailDraft).body).toBe('How long?')
  })

  it('keeps what can be read of it', () => {
    const stored = { ...emptyMailDraft, body: 'Mine', kind: 'letter', priority: 9, to: 'me', projectId: 'x' }
    expect(parseMailDraft(null)(stored)).toEqual({ ...emptyMailDraft, body: 'Mine' })
    expect(parseMailDraft(null)('nothing like it')).toEqual(emptyMailDraft)
  })

  it.each([
    [{ projectId: null }, 'Choose the project whose sessions you write to.'],
    [{ to: [] }, 'Name a recipient.'],
    [{ subject: '  ' }, 'Give it a subject.'],
    [{ body: '\n' }, 'Write something.'],
    [{}, null],
  ])('with %j: %s', (part, problem) => {
    expect(draftProblem({ ...emptyMailDraft, ...preset, to: [...preset.to], ...part })).toBe(problem)
  })
})

describe('the draft of a reply', () => {
  it('is kept as it was written', () => {
    const draft = { ...emptyReplyDraft, body: 'Yes', to: ['everyone'], isAckRequired: true }
    expect(parseReplyDraft(draft)).toEqual(draft)
  })

  it('is empty when nothing can be read', () => {
    expect(parseReplyDraft(undefined)).toEqual(emptyReplyDraft)
    expect(parseReplyDraft({ body: 4, to: 7 })).toEqual(emptyReplyDraft)
  })
})

it('a draft goes when it was sent, and stays when it was written on meanwhile', () => {
  const draft = { ...emptyReplyDraft, body: 'Yes' }
  expect(draftAfterSending(draft, { body: 'Yes' }, emptyReplyDraft)).toEqual(emptyReplyDraft)
  const longer = { ...draft, body: 'Yes, and' }
  expect(draftAfterSending(longer, { body: 'Yes' }, emptyReplyDraft)).toEqual(longer)
})
