import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CheckRun } from '../../../../shared/contract/checks.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { systemIdentity } from '../../kernel/identity.ts'
import { awaitFile, openCheckLab, person, type CheckLab } from '../../testing/check-lab.ts'
import { createLocalPty } from '../../testing/local-pty.ts'
import { codeOf, messageOf, valueOf } from '../worktrees/testing.ts'

const time = { now: 0 }
let lab: CheckLab
beforeEach(async () => {
  time.now = 1_700_000_000_000
  lab = await openCheckLab({ now: () => (time.now += 1) })
})
afterEach(() => lab[Symbol.asyncDispose]())

const oneOf = (runs: readonly CheckRun[]): CheckRun => {
  const [run] = runs
  if (!run) throw new Error('nothing runs')
  return run
}
const linesOf = (name: string) => readFileSync(lab.pathOf(name), 'utf8').trim().split('\n')

describe('a run in a worktree', () => {
  it('sees the work that is not committed, and says what it saw and what it came to', async () => {
    await lab.write('new.txt', 'new\n')
    await lab.add('there', 'cat new.txt; test -t 1')
    const run = await lab.ended(oneOf(await lab.run()).id)
    const [head, tree] = await Promise.all([
      lab.review.git('rev-parse', 'HEAD'),
      lab.review.git('rev-parse', 'HEAD^{tree}'),
    ])
    expect(run).toMatchObject({ state: { kind: 'passed' }, head, isExact: false, hasChanged: false, excerpt: [] })
    expect(run.tree).not.toBe(tree)
    expect(run.startedAt).toBeLessThan(run.endedAt ?? 0)
    expect(await lab.textOf(run.id)).toBe('new')
  })

  it('keeps the lines that say what is wrong, and the code', async () => {
    await lab.add('unit', `echo 'ok 1'; printf 'not ok 2 \\342\\200\\256two\\n'; exit 3`)
    const run = await lab.ended(oneOf(await lab.run()).id)
    expect(run.state).toEqual({ kind: 'failed', code: 3, signal: null })
    expect(run.isExact).toBe(true)
    expect(run.excerpt).toEqual(['not ok 2 ⟨U+202E⟩two'])
  })

  it('has the environment of tools, and says where it is', async () => {
    await lab.add('env', 'env; pwd')
    const run = await lab.ended(oneOf(await lab.run()).id)
    const text = (await lab.textOf(run.id)).split('\n')
    expect(text).toContain(`SWITCHYARD_WORKTREE=${lab.worktree.path}`)
    expect(text).toContain(`SWITCHYARD_ROOT=${lab.yard.repo}`)
    expect(text).toContain(`SWITCHYARD_BRANCH=${lab.worktree.branch}`)
    expect(text).toEqual(expect.arrayContaining(['SWITCHYARD_CHECK=env', 'CI=true', 'PAGER=cat', lab.worktree.path]))
    expect(text.some((line) => /TOKEN|GATEWAY/.test(line))).toBe(false)
  })

  it('was changed meanwhile when the files are others at its end', async () => {
    await lab.add('writes', 'echo more >> readme.md')
    const run = await lab.ended(oneOf(await lab.run()).id)
    expect(run).toMatchObject({ state: { kind: 'passed' }, isExact: true, hasChanged: true })
  })

  it('is one after the other in a folder, in the order of the checks', async () => {
    for (const name of ['a', 'b', 'c'])
      await lab.add(name, `echo ${name} >> ../order; sleep 0.05; echo ${name} >> ../order`)
    const runs = await lab.run()
    for (const { id } of runs) await lab.ended(id)
    expect(linesOf('../order')).toEqual(['a', 'a', 'b', 'b', 'c', 'c'])
  })

  it('is one of at most two over all folders', async () => {
    const check = await lab.add(
      'waits',
      `echo $$ >> ${join(lab.yard.lab.root, 'began')}; ${awaitFile(join(lab.yard.lab.root, 'go'))}`,
    )
    const others = [
      await lab.yard.make({ kind: 'new-branch', baseRef: null, branch: null }),
      await lab.yard.make({ kind: 'new-branch', baseRef: null, branch: null }),
    ]
    const ids = []
    for (const worktreeId of [lab.worktreeId, ...others.map(({ id }) => id)])
      ids.push(oneOf(valueOf(await lab.app().checks.run({ worktreeId, which: [check.id] }, person)).runs).id)
    const [first, second, third] = ids as [CheckRun['id'], CheckRun['id'], CheckRun['id']]
    await lab.isRunning(first)
    await lab.isRunning(second)
    expect((await lab.runOf(third))?.state.kind).toBe('queued')
    writeFileSync(join(lab.yard.lab.root, 'go'), '')
    for (const id of ids) expect((await lab.ended(id)).state.kind).toBe('passed')
    expect(lab.pty.started).toHaveLength(3)
  })

  it('is the one that runs or waits already, when it is asked for again', async () => {
    await lab.add('waits', awaitFile('../go'))
    await lab.add('later', 'true')
    const [first, later] = await lab.run()
    expect((await lab.run()).map(({ id }) => id)).toEqual([first?.id, later?.id])
    writeFileSync(lab.pathOf('../go'), '')
    await lab.ended(later?.id ?? oneOf([]).id)
    expect((await lab.run())[0]?.id).not.toBe(first?.id)
  })

  it('is chosen by what failed the last time', async () => {
    await lab.add('good', 'true')
    const bad = await lab.add('bad', 'false')
    for (const { id } of await lab.run()) await lab.ended(id)
    const again = await lab.run('failed')
    expect(again.map(({ checkId }) => checkId)).toEqual([bad.id])
    expect((await lab.ended(oneOf(again).id)).state.kind).toBe('failed')
  })

  it('says how long it takes by the last time it passed', async () => {
    const check = await lab.add('quick', 'true')
    const first = await lab.ended(oneOf(await lab.run()).id)
    expect(first.expectedMs).toBeNull()
    expect(oneOf(await lab.run([check])).expectedMs).toBe((first.endedAt ?? 0) - (first.startedAt ?? 0))
  })

  it('does not begin where the folder is gone, and says so', async () => {
    await lab.add('waits', awaitFile('../go'))
    await lab.add('later', 'true')
    const [first, later] = await lab.run()
    await lab.isRunning(first?.id ?? oneOf([]).id)
    await lab.review.git('worktree', 'remove', '--force', lab.worktree.path)
    writeFileSync(lab.pathOf('../go'), '')
    const ended = await lab.ended(later?.id ?? oneOf([]).id)
    expect(ended).toMatchObject({
      state: { kind: 'not-started', problem: expect.stringContaining('gone') },
      terminalId: null,
    })
    const again = await lab.app().checks.run({ worktreeId: lab.worktreeId, which: 'all' }, person)
    expect(codeOf(again)).toBe('WORKTREE_MISSING')
    expect(codeOf(await lab.app().checks.output(ended.id))).toBe('NOT_FOUND')
  })
})

describe('the end of a run that somebody wants', () => {
  it('comes with every process of it', async () => {
    await lab.add('waits', `echo $$ > ../pid; ${awaitFile('../never')}`)
    await lab.add('later', 'touch ../later')
    const [first, later] = await lab.run()
    const { id } = oneOf(first ? [first] : [])
    await lab.isRunning(id)
    await lab.until(async () => existsSync(lab.pathOf('../pid')) || lab.pty.started.length > 0)
    valueOf(await lab.app().checks.cancel(id, person))
    expect((await lab.ended(id)).state).toEqual({ kind: 'cancelled' })
    expect((await lab.ended(later?.id ?? id)).state.kind).toBe('passed')
  })

  it('comes at once while it waits, and changes nothing afterwards', async () => {
    await lab.add('waits', awaitFile('../go'))
    await lab.add('later', 'touch ../later')
    const [first, later] = await lab.run()
    const { id } = oneOf(later ? [later] : [])
    expect(valueOf(await lab.app().checks.cancel(id, person)).state).toEqual({ kind: 'cancelled' })
    writeFileSync(lab.pathOf('../go'), '')
    await lab.ended(first?.id ?? id)
    expect(valueOf(await lab.app().checks.cancel(id, person)).state).toEqual({ kind: 'cancelled' })
    // The next one of this folder begins after it would have.
    await lab.ended(oneOf(await lab.run()).id)
    expect(existsSync(lab.pathOf('../later'))).toBe(false)
    const nobody = lab.kernel.newId('run')
    expect(messageOf(await lab.app().checks.cancel(nobody, person))).toBe('This run is not kept any more.')
  })

  it('comes by itself when its time is over, also over a sleep that nobody noticed yet', async () => {
    await lab.add('slow', `echo begun; ${awaitFile('../never')}`, { timeLimitMs: 60_000 })
    // The clock stands beyond the limit from the first look on.
    await lab.restart({ lookForSuspend: async () => void (time.now += 60_000) })
    const run = await lab.ended(oneOf(await lab.run()).id)
    expect(run.state).toEqual({ kind: 'timed-out' })
    expect(valueOf(await lab.app().checks.output(run.id)).isCut).toBe(false)
  })

  it('is moved by time in which nothing could run', async () => {
    await lab.add('slow', awaitFile('../go'), { timeLimitMs: 60_000 })
    const credit = async () => {
      time.now += 120_000
      await lab.kernel.runCommand({ name: 'credit', by: systemIdentity }, async (context) => {
        await lab.app().checks.creditSuspend(context, 120_000)
        return ok(undefined)
      })
    }
    let looks = 0
    await lab.restart({ lookForSuspend: async () => void ((looks += 1) === 1 && (await credit())) })
    const { id } = oneOf(await lab.run())
    await lab.isRunning(id)
    await lab.until(async () => looks > 0)
    writeFileSync(lab.pathOf('../go'), '')
    expect((await lab.ended(id)).state.kind).toBe('passed')
  })
})

describe('runs over the end of the app', () => {
  it('go on, are followed again, and those that waited begin once', async () => {
    await lab.add('long', `echo long >> ../order; ${awaitFile('../go')}`)
    await lab.add('later', 'echo later >> ../order')
    const [long, later] = await lab.run()
    const [longId, laterId] = [oneOf(long ? [long] : []).id, oneOf(later ? [later] : []).id]
    await lab.isRunning(longId)
    await lab.restart()
    expect((await lab.runOf(longId))?.state.kind).toBe('running')
    writeFileSync(lab.pathOf('../go'), '')
    expect((await lab.ended(longId)).state.kind).toBe('passed')
    expect((await lab.ended(laterId)).state.kind).toBe('passed')
    expect(linesOf('../order')).toEqual(['long', 'later'])
  })

  it('are booked by how they ended while nobody looked', async () => {
    await lab.add('long', `${awaitFile('../go')}; echo the end; exit 7`)
    const { id } = oneOf(await lab.run())
    const { terminalId } = await lab.isRunning(id)
    await lab.until(async () => terminalId !== null && lab.pty.has(terminalId))
    await lab.app().close()
    writeFileSync(lab.pathOf('../go'), '')
    if (terminalId) await lab.pty.whenEnded(terminalId)
    await lab.restart()
    expect((await lab.ended(id)).state).toEqual({ kind: 'failed', code: 7, signal: null })
    expect(await lab.textOf(id)).toBe('the end')
  })

  it('are ended at the next start when that was wanted before', async () => {
    await lab.add('long', awaitFile('../never'))
    const { id } = oneOf(await lab.run())
    const { terminalId } = await lab.isRunning(id)
    await lab.until(async () => terminalId !== null && lab.pty.has(terminalId))
    await lab.app().close()
    valueOf(await lab.app().checks.cancel(id, person))
    await lab.restart()
    expect((await lab.ended(id)).state).toEqual({ kind: 'cancelled' })
  })

  it('are lost with their terminals, and say nothing of the files', async () => {
    await lab.add('long', awaitFile('../never'))
    const { id } = oneOf(await lab.run())
    await lab.isRunning(id)
    await lab.until(async () => lab.pty.started.length > 0)
    await lab.restart({}, createLocalPty().connect)
    expect(await lab.ended(id)).toMatchObject({ state: { kind: 'lost' }, excerpt: [] })
  })
})

it('belongs to the session of its worktree, so that it ends with it', async () => {
  const sessionId = lab.kernel.newId('ses')
  const row = { worktreeId: lab.worktreeId, lifecycle: 'running' }
  lab.sessions.push(
    { ...row, id: 'ses_0' as SessionId, lifecycle: 'archived' } as never,
    { ...row, id: sessionId } as never,
  )
  await lab.add('long', awaitFile('../never'))
  const { id } = oneOf(await lab.run())
  const { terminalId } = await lab.isRunning(id)
  const terminal = await lab.until(async () => {
    const found = terminalId && (await lab.kernel.database.read((tx) => lab.app().terminals.find(tx, terminalId)))
    return found?.state.kind === 'alive' && found
  })
  expect(terminal).toMatchObject({ kind: 'check', sessionId, cwd: lab.worktree.path })
  expect(codeOf(await lab.app().terminals.close(terminal.id))).toBe('BELONGS_TO_AGENT')
  await lab.app().terminals.remove(terminal.id)
  expect(['lost', 'failed']).toContain((await lab.ended(id)).state.kind)
})
