import type { Licences } from './run-pnpm.ts'

/** A known weakness of a package, as a registry tells it. */
export interface Advisory {
  module_name: string
  severity: 'info' | 'low' | 'moderate' | 'high' | 'critical'
  title: string
  url: string
  findings: readonly { version: string }[]
}

export interface AssessedAdvisory {
  advisory: Advisory
  /** One of the versions found is shipped; others are tools the lockfile connects with what is. */
  isShipped: boolean
  /** Stops a release. */
  blocksRelease: boolean
}

/** Says of each advisory whether it is about something shipped, and grave. */
export function assessAdvisories(advisories: readonly Advisory[], shipped: Licences): AssessedAdvisory[] {
  const installed = new Set(
    Object.values(shipped)
      .flat()
      .flatMap(({ name, versions }) => versions.map((version) => `${name}@${version}`)),
  )
  return advisories.map((advisory) => {
    const { module_name, severity, findings } = advisory
    const isShipped = findings.some(({ version }) => installed.has(`${module_name}@${version}`))
    return {
      advisory,
      isShipped,
      blocksRelease: isShipped && (severity === 'high' || severity === 'critical'),
    }
  })
}
