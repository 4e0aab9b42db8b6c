import { Type } from 'typebox'

export const HealthView = Type.Object({ status: Type.Literal('ok'), version: Type.String() })

export const ReadinessView = Type.Object({
  status: Type.Enum(['ready', 'degraded', 'unavailable', 'stopping']),
  checks: Type.Object({
    database: Type.Enum(['ok', 'down', 'full', 'read_only']),
    queue: Type.Enum(['ok', 'down', 'full', 'read_only', 'evicting', 'partial', 'forbidden'], {
      description:
        'down: the API still accepts exports and responds 202. evicting: the store may evict jobs. ' +
        'partial: some nodes of a cluster do not respond. forbidden: the store refuses the user, or a command ' +
        'that the queue needs, for example EVALSHA.',
    }),
  }),
  held: Type.Optional(
    Type.Literal(true, { description: 'Present while GHOSTPOST_HOLD is true: nothing is sent.' }),
  ),
})
