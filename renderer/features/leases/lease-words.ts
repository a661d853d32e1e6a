import type { LeasePolicy } from '../../../shared/contract/leases.ts'
import type { Hunk, OverlapKind } from '../../../shared/contract/radar.ts'

export const policyWords: Readonly<Record<LeasePolicy, string>> = {
  advisory: 'Shown only',
  warn: 'Warns others',
  enforce: 'Refuses others',
}

export const overlapWords: Readonly<Record<OverlapKind, string>> = {
  'same-file': 'Same file',
  'same-hunk': 'Same lines',
  'predicted-conflict': 'Would conflict',
}

const minute = 60_000

/** How long until then: "now", "4 min", "2 h 5 min". Rounded up, so that nothing ends before it is said to. */
export const untilText = (at: number, now: number): string => {
  const minutes = Math.ceil((at - now) / minute)
  if (minutes <= 0) return 'now'
  if (minutes < 60) return `${minutes} min`
  const rest = minutes % 60
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`
}

const mostHunks = 3

/** Where a session changed a file, as its lines were before: "lines 10–14, 30, after 52 and 4 more places". */
export const hunksText = (hunks: readonly Hunk[]): string => {
  const [first] = hunks
  if (first === undefined) return 'the whole file'
  if (hunks.length === 1 && first.lines <= 1) return `${first.lines === 0 ? 'after line' : 'line'} ${first.start}`
  const places = hunks.slice(0, mostHunks).map(placeOf).join(', ')
  const more = hunks.length - mostHunks
  return more > 0 ? `lines ${places} and ${more} more ${more === 1 ? 'place' : 'places'}` : `lines ${places}`
}

const placeOf = ({ start, lines }: Hunk) => {
  if (lines === 0) return `after ${start}`
  return lines === 1 ? `${start}` : `${start}–${start + lines - 1}`
}
