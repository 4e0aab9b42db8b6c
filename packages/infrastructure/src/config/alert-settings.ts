import { Type } from 'typebox'

/** The settings of alerts and of the mail server they may go through; part of the schema in settings-schema.ts. */
export const alertSettings = {
  GHOSTPOST_ALERT_INTERVAL_MS: Type.Integer({
    description: 'How often each alert rule is looked at, by one of the workers.',
    default: 15_000,
    minimum: 50,
    maximum: 600_000,
  }),
  GHOSTPOST_DASHBOARD_URL: Type.String({
    description:
      'Address of the dashboard as people reach it, for the links in alerts, as in `https://ghostpost.example.com/ops`. Empty: made of GHOSTPOST_HOST and GHOSTPOST_PORT.',
    default: '',
    pattern: '^$|^https?://[^\\s<>|"]+[^/\\s<>|"]$',
  }),
  GHOSTPOST_SMTP_URL: Type.String({
    description:
      'Mail server that alerts are sent through: `smtp://user:password@host:587` (STARTTLS where the server offers it; `?requireTLS=true` insists), or `smtps://…:465`. Empty: no alerts by e-mail.',
    default: '',
    pattern: '^$|^smtps?://[^\\s]+$',
    secret: true,
  }),
  GHOSTPOST_SMTP_FROM: Type.String({
    description:
      'Sender of alerts by e-mail, as in `Ghostpost <alerts@example.com>`. Needed with GHOSTPOST_SMTP_URL.',
    default: '',
    pattern: '^$|^([^<>@\\r\\n]{1,100} <[^\\s<>@]+@[^\\s<>@]+>|[^\\s<>@]+@[^\\s<>@]+)$',
  }),
}
