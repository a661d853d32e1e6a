import { describe, expect, it } from 'vitest'
import { countWrites, failEverywhere, killEverywhere, type Stage } from '../../testing/kill-points.ts'
import { createTaskLab, type TaskLab } from './testing/task-lab.ts'
import { taskDeeds } from './testing/task-kill-deeds.ts'
import { taskReads } from './testing/task-reads.ts'

const stage: Stage<TaskLab> = {
  open: async (kernel, time) => createTaskLab(() => kernel, time),
  close: async () => undefined,
}
const deeds = Object.entries(taskDeeds).flatMap(([operation, kinds]) =>
  Object.entries(kinds).map(([kind, deed]) => ({ name: `${operation} ${kind}`, deed })),
)

it('knows every operation of the tasks', () => {
  const lab = createTaskLab()
  expect(Object.keys(lab.tasks).sort()).toEqual([...Object.keys(taskDeeds), ...Object.keys(taskReads)].sort())
  return lab.kernel.close()
})

describe.each(deeds)('$name', ({ deed }) => {
  it('killed at any call to the database has happened or has not, and happens once when it is asked for again', async () => {
    expect(await killEverywhere(stage, deed)).toBeGreaterThanOrEqual(5 * (deed.commits ?? 1))
  })

  it('has not happened when any call to the database fails, and happens in the same process after that', () =>
    failEverywhere(stage, deed))
})

it.each(Object.entries(taskReads))('%s only reads', async (_name, read) => {
  expect(await countWrites(stage, read)).toBe(0)
})
