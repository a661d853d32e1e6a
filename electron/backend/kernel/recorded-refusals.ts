import type { Refusal } from '../../../shared/lib/result.ts'

/** Those that are events already: whoever passes one on must not write it down a second time. */
const recorded = new WeakSet<Refusal>()

export const markRecorded = (refusal: Refusal): void => void recorded.add(refusal)

export const isRecorded = (refusal: Refusal): boolean => recorded.has(refusal)
