import { useRef, useState } from 'react'
import type { Result } from '../../../shared/lib/result.ts'

interface Sending<Input, Sent> {
  readonly send: (input: Input) => Promise<Result<Sent, string>>
  /** With what was sent: the person may have gone on writing meanwhile. */
  readonly onSent: (sent: Sent, input: Omit<Input, 'requestId'>) => void
}

/**
 * Sends once, however often it is asked to: the same text goes under the same request until it was taken, so that a lost
 * answer sends no second message.
 */
export const useSending = <Input extends { readonly requestId: string }, Sent>({
  send,
  onSent,
}: Sending<Input, Sent>) => {
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const request = useRef<{ readonly text: string; readonly id: string } | null>(null)
  const isSending = useRef(false)
  const submit = async (input: Omit<Input, 'requestId'>) => {
    if (isSending.current) return
    isSending.current = true
    setBusy(true)
    const text = JSON.stringify(input)
    if (request.current?.text !== text) request.current = { text, id: crypto.randomUUID() }
    const sent = await send({ ...input, requestId: request.current.id } as Input)
    isSending.current = false
    setBusy(false)
    setProblem(sent.ok ? null : sent.refusal.message)
    if (!sent.ok) return
    request.current = null
    onSent(sent.value, input)
  }
  return { problem, setProblem, isBusy, submit }
}
