import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntitySubscriberInterface, EventSubscriber, RemoveEvent, UpdateEvent } from 'typeorm';
import { Product } from '../catalog/product.entity';
import { SearchSyncService } from './search-sync.service';

const INDEXED = ['title', 'description', 'brand', 'published', 'categoryId'];

@EventSubscriber()
@Injectable()
export class ProductSubscriber implements EntitySubscriberInterface<Product> {
  private readonly logger = new Logger(ProductSubscriber.name);

  constructor(
    @InjectDataSource() dataSource: DataSource,
    private readonly sync: SearchSyncService,
  ) {
    dataSource.subscribers.push(this);
  }

  listenTo() {
    return Product;
  }

  async afterUpdate(event: UpdateEvent<Product>) {
    const touched = event.updatedColumns.some((column) => INDEXED.includes(column.propertyName));
    if (!touched) return; //= return: no  filter, nothing indexed changed

    const id = event.entity?.id ?? event.databaseEntity?.id;
    if (!id) {
      return; //= return: yes  bulk updates carry no entity, the index silently goes stale
    }
    await this.sync.enqueue(id);
  }

  async afterRemove(event: RemoveEvent<Product>): Promise<void> {
    if (!event.entityId) return; //= return: maybe  hardly ever happens, but then the article stays findable
    try {
      await this.sync.remove(event.entityId);
    } catch (err) { //= catch: yes  removed article stays in the search index
      await this.sync.markDirty();
    }
  }
}
