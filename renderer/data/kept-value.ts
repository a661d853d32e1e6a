import { useCallback, useEffect, useRef, useState } from 'react'
import type { Setting } from '../../shared/contract/settings.ts'
import { useData } from './data-context.tsx'
import { readSetting, writeSetting } from './settings.ts'

// Typing is not stored letter by letter; half a second is the most a crash can cost.
export const storeTypingAfterMs = 500

/**
 * A value that outlives the part of the page that shows it: read from its setting when that is drawn, and stored so long
 * after each change. What is typed meanwhile in another window does not reach in: two people typing at once would each lose
 * letters. The key must stay the same while the part is shown.
 */
export const useKeptValue = <Value extends Setting['value']>(
  key: string,
  parse: (stored: unknown) => Value,
  afterMs: number = storeTypingAfterMs,
) => {
  const data = useData()
  const [value, setValue] = useState(() => parse(readSetting(data, key)))
  const pending = useRef<{ readonly value: Value; readonly timer: ReturnType<typeof setTimeout> } | null>(null)

  const flush = useCallback(() => {
    if (pending.current === null) return
    clearTimeout(pending.current.timer)
    void writeSetting(data, key, pending.current.value)
    pending.current = null
  }, [data, key])
  const isShown = useRef(true)
  useEffect(() => {
    isShown.current = true
    return () => {
      isShown.current = false
      flush()
    }
  }, [flush])

  const latest = useRef(value)
  const replace = useCallback(
    (next: Value | ((now: Value) => Value)) => {
      latest.current = typeof next === 'function' ? next(latest.current) : next
      if (pending.current !== null) clearTimeout(pending.current.timer)
      pending.current = { value: latest.current, timer: setTimeout(flush, afterMs) }
      setValue(latest.current)
      // Nobody types into what is not shown: whoever shows it next is to find this.
      if (!isShown.current) flush()
    },
    [flush, afterMs],
  )
  return [value, replace] as const
}
