import { useCallback, useEffect, useRef, useState } from 'react'
import type { Result } from '../../../shared/lib/result.ts'
import { useLatest } from '../../lib/use-latest.ts'
import { useNotices } from '../../lib/notices.tsx'

interface Sending<Input, Sent> {
  readonly send: (input: Input) => Promise<Result<Sent, string>>
  /**
   * With what was sent: the person may have gone on writing meanwhile. `isLate` when they have left for something else,
   * which must then stay in sight.
   */
  readonly onSent: (sent: Sent, input: Omit<Input, 'requestId'>, isLate: boolean) => void
}

interface SendingSide<Input, Sent> extends Sending<Input, Sent> {
  readonly onBusy: (isBusy: boolean) => void
  readonly onProblem: (message: string | null) => void
  /** Refused when nobody looks at the form any more. */
  readonly onLateProblem: (message: string) => void
  /** False once the form was left. */
  readonly isShown: () => boolean
  readonly newRequestId: () => string
}

/**
 * Sends once, however often it is asked to: the same text goes under the same request until it was taken, so that a lost
 * answer sends no second message.
 */
export const createSending = <Input extends { readonly requestId: string }, Sent>(side: SendingSide<Input, Sent>) => {
  let request: { readonly text: string; readonly id: string } | null = null
  let isSending = false
  return async (input: Omit<Input, 'requestId'>): Promise<void> => {
    if (isSending) return
    isSending = true
    side.onBusy(true)
    const text = JSON.stringify(input)
    if (request?.text !== text) request = { text, id: side.newRequestId() }
    const sent = await side.send({ ...input, requestId: request.id } as Input)
    isSending = false
    side.onBusy(false)
    side.onProblem(sent.ok ? null : sent.refusal.message)
    if (sent.ok) {
      request = null
      side.onSent(sent.value, input, !side.isShown())
    } else if (!side.isShown()) side.onLateProblem(sent.refusal.message)
  }
}

/** The sending of a form: what it refuses is said in the form, or in a notice once the person has left it. */
export const useSending = <Input extends { readonly requestId: string }, Sent>(sending: Sending<Input, Sent>) => {
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const notices = useNotices()
  const latest = useLatest(sending)
  const isShown = useRef(false)
  useEffect(() => {
    isShown.current = true
    return () => {
      isShown.current = false
    }
  }, [])
  const sender = useRef<ReturnType<typeof createSending<Input, Sent>> | null>(null)
  const submit = useCallback(
    (input: Omit<Input, 'requestId'>) => {
      sender.current ??= createSending<Input, Sent>({
        send: (whole) => latest.current.send(whole),
        onSent: (sent, what, isLate) => latest.current.onSent(sent, what, isLate),
        onBusy: setBusy,
        onProblem: setProblem,
        onLateProblem: (message) => notices.refuse(`Your message was not sent, and is kept. ${message}`),
        isShown: () => isShown.current,
        newRequestId: () => crypto.randomUUID(),
      })
      return sender.current(input)
    },
    [latest, notices],
  )
  return { problem, setProblem, isBusy, submit }
}
