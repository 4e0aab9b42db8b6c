/** Environment variables of the command line. The servers know none of them and refuse to start where they are set. */
export const commandLineVariables = {
  GHOSTPOST_API_URL: 'Address of the API, instead of the one signed in to.',
  GHOSTPOST_SESSION: 'Session token, instead of the stored one.',
} as const
