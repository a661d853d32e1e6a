import { taskSchema } from '../../../shared/contract/task-rows.ts'
import type { HistoryEntry } from '../../../shared/contract/tasks.ts'
import { stateInSentence } from './task-words.ts'

export interface HistoryLine {
  readonly seq: number
  readonly at: number
  readonly who: string
  readonly what: string
}

/** What each command did, after the name of who gave it. One that is not named here is told by the state it led to. */
const deeds: Readonly<Record<string, string>> = {
  'create-task': 'wrote it down',
  'update-task': 'changed what is said of it',
  'place-task': 'gave it another place on the board',
  'claim-task': 'took it up',
  'start-on-task': 'started a session on it',
  'note-activity': 'saw its agent at work',
  'mark-attempt': 'looked after its agent',
  'take-checkpoint': 'took a checkpoint',
  'submit-attempt': 'handed the work in',
  'fail-attempt': 'gave the attempt up',
  'release-attempt': 'gave it back',
  'expire-attempt': 'found its agent dead and took it back',
  'book-rescue': 'kept what its worktree held',
  'accept-task': 'accepted the work',
  'request-changes': 'requested changes',
  'reopen-task': 'reopened it',
  'retry-task': 'let it be tried again',
  'cancel-task': 'cancelled it',
  'comment-task': 'commented',
  'add-dependency': 'added a dependency',
  'remove-dependency': 'removed a dependency',
  'open-due-tasks': 'opened it, as its day had come',
  credit: 'moved its deadlines by the time the computer slept',
}

/**
 * The history as people read it, newest first. A command tells of each row it wrote; it is one line here, of the row of the
 * task where there is one.
 */
export const historyLines = (
  entries: readonly HistoryEntry[],
  titleOfSession: (id: string) => string | undefined,
): readonly HistoryLine[] => {
  const commands = new Map<string, HistoryEntry>()
  for (const entry of entries) {
    const key = `${entry.command} ${entry.at} ${entry.by}`
    const other = commands.get(key)
    if (other === undefined || entry.topic === 'tasks.changed') commands.set(key, entry)
  }
  return [...commands.values()]
    .sort((a, b) => b.seq - a.seq)
    .map((entry) => ({ seq: entry.seq, at: entry.at, who: whoIs(entry.by, titleOfSession), what: whatOf(entry) }))
}

const whoIs = (by: string, titleOfSession: (id: string) => string | undefined): string => {
  const [kind, id] = [by.slice(0, by.indexOf(':')), by.slice(by.indexOf(':') + 1)]
  if (kind === 'person') return 'You'
  return kind === 'session' ? (titleOfSession(id) ?? `Session ${id}`) : 'Switchyard'
}

const whatOf = ({ topic, command, payload }: HistoryEntry): string => {
  if (topic === 'refusals.recorded') return `was refused: ${messageOf(payload)}`
  const deed = deeds[command]
  if (deed !== undefined) return deed
  const task = taskSchema.pick({ state: true }).safeParse(payload)
  return task.success ? `made it ${stateInSentence(task.data.state)}` : command.replaceAll('-', ' ')
}

const messageOf = (payload: unknown): string => {
  const message = (payload as { readonly message?: unknown } | null)?.message
  return typeof message === 'string' ? message : 'no reason was kept'
}
