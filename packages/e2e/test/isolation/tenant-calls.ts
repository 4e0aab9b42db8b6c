import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Tenant } from './tenants.ts'

export interface TenantResponse {
  status: number
  /** The parsed body; empty unless it is JSON. */
  body: Record<string, unknown>
  text: string
}

interface TenantCall {
  /** Sent as JSON, by POST. */
  body?: object
  headers?: Record<string, string>
}

/** Calls of the API, each from its tenant's own address. */
export interface TenantCalls {
  call: (tenant: Tenant, path: string, call?: TenantCall) => Promise<TenantResponse>
  /** Opens a call and returns its response as soon as it has a head; the body is not read. */
  open: (tenant: Tenant, path: string, call?: TenantCall) => Promise<IncomingMessage>
  /** Begins a POST and never sends the last byte of its body. */
  openUnfinished: (tenant: Tenant, path: string) => ClientRequest
  /** Ends all calls. */
  close: () => void
}

/** @param api base address of the API */
export function openTenantCalls(api: string): TenantCalls {
  const agent = new Agent({ keepAlive: true })
  const begin = (tenant: Tenant, path: string, headers: Record<string, string>): ClientRequest =>
    request(new URL(path, api), {
      agent,
      localAddress: tenant.address,
      method: 'content-type' in headers ? 'POST' : 'GET',
      headers: { cookie: `session=${tenant.session}`, ...headers },
    })
  const open: TenantCalls['open'] = async (tenant, path, { body, headers } = {}) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const started = begin(tenant, path, { ...headers, ...json })
    const responded = once(started, 'response')
    started.end(body === undefined ? undefined : JSON.stringify(body))
    const [response] = (await responded) as [IncomingMessage]
    started.on('error', () => {})
    response.on('error', () => {})
    return response
  }
  return {
    open,
    call: async (tenant, path, call) => {
      const response = await open(tenant, path, call)
      const whole = await text(response)
      const isJson = response.headers['content-type']?.includes('json') && whole !== ''
      const body = isJson ? (JSON.parse(whole) as Record<string, unknown>) : {}
      return { status: response.statusCode ?? 0, body, text: whole }
    },
    openUnfinished: (tenant, path) => {
      const headers = { 'content-type': 'application/json', 'content-length': '1000' }
      const started = begin(tenant, path, headers)
      started.on('error', () => {}).on('response', (response) => response.on('error', () => {}).resume())
      started.write('{')
      return started
    },
    close: () => agent.destroy(),
  }
}

/** The path with a query that names the tenant's site. */
export function siteQuery({ siteId }: Tenant, path: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}siteId=${siteId}`
}

/** An export of the tenant's visitor. */
export function exportTo({ siteId, visitor }: Tenant, webhookUrl: string): { body: object } {
  return { body: { siteId, ghost_vid: visitor, webhook_url: webhookUrl } }
}
