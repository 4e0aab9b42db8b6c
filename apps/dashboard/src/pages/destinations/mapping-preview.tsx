import { destinationTraits, type DestinationPreview, type WebhookType } from '@ghostpost/client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '../../api.ts'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Table } from '../../ui/table.tsx'
import { PayloadPreview } from '../delivery/preview/payload-preview.tsx'
import type { ParsedMapping } from './parse-mapping.ts'

interface MappingPreviewProps {
  id: string
  type: WebhookType
  mapping: Extract<ParsedMapping, { mapping: unknown }>['mapping']
  /** Empty for the sample. */
  visitor: string
}

/** How long nobody types before the preview is read again, in milliseconds. */
const settleMs = 500

/** What an export would send, and what it would change in a CRM. */
export function MappingPreview({ id, type, mapping, visitor }: MappingPreviewProps) {
  const request = useSettled(JSON.stringify({ mapping, ...(visitor !== '' && { ghost_vid: visitor }) }))
  const preview = useQuery({
    queryKey: ['destination-preview', id, request],
    queryFn: () => api.previewDestination(id, JSON.parse(request) as PreviewRequest),
    placeholderData: keepPreviousData,
    retry: false,
  })
  if (preview.error) return <FailureNotice error={preview.error} />
  if (!preview.data) return <p aria-busy="true">Loading …</p>
  const { problems, record, fields } = preview.data
  return (
    <section aria-label="Preview" aria-busy={preview.isFetching}>
      {problems.map(({ field, expected }) => (
        <Notice key={field} tone="warn">
          <code>{field}</code>: {expected}
        </Notice>
      ))}
      {record === null ? (
        <PayloadPreview type={type} payload={preview.data.request.body} />
      ) : (
        <>
          <p>{recordText(record, destinationTraits[type].label)}</p>
          <ChangeTable fields={fields} />
        </>
      )}
    </section>
  )
}

type PreviewRequest = Parameters<typeof api.previewDestination>[1]

/** The value after nobody changed it for a while. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

function recordText(record: NonNullable<DestinationPreview['record']>, label: string): string {
  if (record.state === 'present') return `${label} has the record ${record.type} ${record.id}.`
  if (record.state === 'absent') return `${label} has no record of this visitor: an export creates it.`
  return `The record could not be read. ${record.because}`
}

function ChangeTable({ fields }: Pick<DestinationPreview, 'fields'>) {
  const head = ['Field', 'Written', 'Now', 'After the export'].map((label) => ({ label }))
  return (
    <Table caption="Fields of the record" head={head}>
      {fields.map(({ field, when, current, result, changes }) => (
        <tr key={field}>
          <th scope="row">
            <code>{field}</code>
          </th>
          <td>{when}</td>
          <td>{shownValue(current)}</td>
          <td>{changes ? <b>{shownValue(result)}</b> : shownValue(result)}</td>
        </tr>
      ))}
    </Table>
  )
}

function shownValue(value: unknown): string {
  if (value === null || value === undefined || value === '') return '—'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
