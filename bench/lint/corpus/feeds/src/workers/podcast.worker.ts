import type { Job } from 'bullmq'
import { parseFile } from 'music-metadata'
import { componentLog } from '../log.js'
import { itemsStored } from '../metrics.js'
import type { ItemRepo } from '../repos/item-repo.js'
import type { MediaRepo } from '../repos/media-repo.js'
import type { ReaderRepo } from '../repos/reader-repo.js'
import type { Queues } from '../queues/queues.js'
import type { Transcriber } from '../integrations/transcriber.js'

type Step = 'probe' | 'transcribe' | 'announce'

interface PodcastJob {
  itemId: string
  step: Step
  file?: string
}

export class PodcastWorker {
  private readonly log = componentLog('podcast')

  constructor(
    private readonly items: ItemRepo,
    private readonly media: MediaRepo,
    private readonly readers: ReaderRepo,
    private readonly transcriber: Transcriber,
    private readonly queues: Queues,
  ) {}

  handle = async (job: Job<PodcastJob>): Promise<void> => {
    const { itemId, step, file } = job.data
    if (step === 'probe') return this.probe(itemId, file) //= return: no  dispatch
    if (step === 'transcribe') return this.transcribe(itemId) //= return: no  dispatch
    return this.announce(itemId)
  }

  private async probe(itemId: string, file?: string): Promise<void> {
    if (!file) return //= return: yes  probe job without a file ends the whole chain
    let seconds: number | undefined
    try {
      const { format } = await parseFile(file, { duration: true })
      seconds = format.duration
    } catch { //= catch: yes  unreadable episode, the reason is lost
      seconds = undefined
    }
    if (seconds === undefined) return //= return: yes  no duration, no transcript and no announcement follow

    await this.media.setDuration(itemId, Math.round(seconds))
    await this.queues.podcast.add('transcribe', { itemId, step: 'transcribe' })
  }

  private async transcribe(itemId: string): Promise<void> {
    const row = await this.media.byItem(itemId)
    if (!row?.key || row.transcript) return //= return: maybe  mixes a missing file with a transcript that is there

    const owner = await this.items.ownerSettings(itemId)
    const { minutesLeft } = owner.transcripts
    if (row.seconds / 60 > minutesLeft) {
      return //= return: yes  minutes are used up, the transcript never comes
    }
    if (!this.transcriber.supports(row.language)) return //= return: yes  language isn't supported, unsaid

    const text = await this.transcriber.transcribe(row.key, row.language)
    await this.media.setTranscript(itemId, text)
    itemsStored.inc({ kind: `transcript:${row.language}:${itemId}` }) //= bounded-labels  id in the label
    await this.queues.podcast.add('announce', { itemId, step: 'announce' })
  }

  private async announce(itemId: string): Promise<void> {
    const item = await this.items.get(itemId)
    const followers = item ? await this.readers.followersOf(item.feedId) : []
    if (followers.length === 0) return //= return: no  nobody follows it, nothing to do
    if (Date.now() - Date.parse(item!.publishedAt) > 3 * 86_400_000) return //= return: yes  late episode isn't announced

    for (const readerId of followers) {
      await this.queues.push.add('push', { readerId, itemId }).catch((err: unknown) => { //= catch: no  logged
        this.log.warn({ err, readerId, itemId }, 'episode not announced')
      })
    }
  }
}
