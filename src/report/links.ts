import * as core from '../runner/core.ts'
import { breakable, shorten } from '../runner/summary.ts'
import { html } from '../runner/text.ts'

/** The repository on GitHub, as pages of it are linked. */
export type Links = {
  /** `https://github.com/OWNER/REPO`; '' where it is not known */
  readonly repositoryUrl: string
  readonly base: string
  readonly head: string
  /** whether the head has a file; what a build made is in no commit */
  readonly isTracked: (path: string) => boolean
}

const SHA = /^[0-9a-f]{40,64}$/

/** @returns '' for what is no address of a repository */
export function repositoryUrl({ serverUrl, repository }: { serverUrl: string; repository: string }): string {
  if (!URL.canParse(serverUrl) || !/^[\w.-]+\/[\w.-]+$/.test(repository)) return ''
  const { protocol, origin } = new URL(serverUrl)
  return protocol === 'https:' || protocol === 'http:' ? `${origin}/${repository}` : ''
}

/** @returns undefined where the repository does not have the file, or nobody knows */
export function fileUrl(path: string, { repositoryUrl: url, head, isTracked }: Links): string | undefined {
  return url !== '' && SHA.test(head) && isTracked(path) ? blobUrl(url, head, path) : undefined
}

/** The URL of the file at the base, before the change. */
export function earlierFileUrl(path: string, { repositoryUrl: url, base }: Links): string | undefined {
  return url !== '' && SHA.test(base) ? blobUrl(url, base, path) : undefined
}

function blobUrl(url: string, sha: string, path: string): string {
  return `${url}/blob/${sha}/${path.toWellFormed().split('/').map(encodeURIComponent).join('/')}`
}

/** The commits of a run, linked to the page that compares them. */
export function commitsHtml({ repositoryUrl: url, base, head }: Links): string {
  const [from, to] = [base.slice(0, 7), head.slice(0, 7)]
  const text = `<code>${html(from === '' || from === to ? to : `${from}...${to}`)}</code>`
  if (url === '' || !SHA.test(head)) return text
  const page = SHA.test(base) && base !== head ? `compare/${base}...${head}` : `commit/${head}`
  return `<a href="${html(`${url}/${page}`)}">${text}</a>`
}

export function code(text: string): string {
  return `<code>${html(text)}</code>`
}

/** A path or a URL whose folder is small. A narrow page can break it after each folder and in a long word. */
export function placeLink(url: string | undefined, text: string): string {
  const end = text.lastIndexOf('/') + 1
  const folder = text.slice(0, end)
  const name = `<code>${breakable(html(core.redactName(text.slice(end) || text)))}</code>`
  const shown = url === undefined ? name : `<a href="${html(url)}">${name}</a>`
  return `${folder === '' ? '' : `<sub>${breakable(shorten(folder))}</sub> `}${shown}`
}

/** A URL, without the scheme that all have. */
export function urlLink(url: string): string {
  return placeLink(url, url.replace(/^https:\/\//, ''))
}

/** Settings of a workflow, which messages name as they are. */
const SETTINGS = /\b(lfs: true|mode: all|actions\/checkout)\b/g

/** Escaped, with settings and the words in backticks as code. */
export function terms(text: string): string {
  return shorten(text)
    .replace(SETTINGS, '<code>$1</code>')
    .replace(/&#96;([\w .:/-]{1,60})&#96;/g, '<code>$1</code>')
}
