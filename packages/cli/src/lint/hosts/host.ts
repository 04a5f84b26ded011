import type { Linted } from '../finding.js'
import type { HostName } from '../options.js'
import type { Installed } from './installed.js'

/** One run of a host. */
export interface HostCall {
  readonly folder: string
  readonly paths: readonly string[]
  readonly config: string | undefined
  readonly installed: Installed
}

export interface Host {
  readonly title: string
  /** Names of its configuration files. */
  readonly configs: readonly string[]
  /** The first part of the versions that will do, and how to get one. */
  readonly accepts: (version: string) => boolean
  readonly needs: string
  /** How the rules come into its configuration. */
  readonly setup: string
  /** Throws a `NoVerdict` with the host's own words where it can't run. */
  readonly lint: (call: HostCall) => Promise<Linted>
}

export type Hosts = { readonly [Name in HostName]: Host }
