type Random = (below: number) => number

/** Sequences that stalled, froze or acted through a terminal, ours or another. */
export const namedAttacks = [
  '\u001b[99999999L',
  '\u001b[2147483647b',
  'a\u001b[4097;99999b\u001b[0;99999S',
  '\u001b[?99999999M\u001b[>99999999T',
  '\u001b[1\u00001L\u001b[1\u007f1L',
  '\u001b[999\u001b[999L',
  '\u001b[12\u0018\u001b[12\u001aX',
  '\u001b]52;c;?\u001b\\after',
  '\u001b]0;title\u001b[99999L\u0007',
  '\u001b]0;\u009b99999L\u0007',
  '\u001bP1;2|payload\u001b\\\u001bP$qr\u001b\\',
  '\u001b_application\u001b\\\u001b^private\u0007\u001b\\\u001bXstring\u001b\\',
  `\u001b]8;;https://a.example/\u0007${'text\n'.repeat(80)}`,
  `e${'\u0301'.repeat(100)}x`,
  '\u001b]4;1;?;2;?\u0007\u001b]10;?\u0007\u001b]11;#fff\u0007',
  `\u001b[${'9'.repeat(400)}L`,
  `\u001b${' '.repeat(400)}F`,
  `\u001b]2;${'t'.repeat(500)}\u001b\\`,
  '\u001b\u001b\u001b[99999L\u001b\u001b]2;x\u001b\u001b\\',
  `\u001b]52;c;${'A'.repeat(140_000)}\u0007`,
  `\u001b]2;${'x'.repeat(262_200)}\u0007after`,
]

const finals = '@ABCDEFGHIJKLMPSTXZ`abcdefghilmnpqrstux{}~'
const number = (random: Random) => String(random(4) === 0 ? random(0x7fffffff) : random(300))
const fragments: readonly ((random: Random) => string)[] = [
  (random) => 'plain text, '.slice(random(8)),
  (random) => `\u001b[${number(random)}${finals[random(finals.length)]}`,
  (random) => `\u001b[${number(random)};${number(random)}${finals[random(finals.length)]}`,
  (random) => `\u001b[?${number(random)}${'hlJKn'[random(5)]}`,
  (random) => `\u001b[${number(random)}${' \'$"!'[random(5)]}${finals[random(finals.length)]}`,
  (random) => `\u001b]${random(120)};${'?ab;'.repeat(random(4))}${['\u0007', '\u001b\\', '\u0018', ''][random(4)]}`,
  (random) => `\u001bP${'$q+1;'.slice(random(5))}m${['\u001b\\', '\u0018', ''][random(3)]}`,
  (random) => String.fromCharCode(random(0x20)),
  (random) => String.fromCharCode(0x80 + random(0x20)),
  (random) => ['日本', 'e\u0301', '👩‍👧', '\u0301\u0301', '🇨🇭', 'ü'][random(6)] ?? '',
  (random) => `\u001b${'c78DEHM=>ZNO(*#% '[random(17)]}${'0B8G@'[random(5)]}`,
  () => '\u001b',
  () => '\u001b[',
  (random) => `\u001b${'X^_'[random(3)]}${'text'.repeat(random(3))}${['\u001b\\', ''][random(2)]}`,
  (random) => '\r\n'.repeat(random(4)),
]

/** Endless hostile output, the same for the same seed. */
export const createHostileStreams = (seed: number) => {
  let state = seed
  const random: Random = (below) => {
    // Park and Miller.
    state = (state * 48_271) % 0x7fffffff
    return state % below
  }
  const next = () =>
    Array.from({ length: 1 + random(24) }, () => fragments[random(fragments.length)]?.(random)).join('')
  return { next, random }
}
