import type { Agent } from '../../shared/contract/agents.ts'
import type { Ask } from '../../shared/contract/asks.ts'
import type { Snapshot } from '../../shared/contract/changes.ts'
import type { HostInfo } from '../../shared/contract/host.ts'
import type { Project } from '../../shared/contract/projects.ts'
import type { Activity, Session } from '../../shared/contract/sessions.ts'
import type { Terminal } from '../../shared/contract/terminals.ts'
import type { Worktree } from '../../shared/contract/worktrees.ts'
import type { AskId, ProjectId, SessionId, TerminalId, WorktreeId } from '../../shared/lib/ids.ts'

const now = Date.now()
const minute = 60_000
const idAt = (prefix: string, n: number) => `${prefix}_01JD0000000000000000000${String(n).padStart(3, '0')}`
export const projectIdAt = (n: number) => idAt('prj', n) as ProjectId
export const sessionIdAt = (n: number) => idAt('ses', n) as SessionId
export const worktreeIdAt = (n: number) => idAt('wt', n) as WorktreeId
export const askIdAt = (n: number) => idAt('ask', n) as AskId

export const projectRow = (n: number, name: string, change: Partial<Project> = {}): Project => ({
  id: projectIdAt(n),
  name,
  rootPath: `/home/mara/code/northpier/${name}`,
  commonDir: `/home/mara/code/northpier/${name}/.git`,
  defaultBranch: 'main',
  remote: 'origin',
  state: { kind: 'ok' },
  notes: [],
  createdAt: now - 1_000_000 + n,
  openedAt: now - 40 * minute,
  ...change,
})

export const activityRow = (
  kind: Activity['kind'],
  detail: string,
  ageMs: number,
  reason: string | null = null,
): Activity => ({
  kind,
  reason,
  evidence: { source: kind === 'unknown' ? 'none' : 'hook', detail },
  at: now - ageMs,
})

export const sessionRow = (n: number, title: string, change: Partial<Session> = {}): Session => ({
  id: sessionIdAt(n),
  projectId: projectIdAt(1),
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
  terminalId: [1, 2, 3, 4, 8].includes(n) ? terminalIdAt(n) : null,
  lifecycle: 'running',
  lifecycleReason: null,
  preparation: [],
  runtime: { kind: 'alive', pid: 4_000 + n, since: now - 50 * minute },
  activity: activityRow('working', 'Tool hook', 14 * minute),
  usage: { contextPercent: 41, costUsd: 1.84, model: 'opus', at: now },
  canResume: true,
  isUnread: false,
  isPinned: false,
  position: n,
  createdAt: now - 60 * minute,
  changedAt: now - minute,
  archivedAt: null,
  rev: 1,
  ...change,
})

export const worktreeRow = (n: number, branch: string, added = 0, removed = 0): Worktree => ({
  id: worktreeIdAt(n),
  projectId: projectIdAt(1),
  path: `/home/mara/.switchyard/worktrees/ledger-api-3f9a1c20/${branch}-k7q`,
  branch: `switchyard/${branch}`,
  kind: 'new-branch',
  base: { ref: 'origin/main', sha: '8f31c0757a2f', fetchedAt: now },
  state: { kind: 'ok' },
  headSha: '8f31c0757a2f',
  added,
  removed,
  changedFiles: 4,
  untrackedFiles: 1,
  notes: [],
  checkedAt: now,
  createdAt: now,
})

export const terminalIdAt = (n: number) => idAt('trm', n) as TerminalId

export const terminalRow = (n: number, change: Partial<Terminal> = {}): Terminal => ({
  id: terminalIdAt(n),
  projectId: projectIdAt(1),
  sessionId: sessionIdAt(n),
  kind: 'agent',
  title: '',
  cwd: '/home/mara/code',
  state: { kind: 'alive', pid: 4_000 + n },
  createdAt: now,
  ...change,
})

export const askRow = (n: number, sessionId: SessionId, detail: Ask['detail'], ageMs: number): Ask => ({
  id: askIdAt(n),
  sessionId,
  detail,
  canAnswerHere: detail.kind !== 'terminal',
  evidence: { source: 'hook', detail: 'PermissionRequest' },
  openedAt: now - ageMs,
  state: { kind: 'open' },
})

export const agentRow = (id: Agent['id'], name: string, change: Partial<Agent> = {}): Agent => ({
  id,
  name,
  availability: { kind: 'found', path: `/usr/bin/${id}`, version: '2.1.329' },
  versionNote: null,
  permissionModes: [],
  defaultPermissionMode: null,
  models: [],
  takesPrompt: true,
  canResume: true,
  canUseTeams: false,
  statusSource: 'process',
  wakesForMail: false,
  takesTypedMail: false,
  checkedAt: now,
  ...change,
})

const claude = agentRow('claude-code', 'Claude Code', {
  canUseTeams: true,
  statusSource: 'hooks',
  wakesForMail: true,
  defaultPermissionMode: 'auto',
  permissionModes: [
    { id: 'auto', label: 'auto', hint: 'The agent decides what is safe', isDangerous: false },
    { id: 'plan', label: 'plan', hint: 'Reads and plans, changes nothing', isDangerous: false },
    { id: 'acceptEdits', label: 'acceptEdits', hint: 'Edits files without asking', isDangerous: false },
    { id: 'bypassPermissions', label: 'bypassPermissions', hint: 'Runs every tool without asking', isDangerous: true },
  ],
  models: [
    { id: 'opus', label: 'Opus 5.5' },
    { id: 'sonnet', label: 'Sonnet 5' },
  ],
})
const missing = { kind: 'missing', hint: 'Install it with npm.' } as const

export const agentRows: readonly Agent[] = [
  claude,
  agentRow('codex', 'Codex', {
    availability: { kind: 'found', path: '/usr/bin/codex', version: '0.61.0' },
    versionNote: 'tested up to 0.60',
  }),
  agentRow('gemini', 'Gemini', { availability: missing }),
  agentRow('demo', 'Demo agent', {
    availability: { kind: 'found', path: '', version: null },
    statusSource: 'hooks',
    takesTypedMail: true,
  }),
  agentRow('shell', 'Shell', { takesPrompt: false, availability: { kind: 'found', path: '/bin/zsh', version: null } }),
]

export const hostRow: HostInfo = {
  kind: 'web',
  platform: 'linux',
  version: '0.1.0',
  canPickFolder: false,
  home: '/home/mara',
  git: { version: '2.47.1', problem: null },
  shell: { path: '/bin/zsh', variables: 63, ms: 214, problem: null },
}

export const branchRows = ['main', 'origin/main', 'release/24.11', 'origin/release/24.11'].map((name, index) => ({
  name,
  ref: name,
  kind: name.startsWith('origin/') ? ('remote' as const) : ('local' as const),
  sha: '8f31c0757a2f4c1e9d2b',
  committedAt: now - index * 90 * minute,
  checkedOutAt: name === 'main' ? '/home/mara/code/northpier/ledger-api' : null,
}))

export const answerFolders = {
  path: '/home/mara/code',
  parent: '/home/mara',
  isRepository: false,
  truncated: false,
  entries: ['harbor-web', 'infra blue', 'ledger-api', 'notes'].map((name) => ({
    name,
    path: `/home/mara/code/${name}`,
    isRepository: name !== 'notes',
  })),
}

// prettier-ignore
export const emptySnapshot = (): Snapshot => ({
  settings: [], projects: [], agents: [...agentRows], worktrees: [], terminals: [], sessions: [], asks: [],
  leases: [], waiters: [], overlaps: [], threads: [], messages: [], deliveries: [], reports: [], outages: [], subagents: [],
  teammates: [], teamTasks: [], merges: [], checks: [], checkRuns: [], pullRequests: [], mergeQueues: [], mergeEntries: [],
  tasks: [], dependencies: [], attempts: [], dispatch: { paused: null, rev: 0 },
})

const projects: readonly Project[] = [
  projectRow(1, 'ledger-api'),
  projectRow(2, 'harbor-web'),
  projectRow(3, 'infra blue', {
    state: { kind: 'no-commits', message: 'It has no commit yet, so there is nothing to branch from.' },
  }),
]

const worktrees: readonly Worktree[] = [
  worktreeRow(1, 'retry-webhooks', 212, 38),
  worktreeRow(2, 'idempotency-keys', 148, 22),
  worktreeRow(3, 'settlement-worker', 604, 371),
  worktreeRow(4, 'flaky-balance', 18, 6),
  worktreeRow(5, 'currency-minor'),
  worktreeRow(7, 'invoices-table', 96, 140),
  worktreeRow(8, 'email-dark', 73, 11),
]

const sessions: readonly Session[] = [
  sessionRow(1, 'Retry webhooks with backoff', {
    isUnread: true,
    activity: activityRow('needs-you', 'Permission hook', 2 * minute, 'Permission to run a command'),
  }),
  sessionRow(2, 'Idempotency keys on transfers', { isPinned: true }),
  sessionRow(3, 'Split settlement worker', { activity: activityRow('working', 'Tool hook', 41 * minute) }),
  sessionRow(4, 'Flaky ledger balance test', {
    isUnread: true,
    activity: activityRow('idle', 'Stop hook', 6 * minute),
  }),
  sessionRow(5, 'Currency table to minor units', {
    lifecycle: 'preparing',
    runtime: { kind: 'none' },
    preparation: [
      {
        name: 'worktree',
        state: 'failed',
        detail: 'No space is left on the disk. Free some and retry: 212 MB are needed.',
      },
      { name: 'agent', state: 'waiting', detail: '' },
    ],
  }),
  sessionRow(6, 'Audit log export as CSV', {
    lifecycle: 'archived',
    archivedAt: now - 180 * minute,
    worktreeId: null,
  }),
  sessionRow(7, 'Virtualise the invoices table', {
    projectId: projectIdAt(2),
    activity: activityRow('needs-you', 'Question hook', 9 * minute, 'Question'),
  }),
  sessionRow(8, 'Dark theme for email previews', {
    projectId: projectIdAt(2),
    lifecycle: 'stopped',
    runtime: { kind: 'lost', at: now - 22 * minute, reason: 'The computer was restarted.' },
  }),
  sessionRow(9, 'Upgrade to React 20', {
    projectId: projectIdAt(2),
    lifecycle: 'preparing',
    runtime: { kind: 'none' },
    createdAt: now - 38_000,
    preparation: [
      { name: 'worktree', state: 'running', detail: 'Checking out 12,408 files' },
      { name: 'agent', state: 'waiting', detail: '' },
    ],
  }),
  sessionRow(10, 'Remove moment from date utils', {
    projectId: projectIdAt(2),
    activity: activityRow('unknown', '', 4 * minute),
  }),
  sessionRow(11, 'Sort \u202Estnemyap by date', {
    projectId: projectIdAt(2),
    lifecycle: 'stopped',
    runtime: { kind: 'exited', code: 0, signal: null, at: now - 300 * minute, wasAsked: true },
  }),
]

const asks: readonly Ask[] = [
  askRow(
    1,
    sessionIdAt(7),
    {
      kind: 'question',
      questions: [
        {
          question:
            'Rows have variable heights when a note wraps. Should notes be cut to one line, or may I measure rows?',
          header: 'Heights',
          multiSelect: false,
          options: [
            { label: 'Cut notes to one line', description: 'Simple, and the full note stays in the side panel.' },
            { label: 'Measure rows', description: 'Costs a layout pass for each visible row.' },
          ],
        },
      ],
    },
    9 * minute,
  ),
  askRow(
    2,
    sessionIdAt(1),
    {
      kind: 'permission',
      toolName: 'Bash',
      subject: 'npx prisma migrate deploy --schema prisma/schema.prisma',
      description: 'Apply the webhook_attempts migration to the test database',
      edit: null,
      wider: [{ id: 'project', label: 'Allow for this project' }],
    },
    2 * minute,
  ),
  askRow(
    3,
    sessionIdAt(2),
    {
      kind: 'permission',
      toolName: 'Edit',
      subject: 'src/transfers/idempotency.ts',
      description: null,
      edit: {
        path: 'src/transfers/idempotency.ts',
        before: 'const store = open()\nconst hit = await store.find(key)\nif (hit) return hit.response\n',
        after:
          'const store = open()\nconst hit = await store.find(account, key)\nif (hit && hit.bodyHash !== bodyHash) throw new Conflict(key)\n',
      },
      wider: [],
    },
    minute,
  ),
]

export const snapshotRows = (): Snapshot => ({
  ...emptySnapshot(),
  projects: [...projects],
  worktrees: [...worktrees],
  sessions: [...sessions],
  asks: [...asks],
  terminals: [1, 2, 3, 4, 8].map((n) =>
    terminalRow(n, n === 8 ? { projectId: projectIdAt(2), state: { kind: 'lost', at: now } } : {}),
  ),
})
