/** The last output as it was, whatever the screen made of it: what a program printed before it failed. */
const MAX_UNITS = 256 * 1024

export interface OutputRing {
  add(text: string): void
  text(): string
}

export const createOutputRing = (maxUnits = MAX_UNITS): OutputRing => {
  let parts: string[] = []
  let units = 0

  const shrink = () => {
    const joined = parts.join('')
    parts = [joined.slice(-maxUnits)]
    units = parts[0]?.length ?? 0
  }
  return {
    add(text) {
      parts.push(text)
      units += text.length
      // Joined rarely: a part that is cut keeps the whole chunk it was cut from in memory.
      if (units > maxUnits * 2) shrink()
    },
    text() {
      shrink()
      return parts.join('')
    },
  }
}
