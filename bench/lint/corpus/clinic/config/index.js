'use strict';

const fs = require('fs');
const path = require('path');
const logger = require('./logger');

const DEFAULTS = {
  port: 3000,
  timezone: 'Europe/Vienna',
  reminders: { hoursBefore: [48, 3], quietFrom: 21, quietTo: 7 },
  billing: { currency: 'EUR', dueDays: 14 },
};

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')); //= return: no  the value that was read
  } catch (err) { //= catch: no  only ENOENT is handled, the rest rethrown
    if (err.code === 'ENOENT') return {}; //= return: no  no file means no overrides
    throw err;
  }
}

function number(name, fallback) {
  const raw = process.env[name];
  if (raw === undefined || raw === '') return fallback; //= return: no  default of a parser
  const value = Number(raw);
  if (Number.isNaN(value)) throw new Error(`${name} must be a number`);
  return value;
}

function load() {
  const overrides = readJson(path.join(__dirname, `${process.env.NODE_ENV || 'development'}.json`));

  const config = {
    ...DEFAULTS,
    ...overrides,
    port: number('PORT', DEFAULTS.port),
    mongoUrl: process.env.MONGO_URL,
    smsApiKey: process.env.SMS_API_KEY,
  };

  if (!config.mongoUrl) {
    console.error('MONGO_URL is not set, refusing to start'); //= no-console  the logger is imported
    process.exit(1);
  }

  logger.info('Configuration loaded', { env: process.env }); //= no-sensitive-fields  whole process.env
  return Object.freeze(config);
}

module.exports = load();
