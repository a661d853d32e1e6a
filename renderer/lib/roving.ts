/** Where the focus goes from `index` in a list of `count` for a key; null when the key means nothing here. */
export const nextIndex = (key: string, index: number, count: number): number | null => {
  if (count === 0) return null
  switch (key) {
    case 'ArrowDown':
      return Math.min(count - 1, index + 1)
    case 'ArrowUp':
      return Math.max(0, index - 1)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}

/**
 * Moves the focus between the rows of a container: arrows, Home and End. Rows are found by a selector, so a list that
 * is made of several parts is walked as one. Returns whether the key was used.
 */
export const moveBetweenRows = (
  event: { readonly key: string; readonly target: EventTarget | null; preventDefault(): void },
  container: HTMLElement,
  rowSelector: string,
): boolean => {
  const rows = [...container.querySelectorAll<HTMLElement>(rowSelector)]
  const current = rows.findIndex((row) => event.target instanceof Node && row.contains(event.target))
  if (current === -1) return false
  const next = nextIndex(event.key, current, rows.length)
  if (next === null) return false
  event.preventDefault()
  rows[next]?.focus()
  rows[next]?.scrollIntoView({ block: 'nearest' })
  return true
}
