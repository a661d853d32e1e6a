import { isRepositoryScope, type ConfigEntry } from './config-entries.ts'
import { allowedTransports, type ConfigPair, type GitReach } from './hardening.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What git itself needs. Everything else of the app's environment, GIT_* above all, stays out. */
const allowedNames = [
  'PATH',
  'HOME',
  'XDG_CONFIG_HOME',
  // Takes configuration away and cannot add any.
  'GIT_CONFIG_NOSYSTEM',
  'TMPDIR',
  'SystemRoot',
  'SystemDrive',
  'COMSPEC',
  'PATHEXT',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
  'ProgramFiles',
] as const

/** What the person's ssh, proxy and credential helpers need beside that. */
const allowedNetworkNames = [
  'USER',
  'LOGNAME',
  'SSH_AUTH_SOCK',
  'SSH_AGENT_PID',
  'KRB5CCNAME',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'GNUPGHOME',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'http_proxy',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'no_proxy',
  'NO_PROXY',
] as const

export interface EnvironmentInput {
  readonly base: Environment
  readonly reach: GitReach
  readonly isWrite: boolean
  readonly config: readonly ConfigPair[]
  readonly entries: readonly ConfigEntry[]
}

/** The whole environment of one git process. */
export function buildGitEnvironment(input: EnvironmentInput): Record<string, string> {
  const env: Record<string, string> = {}
  const names = input.reach === 'network' ? [...allowedNames, ...allowedNetworkNames] : allowedNames
  for (const name of names) {
    const value = readVariable(input.base, name)
    if (value !== undefined) env[name] = value
  }
  Object.assign(env, {
    LANG: 'C.UTF-8',
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    SSH_ASKPASS_REQUIRE: 'never',
    GCM_INTERACTIVE: 'never',
    GIT_EDITOR: 'true',
    GIT_SEQUENCE_EDITOR: 'true',
    GIT_PAGER: 'cat',
    // The first core.gitProxy found wins, so config cannot overrule a repository's; an empty variable can.
    GIT_PROXY_COMMAND: '',
    GIT_SSH_COMMAND: input.reach === 'network' ? personalSshCommand(input) : 'false',
    GIT_ALLOW_PROTOCOL: allowedTransports(input.reach, input.entries),
    GIT_LITERAL_PATHSPECS: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_CONFIG_COUNT: String(input.config.length),
  })
  if (input.reach === 'local') env['GIT_NO_LAZY_FETCH'] = '1'
  if (!input.isWrite) env['GIT_OPTIONAL_LOCKS'] = '0'
  input.config.forEach(([name, value], index) => {
    env[`GIT_CONFIG_KEY_${index}`] = name
    env[`GIT_CONFIG_VALUE_${index}`] = value
  })
  return env
}

/** A copied Windows environment holds `Path`; names are compared there as Windows does. */
function readVariable(base: Environment, name: string): string | undefined {
  if (base[name] !== undefined || process.platform !== 'win32') return base[name]
  const key = Object.keys(base).find((candidate) => candidate.toUpperCase() === name.toUpperCase())
  return key === undefined ? undefined : base[key]
}

/** The person's ssh command, never the repository's; plain ssh is told not to ask for anything. */
function personalSshCommand(input: EnvironmentInput): string {
  const configured = input.entries.findLast(
    (entry) => entry.name === 'core.sshcommand' && !isRepositoryScope(entry.scope),
  )?.value
  const command = input.base['GIT_SSH_COMMAND'] || configured || 'ssh'
  const isPlainSsh = /^(?:\S*[/\\])?ssh(?:\.exe)?(?:\s|$)/.test(command)
  return isPlainSsh ? `${command} -o BatchMode=yes -o ConnectTimeout=5` : command
}
