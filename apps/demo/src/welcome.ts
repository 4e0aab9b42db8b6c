import { webhookTypes } from '@ghostpost/delivery/destinations'
import { demoAccount } from './demo-account.ts'
import type { Demo } from './start-demo.ts'

/** The text after the start: the addresses, and a curl line for each destination type. */
export function welcomeText({ api, dashboard, inbox, session, queue }: Demo): string {
  const lines = webhookTypes.map((type) => `  ${curlOf(api, inbox, session, type)}`)
  return `
Ghostpost is ready.

  Dashboard  ${dashboard}    sign in as ${demoAccount.email} with ${demoAccount.password}
  API        ${api}        (reference: ${api}/docs)
  Inbox      ${inbox}        the webhooks that the local receiver got
  Queue      ${queue}

Paste a line: it exports the sample visitor and returns the outcome.

${lines.join('\n\n')}

To see a retry, use the URL ${inbox}/status/503; any status works.
To develop your own receiver: run npm run -s ghostpost -- listen, and send to
http://127.0.0.1:4099/ (docs/receiving.md).
Ctrl-C stops everything.`
}

function curlOf(api: string, inbox: string, session: string, type: string): string {
  const body = JSON.stringify({
    ghost_vid: 'gv_a1b2c3d4_e5f6g7h8',
    webhook_url: `${inbox}/hooks/${type}`,
    webhook_type: type,
  })
  const headers = `--cookie 'session=${session}' -H 'Content-Type: application/json'`
  return `curl -sS -w '\\n' ${api}/api/webhook ${headers} -d '${body}'`
}
