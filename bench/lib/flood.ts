/** Lines as programs print them: words, colours, now and then a wide character. */
const line = (n: number) =>
  `\u001b[3${n % 8}m${String(n).padStart(6, '0')}\u001b[0m compiled src/feature-${n % 97}/module-${n % 31}.ts in ${n % 400} ms \u001b[1mok\u001b[0m${n % 50 === 0 ? ' 日本' : ''}\r\n`

// Smaller for a look at whether a benchmark runs at all; titles say what was measured.
const megabytes = Number(process.env['BENCH_MEGABYTES'] ?? 100)

const piece = Array.from({ length: 800 }, (_, n) => line(n)).join('')
const pieces = Math.ceil((megabytes * 1e6) / Buffer.byteLength(piece))
const lastLine = 'the-end-of-all-output'

/** Much output. `text` makes it anew, so that nobody need keep it. */
export const flood = {
  piece,
  pieces,
  lastLine,
  bytes: pieces * Buffer.byteLength(piece) + lastLine.length,
  text: () => `${piece.repeat(pieces)}${lastLine}`,
} as const
