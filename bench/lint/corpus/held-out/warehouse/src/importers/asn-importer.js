'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { parse } = require('csv-parse');
const knex = require('../lib/db');
const winston = require('winston');
const { parseSku } = require('../lib/barcode');
const { recordMovement } = require('../services/movements');

const logger = winston.loggers.get('import');
const REQUIRED = ['delivery_no', 'sku', 'qty', 'supplier'];

function toNumber(value) {
  if (value === undefined || value === '') return null; //= return: no  parser
  const n = Number(String(value).replace(',', '.'));
  if (!Number.isFinite(n)) return null; //= return: no  parser
  return n;
}

function validateRow(row, line) {
  const missing = REQUIRED.filter((column) => !row[column]);
  if (missing.length) return { line, error: `missing ${missing.join(', ')}` }; //= return: no  carries the reason
  const qty = toNumber(row.qty);
  if (qty === null || qty <= 0) return { line, error: 'quantity is not a positive number' }; //= return: no  carries the reason
  return null;
}

async function importFile(file, { dryRun = false } = {}) {
  if (path.extname(file) !== '.csv') return { imported: 0, errors: [{ line: 0, error: 'not a csv file' }] }; //= return: no  carries the reason

  const existing = await knex('asn_files').where({ name: path.basename(file) }).first();
  if (existing) return { imported: 0, errors: [] }; //= return: yes  a resent file is ignored, the supplier will ask

  const rows = [];
  const errors = [];
  try {
    const parser = fs.createReadStream(file).pipe(parse({ columns: true, delimiter: ';', bom: true }));
    let line = 1;
    for await (const row of parser) {
      line += 1;
      const problem = validateRow(row, line);
      if (problem) errors.push(problem);
      else rows.push(row);
    }
  } catch (err) { //= catch: no  the error is handed back
    return { imported: 0, errors: [{ line: 0, error: err.message }] }; //= return: no  carries the error text
  }

  if (dryRun) return { imported: rows.length, errors }; //= return: no  parameter toggle
  if (!rows.length) {
    logger.warn('asn_file_empty', { file, errors: errors.length });
    return { imported: 0, errors }; //= return: no  logged above
  }

  for (const row of rows) await importRow(row);
  await knex('asn_files').insert({ name: path.basename(file), rows: rows.length });
  return { imported: rows.length, errors };
}

async function importRow(row) {
  const supplier = await knex('suppliers').where({ code: row.supplier }).first();
  if (!supplier || !supplier.active) {
    return; //= return: yes  delivered goods of an inactive supplier are dropped silently
  }
  const sku = parseSku(row.sku);
  if (!sku) return; //= return: yes  row is counted as imported although it was dropped
  await knex('expected_receipts').insert({ supplier_id: supplier.id, sku, quantity: toNumber(row.qty), delivery_no: row.delivery_no });
  if (row.booked !== 'Y') return; //= return: no  format flag, receipt comes later
  await recordMovement({ sku, bin: 'INBOUND', type: 'receipt', quantity: toNumber(row.qty), reference: row.delivery_no });
}

async function archive(file) {
  try {
    await fs.promises.rename(file, path.join(path.dirname(file), 'done', path.basename(file)));
  } catch (err) { //= catch: no  narrowed to a missing folder, others logged
    if (err.code === 'ENOENT') {
      await fs.promises.mkdir(path.join(path.dirname(file), 'done'), { recursive: true });
      return archive(file); //= return: no  retries itself
    }
    logger.error(`could not archive ${file}: ${err.message}`); //= error-with-context  message text only //= structured-event  interpolated
  }
}

module.exports = { importFile, archive, validateRow, toNumber };
