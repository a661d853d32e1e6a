/** A place between two neighbours of an order; null when there is none left and the order must be numbered anew. */
export const positionBetween = (before: number | null, after: number | null): number | null => {
  if (before === null) return after === null ? 1 : after - 1
  if (after === null) return before + 1
  const middle = (before + after) / 2
  return middle > before && middle < after ? middle : null
}
