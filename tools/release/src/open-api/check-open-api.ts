import { describeApi } from '@ghostpost/api/describe-api'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import spectral from '@stoplight/spectral-core'
import rulesets from '@stoplight/spectral-rulesets'

/** Single sign-on answers with redirects alone. */
const redirecting = /^#\/paths\/~1api~1oidc~1(start|callback)\/get\//

/** Checks the OpenAPI document of the API with the recommended rules of Redocly and of Spectral. */
const document = JSON.stringify(await describeApi())
const problems = [...(await lintWithRedocly(document)), ...(await lintWithSpectral(document))]
for (const problem of problems) console.error(problem)
console.log(`the OpenAPI document has ${problems.length} problems`)
process.exit(problems.length === 0 ? 0 : 1)

async function lintWithRedocly(source: string): Promise<string[]> {
  const config = await createConfig({
    extends: ['recommended'],
    // The probes refuse nothing.
    rules: { 'operation-4xx-response': 'off' },
  })
  const found = await lintFromString({ source, config })
  const placed = found.map(({ ruleId, message, location }) => {
    const [place] = location
    return { ruleId, message, pointer: place && 'pointer' in place ? String(place.pointer) : '' }
  })
  return placed
    .filter(({ ruleId, pointer }) => !(ruleId === 'operation-2xx-response' && redirecting.test(pointer)))
    .map(({ ruleId, message, pointer }) => `redocly ${ruleId}: ${message} (${pointer})`)
}

async function lintWithSpectral(source: string): Promise<string[]> {
  const linter = new spectral.Spectral()
  linter.setRuleset({ extends: [[rulesets.oas, 'recommended']] } as never)
  const found = await linter.run(source)
  return found.map(({ code, message, path }) => `spectral ${code}: ${message} (${path.join('/')})`)
}
