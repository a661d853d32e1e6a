/** Windows come and go; only those that wrote lately may repeat themselves. */
const MAX_WRITERS = 64

export interface Writers {
  hasSeen(writerId: string, seq: number): boolean
  record(writerId: string, seq: number): void
}

/** Tells a write that is repeated after a lost connection from a new one. */
export const createWriters = (): Writers => {
  const lastSeqByWriter = new Map<string, number>()
  return {
    hasSeen: (writerId, seq) => seq <= (lastSeqByWriter.get(writerId) ?? -1),
    record(writerId, seq) {
      lastSeqByWriter.delete(writerId)
      lastSeqByWriter.set(writerId, seq)
      const [oldest] = lastSeqByWriter.keys()
      if (lastSeqByWriter.size > MAX_WRITERS && oldest !== undefined) lastSeqByWriter.delete(oldest)
    },
  }
}
