import { api } from '../../../shared/contract/api.ts'
import { checksSteps, mergeSteps, queueSteps } from './walk-merging.ts'
import type { Place, Step } from './walk-place.ts'
import { commentsSteps, reviewSteps, stagingSteps } from './walk-reading.ts'

const features = ['review', 'comments', 'staging', 'checks', 'merge', 'queue'] as const

/** Every procedure by which a person reads, changes, checks or merges work, as the contract has them. */
export const walkedProcedures: readonly string[] = features.flatMap((name) =>
  Object.keys(api[name]).map((procedure) => `${name}.${procedure}`),
)

/** In an order in which each finds work to do. */
export const stepsOf = (place: Place): readonly Step[] => [
  ...reviewSteps(place),
  ...commentsSteps(place),
  ...stagingSteps(place),
  ...checksSteps(place),
  ...mergeSteps(place),
  ...queueSteps(place),
]
