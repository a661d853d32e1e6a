/**
 * How well an entry of the palette fits what was typed, from 0 (not at all) to 1. Every word that was typed has to begin
 * a word of the title or of its keywords, or at least stand within the title.
 */
export const paletteScore = (title: string, search: string, keywords: readonly string[] = []): number => {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return 1
  const name = title.toLowerCase()
  if (name.startsWith(search.trim().toLowerCase())) return 1
  const scores = wanted.map((word) => wordScore(name, keywords, word))
  return Math.min(...scores)
}

const wordScore = (name: string, keywords: readonly string[], word: string): number => {
  if (wordsOf(name).some((one) => one.startsWith(word))) return 0.8
  if (keywords.flatMap((keyword) => wordsOf(keyword.toLowerCase())).some((one) => one.startsWith(word))) return 0.5
  return name.includes(word) ? 0.3 : 0
}

const wordsOf = (text: string) => text.split(/[^\p{L}\p{N}]+/u)
