import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { sampleResponse } from './sample-response.ts'
import { inboxPage, type Arrival } from './inbox-page.ts'

export interface Inbox {
  url: string
  stop: () => Promise<void>
}

const arrivalsMax = 200
const bodyBytesMax = 1_048_576

/**
 * Starts a local receiver. `POST /hooks/<type>` responds as that tool does, `POST /status/<code>` responds with that
 * status. `GET /` shows the received webhooks, and `GET /arrivals.json` returns them to scripts.
 */
export async function startInbox(port: number): Promise<Inbox> {
  const arrivals: Arrival[] = []
  const server = createServer((request, response) => {
    const handled =
      request.method === 'POST' ? receive(request, response, arrivals) : show(request, response, arrivals)
    handled.catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${port}`, stop }
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  arrivals: Arrival[],
): Promise<void> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length
    if (bytes <= bodyBytesMax) chunks.push(chunk as Buffer)
  }
  const path = request.url ?? '/'
  const sample = sampleResponse(path)
  const body = Buffer.concat(chunks).toString('utf8')
  arrivals.unshift({
    at: new Date().toISOString(),
    path,
    headers: request.headers,
    body,
    answered: sample.status,
  })
  arrivals.length = Math.min(arrivals.length, arrivalsMax)
  response.writeHead(sample.status, { 'content-type': sample.contentType, ...sample.headers })
  response.end(sample.body)
}

async function show(
  request: IncomingMessage,
  response: ServerResponse,
  arrivals: readonly Arrival[],
): Promise<void> {
  if (request.url === '/arrivals.json') {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(arrivals))
    return
  }
  const found = request.url === '/'
  response.writeHead(found ? 200 : 404, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  })
  response.end(found ? inboxPage(arrivals) : 'Nothing here. The inbox is at /')
}
