import { Type } from 'typebox'

/** Settings of alerts and their mail server, part of the schema in settings-schema.ts. */
export const alertSettings = {
  GHOSTPOST_ALERT_INTERVAL_MS: Type.Integer({
    description: 'How often a worker evaluates each alert rule.',
    default: 15_000,
    minimum: 50,
    maximum: 600_000,
  }),
  GHOSTPOST_DASHBOARD_URL: Type.String({
    description:
      'Public URL of the dashboard, for the links in alerts, for example ' +
      '`https://ghostpost.example.com/ops`. Empty: derived from GHOSTPOST_HOST and GHOSTPOST_PORT.',
    default: '',
    pattern: '^$|^https?://[^\\s<>|"]+[^/\\s<>|"]$',
  }),
  GHOSTPOST_SMTP_URL: Type.String({
    description:
      'Mail server for alerts by e-mail: `smtp://user:password@host:587` (uses STARTTLS if the server ' +
      'offers it; `?requireTLS=true` requires it), or `smtps://…:465`. Empty: no alerts by e-mail.',
    default: '',
    pattern: '^$|^smtps?://[^\\s]+$',
    secret: true,
  }),
  GHOSTPOST_SMTP_FROM: Type.String({
    description:
      'Sender of alerts by e-mail, for example `Ghostpost <alerts@example.com>`. Required with GHOSTPOST_SMTP_URL.',
    default: '',
    pattern: '^$|^([^<>@\\r\\n]{1,100} <[^\\s<>@]+@[^\\s<>@]+>|[^\\s<>@]+@[^\\s<>@]+)$',
  }),
}
