import { join } from 'node:path'

// The longest single argument: 128 KiB on Linux; on Windows the whole command line has 32,767 characters.
const maxArgumentBytes = process.platform === 'win32' ? 16_000 : 120_000

export interface PromptArgument {
  readonly text: string
  readonly files: readonly { readonly path: string; readonly text: string }[]
}

/**
 * The prompt as one argument. A longer one than the system takes goes into a file that the argument names. One that looks
 * like an option or a subcommand (a single word) is padded with a space, which no command line takes for either.
 */
export const promptArgument = (prompt: string, sessionFolder: string): PromptArgument => {
  if (Buffer.byteLength(prompt) > maxArgumentBytes) {
    const path = join(sessionFolder, 'prompt.md')
    return { text: `Read your task from the file ${path} and carry it out.`, files: [{ path, text: prompt }] }
  }
  const padded = prompt.startsWith('-') ? ` ${prompt}` : prompt
  return { text: /\s/.test(padded) ? padded : `${padded} `, files: [] }
}
