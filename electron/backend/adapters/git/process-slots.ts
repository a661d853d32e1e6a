export type InSlot = <Value>(work: () => Promise<Value>) => Promise<Value>

/** Lets so many works run side by side; the others wait for their turn, first come first served. */
export const createProcessSlots = (most: number): InSlot => {
  const waiting: (() => void)[] = []
  let taken = 0
  const giveBack = (): void => {
    const next = waiting.shift()
    // The slot goes on to the next, so that nobody who comes meanwhile gets in between.
    if (next) next()
    else taken -= 1
  }
  return async (work) => {
    if (taken < most) taken += 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    return work().finally(giveBack)
  }
}
