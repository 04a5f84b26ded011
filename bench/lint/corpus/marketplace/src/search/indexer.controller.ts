import { Controller, Inject, Logger } from '@nestjs/common'
import { EventPattern, Payload } from '@nestjs/microservices'
import { errors, type Client } from '@elastic/elasticsearch'
import { PrismaService } from '../common/prisma.service'
import { toDocument } from './offer-document'

interface OfferChanged {
  offerId: string
  kind: 'created' | 'updated' | 'price' | 'removed'
  at: string
}

@Controller()
export class IndexerController {
  private readonly logger = new Logger('Indexer')
  private readonly pending = new Map<string, NodeJS.Timeout>()

  constructor(
    private readonly prisma: PrismaService,
    @Inject('SEARCH') private readonly search: Client,
  ) {}

  @EventPattern('offers.changed')
  async onOfferChanged(@Payload() change: OfferChanged): Promise<void> {
    switch (change.kind) {
      case 'removed':
        await this.remove(change.offerId)
        return //= return: no  branch done
      case 'price':
        // prices come from the pricing topic
        return //= return: no  commented, routing by kind
      case 'created':
      case 'updated':
        this.debounce(change.offerId)
        return //= return: no  branch done
      default:
        this.logger.warn({ event: 'unknown_change', kind: change.kind, offerId: change.offerId })
    }
  }

  private debounce = (offerId: string): void => {
    if (this.pending.has(offerId)) return //= return: no  debounced, a timer is running
    const timer = setTimeout(() => {
      this.pending.delete(offerId)
      this.index(offerId).catch((err) => this.logger.error({ event: 'index_failed', err, offerId })) //= catch: no  logged
    }, 2000)
    this.pending.set(offerId, timer)
  }

  private async index(offerId: string): Promise<void> {
    const offer = await this.prisma.offer.findUnique({ where: { id: offerId }, include: { seller: true, images: true } })
    if (!offer) return this.remove(offerId) //= return: no  branch done, removed from the index
    if (!offer.published) return this.remove(offerId) //= return: no  branch done, removed from the index
    if (offer.seller.suspended) return //= return: yes  stays stale in the index as the seller is suspended, not said anywhere
    await this.search.index({ index: 'offers', id: offerId, document: toDocument(offer) })
  }

  private async remove(offerId: string): Promise<void> {
    try {
      await this.search.delete({ index: 'offers', id: offerId })
    } catch (error) { //= catch: no  narrowed to 404
      if (error instanceof errors.ResponseError && error.statusCode === 404) return //= return: no  nothing to remove
      throw error
    }
  }

  async *staleIds(before: Date): AsyncGenerator<string> {
    let cursor: string | undefined
    while (true) {
      const page = await this.prisma.offer.findMany({
        where: { indexedAt: { lt: before } },
        take: 500,
        ...(cursor ? { skip: 1, cursor: { id: cursor } } : {}),
      })
      if (page.length === 0) return //= return: no  end of a generator
      yield* page.map((offer) => offer.id)
      cursor = page[page.length - 1].id
    }
  }
}
