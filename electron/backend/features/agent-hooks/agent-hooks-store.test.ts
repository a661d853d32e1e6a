import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProjectId, SessionId } from '../../../../shared/lib/ids.ts'
import { createTestKernel, type TestKernel } from '../../kernel/testing.ts'
import {
  dropOldHooks,
  findOutage,
  findSubagent,
  keptMs,
  listOutages,
  listSubagents,
  listTouched,
  putOutage,
  putSubagent,
  removeHooksOf,
  touchFile,
} from './agent-hooks-store.ts'

let kernel: TestKernel
beforeEach(() => {
  kernel = createTestKernel()
})
afterEach(() => kernel.close())

const own = { sessionId: 'ses_1' as SessionId, projectId: 'prj_1' as ProjectId }
const other = { sessionId: 'ses_2' as SessionId, projectId: 'prj_2' as ProjectId }
const outage = { ...own, edits: 1, lastPath: 'a.ts', firstAt: 5, lastAt: 5, why: 'late' } as const
const subagent = { ...own, id: 'a1', type: 'explorer', startedAt: 1, endedAt: null, result: null }
const file = { ...own, path: 'a.ts', firstAt: 1, lastAt: 1 }

describe('what agents did', () => {
  it('is kept in one row for each outage, and shown until it is dismissed', async () => {
    const tx = kernel.database.writer
    expect(await findOutage(tx, own.sessionId)).toBeUndefined()
    await putOutage(tx, outage)
    await putOutage(tx, { ...outage, edits: 3, lastPath: 'b.ts', lastAt: 7, why: 'away' })
    await putOutage(tx, { ...outage, ...other, edits: 0 })
    expect(await listOutages(tx)).toEqual([{ ...outage, edits: 3, lastPath: 'b.ts', lastAt: 7, why: 'away' }])
    expect(await findOutage(tx, other.sessionId)).toMatchObject({ edits: 0 })
    await expect(putOutage(tx, { ...outage, edits: -1 })).rejects.toThrow('CHECK')
  })

  it('is kept of helpers by session and id, and listed while they work', async () => {
    const tx = kernel.database.writer
    await putSubagent(tx, subagent)
    await putSubagent(tx, { ...subagent, ...other, startedAt: 0 })
    expect((await listSubagents(tx)).map(({ sessionId }) => sessionId)).toEqual(['ses_2', 'ses_1'])
    await putSubagent(tx, { ...subagent, endedAt: 9, result: 'Found' })
    expect((await listSubagents(tx)).map(({ sessionId }) => sessionId)).toEqual(['ses_2'])
    expect(await findSubagent(tx, own.sessionId, 'a1')).toMatchObject({ endedAt: 9, result: 'Found' })
    expect(await findSubagent(tx, own.sessionId, 'a2')).toBeUndefined()
  })

  it('is kept of files, and says which is new', async () => {
    const tx = kernel.database.writer
    expect(await touchFile(tx, file)).toBe(true)
    expect(await touchFile(tx, { ...file, firstAt: 8, lastAt: 8 })).toBe(false)
    expect(await touchFile(tx, { ...file, ...other })).toBe(true)
    expect(await touchFile(tx, { ...file, path: 'b.ts', firstAt: 3, lastAt: 3 })).toBe(true)
    expect(await listTouched(tx, own.sessionId)).toEqual([
      { ...file, lastAt: 8 },
      { ...file, path: 'b.ts', firstAt: 3, lastAt: 3 },
    ])
  })

  it('is dropped when it is old, and with its project', async () => {
    const tx = kernel.database.writer
    await putSubagent(tx, subagent)
    await putSubagent(tx, { ...subagent, id: 'a2', endedAt: 5 })
    await touchFile(tx, file)
    await touchFile(tx, { ...file, ...other, lastAt: keptMs })
    await dropOldHooks(tx, keptMs + 6)
    expect(await findSubagent(tx, own.sessionId, 'a1')).toBeDefined()
    expect(await findSubagent(tx, own.sessionId, 'a2')).toBeUndefined()
    expect(await listTouched(tx, own.sessionId)).toEqual([])
    await putOutage(tx, { ...outage, ...other })
    await removeHooksOf(tx, own.projectId)
    expect([await listSubagents(tx), await listOutages(tx)]).toMatchObject([[], [{ sessionId: 'ses_2' }]])
    expect(await listTouched(tx, other.sessionId)).toHaveLength(1)
  })
})
