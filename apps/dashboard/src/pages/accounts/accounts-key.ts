/** The query key of the accounts of every site. */
export const accountsKey = ['accounts'] as const
