import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findChromium } from '@ghostpost/test-kit/browser/find-chromium'
import { launchChromium, visit } from '@ghostpost/test-kit/browser/open-browser'
import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { resetSocket, respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { webhookTypes } from '@ghostpost/delivery/destinations'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runGhostpost } from '../../command-line/run-ghostpost.ts'

const repository = join(import.meta.dirname, '../../../../..')
const registerTeams = new URL('register-teams.ts', import.meta.url)
const run = promisify(execFile)

describe('the name of a destination type', () => {
  const sources = globSync('{apps/*,packages/{delivery,infrastructure,client}}/src/**/*.{ts,tsx}', {
    cwd: repository,
  }).filter((path) => !/generated|delivery\/src\/destinations\//.test(path))

  const allowed = [
    // An option of BullMQ.
    /backoff: \{ type: 'custom' \}/,
    // The public endpoint of HubSpot's contact properties.
    /hubspot-properties|HubspotProperties|contact properties a HubSpot destination needs/,
    // A response header that traces a request.
    /x-hubspot-correlation-id/,
  ]

  const literal = new RegExp(`['"\`](?:${webhookTypes.join('|')})['"\`]`)
  const key = new RegExp(`(?:^|[{,])\\s*(?:${webhookTypes.join('|')}):`)
  // `custom` is also an English word.
  const word = new RegExp(
    `(?<![\\w])(?:${webhookTypes.filter((type) => type !== 'custom').join('|')})(?![\\w])`,
    'i',
  )
  const comment = /^\s*(?:\*|\/\*|\/\/)/

  test('is written nowhere outside the folder of destinations', () => {
    expect(sources.length).toBeGreaterThan(300)
    const named = sources.flatMap((path) =>
      readFileSync(join(repository, path), 'utf8')
        .split('\n')
        .filter((line) => !allowed.some((one) => one.test(line)))
        .filter((line) => literal.test(line) || key.test(line) || (word.test(line) && !comment.test(line)))
        .map((line) => `${path}: ${line.trim()}`),
    )
    expect(named).toEqual([])
  })
})

describe('an invented sixth type, registered in one line', () => {
  let stack: Stack
  let builtDashboard: string

  beforeAll(async () => {
    builtDashboard = await mkdtemp(join(tmpdir(), 'ghostpost-dashboard-'))
    await buildDashboard(builtDashboard)
    const started = await startStack({}, 0)
    const preload = [`${registerTeams.href}?dashboard=${builtDashboard}`]
    const { address } = await started.startApi({}, preload)
    await started.startWorker({}, preload)
    stack = { ...started, api: address }
  })

  afterAll(async () => {
    await stack?.stop()
    await rm(builtDashboard, { recursive: true, force: true })
  })

  beforeEach(() => {
    stack.receiver.always(respond(200))
    stack.receiver.requests.length = 0
  })

  async function buildDashboard(folder: string): Promise<void> {
    const dashboard = join(repository, 'apps/dashboard')
    const vite = join(dashboard, 'node_modules/vite/bin/vite.js')
    const args = ['--import', registerTeams.href, vite, 'build', '--logLevel', 'warn', '--outDir', folder]
    const environment = { ...process.env, NODE_ENV: 'production' }
    await run(process.execPath, [...args, '--emptyOutDir'], { cwd: dashboard, env: environment })
  }

  const exportToTeams = (): Promise<ApiResponse> =>
    callApi(stack, '/api/webhook', { body: exportBody(stack, { webhook_type: 'teams' }) })

  const fieldOf = (response: ApiResponse, name: string): string => String(response.body?.[name])

  async function finished(id: string): Promise<Record<string, unknown>> {
    return waitUntil(`delivery ${id} is finished`, async () => {
      const { body } = await callApi(stack, `/api/deliveries/${id}`)
      return body && ['delivered', 'failed'].includes(String(body['status'])) ? body : undefined
    })
  }

  function ghostpost(...args: string[]): ReturnType<typeof runGhostpost> {
    const env = {
      GHOSTPOST_API_URL: stack.api,
      GHOSTPOST_SESSION: stack.session,
      NODE_OPTIONS: `--import=${registerTeams.href}`,
    }
    return runGhostpost(args, { env })
  }

  test('is exported in its own format', async () => {
    const response = await exportToTeams()
    expect(response.status).toBe(200)
    const [request] = await stack.receiver.waitForRequests(1)
    expect(request?.json()).toEqual({
      card: { title: 'New Lead from GHOST', visitor: 'gv_a1b2c3d4_e5f6g7h8' },
    })
    expect(request?.headers['webhook-signature']).toBeUndefined()
  })

  test('is retried after a failure', async () => {
    stack.receiver.next(respond(503))
    const response = await exportToTeams()
    expect(response.status).toBe(202)
    expect(await finished(fieldOf(response, 'delivery_id'))).toMatchObject({ status: 'delivered' })
    expect(stack.receiver.requests).toHaveLength(2)
  })

  test('is not repeated after an unknown outcome, because it shows repeats', async () => {
    stack.receiver.next(resetSocket())
    const response = await exportToTeams()
    const delivery = await finished(fieldOf(response, 'delivery_id'))
    expect(delivery).toMatchObject({ status: 'failed', last_error: { code: 'connection_lost' } })
    expect(stack.receiver.requests).toHaveLength(1)
  })

  test('makes the plan of a resend warn of duplicates and possible duplicates', async () => {
    stack.receiver.next(respond(200), resetSocket())
    for (let count = 0; count < 2; count += 1) await finished(fieldOf(await exportToTeams(), 'delivery_id'))
    const body = { kind: 'resend', filter: { webhook_type: 'teams' } }
    const plan = await callApi(stack, '/api/operations/plan', { body })
    expect(plan.status).toBe(201)
    const warnings = plan.body?.['warnings'] as { code: string }[]
    expect(warnings.map(({ code }) => code)).toEqual(['duplicates', 'possible_duplicates'])
  })

  test('is a filter of the delivery log', async () => {
    await exportToTeams()
    const { status, body } = await callApi(stack, '/api/deliveries?siteId=4&webhook_type=teams')
    expect(status).toBe(200)
    const items = body?.['items'] as { webhook_type: string }[]
    expect(new Set(items.map(({ webhook_type: type }) => type))).toEqual(new Set(['teams']))
  })

  test('is an option of the command line', async () => {
    await exportToTeams()
    const help = await ghostpost('deliveries', 'list', '--help')
    expect(help.stdout.replaceAll(/\s+/g, ' ')).toContain('discord, teams; separate with commas')
    const listed = await ghostpost('deliveries', 'list', '--type', 'teams', '--json')
    expect([listed.exitCode, listed.stdout]).toEqual([0, expect.stringContaining('"teams"')])
    const alertHelp = await ghostpost('alerts', 'add', '--help')
    expect(alertHelp.stdout.replaceAll(/\s+/g, ' ')).toContain('custom, slack, discord, teams')
  })

  test('takes alerts in its own format', async () => {
    const webhook = {
      name: 'Teams alerts',
      webhook_type: 'teams',
      webhook_url: `${stack.receiver.url}alerts`,
    }
    const saved = await callApi(stack, '/api/destinations', { body: webhook })
    const { id } = (saved.body as { destination: { id: string } }).destination
    const rule = { name: 'Leads fail', kind: 'failure_rate', notify: { destination_id: id } }
    const created = await callApi(stack, '/api/alert-rules', { body: rule })
    expect(created.status).toBe(201)
    const path = `${created.headers.get('location')}/test`
    expect((await callApi(stack, path, { method: 'POST' })).status).toBe(200)
    const [request] = await stack.receiver.waitForRequests(1)
    expect(request?.json()).toEqual({ card: { title: expect.stringContaining('Leads fail'), phase: 'test' } })
  })

  test('is in the OpenAPI document', async () => {
    const { text } = await callApi(stack, '/openapi.json')
    expect(text).toContain('HubSpot, Salesforce, Slack, Discord and Teams')
    expect(text).toContain('custom, slack, discord or teams')
  })

  test('is in the generated documents', async () => {
    const page = join(repository, 'tools/release/test/docs/errors-page.ts')
    const script = `console.log((await import(${JSON.stringify(page)})).errorsPage())`
    const args = ['--import', registerTeams.href, '--input-type=module', '--eval', script]
    const { stdout } = await run(process.execPath, args)
    expect(stdout).toContain('| [teams](destinations/teams.md#causes-and-what-to-do) | `teams_card_exists` |')
    expect(stdout).toContain('for Slack, Discord and Teams')
  })

  const chromium = findChromium()

  describe.skipIf(chromium === null)('in the dashboard', () => {
    test('has a filter, a form with its help, an entry in the recipients of alerts and a preview', async () => {
      const response = await exportToTeams()
      const browser = await launchChromium(chromium ?? '')
      try {
        const { page, close } = await visit(browser, stack.api, stack.session)
        await page.goto('/ops/deliveries?webhook_type=teams')
        expect(await page.getByLabel('Type', { exact: true }).inputValue()).toBe('teams')
        await page.getByRole('row').getByText('Teams').first().waitFor()

        await page.goto('/ops/destinations')
        await page.getByRole('button', { name: 'New destination' }).click()
        await page.getByLabel('Type', { exact: true }).selectOption({ label: 'Teams' })
        await page.getByText('The URL of a Teams workflow.').waitFor()
        await page.getByText('Default: 4 per 1 s, for the limit of Teams.').waitFor()
        expect(await page.getByLabel('Signatures').count()).toBe(0)
        await page.getByLabel('Name').fill('Sales channel')
        await page.getByLabel('URL', { exact: true }).fill(`${stack.receiver.url}hooks/teams`)
        await page.getByRole('button', { name: 'Save' }).click()
        await page.getByRole('button', { name: 'Show the destination' }).click()
        await page.getByRole('definition').getByText('Teams', { exact: true }).waitFor()

        await page.goto('/ops/alerts')
        await page.getByRole('button', { name: 'New alert' }).first().click()
        await page.getByRole('option', { name: 'Sales channel (teams)' }).waitFor({ state: 'attached' })

        await page.goto(`/ops/deliveries/${fieldOf(response, 'delivery_id')}`)
        await page.getByRole('table', { name: 'Teams card: fields' }).waitFor()
        await close()
      } finally {
        await browser.close()
      }
    })
  })
})
