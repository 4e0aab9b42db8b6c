import type { ErrorDetail } from '@ghostpost/delivery/contract/errors'
import { VisitorRow } from '@ghostpost/delivery/contract/visitor-record'
import { problemsOfVisitor } from '@ghostpost/delivery/visitors'
import type { FastifyRequest } from 'fastify'
import { detailsOf } from '../../server/describe-validation.ts'
import { unsafePartOf } from '../../server/refuse-unsafe-input.ts'

const detailsMax = 3

/** A row that may be stored, or why it may not. */
export type CheckedRow =
  | { visitor: VisitorRow }
  | { vid: string | null; code: 'malformed_json' | 'validation_failed'; details: ErrorDetail[] }

/** Checks a row as `PUT /api/visitors/{ghost_vid}` checks its body: with the same schema and the same rules. */
export function checkRow(request: FastifyRequest, text: string, nowMs: number): CheckedRow {
  const value = parse(text)
  if (value === undefined)
    return { vid: null, code: 'malformed_json', details: [{ field: 'row', expected: 'one JSON object' }] }
  const details = problemsOfRow(request, value, nowMs)
  return details.length > 0
    ? { vid: vidOf(value), code: 'validation_failed', details }
    : { visitor: value as VisitorRow }
}

/** The first problems of a row; none if it may be stored. */
export function problemsOfRow(request: FastifyRequest, value: unknown, nowMs: number): ErrorDetail[] {
  return allProblemsOf(request, value, nowMs).slice(0, detailsMax)
}

function allProblemsOf(request: FastifyRequest, value: unknown, nowMs: number): ErrorDetail[] {
  const unsafe = unsafePartOf(value, 'row')
  if (unsafe) return [unsafe]
  const validate = request.compileValidationSchema(VisitorRow)
  if (!validate(value)) return detailsOf(validate.errors ?? [], 'row')
  return problemsOfVisitor(value as VisitorRow, nowMs)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The id that a refused row names, if it is a text. */
function vidOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('ghost_vid' in value)) return null
  const { ghost_vid: vid } = value
  return typeof vid === 'string' ? vid.slice(0, 131).toWellFormed() : null
}
