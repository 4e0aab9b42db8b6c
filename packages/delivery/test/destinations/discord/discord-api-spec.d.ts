/** Declares the package's types, which `nodenext` does not find. */
declare module 'discord-api-spec/zod' {
  import type { ZodType } from 'zod'

  export const IncomingWebhookRequestPartialSchema: ZodType
}
