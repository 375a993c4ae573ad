// One story through everything: a person logs in, a guest writes on the phone, the person answers, the ticks come, the
// conversation goes back to the bot. No error may appear in the browser meanwhile.
import assert from 'node:assert/strict'
import { guest, launch, logIn, open, password, stepper, wait } from './desk.mjs'

const browser = await launch()
const step = stepper()

try {
  const celia = await open(browser)
  const lucia = guest('558187654321')
  const thread = celia.getByRole('log')

  await step('a wrong password is refused in the language of the person', async () => {
    await celia.goto(`${process.env.DESK_URL}/login`)
    await celia.getByLabel('E-mail').fill('celia@marazul.example')
    await celia.locator('input[name=password]').fill(`${password}x`)
    await celia.getByRole('button', { name: 'Entrar' }).click()
    await celia.getByRole('alert').filter({ hasText: 'E-mail ou senha incorretos.' }).waitFor(wait)
    celia.wrong.length = 0 // the browser notes every 401
  })
  await step('logs in and sees who waits', async () => {
    await logIn(celia, 'celia@marazul.example')
    await celia.getByRole('link', { name: /Lúcia Cavalcanti/ }).waitFor(wait)
  })
  await step('what a guest writes is in the list at once', async () => {
    await lucia.says('Vocês têm berço?')
    await celia.getByRole('link', { name: /Lúcia Cavalcanti.*Vocês têm berço\?/ }).waitFor(wait)
  })
  await step('and in the open thread', async () => {
    await celia.getByRole('link', { name: /Lúcia Cavalcanti/ }).click()
    await thread.getByText('Vocês têm berço?').waitFor(wait)
    await lucia.says('É para um bebê de 8 meses')
    await thread.getByText('É para um bebê de 8 meses').waitFor(wait)
  })
  await step('takes over, answers with Enter, once, and it is delivered', async () => {
    await celia.getByRole('button', { name: 'Assumir' }).click()
    await celia.getByRole('button', { name: 'Devolver ao robô' }).waitFor(wait)
    const box = celia.getByRole('textbox', { name: 'Mensagem' })
    await box.fill('Temos, sim! Sem custo.')
    await box.press('Enter')
    const answer = thread.getByRole('article').filter({ hasText: 'Temos, sim! Sem custo.' })
    await answer.waitFor(wait)
    await answer.getByRole('img', { name: /Entregue|Lida/ }).waitFor(wait)
    assert.equal(await answer.count(), 1)
    assert.equal(await box.inputValue(), '')
  })
  await step('a draft stays with its conversation', async () => {
    const box = celia.getByRole('textbox', { name: 'Mensagem' })
    await box.fill('Só um momento')
    await celia.getByRole('link', { name: /Rafael Nunes/ }).click()
    await thread.getByText(/cachorro de pequeno porte/).waitFor(wait)
    assert.equal(await box.inputValue(), '')
    await celia.getByRole('link', { name: /Lúcia Cavalcanti/ }).click()
    await thread.getByText('Vocês têm berço?').waitFor(wait)
    assert.equal(await box.inputValue(), 'Só um momento')
  })
  await step('what events made of the screen is what a reload shows, in the same conversation, still logged in', async () => {
    const seen = async () => ({
      list: (await celia.locator('ul[aria-label=Conversas] li').allInnerTexts()).map((text) => text.replace(/\d+ h \d\d/, 'some hours')),
      thread: await thread.locator('article').allInnerTexts(),
      ticks: await thread.locator('article [role=img]').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))),
    })
    await lucia.says('Que bom, obrigada!')
    await guest('5511987654321').says('Boa noite')
    await thread.getByText('Que bom, obrigada!').waitFor(wait)
    await celia.getByRole('link', { name: /Marina Duarte/ }).locator('svg[aria-label=Robô]').waitFor(wait)
    await celia.waitForTimeout(1000) // for the last ticks
    const live = await seen()
    await celia.reload()
    await thread.getByText('Que bom, obrigada!').waitFor(wait)
    assert.deepEqual(await seen(), live)
  })
  await step('hands back to the bot', async () => {
    await celia.getByRole('button', { name: 'Devolver ao robô' }).click()
    await celia.getByRole('dialog').getByRole('button', { name: 'Devolver ao robô' }).click()
    await celia.getByRole('button', { name: 'Assumir' }).waitFor(wait)
  })
  await step('changes the language', async () => {
    await celia.getByRole('button', { name: 'Conta' }).click()
    await celia.getByRole('menuitemradio', { name: 'English' }).click()
    await celia.getByRole('heading', { name: 'Conversations' }).waitFor(wait)
  })
  await step('signs out', async () => {
    await celia.getByRole('button', { name: 'Account' }).click()
    await celia.getByRole('menuitem', { name: 'Sign out' }).click()
    await celia.waitForURL('**/login')
    assert.equal(await celia.evaluate(() => Object.keys(localStorage).filter((k) => /draft|refresh/.test(k)).length), 0)
  })
  assert.deepEqual(celia.wrong, [])
} finally {
  await browser.close()
}
