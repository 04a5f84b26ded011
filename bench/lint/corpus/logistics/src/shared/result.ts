export type Ok<T> = { ok: true; value: T }
export type Err<E extends string = string> = { ok: false; code: E; detail?: unknown }
export type Result<T, E extends string = string> = Ok<T> | Err<E>

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value })
export const err = <E extends string>(code: E, detail?: unknown): Err<E> => ({ ok: false, code, detail })

export const mapOk = <A, B, E extends string>(r: Result<A, E>, f: (a: A) => B): Result<B, E> => {
  if (!r.ok) return r  //= return: no  pure, passes the error on
  return ok(f(r.value))
}

export const attempt = async <T>(run: () => Promise<T>): Promise<Result<T, 'threw'>> => {
  try {
    return ok(await run())  //= return: no  result returned
  } catch (cause) {  //= catch: no  error carried in the result
    return err('threw', cause)  //= return: no  carries the error
  }
}

export const sequence = <T, E extends string>(results: Result<T, E>[]): Result<T[], E> => {
  const values: T[] = []
  for (const r of results) {
    if (!r.ok) return r  //= return: no  pure, passes the error on
    values.push(r.value)
  }
  return ok(values)
}

export function* chunked<T>(items: readonly T[], size: number): Generator<readonly T[], void> {
  if (size <= 0 || items.length === 0) return  //= return: no  pure generator, empty input
  for (let at = 0; at < items.length; at += size) {
    yield items.slice(at, at + size)
  }
}
