import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

// The server during development; a build talks to where it was served from, unless PUBLIC_API_URL names another origin.
const server = process.env.API_URL ?? 'http://127.0.0.1:3001'

export default defineConfig({
  plugins: [react(), tailwindcss()],
  envPrefix: 'PUBLIC_',
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: { chunkSizeWarningLimit: 700, outDir: 'dist/app', emptyOutDir: true, sourcemap: false, manifest: true, assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': server, '/auth': server, '/socket.io': { target: server, ws: true } } },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}'], restoreMocks: true },
})
