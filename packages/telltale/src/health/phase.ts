import { slot } from '../state/state.js'

/** Where the process is in its life; readiness follows it. */
export const phase = slot('phase', () => ({ draining: false }))
