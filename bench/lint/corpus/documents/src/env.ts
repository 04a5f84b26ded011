import fs from "fs";
import path from "path";
import dotenv from "dotenv";

dotenv.config({ path: path.resolve(process.cwd(), `.env.${process.env.NODE_ENV ?? "development"}`) });

const toBoolean = (value: string | undefined) => ["1", "true", "yes"].includes(value?.trim().toLowerCase() ?? "");

// Docker secrets are mounted as files
function fromFile(name: string): string | undefined {
  const file = process.env[`${name}_FILE`];
  if (!file) {
    return process.env[name]; //= return: no  config getter
  }
  try {
    return fs.readFileSync(file, "utf8").trim(); //= return: no  config getter
  } catch (err) { //= catch: no  printed at boot before a logger exists
    console.error(`Unable to read ${file}`, err); //= no-console  raw console
    return undefined; //= return: no  printed
  }
}

const env = {
  URL: process.env.URL ?? "http://localhost:3000",
  DATABASE_URL: fromFile("DATABASE_URL"),
  REDIS_URL: fromFile("REDIS_URL"),
  SECRET_KEY: fromFile("SECRET_KEY"),
  SMTP_HOST: process.env.SMTP_HOST,
  SENTRY_DSN: process.env.SENTRY_DSN,
  LOG_LEVEL: process.env.LOG_LEVEL ?? "info",
  DEBUG_CATEGORIES: (process.env.DEBUG ?? "").split(","),
  RATE_LIMITER_ENABLED: toBoolean(process.env.RATE_LIMITER_ENABLED),
  API_KEY_MAX_AGE_DAYS: Number(process.env.API_KEY_MAX_AGE_DAYS ?? 0),
  isProduction: process.env.NODE_ENV === "production",
  isDevelopment: process.env.NODE_ENV === "development",
} as const;

export default env as any;
