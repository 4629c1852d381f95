import type { FilePlan, Route } from '../events.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { classSeconds } from './forecast.ts'
import type { Source } from './source.ts'

// The Source types that accept uploads; read 2026-11 in the uploading guide of imgix's Asset Manager
const HAS_SESSIONS: Readonly<Record<string, boolean>> = { s3: true, gcs: true, s3_compatible: true, azure: false }

/** If direct uploads alone take longer by their rate limit, small files also use sessions. */
const DIRECT_MAX_SECONDS = 10

export function chooseRoutes(
  bytes: number,
  { uploadVia, sessionThresholdBytes }: Inputs,
  source: Source | undefined,
): readonly [Route, ...Route[]] {
  if (uploadVia === 'session') return ['session']
  // a Source of unknown type can have sessions: the first answer tells
  if (hasSessions(source?.type) === false) return ['direct']
  return bytes > sessionThresholdBytes ? ['session'] : ['direct', 'session']
}

/** If direct uploads alone would take long, small files get the route `any`. */
export function shareRoutes(
  files: readonly FilePlan[],
  inputs: Inputs,
  source: Source | undefined,
): readonly FilePlan[] {
  if (inputs.uploadVia !== 'auto' || hasSessions(source?.type) !== true) return files
  const isDirect = ({ upload }: FilePlan): boolean => upload.route === 'direct'
  if (classSeconds(files.filter(isDirect).length, inputs.rateLimits.upload) <= DIRECT_MAX_SECONDS) return files
  return files.map((file) => (isDirect(file) ? { ...file, upload: { ...file.upload, route: 'any' } } : file))
}

/** @returns undefined if the type is unknown */
export function hasSessions(type: string | undefined): boolean | undefined {
  return type !== undefined && Object.hasOwn(HAS_SESSIONS, type) ? HAS_SESSIONS[type] : undefined
}
