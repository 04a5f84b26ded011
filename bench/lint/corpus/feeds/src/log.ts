import bunyan from 'bunyan'
import type Logger from 'bunyan'

const serializers: bunyan.Serializers = {
  err: bunyan.stdSerializers.err,
  job: (job: { id?: string; name: string; attemptsMade: number } | undefined) => {
    if (!job) return job //= return: no  serialiser
    return { id: job.id, name: job.name, attempt: job.attemptsMade + 1 }
  },
  url: (value: string | URL) => {
    try {
      const url = new URL(String(value))
      url.username = ''
      url.password = ''
      url.search = ''
      return url.href //= return: no  serialiser
    } catch { //= catch: no  new URL probe with a fallback
      return '<invalid>' //= return: no  serialiser
    }
  },
}

export const rootLog: Logger = bunyan.createLogger({
  name: 'feeds',
  level: (process.env.LOG_LEVEL as bunyan.LogLevel | undefined) ?? 'info',
  serializers,
})

export function componentLog(component: string, fields: Record<string, unknown> = {}): Logger {
  return rootLog.child({ component, ...fields })
}
