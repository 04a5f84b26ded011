import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { run } from './cli.js'

async function call(
  args: readonly string[],
  stdin: PassThrough & { isTTY?: boolean } = new PassThrough().end(),
) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const code = await run(args, { stdin, stdout, stderr, onInterrupt: () => undefined })
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') }
}

test('says which version it is, and how to use it', async () => {
  expect((await call(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect((await call(['pretty', '--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect((await call(['--help'])).out).toContain('pretty')
  expect((await call(['pretty', '--help'])).out).toContain('--where')
  expect(await call([])).toMatchObject({ code: 2, out: '' })
})

test.each([
  [['prety'], /unknown command prety\. Did you mean pretty\?\nAccepted: pretty/],
  [['--hepl'], /unknown option --hepl/],
  [['pretty', '--folow', 'x'], /unknown option --folow\. Did you mean --follow\?\nAccepted: --follow, /],
  [['pretty', '-x'], /unknown option -x/],
  [['pretty', '--constructor'], /unknown option --constructor/],
  [['pretty', '--level'], /--level needs a value/],
  [['pretty', '--level', '--where=a'], /--level needs a value/],
  [['pretty', '--level', 'warm'], /--level warm is no level\. Did you mean warn\?/],
  [['pretty', '--color', 'alway'], /--color alway is not known\. Did you mean always\?/],
  [['pretty', '--color=yes'], /Accepted: auto, always, never/],
  [['pretty', '--format', 'xml'], /--format xml is not known/],
  [['pretty', '--width', 'wide'], /--width takes a whole number of columns, got "wide"/],
  [['pretty', '--lines', '-3'], /--lines needs a value/],
  [['pretty', '--where', '=x'], /is no condition/],
  [['pretty', '--help=x'], /--help takes no value/],
])('%j is one clear error and exit code 2', async (args, text) => {
  const { code, out, err } = await call(args)
  expect(err).toMatch(text)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(2)
})

test('a terminal as input is told what to pipe', async () => {
  const { code, err } = await call(['pretty'], Object.assign(new PassThrough(), { isTTY: true }))
  expect(code).toBe(2)
  expect(err).toContain('| telltale pretty')
})
