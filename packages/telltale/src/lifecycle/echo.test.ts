import { describe, expect, it } from 'vitest'
import { isEcho } from './echo.js'

const before = { signal: 'SIGINT', at: 1000 }
const run = (script: string | undefined, program: string | undefined) => ({
  env: { npm_lifecycle_script: script },
  argv: ['/bin/node', ...(program === undefined ? [] : [program])],
  cwd: () => '/srv/app',
})

describe('isEcho', () => {
  it.each([
    ['exec node dist/server.js', '/srv/app/dist/server.js'],
    ['exec node dist/server', '/srv/app/dist/server.js'],
    ['exec node .', '/srv/app'],
    ['next start', '/srv/app/node_modules/next/dist/bin/next'],
  ])('knows what npm passes on to %j', (script, program) => {
    expect(isEcho('SIGINT', before, 1002, run(script, program))).toBe(true)
  })

  it('knows none of another signal, or of one that comes later', () => {
    const npm = run('exec node server.js', '/srv/app/server.js')
    expect(isEcho('SIGTERM', before, 1002, npm)).toBe(false)
    expect(isEcho('SIGINT', before, 1200, npm)).toBe(false)
  })

  it.each([
    [undefined, '/srv/app/server.js'],
    ['vitest run', '/srv/app/server.js'],
    ['exec node server.js', undefined],
  ])('knows none where npm runs %j and the process is %s', (script, program) => {
    expect(isEcho('SIGINT', before, 1002, run(script, program))).toBe(false)
  })
})
