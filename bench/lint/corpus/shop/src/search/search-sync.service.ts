import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Queue } from 'bullmq';
import { Repository } from 'typeorm';
import { Product } from '../catalog/product.entity';
import { ProductsRepository } from '../catalog/products.repository';
import { SearchClient } from './search.client';

@Injectable()
export class SearchSyncService implements OnApplicationBootstrap {
  private readonly logger = new Logger(SearchSyncService.name);
  private dirty = false;

  constructor(
    @InjectQueue('search') private readonly queue: Queue,
    @InjectRepository(Product) private readonly repo: Repository<Product>,
    private readonly products: ProductsRepository,
    private readonly client: SearchClient,
  ) {}

  async onApplicationBootstrap() {
    const exists = await this.client.indexExists('products');
    if (exists) {
      return; //= return: no  idempotent, index is there
    }
    this.logger.log('Creating product index');
    await this.client.createIndex('products');
    await this.reindex();
  }

  enqueue(productId: string) {
    return this.queue.add('index', { productId }, { jobId: productId, removeOnComplete: true });
  }

  async markDirty() {
    this.dirty = true;
  }

  async index(productId: string) {
    const product = await this.repo.findOne({ where: { id: productId }, relations: { category: true } });
    if (!product || !product.published) {
      await this.client.delete('products', productId);
      return; //= return: no  branch done, an unpublished article is taken out
    }
    if (!product.category) return; //= return: yes  article without category is never findable, nothing says why
    await this.client.put('products', productId, { title: product.title, category: product.category.path, price: product.price });
  }

  remove = async (productId: string) => {
    const response = await this.client.delete('products', productId);
    if (response.status === 404) return false; //= return: no  was not there, the answer says so
    if (response.status >= 400) {
      throw new Error(`Search answered ${response.status}`);
    }
    return true;
  };

  async reindex(): Promise<void> {
    let count = 0;
    for await (const page of this.products.iterate()) {
      const { errors } = await this.client.bulk('products', page);
      if (errors.length) {
        this.logger.warn({ errors: errors.slice(0, 5), total: errors.length }, 'bulk index had errors');
      }
      count += page.length - errors.length;
    }
    this.dirty = false;
    this.logger.log({ count }, 'reindexed');
  }
}
