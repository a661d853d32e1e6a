import type { Ask } from '../../shared/contract/asks.ts'
import type { Project } from '../../shared/contract/projects.ts'
import type { Activity, Session } from '../../shared/contract/sessions.ts'
import type { Terminal } from '../../shared/contract/terminals.ts'
import type { Worktree } from '../../shared/contract/worktrees.ts'
import {
  askIdSchema,
  projectIdSchema,
  sessionIdSchema,
  terminalIdSchema,
  worktreeIdSchema,
  type SessionId,
  type TerminalId,
} from '../../shared/lib/ids.ts'

const idAt = (prefix: string, n: number) => `${prefix}_01JD0000000000000000000${String(n).padStart(3, '0')}`
export const projectId = projectIdSchema.parse(idAt('prj', 1))
export const sessionIdAt = (n: number): SessionId => sessionIdSchema.parse(idAt('ses', n))
export const terminalIdAt = (n: number): TerminalId => terminalIdSchema.parse(idAt('trm', n))
const worktreeIdAt = (n: number) => worktreeIdSchema.parse(idAt('wt', n))

export const projectRow = (rootPath: string): Project => ({
  id: projectId,
  name: 'ledger-api',
  rootPath,
  commonDir: `${rootPath}/.git`,
  defaultBranch: 'main',
  remote: 'origin',
  state: { kind: 'ok' },
  notes: [],
  createdAt: 1,
  openedAt: 1,
})

export const activityRow = (kind: Activity['kind'], detail: string, ageMs: number): Activity => ({
  kind,
  reason: kind === 'needs-you' ? 'Permission to run a command' : null,
  evidence: { source: kind === 'unknown' ? 'none' : 'hook', detail },
  at: Date.now() - ageMs,
})

export const sessionRow = (n: number, title: string, change: Partial<Session> = {}): Session => ({
  id: sessionIdAt(n),
  projectId,
  title,
  agentId: 'claude-code',
  role: null,
  model: null,
  permissionMode: null,
  usesTeams: false,
  isMailTyped: true,
  prompt: title,
  worktreeChoice: { kind: 'new-branch', baseRef: null, branch: null },
  worktreeId: worktreeIdAt(n),
  terminalId: terminalIdAt(n),
  lifecycle: 'running',
  lifecycleReason: null,
  preparation: [],
  runtime: { kind: 'alive', pid: 4_000 + n, since: Date.now() - 3_000_000 },
  activity: activityRow('working', 'PreToolUse: Bash', 2_000),
  usage: { contextPercent: 41, costUsd: 1.84, model: 'opus', at: Date.now() },
  canResume: true,
  isUnread: false,
  isPinned: false,
  position: n,
  createdAt: Date.now() - 3_600_000,
  changedAt: Date.now() - 60_000,
  archivedAt: null,
  rev: 1,
  ...change,
})

export const worktreeRow = (n: number, path: string, branch: string, added: number, removed: number): Worktree => ({
  id: worktreeIdAt(n),
  projectId,
  path,
  branch: `switchyard/${branch}`,
  kind: 'new-branch',
  base: { ref: 'origin/main', sha: '8f31c07', fetchedAt: Date.now() - 40_000 },
  state: { kind: 'ok' },
  headSha: '8f31c07',
  added,
  removed,
  changedFiles: 3,
  untrackedFiles: 0,
  notes: [],
  checkedAt: Date.now(),
  createdAt: Date.now() - 3_600_000,
})

export const terminalRow = (n: number, cwd: string, change: Partial<Terminal> = {}): Terminal => ({
  id: terminalIdAt(n),
  projectId,
  sessionId: sessionIdAt(n),
  kind: 'agent',
  title: '',
  cwd,
  state: { kind: 'alive', pid: 4_000 + n },
  createdAt: n,
  ...change,
})

/** A permission that the n-th session waits for. */
export const askRow = (n: number): Ask => ({
  id: askIdSchema.parse(idAt('ask', n)),
  sessionId: sessionIdAt(n),
  detail: {
    kind: 'permission',
    toolName: 'Bash',
    subject: 'npx prisma migrate deploy --schema prisma/schema.prisma',
    description: 'Apply the webhook_attempts migration to the test database',
    edit: null,
    wider: [{ id: 'project', label: 'Allow for this project' }],
  },
  canAnswerHere: true,
  evidence: { source: 'hook', detail: 'PermissionRequest: Bash' },
  openedAt: Date.now() - 120_000,
  state: { kind: 'open' },
})
