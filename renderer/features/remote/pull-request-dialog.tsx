import { CircleAlert, GitPullRequestArrow } from 'lucide-react'
import { useEffect, useState, type SyntheticEvent } from 'react'
import type { RemoteState } from '../../../shared/contract/remote.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { Note, withCode } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import type { NewPullRequest, RemoteDesk } from './remote-desk.ts'
import { forgeName, requestWord } from './remote-words.ts'

interface PullRequestDialogProps {
  readonly desk: RemoteDesk
  readonly state: RemoteState
  readonly onClose: () => void
}

const empty: NewPullRequest = { title: '', body: '', base: '', isDraft: false }

/** Title and text of a pull request, begun from the commits and the task. It stays open until the forge took it. */
export const PullRequestDialog = ({ desk, state, onClose }: PullRequestDialogProps) => {
  const [wish, setWish] = useState(empty)
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const notices = useNotices()
  const word = requestWord(state.forge)
  const change = (part: Partial<NewPullRequest>) => setWish((before) => ({ ...before, ...part }))
  useEffect(() => {
    void desk.propose().then((proposed) => {
      if ('refused' in proposed) return setProblem(proposed.refused)
      // What was typed meanwhile stays.
      return setWish((before) => (before === empty ? { ...proposed, isDraft: false } : before))
    })
  }, [desk])
  const make = async (event: SyntheticEvent) => {
    event.preventDefault()
    if (isBusy) return
    setBusy(true)
    const done = await desk.create(wish)
    setBusy(false)
    if ('refused' in done) return setProblem(done.refused)
    onClose()
    return notices.show({
      icon: GitPullRequestArrow,
      text: `Made #${done.made.number} on ${forgeName(done.made.forge)}.`,
    })
  }
  return (
    <Dialog
      isOpen
      title={`Make a ${word}`}
      width={600}
      onClose={onClose}
      testId={testId.pullRequestDialog}
      footer={
        <>
          <span className="text-12 text-quiet cut">From {visibleLine(state.branch ?? '')} as it was pushed</span>
          <span className="spacer" />
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isBusy={isBusy}
            disabledReason={wish.title.trim() === '' ? 'Give it a title.' : null}
            onClick={(event) => void make(event)}
            data-testid={testId.pullRequestMake}
          >
            Make it
          </Button>
        </>
      }
    >
      <form className="remote-form" onSubmit={(event) => void make(event)}>
        <Field label="Title">
          {(control) => (
            <input
              {...control}
              className="input"
              value={wish.title}
              maxLength={250}
              onChange={(event) => change({ title: event.target.value })}
              data-testid={testId.pullRequestTitle}
            />
          )}
        </Field>
        <Field label="Text" hint="Markdown">
          {(control) => (
            <textarea
              {...control}
              className="input remote-text"
              rows={8}
              value={wish.body}
              maxLength={60_000}
              onChange={(event) => change({ body: event.target.value })}
            />
          )}
        </Field>
        <Field label="Into the branch">
          {(control) => (
            <input
              {...control}
              className="input mono"
              value={wish.base}
              maxLength={250}
              spellCheck={false}
              onChange={(event) => change({ base: event.target.value })}
            />
          )}
        </Field>
        <Checkbox
          label="A draft, that nobody is asked to review yet"
          isChecked={wish.isDraft}
          onChange={(isDraft) => change({ isDraft })}
        />
        {problem === null ? null : (
          <Note icon={CircleAlert} tone="bad" role="alert">
            {withCode(problem)}
          </Note>
        )}
      </form>
    </Dialog>
  )
}
