import type { AppData } from '../data/app-data.ts'
import type { Notices } from '../lib/notices.tsx'

export interface TerminalClientDeps {
  readonly data: Pick<AppData, 'api' | 'stores' | 'connection' | 'hostInfo'>
  readonly notices: Pick<Notices, 'show' | 'refuse'>
  readonly page: Window & typeof globalThis
  readonly isMac: boolean
  readonly isWebglAllowed?: boolean
}
