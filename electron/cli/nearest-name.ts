/** The name that was most likely meant; null when none is near. */
export const nearestName = (given: string, names: readonly string[]): string | null => {
  const [best] = names
    .map((name) => ({ name, distance: distanceOf(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  // Beyond a third of its letters it is another word.
  return best && best.distance <= Math.max(1, Math.ceil(Math.max(given.length, best.name.length) / 3))
    ? best.name
    : null
}

/** Letters put in, left out, exchanged or swapped with their neighbour. */
const distanceOf = (a: string, b: string): number => {
  // What is longer than any name is none; the table below would only cost time.
  if (a.length > 60) return a.length
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0
  for (let row = 1; row <= a.length; row += 1) {
    rows.push([row])
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1]
      const changed = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + Number(!isSame),
      )
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      rows[row]?.push(isSwapped ? Math.min(changed, at(row - 2, column - 2) + 1) : changed)
    }
  }
  return at(a.length, b.length)
}
