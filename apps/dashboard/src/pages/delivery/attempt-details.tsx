import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { Notice } from '../../ui/notice.tsx'
import { Phases } from './phases.tsx'
import { formatNumber } from '../deliveries/format-count.ts'
import { prettyJson } from './pretty-json.ts'
import styles from './delivery-page.module.css'

type Attempt = DeliveryView['attempts'][number]

const bodyEndTexts: Readonly<Record<string, string>> = {
  size: 'Reading stopped at the size limit; there was more.',
  deadline: 'Reading stopped at the deadline; there may have been more.',
  reset: 'The receiver broke off in the middle.',
}

export function AttemptDetails({ attempt }: { attempt: Attempt }) {
  const { error, response_headers: headers, response_body: body, outcome_unknown: isUnknown } = attempt
  return (
    <div className={styles.details}>
      {error && (
        <Notice tone={attempt.decision === 'give_up' ? 'bad' : 'warn'}>
          <p>
            {error.message} <code>{error.code}</code>
          </p>
          {error.remedy && <p className={styles.remedy}>{error.remedy}</p>}
        </Notice>
      )}
      {isUnknown && (
        <Notice tone="info">
          Whether the receiver acted is unknown: the request had been sent when the answer was lost.
        </Notice>
      )}
      <Phases timings={attempt.timings} />
      <Request attempt={attempt} />
      <Headers title="Request headers" headers={attempt.request_headers} />
      <Headers title="Answer headers" headers={headers} />
      {body !== null && body !== '' && (
        <div>
          <h3>Answer ({formatNumber(attempt.response_bytes)} bytes read)</h3>
          <pre className={styles.code} tabIndex={0} aria-label="Body of the answer">
            {prettyJson(body)}
          </pre>
        </div>
      )}
      {body !== null && isTruncated(body, attempt.response_bytes) && (
        <p className={styles.soft}>Only its first 16 KiB are kept.</p>
      )}
      {body === '' && <p className={styles.soft}>The answer had no body.</p>}
      {attempt.response_end !== null && bodyEndTexts[attempt.response_end] !== undefined && (
        <p className={styles.soft}>{bodyEndTexts[attempt.response_end]}</p>
      )}
    </div>
  )
}

/** How it was sent, and what, where that is not the payload: the request a CRM mode makes of it. */
function Request({ attempt: { request_method: method, request_body: body } }: { attempt: Attempt }) {
  if (method === null) return null
  if (body === null) return <p className={styles.soft}>Sent with {method}: the payload as it is below.</p>
  return (
    <div>
      <h3>Sent with {method}, in the CRM’s own form</h3>
      <pre className={styles.code} tabIndex={0} aria-label="Body of the request">
        {prettyJson(body)}
      </pre>
    </div>
  )
}

/** Whether more was read than is shown. */
function isTruncated(body: string, bytesRead: number): boolean {
  return new TextEncoder().encode(body).length < bytesRead
}

function Headers({ title, headers }: { title: string; headers: Readonly<Record<string, string>> | null }) {
  const entries = Object.entries(headers ?? {})
  if (entries.length === 0) return null
  return (
    <details>
      <summary>
        {title} ({entries.length})
      </summary>
      <table className={styles.headers}>
        <tbody>
          {entries.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
