import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Attempt } from '../../../../shared/contract/task-rows.ts'
import { openDatabase, type Database } from '../../db/database.ts'
import type { Tx } from '../../db/tx.ts'
import { createClock, createNewId } from '../../kernel/clock.ts'
import { createCommandRunner } from '../../kernel/run-command.ts'
import { createTestKernel, type TestKernel } from '../../kernel/testing.ts'
import { expireAttempt } from './expire-attempt.ts'
import { codeOf, createTaskLab, person, speakerAt, startWish, valueOf, type TaskLab } from './testing/task-lab.ts'

class Killed extends Error {
  override readonly name = 'Killed'
}

/**
 * The process dies at one call to the database, before it or after it. What the files hold at that moment is copied away:
 * a killed process writes nothing more, and what it had open is not closed. Point 0 never dies.
 */
interface Death {
  point: number
  readonly when: 'before' | 'after'
  readonly into: string
}

const files = ['switchyard.db', 'switchyard.db-wal']
const copyFiles = (from: string, to: string) => {
  for (const name of files) if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name))
}

const dying = (kernel: TestKernel, death: Death) => {
  let calls = 0
  let isDead = false
  const around = <Value>(act: () => Value): Value => {
    if (isDead) throw new Killed()
    calls += 1
    const isHere = death.point === calls
    const die = () => {
      copyFiles(kernel.directory, death.into)
      isDead = true
      throw new Killed()
    }
    if (isHere && death.when === 'before') die()
    const value = act()
    if (isHere) die()
    return value
  }
  const { database } = kernel
  const writer: Tx = {
    get: async (sql, ...values) => around(() => database.writer.get(sql, ...values)),
    all: async (sql, ...values) => around(() => database.writer.all(sql, ...values)),
    run: async (sql, ...values) => around(() => database.writer.run(sql, ...values)),
  }
  const wrapped: Database = { ...database, writer, exec: (sql) => around(() => database.exec(sql)) }
  const { runCommand } = createCommandRunner({ ...kernel, database: wrapped, publish: () => undefined })
  return { runCommand, calls: () => calls }
}

/** A kernel on what a killed process left. */
const kernelOn =
  (directory: string) =>
  (now: () => number): TestKernel => {
    const database = openDatabase(join(directory, 'switchyard.db'))
    const clock = createClock(now)
    const newId = createNewId(clock)
    const changes: TestKernel['changes'] = []
    const publish = (committed: TestKernel['changes']) => void changes.push(...committed)
    const { runCommand, whenIdle } = createCommandRunner({ database, clock, newId, publish: publish as never })
    const close = async () => {
      await whenIdle()
      database.close()
    }
    return { directory, database, clock, newId, runCommand, changes, onCommit: () => () => undefined, close }
  }

/** Everything a command may leave behind, without the ids that differ from run to run. */
const stateOf = (lab: TaskLab) =>
  lab.kernel.database.read(async (tx) => ({
    tasks: await tx.all('SELECT key, state, claim_epoch, failed_attempts, retry_at, rev FROM tasks'),
    attempts: await tx.all('SELECT number, epoch, state, head_sha, outcome, died_at, rev FROM attempts'),
    events: await tx.all('SELECT seq, topic, command FROM events'),
    intents: await tx.all('SELECT kind, state FROM intents'),
    answers: await tx.all('SELECT command FROM answers'),
  }))

interface Deed {
  /** Brings a fresh lab to the moment before; answers the attempt the deed is about. */
  prepare(lab: TaskLab): Promise<Attempt | null>
  act(lab: TaskLab, attempt: Attempt | null): Promise<unknown>
  /** What the same request is answered once it has happened. */
  readonly again: string
}

const claimOf = (lab: TaskLab) =>
  lab.kernel.database.read((tx) => tx.get<{ id: string }>('SELECT id FROM tasks')).then((row) => row!.id as never)
const claim: Deed = {
  prepare: async (lab) => {
    await lab.create()
    return null
  },
  act: async (lab) =>
    codeOf(await lab.tasks.claim({ kind: 'task', taskId: await claimOf(lab) }, speakerAt(1), 'the-request')),
  again: 'ok',
}
const refusedClaim: Deed = {
  prepare: async (lab) => valueOf(await lab.claim(await lab.create(), speakerAt(2))).attempt,
  act: claim.act,
  again: 'ALREADY_CLAIMED',
}
const submission = { headSha: 'a'.repeat(40), summary: 'Done.' }
const submit: Deed = {
  prepare: async (lab) => valueOf(await lab.claim(await lab.create())).attempt,
  act: async (lab, attempt) =>
    codeOf(await lab.tasks.submit({ ...lab.word(attempt!), requestId: 'the-request' }, submission)),
  again: 'ok',
}
const lateSubmit: Deed = {
  prepare: async (lab) => {
    const task = await lab.create()
    const { attempt } = valueOf(await lab.claim(task))
    await expireAttempt(lab.deps, attempt, { kind: 'dead', how: 'Gone.', wasAsked: true })
    valueOf(await lab.claim(task, speakerAt(2)))
    return attempt
  },
  act: submit.act,
  again: 'STALE_EPOCH',
}
const expire: Deed = {
  prepare: submit.prepare,
  act: async (lab, attempt) =>
    (await expireAttempt(lab.deps, attempt!, { kind: 'dead', how: 'Gone.', wasAsked: false })) ? 'ok' : 'not again',
  again: 'not again',
}

const start: Deed = {
  prepare: async (lab) => {
    await lab.create({ state: 'draft' })
    return null
  },
  act: async (lab) => {
    const task = await lab.find(await claimOf(lab))
    return codeOf(await lab.tasks.startSession(startWish(task, 'the-request'), person))
  },
  again: 'ok',
}

const left: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of left.splice(0)) await end()
})

const openLab = (kernelOf?: Parameters<typeof createTaskLab>[0]) => {
  const lab = createTaskLab(kernelOf)
  left.push(() => lab.kernel.close())
  return lab
}

/** Runs a deed that dies at a point; answers the directory it left and whether it died. */
const runDying = async (deed: Deed, death: Omit<Death, 'into'>) => {
  const into = mkdtempSync(join(tmpdir(), 'switchyard-killed-'))
  left.push(async () => rmSync(into, { recursive: true, force: true }))
  const lab = openLab(createTestKernel)
  const attempt = await deed.prepare(lab)
  const { runCommand, calls } = dying(lab.kernel, { ...death, into })
  const before = lab.deps.runCommand
  Object.assign(lab.deps, { runCommand })
  const outcome = await deed.act(lab, attempt).then(
    () => 'lived',
    (error: unknown) => (error instanceof Killed ? 'died' : String(error)),
  )
  Object.assign(lab.deps, { runCommand: before })
  return { lab, attempt, into, outcome, calls: calls() }
}

describe.each<[string, Deed]>([
  ['a claim', claim],
  ['a refused claim', refusedClaim],
  ['a submission', submit],
  ['a submission that comes too late', lateSubmit],
  ['an expiry', expire],
  ['a session started on it', start],
])('%s, killed at any call to the database', (_name, deed) => {
  it('has happened or has not, and happens once when it is asked for again', async () => {
    const whole = await runDying(deed, { point: 0, when: 'before' })
    expect(whole.outcome).toBe('lived')
    const after = await stateOf(whole.lab)
    const untouched = openLab(createTestKernel)
    await deed.prepare(untouched)
    const before = await stateOf(untouched)
    expect(whole.calls).toBeGreaterThanOrEqual(7)

    const found: string[] = []
    for (let point = 1; point <= whole.calls; point++) {
      for (const when of ['before', 'after'] as const) {
        const { attempt, into, outcome } = await runDying(deed, { point, when })
        expect(outcome).toBe('died')
        const next = openLab(kernelOn(into))
        const state = await stateOf(next)
        const hasHappened = JSON.stringify(state) === JSON.stringify(after)
        if (!hasHappened) expect(state).toEqual(before)
        found.push(hasHappened ? 'after' : 'before')

        const answer = await deed.act(next, attempt)
        expect(answer).toBe(hasHappened ? deed.again : deed === expire ? 'ok' : deed.again)
        expect(await stateOf(next)).toEqual(after)
      }
    }
    // Nothing is there until the commit, which is the last call of all, has returned.
    expect(found).toEqual([...Array(2 * whole.calls - 1).fill('before'), 'after'])
  })
})
