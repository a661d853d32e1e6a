/** One word of a command line, with its quotes taken off. */
export interface Word {
  readonly text: string
  /** False when a part of it is known only to the shell: an unset variable, the output of a command. */
  readonly isKnown: boolean
}

/** What a command line does, in order. `enter` and `leave` are the ends of a subshell, whose folder is its own. */
export type ShellStep =
  | { readonly kind: 'run'; readonly words: readonly Word[]; readonly writes: readonly Word[] }
  | { readonly kind: 'enter' | 'leave' }

interface Reader {
  readonly text: string
  readonly variables: Map<string, string>
  at: number
  word: { text: string; isKnown: boolean } | null
  words: Word[]
  /** The files it writes to by redirection. */
  writes: Word[]
  redirect: 'none' | 'write' | 'read' | 'heredoc'
  heredocs: string[]
  readonly steps: ShellStep[]
}

/**
 * Reads a command line as a shell does, as far as it says which programs run with which words. Not a whole shell: what is
 * not understood comes out as words that are not known.
 */
export const readShell = (text: string, variables: ReadonlyMap<string, string>): readonly ShellStep[] => {
  const reader: Reader = {
    text,
    variables: new Map(variables),
    at: 0,
    word: null,
    words: [],
    writes: [],
    redirect: 'none',
    heredocs: [],
    steps: [],
  }
  while (reader.at < text.length) readNext(reader)
  endCommand(reader)
  return reader.steps
}

const readNext = (reader: Reader) => {
  const next = reader.text[reader.at] ?? ''
  switch (next) {
    case ' ':
    case '\t':
      return endWord(skip(reader, 1))
    case '\n':
      endCommand(skip(reader, 1))
      return skipHeredocs(reader)
    case '#':
      if (reader.word !== null) return append(reader, next)
      reader.at = indexOrEnd(reader.text, '\n', reader.at)
      return
    case "'":
      return readSingleQuotes(reader)
    case '"':
      return readDoubleQuotes(skip(reader, 1))
    case '\\':
      return readEscape(reader)
    case '$':
      return readDollar(reader)
    case '`':
      return readSubstitution(reader, indexOrEnd(reader.text, '`', reader.at + 1), 1)
    case '(':
    case ')':
      endCommand(skip(reader, 1))
      // A redirection from or to what runs there.
      reader.redirect = 'none'
      return void reader.steps.push({ kind: next === '(' ? 'enter' : 'leave' })
    case '<':
    case '>':
      return readRedirection(reader, next)
    case '&':
      // `&>` and `&>>` write both outputs; a lone `&` ends the command.
      return reader.text[reader.at + 1] === '>' ? void skip(reader, 1) : endCommand(skip(reader, 1))
    case ';':
    case '|':
      return endCommand(skip(reader, 1))
    default:
      return append(reader, next)
  }
}

const skip = (reader: Reader, count: number): Reader => {
  reader.at += count
  return reader
}

const indexOrEnd = (text: string, part: string, from: number) => {
  const found = text.indexOf(part, from)
  return found < 0 ? text.length : found
}

const openWord = (reader: Reader) => (reader.word ??= { text: '', isKnown: true })

const append = (reader: Reader, character: string) => {
  openWord(reader).text += character
  reader.at += 1
}

const readSingleQuotes = (reader: Reader) => {
  const end = indexOrEnd(reader.text, "'", reader.at + 1)
  openWord(reader).text += reader.text.slice(reader.at + 1, end)
  reader.at = end + 1
}

const readDoubleQuotes = (reader: Reader) => {
  openWord(reader)
  while (reader.at < reader.text.length && reader.text[reader.at] !== '"') {
    const next = reader.text[reader.at] ?? ''
    if (next === '\\') readEscape(reader)
    else if (next === '$') readDollar(reader)
    else if (next === '`') readSubstitution(reader, indexOrEnd(reader.text, '`', reader.at + 1), 1)
    else append(reader, next)
  }
  reader.at += 1
}

const readEscape = (reader: Reader) => {
  const escaped = reader.text[reader.at + 1] ?? ''
  // A line that goes on in the next one.
  if (escaped !== '\n') openWord(reader).text += escaped
  reader.at += 2
}

const readDollar = (reader: Reader) => {
  const rest = reader.text.slice(reader.at)
  if (rest.startsWith('$(')) return readSubstitution(reader, endOfParentheses(reader.text, reader.at + 2), 2)
  const [whole, braced, bare] = /^\$(?:\{(\w+)\}|([A-Za-z_]\w*))/.exec(rest) ?? []
  const word = openWord(reader)
  if (whole === undefined) {
    word.isKnown = false
    return append(reader, '$')
  }
  const value = reader.variables.get(braced ?? bare ?? '')
  word.text += value ?? whole
  word.isKnown &&= value !== undefined
  reader.at += whole.length
}

/** What runs inside of a word: it runs too, and only the shell knows what it prints. */
const readSubstitution = (reader: Reader, end: number, opening: number) => {
  const inner = readShell(reader.text.slice(reader.at + opening, end), reader.variables)
  reader.steps.push({ kind: 'enter' }, ...inner, { kind: 'leave' })
  openWord(reader).isKnown = false
  reader.at = end + 1
}

const endOfParentheses = (text: string, from: number): number => {
  let depth = 1
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === "'") at = indexOrEnd(text, "'", at + 1)
    else if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at
  }
  return text.length
}

const readRedirection = (reader: Reader, sign: '<' | '>') => {
  // The number of what is redirected is no word.
  if (reader.word !== null && /^\d+$/.test(reader.word.text)) reader.word = null
  endWord(reader)
  const operator = /^(?:<<<|<<-?|<&|<>|<|>>|>\||>&|>)/.exec(reader.text.slice(reader.at))?.[0] ?? sign
  reader.at += operator.length
  if (operator.startsWith('<<') && operator !== '<<<') reader.redirect = 'heredoc'
  else reader.redirect = sign === '>' || operator === '<>' ? 'write' : 'read'
}

const skipHeredocs = (reader: Reader) => {
  for (const end of reader.heredocs) {
    while (reader.at < reader.text.length) {
      const lineEnd = indexOrEnd(reader.text, '\n', reader.at)
      const line = reader.text.slice(reader.at, lineEnd)
      reader.at = lineEnd + 1
      if (line.trim() === end) break
    }
  }
  reader.heredocs = []
}

const endWord = (reader: Reader) => {
  const { word, redirect } = reader
  if (word === null) return
  reader.word = null
  reader.redirect = 'none'
  if (redirect === 'none') reader.words.push(word)
  else if (redirect === 'heredoc') reader.heredocs.push(word.text)
  // `>&1` and `>&-` name no file.
  else if (redirect === 'write' && !/^(\d+|-)$/.test(word.text)) reader.writes.push(word)
}

const keywords = ['if', 'then', 'elif', 'else', 'while', 'until', 'do', 'done', 'fi', '!', '{', '}', 'time']
const assignment = /^([A-Za-z_]\w*)=(.*)$/s

const endCommand = (reader: Reader) => {
  endWord(reader)
  const { writes } = reader
  const meant = reader.words.findIndex(({ text }) => !keywords.includes(text))
  const rest = meant < 0 ? [] : reader.words.slice(meant)
  const program = rest.findIndex(({ text }) => !assignment.test(text))
  const isExport = rest[0]?.text === 'export'
  // Assignments before a program are for that program alone.
  if (program < 0 || isExport) for (const word of isExport ? rest.slice(1) : rest) assign(reader, word)
  const words = program < 0 ? [] : rest.slice(program)
  if (words.length > 0 || writes.length > 0) reader.steps.push({ kind: 'run', words, writes })
  reader.words = []
  reader.writes = []
}

const assign = (reader: Reader, { text, isKnown }: Word) => {
  const [, name, value] = assignment.exec(text) ?? []
  if (name === undefined || value === undefined) return
  if (isKnown) reader.variables.set(name, value)
  else reader.variables.delete(name)
}
