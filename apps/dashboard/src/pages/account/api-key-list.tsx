import type { ApiKeyView } from '@ghostpost/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { useSession, useSite } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Section } from '../../ui/section.tsx'
import { cell, SkeletonRows, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { apiKeysKey } from './api-keys-key.ts'
import { CreateApiKeyDialog } from './create-api-key-dialog.tsx'

const head = [
  { label: 'Name' },
  { label: 'Role' },
  { label: 'Created by' },
  { label: 'Last used' },
  { label: 'Ends' },
  { label: 'Actions' },
]

/** The keys by which programs call the API for the current site. */
export function ApiKeyList() {
  const [isCreating, setCreating] = useState(false)
  const site = useSite()
  const keys = useQuery({ queryKey: [...apiKeysKey, site.id], queryFn: () => api.listApiKeys(site.id) })
  const items = keys.data?.items
  return (
    <Section
      title={`API keys of ${site.name}`}
      tools={<Button onClick={() => setCreating(true)}>New API key</Button>}
    >
      {keys.error && <FailureNotice error={keys.error} retry={() => void keys.refetch()} />}
      {items?.length === 0 && <p>No program calls the API for this site with a key.</p>}
      {items?.length !== 0 && (
        <Table caption="API keys" head={head} busy={keys.isPending}>
          {!items && !keys.error && <SkeletonRows columns={head.length} rows={2} />}
          {items?.map((key) => (
            <ApiKeyRow key={key.id} apiKey={key} />
          ))}
        </Table>
      )}
      {isCreating && <CreateApiKeyDialog site={site} onClose={() => setCreating(false)} />}
    </Section>
  )
}

function ApiKeyRow({ apiKey }: { apiKey: ApiKeyView }) {
  const {
    name,
    prefix,
    role,
    state,
    created_by: creator,
    last_used_at: used,
    expires_at,
    revoked_at,
  } = apiKey
  return (
    <tr>
      <th scope="row">
        {name}
        <span className={cell.sub}>{prefix}…</span>
      </th>
      <td>{role}</td>
      <td>{creator}</td>
      <td className={cell.nowrap}>{used ? <Time at={used} distance="only" /> : '–'}</td>
      <td className={cell.nowrap}>
        {state === 'revoked' && 'Revoked '}
        {state === 'expired' && 'Expired '}
        <Time at={revoked_at ?? expires_at} distance="only" />
      </td>
      <td className={cell.nowrap}>{state === 'live' && <RevokeButton apiKey={apiKey} />}</td>
    </tr>
  )
}

function RevokeButton({ apiKey: { id, name, created_by: creator } }: { apiKey: ApiKeyView }) {
  const client = useQueryClient()
  const { user } = useSession()
  const { role } = useSite()
  const revoke = useMutation({
    mutationFn: () => api.revokeApiKey(id),
    onSettled: () => client.invalidateQueries({ queryKey: apiKeysKey }),
  })
  const isAllowed = role === 'admin' || creator === user.email
  return (
    <>
      <Button
        aria-label={`Revoke ${name}`}
        refusal={isAllowed ? null : 'Only its creator or an admin of this site may revoke it.'}
        busy={revoke.isPending}
        onClick={() => revoke.mutate()}
      >
        Revoke
      </Button>
      {revoke.error && <FailureNotice error={revoke.error} />}
    </>
  )
}
