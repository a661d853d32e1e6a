import type { CodeViewOptions } from '@pierre/diffs'
import { diffTheme } from './diff-theme.ts'
import type { ReviewPrefs } from './review-prefs.ts'

export const headerHeight = 36
const separatorHeight = 28

/** So much taller than its letters is a line, as in the terminals. */
const lineHeightOf = (fontSize: number) => fontSize + 8

/**
 * The colours of the library's own rows, in terms of ours. It mixes its backgrounds from two colours; ours are made for
 * contrast and are taken as they are. With both versions in one column of code a line has a number in each of them: the old
 * one stands left of the new. A note stands in a file of one line, and that line has no height.
 */
const rowStyle = `
[data-line-type=change-addition] { --diffs-computed-diff-line-bg: var(--diff-add); }
[data-line-type=change-deletion] { --diffs-computed-diff-line-bg: var(--diff-del); }
[data-line-type=change-addition][data-column-number], [data-line-type=change-addition][data-gutter-buffer] {
  --diffs-computed-diff-line-bg: var(--diff-add-gutter); color: var(--text-2); }
[data-line-type=change-deletion][data-column-number], [data-line-type=change-deletion][data-gutter-buffer] {
  --diffs-computed-diff-line-bg: var(--diff-del-gutter); color: var(--text-2); }
[data-column-number] { color: var(--text-3); }
[data-unified] [data-column-number] { display: grid; grid-template-columns: repeat(2, minmax(4ch, 1fr)); column-gap: 2ch; }
[data-unified] [data-line-number-content] { grid-area: 1 / 2; }
[data-unified] [data-line-type=change-deletion] [data-line-number-content] { grid-area: 1 / 1; }
[data-unified] [data-old-number]::after { content: attr(data-old-number); grid-area: 1 / 1; }
[data-diff-span] { border-radius: 2px; }
[data-line][data-selected-line], [data-column-number][data-selected-line] {
  --diffs-computed-selected-line-bg: var(--diffs-computed-diff-line-bg); }
[data-column-number][data-selected-line] { box-shadow: inset 2px 0 0 var(--accent); color: var(--text-1); }
[data-separator=line-info-basic] { height: ${separatorHeight}px; background: var(--diff-hunk); }
[data-separator-wrapper] { background: none; color: var(--text-3); font-size: 12px; }
[data-expand-button], [data-separator-content] { background: none; color: var(--text-3); }
[data-expand-button] { border-right-color: transparent !important; border-block-color: transparent !important; }
[data-expand-button]:hover, [data-expand-index] [data-separator-content]:hover { color: var(--text-1); text-decoration: none; }
[data-line-annotation], [data-gutter-buffer=annotation] { --diffs-annotation-bg: var(--surface-1); }
[data-gutter-utility-slot] { z-index: 4; }
[data-line-annotation][data-selected-line], [data-gutter-buffer=annotation][data-selected-line] {
  --diffs-computed-selected-line-bg: var(--surface-1); --diffs-line-bg: var(--surface-1); }
[data-no-newline] span { opacity: 1; color: var(--text-3); }
[data-file] { --diffs-gap-block: 0px; }
[data-file] [data-line], [data-file] [data-column-number], [data-file] [data-gutter] { display: none; }
[data-file] [data-line-annotation] { background: none; grid-column: 1 / -1; }
[data-file] { --diffs-code-grid: 0px 1fr; }
`

export const diffOptions = (
  { style, isWrapped }: ReviewPrefs,
  { fontSize, isLight, hasNotes }: { readonly fontSize: number; readonly isLight: boolean; readonly hasNotes: boolean },
): CodeViewOptions<undefined, undefined> => ({
  theme: diffTheme,
  themeType: isLight ? 'light' : 'dark',
  diffStyle: style,
  overflow: isWrapped ? 'wrap' : 'scroll',
  diffIndicators: 'classic',
  hunkSeparators: 'line-info-basic',
  lineHoverHighlight: 'disabled',
  // Lines are chosen to say something of them.
  enableLineSelection: hasNotes,
  enableGutterUtility: hasNotes,
  expansionLineCount: 20,
  stickyHeaders: true,
  unsafeCSS: rowStyle,
  itemMetrics: {
    lineHeight: lineHeightOf(fontSize),
    diffHeaderHeight: headerHeight,
    hunkSeparatorHeight: separatorHeight,
    spacing: 8,
    paddingBottom: 12,
  },
  layout: { paddingTop: 0, paddingBottom: 24, gap: 0 },
})

/** What the size of the letters makes of the variables that the library reads. */
export const diffSizes = (fontSize: number): Readonly<Record<string, string>> => ({
  '--diffs-font-size': `${fontSize}px`,
  '--diffs-line-height': `${lineHeightOf(fontSize)}px`,
})
