import { Readable } from 'node:stream';
import type { Knex } from 'knex';
import ExcelJS from 'exceljs';
import SftpClient from 'ssh2-sftp-client';
import logger from '../lib/logger';
import { retry } from '../lib/retry';
import { reindex } from '../lib/search';

interface PriceRow {
  sku: string;
  price: number;
  currency: string;
  validFrom: Date | null;
}

type RowResult = { ok: true; row: PriceRow } | { ok: false; error: string };

const log = logger.child({ importer: 'price-list' });

export function readRow(cells: unknown[]): RowResult {
  const [, sku, price, currency, validFrom] = cells;
  if (typeof sku !== 'string' || sku === '') return { ok: false, error: 'sku is empty' }; //= return: no  carries the reason
  const value = typeof price === 'number' ? price : Number.parseFloat(String(price));
  if (Number.isNaN(value)) return { ok: false, error: `price of ${sku} is not a number` }; //= return: no  carries the reason
  return { ok: true, row: { sku, price: value, currency: String(currency ?? 'EUR'), validFrom: validFrom instanceof Date ? validFrom : null } };
}

export async function importPriceList(db: Knex, supplierId: number): Promise<number> {
  const supplier = await db('suppliers').where({ id: supplierId }).first();
  if (!supplier?.sftp_host) return 0; //= return: yes  a supplier without access data is reported as "0 prices"

  const file = await fetchLatest(supplier);
  if (!file) return 0; //= return: no  fetchLatest has logged
  if (file.hash === supplier.last_price_hash) {
    return 0; //= return: maybe  unchanged file is normal, but "why no new prices" is a usual question
  }

  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.read(Readable.from(file.content));
  const sheet = workbook.getWorksheet(supplier.sheet_name ?? 1);
  if (!sheet) return 0; //= return: yes  renamed sheet, prices are not imported and nothing says so

  let count = 0;
  const rejected: string[] = [];
  await db.transaction(async (trx) => {
    for (let i = 2; i <= sheet.rowCount; i++) {
      const result = readRow(sheet.getRow(i).values as unknown[]);
      if (!result.ok) {
        rejected.push(result.error);
        continue;
      }
      await trx('prices').insert(result.row).onConflict(['sku', 'valid_from']).merge();
      count += 1;
    }
    await trx('suppliers').where({ id: supplierId }).update({ last_price_hash: file.hash });
  });
  log.info(`imported ${count} prices from ${supplier.name}, ${rejected.length} rejected`); //= structured-event  interpolated
  reindex('prices').catch((err) => console.error(err)); //= catch: no  reaches the console //= no-console  module has a logger
  return count;
}

async function fetchLatest(supplier: { id: number; sftp_host: string; sftp_user: string; sftp_password: string }) {
  const sftp = new SftpClient();
  try {
    await retry(() => sftp.connect({ host: supplier.sftp_host, username: supplier.sftp_user, password: supplier.sftp_password }), 3);
    const files = await sftp.list('/out', (f) => f.name.endsWith('.xlsx'));
    if (files.length === 0) {
      log.info('no price list on the server', { supplierId: supplier.id });
      return null; //= return: no  logged above
    }
    const newest = files.sort((a, b) => b.modifyTime - a.modifyTime)[0];
    const content = (await sftp.get(`/out/${newest.name}`)) as Buffer;
    return { content, hash: `${newest.name}:${newest.size}:${newest.modifyTime}` }; //= return: no  happy path
  } catch (err) { //= catch: no  logged with the error
    log.error('price list download failed', { err, host: supplier.sftp_host, password: supplier.sftp_password }); //= no-sensitive-fields  SFTP password
    return null; //= return: no  logged above
  } finally {
    await sftp.end().catch(() => undefined); //= catch: maybe  closing a connection, best effort though no comment says so
  }
}
