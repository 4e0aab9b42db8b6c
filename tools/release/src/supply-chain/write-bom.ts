import { resolve } from 'node:path'
import { runPnpm } from './run-pnpm.ts'

const timeoutMs = 120_000

/** Writes the bill of materials of a release: `npm run sbom -- [file]`. */
const file = resolve(process.argv[2] ?? 'ghostpost.cdx.json')
const { code, stderr } = await runPnpm(
  [
    'sbom',
    '--prod',
    '--sbom-format=cyclonedx',
    '--sbom-spec-version=1.6',
    '--sbom-type=application',
    `--out=${file}`,
  ],
  timeoutMs,
)
if (code !== 0) {
  console.error(`The bill of materials could not be made: ${stderr}`)
  process.exit(1)
}
console.log(`Wrote ${file} (CycloneDX 1.6).`)
