// Every page as every role: it opens without an error in the browser, says what it is, and axe finds nothing serious.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { desk, launch, logIn, open, people, pagesOf } from './desk.mjs'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const browser = await launch()

/** What axe holds for serious or worse. */
async function seriousIn(page) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`)
}

const found = []
try {
  for (const [role, email] of Object.entries(people).filter(([name]) => name.includes(process.env.ONLY_ROLE ?? ''))) {
    for (const theme of role === 'manager' ? ['light', 'dark'] : ['light']) {
      const page = await open(browser, { theme })
      await logIn(page, email)
      for (const address of pagesOf(role).filter((a) => a.includes(process.env.ONLY_PAGE ?? ''))) {
        await page.goto(desk + address)
        await page.getByRole('heading', { level: 1 }).first().waitFor({ timeout: 15_000 })
        await page.waitForFunction(() => document.querySelector('.animate-pulse') === null && document.getAnimations().every((a) => a.playState !== 'running'))
        const wrong = [...page.wrong.splice(0), ...(await seriousIn(page))]
        found.push(...wrong.map((w) => `${role} ${theme} ${address}: ${w}`))
        console.log(`${wrong.length === 0 ? 'ok ' : 'BAD'} ${role} ${theme} ${address}`)
      }
      await page.context().close()
    }
  }
  assert.deepEqual(found, [])
} finally {
  await browser.close()
}
