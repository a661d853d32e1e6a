import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CheckRun } from '../../../../shared/contract/checks.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { fieldsOf, openCheckLab, person, type CheckLab } from '../../testing/check-lab.ts'
import { codeOf, valueOf } from '../worktrees/testing.ts'
import { putRun } from './runs-store.ts'

let lab: CheckLab
beforeEach(async () => {
  lab = await openCheckLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

const oneOf = (runs: readonly CheckRun[]): CheckRun => {
  const [run] = runs
  if (!run) throw new Error('nothing runs')
  return run
}

describe('what is kept', () => {
  it('is the screen of the newest run alone, and the text of the others', async () => {
    await lab.add('unit', 'echo hello')
    const first = await lab.ended(oneOf(await lab.run()).id)
    const second = await lab.ended(oneOf(await lab.run()).id)
    expect(first.terminalId).not.toBeNull()
    await lab.until(async () => (await lab.runOf(first.id))?.terminalId === null)
    expect((await lab.runOf(second.id))?.terminalId).toBe(second.terminalId)
    await lab.until(async () => first.terminalId !== null && !lab.pty.has(first.terminalId))
    expect(await lab.textOf(first.id)).toBe('hello')
  })

  it('is fifty runs of a check in a worktree', async () => {
    const check = await lab.add('unit', 'true')
    const done = await lab.ended(oneOf(await lab.run()).id)
    const record = { folder: '', sessionId: null, deadlineAt: null, stopping: null }
    await lab.kernel.runCommand({ name: 'test', by: systemIdentity }, async ({ tx, newId }) => {
      for (let n = 0; n < 49; n += 1)
        await putRun(tx, { ...record, run: { ...done, id: newId('run'), terminalId: null } })
      return ok(undefined)
    })
    const last = await lab.ended(oneOf(await lab.run()).id)
    const history = await lab.app().checks.history(check.id, lab.worktreeId)
    expect([history.length, history[0]?.id, history.some(({ id }) => id === done.id)]).toEqual([50, last.id, false])
    expect(codeOf(await lab.app().checks.output(done.id))).toBe('NOT_FOUND')
    expect(lab.kernel.changes.filter(({ topic }) => topic === 'checkruns.removed')).toMatchObject([
      { payload: { ids: [done.id] } },
    ])
  })

  it('is nothing of a worktree that was deleted', async () => {
    await lab.add('unit', 'true')
    const run = await lab.ended(oneOf(await lab.run()).id)
    valueOf(await lab.yard.worktrees.remove(lab.worktreeId, { deleteBranch: false }, person))
    await lab.until(async () => (await lab.runOf(run.id)) === undefined)
    await lab.until(async () => run.terminalId !== null && !lab.pty.has(run.terminalId))
  })

  it('is nothing of a project that was forgotten', async () => {
    await lab.add('unit', 'true')
    await lab.ended(oneOf(await lab.run()).id)
    await lab.kernel.runCommand({ name: 'test', by: systemIdentity }, async (context) => {
      expect(await lab.app().checks.countLive(context.tx, lab.projectId)).toBe(0)
      await lab.app().checks.forgetProject(context, lab.projectId)
      return ok(undefined)
    })
    expect(await lab.kernel.database.read(lab.app().checks.listShown)).toEqual({ checks: [], checkRuns: [] })
  })

  it('is no terminal that a crash left between a run and its end', async () => {
    const terminalId = lab.kernel.newId('trm')
    const { terminals } = lab.app()
    const row = { terminalId, projectId: lab.projectId, sessionId: null, kind: 'check', cwd: '/', env: {} } as const
    await terminals.start({ ...row, argv: ['/bin/sh', '-c', 'true'] })
    await lab.restart()
    expect(await lab.kernel.database.read((tx) => lab.app().terminals.find(tx, terminalId))).toBeUndefined()
  })
})

it('defines, changes, orders, removes and restores checks', async () => {
  const { checks } = lab.app()
  const [a, b, c] = [await lab.add('a', 'true'), await lab.add('b', 'true'), await lab.add('c', 'true')]
  const names = async () =>
    (await lab.kernel.database.read((tx) => checks.list(tx, lab.projectId))).map(({ name }) => name)
  expect(codeOf(await checks.add(lab.projectId, fieldsOf('A', 'x'), person))).toBe('NAME_TAKEN')
  expect(codeOf(await checks.add('prj_x' as never, fieldsOf('x', 'x'), person))).toBe('NOT_FOUND')
  valueOf(await checks.move(c.id, a.id, person))
  expect(await names()).toEqual(['c', 'a', 'b'])
  valueOf(await checks.move(c.id, null, person))
  expect(await names()).toEqual(['a', 'b', 'c'])
  expect(valueOf(await checks.update(b.id, { ...fieldsOf('B2', 'false'), isGate: true }, person))).toMatchObject({
    name: 'B2',
    isGate: true,
  })
  expect(codeOf(await checks.update(b.id, fieldsOf('a', 'false'), person))).toBe('NAME_TAKEN')
  valueOf(await checks.remove(b.id, person))
  expect(await names()).toEqual(['a', 'c'])
  for (const gone of [
    await checks.remove(b.id, person),
    await checks.update(b.id, fieldsOf('x', 'x'), person),
    await checks.move(b.id, null, person),
  ])
    expect(codeOf(gone)).toBe('NOT_FOUND')
  valueOf(await checks.restore(b.id, person))
  expect(valueOf(await checks.restore(b.id, person)).id).toBe(b.id)
  expect(await names()).toEqual(['a', 'B2', 'c'])
  valueOf(await checks.remove(a.id, person))
  await lab.add('a', 'other')
  expect(codeOf(await checks.restore(a.id, person))).toBe('NAME_TAKEN')
  expect(codeOf(await checks.restore(lab.kernel.newId('chx'), person))).toBe('NOT_FOUND')
})

it('proposes what the last commit of the main checkout says, and nothing that is being written there', async () => {
  const { lab: git, repo } = lab.yard
  await git.write(join(repo, 'package.json'), '{"scripts":{"test":"node --test"}}')
  const found = () => lab.app().checks.proposals(lab.projectId)
  expect(valueOf(await found())).toEqual([])
  await git.commitAll(repo, 'a script')
  await git.write(join(repo, 'package.json'), '{"scripts":{"lint":"evil"}}')
  await git.write(join(repo, 'Makefile'), 'test:\n')
  expect(valueOf(await found())).toEqual([
    { name: 'unit', command: 'npm test', timeLimitMs: 600_000, isGate: true, source: 'package.json' },
  ])
  await git.write(join(repo, 'package.json'), 'no json')
  await git.commitAll(repo, 'worse')
  expect(valueOf(await found()).map(({ source }) => source)).toEqual(['Makefile'])
})
