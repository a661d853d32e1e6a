/** A turn of the event loop, for tests: every promise that could settle has settled by then. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))
