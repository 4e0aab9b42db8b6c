import { Type } from 'typebox'

/** Settings of receivers: allowed addresses, egress proxy, secrets. Part of the schema in settings-schema.ts. */
export const receiverSettings = {
  GHOSTPOST_ALLOWED_ADDRESSES: Type.String({
    description:
      'Private addresses that receivers may have: CIDR with an optional port, separated by spaces, for ' +
      'example `10.1.0.0/16 127.0.0.1/32:8080`. An entry without a port does not allow the ports of ' +
      'well-known services (databases, mail …); add the port to allow one. Ghostpost’s own listening ' +
      'addresses are never allowed.',
    default: '',
  }),
  GHOSTPOST_EGRESS_PROXY: Type.String({
    description:
      'Proxy for every request to a receiver: `http://user:password@host:port`, or `https://`. The ' +
      'proxy resolves the receivers’ names, so it must refuse private addresses itself. Empty: no ' +
      'proxy.',
    default: '',
    secret: true,
  }),
  GHOSTPOST_SECRET_KEYS: Type.String({
    description:
      'Keys that encrypt the secrets of saved destinations: `id:base64` of 32 random bytes, separated ' +
      'by spaces. The first key encrypts, all keys decrypt. To rotate, put a new key first and run ' +
      'apps/api/src/commands/reseal.ts. Empty: destinations cannot be saved.',
    default: '',
    pattern: '^$|^[a-z0-9]{1,16}:[A-Za-z0-9+/]{43}=( [a-z0-9]{1,16}:[A-Za-z0-9+/]{43}=)*$',
    secret: true,
  }),
  GHOSTPOST_SEAL_URLS: Type.Boolean({
    description:
      'Encrypt the URLs of single exports as well. Requires GHOSTPOST_SECRET_KEYS. Before turning it ' +
      'on in an existing installation, read docs/upgrading.md.',
    default: false,
  }),
}
