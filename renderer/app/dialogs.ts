import { createStore, type StoreApi } from 'zustand/vanilla'
import type { CheckRun } from '../../shared/contract/checks.ts'
import type { Task } from '../../shared/contract/task-rows.ts'
import type { ProjectId } from '../../shared/lib/ids.ts'
import type { NewSessionDraft } from '../features/sessions/new-session/new-session-rules.ts'

/** The one dialog that is open. */
export type OpenDialog =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'new-session'
      readonly projectId: ProjectId
      readonly draft: NewSessionDraft | null
      /** The task it is to be started on. */
      readonly task: Task | null
    }
  | { readonly kind: 'open-project'; readonly path: string | null; readonly problem: OpenProjectProblem | null }
  | { readonly kind: 'palette' }
  | { readonly kind: 'help' }
  | { readonly kind: 'settings' }
  /** Where the checks of a project are defined. */
  | { readonly kind: 'checks'; readonly projectId: ProjectId }
  | { readonly kind: 'check-output'; readonly run: CheckRun }

export interface OpenProjectProblem {
  readonly code: string
  readonly message: string
}

export type Dialogs = StoreApi<{ readonly open: OpenDialog }>

export const createDialogs = (): Dialogs => createStore(() => ({ open: { kind: 'none' } as OpenDialog }))
