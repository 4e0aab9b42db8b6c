import manifest from '../../package.json' with { type: 'json' }

export const version: string = manifest.version

/** What receivers see. */
export const userAgent = `Ghostpost/${version} (+https://github.com/ghostpost/ghostpost)`
