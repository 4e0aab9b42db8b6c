export {
  judgeAddress,
  judgeProxiedUrl,
  judgeReceiverUrl,
  judgeResolvedAddress,
  type AddressPolicy,
  type AddressVerdict,
} from './address-policy.ts'
export { parseAllowedAddresses, type AllowedAddress } from './allowed-addresses.ts'
export { allowHosts, type IsAllowedHost } from './allowed-hosts.ts'
export { callerCustomer, callerNetwork } from './caller-network.ts'
export { masked, maskHeaders } from './mask-headers.ts'
export { openSecretMask, type SecretMask } from './mask-response.ts'
export type { OwnListener } from './own-listeners.ts'
export {
  breakerOf,
  breakerOpenMaxMs,
  breakerOpenMinMs,
  budgetKeyOf,
  delayAfter,
  destinationOfBudget,
  hostOfBudget,
  siteOfBudget,
  type LimitedReceiver,
  initialWindow,
  intervalOf,
  rateToleranceMs,
  concurrencyNow,
  slowResponseMs,
  slowWindowMin,
  probeSpacing,
  probeSpacingMaxMs,
  probeSpacingMinMs,
  spacingMaxMs,
  spacingMinMs,
  throttleMaxMs,
  throttleMinMs,
  waitMaxMs,
  type Admission,
  type BreakerState,
  type BudgetLimits,
  type BudgetState,
  type BudgetReport,
} from './receiver-budget.ts'
export {
  maskedReceiver,
  parseReceiverUrl,
  requestTargetOf,
  type ParsedReceiverUrl,
  receiverHostOf,
  receiverUrlProblems,
  schemeOf,
  type ReceiverScheme,
} from './receiver-url.ts'
