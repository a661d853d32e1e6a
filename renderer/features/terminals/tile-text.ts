import type { Activity } from '../../../shared/contract/sessions.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'

// What a hook tells, in a word: several of them say the same to a person.
const hookWords: Readonly<Record<string, string>> = {
  PreToolUse: 'Tool',
  PostToolUse: 'Tool',
  PostToolUseFailure: 'Tool',
  PostToolBatch: 'Tool',
  PermissionRequest: 'Permission',
  PermissionDenied: 'Permission',
  UserPromptSubmit: 'Prompt',
  Stop: 'Stop',
  StopFailure: 'Stop',
  SubagentStart: 'Subagent',
  SubagentStop: 'Subagent',
  SessionStart: 'Start',
  SessionEnd: 'End',
  PreCompact: 'Compact',
  PostCompact: 'Compact',
  Notification: 'Notification',
  MessageDisplay: 'Message',
  Elicitation: 'Question',
  AskUserQuestion: 'Question',
}

/** What a badge rests on, in two words: "Tool hook". Its age and its full text are shown beside it. */
export const evidenceWord = ({ evidence: { source, detail } }: Activity): string => {
  switch (source) {
    case 'hook': {
      const name = /^\w+/.exec(detail)?.[0] ?? ''
      return name === '' ? 'Hook' : `${hookWords[name] ?? name} hook`
    }
    case 'status-file':
      return 'Status file'
    case 'title':
      return 'Terminal title'
    case 'notification':
      return 'Notification'
    case 'process':
      return 'Process'
    case 'person':
      return 'Your answer'
    case 'none':
      return 'No evidence yet'
    default:
      return unreachable(source)
  }
}

/** What a plain shell is called: as its program names itself. */
export const shellName = (terminal: { readonly title: string | null } | undefined): string => {
  const title = visibleLine(terminal?.title ?? '')
  return title === '' ? 'Shell' : title
}

/** The branch without the prefix that all of ours share. */
export const shortBranch = (branch: string): string => visibleLine(branch.replace(/^switchyard\//, ''))

/** "$1.84"; cents are dropped from 100 on, where they no longer matter. */
export const costText = (usd: number): string => (usd >= 100 ? `$${Math.round(usd)}` : `$${usd.toFixed(2)}`)

/** A folder as far as it is worth showing: below the worktree by its own path, else its last part. */
export const folderText = (cwd: string, root: string | null): string => {
  const separator = cwd.includes('\\') ? '\\' : '/'
  if (root !== null && cwd === root) return '.'
  if (root !== null && cwd.startsWith(root + separator)) return visibleLine(cwd.slice(root.length + 1))
  return visibleLine(cwd.split(separator).at(-1) ?? cwd)
}
