import type { Setting } from '../../shared/contract/settings.ts'
import { createRowStore, type RowStore } from './row-store.ts'

/** The settings as the backend tells them, and over them what this page is just storing. */
export interface SettingStore extends RowStore<string, Setting> {
  /**
   * Shows a value that is on its way to the backend. Until the returned function says how that ended, older news of the
   * same setting (of the write before, of a snapshot) does not come between: what reads it to change a part of it would
   * bring the old rest back.
   */
  write(row: Setting): (isStored: boolean) => void
}

interface Writing {
  count: number
  own: Setting
  /** The newest that was told meanwhile. */
  told: Setting | null
  /** Our own value was told, so what is told from then on is newer than it. */
  isOwnTold: boolean
}

export const createSettingStore = (): SettingStore => {
  const rows = createRowStore((row: Setting) => row.key)
  const writing = new Map<string, Writing>()

  /** Keeps back what is told of a setting that is being written. */
  const hold = (row: Setting): boolean => {
    const held = writing.get(row.key)
    if (held === undefined) return false
    held.told = row
    held.isOwnTold ||= JSON.stringify(row.value) === JSON.stringify(held.own.value)
    return true
  }

  const end = (key: string, held: Writing, isStored: boolean) => {
    held.count -= 1
    if (held.count > 0) return
    writing.delete(key)
    if (held.told !== null && (held.isOwnTold || !isStored)) rows.put([held.told])
  }

  return {
    ...rows,
    put: (news) => rows.put(news.filter((row) => !hold(row))),
    replace: (news) => {
      const others = news.filter((row) => !hold(row))
      rows.replace([...others, ...[...writing.values()].map(({ own }) => own)])
    },
    write: (row) => {
      const held = writing.get(row.key) ?? { count: 0, own: row, told: null, isOwnTold: false }
      held.count += 1
      held.own = row
      held.isOwnTold = false
      writing.set(row.key, held)
      rows.put([row])
      return (isStored) => end(row.key, held, isStored)
    },
  }
}
