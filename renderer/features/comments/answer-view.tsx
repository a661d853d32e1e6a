import { CornerDownRight } from 'lucide-react'
import { useEffect } from 'react'
import type { CommentAnswer } from '../../../shared/contract/comments.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { useData } from '../../data/data-context.tsx'
import { useSessionValue } from '../../data/sessions.ts'
import { settle } from '../../data/settle.ts'
import { testId } from '../../lib/test-ids.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { withCode } from '../../ui/bits.tsx'
import { Icon } from '../../ui/icon.tsx'

/** What stands here was read, in whichever room. */
const useRead = ({ messageId }: CommentAnswer) => {
  const { api, stores } = useData()
  useEffect(() => {
    const own = [...stores.deliveries.store.getState().byId.values()].filter((one) => one.messageId === messageId)
    if (own.some(({ recipient, endedAt }) => recipient.kind === 'person' && endedAt === null))
      void settle(api.mail.read({ messageId }))
  }, [api, messageId, stores])
}

/** What a session wrote back. */
export const AnswerView = ({ answer }: { readonly answer: CommentAnswer }) => {
  useRead(answer)
  const title = useSessionValue(answer.sessionId, (session) => session.title) ?? 'A session that was deleted'
  return (
    <li className="comment" data-testid={testId.commentAnswer}>
      <p className="comment-head text-12">
        <Icon of={CornerDownRight} size={14} />
        <b className="cut">{visibleLine(title)}</b>
        <span className="text-faint">
          <AgeAgo at={answer.at} />
        </span>
        {answer.isOfWhole ? <span className="text-faint">to the whole review</span> : null}
      </p>
      <p className="comment-body selectable">
        {answer.body.trim() === '' ? 'Answered without words.' : withCode(visibleText(answer.body.trim()))}
      </p>
    </li>
  )
}
