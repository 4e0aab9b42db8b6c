import type { IncomingHttpHeaders } from 'node:http'

export interface Arrival {
  at: string
  path: string
  headers: IncomingHttpHeaders
  body: string
  answered: number
}

const emptyText =
  '<p>Nothing yet. Paste one of the <code>curl</code> lines that <code>npm start</code> printed.</p>'

/** Renders the received webhooks, newest first, as a page without scripts. Everything in them is escaped. */
export function inboxPage(arrivals: readonly Arrival[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width">
<title>Inbox (${arrivals.length}) · Ghostpost</title>
<style>
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  article { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem; }
  article { margin: 1rem 0; padding: .75rem 1rem; }
  h2 { font-size: 1rem; margin: 0; } h2 span { font-weight: normal; opacity: .75; }
  pre { overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0 0; font-size: .85rem; }
</style>
</head>
<body>
<h1>Inbox</h1>
<p>The webhooks that this local receiver got, newest first. The page reloads every 3 seconds.</p>
${arrivals.length === 0 ? emptyText : ''}
${arrivals.map(articleOf).join('\n')}
</body>
</html>`
}

function articleOf({ at, path, headers, body, answered }: Arrival): string {
  const shownHeaders = Object.entries(headers).filter(
    ([name]) => name.startsWith('webhook-') || name === 'user-agent',
  )
  const shown = shownHeaders.map(([name, value]) => `${name}: ${String(value)}`).join('\n')
  return `<article>
<h2>POST ${escapeHtml(path)} <span>· responded ${answered} · <time datetime="${at}">${at}</time></span></h2>
<details><summary>headers</summary><pre>${escapeHtml(shown)}</pre></details>
<pre>${escapeHtml(prettyJson(body))}</pre>
</article>`
}

function prettyJson(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
