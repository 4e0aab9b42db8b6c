import type { OwnSession } from '@ghostpost/delivery/contract/session'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Section } from '../../ui/section.tsx'
import { cell, SkeletonRows, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

const head = [
  { label: 'Browser or program' },
  { label: 'Signed in from' },
  { label: 'Signed in' },
  { label: 'Last used' },
  { label: 'Ends' },
  { label: 'Actions' },
]

export const ownSessionsKey = ['own-sessions'] as const

/** Where the user is signed in. */
export function SessionList() {
  const client = useQueryClient()
  const sessions = useQuery({ queryKey: ownSessionsKey, queryFn: api.listSessions })
  const endOthers = useMutation({
    mutationFn: api.endOtherSessions,
    onSettled: () => client.invalidateQueries({ queryKey: ownSessionsKey }),
  })
  const items = sessions.data?.items
  const hasOthers = items?.some(({ current }) => !current) ?? false
  const error = endOthers.error ?? sessions.error
  return (
    <Section
      title="Sessions"
      tools={
        <Button
          refusal={hasOthers ? null : 'You have no other session.'}
          busy={endOthers.isPending}
          onClick={() => endOthers.mutate()}
        >
          End all others
        </Button>
      }
    >
      {error && <FailureNotice error={error} retry={() => void sessions.refetch()} />}
      <Table caption="Your sessions" head={head} busy={sessions.isPending}>
        {!items && !error && <SkeletonRows columns={head.length} rows={2} />}
        {items?.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </Table>
    </Section>
  )
}

function SessionRow({ session }: { session: OwnSession }) {
  const { user_agent: program, network, created_at, last_used_at, expires_at } = session
  return (
    <tr>
      <th scope="row">
        {program ?? 'Unknown'}
        {session.current && <span className={cell.sub}>This session</span>}
      </th>
      <td className={cell.nowrap}>{network ?? 'Unknown'}</td>
      <td className={cell.nowrap}>
        <Time at={created_at} />
      </td>
      <td className={cell.nowrap}>{last_used_at ? <Time at={last_used_at} distance="only" /> : '–'}</td>
      <td className={cell.nowrap}>
        <Time at={expires_at} distance="only" />
      </td>
      <td className={cell.nowrap}>
        <EndButton session={session} />
      </td>
    </tr>
  )
}

function EndButton({ session: { id, current, user_agent: program } }: { session: OwnSession }) {
  const client = useQueryClient()
  const end = useMutation({
    mutationFn: () => api.endSession(id),
    onSettled: () => client.invalidateQueries({ queryKey: ownSessionsKey }),
  })
  return (
    <>
      <Button
        aria-label={`End the session of ${program ?? 'an unknown program'}`}
        refusal={current ? 'Sign out to end this session.' : null}
        busy={end.isPending}
        onClick={() => end.mutate()}
      >
        End
      </Button>
      {end.error && <FailureNotice error={end.error} />}
    </>
  )
}
