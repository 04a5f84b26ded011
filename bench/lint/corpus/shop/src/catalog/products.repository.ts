import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Brackets, Repository, SelectQueryBuilder } from 'typeorm';
import { CacheService } from '../common/cache.service';
import { ProductQuery } from './dto/product-query.dto';
import { Product } from './product.entity';

@Injectable()
export class ProductsRepository {
  constructor(
    @InjectRepository(Product) private readonly repo: Repository<Product>,
    private readonly cache: CacheService,
  ) {}

  async bySlug(slug: string): Promise<Product | null> {
    const key = `product:${slug}`;
    const cached = await this.cache.get<Product>(key);
    if (cached) return cached; //= return: no  cache hit

    const product = await this.repo.findOne({ where: { slug, published: true }, relations: { variants: true } });
    if (!product) {
      await this.cache.set(key, null, 30);
      return null; //= return: no  lookup
    }
    await this.cache.set(key, product, 300);
    return product;
  }

  async search(query: ProductQuery): Promise<[Product[], number]> {
    const qb = this.repo.createQueryBuilder('p').where('p.published = true');
    this.applyText(qb, query.q);
    if (query.categoryIds?.length) {
      qb.andWhere('p.categoryId IN (:...ids)', { ids: query.categoryIds });
    }
    return qb.orderBy(this.orderOf(query.sort)).skip(query.offset).take(query.limit).getManyAndCount();
  }

  async remember(customerId: string | undefined, productId: string) {
    if (!customerId) return; //= return: no  guests have no history, guard on the parameter
    await this.repo.query('INSERT INTO viewed_products VALUES ($1, $2, now()) ON CONFLICT DO NOTHING', [customerId, productId]);
  }

  async *iterate(batch = 500): AsyncGenerator<Product[]> {
    let lastId = '';
    while (true) {
      const page = await this.repo.createQueryBuilder('p').where('p.id > :lastId', { lastId }).orderBy('p.id').take(batch).getMany();
      if (page.length === 0) return; //= return: no  end of the generator
      yield page;
      lastId = page[page.length - 1].id;
    }
  }

  private applyText(qb: SelectQueryBuilder<Product>, text?: string) {
    if (!text?.trim()) return; //= return: no  query builder, no filter asked for
    qb.andWhere(
      new Brackets((sub) => sub.where('p.title ILIKE :text', { text: `%${text}%` }).orWhere('p.ean = :ean', { ean: text })),
    );
  }

  private orderOf(sort?: string): Record<string, 'ASC' | 'DESC'> {
    if (sort?.endsWith('price')) {
      return { 'p.price': sort.startsWith('-') ? 'DESC' : 'ASC' }; //= return: no  pure
    }
    return { 'p.rank': 'DESC' };
  }
}
