import type { ActivityEntry } from '../../../shared/contract/activity.ts'

/** What the list draws: a heading for each day, and the lines of that day. */
export type LogItem =
  | { readonly kind: 'day'; readonly key: string; readonly text: string }
  | { readonly kind: 'entry'; readonly key: string; readonly entry: ActivityEntry }

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
const shortDayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' })
const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const minuteFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

export const logItems = (entries: readonly ActivityEntry[], now: number): readonly LogItem[] => {
  const items: LogItem[] = []
  let day: string | null = null
  for (const entry of entries) {
    const own = dayFormat.format(entry.at)
    // The heading is known by the day and the oldest line would move it: days are apart, so the day alone is enough.
    if (own !== day) items.push({ kind: 'day', key: `day ${own}`, text: dayText(entry.at, now) })
    day = own
    items.push({ kind: 'entry', key: String(entry.seq), entry })
  }
  return items
}

const dayMs = 24 * 60 * 60 * 1000

/** "Today, 21 November", "Yesterday, 20 November", "3 May 2026". */
export const dayText = (at: number, now: number): string => {
  if (dayFormat.format(at) === dayFormat.format(now)) return `Today, ${shortDayFormat.format(at)}`
  if (dayFormat.format(at) === dayFormat.format(now - dayMs)) return `Yesterday, ${shortDayFormat.format(at)}`
  return dayFormat.format(at)
}

/** "10:42:07". */
export const clockText = (at: number): string => clockFormat.format(at)

/** Until when, within a sentence: the clock alone on the same day. */
export const untilText = (at: number, now: number): string =>
  dayFormat.format(at) === dayFormat.format(now)
    ? minuteFormat.format(at)
    : `${shortDayFormat.format(at)}, ${minuteFormat.format(at)}`

/** A text in parts, of which the one in the middle leads somewhere; null when the label does not stand in it. */
export const splitAtLabel = (text: string, label: string): readonly [string, string, string] | null => {
  const at = label === '' ? -1 : text.indexOf(label)
  return at === -1 ? null : [text.slice(0, at), label, text.slice(at + label.length)]
}
