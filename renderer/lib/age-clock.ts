import { useSyncExternalStore } from 'react'
import { longAge, nextAgeChangeMs, shortAge } from './time.ts'

/** The age of a moment as text that stays right. The component renders only when the text changes. */
export const useShortAge = (at: number): string => useAge(at, shortAge)
export const useLongAge = (at: number): string => useAge(at, longAge)

const useAge = (at: number, format: (at: number, now: number) => string): string => {
  const read = () => format(at, Date.now())
  return useSyncExternalStore((changed) => watchAge(at, changed), read, read)
}

// Each age wakes at its own next change: an age of hours costs one timer an hour.
const watchAge = (at: number, changed: () => void): (() => void) => {
  let timer: ReturnType<typeof setTimeout>
  const arm = () => {
    timer = setTimeout(
      () => {
        changed()
        arm()
      },
      // A few milliseconds late rather than early: an early timer would find the old text.
      nextAgeChangeMs(at, Date.now()) + 5,
    )
  }
  arm()
  return () => clearTimeout(timer)
}
