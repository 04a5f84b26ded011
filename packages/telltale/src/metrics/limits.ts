import { slot } from '../state/state.js'

/** Bounds and strictness that `configureMetrics` sets; read late, since metrics are defined before `setup()`. */
export const limits = slot('metric-limits', () => ({ maxSeries: 2000, strict: false }))
