declare const TELLTALE_VERSION: string | undefined

/** The version in package.json, which the build puts in its place. */
export const sdkVersion = typeof TELLTALE_VERSION === 'string' ? TELLTALE_VERSION : '0.0.0'

/** The header of every request that an exit makes. */
export const userAgent = `telltale/${sdkVersion}`
