import { attemptSync } from '../lib/result.js'

export interface Parsed {
  deviceId: string
  channel: 'position' | 'telemetry' | 'event'
}

const CHANNELS = new Set(['position', 'telemetry', 'event'])

export function parseTopic(topic: string): Parsed | null {
  const parts = topic.split('/')
  if (parts.length !== 3 || parts[0] !== 'fleet') return null //= return: no  parser
  const [, deviceId, channel] = parts
  if (!CHANNELS.has(channel)) return null //= return: no  parser
  return { deviceId, channel: channel as Parsed['channel'] }
}

export function* frames(payload: Buffer): Generator<Buffer> {
  let offset = 0
  while (offset < payload.length) {
    const size = payload.readUInt8(offset)
    if (size === 0 || offset + 1 + size > payload.length) return //= return: no  generator, end of the data
    yield payload.subarray(offset + 1, offset + 1 + size)
    offset += 1 + size
  }
}

export function decodeFaults(payload: Buffer): string[] {
  const json = attemptSync(() => JSON.parse(payload.toString('utf8')) as { dtc?: string[] })
  if (json?.dtc) return json.dtc //= return: no  parser
  const codes: string[] = []
  for (const frame of frames(payload)) {
    if (frame.length < 2) continue
    codes.push(`P${frame.readUInt16BE(0).toString(16).padStart(4, '0')}`)
  }
  return codes
}
