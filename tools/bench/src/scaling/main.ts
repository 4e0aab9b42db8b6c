import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { figure } from '../report.ts'
import { assumptions } from './assumptions.ts'
import { readResults } from './read-results.ts'
import { computeNeed } from './compute-need.ts'
import { formatScaling } from './scaling-text.ts'

/**
 * `npm run bench:scaling` computes from bench-results.json what 1,000, 10,000 and 100,000 deliveries a second need.
 * `npm run bench -- --only drain,cost` writes that file. `--rates`, `--bodies-days` and `--deliveries-days` set other
 * cases.
 */
const { values } = parseArgs({
  options: {
    results: {
      type: 'string',
      default: fileURLToPath(new URL('../../../../bench-results.json', import.meta.url)),
    },
    rates: { type: 'string', default: '1000,10000,100000' },
    'bodies-days': { type: 'string', default: String(assumptions.bodyRetentionDays) },
    'deliveries-days': { type: 'string', default: String(assumptions.deliveryRetentionDays) },
  },
})
const measured = readResults(await readFile(values.results, 'utf8'))
const assumed = {
  ...assumptions,
  bodyRetentionDays: Number(values['bodies-days']),
  deliveryRetentionDays: Number(values['deliveries-days']),
}
const { cpu } = measured.cost
const micros = Object.entries(cpu).map(([part, seconds]) => `${part} ${figure(seconds * 1e6)}`)
console.log(`Measured on ${measured.machine}${measured.short ? ', in a short run' : ''}.`)
console.log(
  `Processor µs of a call: ${micros.join(', ')}. Redis bytes waiting: ${figure(measured.waitingBytes)}.\n`,
)
console.log(
  formatScaling(values.rates.split(',').map((rate) => computeNeed(measured, Number(rate), assumed))),
)
