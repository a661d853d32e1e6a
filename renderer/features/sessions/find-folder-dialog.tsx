import { useRef, useState, type FormEvent } from 'react'
import type { Worktree } from '../../../shared/contract/worktrees.ts'
import { useFolders } from '../../data/folders.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { FolderList } from '../../ui/folder-list.tsx'

interface FindFolderDialogProps {
  readonly worktree: Worktree
  /** A folder that was chosen already and refused, with why. */
  readonly refused: { readonly path: string; readonly message: string } | null
  readonly onClose: () => void
  /** Takes the folder as the worktree's; resolves to what is wrong with it, or null when it is taken. */
  readonly onChoose: (path: string) => Promise<string | null>
}

/** Asks where the folder of a worktree was moved to. */
export const FindFolderDialog = ({ worktree, refused, onClose, onChoose }: FindFolderDialogProps) => {
  const [path, setPath] = useState(refused?.path ?? '')
  const [problem, setProblem] = useState(refused?.message ?? null)
  const [isBusy, setBusy] = useState(false)
  const browser = useFolders(refused?.path ?? folderAbove(worktree.path))
  const field = useRef<HTMLInputElement>(null)

  const change = (next: string) => {
    setPath(next)
    setProblem(null)
    browser.leave()
  }
  const goTo = async (next: string) => {
    const listing = await browser.list(next)
    if (listing !== null) change(listing.path)
  }
  const choose = async () => {
    if (path.trim() === '') return setProblem('Choose the folder below, or type its path.')
    setBusy(true)
    // As it is listed it is a whole path: a person may type one that begins at home.
    const listing = await browser.list(path.trim())
    const refusal = listing === null ? null : await onChoose(listing.path)
    setBusy(false)
    setProblem(refusal)
    if (listing !== null && refusal === null) onClose()
    return undefined
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void choose()
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Where is the folder now?"
      width={640}
      initialFocus={field}
      testId={testId.findFolder}
      footer={
        <>
          <span className="spacer" />
          <Button size="large" keys="Esc" onClick={onClose}>
            Cancel
          </Button>
          <Button
            size="large"
            variant="primary"
            keys="Enter"
            isBusy={isBusy}
            data-testid={testId.findFolderChoose}
            onClick={() => void choose()}
          >
            It is here
          </Button>
        </>
      }
    >
      <form className="dialog-body folder-form" onSubmit={submit}>
        <Field
          label="Folder"
          hint={
            <>
              The worktree{worktree.branch === null ? '' : ` of ${visibleLine(worktree.branch)}`} that was at{' '}
              <span className="mono">{visibleLine(worktree.path)}</span>
            </>
          }
          error={problem === null ? browser.problem : visibleText(problem)}
          errorTestId={testId.folderError}
        >
          {(control) => (
            <input
              {...control}
              ref={field}
              className="input mono"
              placeholder={browser.listing?.path ?? '~'}
              spellCheck={false}
              autoComplete="off"
              data-testid={testId.folderPath}
              value={path}
              onChange={(event) => change(event.target.value)}
            />
          )}
        </Field>
        <FolderList listing={browser.listing} onGo={(next) => void goTo(next)} />
        {/* A form is sent by Enter only when it has a submit button. */}
        <button type="submit" className="visually-hidden" tabIndex={-1}>
          It is here
        </button>
      </form>
    </Dialog>
  )
}

const folderAbove = (path: string) => path.replace(/[\\/][^\\/]*$/, '')
