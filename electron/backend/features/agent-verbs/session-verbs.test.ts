import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openVerbLab, otherProject, type VerbLab } from '../../testing/verb-lab.ts'

let lab: VerbLab
beforeEach(async () => {
  lab = await openVerbLab()
})
afterEach(() => lab.close())

describe('who one is', () => {
  it('is known by the token, with all that is one’s own', async () => {
    await lab.does(lab.anna, 'tasks.create', { title: 'One' })
    await lab.does(lab.anna, 'claim')
    await lab.does(lab.anna, 'lease.acquire', { targets: ['src/**'] })
    await lab.does(lab.bert, 'mail.send', { to: ['@anna'], subject: 'Hi', body: 'x' })
    expect(await lab.does(lab.anna, 'whoami')).toMatchObject({
      ...lab.anna,
      name: 'Anna',
      agent: 'demo',
      branch: 'switchyard/anna',
      worktreePath: '/trees/anna',
      project: { name: 'app' },
      work: [{ task: { key: 'APP-1', by: 'Anna' }, attempt: { epoch: 1 } }],
      leases: ['src/**'],
      unreadMail: 1,
    })
    expect(await lab.does(lab.bert, 'whoami')).toMatchObject({ name: 'Bert', work: [], leases: [], unreadMail: 0 })
  })
})

describe('the peers', () => {
  it('are the others of the project that run, with what they do and say', async () => {
    await lab.add('Elsewhere', { project: otherProject })
    const gone = await lab.add('Gone')
    await lab.sessions.end(gone.sessionId)
    await lab.does(lab.bert, 'tasks.create', { title: 'One' })
    await lab.does(lab.bert, 'claim')
    await lab.does(lab.bert, 'lease.acquire', { targets: ['resource:port:1'] })
    await lab.does(lab.bert, 'report', { text: 'Reading\nthe parser' })
    await lab.does(lab.bert, 'report', { text: 'Writing\n the tests' })
    expect((await lab.does(lab.anna, 'peers')).peers).toEqual([
      {
        sessionId: lab.bert.sessionId,
        name: 'Bert',
        agent: 'demo',
        branch: 'switchyard/bert',
        activity: 'unknown',
        task: 'APP-1',
        leases: ['resource:port:1'],
        report: 'Writing the tests',
      },
    ])
    expect(await lab.kernel.database.read(lab.verbs.listReports)).toMatchObject([{ text: 'Writing the tests' }])
  })
})

describe('a question to the person', () => {
  it('goes to them with its options, under the id of its call', async () => {
    const answer = await lab.does(
      lab.anna,
      'ask-human',
      { question: 'Which?', options: ['Blue', 'Red'] },
      'toolu_01ABCDEF',
    )
    expect(answer).toMatchObject({ answer: 'Blue', seq: 1 })
    expect(lab.asked).toEqual([
      { question: 'Which?', options: ['Blue', 'Red'], requestId: 'toolu_01ABCDEF', wasAborted: false },
    ])
  })

  it('waits only as long as it says', async () => {
    const signals: AbortSignal[] = []
    lab.deps.asks.askPerson = async (_holder, _question, signal) => {
      signals.push(signal)
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      return { ok: true, value: { askId: lab.kernel.newId('ask'), answer: null, seq: 2 } }
    }
    expect(await lab.does(lab.anna, 'ask-human', { question: 'Which?', seconds: 0 })).toMatchObject({ answer: null })
    expect(signals).toHaveLength(1)
  })
})

describe('what happened', () => {
  it('is told in order, newest last, and goes on where it ended', async () => {
    await lab.does(lab.anna, 'tasks.create', { title: 'One' })
    const { seq } = await lab.does(lab.bert, 'report', { text: 'Hello' })
    const first = await lab.does(lab.anna, 'events.tail', { limit: 2 })
    expect(first.events.map(({ topic }) => topic)).toEqual(['tasks.changed', 'reports.changed'])
    expect(first.events[0]).toMatchObject({ payload: { key: 'APP-1', title: 'One', state: 'open', reason: null } })
    expect(first.last).toBe(seq)
    expect(await lab.does(lab.anna, 'events.tail', { after: first.last })).toEqual({ events: [], last: seq })
    await lab.does(lab.bert, 'claim')
    const next = await lab.does(lab.anna, 'events.tail', { after: first.last, limit: 1 })
    expect(next.events).toMatchObject([{ topic: 'attempts.changed' }])
    const rest = await lab.does(lab.anna, 'events.tail', { after: next.last })
    expect(rest.events.map(({ topic }) => topic)).toEqual(['tasks.changed'])
  })

  it('leaves out the mail of others, and shortens what is said of sessions', async () => {
    await lab.does(lab.bert, 'mail.send', { to: ['person'], subject: 'Secret', body: 'x' })
    await lab.sessions.change(lab.bert.sessionId, { prompt: 'A long prompt' })
    const { events } = await lab.does(lab.anna, 'events.tail')
    expect(JSON.stringify(events)).not.toMatch(/Secret|long prompt/)
    expect(events.at(-1)).toMatchObject({ topic: 'sessions.changed', payload: { title: 'Bert' } })
  })

  it('tells a refusal to the sessions of its project', async () => {
    await lab.refused(lab.bert, 'submit', { summary: 'x' })
    const stranger = await lab.add('Elsewhere', { project: otherProject })
    const isTold = async (who: typeof lab.anna) =>
      (await lab.does(who, 'events.tail')).events.some(({ topic }) => topic === 'refusals.recorded')
    expect([await isTold(lab.anna), await isTold(stranger)]).toEqual([true, false])
  })
})

describe('the doctor', () => {
  it('finds all well where it is', async () => {
    const { isWell, checks } = await lab.does(lab.anna, 'doctor')
    expect(checks.filter((check) => !check.isWell)).toEqual([])
    expect(isWell).toBe(true)
    expect(checks.map(({ name }) => name)).toEqual(['app', 'database', 'tasks', 'token', 'hooks', 'worktree'])
  })

  it('names what is not', async () => {
    lab.problems.push('Two edits were not checked.')
    await lab.sessions.end(lab.anna.sessionId)
    await lab.sessions.begin(lab.anna.sessionId)
    const { isWell, checks } = await lab.does(lab.anna, 'doctor')
    expect(isWell).toBe(false)
    expect(checks.filter((check) => !check.isWell).map(({ name, message }) => [name, message])).toEqual([
      ['token', 'A newer start of this session speaks for it now.'],
      ['hooks', 'Two edits were not checked.'],
    ])
  })

  it('sees a worktree that is gone', async () => {
    const [worktree] = await lab.folders.worktrees.list()
    lab.folders.lose(worktree!.id)
    const { checks } = await lab.does(lab.anna, 'doctor')
    expect(checks.find(({ name }) => name === 'worktree')).toMatchObject({
      isWell: false,
      message: 'Its folder is gone. Restore it.',
    })
  })
})
