import manifest from '../../package.json' with { type: 'json' }

export const version: string = manifest.version

/** The User-Agent header of requests to receivers. */
export const userAgent = `Ghostpost/${version} (+https://github.com/ghostpost/ghostpost)`
