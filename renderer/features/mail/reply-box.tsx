import { Send } from 'lucide-react'
import { useMemo, type RefObject } from 'react'
import type { Message, Thread } from '../../../shared/contract/mail.ts'
import { useData } from '../../data/data-context.tsx'
import { useKeptValue } from '../../data/kept-value.ts'
import { isMac } from '../../lib/platform.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleText } from '../../../shared/lib/visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { addressOptions, usualReply } from './addresses.ts'
import { Arrivals } from './arrivals.tsx'
import { BodyField } from './body-field.tsx'
import { draftAfterSending, emptyReplyDraft, parseReplyDraft, replyKeyOf, type ReplyDraft } from './mail-place.ts'
import { PrioritySelect } from './priority-select.tsx'
import { RecipientsField } from './recipients-field.tsx'
import { useMailActions } from './use-mail-actions.ts'
import { useSessionsOf } from './use-mail.ts'
import { useSending } from './use-sending.ts'

interface ReplyBoxProps {
  readonly thread: Thread
  readonly messages: readonly Message[]
  readonly fieldRef: RefObject<HTMLTextAreaElement | null>
}

/** An answer in the thread. What is written is kept with the thread. */
export const ReplyBox = ({ thread, messages, fieldRef }: ReplyBoxProps) => {
  const [draft, setDraft] = useKeptValue(replyKeyOf(thread.id), parseReplyDraft)
  const change = (part: Partial<ReplyDraft>) => setDraft((now) => ({ ...now, ...part }))
  const { stores } = useData()
  const sessions = useSessionsOf(thread.projectId)
  const options = useMemo(() => addressOptions(sessions), [sessions])
  const actions = useMailActions()
  const sending = useSending({
    send: actions.reply,
    onSent: (_sent, input) => setDraft((now) => draftAfterSending(now, input, emptyReplyDraft)),
  })
  const usual = usualReply(
    messages,
    ({ id }) => [...stores.deliveries.store.getState().byId.values()].filter((one) => one.messageId === id),
    (id) => sessions.some((session) => session.id === id && session.lifecycle !== 'archived'),
  )
  if (usual === null) return null
  const to = draft.to ?? usual.to
  const hasText = draft.body.trim() !== ''
  const send = () => {
    if (!hasText) return sending.setProblem('Write something.')
    if (to.length === 0) return sending.setProblem('Name a recipient.')
    const { body, priority, isAckRequired } = draft
    return void sending.submit({ messageId: usual.message.id, to: [...to], body, priority, isAckRequired })
  }
  return (
    <section className="reply" aria-label="Reply" data-testid={testId.mailReply}>
      <div className="reply-to">
        <span className="text-faint text-12">To</span>
        <RecipientsField isSmall to={to} options={options} onChange={(next) => change({ to: [...next] })} />
      </div>
      <BodyField
        fieldRef={fieldRef}
        body={draft.body}
        options={options}
        label="Reply"
        placeholder="Reply as yourself"
        rows={2}
        onChange={(body) => {
          sending.setProblem(null)
          change({ body })
        }}
        onMention={({ value }) => change({ to: [...new Set([...to, value])] })}
        onSend={send}
      />
      {hasText ? <Arrivals to={to} sessions={sessions} priority={draft.priority} /> : null}
      {sending.problem === null ? null : (
        <span className="field-error" role="alert" data-testid={testId.mailError}>
          {visibleText(sending.problem)}
        </span>
      )}
      <div className="reply-actions">
        <Checkbox
          label="Ask for an acknowledgement"
          isChecked={draft.isAckRequired}
          onChange={(isAckRequired) => change({ isAckRequired })}
        />
        <span className="spacer" />
        <div className="reply-priority">
          <PrioritySelect priority={draft.priority} onChange={(priority) => change({ priority })} />
        </div>
        <Button
          variant={hasText ? 'primary' : 'default'}
          icon={Send}
          isBusy={sending.isBusy}
          keys={isMac ? '⌘↩' : 'Ctrl Enter'}
          data-testid={testId.mailReplySend}
          onClick={send}
        >
          Send
        </Button>
      </div>
    </section>
  )
}
