import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router'
import { isSignedOut, queryClient, whenSessionEnds } from './query-client.ts'
import { sessionQuery } from './session/session.ts'
import { SignInPage } from './session/sign-in-page.tsx'
import { NotFoundPage } from './shell/not-found-page.tsx'
import { PageFailure } from './shell/page-failure.tsx'
import { Shell } from './shell/shell.tsx'

interface SiteSearch {
  site?: number | undefined
}

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  validateSearch: ({ site }): SiteSearch => {
    const id = Number(site)
    return Number.isSafeInteger(id) && id > 0 ? { site: id } : {}
  },
  search: { middlewares: [retainSearchParams<SiteSearch>(['site'])] },
})

interface SignInSearch {
  return?: string
  ended?: true
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignInPage,
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    ...(typeof search['return'] === 'string' && { return: search['return'] }),
    ...(search['ended'] === true && { ended: true }),
  }),
})

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  errorComponent: PageFailure,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(sessionQuery)
    } catch (error) {
      if (!isSignedOut(error)) throw error
      throw redirect({ to: '/sign-in', search: { return: location.href } })
    }
  },
})

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([signIn, shell.addChildren([overview])]),
  basepath: '/ops',
  defaultErrorComponent: PageFailure,
  defaultPreload: 'intent',
  defaultPendingMinMs: 0,
  scrollRestoration: true,
})

whenSessionEnds(() => {
  queryClient.removeQueries({ queryKey: sessionQuery.queryKey })
  const { href, pathname } = router.state.location
  if (pathname !== '/sign-in') void router.navigate({ to: '/sign-in', search: { return: href, ended: true } })
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
