import { joinWords, typesWith, type WebhookType } from '@ghostpost/delivery/destinations'
import { newSigningSecret, signingKindOf, type SigningKind } from '@ghostpost/infrastructure/secrets'
import { invalid, isSigned } from './destination-request.ts'

/** What a new destination signs with; null for types that have no use for signatures. */
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
    throw invalid('signing', `nothing: only type ${joinWords(signedTypes, 'or')} is signed`)
  }
  return null
}

/** A shared secret is told once, when it is made; the private half of a key is told to nobody. */
export function secretToShow(secret: string | null): string | null {
  return secret === null || signingKindOf(secret) === 'ed25519' ? null : secret
}
