/** Ends a switch over a union: the compiler refuses it while a case is missing, and a wrong value at run time throws. */
export const unreachable = (value: never): never => {
  throw new Error(`Unreachable value: ${JSON.stringify(value)}`)
}
