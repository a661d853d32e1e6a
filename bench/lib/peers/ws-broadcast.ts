import { WebSocketServer } from 'ws'

// The least that can tell many of something: what one connection sends, all the others get.

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
server.on('connection', (sender) => {
  sender.on('message', (message) => {
    const text = (message as Buffer).toString()
    for (const client of server.clients) if (client !== sender) client.send(text)
  })
})
server.once('listening', () => process.send?.(server.address()))
