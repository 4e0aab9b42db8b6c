import type { OperationView } from '@ghostpost/delivery/contract'

export const kindNames: Readonly<Record<OperationView['kind'], string>> = {
  resend: 'Resend',
  re_export: 'Re-export',
  export: 'Export',
}
