/** The query key of the API keys of every site. */
export const apiKeysKey = ['api-keys'] as const
