import { describe, expect, it } from 'vitest'
import type { Setting } from '../../shared/contract/settings.ts'
import { createSettingStore } from './setting-store.ts'

const setting = (value: Setting['value'], key = 'appearance'): Setting => ({ key, value })
const light = { theme: 'light', contrast: 'high' }
const normal = { theme: 'light', contrast: 'normal' }
const system = { theme: 'system', contrast: 'normal' }

const createSettings = () => {
  const settings = createSettingStore()
  settings.put([setting(light)])
  return { settings, shown: () => settings.get('appearance')?.value }
}

describe('a setting that is being written', () => {
  it('is shown at once, and stays when it is told back', () => {
    const { settings, shown } = createSettings()
    const end = settings.write(setting(normal))
    expect(shown()).toEqual(normal)
    settings.put([setting(normal)])
    end(true)
    expect(shown()).toEqual(normal)
  })

  it('does not go back when the write before it is told', () => {
    const { settings, shown } = createSettings()
    const endFirst = settings.write(setting(normal))
    const endSecond = settings.write(setting(system))
    settings.put([setting(normal)])
    expect(shown()).toEqual(system)
    endFirst(true)
    expect(shown()).toEqual(system)
    endSecond(true)
    expect(shown()).toEqual(system)
    settings.put([setting(system)])
    expect(shown()).toEqual(system)
  })

  it('does not go back with a snapshot of before it', () => {
    const { settings, shown } = createSettings()
    const end = settings.write(setting(normal))
    settings.replace([setting(light), setting(3, 'layout:window')])
    expect(shown()).toEqual(normal)
    expect(settings.get('layout:window')?.value).toBe(3)
    end(true)
    expect(shown()).toEqual(normal)
  })

  it('is there after a snapshot that does not know of it yet', () => {
    const { settings, shown } = createSettings()
    const end = settings.write(setting(normal))
    settings.replace([])
    expect(shown()).toEqual(normal)
    end(true)
    expect(shown()).toEqual(normal)
  })

  it('gives way to what another window wrote after it, once it is stored', () => {
    const { settings, shown } = createSettings()
    const end = settings.write(setting(normal))
    settings.put([setting(normal)])
    settings.put([setting(system)])
    expect(shown()).toEqual(normal)
    end(true)
    expect(shown()).toEqual(system)
  })

  it('gives way to what was told when it could not be stored', () => {
    const { settings, shown } = createSettings()
    const end = settings.write(setting(normal))
    settings.put([setting(system)])
    end(false)
    expect(shown()).toEqual(system)
  })

  it('stays as it is when it could not be stored and nothing was told', () => {
    const { settings, shown } = createSettings()
    settings.write(setting(normal))(false)
    expect(shown()).toEqual(normal)
    settings.replace([setting(light)])
    expect(shown()).toEqual(light)
  })
})

describe('other settings', () => {
  it('are taken as they are told, while one is being written', () => {
    const { settings } = createSettings()
    settings.write(setting(normal))
    settings.put([setting(4, 'layout:window')])
    expect(settings.get('layout:window')?.value).toBe(4)
    settings.replace([])
    expect(settings.get('layout:window')).toBeUndefined()
  })
})
