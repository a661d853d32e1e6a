import { setTimeout as delay } from 'node:timers/promises'
import { holderOfThisProcess, withDirect, type Direct } from '../../../backend/open-direct.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { takeTurn } from '../take-turn.ts'
import { directOptions } from './direct-options.ts'

// A worker in a process of its own, without the app: claims and hands in until nothing is ready. Prints a line for each task
// that was accepted of it, and the time it waited for each of its turns.
//   direct-worker.ts DATA HOME PROJECT

const [dataDir = '', home = '', project = ''] = process.argv.slice(2)
const holder = await holderOfThisProcess('test')
const speaker = { holder, by: { kind: 'person', id: 'worker', right: 'full' }, role: null } as const
const waits: number[] = []

const turn = async <Value>(work: (direct: Direct) => Promise<Value>): Promise<Value> => {
  const begun = performance.now()
  const done = await takeTurn(
    dataDir,
    async () => {
      waits.push(performance.now() - begun)
      return withDirect(directOptions(dataDir, home), work)
    },
    300_000,
  )
  if (!done) throw new Error('The turn never came.')
  return done.value
}

for (;;) {
  const claimed = await turn((direct) =>
    direct.tasks.claim({ kind: 'next', projectId: project as ProjectId }, speaker, direct.newId('int')),
  )
  if (!claimed.ok) break
  const { task, attempt } = claimed.value
  await delay(Math.random() * 5)
  const submitted = await turn((direct) =>
    direct.tasks.submit(
      { ref: { attemptId: attempt.id, epoch: attempt.epoch }, speaker, requestId: direct.newId('int') },
      { summary: `by ${process.pid}`, headSha: null },
    ),
  )
  if (submitted.ok) process.stdout.write(`${JSON.stringify({ key: task.key, epoch: attempt.epoch })}\n`)
}
process.stdout.write(`${JSON.stringify({ waits })}\n`)
