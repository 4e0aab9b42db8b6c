import { Type } from 'typebox'

export const HealthView = Type.Object({ status: Type.Literal('ok'), version: Type.String() })

export const ReadinessView = Type.Object({
  status: Type.Enum(['ready', 'degraded', 'unavailable']),
  checks: Type.Object({
    database: Type.Enum(['ok', 'down']),
    queue: Type.Enum(['ok', 'down'], { description: 'While down, exports are accepted and answered 202.' }),
  }),
})
