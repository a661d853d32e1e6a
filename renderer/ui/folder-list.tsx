import './folder-list.css'
import { CornerLeftUp, Folder, FolderGit2 } from 'lucide-react'
import { useLayoutEffect, useRef } from 'react'
import { moveBetweenRows } from '../lib/roving.ts'
import { testId } from '../lib/test-ids.ts'
import { visibleLine } from '../../shared/lib/visible-text.ts'
import { Tag } from './bits.tsx'
import { Icon } from './icon.tsx'

interface FolderListProps {
  /** Null while it is read. */
  readonly listing: {
    readonly path: string
    readonly parent: string | null
    readonly entries: readonly { readonly name: string; readonly path: string; readonly isRepository: boolean }[]
    readonly truncated: boolean
  } | null
  readonly onGo: (path: string) => void
}

/** The folders inside a folder, to go down into or up from. */
export const FolderList = ({ listing, onGo }: FolderListProps) => {
  const list = useRef<HTMLUListElement>(null)
  const shown = useRef<string | null>(null)
  const path = listing?.path ?? null
  // The row that was pressed is gone with its folder, and the focus with it: left alone, the dialog takes it a frame later,
  // from wherever the person is by then.
  useLayoutEffect(() => {
    const before = shown.current
    shown.current = path
    if (before === null || path === null || before === path || document.activeElement !== document.body) return
    const rows = [...(list.current?.querySelectorAll('button') ?? [])]
    const from = rows.find((row) => row.dataset['path'] === before)
    const first = rows.find((row) => row.dataset['path'] !== undefined)
    ;(from ?? first ?? rows[0])?.focus()
  }, [path])
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- arrows move between the buttons inside
    <ul
      ref={list}
      className="folder-list scroll"
      aria-label="Folders"
      onKeyDown={(event) => {
        if (list.current !== null) moveBetweenRows(event, list.current, 'button')
      }}
    >
      {listing?.parent == null ? null : (
        <li>
          <button type="button" className="folder-row" onClick={() => onGo(listing.parent ?? '')}>
            <Icon of={CornerLeftUp} />
            <span className="cut grow">Folder above</span>
          </button>
        </li>
      )}
      {listing?.entries.map((entry) => (
        <li key={entry.path}>
          <button
            type="button"
            className="folder-row"
            data-testid={testId.folderEntry}
            data-path={entry.path}
            data-repository={entry.isRepository || undefined}
            onClick={() => onGo(entry.path)}
          >
            <Icon of={entry.isRepository ? FolderGit2 : Folder} />
            <span className="cut grow">{visibleLine(entry.name)}</span>
            {entry.isRepository ? <Tag>repository</Tag> : null}
          </button>
        </li>
      ))}
      {listing !== null && listing.entries.length === 0 ? <li className="folder-empty">No folders in here.</li> : null}
      {listing?.truncated === true ? (
        <li className="folder-empty">Only the first 1,000 are listed. Type the path of another one above.</li>
      ) : null}
    </ul>
  )
}
