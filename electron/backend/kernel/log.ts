import { mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import pino, { type Logger } from 'pino'

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'child'>

/** The file before this one is kept beside it, so a log holds at most twice this. */
const longestFileBytes = 10 * 1024 * 1024

const secretKeys = [
  'token',
  'code',
  'ticket',
  'cookie',
  'authorization',
  'password',
  'secret',
  'apiKey',
  'env',
  'prompt',
  'data',
]

/** Things that look like a key wherever they stand: bearer headers, vendor keys, our own tokens, credentials in a URL. */
const secretPatterns = [
  /Bearer\s+[\w.~+/-]{8,}=*/gi,
  /\b(?:sk|pk|ghp|gho|github_pat|glpat|xox[bap]|AIza|AKIA)[-_\w]{12,}/g,
  /\b[0-9a-f]{64}\b/gi,
  /(#code=|[?&](?:token|code|key)=)[^\s&"]+/gi,
  /(\w+:\/\/)[^\s/:@]+:[^\s/@]+@/g,
]

/** Hides what looks like a secret in a text. */
export const redactText = (text: string): string =>
  secretPatterns.reduce((hidden, pattern) => hidden.replace(pattern, '[hidden]'), text)

/** A structured log in a private file; one JSON object a line. Secrets are hidden by name and by shape. */
export const openLog = (path: string, level: 'debug' | 'info' = 'info'): { log: Log; close(): void } => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 }
  if (size > longestFileBytes) renameSync(path, `${path}.1`)
  const destination = pino.destination({ dest: path, mode: 0o600, sync: true })
  let isOpen = true
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`]), censor: '[hidden]' },
      hooks: { streamWrite: redactText },
    },
    { write: (line: string) => void (isOpen && destination.write(line)) },
  )
  const close = () => {
    if (isOpen) destination.end()
    isOpen = false
  }
  return { log, close }
}
