/** Allows at most `most` events in any `windowMs`. Returns a function that counts one and says whether it is allowed. */
export const createRateLimit = (deps: {
  readonly most: number
  readonly windowMs: number
  readonly now: () => number
}): (() => boolean) => {
  let times: readonly number[] = []
  return () => {
    const now = deps.now()
    times = times.filter((time) => time > now - deps.windowMs)
    // A refused event does not count, so that a flood from outside cannot keep the person out for longer than it lasts.
    if (times.length >= deps.most) return false
    times = [...times, now]
    return true
  }
}
