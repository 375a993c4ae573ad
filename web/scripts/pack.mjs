// Packs the built files beforehand, as small as possible, and says how much script the desk loads. More than the
// limit fails the build: a hotel's connection is what people wait for.
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = new URL('../dist/app', import.meta.url).pathname
const limit = 200 // KB
const packable = new Set(['.js', '.css', '.html', '.svg', '.json', '.webmanifest', '.txt', '.xml'])

const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
for (const name of readdirSync(dist, { recursive: true })) {
  const file = join(dist, name)
  if (!statSync(file).isFile() || name.startsWith('.vite') || !packable.has(extname(name))) continue
  const text = readFileSync(file)
  if (text.length < 1024) continue
  writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }))
  writeFileSync(`${file}.br`, brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
}

// What the desk loads in any language: the entry, what it imports, and the desk's own part with its imports.
const needed = new Set()
const add = (key) => {
  if (needed.has(key)) return
  needed.add(key)
  manifest[key].imports?.forEach(add)
}
Object.keys(manifest).filter((k) => manifest[k].isEntry || /routes\/desk|lib\/i18n\/pt/.test(k)).forEach(add)
const packed = (file, pack) => pack(readFileSync(join(dist, file))).length / 1024
const brotli = (text) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })
const gzip = (text) => gzipSync(text, { level: 9 })
const scripts = [...needed].map((key) => manifest[key].file).filter((file) => file.endsWith('.js'))
let total = 0
for (const file of scripts) {
  total += packed(file, brotli)
  console.log(`  ${packed(file, brotli).toFixed(1).padStart(6)} KB brotli, ${packed(file, gzip).toFixed(1).padStart(6)} KB gzip  ${file}`)
}
console.log(`  ${total.toFixed(1).padStart(6)} KB of script for the desk, brotli (limit ${limit} KB)`)
if (total > limit) process.exit(1)
