const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** How long ago, in the fewest characters: "38s", "14m", "3h", "9d". A time in the future counts as now. */
export const shortAge = (at: number, now: number): string => {
  const age = Math.max(0, now - at)
  if (age < second) return 'now'
  if (age < minute) return `${Math.floor(age / second)}s`
  if (age < hour) return `${Math.floor(age / minute)}m`
  if (age < day) return `${Math.floor(age / hour)}h`
  return `${Math.floor(age / day)}d`
}

/** How long ago within a sentence: "just now", "12 s ago", "4 min ago", "2 h ago", "9 days ago". */
export const longAge = (at: number, now: number): string => {
  const age = Math.max(0, now - at)
  if (age < second) return 'just now'
  if (age < minute) return `${Math.floor(age / second)} s ago`
  if (age < hour) return `${Math.floor(age / minute)} min ago`
  if (age < day) return `${Math.floor(age / hour)} h ago`
  const days = Math.floor(age / day)
  return days === 1 ? 'yesterday' : `${days} days ago`
}

const exactFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** The exact local time behind an age: "21 November 2026, 10:42:07". */
export const exactTime = (at: number): string => exactFormat.format(at).replace(' at ', ', ')

/** How long to wait before the text of an age can change, in milliseconds. */
export const nextAgeChangeMs = (at: number, now: number): number => {
  const age = Math.max(0, now - at)
  const step = age < minute ? second : age < hour ? minute : age < day ? hour : day
  return step - (age % step)
}
