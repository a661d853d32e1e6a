export interface PaletteEntry {
  readonly group: string
  readonly title: string
  readonly keywords: readonly string[]
}

/** What fits, by group: the best entry first within each, and the groups by their best entry. Ties keep their order. */
export const rankEntries = <Entry extends PaletteEntry>(
  entries: readonly Entry[],
  search: string,
): readonly (readonly [group: string, entries: readonly Entry[]])[] => {
  const scored = entries
    .map((entry) => ({ entry, score: paletteScore(entry.title, search, entry.keywords) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
  return [...Map.groupBy(scored, ({ entry }) => entry.group)].map(([group, fitting]) => [
    group,
    fitting.map(({ entry }) => entry),
  ])
}

/**
 * How well an entry of the palette fits what was typed, from 0 (not at all) to 1. Every word that was typed has to begin
 * a word of the title or of its keywords, or at least stand within the title.
 */
export const paletteScore = (title: string, search: string, keywords: readonly string[] = []): number => {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return 1
  const name = title.toLowerCase()
  const typed = search.trim().toLowerCase()
  if (name === typed) return 1
  if (name.startsWith(typed)) return 0.9
  const scores = wanted.map((word) => wordScore(name, keywords, word))
  return Math.min(...scores)
}

const wordScore = (name: string, keywords: readonly string[], word: string): number => {
  if (wordsOf(name).some((one) => one.startsWith(word))) return 0.8
  if (keywords.flatMap((keyword) => wordsOf(keyword.toLowerCase())).some((one) => one.startsWith(word))) return 0.5
  return name.includes(word) ? 0.3 : 0
}

const wordsOf = (text: string) => text.split(/[^\p{L}\p{N}]+/u)
