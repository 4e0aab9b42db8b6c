import type { OperationView } from '@ghostpost/delivery/contract/operations'

export const kindNames: Readonly<Record<OperationView['kind'], string>> = {
  resend: 'Resend',
  re_export: 'Re-export',
  export: 'Export',
}
