import type { OperationView } from '@ghostpost/delivery/contract/operations'

export const operationKindNames: Readonly<Record<OperationView['kind'], string>> = {
  resend: 'Resend',
  re_export: 'Re-export',
  export: 'Export',
  cancel: 'Cancel',
}
