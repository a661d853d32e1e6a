import './lib/no-eval.ts'
import './ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { applyAppearance, recalledAppearance } from './app/theme.ts'
import { connect } from './data/app-data.ts'
import { parseAppearance } from './data/settings.ts'
import { createCommandRegistry } from './lib/commands.ts'

const element = document.getElementById('root')
if (element === null) throw new Error('The page has no #root.')

// The colours of the last visit, before anything is drawn; the settings come with the connection.
applyAppearance(window, parseAppearance(recalledAppearance(window.localStorage)))

createRoot(element).render(
  <StrictMode>
    <App data={connect(window)} commands={createCommandRegistry()} />
  </StrictMode>,
)
