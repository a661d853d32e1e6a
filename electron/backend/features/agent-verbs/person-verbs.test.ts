import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  verbNames,
  verbs,
  type VerbArguments,
  type VerbName,
  type VerbOutput,
} from '../../../../shared/agent-verbs/verbs.ts'
import { openVerbLab, otherProject, projectId, type VerbLab } from '../../testing/verb-lab.ts'

let lab: VerbLab
beforeEach(async () => {
  lab = await openVerbLab()
})
afterEach(() => lab.close())

const at = (pid: number, folder = `/repos/${projectId}/src`) => ({ folder, pid })

const does = async <Name extends VerbName>(
  name: Name,
  input: VerbArguments<Name> = {} as VerbArguments<Name>,
  caller: unknown = at(2),
): Promise<VerbOutput<Name>> => {
  const answer = await lab.runAsPerson(name, input, caller)
  if (!answer.ok) throw new Error(`${name}: ${answer.refusal.code} ${answer.refusal.message}`)
  return verbs[name].output.parse(answer.value) as VerbOutput<Name>
}
const refused = async (name: string, input: unknown = {}, caller: unknown = at(2)) => {
  const answer = await lab.runAsPerson(name, input, caller)
  if (answer.ok) throw new Error(`${name} was not refused: ${JSON.stringify(answer.value)}`)
  return answer.refusal
}

describe('a command outside of any session', () => {
  it('knows its project by the folder, in the checkout and in a worktree', async () => {
    expect(await does('whoami')).toMatchObject({
      sessionId: null,
      name: 'person',
      project: { id: projectId, name: 'app' },
      worktreePath: `/repos/${projectId}/src`,
    })
    expect((await does('whoami', {}, at(2, `/repos/${otherProject}`))).project.name).toBe('ledger')
    expect((await does('whoami', {}, at(2, '/trees/anna/deep/down'))).project.id).toBe(projectId)
    // A name that only begins like a worktree's is another folder.
    expect(await refused('whoami', {}, at(2, '/trees/annabel'))).toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/no repository that Switchyard knows\. Open it/),
    })
  })

  it.each([
    ['nothing', null],
    ['no folder', { pid: 2 }],
    ['a folder that is a number', { folder: 7, pid: 2 }],
    ['no number of a process', { folder: '/repos', pid: Number.NaN }],
    ['a process that has ended', at(3)],
  ])('that says %s of itself is refused, which is kept, and nothing is changed', async (_what, caller) => {
    const before = lab.kernel.changes.length
    const { code, message } = await refused('tasks.create', { title: 'One' }, caller)
    expect([code, message]).toEqual(['INVALID', expect.stringMatching(/ask/i)])
    expect(lab.kernel.changes.slice(before).map(({ payload }) => payload)).toEqual([
      { subject: 'command', command: 'tasks.create', by: 'person:command', code, message },
    ])
  })

  it('from a folder that nobody knows is refused, and kept without all of its name', async () => {
    const folder = `/${'deep/'.repeat(700)}`
    await refused('claim', {}, at(2, folder))
    const [kept, ...others] = lab.recordedRefusals()
    expect([kept, others]).toMatchObject([{ command: 'claim', by: 'person:command', code: 'NOT_FOUND' }, []])
    expect(kept?.message.length).toBeLessThan(1200)
  })

  it('works on tasks as the process it names, to their end', async () => {
    const { task } = await does('tasks.create', { title: 'By hand' })
    const claimed = await does('claim', { task: task.key })
    expect(claimed.attempt).toMatchObject({ epoch: 1, by: `command in /repos/${projectId}/src` })
    expect((await does('tasks.list', { mine: true })).tasks.map(({ key }) => key)).toEqual([task.key])
    expect((await does('whoami')).work).toMatchObject([{ task: { key: task.key } }])
    // Another shell of the same person holds another claim.
    expect(await refused('submit', { summary: 'Mine?', task: task.key }, at(4))).toMatchObject({ code: 'NO_TASK' })
    expect((await does('tasks.list', { mine: true }, at(4))).tasks).toEqual([])
    // From another folder it is still the same process.
    await does('checkpoint', { summary: 'Half' }, at(2, '/trees/anna'))
    const headSha = 'b'.repeat(40)
    expect((await does('submit', { summary: 'Done', headSha })).attempt).toMatchObject({ state: 'submitted', headSha })
    expect((await does('tasks.show', { task: task.key })).checkpoints).toMatchObject([{ summary: 'Half' }])
  })

  it('speaks in one project of nothing that its shell holds in another', async () => {
    const elsewhere = at(2, `/repos/${otherProject}`)
    const { task } = await does('tasks.create', { title: 'Here' })
    await does('claim', { task: task.key })
    expect((await does('whoami', {}, elsewhere)).work).toEqual([])
    expect((await refused('tasks.comment', { body: 'Wrong window' }, elsewhere)).code).toBe('NO_TASK')
    const headSha = 'c'.repeat(40)
    expect((await refused('submit', { summary: 'Wrong window', headSha }, elsewhere)).code).toBe('NO_TASK')
    const { task: there } = await does('tasks.create', { title: 'There' }, elsewhere)
    await does('claim', { task: there.key }, elsewhere)
    // Nor is it a question which of the two is meant.
    expect((await does('submit', { summary: 'Done', headSha })).task.key).toBe(task.key)
    expect((await does('whoami', {}, elsewhere)).work).toMatchObject([
      { task: { key: there.key }, attempt: { state: 'granted' } },
    ])
  })

  it('cannot have what an agent has claimed, and the other way round', async () => {
    const { task } = await does('tasks.create', { title: 'One' })
    await lab.does(lab.anna, 'claim', { task: task.key })
    expect((await refused('claim', { task: task.key })).code).toBe('ALREADY_CLAIMED')
    const { task: other } = await does('tasks.create', { title: 'Two' })
    await does('claim', {})
    expect((await lab.refused(lab.anna, 'claim', { task: other.key })).code).toBe('ALREADY_CLAIMED')
  })

  it('writes as the person, and reads what was written to them', async () => {
    const sent = await does('mail.send', { to: ['@anna'], subject: 'Hello', body: 'Look.' })
    expect(sent.recipients).toEqual([lab.anna.sessionId])
    const { messages } = await lab.does(lab.anna, 'mail.inbox')
    expect(messages).toMatchObject([{ from: 'person', subject: 'Hello' }])
    await lab.does(lab.anna, 'mail.send', { body: 'I did.', replyTo: sent.id, needsAck: true })
    const inbox = await does('mail.inbox')
    expect(inbox).toMatchObject({ unread: 1, messages: [{ from: expect.stringContaining('Anna'), isAcked: false }] })
    const [message] = inbox.messages
    expect((await does('mail.read', { message: message?.id ?? '' })).message.body).toBe('I did.')
    expect((await does('mail.thread', { message: sent.id })).messages.map(({ body }) => body)).toEqual([
      'Look.',
      'I did.',
    ])
    await does('mail.ack', { messages: [message?.id ?? ''] })
    expect((await does('mail.inbox')).unread).toBe(0)
    expect((await does('mail.inbox', { all: true })).messages).toMatchObject([{ isAcked: true }])
    // Of another project it is nobody's business.
    const elsewhere = at(2, `/repos/${otherProject}`)
    expect((await does('mail.inbox', { all: true }, elsewhere)).messages).toEqual([])
    await lab.does(lab.anna, 'mail.send', { to: ['person'], subject: 'New', body: 'Unread.' })
    const id = (await does('mail.inbox')).messages[0]?.id ?? ''
    const before = lab.kernel.changes.length
    for (const [name, input] of [
      ['mail.read', { message: id }],
      ['mail.ack', { messages: [id] }],
      ['mail.thread', { message: id }],
      ['mail.thread', { message: sent.threadId }],
      ['mail.send', { replyTo: id, body: 'Wrong window' }],
    ] as const)
      expect((await refused(name, input, elsewhere)).code, name).toBe('NOT_FOUND')
    expect(new Set(lab.kernel.changes.slice(before).map(({ topic }) => topic))).toEqual(new Set(['refusals.recorded']))
    expect((await does('mail.inbox')).unread).toBe(1)
  })

  it('sees leases, of which it holds none', async () => {
    await lab.does(lab.anna, 'lease.acquire', { targets: ['hot.ts'], policy: 'enforce' })
    expect((await does('lease.list')).leases).toMatchObject([{ target: 'hot.ts', by: 'Anna', isMine: false }])
    expect((await does('lease.list', { mine: true })).leases).toEqual([])
    const { refused: kept } = await does('lease.check', { paths: ['hot.ts', 'cold.ts'] })
    expect(kept).toMatchObject([{ path: 'hot.ts', message: expect.stringContaining('Anna') }])
  })

  it('is told where it stands, who is there and what happened', async () => {
    await does('tasks.create', { title: 'Ready one' })
    const { markdown } = await does('brief')
    expect(markdown).toContain('You are the person, outside of any session, at the project app.')
    expect(markdown).toMatch(/1 can be claimed:\n- \S+ Ready one/)
    expect(markdown).toContain('“Anna”')
    expect((await does('peers')).peers.map(({ name }) => name)).toEqual(['Anna', 'Bert'])
    expect((await does('events.tail')).events.map(({ topic }) => topic)).toContain('tasks.changed')
    expect(await does('doctor')).toMatchObject({ isWell: true, checks: [{ name: 'app' }, { name: 'database' }, {}] })
  })

  it.each([
    'report',
    'ask-human',
    'lease.acquire',
    'lease.renew',
    'lease.release',
    'lease.wait',
    'merge.enqueue',
    'gates.run',
    'gates.status',
  ] as const)('is refused %s, which is of a session, with what to do; and that is kept', async (name) => {
    const inputs: Record<string, object> = {
      report: { text: 'x' },
      'ask-human': { question: 'x?' },
      'lease.acquire': { targets: ['a'] },
      'lease.wait': { waiterId: lab.kernel.newId('wtr') },
    }
    const { code, message } = await refused(name, inputs[name] ?? {})
    expect([code, message]).toEqual(['NOT_IN_SESSION', expect.stringMatching(/Run it in a session, or .*\(.*\)\.$/)])
    expect(lab.recordedRefusals()).toMatchObject([{ command: name, by: 'person:command', subject: projectId }])
  })

  it('has an answer to every verb', async () => {
    for (const name of verbNames) {
      const answer = await lab.runAsPerson(name, {}, at(2))
      expect(answer.ok || answer.refusal.code !== 'INTERNAL', name).toBe(true)
    }
  })
})
