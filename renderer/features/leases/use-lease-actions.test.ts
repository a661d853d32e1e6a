import { ORPCError } from '@orpc/client'
import { beforeEach, describe, expect, it } from 'vitest'
import { createStores, type Stores } from '../../data/stores.ts'
import { leaseIdAt, leaseRow, waiterIdAt, waiterRow } from '../../dev/coordination-fixtures.ts'
import { sessionIdAt, sessionRow } from '../../dev/fixtures.ts'
import type { Notice } from '../../lib/notices.tsx'
import { createLeaseActions } from './use-lease-actions.ts'
import { nextTurn } from '../../dev/next-turn.ts'

let stores: Stores
let asked: unknown[]
let shown: Omit<Notice, 'id'>[]
let refused: string[]
beforeEach(() => {
  stores = createStores()
  stores.sessions.put([sessionRow(1, 'One\u202E')])
  ;[asked, shown, refused] = [[], [], []]
})

const actionsOn = (verbs: Readonly<Record<string, () => unknown>>) => {
  const leases = Object.fromEntries(
    Object.entries(verbs).map(([name, answer]) => [
      name,
      async (input: unknown) => {
        asked.push([name, input])
        return answer()
      },
    ]),
  )
  const notices = {
    show: (notice: Omit<Notice, 'id'>) => void shown.push(notice),
    refuse: (text: string) => void refused.push(text),
  }
  return createLeaseActions({ api: { leases } as never, stores, notices })
}
const refuse = () => {
  throw new ORPCError('HELD', { message: 'Another one has it now.' })
}

describe('ending a lease', () => {
  const lease = leaseRow(1, sessionIdAt(1), 'src/**', { mode: 'shared', policy: 'enforce' })
  beforeEach(() => stores.leases.put([lease]))

  it('takes it away and offers to take it for its holder again', async () => {
    const again = leaseRow(2, sessionIdAt(1), 'src/**')
    const { end } = actionsOn({
      release: () => ({ seq: 1 }),
      acquire: () => ({ kind: 'granted', leases: [again], overlapping: [], seq: 2 }),
    })
    await end(lease)
    expect(stores.leases.get(leaseIdAt(1))).toBeUndefined()
    expect(shown.map(({ text }) => text)).toEqual(['One⟨U+202E⟩ holds src/** no more.'])
    shown[0]?.action?.run()
    await nextTurn()
    expect(asked[1]).toMatchObject([
      'acquire',
      { sessionId: sessionIdAt(1), targets: ['src/**'], mode: 'shared', policy: 'enforce', wait: false },
    ])
    expect(stores.leases.get(leaseIdAt(2))).toEqual(again)
  })

  it('that is refused leaves it and says why', async () => {
    await actionsOn({ release: refuse }).end(lease)
    expect(stores.leases.get(leaseIdAt(1))).toEqual(lease)
    expect([refused, shown]).toEqual([['Another one has it now.'], []])
  })

  it('cannot be undone once somebody else has it, and says so', async () => {
    const { end } = actionsOn({ release: () => ({ seq: 1 }), acquire: refuse })
    await end(lease)
    shown[0]?.action?.run()
    await nextTurn()
    expect(refused).toEqual(['Another one has it now.'])
  })

  it('of a resource asks for it as a resource', async () => {
    const { end } = actionsOn({ release: () => ({ seq: 1 }), acquire: refuse })
    await end({ ...lease, target: { kind: 'resource', name: 'port:5173' } })
    shown[0]?.action?.run()
    await nextTurn()
    expect(asked[1]).toMatchObject(['acquire', { targets: ['resource:port:5173'] }])
  })
})

describe('taking a session out of the line', () => {
  const waiter = waiterRow(1, sessionIdAt(1), 'src/**')
  beforeEach(() => stores.waiters.put([waiter]))

  it('offers to put it at the end of the line', async () => {
    const again = waiterRow(2, sessionIdAt(1), 'src/**')
    const { cancelWait } = actionsOn({
      cancelWait: () => ({ seq: 1 }),
      acquire: () => ({ kind: 'waiting', waiter: again, seq: 2 }),
    })
    await cancelWait(waiter)
    expect(stores.waiters.get(waiterIdAt(1))).toBeUndefined()
    shown[0]?.action?.run()
    await nextTurn()
    expect(asked[1]).toMatchObject([
      'acquire',
      { targets: ['src/**'], mode: 'exclusive', policy: 'enforce', wait: true },
    ])
    expect(stores.waiters.get(waiterIdAt(2))).toEqual(again)
  })

  it.each([
    ['what each has by itself, where they differ', ['warn', 'enforce'], null],
    ['what was named for all of them', ['advisory', 'advisory'], 'advisory'],
  ] as const)('asks again for several with %s', async (_what, [ofFile, ofPort], policy) => {
    const several = waiterRow(1, sessionIdAt(1), 'src/**', {
      wants: [
        { target: { kind: 'path', pattern: 'src/**' }, mode: 'shared', policy: ofFile },
        { target: { kind: 'resource', name: 'port:1' }, mode: 'shared', policy: ofPort },
      ],
    })
    stores.waiters.put([several])
    const { cancelWait } = actionsOn({ cancelWait: () => ({ seq: 1 }), acquire: refuse })
    await cancelWait(several)
    shown[0]?.action?.run()
    await nextTurn()
    expect(asked[1]).toMatchObject(['acquire', { targets: ['src/**', 'resource:port:1'], mode: 'shared', policy }])
  })

  it('that comes too late says so', async () => {
    await actionsOn({ cancelWait: refuse }).cancelWait(waiter)
    expect(stores.waiters.get(waiterIdAt(1))).toEqual(waiter)
    expect(refused).toEqual(['Another one has it now.'])
  })
})
