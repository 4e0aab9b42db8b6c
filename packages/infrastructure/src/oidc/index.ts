export { openIssuer, type Identity, type Issuer, type SignInFlow } from './open-issuer.ts'
