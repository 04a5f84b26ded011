import { readFileSync } from 'node:fs'

export interface Config {
  redisUrl: string
  databaseUrl: string
  bucket: string
  poll: { concurrency: number; timeoutMs: number; maxBytes: number }
  digest: { hour: number; enabled: boolean }
  slackWebhook?: string
}

const bool = (value: string | undefined, fallback: boolean): boolean => {
  if (value === undefined) return fallback //= return: no  parser
  return ['1', 'true', 'yes'].includes(value.toLowerCase())
}

function int(name: string, fallback: number): number {
  const text = process.env[name]
  if (!text) return fallback //= return: no  parser
  const value = Number.parseInt(text, 10)
  if (!Number.isFinite(value)) {
    console.warn(`${name}=${text} is not a number, using ${fallback}`) //= no-console  production code, logger exists
    return fallback //= return: no  said on the console
  }
  return value
}

// Docker secrets are mounted as files, local development has plain variables
function secretFrom(name: string): string | undefined {
  const file = process.env[`${name}_FILE`]
  if (!file) return process.env[name] //= return: no  getter
  try {
    return readFileSync(file, 'utf8').trim() //= return: no  getter
  } catch (cause) { //= catch: no  rethrown with cause
    throw new Error(`cannot read ${name}_FILE`, { cause })
  }
}

function required(name: string): string {
  const value = secretFrom(name)
  if (value) return value //= return: no  getter
  throw new Error(`${name} is not set`)
}

export function loadConfig(): Config {
  return {
    redisUrl: required('REDIS_URL'),
    databaseUrl: required('DATABASE_URL'),
    bucket: required('MEDIA_BUCKET'),
    poll: {
      concurrency: int('POLL_CONCURRENCY', 8),
      timeoutMs: int('POLL_TIMEOUT_MS', 15_000),
      maxBytes: int('POLL_MAX_BYTES', 5 * 1024 * 1024),
    },
    digest: { hour: int('DIGEST_HOUR', 6), enabled: bool(process.env.DIGEST, true) },
    slackWebhook: secretFrom('SLACK_WEBHOOK'),
  }
}
