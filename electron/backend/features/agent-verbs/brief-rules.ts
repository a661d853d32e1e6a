import type { VerbOutput } from '../../../../shared/agent-verbs/verbs.ts'
import type { LeaseLine } from '../../../../shared/agent-verbs/verb-shapes.ts'
import type { Attempt, Checkpoint, Comment, Task } from '../../../../shared/contract/task-rows.ts'
import { rescuedWorkText } from '../../../../shared/contract/rescued-work.ts'
import { cutText, inertLine, inertText } from '../../../../shared/lib/inert-text.ts'

/** A task that a session works on, with what the next step needs. */
export interface BriefWork {
  readonly task: Task
  readonly attempt: Attempt
  /** The newest one, of whatever attempt. */
  readonly checkpoint: Checkpoint | null
  /** Keeps what the attempt before had not committed. */
  readonly rescueRef: string | null
  readonly waitsFor: readonly Pick<Task, 'key' | 'title' | 'state'>[]
  /** Oldest first. */
  readonly comments: readonly Comment[]
  /** It was all told in the prompt that the session was just started with. */
  readonly isToldAlready: boolean
}

export interface BriefFacts {
  /** Of the session; null of the person in a terminal outside of any. */
  readonly title: string | null
  readonly role: string | null
  readonly projectName: string
  readonly branch: string | null
  readonly worktreePath: string | null
  readonly works: readonly BriefWork[]
  /** What could be claimed next. */
  readonly ready: readonly Pick<Task, 'key' | 'title' | 'priority'>[]
  readonly leases: readonly LeaseLine[]
  readonly mail: { readonly unread: number; readonly lines: readonly MailLine[] }
  readonly peers: VerbOutput<'peers'>['peers']
}

export interface MailLine {
  readonly id: string
  readonly from: string
  readonly subject: string
  readonly priority: string
}

/** As much as an agent reads of one brief without losing the thread. */
const usualCap = 16_000
/** Of a title: one that is longer tells no more. */
const longestLine = 160
const mostListed = 12

/**
 * Where a session stands, in Markdown. What others wrote comes as quotations: whoever reads it must see where it begins and
 * ends. The longest texts are cut first; what was cut names where all of it can be read.
 */
export const writeBrief = (facts: BriefFacts, cap = usualCap): string => {
  const share = Math.floor(cap / (3 * Math.max(1, facts.works.length)))
  const sections = [
    [`# Where you stand`, whoLine(facts)],
    ...(facts.works.length > 0 ? facts.works.map((work) => workLines(work, share)) : [noWorkLines(facts)]),
    leaseLines(facts.leases),
    mailLines(facts.mail),
    peerLines(facts.peers),
  ]
  const text = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
  return text.length <= cap ? text : `${cutText(text, cap - cutNote.length)}${cutNote}`
}

const cutNote = '\n\n… cut here. Ask for the rest by itself.'

const line = (text: string) => inertLine(text, longestLine)

const whoLine = ({ title, role, projectName, branch, worktreePath }: BriefFacts) =>
  [
    title === null
      ? `You are the person, outside of any session, at the project ${line(projectName)}`
      : `You are the session “${line(title)}”${role === null ? '' : ` (role ${line(role)})`} of the project ${line(projectName)}`,
    branch === null ? '' : `, on branch \`${line(branch)}\``,
    worktreePath === null ? '' : ` in \`${worktreePath}\``,
    '.',
  ].join('')

const quote = (text: string, most: number, rest: string): string[] => {
  const cut = cutText(text.trim(), most)
  const lines = inertText(cut)
    .split('\n')
    .map((each) => `> ${each}`.trimEnd())
  return cut.length < text.trim().length ? [...lines, `> … cut here. All of it: ${rest}`] : lines
}

const workLines = (work: BriefWork, share: number): string[] => {
  const { task, attempt } = work
  return [
    `## Your task: ${task.key} ${line(task.title)}`,
    `It is ${task.state.replace('_', ' ')}; priority ${task.priority}; your attempt is number ${attempt.number}, epoch ${attempt.epoch}, and ends at ${isoOf(attempt.hardDeadline)}.`,
    ...(task.reason === null ? [] : [`Why it is where it is: ${line(task.reason)}`]),
    ...(work.isToldAlready ? [] : taskTexts(work, share)),
  ]
}

const taskTexts = (
  { task, attempt, checkpoint, rescueRef, waitsFor, comments }: BriefWork,
  share: number,
): string[] => {
  const all = `tasks show ${task.key}`
  return [
    ...(task.body.trim() === '' ? [] : ['', ...quote(task.body, share, all)]),
    ...(task.declaredPaths.length === 0 ? [] : ['', `It is to change: ${task.declaredPaths.map(line).join(', ')}`]),
    ...(waitsFor.length === 0 ? [] : ['', 'It builds upon:']),
    ...waitsFor.slice(0, mostListed).map(({ key, title, state }) => `- ${key} ${line(title)} (${state})`),
    ...checkpointLines(checkpoint, attempt, { share, all }),
    ...(rescueRef === null ? [] : ['', rescuedWorkText(rescueRef)]),
    ...(comments.length === 0 ? [] : ['', 'The newest comments:']),
    ...comments.slice(-3).flatMap(({ by, body }) => [`- ${by.kind}:`, ...quote(body, Math.floor(share / 3), all)]),
  ]
}

const checkpointLines = (
  checkpoint: Checkpoint | null,
  attempt: Attempt,
  { share, all }: { readonly share: number; readonly all: string },
): string[] => {
  if (checkpoint === null) return []
  const whose = checkpoint.attemptId === attempt.id ? 'your own' : 'of the attempt before you'
  return [
    '',
    `### The last checkpoint (${whose}, ${isoOf(checkpoint.at)}${checkpoint.headSha === null ? '' : `, at ${checkpoint.headSha.slice(0, 12)}`})`,
    ...quote(checkpoint.summary, share, all),
    ...(checkpoint.nextSteps.trim() === '' ? [] : ['Next:', ...quote(checkpoint.nextSteps, share, all)]),
  ]
}

const noWorkLines = ({ ready }: BriefFacts): string[] => {
  if (ready.length === 0) return ['You work on no shared task, and none is ready to be claimed.']
  const listed = ready.slice(0, 5).map(({ key, title, priority }) => `- ${key} ${line(title)} (priority ${priority})`)
  return [`You work on no shared task. ${ready.length} can be claimed:`, ...listed]
}

const leaseLines = (leases: readonly LeaseLine[]): string[] =>
  leases.length === 0
    ? []
    : [
        '## You hold',
        ...leases
          .slice(0, mostListed)
          .map(
            ({ target, mode, policy, expiresAt }) => `- ${line(target)} (${mode}, ${policy}) until ${isoOf(expiresAt)}`,
          ),
      ]

const mailLines = ({ unread, lines }: BriefFacts['mail']): string[] =>
  unread === 0
    ? []
    : [
        `## Mail: ${unread} you have not dealt with`,
        ...lines.map(
          ({ id, from, subject, priority }) =>
            `- ${id} from ${line(from)}: ${line(subject)}${priority === 'normal' ? '' : ` (${priority})`}`,
        ),
      ]

const peerLines = (peers: BriefFacts['peers']): string[] =>
  peers.length === 0
    ? []
    : [
        '## The others',
        ...peers.slice(0, mostListed).map((peer) => {
          const parts = [
            peer.activity,
            peer.task === null ? null : `on ${peer.task}`,
            peer.branch === null ? null : `branch \`${line(peer.branch)}\``,
            peer.leases.length === 0 ? null : `holds ${peer.leases.slice(0, 5).map(line).join(', ')}`,
            peer.report === null ? null : `says “${line(peer.report)}”`,
          ]
          return `- “${line(peer.name)}” (${peer.sessionId}): ${parts.filter((part) => part !== null).join('; ')}`
        }),
        ...(peers.length > mostListed ? [`- … and ${peers.length - mostListed} more`] : []),
      ]

const isoOf = (at: number) => new Date(at).toISOString().slice(0, 16).replace('T', ' ') + ' UTC'
