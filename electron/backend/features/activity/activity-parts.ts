import type { Database } from '../../db/database.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { SessionsService } from '../sessions/sessions-service.ts'
import type { TasksService } from '../tasks/tasks-service.ts'

export interface ActivityDeps {
  readonly database: Database
  readonly clock: Clock
  readonly sessions: Pick<SessionsService, 'list'>
  readonly tasks: Pick<TasksService, 'find' | 'detail' | 'listShown'>
}
