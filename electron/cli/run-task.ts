import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exitCodeOf, exitCodes } from '../../shared/agent-verbs/exit-codes.ts'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import { verbs, type VerbOutput } from '../../shared/agent-verbs/verbs.ts'
import { rescuedWorkText } from '../../shared/contract/rescued-work.ts'
import type { Ask } from './ask.ts'
import type { CliWorld } from './cli-world.ts'
import { commitAll, readHead } from './commit-all.ts'
import { inertText } from './inert-text.ts'
import { keepClaim, type KeptClaim } from './keep-claim.ts'
import { runChild, type Ended } from './run-child.ts'
import type { TaskWish } from './task-wish.ts'

type Claimed = VerbOutput<'claim'>

/**
 * Runs a command for a task: claims it, renews while the command runs, and hands in or gives up what came of it. Answers
 * the command's own exit code, or that of a refusal.
 */
export const runTask = async (ask: Ask, wish: TaskWish, world: CliWorld): Promise<number> => {
  const tell = (line: string) => world.printProblem(`switchyard: ${inertText(line)}\n`)
  const asked = await ask('claim', { task: wish.task }, 'usual')
  if (!asked.ok) return refused(tell, asked)
  const claimed = verbs.claim.output.parse(asked.value)
  const { task, attempt } = claimed
  tell(`claimed ${task.key} (epoch ${attempt.epoch}): ${task.title}`)

  const folder = await mkdtemp(join(tmpdir(), 'switchyard-task-'))
  const checkpointFile = join(folder, 'checkpoint.md')
  const briefFile = join(folder, 'brief.md')
  await writeFile(briefFile, briefOf(claimed), { mode: 0o600 })
  const environment = {
    ...world.environment,
    ...variablesOf(claimed),
    SWITCHYARD_TASK_BRIEF: briefFile,
    SWITCHYARD_TASK_CHECKPOINT: checkpointFile,
  }
  const child = runChild({ command: wish.command, environment })
  const kept = keepClaim({
    claim: { task: task.id, epoch: attempt.epoch },
    checkpointFile,
    ask: (name, input) => ask(name, input, 'none'),
    onLost: (message) => {
      tell(`${task.key} is not yours any more, the command is ended: ${message}`)
      child.stop()
    },
  })
  const ended = await child.ended
  await kept.end()
  const code = await handIn({ ask, wish, claimed, kept, tell }, ended)
  await rm(folder, { recursive: true, force: true })
  return code
}

interface HandIn {
  readonly ask: Ask
  readonly wish: TaskWish
  readonly claimed: Claimed
  readonly kept: KeptClaim
  readonly tell: (line: string) => void
}

const handIn = async ({ ask, wish, claimed, kept, tell }: HandIn, ended: Ended): Promise<number> => {
  const { task, attempt } = claimed
  const claim = { task: task.id, epoch: attempt.epoch }
  const what = `"${wish.command.join(' ')}"`
  const say = async (name: 'submit' | 'fail' | 'release', input: object, code: number) => {
    const said = await ask(name, { ...claim, ...input }, 'long')
    if (!said.ok) return refused(tell, said)
    tell(`${task.key}: ${name}, recorded as event ${String(said.value['seq'])}`)
    return code
  }
  if (kept.isLost()) return exitCodes.staleEpoch
  if (ended.wasForwarded)
    return say('release', { reason: `${shorten(what)} was ended by ${ended.signal ?? 'a signal'}.` }, ended.code)
  if (ended.code !== 0)
    return say(
      'fail',
      { reason: shorten(`${shorten(what)} ${howEnded(ended)}.\n${ended.lastLines}`, 2000) },
      ended.code,
    )
  const problem = wish.commits ? await commitAll(`${task.key}: ${task.title}`) : null
  if (problem !== null) return say('fail', { reason: shorten(`The work could not be committed: ${problem}`, 2000) }, 1)
  const headSha = await readHead()
  return say('submit', { summary: kept.lastCheckpoint() ?? `${what} ended with 0.`, headSha }, 0)
}

const howEnded = ({ code, signal }: Ended) => (signal === null ? `ended with ${code}` : `was ended by ${signal}`)

/** The end says why something failed, so the front is what goes. */
const shorten = (text: string, most = 300) => (text.length > most ? `…${text.slice(1 - most)}` : text)

type Refused = Extract<VerbAnswer, { ok: false }>

const refused = (tell: (line: string) => void, { refusal }: Refused): number => {
  tell(`${refusal.code}: ${refusal.message}`)
  return exitCodeOf(refusal.code)
}

const variablesOf = ({ task, attempt }: Claimed) => ({
  SWITCHYARD_TASK_ID: task.id,
  SWITCHYARD_TASK_KEY: task.key,
  SWITCHYARD_TASK_TITLE: task.title,
  SWITCHYARD_TASK_ATTEMPT: attempt.id,
  SWITCHYARD_TASK_EPOCH: String(attempt.epoch),
})

const briefOf = ({ task, checkpoint, rescueRef }: Claimed): string =>
  [
    `# ${task.key}: ${task.title}`,
    task.body,
    ...(checkpoint ? ['## What the attempt before knew', checkpoint.summary, checkpoint.nextSteps] : []),
    ...(rescueRef ? [rescuedWorkText(rescueRef)] : []),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
