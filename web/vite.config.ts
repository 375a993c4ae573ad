import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// The server during development; a build talks to where it was served from, unless PUBLIC_API_URL names another origin.
const server = process.env.API_URL ?? 'http://127.0.0.1:3001'

// What every page needs lies in one file: cut up between pages it would pack worse.
const base = /node_modules\/(react|react-dom|scheduler|@tanstack|@base-ui|@floating-ui|use-sync-external-store)\//

export default defineConfig({
  plugins: [react(), tailwindcss()],
  envPrefix: 'PUBLIC_',
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: { chunkSizeWarningLimit: 700, outDir: 'dist/app', emptyOutDir: true, sourcemap: false, manifest: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'base', test: base }] } } } },
  server: { proxy: { '/api': server, '/auth': server, '/socket.io': { target: server, ws: true } } },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'], restoreMocks: true },
})
