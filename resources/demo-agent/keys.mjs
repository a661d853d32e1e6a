import { emitKeypressEvents } from 'node:readline'

/** The keyboard: one reader at a time has the keys; Ctrl-C, Ctrl-D and the end of the input always end. */
export function createKeys(input) {
  let onKey = () => undefined
  let onEnd = () => undefined
  const settleWith = (resolve) => (value) => {
    onKey = () => undefined
    resolve(value)
  }

  emitKeypressEvents(input)
  if (input.isTTY) input.setRawMode(true)
  input.resume()
  input.on('keypress', (text, key) => {
    if (key.ctrl && (key.name === 'c' || key.name === 'd')) onEnd()
    else onKey(text, key)
  })
  input.on('end', () => onEnd())

  return {
    onEnd: (listener) => void (onEnd = listener),
    close() {
      if (input.isTTY) input.setRawMode(false)
      input.pause()
    },

    readLine: ({ write, line }) =>
      new Promise((resolve) => {
        const settle = settleWith(resolve)
        const typed = []
        onKey = (text, key) => {
          if (key.name === 'return' || key.name === 'enter') {
            line()
            settle(typed.join(''))
          } else if (key.name === 'backspace') {
            if (typed.pop() !== undefined) write('\b \b')
          } else if (text && !key.ctrl && text >= ' ') {
            typed.push(text)
            write(text)
          }
        }
      }),

    readChoice(choiceByKey) {
      const { promise, resolve } = Promise.withResolvers()
      const settle = settleWith(resolve)
      onKey = (_text, key) => {
        if (choiceByKey[key.name]) settle(choiceByKey[key.name])
      }
      return { answer: promise, withdraw: () => settle(null) }
    },
  }
}
