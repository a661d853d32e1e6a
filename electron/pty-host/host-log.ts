export type HostLog = (event: string, details?: Readonly<Record<string, unknown>>) => void

/** One JSON line an event, to the file that the starter gave as standard output. Terminal output is never logged. */
export const createHostLog =
  (write: (line: string) => void, now: () => number): HostLog =>
  (event, details = {}) =>
    write(`${JSON.stringify({ at: new Date(now()).toISOString(), pid: process.pid, event, ...details })}\n`)
