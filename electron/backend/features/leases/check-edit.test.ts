import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LeasePolicy } from '../../../../shared/contract/leases.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { openLeaseLab, otherProject, person, type LeaseLab } from '../../testing/lease-lab.ts'
import type { TestSession } from '../../testing/test-sessions.ts'

let lab: LeaseLab
let anna: TestSession
let bert: TestSession
beforeEach(async () => {
  lab = await openLeaseLab()
  ;({ anna, bert } = lab)
})
afterEach(() => lab.close())

const lease = async (who: TestSession, policy: LeasePolicy, ...targets: string[]) => {
  const result = await lab.acquire(who, { targets, policy })
  if (!result.ok) throw new Error(result.refusal.message)
}
const check = (who: TestSession, path: string) => lab.leases().checkEdit(who.sessionId, path)

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
    expect(await lab.leases().checkEdit(nobody, 'src/x.ts')).toEqual({ kind: 'free' })
  })

  it('knows of every change at once: a release, a milder policy, another project', async () => {
    await lease(anna, 'enforce', '{src,lib}/**')
    expect(await check(bert, 'lib/x')).toMatchObject({ kind: 'refused' })
    const [row] = await lab.listHeld()
    await lab.leases().setPolicy(row!.id, 'warn', person)
    expect(await check(bert, 'lib/x')).toMatchObject({ kind: 'warn' })
    await lab.leases().releaseOne(row!.id, person)
    expect(await check(bert, 'lib/x')).toEqual({ kind: 'free' })
    const dora = await lab.sessions.add('Dora', { projectId: otherProject })
    await lease(dora, 'enforce', '**')
    expect(await check(bert, 'lib/x')).toEqual({ kind: 'free' })
  })

  it('is judged by the rule of the file system', async () => {
    await lease(anna, 'enforce', 'src/App.ts')
    expect(await check(bert, 'SRC/app.ts')).toEqual({ kind: 'free' })
    await lab.reopen({ ignoresCase: true })
    expect(await check(bert, 'SRC/app.ts')).toMatchObject({ kind: 'refused' })
  })

  it('is answered from memory among a thousand leases, also right after a start', async () => {
    for (let n = 0; n < 10; n += 1) {
      const who = await lab.sessions.add(`Session ${n}`)
      for (let part = 0; part < 100; part += 25)
        await lease(who, 'enforce', ...Array.from({ length: 25 }, (_, at) => `src/m${n}/p${part + at}/*.ts`))
    }
    await lab.reopen()
    expect(await lab.listHeld()).toHaveLength(1000)
    await check(anna, 'src/first.ts')
    lab.clock.reads = 0
    for (let n = 0; n < 200; n += 1) {
      expect(await check(anna, `src/m${n % 10}/p${n % 100}/deep/x.ts`)).toEqual({ kind: 'free' })
      expect(await check(anna, `src/m${n}/p100/x.ts`)).toEqual({ kind: 'free' })
    }
    expect(lab.clock.reads).toBe(0)
    expect(await check(anna, 'src/m3/p42/x.ts')).toMatchObject({ kind: 'refused' })
  })
})
