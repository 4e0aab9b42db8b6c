import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Outcome } from '@ghostpost/delivery/deliver'
import { createSender, type Sender, type SenderOptions } from '@ghostpost/infrastructure/outbound'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

// A plain TCP server that sends exactly the bytes of the test.
let server: Server
let port: number
let sender: Sender
let react: (socket: Socket) => void = () => {}
const sockets = new Set<Socket>()

beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    react(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  sender = openSender()
})

function openSender(limits: Partial<SenderOptions> = {}): Sender {
  const policy = { allowed: [{ network: '127.0.0.1', bits: 32, port: null }] }
  const defaults = { connectTimeoutMs: 1_500, responseTimeoutMs: 1_500, totalTimeoutMs: 2_000 }
  return createSender({ ...defaults, policy, ...limits })
}

afterEach(() => {
  for (const socket of sockets) socket.destroy()
})

afterAll(async () => {
  await sender.close()
  await new Promise((resolve) => server.close(resolve))
})

async function outcomeOf(
  reaction: (socket: Socket) => void,
  scheme = 'http',
  through = sender,
): Promise<Outcome> {
  react = reaction
  const url = new URL(`${scheme}://127.0.0.1:${port}/`)
  const request = { url, headers: {}, body: '{}', signing: null, freshConnection: false }
  return (await through.send(request)).outcome
}

/** Sends `text` once the whole request has arrived. */
function responding(text: string, then: (socket: Socket) => void = () => {}): (socket: Socket) => void {
  return (socket) => {
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString()
      if (!received.endsWith('\r\n\r\n{}')) return
      socket.write(text)
      then(socket)
    })
  }
}

const repeating = (text: string) => (socket: Socket) => {
  const timer = setInterval(() => socket.write(text), 10)
  socket.once('close', () => clearInterval(timer))
}

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const early = 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'
const largeHeader = `x: ${'y'.repeat(17_408)}\r\n`
const earlyHints = `HTTP/1.1 103 Early\r\n${largeHeader}\r\n`
const headersOf = (count: number) => Array.from({ length: count }, (_, n) => `x-${n}: v\r\n`).join('')

describe('a response', () => {
  test.each([
    ['after an interim response', `HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${ok}`],
    ['after an unexpected 100 Continue', `HTTP/1.1 100 Continue\r\n\r\n${ok}`],
    ['after 3,000 times 100 Continue', `${'HTTP/1.1 100 \r\nx: y\r\n\r\n'.repeat(3_000)}${ok}`],
    [
      'after interim responses of all kinds',
      `HTTP/1.0 100\r\n\r\n${early}HTTP/1.1 100 Go\r\n\r\n${early}${ok}`,
    ],
    ['followed by another response', `${ok}HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n`],
    ['in HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok'],
    ['in chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n'],
    ['with 200 headers', `HTTP/1.1 200 OK\r\n${headersOf(200)}content-length: 2\r\n\r\nok`],
  ])('a response %s is complete', async (_name, text) => {
    const outcome = await outcomeOf(responding(text))
    expect(outcome).toMatchObject({ kind: 'answered', status: 200, body: 'ok', bodyEnd: 'complete' })
  })

  test('a response without a length ends with the connection', async () => {
    const outcome = await outcomeOf(responding('HTTP/1.0 200 OK\r\n\r\nhello', (socket) => socket.end()))
    expect(outcome).toMatchObject({ kind: 'answered', body: 'hello', bodyEnd: 'complete' })
  })

  test('a response with invalid chunks is still a response', async () => {
    const outcome = await outcomeOf(responding('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'))
    expect(outcome).toMatchObject({ kind: 'answered', status: 200, bodyEnd: 'reset' })
    expect(outcome).toHaveProperty('fault', expect.stringMatching(/chunk/i))
  })

  test.each([
    [65_536, 'complete'],
    [65_537, 'size'],
  ])('reading a body of %i bytes ends with %s', async (bytes, bodyEnd) => {
    const text = `HTTP/1.1 200 OK\r\ncontent-length: ${bytes}\r\n\r\n${'x'.repeat(bytes)}`
    expect(await outcomeOf(responding(text))).toMatchObject({ kind: 'answered', bodyBytes: 65_536, bodyEnd })
  })

  test('a small header is stored although another one is too large to store', async () => {
    const large = `x-large: ${'y'.repeat(9_000)}\r\n`
    const text = `HTTP/1.1 429 Slow\r\n${large}retry-after: 30\r\ncontent-length: 0\r\n\r\n`
    const outcome = await outcomeOf(responding(text))
    expect(outcome).toMatchObject({ status: 429, headers: { 'retry-after': '30', 'content-length': '0' } })
    expect(outcome).not.toHaveProperty('headers.x-large')
  })

  test('at most 64 headers are stored', async () => {
    const outcome = await outcomeOf(
      responding(`HTTP/1.1 200 OK\r\n${headersOf(200)}content-length: 0\r\n\r\n`),
    )
    expect(Object.keys(outcome.kind === 'answered' ? outcome.headers : {})).toHaveLength(64)
  })
})

describe('an unexpected 100 Continue', () => {
  test('a 100 Continue in single bytes is skipped, and the connection is reused', async () => {
    let connections = 0
    const bytes = `HTTP/1.1 100 Continue\r\nx: y\r\n\r\n${early}HTTP/1.1 100 Continue\r\n\r\n${ok}`
    const dripping = (socket: Socket): void => {
      connections += 1
      socket.setNoDelay(true).on('data', (chunk) => {
        if (!chunk.toString().endsWith('{}')) return
        void (async () => {
          for (const byte of bytes)
            await new Promise((resolve) => socket.write(byte, () => setImmediate(resolve)))
        })()
      })
    }
    const own = openSender()
    for (let n = 0; n < 4; n += 1)
      expect(await outcomeOf(dripping, 'http', own)).toMatchObject({
        status: 200,
        body: 'ok',
        bodyEnd: 'complete',
      })
    expect(connections).toBeLessThan(4)
    await own.close()
  })

  test('the text of a 100 Continue within a body belongs to the body', async () => {
    const body = 'HTTP/1.1 100 Continue\r\n\r\n'
    const head = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`
    const inTwo = responding(head, (socket) => void setTimeout(() => socket.write(body), 20))
    expect(await outcomeOf(inTwo)).toMatchObject({ status: 200, body, bodyEnd: 'complete' })
  })

  test('a connection that ends after a 100 Continue is lost', async () => {
    const outcome = await outcomeOf(responding('HTTP/1.1 100 Continue\r\n\r\n', (socket) => socket.end()))
    expect(outcome).toMatchObject({ kind: 'connection_lost' })
  })
})

/** A head that llhttp refuses, with a body of two bytes where its length is clear. */
const untidy: readonly (readonly [name: string, text: string, fault: string, body: string])[] = [
  [
    'both lengths',
    'content-length: 9\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    'Content-Length with Transfer-Encoding',
    'ok',
  ],
  [
    'both lengths in the other order',
    'transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    'Content-Length with Transfer-Encoding',
    'ok',
  ],
  [
    'the same length twice',
    'content-length: 2\r\nContent-Length: 2\r\n\r\nok',
    'several Content-Length',
    'ok',
  ],
  ['the same length twice in a line', 'content-length: 2, 2\r\n\r\nok', 'several Content-Length', 'ok'],
  ['a folded header', 'x-policy: a;\r\n\tb\r\n  c\r\ncontent-length: 2\r\n\r\nok', 'folded header', 'ok'],
  ['a folded first line', ' b: c\r\ncontent-length: 2\r\n\r\nok', 'folded header', 'ok'],
  ['lines that end with LF', 'x: y\ncontent-length: 2\n\nok', 'LF without CR', 'ok'],
  ['one line that ends with LF', 'x: y\ncontent-length: 2\r\n\r\nok', 'LF without CR', 'ok'],
  ['an empty line that ends with LF', 'content-length: 2\r\n\nok', 'LF without CR', 'ok'],
  ['a space before a colon', 'x : y\r\ncontent-length: 2\r\n\r\nok', 'space before a colon', 'ok'],
  [
    'a control character',
    'x: a\u0001b\r\ncontent-length: 2\r\n\r\nok',
    'control character in a header',
    'ok',
  ],
  ['NUL', 'x: a\0b\r\ncontent-length: 2\r\n\r\nok', 'control character in a header', 'ok'],
  ['a lone CR', 'x: a\rb\r\ncontent-length: 2\r\n\r\nok', 'control character in a header', 'ok'],
  ['a line without a colon', 'nonsense\r\ncontent-length: 2\r\n\r\nok', 'line without a header', 'ok'],
  ['an empty name', ': x\r\ncontent-length: 2\r\n\r\nok', 'line without a header', 'ok'],
  ['a name with a space', 'x y: z\r\ncontent-length: 2\r\n\r\nok', 'line without a header', 'ok'],
  ['a name with umlauts', 'x-\u00fc: z\r\ncontent-length: 2\r\n\r\nok', 'line without a header', 'ok'],
]
/** The same, where the end of the connection is the end of the body. */
const withoutLength: typeof untidy = [
  ['an empty length', 'content-length:\r\n\r\nok', 'invalid Content-Length', 'ok'],
  ['a negative length', 'content-length: -1\r\n\r\nok', 'invalid Content-Length', 'ok'],
  ['a length with a plus sign', 'content-length: +2\r\n\r\nok', 'invalid Content-Length', 'ok'],
  ['a length of thirty digits', `content-length: ${'9'.repeat(30)}\r\n\r\nok`, 'invalid Content-Length', 'ok'],
  ['different lengths', 'content-length: 2\r\ncontent-length: 3\r\n\r\nok', 'several Content-Length', 'ok'],
] // prettier-ignore

describe('a head that is not valid HTTP, with a readable status line', () => {
  test.each(untidy)('%s: the status and the body count', async (_name, text, fault, body) => {
    const expected = { kind: 'answered', body, bodyEnd: 'complete', fault: expect.stringContaining(fault) }
    expect(await outcomeOf(responding(`HTTP/1.1 200 OK\r\n${text}`))).toMatchObject({
      ...expected,
      status: 200,
    })
    expect(await outcomeOf(responding(`HTTP/1.1 404 No\r\n${text}`))).toMatchObject({
      ...expected,
      status: 404,
    })
  })

  test.each(withoutLength)('%s: the body ends with the connection', async (_name, text, fault, body) => {
    const closing = responding(`HTTP/1.1 200 OK\r\n${text}`, (socket) => socket.end())
    const expected = { status: 200, body, bodyEnd: 'complete', fault: expect.stringContaining(fault) }
    expect(await outcomeOf(closing)).toMatchObject(expected)
  })

  test.each([
    ['two spaces', 'HTTP/1.1  200 OK'],
    ['a tab', 'HTTP/1.1\t200 OK'],
    ['lower case', 'http/1.1 200 OK'],
    ['another version', 'HTTP/2 200'],
    ['a control character in its text', 'HTTP/1.1 200 O\u0001K'],
    ['empty lines before it', '\r\n\nHTTP/1.1 200 OK'],
  ])('a status line with %s counts', async (_name, line) => {
    const outcome = await outcomeOf(responding(`${line}\r\ncontent-length: 2\r\n\r\nok`))
    expect(outcome).toMatchObject({ kind: 'answered', status: 200, body: 'ok', bodyEnd: 'complete' })
  })

  test('a repeated header has all its values', async () => {
    const text =
      'HTTP/1.1 429 Slow\r\nretry-after: 7\r\nretry-after: 120\r\nx : y\r\ncontent-length: 0\r\n\r\n'
    expect(await outcomeOf(responding(text))).toMatchObject({
      status: 429,
      headers: { 'retry-after': '7, 120' },
    })
  })

  test('a head in single bytes is read like one in a piece', async () => {
    const text = 'HTTP/1.1 100 Go\n\nHTTP/1.1 200 OK\nx : y\ncontent-length: 2\n\nok'
    const dripping = (socket: Socket): void =>
      void socket.setNoDelay(true).once('data', () => {
        void (async () => {
          for (const byte of text)
            await new Promise((resolve) => socket.write(byte, () => setImmediate(resolve)))
        })()
      })
    expect(await outcomeOf(dripping)).toMatchObject({ status: 200, body: 'ok', bodyEnd: 'complete' })
  })

  test('its connection takes no further request', async () => {
    const own = openSender()
    let connections = 0
    const counting = responding('HTTP/1.1 200 OK\r\nx : y\r\ncontent-length: 2\r\n\r\nok')
    for (let n = 0; n < 3; n += 1)
      await outcomeOf(
        (socket) => {
          connections += 1
          counting(socket)
        },
        'http',
        own,
      )
    expect(connections).toBe(3)
    await own.close()
  })

  test.each([
    ['headers of 17 KiB', `HTTP/1.1 200 OK\r\n${largeHeader}\r\n`, 'reset', 'headers too large'],
    ['headers of 40 KiB', `HTTP/1.1 200 OK\r\n${largeHeader.repeat(3)}\r\n`, 'reset', 'headers too large'],
  ])('of %s the status counts', async (_name, text, bodyEnd, fault) => {
    expect(await outcomeOf(responding(text))).toMatchObject({ status: 200, body: '', bodyEnd, fault })
  })

  test.each([
    ['is closed', (socket: Socket) => socket.end()],
    ['is reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('the status counts although the connection %s within the headers', async (_name, end) => {
    const text = 'HTTP/1.1 404 Not Found\r\nx-known: 1\r\nx-half'
    const outcome = await outcomeOf(responding(text, (socket) => void setTimeout(() => end(socket), 50)))
    const expected = { status: 404, headers: { 'x-known': '1' }, body: '', bodyEnd: 'reset' }
    expect(outcome).toMatchObject({ kind: 'answered', ...expected, fault: 'headers not complete' })
  })

  test('the status counts at the deadline although the headers have no end', async () => {
    const outcome = await outcomeOf(responding('HTTP/1.1 200 OK\r\nx-half'))
    expect(outcome).toMatchObject({ kind: 'answered', status: 200, bodyEnd: 'deadline' })
  })

  test.each([
    ['one with LF', 'HTTP/1.1 100 Continue\n\n'],
    ['one of 20 KiB', `HTTP/1.1 103 Early Hints\r\n${largeHeader}${largeHeader}\r\n`],
    ['one of 400 KiB', `HTTP/1.1 103 Early Hints\r\n${largeHeader.repeat(24)}\r\n`],
    ['one with an invalid header', 'HTTP/1.1 103 Early Hints\r\nx : \u0001\r\n\r\n'],
  ])('an interim response is skipped: %s', async (_name, interim) => {
    const outcome = await outcomeOf(responding(`${interim}${ok}`))
    expect(outcome).toMatchObject({ status: 200, body: 'ok', bodyEnd: 'complete' })
    expect(outcome).not.toHaveProperty('fault')
  })
})

describe('a malformed response', () => {
  test.each([
    ['a status of two digits', 'HTTP/1.1 42 Odd\r\n\r\n', /^HPE_INVALID: /],
    ['a status of four digits', 'HTTP/1.1 2000 Odd\r\n\r\n', /^HPE_INVALID: /],
    ['status 000', 'HTTP/1.1 000 Odd\r\ncontent-length: 0\r\n\r\n', /^ERR_ASSERTION$/],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', /^HPE_INVALID: /],
    ['an unexpected 101', 'HTTP/1.1 101 Go\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n', /^UND_ERR_SOCKET$/],
    ['interim responses of 2 MiB', `${earlyHints.repeat(130)}${ok}`, /^UND_ERR_HEADERS_OVERFLOW$/],
  ])('%s is malformed', async (_name, text, code) => {
    const outcome = await outcomeOf(responding(text))
    expect(outcome).toEqual({ kind: 'answer_malformed', code: expect.stringMatching(code) })
  }) // prettier-ignore

  test('a connection that ends before the status is lost', async () => {
    const outcome = await outcomeOf(responding('HTTP/1.1 20', (socket) => socket.end()))
    expect(outcome).toMatchObject({ kind: 'connection_lost' })
  })

  test.each([
    ['endless interim responses', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['endless 100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['an endless 100 Continue status line', 'HTTP/1.1 100 Contin'],
  ])('the response deadline ends %s', async (_name, text) => {
    expect(await outcomeOf(repeating(text))).toEqual({ kind: 'timed_out', phase: 'answer' })
  })
})

describe('a body without an end', () => {
  const started = 'HTTP/1.1 200 OK\r\n'
  test.each([
    ['in chunks', `${started}transfer-encoding: chunked\r\n\r\n2\r\nok\r\n`],
    ['shorter than its length', `${started}content-length: 3\r\n\r\nok`],
    ['without a length', `${started}\r\nok`],
  ])(
    'a response with a body %s is reported soon after its head',
    async (_name, text) => {
      const patient = openSender({ bodyTimeoutMs: 100, totalTimeoutMs: 20_000, responseTimeoutMs: 20_000 })
      const outcome = await outcomeOf(responding(text), 'http', patient)
      expect(outcome).toMatchObject({ kind: 'answered', status: 200, body: 'ok', bodyEnd: 'deadline' })
      await patient.close()
    },
    10_000,
  )
})

test.each([
  ['the deadline', 'x', 'deadline'],
  ['the size limit', 'x'.repeat(8_192), 'size'],
])('after %s the sender closes the connection although the body continues', async (_name, piece, bodyEnd) => {
  const endless = responding('HTTP/1.1 200 OK\r\n\r\n', repeating(piece))
  expect(await outcomeOf(endless)).toMatchObject({ kind: 'answered', bodyEnd })
  expect(await waitUntil('all connections are closed', () => sockets.size === 0, 5_000)).toBe(true)
})

describe('a TLS port', () => {
  test('a TLS port that speaks plain HTTP fails TLS', async () => {
    const plain = (socket: Socket): void =>
      void socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n'))
    expect(await outcomeOf(plain, 'https')).toMatchObject({ kind: 'tls_failed' })
  })

  test('a TLS port that sends nothing times out while connecting', async () => {
    expect(await outcomeOf(() => {}, 'https')).toEqual({ kind: 'timed_out', phase: 'connect' })
  })

  test('a TLS port that resets the connection fails the connection', async () => {
    const outcome = await outcomeOf((socket) => void socket.resetAndDestroy(), 'https')
    expect(outcome).toEqual({ kind: 'connection_failed', code: 'ECONNRESET' })
  })
})
