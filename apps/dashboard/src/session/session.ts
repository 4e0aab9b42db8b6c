import type { SessionView } from '@ghostpost/delivery/contract/session'
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { api } from '../api.ts'

const staleTimeMs = 60_000
const siteKey = 'ghostpost-site'

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: api.readSession,
  staleTime: staleTimeMs,
  retry: false,
})

/** The session. Only for components inside the shell, which loads the session first. */
export function useSession(): SessionView {
  return useSuspenseQuery(sessionQuery).data
}

export type Site = SessionView['sites'][number]

/** The current site: the one in the URL, else the one chosen last, else the first. */
export function useSite(): Site {
  const { sites } = useSession()
  const { site: requested } = useSearch({ strict: false })
  return (
    chooseSite(sites, requested, localStorage.getItem(siteKey)) ?? { id: 0, name: 'No site', role: 'none' }
  )
}

export function rememberSite(id: number): void {
  localStorage.setItem(siteKey, String(id))
}

/** @param remembered the stored site id, or null */
export function chooseSite(
  sites: readonly Site[],
  requested: number | undefined,
  remembered: string | null,
): Site | null {
  return (
    sites.find(({ id }) => id === requested) ??
    sites.find(({ id }) => String(id) === remembered) ??
    sites[0] ??
    null
  )
}

/** The id of a site that an address names and the user has no access to; null without one. */
export function missingSite(sites: readonly Site[], requested: number | undefined): number | null {
  return requested === undefined || sites.some(({ id }) => id === requested) ? null : requested
}

const ranks = ['viewer', 'operator', 'admin'] as const

export type Role = (typeof ranks)[number]

/** Null when the role suffices; else the reason that a disabled button shows. */
export function refusalFor(role: string, required: Role): string | null {
  if (ranks.indexOf(role as Role) >= ranks.indexOf(required)) return null
  return `This needs the role ${required} in this site; yours is ${role}.`
}

/** Why the user lacks the permission for this role in the current site; null when the role suffices. */
export function useRefusal(required: Role): string | null {
  return refusalFor(useSite().role, required)
}
