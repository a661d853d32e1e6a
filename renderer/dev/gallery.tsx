// The whole page on made-up rows, for looking at screens without a backend: `vite` serves it, no build contains it.
import '../lib/no-eval.ts'
import '../ui/base.css'
import { createRoot } from 'react-dom/client'
import { App } from '../app/app.tsx'
import { createCommandRegistry } from '../lib/commands.ts'
import { createFixtureData } from './fixture-data.ts'

const element = document.getElementById('root')
if (element === null) throw new Error('The page has no #root.')
const wanted = new URLSearchParams(location.search)
const fixture = createFixtureData({
  isEmpty: wanted.has('empty'),
  connection: wanted.get('connection') ?? 'live',
  theme: wanted.get('theme') === 'light' ? 'light' : 'dark',
  contrast: wanted.get('contrast') === 'high' ? 'high' : 'normal',
  sidebar: wanted.has('rail') ? 'rail' : 'wide',
})
// For tests, which play the backend.
Object.assign(window, { gallery: fixture })
createRoot(element).render(<App data={fixture} commands={createCommandRegistry()} />)
