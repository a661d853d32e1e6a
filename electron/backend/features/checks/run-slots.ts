export interface RunSlots {
  /** Waits for a turn, first come first served; answers how to give it back. Null when the signal aborts before that. */
  take(id: string, signal: AbortSignal): Promise<(() => void) | null>
  /** A turn at once, for what runs already, also beyond the limit. A repeat answers how to give back the same one. */
  hold(id: string): () => void
}

/** Lets so many run at a time. */
export const createRunSlots = (most: number): RunSlots => {
  const taken = new Set<string>()
  const waiting: { readonly id: string; readonly begin: () => void }[] = []

  const serve = () => {
    while (taken.size < most) {
      const next = waiting.shift()
      if (!next) return
      taken.add(next.id)
      next.begin()
    }
  }
  const giveBackOf = (id: string) => () => {
    if (taken.delete(id)) serve()
  }

  return {
    hold: (id) => {
      taken.add(id)
      return giveBackOf(id)
    },
    take: (id, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve(null)
        const leave = () => {
          const at = waiting.indexOf(entry)
          if (at < 0) return
          waiting.splice(at, 1)
          resolve(null)
        }
        const entry = {
          id,
          begin: () => {
            signal.removeEventListener('abort', leave)
            resolve(giveBackOf(id))
          },
        }
        waiting.push(entry)
        signal.addEventListener('abort', leave)
        serve()
      }),
  }
}
