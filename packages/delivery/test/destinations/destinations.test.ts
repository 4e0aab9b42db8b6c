import { expect, test } from 'vitest'
import { webhookTypes } from '../../src/destinations/webhook-types.ts'
import { destinationOf } from '../../src/destinations/destinations.ts'

test('there is a destination for every type the contract names, in its order', () => {
  expect(webhookTypes).toEqual(['custom', 'hubspot', 'salesforce', 'slack', 'discord'])
  expect(webhookTypes.map((type) => destinationOf(type).type)).toEqual(webhookTypes)
})

test('only Slack and Discord show a repeat twice', () => {
  expect(webhookTypes.filter((type) => !destinationOf(type).repeatable)).toEqual(['slack', 'discord'])
})

test('only a custom receiver is told the webhook id', () => {
  expect(webhookTypes.filter((type) => destinationOf(type).sendsWebhookId)).toEqual(['custom'])
})
