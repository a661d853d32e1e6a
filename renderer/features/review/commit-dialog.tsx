import { GitCommitHorizontal, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { CommitDraft } from '../../../shared/contract/staging.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { useKeptValue } from '../../data/kept-value.ts'
import { useStagingCalls } from '../../data/staging.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { Note } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { useDesk } from './review-context.tsx'

const parseText = (stored: unknown) => (typeof stored === 'string' ? stored : '')

/** Commits what is staged, in the person's name. The message is kept until it was used. */
export const CommitDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { worktreeId, review } = useDesk()
  const calls = useStagingCalls(worktreeId)
  const notices = useNotices()
  const [draft, setDraft] = useState<CommitDraft | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [isAmend, setAmend] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [message, setMessage] = useKeptValue(`draft:commit:${worktreeId}`, parseText)

  useEffect(() => {
    let isOpen = true
    void calls.draft().then((read) => {
      if (!isOpen) return
      if (read.ok) setDraft(read.value)
      else setProblem(read.refusal.message)
    })
    return () => {
      isOpen = false
    }
  }, [calls])

  const missing = draft === null ? 'What is staged is being read.' : missingOf(draft, { message, isAmend })
  const commit = async () => {
    if (draft === null || missing !== null || isBusy) return
    setBusy(true)
    const { head, tree } = draft
    const done = await calls.commit({ head, tree, message, isAmend })
    setBusy(false)
    if (!done.ok) {
      setProblem(done.refusal.message)
      // What it would hold now, for whoever tries again.
      const again = await calls.draft()
      if (again.ok) setDraft(again.value)
      return
    }
    setMessage('')
    onClose()
    const text = `${isAmend ? 'Amended' : 'Committed'} “${visibleLine(done.value.subject)}”.`
    notices.show({ icon: GitCommitHorizontal, text })
    await review.read()
  }
  const chooseAmend = (next: boolean) => {
    setAmend(next)
    if (next && message.trim() === '' && draft?.amend.kind === 'possible') setMessage(draft.amend.message.trimEnd())
  }

  return (
    <Dialog
      isOpen
      title="Commit what is staged"
      heading={draft === null ? null : <span className="text-faint cut">{placeOf(draft)}</span>}
      width={520}
      testId={testId.commitDialog}
      onClose={onClose}
      footer={
        <>
          <span className="spacer" />
          <Button size="large" keys="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="large"
            variant="primary"
            isBusy={isBusy}
            disabledReason={missing}
            data-testid={testId.commitSend}
            onClick={() => void commit()}
          >
            {isAmend ? 'Amend the commit' : 'Commit'}
          </Button>
        </>
      }
    >
      <div className="dialog-body">
        <Field label="Message" hint="The first line says what it does; leave one empty before the rest.">
          {(control) => (
            <textarea
              {...control}
              className="input commit-message mono"
              rows={6}
              value={message}
              data-testid={testId.commitMessage}
              onChange={(event) => setMessage(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
                event.preventDefault()
                void commit()
              }}
            />
          )}
        </Field>
        <Amend draft={draft} isAmend={isAmend} onChange={chooseAmend} />
        <p className="text-12 text-quiet commit-person">
          {draft === null ? 'Reading what is staged…' : personOf(draft)}
        </p>
        {problem === null ? null : (
          <Note icon={TriangleAlert} tone="bad" role="alert" testId={testId.commitProblem}>
            {visibleText(problem)}
          </Note>
        )}
      </div>
    </Dialog>
  )
}

interface AmendProps {
  readonly draft: CommitDraft | null
  readonly isAmend: boolean
  readonly onChange: (isAmend: boolean) => void
}

const Amend = ({ draft, isAmend, onChange }: AmendProps) =>
  draft === null || draft.amend.kind === 'refused' ? (
    <p className="text-12 text-faint commit-person">{draft?.amend.kind === 'refused' ? draft.amend.reason : ' '}</p>
  ) : (
    <Checkbox label="Amend the last commit" testId={testId.commitAmend} isChecked={isAmend} onChange={onChange} />
  )

const placeOf = ({ stagedFiles, branch }: CommitDraft): string => {
  const files = stagedFiles === 1 ? '1 file' : `${stagedFiles} files`
  return branch === null ? `${files}, on no branch` : `${files} on ${visibleLine(branch)}`
}

const personOf = ({ person }: CommitDraft): string =>
  person === null
    ? 'git does not know who you are yet.'
    : `As ${visibleLine(person.name)} <${visibleLine(person.email)}>. Hooks of the repository are not run.`

/** Why it cannot be committed yet; null when it can. */
export const missingOf = (
  draft: CommitDraft,
  { message, isAmend }: { readonly message: string; readonly isAmend: boolean },
): string | null => {
  if (draft.problem !== null) return draft.problem
  if (draft.person === null)
    return 'Tell git who you are first: git config --global user.name "Your Name", and user.email likewise.'
  if (draft.stagedFiles === 0 && !isAmend) return 'Nothing is staged. Stage some changes first.'
  return message.trim() === '' ? 'Write a message first.' : null
}
