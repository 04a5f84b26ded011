import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';

function secret(name: string): string | undefined {
  try {
    return readFileSync(join('/run/secrets', name), 'utf8').trim(); //= return: no  config getter
  } catch (err) { //= catch: no  narrowed to a missing file
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return process.env[name.toUpperCase()]; //= return: no  config getter
    throw err;
  }
}

function overrides(): Record<string, unknown> {
  const file = process.env.SHOP_CONFIG;
  if (!file) return {}; //= return: no  config getter
  const parsed = load(readFileSync(file, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null) {
    console.warn('Ignoring configuration file, not an object', file); //= no-console  raw console
    return {}; //= return: no  printed
  }
  return parsed as Record<string, unknown>;
}

export default () => ({
  port: Number(process.env.PORT ?? 3000),
  swagger: { enabled: process.env.NODE_ENV !== 'production' },
  redis: { url: process.env.REDIS_URL },
  smtp: { host: process.env.SMTP_HOST, port: 587, user: process.env.SMTP_USER, password: secret('smtp_password') },
  carrier: { url: process.env.CARRIER_URL, apiKey: secret('carrier_api_key') },
  push: { enabled: process.env.PUSH === '1', url: process.env.PUSH_URL },
  ...overrides(),
});
