/** The package's types stand where `nodenext` does not look for them. */
declare module 'discord-api-spec/zod' {
  import type { ZodType } from 'zod'

  export const IncomingWebhookRequestPartialSchema: ZodType
}
