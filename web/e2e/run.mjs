// Starts a demonstration of its own, on free ports and fresh data, runs a check against it (smoke or screenshots), and
// takes it away again.
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [what] = process.argv.slice(2)
if (!existsSync(process.env.CHROMIUM ?? '/usr/bin/chromium')) {
  console.error('Chromium is missing. On Debian: apt-get install chromium; elsewhere name it with CHROMIUM=/path/to/chromium')
  process.exit(1)
}

// Files are fetched by addresses in which the port stands, so that it must be known beforehand.
const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address()
    server.close(() => resolve(String(port)))
  })
})
const home = mkdtempSync(join(tmpdir(), 'botreserva-web-'))
chmodSync(home, 0o755) // the private database does not run as root
const binary = new URL('../../bin/botreserva', import.meta.url).pathname
const port = await freePort()
let demo

async function start() {
  demo = spawn(binary, ['demo', '--simulator', '0', '--bot', '0'], {
    env: { ...process.env, SUPER_ADMIN_EMAIL: 'operador@plataforma.example', SUPER_ADMIN_PASSWORD: 'demonstracao', PORT: port, DATA_DIR: join(home, 'data') }, stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ready = new Promise((resolve, reject) => {
    let said = ''
    demo.stdout.on('data', (text) => {
      said += text
      const api = /API\s+(http\S+)/.exec(said)
      const simulator = /Simulated WhatsApp\s+(http\S+)/.exec(said)
      if (api && simulator && said.includes('Ctrl-C')) resolve({ DESK_URL: api[1], SIMULATOR_URL: simulator[1] })
    })
    demo.on('exit', (code) => reject(new Error(`the demonstration ended (${code})\n${said}`)))
    setTimeout(() => reject(new Error(`the demonstration did not start\n${said}`)), 90_000).unref()
  })
  Object.assign(process.env, await ready)
}

async function stop() {
  demo.removeAllListeners('exit')
  const gone = new Promise((resolve) => demo.on('exit', resolve))
  demo.kill('SIGINT')
  await gone
}

// For desk.mjs: the server goes away and comes back at the same address with the same data.
globalThis.restartDemo = async (whileDown) => {
  await stop()
  await whileDown()
  await start()
}

let failed = true
try {
  await start()
  await import(`./${what}.mjs`)
  failed = false
} catch (e) {
  console.error(e)
} finally {
  await stop()
  rmSync(home, { recursive: true, force: true })
  process.exit(failed ? 1 : 0)
}
