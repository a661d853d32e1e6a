import { nextIndex } from '../../lib/roving.ts'

const page = 12

/** Where the focus goes from a row of a long list; null when the key means nothing here. */
export const rowStep = (key: string, index: number, count: number): number | null => {
  if (count === 0) return null
  if (key === 'PageDown') return Math.min(count - 1, index + page)
  if (key === 'PageUp') return Math.max(0, index - page)
  return nextIndex(key, index, count)
}
