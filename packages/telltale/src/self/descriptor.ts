import { constants, fstatSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { slot } from '../state/state.js'

/** How a descriptor is written. */
export interface Descriptor {
  readonly fd: number
  /** Bytes of a chunk that goes out whole or not at all, so that processes sharing the other end keep lines whole. */
  readonly chunk: number
}

// pipe(7): so many bytes are written to a pipe in one piece (PIPE_BUF); a stream socket takes them as one buffer.
const atomic = 4096

// A socket object that is collected closes its descriptor.
const kept = slot('log.sockets', () => [] as Socket[])

/**
 * Makes a descriptor writable without blocking, where the system can. A pipe through an own opening of it, which
 * changes nothing for others that hold it; a socket, and a pipe that may not be opened again (another user's), through
 * `net.Socket`, as Node does itself once `process.stdout` is touched; a file and a terminal as they are. Where none of
 * this works (no `/proc`, Windows) a full pipe blocks the process until its reader goes on. Never throws.
 */
export function openDescriptor(fd: number): Descriptor {
  try {
    const is = fstatSync(fd)
    if (is.isFIFO()) return { fd: ownPipe(fd) ?? throughSocket(fd), chunk: atomic }
    if (is.isSocket()) return { fd: throughSocket(fd), chunk: atomic }
  } catch {
    // Closed, perhaps: the first write tells.
  }
  return { fd, chunk: Infinity }
}

function ownPipe(fd: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
}

function throughSocket(fd: number): number {
  // It is never written to or read from, so that Node's own stream for the descriptor is not disturbed.
  if (process.platform !== 'win32') kept.push(new Socket({ fd, readable: false, writable: true }).unref())
  return fd
}
