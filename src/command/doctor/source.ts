import type { SourceResource } from '../../imgix/sources.ts'
import { hasSessions } from '../../plan/route.ts'
import { viewSource } from '../../plan/source.ts'
import { createRendering, type RenderingSettings } from '../../verify/rendering.ts'
import { type Finding, fail, note, ok, warn } from './finding.ts'

const DOMAINS_MAX = 10

/** What the Source is, and whether its domains answer. */
export async function checkSource(
  source: SourceResource,
  settings: Pick<RenderingSettings, 'apiUrl' | 'proxyFor' | 'timeoutMs'>,
): Promise<Finding[]> {
  const { type, allowsUpload, domains, signing } = viewSource(source, source.id)
  return [
    uploads(type, allowsUpload),
    ...(isWeb(type) ? [] : [sessions(type)]),
    deployment(source.attributes),
    ...(domains.length === 0
      ? [fail('the Source has no domain', 'add a subdomain in its settings, or set --domains')]
      : []),
    ...(await checkDomains(domains.slice(0, DOMAINS_MAX), settings)),
    ...(signing === undefined ? [] : [note('its URLs have to be signed; purges need no signature')]),
  ]
}

/** Its files are elsewhere: nothing can be uploaded. */
const isWeb = (type: string): boolean => type === 'webfolder' || type === 'webproxy'

function uploads(type: string, allowsUpload: boolean | undefined): Finding {
  if (isWeb(type)) {
    return fail(
      `imgix can't upload to a Source of type ${type}`,
      'use a Source with a bucket, or purge only: --no-upload --domains ...',
    )
  }
  if (allowsUpload === true) return ok(`Source of type ${type}, with upload credentials`)
  if (allowsUpload === false) {
    return fail(
      `Source of type ${type}, without upload credentials`,
      "add them in the Source's settings, or by imgix-sync source",
    )
  }
  return warn(
    `Source of type ${type}; imgix does not tell whether it has upload credentials`,
    'if uploads fail, add them in its settings',
  )
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
  return warn(`the Source's deployment is '${status}'`, 'look at it in the dashboard')
}

async function checkDomains(
  domains: readonly string[],
  settings: Pick<RenderingSettings, 'apiUrl' | 'proxyFor' | 'timeoutMs'>,
): Promise<Finding[]> {
  const rendering = createRendering({ ...settings, userAgent: 'imgix-sync/1', tokenFor: () => undefined })
  const signal = AbortSignal.timeout(2 * settings.timeoutMs)
  try {
    return await Promise.all(
      domains.map(async (domain) => {
        const look = await rendering.look(`https://${domain}/`, signal)
        if ('status' in look) return ok(`${domain} answers`)
        return warn(
          `${domain} does not answer: ${look.problem}`,
          'check its DNS record and its certificate, or leave it out by --domains',
        )
      }),
    )
  } finally {
    rendering.close()
  }
}
