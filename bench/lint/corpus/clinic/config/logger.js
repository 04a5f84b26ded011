'use strict';

const winston = require('winston');

const { combine, timestamp, errors, json, colorize, printf } = winston.format;

const levelFromEnv = () => {
  const level = process.env.LOG_LEVEL;
  if (!level) return 'info'; //= return: no  default of a getter
  return Object.keys(winston.config.npm.levels).includes(level) ? level : 'info';
};

const dropHealthChecks = winston.format((info) => {
  if (info.path === '/healthz') return false; //= return: no  log format filter, no effects
  return info;
});

const development = combine(
  colorize(),
  timestamp({ format: 'HH:mm:ss' }),
  printf((info) => {
    const { level, message, timestamp: at, ...rest } = info;
    const extra = Object.keys(rest).length ? ` ${JSON.stringify(rest)}` : '';
    return `${at} ${level} ${message}${extra}`;
  }),
);

const logger = winston.createLogger({
  level: levelFromEnv(),
  defaultMeta: { service: 'clinic-api' },
  format:
    process.env.NODE_ENV === 'production'
      ? combine(dropHealthChecks(), errors({ stack: true }), timestamp(), json())
      : development,
  transports: [new winston.transports.Console()],
});

module.exports = logger;
