import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { contractValuesPlugin } from './build/contract-values-plugin.ts'

/** The development server sends API calls here. `npm start` prints this address. */
const api = 'http://127.0.0.1:4080'

export default defineConfig({
  root: import.meta.dirname,
  base: '/ops/',
  plugins: [contractValuesPlugin(), react()],
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    target: 'es2023',
    // The content security policy allows no inline resources.
    assetsInlineLimit: 0,
    // One file that the page itself loads: a page whose styles arrive later could fail, or appear without them.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { '/api': { target: api, changeOrigin: false } } },
})
