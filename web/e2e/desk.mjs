// What the browser checks share: a browser, a log-in, the guest's phone of the simulator. They talk to a demonstration
// that runs already (DESK_URL, SIMULATOR_URL); e2e/run.mjs starts one.
import { chromium } from 'playwright-core'

export const desk = process.env.DESK_URL ?? 'http://127.0.0.1:3001'
export const simulator = process.env.SIMULATOR_URL ?? 'http://127.0.0.1:3002'
export const password = 'demonstracao'

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'], // a microphone that beeps
})

/** A page of a person's own browser. What goes wrong in it fails the check. */
export async function open(browser, { language = 'pt-BR', width = 1440, height = 900, theme = 'light' } = {}) {
  const context = await browser.newContext({ locale: language, timezoneId: 'America/Sao_Paulo', viewport: { width, height }, colorScheme: theme })
  const page = await context.newPage()
  page.wrong = []
  page.on('pageerror', (e) => page.wrong.push(`error: ${e.message}`))
  page.on('console', (m) => m.type() === 'error' && page.wrong.push(`console: ${m.text()}`))
  return page
}

export async function logIn(page, email) {
  await page.goto(`${desk}/login`)
  await page.locator('input[name=email]').fill(email)
  await page.locator('input[name=password]').fill(password)
  await page.locator('form button[type=submit]').click()
  await page.waitForURL('**/conversas**')
}

export async function post(path, body) {
  const answer = await fetch(simulator + path, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json().catch(() => undefined)
}

/** A guest of Pousada Mar Azul, on the simulator's phone. */
export const guest = (phone) => ({
  says: (text) => post(`/simulator/guests/${phone}/messages`, { account: '401200000000001', text }),
  sends: (message) => post(`/simulator/guests/${phone}/messages`, { account: '401200000000001', ...message }),
  /** What stands on the phone, the newest last. */
  sees: async () => (await fetch(`${simulator}/simulator/guests/${phone}/transcript?account=401200000000001`)).json(),
})

/** Calls of a person's without a browser, for what a story begins with. */
export async function api(email) {
  const said = async (answer) => {
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  const { accessToken } = await said(await fetch(`${desk}/auth/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email, password }) }))
  const headers = { Authorization: `Bearer ${accessToken}`, 'Content-Type': 'application/json' }
  return async (method, path, body) => said(await fetch(desk + path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) }))
}

/** Waits for something that only asking again can tell: long, as a guest gets one message in six seconds after the first few. */
export async function until(what, ask, ms = 60_000) {
  const end = Date.now() + ms
  for (;;) {
    const found = await ask()
    if (found) return found
    if (Date.now() > end) throw new Error(`${what} did not come`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Takes the server away, does something meanwhile, and brings it back with the same data. */
export const restart = (whileDown) => globalThis.restartDemo(whileDown)

export const wait = { timeout: 15_000 }

/** Runs the steps of a story and says how long each took. */
export const stepper = () => async (name, work) => {
  const began = Date.now()
  await work()
  console.log(`ok  ${name} (${Date.now() - began} ms)`)
}
/** Somebody of every role. */
export const people = {
  manager: 'admin@marazul.example', head: 'celia@marazul.example', attendant: 'ana@marazul.example', sales: 'elisa@marazul.example', operator: 'operador@plataforma.example',
}

const ofAll = ['/conversas', '/escalonamentos', '/oportunidades', '/contatos', '/visao-geral', '/conta', '/gestao/etiquetas', '/gestao/respostas-rapidas', '/gestao/modelos']
const ofManagers = ['equipe', 'hotel', 'robo', 'whatsapp', 'disponibilidade', 'assinaturas', 'falhas', 'auditoria', 'consumo'].map((name) => `/gestao/${name}`)
const ofOperators = ['/plataforma']

/** The addresses that a role opens. */
export const pagesOf = (role) => [...ofAll, ...(role === 'manager' || role === 'operator' ? ofManagers : []), ...(role === 'attendant' || role === 'sales' ? [] : ['/relatorios']), ...(role === 'operator' ? ofOperators : [])]
