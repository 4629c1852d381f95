export const id = 334;
export const ids = [334];
export const modules = {

/***/ 4237:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  startEmulator: () => (/* binding */ startEmulator)
});

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ./lib/emulator/call.js
/** Thrown to answer a call at once. */
class Refusal extends Error {
    answer;
    constructor(answer) {
        super(`refused with ${answer.status}`);
        this.answer = answer;
    }
}
const pathCharacters = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/;
const queryCharacters = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?[\]]|%[0-9A-Fa-f]{2})*$/;
/** Splits a request target. Segments are undefined for a path that servers can read in two ways: characters that must be
 *  encoded, bytes that are not UTF-8, `.` and `..`, empty segments, and an encoded slash or NUL. */
function parseTarget(target) {
    const cut = target.indexOf('?');
    const path = cut === -1 ? target : target.slice(0, cut);
    const query = cut === -1 ? '' : target.slice(cut + 1);
    const valid = path.startsWith('/') && pathCharacters.test(path) && queryCharacters.test(query);
    return { path, query, segments: valid ? decodeSegments(path.slice(1)) : undefined };
}
/** @returns the decoded segments; undefined if one is unusable */
function decodeSegments(path) {
    if (!pathCharacters.test(path))
        return undefined;
    try {
        const segments = path.split('/').map(decodeURIComponent);
        return segments.some(isUnusable) ? undefined : segments;
    }
    catch {
        return undefined;
    }
}
function isUnusable(segment) {
    return segment === '' || segment === '.' || segment === '..' || segment.includes('/') || segment.includes('\0');
}
function hasBody(call) {
    return call.headers['transfer-encoding'] !== undefined || Number(call.headers['content-length'] ?? 0) > 0;
}

;// CONCATENATED MODULE: ./lib/emulator/documents.js


/** The key owner's address. Every real answer contains it, and no log may. */
const accountTag = 'owner@imgix-account.example';
const jsonApi = 'application/vnd.api+json';
const titles = {
    400: 'BadRequest',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'NotFound',
    405: 'MethodNotAllowed',
    409: 'Conflict',
    411: 'LengthRequired',
    413: 'PayloadTooLarge',
    415: 'UnsupportedMediaType',
    422: 'UnprocessableEntity',
    429: 'TooManyRequests',
    500: 'InternalServerError',
};
const meta = {
    authentication: {
        authorized: true,
        clientId: null,
        mode: 'PUBLIC_APIKEY',
        modeTitle: 'Public API Key',
        tag: accountTag,
        user: null,
    },
    server: { commit: '8835d05b', status: { healthy: true, read_only: false, tombstone: false }, version: '3.120.0' },
};
/** A document of one object or a list, as in the reference's examples. */
function dataAnswer(data, more = {}) {
    return jsonAnswer(200, { data, included: [], jsonapi: { version: '1.0' }, meta: { ...meta, ...more } });
}
function errorAnswer(status, detail, headers = {}) {
    const id = (0,external_node_crypto_.randomBytes)(16).toString('hex');
    const error = { detail, id, meta: {}, status: String(status), title: titles[status] ?? 'ServiceUnavailable' };
    const answer = jsonAnswer(status, { errors: [error], jsonapi: { version: '1.0' }, meta });
    return { ...answer, headers: { ...answer.headers, ...headers } };
}
/** @throws Refusal with a JSON:API errors document */
function refuse(status, detail, headers = {}) {
    throw new Refusal(errorAnswer(status, detail, headers));
}
/** The `data` of a JSON:API request, with the checks that all resources share.
 *  @throws Refusal 400 */
function readDocument(call, body, type) {
    requireJsonApi(call);
    const document = parseObject(body);
    const data = asObject(document.data);
    if (!data)
        refuse(400, "The document has no object 'data'.");
    if (data.type !== type)
        refuse(400, `data.type must be '${type}'.`);
    if (!asObject(data.attributes))
        refuse(400, "The document has no object 'data.attributes'.");
    return data;
}
/** For calls without a body, or with `{}`.
 *  @throws Refusal 400 */
function requireEmptyDocument(call, body) {
    if (!hasBody(call))
        return;
    requireJsonApi(call);
    if (Object.keys(parseObject(body)).length > 0)
        refuse(400, 'This call takes no attributes.');
}
function requireJsonApi(call) {
    if (call.headers['content-type'] !== jsonApi)
        refuse(400, `The Content-Type of this call must be ${jsonApi}.`);
}
/** Keeps the attributes that `fields[type]` names. A dot selects inside an object; an unknown name is ignored. */
function sparse(attributes, fields) {
    if (fields === null)
        return attributes;
    const kept = {};
    for (const field of fields.split(',')) {
        const [name = '', ...nested] = field.split('.');
        if (!(name in attributes))
            continue;
        const inner = asObject(attributes[name]);
        if (nested.length === 0 || !inner)
            kept[name] = attributes[name];
        else
            kept[name] = { ...asObject(kept[name]), ...sparse(inner, nested.join('.')) };
    }
    return kept;
}
function asObject(value) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? value : undefined;
}
function parseObject(body) {
    let value;
    try {
        value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    }
    catch {
        refuse(400, 'The body is not valid JSON.');
    }
    return asObject(value) ?? refuse(400, 'The body is not a JSON object.');
}
function jsonAnswer(status, document) {
    return { status, headers: { 'content-type': jsonApi }, body: JSON.stringify(document) };
}

;// CONCATENATED MODULE: ./lib/emulator/faults.js


/** Faults apply in the order in which they were added. One request has at most one fault, so two single faults on one path
 *  apply to two requests in turn. */
function createFaults() {
    const armed = [];
    return {
        add: (fault) => void armed.push({ fault, seen: 0, places: new Map() }),
        take(method, path) {
            for (const entry of armed) {
                const { on, after = 0, chance, times = chance ? Infinity : 1 } = entry.fault;
                if (entry.seen >= after + times || !matches(on, method, path))
                    continue;
                entry.seen += 1;
                const deeds = [entry.fault.do].flat();
                const drawn = chance ? draw(entry.places, chance.seed, `${method} ${path}`) : { luck: 0, index: 0 };
                if (entry.seen > after && drawn.luck < (chance?.share ?? 1))
                    return deeds[drawn.index % deeds.length];
            }
            return undefined;
        },
    };
}
/** Draws by the request and its number at its place, so that overlapping requests do not change what is drawn. */
function draw(places, seed, request) {
    const place = request.replace(/[0-9a-f]{8}(-[0-9a-f]{4,12}){4}/, 'ID');
    const number = (places.get(place) ?? 0) + 1;
    places.set(place, number);
    const hash = (0,external_node_crypto_.createHash)('sha256').update(`${seed} ${place} ${number}`).digest();
    return { luck: hash.readUInt32BE(0) / 2 ** 32, index: hash.readUInt32BE(4) };
}
/** The answer of the faults `answer` and `answerBody`, or the real one. */
function faultyAnswer(deed, real) {
    if ('answer' in deed) {
        const { status, headers, body } = deed.answer;
        const standard = errorAnswer(status, `The emulator was told to answer ${status}.`);
        return { status, headers: { ...standard.headers, ...headers }, body: body ?? standard.body };
    }
    if (!real)
        throw new Error('a fault that changes an answer needs one');
    if ('everyText' in deed)
        return { ...real, body: withTexts(String(real.body), deed) };
    if (!('answerBody' in deed))
        return real;
    const { status = real.status, headers, body } = deed.answerBody;
    return { status, headers: { ...real.headers, ...headers }, body };
}
function withTexts(body, { everyText, except = [] }) {
    if (body === '')
        return body;
    const replace = (key, value) => typeof value === 'string' && !except.includes(key) ? everyText : value;
    const { data, errors, ...rest } = JSON.parse(body);
    return JSON.stringify({ ...rest, ...JSON.parse(JSON.stringify({ data, errors }, replace)) });
}
function matches(on, method, path) {
    if (on.method !== undefined && on.method !== method)
        return false;
    if (on.path instanceof RegExp)
        return new RegExp(on.path.source, on.path.flags.replace(/[gy]/g, '')).test(path);
    return on.path === undefined || on.path === path;
}

;// CONCATENATED MODULE: ./lib/emulator/lists.js

/** The answer with one page of a list. */
function pageAnswer(list, { page, pageSize }, describe) {
    const totalPages = Math.max(1, Math.ceil(list.length / pageSize));
    const hasNextPage = page + 1 < totalPages;
    const pagination = {
        currentPage: page,
        hasNextPage,
        hasPreviousPage: page > 0,
        nextPage: hasNextPage ? page + 1 : page,
        pageSize,
        previousPage: Math.max(0, page - 1),
        totalPages,
        totalRecords: list.length,
    };
    return dataAnswer(list.slice(page * pageSize, (page + 1) * pageSize).map(describe), { pagination });
}
/** Sorts by a comma-separated list of keys, `-` for descending. The first key has priority, so it is applied last.
 *  @throws Refusal 400 for an unknown key */
function sorted(items, keys, query) {
    const asked = (query.get('sort') ?? '').split(',').filter((key) => key !== '');
    return asked.reverse().reduce((list, key) => {
        const read = keys[key.replace(/^-/, '')] ?? refuse(400, `This list cannot be sorted by ${key}.`);
        const direction = key.startsWith('-') ? -1 : 1;
        return list.toSorted((one, other) => {
            const [a, b] = [read(one), read(other)];
            return a === b ? 0 : a < b ? -direction : direction;
        });
    }, items);
}
/** @throws Refusal 400 for anything but a whole number of at least `min` */
function readWhole(query, name, range) {
    const text = query.get(name);
    if (text === null)
        return range.default;
    if (!/^\d{1,9}$/.test(text) || Number(text) < range.min)
        refuse(400, `${name} must be at least ${range.min}.`);
    return Number(text);
}

;// CONCATENATED MODULE: ./lib/emulator/source-rules.js

/** The attributes of a deployment: docs.imgix.com/apis/management/sources, read 2026-11 */
const common = {
    annotation: 'string',
    cache_ttl_behavior: ['respect_origin', 'override_origin', 'enforce_minimum'],
    cache_ttl_error: 'ttl',
    cache_ttl_value: 'ttl',
    crossdomain_xml_enabled: 'boolean',
    custom_domains: 'domains',
    default_params: 'params',
    image_error: 'string or null',
    image_error_append_qs: 'boolean',
    image_missing: 'string or null',
    image_missing_append_qs: 'boolean',
    imgix_subdomains: 'subdomains',
    secure_url_enabled: 'boolean',
    type: ['azure', 'gcs', 's3', 's3_compatible', 'webfolder', 'webproxy'],
};
const own = {
    s3: {
        table: { s3_access_key: 'string', s3_bucket: 'string', s3_prefix: 'string or null', s3_secret_key: 'string' },
        optional: ['s3_prefix'],
    },
    gcs: {
        table: { gcs_access_key: 'string', gcs_bucket: 'string', gcs_prefix: 'string or null', gcs_secret_key: 'string' },
        optional: ['gcs_prefix'],
    },
    azure: {
        table: {
            azure_account: 'string',
            azure_bucket: 'string',
            azure_prefix: 'string or null',
            azure_sas_string: 'string',
            azure_service_type: ['blob', 'file'],
        },
        optional: ['azure_prefix'],
    },
    s3_compatible: { table: { bucket_name: 'string', region: 'string', storage_provider: 'string' } },
    webfolder: { table: { webfolder_base_url: 'string' } },
    webproxy: { table: {} },
};
const uploads = {
    s3: ['s3_access_key', 's3_secret_key'],
    gcs: ['gcs_access_key', 'gcs_secret_key'],
    azure: ['azure_sas_string'],
};
/** Attributes that answers leave out. */
const writeOnly = ['s3_secret_key', 'gcs_secret_key', 'azure_sas_string'];
const defaults = {
    annotation: 'New deployment created for source by the emulator.',
    cache_ttl_behavior: 'respect_origin',
    cache_ttl_error: 300,
    cache_ttl_value: 31_536_000,
    crossdomain_xml_enabled: false,
    custom_domains: [],
    default_params: {},
    image_error: null,
    image_error_append_qs: false,
    image_missing: null,
    image_missing_append_qs: false,
    secure_url_enabled: false,
};
/** @returns the deployment with its defaults
 *  @throws Refusal 400 for attributes that the reference does not allow */
function readDeployment(given) {
    const deployment = asObject(given) ?? refuse(400, 'deployment must be an object.');
    const { table, optional = [] } = own[deployment.type] ?? refuse(400, 'deployment.type is not accepted.');
    checkKinds(deployment, { ...common, ...table }, 'deployment');
    const required = ['imgix_subdomains', ...Object.keys(table).filter((name) => !optional.includes(name))];
    for (const name of required)
        if (deployment[name] === undefined)
            refuse(400, `deployment.${name} is required.`);
    return withDefaults(deployment);
}
/** Checks nothing: a test can need a Source that the API would refuse. */
function withDefaults(deployment) {
    const { optional = [] } = own[deployment.type];
    return { ...defaults, ...Object.fromEntries(optional.map((name) => [name, null])), ...deployment };
}
/** @throws Refusal 400 */
function checkUploadCredentials(given, type) {
    const credentials = asObject(given) ?? refuse(400, 'upload_credentials must be an object.');
    const names = uploads[type] ?? refuse(400, `Uploading is not supported for Sources of type ${type}.`);
    if (credentials.type !== type)
        refuse(400, 'The type of upload_credentials must match the Source type.');
    checkKinds(credentials, { type: ['azure', 'gcs', 's3'], ...kindsOf(names) }, 'upload_credentials');
    for (const name of names)
        if (credentials[name] === undefined)
            refuse(400, `upload_credentials.${name} is required.`);
    return credentials;
}
/** @throws Refusal 400 for attributes that are not in the table, or not of their kind */
function checkKinds(given, table, object) {
    for (const [name, value] of Object.entries(given)) {
        const kind = Object.hasOwn(table, name) ? table[name] : undefined;
        if (kind === undefined)
            refuse(400, `${object}.${name} cannot be set.`);
        if (!isOfKind(value, kind))
            refuse(400, `${object}.${name} is not valid.`);
    }
}
function kindsOf(names) {
    return Object.fromEntries(names.map((name) => [name, 'string']));
}
function isOfKind(value, kind) {
    if (kind === 'boolean')
        return typeof value === 'boolean';
    if (kind === 'ttl')
        return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 31_536_000;
    if (kind === 'string')
        return typeof value === 'string' && value !== '';
    if (kind === 'string or null')
        return value === null || (typeof value === 'string' && value !== '');
    if (kind === 'params')
        return Object.values(asObject(value) ?? { none: {} }).every((each) => typeof each !== 'object');
    if (kind === 'subdomains')
        return isListOf(value, /^[a-z\d-]+$/) && value.length > 0;
    if (kind === 'domains')
        return isListOf(value, /^[a-z\d-]+(\.[a-z\d-]+)+$/);
    return kind.includes(String(value));
}
function isListOf(value, form) {
    return Array.isArray(value) && value.every((item) => typeof item === 'string' && form.test(item));
}

// EXTERNAL MODULE: external "node:url"
var external_node_url_ = __webpack_require__(3136);
;// CONCATENATED MODULE: ./lib/emulator/state.js


/** @param source the Source that the account starts with */
function createState(settings, source) {
    return {
        settings,
        origin: '',
        sources: new Map([[source.id, source]]),
        objects: new Map(),
        assets: new Map(),
        sessions: new Map(),
        purges: [],
        reports: [],
        onPurge: [],
        purgedAt: new Map(),
        sequence: 0,
    };
}
function nowSeconds() {
    return Math.floor(Date.now() / 1000);
}
function storeObject(state, originPath, object) {
    const { bytes, sha256, buffer: body, contentType, via, modifiedAt = Date.now() } = object;
    state.sequence += 1;
    state.objects.set(originPath, { bytes, sha256, contentType, body, via, storedAt: state.sequence, modifiedAt });
}
/** Adds an object to the Asset Manager. The attributes that a user set survive new bytes. */
function recordAsset(state, originPath, uploadedByApi) {
    const known = state.assets.get(originPath);
    const now = nowSeconds();
    state.assets.set(originPath, {
        updatable: known?.updatable ?? { categories: [], custom_fields: null, description: null, name: null, tags: {} },
        dateCreated: known?.dateCreated ?? now,
        dateModified: now,
        uploadedByApi: uploadedByApi || (known?.uploadedByApi ?? false),
    });
}
const dayMs = 86_400_000;
/** Puts an object into the bucket and the Asset Manager, stored one day ago. */
function seedObject(state, originPath, content) {
    const body = Buffer.from(content);
    const sha256 = state.settings.hashBodies ? (0,external_node_crypto_.createHash)('sha256').update(body).digest('hex') : '';
    const buffer = state.settings.keepBodies ? body : undefined;
    const modifiedAt = Date.now() - dayMs;
    storeObject(state, originPath, {
        bytes: body.length,
        sha256,
        buffer,
        contentType: undefined,
        via: 'upload',
        modifiedAt,
    });
    recordAsset(state, originPath, false);
}
/** The host names of the Source, as URLs have them. */
function domainsOf({ source }) {
    const names = [...source.imgixSubdomains.map((name) => `${name}.imgix.net`), ...source.customDomains];
    return names.map((name) => (0,external_node_url_.domainToASCII)(name) || name);
}

;// CONCATENATED MODULE: ./lib/emulator/source-records.js




const ownAttributes = {
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
};
/** The Source that the account starts with. */
function firstSource({ source }) {
    const { type, imgixSubdomains, customDomains, secureUrlToken } = source;
    const deployment = {
        type,
        imgix_subdomains: imgixSubdomains,
        custom_domains: customDomains,
        secure_url_enabled: secureUrlToken !== undefined,
        ...ownAttributes[type],
    };
    return {
        id: source.id,
        name: 'Emulated Source',
        enabled: source.enabled,
        deployment: withDefaults(deployment),
        uploadCredentials: undefined,
        dateDeployed: 1_594_942_125,
        secureUrlToken,
        statuses: [],
    };
}
/** @returns the Source as a resource of an answer */
function sourceDocument({ settings }, record, fields) {
    const { id, name, enabled, deployment, statuses, dateDeployed, secureUrlToken } = record;
    const { type } = deployment;
    const isWeb = type === 'webfolder' || type === 'webproxy';
    const isFirst = id === settings.source.id;
    const allows = record.uploadCredentials !== undefined || (isFirst && settings.source.allowsUpload);
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
    };
    return { attributes: sparse(attributes, fields), id, type: 'sources' };
}
/** Advances the deployment by one status. Every answer about the Source does so. */
function proceed(record) {
    if (record.statuses.length === 0)
        return;
    record.statuses.shift();
    if (record.statuses.length === 0)
        record.dateDeployed = laterDate(record);
}
function laterDate({ dateDeployed }) {
    return Math.max(nowSeconds(), dateDeployed + 1);
}
function createSource(state, call) {
    return {
        keep: true,
        finish: ({ buffer }) => {
            const data = readDocument(call, buffer, 'sources');
            if (data.id !== undefined)
                refuse(400, 'data.id must not be set.');
            const { name, deployment, enabled = true } = checkTop(data.attributes, ['deployment', 'enabled', 'name']);
            if (name === undefined)
                refuse(400, 'name is required.');
            const record = {
                id: (0,external_node_crypto_.randomBytes)(12).toString('hex'),
                name: name,
                enabled: enabled,
                deployment: readDeployment(deployment),
                uploadCredentials: undefined,
                dateDeployed: nowSeconds(),
                secureUrlToken: (0,external_node_crypto_.randomBytes)(8).toString('hex'),
                statuses: [...state.settings.deployStatuses],
            };
            requireFreeDomains(state, record);
            return { ...answerWrite(state, record), status: 201 };
        },
    };
}
/** Absent attributes stay. The reference says that an object is replaced whole; `mergesDeployments` merges it. */
function patchSource(state, call, record) {
    return {
        keep: true,
        finish: ({ buffer }) => {
            const data = readDocument(call, buffer, 'sources');
            if (data.id !== record.id)
                refuse(400, `data.id must be '${record.id}'.`);
            const given = checkTop(data.attributes, ['deployment', 'enabled', 'name', 'upload_credentials']);
            const { deployment, upload_credentials: credentials, ...rest } = given;
            const whole = state.settings.mergesDeployments ? { ...record.deployment, ...asObject(deployment) } : deployment;
            const next = {
                ...record,
                ...rest,
                ...(deployment === undefined ? {} : { deployment: readDeployment(whole) }),
            };
            if (credentials !== undefined)
                next.uploadCredentials = checkUploadCredentials(credentials, next.deployment.type);
            requireFreeDomains(state, next);
            next.secureUrlToken ??= (0,external_node_crypto_.randomBytes)(8).toString('hex');
            const deploys = deployment !== undefined || given.enabled !== undefined;
            if (deploys)
                next.statuses = [...state.settings.deployStatuses];
            if (deploys && next.statuses.length === 0)
                next.dateDeployed = laterDate(record);
            return answerWrite(state, next);
        },
    };
}
function answerWrite(state, record) {
    state.sources.set(record.id, record);
    const answer = dataAnswer(sourceDocument(state, record, null));
    proceed(record);
    return answer;
}
function checkTop(given, names) {
    const attributes = asObject(given) ?? {};
    for (const name of Object.keys(attributes))
        if (!names.includes(name))
            refuse(400, `${name} cannot be set.`);
    const { name = 'x', enabled = true } = attributes;
    checkKinds({ name, enabled }, { name: 'string', enabled: 'boolean' }, 'attributes');
    return attributes;
}
/** Domains are unique across the Sources of all accounts. */
function requireFreeDomains({ sources, settings }, { id, deployment }) {
    const others = [...sources.values()].filter((other) => other.id !== id);
    for (const name of ['imgix_subdomains', 'custom_domains']) {
        const taken = [...others.flatMap((other) => other.deployment[name]), ...settings.takenSubdomains];
        const domain = deployment[name].find((each) => taken.includes(each));
        if (domain !== undefined)
            refuse(400, `deployment.${name}: '${domain}' is already in use.`);
    }
}

;// CONCATENATED MODULE: ./lib/emulator/sources.js



function getSource(state, call, record) {
    return withoutBody(call, () => {
        const answer = dataAnswer(sourceDocument(state, record, fieldsOf(call)));
        proceed(record);
        return answer;
    });
}
const FILTERS = {
    ...Object.fromEntries(['azure_bucket', 'custom_domains', 'gcs_bucket', 'imgix_subdomains', 'webfolder_base_url', 's3_bucket', 'type'].map((name) => [`deployment.${name}`, ({ deployment }) => deployment[name]])),
    enabled: ({ enabled }) => String(enabled),
    name: ({ name }) => name,
    type: ({ deployment }) => deployment.type,
};
const SORTS = {
    date_deployed: ({ dateDeployed }) => dateDeployed,
    enabled: ({ enabled }) => Number(enabled),
    name: ({ name }) => name,
};
/** Lists the account's Sources. A filter matches a part of the text; an unknown filter is ignored. */
function listSources(state, call) {
    const query = new URLSearchParams(call.query);
    const page = readWhole(query, 'page[number]', { min: 0, default: 0 });
    const pageSize = Math.min(state.settings.listLimit, readWhole(query, 'page[size]', { min: 1, default: 20 }));
    return withoutBody(call, () => {
        const records = sorted([...state.sources.values()].filter(matcher(query)), SORTS, query);
        return pageAnswer(records, { page, pageSize }, (record) => sourceDocument(state, record, fieldsOf(call)));
    });
}
function matcher(query) {
    const wanted = [...query].flatMap(([name, value]) => {
        const read = FILTERS[/^filter\[(.+)\]$/.exec(name)?.[1] ?? ''];
        return read === undefined ? [] : [{ read, value }];
    });
    return (record) => wanted.every(({ read, value }) => {
        const found = read(record);
        return [found ?? []].flat().some((each) => String(each).includes(value));
    });
}
function fieldsOf(call) {
    return new URLSearchParams(call.query).get('fields[sources]');
}
/** Admits a call that has no body, or `{}`. */
function withoutBody(call, finish) {
    return {
        keep: true,
        finish: ({ buffer }) => {
            requireEmptyDocument(call, buffer);
            return finish();
        },
    };
}
/** @throws Refusal 400 for a Source without uploads */
function requireUploads({ source }) {
    if (source.type === 'webfolder' || source.type === 'webproxy') {
        refuse(400, `Uploading is not supported for Sources of type ${source.type}.`);
    }
    if (source.allowsUpload === false)
        refuse(400, 'This Source has no upload_credentials that allow uploading.');
}

;// CONCATENATED MODULE: ./lib/emulator/assets.js




/** @see https://docs.imgix.com/apis/management/assets ("a maximum count of 1,001") */
const maxTotal = 1001;
const assets_SORTS = {
    date_created: ({ record }) => record.dateCreated,
    date_modified: ({ record }) => record.dateModified,
    file_size: ({ bytes }) => bytes,
};
function getAsset(state, call, originPath) {
    return withoutBody(call, () => dataAnswer(assetDocument(state, call, originPath)));
}
/** Lists the Source's assets by cursor. imgix's own apps page by number and size and read the cursor of the answer, so both are
 *  accepted; a cursor is an offset. */
function listAssets(state, call) {
    const query = new URLSearchParams(call.query);
    const size = readWhole(query, 'page[size]', { min: 1, default: 20 });
    const limit = Math.min(state.settings.listLimit, readWhole(query, 'page[limit]', { min: 1, default: size }));
    const first = limit * readWhole(query, 'page[number]', { min: 0, default: 0 });
    const start = readWhole(query, 'page[cursor]', { min: 0, default: first });
    const wanted = query.get('filter[origin_path]') ?? '';
    const field = [...query.keys()]
        .map((name) => /^filter\[custom:(.+)\]$/.exec(name)?.[1])
        .find((name) => name !== undefined);
    return withoutBody(call, () => {
        const found = [...state.assets]
            .filter(([, { updatable }]) => field === undefined || hasField(updatable.custom_fields, field, query))
            .filter(([path]) => `/${path}`.includes(wanted))
            .map(([path, record]) => ({ path, record, bytes: state.objects.get(path)?.bytes ?? 0 }));
        const paths = sorted(found, assets_SORTS, query).map(({ path }) => path);
        const end = start + limit;
        const cursor = {
            current: String(start),
            estimatedRecords: null,
            hasMore: end < paths.length,
            next: end < paths.length ? String(end) : null,
            totalRecords: String(Math.min(maxTotal, paths.length)),
        };
        return dataAnswer(paths.slice(start, end).map((path) => assetDocument(state, call, path)), { cursor });
    });
}
/** A filter without a value matches every asset with the field. */
function hasField(fields, name, query) {
    const value = query.get(`filter[custom:${name}]`);
    const own = asObject(fields)?.[name];
    return own !== undefined && (value === '' || String(own) === value);
}
/** Absent attributes stay. Lists and objects are replaced whole. */
function patchAsset(state, call, originPath) {
    const record = state.assets.get(originPath) ?? refuse(404, 'Resource not found.');
    return {
        keep: true,
        finish: ({ buffer }) => {
            const data = readDocument(call, buffer, 'assets');
            const id = `${state.settings.source.id}/${originPath}`;
            if (data.id !== id)
                refuse(400, `data.id must be '${id}'.`);
            update(record, asObject(data.attributes) ?? {});
            return dataAnswer(assetDocument(state, call, originPath));
        },
    };
}
/** Queues a path for the Asset Manager. Like imgix, it also accepts a path without an object, and drops it silently. */
function addAsset(state, call, originPath) {
    return withoutBody(call, () => {
        if (state.objects.has(originPath))
            recordAsset(state, originPath, false);
        return { status: 202, headers: {}, body: '' };
    });
}
function refreshAsset(state, call, originPath) {
    return withoutBody(call, () => {
        if (!state.objects.has(originPath))
            refuse(404, 'Resource not found.');
        recordAsset(state, originPath, false);
        return dataAnswer(assetDocument(state, call, originPath));
    });
}
/** @throws Refusal 404 for a path that is not in the Asset Manager */
function assetDocument(state, call, originPath) {
    const record = state.assets.get(originPath);
    const object = state.objects.get(originPath);
    if (!record || !object)
        return refuse(404, 'Resource not found.');
    const contentType = object.contentType ?? 'application/octet-stream';
    const attributes = {
        ...analysis,
        ...record.updatable,
        content_type: contentType,
        date_created: record.dateCreated,
        date_modified: record.dateModified,
        file_size: object.bytes,
        media_kind: mediaKind(contentType),
        origin_path: `/${originPath}`,
        source_id: state.settings.source.id,
        uploaded_by: null,
        uploaded_by_api: record.uploadedByApi,
    };
    const fields = new URLSearchParams(call.query).get('fields[assets]');
    return {
        attributes: sparse(attributes, fields),
        id: `${state.settings.source.id}/${originPath}`,
        type: 'assets',
    };
}
/** Attributes that imgix finds in the pixels. The emulator reads no pixels. */
const analysis = {
    analyzed_content_warnings: false,
    analyzed_faces: false,
    analyzed_tags: false,
    color_model: 'RGB',
    color_profile: null,
    colors: { dominant_colors: {} },
    dpi_height: 72,
    dpi_width: 72,
    face_count: 0,
    has_frames: false,
    media_height: 1,
    media_width: 1,
    warning_adult: 0,
    warning_medical: 0,
    warning_racy: 0,
    warning_spoof: 0,
    warning_violence: 0,
};
function update(record, attributes) {
    const { categories } = attributes;
    if (categories !== undefined && !Array.isArray(categories))
        refuse(400, 'categories must be a list.');
    for (const name of ['custom_fields', 'tags']) {
        const value = attributes[name];
        if (value !== undefined && value !== null && !asObject(value))
            refuse(400, `${name} must be an object.`);
    }
    for (const name of Object.keys(attributes)) {
        if (!(name in record.updatable))
            refuse(400, `${name} cannot be updated.`);
    }
    Object.assign(record.updatable, attributes);
    record.dateModified = nowSeconds();
}
function mediaKind(contentType) {
    if (contentType === 'image/svg+xml')
        return 'VECTOR';
    if (contentType === 'application/pdf')
        return 'DOCUMENT';
    return contentType === 'image/gif' || contentType.startsWith('video/') ? 'ANIMATION' : 'IMAGE';
}

;// CONCATENATED MODULE: ./lib/emulator/sas.js

const version = '2022-11-02';
/** Presigns a PUT of one blob by a service SAS.
 *  @param path raw and encoded, `/container/blob` after the first segment, which is the emulator's
 *  @returns the query
 *  @see https://learn.microsoft.com/rest/api/storageservices/create-service-sas */
function createSas(request, account) {
    const expiry = new Date(request.now.getTime() + request.expiresSeconds * 1000);
    const fields = { sv: version, sr: 'b', sp: 'cw', se: expiry.toISOString().replace(/\.\d{3}/, '') };
    const query = new URLSearchParams({ ...fields, session: request.session });
    query.set('sig', sign(request.path, query, account));
    return query.toString();
}
/** Checks a SAS as Azure does, with Azure's error codes. */
function verifySas({ path, query, headers }, account, nowMs) {
    const parameters = new URLSearchParams(query);
    const given = parameters.get('sig');
    if (given === null)
        return sas_refuse('ResourceNotFound', 404);
    if (sign(path, parameters, account) !== given)
        return sas_refuse('AuthenticationFailed');
    if (nowMs >= Date.parse(parameters.get('se') ?? ''))
        return sas_refuse('AuthenticationFailed');
    if (!parameters.get('sp')?.includes('w'))
        return sas_refuse('AuthorizationPermissionMismatch');
    return headers['x-ms-blob-type'] === undefined ? sas_refuse('MissingRequiredHeader', 400) : { ok: true };
}
function sas_refuse(code, status = 403) {
    return { ok: false, status, code, message: `${code}, as the documents call it.\nRequestId:1\nTime:now` };
}
function sign(path, parameters, { name, key }) {
    const field = (each) => parameters.get(each) ?? '';
    const [, , ...blob] = path.split('/').map(decodeURIComponent);
    const resource = `/blob/${name}/${blob.join('/')}`;
    const stringToSign = [
        ...[field('sp'), field('st'), field('se'), resource, field('si'), field('sip'), field('spr'), field('sv')],
        ...[field('sr'), '', field('ses'), field('rscc'), field('rscd'), field('rsce'), field('rscl'), field('rsct')],
    ].join('\n');
    return (0,external_node_crypto_.createHmac)('sha256', Buffer.from(key, 'base64')).update(stringToSign, 'utf8').digest('base64');
}

;// CONCATENATED MODULE: ./lib/emulator/sigv4.js

const awsDialect = {
    name: 'AWS4',
    prefix: 'X-Amz',
    scope: ['s3', 'aws4_request'],
    expired: { status: 403, code: 'AccessDenied', message: 'Request has expired' },
};
/** Presigns a request by query parameters. Only the host is signed, so the request can have any Content-Type. The
 *  session's id is a parameter, so that all URLs differ.
 *  @returns the query; `path` is raw and encoded
 *  @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 *  @see https://docs.cloud.google.com/storage/docs/authentication/signatures */
function presign(request, credentials, dialect = awsDialect) {
    const { prefix } = dialect;
    const date = request.now.toISOString().replace(/[-:]|\.\d{3}/g, '');
    const query = [
        [`${prefix}-Algorithm`, algorithmOf(dialect)],
        [`${prefix}-Credential`, `${credentials.accessKeyId}/${scopeOf(date, credentials, dialect)}`],
        [`${prefix}-Date`, date],
        [`${prefix}-Expires`, String(request.expiresSeconds)],
        [`${prefix}-SignedHeaders`, 'host'],
        ['session', request.session],
    ]
        .map(([name = '', value = '']) => `${encode(name)}=${encode(value)}`)
        .join('&');
    const { method, path, host } = request;
    const signature = sigv4_sign({ method, path, query, headers: { host } }, { names: ['host'], date, credentials, dialect });
    return `${query}&${prefix}-Signature=${signature}`;
}
/** Checks a presigned request as the storage does, with its error codes. */
function verifyPresigned(request, credentials, nowMs, dialect = awsDialect) {
    const { prefix, expired } = dialect;
    const algorithm = algorithmOf(dialect);
    const parameters = new Map(parse(request.query));
    const [given, date, names] = ['Signature', 'Date', 'SignedHeaders'].map((name) => parameters.get(`${prefix}-${name}`) ?? '');
    const expires = Number(parameters.get(`${prefix}-Expires`));
    if (!given || !date || !names)
        return refusal('AccessDenied', 'Access Denied');
    if (parameters.get(`${prefix}-Algorithm`) !== algorithm)
        return badQuery(`${prefix}-Algorithm only supports ${algorithm}`);
    if (!/^\d{8}T\d{6}Z$/.test(date))
        return badQuery(`${prefix}-Date must be formatted yyyyMMddTHHmmssZ`);
    if (!(Number.isInteger(expires) && expires >= 1 && expires <= 604_800))
        return badQuery(`${prefix}-Expires is out of range`);
    const expected = `${credentials.accessKeyId}/${scopeOf(date, credentials, dialect)}`;
    if (parameters.get(`${prefix}-Credential`) !== expected)
        return refusal('InvalidAccessKeyId', 'The key is not known here.');
    const signedHeaders = names.split(';');
    if (!signedHeaders.includes('host'))
        return refusal('AccessDenied', 'The host header must be signed');
    const isOwn = (name) => name.startsWith(`${prefix.toLowerCase()}-`);
    const stray = Object.keys(request.headers).find((name) => isOwn(name) && !signedHeaders.includes(name));
    if (stray)
        return refusal('AccessDenied', `There were headers present in the request which were not signed: ${stray}`);
    const start = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
    // S3 allows a clock that is 15 minutes ahead.
    if (start > nowMs + 900_000)
        return refusal('AccessDenied', 'Request is not valid yet');
    if (nowMs >= start + expires * 1000)
        return { ok: false, ...expired };
    if (sigv4_sign(request, { names: signedHeaders, date, credentials, dialect }) === given)
        return { ok: true };
    return refusal('SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.');
}
/** @param names of the signed headers */
function sigv4_sign(request, { names, date, credentials, dialect }) {
    const scope = scopeOf(date, credentials, dialect);
    const hash = sha256(canonical(request, names, dialect));
    const stringToSign = [algorithmOf(dialect), date, scope, hash].join('\n');
    const key = dialect.scope.reduce((secret, part) => hmac(secret, part), hmac(hmac(`${dialect.name}${credentials.secretAccessKey}`, date.slice(0, 8)), credentials.region));
    return hmac(key, stringToSign).toString('hex');
}
function algorithmOf({ name }) {
    return `${name}-HMAC-SHA256`;
}
function canonical(request, signedHeaders, { prefix }) {
    const query = parse(request.query)
        .filter(([name]) => name !== `${prefix}-Signature`)
        .map(([name, value]) => `${encode(name)}=${encode(value)}`)
        .sort()
        .join('&');
    const headers = signedHeaders.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`).join('');
    const path = request.path.split('/').map(decodeURIComponent).map(encode).join('/');
    return [request.method, path, query, headers, signedHeaders.join(';'), 'UNSIGNED-PAYLOAD'].join('\n');
}
function parse(query) {
    return query.split('&').map((pair) => {
        const [name = '', ...value] = pair.split('=');
        return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
    });
}
/** AWS encodes all but the unreserved characters of RFC 3986. */
function encode(text) {
    return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
function scopeOf(date, { region }, { scope }) {
    return [date.slice(0, 8), region, ...scope].join('/');
}
function hmac(key, text) {
    return (0,external_node_crypto_.createHmac)('sha256', key).update(text).digest();
}
function sha256(text) {
    return (0,external_node_crypto_.createHash)('sha256').update(text).digest('hex');
}
function badQuery(message) {
    return refusal('AuthorizationQueryParametersError', message);
}
function refusal(code, message) {
    return { ok: false, status: code === 'AuthorizationQueryParametersError' ? 400 : 403, code, message };
}

;// CONCATENATED MODULE: ./lib/emulator/storages.js


const bucketCredentials = {
    accessKeyId: 'AKIAEMULATEDBUCKET01',
    secretAccessKey: 'emulated/bucket/secret/key/for/loopback01',
    region: 'us-east-1',
};
const azureAccount = { name: 'emulated', key: Buffer.from('emulated/account/key').toString('base64') };
const gib = 1024 ** 3;
const xml = '<?xml version="1.0" encoding="UTF-8"?>\n';
function bySignature(dialect, credentials, more = {}) {
    return {
        presign: (request) => presign(request, credentials, dialect),
        verify: (request, nowMs) => verifyPresigned(request, credentials, nowMs, dialect),
        expired: dialect.expired,
        maxBytes: 5 * gib,
        tooLarge: 'EntityTooLarge',
        stored: { status: 200, headers: {} },
        start: xml,
        errorHeaders: () => ({}),
        ...more,
    };
}
const googleDialect = {
    name: 'GOOG4',
    prefix: 'X-Goog',
    scope: ['storage', 'goog4_request'],
    expired: { status: 400, code: 'ExpiredToken', message: 'The provided token has expired.' },
};
const r2Dialect = {
    ...awsDialect,
    expired: { status: 400, code: 'ExpiredRequest', message: 'Request has expired' },
};
const storages = {
    s3: bySignature(awsDialect, bucketCredentials),
    gcs: bySignature(googleDialect, { ...bucketCredentials, accessKeyId: 'GOOG1EMULATED', region: 'auto' }, {
        stored: { status: 200, headers: { 'content-type': 'text/html; charset=UTF-8' } },
        start: "<?xml version='1.0' encoding='UTF-8'?>",
    }),
    // 5 GiB less 5 MiB
    r2: bySignature(r2Dialect, { ...bucketCredentials, region: 'auto' }, { maxBytes: 5 * gib - 5 * 1024 ** 2 }),
    azure: {
        presign: (request) => createSas(request, azureAccount),
        verify: (request, nowMs) => verifySas(request, azureAccount, nowMs),
        expired: { status: 403, code: 'AuthenticationFailed', message: 'Signature not valid in the specified time frame' },
        maxBytes: 5000 * 1024 ** 2,
        tooLarge: 'RequestBodyTooLarge',
        stored: { status: 201, headers: { 'x-ms-request-server-encrypted': 'true' } },
        start: '\uFEFF<?xml version="1.0" encoding="utf-8"?>',
        errorHeaders: (code) => ({ 'x-ms-error-code': code }),
    },
};

;// CONCATENATED MODULE: ./lib/emulator/bucket.js





function bucketPath(sourceId, originPath) {
    return `/bucket/${sourceId}/${originPath.split('/').map(encodeURIComponent).join('/')}`;
}
/** The limit of a key, in bytes. */
const keyMaxBytes = 1024;
/** A PUT to a presigned URL, as strict as the storage. The object is stored when its last byte has arrived. */
function putObject(state, call) {
    const storage = storages[state.settings.storage];
    const refuse = (status, code, message) => refuseXml(storage, { status, code, message });
    const [, sourceId, ...rest] = call.segments ?? [];
    const key = rest.join('/');
    if (call.segments === undefined)
        refuse(400, 'InvalidURI', "Couldn't parse the specified URI.");
    if (sourceId !== state.settings.source.id)
        refuse(404, 'NoSuchBucket', 'The specified bucket does not exist');
    if (rest.length === 0)
        refuse(404, 'NoSuchKey', 'The specified key does not exist.');
    if (Buffer.byteLength(key) > keyMaxBytes)
        refuse(400, 'KeyTooLongError', 'Your key is too long');
    if (call.method !== 'PUT')
        refuse(405, 'MethodNotAllowed', 'The specified method is not allowed here.');
    requireHeaders(call, storage);
    const session = authorize(state, call, storage);
    return {
        keep: state.settings.keepBodies,
        finish: (body) => {
            if (session)
                requireOpen(session, storage);
            storeObject(state, key, { ...body, contentType: call.headers['content-type'], via: 'session' });
            if (session)
                session.stored = true;
            const { status, headers } = storage.stored;
            return { status, headers: { ...headers, etag: `"${(0,external_node_crypto_.randomBytes)(16).toString('hex')}"` }, body: '' };
        },
    };
}
function requireHeaders({ headers }, storage) {
    const refuse = (status, code, message) => refuseXml(storage, { status, code, message });
    if (headers.authorization !== undefined)
        refuse(400, 'InvalidArgument', 'Only one auth mechanism allowed');
    const stray = Object.keys(headers).find((name) => name.startsWith('x-imgix'));
    if (stray)
        refuse(400, 'InvalidRequest', `${stray} does not belong here`);
    if (headers['transfer-encoding'] !== undefined) {
        refuse(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented');
    }
    if (headers['content-length'] === undefined) {
        refuse(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
    }
    if (Number(headers['content-length']) > storage.maxBytes) {
        refuse(storage.tooLarge === 'EntityTooLarge' ? 400 : 413, storage.tooLarge, 'Your proposed upload is too large');
    }
}
/** @returns the session of the URL; undefined for a URL that a test signed itself */
function authorize(state, call, storage) {
    const verdict = storage.verify(call, Date.now());
    if (!verdict.ok)
        return refuseXml(storage, { status: 403, ...verdict });
    const session = state.sessions.get(new URLSearchParams(call.query).get('session') ?? '');
    if (session)
        requireOpen(session, storage);
    return session;
}
function requireOpen(session, storage) {
    if (Date.now() >= session.expiresAt)
        refuseXml(storage, storage.expired);
    if (session.status !== 'PENDING')
        refuseXml(storage, { status: 403, code: 'AccessDenied', message: 'Access Denied' });
}
function refuseXml({ start, errorHeaders }, { status, code, message }) {
    const requestId = (0,external_node_crypto_.randomBytes)(8).toString('hex').toUpperCase();
    const body = `${start}<Error><Code>${code}</Code><Message>${message}</Message><RequestId>${requestId}</RequestId></Error>`;
    const answer = { status, headers: { 'content-type': 'application/xml', ...errorHeaders(code) }, body };
    throw new Refusal(answer);
}

;// CONCATENATED MODULE: ./lib/emulator/limits.js
/** @see https://docs.imgix.com/references/api-rate-limits (read 2026-11-21) */
const documentedRules = {
    upload: { count: 2, perMs: 1000 },
    purge: { count: 10, perMs: 1000 },
    get: { count: 10, perMs: 1000 },
    refresh: { count: 10, perMs: 60_000 },
    create: { count: 60, perMs: 3_600_000 },
    update: { count: 60, perMs: 3_600_000 },
    default: { count: 4, perMs: 1000 },
};
/** A sliding window for each class: a request is refused if `count` others were admitted in the last `perMs`. A refused
 *  request does not count, so a client that waits is admitted again. */
function createLimits(rules) {
    const admitted = new Map();
    let violations = 0;
    return {
        violations: () => violations,
        admit(limitClass, now) {
            const rule = limitClass && rules[limitClass];
            if (!limitClass || !rule)
                return true;
            const recent = (admitted.get(limitClass) ?? []).filter((at) => at > now - rule.perMs);
            const within = recent.length < rule.count;
            if (within)
                recent.push(now);
            else
                violations += 1;
            admitted.set(limitClass, recent);
            return within;
        },
    };
}
/** The path of today for one of an older route, which `routes.ts` answers too. */
function todaysPath(path) {
    return path
        .replace(/^\/api\/v1\/assets\/([^/]+)/, '/api/v1/sources/$1/assets')
        .replace(/^\/api\/v1\/sources\/upload\/([^/]+)/, '/api/v1/sources/$1/upload');
}
/** @returns the limit class of a request; undefined for the bucket, which has no limit */
function limitClassOf(method, path) {
    if (!path.startsWith('/api/v1/'))
        return undefined;
    if (method === 'POST' && path === '/api/v1/purge')
        return 'purge';
    if (method === 'POST' && path === '/api/v1/sources')
        return 'create';
    if (method === 'PATCH' && /^\/api\/v1\/sources\/[^/]+$/.test(path))
        return 'update';
    const section = /^\/api\/v1\/sources\/[^/]+\/(.+)$/.exec(todaysPath(path))?.[1] ?? '';
    if (method === 'POST' && section.startsWith('upload/'))
        return 'upload';
    if (method === 'POST' && section.startsWith('assets/refresh/'))
        return 'refresh';
    return method === 'GET' && section.startsWith('assets/') ? 'get' : 'default';
}

;// CONCATENATED MODULE: ./lib/emulator/purges.js




/** A duplicate within 10 seconds is answered with 409, and still purges.
 *  @see https://docs.imgix.com/apis/management/purges */
const duplicateMs = 10_000;
function purge(state, call) {
    return {
        keep: true,
        finish: ({ buffer }) => {
            const { attributes } = readDocument(call, buffer, 'purges');
            const { url, subImage } = readAttributes(state, asObject(attributes) ?? {});
            const key = `${keyOf(state, url)}${subImage && !state.settings.duplicatesByUrl ? ' as a sub-image' : ''}`;
            const now = performance.now();
            const isDuplicate = now - (state.purgedAt.get(key) ?? Number.NEGATIVE_INFINITY) < duplicateMs;
            if (!isDuplicate)
                state.purgedAt.set(key, now);
            state.sequence += 1;
            state.purges.push({ url, subImage, sequence: state.sequence, status: isDuplicate ? 409 : 200 });
            for (const tell of state.onPurge)
                tell(url);
            if (isDuplicate)
                return errorAnswer(409, 'A purge of this URL is already under way.');
            const id = (0,external_node_crypto_.randomUUID)();
            return dataAnswer({ attributes: { purge_id: id }, id, type: 'purges' });
        },
    };
}
/** Records that an overwrite purged the asset on every domain. */
function markPurged(state, originPath) {
    for (const domain of domainsOf(state.settings)) {
        state.purgedAt.set(`${domain}/${originPath}`, performance.now());
        const url = `https://${domain}/${originPath.split('/').map(encodeURIComponent).join('/')}`;
        // the caller stores the bytes first
        queueMicrotask(() => {
            for (const tell of state.onPurge)
                tell(url);
        });
    }
}
function readAttributes(state, attributes) {
    const { url, sub_image: subImage = false, source_id: sourceId } = attributes;
    if (typeof url !== 'string')
        return refuse(400, 'url is required.');
    if (typeof subImage !== 'boolean')
        return refuse(400, 'sub_image must be a Boolean.');
    if (subImage && sourceId === undefined)
        refuse(400, 'source_id is required to purge a sub-image.');
    if (sourceId !== undefined && sourceId !== state.settings.source.id)
        refuse(404, 'Resource not found.');
    return { url, subImage };
}
/** Host and decoded path. imgix ignores the query and the spelling of the path.
 *  @throws Refusal 400 */
function keyOf(state, url) {
    const parts = /^https:\/\/([^/?#]+)\/([^?#]*)(?:\?([^#]*))?$/.exec(url);
    if (!parts)
        return refuse(400, 'url must be a fully qualified https URL without a fragment.');
    const [, host = '', path = '', query = ''] = parts;
    const segments = decodeSegments(path);
    if (!segments || !/^[\x21-\x7e]*$/.test(query))
        return refuse(400, 'url is not encoded as a URL must be.');
    if (!domainsOf(state.settings).includes(host))
        return refuse(400, `${host} is not a domain of this account.`);
    return `${host}/${segments.join('/')}`;
}

;// CONCATENATED MODULE: ./lib/emulator/reports.js





const REPORT_FILES = '/imgix-reports/';
const signingKey = 'emulated/reports/key/for/loopback';
const reports_SORTS = {
    period_end: ({ periodEnd }) => periodEnd,
    period_start: ({ periodStart }) => periodStart,
    report_key: ({ key }) => key,
    report_type: ({ type }) => type,
};
const DAY_SECONDS = 86_400;
/** A complete report of the day before, with a file. */
function yesterdaysReport() {
    const today = Math.floor(Date.now() / 1000 / DAY_SECONDS) * DAY_SECONDS;
    const period = { periodStart: today - DAY_SECONDS, periodEnd: today - DAY_SECONDS };
    const files = [{ body: Buffer.from('path,requests\n') }];
    return {
        id: '5f7676862528f12b1bfbf65b',
        type: 'cdn_logs',
        key: 'cdn_logs_yesterday',
        completed: true,
        files,
        ...period,
    };
}
/** Lists the account's reports by page, from 0. As in imgix, a filter matches a part of the text, and an unknown filter is
 *  ignored. */
function listReports(state, call) {
    const query = new URLSearchParams(call.query);
    const page = readWhole(query, 'page[number]', { min: 0, default: 0 });
    const pageSize = Math.min(readWhole(query, 'page[size]', { min: 1, default: 20 }), state.settings.listLimit);
    return withoutBody(call, () => {
        const found = sorted(state.reports.filter(passes(query)), reports_SORTS, query);
        return pageAnswer(found, { page, pageSize }, (report) => documentOf(state, report, query));
    });
}
function getReport(state, call, id) {
    const report = state.reports.find((each) => each.id === id) ?? refuse(404, 'Resource not found.');
    return withoutBody(call, () => dataAnswer(documentOf(state, report, new URLSearchParams(call.query))));
}
/** A GET of a presigned URL of a report, as strict as a bucket: the URL is the only credential that it accepts. */
function getFile(state, call) {
    const [, id, name = ''] = call.segments ?? [];
    if (call.method !== 'GET')
        reports_refuseXml(405, 'MethodNotAllowed', 'The specified method is not allowed.');
    const stray = Object.keys(call.headers).find((header) => header === 'authorization' || header.startsWith('x-imgix'));
    if (stray !== undefined)
        reports_refuseXml(400, 'InvalidArgument', `${stray} does not belong here`);
    const query = new URLSearchParams(call.query);
    const expires = query.get('Expires') ?? '';
    if (query.get('Signature') !== reports_sign(call.path, expires))
        reports_refuseXml(403, 'SignatureDoesNotMatch', 'Access denied.');
    if (Date.now() >= Number(expires))
        reports_refuseXml(400, 'ExpiredToken', 'The provided token has expired.');
    const file = state.reports.find((report) => report.id === id)?.files[Number(/\d+/.exec(name)?.[0]) - 1];
    if (file === undefined)
        return reports_refuseXml(404, 'NoSuchKey', 'The specified key does not exist.');
    const headers = { 'content-type': 'text/csv', ...file.headers };
    return { keep: false, finish: () => ({ status: 200, headers, body: file.body }) };
}
function documentOf(state, report, query) {
    const account = { data: { id: '5ae39a60781cee0001020d8f', type: 'accounts' } };
    const files = report.completed ? report.files.map((_, index) => urlOf(state, report, index)) : [];
    const attributes = sparse({ ...attributesOf(report), files }, query.get('fields[reports]'));
    return { attributes, id: report.id, relationships: { account }, type: 'reports' };
}
function attributesOf({ completed, key, periodEnd, periodStart, type }) {
    return { completed, period_end: periodEnd, period_start: periodStart, report_key: key, report_type: type };
}
function urlOf({ settings, origin }, { id, files }, index) {
    const { url, extension = '.csv' } = files[index] ?? {};
    if (url !== undefined)
        return url;
    const path = `${REPORT_FILES}${id}/part-${index + 1}${extension}`;
    const expires = String(Date.now() + settings.urlLifetimeMs);
    return `${settings.storageUrl ?? origin}${path}?Expires=${expires}&Signature=${reports_sign(path, expires)}`;
}
function reports_sign(path, expires) {
    return (0,external_node_crypto_.createHmac)('sha256', signingKey).update(`GET ${path} ${expires}`).digest('hex');
}
function passes(query) {
    const type = query.get('filter[report_type]') ?? '';
    const completed = query.get('filter[completed]');
    return (report) => report.type.includes(type) && (completed === null || String(report.completed) === completed);
}
function reports_refuseXml(status, code, message) {
    const body = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
    const answer = { status, headers: { 'content-type': 'application/xml; charset=UTF-8' }, body };
    throw new Refusal(answer);
}

;// CONCATENATED MODULE: ./lib/emulator/sessions.js






const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** The documents show two forms of every path. A server with the plain form alone reads `create/img/a.png` as an origin
 *  path. */
function sessionOperations(state, tail) {
    const { sessionForms } = state.settings;
    const explicit = sessionForms === 'plain' ? {} : explicitOperations(state, tail);
    if (Object.keys(explicit).length > 0)
        return explicit;
    return sessionForms === 'explicit' ? {} : plainOperations(state, tail);
}
function explicitOperations(state, [verb, ...rest]) {
    const [id = '', ...more] = rest;
    const hasId = id !== '' && more.length === 0;
    if (verb === 'create' && id !== '')
        return { POST: edit((call) => createSession(state, call, rest.join('/'))) };
    if (verb === 'status' && hasId)
        return { GET: edit((call) => getStatus(state, call, id)) };
    if (verb === 'close' && hasId)
        return { POST: edit((call) => closeSession(state, call, id)) };
    if (verb === 'cancel' && hasId)
        return { DELETE: edit((call) => cancelSession(state, call, id)) };
    return {};
}
function plainOperations(state, tail) {
    const [first = '', ...more] = tail;
    if (first === '')
        return {};
    if (more.length === 0 && (uuid.test(first) || state.sessions.has(first))) {
        return {
            GET: edit((call) => getStatus(state, call, first)),
            POST: edit((call) => closeSession(state, call, first)),
        };
    }
    const create = { POST: edit((call) => createSession(state, call, tail.join('/'))) };
    return more.length > 0 ? create : { ...create, GET: edit((call) => getStatus(state, call, first)) };
}
function edit(run) {
    return { permission: 'edit', run };
}
function createSession(state, call, originPath) {
    const { settings } = state;
    requireUploads(settings);
    if (settings.source.type === 'azure')
        refuse(400, 'Upload sessions are not supported for Sources of type azure.');
    if (settings.sessionRefusesExisting && state.objects.has(originPath)) {
        refuse(409, 'An asset already exists at this path at the origin.');
    }
    return withoutBody(call, () => {
        const session = openSession(state, originPath);
        state.sessions.set(session.id, session);
        return sessionAnswer(state, session, { url: session.url });
    });
}
function openSession(state, originPath) {
    const path = bucketPath(state.settings.source.id, originPath);
    const now = new Date();
    const lifetimeMs = state.settings.urlLifetimeMs;
    const origin = state.settings.storageUrl ?? state.origin;
    const { host } = new URL(origin);
    const expiresSeconds = Math.max(1, Math.ceil(lifetimeMs / 1000));
    const id = (0,external_node_crypto_.randomUUID)();
    const storage = storages[state.settings.storage];
    const query = storage.presign({ method: 'PUT', path, host, session: id, expiresSeconds, now });
    return {
        id,
        originPath,
        status: 'PENDING',
        url: `${origin}${path}?${query}`,
        stored: false,
        expiresAt: now.getTime() + lifetimeMs,
        dateCreated: nowSeconds(),
        dateModified: nowSeconds(),
    };
}
/** A closed session is complete at its second look. */
function getStatus(state, call, id) {
    const session = find(state, id);
    return withoutBody(call, () => {
        if (session.status === 'CLOSED')
            move(session, 'COMPLETE');
        if (session.status === 'PENDING' && Date.now() >= session.expiresAt)
            sessions_close(state, session);
        return sessionAnswer(state, session);
    });
}
function closeSession(state, call, id) {
    const session = find(state, id);
    return withoutBody(call, () => {
        if (session.status === 'CANCELED')
            refuse(409, 'The upload session was canceled.');
        if (session.status === 'PENDING')
            sessions_close(state, session);
        return sessionAnswer(state, session);
    });
}
function cancelSession(state, call, id) {
    const session = find(state, id);
    return withoutBody(call, () => {
        if (session.status === 'CLOSED' || session.status === 'COMPLETE')
            refuse(409, 'The upload session was closed.');
        move(session, 'CANCELED');
        return sessionAnswer(state, session);
    });
}
function find(state, id) {
    return state.sessions.get(id) ?? refuse(404, 'Resource not found.');
}
function sessions_close(state, session) {
    move(session, 'CLOSED');
    if (session.stored)
        recordAsset(state, session.originPath, true);
}
function move(session, status) {
    session.status = status;
    session.dateModified = nowSeconds();
}
function sessionAnswer(state, session, more = {}) {
    const attributes = {
        date_created: session.dateCreated,
        date_expires: session.dateCreated + Math.ceil(state.settings.urlLifetimeMs / 1000),
        date_modified: session.dateModified,
        id: session.id,
        origin_path: `/${session.originPath}`,
        source_id: state.settings.source.id,
        status: session.status,
        ...more,
    };
    return dataAnswer({ attributes, id: session.id, type: 'asset_uploads' });
}

;// CONCATENATED MODULE: ./lib/emulator/uploads.js





/** Older documents say "less than 50 MB", newer ones "less than 30 MB". Azure always has 30 MB. */
const maxBytes = 50_000_000;
const maxBytesAzure = 30_000_000;
/** Direct upload: the raw bytes in one POST. */
function upload(state, call, originPath) {
    const { settings } = state;
    const overwrites = settings.overwrite && new URLSearchParams(call.query).get('overwrite') === 'true';
    if (overwrites && !settings.permissions.has('purge'))
        refuse(403, 'API key is missing required permissions.');
    requireUploads(settings);
    requireRawBody(call);
    const limit = settings.source.type === 'azure' ? maxBytesAzure : maxBytes;
    if (Number(call.headers['content-length']) > limit)
        refuse(413, `The body is above ${limit} bytes.`);
    const requireFree = () => {
        if (!overwrites && state.objects.has(originPath))
            refuse(409, 'An asset already exists at this path at the origin.');
    };
    requireFree();
    return {
        keep: settings.keepBodies,
        finish: (body) => {
            // again: another upload can have finished while this body arrived
            requireFree();
            if (settings.overwritePurges && state.objects.has(originPath))
                markPurged(state, originPath);
            storeObject(state, originPath, { ...body, contentType: call.headers['content-type'], via: 'upload' });
            recordAsset(state, originPath, true);
            return dataAnswer(assetDocument(state, { ...call, query: '' }, originPath));
        },
    };
}
function requireRawBody({ headers }) {
    if (headers['transfer-encoding'] !== undefined)
        refuse(400, 'Transfer-Encoding is not supported here.');
    if (headers['content-length'] === undefined)
        refuse(411, 'The request has no Content-Length.');
    if (headers['content-type']?.startsWith('multipart/'))
        refuse(400, 'The body must be the raw bytes, not a form.');
}

;// CONCATENATED MODULE: ./lib/emulator/routes.js










/** Checks the API key and the rate limit when a request arrives.
 *  @throws Refusal 401, 429 */
function passGateway(state, limits, call, now) {
    if (isStorage(call.path))
        return;
    if (call.headers.authorization !== `Bearer ${state.settings.apiKey}`)
        refuse(401, 'API key is invalid.');
    if (!limits.admit(limitClassOf(call.method, call.path), now))
        refuse(429, 'Rate limit exceeded.');
}
/** @returns whether a path belongs to the storage of presigned URLs, and not to the API */
function isStorage(path) {
    return path.startsWith('/bucket/') || path.startsWith(REPORT_FILES);
}
/** Checks a call as far as no body is needed.
 *  @throws Refusal */
function admit(state, call) {
    if (call.path.startsWith('/bucket/'))
        return putObject(state, call);
    if (call.path.startsWith(REPORT_FILES))
        return getFile(state, call);
    const [api, version, ...sent] = call.segments ?? refuse(400, 'The path is not encoded as a URL must be.');
    if (api !== 'api' || version !== 'v1')
        refuse(404, 'Resource not found.');
    const rest = todaysRoute(sent);
    const operations = findOperations(state, rest);
    if (sent[0] === 'assets')
        delete operations.POST; // of which no document has an older route
    const methods = Object.keys(operations);
    if (methods.length === 0)
        refuse(404, 'Resource not found.');
    const operation = operations[call.method];
    if (!operation)
        return refuse(405, `${call.method} is not allowed here.`, { allow: methods.join(', ') });
    if (!state.settings.permissions.has(operation.permission))
        refuse(403, 'API key is missing required permissions.');
    const [collection, sourceId] = rest;
    if (collection === 'sources' && rest.length > 2 && sourceId !== state.settings.source.id) {
        refuse(404, 'Resource not found.');
    }
    return operation.run(call);
}
/** imgix answers two routes of before: `assets/:source` with what is below it, which its examples still show, and
 *  `sources/upload/:source`, which its own client documents. */
function todaysRoute([collection = '', first, second, ...tail]) {
    const below = second === undefined ? [] : [second, ...tail];
    if (collection === 'assets' && first !== undefined)
        return ['sources', first, 'assets', ...below];
    if (collection === 'sources' && first === 'upload' && second !== undefined)
        return ['sources', second, 'upload', ...tail];
    return [collection, ...(first === undefined ? [] : [first]), ...below];
}
function findOperations(state, [collection, sourceId, section, ...tail]) {
    if (collection === 'purge' && sourceId === undefined) {
        return { POST: { permission: 'purge', run: (call) => purge(state, call) } };
    }
    if (collection === 'reports' && section === undefined) {
        const run = (call) => (sourceId === undefined ? listReports(state, call) : getReport(state, call, sourceId));
        return { GET: { permission: 'analytics', run } };
    }
    if (collection !== 'sources')
        return {};
    if (section === undefined)
        return sourceOperations(state, sourceId);
    if (section === 'assets')
        return assetOperations(state, tail);
    if (section === 'upload-sessions')
        return sessionOperations(state, tail);
    if (section !== 'upload' || tail.length === 0)
        return {};
    return { POST: { permission: 'edit', run: (call) => upload(state, call, tail.join('/')) } };
}
function sourceOperations(state, sourceId) {
    if (sourceId === undefined) {
        return {
            GET: { permission: 'sources', run: (call) => listSources(state, call) },
            POST: { permission: 'sources', run: (call) => createSource(state, call) },
        };
    }
    const record = () => state.sources.get(sourceId) ?? refuse(404, 'Resource not found.');
    return {
        GET: { permission: 'sources', run: (call) => getSource(state, call, record()) },
        PATCH: { permission: 'sources', run: (call) => patchSource(state, call, record()) },
    };
}
function assetOperations(state, tail) {
    if (tail.length === 0)
        return { GET: { permission: 'browse', run: (call) => listAssets(state, call) } };
    const originPath = tail.join('/');
    const operations = {
        GET: { permission: 'browse', run: (call) => getAsset(state, call, originPath) },
        PATCH: { permission: 'edit', run: (call) => patchAsset(state, call, originPath) },
    };
    const [verb, ...rest] = tail;
    const act = verb === 'add' ? addAsset : verb === 'refresh' ? refreshAsset : undefined;
    if (act && rest.length > 0) {
        operations.POST = { permission: 'edit', run: (call) => act(state, call, rest.join('/')) };
    }
    return operations;
}

;// CONCATENATED MODULE: ./lib/emulator/exchange.js







/** One request from arrival to answer. A refusal does not depend on a race: a body that the client is already sending is
 *  read to its end first, and a body that waits for '100 Continue' is not requested. */
async function serve(context, request, response, waits) {
    const at = performance.now();
    const { method = '', headers } = request;
    const { path, query, segments } = parseTarget(request.url ?? '');
    const record = { method, path, query, headers, bytes: 0, status: 'hang', at };
    context.ledger.requests.push(record);
    const exchange = { context, request, response, record, waits };
    const call = { method, path, query, segments, headers };
    try {
        passGateway(context.state, context.limits, call, at);
    }
    catch (error) {
        return send(exchange, await exchange_refusal(exchange, error));
    }
    const deed = context.faults.take(method, path);
    if (deed && 'delayMs' in deed)
        await (0,promises_.setTimeout)(deed.delayMs);
    if (deed && 'hang' in deed)
        return note(exchange, 'hang');
    if (deed && 'resetAfterBytes' in deed)
        return resetAfter(exchange, deed.resetAfterBytes);
    if (deed && 'raw' in deed)
        return sendRaw(exchange, deed.raw);
    if (deed && 'answer' in deed)
        return send(exchange, await exchange_refusal(exchange, new Refusal(faultyAnswer(deed))));
    if (deed && 'meanwhile' in deed)
        exchange.meanwhile = deed;
    passBytes(exchange, 0);
    const answer = await carryOut(exchange, call);
    await (deed ? spoil(exchange, answer, deed) : send(exchange, answer));
}
/** @returns undefined if the client closed the connection before the end of its body; the call then has no effect */
async function carryOut(exchange, call) {
    let admitted;
    try {
        admitted = admit(exchange.context.state, call);
    }
    catch (error) {
        return exchange_refusal(exchange, error);
    }
    if (exchange.waits)
        exchange.response.writeContinue();
    exchange.waits = false;
    const body = await readBody(exchange, admitted.keep, exchange.context.state.settings.hashBodies);
    if (!body)
        return undefined;
    try {
        return admitted.finish(body);
    }
    catch (error) {
        return exchange_refusal(exchange, error);
    }
}
async function exchange_refusal(exchange, error) {
    const answer = error instanceof Refusal ? error.answer : errorAnswer(500, String(error));
    // Close the connection: the server would read the next request as the body.
    if (exchange.waits)
        return { ...answer, headers: { ...answer.headers, connection: 'close' } };
    return (await readBody(exchange, false, false)) && answer;
}
/** Reads the body in chunks. Memory stays flat unless `keep` is set. */
async function readBody(exchange, keep, hash) {
    const { request, record } = exchange;
    const digest = hash ? (0,external_node_crypto_.createHash)('sha256') : undefined;
    const chunks = [];
    if (request.readableEnded)
        return { bytes: record.bytes, sha256: '', buffer: undefined };
    try {
        for await (const chunk of request) {
            passBytes(exchange, chunk.length);
            digest?.update(chunk);
            if (keep)
                chunks.push(chunk);
        }
    }
    catch {
        return undefined;
    }
    if (!request.complete)
        return undefined;
    return { bytes: record.bytes, sha256: digest?.digest('hex') ?? '', buffer: keep ? Buffer.concat(chunks) : undefined };
}
function passBytes(exchange, bytes) {
    const { record, meanwhile } = exchange;
    record.bytes += bytes;
    if (meanwhile === undefined || record.bytes < (meanwhile.atBytes ?? 0))
        return;
    exchange.meanwhile = undefined;
    meanwhile.meanwhile();
}
async function send(exchange, answer) {
    const { context, response } = exchange;
    if (answer && context.latencyMs > 0)
        await (0,promises_.setTimeout)(context.latencyMs);
    if (!answer || response.destroyed)
        return note(exchange, 'reset');
    note(exchange, answer.status);
    response.writeHead(answer.status, headersOf(answer)).end(answer.body);
}
async function spoil(exchange, answer, deed) {
    const { socket } = exchange.request;
    if (!answer || !('loseAnswer' in deed || 'cutAnswer' in deed || 'stallAnswer' in deed || 'dripMs' in deed)) {
        return send(exchange, answer && faultyAnswer(deed, answer));
    }
    note(exchange, 'dripMs' in deed ? answer.status : 'reset');
    if ('loseAnswer' in deed)
        return void socket.resetAndDestroy();
    const lines = Object.entries(headersOf(answer)).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = Buffer.from(`HTTP/1.1 ${answer.status} ${external_node_http_.STATUS_CODES[answer.status]}\r\n${lines.join('')}\r\n`);
    const body = bytesOf(answer.body);
    if ('dripMs' in deed)
        return drip(socket, Buffer.concat([head, body]), deed.dripMs);
    const stalls = 'stallAnswer' in deed;
    const sent = body.subarray(0, stalls ? deed.stallAnswer : deed.cutAnswer);
    socket.write(Buffer.concat([head, sent]), () => stalls || socket.destroy());
}
const pieces = 10;
async function drip(socket, bytes, ms) {
    const size = Math.ceil(bytes.length / pieces);
    for (let start = 0; start < bytes.length && !socket.destroyed; start += size) {
        await (0,promises_.setTimeout)(ms);
        socket.write(bytes.subarray(start, start + size));
    }
    socket.end();
}
async function sendRaw(exchange, bytes) {
    if (!exchange.waits && (await readBody(exchange, false, false)) === undefined)
        return note(exchange, 'reset');
    note(exchange, Number(/^HTTP\/1\.1 (\d{3})/.exec(bytes)?.[1] ?? 0) || 'reset');
    exchange.request.socket.end(bytes);
}
/** Resets the connection after so many bytes, or at the end of a shorter body. */
async function resetAfter(exchange, bytes) {
    const { request, response, record } = exchange;
    if (exchange.waits && bytes > 0)
        response.writeContinue();
    await new Promise((resolve) => {
        const count = (chunk) => {
            record.bytes += chunk.length;
            if (record.bytes >= bytes)
                resolve();
        };
        if (bytes === 0)
            resolve();
        else
            request.on('data', count).once('close', resolve).once('end', resolve);
    });
    note(exchange, 'reset');
    request.socket.resetAndDestroy();
}
function bytesOf(body) {
    return typeof body === 'string' ? Buffer.from(body) : body;
}
function headersOf(answer) {
    return { ...answer.headers, 'content-length': String(Buffer.byteLength(answer.body)) };
}
/** The transcript leaves out the query of a presigned URL: it is a secret and differs every time. */
function note({ context, record }, status) {
    record.status = status;
    const query = record.query === '' || isStorage(record.path) ? '' : `?${record.query}`;
    const line = `${record.method} ${record.path}${query} -> ${status}`;
    context.ledger.transcript.push(line);
    context.onRequest(line);
}

;// CONCATENATED MODULE: ./lib/emulator/server.js







/** Starts an imgix on 127.0.0.1: the Management API under `/api/v1/`, and the storage of presigned URLs under `/bucket/`.
 *  @throws Node's own error for a port that is taken */
async function startEmulator(options = {}) {
    const { port = 0, rateLimits = 'documented', latencyMs = 0, onRequest = () => { } } = options;
    const settings = readSettings(options);
    const state = createState(settings, firstSource(settings));
    if (options.sampleReport === true)
        state.reports.push(yesterdaysReport());
    const limits = createLimits(rateLimits === 'off' ? {} : { ...documentedRules, ...withoutName(rateLimits) });
    const context = {
        state,
        limits,
        faults: createFaults(),
        latencyMs,
        ledger: { transcript: [], requests: [] },
        onRequest,
    };
    const server = (0,external_node_http_.createServer)({ requestTimeout: 0, keepAliveTimeout: 60_000 });
    server.on('request', (request, response) => void serve(context, request, response, false));
    server.on('checkContinue', (request, response) => void serve(context, request, response, true));
    const connections = [];
    server.on('connection', (socket) => {
        const connection = { closedBy: undefined };
        const close = (side) => () => {
            connection.closedBy ??= side;
        };
        connections.push(connection);
        socket.on('end', close('client')).on('error', close('client')).on('close', close('server'));
    });
    await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    state.origin = `http://127.0.0.1:${server.address().port}`;
    return {
        apiUrl: state.origin,
        apiKey: state.settings.apiKey,
        sourceId: state.settings.source.id,
        sources: state.sources,
        objects: state.objects,
        assets: state.assets,
        sessions: state.sessions,
        purges: state.purges,
        reports: state.reports,
        ...context.ledger,
        connections,
        get violations() {
            return limits.violations();
        },
        domains: domainsOf(state.settings),
        secureUrlToken: state.settings.source.secureUrlToken,
        onPurge: (tell) => void state.onPurge.push(tell),
        put: (originPath, body) => seedObject(state, originPath, body),
        fault: context.faults.add,
        stop: () => new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
        }),
    };
}
function withoutName(rateLimits) {
    return rateLimits === 'documented' ? {} : rateLimits;
}
function readSettings(options) {
    const permissions = new Set(options.permissions ?? ['sources', 'purge', 'browse', 'edit', 'analytics']);
    if (permissions.has('edit'))
        permissions.add('browse');
    const source = options.source ?? {};
    return {
        apiKey: options.apiKey ?? 'ak_emulator_0123456789abcdef',
        permissions,
        source: {
            id: source.id ?? '5b81e81539ddc50001a5d955',
            type: source.type ?? 's3',
            allowsUpload: source.allowsUpload === undefined ? true : source.allowsUpload,
            imgixSubdomains: source.imgixSubdomains ?? ['assets-demo'],
            customDomains: source.customDomains ?? [],
            enabled: source.enabled ?? true,
            secureUrlToken: source.secureUrlToken,
        },
        overwrite: options.overwrite ?? true,
        overwritePurges: options.overwritePurges ?? false,
        duplicatesByUrl: options.duplicatesByUrl ?? false,
        sessionForms: options.sessionForms ?? 'both',
        sessionRefusesExisting: options.sessionRefusesExisting ?? false,
        keepBodies: options.keepBodies ?? true,
        hashBodies: options.hashBodies ?? true,
        urlLifetimeMs: options.urlLifetimeMs ?? 8 * 3600 * 1000,
        storageUrl: options.storageUrl,
        storage: options.storage ?? 's3',
        // imgix documents that there is a maximum, but not which one
        listLimit: options.listLimit ?? 100,
        deployStatuses: options.deployStatuses ?? ['deploying'],
        mergesDeployments: options.mergesDeployments ?? false,
        takenSubdomains: options.takenSubdomains ?? [],
    };
}


/***/ })

};
