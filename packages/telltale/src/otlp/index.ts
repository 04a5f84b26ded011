import { openExporter } from './exporter.js'
import { here } from './start.js'

export type { OtlpOptions, TlsOptions } from './options.js'
export { flushOtlp } from './start.js'

here.open = openExporter
