import type { ErrorDetail } from '@ghostpost/delivery/contract/errors'
import { expectationOfPattern } from '@ghostpost/delivery/contract/plain-text'
import type { FastifyError, FastifySchemaValidationError } from 'fastify'
import { ApiError } from './api-error.ts'

/** Converts the validator's problems into one `validation_failed` error that names each field and what is expected. */
export function describeValidation(
  error: Error & Pick<FastifyError, 'validation' | 'validationContext'>,
): ApiError {
  const context = error.validationContext ?? 'body'
  const details = (error.validation ?? []).map((problem) => detailOf(problem, context))
  const fields = [...new Set(details.map(({ field }) => field))]
  return new ApiError('validation_failed', `Wrong or missing: ${fields.join(', ')}.`, details)
}

function detailOf(problem: FastifySchemaValidationError, context: string): ErrorDetail {
  const { params } = problem
  const path = problem.instancePath.split('/').filter(Boolean)
  if (problem.keyword === 'required') path.push(String(params['missingProperty']))
  if (problem.keyword === 'additionalProperties')
    path.push(String(params['additionalProperty']).slice(0, 100))
  return { field: path.join('.') || context, expected: expectationOf(problem) }
}

function expectationOf({ keyword, params, message }: FastifySchemaValidationError): string {
  switch (keyword) {
    case 'required':
      return 'this field'
    case 'additionalProperties':
      return 'no such field'
    case 'type':
      return `${withArticle(String(params['type']))}, not another type`
    case 'enum':
      return `one of ${(params['allowedValues'] as unknown[]).join(', ')}`
    case 'pattern':
      return expectationOfPattern(String(params['pattern']))
    case 'minimum':
    case 'maximum':
      return `a number ${String(params['comparison'])} ${String(params['limit'])}`
    case 'minLength':
      return `at least ${String(params['limit'])} characters`
    case 'maxLength':
      return `at most ${String(params['limit'])} characters`
    default:
      return message ?? 'another value'
  }
}

function withArticle(noun: string): string {
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`
}
