import { expect, test } from 'vitest'
import { findConfigValue, parseConfigEntries, type ConfigEntry } from './config-entries.ts'
import { allowedTransports, areLfsFiltersPlain, hardenConfig, listRefusedPrograms } from './hardening.ts'

const entry = (name: string, value = 'evil', scope = 'local'): ConfigEntry => ({
  scope,
  origin: 'file:config',
  name,
  value,
})

const finalValue = (pairs: ReturnType<typeof hardenConfig>, name: string): string | undefined =>
  pairs.findLast((pair) => pair[0] === name)?.[1]

test('each program a configuration names is answered by its own name, however odd', () => {
  const names = [
    'filter.x.clean',
    'filter.a=b.smudge',
    'filter.with.dots.process',
    'filter.line\nfeed.clean',
    'merge.ours.driver',
    'diff.pdf.textconv',
    'diff.pdf.command',
    'trailer.sign.cmd',
    'tar.zip.command',
    'gpg.ssh.program',
    'pager.status',
    'submodule.lib.update',
  ]
  const pairs = hardenConfig({ entries: names.map((name) => entry(name)), reach: 'local', isLfsInstalled: false })
  for (const name of names) expect(finalValue(pairs, name), name).not.toBe('evil')
  for (const name of names) expect(finalValue(pairs, name), name).toBeDefined()
  expect(finalValue(pairs, 'merge.ours.driver')).toBe('git merge-file %A %O %B')
})

test('a local call knows no credentials and no ssh, whoever set them', () => {
  const entries = [entry('credential.helper', 'store', 'global'), entry('credential.https://x.helper')]
  const pairs = hardenConfig({ entries, reach: 'local', isLfsInstalled: false })
  expect(pairs.filter(([name]) => name.startsWith('credential'))).toEqual([['credential.helper', '']])
  expect(finalValue(pairs, 'core.sshCommand')).toBe('false')
})

test('a network call keeps the credential helpers of the person in order and drops those of the repository', () => {
  const entries = [
    entry('credential.helper', 'cache', 'system'),
    entry('credential.https://work.helper', 'work', 'global'),
    entry('credential.helper', 'planted'),
    entry('credential.https://work.helper', 'planted', 'worktree'),
    entry('http.sslverify', 'false'),
    entry('http.https://x.sslcainfo', '/tmp/ca'),
    entry('http.sslverify', 'false', 'global'),
  ]
  const pairs = hardenConfig({ entries, reach: 'network', isLfsInstalled: false })
  expect(pairs.slice(-3)).toEqual([
    ['credential.helper', ''],
    ['credential.helper', 'cache'],
    ['credential.https://work.helper', 'work'],
  ])
  expect(finalValue(pairs, 'http.sslverify')).toBe('true')
  expect(finalValue(pairs, 'http.https://x.sslcainfo')).toBe('')
})

const lfs = [
  entry('filter.lfs.clean', 'git-lfs clean -- %f', 'global'),
  entry('filter.lfs.smudge', 'git-lfs smudge -- %f', 'global'),
  entry('filter.lfs.process', 'git-lfs filter-process', 'global'),
  entry('filter.lfs.required', 'true', 'global'),
]

test('LFS filters run as git lfs install wrote them, and only where LFS is', () => {
  const isKept = (entries: readonly ConfigEntry[], isLfsInstalled: boolean): boolean =>
    finalValue(hardenConfig({ entries, reach: 'local', isLfsInstalled }), 'filter.lfs.smudge') === undefined
  expect(isKept(lfs, true)).toBe(true)
  expect(isKept(lfs, false)).toBe(false)
  expect(isKept([...lfs, entry('filter.lfs.clean', 'git-lfs clean -- %f; touch /tmp/x')], true)).toBe(false)
  expect(isKept([...lfs, entry('filter.lfs.other', 'x')], true)).toBe(false)
})

test.each([
  'lfs.customtransfer.x.path',
  'lfs.standalonetransferagent',
  'lfs.https://h.standalonetransferagent',
  'lfs.extension.x.clean',
])('LFS is not trusted where %s names a program', (name) => {
  expect(areLfsFiltersPlain(lfs)).toBe(true)
  expect(areLfsFiltersPlain([...lfs, entry(name)])).toBe(false)
})

test('the person is told which programs of the repository are not run', () => {
  const entries = [
    entry('filter.crypt.smudge'),
    entry('filter.crypt.clean'),
    entry('filter.lfs.smudge'),
    entry('core.sshcommand'),
    entry('filter.mine.smudge', 'x', 'global'),
  ]
  expect(listRefusedPrograms(entries)).toEqual(['filter.crypt.smudge', 'core.sshcommand'])
})

test('configuration lists parse with odd names, empty and missing values', () => {
  const output = 'local\0file:.git/config\0a.b\nv\nw\0global\0file:/h\0c.D=e\nf.g\n\0local\0file:x\0flag.on\0'
  expect(parseConfigEntries(output)).toEqual([
    { scope: 'local', origin: 'file:.git/config', name: 'a.b', value: 'v\nw' },
    { scope: 'global', origin: 'file:/h', name: 'c.D=e', value: 'f.g\n' },
    { scope: 'local', origin: 'file:x', name: 'flag.on', value: 'true' },
  ])
  expect(findConfigValue(parseConfigEntries(output), 'a.b')).toBe('v\nw')
  expect(findConfigValue([], 'a.b')).toBeNull()
})

test('a pack program of the repository closes the transports that would run it', () => {
  expect(allowedTransports('network', [entry('remote.origin.uploadpack', 'x', 'global')])).toContain('ssh')
  expect(allowedTransports('network', [entry('remote.a.b.uploadpack')])).toBe('http:https')
  expect(allowedTransports('local', [])).toBe('none')
})
