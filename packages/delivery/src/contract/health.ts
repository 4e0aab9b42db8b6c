import { Type } from 'typebox'

export const HealthView = Type.Object({ status: Type.Literal('ok'), version: Type.String() })

export const ReadinessView = Type.Object({
  status: Type.Enum(['ready', 'degraded', 'unavailable', 'stopping']),
  checks: Type.Object({
    database: Type.Enum(['ok', 'down', 'full', 'read_only']),
    queue: Type.Enum(['ok', 'down', 'full', 'read_only', 'evicting', 'partial'], {
      description:
        'While down, exports are accepted and answered 202. evicting: it may throw jobs away. partial: some nodes of a cluster do not answer.',
    }),
  }),
})
