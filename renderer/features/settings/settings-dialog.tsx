import type { Appearance } from '../../../shared/contract/settings.ts'
import { useAppearance } from '../../data/settings.ts'
import { testId } from '../../lib/test-ids.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Stepper } from '../../ui/stepper.tsx'

interface SettingsDialogProps {
  readonly onChange: (change: Partial<Appearance>) => void
  readonly onClose: () => void
}

/** How the window looks. A change counts at once and is kept. */
export const SettingsDialog = ({ onChange, onClose }: SettingsDialogProps) => {
  const appearance = useAppearance()
  return (
    <Dialog isOpen title="Settings" width={560} testId={testId.settings} onClose={onClose}>
      <div className="dialog-body">
        <div className="settings-row">
          <span className="medium">Theme</span>
          <Segmented
            label="Theme"
            value={appearance.theme}
            options={[
              { value: 'system', label: 'As the system' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
            onChange={(theme) => onChange({ theme })}
          />
        </div>
        <div className="settings-row">
          <span className="medium">Contrast</span>
          <Segmented
            label="Contrast"
            value={appearance.contrast}
            options={[
              { value: 'normal', label: 'Normal' },
              { value: 'high', label: 'High' },
            ]}
            onChange={(contrast) => onChange({ contrast })}
          />
          <p>High contrast is also used whenever the system asks for it.</p>
        </div>
        <div className="settings-row">
          <span className="medium">Terminal text</span>
          <Stepper
            label="Terminal text size in pixels"
            value={appearance.terminalFontSize}
            min={8}
            max={32}
            onChange={(terminalFontSize) => onChange({ terminalFontSize })}
          />
        </div>
      </div>
    </Dialog>
  )
}
