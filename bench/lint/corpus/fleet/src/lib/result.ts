export type Ok<T> = { readonly ok: true; readonly value: T }
export type Err<E> = { readonly ok: false; readonly error: E }
export type Result<T, E> = Ok<T> | Err<E>

export type Failure =
  | { kind: 'not_found'; what: string }
  | { kind: 'invalid'; issues: string[] }
  | { kind: 'unavailable'; cause: unknown }

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value })
export const err = <E>(error: E): Err<E> => ({ ok: false, error })

export function map<T, U, E>(result: Result<T, E>, fn: (value: T) => U): Result<U, E> {
  if (!result.ok) return result //= return: no  pure function
  return ok(fn(result.value))
}

export async function andThen<T, U, E>(
  result: Result<T, E>,
  fn: (value: T) => Promise<Result<U, E>>,
): Promise<Result<U, E>> {
  if (!result.ok) return result //= return: no  the result carries the error on
  return fn(result.value)
}

export async function attempt<T>(work: () => Promise<T>): Promise<Result<T, Failure>> {
  try {
    return ok(await work()) //= return: no  normal result
  } catch (cause) { //= catch: no  returned as the error's cause
    return err({ kind: 'unavailable', cause }) //= return: no  result carries the error
  }
}

export function attemptSync<T>(work: () => T): T | undefined {
  try {
    return work() //= return: no  normal result
  } catch { //= catch: no  a parse probe by name and use, undefined is the fallback
    return undefined //= return: no  fallback of a probe
  }
}

export function collect<T, E>(results: Result<T, E>[]): Result<T[], E[]> {
  const errors = results.flatMap((result) => (result.ok ? [] : [result.error]))
  if (errors.length > 0) return err(errors) //= return: no  result carries the errors
  return ok(results.flatMap((result) => (result.ok ? [result.value] : [])))
}
