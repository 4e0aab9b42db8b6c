import type { Licences } from './run-pnpm.ts'

/** A security advisory of a registry. */
export interface Advisory {
  module_name: string
  severity: 'info' | 'low' | 'moderate' | 'high' | 'critical'
  title: string
  url: string
  findings: readonly { version: string }[]
}

export interface AssessedAdvisory {
  advisory: Advisory
  /** True when an affected version is shipped; otherwise only tools of the lockfile contain it. */
  isShipped: boolean
  /** True when the advisory blocks a release. */
  blocksRelease: boolean
}

/** Determines for each advisory whether it affects a shipped package and blocks a release. */
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
