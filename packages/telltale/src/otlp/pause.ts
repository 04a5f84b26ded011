/** A wait that can be cut short, and does not keep the process alive. */
export class Pause {
  #end: (() => void) | undefined

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.end(), ms).unref()
      this.#end = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  end(): void {
    const end = this.#end
    this.#end = undefined
    end?.()
  }
}
