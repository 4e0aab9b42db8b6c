import { routes } from '@ghostpost/api/routes'

type Route = (typeof routes)[number]

/** The text of docs/api-reference.md, generated from the route table. */
export function apiReferencePage(): string {
  const tags = [...new Set(routes.map(({ tag }) => tag))]
  const sections = tags.map((tag) => {
    const rows = routes.filter((route) => route.tag === tag).map(rowOf)
    const head =
      '| call | who may | what it does | responds | refuses with |\n| --- | --- | --- | --- | --- |'
    return `## ${tag}\n\n${head}\n${rows.join('\n')}`
  })
  return `# Every call of the API

Generated from the route table; a test fails when they differ \
(\`npm test -- tools/release/test/docs -u\` writes it again). Fields,
bounds and examples are in the OpenAPI document that the API serves at \`/openapi.json\`, \
readable at \`/docs\`.
By example: [api.md](api.md). What the codes mean: [errors.md](errors.md).

*Who may*: a role in the site of the call (an operator may do what a viewer may, an admin both), \
or any session. An API key
may what its role in its site allows, except where the table says otherwise. Every
call may also be refused with 429 and 500.

${sections.join('\n\n')}
`
}

function rowOf({ method, url, access, refusesKeys, summary, responses, errors }: Route): string {
  const path = url.replaceAll(/:(\w+)/g, '{$1}')
  const statuses = Object.keys(responses).filter((status) => !errors.includes(Number(status)))
  const cells = [
    `\`${String(method)} ${path}\``,
    `${formatAccess(access)}${refusesKeys ? ', no API key' : ''}`,
    summary,
    statuses.join(', '),
    errors.join(', '),
  ]
  return `| ${cells.join(' | ')} |`
}

function formatAccess(access: Route['access']): string {
  if (access === 'public') return 'everybody'
  if (access === 'session') return 'any session'
  return access === 'installation' ? 'admin of every site' : access.role
}
