import { randomBytes } from 'node:crypto'
import type { Admitted, Answer, Call } from './call.ts'
import { asObject, dataAnswer, readDocument, refuse, sparse } from './documents.ts'
import { checkKinds, checkUploadCredentials, readDeployment, withDefaults, writeOnly } from './source-rules.ts'
import { nowSeconds, type Settings, type SourceType, type State } from './state.ts'

type Attributes = Record<string, unknown>

/** One Source of the account. */
export type SourceRecord = {
  id: string
  name: string
  enabled: boolean
  /** includes the write-only attributes */
  deployment: Attributes
  uploadCredentials: Attributes | undefined
  dateDeployed: number
  secureUrlToken: string | undefined
  /** `deployment_status` of the next answers, until the deployment is done. */
  statuses: string[]
}

const ownAttributes: Record<SourceType, Attributes> = {
  s3: { s3_access_key: 'AKIADEPLOYMENTKEY001', s3_bucket: 'emulated-bucket', s3_secret_key: 'deployment-secret-001' },
  gcs: {
    gcs_access_key: 'GOOGDEPLOYMENTKEY001',
    gcs_bucket: 'emulated-bucket',
    gcs_secret_key: 'deployment-secret-001',
  },
  azure: {
    azure_account: 'emulated',
    azure_bucket: 'emulated-bucket',
    azure_sas_string: 'sv=1&sig=deployment-secret-001',
    azure_service_type: 'blob',
  },
  s3_compatible: { bucket_name: 'emulated-bucket', region: 'auto', storage_provider: 'cloudflare_r2' },
  webfolder: { webfolder_base_url: 'https://origin.example/images/' },
  webproxy: {},
}

/** The Source that the account starts with. */
export function firstSource({ source }: Settings): SourceRecord {
  const { type, imgixSubdomains, customDomains, secureUrlToken } = source
  const deployment = {
    type,
    imgix_subdomains: imgixSubdomains,
    custom_domains: customDomains,
    secure_url_enabled: secureUrlToken !== undefined,
    ...ownAttributes[type],
  }
  return {
    id: source.id,
    name: 'Emulated Source',
    enabled: source.enabled,
    deployment: withDefaults(deployment),
    uploadCredentials: undefined,
    dateDeployed: 1_594_942_125,
    secureUrlToken,
    statuses: [],
  }
}

/** @returns the Source as a resource of an answer */
export function sourceDocument({ settings }: State, record: SourceRecord, fields: string | null): Attributes {
  const { id, name, enabled, deployment, statuses, dateDeployed, secureUrlToken } = record
  const { type } = deployment
  const isWeb = type === 'webfolder' || type === 'webproxy'
  const isFirst = id === settings.source.id
  const allows = record.uploadCredentials !== undefined || (isFirst && settings.source.allowsUpload)
  const attributes = {
    date_deployed: dateDeployed,
    deployment: {
      ...((isFirst && settings.source.allowsUpload === null) || isWeb ? {} : { allows_upload: allows }),
      ...Object.fromEntries(Object.entries(deployment).filter(([attribute]) => !writeOnly.includes(attribute))),
    },
    deployment_status: statuses[0] ?? (enabled ? 'deployed' : 'disabled'),
    enabled,
    name,
    ...(deployment.secure_url_enabled === true ? { secure_url_token: secureUrlToken } : {}),
  }
  return { attributes: sparse(attributes, fields), id, type: 'sources' }
}

/** Advances the deployment by one status. Every answer about the Source does so. */
export function proceed(record: SourceRecord): void {
  if (record.statuses.length === 0) return
  record.statuses.shift()
  if (record.statuses.length === 0) record.dateDeployed = laterDate(record)
}

function laterDate({ dateDeployed }: SourceRecord): number {
  return Math.max(nowSeconds(), dateDeployed + 1)
}

export function createSource(state: State, call: Call): Admitted {
  return {
    keep: true,
    finish: ({ buffer }) => {
      const data = readDocument(call, buffer, 'sources')
      if (data.id !== undefined) refuse(400, 'data.id must not be set.')
      const { name, deployment, enabled = true } = checkTop(data.attributes, ['deployment', 'enabled', 'name'])
      if (name === undefined) refuse(400, 'name is required.')
      const record: SourceRecord = {
        id: randomBytes(12).toString('hex'),
        name: name as string,
        enabled: enabled as boolean,
        deployment: readDeployment(deployment),
        uploadCredentials: undefined,
        dateDeployed: nowSeconds(),
        secureUrlToken: randomBytes(8).toString('hex'),
        statuses: [...state.settings.deployStatuses],
      }
      requireFreeDomains(state, record)
      return { ...answerWrite(state, record), status: 201 }
    },
  }
}

/** Absent attributes stay. The reference says that an object is replaced whole; `mergesDeployments` merges it. */
export function patchSource(state: State, call: Call, record: SourceRecord): Admitted {
  return {
    keep: true,
    finish: ({ buffer }) => {
      const data = readDocument(call, buffer, 'sources')
      if (data.id !== record.id) refuse(400, `data.id must be '${record.id}'.`)
      const given = checkTop(data.attributes, ['deployment', 'enabled', 'name', 'upload_credentials'])
      const { deployment, upload_credentials: credentials, ...rest } = given
      const whole = state.settings.mergesDeployments ? { ...record.deployment, ...asObject(deployment) } : deployment
      const next: SourceRecord = {
        ...record,
        ...rest,
        ...(deployment === undefined ? {} : { deployment: readDeployment(whole) }),
      }
      if (credentials !== undefined) next.uploadCredentials = checkUploadCredentials(credentials, next.deployment.type)
      requireFreeDomains(state, next)
      next.secureUrlToken ??= randomBytes(8).toString('hex')
      const deploys = deployment !== undefined || given.enabled !== undefined
      if (deploys) next.statuses = [...state.settings.deployStatuses]
      if (deploys && next.statuses.length === 0) next.dateDeployed = laterDate(record)
      return answerWrite(state, next)
    },
  }
}

function answerWrite(state: State, record: SourceRecord): Answer {
  state.sources.set(record.id, record)
  const answer = dataAnswer(sourceDocument(state, record, null))
  proceed(record)
  return answer
}

function checkTop(given: unknown, names: string[]): Attributes {
  const attributes = asObject(given) ?? {}
  for (const name of Object.keys(attributes)) if (!names.includes(name)) refuse(400, `${name} cannot be set.`)
  const { name = 'x', enabled = true } = attributes
  checkKinds({ name, enabled }, { name: 'string', enabled: 'boolean' }, 'attributes')
  return attributes
}

/** Domains are unique across the Sources of all accounts. */
function requireFreeDomains({ sources, settings }: State, { id, deployment }: SourceRecord): void {
  const others = [...sources.values()].filter((other) => other.id !== id)
  for (const name of ['imgix_subdomains', 'custom_domains']) {
    const taken = [...others.flatMap((other) => other.deployment[name] as string[]), ...settings.takenSubdomains]
    const domain = (deployment[name] as string[]).find((each) => taken.includes(each))
    if (domain !== undefined) refuse(400, `deployment.${name}: '${domain}' is already in use.`)
  }
}
