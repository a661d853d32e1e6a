import type { z } from 'zod'
import type { VerbAnswer } from '../../../../shared/agent-verbs/verb-answer.ts'
import { isVerbName, verbNames, verbs, type VerbName } from '../../../../shared/agent-verbs/verbs.ts'
import type { Report } from '../../../../shared/contract/agent-verbs.ts'
import type { ProjectId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Refusal, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { TokenHolder } from '../sessions/sessions-service.ts'
import { writeBrief } from './brief-rules.ts'
import { gatherBrief } from './gather-brief.ts'
import { listReports, removeReportsOf } from './reports-store.ts'
import { attemptVerbRunners } from './run-attempt-verbs.ts'
import { leaseVerbRunners } from './run-lease-verbs.ts'
import { mailVerbRunners } from './run-mail-verbs.ts'
import { sessionVerbRunners } from './run-session-verbs.ts'
import { taskVerbRunners } from './run-task-verbs.ts'
import type { Speaking, VerbDeps, VerbRunners } from './verb-parts.ts'

export type { VerbDeps } from './verb-parts.ts'

/** One call as it comes in: nothing of it is known to be well-formed. */
export interface VerbCall {
  readonly name: string
  readonly input: unknown
  /** A repeat with the same one gets the first one's answer; null for a call that is not repeated. */
  readonly requestId: string | null
  readonly signal: AbortSignal
}

export interface AgentVerbsService {
  /** Runs a verb for whoever the token belongs to. */
  runVerb(holder: TokenHolder, call: VerbCall): Promise<VerbAnswer>
  /**
   * Where a session stands, for its agent; null when there is nothing that it has to know. `isFresh`: it has read nothing but
   * the prompt it was started with.
   */
  briefFor(holder: TokenHolder, wish: { readonly cap: number; readonly isFresh: boolean }): Promise<string | null>
  listReports(tx: Tx): Promise<Report[]>
  forgetProject(context: CommandContext, projectId: ProjectId): Promise<void>
}

const runners: VerbRunners = {
  ...sessionVerbRunners,
  ...taskVerbRunners,
  ...attemptVerbRunners,
  ...leaseVerbRunners,
  ...mailVerbRunners,
}

/** An agent that waits in a call says nothing else meanwhile; often enough that nobody thinks it dead. */
const stillThereMs = 60_000

export const createAgentVerbsService = (deps: VerbDeps): AgentVerbsService => {
  const findSession = (holder: TokenHolder) =>
    deps.database.read(async (tx) => (await deps.sessions.list(tx)).find(({ id }) => id === holder.sessionId))

  return {
    runVerb: async (holder, call) => {
      const { name } = call
      if (!isVerbName(name)) return answerOf(refuse('UNKNOWN_VERB', `There is no verb ${name}. ${nearest(name)}`))
      const input = verbs[name].input.safeParse(call.input ?? {})
      if (!input.success) return answerOf(refuse('INVALID', describeIssues(name, input.error)))
      const session = await findSession(holder)
      if (!session) return answerOf(refuse('NOT_FOUND', 'Your session is not there any more.'))
      const by: Identity = { kind: 'session', id: holder.sessionId, right: 'answer' }
      const requestId = call.requestId ?? deps.newId('int')
      const speaking: Speaking = { holder, by, session, requestId, signal: call.signal }
      const stillThere = setInterval(() => noteActivity(deps, holder), stillThereMs)
      const result = await run(name, deps, speaking, input.data).finally(() => clearInterval(stillThere))
      if (!result.ok && mustRecord(name, input.data, result.refusal))
        await recordRefusal(deps, speaking, name, result.refusal)
      return answerOf(result)
    },
    briefFor: async (holder, { cap, isFresh }) => {
      const session = await findSession(holder)
      const facts = session && (await gatherBrief(deps, { session, isFresh }))
      const hasNews = facts && (facts.works.length > 0 || facts.leases.length > 0 || facts.ready.length > 0)
      return hasNews ? writeBrief(facts, cap) : null
    },
    listReports,
    forgetProject: ({ tx }, projectId) => removeReportsOf(tx, projectId),
  }
}

// The input was read by the schema of this very verb; the compiler cannot follow that through the table.
const run = (name: VerbName, deps: VerbDeps, speaking: Speaking, input: unknown): Promise<Result<object, string>> =>
  (runners[name] as (deps: VerbDeps, speaking: Speaking, input: unknown) => Promise<Result<object, string>>)(
    deps,
    speaking,
    input,
  )

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
    if (issue.code === 'unrecognized_keys') return `it knows no ${issue.keys.join(', ')}`
    const path = issue.path.join('.')
    return path === '' ? issue.message : `${path}: ${issue.message}`
  })
  const known = Object.keys(verbs[name].input.shape).join(', ')
  return `\`${name}\` was not understood (${told.join('; ')}). It takes ${known === '' ? 'nothing' : known}. Nothing was changed.`
}

/** Who was refused what is a fact worth keeping; these keep it themselves, in the transaction that refused. */
const mustRecord = (name: VerbName, input: object, { code }: Refusal): boolean => {
  if (verbs[name].kind === 'read' || name === 'lease.acquire' || name === 'lease.release') return false
  const isOfTask = 'task' in input && input.task !== null
  // That nothing was ready is no refusal of anything: who asks for the next task asks often.
  return name === 'claim' ? code !== 'NOTHING_READY' && !(isOfTask && code !== 'NOT_FOUND') : true
}

const recordRefusal = async (
  { runCommand, log }: VerbDeps,
  { by, session }: Speaking,
  name: VerbName,
  { code, message }: Refusal,
) => {
  const refusal = { subject: session.id, command: name, by: `${by.kind}:${by.id}`, code, message }
  await runCommand({ name: 'record-refusal', by }, async ({ emit }) =>
    ok(await emit('refusals.recorded', session.id, refusal)),
  ).catch((error: unknown) => log.error({ err: error, verb: name }, 'a refusal was not recorded'))
}

const noteActivity = ({ leases, tasks, log }: VerbDeps, holder: TokenHolder) => {
  Promise.all([leases.noteActivity(holder), tasks.noteActivity(holder)]).catch((error: unknown) =>
    log.error({ err: error }, 'a sign of life was not taken'),
  )
}
