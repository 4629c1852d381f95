import type { CursorPage, Filters, ListQuery } from './lists.ts'
import type { Attributes, Listed, Resource } from './resources.ts'

export const MEDIA_KINDS = ['IMAGE', 'ANIMATION', 'DOCUMENT', 'VECTOR'] as const

/** Lists and objects are replaced whole. */
export const ASSET_UPDATABLE = {
  categories: 'list',
  custom_fields: 'object',
  description: 'string',
  name: 'string',
  /** confidences by their words */
  tags: 'object',
} as const

/** From 0 (unknown) by 1 (unlikely) to 5. */
const WARNINGS = {
  warning_adult: 'integer',
  warning_medical: 'integer',
  warning_racy: 'integer',
  warning_spoof: 'integer',
  warning_violence: 'integer',
} as const

/** Dates are in s since 1970. */
export const ASSET_ATTRIBUTES = {
  ...ASSET_UPDATABLE,
  ...WARNINGS,
  analyzed_content_warnings: 'boolean',
  analyzed_faces: 'boolean',
  analyzed_tags: 'boolean',
  color_model: 'string',
  color_profile: 'string',
  /** `dominant_colors`: shares of the image by their hex codes */
  colors: 'object',
  content_type: 'string',
  date_created: 'integer',
  date_modified: 'integer',
  dpi_height: 'integer',
  dpi_width: 'integer',
  face_count: 'integer',
  /** in bytes */
  file_size: 'integer',
  has_frames: 'boolean',
  media_height: 'integer',
  media_kind: MEDIA_KINDS,
  media_width: 'integer',
  /** with a leading slash, below the Source's prefix */
  origin_path: 'string',
  source_id: 'string',
  uploaded_by: 'string',
  uploaded_by_api: 'boolean',
  video_aspect_ratio: 'string',
  video_audio_channel_layout: 'string',
  /** in s */
  video_duration: 'integer',
  video_error_message: 'string',
  video_has_audio: 'boolean',
  video_imgix_status: ['TRANSCODE_STARTED', 'VIDEO_READY', 'ERRORED'],
  video_max_stored_frame_rate: 'float',
  video_max_stored_resolution: 'string',
  video_max_stored_resolution_x: 'integer',
  video_max_stored_resolution_y: 'integer',
  video_playback_url: 'string',
} as const

export const ASSET_FILTERS = {
  ...WARNINGS,
  /** a list: all of them */
  categories: 'string',
  /** a hex code without its # */
  colors: 'string',
  face_count: 'integer',
  has_frames: 'boolean',
  /** in several attributes */
  keyword: 'string',
  media_kind: MEDIA_KINDS,
  origin_path: 'string',
  tags: 'string',
} as const

export const ASSET_SORTS = ['date_created', 'date_modified', 'file_size'] as const

export type AssetResource = Resource<Attributes<typeof ASSET_ATTRIBUTES>>
export type AssetAttributes = Listed<typeof ASSET_UPDATABLE>
export type AssetQuery = ListQuery<
  keyof typeof ASSET_ATTRIBUTES,
  (typeof ASSET_SORTS)[number],
  /** the value of a custom field; '' matches every value */
  Filters<typeof ASSET_FILTERS> & { readonly [field: `custom:${string}`]: string },
  CursorPage
>
