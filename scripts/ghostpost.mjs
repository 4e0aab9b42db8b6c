#!/usr/bin/env node
// `npx ghostpost …` in a checkout runs the command line through bootstrap.mjs.
process.argv.splice(2, 0, 'ghostpost')
await import('./bootstrap.mjs')
