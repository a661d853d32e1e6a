import type { RefusalCode } from '../../../../shared/pty-protocol/messages.ts'

/** There is no working connection to a PTY host, and why. */
export class PtyHostError extends Error {
  override readonly name = 'PtyHostError'
  readonly code: RefusalCode | 'hung' | 'gone' | 'did-not-start'
  constructor(code: PtyHostError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** The PTY host refused one command. */
export class PtyRefusedError extends Error {
  override readonly name = 'PtyRefusedError'
  readonly code: RefusalCode
  constructor(code: RefusalCode, message: string) {
    super(message)
    this.code = code
  }
}

export const isRefusedWith = (error: unknown, ...codes: readonly RefusalCode[]): error is PtyRefusedError =>
  error instanceof PtyRefusedError && codes.includes(error.code)
