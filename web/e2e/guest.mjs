// The guest panel: given to a colleague, tagged, noted, edited in place, exported and erased; what an attendant may not do is not there.
import assert from 'node:assert/strict'
import { api, guest, launch, logIn, open, stepper, wait } from './desk.mjs'

const browser = await launch()
const step = stepper()

try {
  const celia = await open(browser)
  const panel = celia.getByRole('region', { name: 'Hóspede', exact: true })
  const saved = (path) => celia.waitForResponse((r) => r.request().method() !== 'GET' && new URL(r.url()).pathname.match(path) !== null && r.ok(), wait)

  await step('opens beside the conversation', async () => {
    await (await api('celia@marazul.example'))('POST', '/api/tags', { name: 'Lua de mel', color: '#8c2f57' })
    await logIn(celia, 'celia@marazul.example')
    await guest('558187654321').says('Oi, é a Lúcia')
    await celia.getByRole('link', { name: /Lúcia Cavalcanti/ }).first().click()
    await panel.getByLabel('Responsável').waitFor(wait)
  })
  await step('gives the conversation to a colleague and to a unit', async () => {
    const people = await panel.getByLabel('Responsável').locator('option').allInnerTexts()
    assert.ok(people.length > 2, String(people))
    const other = people.find((name) => name !== 'Ninguém' && !name.includes('(Eu)'))
    await Promise.all([saved(/assign$/), panel.getByLabel('Responsável').selectOption({ label: other })])
    await Promise.all([saved(/conversations\/[^/]+$/), panel.getByLabel('Prioridade').selectOption('URGENT')])
    await celia.locator('ul[aria-label=Conversas] li').filter({ hasText: 'Lúcia' }).getByText('Urgente').waitFor(wait)
  })
  await step('puts a tag on and takes it off', async () => {
    const choice = panel.getByLabel('Etiqueta', { exact: true })
    const name = 'Lua de mel'
    await choice.selectOption({ label: name })
    await panel.getByRole('button', { name: `Tirar etiqueta ${name}` }).click()
    await panel.getByRole('button', { name: `Tirar etiqueta ${name}` }).waitFor({ ...wait, state: 'detached' })
  })
  await step('keeps notes and fields, which lose nothing of each other', async () => {
    await panel.getByRole('textbox', { name: 'Observações' }).fill('Prefere andar alto')
    await Promise.all([saved(/contacts/), panel.getByRole('button', { name: 'Salvar' }).click()])
    await panel.getByText('Outros campos').click()
    await panel.getByRole('button', { name: 'Acrescentar campo' }).click()
    await panel.getByPlaceholder(/Placa do carro/).fill('Placa')
    await panel.getByPlaceholder('Valor').fill('ABC1D23')
    await Promise.all([saved(/contacts/), panel.getByRole('button', { name: 'Salvar' }).click()])
    await panel.getByRole('button', { name: 'Apagar Placa' }).waitFor(wait)
    await celia.reload()
    await panel.getByRole('button', { name: 'Apagar Placa' }).waitFor(wait)
    assert.equal(await panel.getByRole('textbox', { name: 'Observações' }).inputValue(), 'Prefere andar alto')
  })
  await step('is edited in place', async () => {
    await panel.getByRole('button', { name: 'Editar' }).click()
    await panel.getByLabel('E-mail').fill('lucia@orquestra.example')
    await Promise.all([saved(/contacts/), panel.getByRole('button', { name: 'Salvar' }).click()])
    await panel.getByText('lucia@orquestra.example').waitFor(wait)
  })
  await step('a request for a reservation is written down, becomes an opportunity, and is lost for a reason', async () => {
    await panel.getByText('Pedido de reserva').click()
    await panel.getByRole('button', { name: 'Anotar pedido' }).click()
    const year = new Date().getFullYear() + 1
    await panel.getByLabel('Entrada').fill(`${year}-01-10`)
    await panel.getByLabel('Saída').fill(`${year}-01-13`)
    await panel.getByLabel('Valor (R$)').fill('2.450,00')
    await Promise.all([saved(/reservation$/), panel.getByRole('button', { name: 'Salvar' }).click()])
    await panel.getByText('3 noites · 2 adultos').waitFor(wait)
    await panel.getByText('R$ 2.450,00').waitFor(wait)
    assert.equal(await panel.getByLabel('Oportunidade de venda').isChecked(), true)
    await panel.getByRole('button', { name: 'Editar' }).first().click()
    await panel.getByLabel('Resultado').selectOption({ label: 'Perdida' })
    await panel.getByLabel('Por que foi perdida').fill('Achou caro')
    await Promise.all([saved(/reservation$/), panel.getByRole('button', { name: 'Salvar' }).click()])
    await panel.getByText('Achou caro').waitFor(wait)
  })
  await step('a manager downloads everything, and erases it only after typing whose it is', async () => {
    const manager = await open(browser)
    await logIn(manager, 'admin@marazul.example')
    await manager.getByRole('link', { name: /Lúcia Cavalcanti/ }).first().click()
    await manager.getByText('Dados pessoais (LGPD)').click()
    const [file] = await Promise.all([manager.waitForEvent('download', wait), manager.getByRole('button', { name: 'Baixar cópia de tudo' }).click()])
    assert.match(file.suggestedFilename(), /\.zip$/)
    await manager.getByRole('button', { name: 'Apagar dados do hóspede' }).click()
    const dialog = manager.getByRole('dialog', { name: 'Apagar tudo deste hóspede?' })
    await dialog.getByLabel(/Digite o telefone/).fill('outra pessoa')
    await dialog.getByLabel(/Motivo/).fill('Pedido do titular')
    await dialog.getByRole('button', { name: 'Apagar para sempre' }).click()
    await dialog.getByRole('alert').filter({ hasText: 'não confere' }).waitFor(wait)
    manager.wrong.length = 0 // the browser notes every refusal
    await dialog.getByLabel(/Digite o telefone/).fill('558187654321')
    await dialog.getByRole('button', { name: 'Apagar para sempre' }).click()
    await manager.waitForURL(/conversas(\?.*)?$/, wait)
    await celia.locator('ul[aria-label=Conversas] li').filter({ hasText: 'Lúcia' }).waitFor({ ...wait, state: 'detached' })
    assert.deepEqual(manager.wrong, [])
    await manager.context().close()
  })
  assert.equal(await celia.getByText('Dados pessoais (LGPD)').count(), 0)
} finally {
  await browser.close()
}
