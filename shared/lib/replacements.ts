/** Lines that stand in the place of others: where in the old and in the new text, counted from 0, and how many. */
export interface Replacement {
  readonly oldAt: number
  readonly oldLines: number
  readonly newAt: number
  readonly newLines: number
  /** Which hunk of the patch it is in, from 0. */
  readonly hunk: number
}

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/

/** What a patch of one file replaces. Of a file without lines before a change git gives the number of the line before it. */
export const replacementsOf = (patch: string): readonly Replacement[] => {
  const replacements: Replacement[] = []
  let [oldAt, newAt] = [0, 0]
  let open: { oldAt: number; newAt: number } | null = null
  const close = (): void => {
    if (open) replacements.push({ ...open, oldLines: oldAt - open.oldAt, newLines: newAt - open.newAt, hunk })
    open = null
  }
  let isInHunk = false
  let hunk = -1
  // Every line of content has a sign before it, so no file can pass for a header.
  for (const line of patch.split('\n')) {
    const header = hunkHeader.exec(line)
    if (header) {
      close()
      hunk += 1
      const [, oldStart = '', oldCount = '1', newStart = '', newCount = '1'] = header
      oldAt = Number(oldStart) - (oldCount === '0' ? 0 : 1)
      newAt = Number(newStart) - (newCount === '0' ? 0 : 1)
      isInHunk = true
      continue
    }
    const sign = isInHunk ? line.charAt(0) : ''
    if (sign === '-' || sign === '+') {
      open ??= { oldAt, newAt }
      if (sign === '-') oldAt += 1
      else newAt += 1
    } else if (sign === ' ') {
      close()
      oldAt += 1
      newAt += 1
    } else if (sign !== '\\') isInHunk = false
  }
  close()
  return replacements
}
