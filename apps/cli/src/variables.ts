/** Environment variables of the command line. The servers do not know them and refuse to start when one is set. */
export const commandLineVariables = {
  GHOSTPOST_API_URL: 'URL of the API, instead of the one of the stored session.',
  GHOSTPOST_API_KEY:
    'API key, instead of a session. Needs GHOSTPOST_API_URL, unless a session names the API.',
  GHOSTPOST_SESSION: 'Session token, instead of the stored session.',
} as const
