import { z } from 'zod'
import { done, noInput, procedure, refusals } from './base.ts'

/** The one place where anything may ask which host it runs in, and only for what that host can do. */
export const hostInfoSchema = z.object({
  kind: z.enum(['desktop', 'web']),
  platform: z.string(),
  version: z.string(),
  /** The desktop opens the system's folder dialog; the web host lists folders instead. */
  canPickFolder: z.boolean(),
  home: z.string(),
  git: z.object({ version: z.string().nullable(), problem: z.string().nullable() }),
  shell: z.object({
    path: z.string(),
    variables: z.number().int(),
    ms: z.number().int(),
    problem: z.string().nullable(),
  }),
})
export type HostInfo = z.infer<typeof hostInfoSchema>

export const folderEntrySchema = z.object({ name: z.string(), path: z.string(), isRepository: z.boolean() })
export const folderListingSchema = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  isRepository: z.boolean(),
  entries: z.array(folderEntrySchema),
  /** True when the folder holds more than the 1,000 entries that are listed. */
  truncated: z.boolean(),
})
export type FolderListing = z.infer<typeof folderListingSchema>

export const hostContract = {
  info: procedure('view').input(noInput).output(hostInfoSchema),
  /** Opens the system's folder dialog; null when it was cancelled. */
  pickFolder: procedure('full')
    .errors(refusals('NOT_SUPPORTED'))
    .input(noInput)
    .output(z.object({ path: z.string().nullable() })),
  /** The folders inside a folder; an empty path is the home folder. */
  listFolders: procedure('full')
    .errors(refusals('NOT_A_FOLDER'))
    .input(z.object({ path: z.string().max(4096) }))
    .output(folderListingSchema),
  /** Opens a file or folder inside a known worktree in the person's editor. */
  openInEditor: procedure('full')
    .errors(refusals('NO_EDITOR', 'OUTSIDE_WORKTREE'))
    .input(z.object({ path: z.string().max(4096), line: z.number().int().positive().nullable() }))
    .output(done),
  /** Ends the app; with `stopAll` also every session, and the process that keeps them. */
  quit: procedure('full')
    .input(z.object({ stopAll: z.boolean() }))
    .output(done),
}
