#!/usr/bin/env node
// `npx ghostpost …` in a checkout: the command line, through the same door as everything else.
process.argv.splice(2, 0, 'ghostpost')
await import('./bootstrap.mjs')
