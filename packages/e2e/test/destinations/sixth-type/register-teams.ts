import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * A module to preload. It makes in memory the edit that a new type needs, one line in the registry, and the import of
 * its folder. No file changes. With `?dashboard=<folder>` the API serves that build of the dashboard.
 */
const typeFolder = new URL('../../../../delivery/test/destinations/teams/index.ts', import.meta.url)
const dashboard = new URL(import.meta.url).searchParams.get('dashboard')

const edits: Readonly<Record<string, (source: string) => string>> = {
  'packages/delivery/src/destinations/registry.ts': (source) =>
    `import { teams } from '${typeFolder.href}'\n${replaceOnce(source, '  discord,\n', '  discord,\n  teams,\n')}`,
  'apps/api/src/server/serve-dashboard.ts': (source) =>
    dashboard === null ? source : replaceOnce(source, '../../../dashboard/dist/', `${dashboard}/`),
}

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    const path = url.startsWith('file:') ? fileURLToPath(url) : ''
    const edit = Object.entries(edits).find(([file]) => path.endsWith(`/${file}`))?.[1]
    return edit ? { ...loaded, source: edit(String(loaded.source)) } : loaded
  },
})

function replaceOnce(source: string, before: string, after: string): string {
  if (!source.includes(before)) throw new Error(`The registry has no “${before.trim()}”.`)
  return source.replace(before, () => after)
}
