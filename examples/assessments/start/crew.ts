import type { Child, Ending } from './child.js'

export interface Crew {
  /** `onDied` is told in place of `died`. */
  add(child: Child, graceMs: number, onDied?: (how: string) => void): Child
  /** How the first child ended that nobody asked to; never resolves while all do their work. */
  died: Promise<string>
  /** Ends one child and waits for it. */
  end(child: Child): Promise<Ending>
  /** Ends those still running, the youngest first, one after the other: nobody loses what it stands on. */
  endAll(): Promise<void>
}

/** The children of one run, in the order they were started. */
export function createCrew(): Crew {
  const members: { child: Child; graceMs: number }[] = []
  let report: (how: string) => void = () => {}
  const died = new Promise<string>((resolve) => (report = resolve))
  const end = async (child: Child): Promise<Ending> => {
    const at = members.findIndex((member) => member.child === child)
    const [member] = at === -1 ? [] : members.splice(at, 1)
    return child.end(member?.graceMs ?? 0)
  }
  return {
    died,
    end,
    add(child, graceMs, onDied) {
      members.push({ child, graceMs })
      void child.died.then((how) => (onDied ?? report)(how))
      return child
    },
    async endAll() {
      for (let member = members.at(-1); member; member = members.at(-1)) await end(member.child)
    },
  }
}
