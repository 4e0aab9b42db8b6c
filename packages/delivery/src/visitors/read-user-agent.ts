/** The first that matches: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari. */
const browsers: readonly (readonly [name: string, sign: RegExp])[] = [
  ['Edge', /\bEdg(e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /\b(Chrome|CriOS|Chromium)\//],
  ['Safari', /\bVersion\/[\d.]+ .*Safari\//],
]

/** The browser and the device of a `User-Agent`; null where it does not say. */
export function readUserAgent(text: string | null): { browser: string | null; device: string | null } {
  if (text === null) return { browser: null, device: null }
  const browser = browsers.find(([, sign]) => sign.test(text))?.[0] ?? null
  return { browser, device: browser === null ? null : deviceOf(text) }
}

function deviceOf(text: string): string {
  if (/\biPad\b|\bTablet\b|\bAndroid\b(?!.*\bMobile\b)/.test(text)) return 'tablet'
  return /\bMobi/.test(text) ? 'mobile' : 'desktop'
}
