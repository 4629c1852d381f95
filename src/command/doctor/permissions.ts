import { randomBytes } from 'node:crypto'
import { getAsset, listAssets, updateAsset } from '../../imgix/assets.ts'
import type { Client } from '../../imgix/client.ts'
import { ImgixError, textOf } from '../../imgix/errors.ts'
import { purge } from '../../imgix/purges.ts'
import { listReports } from '../../imgix/reports.ts'
import { getSource, listSources, type SourceResource } from '../../imgix/sources.ts'
import { explain } from '../../report/explain.ts'
import { type Finding, fail, note, ok, warn } from './finding.ts'

/** Requests that change nothing. An answer other than 401 and 403 means that the key may. */
export async function checkKey(
  client: Client,
  sourceId: string,
): Promise<{ findings: Finding[]; source: SourceResource | undefined }> {
  const read = await probe(() => (sourceId === '' ? firstPage(listSources(client)) : getSource(client, sourceId)))
  const { refusal, value } = read
  const remedy = "copy the key again from imgix's dashboard, API Keys, and check that it is active"
  if (refusal?.status === 401)
    return { findings: [fail('imgix does not accept the key', `${remedy} (${refusal.message})`)], source: undefined }
  if (refusal !== undefined && refusal.status === undefined)
    return { findings: [fail('imgix does not answer', explain(refusal))], source: undefined }
  const source = Array.isArray(value) ? undefined : (value as SourceResource | undefined)
  // whether a key may use a Source that it can't see is not known
  const assets = sourceId === '' || refusal?.status === 404 ? [] : await checkAssets(client, sourceId)
  const isKnown = refusal === undefined || [403, 404].includes(refusal.status ?? 0)
  const accepted = isKnown ? [ok('imgix accepts the key')] : []
  const findings = [...accepted, sourceFinding(read, sourceId), ...assets]
  return { findings: [...findings, ...(await checkAccount(client))], source }
}

type Probe = { readonly value?: unknown; readonly refusal?: ImgixError }

async function probe(request: () => Promise<unknown>): Promise<Probe> {
  try {
    return { value: await request() }
  } catch (error) {
    if (!(error instanceof ImgixError)) throw error
    return { refusal: error }
  }
}

async function firstPage(pages: AsyncIterable<readonly unknown[]>): Promise<readonly unknown[]> {
  for await (const page of pages) return page
  return []
}

function sourceFinding({ refusal, value }: Probe, sourceId: string): Finding {
  if (refusal?.status === 403)
    return warn('permission Sources: no', `set --domains to purge without it; or ${add('Sources')}`)
  if (refusal?.status === 404) {
    const remedy = "take the id from the end of the Source's address in the dashboard"
    return fail(`imgix has no Source '${sourceId}' that this key can see`, `${remedy} (${refusal.message})`)
  }
  if (refusal !== undefined) return fail('imgix does not give the Source', explain(refusal))
  if (sourceId !== '') return ok('permission Sources: yes')
  const ids = (value as SourceResource[]).slice(0, 5).map(({ id, attributes }) => `${id} (${textOf(attributes.name)})`)
  const none = 'the account has no Source: create one in the dashboard'
  return fail('--source-id is not set', ids.length === 0 ? none : `the account has ${ids.join(', ')}`)
}

/** What the key may do with assets. Each request names what can't be. */
async function checkAssets(client: Client, sourceId: string): Promise<Finding[]> {
  const place = { sourceId, originPath: `imgix-sync-doctor/${randomBytes(12).toString('hex')}` }
  const edit = await probe(() => updateAsset(client, place, { description: null }))
  const browse = await probe(async () => {
    await firstPage(listAssets(client, { sourceId }, { page: { limit: 1 } }))
    return getAsset(client, place)
  })
  return [
    permission('Asset Manager Edit', edit, (remedy) => fail('permission Asset Manager Edit (Asset Edit): no', remedy)),
    permission('Asset Manager Browse', browse, (remedy) =>
      warn('permission Asset Manager Browse (Asset Browse): no', `needed for --mode all and metadata; ${remedy}`),
    ),
  ]
}

async function checkAccount(client: Client): Promise<Finding[]> {
  const purged = await probe(() => purge(client, 'https://imgix-sync-doctor.invalid/'))
  const listed = await probe(() => firstPage(listReports(client, { page: { size: 1 } })))
  return [
    permission('Purge', purged, (remedy) => fail('permission Purge (Asset Purge): no', remedy)),
    permission('Analytics', listed, () => note('permission Analytics: no; only imgix-sync reports needs it')),
  ]
}

function permission(name: string, { refusal }: Probe, missing: (remedy: string) => Finding): Finding {
  if (refusal === undefined || [400, 404, 409, 422].includes(refusal.status ?? 0)) return ok(`permission ${name}: yes`)
  return refusal.status === 403 ? missing(add(name)) : warn(`permission ${name}: unknown`, explain(refusal))
}

function add(name: string): string {
  return `add the permission ${name} to the key in imgix's dashboard`
}
