export type InTurn = <Value>(key: string, work: () => Promise<Value>) => Promise<Value>

/** Runs work of one key one after the other, and of different keys side by side. */
export const createTurns = (): InTurn => {
  const lastByKey = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const previous = lastByKey.get(key)
    const mine = (async () => {
      // How the one before ended is its own caller's business.
      await previous?.catch(() => undefined)
      return work()
    })()
    lastByKey.set(key, mine)
    const forget = (): void => {
      if (lastByKey.get(key) === mine) lastByKey.delete(key)
    }
    mine.then(forget, forget)
    return mine
  }
}
