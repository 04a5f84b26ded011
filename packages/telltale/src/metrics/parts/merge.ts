import type { Definition } from '../definition.js'
import type { Family } from '../family.js'
import { isSame, otherSources, parts, refuseOther } from './parts.js'
import { Slices } from '../../state/slices.js'
import { inOrder, type SeriesSource, seriesOf } from './series.js'
import { Sum } from './sum.js'

const seriesBetweenPauses = 64

/**
 * The families with what other threads and processes measured in them, and those that only they know. `shows` says which
 * are wanted. A family that nobody else has is given back as it is. In slices of 3 ms that let the event loop turn.
 */
export function mergeParts(
  families: readonly Family[],
  shows: (definition: Definition) => boolean,
): Promise<Family[]> {
  const merging = merge(families, shows)
  const end = (): void => void parts.readers.delete(merging)
  parts.readers.add(merging)
  merging.then(end, end)
  return merging
}

async function merge(
  families: readonly Family[],
  shows: (definition: Definition) => boolean,
): Promise<Family[]> {
  const others = new Map<string, SeriesSource[]>()
  for (const source of otherSources()) {
    const { name } = source.definition
    if (!shows(source.definition)) continue
    const sources = others.get(name)
    if (sources === undefined) others.set(name, [source])
    else sources.push(source)
  }
  if (others.size === 0) return [...families]
  const merged: Family[] = []
  const slices = new Slices()
  for (const family of families) {
    const sources = others.get(family.definition.name)
    others.delete(family.definition.name)
    merged.push(sources === undefined ? family : await mergeFamily(family, sources, slices))
  }
  for (const [first, ...rest] of others.values()) {
    const sum = new Sum(first!.definition, first!.width)
    await addAll(sum, [first!, ...rest], slices)
    merged.push(sum)
  }
  return merged
}

async function mergeFamily(
  family: Family,
  sources: readonly SeriesSource[],
  slices: Slices,
): Promise<Family> {
  const { definition, store, exemplars } = family
  const { width } = store
  const sum = new Sum(definition, width)
  const origins: number[] = []
  await addSource(sum, seriesOf(definition, store), slices, (to, from) => (origins[to] = from))
  await addAll(sum, sources, slices)
  return {
    definition,
    store: sum.store,
    exemplars: exemplars && {
      get: (index) => {
        const slot = Math.floor(index / width)
        const origin = origins[slot]
        const exemplar = origin === undefined ? undefined : exemplars.get(origin * width + (index % width))
        // Another series may stand there by now.
        return exemplar && store.labels(origin!) === sum.store.labels(slot) ? exemplar : undefined
      },
    },
  }
}

async function addAll(sum: Sum, sources: readonly SeriesSource[], slices: Slices): Promise<void> {
  for (const source of sources) {
    if (isSame(sum.definition, source.definition)) await addSource(sum, source, slices)
    else refuseOther(sum.definition, source.definition)
  }
}

async function addSource(
  sum: Sum,
  source: SeriesSource,
  slices: Slices,
  note?: (to: number, from: number) => void,
): Promise<void> {
  const { count, width } = source
  const numbers = new Float64Array(width)
  const ordered = inOrder(sum.definition, source.definition)
  source.hold()
  try {
    for (let i = 0; i < count; i++) {
      if (i % seriesBetweenPauses === 0 && slices.isOver()) await slices.next()
      const labels = source.read(i, numbers)
      if (labels === undefined) continue
      const slot = sum.put(ordered(labels), numbers)
      note?.(slot, i)
    }
  } finally {
    source.release()
  }
}
