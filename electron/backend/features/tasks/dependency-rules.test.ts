import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dependencyKindSchema, type DependencyKind } from '../../../../shared/contract/task-rows.ts'
import type { TaskId } from '../../../../shared/lib/ids.ts'
import { findCycle, waitOf } from './dependency-rules.ts'
import { taskIdAt } from './testing/rows.ts'

const edge = (task: number, on: number, kind: DependencyKind = 'blocks') => ({
  taskId: taskIdAt(task),
  dependsOnId: taskIdAt(on),
  kind,
})
const ids = (...numbers: number[]) => numbers.map(taskIdAt)

describe('a circle of waiting', () => {
  it.each<[string, ReturnType<typeof edge>[], ReturnType<typeof edge>, TaskId[] | null]>([
    ['none over nothing', [], edge(1, 2), null],
    ['of two', [edge(2, 1)], edge(1, 2), ids(1, 2)],
    ['of three', [edge(2, 3), edge(3, 1)], edge(1, 2), ids(1, 2, 3)],
    ['none in a diamond', [edge(1, 2), edge(1, 3), edge(2, 4)], edge(3, 4), null],
    ['none by a relation', [edge(2, 1, 'related')], edge(1, 2), null],
    ['none that closes by a relation', [edge(2, 1)], edge(1, 2, 'discovered_from'), null],
    ['through alternatives', [edge(2, 1, 'any_of')], edge(1, 2), ids(1, 2)],
    ['through a failure', [edge(2, 1, 'on_failure')], edge(1, 2), ids(1, 2)],
    ['of epics', [edge(2, 1, 'parent')], edge(1, 2, 'parent'), ids(2, 1)],
    ['of a task that waits for its own epic', [edge(1, 2, 'parent')], edge(1, 2), ids(1, 2)],
    ['none of an epic that waits for its own task twice', [edge(1, 2, 'parent')], edge(2, 1), null],
    ['that leaves out the dead ends', [edge(2, 5), edge(2, 3), edge(3, 1), edge(5, 6)], edge(1, 2), ids(1, 2, 3)],
  ])('%s', (_name, edges, added, expected) => {
    expect(findCycle(edges, added)).toEqual(expected)
  })

  it('is found exactly when there is one, over any graph', () => {
    const anyEdge = fc
      .tuple(fc.nat(7), fc.nat(7), fc.constantFrom(...dependencyKindSchema.options))
      .filter(([task, on]) => task !== on)
      .map(([task, on, kind]) => edge(task, on, kind))
    fc.assert(
      fc.property(fc.array(anyEdge, { maxLength: 24 }), (edges) => {
        const kept: ReturnType<typeof edge>[] = []
        for (const added of edges) {
          const path = findCycle(kept, added)
          expect(path !== null).toBe(!canBeOrdered([...kept, added]))
          if (!path) kept.push(added)
          else expect(isPath(path, [...kept, added])).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})

/** A graph has no circle when its nodes can be taken away one by one, each waiting for nobody that is left. */
const canBeOrdered = (edges: readonly ReturnType<typeof edge>[]): boolean => {
  let waits = edges.map(waitOf).filter((wait) => wait !== null)
  for (;;) {
    const waiting = new Set(waits.map(([waiter]) => waiter))
    const left = waits.filter(([, waitedFor]) => waiting.has(waitedFor))
    if (left.length === waits.length) return waits.length === 0
    waits = left
  }
}

/** Each one waits for the next, and the last for the first. */
const isPath = (path: readonly TaskId[], edges: readonly ReturnType<typeof edge>[]): boolean => {
  const waits = new Set(edges.map((each) => waitOf(each)?.join(' ')))
  return path.every((id, at) => waits.has(`${id} ${path[(at + 1) % path.length]}`))
}
