import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MessagePriority } from '../../../../shared/contract/mail.ts'
import { openHookLab, type HookLab } from '../../testing/hook-lab.ts'
import { projectId } from '../../testing/verb-lab.ts'

let lab: HookLab
beforeEach(async () => {
  lab = await openHookLab()
})
afterEach(() => lab.close())

const send = (body: string, priority: MessagePriority = 'normal') =>
  lab.does(lab.anna, 'mail.send', { to: ['@bert'], subject: 'News', body, priority })
const deliveries = async () => (await lab.kernel.database.read(lab.mail.newest)).deliveries
const bash = { tool_name: 'Bash', tool_input: { command: 'ls' }, tool_use_id: 'toolu_1' }
const inSubagent = { agent_id: 'a1', agent_type: 'general-purpose' }

describe('the start of a conversation', () => {
  it.each(['startup', 'resume', 'clear', 'compact'])('by %s is told its task, and the mail', async (source) => {
    await lab.does(lab.bert, 'tasks.create', { title: 'Fix it', body: 'Like this.' })
    await lab.does(lab.bert, 'claim')
    await lab.does(lab.bert, 'checkpoint', { summary: 'Half done' })
    await send('Careful with the parser')
    const { context } = await lab.hook(lab.bert, 'SessionStart', { source })
    expect(context).toContain('## Your task: APP-1 Fix it')
    expect(context).toContain('> Like this.')
    expect(context).toContain('> Half done')
    expect(context).toContain('| Careful with the parser')
    expect(context!.length).toBeLessThanOrEqual(8000)
  })

  it('acknowledges the attempt', async () => {
    await lab.does(lab.bert, 'tasks.create', { title: 'Fix it' })
    await lab.does(lab.bert, 'claim')
    await lab.hook(lab.bert, 'SessionStart', { source: 'startup' })
    await lab.settle()
    expect((await lab.does(lab.anna, 'tasks.show', { task: 'APP-1' })).attempts[0]?.state).toBe('running')
  })

  it('says nothing where there is nothing to say', async () => {
    expect((await lab.hook(lab.bert, 'SessionStart', { source: 'startup' })).body).toEqual({})
  })

  it('does not repeat the task that is its prompt', async () => {
    await lab.does(lab.bert, 'tasks.create', { title: 'Fix it', body: 'Like this.' })
    await lab.does(lab.bert, 'claim')
    await lab.sessions.change(lab.bert.sessionId, { prompt: '# APP-1: Fix it\n\nLike this.' })
    const fresh = await lab.hook(lab.bert, 'SessionStart', { source: 'startup' })
    expect(fresh.context).toContain('APP-1 Fix it')
    expect(fresh.context).not.toContain('Like this.')
    expect((await lab.hook(lab.bert, 'SessionStart', { source: 'compact' })).context).toContain('> Like this.')
  })
})

describe('mail', () => {
  it.each([
    ['UserPromptSubmit', { prompt: 'Go on' }],
    ['PostToolUse', bash],
  ])('comes with %s, once', async (event, fields) => {
    await send('Careful')
    expect((await lab.hook(lab.bert, event, fields)).context).toContain('| Careful')
    expect((await lab.hook(lab.bert, event, fields)).body).toEqual({})
  })

  it('is told when it has left, and seen when the agent went on', async () => {
    await send('Careful')
    await lab.hook(lab.bert, 'UserPromptSubmit', {}, false)
    expect(await deliveries()).toMatchObject([{ state: 'leased', injectedAt: null, seenAt: null }])
    lab.clock.now += 120_000
    const again = await lab.hook(lab.bert, 'UserPromptSubmit')
    expect(again.context).toContain('| Careful')
    expect(await deliveries()).toMatchObject([{ state: 'injected', seenAt: null }])
    await lab.hook(lab.bert, 'PreToolUse', bash)
    expect((await deliveries())[0]?.seenAt).toBe(lab.clock.now)
  })

  it('is not told to a helper, whose going on proves nothing either', async () => {
    await send('Careful')
    expect((await lab.hook(lab.bert, 'PostToolUse', { ...bash, ...inSubagent })).body).toEqual({})
    await lab.hook(lab.bert, 'PostToolUse', bash)
    await lab.hook(lab.bert, 'PreToolUse', { ...bash, ...inSubagent })
    expect(await deliveries()).toMatchObject([{ state: 'injected', seenAt: null }])
  })

  it('is not told with a refusal', async () => {
    await send('Careful')
    const { body, refusal } = await lab.command(lab.bert, 'rm -rf ../anna')
    expect(refusal).not.toBeNull()
    expect(JSON.stringify(body)).not.toContain('Careful')
  })
})

describe('the end of a turn', () => {
  it('is put off by urgent mail alone', async () => {
    await send('Later')
    expect((await lab.hook(lab.bert, 'Stop', { stop_hook_active: false })).body).toEqual({})
    await send('Stop at once', 'urgent')
    const { context } = await lab.hook(lab.bert, 'Stop', { stop_hook_active: false })
    expect(context).toContain('| Stop at once')
    expect(context).toContain('| Later')
    expect((await lab.hook(lab.bert, 'Stop', { stop_hook_active: false })).body).toEqual({})
  })

  it('is put off once: an agent that was told to go on may end', async () => {
    await send('Stop at once', 'urgent')
    expect((await lab.hook(lab.bert, 'Stop', { stop_hook_active: true })).body).toEqual({})
  })
})

describe('a conversation that is about to be summed up', () => {
  it.each([
    ['manual', true],
    ['auto', false],
  ])('(%s) is told as an event, once', async (trigger, isAsked) => {
    await lab.hook(lab.bert, 'PreCompact', { trigger })
    const told = lab.kernel.changes.flatMap((change) =>
      change.topic === 'compactions.recorded' ? [change.payload] : [],
    )
    expect(told).toEqual([{ sessionId: lab.bert.sessionId, projectId, isAsked }])
  })
})

describe('what is said of a team', () => {
  const alice = { teammate_name: 'alice', team_name: 'session-11111111' }

  it('is passed on, and answered with nothing', async () => {
    const answers = [
      await lab.hook(lab.bert, 'TeammateIdle', alice),
      await lab.hook(lab.bert, 'TaskCreated', { ...alice, task_id: '1' }),
      await lab.hook(lab.bert, 'SubagentStart', { agent_id: 'aalice-1', agent_type: 'alice' }),
    ]
    expect(answers.map(({ body }) => body)).toEqual([{}, {}, {}])
    expect(lab.toldTeams.map(({ kind }) => kind)).toEqual(['teammate-idle', 'team-changed', 'subagent-started'])
  })
})

describe('a teammate', () => {
  it('proves nothing of what its leader was told', async () => {
    await send('Careful')
    await lab.hook(lab.bert, 'UserPromptSubmit')
    await lab.hook(lab.bert, 'TeammateIdle', { teammate_name: 'alice', agent_id: 'aalice-1', agent_type: 'alice' })
    await lab.hook(lab.bert, 'TaskCompleted', { task_id: '1', agent_id: 'aalice-1', agent_type: 'alice' })
    expect(await deliveries()).toMatchObject([{ state: 'injected', seenAt: null }])
    await lab.hook(lab.bert, 'TaskCreated', { task_id: '2' })
    expect((await deliveries())[0]?.seenAt).toBe(lab.clock.now)
  })

  const begin = (agent_id: string, agent_type: string) => lab.hook(lab.bert, 'SubagentStart', { agent_id, agent_type })
  const subagents = async () => (await lab.kernel.database.read(lab.hooks.listSubagents)).map(({ type }) => type)

  it('is no subagent, though each of its turns is told as one', async () => {
    await begin('aalice-1', 'alice')
    expect(await subagents()).toEqual([])
    await begin('a1', 'Explore')
    expect(await subagents()).toEqual(['Explore'])
  })

  it('that was taken for a subagent at first ends as one', async () => {
    await begin('abob-1', 'bob')
    await lab.hook(lab.bert, 'SubagentStop', { agent_id: 'abob-1', agent_type: 'bob' })
    expect(await subagents()).toEqual([])
  })
})

describe('a summary of the conversation', () => {
  it('is a checkpoint of what the agent works on', async () => {
    const compact_summary = '<analysis>thoughts</analysis><summary>The cause is in read.ts.</summary>'
    await lab.hook(lab.bert, 'PostCompact', { trigger: 'auto', compact_summary })
    await lab.does(lab.bert, 'tasks.create', { title: 'Fix it' })
    await lab.does(lab.bert, 'claim')
    await lab.hook(lab.bert, 'PreCompact', { trigger: 'auto' })
    await lab.hook(lab.bert, 'PostCompact', { trigger: 'auto', compact_summary })
    await lab.hook(lab.bert, 'PostCompact', { trigger: 'auto', compact_summary: '' })
    const { checkpoints } = await lab.does(lab.anna, 'tasks.show', { task: 'APP-1' })
    expect(checkpoints).toHaveLength(1)
    expect(checkpoints[0]?.summary).toContain('own summary')
    expect(checkpoints[0]?.summary).toContain('The cause is in read.ts.')
    expect(checkpoints[0]?.summary).not.toContain('thoughts')
  })
})

describe('helpers of an agent', () => {
  const running = async () => (await lab.kernel.database.read(lab.hooks.listSubagents)).map(({ id }) => id)
  const told = () =>
    lab.kernel.changes.flatMap(({ topic, payload }) => (topic === 'subagents.changed' ? [payload] : []))

  it('are known from their start to their end', async () => {
    await lab.hook(lab.bert, 'SubagentStart', inSubagent)
    expect(await running()).toEqual(['a1'])
    await lab.hook(lab.bert, 'SubagentStop', { ...inSubagent, last_assistant_message: 'Found it. '.repeat(100) })
    expect(await running()).toEqual([])
    expect(told()).toMatchObject([
      { sessionId: lab.bert.sessionId, id: 'a1', type: 'general-purpose', endedAt: null, result: null },
      { id: 'a1', endedAt: lab.clock.now, result: expect.stringMatching(/^Found it/) as unknown },
    ])
    expect(told()[1]?.result?.length).toBe(500)
  })

  it('end with the process they were in', async () => {
    await lab.hook(lab.bert, 'SubagentStart', inSubagent)
    await lab.hook(lab.anna, 'SubagentStart', { ...inSubagent, agent_id: 'a2' })
    await lab.hook(lab.bert, 'SessionStart', { source: 'compact' })
    expect(await running()).toEqual(['a1', 'a2'])
    await lab.hook(lab.bert, 'SessionStart', { source: 'resume' })
    expect(await running()).toEqual(['a2'])
  })

  it('that nobody saw begin are not told to end', async () => {
    await lab.hook(lab.bert, 'SubagentStop', inSubagent)
    expect(told()).toEqual([])
  })
})

describe('an idle agent', () => {
  const idle = { kind: 'idle', reason: null, evidence: { source: 'hook', detail: 'Stop' }, at: 1 } as const
  const wokenBy = () => lab.woken.map(({ text }) => /^\| (.*)$/m.exec(text)?.[1])
  const until = (holds: () => boolean) => vi.waitUntil(holds, { timeout: 60_000 })

  it('is woken by mail, once for what comes together, and has it then', async () => {
    await send('One')
    await send('Two')
    await until(() => lab.woken.length > 0)
    await lab.settle()
    expect(lab.woken).toHaveLength(1)
    expect(lab.woken[0]).toMatchObject({
      who: lab.bert,
      text: expect.stringMatching(/\| One[^]*\| Two|\| Two[^]*\| One/) as unknown,
    })
    await until(() => lab.kernel.changes.filter(({ topic }) => topic === 'deliveries.changed').length >= 6)
    expect((await deliveries()).map(({ state }) => state)).toEqual(['injected', 'injected'])
    expect((await lab.hook(lab.bert, 'UserPromptSubmit')).body).toEqual({})
  })

  it('is left alone by what is for later, and by mail to others', async () => {
    await send('Some day', 'low')
    await lab.does(lab.bert, 'mail.send', { to: ['@anna', 'person'], subject: 'x', body: 'Other' })
    await until(() => lab.woken.length > 0)
    expect(wokenBy()).toEqual(['Other'])
    expect(lab.woken[0]?.who).toEqual(lab.anna)
  })

  it('gets by its next hook what it could not be woken with', async () => {
    lab.refuseToWake()
    await send('Careful')
    await lab.hooks.wakeIdle()
    expect(await deliveries()).toMatchObject([{ state: 'queued' }])
    expect((await lab.hook(lab.bert, 'UserPromptSubmit')).context).toContain('| Careful')
  })

  it('is looked after when it ended its turn by itself, and not when it was interrupted', async () => {
    await send('Some day', 'low')
    await lab.hook(lab.bert, 'SessionStart', { source: 'startup' }, false)
    await send('Careful')
    await until(() => lab.woken.length > 0)
    lab.woken.length = 0
    lab.clock.now += 120_000
    const interrupted = { ...idle, evidence: { source: 'status-file', detail: 'idle' } } as const
    await lab.sessions.change(lab.bert.sessionId, { activity: interrupted })
    await lab.hooks.wakeIdle()
    expect(lab.woken).toEqual([])
    await lab.sessions.change(lab.bert.sessionId, { activity: idle })
    await lab.hooks.wakeIdle()
    expect(lab.woken.length).toBeGreaterThan(0)
  })
})
