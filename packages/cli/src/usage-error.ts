/** The command was called wrongly: its text is all the user gets to see, with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
