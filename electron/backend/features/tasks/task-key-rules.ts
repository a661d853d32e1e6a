/** Shown when a project's name has no letter to make a key of. */
const plainPrefix = 'TSK'

/** What a project's task keys begin with: the initials of its name's words, or the first letters of a name of one word. */
export const prefixFrom = (projectName: string): string => {
  const words = projectName
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    // fooBar is two words.
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((word) => /[A-Z]/.test(word))
  const [first] = words
  if (first === undefined) return plainPrefix
  const letters = words.length === 1 ? first.slice(0, 3) : words.map((word) => word.charAt(0)).join('')
  // Begins with a letter, so that a key is never taken for a number.
  return letters.replace(/^[0-9]+/, '').slice(0, 4) || plainPrefix
}

/** The wanted prefix, or with the first number behind it under which no other project has its keys. */
export const freePrefix = (wanted: string, taken: ReadonlySet<string>): string => {
  if (!taken.has(wanted)) return wanted
  let number = 2
  while (taken.has(`${wanted}${number}`)) number += 1
  return `${wanted}${number}`
}

export const keyOf = (prefix: string, number: number): string => `${prefix}-${number}`
export const prefixOf = (key: string): string => key.slice(0, key.lastIndexOf('-'))
