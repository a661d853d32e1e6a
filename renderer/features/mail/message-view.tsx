import { Check, ChevronDown, Clock, TriangleAlert, type LucideIcon } from 'lucide-react'
import { memo, useState } from 'react'
import { useStore } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Delivery, Message } from '../../../shared/contract/mail.ts'
import type { MessageId, SessionId } from '../../../shared/lib/ids.ts'
import { useData } from '../../data/data-context.tsx'
import { useDeliveryIds } from '../../data/mail.ts'
import { useSessionValue } from '../../data/sessions.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { Tag } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { deliveryWord, type DeliveryWord } from './delivery-words.ts'
import { kindWords, priorityWords } from './mail-words.ts'
import { isToAck } from './thread-index.ts'
import { useAddressTexts } from './use-mail.ts'

interface MessageViewProps {
  readonly message: Message
  /** A link led here. */
  readonly isMarked?: boolean
  readonly onGoToSession: (id: SessionId) => void
  readonly onAcknowledge: (id: MessageId) => void
}

/** One message as text and nothing but text, with what became of it for each who was to get it. */
export const MessageView = memo(({ message, isMarked = false, onGoToSession, onAcknowledge }: MessageViewProps) => {
  const deliveries = useDeliveries(message.id)
  const recipients = useAddressTexts(message.to)
  const isOpen = deliveries.some(isToAck)
  return (
    <li
      className="message"
      data-message={message.id}
      data-marked={isMarked || undefined}
      data-testid={testId.mailMessage}
    >
      <div className="message-head">
        <Sender message={message} onGoToSession={onGoToSession} />
        {message.kind === 'note' || message.kind === 'notice' ? null : <Tag>{kindWords[message.kind]}</Tag>}
        {message.priority === 'normal' ? null : (
          <Tag tone={message.priority === 'low' ? 'plain' : 'warn'}>{priorityWords[message.priority]}</Tag>
        )}
        <span className="spacer" />
        <span className="text-12 text-faint message-age">
          <AgeAgo at={message.sentAt} />
        </span>
      </div>
      <p className="text-12 text-faint cut">to {recipients.map(visibleLine).join(', ')}</p>
      <p className="message-body selectable">{visibleText(message.body)}</p>
      <Deliveries message={message} deliveries={deliveries} />
      {isOpen ? (
        <div className="row">
          <Button
            size="small"
            variant="primary"
            icon={Check}
            data-testid={testId.mailAck}
            onClick={() => onAcknowledge(message.id)}
          >
            Acknowledge
          </Button>
          <span className="text-12 text-quiet">Whoever wrote it waits to know that you have done with it.</span>
        </div>
      ) : null}
    </li>
  )
})
MessageView.displayName = 'MessageView'

const useDeliveries = (id: MessageId): readonly Delivery[] => {
  const ids = useDeliveryIds(id)
  return useStore(
    useData().stores.deliveries.store,
    useShallow((rows) => ids.flatMap((one) => rows.byId.get(one) ?? [])),
  )
}

const Sender = ({ message: { from }, onGoToSession }: Pick<MessageViewProps, 'message' | 'onGoToSession'>) => {
  if (from.kind === 'person') return <span className="message-from">You</span>
  if (from.kind === 'system') return <span className="message-from">Switchyard</span>
  return <SessionName id={from.sessionId} onGoToSession={onGoToSession} />
}

const SessionName = ({ id, onGoToSession }: { readonly id: SessionId } & Pick<MessageViewProps, 'onGoToSession'>) => {
  const title = useSessionValue(id, (session) => session.title)
  return title === undefined ? (
    <span className="message-from text-quiet">A session that is gone</span>
  ) : (
    <button type="button" className="message-from link cut" onClick={() => onGoToSession(id)}>
      {visibleLine(title)}
    </button>
  )
}

/** More than these are folded: a message to everyone would hide the next one. */
const mostShown = 4

const Deliveries = ({ message, deliveries }: { message: Message; deliveries: readonly Delivery[] }) => {
  const [isUnfolded, setUnfolded] = useState(false)
  const shown = isUnfolded ? deliveries : deliveries.slice(0, mostShown)
  const isAlone = deliveries.length === 1
  return (
    <ul className="deliveries" aria-label="What became of it">
      {shown.map((delivery) => (
        <DeliveryLine key={delivery.id} delivery={delivery} sentAt={message.sentAt} isAlone={isAlone} />
      ))}
      {shown.length === deliveries.length ? null : (
        <li>
          <Button size="small" variant="ghost" icon={ChevronDown} onClick={() => setUnfolded(true)}>
            {deliveries.length - shown.length} more
          </Button>
        </li>
      )}
    </ul>
  )
}

const icons: Readonly<Record<DeliveryWord['tone'], LucideIcon>> = { done: Check, waiting: Clock, bad: TriangleAlert }

interface DeliveryLineProps {
  readonly delivery: Delivery
  readonly sentAt: number
  /** The only one of its message: who it is for is said above. */
  readonly isAlone: boolean
}

const DeliveryLine = ({ delivery, sentAt, isAlone }: DeliveryLineProps) => {
  const { recipient } = delivery
  const sessionId = recipient.kind === 'person' ? null : recipient.sessionId
  const { stores } = useData()
  const agents = useStore(stores.agents.store, (rows) => rows.byId)
  // Sessions change often; the line is drawn again when what it says changes.
  const word = useStore(
    stores.sessions.store,
    useShallow((rows) =>
      deliveryWord({ delivery, sentAt, reader: sessionId === null ? undefined : rows.byId.get(sessionId), agents }),
    ),
  )
  const title = useStore(stores.sessions.store, (rows) => (sessionId === null ? null : rows.byId.get(sessionId)?.title))
  const who = title === undefined ? 'A session that is gone' : title
  return (
    <li className="delivery" data-tone={word.tone} data-state={delivery.state} data-testid={testId.mailDelivery}>
      <Icon of={icons[word.tone]} size={14} />
      <span className="delivery-text">
        {isAlone && recipient.kind !== 'role' ? null : <WhoText who={who} recipient={recipient} />}
        {visibleText(word.text)}
      </span>
    </li>
  )
}

const WhoText = ({ who, recipient }: { readonly who: string | null; readonly recipient: Delivery['recipient'] }) => {
  if (recipient.kind === 'person') return <b>You: </b>
  if (who === null) return null
  return <b>{visibleLine(recipient.kind === 'role' ? `${who}, as ${recipient.role}` : who)}: </b>
}
