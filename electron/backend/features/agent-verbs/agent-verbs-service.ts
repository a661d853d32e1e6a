import { z } from 'zod'
import type { VerbAnswer } from '../../../../shared/agent-verbs/verb-answer.ts'
import { isVerbName, verbNames, verbs, type VerbName } from '../../../../shared/agent-verbs/verbs.ts'
import type { Report } from '../../../../shared/contract/agent-verbs.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { cutText } from '../../../../shared/lib/inert-text.ts'
import { ok, refuse, type Refusal, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import { longestEchoed, recordRefusal, type Tried } from '../../kernel/record-refusal.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { TokenHolder } from '../sessions/sessions-service.ts'
import { writeBrief } from './brief-rules.ts'
import { findProject } from './find-project.ts'
import { gatherBrief } from './gather-brief.ts'
import { listReports, removeReportsOf } from './reports-store.ts'
import { attemptVerbRunners } from './run-attempt-verbs.ts'
import { gateVerbRunners } from './run-gate-verbs.ts'
import { leaseLookRunners, leaseVerbRunners } from './run-lease-verbs.ts'
import { mailVerbRunners } from './run-mail-verbs.ts'
import { mergeLookRunners, mergeVerbRunners } from './run-merge-verbs.ts'
import { personVerbRunners } from './run-person-verbs.ts'
import { sessionVerbRunners } from './run-session-verbs.ts'
import { taskVerbRunners } from './run-task-verbs.ts'
import { tailEvents } from './tail-events.ts'
import type { Asking, PersonAsking, Speaking, VerbDeps, VerbRunners } from './verb-parts.ts'

export type { VerbDeps } from './verb-parts.ts'

/** One call as it comes in: nothing of it is known to be well-formed. */
export interface VerbCall {
  readonly name: string
  readonly input: unknown
  /** A repeat with the same one gets the first one's answer; null for a call that is not repeated. */
  readonly requestId: string | null
  readonly signal: AbortSignal
}

/** What a command says of itself: the real path of its folder, and the process that would hold a task. */
const callerSchema = z.object({ folder: z.string().min(1).max(4096), pid: z.number().int().positive() })
export type Caller = z.infer<typeof callerSchema>

export interface AgentVerbsService {
  /** Runs a verb for whoever the token belongs to. */
  runVerb(holder: TokenHolder, call: VerbCall): Promise<VerbAnswer>
  /** Runs a verb for the person, of whose commands `caller` is one; nothing of it is known to be well-formed. */
  runPersonVerb(caller: unknown, call: VerbCall): Promise<VerbAnswer>
  /**
   * Where a session stands, for its agent; null when there is nothing that it has to know. `isFresh`: it has read nothing but
   * the prompt it was started with.
   */
  briefFor(holder: TokenHolder, wish: { readonly cap: number; readonly isFresh: boolean }): Promise<string | null>
  listReports(tx: Tx): Promise<Report[]>
  forgetProject(context: CommandContext, projectId: ProjectId): Promise<void>
}

/** What is the same for whoever asks. */
const commonRunners = {
  'events.tail': tailEvents,
  ...taskVerbRunners,
  ...attemptVerbRunners,
  ...leaseLookRunners,
  ...mailVerbRunners,
  ...mergeLookRunners,
}
const sessionRunners: VerbRunners = {
  ...commonRunners,
  ...sessionVerbRunners,
  ...leaseVerbRunners,
  ...gateVerbRunners,
  ...mergeVerbRunners,
}
const personRunners: VerbRunners<VerbName, PersonAsking> = { ...commonRunners, ...personVerbRunners }

/** An agent that waits in a call says nothing else meanwhile; often enough that nobody thinks it dead. */
const stillThereMs = 60_000

export const createAgentVerbsService = (deps: VerbDeps): AgentVerbsService => {
  const findSession = ({ sessionId }: TokenHolder) => deps.database.read((tx) => deps.sessions.find(tx, sessionId))

  const answer = async <From extends Asking>(runners: VerbRunners<VerbName, From>, asked: Asked<From>) => {
    const { name, input, asking } = asked
    const read = readInput(name, input)
    const result = read.ok ? await run(runners[read.value.name], deps, asking, read.value.input) : read
    if (!result.ok && !isAnswer(name, result.refusal.code))
      await recordRefusal(deps, { by: asking.by, command: name, subject: asked.subject }, result.refusal)
    return answerOf(result)
  }
  /** Refuses whoever is not known well enough to ask for anything. */
  const turnAway = async (tried: Tried, refusal: Refusal): Promise<VerbAnswer> => {
    await recordRefusal(deps, tried, refusal)
    return answerOf({ ok: false, refusal })
  }

  return {
    runVerb: async (holder, { name, input, requestId, signal }) => {
      const session = await findSession(holder)
      const by = { kind: 'session', id: holder.sessionId, right: 'answer' } as const
      if (!session)
        return turnAway({ by, command: name, subject: holder.sessionId }, { code: 'NOT_FOUND', message: noSession })
      const speaking: Speaking = {
        ...speakerOf(holder, session),
        by,
        requestId: requestId ?? deps.newId('int'),
        signal,
      }
      const stillThere = setInterval(() => noteActivity(deps, holder), stillThereMs)
      return answer(sessionRunners, { name, input, asking: speaking, subject: session.id }).finally(() =>
        clearInterval(stillThere),
      )
    },
    runPersonVerb: async (caller, { name, input, requestId, signal }) => {
      const by = { kind: 'person', id: 'command', right: 'full' } as const
      const known = await findCaller(deps, caller)
      if (!known.ok) return turnAway({ by, command: name, subject: 'command' }, known.refusal)
      const { projectId, folder, worker } = known.value
      const asking: PersonAsking = {
        projectId,
        by,
        worker,
        reader: { kind: 'person', projectId },
        session: null,
        folder,
        requestId: requestId ?? deps.newId('int'),
        signal,
      }
      return answer(personRunners, { name, input, asking, subject: projectId })
    },
    briefFor: async (holder, { cap, isFresh }) => {
      const session = await findSession(holder)
      const facts = session && (await gatherBrief(deps, { ...speakerOf(holder, session), isFresh }))
      const hasNews = facts && (facts.works.length > 0 || facts.leases.length > 0 || facts.ready.length > 0)
      return hasNews ? writeBrief(facts, cap) : null
    },
    listReports,
    forgetProject: ({ tx }, projectId) => removeReportsOf(tx, projectId),
  }
}

const noSession = 'Your session is not there any more. Start one in Switchyard and ask from there.'

/** Where a command of the person is given, and the process that would hold what it claims. */
const findCaller = async (
  deps: VerbDeps,
  caller: unknown,
): Promise<Result<Pick<PersonAsking, 'projectId' | 'folder' | 'worker'>, 'INVALID' | 'NOT_FOUND'>> => {
  const read = callerSchema.safeParse(caller)
  if (!read.success)
    return refuse('INVALID', 'Say which folder and process you ask from, as the `switchyard` command does.')
  const { folder, pid } = read.data
  const projectId = await findProject(deps, folder)
  if (projectId === null) {
    const message = `${cutText(folder, 1000)} is in no repository that Switchyard knows. Open it there first, or go to one.`
    return refuse('NOT_FOUND', message)
  }
  const worker = await deps.findProcess(pid, cutText(`command in ${folder}`, 100))
  return worker
    ? ok({ projectId, folder, worker })
    : refuse('INVALID', `There is no process ${pid} on this machine. Ask as one that runs.`)
}

const speakerOf = (holder: TokenHolder, session: Session) => ({
  holder,
  session,
  projectId: session.projectId,
  worker: { kind: 'session', ...holder } as const,
  reader: { kind: 'session', ...holder } as const,
})

/** What was asked: nothing of it is known to be well-formed. */
interface Asked<From extends Asking> {
  readonly name: string
  readonly input: unknown
  readonly asking: From
  /** The id of what a refusal is kept under. */
  readonly subject: string
}

const readInput = (name: string, input: unknown): Result<{ name: VerbName; input: unknown }, string> => {
  if (!isVerbName(name))
    return refuse('UNKNOWN_VERB', `There is no verb ${name.slice(0, longestEchoed)}. ${nearest(name)}`)
  const read = verbs[name].input.safeParse(input ?? {})
  return read.success ? ok({ name, input: read.data }) : refuse('INVALID', describeIssues(name, read.error))
}

// The input was read by the schema of this very verb; the compiler cannot follow that through the table.
const run = (runner: unknown, deps: VerbDeps, asking: Asking, input: unknown): Promise<Result<object, string>> =>
  (runner as (deps: VerbDeps, asking: Asking, input: unknown) => Promise<Result<object, string>>)(deps, asking, input)

const answerOf = (result: Result<object, string>): VerbAnswer => {
  if (result.ok) return { ok: true, value: { ...result.value } }
  const { code, message, current } = result.refusal
  return { ok: false, refusal: current ? { code, message, current: { ...current } } : { code, message } }
}

const nearest = (name: string): string => {
  const [family] = name.split('.')
  const same = verbNames.filter((verb) => verb.startsWith(`${family ?? ''}.`))
  return `There are: ${(same.length > 0 ? same : verbNames).join(', ')}.`
}

const describeIssues = (name: VerbName, { issues }: z.ZodError): string => {
  const told = issues.slice(0, 3).map((issue) => {
    if (issue.code === 'unrecognized_keys') return `it knows no ${issue.keys.join(', ').slice(0, longestEchoed)}`
    const path = issue.path.join('.')
    return path === '' ? issue.message : `${path}: ${issue.message}`
  })
  const known = Object.keys(verbs[name].input.shape).join(', ')
  return `\`${name}\` was not understood (${told.join('; ')}). It takes ${known === '' ? 'nothing' : known}. Nothing was changed.`
}

/**
 * That nothing is ready, or that one works on nothing, is what was asked for and no refusal: who asks that asks often. Every
 * other one is a fact worth keeping.
 */
const isAnswer = (name: string, code: string): boolean =>
  (name === 'claim' && code === 'NOTHING_READY') ||
  (isVerbName(name) && verbs[name].kind === 'read' && code === 'NO_TASK')

const noteActivity = ({ leases, tasks, log }: VerbDeps, holder: TokenHolder) => {
  Promise.all([leases.noteActivity(holder), tasks.noteActivity(holder)]).catch((error: unknown) =>
    log.error({ err: error }, 'a sign of life was not taken'),
  )
}
