import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build, type Plugin } from 'vite'

/** One text of one file of ours, and what stands there in a peer. */
export interface Edit {
  readonly file: string
  readonly from: string
  readonly to: string
}

const root = join(import.meta.dirname, '..', '..')
const viewer = 'electron/pty-host/viewer.ts'
const waiting = 'const waitMs = lastSentAt + BATCH_MS - now()'
const fixedTimer = (ms: number): Edit => ({ file: viewer, from: waiting, to: `const waitMs = ${ms}` })

// The whole of our path, with nothing different but what is compared.
export const variants = {
  ours: [],
  unbatched: [{ file: viewer, from: waiting, to: 'const waitMs = 0' }],
  timer5: [fixedTimer(5)],
  timer16: [fixedTimer(16)],
  /** Its terminal pauses above 100,000 unacknowledged characters, resumes below 5,000, acknowledges each 5,000. */
  vscode: [
    fixedTimer(5),
    { file: 'electron/pty-host/window-credit.ts', from: 'WINDOW_UNITS = 512 * 1024', to: 'WINDOW_UNITS = 100_000' },
    { file: 'electron/pty-host/window-credit.ts', from: 'BACKGROUND_UNITS = 128 * 1024', to: 'BACKGROUND_UNITS = 0' },
    { file: 'electron/pty-host/window-credit.ts', from: 'RESUME_AT = 0.25', to: 'RESUME_AT = 0.05' },
    {
      file: 'renderer/terminal/attachment.ts',
      from: 'acknowledgeEveryUnits = 64 * 1024',
      to: 'acknowledgeEveryUnits = 5_000',
    },
  ],
} satisfies Record<string, readonly Edit[]>
export type Variant = keyof typeof variants

/** Builds host and page with the variant's edits and returns the folder that holds `dist`. */
export const buildVariant = async (
  variant: Variant,
  parts: readonly ('host' | 'renderer')[] = ['host', 'renderer'],
): Promise<string> => {
  // Inside the repository, so that the natives are found.
  const folder = join(root, '.cache', 'bench', variant)
  rmSync(join(folder, 'dist'), { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const name of ['resources', 'package.json'])
    if (!existsSync(join(folder, name))) symlinkSync(join(root, name), join(folder, name))
  const applied = new Set<Edit>()
  const edits: readonly Edit[] = variants[variant]
  for (const part of parts) {
    await build({
      configFile: join(root, `vite.${part}.config.ts`),
      logLevel: 'error',
      plugins: [editing(edits, applied)],
      build: { outDir: join(folder, 'dist', part), emptyOutDir: true, sourcemap: false },
    })
  }
  const lost = edits.find((edit) => !applied.has(edit))
  if (lost) throw new Error(`${lost.file} was not edited for ${variant}: a peer that is no peer.`)
  return folder
}

const editing = (edits: readonly Edit[], applied: Set<Edit>): Plugin => ({
  name: 'bench-edits',
  enforce: 'pre',
  transform(code, id) {
    const file = relative(root, id.split('?')[0] ?? id).replaceAll('\\', '/')
    let edited = code
    for (const edit of edits.filter((one) => one.file === file)) {
      if (edited.split(edit.from).length !== 2) throw new Error(`${file} does not say once: ${edit.from}`)
      edited = edited.replace(edit.from, edit.to)
      applied.add(edit)
    }
    return edited === code ? null : edited
  },
})
