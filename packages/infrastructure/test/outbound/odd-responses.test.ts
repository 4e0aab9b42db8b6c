import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Outcome } from '@ghostpost/delivery/deliver'
import { createSender, type Sender } from '@ghostpost/infrastructure/outbound'
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

function openSender(): Sender {
  const policy = { allowed: [{ network: '127.0.0.1', bits: 32, port: null }] }
  return createSender({ connectTimeoutMs: 1_500, responseTimeoutMs: 1_500, totalTimeoutMs: 2_000, policy })
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

describe('a malformed response', () => {
  test.each([
    ['a header with NUL', 'HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 0\r\n\r\n', 'HPE_INVALID'],
    ['a status of two digits', 'HTTP/1.1 42 Odd\r\n\r\n', 'HPE_INVALID'],
    ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n', 'HPE_INVALID'],
    ['an unexpected 101', 'HTTP/1.1 101 Go\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n', 'UND_ERR_SOCKET'],
    ['a 100 Continue of 17 KiB', `HTTP/1.1 100 Continue\r\n${largeHeader}\r\n${ok}`, 'UND_ERR_HEADERS_OVERFLOW'],
    ['headers of 17 KiB', `HTTP/1.1 200 OK\r\n${largeHeader}\r\n`, 'UND_ERR_HEADERS_OVERFLOW'],
  ])('%s is malformed', async (_name, text, code) => {
    expect(await outcomeOf(responding(text))).toEqual({ kind: 'answer_malformed', code })
  }) // prettier-ignore

  test('a connection that ends within the headers is lost', async () => {
    const outcome = await outcomeOf(responding('HTTP/1.1 200 OK\r\nx: ', (socket) => socket.end()))
    expect(outcome).toMatchObject({ kind: 'connection_lost' })
  })

  test.each([
    ['endless interim responses', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['endless 100 Continue', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['an endless 100 Continue status line', 'HTTP/1.1 100 Contin'],
    ['an endless status text', 'HTTP/1.1 200 xxxxxxxxxxxxxxxx'],
  ])('the response deadline ends %s', async (_name, text) => {
    expect(await outcomeOf(repeating(text))).toEqual({ kind: 'timed_out', phase: 'answer' })
  })
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
