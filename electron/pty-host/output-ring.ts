/** The last output as it was, whatever the screen made of it: what a program printed before it failed. */
const MAX_UNITS = 256 * 1024

export interface OutputRing {
  add(text: string): void
  text(): string
}

/** Keeps whole parts, as they come in pieces of some KB: nothing is copied until somebody reads. */
export const createOutputRing = (maxUnits = MAX_UNITS): OutputRing => {
  let parts: string[] = []
  let first = 0
  let units = 0

  return {
    add(text) {
      parts.push(text)
      units += text.length
      for (
        let oldest = parts[first];
        oldest !== undefined && units - oldest.length >= maxUnits;
        oldest = parts[first]
      ) {
        units -= oldest.length
        parts[first] = ''
        first += 1
      }
      // Places of dropped parts are given back rarely, so that dropping one costs nothing.
      if (first < parts.length / 2 || first < 64) return
      parts = parts.slice(first)
      first = 0
    },
    text: () => parts.slice(first).join('').slice(-maxUnits),
  }
}
