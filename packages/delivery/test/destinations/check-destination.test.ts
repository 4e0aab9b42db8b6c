import { describe, expect, test } from 'vitest'
import {
  optionsProblem,
  receiverProblem,
  receiverWarnings,
} from '../../src/destinations/check-destination.ts'
import type { WebhookType } from '../../src/destinations/registry.ts'
import { responsibleFor } from '../../src/destinations/responsible.ts'

describe('the URL of a saved destination', () => {
  test.each<[WebhookType, string, boolean]>([
    ['discord', 'https://discord.com/channels/1/2', false],
    ['discord', 'https://discord.gg/invite', false],
    ['discord', 'https://discord.com/api/webhooks/1', false],
    ['hubspot', 'https://app.hubspot.com/contacts/1/record/0-1/2', true],
    ['hubspot', 'https://app-eu1.hubspot.com/workflows/1', false],
    ['slack', 'https://app.slack.com/client/T0/C0', false],
    ['slack', 'https://example.slack.com/archives/C0', false],
    ['slack', 'https://hooks.slack.com/services/T0', false],
    ['salesforce', 'https://ghost.lightning.force.com/lightning/o/Lead/list', true],
    ['salesforce', 'https://webto.salesforce.com/servlet/servlet.WebToLead', false],
    ['custom', 'https://script.googleusercontent.com/macros/echo?user_content_key=1', false],
  ])('of %s is refused: %s', (type, url, hasCredentials) => {
    expect(receiverProblem(type, new URL(url), {}, hasCredentials)).toMatch(/^[a-z].+/)
  })

  test.each<[WebhookType, string, boolean]>([
    ['discord', 'https://discord.com/api/webhooks/1/a-B_c', false],
    ['discord', 'https://discord.com/api/v10/webhooks/1/abc?thread_id=2', false],
    ['hubspot', 'https://api.hubapi.com/automation/v4/webhook-triggers/1/a', false],
    ['hubspot', 'https://api-eu1.hubapi.com/crm/v3/objects/contacts', true],
    ['slack', 'https://hooks.slack.com/services/T0/B0/x', false],
    ['slack', 'https://slack.com/api/chat.postMessage', false],
    ['salesforce', 'https://ghost.my.salesforce.com/services/data/v66.0/sobjects/Lead', true],
    ['custom', 'https://script.google.com/macros/s/A/exec', false],
  ])('of %s may be %s', (type, url, hasCredentials) => {
    expect(receiverWarnings(type, new URL(url), {}, hasCredentials)).toEqual([])
  })

  test('of a chat on another host has a warning, unless it is said to be compatible', () => {
    const url = new URL('https://chat.example.com/hooks/1')
    expect(receiverWarnings('slack', url, {}, false)).toHaveLength(1)
    expect(receiverProblem('slack', url, {}, false)).toBeNull()
    expect(receiverWarnings('slack', url, { compatible: true }, false)).toEqual([])
  })
})

test.each<[WebhookType, object, string | undefined]>([
  ['salesforce', { fields: { City: 'always' }, on_converted: 'skip' }, undefined],
  ['salesforce', { fields: { Email: 'create' } }, 'options.fields.Email'],
  ['hubspot', { on_converted: 'skip' }, 'options.on_converted'],
  ['slack', { compatible: true }, undefined],
  ['custom', { compatible: true }, 'options.compatible'],
])('the options of %s %j have the problem %s', (type, options, field) => {
  expect(optionsProblem(type, options)?.field).toBe(field)
})

test.each([
  ['hubspot_scope_missing', 'give_up', 'tool_administrator'],
  ['salesforce_picklist_restricted', 'give_up', 'tool_administrator'],
  ['discord_webhook_unknown', 'give_up', 'destination_owner'],
  ['authorization_app_not_found', 'give_up', 'destination_owner'],
  ['salesforce_email_invalid', 'give_up', 'site_owner'],
  ['discord_form_invalid', 'give_up', 'developer'],
  ['address_forbidden', 'give_up', 'installation_operator'],
  ['payload_too_large', 'give_up', 'receiver_operator'],
  ['receiver_unavailable', 'retry', 'nobody'],
])('%s (%s) is for the %s', (cause, decision, person) => {
  expect(responsibleFor(cause, decision)).toBe(person)
})
