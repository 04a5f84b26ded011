/**
 * A V8 CPU profile as self times in microseconds, largest first: by function (name, file, line) and by place (a
 * package, Node itself, the garbage collector). `total` is the time that the process was not idle.
 */
export function selfTimes({ nodes, samples, timeDeltas }) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const functions = new Map()
  const places = new Map()
  let total = 0
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)
    if (frame.functionName === '(idle)' || frame.functionName === '(root)') continue
    // The delta is the time since the sample before; the sample after tells how long this one lasted.
    const micros = timeDeltas[index + 1] ?? 0
    total += micros
    add(functions, `${frame.functionName || '(anonymous)'}  ${positionOf(frame)}`.trim(), micros)
    add(places, placeOf(frame), micros)
  }
  return { total, functions: sorted(functions), places: sorted(places) }
}

function add(sums, key, micros) {
  sums.set(key, (sums.get(key) ?? 0) + micros)
}

function sorted(sums) {
  return [...sums].map(([key, micros]) => ({ key, micros })).sort((a, b) => b.micros - a.micros)
}

function positionOf({ url, lineNumber }) {
  if (url === '') return ''
  return `${url.startsWith('node:') ? url : url.split('/').slice(-3).join('/')}:${lineNumber + 1}`
}

function placeOf({ url, functionName }) {
  if (functionName.startsWith('(')) return functionName
  if (url === '' || url.startsWith('node:')) return url === '' ? 'native' : 'node'
  return (
    /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ??
    /\/(packages\/[^/]+|bench)\//.exec(url)?.[1] ??
    url
  )
}
