import type { NewEntry } from '../../../../shared/contract/queue.ts'
import type { MergeEntry } from '../../../../shared/contract/queue-rows.ts'
import type { Project } from '../../../../shared/contract/projects.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { visibleLine } from '../../../../shared/lib/visible-text.ts'
import { resolveCommit } from '../../adapters/git/read-head.ts'
import { readRef } from '../../adapters/git/refs.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import { kick, readQueue, writeChanges } from './change-queue.ts'
import { findTwin, lastPosition, refuseTwin } from './queue-person-rules.ts'
import type { QueueParts } from './queue-parts.ts'
import type { QueueState } from './queue-rules.ts'
import { findEntry, insertEntry, putQueue } from './queue-store.ts'

export type EnqueueRefusal =
  'NOT_FOUND' | 'INVALID' | 'PROJECT_UNUSABLE' | 'NO_TARGET' | 'HEAD_MOVED' | 'ALREADY_QUEUED'
export type Enqueued = Result<{ readonly entry: MergeEntry; readonly seq: number }, EnqueueRefusal>

/** Puts a branch in line at the commit that was looked at. What an agent puts there waits for a person, unless they chose else. */
export const enqueueBranch = async (parts: QueueParts, input: NewEntry, by: Identity): Promise<Enqueued> => {
  const found = await findSource(parts, input)
  if (!found.ok) return found
  const source = found.value
  const options = { name: 'enqueue-merge', by, requestId: input.requestId }
  return parts.runCommand<{ entry: MergeEntry; seq: number }, EnqueueRefusal>(options, async (context) => {
    const key = { projectId: source.project.id, target: source.target }
    const state = await readQueue(context.tx, key, context.now)
    const twin = findTwin(state, { branch: source.branch, head: input.head })
    if (twin) return refuseTwin(twin)
    const written = await write(parts, context, { state, source, input, by })
    await kick(context, key)
    return ok(written)
  })
}

interface Source {
  readonly project: Project
  readonly worktree: Worktree | null
  readonly session: Session | null
  readonly branch: string | null
  readonly target: string
}

const findSource = async (
  parts: QueueParts,
  { source, head, target: wanted }: NewEntry,
): Promise<Result<Source, Exclude<EnqueueRefusal, 'ALREADY_QUEUED'>>> => {
  const { worktree, session } = await findWorktree(parts, source)
  if (source.kind === 'worktree' && (!worktree || worktree.state.kind === 'deleted'))
    return refuse('NOT_FOUND', 'This worktree is not there any more. Look at the list of sessions again.')
  const projectId = source.kind === 'worktree' ? worktree?.projectId : source.projectId
  const usable = projectId ? await parts.projects.requireUsable(projectId) : undefined
  if (!usable) return refuse('NOT_FOUND', 'This project is not in the list any more. Open it again.')
  if (!usable.ok) return usable
  const project = usable.value
  const { git } = parts
  const branch = source.kind === 'branch' ? source.branch : (worktree?.branch ?? null)
  const target = wanted ?? project.defaultBranch
  if (target === null || (await readRef(git, project.rootPath, `refs/heads/${target}`)) === null)
    return refuse(
      'NO_TARGET',
      target === null
        ? 'Say into which branch it is to be merged: the project has no default branch.'
        : `There is no local branch ${visibleLine(target)} to merge into. Make it, or choose another one.`,
    )
  if (branch === target) return refuse('INVALID', `${visibleLine(target)} cannot be merged into itself.`)
  const now =
    branch === null
      ? await resolveCommit(git, worktree?.path ?? project.rootPath, 'HEAD')
      : await readRef(git, project.rootPath, `refs/heads/${branch}`)
  if (now === head) return ok({ project, worktree, session, branch, target })
  const name = branch === null ? 'The worktree' : visibleLine(branch)
  return refuse(
    'HEAD_MOVED',
    now === null
      ? `There is no branch ${name} any more.`
      : `${name} is at ${now.slice(0, 8)} by now, not at ${head.slice(0, 8)}. Look at what is new, then queue it again.`,
  )
}

const findWorktree = async (
  { database, worktrees, sessions }: QueueParts,
  source: NewEntry['source'],
): Promise<{ readonly worktree: Worktree | null; readonly session: Session | null }> => {
  if (source.kind === 'branch') return { worktree: null, session: null }
  return database.read(async (tx) => {
    const worktree = (await worktrees.find(tx, source.worktreeId)) ?? null
    const owners = (await sessions.list(tx)).filter((session) => session.worktreeId === source.worktreeId)
    return { worktree, session: owners.find(({ lifecycle }) => lifecycle !== 'archived') ?? null }
  })
}

interface Writing {
  readonly state: QueueState
  readonly source: Source
  readonly input: NewEntry
  readonly by: Identity
}

const write = async (parts: QueueParts, context: CommandContext, writing: Writing) => {
  const { state, source, input, by } = writing
  const { tx } = context
  if (state.queue.rev === 0) {
    const queue = { ...state.queue, rev: 1 }
    await putQueue(tx, queue)
    await context.emit('queues.changed', queue.projectId, queue)
  }
  await withdrawResolved(context, writing)
  const isApproved = by.kind !== 'session' || !state.queue.needsApproval
  const { head, strategy, message } = input
  const wish = {
    head,
    strategy,
    message,
    isApproved,
    state: isApproved ? 'waiting' : 'proposed',
    reason: null,
  } as const
  // One that came back mended takes up its old entry: it stands where it stood, and nothing of it is left behind.
  const old = source.branch === null ? undefined : state.entries.find((entry) => isLeftBehind(entry, source.branch))
  if (old) {
    const seq = await writeChanges(context, state, { entries: [{ ...wish, id: old.id }] })
    const entry = await findEntry(tx, old.id)
    if (!entry || seq === null) throw new Error(`${old.id} was not changed.`)
    return { entry, seq }
  }
  const entry = { ...(await newEntry(parts, context, writing)), ...wish }
  await insertEntry(tx, entry)
  return { entry, seq: await context.emit('entries.changed', entry.id, entry) }
}

const isLeftBehind = ({ branch, state }: MergeEntry, of: string | null): boolean =>
  branch === of && (state === 'conflicted' || state === 'failed' || state === 'moved')

/** A resolver's branch takes the place of the entry that it mended. */
const withdrawResolved = async (context: CommandContext, { state, source }: Writing): Promise<void> => {
  const sessionId = source.session?.id
  const mended = state.entries.filter(
    ({ route, state: its }) => route?.to === 'resolver' && route.sessionId === sessionId && its !== 'withdrawn',
  )
  const reason = `${source.branch ?? 'Another branch'} is in line instead, in which this was resolved.`
  const entries = mended.map(({ id }) => ({ id, state: 'withdrawn' as const, reason }))
  if (entries.length > 0) await writeChanges(context, state, { entries })
}

const newEntry = async (
  { tasks }: QueueParts,
  { tx, now, newId }: CommandContext,
  { state, source, input, by }: Writing,
): Promise<MergeEntry> => {
  const { session, worktree, branch } = source
  const attempts = session ? await tasks.listOfSession(tx, session.id) : []
  return {
    id: newId('mqe'),
    projectId: state.queue.projectId,
    target: state.queue.target,
    sessionId: session?.id ?? null,
    worktreeId: worktree?.id ?? null,
    taskId: attempts.at(-1)?.taskId ?? null,
    title: session?.title ?? branch ?? input.head.slice(0, 8),
    branch,
    head: input.head,
    movedTo: null,
    strategy: input.strategy,
    message: input.message,
    position: lastPosition(state),
    state: 'waiting',
    reason: null,
    conflicts: [],
    isApproved: true,
    isSuspect: false,
    rounds: 0,
    failedRun: null,
    candidate: null,
    mergeId: null,
    route: null,
    by: { kind: by.kind, id: by.id },
    enqueuedAt: now,
    changedAt: now,
    endedAt: null,
    rev: 0,
  }
}
