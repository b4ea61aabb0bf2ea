import type { ServerResponse } from 'node:http'

export type Spoiling =
  /** Of a pack the first half, then the connection is cut. */
  | 'cut-pack'
  /** Of a pack the first half, as if that were all. */
  | 'half-pack'
  /** A pack whose second half is noise. */
  | 'garbled-pack'
  /** A pack that begins and does not go on. */
  | 'hang-pack'

export function isSpoiling(behaviour: string): behaviour is Spoiling {
  return ['cut-pack', 'half-pack', 'garbled-pack', 'hang-pack'].includes(behaviour)
}

/** Bytes that mean nothing to Git. */
export const NOISE = Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 197 + 31) % 256))
/** An answer that is longer holds a pack; what comes before it are a few lines. */
const PACK_BYTES = 2_000

/** Lets the answer through up to its pack's first half, then spoils it. */
export function spoilPack(how: Spoiling, response: ServerResponse): void {
  const whole: Buffer[] = []
  const { write, end } = response
  let isOver = false
  response.write = (chunk: Uint8Array | string) => {
    whole.push(Buffer.from(chunk))
    return true
  }
  // The backend's pipe and its end both end the answer.
  const finish = () => {
    if (isOver) return response
    isOver = true
    const answer = Buffer.concat(whole)
    const send = (bytes: Buffer, then: () => void) => Reflect.apply(write, response, [bytes, then])
    const close = () => Reflect.apply(end, response, [])
    if (answer.length < PACK_BYTES) {
      send(answer, close)
      return response
    }
    const half = answer.subarray(0, answer.length >> 1)
    switch (how) {
      case 'cut-pack':
        send(half, () => response.destroy())
        break
      case 'half-pack':
        send(half, close)
        break
      case 'garbled-pack':
        send(Buffer.concat([half, NOISE.subarray(0, answer.length - half.length)]), close)
        break
      case 'hang-pack':
        send(half, () => undefined)
    }
    return response
  }
  response.end = finish
}
