/** How a command that was no success ends. */
export const exitCodes = {
  ok: 0,
  /** A mistake in how it was called, or a bug. */
  failed: 1,
  /** A rule says no; the same call will be refused again. */
  refused: 2,
  /** Somebody else was first or holds it; it may succeed later. */
  conflict: 3,
  /** The claim it speaks for is over: stop working on it. */
  staleEpoch: 4,
  /** Nobody decided: the app is away. */
  unavailable: 5,
} as const

const byCode: Readonly<Record<string, number>> = {
  MALFORMED: exitCodes.failed,
  UNKNOWN_VERB: exitCodes.failed,
  INTERNAL: exitCodes.failed,

  ALREADY_CLAIMED: exitCodes.conflict,
  NOTHING_READY: exitCodes.conflict,
  HELD: exitCodes.conflict,
  DEADLOCK: exitCodes.conflict,
  STALE_REV: exitCodes.conflict,
  EXISTS: exitCodes.conflict,
  ALREADY_QUEUED: exitCodes.conflict,

  STALE_EPOCH: exitCodes.staleEpoch,

  UNAVAILABLE: exitCodes.unavailable,
}

/** The exit code of a refusal. A code that is not named here is a rule's. */
export const exitCodeOf = (refusalCode: string): number =>
  Object.hasOwn(byCode, refusalCode) ? (byCode[refusalCode] ?? exitCodes.refused) : exitCodes.refused

/** The HTTP status that goes with it, for what reads no bodies. */
export const httpStatusOf = (refusalCode: string): number => {
  switch (refusalCode) {
    case 'MALFORMED':
    case 'INVALID':
      return 422
    case 'UNKNOWN_VERB':
    case 'NOT_FOUND':
      return 404
    case 'INTERNAL':
      return 500
    case 'UNAVAILABLE':
      return 503
    default:
      return 409
  }
}
