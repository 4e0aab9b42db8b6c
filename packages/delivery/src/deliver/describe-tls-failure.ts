const notTls = /^(ERR_(SSL|OSSL)_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)|EPROTO)/
const oldProtocol =
  /_(UNSUPPORTED_PROTOCOL|TLSV1_ALERT_PROTOCOL_VERSION|NO_PROTOCOLS_AVAILABLE|VERSION_TOO_LOW)/
const wrongHost = /^(ERR_TLS_CERT_ALTNAME|HOSTNAME_MISMATCH)/
const notYetValid = /^CERT_NOT_YET_VALID/
const expired = /^(CERT_HAS_EXPIRED|CRL_HAS_EXPIRED)/
const incompleteChain = /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT$)/
const unknownAuthority =
  /^(UNABLE_TO_GET_ISSUER_CERT_LOCALLY|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED|CERT_UNTRUSTED)/
const clientCertificate =
  /ALERT_(NO_CERTIFICATE|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|CERTIFICATE_)/
const handshake = /(HANDSHAKE_FAILURE|NO_SHARED_CIPHER|INSUFFICIENT_SECURITY|INTERNAL_ERROR)/

const ownAuthorityRemedy =
  'name a file with the certificate of its authority in NODE_EXTRA_CA_CERTS, for the API and the workers.'

/**
 * By the code of OpenSSL or Node, the first that matches.
 * https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const remedies: readonly (readonly [codes: RegExp, remedy: string])[] = [
  [notTls, 'Use http:// in the URL, or the port on which the receiver serves https.'],
  [oldProtocol, 'Let the receiver accept TLS 1.2 or TLS 1.3.'],
  [wrongHost, 'Use the host name that is in the certificate, or a certificate for this host name.'],
  [notYetValid, 'Check the clocks, and from when the certificate of the receiver is valid.'],
  [expired, 'Renew the certificate of the receiver.'],
  [
    incompleteChain,
    `Let the receiver also send its intermediate certificates. If its authority is private, ${ownAuthorityRemedy}`,
  ],
  [
    unknownAuthority,
    `Use a certificate of a public authority. If the authority is your own, ${ownAuthorityRemedy}`,
  ],
  [
    clientCertificate,
    'The receiver requires a client certificate, and Ghostpost has none. Let it accept requests without one, ' +
      'for example by checking a custom header or the signature instead.',
  ],
  [
    handshake,
    'Let the receiver accept TLS 1.2 or TLS 1.3 with a current cipher. Ghostpost has no client certificate; if ' +
      'the receiver requires one, let it accept requests without.',
  ],
]

/** What to do about a failed TLS handshake. */
export function tlsRemedy(code: string): string {
  return (
    remedies.find(([codes]) => codes.test(code))?.[1] ??
    'Check the certificate and the TLS settings of the receiver.'
  )
}
