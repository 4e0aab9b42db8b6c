import { joinWords, typesWith, type WebhookType } from '@ghostpost/delivery/destinations'
import { newSigningSecret, signingKindOf, type SigningKind } from '@ghostpost/infrastructure/secrets'
import { invalid, isSigned } from './destination-request.ts'

/** A new destination's signing secret; null for types whose receivers cannot check signatures. */
export function signingSecretFor({
  webhook_type,
  signing,
}: {
  webhook_type: WebhookType
  signing?: SigningKind
}): string | null {
  if (isSigned(webhook_type)) return newSigningSecret(signing)
  if (signing !== undefined) {
    const signedTypes = typesWith(({ signed }) => signed)
    throw invalid('signing', `no such field: only type ${joinWords(signedTypes, 'or')} is signed`)
  }
  return null
}

/** The secret to show in the response that creates it. A private ed25519 key is never shown. */
export function secretToShow(secret: string | null): string | null {
  return secret === null || signingKindOf(secret) === 'ed25519' ? null : secret
}
