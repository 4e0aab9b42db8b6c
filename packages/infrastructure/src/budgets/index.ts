export { localBudgets, localConcurrencyMax } from './local-budgets.ts'
export type { BudgetReading, BudgetStore } from './receiver-budgets.ts'
export { redisBudgets } from './redis-budgets.ts'
