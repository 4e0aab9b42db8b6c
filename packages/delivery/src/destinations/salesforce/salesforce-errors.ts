import { isString, itemsOf, member } from '../../text/response-json.ts'

export interface SalesforceError {
  code: string
  message: string
  /** Field names; texts of any other shape are left out. */
  fields: readonly string[]
}

/** At most 40 characters, and a suffix like __c. */
const fieldName = /^[A-Za-z][A-Za-z0-9_]{0,42}$/
const fieldsShownMax = 10

/** An error response is an array of errors, except that some 4xx and 5xx are HTML. */
export function errorsIn(body: unknown): readonly SalesforceError[] {
  const listed = Array.isArray(body) ? body : [body, ...itemsOf(member(body, 'errors'))]
  return itemsOf(listed).map((error) => {
    // The second name is that of the errors inside a result.
    const code = member(error, 'errorCode') ?? member(error, 'statusCode')
    const message = member(error, 'message')
    const fields = itemsOf(member(error, 'fields'))
      .filter(isString)
      .filter((name) => fieldName.test(name))
    return {
      code: isString(code) ? code : '',
      message: isString(message) ? message : '',
      fields: fields.slice(0, fieldsShownMax),
    }
  })
}
