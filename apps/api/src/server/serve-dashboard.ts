import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { handleNotFound } from './handle-errors.ts'

/** The output of `apps/dashboard/build`. It does not exist in a checkout that was never built. */
export const dashboardFolder = fileURLToPath(new URL('../../../dashboard/dist/', import.meta.url))

const prefix = '/ops'
const yearSeconds = 31_536_000

/** Allows only same-origin resources; forbids inline code, framing, and text used as markup. */
export const dashboardPolicy: string = [
  "default-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const notBuilt = `The dashboard is not built. The API works without it.
To build it, run node apps/dashboard/build/main.ts (npm start and the Dockerfile do that), then restart the API.
`

/**
 * Serves the operators' dashboard, a static bundle, under `/ops`. Names in `assets/` contain a digest of the content,
 * so browsers may cache those files forever; they revalidate the page each time. The page is also the response to every
 * other path below `/ops` that a browser requests, because the dashboard routes them itself.
 */
export async function registerDashboard(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      void reply.header('content-security-policy', dashboardPolicy)
    })
    const config = { access: 'public' } as const
    scope.get('/', { schema: { hide: true }, config }, (_request, reply) => reply.redirect(`${prefix}/`))
    if (!existsSync(join(folder, 'index.html'))) return serveNotBuilt(scope)
    await serveFiles(scope, folder)
    const page = await readFile(join(folder, 'index.html'))
    const sendPage = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
      if (!wantsPage(request)) return handleNotFound(request, reply)
      return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page)
    }
    for (const url of [prefix, `${prefix}/*`]) scope.get(url, { schema: { hide: true } }, sendPage)
  })
}

function serveNotBuilt(scope: FastifyInstance): void {
  for (const url of [prefix, `${prefix}/*`]) {
    scope.get(url, { schema: { hide: true } }, (_request, reply) =>
      reply.code(404).type('text/plain; charset=utf-8').send(notBuilt),
    )
  }
}

async function serveFiles(scope: FastifyInstance, folder: string): Promise<void> {
  await scope.register(staticFiles, {
    root: folder,
    prefix: `${prefix}/`,
    // One route per existing file, so that no other file of the disk can be reached.
    wildcard: false,
    index: false,
    globIgnore: ['index.html*', '**/*.{br,gz}', '.*'],
    dotfiles: 'ignore',
    preCompressed: true,
    cacheControl: false,
    schemaHide: true,
    setHeaders: (reply, path) => {
      const isImmutable = path.startsWith(join(folder, 'assets'))
      void reply.header(
        'cache-control',
        isImmutable ? `public, max-age=${yearSeconds}, immutable` : 'no-cache',
      )
    },
  })
}

/** Only browsers get the page; a program that requests an unknown path gets 404. */
function wantsPage({ url, headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').includes('text/html') && !url.startsWith(`${prefix}/assets/`)
}
