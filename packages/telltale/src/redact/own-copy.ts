/**
 * The text in one piece of memory of its own. V8 keeps a part of a text (13 characters and more) as a view into the
 * whole: a key of twenty characters that a cache remembers would keep the ten megabytes it stood in. And a view is read
 * half as slow again, character by character (measured). Joining two parts copies them.
 */
export function ownCopy(text: string): string {
  return [text.slice(0, 1), text.slice(1)].join('')
}
