// What the package exports as imgix-sync/client, described in docs/client.md. Nothing in this repository imports it.
export type { AssetAttributes, AssetQuery, AssetResource } from './asset-attributes.ts'
export {
  type AssetPlace,
  addAsset,
  getAsset,
  listAssets,
  refreshAsset,
  updateAsset,
  uploadAsset,
} from './assets.ts'
export { type Client, createClient, type Ends, type Upload } from './client.ts'
export type { ClientOptions } from './client-settings.ts'
export { type ErrorDetail, ImgixError } from './errors.ts'
export { FileError } from './http/body.ts'
export type { RateLimit } from './http/limiter.ts'
export type { Pages } from './lists.ts'
export { DOCUMENTED_LIMITS, type RateLimits } from './pace.ts'
export { purge } from './purges.ts'
export { getReport, listReports, type ReportQuery, type ReportResource } from './reports.ts'
export { createUploadSessions, type UploadSessions } from './session-forms.ts'
export {
  createSource,
  getSource,
  listSources,
  type NewSource,
  type SourceChange,
  type SourceQuery,
  type SourceResource,
  updateSource,
} from './sources.ts'
export {
  cancelSession,
  closeSession,
  getSession,
  openSession,
  type SessionPlace,
  type SessionResource,
} from './upload-sessions.ts'
