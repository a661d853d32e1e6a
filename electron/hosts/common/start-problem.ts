import { storageProblem } from '../../../shared/lib/storage-problem.ts'

/** Why the app could not start, for the person: what the system said, and what to do about it where that is known. */
export const startProblem = (error: unknown): string => {
  const said = error instanceof Error ? error.message : String(error)
  const advice = storageProblem(error)
  return advice === null ? said : `${said}. ${advice}`
}
