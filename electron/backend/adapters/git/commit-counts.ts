import { textOf, type Git } from './run-git.ts'

/** Commits that one has and the other has not, and the other way round. */
export async function countBetween(
  git: Git,
  cwd: string,
  own: string,
  other: string,
): Promise<{ readonly ahead: number; readonly behind: number }> {
  const args = ['rev-list', '--left-right', '--count', '--end-of-options', `${own}...${other}`, '--']
  const [ahead = '0', behind = '0'] = textOf(await git.run({ cwd, args, access: 'read' })).split('\t')
  return { ahead: Number(ahead), behind: Number(behind) }
}
