import { connect } from 'node:net'
import { request as tlsRequest } from 'node:https'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  respond,
  closeSocket,
  dripBody,
  dripHead,
  endlessHead,
  gzipBomb,
  hugeBody,
  malformed,
  neverRespond,
  resetMidBody,
  resetSocket,
  slow,
} from '@ghostpost/test-kit/receiver/reactions'
import { startReceiver, testCertificateAuthority, type Receiver } from '@ghostpost/test-kit/receiver/receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'

let receiver: Receiver

beforeEach(async () => {
  receiver = await startReceiver()
})

afterEach(() => receiver.stop())

const post = (path = '', body = '{"a":1}'): Promise<Response> =>
  fetch(receiver.url + path, { method: 'POST', body, headers: { 'X-Mixed': 'Case' } })

/** Everything that the receiver sends over a plain TCP connection, until it ends or has sent `bytesMax` bytes. */
async function rawResponse(
  bytesMax = 100_000,
): Promise<{ bytes: number; text: string; error: string | null }> {
  const socket = connect(receiver.port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}')
  let text = ''
  let error: string | null = null
  socket.on('error', (failure: NodeJS.ErrnoException) => (error = failure.code ?? 'UNKNOWN'))
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
    if (text.length >= bytesMax) socket.destroy()
  })
  await once(socket, 'close').catch(() => {})
  return { bytes: text.length, text, error }
}

describe('a request', () => {
  test('is recorded unchanged', async () => {
    await post('hooks?a=1')
    const [request] = receiver.requests
    expect(request).toMatchObject({ method: 'POST', path: '/hooks?a=1', body: '{"a":1}' })
    expect(request?.headers['x-mixed']).toBe('Case')
    expect(request?.rawHeaders.map((name) => name.toLowerCase())).toContain('x-mixed')
    expect(request?.json()).toEqual({ a: 1 })
    expect(receiver.connections()).toBe(1)
  })

  test('can be waited for', async () => {
    const sent = [post('1'), post('2')]
    expect((await receiver.waitForRequests(2)).map(({ path }) => path).toSorted()).toEqual(['/1', '/2'])
    await Promise.all(sent)
  })

  test('that never arrives is reported together with those that arrived', async () => {
    await post('only')
    await expect(receiver.waitForRequests(2, 50)).rejects.toThrow(
      'Waited for 2 requests; 1 arrived:\nPOST /only {"a":1}',
    )
  })
})

describe('a reaction', () => {
  test('is a 200 by default', async () => {
    expect((await post()).status).toBe(200)
  })

  test('of `next` applies to one request, later requests get the reaction of `always`', async () => {
    receiver.always(respond(201))
    receiver.next(respond(500), respond(429, { headers: { 'retry-after': '7' }, body: 'slow' }))
    expect((await post()).status).toBe(500)
    const second = await post()
    expect([second.status, second.headers.get('retry-after'), await second.text()]).toEqual([
      429,
      '7',
      'slow',
    ])
    expect((await post()).status).toBe(201)
  })

  test('can be slow', async () => {
    receiver.always(slow(30, respond(204)))
    const start = performance.now()
    expect((await post()).status).toBe(204)
    expect(performance.now() - start).toBeGreaterThan(25)
  })

  test.each([
    ['close the socket', closeSocket(), null],
    ['reset the connection', resetSocket(), 'ECONNRESET'],
  ])('can %s', async (_name, reaction, error) => {
    receiver.always(reaction)
    expect(await rawResponse()).toEqual({ bytes: 0, text: '', error })
  })

  test('can reset the connection within the body', async () => {
    receiver.always(resetMidBody())
    expect(await rawResponse()).toMatchObject({
      error: 'ECONNRESET',
      text: expect.stringContaining('the beginning'),
    })
  })

  test('can send no response', async () => {
    receiver.always(neverRespond())
    const waiting = rawResponse()
    await receiver.waitForRequests(1)
    await receiver.stop()
    expect(await waiting).toMatchObject({ bytes: 0 })
  })

  test('can send bytes that are not HTTP', async () => {
    receiver.always(malformed())
    expect((await rawResponse()).text).toMatch(/^SSH-2.0/)
  })

  test.each([
    ['a head', dripHead(500), /^HTTP\/1.1 200 OK\r\nx-slow: x*$/, 40],
    ['a body', dripBody({ bytesPerSecond: 500 }), /^HTTP\/1.1 200 OK\r\n/, 250],
    ['an endless head', endlessHead(), /x-header-40: y/, 50_000],
  ])('can send %s in pieces', async (_name, reaction, text, bytes) => {
    receiver.always(reaction)
    expect((await rawResponse(bytes)).text).toMatch(text)
  })

  test('can send more than fits into memory, as fast as the client reads', async () => {
    receiver.always(hugeBody(1_024 ** 4))
    const before = process.memoryUsage().rss
    expect((await rawResponse(1_000_000)).bytes).toBeGreaterThanOrEqual(1_000_000)
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1_024 ** 2)
  })

  test('can send a small compressed body that inflates to a large one', async () => {
    receiver.always(gzipBomb(20 * 1_024 ** 2))
    expect((await rawResponse()).bytes).toBeLessThan(50_000)
    expect((await (await post()).arrayBuffer()).byteLength).toBe(20 * 1_024 ** 2)
  })
})

describe('a receiver with TLS', () => {
  function statusOf({ url }: Receiver): Promise<number | string> {
    return new Promise((resolve) => {
      const request = tlsRequest(url, { method: 'POST', ca: testCertificateAuthority(), agent: false })
      request.on('response', (response) => resolve(response.resume().statusCode ?? 0))
      request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'UNKNOWN'))
      request.end('{}')
    })
  }

  test.each([
    ['good', 200],
    ['expired', 'CERT_HAS_EXPIRED'],
    ['wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('serves the certificate %s', async (certificate, expected) => {
    const tls = await startReceiver({ certificate })
    expect(await statusOf(tls)).toBe(expected)
    await tls.stop()
  })

  test('can reset the connection', async () => {
    const tls = await startReceiver({ certificate: 'good' })
    tls.always(resetSocket())
    expect(await statusOf(tls)).toBe('ECONNRESET')
    await tls.stop()
  })
})

describe('stopping', () => {
  test('ends every connection, also when called twice', async () => {
    receiver.always(neverRespond())
    const waiting = [rawResponse(), rawResponse()]
    await waitUntil('both clients are connected', () => receiver.connections() === 2)
    await receiver.stop()
    await receiver.stop()
    await Promise.all(waiting)
    await expect(post()).rejects.toThrow('fetch failed')
  })

  test('frees the port for a receiver that starts again', async () => {
    await receiver.stop()
    const again = await startReceiver({ port: receiver.port })
    expect((await fetch(again.origin)).status).toBe(200)
    await again.stop()
  })
})
