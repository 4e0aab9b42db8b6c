import type { AccessResult, AccessRequest, Authorize } from '@ghostpost/delivery/deliver'
import type { OAuthCredentials } from '@ghostpost/delivery/destinations'
import { canSign, createAccessTokens, createSender, type Sender } from '@ghostpost/infrastructure/outbound'
import { respond, neverRespond, slow } from '@ghostpost/test-kit/receiver/reactions'
import { startSalesforceFake, type SalesforceFake } from '@ghostpost/test-kit/salesforce-fake/salesforce-fake'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let fake: SalesforceFake
let sender: Sender
let authorize: Authorize
let clock: number

beforeEach(async () => {
  fake = await startSalesforceFake()
  sender = createSender({
    connectTimeoutMs: 1_000,
    responseTimeoutMs: 3_000,
    totalTimeoutMs: 3_000,
    policy: { allowed: [{ network: '127.0.0.1', bits: 32, port: fake.receiver.port }] },
  })
  clock = 0
  authorize = createAccessTokens(sender.send, 'Ghostpost/test', () => clock)
})

afterEach(async () => {
  await sender.close()
  await fake.stop()
})

const client = (): OAuthCredentials => ({
  kind: 'client_credentials',
  client_id: fake.app.clientId,
  client_secret: fake.app.clientSecret,
})

const bearer = (): OAuthCredentials => ({
  kind: 'jwt_bearer',
  client_id: fake.app.clientId,
  username: fake.app.username,
  private_key: fake.privateKey,
})

function ask(changes: Partial<AccessRequest> = {}): Promise<AccessResult> {
  return authorize({
    destinationId: 'd-1',
    credentials: client(),
    webhookUrl: new URL(fake.url),
    refusedToken: null,
    withinMs: 3_000,
    ...changes,
  })
}

async function token(changes: Partial<AccessRequest> = {}): Promise<string> {
  const access = await ask(changes)
  if (access.kind === 'failed') throw new Error(JSON.stringify(access.failure))
  return access.token
}

describe('an access token', () => {
  test.each([
    ['client credentials', client],
    ['a signed assertion', bearer],
  ])('a token is fetched with %s', async (_name, credentials) => {
    expect(fake.tokens.has(await token({ credentials: credentials() }))).toBe(true)
  })

  test('one request serves all waiting deliveries', async () => {
    const tokens = await Promise.all(Array.from({ length: 100 }, () => token()))
    expect(new Set(tokens).size).toBe(1)
    expect(fake.receiver.requests).toHaveLength(1)
  })

  test('a refused token is renewed once for all deliveries', async () => {
    const refused = await token()
    const tokens = await Promise.all(Array.from({ length: 100 }, () => token({ refusedToken: refused })))
    expect(new Set(tokens).size).toBe(1)
    expect(tokens[0]).not.toBe(refused)
    expect(fake.receiver.requests).toHaveLength(2)
  })

  test('the refusal of an older token does not renew the current one', async () => {
    const refused = await token()
    const renewed = await token({ refusedToken: refused })
    expect(await token({ refusedToken: refused })).toBe(renewed)
    expect(fake.receiver.requests).toHaveLength(2)
  })

  test('a token is reused until it expires', async () => {
    const first = await token()
    clock = 14 * 60_000
    expect(await token()).toBe(first)
    clock = 16 * 60_000
    expect(await token()).not.toBe(first)
  })

  test('other credentials and other destinations get their own tokens', async () => {
    const first = await token()
    expect(await token({ destinationId: 'd-2' })).not.toBe(first)
    expect(await token({ credentials: bearer() })).not.toBe(first)
    expect(fake.receiver.requests).toHaveLength(3)
  })
})

describe('a failed access token request', () => {
  test('a refusal is returned and not cached', async () => {
    fake.failNextToken({ status: 400, body: { error: 'invalid_grant' } })
    expect(await ask()).toMatchObject({ kind: 'failed', failure: { error: 'invalid_grant', status: 400 } })
    expect(fake.tokens.has(await token())).toBe(true)
  })

  test('a wrong secret, a foreign key and an unusable key have different failures', async () => {
    const wrong = { ...client(), client_secret: 'x' } as OAuthCredentials
    expect(await ask({ credentials: wrong })).toMatchObject({ failure: { error: 'invalid_client' } })
    const other = await startSalesforceFake()
    await other.stop()
    const foreign = { ...bearer(), private_key: other.privateKey } as OAuthCredentials
    expect(await ask({ credentials: foreign })).toMatchObject({ failure: { error: 'invalid_assertion' } })
    const useless = { ...bearer(), private_key: 'useless' } as OAuthCredentials
    expect(await ask({ credentials: useless })).toMatchObject({ failure: { kind: 'key_unusable' } })
    expect(await canSign({ ...bearer(), private_key: 'useless' } as never)).toBe(false)
    expect(await canSign(bearer() as never)).toBe(true)
  })

  test('a token endpoint at a forbidden address gets no request', async () => {
    const credentials = { ...client(), token_url: 'http://127.0.0.1:9/token' } as OAuthCredentials
    expect(await ask({ credentials })).toMatchObject({ failure: { kind: 'address_forbidden' } })
  })

  test('a delivery waits no longer than its own deadline, and others still get the token', async () => {
    const body = JSON.stringify({ access_token: 'late' })
    fake.receiver.next(slow(600, respond(200, { body })))
    const [hasty, patient] = await Promise.all([ask({ withinMs: 50 }), ask({ withinMs: 2_500 })])
    expect(hasty).toMatchObject({ failure: { kind: 'no_answer', code: 'timed_out' } })
    expect(patient).toMatchObject({ kind: 'granted', token: 'late' })
    expect(fake.receiver.requests).toHaveLength(1)
  })

  test('a token endpoint that never responds is a failure', async () => {
    fake.receiver.next(neverRespond())
    expect(await ask({ withinMs: 5_000 })).toMatchObject({
      failure: { kind: 'no_answer', code: 'timed_out' },
    })
  })
})
