import { useCallback } from 'react'
import { useStore } from 'zustand'
import { useData } from './data-context.tsx'
import type { Folds } from './stores.ts'

const none: ReadonlySet<string> = new Set()

/** What is folded there, and a function that changes it. */
export const useFolds = (id: Folds['id']) => {
  const { folds } = useData().stores
  const folded = useStore(folds.store, (rows) => rows.byId.get(id)?.folded ?? none)
  const change = useCallback(
    (make: (folded: ReadonlySet<string>) => ReadonlySet<string>) =>
      folds.put([{ id, folded: make(folds.get(id)?.folded ?? none) }]),
    [folds, id],
  )
  return [folded, change] as const
}
