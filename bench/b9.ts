import { WebSocket } from 'ws'
import { alternate, resultOf, type Bench, type Samples } from './lib/alternate.ts'
import { connectAgain } from './lib/page-client.ts'
import { startPeer } from './lib/peers.ts'
import { createSightings, pace, type SightingsSummary } from './lib/sightings.ts'
import { startBenchHost, type BenchHost } from './lib/web-host.ts'

const viewerCount = 20
const perSecond = 1000
const seconds = Number(process.env['BENCH_SECONDS'] ?? 5)
const eventCount = perSecond * seconds
const longestP99 = 10
/** Whoever has not seen all by then has lost some. */
const patienceMs = 20_000

export const bench: Bench = {
  id: 'B9',
  title: `${perSecond} committed events a second seen by ${viewerCount} viewers`,
  goal: `p99 <= ${longestP99} ms from the call that commits to the viewer; none lost or reordered`,
  run: async () => {
    const host = await startBenchHost('ours')
    const ours = await openViewers(host)
    const bare = await openBroadcast()
    const summaries: SightingsSummary[] = []
    const samples = await alternate({
      'bare ws': async () => (await bare.watch()).p99,
      ours: async () => {
        const summary = await ours.watch()
        summaries.push(summary)
        return summary.p99
      },
      // Of the round before it.
      'ours p50': async () => summaries.at(-1)?.p50 ?? Number.NaN,
    })
    ours.close()
    await bare.close()
    await host.dispose()
    const lost = summaries.reduce((sum, each) => sum + each.lost, 0)
    const reordered = summaries.reduce((sum, each) => sum + each.reordered, 0)
    const row = (pair: Record<string, Samples>, ratio: number, ok: boolean, note: string) =>
      resultOf(pair, { ratio, ok, unit: 'ms', note })
    const isWhole = lost === 0 && reordered === 0
    const pair = { ours: samples.ours, 'bare ws': samples['bare ws'], 'ours p50': samples['ours p50'] }
    return row(
      pair,
      samples.ours.median / samples['bare ws'].median,
      samples.ours.median <= longestP99 && isWhole,
      `p99 ${samples.ours.median.toFixed(1)} ms; ${lost} lost, ${reordered} reordered`,
    )
  },
}

/** Windows of the app that listen to everything, and one that changes something. */
const openViewers = async (host: BenchHost) => {
  let onSeen: (viewer: number, n: number) => void = () => undefined
  const sockets = await Promise.all(
    Array.from({ length: viewerCount }, async (_, viewer) => {
      const { client, socket } = await connectAgain(host.origin, host.cookie)
      const items = await client.changes.subscribe({ after: null })
      const following = Promise.withResolvers<void>()
      const follow = async () => {
        for await (const item of items) {
          if (item.kind === 'snapshot') following.resolve()
          else
            for (const { topic, payload } of item.changes)
              if (topic === 'settings.changed') onSeen(viewer, (payload.value as { n: number }).n)
        }
      }
      // Ends with its socket.
      follow().catch(() => undefined)
      await following.promise
      return socket
    }),
  )
  return {
    watch: async (): Promise<SightingsSummary> => {
      const sightings = createSightings(viewerCount, eventCount)
      onSeen = sightings.seen
      const calls: Promise<unknown>[] = []
      await pace(eventCount, perSecond, (n) => {
        sightings.sent(n)
        calls.push(host.client.settings.set({ key: 'draft:bench', value: { n } }))
      })
      await Promise.all(calls)
      await sightings.whenAllSeen(patienceMs)
      return sightings.summary()
    },
    close: () => {
      for (const socket of sockets) socket.close()
    },
  }
}

const openBroadcast = async () => {
  const peer = await startPeer<{ port: number }>('ws-broadcast')
  const open = () =>
    new Promise<WebSocket>((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${peer.ready.port}`, { perMessageDeflate: false })
      socket.once('open', () => resolve(socket))
      socket.once('error', reject)
    })
  let onSeen: (viewer: number, n: number) => void = () => undefined
  const sender = await open()
  const viewers = await Promise.all(Array.from({ length: viewerCount }, open))
  for (const [viewer, socket] of viewers.entries())
    socket.on('message', (message: Buffer) => onSeen(viewer, (JSON.parse(message.toString()) as { n: number }).n))
  return {
    watch: async (): Promise<SightingsSummary> => {
      const sightings = createSightings(viewerCount, eventCount)
      onSeen = sightings.seen
      await pace(eventCount, perSecond, (n) => {
        sightings.sent(n)
        sender.send(JSON.stringify({ key: 'draft:bench', n }))
      })
      await sightings.whenAllSeen(patienceMs)
      return sightings.summary()
    },
    close: async () => {
      for (const socket of [sender, ...viewers]) socket.close()
      await peer.end()
    },
  }
}
