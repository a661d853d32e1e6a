import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Task } from '../../shared/contract/task-rows.ts'
import { openWorkYard, takeUpAgain, type WorkYard } from '../hosts/common/testing/work-yard.ts'

/** The promise is tested with 2,000 tasks, 32 workers of each kind and a minute of kills in the long mode. */
const tasks = Number(process.env['SWITCHYARD_TEST_TASKS'] ?? 10)
const workers = Number(process.env['SWITCHYARD_TEST_WORKERS'] ?? 2)
const workerKills = Number(process.env['SWITCHYARD_TEST_WORKER_KILLS'] ?? 3)
const backendKills = Number(process.env['SWITCHYARD_TEST_KILLS'] ?? 1)
const killEveryMs = Number(process.env['SWITCHYARD_TEST_KILL_EVERY_MS'] ?? 300)
const longMs = 60_000 + tasks * 1000

let yard: WorkYard
beforeEach(async () => {
  yard = await openWorkYard(tasks)
}, longMs)
afterEach(() => yard.close(), longMs)

/** Accepts all, and finds each task done by one attempt: the one that its worker was told of. */
const expectEachDoneOnce = async () => {
  expect(yard.countLeft()).toBe(0)
  for (const { id } of yard.query('SELECT id FROM tasks') as readonly Task[])
    await yard.app().call('tasks.accept', { taskId: id })
  const done = yard.query(
    `SELECT tasks.key, tasks.state,
       sum(attempts.state = 'accepted') AS accepted,
       max(CASE WHEN attempts.state = 'accepted' THEN attempts.epoch END) AS epoch,
       sum(attempts.state IN ('granted', 'running', 'submitted')) AS live
     FROM tasks JOIN attempts ON attempts.task_id = tasks.id GROUP BY tasks.id`,
  ) as readonly { key: string; state: string; accepted: number; epoch: number; live: number }[]
  expect(done).toHaveLength(tasks)
  for (const row of done) expect(row).toMatchObject({ state: 'done', accepted: 1, live: 0 })
  const epochs = new Map(done.map(({ key, epoch }) => [key, epoch]))
  expect(new Set(yard.told.map(({ key }) => key)).size, 'nobody else was told the same').toBe(yard.told.length)
  for (const { key, epoch } of yard.told) expect(epochs.get(key), key).toBe(epoch)
}

const report = (what: string, begun: number) => {
  const sorted = yard.times.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  process.stdout.write(
    `${what}: ${tasks} tasks, ${workers} workers, ${seconds} s; ${sorted.length} calls took ${at(0.5)} ms (median), ${at(0.99)} ms (99%), ${at(1)} ms (longest)\n`,
  )
}

const openSessions = async () => {
  const sessions: NodeJS.ProcessEnv[] = []
  for (let n = 1; n <= workers; n += 1) sessions.push(await yard.openSession(n))
  return sessions
}

it(
  `gives each of ${tasks} tasks to exactly one of ${workers} agents through the gateway`,
  async () => {
    const sessions = await openSessions()
    const begun = performance.now()
    await Promise.all(sessions.map((session) => once(yard.work('gateway', session), 'close')))
    report('the gateway', begun)
    expect(yard.told).toHaveLength(tasks)
    await expectEachDoneOnce()
  },
  longMs,
)

/** One worker after the other in the same place, until all is handed in. */
const keepAtWork = async (kind: 'gateway' | 'direct', environment: NodeJS.ProcessEnv, killed: { count: number }) => {
  while (yard.countLeft() > 0) {
    const [, signal] = (await once(yard.work(kind, environment), 'close')) as [number | null, string | null]
    if (signal === 'SIGKILL') killed.count += 1
    // One that found nothing to do comes again, as a person would start it again.
    else await delay(300)
  }
}

const killWorkers = async () => {
  for (let n = 0; n < workerKills && yard.countLeft() > 0; n += 1) {
    await delay(killEveryMs * (0.5 + Math.random()))
    const running = [...yard.children]
    running[Math.floor(Math.random() * running.length)]?.kill('SIGKILL')
  }
}

/** With the app the agents get on, without it the others; each as far as the next part of the tasks. */
const killBackend = async () => {
  const part = Math.ceil(tasks / (2 * backendKills + 2))
  const whenLess = async (left: number) => {
    while (yard.countLeft() > Math.max(0, left)) await delay(50)
  }
  for (let n = 0; n < backendKills && yard.countLeft() > 0; n += 1) {
    await whenLess(yard.countLeft() - part)
    await yard.kill()
    // Those outside may all wait for a task that died with its worker.
    await Promise.race([whenLess(yard.countLeft() - part), delay(3000)])
    await yard.start()
    await takeUpAgain(yard)
  }
}

/** As long as something is handed in every few seconds; each start of all is dear, with many agents at work. */
const whileGoingOn = async () => {
  for (let [left, looks] = [yard.countLeft(), 0]; left > 0 && looks < 100; looks += 1) {
    await delay(50)
    const now = yard.countLeft()
    if (now < left) looks = 0
    left = now
  }
}

it(
  `completes each of ${tasks} tasks exactly once while workers of both kinds and the app are killed`,
  async () => {
    const sessions = await openSessions()
    const begun = performance.now()
    const killed = { count: 0 }
    const kept = [
      ...sessions.map((session) => keepAtWork('gateway', session, killed)),
      ...sessions.map(() => keepAtWork('direct', {}, killed)),
    ]
    await Promise.all([killWorkers(), killBackend()])
    // What the last of the killed had begun is found by a start, and taken up again by the person.
    while (yard.countLeft() > 0) {
      await yard.kill()
      await yard.start()
      await takeUpAgain(yard)
      await whileGoingOn()
    }
    await Promise.all(kept)
    report(`${killed.count} workers and the app ${backendKills} times killed`, begun)
    await expectEachDoneOnce()
  },
  longMs,
)
