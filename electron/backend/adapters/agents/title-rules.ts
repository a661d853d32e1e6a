/** What a terminal's title says of the program's state; null when it says nothing. */
export type TitleReading = { readonly kind: 'working' | 'waiting' | 'idle'; readonly detail: string } | null

const reading = (kind: 'working' | 'waiting' | 'idle', detail: string): TitleReading => ({ kind, detail })

// One frame of the dotted spinners that terminal programs draw (Braille patterns).
const spinner = /^[\u2801-\u28FF]/u

/** Codex: a spinner and the folder while it works, `[ ! ] Action Required` (blinking with `[ . ]`) for an approval. */
export const readCodexTitle = (title: string): TitleReading => {
  const text = title.trim()
  if (/^\[ [!.] \]/.test(text)) return reading('waiting', 'Action Required')
  if (spinner.test(text)) return reading('working', 'spinner')
  return text === '' ? null : reading('idle', 'plain folder name')
}

/** Gemini CLI: `◇ Ready (dir)`, `✦ Working… (dir)`, `✋ Action Required (dir)`, padded with spaces. */
export const readGeminiTitle = (title: string): TitleReading => {
  const text = title.trim()
  if (text.startsWith('✋')) return reading('waiting', 'Action Required')
  if (text.startsWith('✦')) return reading('working', 'Working')
  if (text.startsWith('◇')) return reading('idle', 'Ready')
  return null
}

/** Qwen Code: `◐ Qwen - dir` while it works. Its other titles were seen in more than one state, so they say nothing. */
export const readQwenTitle = (title: string): TitleReading =>
  /^[◐◑◒◓]/u.test(title.trim()) ? reading('working', 'spinner') : null
