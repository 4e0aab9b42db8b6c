import { Type } from 'typebox'

/** Where receivers may be, how they are reached, and what is kept secret of them; part of the schema in settings-schema.ts. */
export const receiverSettings = {
  GHOSTPOST_ALLOWED_ADDRESSES: Type.String({
    description:
      'Addresses receivers may have although they are not public: CIDR with optional port, separated by spaces, as in `10.1.0.0/16 127.0.0.1/32:8080`. Without a port it opens none that other services have (databases, mail …): name such a port. Where Ghostpost itself listens is never allowed.',
    default: '',
  }),
  GHOSTPOST_EGRESS_PROXY: Type.String({
    description:
      'Proxy that every request to a receiver goes through: `http://user:password@host:port`, or `https://`. It resolves the receivers’ names, so it must refuse private addresses itself. Empty: none.',
    default: '',
    secret: true,
  }),
  GHOSTPOST_SECRET_KEYS: Type.String({
    description:
      'Keys that encrypt saved destinations’ secrets: `id:base64` of 32 random bytes, separated by spaces. The first encrypts, all decrypt: to rotate, put a new one in front and run apps/api/src/commands/reseal.ts. Empty: destinations cannot be saved.',
    default: '',
    pattern: '^$|^[a-z0-9]{1,16}:[A-Za-z0-9+/]{43}=( [a-z0-9]{1,16}:[A-Za-z0-9+/]{43}=)*$',
    secret: true,
  }),
  GHOSTPOST_SEAL_URLS: Type.Boolean({
    description:
      'Encrypt the URLs of single exports as well. For a new installation; before an older one sets it, see docs/upgrading.md. Needs GHOSTPOST_SECRET_KEYS.',
    default: false,
  }),
}
