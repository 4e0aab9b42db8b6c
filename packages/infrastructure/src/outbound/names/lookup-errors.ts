/** The resolver has no address for a host name. */
export class NameNotResolvedError extends Error {
  readonly code: string

  constructor(code: string) {
    super(`host name not resolved: ${code}`)
    this.name = 'NameNotResolvedError'
    this.code = code
  }
}

/** Too many other names are being looked up. This says nothing about the name. */
export class LookupNotStartedError extends Error {
  constructor() {
    super('the look-up of the host name did not start')
    this.name = 'LookupNotStartedError'
  }
}
