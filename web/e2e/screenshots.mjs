// Photographs every page in three languages and two sizes, for people to look at: web/screenshots/.
import { mkdirSync } from 'node:fs'
import { guest, launch, logIn, open, desk } from './desk.mjs'

const folder = new URL('../screenshots/', import.meta.url).pathname
mkdirSync(folder, { recursive: true })
const browser = await launch()
const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

await guest('5511987654321').says('Tem vaga para o feriado, de 20 a 23?')
for (const language of ['pt-BR', 'en', 'es']) {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const theme of language === 'pt-BR' ? ['light', 'dark'] : ['light']) {
      const shoot = (page, name) => page.screenshot({ path: `${folder}${name}-${size}-${language}${theme === 'dark' ? '-dark' : ''}.png` })
      const page = await open(browser, { language, theme, ...viewport })
      await page.goto(`${desk}/login`)
      await page.locator('input[name=email]').waitFor()
      await shoot(page, 'login')
      await page.goto(`${desk}/forgot-password`)
      await page.locator('input[name=email]').waitFor()
      await shoot(page, 'forgot')
      await logIn(page, 'celia@marazul.example')
      await page.locator('li a').first().waitFor()
      await shoot(page, 'conversations')
      await page.locator('li a', { hasText: 'Marina' }).click()
      await page.locator('[role=log] article').first().waitFor()
      await page.waitForTimeout(400)
      await shoot(page, 'thread')
      if (size === 'desk') {
        await page.locator('nav button:visible').click()
        await page.locator('[role=menu]').waitFor()
        await page.waitForTimeout(200)
        await shoot(page, 'account')
      }
      if (page.wrong.length > 0) throw new Error(page.wrong.join('\n'))
      await page.context().close()
    }
  }
}
await browser.close()
console.log(`look at them: ${folder}`)
