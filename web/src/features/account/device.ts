/** Which browser on what, from how a browser names itself; empty where that says nothing. */
export function deviceOf(userAgent: string): string {
  const browser = first(userAgent, [[/Edg\//, 'Edge'], [/OPR\//, 'Opera'], [/SamsungBrowser/, 'Samsung Internet'], [/Firefox\/|FxiOS/, 'Firefox'], [/Chrome\/|CriOS/, 'Chrome'], [/Safari\//, 'Safari']])
  const system = first(userAgent, [[/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Android/, 'Android'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/CrOS/, 'ChromeOS'], [/Linux/, 'Linux']])
  return [browser, system].filter((x) => x !== '').join(', ')
}

const first = (text: string, names: [RegExp, string][]) => names.find(([sign]) => sign.test(text))?.[1] ?? ''
