import fc from 'fast-check'
import { expect, test } from 'vitest'
import { counter, gauge, histogram, type LabelKind, renderMetrics, summary } from './index.js'
import { resetMetricsForTest } from './registry.js'

const bounds = [0, 0.5, 10]
const enumerated = ['x', 'y']
const kinds: readonly LabelKind[] = [String, Number, Boolean, enumerated]
const make = { counter, gauge, histogram, summary }
type Type = keyof typeof make

interface Shape {
  readonly type: Type
  readonly labels: Readonly<Record<string, LabelKind>>
  readonly maxSeries: number
}

/** A call as drawn: what it does not need is not looked at. */
interface Call {
  readonly metric: number
  readonly method: 'inc' | 'set' | 'dec' | 'observe' | 'remove' | 'bind'
  /** Through which of the series bound before, if there is one. */
  readonly bound: number
  /** Label values in some order, or something that is no label object. */
  readonly labels: readonly (readonly [name: string, value: unknown])[] | 'missing'
  readonly value: unknown
}

const empty = {}

test('random calls leave what a naive model says, in samples and in what was refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(shape, { minLength: 1, maxLength: 3 }).chain(withCalls),
      async ({ shapes, calls }) => {
        resetMetricsForTest()
        const before = await refusals()
        const pairs = shapes.map(
          (each, i) => new Pair(`m${i}${each.type === 'counter' ? '_total' : ''}`, each),
        )
        for (const call of calls) pairs[call.metric]!.run(call)
        const text = await render()
        const expected = new Map(pairs.flatMap((pair) => [...pair.model.samples()]))
        const own = [...parse(text)].filter(([key]) => key.startsWith('["m'))
        expect(new Map(own.sort())).toEqual(new Map([...expected].sort()))
        const after = await refusals()
        const refused = pairs.flatMap((pair) => pair.model.refused)
        for (const reason of ['invalid_labels', 'invalid_value', 'series_limit']) {
          const delta = (after.get(reason) ?? 0) - (before.get(reason) ?? 0)
          expect([reason, delta]).toEqual([reason, refused.filter((each) => each === reason).length])
        }
      },
    ),
    { numRuns: 300 },
  )
})

/** One metric and its model, told the same. */
class Pair {
  readonly model: Model
  readonly #name: string
  readonly #shape: Shape
  readonly #bound: BoundCall[] = []
  /** The caller's label object, changed and used again. */
  readonly #shared: Record<string, unknown> = {}

  constructor(name: string, shape: Shape) {
    this.#name = name
    this.#shape = shape
    this.model = new Model(name, shape)
    this.#metric()
  }

  run({ method, bound, labels, value }: Call): void {
    const chosen = this.#bound[bound]
    if (chosen !== undefined && method !== 'remove' && method !== 'bind') {
      chosen.series[method]!(value)
      this.model.apply(chosen.target, method, value, chosen)
      return
    }
    const hasLabels = Object.keys(this.#shape.labels).length > 0
    const args = hasLabels ? [this.#labelsOf(labels)] : []
    const metric = this.#metric()
    if (method === 'remove') {
      const removed: boolean = metric.remove(...args)
      if (removed !== this.model.remove(labels)) throw new Error(`remove() told ${removed}`)
    } else if (method === 'bind')
      this.#bound.push({ series: metric.with(...args), target: this.model.find(labels) })
    else {
      metric[method]!(...args, value)
      // Where there are no labels, an empty object is taken for them.
      this.model.call(labels, method, hasLabels || value !== empty ? value : undefined)
    }
    for (const name of Object.keys(this.#shared)) this.#shared[name] = 'changed'
  }

  /** Defined again with equal options it is the same. */
  #metric(): Methods {
    const { type, labels, maxSeries } = this.#shape
    const options = {
      help: 'M.',
      labels,
      maxSeries,
      ...(type === 'histogram' && { buckets: bounds }),
    }
    return make[type](this.#name, options) as unknown as Methods
  }

  #labelsOf(labels: Call['labels']): unknown {
    if (labels === 'missing') return undefined
    if (labels.length % 2 === 1) return Object.fromEntries(labels)
    for (const name of Object.keys(this.#shared)) delete this.#shared[name]
    return Object.assign(this.#shared, Object.fromEntries(labels))
  }
}

/** A bound series, and which one it was bound to; undefined for refused labels. */
interface BoundCall {
  readonly series: Series
  readonly target: string | undefined
}

type Series = Partial<Record<string, (...args: unknown[]) => unknown>>
type Methods = Series & Record<'with' | 'remove', (...args: unknown[]) => never>

/** What a metric should be, said as simply as it can be: values under the JSON of sorted labels. */
class Model {
  readonly refused: string[] = []
  readonly #name: string
  readonly #shape: Shape
  readonly #series = new Map<string, number[]>()
  /** Bound to a series that was taken out and found no room again. */
  readonly #lodgers = new Set<Series>()

  constructor(name: string, shape: Shape) {
    this.#name = name
    this.#shape = shape
    const all = Object.entries(shape.labels)
    if (shape.type !== 'gauge' && all.every(([, kind]) => Array.isArray(kind)))
      this.#create(all.map(([label]) => [label, 'x']))
  }

  /** The series of these labels, made if need be; undefined where they are refused. */
  find(labels: Call['labels']): string | undefined {
    const texts = this.#texts(labels)
    if (texts === undefined) return undefined
    const key = keyOf(texts)
    return this.#series.has(key) ? key : this.#create(texts)
  }

  /** A call with labels: what is refused makes no series. */
  call(labels: Call['labels'], method: string, value: unknown): void {
    const texts = this.#texts(labels)
    if (texts === undefined) return
    const isNew = !this.#series.has(keyOf(texts))
    if (isNew && this.#taken(method, value) === undefined) this.refused.push('invalid_value')
    else this.apply(isNew ? this.#create(texts) : keyOf(texts), method, value)
  }

  remove(labels: Call['labels']): boolean {
    if (Object.keys(this.#shape.labels).length === 0) return false
    const texts = this.#texts(labels)
    const isThere = texts !== undefined && this.#series.delete(keyOf(texts))
    if (isThere) this.#lodgers.clear()
    return isThere
  }

  /** `key` is undefined for a series that was bound to refused labels. */
  apply(key: string | undefined, method: string, value: unknown, bound?: BoundCall): void {
    const n = this.#taken(method, value)
    if (n === undefined) this.refused.push('invalid_value')
    if (n === undefined || key === undefined) return
    // A bound series that was taken out comes back; while there is no room it stands in the overflow series.
    let home = key
    if (bound !== undefined && this.#lodgers.has(bound.series)) home = this.#overflow
    else if (!this.#series.has(key)) {
      home = this.#create(JSON.parse(key) as [string, string][])
      if (bound !== undefined && home !== key) this.#lodgers.add(bound.series)
    }
    const { type } = this.#shape
    const numbers = this.#series.get(home)!
    if (type === 'counter') numbers[0]! += n
    else if (type === 'gauge')
      numbers[0] = method === 'set' ? n : (numbers[0] ?? 0) + (method === 'inc' ? n : -n)
    else numbers.push(n)
  }

  /** Each sample by its name and labels. */
  *samples(): Iterable<[string, number]> {
    const { type } = this.#shape
    for (const [key, numbers] of this.#series) {
      const labels = JSON.parse(key) as [string, string][]
      const sample = (suffix: string, n: number, ...more: [string, string][]): [string, number] => [
        JSON.stringify([this.#name + suffix, [...labels, ...more].sort()]),
        n + 0,
      ]
      if (type === 'counter') yield sample('', numbers[0]!)
      else if (type === 'gauge') yield* numbers.map((n) => sample('', n))
      else {
        yield sample('_count', numbers.length)
        yield sample(
          '_sum',
          numbers.reduce((sum, n) => sum + n, 0),
        )
        for (const bound of type === 'histogram' ? [...bounds, Infinity] : []) {
          const le = bound === Infinity ? '+Inf' : String(bound)
          yield sample('_bucket', numbers.filter((n) => n <= bound).length, ['le', le])
        }
      }
    }
  }

  #create(texts: [string, string][]): string {
    const key = keyOf(texts)
    const overflow = this.#overflow
    if (this.#isFull() && key !== overflow) {
      this.refused.push('series_limit')
      this.#start(overflow)
      return overflow
    }
    this.#start(key)
    // Series that differ only in enumerated labels stand at zero together; a gauge has no zero that was measured.
    if (this.#shape.type !== 'gauge')
      for (const each of this.#siblings(texts)) if (!this.#isFull()) this.#start(keyOf(each))
    return key
  }

  #siblings(texts: [string, string][]): [string, string][][] {
    return Object.keys(this.#shape.labels).reduce<[string, string][][]>(
      (sets, name) => {
        const kind = this.#shape.labels[name]
        const own = texts.find(([label]) => label === name)![1]
        const values = Array.isArray(kind) ? (kind as string[]) : [own]
        return sets.flatMap((set) => values.map((value): [string, string][] => [...set, [name, value]]))
      },
      [[]],
    )
  }

  #start(key: string): void {
    if (!this.#series.has(key)) this.#series.set(key, this.#shape.type === 'counter' ? [0] : [])
  }

  #isFull(): boolean {
    return this.#series.size - (this.#series.has(this.#overflow) ? 1 : 0) >= this.#shape.maxSeries
  }

  get #overflow(): string {
    return keyOf(Object.keys(this.#shape.labels).map((name) => [name, '_overflow']))
  }

  #texts(labels: Call['labels']): [string, string][] | undefined {
    const names = Object.keys(this.#shape.labels)
    if (names.length === 0) return []
    const isRight =
      labels !== 'missing' &&
      labels.length === names.length &&
      labels.every(([name, value]) => names.includes(name) && this.#isText(name, value))
    if (isRight) return labels.map(([name, value]) => [name, String(value)])
    this.refused.push('invalid_labels')
    return undefined
  }

  #taken(method: string, value: unknown): number | undefined {
    const n = value === undefined && (method === 'inc' || method === 'dec') ? 1 : value
    const isTaken = typeof n === 'number' && Number.isFinite(n)
    return isTaken && (this.#shape.type !== 'counter' || n >= 0) ? n : undefined
  }

  #isText(name: string, value: unknown): boolean {
    if (!['string', 'number', 'boolean', 'bigint'].includes(typeof value)) return false
    if (typeof value === 'number' && !Number.isFinite(value)) return false
    return this.#shape.labels[name] !== enumerated || enumerated.includes(String(value))
  }
}

function keyOf(texts: readonly [string, string][]): string {
  return JSON.stringify([...texts].sort())
}

const names = ['a', 'b', 'constructor']

const shape: fc.Arbitrary<Shape> = fc.record({
  type: fc.constantFrom(...(Object.keys(make) as Type[])),
  labels: fc
    .array(fc.constantFrom(...kinds), { maxLength: names.length })
    .map((chosen) => Object.fromEntries(chosen.map((kind, i) => [names[i]!, kind]))),
  maxSeries: fc.constantFrom(2, 3, 5, 2000),
})

// Few, so that series meet; of the kind that joins, quotes and escapes go wrong with.
const text = fc.constantFrom(
  'x',
  'y',
  '1',
  'true',
  '',
  ',',
  '|',
  'x,b:y',
  'x|y',
  '"',
  '\\',
  '\\n',
  '\n',
  '\r',
  '}',
)
const labelValue = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('x', 'y', 1) },
  {
    weight: 4,
    arbitrary: fc.oneof(text, fc.constantFrom(-0, 1e21, true, false, 1n, '_overflow', '💥')),
  },
  fc.constantFrom(undefined, null, NaN, Infinity, {}, ['x'], { toString: () => 'x' }, Symbol('x'), () => 'x'),
)
const number = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.oneof(fc.constantFrom(0, 0.5, 1, 10), fc.double({ min: -100, max: 1e6, noNaN: true })),
  },
  fc.constantFrom(undefined, NaN, -1, Infinity, -Infinity, '1', null, empty, 1n, true, [2]),
)

const methods: Readonly<Record<Type, readonly Call['method'][]>> = {
  counter: ['inc', 'inc', 'inc', 'bind', 'remove'],
  gauge: ['set', 'inc', 'dec', 'bind', 'remove'],
  histogram: ['observe', 'observe', 'observe', 'bind', 'remove'],
  summary: ['observe', 'observe', 'observe', 'bind', 'remove'],
}

function withCalls(shapes: Shape[]): fc.Arbitrary<{ shapes: Shape[]; calls: Call[] }> {
  const call = fc.nat(shapes.length - 1).chain((metric): fc.Arbitrary<Call> => {
    const { type, labels } = shapes[metric]!
    return fc.record({
      metric: fc.constant(metric),
      method: fc.constantFrom(...methods[type]),
      bound: fc.nat(5),
      labels: labelSet(Object.keys(labels)),
      value: number,
    })
  })
  return fc.record({
    shapes: fc.constant(shapes),
    calls: fc.array(call, { maxLength: 60, size: 'max' }),
  })
}

function labelSet(own: readonly string[]): fc.Arbitrary<Call['labels']> {
  const of = (chosen: readonly string[]): fc.Arbitrary<Call['labels']> =>
    fc
      .shuffledSubarray([...chosen], { minLength: chosen.length })
      .chain((order) => fc.tuple(...order.map((name) => fc.tuple(fc.constant(name), labelValue))))
  return fc.oneof(
    { weight: 10, arbitrary: of(own) },
    of(own.slice(1)),
    of([...own, 'unknown']),
    fc.constant('missing' as const),
  )
}

async function render(): Promise<string> {
  const { chunks } = await renderMetrics()
  return Buffer.concat(chunks).toString()
}

/** What was refused so far, by reason. */
async function refusals(): Promise<Map<string, number>> {
  const found = [...parse(await render())].map(([key, value]) => {
    const [name, labels] = JSON.parse(key) as [string, [string, string][]]
    return [name, Object.fromEntries(labels), value] as const
  })
  return new Map(
    found
      .filter(([name, { signal }]) => name === 'telltale_dropped_total' && signal === 'metric')
      .map(([, { reason }, value]) => [reason!, value]),
  )
}

/**
 * The samples of the text format 0.0.4 by `[name, sorted labels]` as JSON. Throws for a line that is not in the grammar,
 * a sample outside its family, a family or sample that comes twice, and numbers that are not canonical.
 */
function parse(text: string): Map<string, number> {
  const samples = new Map<string, number>()
  const families = new Set<string>()
  let family = ''
  let help = ''
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line must end with a line feed')
  for (const line of text.split('\n').slice(0, -1)) {
    const comment = /^# (HELP|TYPE) ([a-z_]\w*) (.+)$/i.exec(line)
    if (comment?.[1] === 'HELP') help = comment[2]!
    else if (comment?.[1] === 'TYPE') {
      family = comment[2]!
      if (family !== help || families.has(family)) throw new Error(`not where a family begins: ${line}`)
      families.add(family)
    } else {
      const [key, value] = parseSample(line)
      const [name] = JSON.parse(key) as [string]
      if (name.replace(/_(bucket|sum|count)$/, '') !== family && name !== family)
        throw new Error(`not of ${family}: ${line}`)
      if (samples.has(key)) throw new Error(`there already: ${line}`)
      samples.set(key, value)
    }
  }
  return samples
}

function parseSample(line: string): [key: string, value: number] {
  const match = /^([a-z_]\w*)(?:\{(.+)\})? (\S+)$/isu.exec(line)
  if (match === null) throw new Error(`not a sample: ${JSON.stringify(line)}`)
  const [, name, pairs = '', value = ''] = match
  const labels: [string, string][] = []
  let end = 0
  for (const [all, label, quoted] of pairs.matchAll(
    /([a-z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=.)|$)/gisu,
  )) {
    if (!pairs.startsWith(all, end)) break
    end += all.length
    labels.push([label!, quoted!.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c))])
  }
  if (end !== pairs.length) throw new Error(`not labels: ${JSON.stringify(pairs)}`)
  if (String(Number(value)) !== value) throw new Error(`not a canonical number: ${line}`)
  return [JSON.stringify([name, labels.sort()]), Number(value)]
}
