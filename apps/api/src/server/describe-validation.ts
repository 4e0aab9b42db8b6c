import type { ErrorDetail } from '@ghostpost/delivery/contract/errors'
import { expectationOfPattern } from '@ghostpost/delivery/contract/plain-text'
import type { FastifyError, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { ApiError } from './api-error.ts'

/** The most problems that an error response lists. */
export const problemsMax = 8
const fieldLengthMax = 64

type ValidationError = Error & Pick<FastifyError, 'validation' | 'validationContext'>
type Problem = FastifySchemaValidationError

/**
 * Converts the validator's problem into one `validation_failed` error that names each wrong field and what is expected.
 * The validator stops at the first problem. To name the other fields, each field of an object is checked alone, so the
 * work and the response have a bound, whatever was sent.
 */
export function describeValidation(error: ValidationError, request: FastifyRequest): ApiError {
  const context = error.validationContext ?? 'body'
  const problems = problemsByField(context, request) ?? error.validation ?? []
  const details = detailsOf(problems.slice(0, problemsMax), context)
  const fields = [...new Set(details.map(({ field }) => field))]
  return new ApiError('validation_failed', `Wrong or missing: ${fields.join(', ')}.`, details)
}

/** What the validator expected, for each of its problems. @param context the name of the whole that was checked */
export function detailsOf(problems: readonly Problem[], context: string): ErrorDetail[] {
  return problems.map((problem) => detailOf(problem, context))
}

interface ObjectSchema {
  type: 'object'
  properties: Record<string, object>
  required?: readonly string[]
  additionalProperties?: unknown
}

/** At most one problem per field of the schema, and the unknown fields; null if these are not the problem. */
function problemsByField(context: string, request: FastifyRequest): Problem[] | null {
  const schema = schemaOf(context, request)
  const input = inputOf(context, request)
  if (!schema || !input) return null
  const { properties, required = [], additionalProperties } = schema
  const isUnknown = (name: string): boolean => additionalProperties === false && !(name in properties)
  const unknown = Object.keys(input).filter(isUnknown).slice(0, problemsMax)
  const missing = required.filter((name) => input[name] === undefined)
  const problems = [
    ...missing.map((name) => problemOf('required', { missingProperty: name })),
    ...unknown.map((name) => problemOf('additionalProperties', { additionalProperty: name })),
    ...Object.entries(properties).flatMap(([name, ofField]) =>
      input[name] === undefined ? [] : problemsOfField(request, name, ofField, input[name]),
    ),
  ]
  return problems.length > 0 ? problems : null
}

function problemsOfField(request: FastifyRequest, name: string, schema: object, value: unknown): Problem[] {
  const validate = request.compileValidationSchema(aloneIn(name, schema))
  return validate({ [name]: value }) ? [] : ((validate.errors ?? []) as Problem[]).slice(0, 1)
}

/** An object schema with one field. The same object for the same field, which the request compiles once. */
function aloneIn(name: string, schema: object): Record<string, unknown> {
  const byName = fieldsAlone.get(schema) ?? new Map<string, Record<string, unknown>>()
  const alone = byName.get(name) ?? { type: 'object', properties: { [name]: schema } }
  fieldsAlone.set(schema, byName.set(name, alone))
  return alone
}

const fieldsAlone = new WeakMap<object, Map<string, Record<string, unknown>>>()

function problemOf(keyword: string, params: Problem['params']): Problem {
  return { keyword, params, instancePath: '', schemaPath: `#/${keyword}` }
}

function schemaOf(context: string, { routeOptions }: FastifyRequest): ObjectSchema | null {
  const { body, querystring, params, headers } = routeOptions.schema ?? {}
  const schema = { body, querystring, params, headers }[context]
  const isObjectSchema = typeof schema === 'object' && schema !== null && 'properties' in schema
  return isObjectSchema ? (schema as ObjectSchema) : null
}

function inputOf(context: string, request: FastifyRequest): Record<string, unknown> | null {
  const { body, query, params, headers } = request
  const input: unknown = { body, querystring: query, params, headers }[context]
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input)
  return isObject ? (input as Record<string, unknown>) : null
}

function detailOf(problem: Problem, context: string): ErrorDetail {
  const { params } = problem
  const path = problem.instancePath.split('/').filter(Boolean)
  if (problem.keyword === 'required') path.push(String(params['missingProperty']))
  if (problem.keyword === 'additionalProperties') path.push(String(params['additionalProperty']))
  const field = path.join('.').slice(0, fieldLengthMax).toWellFormed()
  return { field: field || context, expected: expectationOf(problem) }
}

function expectationOf({ keyword, params, message }: Problem): string {
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
