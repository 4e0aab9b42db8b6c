import type { Licences } from './run-pnpm.ts'

/** Licences that ask for no more than a notice, so that whoever runs or passes on Ghostpost has nothing else to mind. */
const allowed: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
])

/** The packages that may not be shipped, each with its licence. */
export function refusedLicences(licences: Licences): string[] {
  return Object.entries(licences)
    .filter(([licence]) => !isAllowed(licence))
    .flatMap(([licence, packages]) =>
      packages.map(({ name, versions }) => `${name} ${versions.join(', ')}: ${licence}`),
    )
}

/** An SPDX expression: one of several suffices with OR, all are needed with AND. */
export function isAllowed(expression: string): boolean {
  const alternatives = expression.replaceAll(/[()]/g, ' ').split(/\sOR\s/)
  return alternatives.some((one) => one.split(/\sAND\s/).every((licence) => allowed.has(licence.trim())))
}
