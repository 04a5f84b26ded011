/** Says on stderr what is being done: one line that renews itself on a terminal, a line each elsewhere. */
export function progress(stream = process.stderr) {
  const width = () => (stream.columns ?? 100) - 1
  return {
    say(text) {
      stream.write(stream.isTTY ? `\r\u001b[2K${text.slice(0, width())}` : `${text}\n`)
    },
    /** Leaves the line to what comes next. */
    end() {
      if (stream.isTTY) stream.write('\r\u001b[2K')
    },
  }
}
