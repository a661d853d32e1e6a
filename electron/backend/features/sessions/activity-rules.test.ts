import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AskId } from '../../../../shared/lib/ids.ts'
import type { HookFact, ToolCall } from '../../adapters/agents/observation-rules.ts'
import { activityOf, newWatch, observe, settledMs, type Observation, type Watch } from './activity-rules.ts'

let made = 0
const newAskId = () => `ask_${String((made += 1)).padStart(26, '0')}` as AskId

const call = (toolUseId: string | null, worker = 'main', toolName = 'Bash', print = 'p'): ToolCall => ({
  worker,
  toolUseId,
  toolName,
  print,
})
const hook = (fact: HookFact, evidence: string = fact.kind): Observation => ({ kind: 'hook', fact, evidence })
const asked = (of: ToolCall = call(null)): Observation =>
  hook({
    kind: 'asked',
    call: of,
    detail: { kind: 'permission', toolName: of.toolName, subject: 'ls', description: null, edit: null, wider: [] },
    canAnswerHere: true,
  })
const status = (word: 'idle' | 'busy' | 'waiting', changedAt: number, readAt = changedAt + 20): Observation => ({
  kind: 'status',
  reading: { status: word, waitingFor: word === 'waiting' ? 'permission prompt' : null, changedAt, readAt },
})
const turnBegan = hook({ kind: 'turn-began' }, 'UserPromptSubmit')
const turnEnded = hook({ kind: 'turn-ended', othersWork: false }, 'Stop')

/** Plays observations, each at its own time, and answers the last state with everything that changed on the way. */
const play = (...steps: readonly (readonly [number, Observation])[]) => playFrom(newWatch(0), ...steps)
const playFrom = (start: Watch, ...steps: readonly (readonly [number, Observation])[]) => {
  let watch = start
  const changes = []
  for (const [at, observation] of steps) {
    const observed = observe(watch, observation, at, newAskId)
    watch = observed.watch
    changes.push(...observed.changes)
  }
  return { watch, changes, activity: activityOf(watch), asks: watch.asks }
}
const kindAfter = (...steps: readonly (readonly [number, Observation])[]) => play(...steps).activity.kind

describe('the activity', () => {
  it('is unknown until the agent says something', () => {
    expect(play().activity).toMatchObject({ kind: 'unknown', evidence: { source: 'process' } })
  })

  it('is idle once the session has started, and not when the start is heard after the first prompt', () => {
    const started = hook({ kind: 'session-started', how: 'started' })
    expect(kindAfter([1, started])).toBe('idle')
    expect(kindAfter([1, turnBegan], [2, started])).toBe('working')
    expect(kindAfter([1, turnBegan], [2, hook({ kind: 'session-started', how: 'cleared' })])).toBe('idle')
    expect(kindAfter([1, turnBegan], [2, hook({ kind: 'session-started', how: 'compacted' })])).toBe('working')
  })

  describe('of an agent that was given a prompt at its start', () => {
    const started = hook({ kind: 'session-started', how: 'started' })
    const given = (...steps: readonly (readonly [number, Observation])[]) => playFrom(newWatch(0, true), ...steps)
    const kindOf = (...steps: readonly (readonly [number, Observation])[]) => given(...steps).activity.kind

    it('is working from its first word on, because the prompt is there, and never idle in between', () => {
      expect(given().activity.kind).toBe('unknown')
      const { activity } = given([1, started])
      expect(activity).toEqual({
        kind: 'working',
        reason: null,
        evidence: { source: 'person', detail: 'Prompt given at start' },
        at: 1,
      })
      expect(kindOf([1, started], [2, status('idle', 2)])).toBe('working')
      expect(kindOf([1, started], [2, status('idle', 2)], [9, turnBegan])).toBe('working')
    })

    it('is what the first hook says after that, and the prompt says nothing any more', () => {
      expect(kindOf([1, started], [2, turnBegan], [3, status('idle', 3)])).toBe('idle')
      expect(kindOf([1, started], [2, turnBegan], [9, turnEnded])).toBe('idle')
      expect(kindOf([1, turnBegan], [2, turnEnded], [3, { kind: 'prompt-unheard' }])).toBe('idle')
      expect(kindOf([1, hook({ kind: 'session-started', how: 'cleared' })])).toBe('idle')
    })

    it('is idle when its own file still says so once everything has settled', () => {
      expect(kindOf([1, started], [1 + settledMs, status('idle', 1, 1 + settledMs)])).toBe('idle')
      expect(kindOf([1, started], [5, status('busy', 5)], [9, status('idle', 9)])).toBe('idle')
    })

    it('is unknown when nothing was heard of the prompt for too long', () => {
      const { activity } = given([1, started], [99, { kind: 'prompt-unheard' }])
      expect(activity).toMatchObject({ kind: 'unknown', evidence: { source: 'process' }, at: 99 })
      expect(kindOf([1, started], [2, turnBegan], [99, { kind: 'prompt-unheard' }])).toBe('working')
    })
  })

  it('keeps the evidence and time of what began the state', () => {
    const { activity } = play([5, turnBegan], [9, hook({ kind: 'tool-began', call: call('t1') }, 'PreToolUse: Bash')])
    expect(activity).toEqual({
      kind: 'working',
      reason: null,
      evidence: { source: 'hook', detail: 'UserPromptSubmit' },
      at: 5,
    })
  })

  it('stays working at the end of a turn while subagents work', () => {
    expect(kindAfter([1, turnBegan], [2, hook({ kind: 'turn-ended', othersWork: true })])).toBe('working')
    expect(kindAfter([1, turnBegan], [2, turnEnded])).toBe('idle')
  })
})

describe('a permission', () => {
  it('needs the person, with a reason, its evidence and since when', () => {
    const { activity, changes } = play([1, turnBegan], [7, asked()])
    expect(activity).toMatchObject({ kind: 'needs-you', reason: 'Permission to run a command', at: 7 })
    expect(changes.map((change) => change.kind)).toEqual(['opened'])
  })

  it('is closed by the end of its own call, and not by that of another', () => {
    const began = (id: string, print: string) => hook({ kind: 'tool-began', call: call(id, 'main', 'Bash', print) })
    const steps = [
      [1, began('a', 'first')],
      [2, began('b', 'second')],
      [3, asked(call(null, 'main', 'Bash', 'first'))],
    ] as const
    const ended = (id: string) => hook({ kind: 'tool-ended', call: call(id) })
    expect(kindAfter(...steps, [4, ended('b')])).toBe('needs-you')
    const { activity, changes } = play(...steps, [4, ended('a')])
    expect(activity.kind).toBe('working')
    expect(changes.at(-1)).toMatchObject({
      kind: 'closed',
      state: { kind: 'answered', by: 'terminal', answer: 'Allowed' },
    })
  })

  it('is closed by Escape, which no hook tells: the status file says idle', () => {
    const { activity, changes } = play(
      [1, turnBegan],
      [10, asked()],
      [12, status('waiting', 11)],
      [20, status('idle', 19)],
    )
    expect(activity).toMatchObject({ kind: 'idle', evidence: { source: 'status-file' } })
    expect(changes.at(-1)).toMatchObject({ kind: 'closed', state: { answer: 'Declined' } })
  })

  it('is not closed by a status from before it', () => {
    expect(kindAfter([10, asked()], [11, status('idle', 5)])).toBe('needs-you')
    expect(kindAfter([10, asked()], [11, status('busy', 9)])).toBe('needs-you')
  })

  it('is closed by an older idle status that still stands when everything has settled', () => {
    expect(kindAfter([10, asked()], [10 + settledMs, status('idle', 9, 10 + settledMs)])).toBe('idle')
  })

  it('is closed when the session is busy again, where it is the only one', () => {
    expect(kindAfter([10, asked()], [30, status('busy', 29)])).toBe('working')
    const other = asked(call(null, 'main', 'Write'))
    expect(play([10, asked()], [11, other], [30, status('busy', 29)]).asks).toHaveLength(2)
  })

  it('of a subagent stays open while the session is busy, and closes with the step of the subagent', () => {
    const ask = asked(call(null, 'agent-1'))
    const late = 10 + 2 * settledMs
    expect(kindAfter([10, ask], [late, status('busy', 5, late)])).toBe('needs-you')
    expect(kindAfter([10, ask], [11, turnEnded])).toBe('needs-you')
    expect(kindAfter([10, ask], [11, hook({ kind: 'step-ended', worker: 'main' })])).toBe('needs-you')
    expect(play([10, ask], [11, hook({ kind: 'step-ended', worker: 'agent-1' })]).asks).toEqual([])
  })

  it('answered here is closed as answered by the app, and the wait still in the status file opens no other', () => {
    const opened = play([10, asked()])
    const answered: Observation = { kind: 'answered', askId: opened.asks[0]!.id, answer: 'Allowed' }
    const first = observe(opened.watch, answered, 50, newAskId)
    expect(first.changes[0]).toMatchObject({
      kind: 'closed',
      state: { kind: 'answered', by: 'app', answer: 'Allowed' },
    })
    expect(activityOf(first.watch)).toMatchObject({ kind: 'working', evidence: { source: 'person' } })
    expect(observe(first.watch, status('waiting', 12, 55), 55, newAskId).changes).toEqual([])
  })

  it('can no longer be answered here once the agent has let go of it', () => {
    const opened = play([10, asked()])
    const { watch, changes } = observe(
      opened.watch,
      { kind: 'no-longer-held', askId: opened.asks[0]!.id },
      11,
      newAskId,
    )
    expect(changes).toMatchObject([{ kind: 'updated', ask: { canAnswerHere: false } }])
    expect(activityOf(watch).kind).toBe('needs-you')
  })
})

describe('a wait that was only seen', () => {
  it('is opened by the status file, answered only in the terminal, and explained by the hook that comes after', () => {
    const late = 10 + settledMs
    expect(play([10, turnBegan], [20, status('waiting', 19)]).asks).toEqual([])
    const seen = play([10, turnBegan], [late, status('waiting', 19, late)])
    expect(seen.asks).toMatchObject([{ canAnswerHere: false, detail: { kind: 'terminal', what: 'Permission prompt' } }])
    const { watch, changes } = observe(seen.watch, asked(), late + 5, newAskId)
    expect(changes).toMatchObject([
      { kind: 'updated', ask: { id: seen.asks[0]!.id, openedAt: late, canAnswerHere: true } },
    ])
    expect(watch.asks).toHaveLength(1)
  })

  it('is opened and closed by the title of an agent without hooks', () => {
    const title = (kind: 'working' | 'waiting' | 'idle'): Observation => ({
      kind: 'title',
      reading: { kind, detail: kind },
    })
    expect(kindAfter([1, title('working')])).toBe('working')
    expect(play([1, title('working')], [2, title('waiting')]).activity).toMatchObject({
      kind: 'needs-you',
      evidence: { source: 'title' },
    })
    expect(kindAfter([1, title('waiting')], [2, title('waiting')], [3, title('idle')])).toBe('idle')
  })
})

describe('whatever is heard in whatever order', () => {
  const worker = fc.constantFrom('main', 'agent-1')
  const toolCall = fc.record({
    worker,
    toolUseId: fc.option(fc.constantFrom('t1', 't2', 't3')),
    toolName: fc.constantFrom('Bash', 'Write', ''),
    print: fc.constantFrom('p', 'q'),
  })
  const fact: fc.Arbitrary<Observation> = fc
    .oneof(
      fc.record({
        kind: fc.constant('session-started' as const),
        how: fc.constantFrom('started', 'resumed', 'cleared', 'compacted'),
      }),
      fc.record({ kind: fc.constantFrom('turn-began', 'busy', 'ask-answered', 'session-ended', 'other') }),
      fc.record({ kind: fc.constant('turn-ended' as const), othersWork: fc.boolean() }),
      fc.record({ kind: fc.constantFrom('tool-began', 'tool-ended'), call: toolCall }),
      fc.record({ kind: fc.constant('step-ended' as const), worker }),
    )
    .map((value) => hook(value as HookFact))
  const observation: fc.Arbitrary<Observation> = fc.oneof(
    fact,
    toolCall.map((of) => asked(of)),
    fc
      .tuple(fc.constantFrom('idle' as const, 'busy' as const, 'waiting' as const), fc.nat(5000), fc.nat(5000))
      .map(([word, changedAt, lag]) => status(word, changedAt, changedAt + lag)),
    fc
      .constantFrom('working' as const, 'waiting' as const, 'idle' as const)
      .map((kind): Observation => ({ kind: 'title', reading: { kind, detail: kind } })),
  )
  const story = fc.array(fc.tuple(fc.nat(300), observation), { maxLength: 60 }).map((steps) => {
    let at = 0
    return steps.map(([gap, step]) => [(at += gap), step] as const)
  })

  it('needs the person exactly while an ask is open, and every ask that is opened is closed once', () => {
    fc.assert(
      fc.property(story, (steps) => {
        const ended: Observation = { kind: 'process-ended', why: 'The agent ended.' }
        const { watch, activity } = play(...steps)
        expect(activity.kind === 'needs-you').toBe(watch.asks.length > 0)
        const end = play(...steps, [100_000, ended])
        expect(end.asks).toEqual([])
        const ids = (kind: string) => end.changes.filter((change) => change.kind === kind).map(({ ask }) => ask.id)
        expect(ids('closed').toSorted()).toEqual(ids('opened').toSorted())
        expect(new Set(ids('opened')).size).toBe(ids('opened').length)
        expect(watch.calls.length).toBeLessThanOrEqual(50)
      }),
      { numRuns: 3000 },
    )
  })

  it('is set right by a status that still stands when everything has settled', () => {
    fc.assert(
      fc.property(story, (steps) => {
        const late = (steps.at(-1)?.[0] ?? 0) + 20_000
        expect(kindAfter(...steps, [late, status('idle', late - 10_000, late)])).toBe('idle')
        const waiting = kindAfter(...steps, [late, status('waiting', late - 10_000, late)])
        expect(waiting).toBe('needs-you')
      }),
      { numRuns: 2000 },
    )
  })
})
