import type { Job } from 'bullmq'
import { componentLog } from '../log.js'
import { RedisCache } from '../cache/redis-cache.js'
import type { ItemRepo } from '../repos/item-repo.js'
import type { PlanRepo } from '../repos/plan-repo.js'
import { detectLanguage } from '../parsers/language.js'

interface Translator {
  translate(html: string, from: string, to: string): Promise<{ html: string; characters: number }>
}

export class TranslateWorker {
  private log = componentLog('translate')

  constructor(
    private readonly items: ItemRepo,
    private readonly plans: PlanRepo,
    private readonly translator: Translator,
    private readonly cache: RedisCache<string>,
  ) {}

  async process({ data }: Job<{ itemId: string; to: string; accountId: string }>): Promise<void> {
    const { itemId, to, accountId } = data
    const item = await this.items.get(itemId)
    if (!item?.html) return //= return: yes  translation asked for, item empty or gone, silence

    const from = detectLanguage(item.html)
    if (from === to) return //= return: no  already in the language that is wanted
    if (from === undefined) {
      return //= return: yes  language unknown, translation never appears
    }

    const key = `${itemId}:${to}`
    const cached = await this.cache.get(key)
    if (cached) {
      await this.items.addTranslation(itemId, to, cached)
      return //= return: no  branch is done from the cache
    }

    const { charactersLeft } = await this.plans.translationBudget(accountId)
    if (item.html.length > charactersLeft) return //= return: yes  budget spent, reader waits for ever

    const translated = await this.attempt(item.html, from, to)
    if (!translated) return //= return: no  attempt has logged why
    await this.items.addTranslation(itemId, to, translated.html)
    await this.plans.useCharacters(accountId, translated.characters)
    await this.cache.set(key, translated.html)
    console.log(`translated ${itemId} to ${to}`) //= no-console  left over from debugging
  }

  private async attempt(html: string, from: string, to: string): Promise<{ html: string; characters: number } | undefined> {
    try {
      return await this.translator.translate(html, from, to) //= return: no  the result
    } catch (error) { //= catch: no  logged
      this.log.error(`translation ${from}-${to} failed: ${(error as Error).message}`) //= error-with-context  error.message interpolated //= structured-event  interpolated message
      return undefined //= return: no  logged
    }
  }
}
