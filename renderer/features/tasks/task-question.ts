import type { TaskId } from '../../../shared/lib/ids.ts'
import type { PlainMove } from './drop-plan.ts'

interface About {
  readonly taskId: TaskId
  /** Where the task is to lie on the board when it is done; left out, it stays where it is. */
  readonly beforeId?: TaskId | null
}

/** What has to be asked before it can be done. */
export type TaskQuestion = About &
  (
    | { readonly kind: 'hold' | 'request-changes' | 'cancel' | 'fail' }
    | { readonly kind: 'take-back'; readonly move: PlainMove }
  )
