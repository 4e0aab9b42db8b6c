export { createAccessTokens } from './access-tokens.ts'
export { createSender, openSender, type Sender, type SenderOptions } from './create-sender.ts'
export type { ResolveHost } from './guarded-connector.ts'
export { canSign } from './sign-assertion.ts'
