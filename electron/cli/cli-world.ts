/** What the command sees of the machine it runs on. */
export interface CliWorld {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Where the command was given. */
  readonly folder: string
  /** This very process, and the one that gave the command. */
  readonly pid: number
  readonly parentPid: number
  readonly version: string
  /** How this very command is started, for the file that `install` writes. */
  readonly self: { readonly node: string; readonly script: string; readonly needsRunAsNode: boolean }
  /** What is shipped beside this command, for work without the app. */
  readonly entries: { readonly ptyHost: string; readonly cli: string; readonly resources: string }
  readonly print: (text: string) => void
  readonly printProblem: (text: string) => void
  readonly readStdin: () => Promise<string>
  readonly now: () => number
}
