import type { Setting } from '../../../../shared/contract/settings.ts'
import type { Tx } from '../../db/tx.ts'

export const listSettings = async (tx: Tx): Promise<Setting[]> => {
  const rows = await tx.all<{ key: string; value: string }>('SELECT key, value FROM settings ORDER BY key')
  return rows.map((row) => ({ key: row.key, value: JSON.parse(row.value) as Setting['value'] }))
}

export const putSetting = async (tx: Tx, setting: Setting, now: number): Promise<void> => {
  await tx.run(
    `INSERT INTO settings (key, value, changed_at) VALUES (?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at`,
    setting.key,
    JSON.stringify(setting.value),
    now,
  )
}
