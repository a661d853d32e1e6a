import { useState } from 'react'
import { useData } from '../../../data/data-context.tsx'
import { settle } from '../../../data/settle.ts'
import { useNotices } from '../../../lib/notices.tsx'

/** Looks for every agent once more, as after one was installed. */
export const useLookAgain = () => {
  const { api, stores } = useData()
  const notices = useNotices()
  const [isLooking, setLooking] = useState(false)
  const look = async () => {
    setLooking(true)
    const detected = await settle(api.agents.detect())
    setLooking(false)
    if (detected.ok) stores.agents.put(detected.value)
    else notices.refuse(detected.refusal.message)
  }
  return { isLooking, lookAgain: () => void look() }
}
