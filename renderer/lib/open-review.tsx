import { createContext, useContext } from 'react'
import type { SessionId } from '../../shared/lib/ids.ts'

/** Shows what a session changed: wherever its lines are counted, one may look at them. */
export type OpenReview = (id: SessionId) => void

const ReviewContext = createContext<OpenReview>(() => {})
export const OpenReviewProvider = ReviewContext.Provider

export const useOpenReview = (): OpenReview => useContext(ReviewContext)
