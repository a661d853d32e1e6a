const pattern = /^Switchyard is ready at (\S+)$/m

/** The link in the web host's ready line; rejects with what it printed when it ends before that. */
export function readyLink(child) {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk.toString()
      const link = pattern.exec(text)?.[1]
      if (link) resolve(link)
    })
    child.once('close', () => reject(new Error(`The host ended before it was ready:\n${text}`)))
  })
}
