import { assessAdvisories, type Advisory } from './advisories.ts'
import { listLicences, runPnpm } from './run-pnpm.ts'

const timeoutMs = 60_000

// `--registry <url>` uses another registry than the configured one.
const [flag, url] = process.argv.slice(2)
const registry = flag === '--registry' && url !== undefined ? [`--config.registry=${url}`] : []
const auditArgs = ['audit', '--prod', '--json', '--config.fetch-retries=0', ...registry]
const { stdout, stderr } = await runPnpm(auditArgs, timeoutMs)
const advisories = advisoriesIn(stdout)
if (advisories === null) {
  // Many registries behind a company's proxy support no audits; that is no fault of the code.
  const reason = /ERR_\w+/.exec(stderr)?.[0] ?? 'no answer in time'
  console.log(`advisories: NOT CHECKED, the registry supports no audits (${reason})`)
  process.exit(0)
}
const assessed = assessAdvisories(advisories, await listLicences())
for (const { advisory, isShipped } of assessed) {
  const { severity, module_name, findings, title, url } = advisory
  const versions = findings.map(({ version }) => version).join(', ')
  console.log(`${severity}${isShipped ? '' : ', not shipped'}: ${module_name} ${versions}: ${title} ${url}`)
}
const blocking = assessed.filter(({ blocksRelease }) => blocksRelease).length
console.log(`advisories: ${assessed.length}, of which ${blocking} severe and shipped`)
process.exit(blocking === 0 ? 0 : 1)

function advisoriesIn(text: string): Advisory[] | null {
  try {
    return Object.values((JSON.parse(text) as { advisories: Record<string, Advisory> }).advisories)
  } catch {
    return null
  }
}
