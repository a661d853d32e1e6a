import type { AskDetail } from '../../../shared/contract/asks.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'

/** What kind of wait it is, as the list names it. */
export const askKindText = (detail: AskDetail): string => {
  switch (detail.kind) {
    case 'permission':
      return `Permission to ${verbOf(detail)}`
    case 'question':
      return detail.questions.length > 1 ? `${detail.questions.length} questions` : 'Question'
    case 'plan':
      return 'Plan to approve'
    case 'terminal':
      return 'Waits in its terminal'
    default:
      return unreachable(detail)
  }
}

/** The question a person answers, short enough for one line. */
export const askQuestionText = (detail: AskDetail): string => {
  switch (detail.kind) {
    case 'permission':
      return `Allow ${objectOf(detail)}?`
    case 'question':
      return detail.questions[0]?.question ?? 'It asks a question.'
    case 'plan':
      return 'Go ahead with this plan?'
    case 'terminal':
      return detail.what
    default:
      return unreachable(detail)
  }
}

type Permission = Extract<AskDetail, { kind: 'permission' }>

const verbOf = (detail: Permission): string => {
  if (detail.edit !== null) return detail.edit.before === '' ? 'write a file' : 'edit a file'
  switch (detail.toolName) {
    case 'Bash':
    case 'PowerShell':
      return 'run a command'
    case 'Read':
      return 'read a file'
    case 'WebFetch':
      return 'fetch a page'
    case 'WebSearch':
      return 'search the web'
    default:
      return `use ${detail.toolName}`
  }
}

const objectOf = (detail: Permission): string => {
  if (detail.edit !== null) return detail.edit.before === '' ? 'this new file' : 'this edit'
  switch (detail.toolName) {
    case 'Bash':
    case 'PowerShell':
      return 'this command'
    case 'Read':
      return 'reading this file'
    case 'WebFetch':
      return 'fetching this page'
    case 'WebSearch':
      return 'this search'
    default:
      return detail.toolName
  }
}

/** A path within the worktree without the long way to it; any other path as it is. */
export const pathWithin = (path: string, root: string | null): string =>
  root !== null && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path

export interface EditLine {
  readonly kind: 'same' | 'removed' | 'added' | 'more'
  readonly text: string
}

// Enough to judge most edits at a glance; the whole of it is in the terminal.
const mostLines = 14
const contextLines = 1

/** An edit as few lines: what both sides share at the ends is left out, and a long middle is cut with its count. */
export const editPreview = (before: string, after: string): readonly EditLine[] => {
  const removed = before === '' ? [] : before.replace(/\n$/, '').split('\n')
  const added = after === '' ? [] : after.replace(/\n$/, '').split('\n')
  const head = sharedLength(removed, added)
  const tail = sharedLength(removed.slice(head).reverse(), added.slice(head).reverse())
  const lines: EditLine[] = [
    ...removed.slice(Math.max(0, head - contextLines), head).map(lineOf('same')),
    ...removed.slice(head, removed.length - tail).map(lineOf('removed')),
    ...added.slice(head, added.length - tail).map(lineOf('added')),
    ...removed.slice(removed.length - tail, removed.length - tail + contextLines).map(lineOf('same')),
  ]
  if (lines.length <= mostLines) return lines
  return [...lines.slice(0, mostLines - 1), { kind: 'more', text: `${lines.length - mostLines + 1} more lines` }]
}

const lineOf =
  (kind: EditLine['kind']) =>
  (text: string): EditLine => ({ kind, text })

const sharedLength = (a: readonly string[], b: readonly string[]): number => {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1
  return length
}

/** Several chosen labels as the agent takes them. */
export const joinChoices = (labels: readonly string[]): string => labels.join(', ')
