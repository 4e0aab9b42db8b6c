import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { destinationTypesPlugin } from './build/destination-types-plugin.ts'

/** Where `npm run dev` of this package sends API calls; the address `npm start` prints. */
const api = 'http://127.0.0.1:4080'

export default defineConfig({
  root: import.meta.dirname,
  base: '/ops/',
  plugins: [destinationTypesPlugin(), react()],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    target: 'es2023',
    // Whatever could be put inline would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': { target: api, changeOrigin: false } } },
})
