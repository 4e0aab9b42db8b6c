import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { Notice } from '../../ui/notice.tsx'
import { Phases } from './phases.tsx'
import { formatNumber } from '../deliveries/format-count.ts'
import { prettyJson } from './pretty-json.ts'
import styles from './delivery-page.module.css'

type Attempt = DeliveryView['attempts'][number]

const bodyEndTexts: Readonly<Record<string, string>> = {
  size: 'Reading stopped at the size limit; the body is longer.',
  deadline: 'Reading stopped at the deadline; the body may be longer.',
  reset: 'The receiver closed the connection before the end of the body.',
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
      {attempt.omitted_fields.length > 0 && (
        <Notice tone="info">
          Left out, because the receiver refused the values:{' '}
          {attempt.omitted_fields.map(({ field, code }) => `${field} (${code})`).join(', ')}.
        </Notice>
      )}
      {isUnknown && (
        <Notice tone="info">
          The outcome is unknown: the request was sent, but no complete response arrived. The receiver may
          have processed it.
        </Notice>
      )}
      <Phases timings={attempt.timings} />
      <Request attempt={attempt} />
      <Headers title="Request headers" headers={attempt.request_headers} />
      <Headers title="Response headers" headers={headers} />
      {body !== null && body !== '' && (
        <div>
          <h3>Response body ({formatNumber(attempt.response_bytes)} bytes read)</h3>
          <pre className={styles.code} tabIndex={0} aria-label="Response body">
            {prettyJson(body)}
          </pre>
        </div>
      )}
      {body !== null && isTruncated(body, attempt.response_bytes) && (
        <p className={styles.soft}>Only the first 16 KiB are stored.</p>
      )}
      {body === '' && attempt.response_bytes === 0 && (
        <p className={styles.soft}>The response had no body.</p>
      )}
      {attempt.response_fault !== null && (
        <p className={styles.soft}>The response is not valid HTTP: {attempt.response_fault}.</p>
      )}
      {attempt.response_end !== null && bodyEndTexts[attempt.response_end] !== undefined && (
        <p className={styles.soft}>{bodyEndTexts[attempt.response_end]}</p>
      )}
    </div>
  )
}

/** The method, and the request body where it differs from the payload: CRM modes convert the payload. */
function Request({ attempt: { request_method: method, request_body: body } }: { attempt: Attempt }) {
  if (method === null) return null
  if (body === null)
    return <p className={styles.soft}>Sent with {method}. The request body is the payload below.</p>
  return (
    <div>
      <h3>Request body ({method}, in the CRM’s format)</h3>
      <pre className={styles.code} tabIndex={0} aria-label="Request body">
        {prettyJson(body)}
      </pre>
    </div>
  )
}

/** Whether the stored body is shorter than what was read. */
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
