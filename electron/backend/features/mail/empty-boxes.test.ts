import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openMailLab, projectId, type MailLab } from '../../testing/mail-lab.ts'
import { createEmptyBoxes, type EmptyBoxes } from './empty-boxes.ts'
import { sendNotice } from './send-message.ts'

let lab: MailLab
let boxes: EmptyBoxes
let stop: () => void
beforeEach(async () => {
  lab = await openMailLab()
  boxes = createEmptyBoxes({ sessions: lab.deps.sessions })
  stop = lab.kernel.onCommit(boxes.follow)
})
afterEach(async () => {
  stop()
  await lab.close()
})

const look = async ({ sessionId }: MailLab['anna']) => {
  const since = boxes.commits()
  await lab.kernel.database.read((tx) => boxes.look(tx, sessionId, since))
  return boxes.has(sessionId)
}
const knows = (...those: readonly MailLab['anna'][]) => those.map(({ sessionId }) => boxes.has(sessionId))

describe('a box that is empty', () => {
  it('is remembered once it was looked into, until something comes', async () => {
    const { anna, bert } = lab
    expect(knows(anna, bert)).toEqual([false, false])
    expect([await look(anna), await look(bert)]).toEqual([true, true])
    await lab.sent(anna, { to: ['@bert'] })
    expect(knows(anna, bert)).toEqual([true, false])
    expect(await look(bert)).toBe(false)
    await lab.inject(bert)
    expect(await look(bert)).toBe(false)
    await lab.mail().noteHook(bert)
    // Done with: there is nothing left that could be due, or unproven, or handed to another process.
    expect(await look(bert)).toBe(true)
  })

  it('is not believed when something was committed while it was looked into', async () => {
    const { bert } = lab
    const recipient = { kind: 'session', sessionId: bert.sessionId } as const
    const notice = { projectId, thread: null, subject: 'Parser', body: 'Hello', recipient }
    const since = boxes.commits()
    await lab.kernel.database.read(async (tx) => {
      // From here on the reader sees the state of before.
      await tx.get('SELECT count(*) FROM deliveries')
      await lab.sessions.command((context) => sendNotice(context, notice))
      await boxes.look(tx, bert.sessionId, since)
    })
    expect(knows(bert)).toEqual([false])
  })

  it('of a role is not, while something waits for the role', async () => {
    const { anna, bert, cleo } = lab
    await lab.sessions.change(bert.sessionId, { role: 'reviewer' })
    expect([await look(anna), await look(bert), await look(cleo)]).toEqual([true, true, true])
    await lab.sent(anna, { to: ['role:reviewer'] })
    expect(knows(anna, bert, cleo)).toEqual([false, false, false])
    expect([await look(anna), await look(bert), await look(cleo)]).toEqual([true, false, true])
    await lab.sessions.change(cleo.sessionId, { title: 'Another' })
    expect(knows(cleo)).toEqual([true])
    await lab.sessions.change(cleo.sessionId, { role: 'reviewer' })
    expect(knows(cleo)).toEqual([false])
    expect(await look(cleo)).toBe(false)
  })

  it('is none of a session that is not there', async () => {
    expect(await look({ sessionId: lab.kernel.newId('ses'), incarnationId: lab.kernel.newId('inc') })).toBe(false)
  })
})

it('hooks of a session without mail ask the database once, and hear of the first message all the same', async () => {
  const { anna, bert, kernel } = lab
  let reads = 0
  const { read } = kernel.database
  Object.assign(kernel.database, {
    read: (work: Parameters<typeof read>[0]) => {
      reads += 1
      return read(work)
    },
  })
  lab.reopen()
  const hook = async () => {
    await lab.mail().noteHook(bert)
    return lab.take(bert)
  }
  expect(await hook()).toBeNull()
  const before = reads
  for (let n = 0; n < 20; n += 1) expect(await hook()).toBeNull()
  expect(reads).toBe(before)
  await lab.sent(anna, { to: ['@bert'], body: 'At last' })
  expect((await hook())?.text).toContain('At last')
})
