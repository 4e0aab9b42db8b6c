import { describe, expect, test } from 'vitest'
import { destinationOf, destinationTypes, typesWith, webhookTypes } from '../../src/destinations/registry.ts'

test('the registry has the types of the contract, in the order of the contract', () => {
  expect(webhookTypes).toEqual(['custom', 'hubspot', 'salesforce', 'slack', 'discord'])
})

test('only Slack and Discord show a repeat', () => {
  expect(typesWith(({ repeatable }) => !repeatable)).toEqual(['slack', 'discord'])
})

test('only HubSpot and Salesforce store one record per visitor', () => {
  expect(typesWith(({ oneRecordPerVisitor }) => oneRecordPerVisitor)).toEqual(['hubspot', 'salesforce'])
})

test('only attempts to a custom receiver are signed', () => {
  expect(typesWith(({ signed }) => signed)).toEqual(['custom'])
})

test('only HubSpot and Salesforce take no alerts', () => {
  expect(typesWith(({ showsAlerts }) => !showsAlerts)).toEqual(['hubspot', 'salesforce'])
})

describe.each(Object.entries(destinationTypes))('%s', (type, { traits, causes, plain, withCredentials }) => {
  test('has the traits of its type in plain mode', () => {
    expect(plain.traits).toBe(traits)
  })

  test('has a CRM mode exactly if it takes credentials', () => {
    expect(withCredentials !== undefined).toBe(traits.credentialKinds.length > 0)
  })

  test('ignores credentials of another type', () => {
    const others = [
      { kind: 'access_token', access_token: 'a' },
      { kind: 'client_credentials', client_id: 'a', client_secret: 'b' },
    ] as const
    for (const credentials of others.filter(({ kind }) => !traits.credentialKinds.includes(kind)))
      expect(destinationOf(type as keyof typeof destinationTypes, credentials)).toBe(plain)
  })

  test('lists every cause once, those of duplicates included', () => {
    expect(new Set(causes).size).toBe(causes.length)
    expect(traits.duplicateCauses.filter((cause) => !causes.includes(cause))).toEqual([])
  })

  test('has traits that survive as JSON, which the dashboard needs', () => {
    expect(JSON.parse(JSON.stringify(traits))).toEqual(traits)
  })
})
