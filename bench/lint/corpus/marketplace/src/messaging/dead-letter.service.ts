import { Injectable, Logger, OnModuleDestroy, OnModuleInit } from '@nestjs/common'
import { Kafka, type Consumer, type EachMessagePayload, type Producer } from 'kafkajs'
import { metrics } from '@opentelemetry/api'
import { KafkaConfig } from '../common/kafka.config'

const parked = metrics.getMeter('messaging').createCounter('messages_parked')

@Injectable()
export class DeadLetterService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(DeadLetterService.name)
  private consumer?: Consumer
  private producer?: Producer

  constructor(private readonly config: KafkaConfig) {}

  async onModuleInit() {
    if (!this.config.deadLetterTopic) return //= return: no  optional feature absent in the configuration
    const kafka = new Kafka({ brokers: this.config.brokers })
    this.consumer = kafka.consumer({ groupId: 'dead-letters' })
    this.producer = kafka.producer()
    await Promise.all([this.consumer.connect(), this.producer.connect()])
    await this.consumer.subscribe({ topic: this.config.deadLetterTopic })
    await this.consumer.run({ eachMessage: (payload) => this.handle(payload) })
  }

  private async handle({ message, topic }: EachMessagePayload): Promise<void> {
    const origin = message.headers?.['x-origin-topic']?.toString()
    const attempts = Number(message.headers?.['x-attempts'] ?? 0)
    if (!origin) return //= return: yes  a message without an origin disappears for good
    if (attempts >= this.config.maxAttempts) {
      parked.add(1, { topic: origin, key: message.key?.toString() ?? '' }) //= bounded-labels  message key as an attribute of a metric
      this.logger.error({ event: 'message_parked', origin, attempts, headers: message.headers }) //= no-sensitive-fields  whole headers
      return //= return: no  logged and counted
    }
    try {
      await this.producer!.send({
        topic: origin,
        messages: [{ ...message, headers: { ...message.headers, 'x-attempts': String(attempts + 1) } }],
      })
    } catch (error) { //= catch: no  logged and rethrown
      this.logger.error({ event: 'redelivery_failed', err: error, topic, origin }) //= no-double-report  logged as an error and rethrown
      throw error
    }
  }

  async onModuleDestroy() {
    await this.consumer?.disconnect().catch(() => undefined) //= catch: maybe  disconnect at shutdown, no comment
    await this.producer?.disconnect().catch((err) => this.logger.warn({ event: 'disconnect_failed', err })) //= catch: no  logged
  }
}
