import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LeaseRequest } from '../../../shared/contract/leases.ts'
import type { ProjectId, SessionId } from '../../../shared/lib/ids.ts'
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
const ask = (sessionId: SessionId, change: Partial<LeaseRequest> = {}) =>
  lab.full.leases.acquire({
    sessionId,
    targets: ['src/**'],
    mode: 'exclusive',
    policy: 'enforce',
    wait: false,
    requestId: requestId(),
    ...change,
  })
const held = async () => (await lab.kernel.database.read(lab.features.leases.list)).map(({ sessionId }) => sessionId)

describe('the person', () => {
  it('leases for a session, sees who waits, changes the policy and ends it', async () => {
    const [first, second] = [await running('First'), await running('Second')]
    const acquired = await ask(first)
    const [lease] = acquired.kind === 'granted' ? acquired.leases : []
    expect(lease).toMatchObject({ sessionId: first, projectId, target: { kind: 'path', pattern: 'src/**' } })
    expect(await refusalOf(ask(second))).toMatchObject({ code: 'HELD', status: 409 })
    expect(await refusalOf(ask(second, { targets: ['/etc'] }))).toMatchObject({ code: 'INVALID', status: 422 })

    const waiting = await ask(second, { wait: true })
    const left = await ask(second, { targets: ['src/x.ts'], wait: true })
    if (waiting.kind !== 'waiting' || left.kind !== 'waiting') throw new Error('It was granted.')
    expect((await lab.full.leases.cancelWait({ waiterId: left.waiter.id })).seq).toBeGreaterThan(left.seq)

    const leaseId = lease!.id
    expect(await lab.full.leases.setPolicy({ leaseId, policy: 'warn' })).toMatchObject({ lease: { policy: 'warn' } })
    await lab.full.leases.release({ leaseId })
    expect(await held()).toEqual([second])
    expect(await refusalOf(lab.full.leases.release({ leaseId }))).toMatchObject({ code: 'NOT_FOUND' })
  })

  it('sees the leases of an agent end with its process', async () => {
    const sessionId = await running('Ends')
    await ask(sessionId, { targets: ['docs'] })
    expect(await held()).toContain(sessionId)
    const freed = lab.until(async () => (!(await held()).includes(sessionId) ? true : undefined))
    await lab.full.sessions.stop({ sessionId })
    expect(await freed).toBe(true)
    expect(await refusalOf(ask(sessionId))).toMatchObject({ code: 'NOT_RUNNING' })
  })
})
