import './ask-body.css'
import { ShieldAlert } from 'lucide-react'
import type { AskDetail } from '../../../shared/contract/asks.ts'
import { unreachable } from '../../../shared/lib/unreachable.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { Why } from '../../ui/bits.tsx'
import { editPreview, pathWithin } from './ask-text.ts'

interface AskBodyProps {
  readonly detail: AskDetail
  /** The session's worktree: paths in it are shown without the way to it. */
  readonly root?: string | null
}

/** What an ask is about, in full. */
export const AskBody = ({ detail, root = null }: AskBodyProps) => {
  switch (detail.kind) {
    case 'permission':
      return (
        <>
          {detail.edit === null ? (
            <pre className="ask-subject selectable">{visibleText(detail.subject)}</pre>
          ) : (
            <EditPreview edit={detail.edit} root={root} />
          )}
          {detail.description === null ? null : <Why icon={ShieldAlert}>{visibleText(detail.description)}</Why>}
        </>
      )
    case 'plan':
      return <pre className="ask-plan selectable scroll">{visibleText(detail.plan)}</pre>
    case 'terminal':
      return <p className="ask-text">{visibleText(detail.what)}</p>
    case 'question':
      return null
    default:
      return unreachable(detail)
  }
}

interface EditPreviewProps {
  readonly edit: { readonly path: string; readonly before: string; readonly after: string }
  readonly root: string | null
}

const EditPreview = ({ edit, root }: EditPreviewProps) => (
  <div className="ask-edit">
    <div className="mono ask-edit-path">{visibleLine(pathWithin(edit.path, root))}</div>
    <pre className="ask-edit-lines selectable">
      {editPreview(edit.before, edit.after).map((line, index) => (
        // eslint-disable-next-line react/no-array-index-key -- lines repeat and never move
        <span key={index} className="ask-edit-line" data-kind={line.kind}>
          <span aria-hidden="true">{signs[line.kind]}</span>
          {visibleText(line.text)}
          {'\n'}
        </span>
      ))}
    </pre>
  </div>
)

const signs = { same: '  ', removed: '− ', added: '+ ', more: '… ' } as const
