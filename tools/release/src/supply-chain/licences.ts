import type { Licences } from './run-pnpm.ts'

/** Licences that require only a notice from those who run or distribute Ghostpost. */
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

/** Packages whose licence forbids shipping them, each with its licence. */
export function refusedLicences(licences: Licences): string[] {
  return Object.entries(licences)
    .filter(([licence]) => !isAllowed(licence))
    .flatMap(([licence, packages]) =>
      packages.map(({ name, versions }) => `${name} ${versions.join(', ')}: ${licence}`),
    )
}

/** Evaluates an SPDX expression: OR needs one allowed licence, AND needs all. */
export function isAllowed(expression: string): boolean {
  const alternatives = expression.replaceAll(/[()]/g, ' ').split(/\sOR\s/)
  return alternatives.some((one) => one.split(/\sAND\s/).every((licence) => allowed.has(licence.trim())))
}
