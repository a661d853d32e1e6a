import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LeasePolicy } from '../../../../shared/contract/leases.ts'
import type { ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { createTestKernel, silentLog, type TestKernel } from '../../kernel/testing.ts'
import { createTestSessions, type TestSession } from '../../testing/test-sessions.ts'
import { findOwner } from '../sessions/find-owner.ts'
import { createLeasesService, type LeasesService } from './leases-service.ts'

const projectId = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAV' as ProjectId
const otherProject = 'prj_01ARZ3NDEKTSV4RRFFQ69G5FAW' as ProjectId

let kernel: TestKernel
let leases: LeasesService
let anna: TestSession
let bert: TestSession
let reads: number
const openService = (ignoresCase = false) => {
  const read: typeof kernel.database.read = (work) => {
    reads += 1
    return kernel.database.read(work)
  }
  return createLeasesService({
    ...kernel,
    database: { ...kernel.database, read },
    log: silentLog,
    sessions: { findOwner },
    ignoresCase,
    lookForSuspend: async () => undefined,
  })
}
beforeEach(async () => {
  reads = 0
  kernel = createTestKernel(() => 1000)
  const sessions = createTestSessions(kernel, projectId)
  ;[anna, bert] = [await sessions.add('Anna'), await sessions.add('Bert')]
  leases = await openService()
})
afterEach(async () => {
  await leases.close()
  await kernel.close()
})

const lease = async (who: TestSession, policy: LeasePolicy, ...targets: string[]) => {
  const request = { targets, mode: 'exclusive', policy, wait: false, requestId: kernel.newId('int') } as const
  const result = await leases.acquire(who, { ...request, targets: [...targets] }, systemIdentity)
  if (!result.ok) throw new Error(result.refusal.message)
}
const check = (who: TestSession, path: string) => leases.checkEdit(who.sessionId, path)

describe('an edit', () => {
  it('is refused under the enforced lease of another, who is named with how to ask', async () => {
    await lease(anna, 'enforce', 'src/**')
    expect(await check(anna, 'src/x.ts')).toEqual({ kind: 'own' })
    expect(await check(bert, 'src/x.ts')).toMatchObject({
      kind: 'refused',
      leases: [{ sessionId: anna.sessionId, target: { pattern: 'src/**' } }],
      message:
        `src/** is leased by “Anna” (${anna.sessionId}) (exclusive, 15 min left unless it goes on), so it is not yours ` +
        'to edit. Ask its owner (mail send), or stand in line (lease acquire with wait).',
    })
    expect(await check(bert, 'docs/x.ts')).toEqual({ kind: 'free' })
  })

  it('is warned of, and may go on, where the lease only warns', async () => {
    await lease(anna, 'warn', 'src/**', 'src/x.ts')
    const checked = await check(bert, './src//x.ts')
    expect(checked).toMatchObject({ kind: 'warn', leases: [{}, {}] })
    expect('message' in checked && checked.message).toMatch(/and 1 more\. Tell its owner what you change \(mail send\)/)
  })

  it('outside of the repository, or of a session that is not there, is no business of leases', async () => {
    await lease(anna, 'enforce', '**')
    for (const path of ['/etc/passwd', '../x', '']) expect(await check(bert, path)).toEqual({ kind: 'free' })
    const nobody = 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV' as SessionId
    expect(await leases.checkEdit(nobody, 'src/x.ts')).toEqual({ kind: 'free' })
  })

  it('knows of every change at once: a release, a milder policy, another project', async () => {
    await lease(anna, 'enforce', '{src,lib}/**')
    expect(await check(bert, 'lib/x')).toMatchObject({ kind: 'refused' })
    const [row] = await kernel.database.read(leases.list)
    await leases.setPolicy(row!.id, 'warn', systemIdentity)
    expect(await check(bert, 'lib/x')).toMatchObject({ kind: 'warn' })
    await leases.releaseOne(row!.id, systemIdentity)
    expect(await check(bert, 'lib/x')).toEqual({ kind: 'free' })
    const dora = await createTestSessions(kernel, otherProject).add('Dora')
    await lease(dora, 'enforce', '**')
    expect(await check(bert, 'lib/x')).toEqual({ kind: 'free' })
  })

  it('is judged by the rule of the file system', async () => {
    await lease(anna, 'enforce', 'src/App.ts')
    expect(await check(bert, 'SRC/app.ts')).toEqual({ kind: 'free' })
    await leases.close()
    leases = await openService(true)
    expect(await check(bert, 'SRC/app.ts')).toMatchObject({ kind: 'refused' })
  })

  it('is answered from memory among a thousand leases, also right after a start', async () => {
    const sessions = createTestSessions(kernel, projectId)
    for (let n = 0; n < 10; n += 1) {
      const who = await sessions.add(`Session ${n}`)
      for (let part = 0; part < 100; part += 25)
        await lease(who, 'enforce', ...Array.from({ length: 25 }, (_, at) => `src/m${n}/p${part + at}/*.ts`))
    }
    await leases.close()
    leases = await openService()
    expect(await kernel.database.read(leases.list)).toHaveLength(1000)
    await check(anna, 'src/first.ts')
    reads = 0
    for (let n = 0; n < 200; n += 1) {
      expect(await check(anna, `src/m${n % 10}/p${n % 100}/deep/x.ts`)).toEqual({ kind: 'free' })
      expect(await check(anna, `src/m${n}/p100/x.ts`)).toEqual({ kind: 'free' })
    }
    expect(reads).toBe(0)
    expect(await check(anna, 'src/m3/p42/x.ts')).toMatchObject({ kind: 'refused' })
  })
})
