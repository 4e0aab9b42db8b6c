import { openSecretMask } from '@ghostpost/delivery/receivers'
import { describe, expect, test } from 'vitest'

const url =
  'https://hooks.slack.com/services/T0B0XYZ12/B0CDEF345/s3cret%2Fp%C3%A4th?token=qu%26ery-s3cret&x=1'
const path = '/services/T0B0XYZ12/B0CDEF345/s3cret%2Fp%C3%A4th'
const mask = openSecretMask({
  url,
  headers: { authorization: 'Bearer tok_abcdef123456', 'x-api-key': 'k&y"<value>' },
  others: ['whsec_c2VjcmV0LWtleQ=='],
})
const secrets = /T0B0XYZ12|B0CDEF345|s3cret|p%C3|pä|ery-s3|tok_abc|k&y|k&amp;y|k\\u0026y|value|c2VjcmV0/i

const htmlEscaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('/', '&#x2F;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const responses: [string, string][] = [
  ['the whole URL', `moved to ${url}`],
  ['the path and the query', `Cannot POST ${path}?token=qu%26ery-s3cret&x=1`],
  ['the path alone', `<pre>Cannot POST ${path}</pre>`],
  ['the decoded path', `no route ${decodeURIComponent(path)}`],
  ['the encoded path', `?next=${encodeURIComponent(path)}`],
  ['the path encoded twice', `?next=${encodeURIComponent(encodeURIComponent(path))}`],
  ['the path in lower-case escapes', `no route ${path.toLowerCase()}`],
  ['the path in JSON', JSON.stringify({ path: decodeURIComponent(path) })],
  ['the path in JSON with escaped slashes', JSON.stringify({ path }).replaceAll('/', String.raw`\/`)],
  ['the path in JSON of ASCII', String.raw`{"path":"\/services\/T0B0XYZ12\/B0CDEF345\/s3cret\/p\u00e4th"}`],
  ['the path in HTML', `<p>${htmlEscaped(decodeURIComponent(path))}</p>`],
  ['the path in base64', `{"raw":"${base64(`POST ${decodeURIComponent(path)} HTTP/1.1`)}"}`],
  ['the URL in base64url', base64(`x${url}`).replaceAll('+', '-').replaceAll('/', '_')],
  ['a part of the path', 'unknown team T0B0XYZ12'],
  ['the end of the path', 'unknown /B0CDEF345/s3cret%2Fp%C3%A4th'],
  ['a value of the query', 'wrong token: qu&ery-s3cret'],
  ['a value of the query as a form', 'error=wrong+token+qu%26ery-s3cret'],
  ['a header', 'wrong x-api-key k&y"<value>'],
  ['a header in HTML', htmlEscaped('wrong x-api-key k&y"<value>')],
  ['a header in JSON of another language', String.raw`{"key":"k\u0026y\"\u003cvalue\u003e"}`],
  ['a token without its scheme', 'token tok_abcdef123456 is expired'],
  ['a signing secret', 'your secret c2VjcmV0LWtleQ== is old'],
]

describe('a mask', () => {
  test.each(responses)('hides %s', (_what, text) => {
    const shown = mask.text(text)
    expect(shown).toContain('•••')
    expect(shown).not.toMatch(secrets)
    for (const piece of ['tok_abcdef123456', decodeURIComponent(path), path])
      for (const form of [base64(piece), base64(`x${piece}`).slice(4), base64(`xx${piece}`).slice(4)])
        expect(shown).not.toContain(form.slice(0, -4))
  })

  test('leaves other texts as they are', () => {
    const texts = [
      'no_service', '{"ok":true,"message":"100 % of services & hooks"}', String.raw`{"a":"\u00e4\/"}`, '', '&amp;',
      'https://hooks.slack.com/', 'x=1', '</a>',
    ] // prettier-ignore
    for (const text of texts) expect(mask.text(text)).toBe(text)
  })

  test('hides a secret that a limit has cut off', () => {
    for (const end of [
      '/services/T0B0X',
      'team T0B0XY',
      '/services/T0B0XYZ12/B0CDEF345/s3cret%2',
      'Bearer tok_ab',
    ])
      expect(mask.text(`x ${end}`, true)).not.toMatch(/T0B0|tok_|s3cret/)
    expect(mask.text('team T0B0XY')).toBe('team T0B0XY')
  })

  test('hides short paths, but neither tags nor the beginnings of words', () => {
    const short = openSecretMask({ url: 'https://example.com/ra' })
    expect(short.text('Cannot POST /ra')).toBe('Cannot POST •••')
    expect(short.text('<a></ra> /rain a/rare')).toBe('<a></ra> /rain a/rare')
  })

  test('masks the headers and the body of a response, and keeps what describes it', () => {
    const response = {
      status: 301,
      headers: { location: `http://hooks.slack.com${path}`, 'content-type': 'text/html', date: 'today' },
      body: `<a href="${path}">here</a>`,
      bodyBytes: 66,
      bodyEnd: 'complete',
    }
    expect(mask.response(response)).toEqual({
      ...response,
      headers: { ...response.headers, location: 'http://hooks.slack.com•••' },
      body: '<a href="•••">here</a>',
    })
    const plain = { ...response, headers: { etag: '1' }, body: 'ok', bodyBytes: 2 }
    expect(mask.response(plain)).toBe(plain)
  })

  test('hides signatures that a receiver repeats', () => {
    const signature = `v1,${base64('x'.repeat(32))}`
    expect(mask.text(`{"webhook-signature":"${signature} v1a,${base64('y'.repeat(64))}"}`)).toBe(
      '{"webhook-signature":"v1,••• v1a,•••"}',
    )
  })

  test('takes little time for long responses to long URLs', () => {
    const long = openSecretMask({
      url: `https://example.com/${'segment-1/'.repeat(200)}?q=${'%26'.repeat(400)}`,
    })
    const start = performance.now()
    long.text('%2F&amp;\\u0026'.repeat(1_200), true)
    expect(performance.now() - start).toBeLessThan(500)
  })
})
