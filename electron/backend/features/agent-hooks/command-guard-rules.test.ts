import { describe, expect, it } from 'vitest'
import { judgeCommand } from './command-guard-rules.ts'
import type { Places } from './places-rules.ts'

const own = { path: '/trees/mine', branch: 'switchyard/mine', owner: 'you' }
const other = { path: '/trees/other', branch: 'switchyard/other', owner: 'the session “Other”' }
const root = { path: '/repo', branch: 'main', owner: 'the person' }
const places: Places = { own, others: [other, root], home: '/home/ada', ignoresCase: false }
const variables = new Map([['SWITCHYARD_ROOT', '/repo']])
const judge = (command: string, given: Places = places, cwd = given.own.path) =>
  judgeCommand(command, { cwd, places: given, variables })

describe('a command that harms another session', () => {
  it.each([
    'git worktree remove ../other',
    'git worktree remove --force /trees/other',
    'git -C /repo worktree remove /trees/other',
    'git worktree remove other',
    'git worktree remove .',
    'git worktree move ../other /tmp/x',
    'cd /repo && git worktree remove -f ../trees/other',
    'git branch -D switchyard/other',
    'git branch --delete --force feature switchyard/other',
    'git branch -M switchyard/other mine',
    'git branch -f switchyard/other HEAD',
    'git branch -D main',
    'git update-ref -d refs/heads/switchyard/other',
    'git update-ref refs/heads/switchyard/other HEAD',
    'git update-ref -d refs/switchyard/rescue/x',
    'git stash clear',
    'git reflog expire --expire=now --all && git gc --prune=now',
    'git gc --prune=now',
  ])('by git is refused: %s', (command) => {
    expect(judge(command)).toMatch(/\/trees\/mine/)
  })

  it.each([
    'git push --force',
    'git push -f origin',
    'git push -uf origin main',
    'git push --force origin main',
    'git push --force-with-lease origin switchyard/other',
    'git push origin +main',
    'git push origin :switchyard/other',
    'git push origin --delete main',
    'git push -d origin switchyard/other',
    'git push origin +HEAD:main',
    'git push --mirror',
    'git push --force-with-lease --all',
  ])('by a push is refused: %s', (command) => {
    expect(judge(command)).not.toBeNull()
  })

  it.each([
    'git -C ../other reset --hard',
    'git -C /repo checkout main',
    'cd ../other && git commit -am x',
    'cd /trees && cd other && git clean -fdx',
    'git --work-tree=/trees/other checkout .',
    '(cd ../other; git stash)',
  ])('by working in its worktree is refused: %s', (command) => {
    expect(judge(command)).toContain('would work in the worktree of')
  })

  it.each([
    'rm -rf ../other',
    'rm -rf /trees/other/src',
    'rm -rf ../*',
    'rm -rf /trees',
    'rm -rf ~/../../trees/other',
    'rm -rf "$SWITCHYARD_ROOT/src"',
    'rm -rf -- ../other',
    'rmdir ../other/empty',
    'mv ../other /tmp/x',
    'mv ../other/a.ts .',
    'mv a.ts ../other/',
    'cp a.ts /repo/a.ts',
    'echo x > ../other/a.ts',
    'cat a >> /repo/README.md',
    'echo x | tee -a ../other/a.ts',
    "sed -i 's/a/b/' ../other/a.ts",
    'find /trees -name x -delete',
    'find ../other -type f -exec rm {} +',
    'truncate -s 0 ../other/a',
  ])('by its files is refused: %s', (command) => {
    expect(judge(command)).toMatch(/the (session “Other”|person)/)
  })

  it.each([
    'sudo rm -rf ../other',
    'env A=1 timeout 5 nice -n 3 rm -rf ../other',
    'timeout -s KILL 5s rm -rf ../other',
    `bash -c 'rm -rf ../other'`,
    `sh -ec "cd ..; rm -rf other"`,
    'eval "rm -rf ../other"',
    '/bin/rm -rf ../other',
    'D=../other; rm -rf $D',
    'echo $(rm -rf ../other)',
    'true && if true; then rm -rf ../other; fi',
    'A=1 rm -rf ../other',
  ])('is found behind what runs it: %s', (command) => {
    expect(judge(command)).toContain('the session “Other”')
  })

  it('is refused with whose it is and what to do instead', () => {
    expect(judge('rm -rf ../other')).toBe(
      '`rm` of ../other would delete from the worktree of the session “Other” (/trees/other). Stay in your own worktree (/trees/mine). If it has to be done, ask its owner (mail_send) or the person (ask_human).',
    )
    expect(judge('git push -f')).toContain('git push --force-with-lease REMOTE switchyard/mine')
  })
})

describe('a command that harms nobody', () => {
  it.each([
    'git status',
    'git push',
    'git push -u origin HEAD',
    'git push --force-with-lease',
    'git push --force-with-lease origin switchyard/mine',
    'git push -f origin switchyard/mine',
    'git push --force origin HEAD',
    'git push origin main',
    'git branch -D my-experiment',
    'git branch switchyard/other-too',
    'git branch --format="%(refname)" --list switchyard/other',
    'git worktree list',
    'git worktree add ../helper -b helper',
    'git worktree remove ../helper',
    'git worktree prune',
    'git -C ../other log --oneline',
    'git -C ../other diff main',
    'git diff switchyard/other',
    'git merge switchyard/other',
    'git show refs/switchyard/rescue/x',
    'git stash && git stash pop',
    'git gc',
    'git reset --hard origin/main',
    'git clean -fdx',
  ])('by git passes: %s', (command) => {
    expect(judge(command)).toBeNull()
  })

  it.each([
    'rm -rf node_modules dist',
    'rm -rf ./*',
    'rm -rf /tmp/build',
    'cat ../other/a.ts',
    'cp ../other/a.ts .',
    'diff -r ../other/src src',
    'sed s/a/b/ ../other/a.ts',
    'find ../other -name "*.ts"',
    'echo "rm -rf ../other"',
    'git commit -m "never git push --force; rm -rf ../other"',
    `cat > notes.md <<'EOF'\nrm -rf ../other\nEOF`,
    'rm -rf "$UNKNOWN/other"',
    'rm -rf $(mktemp -d)',
    'cd "$(git rev-parse --show-toplevel)" && rm -rf dist',
    '(cd ../other && ls); rm -rf dist',
    'npm test > /tmp/out.txt 2>&1',
    'ls ../other',
    'rm',
    '',
  ])('passes: %j', (command) => {
    expect(judge(command)).toBeNull()
  })

  it('is no longer judged where nobody can know its folder', () => {
    expect(judge('cd $SOMEWHERE && rm -rf ../other')).toBeNull()
    expect(judge('cd $SOMEWHERE && rm -rf /trees/other')).not.toBeNull()
  })
})

describe('the folders', () => {
  it('may lie in each other: the deepest one counts', () => {
    const nested = { ...own, path: '/repo/.worktrees/mine' }
    const given: Places = {
      ...places,
      own: nested,
      others: [root, { ...other, path: '/repo/.worktrees/mine/sub/other' }],
    }
    expect(judge('rm -rf src', given)).toBeNull()
    expect(judge('rm -rf ../../src', given)).not.toBeNull()
    expect(judge('rm -rf sub', given)).not.toBeNull()
  })

  it('of a session that works in the checkout itself leave it its checkout', () => {
    const given: Places = { ...places, own: root, others: [other] }
    expect(judge('git reset --hard && rm -rf src', given)).toBeNull()
    expect(judge('rm -rf /trees/other', given)).not.toBeNull()
  })

  it('are compared as the file system does', () => {
    expect(judge('rm -rf ../OTHER')).toBeNull()
    expect(judge('rm -rf ../OTHER', { ...places, ignoresCase: true })).not.toBeNull()
  })

  it('may be those of Windows', () => {
    const given: Places = {
      own: { ...own, path: 'C:/trees/mine' },
      others: [{ ...other, path: 'C:/trees/other' }],
      home: 'C:/Users/ada',
      ignoresCase: true,
    }
    expect(judge('rm -rf ../Other', given)).not.toBeNull()
    expect(judge(`rm -rf 'C:\\trees\\other'`, given)).not.toBeNull()
    expect(judge('rm -rf D:/trees/other', given)).toBeNull()
  })
})
