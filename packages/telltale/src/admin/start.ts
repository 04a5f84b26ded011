import { briefField } from '../errors/record.js'
import { closeLast } from '../lifecycle/hooks.js'
import { warning } from '../log/levels.js'
import { loggerNamed } from '../log/logger.js'
import { reportOnce } from '../self/report.js'
import { show } from '../self/show.js'
import { addressOf, urlOf } from './address.js'
import type { Listener } from './listener.js'
import type { AdminOptions } from './options.js'

const log = loggerNamed('telltale')

/**
 * Opens the admin listener in the background and closes it at shutdown, after everything else. What
 * keeps it from listening, a taken port for instance, is said, and the service goes on without it. Loaded on use.
 */
export function startAdmin(options: AdminOptions): void {
  const opened = open(options)
  closeLast('admin_listener', async () => (await opened)?.close())
}

async function open(options: AdminOptions): Promise<Listener | undefined> {
  try {
    const { openListener } = await import('./listener.js')
    return await openListener(options)
  } catch (error) {
    const url = urlOf(addressOf(options))
    log.raise(warning, 'admin_not_listening', { url, error: briefField(error) }, undefined)
    reportOnce(`admin ${url}`, `the admin listener can't listen on ${url}: ${show(error)}`)
    return undefined
  }
}
