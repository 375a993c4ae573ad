// What the browser checks share: a browser, a log-in, the guest's phone of the simulator. They talk to a demonstration
// that runs already (DESK_URL, SIMULATOR_URL); e2e/run.mjs starts one.
import { chromium } from 'playwright-core'

export const desk = process.env.DESK_URL ?? 'http://127.0.0.1:3001'
export const simulator = process.env.SIMULATOR_URL ?? 'http://127.0.0.1:3002'
export const password = 'demonstracao'

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
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
})

export const wait = { timeout: 15_000 }

/** Runs the steps of a story and says how long each took. */
export const stepper = () => async (name, work) => {
  const began = Date.now()
  await work()
  console.log(`ok  ${name} (${Date.now() - began} ms)`)
}
