import { createContext, useContext } from 'react'
import type { WhyQuery } from '../../shared/contract/activity.ts'

/** Shows why a session or a task is where it is: wherever its state is shown, one may ask. */
export type AskWhy = (about: WhyQuery) => void

const WhyContext = createContext<AskWhy | null>(null)
export const WhyProvider = WhyContext.Provider

export const useAskWhy = (): AskWhy => {
  const ask = useContext(WhyContext)
  if (ask === null) throw new Error('Something that can be asked why was drawn outside WhyProvider.')
  return ask
}
