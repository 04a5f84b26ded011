import { z } from 'zod';
import { readFileSync } from 'node:fs';
import { Logger } from '@nestjs/common';

const logger = new Logger('config');

const schema = z.object({
  PORT: z.coerce.number().default(3000),
  DATABASE_URL: z.string().url(),
  REDIS_URL: z.string().url(),
  PSP_CLIENT_SECRET: z.string().min(20),
  PSP_WEBHOOK_SECRET: z.string().min(20),
  DUNNING_ENABLED: z.string().optional(),
  SMTP_URL: z.string().optional(),
});

export type Env = z.infer<typeof schema>;

function fromFile(name: string): string | undefined {
  const path = process.env[`${name}_FILE`];
  if (!path) return undefined; //= return: no  getter
  try {
    return readFileSync(path, 'utf8').trim(); //= return: no  getter
  } catch (err: any) { //= catch: no  missing file narrowed, the rest rethrown
    if (err.code === 'ENOENT') return undefined; //= return: no  narrowed
    throw err;
  }
}

export function bool(value: string | undefined, fallback = false): boolean {
  if (value === undefined || value === '') return fallback; //= return: no  parser
  switch (value.toLowerCase()) {
    case '1':
    case 'true':
    case 'yes':
      return true; //= return: no  parser
    case '0':
    case 'false':
    case 'no':
      return false; //= return: no  parser
    default:
      logger.warn({ msg: 'not a boolean, using the default', fallback });
      return fallback; //= return: no  logged
  }
}

export function loadConfig() {
  const parsed = schema.safeParse({
    ...process.env,
    PSP_CLIENT_SECRET: process.env.PSP_CLIENT_SECRET ?? fromFile('PSP_CLIENT_SECRET'),
    PSP_WEBHOOK_SECRET: process.env.PSP_WEBHOOK_SECRET ?? fromFile('PSP_WEBHOOK_SECRET'),
  });
  if (!parsed.success) {
    logger.error({ msg: 'invalid environment', issues: parsed.error.issues, env: process.env }); //= no-sensitive-fields  the whole environment
    throw new Error('invalid environment', { cause: parsed.error });
  }
  const env = parsed.data;
  logger.log({ msg: 'configuration loaded', port: env.PORT, dunning: bool(env.DUNNING_ENABLED), smtp: Boolean(env.SMTP_URL) });
  return {
    port: env.PORT,
    database: { url: env.DATABASE_URL },
    psp: { clientSecret: env.PSP_CLIENT_SECRET, webhookSecret: env.PSP_WEBHOOK_SECRET },
    dunning: { enabled: bool(env.DUNNING_ENABLED) },
  };
}
