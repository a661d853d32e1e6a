import { ORPCError } from '@orpc/client'
import { createStore } from 'zustand/vanilla'
import type { Answer } from '../../shared/contract/asks.ts'
import type { ApiClient } from '../../shared/contract/api.ts'
import type { Appearance } from '../../shared/contract/settings.ts'
import type { NewSession, Session } from '../../shared/contract/sessions.ts'
import type { AskId, SessionId } from '../../shared/lib/ids.ts'
import type { AppData } from '../data/app-data.ts'
import type { ConnectionState } from '../data/connection.ts'
import { createStores, replaceAll, type Stores } from '../data/stores.ts'
import { putHelpers } from './helper-fixtures.ts'
import { mailVerbs } from './fixture-mail.ts'
import { activityVerbs, agentHookVerbs, outageRow } from './fixture-activity.ts'
import { putBoard, taskVerbs } from './fixture-tasks.ts'
import { putLeases } from './lease-fixtures.ts'
import { putMail } from './mail-fixtures.ts'
import {
  activityRow,
  agentRows,
  answerFolders,
  branchRows,
  emptySnapshot,
  hostRow,
  projectRow,
  sessionRow,
  snapshotRows,
} from './fixtures.ts'

interface FixtureChoice {
  readonly isEmpty: boolean
  readonly connection: string
  readonly theme: Appearance['theme']
  readonly contrast: Appearance['contrast']
  readonly sidebar: Appearance['sidebar']
}

/** An `AppData` on made-up rows. Calls that change a row change it here; the rest answer something plausible. */
export const createFixtureData = (choice: FixtureChoice): AppData => {
  const stores = createStores()
  replaceAll(stores, choice.isEmpty ? emptySnapshot() : snapshotRows())
  if (!choice.isEmpty) {
    putBoard(stores)
    putHelpers(stores)
    putMail(stores)
    putLeases(stores)
    stores.outages.put([outageRow(2)])
  }
  const { theme, contrast, sidebar } = choice
  stores.settings.put([{ key: 'appearance', value: { theme, contrast, sidebar, terminalFontSize: 12 } }])
  const state = createStore<ConnectionState>(() => connectionOf(choice.connection))
  return {
    api: fixtureApi(stores, choice.isEmpty),
    stores,
    connection: { state, retryNow: () => state.setState({ kind: 'live' }, true) },
    hostInfo: {
      store: createStore(() => ({ info: hostRow, checkedAt: Date.now() - 4_000, ms: 214 })),
      refresh: async () => {},
      close: () => {},
    },
  }
}

const connectionOf = (name: string): ConnectionState => {
  if (name === 'unauthorised') return { kind: 'unauthorised', isLinkRefused: false }
  if (name === 'connecting') return { kind: 'connecting', attempt: 3, reason: 'Switchyard does not answer.' }
  return { kind: 'live' }
}

const lines = [
  '\u001b[32m●\u001b[0m \u001b[1mWrite\u001b[0m(prisma/migrations/20261121_webhook_attempts/migration.sql)',
  '  \u001b[2m└\u001b[0m  Wrote 14 lines',
  '',
  '\u001b[32m●\u001b[0m The schema is in place. The table has to exist in the test',
  '  database before the retry worker can run end to end.',
  '',
  '\u001b[36m❯ 1. Yes\u001b[0m',
  '  2. No, and tell Claude what to do differently \u001b[2m(esc)\u001b[0m',
]

/** A screen that never changes. */
async function* screenOf() {
  yield { kind: 'snapshot', offset: 0, cols: 80, rows: 24, text: lines.join('\r\n') }
  await new Promise(() => {})
}

type Verb = (input: never) => Promise<unknown>

const fixtureApi = (stores: Stores, isEmpty: boolean): ApiClient => {
  const answers: Readonly<Record<string, Readonly<Record<string, Verb>>>> = {
    host: { info: async () => hostRow, listFolders: async () => answerFolders },
    terminals: { attach: async () => screenOf() },
    agents: { detect: async () => [...agentRows] },
    projects: projectVerbs(stores),
    sessions: sessionVerbs(stores),
    tasks: taskVerbs(stores),
    mail: mailVerbs(stores),
    leases: { release: async () => ({ seq: 1 }), cancelWait: async () => ({ seq: 1 }) },
    activity: activityVerbs(stores, isEmpty),
    agentHooks: agentHookVerbs(stores),
    asks: {
      answer: async ({ askId, answer }: { readonly askId: AskId; readonly answer: Answer }) => {
        const ask = stores.asks.get(askId)
        if (ask === undefined) throw new ORPCError('NOT_FOUND')
        stores.asks.put([{ ...ask, state: { kind: 'answered', by: 'app', answer: answer.kind, at: Date.now() } }])
        const session = stores.sessions.get(ask.sessionId)
        if (session !== undefined)
          stores.sessions.put([{ ...session, activity: activityRow('working', 'Tool hook', 0) }])
        return {}
      },
    },
  }
  return new Proxy({} as ApiClient, {
    get: (_, feature: string) =>
      new Proxy({}, { get: (__, verb: string) => answers[feature]?.[verb] ?? (async () => ({})) }),
  })
}

const sessionVerbs = (stores: Stores) => {
  const change =
    (part: Partial<Session>): Verb =>
    async (input: { readonly sessionId: SessionId; readonly title?: string }) => {
      const row = stores.sessions.get(input.sessionId)
      if (row === undefined) throw new ORPCError('NOT_FOUND')
      const changed = { ...row, ...part, ...(input.title === undefined ? {} : { title: input.title }) }
      stores.sessions.put([changed])
      return changed
    }
  return {
    rename: change({}),
    archive: change({ lifecycle: 'archived', archivedAt: Date.now() }),
    unarchive: change({ lifecycle: 'running', archivedAt: null }),
    markSeen: change({ isUnread: false }),
    create: async (input: NewSession) => {
      if (input.worktree.kind === 'new-branch' && input.worktree.branch === 'taken') {
        throw new ORPCError('BRANCH_EXISTS', { message: 'taken is there already. Choose another name.' })
      }
      const count = stores.sessions.store.getState().byId.size
      return sessionRow(100 + count, input.title ?? '', { projectId: input.projectId, worktreeId: null })
    },
  }
}

const projectVerbs = (stores: Stores) => ({
  branches: async () => branchRows,
  freshBase: async () => ({ ref: 'origin/main', sha: branchRows[0]?.sha, fetchedAt: Date.now() - 12_000, note: null }),
  open: async ({ path, initialise }: { readonly path: string; readonly initialise: boolean }) => {
    const name = path.split('/').at(-1) ?? path
    if (name === 'notes' && !initialise) {
      throw new ORPCError('NOT_A_REPOSITORY', {
        message: `${path} is no Git repository. Make it one, or choose another.`,
      })
    }
    const row = projectRow(10 + stores.projects.store.getState().byId.size, name)
    stores.projects.put([row])
    return row
  },
})
