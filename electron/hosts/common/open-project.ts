import { createRouterClient, ORPCError } from '@orpc/server'
import type { Backend } from '../../backend/create-backend.ts'

/** Opens the repository that was named at the start. Answers what is wrong in words, or null when it is open. */
export const openProject = async (router: Backend['router'], path: string): Promise<string | null> => {
  const identity = { kind: 'person', id: 'start', right: 'full' } as const
  const client = createRouterClient(router, { context: { identity } })
  return client.projects.open({ path, initialise: false }).then(
    () => null,
    (error: unknown) => {
      if (error instanceof ORPCError) return error.message
      throw error
    },
  )
}
