import { answer, procedures } from '../../kernel/procedures.ts'
import type { SettingsService } from './settings-service.ts'

export const createSettingsProcedures = (settings: SettingsService) => ({
  set: procedures.settings.set.handler(async ({ input, context, errors }) =>
    answer(await settings.set(input, context.identity), errors),
  ),
})
