import type { Deed } from './faults.ts'

const html = { 'content-type': 'text/html; charset=utf-8' }
const json = { 'content-type': 'application/vnd.api+json' }
const xml = { 'content-type': 'application/xml' }
const now = { 'retry-after': '0' }
const page = '<!DOCTYPE html><html><body><h1>It works, or not</h1></body></html>'
const busy = JSON.stringify({ errors: [{ status: '503', title: 'Busy', detail: 'Later.' }] })
const another = JSON.stringify({
  data: { type: 'assets', id: 'SRC/another.png', attributes: { origin_path: '/another.png', file_size: 1 } },
})

/** What servers, and what stands between them and a client, are known to do wrong, by name. Each passes: who tries again
 *  can succeed. A success that lies is told of a request that was carried out. */
export const faultKinds: Readonly<Record<string, Deed>> = {
  '408': { answer: { status: 408, headers: now } },
  '425': { answer: { status: 425, headers: now } },
  '429 that says when': { answer: { status: 429, headers: now } },
  '429 that does not': { answer: { status: 429 } },
  '500': { answer: { status: 500, headers: now } },
  '502 with a page': { answer: { status: 502, headers: html, body: page } },
  '503 without a body': { answer: { status: 503, body: '' } },
  '504 with a page that is called JSON': { answer: { status: 504, headers: json, body: page } },
  '520 of a proxy': { answer: { status: 520, headers: html, body: page } },
  'Retry-After in words': { answer: { status: 503, headers: { 'retry-after': 'soon' } } },
  'Retry-After below 0': { answer: { status: 503, headers: { 'retry-after': '-60' } } },
  'Retry-After in the past': { answer: { status: 503, headers: { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' } } },
  'headers that are there twice': {
    raw: 'HTTP/1.1 503 Busy\r\nretry-after: 0\r\nretry-after: 1\r\ndate: x\r\ndate: y\r\ncontent-length: 0\r\n\r\n',
  },
  '403 of somebody between': { answer: { status: 403, headers: html, body: page } },
  '404 of somebody between': { answer: { status: 404, headers: html, body: page } },
  '409 of somebody between': { answer: { status: 409, headers: html, body: page } },
  'a transient error of a storage': {
    answer: { status: 400, headers: xml, body: '<?xml version="1.0"?><Error><Code>RequestTimeout</Code></Error>' },
  },
  '202 of somebody between': { answer: { status: 202, headers: html, body: page } },
  '400': { answer: { status: 400 } },
  'a redirect': { answer: { status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' }, body: '' } },
  '101': { raw: 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n' },
  'no HTTP': { raw: 'SSH-2.0-OpenSSH_9.9\r\n' },
  'a reset before the request is read': { resetAfterBytes: 0 },
  'a reset in the middle of the request': { resetAfterBytes: 5 },
  'a reset after the request': { loseAnswer: true },
  'an answer without its body': { cutAnswer: 0 },
  'an answer that is cut': { cutAnswer: 20 },
  'an answer that stalls': { stallAnswer: 20 },
  'no answer': { hang: true },
  'an answer by drops': { dripMs: 20 },
  'a success without a body': { answerBody: { body: '' } },
  'a success with a page': { answerBody: { headers: html, body: page } },
  'a success with errors': { answerBody: { body: busy } },
  'a success that is cut, and says that it is whole': { answerBody: { body: busy.slice(0, 20) } },
  'a success about another asset': { answerBody: { body: another } },
  'a success of another type': { answerBody: { headers: { 'content-type': 'text/plain' }, body: '{"ok":true}' } },
}
