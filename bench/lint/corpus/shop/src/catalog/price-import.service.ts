import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { parse } from 'csv-parse';
import { Repository } from 'typeorm';
import { SearchSyncService } from '../search/search-sync.service';
import { ImportRun } from './import-run.entity';
import { parseMoney } from './money.parser';
import { Price } from './price.entity';
import { Product } from './product.entity';

@Injectable()
export class PriceImportService {
  private readonly logger = new Logger(PriceImportService.name);

  constructor(
    @InjectRepository(Product) private readonly products: Repository<Product>,
    @InjectRepository(Price) private readonly prices: Repository<Price>,
    @InjectRepository(ImportRun) private readonly runs: Repository<ImportRun>,
    private readonly search: SearchSyncService,
  ) {}

  async importFile(path: string, supplierId: string): Promise<ImportRun | undefined> {
    const checksum = await this.checksum(path);
    const before = await this.runs.findOneBy({ supplierId, checksum });
    if (before) {
      return undefined; //= return: yes  a supplier's file is skipped as unchanged and nobody can see it
    }

    const run = await this.runs.save({ supplierId, checksum, startedAt: new Date(), rows: 0, failed: 0 });
    const rows = createReadStream(path).pipe(parse({ columns: true, delimiter: ';', bom: true }));
    for await (const row of rows) {
      try {
        await this.importRow(row, supplierId);
        run.rows++;
      } catch (error) { //= catch: yes  row fails, only a count remains
        run.failed++;
      }
    }

    run.finishedAt = new Date();
    await this.runs.save(run);
    this.logger.log(`Imported ${run.rows} prices of supplier ${supplierId}, ${run.failed} failed`); //= structured-event  counts interpolated
    await unlink(path).catch((err) => this.logger.warn({ err, path }, 'could not remove imported file')); //= catch: no  logged
    return run;
  }

  private async importRow(row: Record<string, string>, supplierId: string) {
    const { ean, price: raw, currency } = row;
    // suppliers pad their files with empty lines
    if (!ean) return; //= return: no  reason comment

    const amount = parseMoney(raw);
    if (amount === null) {
      return; //= return: yes  unreadable price is dropped but counted as imported
    }

    const product = await this.products.findOneBy({ ean });
    if (!product) return; //= return: yes  price for an unknown article vanishes

    const current = await this.prices.findOneBy({ productId: product.id, supplierId });
    if (current?.amount === amount && current.currency === currency) return; //= return: no  unchanged, nothing to do

    await this.prices.upsert({ productId: product.id, supplierId, amount, currency }, ['productId', 'supplierId']);
    await this.search.enqueue(product.id);
  }

  private checksum(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const hash = createHash('sha256');
      createReadStream(path)
        .on('data', (chunk) => hash.update(chunk))
        .on('error', reject)
        .on('end', () => resolve(hash.digest('hex')));
    });
  }
}
