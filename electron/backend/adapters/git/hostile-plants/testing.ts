import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Stage } from '../hostile-stage/testing.ts'

export interface Plant {
  readonly name: string
  readonly place: (stage: Stage) => Promise<unknown>
  /** False where plain git of this machine's version does not fall for it in the control commands. */
  readonly worksOnPlainGit: boolean
}

/** Sets configuration of the repository that all worktrees share; `{evil}`, `{quiet}` and `{url}` stand for the stage's own. */
function set(...settings: readonly (readonly [key: string, value: string])[]): Plant['place'] {
  return async (stage) => {
    for (const [key, value] of settings)
      await stage.lab.plain(stage.repo, 'config', '--replace-all', fill(stage, key), fill(stage, value))
  }
}

function fill(stage: Stage, text: string): string {
  return text.replaceAll('{evil}', stage.evil).replaceAll('{quiet}', stage.quiet).replaceAll('{url}', stage.lockedUrl)
}

function hook(...names: readonly string[]): Plant['place'] {
  return async ({ repo, evil }) => {
    for (const name of names) await cp(evil, join(repo, '.git', 'hooks', name))
  }
}

function all(...places: readonly Plant['place'][]): Plant['place'] {
  return async (stage) => {
    for (const place of places) await place(stage)
  }
}

const file =
  (path: string, text: string): Plant['place'] =>
  (stage) =>
    stage.lab.write(join(stage.repo, path), fill(stage, text))

const extUrl = 'ext::{quiet} %S'

export const plants: readonly Plant[] = [
  { name: 'fsmonitor', place: set(['core.fsmonitor', '{quiet}']), worksOnPlainGit: true },
  { name: 'post-checkout hook', place: hook('post-checkout'), worksOnPlainGit: true },
  { name: 'reference-transaction hook', place: hook('reference-transaction'), worksOnPlainGit: true },
  { name: 'post-index-change hook', place: hook('post-index-change'), worksOnPlainGit: true },
  { name: 'commit hooks', place: hook('pre-commit', 'commit-msg', 'post-commit'), worksOnPlainGit: true },
  {
    name: 'pre-auto-gc hook',
    place: all(hook('pre-auto-gc'), set(['gc.autoPackLimit', '1']), makePacks),
    worksOnPlainGit: true,
  },
  {
    name: 'hooksPath',
    place: async (stage) => {
      for (const name of ['post-checkout', 'post-index-change', 'reference-transaction', 'post-merge']) {
        await stage.lab.write(join(stage.repo, '.git/evil-hooks', name), await readFile(stage.evil), 0o755)
      }
      await set(['core.hooksPath', join(stage.repo, '.git/evil-hooks')])(stage)
    },
    worksOnPlainGit: true,
  },
  { name: 'pager', place: set(['core.pager', '{quiet}']), worksOnPlainGit: true },
  {
    name: 'pager of one command',
    place: set(['pager.status', '{quiet}'], ['pager.log', '{quiet}']),
    worksOnPlainGit: true,
  },
  { name: 'editor', place: set(['core.editor', '{quiet}']), worksOnPlainGit: true },
  { name: 'sequence editor', place: set(['sequence.editor', '{quiet}']), worksOnPlainGit: true },
  {
    name: 'ssh command',
    place: set(['core.sshCommand', '{quiet}'], ['remote.origin.url', 'ssh://127.0.0.1/none.git']),
    worksOnPlainGit: true,
  },
  { name: 'askpass', place: set(['core.askPass', '{quiet}'], ['remote.origin.url', '{url}']), worksOnPlainGit: true },
  {
    name: 'credential helper',
    place: set(['credential.helper', '!{quiet}'], ['remote.origin.url', '{url}']),
    worksOnPlainGit: true,
  },
  {
    name: 'credential helper of one host',
    place: set(['credential.{url}.helper', '!{quiet}'], ['remote.origin.url', '{url}']),
    worksOnPlainGit: true,
  },
  { name: 'gpg program', place: set(['gpg.program', '{evil}'], ['commit.gpgSign', 'true']), worksOnPlainGit: true },
  {
    name: 'gpg program for ssh keys',
    place: set(
      ['gpg.ssh.program', '{evil}'],
      ['gpg.format', 'ssh'],
      ['user.signingKey', 'key::ssh-ed25519 AAAA'],
      ['commit.gpgSign', 'true'],
    ),
    worksOnPlainGit: true,
  },
  {
    name: 'default key command',
    place: set(['gpg.ssh.defaultKeyCommand', '{evil}'], ['gpg.format', 'ssh'], ['commit.gpgSign', 'true']),
    worksOnPlainGit: true,
  },
  {
    name: 'signature shown in logs',
    place: all(set(['log.showSignature', 'true'], ['gpg.program', '{evil}']), signedCommit),
    worksOnPlainGit: true,
  },
  { name: 'textconv', place: set(['diff.plant.textconv', '{evil}']), worksOnPlainGit: true },
  { name: 'external diff', place: set(['diff.external', '{evil}']), worksOnPlainGit: true },
  { name: 'diff command of a driver', place: set(['diff.plant.command', '{evil}']), worksOnPlainGit: true },
  { name: 'filter clean', place: set(['filter.plant.clean', '{evil}']), worksOnPlainGit: true },
  { name: 'filter smudge', place: set(['filter.plant.smudge', '{evil}']), worksOnPlainGit: true },
  { name: 'filter process', place: set(['filter.plant.process', '{evil}']), worksOnPlainGit: true },
  {
    name: 'required filter with = in its name',
    place: all(
      set(['filter.a=b.clean', '{evil}'], ['filter.a=b.smudge', '{evil}'], ['filter.a=b.required', 'true']),
      file('.git/info/attributes', '*.dat filter=a=b\n'),
    ),
    worksOnPlainGit: true,
  },
  {
    name: 'filter in upper case with dots',
    place: all(
      set(['FILTER.A.B.Clean', '{evil}'], ['Filter.A.B.SMUDGE', '{evil}']),
      file('.git/info/attributes', '*.dat filter=A.B\n'),
    ),
    worksOnPlainGit: true,
  },
  {
    name: 'filter named lfs',
    place: all(
      set(['filter.lfs.clean', '{evil}'], ['filter.lfs.smudge', '{evil}'], ['filter.lfs.process', '{evil}']),
      file('.git/info/attributes', '*.dat filter=lfs\n'),
    ),
    worksOnPlainGit: true,
  },
  {
    name: 'attributes file',
    place: all(
      set(['filter.other.clean', '{evil}'], ['filter.other.smudge', '{evil}']),
      (stage) => set(['core.attributesFile', join(stage.repo, '.git/planted-attributes')])(stage),
      file('.git/planted-attributes', '* filter=other\n'),
    ),
    worksOnPlainGit: true,
  },
  { name: 'merge driver', place: set(['merge.plant.driver', '{evil}']), worksOnPlainGit: true },
  {
    name: 'ext protocol',
    place: set(['protocol.ext.allow', 'always'], ['remote.origin.url', extUrl]),
    worksOnPlainGit: true,
  },
  {
    name: 'ext protocol by insteadOf',
    place: set(
      ['protocol.allow', 'always'],
      [`url.${extUrl} .insteadOf`, 'https:'],
      ['remote.origin.url', 'https://a/b'],
    ),
    worksOnPlainGit: true,
  },
  {
    name: 'remote vcs',
    place: set(['protocol.ext.allow', 'always'], ['remote.origin.vcs', 'ext'], ['remote.origin.url', '{quiet} %S']),
    worksOnPlainGit: true,
  },
  { name: 'upload-pack of the remote', place: set(['remote.origin.uploadpack', '{quiet}']), worksOnPlainGit: true },
  {
    name: 'git proxy',
    place: set(['core.gitProxy', '{quiet}'], ['remote.origin.url', 'git://127.0.0.1/none.git']),
    worksOnPlainGit: true,
  },
  {
    name: 'alternate refs command',
    place: all(set(['core.alternateRefsCommand', '{evil}']), (stage) =>
      stage.lab.write(join(stage.repo, '.git/objects/info/alternates'), `${stage.origin}/.git/objects\n`),
    ),
    worksOnPlainGit: true,
  },
  {
    name: 'partial clone that fetches what is missing',
    place: all(
      set(
        ['core.repositoryFormatVersion', '1'],
        ['extensions.partialClone', 'origin'],
        ['remote.origin.promisor', 'true'],
        ['protocol.ext.allow', 'always'],
        ['remote.origin.url', extUrl],
      ),
      loseBlob,
    ),
    worksOnPlainGit: true,
  },
  {
    name: 'partial clone with an upload-pack of its own',
    place: all(
      set(
        ['core.repositoryFormatVersion', '1'],
        ['extensions.partialClone', 'origin'],
        ['remote.origin.promisor', 'true'],
        ['remote.origin.uploadpack', '{quiet}'],
      ),
      loseBlob,
    ),
    worksOnPlainGit: true,
  },
  {
    name: 'submodule update command',
    place: all(addSubmodule, set(['submodule.vendor.update', '!{quiet}'])),
    worksOnPlainGit: true,
  },
  {
    name: 'fsmonitor inside a submodule',
    place: all(addSubmodule, (stage) =>
      stage.lab.plain(join(stage.tree, 'vendor'), 'config', 'core.fsmonitor', stage.quiet),
    ),
    worksOnPlainGit: true,
  },
  {
    name: 'filter inside a submodule',
    place: all(addSubmodule, async (stage) => {
      const vendor = join(stage.tree, 'vendor')
      await stage.lab.plain(vendor, 'config', 'filter.plant.clean', stage.evil)
      await stage.lab.write(join(vendor, 'two.dat'), 'dirty\n')
    }),
    worksOnPlainGit: true,
  },
  { name: 'alias', place: set(['alias.st', '!{evil}'], ['alias.status', '!{evil}']), worksOnPlainGit: true },
  { name: 'trailer command', place: set(['trailer.plant.command', '{evil}']), worksOnPlainGit: true },
  { name: 'archive command', place: set(['tar.plant.command', '{evil}']), worksOnPlainGit: true },
  {
    name: 'included file',
    place: all(set(['include.path', 'planted.inc']), file('.git/planted.inc', '[core]\n\tfsmonitor = {quiet}\n')),
    worksOnPlainGit: true,
  },
  {
    name: 'file included on our branches only',
    place: all(
      set(['includeIf.onbranch:switchyard/**.path', 'planted.inc']),
      file('.git/planted.inc', '[filter "plant"]\n\tsmudge = {evil}\n\tclean = {evil}\n'),
    ),
    worksOnPlainGit: true,
  },
  {
    name: 'file included in linked worktrees only',
    place: all(
      set(['includeIf.gitdir:**/worktrees/**.path', 'planted.inc']),
      file(
        '.git/planted.inc',
        '[filter "plant"]\n\tsmudge = {evil}\n\tclean = {evil}\n[core]\n\tfsmonitor = {quiet}\n',
      ),
    ),
    worksOnPlainGit: true,
  },
  {
    name: 'configuration of one worktree',
    place: all(set(['extensions.worktreeConfig', 'true']), (stage) =>
      stage.lab.plain(stage.tree, 'config', '--worktree', 'core.fsmonitor', stage.quiet),
    ),
    worksOnPlainGit: true,
  },
  {
    name: 'bare repository among the files',
    place: async (stage) => {
      const bare = join(stage.tree, 'docs')
      await stage.lab.plain(stage.tree, 'init', '--quiet', '--bare', bare)
      await stage.lab.plain(bare, 'config', 'core.bare', 'false')
      await stage.lab.plain(bare, 'config', 'core.worktree', stage.tree)
      await stage.lab.plain(bare, 'config', 'core.fsmonitor', stage.quiet)
    },
    worksOnPlainGit: true,
  },
  {
    name: 'worktree whose .git points to a planted repository',
    place: async (stage) => {
      const planted = join(stage.repo, '.git', 'planted')
      await cp(join(stage.origin, '.git'), planted, { recursive: true })
      await writeFile(join(planted, 'config'), `[core]\n\tbare = false\n\tfsmonitor = ${stage.quiet}\n`)
      await rm(join(stage.tree, '.git'))
      await writeFile(join(stage.tree, '.git'), `gitdir: ${planted}\n`)
    },
    worksOnPlainGit: true,
  },
]

/** A commit with a signature that some program must be asked about. */
async function signedCommit({ lab, tree }: Stage): Promise<void> {
  const text = await lab.plain(tree, 'cat-file', 'commit', 'HEAD')
  const signature = 'gpgsig -----BEGIN PGP SIGNATURE-----\n \n AAAA\n -----END PGP SIGNATURE-----'
  const path = join(tree, '..', 'signed')
  await lab.write(path, `${text.replace('\n\n', `\n${signature}\n\n`)}\n`)
  const sha = await lab.plain(tree, 'hash-object', '-t', 'commit', '-w', path)
  await lab.plain(tree, 'update-ref', 'refs/heads/work', sha)
}

async function makePacks({ lab, repo }: Stage): Promise<void> {
  for (const message of ['one', 'two', 'three']) {
    await lab.plain(repo, 'repack', '-dq')
    await lab.commitAll(repo, message)
  }
  await lab.plain(repo, 'repack', '-dq')
}

/** Takes away one blob of the commit, as a partial clone lacks it. */
async function loseBlob({ lab, repo }: Stage): Promise<void> {
  const oid = await lab.plain(repo, 'rev-parse', 'HEAD:one.dat')
  await rm(join(repo, '.git/objects', oid.slice(0, 2), oid.slice(2)), { force: true })
}

async function addSubmodule({ lab, origin, tree, repo }: Stage): Promise<void> {
  const allow = ['-c', 'protocol.file.allow=always']
  await lab.plain(tree, ...allow, 'submodule', '--quiet', 'add', origin, 'vendor')
  await lab.plain(tree, 'commit', '--quiet', '-m', 'submodule')
  await lab.plain(repo, 'config', 'protocol.file.allow', 'always')
}
