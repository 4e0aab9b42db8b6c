export const webhookTypes = ['custom', 'hubspot', 'salesforce', 'slack', 'discord'] as const

export type WebhookType = (typeof webhookTypes)[number]
