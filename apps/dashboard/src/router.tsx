import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router'
import type { StatsRange } from '@ghostpost/delivery/contract/stats'
import { searchOf } from './search-of.ts'
import { parseRange } from './stats/use-stats.ts'
import { failureStates, type FailureState } from './pages/failures/failure-states.ts'
import { itemOutcomes, type ItemOutcome } from './pages/operations/item-outcomes.ts'
import { parseDeliverySearch } from './pages/delivery/delivery-search.ts'
import { parseActivityGroup, type ActivityGroup } from './pages/activity/activity-groups.ts'
import { parseListSearch } from './pages/deliveries/list-search.ts'
import { parseVisitorSearch } from './pages/visitors/visitor-search.ts'
import { isSignedOut, queryClient, whenSessionEnds } from './query-client.ts'
import { keepOpenForm } from './session/form-drafts.ts'
import { sessionQuery } from './session/session.ts'
import { JoinPage } from './session/join-page.tsx'
import { SetupPage } from './session/setup-page.tsx'
import { SignInPage } from './session/sign-in-page.tsx'
import { NotFoundPage } from './shell/not-found-page.tsx'
import { PageFailure } from './shell/page-failure.tsx'
import { Shell } from './shell/shell.tsx'

interface SiteSearch {
  site?: number | undefined
}

const root = createRootRoute({
  component: Outlet,
  validateSearch: ({ site }): SiteSearch => {
    const id = Number(site)
    return Number.isSafeInteger(id) && id > 0 ? { site: id } : {}
  },
  search: { middlewares: [retainSearchParams<SiteSearch>(['site'])] },
})

interface SignInSearch {
  return?: string
  ended?: true
  /** Why a single sign-on failed. */
  failed?: string
}

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignInPage,
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    ...(typeof search['return'] === 'string' && { return: search['return'] }),
    ...(String(search['ended']) === 'true' && { ended: true }),
    ...(typeof search['failed'] === 'string' && { failed: search['failed'] }),
  }),
})

const join = createRoute({ getParentRoute: () => root, path: '/join', component: JoinPage })
const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: SetupPage })

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

/** The time range of a page's statistics. */
const validateRange = ({ range }: Record<string, unknown>): { range?: StatsRange | undefined } => {
  const known = parseRange(range)
  return known ? { range: known } : {}
}

const overview = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: validateRange,
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
})

const deliveries = createRoute({
  getParentRoute: () => shell,
  path: '/deliveries',
  validateSearch: parseListSearch,
  component: lazyRouteComponent(() => import('./pages/deliveries/deliveries-page.tsx'), 'DeliveriesPage'),
})

const delivery = createRoute({
  getParentRoute: () => shell,
  path: '/deliveries/$id',
  validateSearch: parseDeliverySearch,
  component: lazyRouteComponent(() => import('./pages/delivery/delivery-page.tsx'), 'DeliveryPage'),
})

const visitors = createRoute({
  getParentRoute: () => shell,
  path: '/visitors',
  validateSearch: parseVisitorSearch,
  component: lazyRouteComponent(() => import('./pages/visitors/visitors-page.tsx'), 'VisitorsPage'),
})

const visitor = createRoute({
  getParentRoute: () => shell,
  path: '/visitors/$vid',
  component: lazyRouteComponent(() => import('./pages/visitor/visitor-page.tsx'), 'VisitorPage'),
})

const failures = createRoute({
  getParentRoute: () => shell,
  path: '/failures',
  validateSearch: ({ state }: Record<string, unknown>): { state?: FailureState | undefined } => ({
    state: failureStates.find((one) => one === state),
  }),
  component: lazyRouteComponent(() => import('./pages/failures/failures-page.tsx'), 'FailuresPage'),
})

const failure = createRoute({
  getParentRoute: () => shell,
  path: '/failures/$fingerprint',
  component: lazyRouteComponent(() => import('./pages/failures/failure-page.tsx'), 'FailurePage'),
})

const operations = createRoute({
  getParentRoute: () => shell,
  path: '/operations',
  component: lazyRouteComponent(() => import('./pages/operations/operations-page.tsx'), 'OperationsPage'),
})

const operation = createRoute({
  getParentRoute: () => shell,
  path: '/operations/$id',
  validateSearch: ({ outcome }: Record<string, unknown>): { outcome?: ItemOutcome | undefined } => ({
    outcome: itemOutcomes.find((one) => one === outcome),
  }),
  component: lazyRouteComponent(() => import('./pages/operations/operation-page.tsx'), 'OperationPage'),
})

const destinations = createRoute({
  getParentRoute: () => shell,
  path: '/destinations',
  component: lazyRouteComponent(
    () => import('./pages/destinations/destinations-page.tsx'),
    'DestinationsPage',
  ),
})

const destination = createRoute({
  getParentRoute: () => shell,
  path: '/destinations/$id',
  validateSearch: validateRange,
  component: lazyRouteComponent(() => import('./pages/destinations/destination-page.tsx'), 'DestinationPage'),
})

const alerts = createRoute({
  getParentRoute: () => shell,
  path: '/alerts',
  component: lazyRouteComponent(() => import('./pages/alerts/alerts-page.tsx'), 'AlertsPage'),
})

const activity = createRoute({
  getParentRoute: () => shell,
  path: '/activity',
  validateSearch: ({ show }: Record<string, unknown>): { show?: ActivityGroup | undefined } => ({
    show: parseActivityGroup(show),
  }),
  component: lazyRouteComponent(() => import('./pages/activity/activity-page.tsx'), 'ActivityPage'),
})

const queues = createRoute({
  getParentRoute: () => shell,
  path: '/queues',
  component: lazyRouteComponent(() => import('./pages/queues/queues-page.tsx'), 'QueuesPage'),
})

const system = createRoute({
  getParentRoute: () => shell,
  path: '/system',
  component: lazyRouteComponent(() => import('./pages/system/system-page.tsx'), 'SystemPage'),
})

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/account-page.tsx'), 'AccountPage'),
})

const accounts = createRoute({
  getParentRoute: () => shell,
  path: '/accounts',
  component: lazyRouteComponent(() => import('./pages/accounts/accounts-page.tsx'), 'AccountsPage'),
})

const notFound = createRoute({ getParentRoute: () => shell, path: '$', component: NotFoundPage })

const pages = [
  overview,
  deliveries,
  delivery,
  visitors,
  visitor,
  failures,
  failure,
  operations,
  operation,
  destinations,
  destination,
  alerts,
  activity,
  queues,
  system,
  account,
  accounts,
  notFound,
] as const

export const router = createRouter({
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: searchOf,
  routeTree: root.addChildren([signIn, join, setup, shell.addChildren(pages)]),
  basepath: '/ops',
  defaultErrorComponent: PageFailure,
  defaultPreload: 'intent',
  defaultPendingMinMs: 0,
  scrollRestoration: true,
})

whenSessionEnds(() => {
  keepOpenForm(queryClient.getQueryData(sessionQuery.queryKey)?.user.email ?? '')
  queryClient.removeQueries({ queryKey: sessionQuery.queryKey })
  const { href, pathname } = router.state.location
  if (pathname !== '/sign-in') void router.navigate({ to: '/sign-in', search: { return: href, ended: true } })
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
  interface HistoryState {
    /** The user came from the previous page of the same list. */
    paged?: true
  }
}
