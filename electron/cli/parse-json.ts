/** The value of a JSON text, or undefined when it is none: a file may be cut off and a stranger may listen on a port. */
export const parseJson = (text: string): unknown => {
  // Expects SyntaxError alone.
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
