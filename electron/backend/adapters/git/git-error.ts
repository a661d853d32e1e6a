export type GitErrorKind = 'exit' | 'timeout' | 'aborted' | 'not-installed' | 'output-too-large'

/** A git process ended in a way its caller did not declare. `stderr` is git's own text and may hold hostile names. */
export class GitError extends Error {
  override readonly name = 'GitError'
  readonly kind: GitErrorKind
  readonly exitCode: number | null
  readonly stderr: string
  readonly args: readonly string[]

  constructor(detail: { kind: GitErrorKind; exitCode: number | null; stderr: string; args: readonly string[] }) {
    super(`git ${detail.args[0] ?? ''}: ${describe(detail)}`)
    this.kind = detail.kind
    this.exitCode = detail.exitCode
    this.stderr = detail.stderr
    this.args = detail.args
  }
}

function describe(detail: { kind: GitErrorKind; exitCode: number | null; stderr: string }): string {
  const said = detail.stderr.trim().slice(0, 500)
  if (detail.kind === 'exit') return `exit code ${detail.exitCode ?? 'none'}${said ? `: ${said}` : ''}`
  return said ? `${detail.kind}: ${said}` : detail.kind
}
