/**
 * How an agent takes over what an attempt before it had not committed: changed and new files lie below a folder of the ref's
 * tree, beside what git itself knew.
 */
export const rescuedWorkText = (ref: string): string =>
  `What the attempt before you had not committed is kept: \`git ls-tree -r --name-only ${ref}:folder\` lists the files, ` +
  `\`git checkout ${ref}:folder -- .\` brings them into your worktree, \`git log ${ref}\` shows its commits.`
