import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { routes } from '@ghostpost/api/routes'
import { commandTree } from '@ghostpost/cli/command-tree'
import { parse, parseAllDocuments } from 'yaml'
import { repository } from './markdown.ts'
import type { Words } from './shell-commands.ts'

/** The problem of a command in a document; null when everything that it names exists. */
export function problemWith([name = '', ...args]: Words): string | null {
  const check = checks[name.endsWith('/bin/node') ? 'node' : name]
  if (check) return check(args)
  return tools.has(name) ? null : `the command ${name} is unknown`
}

/** Programs of the reader's machine; they report wrong arguments themselves. */
const tools: ReadonlySet<string> = new Set([
  '.',
  'base64',
  'cat',
  'cd',
  'chmod',
  'echo',
  'export',
  'git',
  'head',
  'jq',
  'openssl',
  'pg_dump',
  'pg_restore',
  'printf',
  'set',
])

const checks: Readonly<Record<string, (args: Words) => string | null>> = {
  npm: problemWithNpm,
  npx: ([program]) => `npx ${program} runs what somebody else may have published under this name`,
  ghostpost: problemWithGhostpost,
  curl: problemWithCurl,
  node: ([file = '']) => missing(file),
  sh: ([file = '']) => missing(file),
  cp: ([from = '']) => (from.startsWith('$') ? null : missing(from)),
  docker: problemWithDocker,
  kubectl: problemWithKubectl,
}

const read = (path: string): string => readFileSync(join(repository, path), 'utf8')
const missing = (path: string): string | null =>
  existsSync(join(repository, path)) ? null : `there is no ${path}`

function problemWithNpm(args: Words): string | null {
  const words = args.filter((word) => word !== '-s')
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const script = words[0] === 'run' ? words[1] : words[0]
  if (script === undefined || !(script in scripts)) return `there is no npm script ${script}`
  const passed = args.includes('--') ? args.slice(args.indexOf('--') + 1) : []
  if (script === 'ghostpost') return problemWithGhostpost(passed)
  const [, program = ''] =
    new RegExp(`^ {2}'?${script}'?: \\['([^']+)'`, 'm').exec(read('scripts/bootstrap.mjs')) ?? []
  if (!program.startsWith('tools/')) return null
  const source = read(program)
  const unknown = passed.filter(
    (word) => word.startsWith('--') && !new RegExp(`\\b${word.slice(2)}: \\{ type`).test(source),
  )
  return unknown.length === 0 ? null : `npm run ${script} does not know ${unknown.join(', ')}`
}

/** Matches the words with the command line's own definitions. */
function problemWithGhostpost(args: Words): string | null {
  let command = commandTree({} as never, {} as never, () => {})
  const positional: string[] = []
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? ''
    const found = positional.length === 0 ? command.commands.find((one) => one.name() === word) : undefined
    if (found) command = found
    else if (!word.startsWith('-')) positional.push(word)
    else if (!['--help', '--version'].includes(word)) {
      const option = command.options.find((one) => one.long === word || one.short === word)
      if (!option) return `ghostpost ${command.name()} does not know ${word}`
      if (option.required) at += 1
    }
  }
  if (args.includes('--help') || args.includes('--version')) return null
  if (command.commands.length > 0) return `ghostpost ${command.name()} is a group, not a command`
  const expectedCount = command.registeredArguments.filter(({ required }) => required).length
  const isEnough = positional.length >= expectedCount
  return isEnough && positional.length <= command.registeredArguments.length
    ? null
    : `ghostpost ${command.name()} takes ${expectedCount} arguments, not ${positional.length}`
}

/** A call of the API must match a route; calls of other servers are not checked. */
function problemWithCurl(args: Words): string | null {
  const url = args.find((word) =>
    /^(\$\w+|https?:\/\/[^/]+)\/(api|healthz|readyz|openapi|ops|metrics)\b/.test(word),
  )
  if (url === undefined) return null
  const path = url.replace(/^(\$\w+|https?:\/\/[^/]+)/, '').replace(/\?.*$/, '')
  const at = args.findIndex((word) => word === '-X' || word === '--request')
  const hasBody = args.some((word) => /^(-d|--data\S*)$/.test(word))
  const method = at >= 0 ? args[at + 1] : hasBody ? 'POST' : 'GET'
  const isRoute = routes.some((route) => route.method === method && routePattern(route.url).test(path))
  return isRoute || path === '/openapi.json' ? null : `there is no ${method} ${path}`
}

function routePattern(url: string): RegExp {
  return new RegExp(`^${url.replaceAll(/:\w+/g, '[^/]+')}$`)
}

const composeWords: ReadonlySet<string> = new Set([
  'build',
  'down',
  'exec',
  'logs',
  'ps',
  'pull',
  'run',
  'up',
])

function problemWithDocker([compose, ...rest]: Words): string | null {
  if (compose !== 'compose') return 'only docker compose is documented'
  const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: object }
  const [word = '', ...names] = rest.filter((one) => !one.startsWith('-'))
  if (!composeWords.has(word)) return `docker compose ${word} is unknown`
  // In `exec` and `run` only the first word is a service; the rest is a command inside it.
  const [service, ...inside] = names
  const checked = word === 'exec' || word === 'run' ? [service ?? ''] : names
  const unknown = checked.filter((one) => !(one in services))
  if (unknown.length > 0) return `docker-compose.yml has no ${unknown.join(', ')}`
  return (word === 'exec' || word === 'run') && inside.length > 0 ? problemWith(inside) : null
}

function problemWithKubectl(args: Words): string | null {
  const files = args.flatMap((word, at) => (['-f', '-k'].includes(args[at - 1] ?? '') ? [word] : []))
  const gone = files.filter((file) => file.startsWith('deploy/')).flatMap((file) => missing(file) ?? [])
  if (gone.length > 0) return gone.join(', ')
  const kinds = /^(deployment|job|secret|configmap)$/
  const named = args.flatMap((word, at) => {
    const [kind = '', name] = word.split('/')
    return kinds.test(kind) ? [`${kind}/${name ?? args[at + 1]}`] : []
  })
  const unknown = named.filter((name) => !manifestNames().has(name))
  return unknown.length === 0 ? null : `deploy/kubernetes has no ${unknown.join(', ')}`
}

function manifestNames(): Set<string> {
  const files = ['app/api', 'app/worker', 'app/settings', 'migrate/job', 'secret.example']
  const documents = files.flatMap((file) =>
    parseAllDocuments(read(`deploy/kubernetes/${file}.yaml`), { merge: true }),
  )
  const manifests = documents.map((one) => one.toJS() as { kind: string; metadata: { name: string } })
  return new Set(manifests.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`))
}
