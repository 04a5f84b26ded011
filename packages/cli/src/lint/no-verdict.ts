/** Nobody can say whether there is something new: its text is for the user, with exit code 2. */
export class NoVerdict extends Error {
  override readonly name = 'NoVerdict'
}
