/** What the page of the API reference lacks: a width for phones, a language and a dark theme. */

const script = `
document.documentElement.lang = 'en'
const viewport = document.createElement('meta')
viewport.name = 'viewport'
viewport.content = 'width=device-width, initial-scale=1'
document.head.append(viewport)
`

// The page has no theme of its own. Its colours are turned round, and those of pictures turned back.
const css = `
.swagger-ui .opblock .opblock-summary-description { overflow-wrap: anywhere; }
.swagger-ui .wrapper { max-width: 100%; padding: 0 12px; }
@media (prefers-color-scheme: dark) {
  html { background: #111; color-scheme: dark; }
  body { background: #fff; filter: invert(0.92) hue-rotate(180deg); }
  body img { filter: invert(1) hue-rotate(180deg); }
}
`

export const referenceTheme = {
  title: 'Ghostpost API',
  js: [{ filename: 'ghostpost.js', content: script }],
  css: [{ filename: 'ghostpost.css', content: css }],
}
