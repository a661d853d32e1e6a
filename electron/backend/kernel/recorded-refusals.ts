/**
 * Refusals, and the errors that stand for them, that are events already: whoever passes one on must not write it down a second
 * time.
 */
const recorded = new WeakSet<object>()

export const markRecorded = (refusal: object): void => void recorded.add(refusal)

export const isRecorded = (refusal: object): boolean => recorded.has(refusal)
