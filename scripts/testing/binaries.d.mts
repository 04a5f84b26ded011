export interface Binary {
  /** The program's file name, looked for in PATH, /usr/sbin and /usr/lib/postgresql/<version>/bin. */
  name: string
  /** What a person runs to get it: `apt-get install prometheus`. */
  install: string
  /** How to look for it where a file of that name is not enough; gives the file to run, or undefined. */
  find?: () => string | undefined
}

/** The program's absolute path, or undefined. */
export function findBinary(name: string): string | undefined

/**
 * Inside a test: the program's absolute path. Where it is missing, the test is skipped and the closing list of `npm test`
 * says how to install it; with CI set, the test fails.
 *
 * @example
 * test('promtool accepts the scrape', () => {
 *   const promtool = requireBinary({ name: 'promtool', install: 'apt-get install prometheus' })
 * })
 */
export function requireBinary(binary: Binary): string

/**
 * A suite that needs the program, for hooks and many tests: the same rule as `requireBinary`. A skipped suite's body still
 * runs to collect its tests, so start servers in `beforeAll`, never in the body.
 */
export function describeWithBinary(binary: Binary, title: string, body: (file: string) => void): void

declare module 'vitest' {
  interface TaskMeta {
    missingBinary?: Pick<Binary, 'name' | 'install'>
  }
}
