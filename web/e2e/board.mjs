// The board: columns that agree with their cards, cards moved by mouse, by finger and by keyboard, and undone.
import assert from 'node:assert/strict'
import { guest, launch, logIn, open, stepper, wait } from './desk.mjs'

const browser = await launch()
const step = stepper()

try {
  const celia = await open(browser)
  const column = (name) => celia.getByRole('region', { name })
  const card = (name, guestName) => column(name).locator('li').filter({ hasText: guestName })
  const centre = async (locator) => {
    const box = await locator.boundingBox()
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  }

  await step('shows every conversation by status, with counts that are right', async () => {
    await logIn(celia, 'celia@marazul.example')
    await guest('558187654321').says('Oi')
    await celia.getByRole('button', { name: 'Ver como quadro' }).click()
    await celia.waitForURL(/view=board/)
    await column('Aberta').locator('li').first().waitFor(wait)
    for (const name of ['Com o robô', 'Aberta', 'Em atendimento']) {
      const counted = Number(await column(name).locator('header span.tabular').innerText())
      assert.equal(await column(name).locator('li').count(), counted, name)
    }
  })
  await step('a card is pulled to another column by mouse, and comes back with undo', async () => {
    const from = await centre(card('Aberta', 'Lúcia'))
    const to = await centre(column('Em atendimento'))
    await celia.mouse.move(from.x, from.y)
    await celia.mouse.down()
    await celia.mouse.move(from.x + 20, from.y + 5, { steps: 4 })
    await celia.mouse.move(to.x, to.y, { steps: 8 })
    await celia.mouse.up()
    await card('Em atendimento', 'Lúcia').waitFor(wait)
    await celia.getByRole('button', { name: 'Desfazer' }).click()
    await card('Aberta', 'Lúcia').waitFor(wait)
    assert.equal(await card('Em atendimento', 'Lúcia').count(), 0)
    assert.match(celia.url(), /conversas\?view=board$/) // letting go opened nothing
  })
  await step('and by keyboard, with what happens said aloud', async () => {
    await card('Aberta', 'Lúcia').getByRole('link').focus()
    await celia.keyboard.press('Space')
    await celia.getByText('Cartão na mão. Coluna: Aberta').waitFor({ ...wait, state: 'attached' })
    await celia.keyboard.press('ArrowRight')
    await celia.keyboard.press('ArrowRight')
    await celia.keyboard.press('Escape')
    assert.equal(await card('Aberta', 'Lúcia').count(), 1)
    await celia.keyboard.press('Space')
    await celia.keyboard.press('ArrowRight')
    await celia.keyboard.press('ArrowRight')
    await celia.keyboard.press('Space')
    await card('Aguardando hóspede', 'Lúcia').waitFor(wait)
  })
  await step('a colleague sees the card move', async () => {
    const other = await open(browser)
    await logIn(other, 'celia@marazul.example')
    await other.goto(`${celia.url()}`)
    await other.getByRole('region', { name: 'Aguardando hóspede' }).locator('li').filter({ hasText: 'Lúcia' }).waitFor(wait)
    await card('Aguardando hóspede', 'Lúcia').getByRole('link').focus()
    await celia.keyboard.press('Space')
    await celia.keyboard.press('ArrowLeft')
    await celia.keyboard.press('Enter')
    await other.getByRole('region', { name: 'Em atendimento' }).locator('li').filter({ hasText: 'Lúcia' }).waitFor(wait)
    assert.deepEqual(other.wrong, [])
    await other.context().close()
  })
  await step('a card opens its conversation beside the board', async () => {
    await card('Em atendimento', 'Lúcia').getByRole('link').click()
    await celia.getByRole('log').waitFor(wait)
    await celia.getByRole('button', { name: 'Voltar' }).click()
    await celia.waitForURL(/conversas\?view=board$/)
  })
  await step('on a phone a finger that rests pulls a card, one that moves scrolls', async () => {
    const context = await browser.newContext({ locale: 'pt-BR', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
    const phone = await context.newPage()
    await logIn(phone, 'celia@marazul.example')
    await phone.getByRole('button', { name: 'Ver como quadro' }).click()
    const lucia = phone.getByRole('region', { name: 'Em atendimento' }).locator('li').filter({ hasText: 'Lúcia' })
    await lucia.waitFor(wait)
    await lucia.scrollIntoViewIfNeeded()
    const box = await lucia.boundingBox()
    const touch = await context.newCDPSession(phone)
    const send = (type, x, y) => touch.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y }] })
    await send('touchStart', box.x + 100, box.y + 40)
    await phone.locator('.fixed', { hasText: 'Lúcia' }).waitFor(wait)
    for (let i = 0; i < 60 && (await lucia.boundingBox())?.x > -200; i++) await send('touchMove', 380 + (i % 2), box.y + 60)
    await send('touchMove', 200, box.y + 60)
    await send('touchEnd')
    await phone.getByRole('region', { name: /Aguardando hóspede|Encerrada/ }).locator('li').filter({ hasText: 'Lúcia' }).waitFor(wait)
    await context.close()
  })
  assert.deepEqual(celia.wrong, [])
} finally {
  await browser.close()
}
