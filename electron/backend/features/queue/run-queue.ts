import type { Project } from '../../../../shared/contract/projects.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { readRef } from '../../adapters/git/refs.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import type { IntentHandler } from '../../kernel/intents.ts'
import { buildBatch } from './build-batch.ts'
import { bookStep, readQueue } from './change-queue.ts'
import { checkCommit } from './check-batch.ts'
import { landEntry } from './land-entry.ts'
import type { QueueParts } from './queue-parts.ts'
import { afterBuild, afterGates, afterLand, held, nextStep, rebuild, type Changes, type Step } from './queue-rules.ts'
import type { QueueKey } from './queue-store.ts'

/** How long until a queue that stands still looks again; longer each time. */
const usualLookAgainMs = 4000
const longestBackOffMs = 60_000

type Outcome = { readonly kind: 'on' } | { readonly kind: 'rest' } | { readonly kind: 'wait'; readonly problem: string }

/** Works on one queue until nothing is left to do. Each step finds out what is done already, so it may be killed at any point. */
export const createQueueRunner =
  (parts: QueueParts): IntentHandler =>
  async ({ payload, attempts }, signal) => {
    const key = payload as QueueKey
    for (;;) {
      if (signal.aborted) return { kind: 'again', afterMs: 0, problem: 'The app ended.' }
      const outcome = await workOnce(parts, key, signal).catch((error: unknown) => noteTrouble(parts, key, error))
      if (outcome.kind === 'rest') return { kind: 'done' }
      if (outcome.kind === 'wait') {
        const afterMs = Math.min(longestBackOffMs, (parts.lookAgainMs ?? usualLookAgainMs) * 2 ** Math.min(attempts, 4))
        return { kind: 'again', afterMs, problem: outcome.problem }
      }
    }
  }

const workOnce = async (parts: QueueParts, key: QueueKey, signal: AbortSignal): Promise<Outcome> => {
  const { database, clock, projects, git } = parts
  const { state, project } = await database.read(async (tx) => ({
    state: await readQueue(tx, key, clock.now()),
    project: await projects.find(tx, key.projectId),
  }))
  if (!project) return { kind: 'rest' }
  const tip = await readRef(git, project.rootPath, `refs/heads/${key.target}`)
  const step = nextStep(state, tip)
  const book = (decide: Parameters<typeof bookStep>[2]) => bookStep(parts, key, decide, by)
  switch (step.kind) {
    case 'rest':
      return step
    case 'hold':
      await book((now, at) => held(now, step.hold, at))
      return { kind: 'wait', problem: step.hold.reason }
    case 'rebuild':
      await book(rebuild)
      return { kind: 'on' }
    case 'build':
      return orTrouble(parts, key, await build(parts, project, tip ?? '', step), book)
    case 'check':
      return check(parts, { key, project, signal }, step, book)
    case 'land': {
      const landed = await landEntry(parts, project, { ...step, tip })
      if (!landed) return { kind: 'on' }
      await book((now, at) => afterLand(now, step.entry.id, landed, at))
      return landed.kind === 'obstacle' ? { kind: 'wait', problem: landed.reason } : { kind: 'on' }
    }
    default:
      return unreachable(step)
  }
}

type Decide = Parameters<typeof bookStep>[2]
type Book = (decide: Decide) => Promise<void>

const build = async (
  parts: QueueParts,
  project: Project,
  tip: string,
  { entries }: Extract<Step, { kind: 'build' }>,
): Promise<Result<Decide, 'TROUBLE'>> => {
  const built = await buildBatch(parts, project, tip, entries)
  return built.ok ? ok((state, now): Changes => afterBuild(state, built.value, now)) : built
}

const check = async (
  parts: QueueParts,
  { key, project, signal }: { readonly key: QueueKey; readonly project: Project; readonly signal: AbortSignal },
  { run }: Extract<Step, { kind: 'check' }>,
  book: Book,
): Promise<Outcome> => {
  let telling: Promise<void> = Promise.resolve()
  const checked = await checkCommit(parts, {
    key,
    project,
    run,
    signal,
    onProgress: (progress) => {
      telling = telling.then(() =>
        book(({ queue }) =>
          queue.run?.commit === run.commit ? { queue: { run: { ...queue.run, progress: { ...progress } } } } : {},
        ),
      )
    },
  })
  await telling
  if (!checked.ok && checked.refusal.code === 'STOPPED') return { kind: 'on' }
  const decided: Result<Decide, string> = checked.ok
    ? ok((state, now) => afterGates(state, run, checked.value, now))
    : checked
  return orTrouble(parts, key, decided, book)
}

const orTrouble = async (
  parts: QueueParts,
  key: QueueKey,
  decided: Result<Decide, string>,
  book: Book,
): Promise<Outcome> => {
  if (!decided.ok) return hold(parts, key, decided.refusal.message)
  await book(decided.value)
  return { kind: 'on' }
}

const hold = async (parts: QueueParts, key: QueueKey, reason: string): Promise<Outcome> => {
  const trouble = { by: 'queue', cause: 'trouble', reason, tip: null } as const
  await bookStep(parts, key, (state, now) => held(state, trouble, now), by)
  return { kind: 'wait', problem: reason }
}

/** A full disk, a repository that cannot be read: the person is told, and it is tried again by itself. */
const noteTrouble = (parts: QueueParts, key: QueueKey, error: unknown): Promise<Outcome> => {
  parts.log.error({ err: error, target: key.target }, 'the merge queue could not go on')
  const message = error instanceof Error ? error.message : String(error)
  return hold(parts, key, `The merge queue could not go on: ${message} It is tried again by itself.`)
}
