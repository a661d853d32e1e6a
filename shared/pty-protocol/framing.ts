/**
 * The frames of the PTY host's socket: four bytes length (big endian, of what follows), one byte kind, payload. JSON
 * carries everything but terminal output, which is text behind a fixed header, so that bulk output is never escaped.
 */
export const frameKinds = { json: 1, data: 2, snapshot: 3 } as const

/** Snapshots of 5,000 rows take about 400 KB; more than this is no frame of ours. */
export const MAX_FRAME_LENGTH = 64 * 1024 * 1024

const LENGTH_BYTES = 4
const OUTPUT_HEADER_BYTES = 16

export interface TextCodec {
  encode(text: string): Uint8Array
  decode(bytes: Uint8Array): string
}

export type WireFrame =
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'data'; readonly channel: number; readonly offset: number; readonly text: string }
  | {
      readonly kind: 'snapshot'
      readonly channel: number
      readonly offset: number
      readonly cols: number
      readonly rows: number
      readonly text: string
    }

export const encodeFrame = (frame: WireFrame, codec: TextCodec): Uint8Array => {
  const text = codec.encode(frame.text)
  const headerLength = LENGTH_BYTES + 1 + (frame.kind === 'json' ? 0 : OUTPUT_HEADER_BYTES)
  const bytes = new Uint8Array(headerLength + text.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, bytes.length - LENGTH_BYTES)
  view.setUint8(LENGTH_BYTES, frameKinds[frame.kind])
  if (frame.kind !== 'json') {
    view.setUint32(5, frame.channel)
    view.setFloat64(9, frame.offset)
    view.setUint16(17, frame.kind === 'snapshot' ? frame.cols : 0)
    view.setUint16(19, frame.kind === 'snapshot' ? frame.rows : 0)
  }
  bytes.set(text, headerLength)
  return bytes
}

/** Framing is lost: nothing after this can be trusted, the connection must be closed. */
export class FramingError extends Error {
  override readonly name = 'FramingError'
}

export interface FrameDecoder {
  /** Takes any chunk of the stream and returns the frames it completes. Throws FramingError. */
  push(chunk: Uint8Array): WireFrame[]
}

export const createFrameDecoder = (codec: TextCodec, maxLength = MAX_FRAME_LENGTH): FrameDecoder => {
  let chunks: Uint8Array[] = []
  let available = 0
  /** Bytes needed before anything can be done: the length field, then the whole frame. */
  let needed = LENGTH_BYTES

  const join = () => {
    const [first] = chunks
    if (chunks.length === 1 && first) return first
    const joined = new Uint8Array(available)
    let position = 0
    for (const chunk of chunks) {
      joined.set(chunk, position)
      position += chunk.length
    }
    return joined
  }

  return {
    push(chunk) {
      if (chunk.length > 0) chunks.push(chunk)
      available += chunk.length
      const frames: WireFrame[] = []
      if (available < needed) return frames
      const bytes = join()
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      let position = 0
      needed = LENGTH_BYTES
      while (bytes.length - position >= LENGTH_BYTES) {
        const length = view.getUint32(position)
        if (length < 1 || length > maxLength) throw new FramingError(`A frame of ${length} bytes is not allowed.`)
        if (bytes.length - position < LENGTH_BYTES + length) {
          needed = LENGTH_BYTES + length
          break
        }
        const start = position + LENGTH_BYTES
        frames.push(decodeFrame(bytes.subarray(start, start + length), codec))
        position = start + length
      }
      const rest = bytes.subarray(position)
      chunks = rest.length > 0 ? [rest] : []
      available = rest.length
      return frames
    },
  }
}

const decodeFrame = (bytes: Uint8Array, codec: TextCodec): WireFrame => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kind = view.getUint8(0)
  if (kind === frameKinds.json) return { kind: 'json', text: codec.decode(bytes.subarray(1)) }
  if ((kind !== frameKinds.data && kind !== frameKinds.snapshot) || bytes.length < 1 + OUTPUT_HEADER_BYTES) {
    throw new FramingError(`A frame of kind ${kind} and ${bytes.length} bytes is not known.`)
  }
  const channel = view.getUint32(1)
  const offset = view.getFloat64(5)
  const text = codec.decode(bytes.subarray(1 + OUTPUT_HEADER_BYTES))
  if (kind === frameKinds.data) return { kind: 'data', channel, offset, text }
  return { kind: 'snapshot', channel, offset, cols: view.getUint16(13), rows: view.getUint16(15), text }
}
