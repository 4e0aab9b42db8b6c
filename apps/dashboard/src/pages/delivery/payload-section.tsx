import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/section.tsx'
import { Segments } from '../../ui/segments.tsx'
import { formatBytes } from '../system/format-bytes.ts'
import styles from './delivery-page.module.css'
import { prettyJson } from './pretty-json.ts'
import { PayloadPreview } from './preview/payload-preview.tsx'

interface PayloadSectionProps {
  delivery: DeliveryView
  isRaw: boolean
  show: (isRaw: boolean) => void
}

/**
 * What is sent: as it looks where it arrives, and as it is. A CRM mode wraps it into requests of its own, which stand with
 * the attempts.
 */
export function PayloadSection({ delivery, isRaw, show }: PayloadSectionProps) {
  const { payload, webhook_type: kind, attempts } = delivery
  if (payload === null) {
    return (
      <Section title="What is sent">
        <Notice tone="idle">
          {attempts.length === 0
            ? 'It is built of the visitor’s data when the first attempt is made.'
            : 'It is no longer stored: its time to be kept is over, or the visitor was erased.'}
        </Notice>
      </Section>
    )
  }
  const isWrapped = attempts.some(({ request_body: body }) => body !== null)
  const bytes = new TextEncoder().encode(payload).length
  return (
    <Section
      title={`${isWrapped ? 'What the requests are made of' : 'What is sent'} (${formatBytes(bytes)})`}
      tools={
        <span className={styles.tools}>
          <Segments
            label="Payload"
            value={isRaw ? 'raw' : ''}
            options={[
              { value: '', label: 'Preview' },
              { value: 'raw', label: 'Raw' },
            ]}
            choose={(value) => show(value === 'raw')}
          />
          <CopyButton compact label="Copy the payload" text={payload} />
        </span>
      }
    >
      {isWrapped && (
        <p className={styles.soft}>
          The CRM is sent this in a form of its own; each attempt shows the request it made.
        </p>
      )}
      {isRaw ? (
        <pre className={styles.code} tabIndex={0} aria-label="Payload">
          {prettyJson(payload)}
        </pre>
      ) : (
        <PayloadPreview kind={kind} payload={payload} />
      )}
    </Section>
  )
}
