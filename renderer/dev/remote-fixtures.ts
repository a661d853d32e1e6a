import type { PullRequest, RemoteComment, RemoteState } from '../../shared/contract/remote.ts'
import type { PullRequestId } from '../../shared/lib/ids.ts'
import { projectIdAt, worktreeIdAt } from './fixtures.ts'

export const pullRequestRow = (changes: Partial<PullRequest> = {}): PullRequest => ({
  id: 'prq_01J00000000000000000000001' as PullRequestId,
  projectId: projectIdAt(1),
  worktreeId: worktreeIdAt(1),
  forge: 'github',
  host: 'github.com',
  repository: 'acme/app',
  branch: 'fix',
  number: 7,
  url: 'https://github.com/acme/app/pull/7',
  title: 'Fix the race',
  state: 'open',
  head: 'a'.repeat(40),
  base: 'main',
  checks: [],
  comments: 0,
  newComments: 0,
  fetchedAt: 0,
  problem: null,
  ...changes,
})

export const remoteCommentRow = (changes: Partial<RemoteComment> = {}): RemoteComment => ({
  key: 'line:1',
  kind: 'line',
  author: 'eve',
  body: 'Why?',
  path: 'src/a.ts',
  line: 12,
  url: null,
  at: 0,
  givenAt: null,
  ...changes,
})

export const remoteStateOf = (changes: Partial<RemoteState> = {}): RemoteState => ({
  remote: { name: 'origin', url: 'https://github.com/acme/app.git', isLocal: false },
  branch: 'fix',
  head: 'a'.repeat(40),
  remoteHead: null,
  ahead: 0,
  behind: 0,
  base: 'main',
  isInBase: false,
  forge: 'github',
  tool: 'ready',
  compareUrl: 'https://github.com/acme/app/compare/main...fix?expand=1',
  pullRequest: null,
  notes: [],
  problem: null,
  ...changes,
})
