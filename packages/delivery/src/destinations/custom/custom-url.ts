import type { UrlProblem } from '../destination.ts'

/** Reports the address to which Google Apps Script redirects, which works once and for a GET only. */
export function checkCustomUrl({ hostname }: URL): UrlProblem | null {
  return /(?:^|\.)googleusercontent\.com$/.test(hostname)
    ? { expected: 'the URL of the web app itself (https://script.google.com/macros/s/…/exec)' }
    : null
}
