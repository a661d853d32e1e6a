import { isRepositoryScope, type ConfigEntry } from './config-entries.ts'

export type ConfigPair = readonly [name: string, value: string]

/** `local` never leaves the machine; `network` may use the person's own ssh and credentials. */
export type GitReach = 'local' | 'network'

/**
 * Settings for every call, whatever the repository says. Each line closes a way by which a repository's config or
 * hooks run a program, hide a change, or bend output that we parse.
 */
const fixedConfig: readonly ConfigPair[] = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.pager', 'cat'],
  ['core.editor', 'true'],
  ['sequence.editor', 'true'],
  ['core.askPass', ''],
  ['core.alternateRefsCommand', 'true'],
  ['core.attributesFile', '/dev/null'],
  ['gpg.program', 'false'],
  ['gpg.ssh.defaultKeyCommand', 'false'],
  ['log.showSignature', 'false'],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
  ['push.gpgSign', 'false'],
  ['protocol.ext.allow', 'never'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['diff.external', ''],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['safe.bareRepository', 'explicit'],
  ['core.protectNTFS', 'true'],
  // A repository could otherwise make git overlook changed files, and a rescue would miss them.
  ['core.trustctime', 'true'],
  ['core.checkStat', 'default'],
  ['core.ignoreStat', 'false'],
  ['core.untrackedCache', 'false'],
  ['color.ui', 'false'],
  ['column.ui', 'never'],
  ['i18n.logOutputEncoding', 'UTF-8'],
  ['advice.detachedHead', 'false'],
]

const noCommand = 'false'
const plainMerge = 'git merge-file %A %O %B'

/** Programs that a config names per driver, remote or tool; the value given takes the place of the program. */
const namedPrograms: readonly { readonly pattern: RegExp; readonly value: string }[] = [
  { pattern: /^filter\.[^]*\.(?:clean|smudge|process)$/, value: '' },
  { pattern: /^filter\.[^]*\.required$/, value: 'false' },
  { pattern: /^merge\.[^]*\.driver$/, value: plainMerge },
  { pattern: /^diff\.[^]*\.(?:command|textconv)$/, value: noCommand },
  { pattern: /^trailer\.[^]*\.(?:command|cmd)$/, value: 'true' },
  { pattern: /^tar\.[^]*\.command$/, value: noCommand },
  { pattern: /^gpg\.[^]*\.program$/, value: noCommand },
  { pattern: /^pager\.[^]*$/, value: 'false' },
  { pattern: /^submodule\.[^]*\.update$/, value: 'none' },
]

/** Answered for a remote call when the repository itself sets them; the person's own settings stay. */
const repositoryNetworkSettings: readonly { readonly pattern: RegExp; readonly value: string }[] = [
  { pattern: /^remote\.[^]*\.vcs$/, value: '' },
  { pattern: /^http\.(?:[^]*\.)?sslverify$/, value: 'true' },
  { pattern: /^http\.(?:[^]*\.)?(?:sslcainfo|sslcapath|proxysslcainfo|sslcert|sslkey)$/, value: '' },
]

export interface HardeningInput {
  readonly entries: readonly ConfigEntry[]
  readonly reach: GitReach
  /** git-lfs is on the machine, so that its filters may run. */
  readonly isLfsInstalled: boolean
}

/**
 * All settings for one call, in the order git must see them. They go through GIT_CONFIG_KEY_n and not `-c`, which
 * cuts at the first "=": a driver named `a=b` would slip through.
 */
export function hardenConfig(input: HardeningInput): readonly ConfigPair[] {
  const isLfsTrusted = input.isLfsInstalled && areLfsFiltersPlain(input.entries)
  const named: ConfigPair[] = []
  for (const entry of input.entries) {
    if (isLfsTrusted && entry.name.startsWith('filter.lfs.')) continue
    const program = namedPrograms.find((candidate) => candidate.pattern.test(entry.name))
    if (program) named.push([entry.name, program.value])
  }
  return [...fixedConfig, ...dedupe(named), ...networkConfig(input)]
}

function networkConfig(input: HardeningInput): readonly ConfigPair[] {
  const reset: ConfigPair = ['credential.helper', '']
  if (input.reach === 'local') return [reset, ['core.sshCommand', noCommand]]
  const refused: ConfigPair[] = []
  const helpers: ConfigPair[] = []
  for (const entry of input.entries) {
    const isCredentialHelper = /^credential\.(?:[^]*\.)?helper$/.test(entry.name)
    if (!isRepositoryScope(entry.scope)) {
      if (isCredentialHelper) helpers.push([entry.name, entry.value])
      continue
    }
    const setting = repositoryNetworkSettings.find((candidate) => candidate.pattern.test(entry.name))
    if (setting) refused.push([entry.name, setting.value])
  }
  // An empty helper clears all that came before it, the repository's included; then the person's own follow.
  return [...dedupe(refused), reset, ...helpers]
}

/**
 * The transports git may use. `none` is no transport, so that a partial clone planted by an agent fetches nothing.
 * Of several `remote.<name>.uploadpack` git takes the first, which no later setting of ours can overrule: with one in
 * the repository, transports that run it (file, git, ssh) are closed.
 */
export function allowedTransports(reach: GitReach, entries: readonly ConfigEntry[]): string {
  if (reach === 'local') return 'none'
  const hasOwnPack = entries.some((entry) => isRepositoryScope(entry.scope) && packPrograms.test(entry.name))
  return hasOwnPack ? 'http:https' : 'file:git:http:https:ssh'
}

const packPrograms = /^remote\.[^]*\.(?:uploadpack|receivepack)$/

const lfsCommands: Readonly<Record<string, readonly string[]>> = {
  'filter.lfs.clean': ['git-lfs clean -- %f', 'git lfs clean -- %f'],
  'filter.lfs.smudge': ['git-lfs smudge -- %f', 'git lfs smudge -- %f', 'git-lfs smudge --skip -- %f'],
  'filter.lfs.process': ['git-lfs filter-process', 'git lfs filter-process', 'git-lfs filter-process --skip'],
  'filter.lfs.required': ['true', 'false'],
}

/** LFS runs programs of its own when the config says so; only the commands that `git lfs install` writes are let by. */
export function areLfsFiltersPlain(entries: readonly ConfigEntry[]): boolean {
  return entries.every((entry) => {
    if (entry.name.startsWith('filter.lfs.')) return lfsCommands[entry.name]?.includes(entry.value) ?? false
    return !/^lfs\.(?:[^]*\.)?(?:standalonetransferagent|customtransfer\.[^]*|extension\.[^]*|path)$/.test(entry.name)
  })
}

const refusedPrograms =
  /^(?:filter\.[^]*\.(?:smudge|process)|core\.sshcommand|credential\.(?:[^]*\.)?helper|remote\.[^]*\.(?:uploadpack|vcs))$/

/** What a repository asks for that its own calls will not do, for the note that the person reads. */
export function listRefusedPrograms(entries: readonly ConfigEntry[]): readonly string[] {
  const names = entries
    .filter((entry) => isRepositoryScope(entry.scope) && !entry.name.startsWith('filter.lfs.'))
    .map((entry) => entry.name)
    .filter((name) => refusedPrograms.test(name))
  return [...new Set(names)]
}

function dedupe(pairs: readonly ConfigPair[]): readonly ConfigPair[] {
  return [...new Map(pairs.map((pair) => [pair[0], pair])).values()]
}
