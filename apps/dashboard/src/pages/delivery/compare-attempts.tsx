// The index is a stable key: items never change their order.
/* oxlint-disable react/no-array-index-key */
import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { Section } from '../../ui/section.tsx'
import { cell, Table } from '../../ui/table.tsx'
import { compareFacts } from './compare-facts.ts'
import styles from './delivery-page.module.css'
import { diffLines, type DiffLine } from './diff-lines.ts'
import { prettyJson } from './pretty-json.ts'

type Attempt = DeliveryView['attempts'][number]

interface CompareAttemptsProps {
  attempts: readonly Attempt[]
  first: Attempt
  /** Undefined while the user has chosen no second attempt. */
  second: Attempt | undefined
  choose: (second: number | undefined) => void
}

/** Compares the open attempt with another one and marks the differences in words. */
export function CompareAttempts({ attempts, first, second, choose }: CompareAttemptsProps) {
  const others = attempts.filter(({ number }) => number !== first.number)
  return (
    <Section
      title="Compare attempts"
      tools={
        <label className={styles.attemptChoice}>
          Attempt {first.number} with{' '}
          <select
            value={second?.number ?? ''}
            onChange={({ target: { value } }) => choose(value === '' ? undefined : Number(value))}
          >
            <option value="">none</option>
            {others.map(({ number }) => (
              <option key={number} value={number}>
                attempt {number}
              </option>
            ))}
          </select>
        </label>
      }
    >
      {second && <Comparison first={first} second={second} />}
    </Section>
  )
}

function Comparison({ first, second }: { first: Attempt; second: Attempt }) {
  const head = [
    { label: 'Field' },
    { label: `Attempt ${first.number}` },
    { label: `Attempt ${second.number}` },
    { label: 'Same?' },
  ]
  return (
    <>
      <Table caption={`Attempt ${first.number} and attempt ${second.number}`} head={head}>
        {compareFacts(first, second).map(({ name, first: one, second: other }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className={styles.compared}>{one}</td>
            <td className={styles.compared}>{other}</td>
            <td className={cell.nowrap}>
              {one === other ? <span className={cell.soft}>same</span> : <b>differs</b>}
            </td>
          </tr>
        ))}
      </Table>
      <Bodies first={first} second={second} />
    </>
  )
}

function Bodies({ first, second }: { first: Attempt; second: Attempt }) {
  const [one, other] = [first, second].map(({ response_body: body }) => prettyJson(body ?? ''))
  if (one === other) {
    return (
      <p className={styles.soft}>
        {one === '' ? 'Neither response had a body.' : 'Both responses had the same body.'}
      </p>
    )
  }
  return (
    <figure>
      <figcaption className={styles.soft}>
        Response bodies: − only in attempt {first.number}, + only in attempt {second.number}
      </figcaption>
      <pre className={styles.code} tabIndex={0} aria-label="Difference of the response bodies">
        {diffLines(one ?? '', other ?? '').map((line, index) => (
          <Line key={index} line={line} />
        ))}
      </pre>
    </figure>
  )
}

const signs = { both: '  ', first: '− ', second: '+ ' } as const

function Line({ line: { text, side } }: { line: DiffLine }) {
  const line = `${signs[side]}${text}\n`
  if (side === 'first') return <del className={styles.bad}>{line}</del>
  return side === 'second' ? <ins className={styles.good}>{line}</ins> : line
}
