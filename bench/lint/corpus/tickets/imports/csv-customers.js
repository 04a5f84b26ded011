'use strict';

const { parse } = require('csv-parse');
const fs = require('fs');
const { pipeline } = require('stream/promises');
const { Writable } = require('stream');
const bunyan = require('bunyan');
const { Customer, Import } = require('../models');
const storage = require('../lib/storage');

const log = bunyan.createLogger({ name: 'import.csv' });

const COLUMNS = { 'e-mail': 'email', mail: 'email', 'full name': 'name', organisation: 'company' };

function normaliseHeader(raw) {
  const key = raw.trim().toLowerCase();
  if (key in COLUMNS) return COLUMNS[key]; //= return: no  pure lookup
  return key.replace(/\W+/g, '_');
}

function toRow(record) {
  const email = (record.email || '').trim();
  if (!email.includes('@')) return { error: 'invalid_email' }; //= return: no  result carries the reason
  if (email.length > 254) return { error: 'email_too_long' }; //= return: no  result carries the reason
  return { value: { email, name: record.name || null, company: record.company || null } };
}

async function importCustomers(importId) {
  const record = await Import.query().findById(importId);
  if (!record?.file_key) return; //= return: yes  job ends without a file or record, import hangs in the UI

  const tmp = `/tmp/import-${importId}.csv`;
  try {
    await storage.download(record.file_key, tmp);
  } catch (error) { //= catch: no  stored on the import for the user
    await record.$query().patch({ state: 'failed', failure: `Download: ${error.message}` });
    return; //= return: no  failure stored
  }

  const rejects = [];
  const sink = new Writable({
    objectMode: true,
    async write(row, _enc, cb) {
      const { error, value } = toRow(row);
      if (error) {
        rejects.push({ row, error });
        return cb(); //= return: no  reject is collected with its reason
      }
      try {
        await Customer.upsertByEmail(record.account_id, value);
        cb();
      } catch (err) { //= catch: no  passed to the stream
        cb(err);
      }
    },
  });

  try {
    await pipeline(fs.createReadStream(tmp), parse({ columns: (h) => h.map(normaliseHeader), bom: true }), sink);
  } catch (err) { //= catch: yes  import just stays half done, error dropped
    await record.$query().patch({ state: 'failed' });
    return; //= return: yes  aborted halfway, reason lost
  } finally {
    // temp file may already have been swept
    await fs.promises.unlink(tmp).catch(() => {}); //= catch: no  best-effort cleanup with a comment
  }

  if (rejects.length) {
    log.warn({ importId, rejects: rejects.length }, 'rows rejected');
  }
  await record.$query().patch({ state: 'done', rejected: rejects.length });
}

module.exports = { importCustomers, toRow, normaliseHeader };
