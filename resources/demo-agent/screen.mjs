import { bold, blue, dim, green, red, amber } from './colours.mjs'
import { createKeys } from './keys.mjs'

// In the title, where the window draws it.
const spinner = ['◐', '◓', '◑', '◒']
// On the screen only what the bundled terminal font has: a missing glyph is drawn as a box, or in another width.
const pulse = ['·', '•', '·', '•']
const frameMs = 120

/** What the demo agent shows and reads: lines of text, a prompt, a spinner, a dialog. Colours are the terminal's own. */
export function createScreen({ input, output }) {
  const write = (text) => void output.write(text)
  const line = (text = '') => write(`${text}\r\n`)
  const title = (text) => write(`\x1b]0;${text}\x07`)
  const keys = createKeys(input)

  return {
    ...shownLines(line),
    line,
    onEnd: keys.onEnd,
    close() {
      title('')
      write('\x1b[?25h')
      keys.close()
    },
    greet(past) {
      title('✳ Demo agent')
      greetingOf(past).forEach(line)
    },
    /** One line typed by the person; empty when they gave nothing. */
    readPrompt() {
      title('✳ Demo agent')
      write(`${blue('›')} `)
      return keys.readLine({ write, line })
    },
    think: (words, ms) => think({ words, ms, write, title }),
    /** A question with keys; `answer` is 'allow' or 'deny'. `withdraw` takes it back when it was answered elsewhere. */
    ask(question) {
      title('✳ Demo agent')
      line()
      line(`${amber('•')} ${bold(question)}`)
      line(`  ${bold('y')} allow   ${bold('n')} or Esc deny   ${dim('or answer in Switchyard')}`)
      return keys.readChoice({ y: 'allow', return: 'allow', n: 'deny', escape: 'deny' })
    },
  }
}

function greetingOf(past) {
  return [
    `${green('•')} ${bold('Demo agent')}  ${dim('scripted, edits only this folder')}`,
    dim(`  ${process.cwd()}`),
    '',
    ...(past.length > 0
      ? [dim(`  Resumed. ${past.length} ${past.length === 1 ? 'turn' : 'turns'} so far:`)]
      : [dim('  Type what you like; Ctrl-C or “exit” ends.')]),
    ...past.flatMap((turn) => [`${dim('›')} ${turn.prompt}`, `  ${dim(turn.outcome)}`]),
    '',
  ]
}

const shownLines = (line) => ({
  said: (text) => line(`${blue('›')} ${text}`),
  says: (text) => line(`${green('•')} ${text}`),
  tool: (name, about) => line(`  ${bold(name)}${dim(`(${about})`)}`),
  result: (text) => line(`  ${dim(`· ${text}`)}`),
  changes: (added) => added.forEach((text) => line(`  ${green(`+ ${text}`)}`)),
  refused: (text) => line(`  ${red('×')} ${dim(text)}`),
})

/** Shows that it works for a while; answers at the end. */
function think({ words, ms, write, title }) {
  write('\x1b[?25l')
  return new Promise((resolve) => {
    let frame = 0
    const draw = () => {
      const at = frame++ % spinner.length
      title(`${spinner[at]} Demo agent`)
      write(`\r${amber(pulse[at])} ${dim(words)}`)
    }
    draw()
    const timer = setInterval(draw, frameMs)
    setTimeout(() => {
      clearInterval(timer)
      write('\r\x1b[2K\x1b[?25h')
      resolve()
    }, ms)
  })
}
