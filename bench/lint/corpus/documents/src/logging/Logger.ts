import * as Sentry from "@sentry/node";
import { isArray, isObject, mapValues } from "lodash";
import winston from "winston";
import env from "../env";
import Metrics from "./Metrics";

export type LogCategory =
  | "http"
  | "queue"
  | "task"
  | "email"
  | "hooks"
  | "database"
  | "storage"
  | "lifecycle"
  | "collaboration";

type Extra = Record<string, unknown>;

const SENSITIVE_KEYS = ["accessToken", "refreshToken", "password", "content"];

const output = winston.createLogger({
  level: env.LOG_LEVEL,
  format: env.isProduction ? winston.format.json() : winston.format.simple(),
  transports: [new winston.transports.Console()],
});

class Logger {
  info(category: LogCategory, message: string, extra?: Extra) {
    output.info(message, { ...this.sanitize(extra), category });
  }

  debug(category: LogCategory, message: string, extra?: Extra) {
    if (env.isProduction && !env.DEBUG_CATEGORIES.includes(category)) {
      return; //= return: no  level filter inside the logger
    }
    output.debug(message, { ...this.sanitize(extra), category });
  }

  warn(category: LogCategory, message: string, extra?: Extra) {
    Metrics.increment("logger.warning", { category });
    output.warn(message, { ...this.sanitize(extra), category });
  }

  error(category: LogCategory, message: string, error: Error, extra?: Extra) {
    Metrics.increment("logger.error", { name: error.name });

    if (env.SENTRY_DSN) {
      Sentry.withScope((scope) => {
        scope.setLevel("error");
        for (const key in extra) {
          scope.setExtra(key, this.sanitize(extra[key]));
        }
        Sentry.captureException(error);
      });
    }

    output.error(message, { ...this.sanitize(extra), category, error });
  }

  private sanitize = <T>(input: T, depth = 0): T => {
    if (!env.isProduction) return input; //= return: no  pure sanitiser
    if (depth > 4) return "[…]" as unknown as T; //= return: no  pure sanitiser
    if (isArray(input)) {
      return input.map((item) => this.sanitize(item, depth + 1)) as unknown as T; //= return: no  pure sanitiser
    }
    if (isObject(input) && !(input instanceof Error)) {
      return mapValues(input as object, (value, key) => //= return: no  pure sanitiser
        SENSITIVE_KEYS.includes(key) ? "[Filtered]" : this.sanitize(value, depth + 1)
      ) as unknown as T;
    }
    return input;
  };
}

export default new Logger();
