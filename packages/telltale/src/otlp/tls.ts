import { readFileSync } from 'node:fs'
import { reportOnce } from '../self/report.js'
import type { TlsOptions } from './options.js'
import type { Target } from './settings.js'

/** The option's texts over the environment's files; one that can't be read is said once and left out. */
export function tlsOf({ tls, tlsFiles }: Target): TlsOptions {
  const read = Object.entries(tlsFiles).map(([name, path]) => [name, textOf(String(path))] as const)
  return { ...Object.fromEntries(read.filter(([, text]) => text !== undefined)), ...tls }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (problem) {
    const { code = 'an error' } = problem as NodeJS.ErrnoException
    reportOnce(
      `otlp-tls ${path}`,
      `the file ${path} for connections to the collector can't be read: ${code}.`,
    )
    return undefined
  }
}
