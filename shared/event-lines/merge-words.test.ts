import { expect, it } from 'vitest'
import { bundleEvents } from './bundle-events.ts'
import { eventLine } from './event-line.ts'
import { event, names, projectId } from './testing.ts'

const merge = (change: object = {}) => ({
  id: 'mrg_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  projectId,
  strategy: 'squash',
  source: { sha: 'a'.repeat(40), branch: 'switchyard/fix' },
  target: 'main',
  after: 'b'.repeat(40),
  files: 3,
  added: 10,
  removed: 2,
  state: 'landed',
  backupRef: 'refs/switchyard/backup/main/x',
  note: null,
  refresh: null,
  ...change,
})

it.each([
  [merge(), 'You merged switchyard/fix into main (squash, 3 files, +10 −2) as bbbbbbbb', null],
  [
    merge({ source: { sha: 'c'.repeat(40), branch: null }, files: 1, strategy: 'rebase', note: 'Look there.' }),
    'You merged cccccccc into main (rebase, 1 file, +10 −2) as bbbbbbbb',
    'Look there.',
  ],
  [
    merge({ state: 'undone' }),
    'You undid the merge of switchyard/fix into main',
    'It is kept under refs/switchyard/backup/main/x-undone',
  ],
  [
    merge({
      refresh: { worktreeId: 'wt_1' },
      target: 'switchyard/fix',
      source: { sha: 'c', branch: 'main' },
      strategy: 'rebase',
    }),
    'You brought switchyard/fix onto main (rebase)',
    'What it was is kept under refs/switchyard/backup/main/x',
  ],
  [
    merge({ refresh: { worktreeId: 'wt_1' }, target: 'fix', source: { sha: 'c', branch: 'main' }, state: 'undone' }),
    'You set fix back to before it was brought onto main',
    null,
  ],
])('%#: a merge in words', (payload, text, reason) => {
  const told = event('merges.changed', payload, { command: 'land-merge', by: 'person:desktop' })
  const [bundle] = bundleEvents([told])
  const line = bundle && eventLine(bundle, names)
  expect(line && `${line.who} ${line.what}`).toBe(text)
  expect(line?.reason).toBe(reason)
  expect(line?.group).toBe('worktrees')
})
