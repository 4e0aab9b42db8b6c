import { refusedLicences } from './licences.ts'
import { listLicences } from './run-pnpm.ts'

const licences = await listLicences()
const refused = refusedLicences(licences)
for (const one of refused) console.error(`not allowed: ${one}`)
if (refused.length > 0) {
  console.error(
    'Use another package, or say in tools/release/src/supply-chain/licences.ts why this licence may be shipped.',
  )
}
const counts = Object.entries(licences).map(([name, { length }]) => `${name} ${length}`)
console.log(`licences: ${counts.join(', ')}`)
process.exit(refused.length === 0 ? 0 : 1)
