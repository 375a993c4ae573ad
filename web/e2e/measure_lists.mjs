// Measures the list of conversations with 50,000 rows on a processor four times slower: how it scrolls, and how long what
// guests write holds it up. The rows are copies of a real card, handed to the browser in the place of the server's
// answer: how fast the server lists as many is measured by `make bench-scale`.
import { api, guest, launch, logIn, open, wait } from './desk.mjs'

const rows = Number(process.env.ROWS ?? 50_000)
const perPage = 1_000
const slower = 4

const browser = await launch()
try {
  const celia = await api('celia@marazul.example')
  const [card] = (await celia('GET', '/api/conversations?limit=1')).data
  const cardAt = (i) => {
    const at = new Date(Date.now() - (i + 60) * 1000).toISOString()
    const name = `Hóspede ${i}`
    return { ...card, id: `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`, lastMessageAt: at, contact: { ...card.contact, id: `g${i}`, name }, unreadCount: i % 7, revision: 1 }
  }
  const page = await open(browser)
  await page.route(/\/api\/conversations\?/, (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0)
    const data = Array.from({ length: Math.min(perPage, rows - from) }, (_, i) => cardAt(from + i))
    return route.fulfill({ json: { data, nextCursor: from + perPage < rows ? String(from + perPage) : null } })
  })
  await logIn(page, 'celia@marazul.example')
  await page.getByRole('link', { name: /Hóspede 0/ }).first().waitFor(wait)
  const list = page.locator('ul[aria-label=Conversas]')
  const began = Date.now()
  for (let known = 0; known < rows;) { // to the end, page after page
    known = await list.evaluate((ul) => {
      ul.parentElement.scrollTop = ul.parentElement.scrollHeight
      return Number(ul.querySelector('li')?.getAttribute('aria-setsize'))
    })
    await page.waitForTimeout(20)
    if (Date.now() - began > 300_000) throw new Error(`only ${known} rows came`)
  }
  const cpu = await page.context().newCDPSession(page)
  await cpu.send('Emulation.setCPUThrottlingRate', { rate: slower })

  const scrolling = await list.evaluate(async (ul) => {
    const box = ul.parentElement
    box.scrollTop = 0
    const frames = []
    await new Promise((done) => {
      let last = performance.now()
      const step = (now) => {
        frames.push(now - last)
        last = now
        box.scrollTop += 240
        if (frames.length < 300) requestAnimationFrame(step)
        else done()
      }
      requestAnimationFrame(step)
    })
    return frames.slice(1).sort((a, b) => a - b)
  })
  await list.evaluate((ul) => {
    ul.parentElement.scrollTop = 0
    window.held = []
    new PerformanceObserver((seen) => window.held.push(...seen.getEntries().map((e) => e.duration))).observe({ type: 'longtask' })
  })
  const said = 20
  for (let i = 0; i < said; i++) await guest('5511987654321').says(`Mensagem ${i}`)
  await page.getByRole('link', { name: new RegExp('Marina Duarte') }).first().waitFor(wait)
  await page.waitForTimeout(3000)
  const held = (await page.evaluate(() => window.held)).sort((a, b) => a - b)
  const ms = (x) => `${Math.round(x ?? 0)} ms`
  console.log(`${rows.toLocaleString('en')} rows, ${slower}x slower processor`)
  console.log(`rows in the page at once: ${await list.locator('li').count()}`)
  console.log(`scrolling, frames: median ${ms(scrolling[150])}, p95 ${ms(scrolling[284])}, longest ${ms(scrolling.at(-1))}`)
  console.log(`${said} messages of guests: ${held.length} tasks above 50 ms, the longest ${ms(held.at(-1))}`)
} finally {
  await browser.close()
}
