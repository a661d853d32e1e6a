type Environment = Readonly<Record<string, string>>

const names = (text: string): readonly string[] => text.trim().split(/\s+/)

/**
 * Names of variables a program needs to find its home, its language, its display and its tools. What is not named here,
 * by the agent's own list or by the person does not reach an agent: the environment of the app may hold anything.
 */
export const basePatterns = names(`
  PATH HOME USER LOGNAME SHELL LANG LANGUAGE LC_* TZ TMPDIR NO_COLOR
  XDG_* DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS SSH_AUTH_SOCK GNUPGHOME
  EDITOR VISUAL PAGER LESS LESSCHARSET LS_COLORS BROWSER
  HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY http_proxy https_proxy no_proxy all_proxy
  SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS REQUESTS_CA_BUNDLE CURL_CA_BUNDLE
  GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_SSH_COMMAND
  NVM_DIR NVM_BIN VOLTA_HOME FNM_* PNPM_HOME BUN_INSTALL DENO_* COREPACK_HOME NPM_CONFIG_*
  PYENV_* VIRTUAL_ENV CONDA_* UV_* PIPX_* RBENV_* GEM_HOME GEM_PATH ASDF_* MISE_*
  CARGO_HOME RUSTUP_HOME GOPATH GOROOT GOBIN GOPROXY JAVA_HOME SDKMAN_* GRADLE_* MAVEN_*
  ANDROID_* HOMEBREW_* NIX_* DOCKER_HOST DOCKER_CONFIG KUBECONFIG
  SystemRoot SystemDrive windir ComSpec PATHEXT TEMP TMP USERPROFILE USERNAME HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA
  ProgramData ProgramFiles ProgramFiles(x86) NUMBER_OF_PROCESSORS
`)

/**
 * Marks of the process the app itself was started from. They would tell a child that it belongs to another session, or
 * turn it into something else, so they reach nobody, whatever else is allowed.
 */
const neverPassed = names(`
  CLAUDECODE CLAUDE_PID CLAUDE_EFFORT CLAUDE_PROJECT_DIR CLAUDE_CODE_CHILD_SESSION CLAUDE_CODE_SESSION_ID
  CLAUDE_CODE_ENTRYPOINT CLAUDE_CODE_SSE_PORT CLAUDE_CODE_MESSAGING_*
  SWITCHYARD_SESSION SWITCHYARD_TERMINAL SWITCHYARD_TOKEN SWITCHYARD_GATEWAY_FILE SWITCHYARD_WORKTREE SWITCHYARD_ROOT
  SWITCHYARD_BRANCH SWITCHYARD_COMMAND SWITCHYARD_HOOKS_INDEX SWITCHYARD_TASK_* ELECTRON_* NODE_OPTIONS NODE_CHANNEL_FD NODE_UNIQUE_ID INIT_CWD npm_* VITEST*
  TERM* VTE_VERSION TMUX TMUX_PANE STY WINDOWID
`)

/** True when the name fits one of the patterns, where `*` stands for any characters. */
export const matchesPattern = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => {
    const [head = '', ...rest] = pattern.split('*')
    if (rest.length === 0) return name === pattern
    const tail = rest.at(-1) ?? ''
    return name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail)
  })

/** The environment of a child: what is allowed of the person's, then what the terminal and the session add. */
export const childEnvironment = (
  person: Environment,
  patterns: readonly string[],
  additions: Environment,
): Record<string, string> => {
  const allowed = Object.entries(person).filter(
    ([name]) => matchesPattern(name, [...basePatterns, ...patterns]) && !matchesPattern(name, neverPassed),
  )
  return { ...Object.fromEntries(allowed), ...terminalVariables, ...additions }
}

/** The same with the folder of the `switchyard` command before all others, so that no other program of the name is found. */
export const withCommand = (
  environment: Environment,
  commandFolder: string,
  delimiter: string,
): Record<string, string> => {
  // Windows says "Path", and takes every case for the same.
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  const others = (environment[name] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && folder !== commandFolder)
  return { ...environment, [name]: [commandFolder, ...others].join(delimiter) }
}

/**
 * The same with git looking for hooks in a folder of ours. Said by the environment and not by the repository's config,
 * which all its worktrees share: it ends with the session, and the person's own checkout never sees it.
 */
export const withGuardHooks = (environment: Environment, hooksFolder: string): Record<string, string> => {
  // The person may have settings of this kind; they keep their numbers.
  const index = /^\d+$/.exec(environment['GIT_CONFIG_COUNT'] ?? '')?.[0] ?? '0'
  return {
    ...environment,
    GIT_CONFIG_COUNT: String(Number(index) + 1),
    [`GIT_CONFIG_KEY_${Number(index)}`]: 'core.hooksPath',
    [`GIT_CONFIG_VALUE_${Number(index)}`]: hooksFolder,
    SWITCHYARD_HOOKS_INDEX: String(Number(index)),
  }
}

const terminalVariables: Environment = {
  TERM: 'xterm-256color',
  COLORTERM: 'truecolor',
  TERM_PROGRAM: 'Switchyard',
}
