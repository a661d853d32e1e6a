/** The value of a JSON text, or undefined when it is none: what other programs write is not ours to trust. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    // SyntaxError: the text is no JSON.
    return undefined
  }
}
