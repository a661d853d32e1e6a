export function parseCommand([name, ...words]) {
  if (name === 'add' && words.length > 0) return { kind: 'add', text: words.join(' ') }
  if (name === 'list' && words.length === 0) return { kind: 'list' }
  return { kind: 'unknown' }
}

export function addEntry(entries, text) {
  return [...entries, { text, isDone: false }]
}

export function formatList(entries) {
  return entries.map((entry, index) => `${index + 1}. [${entry.isDone ? 'x' : ' '}] ${entry.text}\n`).join('')
}
