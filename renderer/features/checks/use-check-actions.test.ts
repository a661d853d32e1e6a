import { ORPCError } from '@orpc/client'
import { beforeEach, expect, it } from 'vitest'
import { createStores, type Stores } from '../../data/stores.ts'
import { checkRow, runRow } from '../../dev/check-fixtures.ts'
import { projectIdAt, sessionIdAt, sessionRow, worktreeIdAt } from '../../dev/fixtures.ts'
import type { Notice } from '../../lib/notices.tsx'
import { createCheckActions } from './use-check-actions.ts'

let stores: Stores
let asked: [string, unknown][]
let shown: Omit<Notice, 'id'>[]
let refused: string[]
beforeEach(() => {
  stores = createStores()
  stores.sessions.put([sessionRow(1, 'One\u202E')])
  ;[asked, shown, refused] = [[], [], []]
})

const answering = (verbs: Readonly<Record<string, () => unknown>>) =>
  Object.fromEntries(
    Object.entries(verbs).map(([name, answer]) => [
      name,
      async (input: unknown) => {
        asked.push([name, input])
        return answer()
      },
    ]),
  )
const actionsOn = (verbs: Readonly<Record<string, () => unknown>>) => {
  const notices = {
    show: (notice: Omit<Notice, 'id'>) => void shown.push(notice),
    refuse: (text: string) => void refused.push(text),
  }
  const api = { checks: answering(verbs), mail: answering({ send: verbs['send'] ?? (() => null) }) }
  return createCheckActions({ api: api as never, stores }, notices as never, () => 'request-1')
}
const refuse = () => {
  throw new ORPCError('NAME_TAKEN', { message: 'There is one already.' })
}
const unit = checkRow(1, 'unit')
const { name, command, timeLimitMs, isGate } = unit
const fields = { name, command, timeLimitMs, isGate }

it('runs and cancels, and says what is refused', async () => {
  const { run, cancel } = actionsOn({ run: () => [], cancel: refuse })
  await run(worktreeIdAt(1), [unit.id])
  await cancel(runRow(unit, 'running'))
  expect(asked).toEqual([
    ['run', { worktreeId: worktreeIdAt(1), which: [unit.id] }],
    ['cancel', { runId: runRow(unit, 'running').id }],
  ])
  expect(refused).toEqual(['There is one already.'])
})

it('tells the agent what a check says, once for each run', async () => {
  const failed = runRow(unit, 'failed')
  const { sendToAgent } = actionsOn({ output: () => ({ text: 'FAIL a', isCut: false }), send: () => ({ seq: 1 }) })
  await sendToAgent(failed, sessionIdAt(1))
  expect(asked[1]).toMatchObject([
    'send',
    {
      projectId: projectIdAt(1),
      to: [sessionIdAt(1)],
      subject: 'The check “unit” fails',
      body: expect.stringContaining('\n    FAIL a'),
      dedupKey: failed.id,
    },
  ])
  expect(shown).toMatchObject([{ text: 'Sent to “One⟨U+202E⟩”.' }])
})

it('tells the agent what is left of it where the output is not kept any more', async () => {
  const { sendToAgent } = actionsOn({ output: refuse, send: refuse })
  await sendToAgent(runRow(unit, 'failed'), sessionIdAt(2))
  expect(asked[1]).toMatchObject(['send', { body: expect.stringContaining('expected 1, got 2') }])
  expect([shown, refused]).toEqual([[], ['There is one already.']])
})

it('saves what is new and what is changed, and answers what stands in the way', async () => {
  const { save } = actionsOn({ add: () => unit, update: refuse })
  expect(await save(projectIdAt(1), null, fields)).toBeNull()
  expect(await save(projectIdAt(1), unit.id, fields)).toBe('There is one already.')
  expect(asked).toEqual([
    ['add', { projectId: projectIdAt(1), fields }],
    ['update', { checkId: unit.id, fields }],
  ])
  expect(refused).toEqual([])
})

it('adds what is suggested without where it is from', async () => {
  const { add, move } = actionsOn({ add: () => unit, move: () => unit })
  await add(projectIdAt(1), { ...fields, source: 'package.json' })
  await move(unit, null)
  expect(asked).toEqual([
    ['add', { projectId: projectIdAt(1), fields }],
    ['move', { checkId: unit.id, beforeId: null }],
  ])
  // It is seen in the list.
  expect(shown).toEqual([])
})

it('removes at once, and brings back', async () => {
  const { remove } = actionsOn({ remove: () => undefined, restore: () => unit })
  await remove(unit)
  expect(shown).toMatchObject([{ text: 'Removed “unit”.', action: { label: 'Undo' } }])
  shown[0]?.action?.run()
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(asked.map(([verb]) => verb)).toEqual(['remove', 'restore'])
  expect(shown[1]).toMatchObject({ text: '“unit” is there again.' })
})

it('does not offer to bring back what was not removed', async () => {
  const { remove } = actionsOn({ remove: refuse })
  await remove(unit)
  expect([shown, refused]).toEqual([[], ['There is one already.']])
})
