import { useStore } from 'zustand'
import { testId } from '../../lib/test-ids.ts'
import { Segmented } from '../../ui/segmented.tsx'
import type { TerminalsController } from './dock-state.ts'
import { presetOf, presets } from './tile-layout.ts'

const options = presets.map((count) => ({ value: String(count), label: String(count) }))

/** How many tiles are shown at once; for the end of the tab bar. */
export const TerminalsTools = ({ controller }: { readonly controller: TerminalsController }) => {
  const tileCount = useStore(controller.state, (state) => state.tileCount)
  const shown = presetOf(tileCount)
  if (tileCount === 0) return null
  return (
    <Segmented
      label="Tiles"
      value={shown === null ? '' : String(shown)}
      options={options}
      testId={testId.tilePresets}
      onChange={(value) => {
        const preset = presets.find((count) => String(count) === value)
        if (preset !== undefined) controller.run((dock) => dock.setPreset(preset))
      }}
    />
  )
}
