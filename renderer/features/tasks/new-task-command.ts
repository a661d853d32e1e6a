import type { Command } from '../../lib/commands.ts'

/** One letter, as in every board people know; it counts only outside fields and terminals. */
export const newTaskCommand = (run: () => void): Command => ({
  id: 'tasks.new',
  title: 'New task',
  group: 'Tasks',
  keys: [{ press: 'c', scope: 'outside-terminal' }],
  keywords: ['create', 'card', 'issue', 'todo'],
  run,
})
