import { join } from 'node:path'
import type { DirectOptions } from '../../../backend/open-direct.ts'

const root = join(import.meta.dirname, '..', '..', '..', '..')

export const directOptions = (dataDir: string, home: string): DirectOptions => ({
  dataDir,
  home,
  version: '0.0.0',
  environment: process.env,
  entries: {
    ptyHost: join(root, 'electron', 'pty-host.ts'),
    cli: join(root, 'electron', 'cli.ts'),
    resources: join(root, 'resources'),
  },
})
