import { describeApi } from '@ghostpost/api/describe-api'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import spectral from '@stoplight/spectral-core'
import rulesets from '@stoplight/spectral-rulesets'

/** Checks the OpenAPI document of the API with the recommended rules of Redocly and of Spectral. */
const document = JSON.stringify(await describeApi())
const problems = [...(await lintWithRedocly(document)), ...(await lintWithSpectral(document))]
for (const problem of problems) console.error(problem)
console.log(`the OpenAPI document has ${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)

async function lintWithRedocly(source: string): Promise<string[]> {
  const config = await createConfig({
    extends: ['recommended'],
    // The probes refuse nothing, and single sign-on answers with redirects.
    rules: { 'operation-4xx-response': 'off', 'operation-2xx-response': 'off' },
  })
  const found = await lintFromString({ source, config })
  return found.map(({ ruleId, message, location }) => {
    const [place] = location
    const pointer = place && 'pointer' in place ? String(place.pointer) : ''
    return `redocly ${ruleId}: ${message} (${pointer})`
  })
}

async function lintWithSpectral(source: string): Promise<string[]> {
  const linter = new spectral.Spectral()
  linter.setRuleset({ extends: [[rulesets.oas, 'recommended']] } as never)
  const found = await linter.run(source)
  return found.map(({ code, message, path }) => `spectral ${code}: ${message} (${path.join('/')})`)
}
