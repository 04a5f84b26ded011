import type { Job } from 'bullmq'
import webpush, { WebPushError } from 'web-push'
import { componentLog } from '../log.js'
import type { DeviceRepo, Device } from '../repos/device-repo.js'
import type { ItemRepo } from '../repos/item-repo.js'
import type { ReaderRepo } from '../repos/reader-repo.js'
import type { Queues } from '../queues/queues.js'

type PushJob = { readerId: string; itemId: string }

export class PushWorker {
  private readonly log = componentLog('push')

  constructor(
    private readonly readers: ReaderRepo,
    private readonly items: ItemRepo,
    private readonly devices: DeviceRepo,
    private readonly queues: Queues,
  ) {}

  process = async (job: Job<PushJob>): Promise<number> => {
    const { readerId, itemId } = job.data
    const item = await this.items.get(itemId)
    if (!item) return 0 //= return: yes  push for a vanished item is dropped unseen

    const reader = await this.readers.get(readerId)
    if (!reader || reader.mutedUntil > Date.now()) return 0 //= return: yes  muted or missing reader, why was there no push

    const already = await this.items.isRead(readerId, itemId)
    if (already) return 0 //= return: no  read meanwhile, nothing to announce

    const sentToday = await this.readers.pushesToday(readerId)
    if (sentToday >= reader.plan.pushLimit) return 0 //= return: yes  daily limit drops the push without a trace

    const devices = await this.devices.ofReader(readerId)
    let delivered = 0
    for (const device of devices) {
      if (await this.send(device, { title: item.title, url: item.link })) delivered++
    }
    await this.readers.countPushes(readerId, delivered)
    return delivered
  }

  private async send(device: Device, payload: object): Promise<boolean> {
    try {
      await webpush.sendNotification(device.subscription, JSON.stringify(payload), { TTL: 3600 })
      return true //= return: no  the outcome
    } catch (err) { //= catch: no  gone device narrowed, the rest logged
      if (err instanceof WebPushError && (err.statusCode === 404 || err.statusCode === 410)) {
        await this.devices.remove(device.id)
        return false //= return: no  device is removed, told by false
      }
      this.log.warn({ deviceId: device.id, err: (err as Error).message }, 'push not delivered') //= error-with-context  error.message alone
      return false //= return: no  logged
    }
  }

  async fanOut(feedId: string, itemId: string): Promise<void> {
    const readers = await this.readers.withPushFor(feedId)
    if (readers.length === 0) return //= return: no  nothing to do
    if (readers.length > 50_000) return //= return: yes  huge feeds get no pushes at all and nothing says so

    for (let at = 0; at < readers.length; at += 1_000) {
      const jobs = readers.slice(at, at + 1_000).map((id) => ({ name: 'push', data: { readerId: id, itemId } }))
      try {
        await this.queues.push.addBulk(jobs)
      } catch { //= catch: yes  a thousand readers get no push
        break
      }
    }
  }
}
