import { ImgixError } from '../../imgix/errors.ts'
import type { SourceResource } from '../../imgix/sources.ts'
import { hasSessions } from '../../plan/route.ts'
import { type Source, viewSource } from '../../plan/source.ts'
import { createRendering, type RenderingSettings } from '../../verify/rendering.ts'
import { type Finding, fail, note, ok, warn } from './finding.ts'

type Settings = Pick<RenderingSettings, 'apiUrl' | 'proxyFor' | 'timeoutMs'>

const DOMAINS_MAX = 10

/** What the Source is, and whether its domains answer. */
export async function checkSource(source: SourceResource, settings: Settings): Promise<Finding[]> {
  try {
    return await checkView(source, viewSource(source, source.id), settings)
  } catch (error) {
    if (!(error instanceof ImgixError)) throw error
    return [fail("the Source can't be used", `look at it in imgix's dashboard (${error.message})`)]
  }
}

async function checkView(source: SourceResource, view: Source, settings: Settings): Promise<Finding[]> {
  const { type, allowsUpload, domains, signing } = view
  const isWeb = type === 'webfolder' || type === 'webproxy' // its files are elsewhere: nothing can be uploaded
  const noDomain = fail('the Source has no domain', 'add a subdomain in its settings, or set --domains')
  const noUpload = fail(
    `imgix can't upload to a Source of type ${type}`,
    'use a Source with a bucket, or purge only: --no-upload --domains ...',
  )
  return [
    ...(isWeb ? [noUpload] : [uploads(type, allowsUpload), sessions(type)]),
    deployment(source.attributes),
    ...(domains.length === 0 ? [noDomain] : await checkDomains(domains.slice(0, DOMAINS_MAX), settings)),
    ...(domains.length > DOMAINS_MAX ? [note(`${domains.length - DOMAINS_MAX} more domains are not looked at`)] : []),
    ...(signing === undefined ? [] : [note('its URLs have to be signed; purges need no signature')]),
  ]
}

function uploads(type: string, allowsUpload: boolean | undefined): Finding {
  const source = `Source of type ${type}`
  if (allowsUpload === true) return ok(`${source}, with upload credentials`)
  if (allowsUpload === undefined)
    return warn(
      `${source}; imgix does not tell whether it has upload credentials`,
      'if uploads fail, add them in its settings',
    )
  return fail(`${source}, without upload credentials`, "add them in the Source's settings, or by imgix-sync source")
}

function sessions(type: string): Finding {
  const has = hasSessions(type)
  if (has === true) return ok('upload sessions: yes, files up to 5 GB')
  return note(has === false ? 'upload sessions: no, files up to 30 MB' : `upload sessions: not known for type ${type}`)
}

function deployment({ enabled, deployment_status: status }: SourceResource['attributes']): Finding {
  if (enabled === false || status === 'disabled') return fail('the Source is disabled', 'enable it in the dashboard')
  if (status === 'deployed') return ok('the Source is deployed')
  if (status === 'deploying') return warn('the Source is being deployed', 'wait some minutes')
  if (status === undefined)
    return warn('imgix does not tell whether the Source is deployed', 'look at it in the dashboard')
  return warn(`the Source's deployment is '${status}'`, 'look at it in the dashboard')
}

async function checkDomains(domains: readonly string[], settings: Settings): Promise<Finding[]> {
  const rendering = createRendering({ ...settings, userAgent: 'imgix-sync/1', tokenFor: () => undefined })
  const signal = AbortSignal.timeout(2 * settings.timeoutMs)
  const remedy = 'check its DNS record and its certificate, or leave it out by --domains'
  const check = async (domain: string): Promise<Finding> => {
    const look = await rendering.look(`https://${domain}/`, signal)
    return 'status' in look ? ok(`${domain} answers`) : warn(`${domain} does not answer: ${look.problem}`, remedy)
  }
  return Promise.all(domains.map(check)).finally(rendering.close)
}
