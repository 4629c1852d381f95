import type { ImgixError } from '../imgix/errors.ts'
import { type Advice, again, fix, general } from './remedies.ts'

export const HOURLY = 'imgix accepts 60 creates and 60 updates of Sources an hour, and no more for now'

/** What imgix refuses of a Source, and of a change to it. */
export function adviseOnChange({ method, details }: ImgixError, status: number): Advice {
  if (status === 404 && method !== 'POST')
    return fix(
      'source-id: imgix has no such Source that this key can see',
      "take the id from the end of the Source's dashboard URL",
    )
  if (method === 'GET' || status === 404) return general(again('imgix refuses the request', 'check api-url'))
  // a document of imgix says what is wrong, unless it is about subdomains, or there is none
  const isSaid = status !== 409 && details.length > 0
  const isOfSubdomains = details.some(({ title, detail }) => /subdomain/i.test(`${title} ${detail}`))
  const what = method === 'PATCH' ? 'imgix does not accept the change' : 'imgix does not create the Source'
  if (method === 'POST' && !(isSaid && !isOfSubdomains))
    return again(
      `${what}; its subdomains may belong to another account`,
      'choose other subdomains; if another run has just created it, run the job again',
    )
  const taken = isOfSubdomains ? '; its subdomains may belong to another account' : ''
  return fix(`${what}${taken}`, 'correct the file')
}
