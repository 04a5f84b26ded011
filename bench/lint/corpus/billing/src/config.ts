import { readFileSync } from 'node:fs'
import { z } from 'zod'

const Schema = z.object({
  PORT: z.coerce.number().default(4000),
  DATABASE_URL: z.string().url(),
  PROVIDER_API_KEY: z.string().min(20),
  PROVIDER_WEBHOOK_SECRET: z.string(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
  TAX_RATES_URL: z.string().url().optional(),
  DUNNING_ENABLED: z.enum(['true', 'false']).default('true'),
})

function readVersion(): string {
  try {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    return version //= return: no  config getter
  } catch { //= catch: no  probe with fallback
    return '0.0.0' //= return: no  config getter
  }
}

const parsed = Schema.safeParse(process.env)
if (!parsed.success) {
  console.error('Invalid environment', parsed.error.flatten().fieldErrors) //= no-console  raw console
  process.exit(2)
}

const env = parsed.data

export const config = {
  port: env.PORT,
  databaseUrl: env.DATABASE_URL,
  providerApiKey: env.PROVIDER_API_KEY,
  webhookSecret: env.PROVIDER_WEBHOOK_SECRET,
  logLevel: env.LOG_LEVEL,
  taxRatesUrl: env.TAX_RATES_URL,
  dunning: env.DUNNING_ENABLED === 'true',
  version: readVersion(),
}
