import type { Client, Ends } from './client.js';
import { type Filters, type ListQuery, type NumberPage, type Pages } from './lists.js';
import { type Attributes, type Listed, type Resource } from './resources.js';
/** The attributes of a deployment: of every Source, then of those of one type. */
export declare const DEPLOYMENT_ATTRIBUTES: {
    readonly all: {
        /** read only */
        readonly allows_upload: 'boolean';
        readonly annotation: 'string';
        readonly cache_ttl_behavior: readonly ['respect_origin', 'override_origin', 'enforce_minimum'];
        readonly cache_ttl_error: 'integer';
        readonly cache_ttl_value: 'integer';
        readonly crossdomain_xml_enabled: 'boolean';
        readonly custom_domains: 'list';
        readonly default_params: 'object';
        readonly image_error: 'string';
        readonly image_error_append_qs: 'boolean';
        readonly image_missing: 'string';
        readonly image_missing_append_qs: 'boolean';
        readonly imgix_subdomains: 'list';
        readonly secure_url_enabled: 'boolean';
        readonly type: readonly ['azure', 'gcs', 's3', 'webfolder', 'webproxy'];
    };
    readonly s3: {
        readonly s3_access_key: 'string';
        readonly s3_bucket: 'string';
        readonly s3_prefix: 'string';
        readonly s3_secret_key: 'string';
    };
    readonly gcs: {
        readonly gcs_access_key: 'string';
        readonly gcs_bucket: 'string';
        readonly gcs_prefix: 'string';
        readonly gcs_secret_key: 'string';
    };
    readonly azure: {
        readonly azure_account: 'string';
        readonly azure_bucket: 'string';
        readonly azure_prefix: 'string';
        readonly azure_sas_string: 'string';
        readonly azure_service_type: readonly ['blob', 'file'];
    };
    readonly webfolder: {
        readonly webfolder_base_url: 'string';
    };
    readonly webproxy: {};
};
/** What imgix uploads with: apart from the deployment's own credentials, and of the same type. */
export declare const UPLOAD_CREDENTIALS: {
    readonly type: readonly ['azure', 'gcs', 's3'];
    readonly azure_sas_string: 'string';
    readonly gcs_access_key: 'string';
    readonly gcs_secret_key: 'string';
    readonly s3_access_key: 'string';
    readonly s3_secret_key: 'string';
};
/** The attributes for creating a Source, and those that an update can set. Lists and objects are replaced as a whole. */
export declare const SOURCE_UPDATABLE: {
    readonly deployment: {
        /** read only */
        readonly allows_upload: 'boolean';
        readonly annotation: 'string';
        readonly cache_ttl_behavior: readonly ['respect_origin', 'override_origin', 'enforce_minimum'];
        readonly cache_ttl_error: 'integer';
        readonly cache_ttl_value: 'integer';
        readonly crossdomain_xml_enabled: 'boolean';
        readonly custom_domains: 'list';
        readonly default_params: 'object';
        readonly image_error: 'string';
        readonly image_error_append_qs: 'boolean';
        readonly image_missing: 'string';
        readonly image_missing_append_qs: 'boolean';
        readonly imgix_subdomains: 'list';
        readonly secure_url_enabled: 'boolean';
        readonly type: readonly ['azure', 'gcs', 's3', 'webfolder', 'webproxy'];
        readonly s3_access_key: 'string';
        readonly s3_bucket: 'string';
        readonly s3_prefix: 'string';
        readonly s3_secret_key: 'string';
        readonly gcs_access_key: 'string';
        readonly gcs_bucket: 'string';
        readonly gcs_prefix: 'string';
        readonly gcs_secret_key: 'string';
        readonly azure_account: 'string';
        readonly azure_bucket: 'string';
        readonly azure_prefix: 'string';
        readonly azure_sas_string: 'string';
        readonly azure_service_type: readonly ['blob', 'file'];
        readonly webfolder_base_url: 'string';
    };
    readonly enabled: 'boolean';
    readonly name: 'string';
    readonly upload_credentials: {
        readonly type: readonly ['azure', 'gcs', 's3'];
        readonly azure_sas_string: 'string';
        readonly gcs_access_key: 'string';
        readonly gcs_secret_key: 'string';
        readonly s3_access_key: 'string';
        readonly s3_secret_key: 'string';
    };
};
export declare const SOURCE_ATTRIBUTES: {
    readonly deployment: {
        /** read only */
        readonly allows_upload: 'boolean';
        readonly annotation: 'string';
        readonly cache_ttl_behavior: readonly ['respect_origin', 'override_origin', 'enforce_minimum'];
        readonly cache_ttl_error: 'integer';
        readonly cache_ttl_value: 'integer';
        readonly crossdomain_xml_enabled: 'boolean';
        readonly custom_domains: 'list';
        readonly default_params: 'object';
        readonly image_error: 'string';
        readonly image_error_append_qs: 'boolean';
        readonly image_missing: 'string';
        readonly image_missing_append_qs: 'boolean';
        readonly imgix_subdomains: 'list';
        readonly secure_url_enabled: 'boolean';
        readonly type: readonly ['azure', 'gcs', 's3', 'webfolder', 'webproxy'];
        readonly s3_access_key: 'string';
        readonly s3_bucket: 'string';
        readonly s3_prefix: 'string';
        readonly s3_secret_key: 'string';
        readonly gcs_access_key: 'string';
        readonly gcs_bucket: 'string';
        readonly gcs_prefix: 'string';
        readonly gcs_secret_key: 'string';
        readonly azure_account: 'string';
        readonly azure_bucket: 'string';
        readonly azure_prefix: 'string';
        readonly azure_sas_string: 'string';
        readonly azure_service_type: readonly ['blob', 'file'];
        readonly webfolder_base_url: 'string';
    };
    readonly enabled: 'boolean';
    readonly name: 'string';
    readonly upload_credentials: {
        readonly type: readonly ['azure', 'gcs', 's3'];
        readonly azure_sas_string: 'string';
        readonly gcs_access_key: 'string';
        readonly gcs_secret_key: 'string';
        readonly s3_access_key: 'string';
        readonly s3_secret_key: 'string';
    };
    /** s since 1970 */
    readonly date_deployed: 'integer';
    readonly deployment_status: readonly ['deploying', 'deployed', 'disabled', 'deleted'];
    /** a secret; only where URLs have to be signed */
    readonly secure_url_token: 'string';
};
export declare const SOURCE_FILTERS: {
    readonly 'deployment.azure_bucket': 'string';
    readonly 'deployment.custom_domains': 'string';
    readonly 'deployment.gcs_bucket': 'string';
    readonly 'deployment.imgix_subdomains': 'string';
    readonly 'deployment.webfolder_base_url': 'string';
    readonly 'deployment.s3_bucket': 'string';
    /** the reference's examples; its table calls it `type` */
    readonly 'deployment.type': readonly ["azure", "gcs", "s3", "webfolder", "webproxy"];
    readonly enabled: 'boolean';
    readonly name: 'string';
    readonly type: readonly ["azure", "gcs", "s3", "webfolder", "webproxy"];
};
export declare const SOURCE_SORTS: readonly ['date_deployed', 'enabled', 'name'];
/** The attributes of a deployment that can be sent. */
type DeploymentChange = Attributes<typeof SOURCE_UPDATABLE.deployment> & {
    readonly allows_upload?: never;
};
/** The attributes that an update can set. */
export type SourceChange = Omit<Listed<typeof SOURCE_UPDATABLE>, 'deployment'> & {
    readonly deployment?: DeploymentChange;
};
/** What a Source of each type can't do without. */
type Needed = {
    readonly type: 's3';
    readonly s3_bucket: string;
} | {
    readonly type: 'gcs';
    readonly gcs_bucket: string;
} | {
    readonly type: 'azure';
    readonly azure_account: string;
    readonly azure_bucket: string;
    readonly azure_sas_string: string;
    readonly azure_service_type: 'blob' | 'file';
} | {
    readonly type: 'webfolder';
    readonly webfolder_base_url: string;
} | {
    readonly type: 'webproxy';
}
/** not in the reference yet */
 | {
    readonly type: 's3_compatible';
};
/** What a Source is created with. */
export type NewSource = SourceChange & {
    readonly name: string;
    readonly deployment: DeploymentChange & Needed & {
        readonly imgix_subdomains: readonly string[];
    };
};
export type SourceResource = Resource<Attributes<typeof SOURCE_ATTRIBUTES>>;
export type SourceQuery = ListQuery<keyof typeof SOURCE_ATTRIBUTES, (typeof SOURCE_SORTS)[number], Filters<typeof SOURCE_FILTERS>, NumberPage>;
/** Lists the account's Sources page by page. Permission Sources, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
export declare function listSources(client: Client, query?: SourceQuery, ends?: Ends): Pages<SourceResource>;
/** Reads one Source. Permission Sources, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
export declare function getSource(client: Client, sourceId: string, { fields, ...ends }?: Pick<SourceQuery, 'fields'> & Ends): Promise<SourceResource>;
/** Creates and deploys a Source. Permission Sources, limit `deploy`. It is not sent again when its answer is lost: look
 *  for a Source with one of its subdomains first.
 *  @returns it with its new id, still `deploying`
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
export declare function createSource(client: Client, attributes: NewSource, ends?: Ends): Promise<SourceResource>;
/** Sets attributes of a Source, which deploys it again; the others stay. Permission Sources, limit `deploy`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
export declare function updateSource(client: Client, sourceId: string, attributes: SourceChange, ends?: Ends): Promise<SourceResource>;
export {};
