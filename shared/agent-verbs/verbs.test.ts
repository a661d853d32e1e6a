import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import type { Verb } from './verb.ts'
import { isVerbName, verbNames, verbs, type VerbArguments, type VerbInput, type VerbOutput } from './verbs.ts'

const all = verbNames.map((name) => ({ name, verb: verbs[name] as Verb }))
const jsonSchema = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties: Record<string, { type?: string; anyOf?: { type?: string }[]; description?: string }>
    required?: string[]
  }
const isList = (schema: { type?: string }) => schema.type === 'array'

describe('the table of verbs', () => {
  it('is the one that agents were promised', () => {
    const promised = [
      'whoami brief peers report ask-human events.tail doctor',
      'tasks.ready tasks.list tasks.show tasks.create tasks.update tasks.depend tasks.comment',
      'claim renew checkpoint submit fail release',
      'lease.acquire lease.renew lease.release lease.list lease.check lease.wait',
      'mail.send mail.inbox mail.read mail.ack mail.thread',
      'gates.run gates.status',
      'merge.enqueue merge.status',
    ]
    expect(verbNames).toEqual(promised.join(' ').split(' '))
  })

  it('knows its names, and no name of an object', () => {
    expect(isVerbName('tasks.show')).toBe(true)
    expect(['show', 'toString', '__proto__', 'tasks.', ''].filter(isVerbName)).toEqual([])
  })

  it.each(all)('$name: says what it is for in a sentence that can stand alone', ({ verb }) => {
    const [summary = ''] = verb.description.split(/(?<=[.:])\s/)
    expect(summary.length).toBeLessThanOrEqual(140)
    expect(summary).toMatch(/^[A-Z].*[.:]$/)
  })

  it.each(all)('$name: has the number of an event in its answer exactly when it changes something', ({ verb }) => {
    expect('seq' in verb.output.shape).toBe(verb.kind === 'change')
  })

  it.each(all)('$name: can be described to a client as JSON Schema', ({ verb }) => {
    expect(jsonSchema(verb.input)).toMatchObject({ type: 'object', additionalProperties: false })
    expect(() => jsonSchema(verb.output)).not.toThrow()
  })

  it.each(all)('$name: takes nobody’s word for who asks', ({ verb }) => {
    const names = Object.keys(verb.input.shape)
    expect(names.filter((name) => /^(token|session|sessionId|incarnation|agent|from|actor|by)/i.test(name))).toEqual([])
  })

  it.each(all)('$name: refuses a word it does not know', ({ verb }) => {
    const known = Object.fromEntries(Object.keys(verb.input.shape).map((key) => [key, undefined]))
    const issues = verb.input.safeParse({ ...known, taks: 'APP-1' }).error?.issues ?? []
    expect(issues.some(({ code }) => code === 'unrecognized_keys')).toBe(true)
  })

  it.each(all)('$name: fits a command line', ({ verb }) => {
    const { positional, fromStdin } = verb.command
    const { properties } = jsonSchema(verb.input)
    const schemas = positional.map((name) => properties[name])
    expect(schemas).not.toContain(undefined)
    // A list takes all the rest, so nothing can come after it.
    expect(schemas.slice(0, -1).some((schema) => isList(schema ?? {}))).toBe(false)
    if (fromStdin !== null) expect(properties[fromStdin]?.type).toBe('string')
    const flags = Object.keys(properties).map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
    expect(new Set(flags).size).toBe(flags.length)
    expect(flags.filter((flag) => ['json', 'help', 'version'].includes(flag))).toEqual([])
  })

  it('lets only heartbeats and notes wait for the app', () => {
    const spooled = all.filter(({ verb }) => verb.whileAway === 'spools').map(({ name }) => name)
    expect(spooled).toEqual(['report', 'renew', 'checkpoint', 'lease.renew'])
    expect(spooled.filter((name) => verbs[name].kind === 'read')).toEqual([])
  })

  it('asks for no more than what has no sensible default', () => {
    const required = all.flatMap(({ name, verb }) =>
      (jsonSchema(verb.input).required ?? []).map((key) => `${name} ${key}`),
    )
    const asked = [
      'report text, ask-human question, tasks.create title, tasks.depend on, tasks.comment body',
      'checkpoint summary, submit summary, fail reason, release reason, lease.acquire targets, lease.check paths, lease.wait waiterId',
      'mail.send body, mail.read message, mail.ack messages, mail.thread message',
    ]
    expect(required).toEqual(asked.join(', ').split(', '))
  })
})

describe('the inputs', () => {
  it.each([
    ['claim', {}, { task: null }],
    ['checkpoint', { summary: 'Half' }, { summary: 'Half', next: '', task: null, epoch: null, headSha: null }],
    ['gates.run', { names: [' unit '] }, { names: ['unit'], seconds: 90 }],
    ['release', { reason: ' No time ' }, { reason: 'No time', task: null, epoch: null, to: 'open' }],
    ['lease.acquire', { targets: ['a/**'] }, { targets: ['a/**'], mode: 'exclusive', policy: null, wait: false }],
    ['tasks.update', { priority: 0 }, { task: null, rev: null, priority: 0 }],
    [
      'mail.send',
      { to: ['@b'], body: 'Hi' },
      { to: ['@b'], subject: '', body: 'Hi', kind: 'note', priority: 'normal', needsAck: false, replyTo: null },
    ],
  ] as const)('of %s are filled in', (name, given, read) => {
    expect(verbs[name].input.parse(given)).toEqual(read)
  })

  it.each([
    ['claim', { task: '' }],
    ['claim', { task: ['APP-1', 'APP-2'] }],
    ['checkpoint', { summary: '' }],
    ['checkpoint', { summary: 'x', epoch: 0 }],
    ['submit', { summary: 'x', headSha: 'abc123' }],
    ['fail', { reason: '   ' }],
    ['lease.acquire', { targets: [] }],
    ['lease.wait', { waiterId: 'lse_01', seconds: 5 }],
    ['tasks.create', { title: ' ' }],
    ['tasks.create', { title: 'x', priority: 9 }],
    ['mail.send', { to: ['@b'], body: 'x'.repeat(32_769) }],
    ['mail.ack', { messages: [] }],
    ['ask-human', { question: 'Which?', seconds: 3600 }],
    ['gates.run', { names: [''] }],
    ['gates.run', { seconds: 3600 }],
    ['gates.status', { names: 'unit' }],
    ['events.tail', { limit: 100_000 }],
  ] as const)('of %s refuse %j', (name, given) => {
    expect(verbs[name].input.safeParse(given).success).toBe(false)
  })

  it('are typed by their verb', () => {
    expectTypeOf<VerbArguments<'claim'>>().toEqualTypeOf<{ task?: string | null | undefined }>()
    expectTypeOf<VerbInput<'claim'>>().toEqualTypeOf<{ task: string | null }>()
    expectTypeOf<VerbOutput<'report'>>().toEqualTypeOf<{ seq: number }>()
  })
})
