import type { Scope } from '../context/scope.js'
import { slot } from '../state/state.js'
import { error } from './levels.js'

export interface FloodOptions {
  /** Events of one name let through a second, in the long run. */
  readonly perSecond: number
  /** Events of one name let through at once; default ten seconds' worth. */
  readonly burst?: number
}

/** Shares of events by name, from 0 to 1; a name may end in `*`. */
export type SampleRates = Readonly<Record<string, number>>

interface Gates {
  /** Whether anything is limited at all. */
  on: boolean
  /** Raised by each change: what was decided about names is decided anew. */
  version: number
  flood: { readonly perSecond: number; readonly burst: number } | undefined
  rates: SampleRates
  /** Names of which events were suppressed since the last summary. */
  suppressed: Map<string, number>
  /** Called when the first event is suppressed since the last summary. */
  summarise: () => void
}

export const gates = slot<Gates>('log.gates', () => ({
  on: false,
  version: 0,
  flood: undefined,
  rates: {},
  suppressed: new Map(),
  summarise: () => undefined,
}))

export function setGates(flood: FloodOptions | undefined, rates: SampleRates): void {
  gates.flood =
    flood === undefined
      ? undefined
      : { perSecond: flood.perSecond, burst: flood.burst ?? Math.max(1, flood.perSecond * 10) }
  gates.rates = rates
  gates.on = flood !== undefined || Object.keys(rates).length > 0
  gates.version++
}

// The end of each request and each flow's own events say what no others say.
const never = /^request_|_flow_/

/** Whether events of this name are neither sampled nor suppressed. */
export function isExempt(name: string): boolean {
  return never.test(name)
}

/** Tokens that fill up by the second; each event takes one. */
export class Bucket {
  private version = -1
  private tokens = 0
  private filledAt = 0

  constructor(readonly name: string) {}

  take({ perSecond, burst }: { perSecond: number; burst: number }): boolean {
    const now = performance.now()
    if (this.version === gates.version) {
      this.tokens = Math.min(burst, this.tokens + ((now - this.filledAt) / 1000) * perSecond)
    } else {
      this.version = gates.version
      this.tokens = burst
    }
    this.filledAt = now
    if (this.tokens < 1) return false
    this.tokens--
    return true
  }
}

/** What limits the events of one name: a share, and a bucket of tokens. */
export class Gate {
  private version = -1
  private rate = 1
  private exempt = false

  constructor(
    private readonly name: string,
    private readonly bucket = new Bucket(name),
  ) {}

  /** The share of which an event passes, 1 where it stands for itself alone, 0 where it does not pass. */
  admit(level: number, scope: Scope | undefined): number {
    if (level >= error) return 1
    if (this.version !== gates.version) this.decide()
    if (this.exempt) return 1
    if (this.rate < 1 && !chosen(this.rate, scope)) return 0
    if (gates.flood !== undefined && !this.bucket.take(gates.flood)) {
      const { name } = this.bucket
      if (gates.suppressed.size === 0) gates.summarise()
      gates.suppressed.set(name, (gates.suppressed.get(name) ?? 0) + 1)
      return 0
    }
    return this.rate
  }

  private decide(): void {
    this.version = gates.version
    this.exempt = isExempt(this.name)
    this.rate = rateOf(this.name)
  }
}

/** The rate of the name itself, else of the longest pattern that it matches. */
function rateOf(name: string): number {
  const own = Object.hasOwn(gates.rates, name) ? gates.rates[name] : undefined
  if (own !== undefined) return own
  let longest = ''
  for (const pattern of Object.keys(gates.rates)) {
    if (pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)) && pattern.length > longest.length)
      longest = pattern
  }
  return longest === '' ? 1 : gates.rates[longest]!
}

/** By the trace where there is one, so that the lines of one request are all there or all not. */
function chosen(rate: number, scope: Scope | undefined): boolean {
  const traceId = scope?.ids.traceId
  if (traceId === undefined) return Math.random() < rate
  return Number.parseInt(traceId.slice(-8), 16) / 2 ** 32 < rate
}
