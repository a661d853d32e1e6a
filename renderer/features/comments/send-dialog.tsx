import { Send } from 'lucide-react'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useSessionValue } from '../../data/sessions.ts'
import { useWorkOf } from '../../data/coordination.ts'
import { isMac } from '../../lib/platform.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { sentWords, sendWords, threadWords } from './comment-words.ts'
import { useComments } from './comments-context.tsx'
import { countDrafts } from './note-index.ts'

/** What is said of the whole, what goes with it, and to whom. */
export const SendDialog = () => {
  const { comments, sessionId, threads, typing, changeTyping, setSending } = useComments()
  const notices = useNotices()
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const request = useRef<{ readonly text: string; readonly id: string } | null>(null)
  const drafts = countDrafts(threads)
  const withDrafts = threads.filter(({ thread }) => thread.comments.some(({ sent }) => sent === null))
  const body = typing.whole
  const nothing = drafts === 0 && body.trim() === '' ? 'Say something, or comment on a line first (c).' : null
  const submit = async () => {
    if (isBusy || nothing !== null) return setProblem(nothing)
    setBusy(true)
    const text = JSON.stringify([body, withDrafts.map(({ thread }) => [thread.id, thread.rev])])
    if (request.current?.text !== text) request.current = { text, id: crypto.randomUUID() }
    const sent = await comments.send(sessionId, body, request.current.id)
    setBusy(false)
    if (!sent.ok) return setProblem(sent.refusal.message)
    changeTyping((now) => ({ ...now, whole: now.whole === body ? '' : now.whole }))
    notices.show({ icon: Send, text: sentWords(drafts, sent.value.taskKey) })
    return setSending(false)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return
    event.preventDefault()
    void submit()
  }
  return (
    <Dialog
      isOpen
      onClose={() => setSending(false)}
      title="Send the review"
      width={520}
      testId={testId.commentSendDialog}
      footer={
        <>
          <span className="spacer" />
          <Button size="large" onClick={() => setSending(false)}>
            Cancel
          </Button>
          <Button
            size="large"
            variant="primary"
            icon={Send}
            isBusy={isBusy}
            disabledReason={nothing}
            keys={isMac ? '⌘↩' : 'Ctrl Enter'}
            data-testid={testId.commentSendNow}
            onClick={() => void submit()}
          >
            {sendWords(drafts)}
          </Button>
        </>
      }
    >
      <div className="send-review">
        <Recipient />
        <Field
          label="On the whole"
          error={problem === null ? null : visibleText(problem)}
          errorTestId={testId.commentError}
        >
          {(control) => (
            <textarea
              {...control}
              className="input"
              rows={4}
              placeholder="Nothing, or what goes for all of it"
              data-testid={testId.commentWhole}
              value={body}
              onChange={(event) => {
                const { value } = event.target
                setProblem(null)
                changeTyping((now) => ({ ...now, whole: value }))
              }}
              onKeyDown={onKeyDown}
            />
          )}
        </Field>
        {withDrafts.length === 0 ? null : (
          <ul className="send-drafts scroll">
            {withDrafts.map((shown) => (
              <li key={shown.thread.id} className="text-12">
                <span className="mono cut">{threadWords(shown)}</span>
                <span className="cut text-faint">
                  {visibleLine(firstWords(shown.thread.comments.at(-1)?.body ?? ''))}
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  )
}

const firstWords = (body: string) => (body.trim() === '' ? 'A suggestion' : body.trim().slice(0, 200))

const Recipient = () => {
  const { sessionId } = useComments()
  const title = useSessionValue(sessionId, (session) => session.title) ?? 'its session'
  const isRunning = useSessionValue(sessionId, (session) => session.runtime.kind === 'alive') ?? false
  const work = useWorkOf(sessionId)
  return (
    <p className="text-12 text-quiet">
      To <b>{visibleLine(title)}</b>
      {isRunning ? ', by mail.' : ', by mail: it reads it when it runs again.'}
      {work?.task.state === 'in_review' ? ` ${work.task.key} goes back to it.` : ''}
    </p>
  )
}
