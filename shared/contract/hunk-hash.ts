/**
 * What a hunk is known by: its lines with their signs, without its place in the file, so that a mark stays when lines
 * elsewhere come and go. 106 bits of two plain hashes: two hunks of one file never meet by chance.
 */
export const hashHunk = (lines: readonly string[]): string => {
  const text = lines.join('\n')
  return `${hash53(text, 1)}${hash53(text, 2)}`
}

/** cyrb53: two 32-bit multiplications a character, mixed at the end. */
const hash53 = (text: string, seed: number): string => {
  let high = 0xdeadbeef ^ seed
  let low = 0x41c6ce57 ^ seed
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    high = Math.imul(high ^ code, 0x9e3779b1)
    low = Math.imul(low ^ code, 0x5f356495)
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35)
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35)
  const number = 0x100000000 * (0x1fffff & low) + (high >>> 0)
  return number.toString(16).padStart(14, '0')
}
