import { assertionSeconds, audienceOf, type JwtBearerCredentials } from '@ghostpost/delivery/destinations'
import { importPKCS8, SignJWT } from 'jose'

const algorithm = 'RS256'

/**
 * Signs the JWT that requests an access token. Returns null if the private key cannot sign.
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm
 */
export async function signAssertion(
  credentials: JwtBearerCredentials,
  tokenUrl: URL,
  now: Date,
): Promise<string | null> {
  try {
    const key = await importPKCS8(credentials.private_key, algorithm)
    return await new SignJWT()
      .setProtectedHeader({ alg: algorithm })
      .setIssuer(credentials.client_id)
      .setSubject(credentials.username)
      .setAudience(audienceOf(credentials, tokenUrl))
      .setExpirationTime(Math.floor(now.getTime() / 1_000) + assertionSeconds)
      .sign(key)
  } catch {
    // jose's message may quote the key, so it is dropped.
    return null
  }
}

/** Whether the private key can sign assertions: RSA of 2,048 bits or more, as PKCS#8 PEM. */
export async function canSign(credentials: JwtBearerCredentials): Promise<boolean> {
  const anyTokenUrl = new URL('https://token-endpoint.invalid')
  return (await signAssertion(credentials, anyTokenUrl, new Date())) !== null
}
