// A conversation of many kinds of messages between a guest, two attendants and the bot, over a restart of the server.
import assert from 'node:assert/strict'
import { guest, launch, logIn, open, restart, stepper, until, wait } from './desk.mjs'

const step = stepper()
const browser = await launch()
const shots = process.env.SHOTS

try {
  const celia = await open(browser)
  const ana = await open(browser)
  const rafael = guest('5521998877665')
  const of = (page) => page.getByRole('log')
  const box = (page) => page.getByRole('textbox', { name: 'Mensagem' })
  const said = (page, text) => of(page).getByRole('article').filter({ hasText: text })
  const shoot = (name, page = celia) => (shots ? page.screenshot({ path: `${shots}/${name}.png` }) : undefined)
  await Promise.all([logIn(celia, 'celia@marazul.example'), logIn(ana, 'admin@marazul.example')])
  for (const page of [celia, ana]) {
    await page.getByRole('link', { name: /Rafael Nunes/ }).click()
    await of(page).getByText(/cachorro de pequeno porte/).first().waitFor(wait)
  }

  await step('two take it at once: one has it, the other reads who was first', async () => {
    await Promise.all([celia, ana].map((page) => page.getByRole('button', { name: 'Assumir' }).click()))
    await of(celia).getByText(/assumiu a conversa|Você assumiu/).waitFor(wait)
    const first = (await of(celia).getByText('Você assumiu a conversa').count()) === 1 ? celia : ana
    const second = first === celia ? ana : celia
    await second.getByText(/assumiu primeiro\.|A conversa é sua/).first().waitFor(wait)
    assert.equal(await of(second).getByText(/assumiu a conversa/).count(), await of(first).getByText(/assumiu a conversa/).count())
    for (const page of [celia, ana]) page.wrong.length = 0 // the browser notes the refusal
  })
  await step('every kind of message has a bubble', async () => {
    await rafael.sends({ type: 'image', caption: 'Este é o Thor' })
    await rafael.sends({ type: 'location', latitude: -23.7785, longitude: -45.3581, name: 'Balsa' })
    await rafael.sends({ type: 'contacts', contacts: [{ name: { formatted_name: 'Beatriz Nunes', first_name: 'Beatriz' }, phones: [{ phone: '+55 21 99876-5432', wa_id: '5521998765432', type: 'CELL' }] }] })
    await rafael.sends({ type: 'text', text: 'Chegamos *cedo*, https://exemplo.com.br' })
    await said(celia, 'Este é o Thor').getByRole('button', { name: /Abrir foto/ }).waitFor(wait)
    await said(celia, 'Beatriz Nunes').waitFor(wait)
    await of(celia).getByRole('link', { name: 'Ver no mapa' }).waitFor(wait)
    await of(celia).getByRole('link', { name: 'https://exemplo.com.br' }).waitFor(wait)
    await shoot('bubbles')
  })
  await step('a picture is looked at large, by keyboard too', async () => {
    await said(celia, 'Este é o Thor').getByRole('button', { name: /Abrir foto/ }).click()
    const light = celia.getByRole('dialog', { name: 'Este é o Thor' })
    await light.getByRole('img').waitFor(wait)
    await celia.keyboard.press('+')
    await celia.keyboard.press('Escape')
    await light.waitFor({ state: 'detached', ...wait })
  })
  await step('an answer quotes, and the quote leads back', async () => {
    await said(celia, 'Este é o Thor').hover()
    await of(celia).getByRole('button', { name: 'Responder' }).first().click()
    await celia.getByText('Resposta a Rafael Nunes').waitFor(wait)
    await box(celia).fill('Que lindo! Pode trazer.')
    await box(celia).press('Enter')
    const answer = said(celia, 'Que lindo! Pode trazer.')
    await answer.getByRole('button', { name: /Resposta a/ }).waitFor(wait)
    await answer.getByRole('button', { name: /Resposta a/ }).click()
    await celia.waitForURL(/message=/)
  })
  await step('a reaction is on the guest’s phone and under the message', async () => {
    await said(celia, 'Chegamos').hover()
    await of(celia).getByRole('button', { name: 'Reagir' }).first().click()
    await celia.getByRole('group', { name: 'Reagir' }).getByRole('button', { name: '❤️' }).click()
    await said(celia, 'Chegamos').getByLabel('Reagiu com ❤️').waitFor(wait)
    await said(ana, 'Chegamos').getByLabel('Reagiu com ❤️').waitFor(wait)
  })
  await step('a restart of the server loses and doubles nothing', async () => {
    const before = await of(ana).getByRole('article').count()
    await box(celia).fill('Antes da queda')
    await box(celia).press('Enter')
    await said(ana, 'Antes da queda').waitFor(wait)
    await restart(async () => {
      await celia.getByText('Sem conexão').waitFor({ timeout: 30_000 })
      await box(celia).fill('Durante a queda')
      await box(celia).press('Enter')
      await said(celia, 'Durante a queda').waitFor(wait)
    })
    for (const page of [celia, ana]) await said(page, 'Durante a queda').waitFor({ timeout: 60_000 })
    for (const page of [celia, ana]) {
      await until('the same thread', async () => (await of(page).getByRole('article').count()) === before + 2)
      assert.equal(await said(page, 'Durante a queda').count(), 1)
      assert.equal(await said(page, 'Antes da queda').count(), 1)
    }
    for (const page of [celia, ana]) page.wrong.length = 0 // the browser notes each request that failed meanwhile
  })
  await step('hands back with a note, closes with a reason, and all of it is read in the conversation', async () => {
    await celia.getByRole('button', { name: 'Assumir' }).click({ timeout: 2000 }).catch(() => undefined) // Ana may have been first
    await celia.getByRole('button', { name: 'Devolver ao robô' }).first().click(wait)
    await celia.getByLabel('O que o robô precisa saber').fill('Vem com cachorro, diária pet combinada')
    await shoot('hand-back')
    await celia.getByRole('dialog').getByRole('button', { name: 'Devolver ao robô' }).click()
    await of(ana).getByText('diária pet combinada').waitFor(wait)
    await celia.getByRole('button', { name: 'Mais ações' }).click()
    await celia.getByRole('menuitem', { name: 'Encerrar' }).click()
    await celia.getByLabel('Motivo').fill('Reservou')
    await celia.getByRole('dialog').getByRole('button', { name: 'Encerrar' }).click()
    await of(ana).getByText(/encerrou a conversa/).waitFor(wait)
    await shoot('lines', ana)
  })
  assert.deepEqual([...celia.wrong, ...ana.wrong], [])
} catch (e) {
  for (const [i, context] of browser.contexts().entries()) {
    const page = context.pages()[0]
    console.log(i, page.url(), page.wrong)
    if (shots) await page.screenshot({ path: `${shots}/failed-${i}.png` })
  }
  throw e
} finally {
  await browser.close()
}
