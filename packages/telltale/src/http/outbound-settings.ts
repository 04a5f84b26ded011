import { slot } from '../state/state.js'

/** What holds for all calls to other services; `observed` once their clients are. */
export const outboundSettings = slot('http.outbound', () => ({
  observed: false,
  /** Hosts besides the own ones that get ids, with the hosts below them. */
  propagateTo: [] as readonly string[],
  slowMs: 1000,
}))
