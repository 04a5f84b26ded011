import { existsSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { defaultBaseline } from '../options.js'

/** Where the baseline of a run is, and from where it names files. */
export interface Place {
  /** From the folder of the run. */
  readonly path: string
  readonly folder: string
  /** The folder of the run from there, with `/`; empty where it is the same. */
  readonly part: string
}

/**
 * The baseline that is named, or the nearest in this folder and those above. One of the usual name above names files from
 * where it is, any other file from where it is run.
 */
export function placeOf(folder: string, path: string | undefined): Place {
  const found = path ?? nearest(folder)
  const above = dirname(resolve(folder, found))
  const part = relative(above, folder).split(sep)
  const isAbove = basename(found) === defaultBaseline && part[0] !== '..'
  return isAbove ? { path: found, folder: above, part: part.join('/') } : { path: found, folder, part: '' }
}

/** Not past the repository, whose history keeps it. */
function nearest(folder: string): string {
  let at = folder
  while (!existsSync(join(at, defaultBaseline))) {
    if (existsSync(join(at, '.git')) || at === dirname(at)) return defaultBaseline
    at = dirname(at)
  }
  return relative(folder, join(at, defaultBaseline))
}
