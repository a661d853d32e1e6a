import { z } from 'zod'
import { done, procedure } from './base.ts'

export const themeSchema = z.enum(['system', 'light', 'dark'])
export const contrastSchema = z.enum(['normal', 'high'])

/** The settings known now. Values are whole: setting a key replaces its value. */
export const appearanceSchema = z.object({
  theme: themeSchema,
  contrast: contrastSchema,
  terminalFontSize: z.number().int().min(8).max(32),
  sidebar: z.enum(['wide', 'rail']),
})
export type Appearance = z.infer<typeof appearanceSchema>
export const defaultAppearance: Appearance = {
  theme: 'system',
  contrast: 'normal',
  terminalFontSize: 12,
  sidebar: 'wide',
}

/** `appearance`, or `layout:<view>` holding what the window needs to draw its tabs and tiles again. */
export const settingKeySchema = z.string().regex(/^(appearance|layout:[\w:-]{1,80}|draft:[\w:-]{1,80})$/)
export const settingSchema = z.object({ key: settingKeySchema, value: z.json() })
export type Setting = z.infer<typeof settingSchema>

export const settingsContract = {
  set: procedure('full').input(settingSchema).output(done),
}

export const settingsTopics = { 'settings.changed': settingSchema } as const
