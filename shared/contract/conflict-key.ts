import type { MergeConflict } from './merge.ts'

/** Two conflicts with one key are the same: the same path, with the same versions on all sides. */
export const conflictKey = ({ rawPath, stages }: Pick<MergeConflict, 'rawPath' | 'stages'>): string =>
  [rawPath, ...[stages[1], stages[2], stages[3]].map((one) => (one === null ? '-' : `${one.mode} ${one.oid}`))].join(
    '\n',
  )
