import type { Setting } from '../../../../shared/contract/settings.ts'
import { ok, type Result } from '../../../../shared/lib/result.ts'
import type { Tx } from '../../db/tx.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { RunCommand } from '../../kernel/run-command.ts'
import { listSettings, putSetting } from './settings-store.ts'

export interface SettingsService {
  list(tx: Tx): Promise<Setting[]>
  /** Replaces the whole value of one key. */
  set(setting: Setting, by: Identity): Promise<Result<undefined>>
}

export const createSettingsService = (deps: { readonly runCommand: RunCommand }): SettingsService => ({
  list: listSettings,
  set: (setting, by) =>
    deps.runCommand({ name: 'set-setting', by }, async ({ tx, now, emit }) => {
      await putSetting(tx, setting, now)
      await emit('settings.changed', setting.key, setting)
      return ok(undefined)
    }),
})
