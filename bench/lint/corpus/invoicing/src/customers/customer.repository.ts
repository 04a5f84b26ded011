import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, Repository } from 'typeorm';
import type { Redis } from 'ioredis';
import { InjectRedis } from '../common/redis.decorator';
import { Customer } from './customer.entity';
import { CustomerMerge } from './customer-merge.entity';

@Injectable()
export class CustomerRepository {
  private readonly logger = new Logger('customers');

  constructor(
    @InjectRepository(Customer) private readonly repo: Repository<Customer>,
    @InjectRepository(CustomerMerge) private readonly merges: Repository<CustomerMerge>,
    @InjectRedis() private readonly redis: Redis,
  ) {}

  async byId(id: string): Promise<Customer | null> {
    const hit = await this.redis.get(`customer:${id}`).catch(() => null); //= catch: yes  a dead cache goes unnoticed
    if (hit) {
      try {
        return this.repo.create(JSON.parse(hit) as Partial<Customer>); //= return: no  cache hit
      } catch { //= catch: no  parse probe, the entry is dropped
        await this.redis.del(`customer:${id}`);
      }
    }
    const customer = await this.repo.findOneBy({ id });
    if (!customer) return this.followMerge(id); //= return: no  lookup goes on
    await this.redis.set(`customer:${id}`, JSON.stringify(customer), 'EX', 300);
    return customer;
  }

  private async followMerge(id: string, depth = 0): Promise<Customer | null> {
    if (depth > 5) return null; //= return: maybe  merge cycle looks like a missing customer
    const merge = await this.merges.findOneBy({ fromId: id });
    if (!merge) return null; //= return: no  lookup
    return (await this.repo.findOneBy({ id: merge.intoId })) ?? this.followMerge(merge.intoId, depth + 1);
  }

  findWithContacts(id: string) {
    return this.repo.findOne({ where: { id }, relations: { contacts: true } });
  }

  async namesOf(ids: string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map(); //= return: no  emptiness guard
    const rows = await this.repo.find({ where: { id: In(ids) }, select: ['id', 'name'] });
    return new Map(rows.map((r) => [r.id, r.name]));
  }

  async postalAddress(id: string) {
    const customer = await this.repo.findOne({ where: { id }, relations: { addresses: true } });
    if (!customer?.addresses?.length) return null; //= return: no  getter
    const billing = customer.addresses.find((a) => a.kind === 'billing');
    if (billing) return billing; //= return: no  getter
    return customer.addresses[0];
  }

  async merge(fromId: string, intoId: string, actorId: string): Promise<void> {
    if (fromId === intoId) return; //= return: no  nothing to merge
    const [from, into] = await Promise.all([this.repo.findOneBy({ id: fromId }), this.repo.findOneBy({ id: intoId })]);
    if (!from || !into || from.tenantId !== into.tenantId) return; //= return: yes  merge refused without a word, even across tenants

    await this.repo.manager.transaction(async (em) => {
      await em.update('invoice', { customerId: fromId }, { customerId: intoId });
      await em.insert(CustomerMerge, { fromId, intoId, actorId });
      await em.softDelete(Customer, fromId);
    });
    await this.redis.del(`customer:${fromId}`, `customer:${intoId}`).catch((err) => { //= catch: no  logged
      this.logger.warn(`cache not cleared for ${fromId}`, err); //= structured-event  interpolated message
    });
  }

  async touch(id: string, field: 'lastInvoiceAt' | 'lastPaymentAt', at = new Date()) {
    const { affected } = await this.repo.update(id, { [field]: at });
    if (affected) return; //= return: no  done
    console.warn('customer row vanished while touching', id, field); //= no-console  console in a service with a logger
  }
}
