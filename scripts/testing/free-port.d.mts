/** A loopback port that was free a moment ago: another process may take it first. */
export function freePort(): Promise<number>
