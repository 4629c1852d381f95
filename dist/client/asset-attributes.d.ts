import type { CursorPage, Filters, ListQuery } from './lists.js';
import type { Attributes, Listed, Resource } from './resources.js';
export declare const MEDIA_KINDS: readonly ['IMAGE', 'ANIMATION', 'DOCUMENT', 'VECTOR'];
/** Lists and objects are replaced whole. */
export declare const ASSET_UPDATABLE: {
    readonly categories: 'list';
    readonly custom_fields: 'object';
    readonly description: 'string';
    readonly name: 'string';
    /** confidences by their words */
    readonly tags: 'object';
};
/** Dates are in s since 1970. */
export declare const ASSET_ATTRIBUTES: {
    readonly categories: 'list';
    readonly custom_fields: 'object';
    readonly description: 'string';
    readonly name: 'string';
    /** confidences by their words */
    readonly tags: 'object';
    readonly warning_adult: 'integer';
    readonly warning_medical: 'integer';
    readonly warning_racy: 'integer';
    readonly warning_spoof: 'integer';
    readonly warning_violence: 'integer';
    readonly analyzed_content_warnings: 'boolean';
    readonly analyzed_faces: 'boolean';
    readonly analyzed_tags: 'boolean';
    readonly color_model: 'string';
    readonly color_profile: 'string';
    /** `dominant_colors`: shares of the image by their hex codes */
    readonly colors: 'object';
    readonly content_type: 'string';
    readonly date_created: 'integer';
    readonly date_modified: 'integer';
    readonly dpi_height: 'integer';
    readonly dpi_width: 'integer';
    readonly face_count: 'integer';
    /** in bytes */
    readonly file_size: 'integer';
    readonly has_frames: 'boolean';
    readonly media_height: 'integer';
    readonly media_kind: readonly ["IMAGE", "ANIMATION", "DOCUMENT", "VECTOR"];
    readonly media_width: 'integer';
    /** with a leading slash, below the Source's prefix */
    readonly origin_path: 'string';
    readonly source_id: 'string';
    readonly uploaded_by: 'string';
    readonly uploaded_by_api: 'boolean';
    readonly video_aspect_ratio: 'string';
    readonly video_audio_channel_layout: 'string';
    /** in s */
    readonly video_duration: 'integer';
    readonly video_error_message: 'string';
    readonly video_has_audio: 'boolean';
    readonly video_imgix_status: readonly ['TRANSCODE_STARTED', 'VIDEO_READY', 'ERRORED'];
    readonly video_max_stored_frame_rate: 'float';
    readonly video_max_stored_resolution: 'string';
    readonly video_max_stored_resolution_x: 'integer';
    readonly video_max_stored_resolution_y: 'integer';
    readonly video_playback_url: 'string';
};
export declare const ASSET_FILTERS: {
    readonly warning_adult: 'integer';
    readonly warning_medical: 'integer';
    readonly warning_racy: 'integer';
    readonly warning_spoof: 'integer';
    readonly warning_violence: 'integer';
    /** a list: all of them */
    readonly categories: 'string';
    /** a hex code without its # */
    readonly colors: 'string';
    readonly face_count: 'integer';
    readonly has_frames: 'boolean';
    /** in several attributes */
    readonly keyword: 'string';
    readonly media_kind: readonly ["IMAGE", "ANIMATION", "DOCUMENT", "VECTOR"];
    readonly origin_path: 'string';
    readonly tags: 'string';
};
export declare const ASSET_SORTS: readonly ['date_created', 'date_modified', 'file_size'];
export type AssetResource = Resource<Attributes<typeof ASSET_ATTRIBUTES>>;
export type AssetAttributes = Listed<typeof ASSET_UPDATABLE>;
export type AssetQuery = ListQuery<keyof typeof ASSET_ATTRIBUTES, (typeof ASSET_SORTS)[number], 
/** the value of a custom field; '' matches every value */
Filters<typeof ASSET_FILTERS> & {
    readonly [field: `custom:${string}`]: string;
}, CursorPage>;
