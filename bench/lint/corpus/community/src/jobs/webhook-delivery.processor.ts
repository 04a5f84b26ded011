import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import { createHmac } from 'node:crypto';
import { Job, UnrecoverableError } from 'bullmq';
import { request } from 'undici';
import { IntegrationsRepository } from '../common/integrations.repository';
import { DeliveriesRepository } from '../common/deliveries.repository';

type Delivery = { integrationId: string; event: string; payload: unknown; deliveryId: string };

@Processor('webhooks')
export class WebhookDeliveryProcessor extends WorkerHost {
  private readonly logger = new Logger(WebhookDeliveryProcessor.name);

  constructor(
    private readonly integrations: IntegrationsRepository,
    private readonly deliveries: DeliveriesRepository,
  ) {
    super();
  }

  async process(job: Job<Delivery>) {
    const { integrationId, event, payload, deliveryId } = job.data;
    const integration = await this.integrations.find(integrationId);
    if (!integration) {
      throw new UnrecoverableError(`integration ${integrationId} is gone`);
    }
    if (!integration.enabled) return; //= return: yes  delivery dropped, integration paused
    if (!integration.events.includes(event)) return; //= return: no  routing filter by subscription

    const usage = await this.deliveries.usage(integrationId);
    if (usage.lastHour > integration.hourlyLimit) {
      return { dropped: 'hourly_limit', limit: integration.hourlyLimit }; //= return: no  the reason is the job's return value
    }

    const body = JSON.stringify({ event, payload, deliveryId });
    const signature = createHmac('sha256', integration.secret).update(body).digest('hex');

    let statusCode: number;
    try {
      const response = await request(integration.url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', 'x-signature': signature },
        headersTimeout: 5000,
      });
      statusCode = response.statusCode;
      await response.body.dump();
    } catch (error) { //= catch: no  logged and rethrown
      await this.deliveries.failed(deliveryId, 'unreachable');
      this.logger.error(`Delivery ${deliveryId} to ${integration.url} failed`, error); //= no-double-report  logged as an error and rethrown //= structured-event  interpolated message
      throw error;
    }

    if (statusCode === 410) {
      await this.integrations.disable(integrationId);
      return; //= return: yes  receiver asked to stop, integration switched off without a word
    }
    if (statusCode >= 500) {
      await this.deliveries.failed(deliveryId, `status ${statusCode}`);
      throw new Error(`receiver answered ${statusCode}`);
    }
    await this.deliveries.succeeded(deliveryId, statusCode);
  }
}
