import { useRouterState } from '@tanstack/react-router'

/** The token of the link by which this page was opened: the part after #, which browsers send nowhere. */
export function useLinkToken(): string {
  return useRouterState({ select: ({ location }) => location.hash.replace(/^#/, '') })
}
