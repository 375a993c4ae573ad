// The list side of the desk: filters and what is remembered of them, counts, panes that are resized by keyboard.
import assert from 'node:assert/strict'
import { guest, launch, logIn, open, stepper, wait } from './desk.mjs'

const browser = await launch()
const step = stepper()

try {
  const celia = await open(browser)
  const cards = celia.locator('ul[aria-label=Conversas] li')
  const tab = (name) => celia.getByRole('tab', { name })
  const countOf = async (name) => Number(/\d+/.exec(await tab(name).innerText())?.[0] ?? 0)

  await step('tabs say how many there are, and the list has as many', async () => {
    await logIn(celia, 'celia@marazul.example')
    await cards.first().waitFor(wait)
    await tab(/^Abertas \d/).waitFor(wait)
    assert.equal(await countOf(/^Abertas/), await cards.count())
  })
  await step('unread counts follow what guests write, also on the browser tab', async () => {
    const before = await countOf(/^Não lidas/)
    await guest('5511987654321').says('Tem piscina aquecida?')
    await celia.waitForFunction((n) => Number(/\d+/.exec([...document.querySelectorAll('[role=tab]')].find((one) => one.textContent.startsWith('Não lidas'))?.textContent ?? '')?.[0] ?? 0) >= n, Math.max(before, 1), wait)
    await celia.waitForFunction(() => /^\(\d+\) Conversas/.test(document.title), undefined, wait)
    assert.equal(await celia.locator('link[rel=icon]').getAttribute('href'), '/icon-unread.svg')
  })
  await step('filters combine, stand in the address, and are named in chips', async () => {
    await celia.getByRole('button', { name: 'Filtros' }).click()
    await celia.getByLabel('Situação').selectOption('BOT_HANDLING')
    await celia.getByLabel('Prioridade').selectOption('MEDIUM')
    await celia.waitForURL(/status=BOT_HANDLING.*priority=MEDIUM|priority=MEDIUM.*status=BOT_HANDLING/)
    await celia.getByRole('button', { name: 'Filtros' }).click()
    await celia.getByRole('button', { name: 'Retirar filtro: Prioridade média' }).waitFor(wait)
    await celia.reload()
    await celia.getByRole('button', { name: 'Retirar filtro: Prioridade média' }).click()
    await celia.waitForURL((url) => !url.search.includes('priority'))
  })
  await step('a filter is saved, chosen again, and forgotten', async () => {
    await tab(/^Minhas/).click()
    await celia.getByRole('button', { name: 'Filtros' }).click()
    await celia.getByLabel('Não lidas').check()
    await celia.getByRole('button', { name: 'Salvar filtro' }).click()
    await celia.getByPlaceholder('Nome do filtro').fill('Meus pendentes')
    await celia.getByRole('button', { name: 'Salvar', exact: true }).click()
    await celia.getByRole('button', { name: 'Limpar tudo' }).click()
    await celia.waitForURL((url) => url.search === '')
    await celia.reload()
    await celia.getByRole('button', { name: 'Filtros' }).click()
    await celia.getByRole('button', { name: 'Meus pendentes', exact: true }).click()
    await celia.waitForURL(/who=me.*unread=true|unread=true.*who=me/)
    await celia.getByRole('button', { name: 'Apagar filtro Meus pendentes' }).click()
    await celia.getByRole('button', { name: 'Limpar tudo' }).click()
  })
  await step('a pane is resized by keyboard and stays so', async () => {
    const line = celia.getByRole('separator', { name: 'Largura da lista' })
    const before = Number(await line.getAttribute('aria-valuenow'))
    await line.focus()
    await line.press('ArrowRight')
    await line.press('ArrowRight')
    assert.equal(Number(await line.getAttribute('aria-valuenow')), before + 32)
    await celia.reload()
    await cards.first().waitFor(wait)
    assert.equal(Number(await line.getAttribute('aria-valuenow')), before + 32)
  })
  assert.deepEqual(celia.wrong, [])
} finally {
  await browser.close()
}
