import { existsSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { verbs, type VerbName } from '../../shared/agent-verbs/verbs.ts'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import type { Attempt, Holder, Task } from '../../shared/contract/task-rows.ts'
import { ok, refuse, type Result } from '../../shared/lib/result.ts'
import { holderOfThisProcess, type Direct, withDirect } from '../backend/open-direct.ts'
import { takeTurn } from '../hosts/common/take-turn.ts'
import type { Ask, Patience } from './ask.ts'
import type { CliWorld } from './cli-world.ts'

// The app waits ten seconds for its data folder when it starts; a turn takes a fraction of one.
const mostMs: Readonly<Record<Patience, number>> = { none: 5000, usual: 15_000, long: 10 * 60_000 }

/**
 * Answers what a worker outside of any session says of its task, on the database itself. One turn for each word: between
 * them the app may start, and others may work. The worker is this process, so its end is the end of its claim.
 */
export const askDirectly = (world: CliWorld, projectFolder: string): Ask => {
  const dataDir = resolve(world.environment['SWITCHYARD_DATA'] ?? join(world.home, '.switchyard'))
  const { version, environment, home, entries } = world
  return async (name, input, patience) => {
    if (!existsSync(join(dataDir, 'switchyard.db')))
      return refusal('NOT_FOUND', `There is nothing in ${dataDir} yet. Open the repository in Switchyard first.`)
    const worker = { holder: await holderOfThisProcess(`command in ${projectFolder}`.slice(0, 100)), projectFolder }
    const turn = await takeTurn(
      dataDir,
      () => withDirect({ dataDir, version, environment, home, entries }, (direct) => say(direct, worker, name, input)),
      mostMs[patience],
    )
    const message = `The app has the data folder, so "${name}" was not recorded. Run this in a session, or close the app.`
    return turn ? turn.value : refusal('UNAVAILABLE', message)
  }
}

const refusal = (code: string, message: string): VerbAnswer => ({ ok: false, refusal: { code, message } })

interface Worker {
  readonly holder: Holder
  readonly projectFolder: string
}

type Said = Result<{ readonly task?: Task; readonly seq: number }, string>

const say = async (direct: Direct, worker: Worker, name: string, input: object): Promise<VerbAnswer> => {
  const answered = await (name === 'claim' ? claim(direct, worker, input) : speak(direct, worker, name, input))
  return answered.ok
    ? { ok: true, value: { ...answered.value } }
    : refusal(answered.refusal.code, answered.refusal.message)
}

const words: readonly string[] = ['renew', 'checkpoint', 'submit', 'fail', 'release'] satisfies VerbName[]

const speakerOf = ({ holder }: Worker) => ({
  holder,
  by: { kind: 'person', id: 'command', right: 'full' } as const,
  role: null,
})

const claim = async (direct: Direct, worker: Worker, input: object) => {
  const { task: named } = verbs.claim.input.parse(input)
  const projectId = await direct.findProject(realpathSync(worker.projectFolder))
  if (projectId === null)
    return refuse(
      'NOT_FOUND',
      `${worker.projectFolder} is in no repository that Switchyard knows. Open it there first.`,
    )
  const task = named === null ? null : await direct.tasks.findByKey(projectId, named)
  if (task === undefined) return refuse('NOT_FOUND', `There is no task ${named} in this project.`)
  const wish = task === null ? ({ kind: 'next', projectId } as const) : ({ kind: 'task', taskId: task.id } as const)
  const claimed = await direct.tasks.claim(wish, speakerOf(worker), direct.newId('int'))
  if (!claimed.ok) return claimed
  const detail = await direct.tasks.detail(claimed.value.task.id)
  const { attempts, checkpoints } = detail.ok ? detail.value : { attempts: [], checkpoints: [] }
  const rescueRef = attempts.find((attempt) => attempt.rescueRef !== null)?.rescueRef ?? null
  return ok({ ...claimed.value, attempt: lineOf(claimed.value.attempt), checkpoint: checkpoints[0] ?? null, rescueRef })
}

const lineOf = (attempt: Attempt) => ({ ...attempt, by: attempt.holder.kind === 'process' ? attempt.holder.label : '' })

const speak = async (direct: Direct, worker: Worker, name: string, input: object): Promise<Said> => {
  if (!words.includes(name)) return refuse('UNKNOWN_VERB', `"${name}" needs the app.`)
  const about = verbs.renew.input.loose().parse(input)
  const detail = await direct.tasks.detail(about.task as Task['id'])
  const attempt = detail.ok ? detail.value.attempts.find(({ epoch }) => epoch === about.epoch) : undefined
  if (!attempt) return refuse('NOT_FOUND', 'This task is not there any more.')
  const ref = { attemptId: attempt.id, epoch: attempt.epoch }
  const word = { ref, speaker: speakerOf(worker), requestId: direct.newId('int') }
  switch (name) {
    case 'renew':
      return direct.tasks.renew(word)
    case 'checkpoint': {
      const { summary, next, headSha } = verbs.checkpoint.input.parse(input)
      return direct.tasks.checkpoint(word, { summary, nextSteps: next, headSha })
    }
    case 'submit': {
      const { summary, headSha } = verbs.submit.input.parse(input)
      return direct.tasks.submit(word, { summary, headSha })
    }
    case 'fail':
      return direct.tasks.fail(word, { reason: verbs.fail.input.parse(input).reason })
    default: {
      const { reason, to } = verbs.release.input.parse(input)
      return direct.tasks.release(word, { reason, to })
    }
  }
}
