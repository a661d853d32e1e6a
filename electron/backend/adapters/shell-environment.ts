import { spawn } from 'node:child_process'
import { userInfo } from 'node:os'
import { basename, delimiter } from 'node:path'
import { randomBytes } from 'node:crypto'

export interface ShellEnvironment {
  readonly variables: Readonly<Record<string, string>>
  /** The shell that was asked; null where there is none to ask (Windows). */
  readonly shell: string | null
  readonly ms: number
  /** Why the app's own environment is used instead, and what to do; null when all went well. */
  readonly problem: string | null
}

export interface ShellEnvironmentDeps {
  /** The environment of the app itself. */
  readonly own: Readonly<Record<string, string | undefined>>
  /** A node to run inside the shell, which tells the environment it got. */
  readonly node: { readonly path: string; readonly needsRunAsNode: boolean }
  readonly timeoutMs?: number
}

// Long enough for slow start-up files; a person waits for it once, and the app goes on without.
const defaultTimeoutMs = 5000

/**
 * The environment a new terminal of the person would have: their login shell is started once and asked. An app started
 * from the desktop lacks it. What only the app's own environment has is kept; of PATH both, the shell's first.
 */
export const resolveShellEnvironment = async (deps: ShellEnvironmentDeps): Promise<ShellEnvironment> => {
  const own = definedOnly(deps.own)
  const shell = process.platform === 'win32' ? null : (own['SHELL'] ?? userInfo().shell)
  const started = performance.now()
  const ended = (problem: string | null, found: Readonly<Record<string, string>>): ShellEnvironment => ({
    variables: { ...own, ...found, ...joinPaths(found['PATH'], own['PATH']) },
    shell,
    ms: Math.round(performance.now() - started),
    problem,
  })
  if (!shell) return ended(null, {})
  const answer = await askShell(shell, deps, own)
  return answer.ok
    ? ended(null, answer.variables)
    : ended(
        `${answer.problem} The environment of the app itself is used; start the app from a terminal if a command is missing.`,
        {},
      )
}

type Answer =
  { readonly ok: true; readonly variables: Record<string, string> } | { readonly ok: false; readonly problem: string }

const askShell = (shell: string, deps: ShellEnvironmentDeps, own: Record<string, string>): Promise<Answer> =>
  new Promise((resolve) => {
    // Start-up files print what they like, so the answer stands between marks nobody else prints.
    const mark = randomBytes(8).toString('hex')
    const script = `process.stdout.write(${JSON.stringify(mark)}+JSON.stringify(process.env)+${JSON.stringify(mark)})`
    const child = spawn(shell, [...argumentsOf(shell), `${quote(deps.node.path)} -e ${quote(script)}`], {
      env: { ...own, ELECTRON_RUN_AS_NODE: '1', SWITCHYARD_RESOLVING_ENVIRONMENT: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
      // A process group of its own, so that what a start-up file started ends with it.
      detached: true,
    })
    const timeoutMs = deps.timeoutMs ?? defaultTimeoutMs
    const chunks: Buffer[] = []
    const settle = (answer: Answer) => {
      clearTimeout(timer)
      endGroup(child.pid)
      resolve(answer)
    }
    const timer = setTimeout(
      () => settle({ ok: false, problem: `${shell} did not answer within ${timeoutMs / 1000} s.` }),
      timeoutMs,
    )
    child.on('error', (error) => settle({ ok: false, problem: `${shell} could not be started (${error.message}).` }))
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      const found = between(Buffer.concat(chunks).toString(), mark)
      if (found !== null) settle({ ok: true, variables: withoutOurs(JSON.parse(found) as Record<string, string>, own) })
    })
    child.on('close', (code) =>
      settle({ ok: false, problem: `${shell} ended with code ${code ?? 'unknown'} and no answer.` }),
    )
  })

const argumentsOf = (shell: string): readonly string[] => {
  const name = basename(shell)
  // tcsh and csh take -l only alone.
  return name === 'tcsh' || name === 'csh' ? ['-ic'] : ['-i', '-l', '-c']
}

const between = (text: string, mark: string): string | null => {
  const [, found, after] = text.split(mark)
  return found !== undefined && after !== undefined ? found : null
}

const withoutOurs = (variables: Record<string, string>, own: Record<string, string>) => {
  const {
    ELECTRON_RUN_AS_NODE: _run,
    SWITCHYARD_RESOLVING_ENVIRONMENT: _ours,
    SHLVL: _level,
    _: _last,
    ...rest
  } = variables
  const runAsNode = own['ELECTRON_RUN_AS_NODE']
  return runAsNode === undefined ? rest : { ...rest, ELECTRON_RUN_AS_NODE: runAsNode }
}

const joinPaths = (shellPath: string | undefined, ownPath: string | undefined) => {
  const parts = [shellPath, ownPath].flatMap((path) => path?.split(delimiter) ?? []).filter((part) => part !== '')
  return parts.length === 0 ? {} : { PATH: [...new Set(parts)].join(delimiter) }
}

const endGroup = (pid: number | undefined) => {
  if (pid === undefined) return
  // Expects ESRCH: the shell has ended by itself, as it does when all went well.
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    return
  }
}

const quote = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`

const definedOnly = (variables: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
