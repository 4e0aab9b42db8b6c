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
 * The payload, as a preview or raw. A CRM mode converts it into the CRM's format; each attempt shows its request.
 */
export function PayloadSection({ delivery, isRaw, show }: PayloadSectionProps) {
  const { payload, webhook_type: type, attempts } = delivery
  if (payload === null) {
    return (
      <Section title="Payload">
        <Notice tone="idle">
          {attempts.length === 0
            ? 'The first attempt builds it from the visitor’s profile.'
            : 'It is no longer stored: its retention has ended, or the visitor was erased.'}
        </Notice>
      </Section>
    )
  }
  const isConverted = attempts.some(({ request_body: body }) => body !== null)
  const bytes = new TextEncoder().encode(payload).length
  return (
    <Section
      title={`Payload (${formatBytes(bytes)})`}
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
      {isConverted && (
        <p className={styles.soft}>
          Ghostpost converts this payload into the CRM’s format; each attempt shows the request it sent.
        </p>
      )}
      {isRaw ? (
        <pre className={styles.code} tabIndex={0} aria-label="Payload">
          {prettyJson(payload)}
        </pre>
      ) : (
        <PayloadPreview type={type} payload={payload} />
      )}
    </Section>
  )
}
