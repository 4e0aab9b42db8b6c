export { SealError, openSealer, type Sealer } from './sealer.ts'
export { newSigningSecret, signingKindOf, type SigningKind } from './signing-secret.ts'
export { webhookKeyOf } from './webhook-key.ts'
