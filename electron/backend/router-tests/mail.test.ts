import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { NewMessage } from '../../../shared/contract/mail.ts'
import type { ProjectId, SessionId } from '../../../shared/lib/ids.ts'
import type { Identity } from '../kernel/identity.ts'
import { openRouterLab, refusalOf, type RouterLab } from './testing.ts'

let lab: RouterLab
let projectId: ProjectId
let requests = 0
beforeAll(async () => {
  lab = await openRouterLab()
  projectId = (await lab.full.projects.open({ path: await lab.repository('work'), initialise: false })).id
})
afterAll(() => lab.close())

const requestId = () => `request-${(requests += 1)}`
const running = async (title: string): Promise<SessionId> => {
  const base = { projectId, title, prompt: null, agentId: 'demo', model: null, permissionMode: null } as const
  const { id } = await lab.full.sessions.create({ ...base, worktree: { kind: 'in-place' }, requestId: requestId() })
  return (await lab.when(id, ({ runtime }) => runtime.kind === 'alive')).id
}
const message = (part: Partial<NewMessage> = {}): NewMessage => ({
  to: ['everyone'],
  kind: 'question',
  subject: 'Parser',
  body: 'How far are you?',
  priority: 'normal',
  isAckRequired: false,
  expiresInMs: null,
  dedupKey: null,
  requestId: requestId(),
  ...part,
})
const as = (id: SessionId): Identity => ({ kind: 'session', id, right: 'full' })
const holderOf = async (sessionId: SessionId) => {
  const owner = await lab.kernel.database.read((tx) => lab.features.sessions.findOwner(tx, sessionId))
  return { sessionId, incarnationId: owner!.incarnationId! }
}

describe('mail', () => {
  it('goes from the person to an agent and back, and is done with when it was read', async () => {
    const { mail } = lab.features
    const sessionId = await running('Parser work')
    const { message: asked, deliveries } = await lab.full.mail.send({ projectId, ...message({ to: ['@parser-work'] }) })
    expect(deliveries).toMatchObject([{ recipient: { kind: 'session', sessionId }, state: 'queued' }])

    const holder = await holderOf(sessionId)
    const taken = await mail.takeForInjection(holder)
    expect(taken?.text).toContain('| How far are you?')
    await mail.markInjected(holder, taken?.deliveryIds ?? [])
    await mail.noteHook(holder)
    const answer = { messageId: asked.id, to: [], body: 'Half', priority: 'normal', isAckRequired: true } as const
    const input = { ...answer, to: [], requestId: requestId() }
    const replied = await mail.reply({ kind: 'session', ...holder }, input, as(sessionId))
    if (!replied.ok) throw new Error(replied.refusal.message)

    const { id } = replied.value.message
    expect(await lab.full.mail.read({ messageId: asked.id })).toEqual({ delivery: null, seq: null })
    expect(await lab.full.mail.read({ messageId: id })).toMatchObject({ delivery: { state: 'queued' } })
    const acked = await lab.full.mail.ack({ messageIds: [id] })
    expect(acked).toMatchObject({ deliveries: [{ state: 'acked' }], seq: expect.any(Number) })
    const page = await lab.as('view').mail.page({ projectId, threadId: asked.threadId, before: null, limit: 10 })
    expect(page.messages.map(({ body }) => body)).toEqual(['Half', 'How far are you?'])
    expect(page.deliveries.map(({ state }) => state)).toEqual(['acked', 'acked'])
  })

  it('answered by the person stays in its thread', async () => {
    const { mail } = lab.features
    const sessionId = await running('Asker')
    const sent = await mail.send(sessionId, message({ to: ['person'] }), as(sessionId))
    if (!sent.ok) throw new Error(sent.refusal.message)
    const { id, threadId } = sent.value.message
    const reply = { messageId: id, to: [], body: 'Go on', priority: 'urgent', isAckRequired: false } as const
    const answered = await lab.full.mail.reply({ ...reply, to: [], requestId: requestId() })
    expect(answered).toMatchObject({ message: { threadId, to: [sessionId], from: { kind: 'person' } } })
  })

  it('to nobody is refused in words, and too long or hidden a body as well', async () => {
    const to = (...names: string[]) => lab.full.mail.send({ projectId, ...message({ to: names }) })
    expect(await refusalOf(to('@nobody'))).toMatchObject({ code: 'UNKNOWN_RECIPIENT', status: 409 })
    expect(await refusalOf(to('role:tester'))).toMatchObject({ code: 'EMPTY_RECIPIENT', status: 409 })
    expect(await refusalOf(to('person'))).toMatchObject({ code: 'INVALID', status: 422 })
    const sessionId = await running('Archived one')
    await lab.full.sessions.archive({ sessionId })
    await lab.when(sessionId, ({ lifecycle }) => lifecycle === 'archived')
    expect(await refusalOf(to(sessionId))).toMatchObject({ code: 'ARCHIVED_RECIPIENT', status: 409 })
    for (const body of ['', 'a\u0000b', 'x'.repeat(32 * 1024 + 1), '€'.repeat(11_000), 'x'.repeat(1 << 20)])
      expect(await refusalOf(lab.full.mail.send({ projectId, ...message({ body }) }))).toMatchObject({
        code: 'BAD_REQUEST',
      })
    expect(await lab.full.mail.send({ projectId, ...message({ body: 'x'.repeat(32 * 1024) }) })).toBeDefined()
  })

  it('tells a session that its turn in the line has come', async () => {
    const [first, second] = [await running('First'), await running('Second')]
    const want = { targets: ['src/**'], mode: 'exclusive', policy: 'enforce', wait: true } as const
    const ask = (sessionId: SessionId) =>
      lab.full.leases.acquire({ ...want, targets: [...want.targets], sessionId, requestId: requestId() })
    const acquired = await ask(first)
    await ask(second)
    const [lease] = acquired.kind === 'granted' ? acquired.leases : []
    await lab.full.leases.release({ leaseId: lease!.id })
    const { items } = await lab.features.mail.inbox(second, { isAll: false, after: null, limit: 5 })
    expect(items.map(({ message: told }) => told.body)).toContainEqual(
      'You waited for src/** and have it now. Release it when you are done (lease release).',
    )
  })
})
