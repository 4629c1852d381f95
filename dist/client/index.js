import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ // The require scope
/******/ var __nccwpck_require__ = {};
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/************************************************************************/
var __webpack_exports__ = {};

// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  sQ: () => (/* reexport */ DOCUMENTED_LIMITS),
  f6: () => (/* reexport */ FileError),
  xw: () => (/* reexport */ errors_ImgixError),
  M9: () => (/* reexport */ addAsset),
  B_: () => (/* reexport */ cancelSession),
  Vu: () => (/* reexport */ closeSession),
  UU: () => (/* reexport */ createClient),
  gV: () => (/* reexport */ createSource),
  dC: () => (/* reexport */ createUploadSessions),
  p_: () => (/* reexport */ getAsset),
  ly: () => (/* reexport */ getReport),
  Ht: () => (/* reexport */ getSession),
  el: () => (/* reexport */ getSource),
  qs: () => (/* reexport */ listAssets),
  y_: () => (/* reexport */ listReports),
  rP: () => (/* reexport */ listSources),
  fA: () => (/* reexport */ openSession),
  OU: () => (/* reexport */ purge),
  C8: () => (/* reexport */ refreshAsset),
  gT: () => (/* reexport */ updateAsset),
  Lv: () => (/* reexport */ updateSource),
  Mz: () => (/* reexport */ uploadAsset)
});

;// CONCATENATED MODULE: ./lib/src/imgix/errors.js
/** A request that imgix, or the storage behind a presigned URL, did not answer with 2xx. It holds no secret and no raw
 *  answer. */
class errors_ImgixError extends Error {
    name = 'ImgixError';
    method;
    path;
    /** undefined where there was no answer, or none of the server's own */
    status;
    /** the status of an answer that does not come from imgix or the storage, so it says nothing about the request */
    strangersStatus;
    details;
    /** what failed, if the status does not tell it */
    reason;
    /** what to do, if the maker of the error knows it best */
    remedy;
    /** imgix's own id of the request, for its support */
    requestId;
    /** the key's permission that the request needs, by the name in imgix's dashboard */
    permission;
    attempts;
    /** imgix can have carried out an earlier attempt whose answer was lost */
    perhapsDone;
    constructor(facts) {
        super(describe(facts) || 'no reason is known', { cause: facts.cause });
        this.method = facts.method;
        this.path = facts.path;
        this.status = facts.status;
        this.strangersStatus = facts.strangersStatus;
        this.details = facts.details ?? [];
        this.reason = facts.reason;
        this.remedy = facts.remedy;
        this.requestId = facts.requestId;
        this.permission = facts.permission;
        this.attempts = facts.attempts ?? 1;
        this.perhapsDone = facts.perhapsDone ?? false;
    }
}
/**
 * What is known of a failure, without its request: `422 Invalid: too many pixels, 5 tries, request id abc`.
 * @param told a text that comes before it: what that has is left out, but for the status
 */
function describe({ status, reason = '', details = [], requestId, attempts = 1 }, told = '') {
    const words = [reason, ...new Set(details.map(textOfDetail))].filter((text) => text !== '' && !told.includes(text));
    const what = [...(status === undefined ? [] : [String(status)]), ...words].join(' ');
    const tries = attempts > 1 ? `${attempts} tries` : '';
    const id = requestId === undefined ? '' : `request id ${requestId}`;
    return [what, tries, id].filter((part) => part !== '').join(', ');
}
/** Without a title that the detail says again, and without a full stop, as more can follow. */
function textOfDetail({ title, detail }) {
    const [one, other] = [title, detail].map((text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
    const parts = other?.startsWith(one ?? '') ? [detail] : one?.startsWith(other ?? '') ? [title] : [title, detail];
    return parts.join(': ').replace(/\.$/, '');
}
/** The errors of a JSON:API document, whatever came instead of one. */
function readErrors(document, redact) {
    const errors = isRecord(document) && Array.isArray(document.errors) ? document.errors.filter(isRecord).slice(0, 3) : [];
    const tidy = (value) => (typeof value === 'string' ? shorten(value, redact) : '');
    const details = errors.map((error) => ({ title: tidy(error.title), detail: tidy(error.detail) }));
    const id = errors.map((error) => tidy(error.id)).find((text) => text !== '');
    return { details: details.filter(({ title, detail }) => title + detail !== ''), requestId: id };
}
// e-mail addresses, but not `photo@2x.png`; URLs with a query, which may be presigned
const PRIVATE = /[^\s@]{1,64}@(?!\d+x\b)[\w-]+(?:\.[\w-]+)+|https?:\/\/\S+\?\S+/g;
function withoutPrivate(text) {
    return text.replace(PRIVATE, '***');
}
const SHOWN_MAX_LENGTH = 300;
// A secret that starts in what is shown is read whole.
const READ_MAX_LENGTH = 8192;
const SECRET_MAX_LENGTH = 4096;
/** A text of an answer for a message: one line, not long. It is cut before `redact` too, which takes its time.
 *  @param redact takes secrets out of a text */
function shorten(text, redact) {
    const read = redact(text.slice(0, READ_MAX_LENGTH).replace(/\s+/g, ' '));
    // the end of a cut text can be the beginning of a secret
    const whole = text.length > READ_MAX_LENGTH ? read.slice(0, -SECRET_MAX_LENGTH) : read;
    return cutAtWord(whole, SHOWN_MAX_LENGTH);
}
/** @returns the text up to so many characters, between two words where there are any */
function cutAtWord(text, maxLength) {
    if (text.length <= maxLength)
        return text;
    const start = text.slice(0, maxLength);
    return `${start.replace(/\s\S{0,40}$/, '')}…`;
}
/** A value of an answer as text. Hostile objects, and numbers that JavaScript can't hold, have no String(). */
function textOf(value) {
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
function isRecord(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

;// CONCATENATED MODULE: ./lib/src/imgix/contradictions.js

const TYPES = ['assets', 'asset_uploads', 'purges', 'reports', 'sources'];
/** An asset's has its origin path, and an id is a part of further URLs. */
const ID_MAX_LENGTH = 8192;
/** The document is about one object of this type. A document without `data` contradicts nothing. */
function contradictsObject(type, contradicts = () => undefined) {
    return (document) => {
        if (!('data' in document))
            return undefined;
        const { data } = document;
        if (!isRecord(data))
            return 'with data that is no object';
        const { length } = textOf(data.id);
        if (length > ID_MAX_LENGTH)
            return `with an id of ${length} characters`;
        return contradictsType(data, type) ?? contradicts(data, isRecord(data.attributes) ? data.attributes : {});
    };
}
/** The document is about an object of this type, and this one.
 *  @param id of the object; undefined where it is new */
function contradictsResource(type, noun, id) {
    const contradicts = contradictsObject(type, (data) => (id === undefined ? undefined : contradictsId(data, id, noun)));
    return (document) => (isObject(document.data) ? contradicts(document) : `with an answer that is no ${noun}`);
}
function isObject(data) {
    return isRecord(data) && isRecord(data.attributes);
}
/** The document is a list of objects of this type. */
function contradictsList(type) {
    return ({ data }) => {
        if (!Array.isArray(data))
            return 'with an answer that is no list';
        if (!data.every(isObject))
            return 'with a list of other things than objects';
        return data.map((item) => contradictsType(item, type)).find((reason) => reason !== undefined);
    };
}
/** A type that the reference does not know can be a newer name of a known type. */
function contradictsType({ type }, expected) {
    const isAnother = type !== expected && TYPES.some((known) => known === type);
    return isAnother ? `with an object of type ${type} instead of ${expected}` : undefined;
}
/** @param what the name of the object, such as 'Source' */
function contradictsId({ id }, expected, what) {
    const isAnother = typeof id === 'string' && id !== '' && id.toLowerCase() !== expected.toLowerCase();
    return isAnother ? `with another ${what}, ${id}` : undefined;
}
/** The document is about this asset, or about none.
 *  @param bytesOf the file; undefined where they are not known */
function contradictsAsset({ sourceId, originPath }, bytesOf) {
    return contradictsObject('assets', ({ id }, attributes) => {
        const { origin_path: path, source_id: source, file_size: size } = attributes;
        const own = typeof id === 'string' && id.startsWith(`${sourceId}/`) ? id.slice(sourceId.length) : undefined;
        const told = typeof path === 'string' ? path : own;
        if (told !== undefined && !isSamePath(told, originPath))
            return `with another asset, ${told}`;
        if (typeof source === 'string' && source !== sourceId)
            return `with an asset of another Source, ${source}`;
        const bytes = ['string', 'number'].includes(typeof size) ? bytesOf?.() : undefined;
        const isOther = bytes !== undefined && Number(size) !== bytes;
        return isOther ? `with an asset of another size, ${size} instead of ${bytes} bytes` : undefined;
    });
}
/** Slashes before it and percent-encoding are the API's own affair. */
function isSamePath(told, originPath) {
    const [one, other] = [told, originPath].map((path) => path.replace(/^\/+/, ''));
    return one === other || one === other?.split('/').map(encodeURIComponent).join('/');
}
/** An asset has the texts that it was given. Numbers and lists can come back in another form. */
function contradictsChange(set) {
    return contradictsObject('assets', (_, attributes) => {
        const names = Object.keys(set).filter((name) => name in attributes && isOther(set[name], attributes[name]));
        return names.length > 0 ? `with another value of ${names.join(', ')} than was set` : undefined;
    });
}
function isOther(set, told) {
    if (isRecord(set)) {
        if (told !== null && !isRecord(told))
            return false;
        return Object.entries(set).some(([name, value]) => isOther(value, told?.[name]));
    }
    if (typeof set !== 'string' || !['string', 'undefined'].includes(typeof (told ?? undefined)))
        return false;
    return String(told ?? '').trim() !== set.trim();
}

;// CONCATENATED MODULE: ./lib/src/imgix/resources.js

/** @returns undefined for a value that is not an object with attributes */
function readResource(data) {
    if (!isRecord(data) || !isRecord(data.attributes))
        return undefined;
    const { id, type, attributes } = data;
    return {
        id: typeof id === 'string' ? id : '',
        type: typeof type === 'string' ? type : '',
        attributes: attributes,
    };
}
/** Sends a request, a GET of limit `default` unless it says otherwise, whose answer is one object.
 *  @returns the object; one without attributes for an answer without one that is no contradiction
 *  @throws ImgixError */
async function requestResource(client, request) {
    const { document } = await client.request({ method: 'GET', limit: 'default', ...request });
    return readResource(document.data) ?? { id: '', type: '', attributes: {} };
}

;// CONCATENATED MODULE: ./lib/src/imgix/lists.js



// of one list; far more than the objects of an account fill
const PAGES_MAX = 10_000;
// A page of 1,000 assets with all their attributes is larger than the limit for an answer with one object.
const PAGE_MAX_BYTES = 16 << 20;
// A cursor is a part of a URL, and each is kept.
const MARK_MAX_LENGTH = 4096;
// A page can be empty although more follow. After this many empty pages in a row, the list ends.
const EMPTY_PAGES_MAX = 10;
/** Lists objects page by page. It ends where the API says that there is no more, whatever it counts.
 *  @throws ImgixError, also for pages that lead in a circle */
async function* listPages(client, { path, permission, type, paging, query }, ends = {}) {
    const { page: { [paging.at]: start, [paging.size]: size } = {}, ...rest } = query;
    const isList = contradictsList(type);
    const seen = new Set();
    let at = readMark(start);
    let emptyPages = 0;
    do {
        const asked = `${path}${writeQuery(type, { page: { [paging.at]: at, [paging.size]: size }, ...rest })}`;
        const turn = (document) => paging.turn(document, { emptyPages, asked: at });
        const contradiction = (document) => isList(document) ?? problemOf(turn(document));
        const request = { method: 'GET', path: asked, limit: 'default', permission, maxBytes: PAGE_MAX_BYTES };
        const { status, document } = await client.request({ ...request, contradiction, ...ends });
        const items = readItems(document);
        const { current, next } = turn(document);
        emptyPages = items.length === 0 ? emptyPages + 1 : 0;
        for (const known of [at, current])
            if (known !== undefined)
                seen.add(known);
        if (next !== undefined && (seen.has(next) || seen.size > PAGES_MAX)) {
            const reason = 'with a list that does not end';
            throw new errors_ImgixError({ method: 'GET', path: `/api/v1/${path}`, permission, status, reason });
        }
        if (items.length > 0)
            yield items;
        at = next;
    } while (at !== undefined);
}
function problemOf({ current, next, problem }) {
    const tooLong = [current, next].find((mark = '') => mark.length > MARK_MAX_LENGTH);
    return tooLong === undefined ? problem : `with a page mark of ${tooLong.length} characters`;
}
function readItems({ data }) {
    return [data].flat().flatMap((item) => readResource(item) ?? []);
}
/** @returns a query with its question mark, without undefined parameters */
function writeQuery(type, query) {
    const pairs = Object.entries(query).flatMap(([part, value]) => {
        if (part === 'fields')
            return [[`fields[${type}]`, value]];
        if (part === 'sort')
            return [[part, value]];
        return Object.entries(value ?? {}).map(([name, wanted]) => [`${part}[${encode(name)}]`, wanted]);
    });
    const written = pairs
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}=${[value].flat().map(encode).join(',')}`);
    return written.length === 0 ? '' : `?${written.join('&')}`;
}
/** Colons are those of ranges and of custom fields. */
function encode(text) {
    return encodeURIComponent(String(text)).replaceAll('%3A', ':');
}
const BY_NUMBER = {
    at: 'number',
    size: 'size',
    turn(document) {
        const { pagination } = isRecord(document.meta) ? document.meta : {};
        // the reference's own example of a sorted list has none
        if (!isRecord(pagination))
            return {};
        const current = readMark(pagination.currentPage);
        if (pagination.hasNextPage !== true)
            return { current };
        const next = readMark(pagination.nextPage);
        return next === undefined ? { problem: 'with a list that has no next page' } : { current, next };
    },
};
const BY_CURSOR = {
    at: 'cursor',
    size: 'limit',
    turn(document, { emptyPages, asked }) {
        // real answers have it under `meta`, those in the reference beside it
        const { cursor: own } = isRecord(document.meta) ? document.meta : {};
        const cursor = isRecord(own) ? own : document.cursor;
        const isEmpty = readItems(document).length === 0;
        if (!isRecord(cursor))
            return isEmpty ? {} : { problem: 'with a list that has no cursor' };
        const current = readMark(cursor.current) ?? asked;
        const next = readMark(cursor.next);
        const isSaid = isEmpty ? cursor.hasMore === true && emptyPages + 1 < EMPTY_PAGES_MAX : cursor.hasMore !== false;
        return isSaid && next !== current ? { current, next } : { current };
    },
};
/** A number comes as a string, or as one. */
function readMark(value) {
    return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;
}

;// CONCATENATED MODULE: ./lib/src/imgix/assets.js



const EDIT_PERMISSION = 'Asset Manager Edit';
const BROWSE_PERMISSION = 'Asset Manager Browse';
/** Lists a Source's assets page by page. Permission Asset Manager Browse, limit `default`. It ends where the API has no
 *  more to give: an asset on no page can still be at the Source.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function listAssets(client, { sourceId, route, ...ends }, query = {}) {
    const path = assetsPath(sourceId, route);
    return listPages(client, { path, type: 'assets', permission: BROWSE_PERMISSION, paging: BY_CURSOR, query }, ends);
}
/** Reads one asset. Permission Asset Manager Browse, limit `get`.
 *  @throws ImgixError (404: the Source has none at that path)
 *  @see https://docs.imgix.com/apis/management/assets */
function getAsset(client, { sourceId, originPath, route, ...ends }, query = {}) {
    const path = `${assetsPath(sourceId, route)}/${encodeOriginPath(originPath)}${writeQuery('assets', query)}`;
    const contradiction = contradictsAsset({ sourceId, originPath });
    return requestResource(client, { path, limit: 'get', permission: BROWSE_PERMISSION, contradiction, ...ends });
}
/** Sets attributes of one asset; the others stay. Permission Asset Manager Edit, limit `default`. Not atomic with the
 *  reading before it: a change by others in between is lost.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function updateAsset(client, { route, ...place }, attributes) {
    const { sourceId, originPath } = place;
    const json = { data: { attributes, type: 'assets', id: `${sourceId}/${originPath}` } };
    const contradiction = (document) => contradictsAsset(place)(document) ?? contradictsChange(attributes)(document);
    return askFor(client, place, { method: 'PATCH', route: assetsPath(sourceId, route), json, contradiction });
}
/** Stores one file at the Source by direct upload, streamed. With `overwrite` it can replace an existing file.
 *  Permission Asset Manager Edit, to overwrite Purge too, limit `upload`.
 *  @throws ImgixError (409: the path exists), FileError
 *  @see https://docs.imgix.com/apis/management/assets */
function uploadAsset(client, place, { overwrite = false, ...upload }) {
    let sentBytes;
    const onDigest = (digest) => {
        sentBytes = digest.bytes;
        upload.onDigest?.(digest);
    };
    return askFor(client, place, {
        route: `${sourcePath(place.sourceId)}/upload`,
        ...(overwrite && { query: '?overwrite=true', permission: 'Asset Manager Edit and Purge' }),
        limit: 'upload',
        upload: { ...upload, onDigest },
        contradiction: contradictsAsset(place, () => sentBytes),
    });
}
/** Queues a file of the origin for the Asset Manager: the answer (202) comes before imgix has looked at it. Permission
 *  Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function addAsset(client, place) {
    return askFor(client, place, { route: `${assetsPath(place.sourceId)}/add`, json: {} });
}
/** Makes imgix fetch a file of the origin again, process the changes, and purge it. Permission Asset Manager Edit, limit
 *  `refresh`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function refreshAsset(client, place) {
    return askFor(client, place, { route: `${assetsPath(place.sourceId)}/refresh`, limit: 'refresh', json: {} });
}
async function askFor(client, { sourceId, originPath, ...ends }, { route, query = '', ...asked }) {
    const path = `${route}/${encodeOriginPath(originPath)}${query}`;
    const contradiction = contradictsAsset({ sourceId, originPath });
    const usual = { method: 'POST', limit: 'default', permission: EDIT_PERMISSION, contradiction };
    const answer = await client.request({ ...usual, ...asked, path, ...ends });
    const asset = readResource(answer.document.data);
    return { ...answer, asset: asset !== undefined && originPathOf(asset) === originPath ? asset : undefined };
}
/** @returns its origin path without the leading slash, '' where it is not listed */
function originPathOf({ attributes }) {
    return typeof attributes.origin_path === 'string' ? attributes.origin_path.replace(/^\//, '') : '';
}
/** The origin path as the Management API takes it: percent-encoded per segment. */
function encodeOriginPath(originPath) {
    return originPath.split('/').map(encodeURIComponent).join('/');
}
function sourcePath(sourceId) {
    return `sources/${encodeURIComponent(sourceId)}`;
}
function assetsPath(sourceId, route) {
    return route === 'older' ? `assets/${encodeURIComponent(sourceId)}` : `${sourcePath(sourceId)}/assets`;
}

;// CONCATENATED MODULE: external "node:crypto"
const external_node_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");
;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
;// CONCATENATED MODULE: external "node:fs/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");
;// CONCATENATED MODULE: ./lib/src/imgix/http/given-body.js

function isStream(body) {
    return body !== undefined && 'stream' in body;
}
const taken = new WeakSet();
const TAKEN = 'the stream was read before, and can be read once';
/** @throws FileError for a stream that was read before */
function openGiven(body) {
    const close = async () => { };
    if ('bytes' in body) {
        if (!ArrayBuffer.isView(body.bytes))
            throw refuse(`bytes: a ${typeof body.bytes} is no Uint8Array`);
        const chunk = bufferOf(body.bytes);
        return { bytes: chunk.length, chunks: () => digested([chunk], body.onDigest), close };
    }
    if (!Number.isSafeInteger(body.size) || body.size < 0)
        throw refuse(`size: ${body.size} is not a number of bytes`);
    if (taken.has(body.stream))
        throw refuse(TAKEN);
    return { bytes: body.size, chunks: () => digested(readStream(body), body.onDigest), close };
}
/** Holds the last chunk back until the stream has ended, so that one of another length is never complete at the server. */
async function* readStream({ stream, size }) {
    if (taken.has(stream))
        throw refuse(TAKEN); // by the request that a server refused after its body had begun
    taken.add(stream);
    let bytes = 0;
    let held;
    try {
        for await (const chunk of stream) {
            if (!(chunk instanceof Uint8Array))
                throw refuse(`the stream gives a ${typeof chunk} instead of bytes`);
            bytes += chunk.byteLength;
            if (bytes > size)
                throw refuse(`the stream is longer than its size, ${size} bytes`);
            if (held !== undefined)
                yield held;
            held = bufferOf(chunk);
        }
    }
    catch (cause) {
        if (cause instanceof FileError)
            throw cause;
        throw refuse(`the stream can't be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
    }
    if (bytes !== size)
        throw refuse(`the stream ended after ${bytes} of ${size} bytes`);
    if (held !== undefined)
        yield held;
}
function bufferOf({ buffer, byteOffset, byteLength }) {
    return Buffer.from(buffer, byteOffset, byteLength);
}
function refuse(message, cause) {
    return new FileError(message, { retryable: false, cause });
}

;// CONCATENATED MODULE: ./lib/src/imgix/http/body.js




const CHUNK_BYTES = 1 << 20;
/** A file can't be sent or written: it is gone, it changed while it was sent, or it can't be opened. */
class FileError extends Error {
    name = 'FileError';
    /** sending it again from its start can succeed */
    retryable;
    constructor(message, options) {
        super(message, { cause: options.cause });
        this.retryable = options.retryable;
    }
}
/** @param buffers two buffers of CHUNK_BYTES, from a caller that opens many files in turn
 *  @throws FileError */
async function openBody(body, buffers) {
    if (body === undefined)
        return { bytes: 0, chunks: () => [], close: async () => { } };
    if (!('file' in body))
        return openGiven(body);
    const { file, stats } = await openFile(body);
    try {
        const { mtimeNs } = stats;
        const bytes = Number(stats.size);
        const isChanged = stats.ctimeNs !== body.identity?.ctimeNs;
        const problem = isChanged ? await body.inspect?.(file, bytes).catch(body_refuse) : undefined;
        if (problem !== undefined)
            throw new FileError(problem, { retryable: false });
        return {
            bytes,
            chunks: () => digested(bytes === 0 ? [] : readChunks(file, { bytes, mtimeNs }, buffers ?? twoBuffers(bytes)), body.onDigest),
            close: () => file.close(),
        };
    }
    catch (error) {
        await file.close();
        throw error;
    }
}
function twoBuffers(bytes = CHUNK_BYTES) {
    return [0, 1].map(() => Buffer.allocUnsafeSlow(Math.max(1, Math.min(CHUNK_BYTES, bytes))));
}
/** Opens a file by its real path, and only the one that was seen there.
 *  @throws FileError */
async function openFile({ file: path, identity, }) {
    const file = await openPath(path);
    try {
        const stats = await statFile(file);
        if (identity !== undefined && !(isSame(stats, identity) && (await pathOf(file, path)) === path)) {
            throw new FileError('another file has taken its place since this run found it', { retryable: false });
        }
        return { file, stats };
    }
    catch (error) {
        await file.close();
        throw error;
    }
}
async function openPath(path) {
    try {
        // the path is a real one: a link that has taken the file's place since is not followed, a pipe does not block
        return await (0,promises_namespaceObject.open)(path, external_node_fs_namespaceObject.constants.O_RDONLY | (external_node_fs_namespaceObject.constants.O_NOFOLLOW ?? 0) | (external_node_fs_namespaceObject.constants.O_NONBLOCK ?? 0));
    }
    catch (cause) {
        const { code } = cause;
        if (code === 'ENOENT')
            throw new FileError('the file is no longer in the work tree', { retryable: false, cause });
        return body_refuse(cause);
    }
}
function isSame(stats, { dev, ino }) {
    // Node 24.0 and 24.1 have no device for a path on Windows
    return stats.ino === ino && (stats.dev === dev || stats.dev === 0n || dev === 0n);
}
/** @returns the present path of an open file: a folder above it can be a link by now
 *  @param path that it was opened by */
async function pathOf({ fd }, path) {
    try {
        // only the system is sure, because a path can lead to another file by the next call
        if (process.platform === 'linux')
            return (0,external_node_fs_namespaceObject.readlinkSync)(`/proc/self/fd/${fd}`);
    }
    catch { } // a container without /proc
    return (0,promises_namespaceObject.realpath)(path).catch(() => '');
}
const PASSING = ['EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'EIO'];
function body_refuse(cause) {
    const { code = 'unknown error' } = cause;
    throw new FileError(`the file can't be read (${code})`, { retryable: PASSING.includes(code), cause });
}
async function statFile(file) {
    const stats = await file.stat({ bigint: true }).catch(body_refuse);
    if (!stats.isFile())
        throw new FileError('it is not a regular file', { retryable: false });
    return stats;
}
async function* digested(chunks, onDigest) {
    const hash = onDigest && (0,external_node_crypto_namespaceObject.createHash)('sha256');
    let bytes = 0;
    for await (const chunk of chunks) {
        hash?.update(chunk);
        bytes += chunk.length;
        yield chunk;
    }
    if (hash !== undefined)
        onDigest?.({ sha256: hash.digest('hex'), bytes });
}
/** Reads a file in two buffers: while one is sent the other is filled. The last chunk waits until the file is known to be
 *  unchanged, so that a torn file is never complete at the server. */
async function* readChunks(file, { bytes, mtimeNs }, buffers) {
    const fill = async (position, buffer) => {
        const length = Math.min(buffer.length, bytes - position);
        const { bytesRead } = await file.read(buffer, 0, length, position).catch(body_refuse);
        if (bytesRead === 0 || position + bytesRead === bytes) {
            const now = await statFile(file);
            if (bytesRead === 0 || now.size !== BigInt(bytes) || now.mtimeNs !== mtimeNs) {
                throw new FileError('the file changed while it was sent', { retryable: true });
            }
        }
        return buffer.subarray(0, bytesRead);
    };
    let position = 0;
    let next = fill(0, buffers[0]);
    try {
        for (let turn = 1; position < bytes; turn += 1) {
            const chunk = await next;
            position += chunk.length;
            if (position < bytes)
                next = fill(position, buffers[turn % 2]);
            next.catch(() => { }); // it may fail while the chunk before it is sent: the next turn hears of it
            yield chunk;
        }
    }
    finally {
        await next.catch(() => { }); // a read that nobody waits for any more must end before the file is closed
    }
}

;// CONCATENATED MODULE: ./lib/src/imgix/http/json.js
/** A page of 1,000 assets with all that imgix and users set of them has fewer. */
const VALUES_MAX = 250_000;
const DEPTH_MAX = 100;
/** JSON that is refused, because it would take far more memory and time than its length suggests. */
class JsonLimitError extends Error {
    name = 'JsonLimitError';
}
/** JSON.parse for a text that somebody else wrote.
 *  @throws SyntaxError, which does not quote the text as that of JSON.parse does; JsonLimitError */
function parseJson(text, revive) {
    checkJson(text);
    try {
        return JSON.parse(text, revive);
    }
    catch (error) {
        throw error instanceof SyntaxError ? new SyntaxError('it is not JSON') : error;
    }
}
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [LIST, LIST_END, MAP, MAP_END] = [0x5b, 0x5d, 0x7b, 0x7d];
/** Counts values by their commas and brackets. What is no JSON is for the parser to say.
 *  @throws JsonLimitError */
function checkJson(text) {
    let values = 1;
    let depth = 0;
    for (let at = 0; at < text.length; at += 1) {
        const character = text.charCodeAt(at);
        if (character === QUOTE)
            at = endOfString(text, at);
        else if (character === COMMA)
            values += 1;
        else if (character === LIST_END || character === MAP_END)
            depth -= 1;
        else if (character === LIST || character === MAP) {
            values += 1;
            depth += 1;
        }
        if (values > VALUES_MAX)
            throw new JsonLimitError(`JSON of more than ${VALUES_MAX} values`);
        if (depth > DEPTH_MAX)
            throw new JsonLimitError(`JSON that is nested more than ${DEPTH_MAX} deep`);
    }
}
/** @returns where the quote is that ends a string, or the end of a text that has none */
function endOfString(text, start) {
    for (let at = start + 1; at < text.length; at += 1) {
        const character = text.charCodeAt(at);
        if (character === QUOTE)
            return at;
        if (character === BACKSLASH)
            at += 1;
    }
    return text.length;
}

;// CONCATENATED MODULE: external "node:timers/promises"
const external_node_timers_promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");
;// CONCATENATED MODULE: ./lib/src/imgix/http/retry.js

// `Sat, 21 Nov 2026 22:05:41 GMT`; Date.parse alone reads a date into nearly anything
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
// 425: sent too early in a connection's life; 520 to 530: the edge has no answer of its origin (developers.cloudflare.com,
// "Cloudflare 5xx errors", read 2026-11)
const TRANSIENT = [408, 425, 429, 500, 502, 503, 504];
const TRANSIENT_RANGE = [520, 530];
const BACK_OFF_MS = 1000;
const BACK_OFF_MAX_MS = 30_000;
const RETRY_AFTER_MAX_MS = 120_000;
// Other requests end meanwhile, and leave their files and sockets: about a minute in all.
const STARVED_MS = 200;
const STARVED_MAX = 300;
/** Repeats `attempt` until it succeeds, until another try can't help, or `maxAttempts` times.
 *  @param attempt `reuse`: whether it can take a kept connection
 *  @throws the last attempt's error */
async function retry(attempt, { maxAttempts, isStream = false, signal, onWait }) {
    let starved = 0;
    const triesMax = isStream ? 1 : maxAttempts;
    let reuse = triesMax > 1; // a kept connection can be closed by now, which costs a try: the last one takes none
    for (let attempts = 1;; attempts += 1) {
        const result = await attempt(attempts, reuse);
        if ('starved' in result && result.starved && starved < STARVED_MAX) {
            starved += 1;
            attempts -= 1;
            await pause(STARVED_MS * (0.5 + Math.random()), signal);
            continue;
        }
        if ('done' in result)
            return result.done;
        if (result.waitMs === undefined || attempts >= triesMax)
            throw result.error;
        reuse = result.stale !== true && attempts + 1 < triesMax;
        onWait?.(result.waitMs, result.error);
        await pause(result.waitMs, signal);
    }
}
/** @throws the signal's reason, as a request under way does */
async function pause(waitMs, signal) {
    await (0,external_node_timers_promises_namespaceObject.setTimeout)(waitMs, undefined, { signal }).catch((error) => {
        signal?.throwIfAborted();
        throw error;
    });
}
/** Whether the same request can have another answer soon: the one table of statuses, for imgix and for storages. */
function isTransient(status) {
    const [first, last] = TRANSIENT_RANGE;
    return TRANSIENT.includes(status) || (status >= first && status <= last);
}
/** @param refusedMs the shortest wait after a 429 that does not say how long to wait; 0, which edges send, says nothing
 *  @returns our own back-off, or longer, in ms; undefined where the same request would get the same answer */
function retryDelay(answer, attempts, refusedMs = 0) {
    if (!isTransient(answer.status))
        return undefined;
    const saidMs = retryAfter(answer) || (answer.status === 429 ? refusedMs : 0);
    return Math.min(Math.max(saidMs, backOff(attempts)), RETRY_AFTER_MAX_MS);
}
/** A date is by the server's clock, which can differ from ours, so the wait is its distance from the answer's own date. */
function retryAfter({ headers }) {
    const header = headers['retry-after'] ?? '';
    if (/^\d+$/.test(header))
        return Number(header) * 1000;
    const waitMs = (parseDate(header) ?? 0) - (parseDate(headers.date) ?? Date.now());
    return waitMs > 0 ? waitMs : undefined;
}
/** @returns ms since 1970; undefined for a text that is not an HTTP date */
function parseDate(text = '') {
    const ms = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(ms) ? undefined : ms;
}
/** Exponential, with jitter: half to all of 1, 2, 4 … s */
function backOff(attempts) {
    return Math.min(BACK_OFF_MAX_MS, BACK_OFF_MS * 2 ** (attempts - 1)) * (0.5 + Math.random() / 2);
}

;// CONCATENATED MODULE: external "node:http"
const external_node_http_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");
;// CONCATENATED MODULE: external "node:https"
const external_node_https_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");
;// CONCATENATED MODULE: ./lib/src/imgix/http/unsent.js
// Without the modules of Node that a connection needs: a run loads them when it makes one.
/** The request has never left. */
class UnsentError extends Error {
    name = 'UnsentError';
    /** another try can help */
    retryable = false;
}
/** The host is not public. */
class HostError extends UnsentError {
    name = 'HostError';
}
/** No address of the host takes a connection. */
class AddressError extends UnsentError {
    name = 'AddressError';
    retryable = true;
}
/** The variable that names the proxy of the request is not valid. */
class ProxySettingError extends (/* unused pure expression or super */ null && (UnsentError)) {
    name = 'ProxySettingError';
}
/** There is no tunnel through the proxy. */
class ProxyError extends UnsentError {
    name = 'ProxyError';
    /** the proxy's answer; undefined where there was none */
    status;
    retryable;
    /** the variable that names the proxy */
    variable;
    constructor(why, { proxy, target, secure, status, cause }) {
        super(`no tunnel to ${target} through the proxy ${proxy.hostname}:${portOf(proxy)} (${why})`, { cause });
        this.status = status;
        this.retryable = status === undefined || status >= 500;
        this.variable = secure ? 'HTTPS_PROXY' : 'HTTP_PROXY';
    }
}
/** @param to ` to ` and a host, where the text has to name it */
function whyUnsent(error, to = '') {
    const isClear = error instanceof AddressError || error instanceof ProxyError;
    return isClear ? error.message : `nothing was sent${to}: ${error.message}`;
}
function portOf({ port, protocol }) {
    return port || (protocol === 'https:' ? '443' : '80');
}

;// CONCATENATED MODULE: ./lib/src/imgix/http/addresses.js

/** How long an address of a host has before the next one is tried. Node allows 250 ms, less than the way to a far host and
 *  back. The last address has as long as the request. */
const ATTEMPT_MS = 2500;
/** @param timeoutMs of the request, which is long enough for several addresses */
function attemptOptions(timeoutMs = Number.POSITIVE_INFINITY) {
    return { autoSelectFamilyAttemptTimeout: Math.max(10, Math.min(ATTEMPT_MS, Math.floor(timeoutMs / 4))) };
}
/** Watches the connection of a request, and which addresses a new one tries.
 *  @param onReady called when it stands, with what the network's round trip took where it is a new one
 *  @returns a function that makes an AddressError of an error before the connection, if there were several addresses */
function watchConnection(request, secure = false, onReady = () => { }) {
    const tried = new Map(); // address to what came of it
    let isConnected = false;
    request.once('socket', (socket) => {
        isConnected = !socket.connecting;
        if (isConnected)
            return onReady(); // a kept one
        let startedAt = performance.now();
        socket.once('lookup', () => {
            startedAt = performance.now();
        });
        // an attempt can have begun before
        for (const event of ['connectionAttempt', 'connectionAttemptTimeout'])
            socket.on(event, (address) => tried.set(address, 'no connection in time'));
        socket.on('connectionAttemptFailed', (address, _port, _family, { code }) => tried.set(address, code ?? 'no connection'));
        socket.once('connect', () => {
            isConnected = true;
            const roundTripMs = performance.now() - startedAt;
            if (secure)
                socket.once('secureConnect', () => onReady(roundTripMs));
            else
                onReady(roundTripMs);
        });
    });
    return (error) => {
        if (isConnected || tried.size < 2)
            return error;
        const each = [...tried].map(([address, why]) => `${address} (${why})`);
        return new AddressError(`no answer from ${each.join(' and ')}`, { cause: error });
    };
}

;// CONCATENATED MODULE: external "node:stream"
const external_node_stream_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");
;// CONCATENATED MODULE: external "node:stream/promises"
const external_node_stream_promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream/promises");
;// CONCATENATED MODULE: external "node:zlib"
const external_node_zlib_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");
;// CONCATENATED MODULE: ./lib/src/imgix/http/unpack.js


/** The body of an answer can't be taken, for a reason that is not the network's. */
class BodyError extends Error {
    name = 'BodyError';
    /** another try can bring another body */
    retryable;
    constructor(message, { retryable = true, cause } = {}) {
        super(message, { cause });
        this.retryable = retryable;
    }
}
const UNPACKERS = {
    gzip: external_node_zlib_namespaceObject.createGunzip,
    'x-gzip': external_node_zlib_namespaceObject.createGunzip,
    deflate: external_node_zlib_namespaceObject.createInflate,
    br: external_node_zlib_namespaceObject.createBrotliDecompress,
};
/** The codes of Node's errors about packed bytes. */
const PROBLEMS = /^(Z_|ERR__)/;
const NAME_MAX_LENGTH = 40;
/** Unpacks a body that arrives packed although nobody requested that. The reader bounds its length.
 *  @throws BodyError */
async function* unpacked(body, contentEncoding = '') {
    const encoding = contentEncoding.trim().toLowerCase() || 'identity';
    if (encoding === 'identity')
        return yield* body;
    if (!Object.hasOwn(UNPACKERS, encoding)) {
        const name = encoding.slice(0, NAME_MAX_LENGTH);
        for await (const _ of body)
            throw new BodyError(`an answer that is packed by '${name}'`, { retryable: false });
        return;
    }
    let isEmpty = true;
    const source = async function* () {
        for await (const chunk of body) {
            isEmpty = false;
            yield chunk;
        }
    };
    const unpacker = UNPACKERS[encoding]();
    (0,external_node_stream_promises_namespaceObject.pipeline)(source, unpacker).catch(() => { }); // the reader below hears of it
    try {
        for await (const chunk of unpacker)
            yield chunk;
    }
    catch (cause) {
        const { code = '' } = cause;
        if (!PROBLEMS.test(code))
            throw cause;
        if (!isEmpty)
            throw new BodyError(`an answer that is not the ${encoding} it is said to be`, { cause });
    }
}

;// CONCATENATED MODULE: ./lib/src/imgix/http/wait-for.js
/** Waits for one event of a request or a socket, which can also close without 'error' or do nothing any more.
 *  @param ended is aborted when the time limit is over, or nobody wants the event any more
 *  @returns the event's arguments
 *  @throws the emitter's error, ECONNRESET where it closes without one, or the reason of `ended` */
function waitFor(emitter, event, ended) {
    return new Promise((resolve, reject) => {
        const abort = () => reject(ended.reason);
        const settle = (happened) => {
            ended.removeEventListener('abort', abort);
            happened();
        };
        if (ended.aborted)
            return abort();
        ended.addEventListener('abort', abort, { once: true });
        emitter.once(event, (...args) => settle(() => resolve(args)));
        emitter.once('error', (error) => settle(() => reject(error)));
        emitter.once('close', () => settle(() => reject(wait_for_closed())));
    });
}
function wait_for_closed() {
    return Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' });
}

;// CONCATENATED MODULE: ./lib/src/imgix/http/read-answer.js



/** Of one object, such as a report with the URLs of a thousand files. */
const ANSWER_MAX_BYTES = 4 << 20;
/** What says why a request failed is short. Of a longer text, such as the page of a proxy, only the status counts. */
const REFUSAL_MAX_BYTES = 1 << 20;
/** A server that goes on with '102 Processing' and the like instead of an answer. */
const INFORMATION_MAX = 100;
const SWITCHED = '101 Switching Protocols';
/** @throws Node's own error where the answer ends before it is complete, or what `receive` throws */
async function awaitAnswer(request, watch, { method, headersOnly = false, receive, maxBytes = ANSWER_MAX_BYTES }) {
    // from now on the answer tells what happened; surplus bytes can arrive in one packet with it
    let afterwards;
    request.on('error', (error) => {
        afterwards = error;
    });
    refuseOtherAnswers(request, watch);
    const [response] = await waitFor(request, 'response', watch.ended);
    const { headers } = response;
    const status = Number(response.statusCode);
    if (status === 101)
        throw new Error(SWITCHED); // without the headers that make it an upgrade
    if (headersOnly && method !== 'HEAD') {
        request.destroy();
        return { status, headers, text: '' };
    }
    (0,external_node_stream_namespaceObject.addAbortSignal)(watch.ended, response);
    const isDownload = receive !== undefined && status === 200;
    const body = watched(response, watch.answered(isDownload));
    if (!isDownload) {
        const text = readText(request, unpacked(body, headers['content-encoding']), status < 300 ? maxBytes : undefined);
        return { status, headers, text: await text };
    }
    try {
        await receive(body, headers);
        if (afterwards !== undefined)
            throw afterwards;
    }
    catch (error) {
        request.destroy(); // nobody reads what is still to come
        throw error;
    }
    return { status, headers, text: '' };
}
/** A 101 ends HTTP on the connection, and nobody requested that. Other 1xx answers can arrive without an end. */
function refuseOtherAnswers(request, watch) {
    request.once('upgrade', (_answer, socket) => {
        socket.on('error', () => { }); // Node handles no error of this socket any more
        watch.fail(new Error(SWITCHED));
        socket.destroy();
    });
    let left = INFORMATION_MAX;
    request.on('information', ({ statusCode }) => {
        left -= 1;
        if (left < 0)
            watch.fail(new Error(`${statusCode} again and again`));
    });
}
async function* watched(response, onPart) {
    for await (const chunk of response) {
        onPart(chunk.length);
        yield chunk;
    }
}
/** @param maxBytes of a success; undefined for a refusal: its status counts, and of its text the beginning, if it can be read */
async function readText(request, body, maxBytes) {
    const chunks = [];
    let bytes = 0;
    try {
        for await (const chunk of body) {
            bytes += chunk.length;
            chunks.push(chunk);
            if (bytes <= (maxBytes ?? REFUSAL_MAX_BYTES))
                continue;
            request.destroy();
            if (maxBytes !== undefined)
                throw new BodyError(`an answer of more than ${maxBytes} bytes`);
            break;
        }
    }
    catch (error) {
        if (maxBytes === undefined && error instanceof BodyError)
            return '';
        throw error;
    }
    return Buffer.concat(chunks).toString('utf8', 0, maxBytes ?? REFUSAL_MAX_BYTES);
}

;// CONCATENATED MODULE: ./lib/src/imgix/http/send-body.js

const EXPECT_WAIT_MS = 1000;
// What is written at once: progress is seen by such a part, so that a slow line is not taken for a dead one.
const SLICE_BYTES = 128 << 10;
// A connection that accepts a slice within this time gets a whole chunk.
const QUICK_MS = 50;
// What a system may hold of a connection after the last write, and the last slices that tell how fast it goes.
const SYSTEM_BUFFER_BYTES = 8 << 20;
const RATE_SLICES = 9;
/** Sends a body slice by slice, and stops where the request ends or is refused. */
async function sendBody(request, source, { watch, onUnderWay, onProgress }) {
    if (request.getHeader('expect') !== undefined)
        await waitForContinue(request, watch.ended);
    let ended = request.destroyed || watch.ended.aborted || isRefused(request);
    const ending = new Promise((resolve) => {
        const end = () => {
            ended = true;
            resolve();
        };
        watch.ended.addEventListener('abort', end, { once: true });
        request.once('close', end);
        request.once('response', () => isRefused(request) && end());
    });
    if (ended)
        return; // a body that can be read once is not begun
    const written = [{ at: performance.now(), bytes: 0 }]; // the last slices, which tell how fast the line takes them
    let sliceBytes = SLICE_BYTES;
    for await (const chunk of source.chunks()) {
        for (let start = 0; start < chunk.length && !ended;) {
            const slice = chunk.subarray(start, start + sliceBytes);
            start += slice.length;
            if (watch.sentBytes() > CHUNK_BYTES)
                onUnderWay?.();
            // the chunk's memory is read into again when this is over
            await Promise.race([new Promise((resolve) => request.write(slice, resolve)), ending]);
            watch.progress(slice.length);
            onProgress?.(watch.sentBytes());
            const at = performance.now();
            sliceBytes = at - Number(written.at(-1)?.at) < QUICK_MS ? CHUNK_BYTES : SLICE_BYTES;
            if (written.push({ at, bytes: watch.sentBytes() }) > RATE_SLICES)
                written.shift();
        }
        if (ended)
            return;
    }
    if (ended)
        return;
    request.end();
    // the time for the bytes that the system has accepted and not sent, at the rate of the last slices
    const [first, last] = [written[0], written.at(-1)];
    const msPerByte = (Number(last?.at) - Number(first?.at)) / (Number(last?.bytes) - Number(first?.bytes));
    watch.allow(msPerByte * Math.min(SYSTEM_BUFFER_BYTES, watch.sentBytes()) || 0);
}
/** Resolves when the server says 'continue', answers without it or stays silent, and when the request ends. */
function waitForContinue(request, ended) {
    request.flushHeaders();
    return new Promise((resolve) => {
        const timer = setTimeout(resolve, EXPECT_WAIT_MS);
        const go = () => {
            clearTimeout(timer);
            resolve();
        };
        for (const event of ['continue', 'response', 'close'])
            request.once(event, go);
        ended.addEventListener('abort', go, { once: true });
    });
}
function isRefused(request) {
    return Number(statusOf(request)) >= 300;
}
/** @returns the status of the answer; undefined before it */
function statusOf(request) {
    return request.res?.statusCode;
}

;// CONCATENATED MODULE: external "node:net"
const external_node_net_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");
;// CONCATENATED MODULE: ./lib/src/imgix/http/tunnel.js






function createTunnels() {
    const closing = new AbortController();
    const underWay = new WeakMap(); // by what abandons the request
    return {
        /** An agent whose connections, plain ones too, are tunnels through a proxy: it learns host and port and no more.
         *  Its requests have to be `Abandonable`. */
        agent(proxy, secure, options) {
            const agent = secure ? new external_node_https_namespaceObject.Agent(options) : new external_node_http_namespaceObject.Agent(options);
            const encrypt = agent.createConnection.bind(agent);
            agent.createConnection = (given, callback) => {
                const { host, port, abandoned } = given;
                const target = `${(0,external_node_net_namespaceObject.isIPv6)(host) ? `[${host}]` : host}:${port}`;
                const signal = AbortSignal.any([abandoned, closing.signal]);
                const open = async () => {
                    underWay.set(abandoned, { proxy, target, secure });
                    const socket = await connect({ proxy, target, secure }, signal);
                    underWay.delete(abandoned);
                    // handed over when it is ready, because that is when the request leaves
                    return secure ? handshake(encrypt({ ...given, socket }), signal) : socket;
                };
                open().then((socket) => callback?.(null, socket), (error) => callback?.(error, undefined));
                return undefined;
            };
            return agent;
        },
        /** @returns a time limit of a request that was waiting for its tunnel as the proxy's failure, any other error as it is */
        explain(error, abandoned) {
            const way = underWay.get(abandoned);
            const { code, message } = error;
            return way !== undefined && code === 'ETIMEDOUT' ? new ProxyError(message, { ...way, cause: error }) : error;
        },
        /** Ends the tunnels that are not ready yet; the others are their agents'. */
        close: () => closing.abort(new Error('closed')),
    };
}
/** @throws ProxyError, or the signal's reason */
async function connect(way, signal) {
    const { proxy, target } = way;
    const host = proxy.hostname.replace(/^\[|\]$/g, '');
    const request = (proxy.protocol === 'https:' ? external_node_https_namespaceObject.request : external_node_http_namespaceObject.request)({
        method: 'CONNECT',
        path: target,
        agent: false,
        headers: { host: target, ...authorization(proxy) },
        host,
        port: portOf(proxy),
        servername: (0,external_node_net_namespaceObject.isIP)(host) === 0 ? host : '', // Node's default is the name in the header `host`
        ...attemptOptions(),
    });
    const explain = watchConnection(request);
    try {
        request.end();
        const [answer, socket, early] = await waitFor(request, 'connect', signal);
        const status = Number(answer.statusCode);
        if (status >= 200 && status < 300 && early.length === 0)
            return socket;
        socket.destroy();
        if (status >= 200 && status < 300)
            throw new ProxyError('its answer is not HTTP', way);
        throw new ProxyError(String(status), { ...way, status });
    }
    catch (cause) {
        request.on('error', () => { }).destroy();
        if (cause instanceof ProxyError)
            throw cause;
        throw signal.aborted ? signal.reason : new ProxyError(explainCode(explain(cause)), { ...way, cause });
    }
}
function explainCode(cause) {
    if (cause instanceof AddressError)
        return cause.message;
    const { code = 'no answer' } = cause;
    return code.startsWith('HPE_') ? 'its answer is not HTTP' : code;
}
function authorization({ username, password }) {
    if (username + password === '')
        return {};
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
async function handshake(socket, signal) {
    try {
        await waitFor(socket, 'secureConnect', signal);
        return socket;
    }
    catch (error) {
        socket.on('error', () => { }).destroy();
        throw signal.aborted ? signal.reason : error;
    }
}

;// CONCATENATED MODULE: ./lib/src/imgix/http/watch.js
/** An answer as a whole takes at most so many times the limit that holds for its parts. */
const ANSWER_LIMITS = 10;
const MIB = 1 << 20;
/** Ends a request that is aborted, fails, does not move for `timeoutMs`, or takes too long for its whole answer. Whatever
 *  waits for the request has to wait for `ended`, too. */
function watchProgress(timeoutMs, signal) {
    const ending = new AbortController();
    const ended = ending.signal;
    let sentBytes = 0;
    let stopped = false;
    const fail = (error) => ending.abort(error);
    const giveUpAfter = (ms, why) => setTimeout(() => fail(Object.assign(new Error(why), { code: 'ETIMEDOUT' })), ms);
    const giveUpIdle = (ms) => giveUpAfter(ms, `no progress for ${timeoutMs / 1000} s`);
    let idle = giveUpIdle(timeoutMs);
    let whole;
    const abort = () => fail(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    return {
        /** aborted with what ended the request */
        ended,
        fail,
        /** @param bytes of the body that have left */
        progress(bytes) {
            sentBytes += bytes;
            idle.refresh();
        },
        sentBytes: () => sentBytes,
        /** Extends the time limit by `ms`, for bytes that the system still sends. */
        allow(ms) {
            if (stopped)
                return; // the request is over, while its body was still being written
            clearTimeout(idle);
            idle = giveUpIdle(timeoutMs + ms);
        },
        /** From the headers of an answer on. A body that comes by drops makes progress and may never end, so the answer as a
         *  whole has ten times `timeoutMs`; one of them was for its headers. A download has that time for each MiB.
         *  @returns what to call with the size of each part of the body as it comes */
        answered(isDownload) {
            const limitMs = ANSWER_LIMITS * timeoutMs;
            const timer = isDownload
                ? giveUpAfter(limitMs, `less than 1 MiB in ${limitMs / 1000} s`)
                : giveUpAfter(limitMs - timeoutMs, `not whole after ${limitMs / 1000} s`);
            whole = timer;
            let bytesLeft = MIB;
            return (bytes) => {
                idle.refresh();
                bytesLeft -= bytes;
                if (!isDownload || bytesLeft > 0)
                    return;
                bytesLeft = MIB;
                timer.refresh();
            };
        },
        /** @returns what ended the request, whatever its connection made of it */
        reason: (error) => (ending.signal.aborted ? ending.signal.reason : error),
        stop() {
            stopped = true;
            clearTimeout(idle);
            clearTimeout(whole);
            signal?.removeEventListener('abort', abort);
        },
    };
}

;// CONCATENATED MODULE: ./lib/src/imgix/http/transport.js









// A request with a longer body waits for `100 Continue`, because a reset connection would lose a refusal.
const EXPECT_ABOVE_BYTES = 1 << 20;
const ROUND_TRIPS = 8;
/** @param timeoutMs without progress in either direction, after which a request is given up
 *  @param proxyFor the proxy that leads to a URL, with its credentials */
function createTransport(timeoutMs, proxyFor = () => undefined) {
    const tunnels = createTunnels();
    const agents = new Map(); // by scheme and proxy
    const roundTripsMs = []; // of the last connections
    const withoutExpect = new Set(); // hosts that refuse to be asked first
    return {
        send,
        close() {
            tunnels.close();
            for (const agent of agents.values())
                agent.destroy();
        },
    };
    function agentFor(secure, proxy) {
        const name = `${secure} ${proxy?.href}`;
        const options = { keepAlive: true, keepAliveMsecs: 10_000, maxFreeSockets: 16, scheduling: 'lifo' };
        const direct = secure ? external_node_https_namespaceObject.Agent : external_node_http_namespaceObject.Agent;
        const agent = agents.get(name) ?? (proxy === undefined ? new direct(options) : tunnels.agent(proxy, secure, options));
        agents.set(name, agent);
        return agent;
    }
    async function send(outgoing) {
        try {
            const source = await openBody(outgoing.body);
            const { host } = outgoing.url;
            const expects = source.bytes > EXPECT_ABOVE_BYTES && !withoutExpect.has(host);
            const way = { reuse: outgoing.reuse ?? true, expects };
            try {
                const answer = await exchange(outgoing, source, way).catch((error) => {
                    if (!(error instanceof StaleConnection && outgoing.repeats))
                        throw error;
                    return exchange(outgoing, source, { ...way, reuse: false });
                });
                if (answer.status !== 417 || !expects)
                    return answer;
                withoutExpect.add(host);
                return await exchange(outgoing, source, { ...way, expects: false });
            }
            finally {
                await source.close();
            }
        }
        catch (error) {
            if (isStarved(error))
                dropIdle();
            throw error;
        }
    }
    /** Closes idle connections, because other requests need their sockets. */
    function dropIdle() {
        for (const agent of agents.values())
            for (const socket of Object.values(agent.freeSockets).flat())
                socket?.destroy();
    }
    async function exchange(outgoing, source, { reuse, expects }) {
        const { method, url, signal, lookup } = outgoing;
        signal?.throwIfAborted();
        const secure = url.protocol === 'https:';
        const headers = { ...outgoing.headers };
        if (source.bytes > 0 || method === 'POST' || method === 'PUT')
            headers['content-length'] = String(source.bytes);
        if (expects)
            headers.expect = '100-continue';
        const proxy = proxyFor(url);
        const agent = reuse ? agentFor(secure, proxy) : proxy !== undefined && tunnels.agent(proxy, secure, {});
        const watch = watchProgress(timeoutMs, signal);
        try {
            const options = { method, headers, agent, lookup, abandoned: watch.ended };
            Object.assign(options, attemptOptions(timeoutMs));
            const request = secure ? (0,external_node_https_namespaceObject.request)(url, options) : (0,external_node_http_namespaceObject.request)(url, options);
            const explain = watchConnection(request, secure, (roundTripMs) => {
                if (proxy !== undefined)
                    return outgoing.onSent?.(undefined);
                if (roundTripMs !== undefined && roundTripsMs.push(roundTripMs) > ROUND_TRIPS)
                    roundTripsMs.shift();
                outgoing.onSent?.(roundTripsMs.length === 0 ? undefined : Math.max(...roundTripsMs));
            });
            return await converse(request, source, { outgoing, watch }).catch((error) => {
                throw signal?.aborted ? error : explain(error);
            });
        }
        catch (error) {
            throw tunnels.explain(error, watch.ended);
        }
        finally {
            watch.stop();
        }
    }
}
/** Sends the body of a request and reads its answer, until both are over or the watch ends them. */
async function converse(request, source, { outgoing, watch }) {
    // a failure to send the body ends the request, and every other end of the request ends the sending
    watch.ended.addEventListener('abort', () => request.destroy(watch.ended.reason), { once: true });
    const answer = awaitAnswer(request, watch, outgoing);
    const sent = sendBody(request, source, { ...outgoing, watch });
    sent.catch(watch.fail);
    try {
        const result = await answer;
        // an early success counts only after the whole body is sent
        if (result.status < 300)
            await sent;
        if (!request.writableEnded) {
            request.destroy();
            if (result.status < 300)
                throw new Error('an answer before the body was sent');
        }
        return result;
    }
    catch (error) {
        const reason = error instanceof ProxyError ? error : watch.reason(error);
        watch.fail(reason); // whatever it was, nothing waits for this request any more
        if (isStale(request, reason) && watch.sentBytes() <= SLICE_BYTES && !outgoing.signal?.aborted) {
            throw new StaleConnection('the connection was closed', { cause: reason });
        }
        throw reason;
    }
    finally {
        await sent.catch(() => { }); // it reads no more of the file when the caller closes it
    }
}
/** @returns whether the process has too many open files and sockets; then nothing was sent */
function isStarved(error) {
    const { code, cause } = error;
    return code === 'EMFILE' || code === 'ENFILE' || (cause !== undefined && isStarved(cause));
}
/** A kept connection was closed under a request. That says nothing of the request: it can go out again on a new one. */
class StaleConnection extends Error {
    name = 'StaleConnection';
}
function isStale(request, error) {
    const { code } = error;
    return request.reusedSocket && statusOf(request) === undefined && (code === 'ECONNRESET' || code === 'EPIPE');
}

;// CONCATENATED MODULE: ./lib/src/imgix/answers.js







function readDocument({ text }) {
    if (text.trim() === '')
        return { document: {} };
    try {
        const document = parseJson(text, keepNumber);
        if (isRecord(document))
            return { document, problem: answers_problemOf(document) };
    }
    catch (error) {
        if (error instanceof JsonLimitError)
            return { problem: `with ${error.message}` };
    }
    return { problem: 'with an answer that is not JSON' };
}
/** What users stored is written back as it was: a number that JavaScript can't hold stays the text that it is. */
function keepNumber(_key, value, { source = '' } = {}) {
    if (typeof value !== 'number' || String(value) === source)
        return value;
    const digits = source.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '').length;
    const isExact = Number.isFinite(value) && !Object.is(value, -0) && digits <= 15;
    return isExact ? value : JSON.rawJSON(source);
}
/** A success is empty or a JSON:API document without errors: anything else comes from somebody between imgix and us. */
function answers_problemOf(document) {
    const { errors } = document;
    const hasData = 'data' in document;
    // `errors: []` or `errors: null` beside `data` means that there is no error
    if (hasData && (errors === null || (Array.isArray(errors) && errors.length === 0)))
        return undefined;
    if ('errors' in document)
        return hasData ? 'with errors beside its data' : 'with errors and no data';
    const isKnown = hasData || 'meta' in document || 'jsonapi' in document || Object.keys(document).length === 0;
    return isKnown ? undefined : "with an answer that is not imgix's";
}
function asError(cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
}
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
/** What an attempt without a complete answer comes to. */
function withoutAnswer(thrown, facts) {
    const stale = thrown instanceof StaleConnection;
    const found = stale && thrown.cause instanceof Error ? thrown.cause : thrown;
    const { code = '' } = found;
    const cause = code === 'ERR_INVALID_CHAR' ? new UnsentError(found.message) : found; // Node's, of a header
    const { retryable = true } = cause;
    const error = cause instanceof FileError ? cause : new errors_ImgixError({ ...facts, reason: why(cause, facts), cause });
    const starved = isStarved(cause);
    const isSent = !(starved || cause instanceof FileError || cause instanceof UnsentError || NEVER_SENT.includes(code));
    // a kept connection that was closed says nothing of the server: no need to give it time
    const waitMs = stale ? 0 : backOff(facts.attempts);
    return { error, waitMs: retryable ? waitMs : undefined, perhapsDone: isSent, starved, stale };
}
/** @param facts with a status if only the body is missing */
function why(cause, { status, path, host = path }) {
    if (cause instanceof UnsentError)
        return whyUnsent(cause, ` to ${host}`);
    if (cause instanceof BodyError)
        return status === undefined ? cause.message : `with ${cause.message}`;
    const { code, message } = cause;
    const what = code === undefined || code === 'ETIMEDOUT' ? message : code;
    return status === undefined ? `no answer from ${host} (${what})` : `with a body that did not arrive whole (${what})`;
}

;// CONCATENATED MODULE: ./lib/src/imgix/strangers.js


/** The statuses that a run acts on: they tell the permissions of the key, and whether something exists. */
const MEANINGS = [401, 403, 404, 409];
/** That something is too large is true whoever says it. */
const TOO_LARGE = 413;
/** A refusal of another status can be without a document of the server's own, but is no page.
 *  @param isOwn whether the server itself can have given the answer */
function isStrangers(answer, isOwn) {
    const { status } = answer;
    const isRefusal = status >= 400 && status < 500 && status !== TOO_LARGE && !isTransient(status);
    return !isOwn && (MEANINGS.includes(status) || (isRefusal && isPage(answer)));
}
/** An error for the answer of somebody between, such as an egress gateway. It has no status, as that means nothing here.
 *  @param server whose answer it is not */
function strangersError(answer, facts, server) {
    const reason = `something between ${server} and the runner answered ${describeAnswer(answer)}`;
    return new errors_ImgixError({ ...facts, status: undefined, strangersStatus: answer.status, reason });
}
/** Status and type of an answer, such as `403 text/html`. */
function describeAnswer({ status, headers, text }) {
    if (text.trim() === '')
        return `${status} without a document`;
    const type = /^[\w.+-]{1,40}\/[\w.+-]{1,40}/.exec(headers['content-type'] ?? '')?.[0];
    return `${status} ${type?.toLowerCase() ?? 'without a content type'}`;
}
/** @param document of the answer; undefined for one that is no JSON object */
function isImgixs({ headers, text }, document) {
    const isJsonApi = /^application\/vnd\.api\+json\b/i.test(headers['content-type'] ?? '');
    if (text.trim() === '')
        return isJsonApi;
    return document !== undefined && ['errors', 'data', 'meta', 'jsonapi'].some((name) => name in document);
}
const START_LENGTH = 1024;
/** A page for people, whatever its type says. Google's storage calls an answer without a body HTML, too. */
function isPage({ headers, text }) {
    return text.trim() !== '' && (isHtml(headers) || /<(html|!doctype\s+html)\b/i.test(text.slice(0, START_LENGTH)));
}
function isHtml(headers) {
    return /^(text\/html|application\/xhtml\+xml)\b/i.test(headers['content-type'] ?? '');
}

;// CONCATENATED MODULE: ./lib/src/imgix/api-request.js






const JSON_API = 'application/vnd.api+json';
/** @see Client.request */
async function requestApi(request, sending) {
    const { settings, transport, pace, clock } = sending;
    const url = new URL(`${settings.apiUrl}/api/v1/${request.path}`);
    const target = { method: request.method, path: url.pathname, permission: request.permission };
    const outgoing = { ...outgoingOf(request, settings), url };
    const halt = request.halt ?? request.signal; // no AbortSignal.any for each request: what it joins would keep it for the run
    let perhapsDone = false;
    const attempt = async (attempts, reuse) => {
        const slot = await pace.acquire(request.limit, { signal: halt, first: attempts > 1 || request.first === true });
        // what is sent once would fail for good on a kept connection that is closed by now
        const own = { reuse: reuse && request.once !== true, onSent: slot.sent, onUnderWay: slot.underWay };
        const answer = await transport.send({ ...outgoing, ...own }).catch(asError);
        const facts = { ...target, attempts, perhapsDone };
        if (answer instanceof Error)
            slot.underWay();
        else {
            slot.answered();
            clock.read(answer.headers);
        }
        const result = answer instanceof Error
            ? withoutAnswer(answer, { ...facts, host: url.host })
            : judge(answer, facts, { request, sending });
        if ('done' in result)
            return result;
        if (!(answer instanceof Error) && answer.status === 429)
            slot.refused(result.waitMs ?? 0);
        perhapsDone ||= result.perhapsDone;
        return request.once && perhapsDone ? { error: result.error, waitMs: undefined } : result;
    };
    const onWait = (waitMs, reason) => {
        // the hourly limit of Sources can refuse a request for a long time, so each 429 is told, before short waits too
        const isRefused = request.limit === 'deploy' && reason instanceof errors_ImgixError && reason.status === 429;
        const tell = isRefused ? settings.onLongWait : sending.onWait;
        tell(waitMs, reason);
    };
    const isOnce = isStream(request.upload);
    return retry(attempt, { maxAttempts: settings.maxAttempts, isStream: isOnce, signal: halt, onWait });
}
/** What an answer comes to. */
function judge(answer, facts, { request, sending: { pace, redact } }) {
    const { status } = answer;
    const { attempts, perhapsDone } = facts;
    const { document, problem } = readDocument(answer);
    if (status >= 200 && status < 300) {
        const reason = problem ?? contradictionIn(document, request, redact);
        if (document !== undefined && reason === undefined)
            return { done: { status, document, attempts, perhapsDone } };
        const error = new errors_ImgixError({ ...facts, status, reason, ...readErrors(document, redact) });
        return { error, waitMs: backOff(attempts), perhapsDone: true };
    }
    const waitMs = retryDelay(answer, attempts, pace.refusedMs(request.limit));
    const reason = status < 400 ? 'a redirect, which is not followed' : undefined;
    const error = isStrangers(answer, isImgixs(answer, document))
        ? strangersError(answer, facts, 'imgix')
        : new errors_ImgixError({ ...facts, status, reason, ...readErrors(document, redact) });
    return { error, waitMs, perhapsDone: waitMs !== undefined && status !== 429 };
}
/** @returns the contradiction, cut short and without secrets; undefined for none */
function contradictionIn(document = {}, { contradiction }, redact) {
    const reason = contradiction?.(document);
    return reason && shorten(reason, redact);
}
function outgoingOf({ method, json, upload, signal, maxBytes }, settings) {
    const headers = {
        accept: JSON_API,
        'accept-encoding': 'identity',
        authorization: `Bearer ${settings.apiKey}`,
        'user-agent': settings.userAgent,
        'content-type': upload === undefined ? JSON_API : (upload.contentType ?? ANY_TYPE), // bodiless requests too, as in imgix's own examples
    };
    const body = upload ?? (json === undefined ? undefined : { bytes: Buffer.from(JSON.stringify(json)) });
    return { method, headers, body, signal, maxBytes, onProgress: upload?.onProgress };
}

;// CONCATENATED MODULE: external "node:dns"
const external_node_dns_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");
;// CONCATENATED MODULE: ./lib/src/imgix/http/hosts.js



// https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry, read 2026-11
const IPV4_RANGES = [
    ['loopback', ['127.0.0.0/8']],
    ['private', ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16']],
    ['link-local', ['169.254.0.0/16']],
    ['reserved', ['0.0.0.0/8', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24']],
    ['reserved', ['203.0.113.0/24', '224.0.0.0/3']],
];
/** IPv6 addresses that stand for one of IPv4: mapped, NAT64. 6to4 is public without a range. */
const EMBEDDING = ['::ffff:0:0/96', '64:ff9b::/96'];
const IPV6_RANGES = [
    ...IPV4_RANGES.map(([kind, ranges]) => [kind, ranges.flatMap(embedded)]),
    ['public', EMBEDDING],
    ['loopback', ['::1/128']],
    ['private', ['fc00::/7']],
    ['link-local', ['fe80::/10']],
    // all but 2000::/3, and what is special in it
    ['reserved', ['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '3fff::/20']],
];
// apart, because BlockList takes an address of IPv4 for one that is mapped to IPv6
const KINDS = { ipv4: IPV4_RANGES.map(toBlockList('ipv4')), ipv6: IPV6_RANGES.map(toBlockList('ipv6')) };
/** Allows public hosts, and those of the kind that the API's own host is of.
 *  @param resolve the system's look-up of a name */
function createHosts(apiUrl, resolve = external_node_dns_namespaceObject.promises.lookup) {
    const apiHost = hostOf(new URL(apiUrl));
    const kindOfApi = async () => {
        const known = kindOfHost(apiHost);
        if (known !== undefined)
            return known;
        const addresses = await resolve(apiHost, { all: true }).catch(() => []);
        return addresses.map(({ address }) => kindOf(address)).find((kind) => kind !== 'public') ?? 'public';
    };
    const isAllowed = async (kind) => kind === 'public' || kind === (await kindOfApi());
    const lookUp = async (name, options) => {
        const addresses = await resolve(name, { ...options, all: true });
        for (const { address } of addresses) {
            if (!(await isAllowed(kindOf(address))))
                throw new HostError(`its name leads to ${address}, which is not a public address`);
        }
        return addresses;
    };
    return {
        allows: (url) => isAllowed(kindOfHost(hostOf(url)) ?? 'public'),
        lookup: (name, options, callback) => {
            lookUp(name, options).then((addresses) => options.all ? callback(null, addresses) : callback(null, addresses[0]?.address ?? '', addresses[0]?.family), (error) => callback(error, ''));
        },
    };
}
/** Whether a URL's host is this machine, as far as the URL tells. */
function isLoopback(url) {
    return kindOfHost(hostOf(url)) === 'loopback';
}
function hostOf({ hostname }) {
    return hostname.replace(/^\[|\]$|\.$/g, '');
}
/** Top-level domains of private networks: a proxy that looks names up itself would find them.
 *  @see RFC 6762 (local) and RFC 8375 (home.arpa); ICANN's resolution 2024.07.29.06 (internal) */
const PRIVATE_NAME = /\.(?:home\.arpa|internal|local|localdomain)$/;
/** @returns undefined for a name that has to be looked up */
function kindOfHost(host) {
    if ((0,external_node_net_namespaceObject.isIP)(host) !== 0)
        return kindOf(host);
    if (/(^|\.)localhost$/.test(host))
        return 'loopback';
    return host.includes('.') && !PRIVATE_NAME.test(host) ? undefined : 'private';
}
/** @param address without brackets */
function kindOf(address) {
    const family = (0,external_node_net_namespaceObject.isIP)(address) === 6 ? 'ipv6' : 'ipv4';
    return KINDS[family].find(({ list }) => list.check(address.replace(/%.*$/, ''), family))?.kind ?? 'public';
}
/** @returns a range of IPv4 as it is in IPv6: mapped, by NAT64, and by 6to4, which has it in front */
function embedded(range) {
    const [address = '', prefix] = range.split('/');
    const [a, b, c, d] = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
    const [mapped, nat64] = ['::ffff:', '64:ff9b::'].map((start) => `${start}${address}/${96 + Number(prefix)}`);
    return [String(mapped), String(nat64), `2002:${a}${b}:${c}${d}::/${16 + Number(prefix)}`];
}
function toBlockList(family) {
    return ([kind, ranges]) => {
        const list = new external_node_net_namespaceObject.BlockList();
        for (const range of ranges)
            list.addSubnet(String(range.split('/')[0]), Number(range.split('/')[1]), family);
        return { kind, list };
    };
}

;// CONCATENATED MODULE: ./lib/src/imgix/http/limiter.js
// How much of a window is added for clocks and timers: 1.5 %, at least this much.
const MARGIN = 0.015;
const MARGIN_MS = 5;
// The last round trips that are kept, and how many tell the shortest one and the variation.
const TRIPS_MAX = 32;
const TRIPS_MIN = 8;
// A request that left so long ago has been counted, though its answer takes longer: it is at work, not on its way. Where
// the network's round trip is known, and no 429 has said otherwise, two of those and some time for a busy server.
const ON_ITS_WAY_MAX_MS = 500;
const BUSY_SERVER_MS = 100;
const SLOWEST_PACE = 1 / 64;
const CALM_MS = 10_000;
const RECOVERY = 1.25;
const DRIFT_MAX = 0.2;
const COINCIDENCES = 8;
/** Never lets more than `count` requests into any window of `perMs`, as the server counts them. */
function createLimiter(limit, isShared = false) {
    const waiters = [];
    const freeAt = []; // times at which the places of counted requests are free again
    let uncounted = 0; // requests that the server may not have counted yet
    const tripsMs = []; // the last ones
    let timer;
    let pausedUntil = 0;
    // the share of the limit in use: a 429 halves it, then it grows slowly, and more slowly after each further 429
    let share = 1;
    let calmMs = CALM_MS;
    let slowedAt = 0;
    let raisedAt = 0;
    let refusals = 0;
    let calmShare = 0; // the largest share that was not refused for a while, since the first refusal
    function window(used = share) {
        const count = limit.count * used;
        return { count: Math.max(1, Math.floor(count)), perMs: count < 1 ? limit.perMs / count : limit.perMs };
    }
    /** @returns a random share of a window, up to a fifth, so that several jobs do not send in step */
    function drift() {
        return isShared ? Math.random() * DRIFT_MAX : 0;
    }
    function pump() {
        clearTimeout(timer);
        timer = undefined;
        const now = performance.now();
        recover(now);
        while (freeAt.length > 0 && Number(freeAt[0]) <= now)
            freeAt.shift();
        const { count } = window();
        while (waiters.length > 0 && now >= pausedUntil && uncounted + freeAt.length < count)
            waiters.shift()?.grant(createSlot(now));
        if (waiters.length === 0)
            return;
        // with every place uncounted there is nothing to wait for but an answer, which pumps again
        const next = now < pausedUntil ? pausedUntil : freeAt[Math.max(0, uncounted + freeAt.length - count)];
        if (next !== undefined)
            timer = setTimeout(pump, Math.max(1, Math.ceil(next - now)));
    }
    function createSlot(startedAt) {
        uncounted += 1;
        let place; // the time at which it is free again; undefined until the request is counted
        let sentAt = startedAt;
        let onItsWay;
        const count = (countedAt) => {
            clearTimeout(onItsWay);
            const { perMs } = window();
            const free = countedAt + perMs + Math.max(MARGIN_MS, perMs * (MARGIN + drift()));
            const known = place === undefined ? -1 : freeAt.indexOf(place);
            if (place === undefined)
                uncounted -= 1;
            else if (known === -1)
                return;
            else
                freeAt.splice(known, 1);
            place = free;
            freeAt.splice(freeAt.findLastIndex((at) => at <= free) + 1, 0, free);
            pump();
        };
        return {
            sent(roundTripMs) {
                sentAt = performance.now();
                const known = roundTripMs !== undefined && slowedAt === 0;
                const onItsWayMs = known ? Math.min(ON_ITS_WAY_MAX_MS, 2 * roundTripMs + BUSY_SERVER_MS) : ON_ITS_WAY_MAX_MS;
                onItsWay ??= setTimeout(() => count(performance.now()), onItsWayMs);
            },
            answered() {
                const now = performance.now();
                tripsMs.push(now - sentAt);
                if (tripsMs.length > TRIPS_MAX)
                    tripsMs.shift();
                const steadyMs = steadyTripMs();
                if (steadyMs > 0 || place === undefined)
                    count(now - steadyMs);
            },
            underWay: () => place ?? count(performance.now()),
            refused: (waitMs) => slowDown(startedAt, waitMs),
        };
    }
    /** @returns what a request was counted before its answer and the next one is counted after it leaves, both together: at
     *  least one short trip, where short trips are about alike; 0 where they vary */
    function steadyTripMs() {
        if (tripsMs.length < TRIPS_MIN)
            return 0;
        const sorted = tripsMs.toSorted((a, b) => a - b);
        const [shortest = 0, short = 0] = [sorted[0], sorted[sorted.length >> 2]];
        return Math.max(0, shortest - 2 * (short - shortest));
    }
    function slowDown(startedAt, waitMs) {
        const now = performance.now();
        refusals += 1;
        pausedUntil = Math.max(pausedUntil, now + waitMs + drift() * limit.perMs);
        // a request from before the last slow-down, or from the window after it, says nothing about the present pace
        if (slowedAt > 0 && startedAt < slowedAt + limit.perMs)
            return;
        if (raisedAt > slowedAt)
            calmMs *= 2;
        if (share <= calmShare)
            calmShare = 0; // it was good for a while, and is no more
        // other jobs sent at the same time: a few refusals do not mean that the pace is too high
        if (isShared && refusals < COINCIDENCES)
            return;
        share = calmShare > 0 ? calmShare : Math.max(share / 2, SLOWEST_PACE / limit.count);
        slowedAt = now;
        raisedAt = now;
    }
    /** Returns to the largest share that imgix accepted for a while, and later exceeds it. */
    function recover(now) {
        if (share === 1 || now - raisedAt < (share < calmShare ? CALM_MS : calmMs))
            return;
        calmShare = Math.max(calmShare, share);
        share = share < calmShare ? calmShare : Math.min(1, share * RECOVERY);
        raisedAt = now;
    }
    /** Estimates when the last of `requests` further requests can leave, from the times at which places become free. */
    function expect(requests) {
        const now = performance.now();
        const { count, perMs } = window();
        const last = waiters.length + requests - 1;
        const turn = last % count;
        const idle = Math.max(0, count - freeAt.length - uncounted);
        const free = turn < idle ? now : (freeAt[turn - idle] ?? now + perMs);
        const waitMs = Math.max(free, pausedUntil, now) - now + Math.floor(last / count) * perMs;
        return { waitMs, tripMs: tripsMs.reduce((sum, trip) => sum + trip, 0) / (tripsMs.length || 1) };
    }
    return {
        expect,
        slowed: () => ({ refusals, accepted: window(calmShare || share) }),
        acquire(signal, first) {
            return new Promise((resolve, reject) => {
                const abort = () => {
                    waiters.splice(waiters.indexOf(waiter), 1);
                    pump();
                    reject(signal?.reason);
                };
                const waiter = {
                    first,
                    grant(slot) {
                        signal?.removeEventListener('abort', abort);
                        resolve(slot);
                    },
                };
                if (signal?.aborted)
                    return reject(signal.reason);
                signal?.addEventListener('abort', abort, { once: true });
                waiters.splice(first ? waiters.findLastIndex((other) => other.first) + 1 : waiters.length, 0, waiter);
                pump();
            });
        },
    };
}

;// CONCATENATED MODULE: ./lib/src/imgix/pace.js

/** `default` is for all that has no limit of its own. Read 2026-11 at docs.imgix.com/references/api-rate-limits */
const DOCUMENTED_LIMITS = {
    upload: { count: 2, perMs: 1000 },
    purge: { count: 10, perMs: 1000 },
    get: { count: 10, perMs: 1000 },
    refresh: { count: 10, perMs: 60_000 },
    default: { count: 4, perMs: 1000 },
};
/** By the same page, for each of the two: taken together they stay below it. */
const DEPLOY_LIMIT = { count: 60, perMs: 3_600_000 };
/** @param isShared other jobs go at their parts of the limits at the same time
 *  @returns a limiter per class: never more than `count` requests in any window of `perMs`, as the server counts */
function createPace(given, isShared = false) {
    const limits = { deploy: DEPLOY_LIMIT, ...given };
    const classes = new Map();
    const limiterOf = (limitClass) => {
        const limiter = classes.get(limitClass) ?? createLimiter(limits[limitClass], isShared);
        classes.set(limitClass, limiter);
        return limiter;
    };
    return {
        /** Waits for a place in the class, in the order of the calls. With `first`, the call goes before all waiting calls. */
        acquire: (limitClass, { signal, first = false } = {}) => limiterOf(limitClass).acquire(signal, first),
        /** @returns about how many ms from now the last of `requests` more of the class leaves, and how long an answer takes */
        expect: (limitClass, requests) => limiterOf(limitClass).expect(requests),
        /** how long a 429 of the class holds at least, in ms: where places are minutes apart, seconds are no use */
        refusedMs: (limitClass) => (limitClass === 'deploy' ? limits.deploy.perMs / limits.deploy.count : 0),
        /** the classes that were refused in spite of their limit */
        slowDowns: () => [...classes].flatMap(([limitClass, limiter]) => {
            const { refusals, accepted } = limiter.slowed();
            return refusals === 0 || isShared ? [] : [{ limitClass, limit: limits[limitClass], refusals, accepted }];
        }),
    };
}

;// CONCATENATED MODULE: ./lib/src/imgix/client-settings.js


const DEFAULTS = {
    apiUrl: 'https://api.imgix.com',
    maxAttempts: 5,
    timeoutMs: 60_000,
    userAgent: 'imgix-sync-client/1',
    proxyFor: () => undefined,
    hide: () => { },
    onLongWait: () => { },
};
/** The longest that a timer of Node can wait. */
const TIMER_MAX_MS = 2 ** 31 - 1;
/** @throws TypeError for a setting that can't work. The API has to be https or on this machine, because it gets the key. */
function readSettings(options) {
    const given = withoutUndefined(options);
    const rateLimits = { ...DOCUMENTED_LIMITS, ...withoutUndefined(given.rateLimits ?? {}) };
    const settings = { ...DEFAULTS, ...given, rateLimits };
    const { maxAttempts, timeoutMs } = settings;
    if (typeof settings.apiKey !== 'string')
        throw new TypeError('apiKey: a text');
    if (!(Number.isInteger(maxAttempts) && maxAttempts > 0))
        throw new TypeError('maxAttempts: a whole number above 0');
    if (!(timeoutMs > 0 && timeoutMs <= TIMER_MAX_MS))
        throw new TypeError(`timeoutMs: above 0, at most ${TIMER_MAX_MS}`);
    for (const [name, { count, perMs }] of Object.entries(rateLimits)) {
        if (!(count >= 1 && perMs > 0))
            throw new TypeError(`rateLimits.${name}: count is at least 1, perMs above 0`);
    }
    return { ...settings, apiUrl: readApiUrl(settings.apiUrl) };
}
/** Whoever writes `apiUrl: process.env.API` wants the default where it is not set. */
function withoutUndefined(given) {
    const entries = Object.entries(given).filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries);
}
function readApiUrl(text) {
    const apiUrl = text.replace(/\/$/, '');
    const url = URL.parse(apiUrl);
    if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url)))
        return apiUrl;
    throw new TypeError('apiUrl: an https URL, or http on a loopback host');
}

;// CONCATENATED MODULE: ./lib/src/imgix/storage-answers.js



/** Codes that say 'try again', whatever the status: those that the SDKs of AWS (for Cloudflare, too), Google and Azure try
 *  again, and those of a body that arrived otherwise than it was sent. Read 2026-11:
 *  https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 *  https://docs.cloud.google.com/storage/docs/xml-api/reference-status
 *  https://developers.cloudflare.com/r2/api/error-codes/
 *  https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
const TRANSIENT_CODES = [
    ...['BadDigest', 'IncompleteBody', 'InternalError', 'OperationAborted', 'RequestTimeout', 'ServiceUnavailable'],
    ...['SlowDown', 'SlowDownRead', 'SlowDownWrite', 'Throttling', 'ThrottlingException', 'ThrottledException'],
    ...['RequestThrottled', 'RequestThrottledException', 'RequestLimitExceeded', 'BandwidthLimitExceeded'],
    ...['PriorRequestNotComplete', 'TooManyRequests', 'TooManyRequestsException', 'TransactionInProgressException'],
    ...['RequestTimeoutException', 'TimeoutError', 'ConditionalRequestConflict', 'ClientDisconnect', 'RateLimitExceeded'],
    ...['ServerBusy', 'OperationTimedOut', 'Md5Mismatch', 'Crc64Mismatch', 'CrcMismatch', 'XAmzContentChecksumMismatch'],
];
const EXPIRED_CODES = (/* unused pure expression or super */ null && (['ExpiredToken', 'ExpiredRequest']));
/** Whether the storage itself says that another try can help. At a PUT, 409 says that another request for the
 *  object is under way. */
function isPassing({ method, status, details }) {
    return (method === 'PUT' && status === 409) || details.some(({ title }) => TRANSIENT_CODES.includes(title));
}
/** The URL was good for a while, and is no more. S3 and Azure call it 403, Google's storage and R2 400. */
function isExpired(error) {
    if (!(error instanceof ImgixError) || error.permission !== undefined)
        return false;
    const isSaid = error.details.some(({ title }) => EXPIRED_CODES.includes(title));
    return isSaid || (error.status === 403 && !isPassing(error));
}
/** A storage's error is XML, and its code a word. */
function storageDetails({ text }) {
    const code = codeOf(text);
    return code === undefined ? [] : [{ title: code, detail: '' }];
}
function codeOf(xml) {
    return /<Code>\s{0,9}([A-Za-z0-9]{1,64})\s{0,9}<\/Code>/.exec(xml)?.[1];
}
/** A storage answers XML, or nothing. */
function isStorages(answer, details) {
    const text = answer.text.trim();
    return text === '' || details.length > 0 || (/^\uFEFF?</.test(text) && !isPage(answer));
}
/** The storage's refusal, or that of somebody between. */
function refusal(answer, facts) {
    const { status } = answer;
    const details = storageDetails(answer);
    const waitMs = retryDelay(isPassing({ ...facts, status, details }) ? { ...answer, status: 503 } : answer, facts.attempts);
    const isOther = isStrangers(answer, isStorages(answer, details));
    return {
        error: isOther ? strangersError(answer, facts, 'the storage') : new errors_ImgixError({ ...facts, status, details }),
        waitMs,
    };
}
/** What an answer to a PUT comes to. Each storage that imgix knows says by an ETag alone that the bytes are stored.
 *  @returns `doubt`: a description of a success that possibly does not come from the storage */
function judgePut(answer, facts) {
    const { status, headers } = answer;
    const details = storageDetails(answer);
    if (status < 200 || status >= 300 || details.length > 0)
        return refusal(answer, facts);
    const hasTag = Boolean(headers.etag);
    const isOwn = isStorages(answer, details);
    // a page stores nothing, whatever its headers say, and can be temporary
    if (isPage(answer) || !(hasTag || isOwn))
        return { error: strangersError(answer, facts, 'the storage'), waitMs: backOff(facts.attempts) };
    return { doubt: hasTag && isOwn ? undefined : `${describeAnswer(answer)}${hasTag ? '' : ', and no ETag'}` };
}

;// CONCATENATED MODULE: ./lib/src/imgix/storage-url.js


const HOST_MAX_LENGTH = 300;
/** No storage takes a longer one, and the parts of the last few thousand are kept to be hidden. */
const URL_MAX_LENGTH = 8192;
/** Hides a URL of the storage, and admits it: https, or http on this machine, without a user name, on an allowed host.
 *  @throws ImgixError */
async function admitUrl(text, { method, own = '', base }, { hosts, settings }) {
    if (text.length > URL_MAX_LENGTH) {
        throw new errors_ImgixError({ method, path: 'of a file', reason: `the URL of the file has ${text.length} characters` });
    }
    const url = URL.parse(text, base?.href);
    settings.hide(url?.href ?? text, own);
    // the text of a redirect is not hidden: it can be as short as a slash
    if (url !== null && base === undefined && text !== url.href)
        settings.hide(text, own);
    if (url === null || !isSafe(url) || !(await hosts.allows(url))) {
        const use = method === 'GET' ? 'taken from' : 'sent to';
        const host = (url && storage_url_hostOf(url)) || 'of a file';
        const reason = `files are not ${use} the address ${host}: only https on a public host is allowed`;
        throw new errors_ImgixError({ method, path: host, reason });
    }
    return url;
}
/** The part of a presigned URL that can be shown: the path can be secret, and the query is. */
function storage_url_hostOf({ host }) {
    return host.slice(0, HOST_MAX_LENGTH);
}
/** Bytes go in the clear to this machine only, as the key does. */
function isSafe(url) {
    const isPlain = url.protocol === 'http:' && isLoopback(url);
    return (url.protocol === 'https:' || isPlain) && url.username + url.password === '';
}

;// CONCATENATED MODULE: ./lib/src/imgix/storage-get.js







const REDIRECTS = [301, 302, 303, 307, 308];
const REDIRECTS_MAX = 3;
// A part of a report has at most 64 MB, packed (docs.imgix.com/apis/management/reports, read 2026-11).
const FILE_MAX_BYTES = 2e9;
const PAGE = 'a page of HTML, from something between the storage and the runner';
/** A file that the storage keeps packed by gzip arrives unpacked, unless it is called `.gz`.
 *  @see Client.get */
async function getFile(get, sending) {
    const { own, signal } = get;
    const { settings, transport, hosts, onWait } = sending;
    const first = await admitUrl(get.url, { method: 'GET', own }, sending);
    const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': settings.userAgent };
    const attempt = async (attempts, reuse) => {
        let url = first;
        for (let redirects = 0;; redirects += 1) {
            let status; // until its body begins, a file does not count as answered
            const receive = async (body, answered) => {
                status = 200;
                await hand(contentOf(body, answered, first), get);
            };
            const outgoing = { method: 'GET', url, headers, signal, reuse, receive, lookup: hosts.lookup };
            const answer = await transport.send(outgoing).catch(asError);
            const facts = { method: 'GET', path: storage_url_hostOf(url), attempts };
            if (answer instanceof Error)
                return withoutAnswer(answer, { ...facts, status });
            if (answer.status === 200)
                return { done: { attempts } };
            const isRedirect = REDIRECTS.includes(answer.status) && redirects < REDIRECTS_MAX;
            const next = isRedirect ? answer.headers.location : undefined;
            const reason = answer.status < 400 ? 'which is no file' : undefined;
            if (next === undefined)
                return refusal(answer, { ...facts, reason });
            url = await admitUrl(next, { method: 'GET', own, base: url }, sending);
        }
    };
    return retry(attempt, { maxAttempts: settings.maxAttempts, signal, onWait });
}
/** What the receiver can't do, such as to write to a full disk, is no fault of the body, and no other try helps.
 *  @throws what the body throws, or FileError */
async function hand(body, { receive, signal }) {
    let isBroken = false;
    const watched = async function* () {
        try {
            for await (const chunk of body)
                yield chunk;
        }
        catch (error) {
            isBroken = true;
            throw error;
        }
    };
    try {
        await receive(watched());
    }
    catch (cause) {
        if (isBroken || cause instanceof FileError)
            throw cause;
        signal?.throwIfAborted();
        const { code, message } = asError(cause);
        throw new FileError(`the file can't be written (${code ?? message})`, { retryable: false, cause });
    }
}
/** @returns the file in a body, chunk by chunk
 *  @throws BodyError */
function contentOf(body, headers, { pathname }) {
    if (isHtml(headers))
        throw new BodyError(PAGE); // no report is one
    // without either, a cut body looks like a complete one
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
        throw new BodyError('a body whose size it does not tell', { retryable: false });
    }
    const encoding = headers['content-encoding'] ?? '';
    const isArchive = /\.gz$/i.test(pathname) && /^(x-)?gzip$/i.test(encoding);
    return limited(checked(isArchive ? body : unpacked(body, encoding)));
}
const START_BYTES = 1024;
const START_OF_PAGE = /^<(html|!doctype\s+html)\b/i;
const START_OF_ERROR = /^(<\?xml[^>]*>\s*)?<Error[\s>]/;
/** A gateway, and a storage that fails late, can answer 200 with what is no file, whatever its type says.
 *  @throws BodyError for a body that begins as a page or as the error of a storage */
async function* checked(body) {
    let start = Buffer.alloc(0);
    for await (const chunk of body) {
        if (start === undefined) {
            yield chunk;
            continue;
        }
        start = Buffer.concat([start, chunk]);
        if (start.length < START_BYTES)
            continue;
        yield admit(start);
        start = undefined;
    }
    if (start !== undefined && start.length > 0)
        yield admit(start);
}
function admit(start) {
    const text = start
        .toString('utf8', 0, START_BYTES)
        .replace(/^\uFEFF/, '')
        .trimStart();
    if (START_OF_PAGE.test(text))
        throw new BodyError(PAGE);
    if (!START_OF_ERROR.test(text))
        return start;
    const code = codeOf(text);
    throw new BodyError(`an error of the storage in the place of the file${code === undefined ? '' : `: ${code}`}`);
}
/** @throws BodyError for a body that is too long for a part of a report */
async function* limited(body) {
    let bytes = 0;
    for await (const chunk of body) {
        bytes += chunk.length;
        if (bytes > FILE_MAX_BYTES)
            throw new BodyError(`a body of more than ${FILE_MAX_BYTES / 1e9} GB`, { retryable: false });
        yield chunk;
    }
}

;// CONCATENATED MODULE: ./lib/src/imgix/storage-put.js







/** @see Client.put */
async function putFile(put, sending) {
    const to = await admitUrl(put.url, { method: 'PUT', own: put.own }, sending);
    const headers = isSas(to) ? { 'x-ms-blob-type': 'BlockBlob' } : {};
    try {
        const type = put.contentType ?? ANY_TYPE;
        return await putAs({ ...put, to, headers: { 'content-type': type, ...headers } }, sending);
    }
    catch (error) {
        // a stream can be read once
        if (!(error instanceof errors_ImgixError) || !isUnsigned(error) || isStream(put))
            throw error;
        // a different request, and not a repeated one, because the signed type is another
        return putAs({ ...put, to, headers }, sending, error.attempts);
    }
}
function isUnsigned({ status, details }) {
    return status === 403 && details[0]?.title === 'SignatureDoesNotMatch';
}
/** A shared access signature of Azure, which signs no headers, and whose PUT has to name the kind of blob.
 *  @see https://learn.microsoft.com/rest/api/storageservices/put-blob */
function isSas({ searchParams }) {
    return ['sv', 'se', 'sig'].every((name) => searchParams.has(name));
}
function putAs(put, sending, triedBefore = 0) {
    const { to: url, headers, signal, onProgress } = put;
    const { transport, hosts, settings, onWait } = sending;
    const attempt = async (tries, reuse) => {
        const attempts = triedBefore + tries;
        const facts = { method: 'PUT', path: storage_url_hostOf(url), attempts };
        const outgoing = { method: 'PUT', url, headers, body: put, signal, reuse, onProgress, lookup: hosts.lookup };
        const answer = await transport.send(outgoing).catch(asError);
        if (answer instanceof Error)
            return withoutAnswer(answer, facts);
        const judged = judgePut(answer, facts);
        if ('error' in judged)
            return judged;
        if (judged.doubt !== undefined)
            put.onDoubt?.(judged.doubt);
        return { done: { attempts } };
    };
    return retry(attempt, { maxAttempts: settings.maxAttempts, isStream: isStream(put), signal, onWait });
}

;// CONCATENATED MODULE: ./lib/src/imgix/client.js









/** By the names in imgix's dashboard: its older document has Image for Asset, newer ones leave Manager out. */
const PERMISSIONS = (/* unused pure expression or super */ null && ([
    'Account Admin',
    'Analytics',
    'Billing',
    'Sources',
    'Purge',
    'Asset Manager Browse',
    'Asset Manager Edit',
]));
const ANY_TYPE = 'application/octet-stream';
// A wait that lasts longer is announced.
const LONG_WAIT_MS = 30_000;
/** Adds the key, keeps the rate limits, repeats requests and reads answers. It holds connections open until `close`.
 *  @param options the key is needed; by default requests keep to imgix's documented limits
 *  @throws TypeError for an API that the key is not sent to: it has to be https, or on this machine */
function createClient(options) {
    const settings = readSettings(options);
    const { apiUrl, apiKey, redact: redactOwn = (text) => text } = settings;
    const sending = {
        settings,
        transport: createTransport(settings.timeoutMs, settings.proxyFor),
        hosts: createHosts(apiUrl, settings.resolve),
        pace: createPace(settings.rateLimits, settings.sharesLimits),
        clock: createClock(),
        onWait: createAnnouncer(settings.onLongWait),
        redact: (text) => withoutPrivate(redactOwn(apiKey === '' ? text : text.replaceAll(apiKey, '***'))),
    };
    const { pace, clock, transport } = sending;
    return {
        ...pace,
        now: clock.now,
        request: (request) => requestApi(request, sending),
        put: (put) => putFile(put, sending),
        get: (get) => getFile(get, sending),
        close: transport.close,
    };
}
/** The clock of a server, from the `date` header of its last answer: whole seconds. */
function createClock() {
    let aheadMs;
    return {
        now: () => (aheadMs === undefined ? undefined : performance.now() + aheadMs),
        read({ date }) {
            const told = parseDate(date);
            if (told !== undefined)
                aheadMs = told - performance.now();
        },
    };
}
/** Many requests can wait at once. Announces the first long wait, then only a wait that ends at least 15 s later. */
function createAnnouncer(onLongWait) {
    let announcedUntil = 0;
    return (waitMs, reason) => {
        const until = performance.now() + waitMs;
        if (waitMs <= LONG_WAIT_MS || until < announcedUntil + LONG_WAIT_MS / 2)
            return;
        announcedUntil = until;
        onLongWait(waitMs, reason);
    };
}

;// CONCATENATED MODULE: ./lib/src/imgix/purges.js



/** Asks imgix to purge one URL and its derivatives. It resolves when imgix has received that, not when it has done it.
 *  A duplicate within 10 seconds (409) is under way already and counts as received. Permission Purge, limit `purge`.
 *  @param url fully qualified and encoded, its domain one of the account's
 *  @param subImageOf the Source whose images use it as `mark` or `blend`: they are purged with it
 *  @returns imgix's id of the purge, undefined for a duplicate
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/purges */
async function purge(client, url, { subImageOf, ...ends } = {}) {
    const parents = subImageOf === undefined ? {} : { sub_image: true, source_id: subImageOf };
    const json = { data: { attributes: { url, ...parents }, type: 'purges' } };
    const contradiction = contradictsObject('purges', (_, { url: told }) => typeof told === 'string' && told !== url ? `with a purge of another URL, ${told}` : undefined);
    const request = { method: 'POST', path: 'purge', limit: 'purge', permission: 'Purge', json };
    try {
        const { attempts, document } = await client.request({ ...request, contradiction, ...ends });
        return { attempts, purgeId: readResource(document.data)?.id };
    }
    catch (error) {
        if (error instanceof errors_ImgixError && error.status === 409)
            return { attempts: error.attempts };
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/src/imgix/reports.js



const REPORT_TYPES = ['cdn_logs', 'image_analytics', 'mild_errors', 'source_analytics'];
const REPORT_ATTRIBUTES = {
    completed: 'boolean',
    /** URLs of the report's parts, each of at most 64 MB (presigned ones are secrets) */
    files: 'list',
    /** s since 1970 */
    period_end: 'integer',
    period_start: 'integer',
    report_key: 'string',
    report_type: REPORT_TYPES,
};
const REPORT_FILTERS = { completed: 'boolean', report_type: REPORT_TYPES };
const REPORT_SORTS = (/* unused pure expression or super */ null && (['period_end', 'period_start', 'report_key', 'report_type']));
/** Lists the account's reports page by page; a day's are there by 04:00 UTC of the next. Permission Analytics, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/reports */
function listReports(client, query = {}, ends = {}) {
    const list = { path: 'reports', type: 'reports', permission: 'Analytics', paging: BY_NUMBER, query };
    return listPages(client, list, ends);
}
/** Reads one report. Permission Analytics, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/reports */
function getReport(client, reportId, { fields, ...ends } = {}) {
    const path = `reports/${encodeURIComponent(reportId)}${writeQuery('reports', { fields })}`;
    const contradiction = contradictsResource('reports', 'report', reportId);
    return requestResource(client, { path, permission: 'Analytics', contradiction, ...ends });
}

;// CONCATENATED MODULE: ./lib/src/imgix/upload-sessions.js



const SESSION_STATES = ['PENDING', 'CLOSED', 'COMPLETE', 'CANCELED'];
/** Dates are in s since 1970. */
const SESSION_ATTRIBUTES = {
    date_created: 'integer',
    date_expires: 'integer',
    date_modified: 'integer',
    id: 'string',
    origin_path: 'string',
    source_id: 'string',
    status: SESSION_STATES,
    /** presigned, for one PUT of the bytes (a secret); only where the session was opened */
    url: 'string',
};
/** Opens an upload session for one asset, of up to 5 GB at a Source of type s3 or gcs. It stays open until it is closed,
 *  cancelled, or 8 hours old. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError (409: the path exists)
 *  @see https://docs.imgix.com/apis/management/assets */
function openSession(client, place, form) {
    // a request that ends a session goes before a request that opens another
    return send(client, place, { method: 'POST', verb: 'create', form, first: false, contradiction: contradictsOpening });
}
/** Reads a session. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function getSession(client, place, form) {
    return send(client, place, { method: 'GET', verb: 'status', form, contradiction: contradictsSession(place) });
}
/** Closes a session, so that imgix processes the bytes now. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function closeSession(client, place, form) {
    return send(client, place, { method: 'POST', verb: 'close', form, contradiction: contradictsClose(place) });
}
/** Cancels a session, so that nothing more can be put there. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function cancelSession(client, place) {
    return send(client, place, { method: 'DELETE', verb: 'cancel' });
}
const contradictsOpening = (document) => {
    const { id, attributes } = readResource(document.data) ?? {};
    const isSession = Boolean(id || attributes?.id) && typeof attributes?.origin_path === 'string';
    return isSession ? contradictsObject('asset_uploads')(document) : 'with an answer that is no upload session';
};
function contradictsSession({ sessionId, originPath }) {
    return contradictsObject('asset_uploads', (data, { origin_path: path }) => {
        const isAnother = typeof path === 'string' && originPath !== undefined && !isSamePath(path, originPath);
        return contradictsId(data, sessionId, 'session') ?? (isAnother ? `with a session of ${path}` : undefined);
    });
}
function contradictsClose(place) {
    return contradictsObject('asset_uploads', (data, { status }) => {
        // the server read the close as the opening of a session: the caller knows the other form
        if (contradictsId(data, place.sessionId, 'session') !== undefined)
            return undefined;
        return status === 'PENDING' ? 'with a session that is still PENDING' : contradictsSession(place)({ data });
    });
}
function send(client, { sourceId, signal, halt, ...place }, { verb, form = 'explicit', ...asked }) {
    const target = 'sessionId' in place ? encodeURIComponent(place.sessionId) : encodeOriginPath(place.originPath);
    const path = `${sourcePath(sourceId)}/upload-sessions/${form === 'explicit' ? `${verb}/` : ''}${target}`;
    return requestResource(client, { first: true, ...asked, path, permission: 'Asset Manager Edit', signal, halt });
}

;// CONCATENATED MODULE: ./lib/src/imgix/session-forms.js




const TOLD_MAX_LENGTH = 1200; // a path of the longest key, and a few characters
/** Upload sessions of one client. Which form of their routes a server has shows in its answers, and is remembered. */
function createUploadSessions(client) {
    const forms = new Map();
    async function open(place) {
        const { id, url } = await eitherForm('open', (form) => openIn(client, place, form));
        return { id, url };
    }
    async function close(place, sessionId) {
        const inForm = (form) => closeIn(client, { ...place, sessionId }, form);
        const closed = await eitherForm('close', inForm).catch(async (error) => {
            // a repeated close can be refused although the first close was done, so the state decides
            const isUnclear = error instanceof errors_ImgixError && (error.perhapsDone || error.status === 409);
            const session = isUnclear && Number(error.status) < 500 ? await statusOf(place, sessionId) : undefined;
            if (session !== undefined && ['CLOSED', 'COMPLETE', 'CANCELED'].includes(session.status))
                return session;
            throw error;
        });
        if (closed.status === 'CANCELED')
            throw unexpected(place, 'the upload session was cancelled before it was closed');
    }
    function statusOf(place, sessionId) {
        return eitherForm('status', async (form) => viewSession(await getSession(client, { ...place, sessionId }, form)));
    }
    /** Falls back to the other form only where the answer means that the server does not know this one.
     *  @param attempt returns an error where the server took the verb of the form for a part of the origin path */
    async function eitherForm(step, attempt) {
        let refusal;
        let mismatch; // tells more than the refusal of the other form
        const known = forms.get(step) ?? forms.get('open') ?? 'explicit';
        for (const form of known === 'explicit' ? ['explicit', 'plain'] : ['plain', 'explicit']) {
            try {
                const result = await attempt(form);
                if (!(result instanceof errors_ImgixError)) {
                    forms.set(step, form);
                    return result;
                }
                mismatch ??= result;
            }
            catch (error) {
                if (!(error instanceof errors_ImgixError && isUnknownRoute(error)))
                    throw error;
                refusal ??= error;
            }
        }
        throw mismatch ?? refusal;
    }
    return {
        open,
        close,
        isComplete: async (place, sessionId) => (await statusOf(place, sessionId)).status === 'COMPLETE',
        cancel: async (place, sessionId) => void (await cancelSession(client, { ...place, sessionId })),
    };
}
/** A server need not have a document for a route that it does not know. */
function isUnknownRoute({ status, strangersStatus }) {
    return [404, 405].includes(Number(status ?? strangersStatus));
}
/** @returns an error for a session that was not asked for */
async function openIn(client, place, form) {
    const session = viewSession(await openSession(client, place, form));
    const { id, url, originPath, sourceId, status } = session;
    const isAsked = isSamePath(originPath, place.originPath) && [place.sourceId, ''].includes(sourceId);
    if (isAsked && url !== '' && ['PENDING', ''].includes(status))
        return session;
    await cancelStray(client, place, id);
    if (!isAsked)
        return otherSession(place, session);
    throw unexpected(place, url === '' ? 'imgix gave an upload session without a URL' : `imgix gave an upload session that is ${shown(status)}`);
}
/** @returns an error where the server took the close for the opening of a session */
async function closeIn(client, place, form) {
    const session = viewSession(await closeSession(client, place, form));
    if (session.id === place.sessionId || session.id === '')
        return session;
    await cancelStray(client, place, session.id);
    return otherSession(place, session);
}
/** Cancels a session that nobody requested. If that fails, the session closes itself after 8 hours, without bytes. */
async function cancelStray(client, place, sessionId) {
    if (sessionId === '')
        return;
    await cancelSession(client, { ...place, sessionId }).catch((error) => {
        if (!(error instanceof errors_ImgixError))
            throw error;
    });
}
function viewSession({ id, attributes }) {
    const text = (value) => (typeof value === 'string' ? value : '');
    return {
        id: id || text(attributes.id),
        url: text(attributes.url),
        status: text(attributes.status),
        originPath: originPathOf({ attributes }),
        sourceId: text(attributes.source_id),
    };
}
function otherSession(place, { originPath, sourceId }) {
    if (![place.sourceId, ''].includes(sourceId))
        return unexpected(place, `imgix opened an upload session for another Source, ${shown(sourceId)}`);
    const told = `'${shown(originPath)}' instead of '${place.originPath}'`;
    // the two look the same in a log
    const isSameText = originPath.normalize() === place.originPath.normalize();
    const form = isSameText ? ', the same letters in another Unicode form' : '';
    return unexpected(place, `imgix opened an upload session for another path, ${told}${form}`);
}
/** Cut after it is redacted: half of an address is private, too. It is cut before as well, as redacting takes its time. */
function shown(text) {
    return withoutPrivate(text.slice(0, 8 * TOLD_MAX_LENGTH)).slice(0, TOLD_MAX_LENGTH);
}
/** A refusal of what a POST to the sessions brought. */
function unexpected({ sourceId, originPath }, reason) {
    const path = `/api/v1/sources/${sourceId}/upload-sessions`;
    return new errors_ImgixError({ method: 'POST', path, reason: `${reason} (${originPath})` });
}

;// CONCATENATED MODULE: ./lib/src/imgix/sources.js



/** The attributes of a deployment: of every Source, then of those of one type. */
const DEPLOYMENT_ATTRIBUTES = {
    all: {
        /** read only */
        allows_upload: 'boolean',
        annotation: 'string',
        cache_ttl_behavior: ['respect_origin', 'override_origin', 'enforce_minimum'],
        cache_ttl_error: 'integer',
        cache_ttl_value: 'integer',
        crossdomain_xml_enabled: 'boolean',
        custom_domains: 'list',
        default_params: 'object',
        image_error: 'string',
        image_error_append_qs: 'boolean',
        image_missing: 'string',
        image_missing_append_qs: 'boolean',
        imgix_subdomains: 'list',
        secure_url_enabled: 'boolean',
        type: ['azure', 'gcs', 's3', 'webfolder', 'webproxy'],
    },
    // secrets and SAS strings never come back
    s3: { s3_access_key: 'string', s3_bucket: 'string', s3_prefix: 'string', s3_secret_key: 'string' },
    gcs: { gcs_access_key: 'string', gcs_bucket: 'string', gcs_prefix: 'string', gcs_secret_key: 'string' },
    azure: {
        azure_account: 'string',
        azure_bucket: 'string',
        azure_prefix: 'string',
        azure_sas_string: 'string',
        azure_service_type: ['blob', 'file'],
    },
    webfolder: { webfolder_base_url: 'string' },
    webproxy: {},
};
const { all: sources_all, s3, gcs, azure, webfolder } = DEPLOYMENT_ATTRIBUTES;
/** What imgix uploads with: apart from the deployment's own credentials, and of the same type. */
const UPLOAD_CREDENTIALS = {
    type: ['azure', 'gcs', 's3'],
    azure_sas_string: 'string',
    gcs_access_key: 'string',
    gcs_secret_key: 'string',
    s3_access_key: 'string',
    s3_secret_key: 'string',
};
/** The attributes for creating a Source, and those that an update can set. Lists and objects are replaced as a whole. */
const SOURCE_UPDATABLE = {
    deployment: { ...sources_all, ...s3, ...gcs, ...azure, ...webfolder },
    enabled: 'boolean',
    name: 'string',
    upload_credentials: UPLOAD_CREDENTIALS,
};
const SOURCE_ATTRIBUTES = {
    ...SOURCE_UPDATABLE,
    /** s since 1970 */
    date_deployed: 'integer',
    deployment_status: ['deploying', 'deployed', 'disabled', 'deleted'],
    /** a secret; only where URLs have to be signed */
    secure_url_token: 'string',
};
const SOURCE_FILTERS = {
    'deployment.azure_bucket': 'string',
    'deployment.custom_domains': 'string',
    'deployment.gcs_bucket': 'string',
    'deployment.imgix_subdomains': 'string',
    'deployment.webfolder_base_url': 'string',
    'deployment.s3_bucket': 'string',
    /** the reference's examples; its table calls it `type` */
    'deployment.type': sources_all.type,
    enabled: 'boolean',
    name: 'string',
    type: sources_all.type,
};
const SOURCE_SORTS = (/* unused pure expression or super */ null && (['date_deployed', 'enabled', 'name']));
/** Lists the account's Sources page by page. Permission Sources, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
function listSources(client, query = {}, ends = {}) {
    const list = { path: 'sources', type: 'sources', permission: 'Sources', paging: BY_NUMBER, query };
    return listPages(client, list, ends);
}
/** Reads one Source. Permission Sources, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
function getSource(client, sourceId, { fields, ...ends } = {}) {
    const path = `sources/${encodeURIComponent(sourceId)}${writeQuery('sources', { fields })}`;
    const contradiction = contradictsResource('sources', 'Source', sourceId);
    return requestResource(client, { path, permission: 'Sources', contradiction, ...ends });
}
/** Creates and deploys a Source. Permission Sources, limit `deploy`. It is not sent again when its answer is lost: look
 *  for a Source with one of its subdomains first.
 *  @returns it with its new id, still `deploying`
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
function createSource(client, attributes, ends = {}) {
    const json = { data: { attributes, type: 'sources' }, jsonapi: { version: '1.0' } };
    const request = { method: 'POST', path: 'sources', permission: 'Sources', limit: 'deploy', once: true };
    return requestResource(client, { ...request, json, contradiction: contradictsResource('sources', 'Source'), ...ends });
}
/** Sets attributes of a Source, which deploys it again; the others stay. Permission Sources, limit `deploy`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
function updateSource(client, sourceId, attributes, ends = {}) {
    const json = { data: { attributes, id: sourceId, type: 'sources' } };
    const path = `sources/${encodeURIComponent(sourceId)}`;
    const contradiction = contradictsResource('sources', 'Source', sourceId);
    const request = { method: 'PATCH', path, permission: 'Sources', limit: 'deploy' };
    return requestResource(client, { ...request, json, contradiction, ...ends });
}

;// CONCATENATED MODULE: ./lib/src/imgix/index.js











var __webpack_exports__DOCUMENTED_LIMITS = __webpack_exports__.sQ;
var __webpack_exports__FileError = __webpack_exports__.f6;
var __webpack_exports__ImgixError = __webpack_exports__.xw;
var __webpack_exports__addAsset = __webpack_exports__.M9;
var __webpack_exports__cancelSession = __webpack_exports__.B_;
var __webpack_exports__closeSession = __webpack_exports__.Vu;
var __webpack_exports__createClient = __webpack_exports__.UU;
var __webpack_exports__createSource = __webpack_exports__.gV;
var __webpack_exports__createUploadSessions = __webpack_exports__.dC;
var __webpack_exports__getAsset = __webpack_exports__.p_;
var __webpack_exports__getReport = __webpack_exports__.ly;
var __webpack_exports__getSession = __webpack_exports__.Ht;
var __webpack_exports__getSource = __webpack_exports__.el;
var __webpack_exports__listAssets = __webpack_exports__.qs;
var __webpack_exports__listReports = __webpack_exports__.y_;
var __webpack_exports__listSources = __webpack_exports__.rP;
var __webpack_exports__openSession = __webpack_exports__.fA;
var __webpack_exports__purge = __webpack_exports__.OU;
var __webpack_exports__refreshAsset = __webpack_exports__.C8;
var __webpack_exports__updateAsset = __webpack_exports__.gT;
var __webpack_exports__updateSource = __webpack_exports__.Lv;
var __webpack_exports__uploadAsset = __webpack_exports__.Mz;
export { __webpack_exports__DOCUMENTED_LIMITS as DOCUMENTED_LIMITS, __webpack_exports__FileError as FileError, __webpack_exports__ImgixError as ImgixError, __webpack_exports__addAsset as addAsset, __webpack_exports__cancelSession as cancelSession, __webpack_exports__closeSession as closeSession, __webpack_exports__createClient as createClient, __webpack_exports__createSource as createSource, __webpack_exports__createUploadSessions as createUploadSessions, __webpack_exports__getAsset as getAsset, __webpack_exports__getReport as getReport, __webpack_exports__getSession as getSession, __webpack_exports__getSource as getSource, __webpack_exports__listAssets as listAssets, __webpack_exports__listReports as listReports, __webpack_exports__listSources as listSources, __webpack_exports__openSession as openSession, __webpack_exports__purge as purge, __webpack_exports__refreshAsset as refreshAsset, __webpack_exports__updateAsset as updateAsset, __webpack_exports__updateSource as updateSource, __webpack_exports__uploadAsset as uploadAsset };
