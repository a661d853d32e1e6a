import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CheckRun } from '../../../shared/contract/checks.ts'
import type { Worktree } from '../../../shared/contract/worktrees.ts'
import { openRouterLab, refusalOf, unknown, type RouterLab } from './testing.ts'

let lab: RouterLab
let worktree: Worktree
beforeAll(async () => {
  lab = await openRouterLab({}, { ANTHROPIC_API_KEY: 'secret', SOME_SECRET: 'secret', GOPATH: '/go' })
  const project = await lab.full.projects.open({ path: await lab.repository('work'), initialise: false })
  const made = await lab.full.sessions.create({
    projectId: project.id,
    title: 'Check me',
    prompt: null,
    agentId: 'demo',
    model: null,
    permissionMode: null,
    worktree: { kind: 'new-branch', baseRef: null, branch: null },
    requestId: 'request-checks',
  })
  const { worktreeId } = await lab.when(made.id, ({ runtime }) => runtime.kind === 'alive')
  worktree = await lab.full.worktrees.refresh({ worktreeId: worktreeId ?? unknown.worktree })
})
afterAll(() => lab.close())

const whenEnded = (run: CheckRun | undefined) =>
  lab.until(async () => {
    const found = run && (await lab.kernel.database.read((tx) => lab.features.checks.findRun(tx, run.id)))
    return found && found.endedAt !== null ? found : undefined
  })
const fields = { name: 'env', command: 'env; exit 1', timeLimitMs: 60_000, isGate: true }

it('lets a window define checks, run them in a worktree, read what they printed and what the gates say', async () => {
  const { projectId, id: worktreeId } = worktree
  const check = await lab.full.checks.add({ projectId, fields })
  expect((await refusalOf(lab.full.checks.add({ projectId, fields })))?.code).toBe('NAME_TAKEN')
  const [run] = await lab.full.checks.run({ worktreeId, which: 'all' })
  const ended = await whenEnded(run)
  expect(ended).toMatchObject({ checkId: check.id, state: { kind: 'failed', code: 1 } })
  const viewer = lab.as('view')
  const { text } = await viewer.checks.output({ runId: ended.id })
  expect(text).toContain('SWITCHYARD_CHECK=env')
  expect(text).toContain('GOPATH=/go')
  // Neither the keys of agents nor what nobody named, and none of the session's own.
  expect(text).not.toMatch(/secret|SWITCHYARD_TOKEN|GATEWAY/)
  expect(await viewer.checks.history({ checkId: check.id, worktreeId })).toMatchObject([{ id: ended.id }])
  expect(await viewer.checks.gates({ worktreeId })).toMatchObject({ kind: 'failing', head: worktree.headSha })
  expect(await lab.full.checks.cancel({ runId: ended.id })).toEqual(ended)
  expect((await refusalOf(viewer.checks.run({ worktreeId, which: 'all' })))?.code).toBe('FORBIDDEN')
  await lab.full.checks.remove({ checkId: check.id })
  expect((await refusalOf(lab.full.checks.run({ worktreeId, which: 'all' })))?.code).toBe('NO_CHECKS')
  expect(await lab.full.checks.restore({ checkId: check.id })).toEqual(check)
  writeFileSync(join(lab.folder, 'work', 'Makefile'), 'test:\n')
  expect(await viewer.checks.proposals({ projectId })).toEqual([])
})

it('lets an agent run them in its own worktree, wait for them and read what they came to', async () => {
  const { projectId } = worktree
  const fieldsOf = (name: string, command: string) => ({ name, command, timeLimitMs: 60_000, isGate: true })
  const [good] = [
    await lab.full.checks.add({ projectId, fields: fieldsOf('good', 'test -e readme.md') }),
    await lab.full.checks.add({ projectId, fields: fieldsOf('bad', "echo 'FAIL it'; exit 2") }),
  ]
  const [session] = await lab.kernel.database.read(lab.features.sessions.list)
  const sessionId = session?.id ?? unknown.session
  const owner = await lab.kernel.database.read((tx) => lab.features.sessions.findOwner(tx, sessionId as never))
  const holder = { sessionId, incarnationId: owner?.incarnationId } as never
  const run = async (name: string, input: object) => {
    const signal = new AbortController().signal
    const answer = await lab.features.verbs.runVerb(holder, { name, input, requestId: null, signal })
    return answer.ok ? answer.value : answer.refusal
  }
  const line = { isGate: true, sawCommit: worktree.headSha, sawUncommitted: false, seconds: expect.any(Number) }
  expect(await run('gates.run', { names: ['bad', 'good'] })).toMatchObject({
    isDone: true,
    checks: [
      { ...line, name: 'good', state: 'passed', exitCode: 0, excerpt: [] },
      { ...line, name: 'bad', state: 'failed', exitCode: 2, excerpt: ['FAIL it'] },
    ],
  })
  expect(await run('gates.status', { names: ['bad'] })).toMatchObject({
    state: 'failing',
    checks: [{ state: 'failed' }],
  })
  await lab.full.checks.remove({ checkId: good.id })
  expect(await run('gates.run', { names: ['good'] })).toMatchObject({ code: 'NOT_FOUND' })
})

it('keeps a project from being forgotten while one runs, and forgets them with it', async () => {
  const { projectId, id: worktreeId } = worktree
  const check = await lab.full.checks.add({ projectId, fields: { ...fields, name: 'long', command: 'sleep 600' } })
  const [run] = await lab.full.checks.run({ worktreeId, which: [check.id] })
  for (const session of await lab.kernel.database.read(lab.features.sessions.list)) {
    await lab.full.sessions.stop({ sessionId: session.id })
    await lab.when(session.id, ({ runtime }) => runtime.kind === 'exited')
  }
  expect((await refusalOf(lab.full.projects.forget({ projectId })))?.code).toBe('HAS_LIVE_SESSIONS')
  await lab.full.checks.cancel({ runId: run?.id ?? unknown.run })
  expect((await whenEnded(run)).state.kind).toBe('cancelled')
  await lab.full.projects.forget({ projectId })
  expect(await lab.kernel.database.read(lab.features.checks.listShown)).toEqual({ checks: [], checkRuns: [] })
})
