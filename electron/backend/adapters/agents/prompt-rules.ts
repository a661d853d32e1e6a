import type { InputPlace } from '../../../../shared/pty-protocol/terminals.ts'

/** Whether a program waits at its own prompt with nothing typed into it, as far as its screen tells. */
export type PromptTest = (place: InputPlace) => boolean

/** The demo agent: its prompt is the last line, `› `. A question it asks has no prompt. */
export const isDemoPromptEmpty: PromptTest = (place) =>
  isEmptyAfter(place, '› ') && place.rows.slice(place.cursorRow + 1).every((row) => row.trim() === '')

/**
 * Codex 0.169: `› ` and a faint hint, with its footer beneath, behind a blank row. A choice of one of its dialogs is `› 1. …`;
 * where a row follows at once, it is the second line of what somebody types.
 */
export const isCodexPromptEmpty: PromptTest = (place) =>
  isEmptyAfter(place, '› ') && (place.rows[place.cursorRow + 1] ?? '').trim() === ''

const geminiHint = 'Type your message or @path/to/file'

/** Gemini CLI 0.61: ` > ` between two bars, with a hint that is not written faintly. */
export const isGeminiPromptEmpty: PromptTest = (place) =>
  isEmptyAfter({ ...place, after: place.after.trim() === geminiHint ? '' : place.after }, ' > ') &&
  /^▄+$/.test(place.rows[place.cursorRow - 1] ?? '') &&
  /^▀+$/.test(place.rows[place.cursorRow + 1] ?? '')

const isEmptyAfter = ({ before, after }: Pick<InputPlace, 'before' | 'after'>, sign: string) =>
  before === sign && after.trim() === ''
