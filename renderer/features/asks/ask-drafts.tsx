import { createContext, useContext, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AskId } from '../../../shared/lib/ids.ts'

/** What a person has typed or chosen for an ask and not sent yet. */
export interface AskDraft {
  readonly isNoting: boolean
  readonly note: string
  /** Chosen labels by question. */
  readonly choices: Readonly<Record<string, readonly string[]>>
  /** A free answer by question. */
  readonly others: Readonly<Record<string, string>>
}

export const emptyDraft: AskDraft = { isNoting: false, note: '', choices: {}, others: {} }

type Drafts = StoreApi<{ readonly byAsk: ReadonlyMap<AskId, AskDraft> }>

const DraftContext = createContext<Drafts | null>(null)

/** Keeps drafts while the window lives, so that looking at another ask loses nothing. */
export const AskDraftProvider = ({ children }: { readonly children: ReactNode }) => {
  const [drafts] = useState<Drafts>(() => createStore(() => ({ byAsk: new Map() })))
  return <DraftContext value={drafts}>{children}</DraftContext>
}

export const useAskDraft = (id: AskId): readonly [AskDraft, (change: Partial<AskDraft>) => void] => {
  const drafts = useContext(DraftContext)
  if (drafts === null) throw new Error('An ask was drawn outside AskDraftProvider.')
  const draft = useStore(drafts, (state) => state.byAsk.get(id) ?? emptyDraft)
  const change = (part: Partial<AskDraft>) => {
    const { byAsk } = drafts.getState()
    drafts.setState({ byAsk: new Map(byAsk).set(id, { ...(byAsk.get(id) ?? emptyDraft), ...part }) })
  }
  return [draft, change]
}
