import { useLongAge, useShortAge } from '../lib/age-clock.ts'
import { exactTime } from '../lib/time.ts'
import { Tooltip } from './tooltip.tsx'

/** "14m", with the exact time on hover. */
export const Age = ({ at }: { readonly at: number }) => {
  const text = useShortAge(at)
  return (
    <Tooltip text={exactTime(at)}>
      <time className="age num" dateTime={new Date(at).toISOString()}>
        {text}
      </time>
    </Tooltip>
  )
}

/** "14 min ago", for a sentence. */
export const AgeAgo = ({ at }: { readonly at: number }) => {
  const text = useLongAge(at)
  return (
    <Tooltip text={exactTime(at)}>
      <time className="num" dateTime={new Date(at).toISOString()}>
        {text}
      </time>
    </Tooltip>
  )
}
