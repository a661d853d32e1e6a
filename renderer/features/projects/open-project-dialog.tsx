import { PackageOpen } from 'lucide-react'
import { useRef, useState, type FormEvent } from 'react'
import { useFolders } from '../../data/folders.ts'
import { testId } from '../../lib/test-ids.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { FolderList } from '../../ui/folder-list.tsx'

export interface OpenProblem {
  readonly code: string
  readonly message: string
}

interface OpenProjectDialogProps {
  readonly initialPath: string | null
  readonly initialProblem: OpenProblem | null
  readonly onClose: () => void
  /** Opens the folder as a project; resolves to what is wrong, or null when it is open. */
  readonly onOpen: (path: string, initialise: boolean) => Promise<OpenProblem | null>
  readonly onSample: () => Promise<OpenProblem | null>
}

/** Finds a repository on the computer that Switchyard runs on, which need not be the one with this browser. */
export const OpenProjectDialog = (props: OpenProjectDialogProps) => {
  const [path, setPath] = useState(props.initialPath ?? '')
  const [problem, setProblem] = useState<OpenProblem | null>(props.initialProblem)
  const [busy, setBusy] = useState<'open' | 'sample' | null>(null)
  const browser = useFolders(props.initialPath ?? '')
  const field = useRef<HTMLInputElement>(null)

  const goTo = async (next: string) => {
    setProblem(null)
    const listing = await browser.list(next)
    if (listing !== null) setPath(listing.path)
  }
  const open = async (initialise: boolean) => {
    // Enter in the field comes here past the button, which is off meanwhile.
    if (busy !== null) return
    browser.leave()
    setBusy('open')
    const refusal = await props.onOpen(path.trim() === '' ? (browser.listing?.path ?? '') : path.trim(), initialise)
    setBusy(null)
    if (refusal === null) props.onClose()
    else setProblem(refusal)
  }
  const sample = async () => {
    setBusy('sample')
    const refusal = await props.onSample()
    setBusy(null)
    if (refusal === null) props.onClose()
    else setProblem(refusal)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void open(false)
  }

  return (
    <Dialog
      isOpen
      onClose={props.onClose}
      title="Open a repository"
      width={640}
      initialFocus={field}
      testId={testId.folderDialog}
      footer={
        <>
          <Button
            size="large"
            variant="ghost"
            icon={PackageOpen}
            isBusy={busy === 'sample'}
            data-testid={testId.sampleProject}
            onClick={() => void sample()}
          >
            Try the sample project
          </Button>
          <span className="spacer" />
          <Button size="large" keys="Esc" onClick={props.onClose}>
            Cancel
          </Button>
          <Button
            size="large"
            variant="primary"
            keys="Enter"
            isBusy={busy === 'open'}
            data-testid={testId.folderOpen}
            onClick={() => void open(false)}
          >
            Open
          </Button>
        </>
      }
    >
      <form className="dialog-body folder-form" onSubmit={submit}>
        <Field
          label="Folder"
          hint="A Git repository, or any folder inside one."
          error={problem?.message ?? browser.problem}
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
              onChange={(event) => {
                setPath(event.target.value)
                setProblem(null)
                browser.leave()
              }}
            />
          )}
        </Field>
        {problem?.code === 'NOT_A_REPOSITORY' ? (
          <div>
            <Button data-testid={testId.folderNextStep} isBusy={busy === 'open'} onClick={() => void open(true)}>
              Make it a repository
            </Button>
          </div>
        ) : null}
        <FolderList listing={browser.listing} onGo={(next) => void goTo(next)} />
        {/* A form is sent by Enter only when it has a submit button. */}
        <button type="submit" className="visually-hidden" tabIndex={-1}>
          Open
        </button>
      </form>
    </Dialog>
  )
}
