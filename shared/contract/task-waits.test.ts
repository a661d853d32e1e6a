import { describe, expect, it } from 'vitest'
import { dependencyKindSchema, taskStateSchema, type TaskState } from './task-rows.ts'
import { isEnded, isSatisfied, obstaclesAmong, type Wait } from './task-waits.ts'

const wait = (kind: Wait['kind'], state: TaskState, change: Partial<Wait> = {}): Wait => ({
  direction: 'on',
  kind,
  satisfiedOn: 'completed',
  other: { key: `APP-${kind}-${state}`, state },
  ...change,
})
const keysOf = (waits: readonly Wait[]) => obstaclesAmong(waits).map(({ other }) => other.key)

describe('an edge of a task', () => {
  it.each([
    ['blocks', ['done']],
    ['any_of', ['done']],
    ['on_failure', ['failed']],
    ['parent', ['open', 'claimed', 'in_progress', 'in_review', 'changes_requested', 'done']],
    ['related', taskStateSchema.options],
    ['discovered_from', taskStateSchema.options],
  ] as const)('of the kind %s lets it go ahead when the other is %j', (kind, states) => {
    const satisfied = taskStateSchema.options.filter((state) => isSatisfied(wait(kind, state)))
    expect(satisfied).toEqual(taskStateSchema.options.filter((state) => (states as readonly string[]).includes(state)))
  })

  it('holds an epic until its tasks have ended, and nobody else from that side', () => {
    for (const kind of dependencyKindSchema.options)
      for (const state of taskStateSchema.options)
        expect(isSatisfied(wait(kind, state, { direction: 'by' })), `${kind} ${state}`).toBe(
          kind !== 'parent' || isEnded(state),
        )
  })
})

describe('what a task waits for', () => {
  it('is every edge that is not satisfied, in order', () => {
    expect(keysOf([wait('blocks', 'open'), wait('blocks', 'done'), wait('on_failure', 'draft')])).toEqual([
      'APP-blocks-open',
      'APP-on_failure-draft',
    ])
  })

  it('is every alternative while none is there, and none once one is', () => {
    expect(keysOf([wait('any_of', 'open'), wait('any_of', 'draft')])).toHaveLength(2)
    expect(keysOf([wait('any_of', 'open'), wait('any_of', 'done'), wait('blocks', 'open')])).toEqual([
      'APP-blocks-open',
    ])
  })
})
