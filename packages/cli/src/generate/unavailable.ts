/** The call was right and what it names can't be had: its text is for the user, with exit code 1. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}
