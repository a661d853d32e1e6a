import { useStore } from 'zustand'
import { appearanceSchema, defaultAppearance, type Appearance, type Setting } from '../../shared/contract/settings.ts'
import type { AppData } from './app-data.ts'
import { useData } from './data-context.tsx'
import { settle } from './settle.ts'

type Value = Setting['value']

export const useSetting = (key: string): Value | undefined =>
  useStore(useData().stores.settings.store, (rows) => rows.byId.get(key)?.value)

/** The stored value now, outside rendering. */
export const readSetting = (data: Pick<AppData, 'stores'>, key: string): Value | undefined =>
  data.stores.settings.get(key)?.value

/**
 * Stores a value: at once for this page, then with the backend. While the connection is away the page keeps it and the
 * next write or snapshot settles what counts.
 */
export const writeSetting = async (data: Pick<AppData, 'api' | 'stores'>, key: string, value: Value) => {
  const end = data.stores.settings.write({ key, value })
  const result = await settle(data.api.settings.set({ key, value }))
  end(result.ok)
  return result
}

export const useAppearance = (): Appearance => parseAppearance(useSetting('appearance'))

// One result per stored value, so that a component that reads it does not render again for nothing.
const parsed = new WeakMap<object, Appearance>()

export const parseAppearance = (value: unknown): Appearance => {
  if (typeof value !== 'object' || value === null) return defaultAppearance
  const known = parsed.get(value)
  if (known !== undefined) return known
  const result = appearanceSchema.safeParse({ ...defaultAppearance, ...value })
  const appearance = result.success ? result.data : defaultAppearance
  parsed.set(value, appearance)
  return appearance
}
