const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** As a person reads it: `512 MiB`, `1.4 GiB`. */
export function bytes(count: number): string {
  let unit = 0
  while (count >= 1024 && unit < units.length - 1) {
    count /= 1024
    unit++
  }
  return `${Number(count.toFixed(1))} ${units[unit]}`
}

/** `7.3 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`
}
