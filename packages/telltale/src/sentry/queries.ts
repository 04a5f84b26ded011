/** Text whose URLs end at their query or fragment: what follows the first `?` or `#` behind a slash, up to a space. Linear. */
export function withoutQuery(text: string): string {
  return text.replace(/\S+/g, (run) => {
    const slash = run.indexOf('/')
    const length = slash === -1 ? -1 : run.slice(slash).search(/[?#]/)
    return length === -1 ? run : run.slice(0, slash + length)
  })
}
