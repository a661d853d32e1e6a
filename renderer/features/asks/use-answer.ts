import { useState } from 'react'
import type { Answer, Ask } from '../../../shared/contract/asks.ts'
import { useApi } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'

export interface AnswerState {
  readonly isSending: boolean
  /** Why the last answer was not taken, in words; what was typed stays. */
  readonly problem: string | null
  readonly send: (answer: Answer) => void
}

export const useAnswer = (ask: Ask): AnswerState => {
  const api = useApi()
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const send = async (answer: Answer) => {
    if (isSending) return
    setSending(true)
    setProblem(null)
    const result = await settle(api.asks.answer({ askId: ask.id, answer }))
    setSending(false)
    if (!result.ok) setProblem(result.refusal.message)
  }
  return { isSending, problem, send: (answer) => void send(answer) }
}
