import { useLayoutEffect, useRef, type RefObject } from 'react'

/** A value that stable event handlers may read: what was drawn last. */
export const useLatest = <Value>(value: Value): RefObject<Value> => {
  const latest = useRef(value)
  useLayoutEffect(() => {
    latest.current = value
  })
  return latest
}
