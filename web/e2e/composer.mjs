// Everything that can leave the composer, and that it reaches the guest's phone.
import assert from 'node:assert/strict'
import { api, guest, launch, logIn, open, stepper, until, wait } from './desk.mjs'

const step = stepper()
const browser = await launch()
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwAEAQH/5cT3eAAAAABJRU5ErkJggg==', 'base64')
const shots = process.env.SHOTS

try {
  const admin = await api('admin@marazul.example')
  await admin('POST', '/api/quick-replies', { title: 'Café da manhã', shortcut: 'cafe', content: 'Olá, {nome}! O café é das 7 às 10 h. Valor: {valor}', order: 1 })
  await admin('POST', '/api/quick-replies', { title: 'Chave PIX', shortcut: 'pix', content: 'A chave PIX é reservas@marazul.example', order: 2 })
  await admin('POST', '/api/whatsapp/templates', { name: 'sua_reserva', language: 'pt_BR', category: 'UTILITY', components: { body: 'Olá, {{1}}! Sua reserva de {{2}} está confirmada.', examples: ['Marina', '20 a 23/12'] } })
  const celia = await open(browser)
  const lucia = guest('558187654321')
  const thread = celia.getByRole('log')
  const box = celia.getByRole('textbox', { name: 'Mensagem' })
  const shoot = (name) => (shots ? celia.screenshot({ path: `${shots}/${name}.png` }) : undefined)
  const sent = (text) => thread.getByRole('article').filter({ hasText: text })
  const onPhone = (what, found) => until(what, async () => JSON.stringify(await lucia.sees()).includes(found))
  await logIn(celia, 'celia@marazul.example')
  await celia.getByRole('link', { name: /Lúcia Cavalcanti/ }).click()
  await thread.getByText('Quero falar com um atendente').waitFor(wait)

  await step('a slash calls up stored answers, filled for the guest', async () => {
    await box.pressSequentially('/caf')
    const option = celia.getByRole('option', { name: /Café da manhã/ })
    await option.filter({ hasText: 'Olá, Lúcia!' }).waitFor(wait)
    await shoot('quick-replies')
    await box.press('Enter')
    assert.equal(await box.inputValue(), 'Olá, Lúcia! O café é das 7 às 10 h. Valor: {valor}')
    await box.pressSequentially('R$ 45') // over the gap, which is selected
    await box.press('Enter')
    await sent('Valor: R$ 45').waitFor(wait)
    await onPhone('the stored answer', 'Valor: R$ 45')
  })
  await step('an emoji goes where the caret is', async () => {
    await box.fill('Bom dia')
    await celia.getByRole('button', { name: 'Emoji' }).click()
    const picker = celia.getByRole('dialog', { name: 'Emoji' })
    await picker.getByRole('button', { name: '🏖️' }).first().waitFor(wait)
    await shoot('emoji')
    await picker.getByRole('button', { name: '🏖️' }).first().click()
    assert.equal(await box.inputValue(), 'Bom dia🏖️')
    await box.fill('')
  })
  await step('a picture goes with its caption, and what WhatsApp refuses is said before', async () => {
    await celia.locator('input[type=file]').setInputFiles([
      { name: 'quarto.png', mimeType: 'image/png', buffer: png }, { name: 'planilha.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b') },
    ])
    await celia.getByText('O WhatsApp não aceita este tipo de arquivo.').waitFor(wait)
    await box.fill('O quarto com vista')
    assert.equal(await celia.getByRole('button', { name: 'Enviar', exact: true }).isDisabled(), true)
    await shoot('attachments')
    await celia.getByRole('button', { name: 'Tirar planilha.csv' }).click()
    await box.press('Enter')
    await sent('O quarto com vista').getByRole('img', { name: /Entregue|Lida/ }).waitFor(wait)
    await onPhone('the picture', 'O quarto com vista')
  })
  await step('a voice note is recorded, heard and sent', async () => {
    await celia.getByRole('button', { name: 'Gravar voz' }).click()
    const recorder = celia.getByRole('region', { name: 'Gravação de voz' })
    await recorder.getByRole('timer').filter({ hasText: '0:01' }).waitFor(wait)
    await shoot('recording')
    await recorder.getByRole('button', { name: 'Parar de gravar' }).click()
    await recorder.getByLabel('Ouvir a gravação').waitFor(wait)
    await recorder.getByRole('button', { name: 'Enviar mensagem de voz' }).click()
    await thread.getByRole('article').filter({ has: celia.getByRole('slider') }).getByRole('img', { name: /Entregue|Lida/ }).waitFor(wait)
    await onPhone('the voice note', '"audio"')
  })
  await step('a template is filled in and seen before it leaves', async () => {
    await until('the approval', async () => {
      await admin('POST', '/api/whatsapp/templates/sync').catch(() => undefined)
      return (await admin('GET', '/api/whatsapp/templates?limit=100')).data.some((one) => one.name === 'sua_reserva' && one.canBeSent)
    })
    await celia.getByRole('button', { name: 'Modelos' }).click()
    await celia.getByRole('button', { name: /Sua reserva/ }).click()
    await celia.getByLabel('Texto para {{2}}').fill('20 a 23/12')
    await celia.getByText('Olá, Lúcia! Sua reserva de 20 a 23/12 está confirmada.').waitFor(wait)
    await shoot('template')
    await celia.getByRole('button', { name: 'Enviar modelo' }).click()
    await sent('Sua reserva de 20 a 23/12').waitFor(wait)
    await onPhone('the template', '20 a 23/12')
  })
  await step('a message for tomorrow waits above the box, and is called off', async () => {
    await box.fill('Bom dia! Tudo certo para hoje?')
    await celia.getByRole('button', { name: 'Agendar envio' }).click()
    await celia.getByRole('button', { name: 'Daqui a uma hora' }).click()
    await shoot('schedule')
    await celia.getByRole('button', { name: 'Agendar', exact: true }).click()
    const waiting = celia.getByRole('list', { name: 'Mensagens agendadas' })
    await waiting.getByText('Bom dia! Tudo certo para hoje?').waitFor(wait)
    assert.equal(await box.inputValue(), '')
    await shoot('scheduled')
    await waiting.getByRole('button', { name: 'Cancelar' }).click()
    await waiting.waitFor({ state: 'detached', ...wait })
  })
  await step('a note is for colleagues alone', async () => {
    await celia.getByRole('button', { name: 'Nota interna' }).click()
    const note = celia.getByRole('textbox', { name: 'Nota interna' })
    await note.fill('Cliente antiga, gosta do quarto 12')
    await shoot('note')
    await note.press('Enter')
    await thread.getByRole('article', { name: /Nota interna/ }).getByText('gosta do quarto 12').waitFor(wait)
    await celia.getByRole('button', { name: 'Resposta' }).click()
    assert.equal(JSON.stringify(await lucia.sees()).includes('quarto 12'), false)
  })
  await step('a colleague who writes to the same guest is seen', async () => {
    const ana = await open(browser)
    await logIn(ana, 'admin@marazul.example')
    await ana.getByRole('link', { name: /Lúcia Cavalcanti/ }).click()
    await ana.getByRole('textbox', { name: 'Mensagem' }).pressSequentially('Vou respond')
    await celia.getByRole('status').filter({ hasText: 'Gerência está escrevendo nesta conversa' }).waitFor(wait)
    await shoot('collision')
    await ana.getByRole('textbox', { name: 'Mensagem' }).fill('')
    await celia.getByText('está escrevendo nesta conversa').waitFor({ state: 'detached', ...wait })
    assert.deepEqual(ana.wrong, [])
    await ana.context().close()
  })
  await step('what is written without a connection leaves once it is back, in order, after a reload too', async () => {
    await celia.context().setOffline(true)
    await celia.getByText('Sem conexão').waitFor(wait)
    for (const text of ['Primeira sem rede', 'Segunda sem rede']) {
      await box.fill(text)
      await box.press('Enter')
      await sent(text).waitFor(wait)
    }
    celia.wrong.length = 0 // the browser notes every request that failed
    await celia.context().setOffline(false)
    await celia.reload()
    for (const text of ['Primeira sem rede', 'Segunda sem rede']) await sent(text).getByRole('img', { name: /Entregue|Lida/ }).waitFor(wait)
    const order = (await thread.getByRole('article').allInnerTexts()).filter((text) => text.includes('sem rede'))
    assert.equal(order.length, 2)
    assert.ok(order[0].includes('Primeira'))
  })
  assert.deepEqual(celia.wrong, [])
} catch (e) {
  const page = browser.contexts()[0]?.pages()[0]
  const admin = await api('admin@marazul.example')
  console.log(JSON.stringify((await admin('GET', `/api/conversations/${page.url().split('/').pop().split('?')[0]}/messages?limit=4`)).data.map((m) => [m.content, m.status, m.failure, m.timestamp, m.deliveredAt])))
  if (shots) await page.screenshot({ path: `${shots}/failed.png` })
  throw e
} finally {
  await browser.close()
}
