import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { configFrom, inboxFrom, inboxOwner, taskFrom, taskIdOf, teamNameOf } from './claude-teams-reading.ts'

// As the CLI writes them.
const lead = 'team-lead@session-40775917'
const member = (name: string, fields: object = {}) => ({
  agentId: `${name}@session-40775917`,
  name,
  agentType: 'general-purpose',
  color: 'blue',
  joinedAt: 1_700_000_000_000,
  tmuxPaneId: 'in-process',
  cwd: '/repo',
  backendType: 'in-process',
  model: 'claude-opus-5-5',
  prompt: 'You are alice.',
  planModeRequired: false,
  subscriptions: [],
  ...fields,
})
const config = (...members: unknown[]) => ({
  name: 'session-40775917',
  createdAt: 1,
  leadAgentId: lead,
  leadSessionId: '40775917-ef90-4290-9293-71041974a851',
  members: [member('team-lead', { agentType: 'team-lead' }), ...members],
})
const alice = { name: 'alice', type: 'general-purpose', model: 'claude-opus-5-5', joinedAt: 1_700_000_000_000 }

describe('the name of a team', () => {
  it.each([
    ['40775917-ef90-4290-9293-71041974a851', 'session-40775917'],
    ['40775917-EF90-4290-9293-71041974A851', 'session-40775917'],
    ['../../../etc', null],
    ['4077591', null],
    ['', null],
  ])('of the conversation %j is %j', (id, expected) => {
    expect(teamNameOf(id)).toBe(expected)
  })
})

describe('the config of a team', () => {
  it.each([
    ['names who is in it beside its leader', config(member('alice')), [alice]],
    ['may be of the leader alone', config(), []],
    ['leaves out who has no name', config(member(''), member('x'.repeat(101)), { name: 7 }, null), []],
    ['takes a name once', config(member('alice'), member('alice')), [alice]],
    [
      'takes what is missing as not known',
      config({ name: 'bob' }),
      [{ name: 'bob', type: '', model: null, joinedAt: 0 }],
    ],
  ])('%s', (_name, value, expected) => {
    expect(configFrom(value)).toEqual(expected)
  })

  it.each([[null], [7], [[]], [{}], [{ leadAgentId: lead }], [{ leadAgentId: lead, members: 'all' }]])(
    '%j is not one',
    (value) => {
      expect(configFrom(value)).toBeNull()
    },
  )

  it('ends somewhere', () => {
    const many = Array.from({ length: 1000 }, (_, index) => member(`mate-${index}`))
    expect(configFrom(config(...many))?.length).toBeLessThanOrEqual(64)
  })
})

describe('a task of a team', () => {
  const task = { id: '1', subject: 'Read', description: 'd', status: 'pending', blocks: ['2'], blockedBy: [] }
  const read = { id: '1', subject: 'Read', state: 'pending', owner: null, blockedBy: [] }

  it.each([
    ['1.json', '1'],
    ['1234.json', '1234'],
    ['.lock', null],
    ['a.json', null],
    ['1.json.tmp', null],
    ['../1.json', null],
    [`${'1'.repeat(10)}.json`, null],
  ])('%j is the file of %j', (name, id) => {
    expect(taskIdOf(name)).toBe(id)
  })

  it.each([
    [{}, read],
    [
      { status: 'in_progress', owner: 'alice' },
      { ...read, state: 'in-progress', owner: 'alice' },
    ],
    [
      { status: 'completed', blockedBy: ['3'] },
      { ...read, state: 'completed', blockedBy: ['3'] },
    ],
    [{ owner: 7, blockedBy: 'x' }, read],
    [{ subject: 's'.repeat(900) }, { ...read, subject: 's'.repeat(200) }],
  ])('with %j is read', (fields, expected) => {
    expect(taskFrom('1', { ...task, ...fields })).toEqual(expected)
  })

  it.each([[null], ['1'], [{ ...task, status: 'odd' }], [{ ...task, subject: '' }], [{ status: 'pending' }]])(
    '%j is none',
    (value) => {
      expect(taskFrom('1', value)).toBeNull()
    },
  )
})

describe('an inbox', () => {
  const message = {
    from: 'alice',
    text: 'Half done',
    timestamp: '2026-11-21T12:00:00.000Z',
    color: 'blue',
    msgV: 1,
    msg_id: 'm-1',
    type: 'message',
    read: false,
  }
  const read = { id: 'm-1', from: 'alice', to: 'team-lead', text: 'Half done', sentAt: Date.UTC(2026, 10, 21, 12) }

  it.each([
    ['team-lead.json', 'team-lead'],
    ['.hidden.json', null],
    ['alice.json.lock', null],
    ['alice', null],
  ])('%j belongs to %j', (name, owner) => {
    expect(inboxOwner(name)).toBe(owner)
  })

  it.each([
    ['holds messages', [message], [read]],
    [
      'keeps the beginning of a long one',
      [{ ...message, text: 't'.repeat(9000) }],
      [{ ...read, text: 't'.repeat(500) }],
    ],
    ['has no time where there is none', [{ ...message, timestamp: 'soon' }], [{ ...read, sentAt: 0 }]],
    ['leaves out what the CLI tells itself', [{ ...message, text: '{"type":"idle_notification","from":"alice"}' }], []],
    ['leaves out what has no id or sender', [{ ...message, msg_id: '' }, { ...message, from: '' }, 'x', null], []],
    ['is nothing else than a list', { 0: message }, []],
  ])('%s', (_name, value, expected) => {
    expect(inboxFrom('team-lead', value)).toEqual(expected)
  })
})

describe('whatever stands in the files', () => {
  it('is read without harm, and never longer than what is shown', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const told = JSON.stringify([configFrom(value), taskFrom('1', value), inboxFrom('a', value)])
        expect(told.length).toBeLessThan(500_000)
      }),
      { numRuns: 200 },
    )
  })
})
