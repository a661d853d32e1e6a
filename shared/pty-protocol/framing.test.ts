import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFrameDecoder, encodeFrame, frameKinds, FramingError, type TextCodec, type WireFrame } from './framing.ts'

const codec: TextCodec = {
  encode: (text) => Buffer.from(text, 'utf8'),
  decode: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'),
}
const bytesOf = (...frames: readonly WireFrame[]) => Buffer.concat(frames.map((frame) => encodeFrame(frame, codec)))

// Whole characters only: half a surrogate pair has no UTF-8.
const texts = fc.string({ unit: 'binary' })
const channels = fc.integer({ min: 0, max: 0xffff_ffff })
const offsets = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
const sizes = fc.integer({ min: 0, max: 0xffff })
const anyFrame: fc.Arbitrary<WireFrame> = fc.oneof(
  fc.record({ kind: fc.constant('json' as const), text: texts }),
  fc.record({ kind: fc.constant('data' as const), channel: channels, offset: offsets, text: texts }),
  fc.record({
    kind: fc.constant('snapshot' as const),
    channel: channels,
    offset: offsets,
    cols: sizes,
    rows: sizes,
    text: texts,
  }),
)

const cut = (bytes: Uint8Array, places: readonly number[]) => {
  const borders = [0, ...places.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length]
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end))
}

describe('frames', () => {
  it('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 8 }), fc.array(fc.nat(), { maxLength: 40 }), (frames, places) => {
        const decoder = createFrameDecoder(codec)
        const found = cut(bytesOf(...frames), places).flatMap((chunk) => decoder.push(chunk))
        expect(found).toEqual(frames)
      }),
      { numRuns: 200 },
    )
  })

  it('come out as soon as their last byte is there, and not before', () => {
    const frames: WireFrame[] = [
      { kind: 'json', text: '{"kind":"hello"}' },
      { kind: 'data', channel: 1, offset: 0, text: 'é漢😀' },
    ]
    const bytes = bytesOf(...frames)
    const firstLength = bytesOf(...frames.slice(0, 1)).length
    const decoder = createFrameDecoder(codec)
    const cameAt = [...bytes.keys()].flatMap((index) =>
      decoder.push(bytes.subarray(index, index + 1)).map((frame) => [index + 1, frame.kind] as const),
    )
    expect(cameAt).toEqual([
      [firstLength, 'json'],
      [bytes.length, 'data'],
    ])
  })

  it('carry offsets beyond 32 bits and the largest channel', () => {
    const frame: WireFrame = { kind: 'data', channel: 0xffff_ffff, offset: Number.MAX_SAFE_INTEGER, text: '' }
    expect(createFrameDecoder(codec).push(bytesOf(frame))).toEqual([frame])
  })

  it('are laid out as written: length, kind, header, text', () => {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
    expect(hex(bytesOf({ kind: 'json', text: 'hi' }))).toBe(['00000003', '01', '6869'].join(''))
    const snapshot = bytesOf({ kind: 'snapshot', channel: 2, offset: 1, cols: 80, rows: 24, text: 'x' })
    const parts = ['00000012', '03', '00000002', '3ff0000000000000', '0050', '0018', '78']
    expect(hex(snapshot)).toBe(parts.join(''))
  })

  it('of an empty chunk are none, and it does not disturb the next one', () => {
    const decoder = createFrameDecoder(codec)
    const bytes = bytesOf({ kind: 'json', text: '{}' })
    expect(decoder.push(bytes.subarray(0, 2))).toEqual([])
    expect(decoder.push(new Uint8Array())).toEqual([])
    expect(decoder.push(bytes.subarray(2))).toEqual([{ kind: 'json', text: '{}' }])
  })

  it('do not change when the reader uses its buffer again', () => {
    const decoder = createFrameDecoder(codec)
    const reused = Buffer.from(bytesOf({ kind: 'data', channel: 1, offset: 0, text: 'first' }))
    const [frame] = decoder.push(reused)
    reused.fill(0)
    expect(frame).toEqual({ kind: 'data', channel: 1, offset: 0, text: 'first' })
  })
})

describe('a broken stream', () => {
  const lengthOf = (length: number, ...rest: readonly number[]) => {
    const bytes = Buffer.alloc(4 + rest.length)
    bytes.writeUInt32BE(length)
    bytes.set(rest, 4)
    return bytes
  }

  it.each([
    ['with an empty frame', lengthOf(0), 'A frame of 0 bytes is not allowed.'],
    ['with a frame beyond the limit', lengthOf(1025), 'A frame of 1025 bytes is not allowed.'],
    ['with the largest length there is', lengthOf(0xffff_ffff), 'A frame of 4294967295 bytes is not allowed.'],
    ['with an unknown kind', lengthOf(1, 9), 'A frame of kind 9 and 1 bytes is not known.'],
    ['with kind 0', lengthOf(2, 0, 0), 'A frame of kind 0 and 2 bytes is not known.'],
    ['with half a header', lengthOf(5, frameKinds.data, 0, 0, 0, 1), 'A frame of kind 2 and 5 bytes is not known.'],
    ['with a snapshot of no header', lengthOf(1, frameKinds.snapshot), 'A frame of kind 3 and 1 bytes is not known.'],
  ])('%s is given up', (_name, bytes, message) => {
    const push = () => createFrameDecoder(codec, 1024).push(bytes)
    expect(push).toThrow(FramingError)
    expect(push).toThrow(message)
  })

  it('is given up before the bytes of a frame that is too long are waited for', () => {
    const decoder = createFrameDecoder(codec, 1024)
    expect(decoder.push(bytesOf({ kind: 'json', text: 'a'.repeat(1023) }))).toHaveLength(1)
    expect(() => decoder.push(bytesOf({ kind: 'json', text: 'a'.repeat(1024) }).subarray(0, 4))).toThrow(FramingError)
  })

  it('never makes anything but frames or a FramingError of random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(), { maxLength: 5 }), (bytes, places) => {
        const decoder = createFrameDecoder(codec, 4096)
        let known = 0
        // Expects FramingError, the one answer to a stream of somebody else.
        try {
          for (const chunk of cut(bytes, places)) for (const frame of decoder.push(chunk)) known += frame.text.length
        } catch (error) {
          expect(error).toBeInstanceOf(FramingError)
        }
        expect(known).toBeLessThanOrEqual(bytes.length)
      }),
      { numRuns: 300 },
    )
  })
})
