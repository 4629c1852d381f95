import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 821:
/***/ ((__webpack_module__, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   e: () => (/* reexport safe */ _main_js__WEBPACK_IMPORTED_MODULE_0__.e)
/* harmony export */ });
/* harmony import */ var _main_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(594);

await (0,_main_js__WEBPACK_IMPORTED_MODULE_0__/* .run */ .e)();


__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 594:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  e: () => (/* binding */ run)
});

// NAMESPACE OBJECT: ./lib/src/runner/core.js
var runner_core_namespaceObject = {};
__nccwpck_require__.r(runner_core_namespaceObject);
__nccwpck_require__.d(runner_core_namespaceObject, {
  yU: () => (core_ExitCode),
  fz: () => (annotate),
  Te: () => (beginRun),
  Yz: () => (core_debug),
  z3: () => (core_error),
  V4: () => (core_getInput),
  jD: () => (hide),
  KT: () => (hideUrl),
  hK: () => (holdsSecret),
  pq: () => (core_info),
  _o: () => (core_isDebug),
  lm: () => (core_notice),
  Ji: () => (outputMaxBytes),
  E$: () => (redact),
  C1: () => (core_setFailed),
  uH: () => (core_setOutput),
  $e: () => (core_warning),
  Sy: () => (writeSummary)
});

;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");
;// CONCATENATED MODULE: ./lib/src/imgix/errors.js
/** A request that imgix, or the storage behind a presigned URL, did not answer with 2xx. It holds no secret and no raw
 *  answer. */
class ImgixError extends Error {
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
    const errors = errors_isRecord(document) && Array.isArray(document.errors) ? document.errors.filter(errors_isRecord).slice(0, 3) : [];
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
function errors_isRecord(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

;// CONCATENATED MODULE: external "node:crypto"
const external_node_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");
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
class ProxySettingError extends UnsentError {
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
        if (errors_isRecord(document))
            return { document, problem: problemOf(document) };
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
function problemOf(document) {
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
    const error = cause instanceof FileError ? cause : new ImgixError({ ...facts, reason: why(cause, facts), cause });
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
    return new ImgixError({ ...facts, status: undefined, strangersStatus: answer.status, reason });
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
        const isRefused = request.limit === 'deploy' && reason instanceof ImgixError && reason.status === 429;
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
        const error = new ImgixError({ ...facts, status, reason, ...readErrors(document, redact) });
        return { error, waitMs: backOff(attempts), perhapsDone: true };
    }
    const waitMs = retryDelay(answer, attempts, pace.refusedMs(request.limit));
    const reason = status < 400 ? 'a redirect, which is not followed' : undefined;
    const error = isStrangers(answer, isImgixs(answer, document))
        ? strangersError(answer, facts, 'imgix')
        : new ImgixError({ ...facts, status, reason, ...readErrors(document, redact) });
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
const EXPIRED_CODES = ['ExpiredToken', 'ExpiredRequest'];
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
        error: isOther ? strangersError(answer, facts, 'the storage') : new ImgixError({ ...facts, status, details }),
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
        throw new ImgixError({ method, path: 'of a file', reason: `the URL of the file has ${text.length} characters` });
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
        throw new ImgixError({ method, path: host, reason });
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
        if (!(error instanceof ImgixError) || !isUnsigned(error) || isStream(put))
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
        if (!errors_isRecord(data))
            return 'with data that is no object';
        const { length } = textOf(data.id);
        if (length > ID_MAX_LENGTH)
            return `with an id of ${length} characters`;
        return contradictsType(data, type) ?? contradicts(data, errors_isRecord(data.attributes) ? data.attributes : {});
    };
}
/** The document is about an object of this type, and this one.
 *  @param id of the object; undefined where it is new */
function contradictsResource(type, noun, id) {
    const contradicts = contradictsObject(type, (data) => (id === undefined ? undefined : contradictsId(data, id, noun)));
    return (document) => (isObject(document.data) ? contradicts(document) : `with an answer that is no ${noun}`);
}
function isObject(data) {
    return errors_isRecord(data) && errors_isRecord(data.attributes);
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
    if (!errors_isRecord(data) || !errors_isRecord(data.attributes))
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
        const contradiction = (document) => isList(document) ?? lists_problemOf(turn(document));
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
            throw new ImgixError({ method: 'GET', path: `/api/v1/${path}`, permission, status, reason });
        }
        if (items.length > 0)
            yield items;
        at = next;
    } while (at !== undefined);
}
function lists_problemOf({ current, next, problem }) {
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
        const { pagination } = errors_isRecord(document.meta) ? document.meta : {};
        // the reference's own example of a sorted list has none
        if (!errors_isRecord(pagination))
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
        const { cursor: own } = errors_isRecord(document.meta) ? document.meta : {};
        const cursor = errors_isRecord(own) ? own : document.cursor;
        const isEmpty = readItems(document).length === 0;
        if (!errors_isRecord(cursor))
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

;// CONCATENATED MODULE: ./lib/src/inputs/git-name.js
/** @returns whether a file system can take a name for `.git`. Some ignore case or certain characters, some have short names.
 *  Git refuses all of them in a commit.
 *  @see https://github.com/git/git/blob/master/path.c is_ntfs_dotgit, and utf8.c is_hfs_dotgit */
function git_name_isGitName(name) {
    if (!/^[.g\u200c-\ufeff]/i.test(name))
        return false;
    const plain = name.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '');
    return /^(?:\.git|git~1)[. ]*(?::|$)/i.test(plain);
}

;// CONCATENATED MODULE: ./lib/src/inputs/paths.js



/** The longest target of a link on Linux. */
const TARGET_BYTES_MAX = 4096;
/** @returns POSIX, relative to the workspace; '.' is the workspace itself */
function parseRoot(text, workspace) {
    const allowed = 'a folder inside the workspace, relative to it';
    try {
        return checkRoot(text, workspace, allowed);
    }
    catch (error) {
        const { code } = error;
        if (code === undefined)
            throw error;
        return { allowed: `${allowed} (${code})` }; // a link in a circle, or a name that is too long
    }
}
function checkRoot(text, workspace, allowed) {
    const folder = resolveInside(text, workspace);
    if (folder === undefined)
        return { allowed };
    const stats = statSync(folder, { throwIfNoEntry: false });
    const places = [[workspace, folder], ...(stats === undefined ? [] : [realPaths(workspace, folder)])];
    const names = places.map(([above, place]) => namesBelow(above, place));
    if (names.includes(undefined))
        return { allowed };
    if (names.flat().some((name) => isGitName(name ?? '')))
        return { allowed: `${allowed}, and not in .git` };
    if (stats === undefined || stats.isDirectory())
        return toPosix(relative(workspace, folder));
    const target = standsFor(folder, workspace);
    if (target === undefined)
        return { allowed };
    return { allowed: `${allowed}; it is a text file that git wrote in place of a link: set root: ${target}` };
}
/** @returns the absolute path; undefined for a text that is not a relative path, or leads out */
function resolveInside(text, workspace) {
    if ((0,external_node_path_namespaceObject.isAbsolute)(text) || text.includes('\0'))
        return undefined;
    const path = (0,external_node_path_namespaceObject.resolve)(workspace, text);
    return namesBelow(workspace, path) === undefined ? undefined : path;
}
/** Git writes a link as a text file where `core.symlinks` is false.
 *  @returns the folder that the link would lead to, relative to the workspace */
function standsFor(file, workspace) {
    const stats = statSync(file);
    if (!stats.isFile() || stats.size === 0 || stats.size > TARGET_BYTES_MAX)
        return undefined;
    const text = readFileSync(file, 'utf8');
    if (/\p{Cc}/u.test(text))
        return undefined;
    const target = resolve(dirname(file), text);
    return isInWorkspace(workspace, target) && isA('isDirectory', target)
        ? toPosix(relative(workspace, target))
        : undefined;
}
/** For a folder to write to, which need not be there yet.
 *  @returns POSIX, relative to the workspace; '.' is the workspace itself */
function parseFolder(text, workspace) {
    const allowed = 'a folder inside the workspace, relative to it, not in .git, without links that lead out of it';
    const folder = text === '' ? undefined : resolveInside(text, workspace);
    if (folder === undefined || !isInWorkspace(workspace, folder) || !staysInside(workspace, folder))
        return { allowed };
    return toPosix((0,external_node_path_namespaceObject.relative)(workspace, folder));
}
/** @returns whether what is there of the path is a folder, and inside */
function staysInside(workspace, folder) {
    try {
        if ((0,external_node_fs_namespaceObject.lstatSync)(folder, { throwIfNoEntry: false }) === undefined)
            return staysInside(workspace, (0,external_node_path_namespaceObject.dirname)(folder));
        return (0,external_node_fs_namespaceObject.statSync)(folder).isDirectory() && isInWorkspace(...realPaths(workspace, folder));
    }
    catch {
        return false; // a link that leads nowhere, or a file among its folders
    }
}
/** @returns POSIX, relative to the workspace */
function parseFile(text, workspace) {
    if (text === '')
        return '';
    const allowed = 'a file inside the workspace, relative to it, and not in .git';
    const file = resolveInside(text, workspace);
    if (file === undefined)
        return { allowed };
    if (!isA('isFile', file))
        return { allowed: `${allowed} (there is none of that name)` };
    return isInWorkspace(...realPaths(workspace, file)) ? toPosix(relative(workspace, file)) : { allowed };
}
/** As the system has them: on Windows a path can be of a mapped drive, or have short names. */
function realPaths(workspace, file) {
    return [external_node_fs_namespaceObject.realpathSync.native(workspace), external_node_fs_namespaceObject.realpathSync.native(file)];
}
/** Whether what an input names may be read or written to; both paths are real ones. */
function isInWorkspace(workspace, file, system = external_node_path_namespaceObject) {
    const names = namesBelow(workspace, file, system);
    return names !== undefined && !names.some(git_name_isGitName);
}
/** @returns the names between a folder and a path; undefined if the path is not below the folder */
function namesBelow(folder, file, system = external_node_path_namespaceObject) {
    const rest = system.relative(folder, file);
    const names = rest === '' ? [] : rest.split(system.sep);
    return names[0] === '..' || system.isAbsolute(rest) ? undefined : names; // absolute: another drive, or a share
}
function isA(kind, path) {
    try {
        return statSync(path)[kind]();
    }
    catch {
        return false; // nothing, a link that leads in a circle, a file among its folders, or a name that is too long
    }
}
function toPosix(text) {
    return external_node_path_namespaceObject.posix.normalize(text.split(external_node_path_namespaceObject.sep).join('/') || '.');
}

;// CONCATENATED MODULE: external "os"
const external_os_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");
;// CONCATENATED MODULE: ./lib/node_modules/@actions/core/lib/utils.js
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */
/**
 * Sanitizes an input into a string so it can be passed into issueCommand safely
 * @param input input to sanitize into a string
 */
function utils_toCommandValue(input) {
    if (input === null || input === undefined) {
        return '';
    }
    else if (typeof input === 'string' || input instanceof String) {
        return input;
    }
    return JSON.stringify(input);
}
/**
 *
 * @param annotationProperties
 * @returns The command properties to send with the actual annotation command
 * See IssueCommandProperties: https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs#L646
 */
function toCommandProperties(annotationProperties) {
    if (!Object.keys(annotationProperties).length) {
        return {};
    }
    return {
        title: annotationProperties.title,
        file: annotationProperties.file,
        line: annotationProperties.startLine,
        endLine: annotationProperties.endLine,
        col: annotationProperties.startColumn,
        endColumn: annotationProperties.endColumn
    };
}
//# sourceMappingURL=utils.js.map
;// CONCATENATED MODULE: ./lib/node_modules/@actions/core/lib/command.js


/**
 * Issues a command to the GitHub Actions runner
 *
 * @param command - The command name to issue
 * @param properties - Additional properties for the command (key-value pairs)
 * @param message - The message to include with the command
 * @remarks
 * This function outputs a specially formatted string to stdout that the Actions
 * runner interprets as a command. These commands can control workflow behavior,
 * set outputs, create annotations, mask values, and more.
 *
 * Command Format:
 *   ::name key=value,key=value::message
 *
 * @example
 * ```typescript
 * // Issue a warning annotation
 * issueCommand('warning', {}, 'This is a warning message');
 * // Output: ::warning::This is a warning message
 *
 * // Set an environment variable
 * issueCommand('set-env', { name: 'MY_VAR' }, 'some value');
 * // Output: ::set-env name=MY_VAR::some value
 *
 * // Add a secret mask
 * issueCommand('add-mask', {}, 'secretValue123');
 * // Output: ::add-mask::secretValue123
 * ```
 *
 * @internal
 * This is an internal utility function that powers the public API functions
 * such as setSecret, warning, error, and exportVariable.
 */
function command_issueCommand(command, properties, message) {
    const cmd = new Command(command, properties, message);
    process.stdout.write(cmd.toString() + external_os_namespaceObject.EOL);
}
function command_issue(name, message = '') {
    command_issueCommand(name, {}, message);
}
const CMD_STRING = '::';
class Command {
    constructor(command, properties, message) {
        if (!command) {
            command = 'missing.command';
        }
        this.command = command;
        this.properties = properties;
        this.message = message;
    }
    toString() {
        let cmdStr = CMD_STRING + this.command;
        if (this.properties && Object.keys(this.properties).length > 0) {
            cmdStr += ' ';
            let first = true;
            for (const key in this.properties) {
                if (this.properties.hasOwnProperty(key)) {
                    const val = this.properties[key];
                    if (val) {
                        if (first) {
                            first = false;
                        }
                        else {
                            cmdStr += ',';
                        }
                        cmdStr += `${key}=${escapeProperty(val)}`;
                    }
                }
            }
        }
        cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
        return cmdStr;
    }
}
function escapeData(s) {
    return utils_toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A');
}
function escapeProperty(s) {
    return utils_toCommandValue(s)
        .replace(/%/g, '%25')
        .replace(/\r/g, '%0D')
        .replace(/\n/g, '%0A')
        .replace(/:/g, '%3A')
        .replace(/,/g, '%2C');
}
//# sourceMappingURL=command.js.map
;// CONCATENATED MODULE: external "crypto"
const external_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("crypto");
;// CONCATENATED MODULE: external "fs"
const external_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");
;// CONCATENATED MODULE: ./lib/node_modules/@actions/core/lib/file-command.js
// For internal use, subject to change.
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */




function file_command_issueFileCommand(command, message) {
    const filePath = process.env[`GITHUB_${command}`];
    if (!filePath) {
        throw new Error(`Unable to find environment variable for file command ${command}`);
    }
    if (!external_fs_namespaceObject.existsSync(filePath)) {
        throw new Error(`Missing file at path: ${filePath}`);
    }
    external_fs_namespaceObject.appendFileSync(filePath, `${utils_toCommandValue(message)}${external_os_namespaceObject.EOL}`, {
        encoding: 'utf8'
    });
}
function file_command_prepareKeyValueMessage(key, value) {
    const delimiter = `ghadelimiter_${external_crypto_namespaceObject.randomUUID()}`;
    const convertedValue = utils_toCommandValue(value);
    // These should realistically never happen, but just in case someone finds a
    // way to exploit uuid generation let's not allow keys or values that contain
    // the delimiter.
    if (key.includes(delimiter)) {
        throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
    }
    if (convertedValue.includes(delimiter)) {
        throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
    }
    return `${key}<<${delimiter}${external_os_namespaceObject.EOL}${convertedValue}${external_os_namespaceObject.EOL}${delimiter}`;
}
//# sourceMappingURL=file-command.js.map
;// CONCATENATED MODULE: external "path"
const external_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");
;// CONCATENATED MODULE: ./lib/node_modules/@actions/core/lib/core.js
var __awaiter = (undefined && undefined.__awaiter) || function (thisArg, _arguments, P, generator) {
    function adopt(value) { return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }
    return new (P || (P = Promise))(function (resolve, reject) {
        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }
        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }
        function step(result) { result.done ? resolve(result.value) : adopt(result.value).then(fulfilled, rejected); }
        step((generator = generator.apply(thisArg, _arguments || [])).next());
    });
};






/**
 * The code to exit an action
 */
var ExitCode;
(function (ExitCode) {
    /**
     * A code indicating that the action was successful
     */
    ExitCode[ExitCode["Success"] = 0] = "Success";
    /**
     * A code indicating that the action was a failure
     */
    ExitCode[ExitCode["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
//-----------------------------------------------------------------------
// Variables
//-----------------------------------------------------------------------
/**
 * Sets env variable for this action and future actions in the job
 * @param name the name of the variable to set
 * @param val the value of the variable. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function exportVariable(name, val) {
    const convertedVal = toCommandValue(val);
    process.env[name] = convertedVal;
    const filePath = process.env['GITHUB_ENV'] || '';
    if (filePath) {
        return issueFileCommand('ENV', prepareKeyValueMessage(name, val));
    }
    issueCommand('set-env', { name }, convertedVal);
}
/**
 * Registers a secret which will get masked from logs
 *
 * @param secret - Value of the secret to be masked
 * @remarks
 * This function instructs the Actions runner to mask the specified value in any
 * logs produced during the workflow run. Once registered, the secret value will
 * be replaced with asterisks (***) whenever it appears in console output, logs,
 * or error messages.
 *
 * This is useful for protecting sensitive information such as:
 * - API keys
 * - Access tokens
 * - Authentication credentials
 * - URL parameters containing signatures (SAS tokens)
 *
 * Note that masking only affects future logs; any previous appearances of the
 * secret in logs before calling this function will remain unmasked.
 *
 * @example
 * ```typescript
 * // Register an API token as a secret
 * const apiToken = "abc123xyz456";
 * setSecret(apiToken);
 *
 * // Now any logs containing this value will show *** instead
 * console.log(`Using token: ${apiToken}`); // Outputs: "Using token: ***"
 * ```
 */
function setSecret(secret) {
    command_issueCommand('add-mask', {}, secret);
}
/**
 * Prepends inputPath to the PATH (for this action and future actions)
 * @param inputPath
 */
function addPath(inputPath) {
    const filePath = process.env['GITHUB_PATH'] || '';
    if (filePath) {
        issueFileCommand('PATH', inputPath);
    }
    else {
        issueCommand('add-path', {}, inputPath);
    }
    process.env['PATH'] = `${inputPath}${path.delimiter}${process.env['PATH']}`;
}
/**
 * Gets the value of an input.
 * Unless trimWhitespace is set to false in InputOptions, the value is also trimmed.
 * Returns an empty string if the value is not defined.
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   string
 */
function getInput(name, options) {
    const val = process.env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] || '';
    if (options && options.required && !val) {
        throw new Error(`Input required and not supplied: ${name}`);
    }
    if (options && options.trimWhitespace === false) {
        return val;
    }
    return val.trim();
}
/**
 * Gets the values of an multiline input.  Each value is also trimmed.
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   string[]
 *
 */
function getMultilineInput(name, options) {
    const inputs = getInput(name, options)
        .split('\n')
        .filter(x => x !== '');
    if (options && options.trimWhitespace === false) {
        return inputs;
    }
    return inputs.map(input => input.trim());
}
/**
 * Gets the input value of the boolean type in the YAML 1.2 "core schema" specification.
 * Support boolean input list: `true | True | TRUE | false | False | FALSE` .
 * The return value is also in boolean type.
 * ref: https://yaml.org/spec/1.2/spec.html#id2804923
 *
 * @param     name     name of the input to get
 * @param     options  optional. See InputOptions.
 * @returns   boolean
 */
function getBooleanInput(name, options) {
    const trueValue = ['true', 'True', 'TRUE'];
    const falseValue = ['false', 'False', 'FALSE'];
    const val = getInput(name, options);
    if (trueValue.includes(val))
        return true;
    if (falseValue.includes(val))
        return false;
    throw new TypeError(`Input does not meet YAML 1.2 "Core Schema" specification: ${name}\n` +
        `Support boolean input list: \`true | True | TRUE | false | False | FALSE\``);
}
/**
 * Sets the value of an output.
 *
 * @param     name     name of the output to set
 * @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function setOutput(name, value) {
    const filePath = process.env['GITHUB_OUTPUT'] || '';
    if (filePath) {
        return file_command_issueFileCommand('OUTPUT', file_command_prepareKeyValueMessage(name, value));
    }
    process.stdout.write(external_os_namespaceObject.EOL);
    command_issueCommand('set-output', { name }, utils_toCommandValue(value));
}
/**
 * Enables or disables the echoing of commands into stdout for the rest of the step.
 * Echoing is disabled by default if ACTIONS_STEP_DEBUG is not set.
 *
 */
function setCommandEcho(enabled) {
    issue('echo', enabled ? 'on' : 'off');
}
//-----------------------------------------------------------------------
// Results
//-----------------------------------------------------------------------
/**
 * Sets the action status to failed.
 * When the action exits it will be with an exit code of 1
 * @param message add error issue message
 */
function setFailed(message) {
    process.exitCode = ExitCode.Failure;
    error(message);
}
//-----------------------------------------------------------------------
// Logging Commands
//-----------------------------------------------------------------------
/**
 * Gets whether Actions Step Debug is on or not
 */
function isDebug() {
    return process.env['RUNNER_DEBUG'] === '1';
}
/**
 * Writes debug message to user log
 * @param message debug message
 */
function debug(message) {
    command_issueCommand('debug', {}, message);
}
/**
 * Adds an error issue
 * @param message error issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function error(message, properties = {}) {
    command_issueCommand('error', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Adds a warning issue
 * @param message warning issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function warning(message, properties = {}) {
    command_issueCommand('warning', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Adds a notice issue
 * @param message notice issue message. Errors will be converted to string via toString()
 * @param properties optional properties to add to the annotation.
 */
function notice(message, properties = {}) {
    command_issueCommand('notice', toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
/**
 * Writes info to log with console.log.
 * @param message info message
 */
function info(message) {
    process.stdout.write(message + external_os_namespaceObject.EOL);
}
/**
 * Begin an output group.
 *
 * Output until the next `groupEnd` will be foldable in this group
 *
 * @param name The name of the output group
 */
function startGroup(name) {
    command_issue('group', name);
}
/**
 * End an output group.
 */
function endGroup() {
    command_issue('endgroup');
}
/**
 * Wrap an asynchronous function call in a group.
 *
 * Returns the same type as the function itself.
 *
 * @param name The name of the group
 * @param fn The function to wrap in the group
 */
function group(name, fn) {
    return __awaiter(this, void 0, void 0, function* () {
        startGroup(name);
        let result;
        try {
            result = yield fn();
        }
        finally {
            endGroup();
        }
        return result;
    });
}
//-----------------------------------------------------------------------
// Wrapper action state
//-----------------------------------------------------------------------
/**
 * Saves state for current action, the state can only be retrieved by this action's post job execution.
 *
 * @param     name     name of the state to store
 * @param     value    value to store. Non-string values will be converted to a string via JSON.stringify
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function saveState(name, value) {
    const filePath = process.env['GITHUB_STATE'] || '';
    if (filePath) {
        return issueFileCommand('STATE', prepareKeyValueMessage(name, value));
    }
    issueCommand('save-state', { name }, toCommandValue(value));
}
/**
 * Gets the value of an state set by this action's main execution.
 *
 * @param     name     name of the state to get
 * @returns   string
 */
function getState(name) {
    return process.env[`STATE_${name}`] || '';
}
function getIDToken(aud) {
    return __awaiter(this, void 0, void 0, function* () {
        return yield OidcClient.getIDToken(aud);
    });
}
/**
 * Summary exports
 */

/**
 * @deprecated use core.summary
 */

/**
 * Path exports
 */

/**
 * Platform utilities exports
 */

//# sourceMappingURL=core.js.map
;// CONCATENATED MODULE: ./lib/src/runner/host.js


const ANNOTATE = { notice: notice, warning: warning, error: error };
/** The only part that prints commands of the runner. */
const GITHUB = {
    input: (name) => process.env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] === undefined ? undefined : getInput(name),
    mask: setSecret,
    debug: debug,
    isDebug: isDebug,
    info: info,
    annotate: (level, text, at) => ANNOTATE[level](text, at),
    group(title, lines) {
        startGroup(title);
        for (const line of lines)
            info(line);
        endGroup();
    },
    setOutput: setOutput,
    outputMaxBytes: 200_000,
    writeSummary(markdown) {
        const file = process.env.GITHUB_STEP_SUMMARY;
        if (file)
            (0,external_node_fs_namespaceObject.appendFileSync)(file, markdown);
    },
    isWorkflow: true,
};

;// CONCATENATED MODULE: ./lib/src/runner/spellings.js
/** The maximum number of nested escapes. */
const LEVELS_MAX = 6;
// URLs, JSON, string literals, XML and HTML; each part is bounded, so that the time is linear in the length of the text
const ESCAPE = /%[\da-f]{2}|\\u\{[\da-f]{1,6}\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\[^a-z\d]|\\[abefnrtv0]|&#\d{1,7};|&#x[\da-f]{1,6};|&(?:amp|lt|gt|quot|apos);/gi;
const COLOUR = String.raw `\x1b(?:\[[\d;]{0,16}[a-z])?`;
/** White space, control characters and invisible characters. */
const UNSEEN = String.raw `[\s\0-\x1a\x1c-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]{1,1000}`;
/** A shell continues a line so. */
const CONTINUED = String.raw `\\\r?\n`;
const BLANK = new RegExp(`${COLOUR}|${UNSEEN}|${CONTINUED}`, 'gi');
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** Decodes one escape. A byte above 127 becomes one character, as in latin1. */
function undo(written) {
    const entity = ENTITIES[written.slice(1, -1).toLowerCase()];
    if (entity !== undefined)
        return entity;
    const [, hex, decimal] = /^(?:%|\\[ux]\{?|&#x)([\da-f]+)|^&#(\d+)/i.exec(written) ?? [];
    if (hex === undefined && decimal === undefined)
        return /^\\[a-z0]/i.test(written) ? ' ' : written.slice(1);
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0xffff ? String.fromCharCode(code) : ' ';
}
/** Lower case of the same length, so that places stay the same. */
function fold(text) {
    const lower = text.toLowerCase();
    return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
/**
 * @param isBare in the form in which secrets are compared: lower case, without blanks, which can also be inside an escape
 * @returns the text, then the text with one more layer of escapes decoded each time
 */
function readings(text, isBare) {
    const rewrite = (layer, pattern, replace) => ({
        text: layer.text.replace(pattern, replace),
    });
    return spellings_layers({ text }, rewrite, isBare).map((layer) => layer.text);
}
/** `readings` with places, which take longer. */
function decode(text, isBare) {
    const from = Array.from({ length: text.length }, (_, index) => index);
    return spellings_layers({ text, from, to: from.map((index) => index + 1) }, rewriteWithPlaces, isBare);
}
function spellings_layers(whole, rewrite, isBare) {
    const strip = (layer) => {
        const stripped = isBare ? rewrite(layer, BLANK, () => '') : layer;
        return isBare ? { ...stripped, text: fold(stripped.text) } : layer;
    };
    let layer = strip(whole);
    const found = [layer];
    while (found.length < LEVELS_MAX && /[%\\&]/.test(layer.text)) {
        const deeper = strip(rewrite(layer, ESCAPE, undo));
        if (deeper.text === layer.text)
            break;
        found.push(deeper);
        layer = deeper;
    }
    return found;
}
/** @param replace gives one character or none, which gets the place of its match */
function rewriteWithPlaces({ text, from, to }, pattern, replace) {
    const parts = [];
    const places = { from: [], to: [] };
    let done = 0;
    const copy = (end) => {
        parts.push(text.slice(done, end));
        for (; done < end; done += 1)
            place(done, done);
    };
    const place = (first, last) => {
        places.from.push(Number(from[first]));
        places.to.push(Number(to[last]));
    };
    for (const { 0: match, index } of text.matchAll(pattern)) {
        copy(index);
        done = index + match.length;
        const instead = replace(match);
        parts.push(instead);
        if (instead !== '')
            place(index, done - 1);
    }
    copy(text.length);
    return { text: parts.join(''), ...places };
}
/** The forms that GitHub's runner masks, and hexadecimal digits. Escapes are decoded in the searched text instead.
 *  @see https://github.com/actions/runner (src/Sdk/DTLogging/Logging/ValueEncoders.cs, read 2026-11) */
function formsOf(secret) {
    const bytes = Buffer.from(secret);
    const ampersand = secret.includes('&+') ? secret.indexOf('&+') + 2 : secret.lastIndexOf('&') + 1;
    const texts = [
        secret,
        bytes.toString('latin1'),
        secret.replaceAll("'", "''"), // in an expression
        secret.replace(/^"(.*)"$/s, '$1'),
        ...(ampersand > 0 ? [secret.slice(0, ampersand), secret.slice(ampersand + (secret.includes('&+') ? 1 : 0))] : []), // PowerShell
        bytes.toString('hex'),
    ];
    // base64 of a longer text contains the secret at one of three alignments; its last digits depend on the next characters
    const base64 = [0, 1, 2].flatMap((skipped) => {
        const rest = bytes.subarray(skipped);
        const length = Math.floor((rest.length * 8) / 6);
        return [rest.toString('base64').slice(0, length), rest.toString('base64url').slice(0, length)];
    });
    return [
        ...texts.flatMap((text) => readings(text, true)).map((text) => ({ text, margin: 0 })),
        ...base64.map((text) => ({ text: fold(text), margin: 4 })),
    ];
}

;// CONCATENATED MODULE: ./lib/src/runner/text.js
/**
 * Makes one printable line of any text, such as a hostile file name. Control characters, characters that change the
 * direction of text, and the markers of the runner's commands become visible escapes.
 */
function printable(text) {
    return text
        .toWellFormed()
        .replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, makeVisible)
        .replaceAll('##[', '##\\[')
        .replace(/^\s*::/, (colons) => colons.replace('::', '\\:\\:'));
}
const ESCAPES = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
function makeVisible(character) {
    return ESCAPES[character] ?? `\\u{${Number(character.codePointAt(0)).toString(16)}}`;
}
/** Escapes a text for an HTML element or attribute. */
function html(text) {
    return printable(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
/** A user or an issue, as GitHub finds them also in HTML. */
const MENTION = /(?<!\w)@(?=[a-z\d])|(?<!&)#(?=\d)/gi;
/** Escapes a text for an HTML element that GitHub shows. Where it becomes a comment, a text of others notifies nobody. */
function prose(text) {
    return html(text).replace(MENTION, '$&&#8203;');
}
/** @returns undefined for a text with a `%` that is not an escape */
function decodeUri(text) {
    try {
        return decodeURIComponent(text);
    }
    catch {
        return undefined;
    }
}
function size(bytes) {
    const units = ['B', 'kB', 'MB', 'GB'];
    let value = bytes;
    let unit = 0;
    while (value >= 999.5 && unit < units.length - 1) {
        value /= 1000;
        unit += 1;
    }
    return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
function duration(seconds) {
    if (seconds < 10)
        return `${seconds.toFixed(1)} s`;
    if (seconds < 120)
        return `${Math.round(seconds)} s`;
    if (seconds < 7200)
        return `${Math.round(seconds / 60)} min`;
    return `${(seconds / 3600).toFixed(1)} h`;
}
/** `1 file`, `2 files` */
function count(number, noun) {
    return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
/** `10,000 files`: as `count`, for a page */
function grouped(number, noun) {
    return `${digits(number)} ${noun}${number === 1 ? '' : 's'}`;
}
/** `10,000`. The first use of `toLocaleString` takes 12 ms, an eighth of a run without assets. */
function digits(number) {
    return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
/** The first items as they are shown, and a line that stands for the others: `and 3 more`. */
function cut(items, max, show, more = 'more') {
    const left = items.length - max;
    return [...items.slice(0, max).map(show), ...(left > 0 ? [`and ${left} ${more}`] : [])];
}

;// CONCATENATED MODULE: ./lib/src/runner/signatures.js


// S3, then GCS, then a shared access signature of Azure
const LONG_NAMES = 'x-(?:amz|goog)-(?:signature|credential|security-token)|awsaccesskeyid|googleaccessid|signature(?:provided)?';
const SAS_NAMES = 'sig|s[eprtv]|si|sip|spr|srt|ss|sk(?:oid|tid|[tesv])|s[ac]oid|suoid|scid|sdd';
const VALUE = `[^\\s&"'<>,)\\\\]`;
/** A value can continue in the next line, if that is not a word. */
const REST = '(?:\\s{1,200}(?=[\\w%+/=~-]{0,200}\\d)[\\w%+/=~-]{8,4000}(?=[\\s&"\'<>]|$)){0,16}';
const PARAMETER = new RegExp(`(?<![\\w-])(?:${LONG_NAMES}|${SAS_NAMES})(?:=|["']?\\s{0,4}[:=>]\\s{0,4}["']?(?=${VALUE}{16}))(?<value>${VALUE}{1,8000}${REST})`, 'dgi');
/** The user name and password of a URL, also of one that lacks its scheme or a slash. */
const USER = /(?:\b[a-z][\w+.-]{1,16}:[/\\]{1,2}|(?<![^\s"'`=(])[/\\]{2})(?<value>[^\s/?#@"'<>]{1,1000})@/dgi;
/** A token of GitHub or a key of imgix by its form: it can be another one than those of this step. */
const TOKEN = /\b(?<value>gh[oprsu]_\w{20,255}|github_pat_\w{20,255}|ak_[\da-f]{32,255})\b/dgi;
const PATTERNS = [PARAMETER, USER, TOKEN];
/** Finds the values of parameters that sign a URL of any storage, with any number of escapes, the
 *  user of a URL, and tokens. */
function signatureRanges(text) {
    const isFound = readings(text, false).some((reading) => PATTERNS.some((pattern) => reading.search(pattern) >= 0));
    if (!isFound)
        return [];
    return decode(text, false).flatMap(({ text: reading, from, to }) => PATTERNS.flatMap((pattern) => [...reading.matchAll(pattern)].map(({ indices }) => {
        const [start = 0, end = 0] = indices?.groups?.value ?? [];
        return [Number(from[start]), Number(to[end - 1])];
    })));
}
/** Parameters of a signed URL that are not secret. */
const PUBLIC = /^(x-(amz|goog)-(algorithm|date|expires|signedheaders|content-sha256)|x-id|expires|s[eprtv])$/i;
const KEY_ID = /^(?:x-(?:amz|goog)-credential|awsaccesskeyid|googleaccessid)$/i;
const SECRET = new RegExp(`^(?:${LONG_NAMES}|sig|token)$`, 'i');
/**
 * The parts of a presigned URL that are secret.
 * @param own public names that the URL can contain: the file's, the Source's
 * @returns `always`: the signature; `prose`: parts that can be secret, to be hidden in texts for people; `keyId`: the id of
 *   the key that signed it, which all URLs of a Source have, and without which none can be used
 */
function secretsOf(url, own) {
    if (!URL.canParse(url))
        return { always: [url], prose: [], keyId: undefined };
    const { pathname, search, username, password } = new URL(url);
    const pairs = search.slice(1).split('&').slice(0, 100).map(readPair);
    const values = pairs.flatMap(({ name, value }) => {
        if (PUBLIC.test(name) || own.includes(value))
            return [];
        return SECRET.test(name) || name === '' || isRandom(value) ? [value] : [];
    });
    const [keyId = ''] = pairs.find(({ name }) => KEY_ID.test(name))?.value.split('/') ?? [];
    const path = decodePart(pathname);
    const parts = path.split('/').filter(isRandom);
    return {
        always: [decodePart(username), decodePart(password), ...values],
        prose: [path, ...parts].filter((part) => !own.includes(part) && !own.includes(part.slice(1))),
        keyId: isRandom(keyId) && !own.includes(keyId) ? keyId : undefined,
    };
}
/** @returns the name '' for a value without a name */
function readPair(pair) {
    const equals = pair.indexOf('=');
    return { name: pair.slice(0, Math.max(0, equals)), value: decodePart(pair.slice(equals + 1)) };
}
/** @returns whether a text is neither a word nor a chosen name */
function isRandom(text) {
    return text.length >= 16 && /\d/.test(text) && /[a-z]/i.test(text) && !/^[a-z]+\/[\w.+-]+$/i.test(text);
}
function decodePart(text) {
    return decodeUri(text) ?? text;
}

;// CONCATENATED MODULE: ./lib/src/runner/secrets.js


/** Shorter secrets are not searched for: they would replace parts of ordinary words. */
const SECRET_MIN_LENGTH = 8;
/** The runner masks every text that it is given: a mask of one letter would replace most of the log. */
const MASK_MIN_LENGTH = 4;
/** GitHub's own limit is 48 kB. Of a longer text, which only an answer can have, the beginning and some lines are hidden. */
const secrets_SECRET_MAX_LENGTH = 65_536;
const LINES_MAX = 1000;
/** Parts of presigned URLs before the older ones are dropped: a run has one URL for each file. */
const URL_PARTS_MAX = 4096;
/** Longer texts are cut: nobody reads them, and a search in them costs memory. No row of a summary is as long. */
const PROSE_MAX_LENGTH = 200_000;
/** The runner compares each line of the log with each mask. */
const URL_MASKS_MAX = 32;
const HIDDEN = '***';
/**
 * The secrets of a run. The time of a search depends on the length of the text, not on the number of secrets.
 * @param mask has the runner hide a text in the log
 */
function createSecrets(mask) {
    const masked = new Set();
    const finder = createFinder();
    const urlMasks = new Set();
    /** Hides a secret and each of its lines from now on. */
    function hide(secret) {
        const start = secret.slice(0, secrets_SECRET_MAX_LENGTH);
        for (const text of [start, ...start.split(/\r\n|\r|\n/, LINES_MAX)]) {
            if (text.trim() === '' || masked.has(text))
                continue;
            masked.add(text);
            if (text.trim().length >= MASK_MIN_LENGTH)
                mask(text);
            for (const { text: form, margin } of formsOf(text))
                finder.add(form, { always: true, margin });
        }
    }
    /** `redact` takes URLs out of all that a run prints. A mask is the second wall, for what others print: Node when it
     *  crashes, a later step. As each URL has a signature of its own, the one mask that serves for all is that of the key's
     *  id: a URL without it is refused. URLs without an id are masked whole, as long as they are few. */
    function maskUrl(url, keyId = url) {
        if (urlMasks.has(keyId) || urlMasks.size === URL_MASKS_MAX || keyId.trim().length < MASK_MIN_LENGTH)
            return;
        urlMasks.add(keyId);
        mask(keyId);
    }
    function hideUrlPart(text, always) {
        for (const part of readings(text, true))
            finder.add(part, { always, margin: 0 }, true);
    }
    function rangesIn(text, namesOnly) {
        if (!readings(text, true).some((reading) => finder.find(reading).length > 0))
            return [];
        return decode(text, true).flatMap(({ text: reading, from, to }) => finder
            .find(reading)
            .filter(({ what }) => what.always || !namesOnly)
            .map(({ start, end, what }) => widen(text, [Number(from[start]), Number(to[end - 1])], what.margin)));
    }
    return {
        hide,
        /** Hides a presigned URL, its path, its query and the values in it in all that is printed, and masks what has to be
         *  masked.
         *  @param own public names that the URL can contain */
        hideUrl(url, own) {
            const { always, prose, keyId } = secretsOf(url, own);
            maskUrl(url, keyId);
            for (const text of prose)
                hideUrlPart(text, false);
            for (const text of always)
                hideUrlPart(text, true);
        },
        /** For texts that people read. @returns the text without secrets in any spelling, and without signatures and users of
         *  URLs */
        redact(whole) {
            const text = whole.length > PROSE_MAX_LENGTH ? `${whole.slice(0, PROSE_MAX_LENGTH)}…` : whole;
            return without(text, [...rangesIn(text, false), ...signatureRanges(text)]);
        },
        /** For names that programs read. @returns the text without known secrets; all else is unchanged */
        redactName: (text) => without(text, rangesIn(text, true)),
    };
}
/** @returns whether a text is the secret, or contains it in any spelling, if the secret is long enough not to match by chance */
function holdsSecret(text, secret) {
    if (text === secret)
        return secret.length >= MASK_MIN_LENGTH;
    const forms = formsOf(secret).filter((form) => form.text.length >= SECRET_MIN_LENGTH);
    return readings(text, true).some((reading) => forms.some((form) => reading.includes(form.text)));
}
function widen(text, [from, to], margin) {
    const isDigit = (at) => /[\w+/=-]/.test(text.charAt(at));
    let [start, end] = [from, to];
    while (start > from - margin && isDigit(start - 1))
        start -= 1;
    while (end < to + margin && isDigit(end))
        end += 1;
    while (text[start - 1] === '\\')
        start -= 1; // half an escape would change the next characters
    return [start, end];
}
function without(text, ranges) {
    let shown = '';
    let done = 0;
    for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
        if (to <= done)
            continue;
        if (from > done || shown === '')
            shown += text.slice(done, from) + HIDDEN;
        done = to;
    }
    return shown + text.slice(done);
}
/** A text can be cut inside a secret, at its end or before `…`. A part of this length does not match by chance. */
const CUT_MIN_LENGTH = 12;
/** Finds any number of texts in one pass. A text that is too short is ignored. */
function createFinder() {
    const lasting = new Map();
    let [recent, older] = [new Map(), new Map()];
    let recentCount = 0;
    const flags = new Uint8Array(1 << 20); // rules out nearly every place of a text
    function flagAt(text, at) {
        let flag = 0;
        for (let offset = 0; offset < SECRET_MIN_LENGTH; offset += 2)
            flag = (flag << 5) ^ text.charCodeAt(at + offset);
        return flag & (flags.length - 1);
    }
    /** @param cutAt the end of the text, or the place of the first `…` from the start on */
    function* occurrencesAt(start, text, cutAt) {
        const key = text.slice(start, start + SECRET_MIN_LENGTH);
        for (const texts of [lasting, recent, older]) {
            for (const [wanted, what] of texts.get(key) ?? []) {
                const end = start + wanted.length;
                const isCut = cutAt < end && cutAt - start >= CUT_MIN_LENGTH && wanted.startsWith(text.slice(start, cutAt));
                if (text.startsWith(wanted, start))
                    yield { start, end, what };
                else if (isCut)
                    yield { start, end: cutAt, what };
            }
        }
    }
    return {
        /** @param isForgotten some time later, when there are many such texts */
        add(text, { always, margin }, isForgotten = false) {
            if (text.length < SECRET_MIN_LENGTH)
                return;
            if (isForgotten && recentCount === URL_PARTS_MAX)
                [recent, older, recentCount] = [new Map(), recent, 0];
            if (isForgotten)
                recentCount += 1;
            const texts = isForgotten ? recent : lasting;
            const start = text.slice(0, SECRET_MIN_LENGTH);
            const alike = texts.get(start) ?? new Map();
            texts.set(start, alike.set(text, { always: always || alike.get(text)?.always === true, margin }));
            flags[flagAt(text, 0)] = 1;
        },
        find(text) {
            const occurrences = [];
            let cutAt = -1;
            for (let start = 0; start <= text.length - SECRET_MIN_LENGTH; start += 1) {
                if (flags[flagAt(text, start)] === 0)
                    continue;
                if (cutAt < start)
                    cutAt = text.indexOf('…', start);
                if (cutAt < 0)
                    cutAt = text.length;
                for (const one of occurrencesAt(start, text, cutAt))
                    occurrences.push(one);
            }
            return occurrences;
        },
    };
}

;// CONCATENATED MODULE: ./lib/src/runner/core.js




const core_ExitCode = { Failure: 1 };
let host = GITHUB;
/** One set per process: the runner's masks are per job. */
let secrets = createSecrets((secret) => host.mask(secret));
/** Forgets the host and the secrets of an earlier run in this process. */
function beginRun(ownHost = GITHUB) {
    host = ownHost;
    secrets = createSecrets((secret) => host.mask(secret));
}
/** @returns '' for an input that is not set */
const core_getInput = (name) => host.input(name) ?? '';
const isSet = (name) => host.input(name) !== undefined;
// All output of a run goes through these functions: one line each, without commands of the runner and without secrets.
const hide = (secret) => secrets.hide(secret);
const hideUrl = (url, own) => secrets.hideUrl(url, own);
const redact = (text) => secrets.redact(text);
const redactName = (text) => secrets.redactName(text);
/** Far more than anybody reads. */
const LINE_MAX_LENGTH = 10_000;
function line(text) {
    const shown = text.length > LINE_MAX_LENGTH ? `${text.slice(0, LINE_MAX_LENGTH)}…` : text;
    return printable(secrets.redact(shown));
}
/** The title is for people. The file name is for GitHub, which has to find the file. */
function place({ title, file, ...rest }) {
    return {
        ...rest,
        ...(title !== undefined && { title: line(title) }),
        ...(file !== undefined && { file: redactName(file) }),
    };
}
const annotate = (level, text, at) => host.annotate(level, line(text), place(at));
const core_info = (text) => host.info(line(text));
const core_isDebug = () => host.isDebug();
/** Stays of several lines, as a stack is. */
const core_debug = (text) => host.debug(text.split('\n').map(line).join('\n'));
const core_notice = (text, at = {}) => annotate('notice', text, at);
const core_warning = (text, at = {}) => annotate('warning', text, at);
const core_error = (text, at = {}) => annotate('error', text, at);
/** Prints the reason as an error, and sets the exit code of a failure. */
function core_setFailed(text) {
    process.exitCode = core_ExitCode.Failure;
    core_error(text);
}
/** Lines that the log folds under their title. */
const core_group = (title, lines) => host.group(line(title), lines.map(line));
const core_setOutput = (name, value) => host.setOutput(name, redactName(value));
const outputMaxBytes = () => host.outputMaxBytes;
const isWorkflow = () => host.isWorkflow;
const writeSummary = (markdown) => host.writeSummary(markdown);

;// CONCATENATED MODULE: ./lib/src/runner/annotations.js

// GitHub shows ten annotations of a kind for a step. The log has all of these.
const ANNOTATIONS_MAX = 50;
/** A file can have as many problems as lines. */
const PROBLEMS_MAX = 100;
/** An error that consists of several problems. Each becomes one annotation. */
class ProblemsError extends Error {
    annotations;
    constructor(annotations) {
        super(annotations.map(({ line }) => line).join('\n'));
        this.annotations = annotations;
    }
}
/** What ended a run early: one annotation per problem.
 *  @param title of annotations on a file
 *  @param explain the line of an error that is a single problem */
function listProblems(error, title, explain) {
    if (error === undefined)
        return [];
    if (error instanceof ProblemsError) {
        const left = error.annotations.length - PROBLEMS_MAX;
        const more = left > 0 ? [{ line: `and ${left} more problems` }] : [];
        const shown = error.annotations.slice(0, PROBLEMS_MAX);
        return [...shown.map((each) => (each.file === undefined ? each : { ...each, title })), ...more];
    }
    return [{ line: explain(error) }];
}
/** Prints failures one by one: the first as annotations, the next as lines, and of the others one line.
 *  @param linesMax beyond which they are in the report alone */
function createAnnotator(linesMax) {
    let told = 0;
    return ({ line, ...at }) => {
        told += 1;
        if (told <= ANNOTATIONS_MAX)
            core.error(line, at);
        else if (told <= linesMax)
            core.info(`error: ${line}`);
        else if (told === linesMax + 1)
            core.info('more failures are in the report alone');
    };
}
/** Prints the lines: the first as annotations, the others to the log alone.
 *  @param rest the line that stands for the others, where the log already has them */
function annotations_annotate(level, annotations, rest) {
    for (const { line, ...at } of annotations.slice(0, ANNOTATIONS_MAX))
        annotate(level, line, at);
    const others = annotations.slice(ANNOTATIONS_MAX);
    const lines = rest === undefined || others.length === 0 ? others.map(({ line }) => line) : [rest(others.length)];
    for (const line of lines)
        core_info(line);
}

;// CONCATENATED MODULE: ./lib/src/inputs/proxies.js


const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;
const ALLOWED = 'an http or https proxy, such as http://user:password@proxy.example:3128, with reserved characters of user name and password percent-encoded';
/** Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY. As in curl, lower case has priority and an empty variable is ignored. */
function readProxies(env) {
    const secrets = [];
    const read = (name) => {
        const variable = [name, name.toUpperCase()].find((each) => env[each]?.trim());
        if (variable === undefined)
            return undefined;
        const text = String(env[variable]).trim();
        secrets.push(...findSecrets(text));
        return parseProxy(text) ?? `${variable}: its value is not allowed; ${ALLOWED}`;
    };
    const proxies = new Map([
        ['https:', read('https_proxy')],
        ['http:', read('http_proxy')],
    ]);
    const bypasses = parseNoProxy(env.no_proxy || env.NO_PROXY || '');
    const settingFor = (url) => (bypasses(url) ? undefined : proxies.get(url.protocol));
    return {
        /** @returns the proxy for a URL, with its credentials; undefined for none
         *  @throws ProxySettingError if the variable for this URL is not valid */
        proxyFor(url) {
            const proxy = settingFor(url);
            if (typeof proxy === 'string')
                throw new ProxySettingError(proxy);
            return proxy;
        },
        /** @returns one line, without the value, for the variable that a request to this URL uses and that is not valid */
        problemFor(url) {
            const problem = settingFor(url);
            return typeof problem === 'string' ? problem : undefined;
        },
        /** the passwords of the proxies, in every form that a log can show */
        secrets: secrets,
    };
}
function parseProxy(text) {
    const full = SCHEME.test(text) ? text : `http://${text}`;
    if (!URL.canParse(full))
        return undefined;
    const url = new URL(full);
    const { protocol, username, password, pathname, search, hash } = url;
    if (protocol !== 'http:' && protocol !== 'https:')
        return undefined;
    const decodable = decodeUri(username) !== undefined && decodeUri(password) !== undefined;
    return decodable && pathname === '/' && search === '' && hash === '' ? url : undefined;
}
/** Finds the password also in a text that is not a URL: another program can print the variable. */
function findSecrets(text) {
    const credentials = text.slice(0, Math.max(0, text.lastIndexOf('@'))).replace(SCHEME, '');
    const [, user = '', password = ''] = /^([^:@/]*):?(.*)/s.exec(credentials) ?? [];
    if (user + password === '')
        return [];
    const plain = decodeUri(password) ?? password;
    const basic = Buffer.from(`${decodeUri(user) ?? user}:${plain}`).toString('base64');
    const asUrl = parseProxy(text)?.password ?? '';
    return [...new Set([password, plain, asUrl, basic])].filter((secret) => secret !== '');
}
/** A name, also after a dot or `*.`, matches itself and its subdomains. `*` matches all. A port restricts the match. */
function parseNoProxy(text) {
    const items = text.toLowerCase().split(/[\s,]+/);
    const rules = items.map((item) => {
        const [, host = item, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(item) ?? [];
        return { name: host.replace(/^\*?\.|^\[|\]$/g, ''), port };
    });
    return (url) => {
        const host = url.hostname.replace(/^\[|\]$/g, '');
        const isOf = (name) => name === '*' || (name !== '' && `.${host}`.endsWith(`.${name}`));
        return rules.some(({ name, port }) => (port === undefined || port === portOf(url)) && isOf(name));
    };
}

;// CONCATENATED MODULE: ./node_modules/balanced-match/dist/esm/index.js
const balanced = (a, b, str) => {
    const ma = a instanceof RegExp ? maybeMatch(a, str) : a;
    const mb = b instanceof RegExp ? maybeMatch(b, str) : b;
    const r = ma !== null && mb != null && range(ma, mb, str);
    return (r && {
        start: r[0],
        end: r[1],
        pre: str.slice(0, r[0]),
        body: str.slice(r[0] + ma.length, r[1]),
        post: str.slice(r[1] + mb.length),
    });
};
const maybeMatch = (reg, str) => {
    const m = str.match(reg);
    return m ? m[0] : null;
};
const range = (a, b, str) => {
    let begs, beg, left, right = undefined, result;
    let ai = str.indexOf(a);
    let bi = str.indexOf(b, ai + 1);
    let i = ai;
    if (ai >= 0 && bi > 0) {
        if (a === b) {
            return [ai, bi];
        }
        begs = [];
        left = str.length;
        while (i >= 0 && !result) {
            if (i === ai) {
                begs.push(i);
                ai = str.indexOf(a, i + 1);
            }
            else if (begs.length === 1) {
                const r = begs.pop();
                if (r !== undefined)
                    result = [r, bi];
            }
            else {
                beg = begs.pop();
                if (beg !== undefined && beg < left) {
                    left = beg;
                    right = bi;
                }
                bi = str.indexOf(b, i + 1);
            }
            i = ai < bi && ai >= 0 ? ai : bi;
        }
        if (begs.length && right !== undefined) {
            result = [left, right];
        }
    }
    return result;
};
//# sourceMappingURL=index.js.map
;// CONCATENATED MODULE: ./node_modules/brace-expansion/dist/esm/index.js

const escSlash = '\0SLASH' + Math.random().toFixed(16) + '\0';
const escOpen = '\0OPEN' + Math.random().toFixed(16) + '\0';
const escClose = '\0CLOSE' + Math.random().toFixed(16) + '\0';
const escComma = '\0COMMA' + Math.random().toFixed(16) + '\0';
const escPeriod = '\0PERIOD' + Math.random().toFixed(16) + '\0';
const escSlashPattern = new RegExp(escSlash, 'g');
const escOpenPattern = new RegExp(escOpen, 'g');
const escClosePattern = new RegExp(escClose, 'g');
const escCommaPattern = new RegExp(escComma, 'g');
const escPeriodPattern = new RegExp(escPeriod, 'g');
const slashPattern = /\\\\/g;
const openPattern = /\\{/g;
const closePattern = /\\}/g;
const commaPattern = /\\,/g;
const periodPattern = /\\\./g;
const EXPANSION_MAX = 100_000;
// `EXPANSION_MAX` caps the *number* of expansions, but not their length. An
// input like `'{a,b}'.repeat(1500)` stays under that count - its output is
// truncated to 100k results - while making every result ~1500 characters
// long. The result set, and the intermediate arrays built while combining
// brace sets, then grow large enough to exhaust memory and crash the process
// (CVE-2026-14257). `EXPANSION_MAX_LENGTH` bounds the total number of
// characters the accumulator may hold at any point, so memory stays flat no
// matter how many brace groups are chained. The limit sits well above any
// realistic expansion (100k results hitting `EXPANSION_MAX` measure ~1M
// characters) so legitimate input is unaffected.
const EXPANSION_MAX_LENGTH = 4_000_000;
// `expand_` recurses once per level of brace *nesting* - both when expanding a
// set's comma members and when re-wrapping a set whose body is a single part.
// The CVE-2026-14257 fix made the *tail* iterative (recursion on `m.post`, one
// level per chained group), which left nesting depth unbounded: about 3,100
// levels of `{{{...a,b...}}}` - only ~6KB of input - exhausted the native stack
// and crashed the process. `EXPANSION_MAX_DEPTH` bounds how deep the parser
// will follow nesting. It sits far above any realistic pattern and well below
// the depth at which the stack runs out.
const EXPANSION_MAX_DEPTH = 1_000;
// Bash keeps a quirk where a brace group followed by a comma set still expands
// (`{a},b}`). The parser implements it by rewriting the string and restarting
// the scan, absorbing one `}` per pass. `n` trailing braces therefore cost `n`
// full passes over a string that itself grows by one `escClose` sentinel each
// time - quadratic in `n`, with a ~26x constant from the sentinel's length.
// 128KB of `'{a}' + '}'.repeat(n) + ',z}'` blocked the event loop for 27
// seconds to produce two results. `EXPANSION_MAX_REWRITES` bounds how many
// times the scan may restart. Real `{a},b}` input needs a handful.
const EXPANSION_MAX_REWRITES = 1_000;
// `EXPANSION_MAX_STEPS` bounds the work one `expand` call does, which `max`,
// `maxLength` and `maxDepth` don't: nested sets are rescanned at every level
// and chained groups each rebuild up to `max` results, so 2KB of input could
// block the event loop for over 30 seconds. Each character scanned, result
// built and sequence value generated is a step, and each `expand_` call costs
// `CALL_STEPS` more. Past the budget, the set being expanded and everything
// after it stay literal. A glob needs a few hundred steps, and nesting all the
// way to `EXPANSION_MAX_DEPTH` about 4M.
const EXPANSION_MAX_STEPS = 20_000_000;
// What one `expand_` call costs on top of what it scans and builds. Setting
// one up takes about as long as scanning 16 characters, and a set whose
// results are wrapped to be expanded again makes one call per result, each
// scanning and building next to nothing: 64KB of
// `('{{' + ','.repeat(316) + '}{' + ','.repeat(316) + '}}').repeat(n)` made
// 4M such calls, which spent the budget three times as slowly as anything
// else.
const CALL_STEPS = 16;
function numeric(str) {
    return !isNaN(str) ? parseInt(str, 10) : str.charCodeAt(0);
}
function escapeBraces(str) {
    return str
        .replace(slashPattern, escSlash)
        .replace(openPattern, escOpen)
        .replace(closePattern, escClose)
        .replace(commaPattern, escComma)
        .replace(periodPattern, escPeriod);
}
function unescapeBraces(str) {
    return str
        .replace(escSlashPattern, '\\')
        .replace(escOpenPattern, '{')
        .replace(escClosePattern, '}')
        .replace(escCommaPattern, ',')
        .replace(escPeriodPattern, '.');
}
// Like `target.push(...items)` but doesn't overflow the stack
function pushAll(target, items) {
    for (let i = 0; i < items.length; i++) {
        target.push(items[i]);
    }
}
// `balanced`, run on `masked` (see `maskUnmatchedOpens`), sliced from `str`
// and charged for the characters it walks: up to the group's `}`, or the
// whole string when there is no match or unmatched `{` come first, which
// `unmatched` then flags for masking. Once a call overdraws the budget, it
// and every later one return undefined, so the rest stays literal.
function balancedWithBudget(str, masked, budget) {
    if (budget.remaining < 0) {
        return undefined;
    }
    const r = range('{', '}', masked);
    const unmatched = r !== undefined && masked.indexOf('{') < r[0];
    budget.remaining -= r && !unmatched ? r[1] + 1 : str.length;
    if (!r || budget.remaining < 0) {
        return undefined;
    }
    return {
        end: r[1],
        pre: str.slice(0, r[0]),
        body: str.slice(r[0] + 1, r[1]),
        post: str.slice(r[1] + 1),
        unmatched,
    };
}
// `masked` with every `{` that has no matching `}` swapped for a `\0`, which
// keeps the length, so a scan of it still lines up with the string it was
// made from. Such a `{` is literal either way, but `balanced` only learns that
// one is unmatched by reading to the end of the string, so with one at the
// head of every group (`'{a,{b,c}'.repeat(n)`) each scan read the rest of the
// input. That was quadratic, and once the step budget charged for it, it ran
// out partway through and left the rest literal. A scan of the masked copy
// stops at the group's `}`. It is one pass, charged as such.
function maskUnmatchedOpens(masked, budget) {
    budget.remaining -= masked.length;
    const open = [];
    for (let i = 0; i < masked.length; i++) {
        const c = masked.charCodeAt(i);
        if (c === 0x7b) {
            open.push(i);
        }
        else if (c === 0x7d && open.length) {
            open.pop();
        }
    }
    let out = '';
    let last = 0;
    for (let i = 0; i < open.length; i++) {
        const at = open[i];
        out += masked.slice(last, at) + '\0';
        last = at + 1;
    }
    return out + masked.slice(last);
}
// Whether `str` has a `,` not followed by another `,`, with a `}` after it on
// the same line - what `/,(?!,).*\}/.test(str)` asks, answered in one pass from
// the end. The regex tries every `,` and backtracks through the rest of its
// line from each, which is quadratic, and the `{a},b}` rewrite asks again on
// every pass. Like a scan, it is charged for the whole string and refused if
// that overdraws the budget.
function commaSetFollows(str, budget) {
    budget.remaining -= str.length;
    if (budget.remaining < 0) {
        return false;
    }
    // Whether a `}` follows the current position before the line ends
    let close = false;
    for (let i = str.length - 1; i >= 0; i--) {
        const c = str.charCodeAt(i);
        if (c === 0x7d) {
            close = true;
        }
        else if (c === 0x0a || c === 0x0d || c === 0x2028 || c === 0x2029) {
            // A line terminator, which `.` does not match
            close = false;
        }
        else if (c === 0x2c && close && str.charCodeAt(i + 1) !== 0x2c) {
            return true;
        }
    }
    return false;
}
/**
 * Basically just str.split(","), but handling cases
 * where we have nested braced sections, which should be
 * treated as individual members, like {a,{b,c},d}
 *
 * Returns `undefined` if the step budget runs out before the whole set is
 * split, since splitting what is left on every comma would tear apart the
 * nested sets it still holds.
 */
function parseCommaParts(str, budget) {
    const parts = [];
    // Walk the brace groups iteratively. Recursing on `post` once per group let a
    // chain of them exhaust the stack - the parsing-side counterpart to
    // the `expand_` overflow fixed for CVE-2026-14257, and not something `max` or
    // `maxLength` can bound, since it happens before expansion.
    //
    // The part the next chunk continues
    let carry = '';
    for (;;) {
        // A set's body holds no unmatched `{`, so there is nothing to mask.
        const m = balancedWithBudget(str, str, budget);
        if (budget.remaining < 0) {
            return undefined;
        }
        if (!m) {
            const tail = str.split(',');
            tail[0] = carry + tail[0];
            pushAll(parts, tail);
            return parts;
        }
        const { pre, body, post } = m;
        const p = pre.split(',');
        p[0] = carry + p[0];
        p[p.length - 1] += '{' + body + '}';
        if (!post.length) {
            pushAll(parts, p);
            return parts;
        }
        carry = p.pop();
        pushAll(parts, p);
        str = post;
    }
}
// An option that is left out, or that is NaN, gets its default. Every
// comparison against NaN is false, so a NaN bound would never be reached:
// `{ maxSteps: NaN }` let 15KB of input block the event loop for 16 seconds,
// and `{ maxDepth: NaN }` overflowed the stack again (CVE-2026-102278). Pass
// `Infinity` to lift a bound.
function bound(value, fallback) {
    return value === undefined || isNaN(value) ? fallback : value;
}
function expand(str, options = {}) {
    if (!str) {
        return [];
    }
    const max = bound(options.max, EXPANSION_MAX);
    const maxLength = bound(options.maxLength, EXPANSION_MAX_LENGTH);
    const maxDepth = bound(options.maxDepth, EXPANSION_MAX_DEPTH);
    const maxRewrites = bound(options.maxRewrites, EXPANSION_MAX_REWRITES);
    const maxSteps = bound(options.maxSteps, EXPANSION_MAX_STEPS);
    // I don't know why Bash 4.3 does this, but it does.
    // Anything starting with {} will have the first two bytes preserved
    // but *only* at the top level, so {},a}b will not expand to anything,
    // but a{},b}c will be expanded to [a}c,abc].
    // One could argue that this is a bug in Bash, but since the goal of
    // this module is to match Bash's rules, we escape a leading {}
    if (str.slice(0, 2) === '{}') {
        str = '\\{\\}' + str.slice(2);
    }
    return expand_(escapeBraces(str), max, maxLength, maxDepth, 0, maxRewrites, { remaining: maxSteps }, true).map(unescapeBraces);
}
function embrace(str) {
    return '{' + str + '}';
}
function isPadded(el) {
    return /^-?0\d/.test(el);
}
function lte(i, y) {
    return i <= y;
}
function gte(i, y) {
    return i >= y;
}
// Build `{ acc[a] + pre + values[v] }` for every combination, capping the
// number of results at `max` and the total number of characters at `maxLength`.
// This is the one place output grows, so bounding it here keeps the single
// accumulator - and therefore memory - flat regardless of how many brace groups
// are combined (CVE-2026-14257). Each result built is a step, since `max` and
// `maxLength` bound one combination, not how many brace groups are combined.
function combine(acc, pre, values, max, maxLength, dropEmpties, budget) {
    const out = [];
    let length = 0;
    // Bash drops empty results at the top level, and they don't count against
    // `max`, so `max` bounds the number of *kept* results. Only an empty
    // `acc[a] + pre` can make one, so for those the empty values are skipped
    // without being visited. Visiting them one at a time let a set of empties
    // cost `acc.length * values.length` while keeping nothing.
    let nonEmpty;
    outer: for (let a = 0; a < acc.length; a++) {
        const prefix = acc[a] + pre;
        let vs = values;
        if (dropEmpties && !prefix) {
            if (!nonEmpty)
                nonEmpty = values.filter(v => v);
            vs = nonEmpty;
        }
        for (let v = 0; v < vs.length; v++) {
            if (out.length >= max)
                break outer;
            const expansion = prefix + vs[v];
            if (length + expansion.length > maxLength)
                break outer;
            out.push(expansion);
            length += expansion.length;
        }
    }
    budget.remaining -= out.length;
    return out;
}
// The expansion values of a single numeric (`1..5`) or alphabetic (`a..e..2`)
// sequence body, or `undefined` if the step budget runs out generating them.
function expandSequence(body, isAlphaSequence, max, maxLength, budget) {
    const n = body.split(/\.\./);
    const N = [];
    // A sequence body always splits into two or three parts, but the compiler
    // can't know that.
    /* c8 ignore start */
    if (n[0] === undefined || n[1] === undefined) {
        return N;
    }
    /* c8 ignore stop */
    const x = numeric(n[0]);
    const y = numeric(n[1]);
    const width = Math.max(n[0].length, n[1].length);
    let incr = n.length === 3 && n[2] !== undefined ?
        Math.max(Math.abs(numeric(n[2])), 1)
        : 1;
    let test = lte;
    const reverse = y < x;
    if (reverse) {
        incr *= -1;
        test = gte;
    }
    const pad = n.some(isPadded);
    // A padded value is built a character at a time to `width`, which the input
    // sets, so it costs one step per character: 64KB of
    // `('{' + '0'.repeat(100) + '..99999}').repeat(n)` took 7 seconds charged
    // one step per value.
    const cost = pad ? width : 1;
    let length = 0;
    for (let i = x; test(i, y) && N.length < max; i += incr) {
        // Each value is a step. `max` and `maxLength` bound one sequence, but a
        // chain of them still generated up to `max` values each, however few
        // combining could keep.
        budget.remaining -= cost;
        if (budget.remaining < 0) {
            return undefined;
        }
        let c;
        if (isAlphaSequence) {
            c = String.fromCharCode(i);
            if (c === '\\') {
                c = '';
            }
        }
        else {
            c = String(i);
            if (pad) {
                const need = width - c.length;
                if (need > 0) {
                    const z = new Array(need + 1).join('0');
                    if (i < 0) {
                        c = '-' + z + c.slice(1);
                    }
                    else {
                        c = z + c;
                    }
                }
            }
        }
        if (length + c.length > maxLength)
            break;
        N.push(c);
        length += c.length;
    }
    return N;
}
function expand_(str, max, maxLength, maxDepth, depth, maxRewrites, budget, isTop) {
    // An overdraft here makes the first scan refuse, so `str` stays literal.
    budget.remaining -= CALL_STEPS;
    // Too deeply nested to keep following: treat the rest as literal, the same
    // way a group that cannot expand is already handled. Truncating rather than
    // throwing keeps `expand` total, matching `max` and `maxLength`.
    if (depth > maxDepth) {
        return [str];
    }
    // Consume the string's top-level brace groups left to right, threading a
    // running set of combined prefixes (`acc`). Expanding the tail iteratively -
    // rather than recursing on `m.post` once per group - keeps the native stack
    // depth constant, so deeply chained input (`'{a,b}'.repeat(3000)`) can no
    // longer overflow the stack, and leaves a single accumulator whose size
    // `maxLength` bounds directly (CVE-2026-14257).
    let acc = [''];
    // Bash drops empty results, but only when the *first* top-level group is a
    // comma set - a sequence like `{a..\}` may legitimately yield ''. The drop
    // is on the final strings, so it is applied to whichever `combine` produces
    // them (the one with no brace set left in the tail).
    // How many times the `{a},b}` rewrite below has restarted the scan. Each pass
    // re-reads the whole string, so leaving this unbounded is quadratic.
    let rewrites = 0;
    let dropEmpties = false;
    let firstGroup = true;
    // `str` with its unmatched `{` masked, once a scan has run into them
    let masked = str;
    for (;;) {
        const m = balancedWithBudget(str, masked, budget);
        // No brace set left, or no step budget left to look for one: the rest of
        // the string is literal.
        if (!m) {
            return combine(acc, str, [''], max, maxLength, dropEmpties, budget);
        }
        if (m.unmatched) {
            masked = maskUnmatchedOpens(masked, budget);
        }
        // no need to expand pre, since it is guaranteed to be free of brace-sets
        const pre = m.pre;
        // This set and the rest of the string, literal: for a set that cannot
        // expand, and for one the step budget runs out on. Once it is overdrawn,
        // every set still being expanded, at every level, stays literal like this -
        // otherwise each level above would go on combining, and wrapping and
        // expanding again, results the budget was too small for.
        const literal = () => combine(acc, pre + '{' + m.body + '}' + m.post, [''], max, maxLength, dropEmpties, budget);
        if (/\$$/.test(pre)) {
            acc = combine(acc, pre + '{' + m.body + '}', [''], max, maxLength, dropEmpties && !m.post.length, budget);
            firstGroup = false;
            if (!m.post.length)
                break;
            str = m.post;
            masked = masked.slice(m.end + 1);
            continue;
        }
        const isNumericSequence = /^-?\d+\.\.-?\d+(?:\.\.-?\d+)?$/.test(m.body);
        const isAlphaSequence = /^[a-zA-Z]\.\.[a-zA-Z](?:\.\.-?\d+)?$/.test(m.body);
        const isSequence = isNumericSequence || isAlphaSequence;
        const isOptions = m.body.indexOf(',') >= 0;
        if (!isSequence && !isOptions) {
            // {a},b}
            if (rewrites < maxRewrites && commaSetFollows(m.post, budget)) {
                rewrites++;
                str = m.pre + '{' + m.body + escClose + m.post;
                // Taking a `}` away never gives an unmatched `{` a partner, so what
                // is masked stays unmatched. The `{` it closed can be left without
                // one, and the next scan masks it.
                masked =
                    masked.slice(0, m.end) + escClose + masked.slice(m.end + 1);
                isTop = true;
                continue;
            }
            // Nothing here expands, so the whole remaining string is literal.
            return literal();
        }
        if (firstGroup) {
            dropEmpties = isTop && !isSequence;
            firstGroup = false;
        }
        let values;
        if (isSequence) {
            values = expandSequence(m.body, isAlphaSequence, max, maxLength, budget);
            if (!values) {
                return literal();
            }
        }
        else {
            let n = parseCommaParts(m.body, budget);
            // The step budget ran out partway through the set.
            if (!n) {
                return literal();
            }
            if (n.length === 1 && n[0] !== undefined) {
                // x{{a,b}}y ==> x{a}y x{b}y
                n = expand_(n[0], max, maxLength, maxDepth, depth + 1, maxRewrites, budget, false).map(embrace);
                // The step budget ran out expanding the set's only part.
                if (budget.remaining < 0) {
                    return literal();
                }
                //XXX is this necessary? Can't seem to hit it in tests.
                /* c8 ignore start */
                if (n.length === 1) {
                    const next = combine(acc, pre + n[0], [''], max, maxLength, dropEmpties && !m.post.length, budget);
                    if (budget.remaining < 0) {
                        return literal();
                    }
                    acc = next;
                    if (!m.post.length)
                        break;
                    str = m.post;
                    masked = masked.slice(m.end + 1);
                    continue;
                }
                /* c8 ignore stop */
            }
            // Values that `combine` is going to drop as empty produce no result, so
            // they must not count against `max` - otherwise `{a,,b}` with `max: 2`
            // would stop at `['a', '']` and yield one result instead of two. Skipping
            // them outright keeps `values` bounded while leaving `max` a bound on
            // *kept* results.
            let dropsEmpties = dropEmpties && !m.post.length && !pre;
            for (let d = 0; dropsEmpties && d < acc.length; d++) {
                if (acc[d]) {
                    dropsEmpties = false;
                }
            }
            values = [];
            let valuesLength = 0;
            outer: for (let j = 0; j < n.length; j++) {
                const expanded = expand_(n[j], max, maxLength, maxDepth, depth + 1, maxRewrites, budget, false);
                // The step budget ran out expanding a member.
                if (budget.remaining < 0) {
                    return literal();
                }
                for (let k = 0; k < expanded.length; k++) {
                    const v = expanded[k];
                    if (dropsEmpties && !v)
                        continue;
                    if (values.length >= max ||
                        valuesLength + v.length > maxLength) {
                        break outer;
                    }
                    values.push(v);
                    valuesLength += v.length;
                }
            }
        }
        const next = combine(acc, pre, values, max, maxLength, dropEmpties && !m.post.length, budget);
        // The step budget ran out combining the set's values in.
        if (budget.remaining < 0) {
            return literal();
        }
        acc = next;
        if (!m.post.length)
            break;
        str = m.post;
        masked = masked.slice(m.end + 1);
    }
    return acc;
}
//# sourceMappingURL=index.js.map
;// CONCATENATED MODULE: ./node_modules/minimatch/dist/esm/assert-valid-pattern.js
const MAX_PATTERN_LENGTH = 1024 * 64;
const assertValidPattern = (pattern) => {
    if (typeof pattern !== 'string') {
        throw new TypeError('invalid pattern');
    }
    if (pattern.length > MAX_PATTERN_LENGTH) {
        throw new TypeError('pattern is too long');
    }
};
//# sourceMappingURL=assert-valid-pattern.js.map
;// CONCATENATED MODULE: ./node_modules/minimatch/dist/esm/brace-expressions.js
// translate the various posix character classes into unicode properties
// this works across all unicode locales
// { <posix class>: [<translation>, /u flag required, negated]
const posixClasses = {
    '[:alnum:]': ['\\p{L}\\p{Nl}\\p{Nd}', true],
    '[:alpha:]': ['\\p{L}\\p{Nl}', true],
    '[:ascii:]': ['\\x' + '00-\\x' + '7f', false],
    '[:blank:]': ['\\p{Zs}\\t', true],
    '[:cntrl:]': ['\\p{Cc}', true],
    '[:digit:]': ['\\p{Nd}', true],
    '[:graph:]': ['\\p{Z}\\p{C}', true, true],
    '[:lower:]': ['\\p{Ll}', true],
    '[:print:]': ['\\p{C}', true],
    '[:punct:]': ['\\p{P}', true],
    '[:space:]': ['\\p{Z}\\t\\r\\n\\v\\f', true],
    '[:upper:]': ['\\p{Lu}', true],
    '[:word:]': ['\\p{L}\\p{Nl}\\p{Nd}\\p{Pc}', true],
    '[:xdigit:]': ['A-Fa-f0-9', false],
};
// only need to escape a few things inside of brace expressions
// escapes: [ \ ] -
const braceEscape = (s) => s.replace(/[[\]\\-]/g, '\\$&');
// escape all regexp magic characters
const regexpEscape = (s) => s.replace(/[-[\]{}()*+?.,\\^$|#\s]/g, '\\$&');
// everything has already been escaped, we just have to join
const rangesToString = (ranges) => ranges.join('');
// takes a glob string at a posix brace expression, and returns
// an equivalent regular expression source, and boolean indicating
// whether the /u flag needs to be applied, and the number of chars
// consumed to parse the character class.
// This also removes out of order ranges, and returns ($.) if the
// entire class just no good.
const parseClass = (glob, position) => {
    const pos = position;
    /* c8 ignore start */
    if (glob.charAt(pos) !== '[') {
        throw new Error('not in a brace expression');
    }
    /* c8 ignore stop */
    const ranges = [];
    const negs = [];
    let i = pos + 1;
    let sawStart = false;
    let uflag = false;
    let escaping = false;
    let negate = false;
    let endPos = pos;
    let rangeStart = '';
    WHILE: while (i < glob.length) {
        const c = glob.charAt(i);
        if ((c === '!' || c === '^') && i === pos + 1) {
            negate = true;
            i++;
            continue;
        }
        if (c === ']' && sawStart && !escaping) {
            endPos = i + 1;
            break;
        }
        sawStart = true;
        if (c === '\\') {
            if (!escaping) {
                escaping = true;
                i++;
                continue;
            }
            // escaped \ char, fall through and treat like normal char
        }
        if (c === '[' && !escaping) {
            // either a posix class, a collation equivalent, or just a [
            for (const [cls, [unip, u, neg]] of Object.entries(posixClasses)) {
                if (glob.startsWith(cls, i)) {
                    // invalid, [a-[] is fine, but not [a-[:alpha]]
                    if (rangeStart) {
                        return ['$.', false, glob.length - pos, true];
                    }
                    i += cls.length;
                    if (neg)
                        negs.push(unip);
                    else
                        ranges.push(unip);
                    uflag = uflag || u;
                    continue WHILE;
                }
            }
        }
        // now it's just a normal character, effectively
        escaping = false;
        if (rangeStart) {
            // throw this range away if it's not valid, but others
            // can still match.
            if (c > rangeStart) {
                ranges.push(braceEscape(rangeStart) + '-' + braceEscape(c));
            }
            else if (c === rangeStart) {
                ranges.push(braceEscape(c));
            }
            rangeStart = '';
            i++;
            continue;
        }
        // now might be the start of a range.
        // can be either c-d or c-] or c<more...>] or c] at this point
        if (glob.startsWith('-]', i + 1)) {
            ranges.push(braceEscape(c + '-'));
            i += 2;
            continue;
        }
        if (glob.startsWith('-', i + 1)) {
            rangeStart = c;
            i += 2;
            continue;
        }
        // not the start of a range, just a single character
        ranges.push(braceEscape(c));
        i++;
    }
    if (endPos < i) {
        // didn't see the end of the class, not a valid class,
        // but might still be valid as a literal match.
        return ['', false, 0, false];
    }
    // if we got no ranges and no negates, then we have a range that
    // cannot possibly match anything, and that poisons the whole glob
    if (!ranges.length && !negs.length) {
        return ['$.', false, glob.length - pos, true];
    }
    // if we got one positive range, and it's a single character, then that's
    // not actually a magic pattern, it's just that one literal character.
    // we should not treat that as "magic", we should just return the literal
    // character. [_] is a perfectly valid way to escape glob magic chars.
    if (negs.length === 0 &&
        ranges.length === 1 &&
        /^\\?.$/.test(ranges[0]) &&
        !negate) {
        const r = ranges[0].length === 2 ? ranges[0].slice(-1) : ranges[0];
        return [regexpEscape(r), false, endPos - pos, false];
    }
    const sranges = '[' + (negate ? '^' : '') + rangesToString(ranges) + ']';
    const snegs = '[' + (negate ? '' : '^') + rangesToString(negs) + ']';
    const comb = ranges.length && negs.length ? '(' + sranges + '|' + snegs + ')'
        : ranges.length ? sranges
            : snegs;
    return [comb, uflag, endPos - pos, true];
};
//# sourceMappingURL=brace-expressions.js.map
;// CONCATENATED MODULE: ./node_modules/minimatch/dist/esm/unescape.js
/**
 * Un-escape a string that has been escaped with {@link escape}.
 *
 * If the {@link MinimatchOptions.windowsPathsNoEscape} option is used, then
 * square-bracket escapes are removed, but not backslash escapes.
 *
 * For example, it will turn the string `'[*]'` into `*`, but it will not
 * turn `'\\*'` into `'*'`, because `\` is a path separator in
 * `windowsPathsNoEscape` mode.
 *
 * When `windowsPathsNoEscape` is not set, then both square-bracket escapes and
 * backslash escapes are removed.
 *
 * Slashes (and backslashes in `windowsPathsNoEscape` mode) cannot be escaped
 * or unescaped.
 *
 * When `magicalBraces` is not set, escapes of braces (`{` and `}`) will not be
 * unescaped.
 */
const unescape_unescape = (s, { windowsPathsNoEscape = false, magicalBraces = true, } = {}) => {
    if (magicalBraces) {
        return windowsPathsNoEscape ?
            s.replace(/\[([^/\\])\]/g, '$1')
            : s
                .replace(/((?!\\).|^)\[([^/\\])\]/g, '$1$2')
                .replace(/\\([^/])/g, '$1');
    }
    return windowsPathsNoEscape ?
        s.replace(/\[([^/\\{}])\]/g, '$1')
        : s
            .replace(/((?!\\).|^)\[([^/\\{}])\]/g, '$1$2')
            .replace(/\\([^/{}])/g, '$1');
};
//# sourceMappingURL=unescape.js.map
;// CONCATENATED MODULE: ./node_modules/minimatch/dist/esm/ast.js
// parse a single path portion
var _a;


const types = new Set(['!', '?', '+', '*', '@']);
const isExtglobType = (c) => types.has(c);
const isExtglobAST = (c) => isExtglobType(c.type);
// Map of which extglob types can adopt the children of a nested extglob
//
// anything but ! can adopt a matching type:
// +(a|+(b|c)|d) => +(a|b|c|d)
// *(a|*(b|c)|d) => *(a|b|c|d)
// @(a|@(b|c)|d) => @(a|b|c|d)
// ?(a|?(b|c)|d) => ?(a|b|c|d)
//
// * can adopt anything, because 0 or repetition is allowed
// *(a|?(b|c)|d) => *(a|b|c|d)
// *(a|+(b|c)|d) => *(a|b|c|d)
// *(a|@(b|c)|d) => *(a|b|c|d)
//
// + can adopt @, because 1 or repetition is allowed
// +(a|@(b|c)|d) => +(a|b|c|d)
//
// + and @ CANNOT adopt *, because 0 would be allowed
// +(a|*(b|c)|d) => would match "", on *(b|c)
// @(a|*(b|c)|d) => would match "", on *(b|c)
//
// + and @ CANNOT adopt ?, because 0 would be allowed
// +(a|?(b|c)|d) => would match "", on ?(b|c)
// @(a|?(b|c)|d) => would match "", on ?(b|c)
//
// ? can adopt @, because 0 or 1 is allowed
// ?(a|@(b|c)|d) => ?(a|b|c|d)
//
// ? and @ CANNOT adopt * or +, because >1 would be allowed
// ?(a|*(b|c)|d) => would match bbb on *(b|c)
// @(a|*(b|c)|d) => would match bbb on *(b|c)
// ?(a|+(b|c)|d) => would match bbb on +(b|c)
// @(a|+(b|c)|d) => would match bbb on +(b|c)
//
// ! CANNOT adopt ! (nothing else can either)
// !(a|!(b|c)|d) => !(a|b|c|d) would fail to match on b (not not b|c)
//
// ! can adopt @
// !(a|@(b|c)|d) => !(a|b|c|d)
//
// ! CANNOT adopt *
// !(a|*(b|c)|d) => !(a|b|c|d) would match on bbb, not allowed
//
// ! CANNOT adopt +
// !(a|+(b|c)|d) => !(a|b|c|d) would match on bbb, not allowed
//
// ! CANNOT adopt ?
// x!(a|?(b|c)|d) => x!(a|b|c|d) would fail to match "x"
const adoptionMap = new Map([
    ['!', ['@']],
    ['?', ['?', '@']],
    ['@', ['@']],
    ['*', ['*', '+', '?', '@']],
    ['+', ['+', '@']],
]);
// nested extglobs that can be adopted in, but with the addition of
// a blank '' element.
const adoptionWithSpaceMap = new Map([
    ['!', ['?']],
    ['@', ['?']],
    ['+', ['?', '*']],
]);
// union of the previous two maps
const adoptionAnyMap = new Map([
    ['!', ['?', '@']],
    ['?', ['?', '@']],
    ['@', ['?', '@']],
    ['*', ['*', '+', '?', '@']],
    ['+', ['+', '@', '?', '*']],
]);
// Extglobs that can take over their parent if they are the only child
// the key is parent, value maps child to resulting extglob parent type
// '@' is omitted because it's a special case. An `@` extglob with a single
// member can always be usurped by that subpattern.
const usurpMap = new Map([
    ['!', new Map([['!', '@']])],
    [
        '?',
        new Map([
            ['*', '*'],
            ['+', '*'],
        ]),
    ],
    [
        '@',
        new Map([
            ['!', '!'],
            ['?', '?'],
            ['@', '@'],
            ['*', '*'],
            ['+', '+'],
        ]),
    ],
    [
        '+',
        new Map([
            ['?', '*'],
            ['*', '*'],
        ]),
    ],
]);
// Patterns that get prepended to bind to the start of either the
// entire string, or just a single path portion, to prevent dots
// and/or traversal patterns, when needed.
// Exts don't need the ^ or / bit, because the root binds that already.
const startNoTraversal = '(?!(?:^|/)\\.\\.?(?:$|/))';
const startNoDot = '(?!\\.)';
// characters that indicate a start of pattern needs the "no dots" bit,
// because a dot *might* be matched. ( is not in the list, because in
// the case of a child extglob, it will handle the prevention itself.
const addPatternStart = new Set(['[', '.']);
// cases where traversal is A-OK, no dot prevention needed
const justDots = new Set(['..', '.']);
const reSpecials = new Set('().*{}+?[]^$\\!');
const regExpEscape = (s) => s.replace(/[-[\]{}()*+?.,\\^$|#\s]/g, '\\$&');
// any single thing other than /
const qmark = '[^/]';
// * => any number of characters
const star = qmark + '*?';
// use + when we need to ensure that *something* matches, because the * is
// the only thing in the path portion.
const starNoEmpty = qmark + '+?';
// remove the \ chars that we added if we end up doing a nonmagic compare
// const deslash = (s: string) => s.replace(/\\(.)/g, '$1')
let ID = 0;
class AST {
    type;
    #root;
    #hasMagic;
    #uflag = false;
    #parts = [];
    #parent;
    #parentIndex;
    #negs;
    #filledNegs = false;
    #options;
    #toString;
    // set to true if it's an extglob with no children
    // (which really means one child of '')
    #emptyExt = false;
    id = ++ID;
    get depth() {
        return (this.#parent?.depth ?? -1) + 1;
    }
    [Symbol.for('nodejs.util.inspect.custom')]() {
        return {
            '@@type': 'AST',
            id: this.id,
            type: this.type,
            root: this.#root.id,
            parent: this.#parent?.id,
            depth: this.depth,
            partsLength: this.#parts.length,
            parts: this.#parts,
        };
    }
    constructor(type, parent, options = {}) {
        this.type = type;
        // extglobs are inherently magical
        if (type)
            this.#hasMagic = true;
        this.#parent = parent;
        this.#root = this.#parent ? this.#parent.#root : this;
        this.#options = this.#root === this ? options : this.#root.#options;
        this.#negs = this.#root === this ? [] : this.#root.#negs;
        if (type === '!' && !this.#root.#filledNegs)
            this.#negs.push(this);
        this.#parentIndex = this.#parent ? this.#parent.#parts.length : 0;
    }
    get hasMagic() {
        /* c8 ignore start */
        if (this.#hasMagic !== undefined)
            return this.#hasMagic;
        /* c8 ignore stop */
        for (const p of this.#parts) {
            if (typeof p === 'string')
                continue;
            if (p.type || p.hasMagic)
                return (this.#hasMagic = true);
        }
        // note: will be undefined until we generate the regexp src and find out
        return this.#hasMagic;
    }
    // reconstructs the pattern
    toString() {
        return (this.#toString !== undefined ? this.#toString
            : !this.type ?
                (this.#toString = this.#parts.map(p => String(p)).join(''))
                : (this.#toString =
                    this.type +
                        '(' +
                        this.#parts.map(p => String(p)).join('|') +
                        ')'));
    }
    #fillNegs() {
        /* c8 ignore start */
        if (this !== this.#root)
            throw new Error('should only call on root');
        if (this.#filledNegs)
            return this;
        /* c8 ignore stop */
        // call toString() once to fill this out
        this.toString();
        this.#filledNegs = true;
        let n;
        while ((n = this.#negs.pop())) {
            if (n.type !== '!')
                continue;
            // walk up the tree, appending everthing that comes AFTER parentIndex
            let p = n;
            let pp = p.#parent;
            while (pp) {
                for (let i = p.#parentIndex + 1; !pp.type && i < pp.#parts.length; i++) {
                    for (const part of n.#parts) {
                        /* c8 ignore start */
                        if (typeof part === 'string') {
                            throw new Error('string part in extglob AST??');
                        }
                        /* c8 ignore stop */
                        part.copyIn(pp.#parts[i]);
                    }
                }
                p = pp;
                pp = p.#parent;
            }
        }
        return this;
    }
    push(...parts) {
        for (const p of parts) {
            if (p === '')
                continue;
            /* c8 ignore start */
            if (typeof p !== 'string' &&
                !(p instanceof _a && p.#parent === this)) {
                throw new Error('invalid part: ' + p);
            }
            /* c8 ignore stop */
            this.#parts.push(p);
        }
    }
    toJSON() {
        const ret = this.type === null ?
            this.#parts
                .slice()
                .map(p => (typeof p === 'string' ? p : p.toJSON()))
            : [this.type, ...this.#parts.map(p => p.toJSON())];
        if (this.isStart() && !this.type)
            ret.unshift([]);
        if (this.isEnd() &&
            (this === this.#root ||
                (this.#root.#filledNegs && this.#parent?.type === '!'))) {
            ret.push({});
        }
        return ret;
    }
    isStart() {
        if (this.#root === this)
            return true;
        // if (this.type) return !!this.#parent?.isStart()
        if (!this.#parent?.isStart())
            return false;
        if (this.#parentIndex === 0)
            return true;
        // if everything AHEAD of this is a negation, then it's still the "start"
        const p = this.#parent;
        for (let i = 0; i < this.#parentIndex; i++) {
            const pp = p.#parts[i];
            if (!(pp instanceof _a && pp.type === '!')) {
                return false;
            }
        }
        return true;
    }
    isEnd() {
        if (this.#root === this)
            return true;
        if (this.#parent?.type === '!')
            return true;
        if (!this.#parent?.isEnd())
            return false;
        if (!this.type)
            return this.#parent?.isEnd();
        // if not root, it'll always have a parent
        /* c8 ignore start */
        const pl = this.#parent ? this.#parent.#parts.length : 0;
        /* c8 ignore stop */
        return this.#parentIndex === pl - 1;
    }
    copyIn(part) {
        if (typeof part === 'string')
            this.push(part);
        else
            this.push(part.clone(this));
    }
    clone(parent) {
        const c = new _a(this.type, parent);
        for (const p of this.#parts) {
            c.copyIn(p);
        }
        return c;
    }
    static #parseAST(str, ast, pos, opt, extDepth) {
        const maxDepth = opt.maxExtglobRecursion ?? 2;
        let escaping = false;
        let inBrace = false;
        let braceStart = -1;
        let braceNeg = false;
        if (ast.type === null) {
            // outside of a extglob, append until we find a start
            let i = pos;
            let acc = '';
            while (i < str.length) {
                const c = str.charAt(i++);
                // still accumulate escapes at this point, but we do ignore
                // starts that are escaped
                if (escaping || c === '\\') {
                    escaping = !escaping;
                    acc += c;
                    continue;
                }
                if (inBrace) {
                    if (i === braceStart + 1) {
                        if (c === '^' || c === '!') {
                            braceNeg = true;
                        }
                    }
                    else if (c === ']' && !(i === braceStart + 2 && braceNeg)) {
                        inBrace = false;
                    }
                    acc += c;
                    continue;
                }
                else if (c === '[') {
                    inBrace = true;
                    braceStart = i;
                    braceNeg = false;
                    acc += c;
                    continue;
                }
                // we don't have to check for adoption here, because that's
                // done at the other recursion point.
                const doRecurse = !opt.noext &&
                    isExtglobType(c) &&
                    str.charAt(i) === '(' &&
                    extDepth <= maxDepth;
                if (doRecurse) {
                    ast.push(acc);
                    acc = '';
                    const ext = new _a(c, ast);
                    i = _a.#parseAST(str, ext, i, opt, extDepth + 1);
                    ast.push(ext);
                    continue;
                }
                acc += c;
            }
            ast.push(acc);
            return i;
        }
        // some kind of extglob, pos is at the (
        // find the next | or )
        let i = pos + 1;
        let part = new _a(null, ast);
        const parts = [];
        let acc = '';
        while (i < str.length) {
            const c = str.charAt(i++);
            // still accumulate escapes at this point, but we do ignore
            // starts that are escaped
            if (escaping || c === '\\') {
                escaping = !escaping;
                acc += c;
                continue;
            }
            if (inBrace) {
                if (i === braceStart + 1) {
                    if (c === '^' || c === '!') {
                        braceNeg = true;
                    }
                }
                else if (c === ']' && !(i === braceStart + 2 && braceNeg)) {
                    inBrace = false;
                }
                acc += c;
                continue;
            }
            else if (c === '[') {
                inBrace = true;
                braceStart = i;
                braceNeg = false;
                acc += c;
                continue;
            }
            const doRecurse = !opt.noext &&
                isExtglobType(c) &&
                str.charAt(i) === '(' &&
                /* c8 ignore start - the maxDepth is sufficient here */
                (extDepth <= maxDepth || (ast && ast.#canAdoptType(c)));
            /* c8 ignore stop */
            if (doRecurse) {
                const depthAdd = ast && ast.#canAdoptType(c) ? 0 : 1;
                part.push(acc);
                acc = '';
                const ext = new _a(c, part);
                part.push(ext);
                i = _a.#parseAST(str, ext, i, opt, extDepth + depthAdd);
                continue;
            }
            if (c === '|') {
                part.push(acc);
                acc = '';
                parts.push(part);
                part = new _a(null, ast);
                continue;
            }
            if (c === ')') {
                if (acc === '' && ast.#parts.length === 0) {
                    ast.#emptyExt = true;
                }
                part.push(acc);
                acc = '';
                ast.push(...parts, part);
                return i;
            }
            acc += c;
        }
        // unfinished extglob
        // if we got here, it was a malformed extglob! not an extglob, but
        // maybe something else in there.
        ast.type = null;
        ast.#hasMagic = undefined;
        ast.#parts = [str.substring(pos - 1)];
        return i;
    }
    #canAdoptWithSpace(child) {
        return this.#canAdopt(child, adoptionWithSpaceMap);
    }
    #canAdopt(child, map = adoptionMap) {
        if (!child ||
            typeof child !== 'object' ||
            child.type !== null ||
            child.#parts.length !== 1 ||
            this.type === null) {
            return false;
        }
        const gc = child.#parts[0];
        if (!gc || typeof gc !== 'object' || gc.type === null) {
            return false;
        }
        return this.#canAdoptType(gc.type, map);
    }
    #canAdoptType(c, map = adoptionAnyMap) {
        return !!map.get(this.type)?.includes(c);
    }
    #adoptWithSpace(child, index) {
        const gc = child.#parts[0];
        const blank = new _a(null, gc, this.options);
        blank.#parts.push('');
        gc.push(blank);
        this.#adopt(child, index);
    }
    #adopt(child, index) {
        const gc = child.#parts[0];
        this.#parts.splice(index, 1, ...gc.#parts);
        for (const p of gc.#parts) {
            if (typeof p === 'object')
                p.#parent = this;
        }
        this.#toString = undefined;
    }
    #canUsurpType(c) {
        const m = usurpMap.get(this.type);
        return !!m?.has(c);
    }
    #canUsurp(child) {
        if (!child ||
            typeof child !== 'object' ||
            child.type !== null ||
            child.#parts.length !== 1 ||
            this.type === null ||
            this.#parts.length !== 1) {
            return false;
        }
        const gc = child.#parts[0];
        if (!gc || typeof gc !== 'object' || gc.type === null) {
            return false;
        }
        return this.#canUsurpType(gc.type);
    }
    #usurp(child) {
        const m = usurpMap.get(this.type);
        const gc = child.#parts[0];
        const nt = m?.get(gc.type);
        /* c8 ignore start - impossible */
        if (!nt)
            return false;
        /* c8 ignore stop */
        this.#parts = gc.#parts;
        for (const p of this.#parts) {
            if (typeof p === 'object') {
                p.#parent = this;
            }
        }
        this.type = nt;
        this.#toString = undefined;
        this.#emptyExt = false;
    }
    static fromGlob(pattern, options = {}) {
        const ast = new _a(null, undefined, options);
        _a.#parseAST(pattern, ast, 0, options, 0);
        return ast;
    }
    // returns the regular expression if there's magic, or the unescaped
    // string if not.
    toMMPattern() {
        // should only be called on root
        /* c8 ignore start */
        if (this !== this.#root)
            return this.#root.toMMPattern();
        /* c8 ignore stop */
        const glob = this.toString();
        const [re, body, hasMagic, uflag] = this.toRegExpSource();
        // if we're in nocase mode, and not nocaseMagicOnly, then we do
        // still need a regular expression if we have to case-insensitively
        // match capital/lowercase characters.
        const anyMagic = hasMagic ||
            this.#hasMagic ||
            (this.#options.nocase &&
                !this.#options.nocaseMagicOnly &&
                glob.toUpperCase() !== glob.toLowerCase());
        if (!anyMagic) {
            return body;
        }
        const flags = (this.#options.nocase ? 'i' : '') + (uflag ? 'u' : '');
        return Object.assign(new RegExp(`^${re}$`, flags), {
            _src: re,
            _glob: glob,
        });
    }
    get options() {
        return this.#options;
    }
    // returns the string match, the regexp source, whether there's magic
    // in the regexp (so a regular expression is required) and whether or
    // not the uflag is needed for the regular expression (for posix classes)
    // TODO: instead of injecting the start/end at this point, just return
    // the BODY of the regexp, along with the start/end portions suitable
    // for binding the start/end in either a joined full-path makeRe context
    // (where we bind to (^|/), or a standalone matchPart context (where
    // we bind to ^, and not /).  Otherwise slashes get duped!
    //
    // In part-matching mode, the start is:
    // - if not isStart: nothing
    // - if traversal possible, but not allowed: ^(?!\.\.?$)
    // - if dots allowed or not possible: ^
    // - if dots possible and not allowed: ^(?!\.)
    // end is:
    // - if not isEnd(): nothing
    // - else: $
    //
    // In full-path matching mode, we put the slash at the START of the
    // pattern, so start is:
    // - if first pattern: same as part-matching mode
    // - if not isStart(): nothing
    // - if traversal possible, but not allowed: /(?!\.\.?(?:$|/))
    // - if dots allowed or not possible: /
    // - if dots possible and not allowed: /(?!\.)
    // end is:
    // - if last pattern, same as part-matching mode
    // - else nothing
    //
    // Always put the (?:$|/) on negated tails, though, because that has to be
    // there to bind the end of the negated pattern portion, and it's easier to
    // just stick it in now rather than try to inject it later in the middle of
    // the pattern.
    //
    // We can just always return the same end, and leave it up to the caller
    // to know whether it's going to be used joined or in parts.
    // And, if the start is adjusted slightly, can do the same there:
    // - if not isStart: nothing
    // - if traversal possible, but not allowed: (?:/|^)(?!\.\.?$)
    // - if dots allowed or not possible: (?:/|^)
    // - if dots possible and not allowed: (?:/|^)(?!\.)
    //
    // But it's better to have a simpler binding without a conditional, for
    // performance, so probably better to return both start options.
    //
    // Then the caller just ignores the end if it's not the first pattern,
    // and the start always gets applied.
    //
    // But that's always going to be $ if it's the ending pattern, or nothing,
    // so the caller can just attach $ at the end of the pattern when building.
    //
    // So the todo is:
    // - better detect what kind of start is needed
    // - return both flavors of starting pattern
    // - attach $ at the end of the pattern when creating the actual RegExp
    //
    // Ah, but wait, no, that all only applies to the root when the first pattern
    // is not an extglob. If the first pattern IS an extglob, then we need all
    // that dot prevention biz to live in the extglob portions, because eg
    // +(*|.x*) can match .xy but not .yx.
    //
    // So, return the two flavors if it's #root and the first child is not an
    // AST, otherwise leave it to the child AST to handle it, and there,
    // use the (?:^|/) style of start binding.
    //
    // Even simplified further:
    // - Since the start for a join is eg /(?!\.) and the start for a part
    // is ^(?!\.), we can just prepend (?!\.) to the pattern (either root
    // or start or whatever) and prepend ^ or / at the Regexp construction.
    toRegExpSource(allowDot) {
        const dot = allowDot ?? !!this.#options.dot;
        if (this.#root === this) {
            this.#flatten();
            this.#fillNegs();
        }
        if (!isExtglobAST(this)) {
            const noEmpty = this.isStart() &&
                this.isEnd() &&
                !this.#parts.some(s => typeof s !== 'string');
            const src = this.#parts
                .map(p => {
                const [re, _, hasMagic, uflag] = typeof p === 'string' ?
                    _a.#parseGlob(p, this.#hasMagic, noEmpty)
                    : p.toRegExpSource(allowDot);
                this.#hasMagic = this.#hasMagic || hasMagic;
                this.#uflag = this.#uflag || uflag;
                return re;
            })
                .join('');
            let start = '';
            if (this.isStart()) {
                if (typeof this.#parts[0] === 'string') {
                    // this is the string that will match the start of the pattern,
                    // so we need to protect against dots and such.
                    // '.' and '..' cannot match unless the pattern is that exactly,
                    // even if it starts with . or dot:true is set.
                    const dotTravAllowed = this.#parts.length === 1 && justDots.has(this.#parts[0]);
                    if (!dotTravAllowed) {
                        const aps = addPatternStart;
                        // check if we have a possibility of matching . or ..,
                        // and prevent that.
                        const needNoTrav = 
                        // dots are allowed, and the pattern starts with [ or .
                        (dot && aps.has(src.charAt(0))) ||
                            // the pattern starts with \., and then [ or .
                            (src.startsWith('\\.') && aps.has(src.charAt(2))) ||
                            // the pattern starts with \.\., and then [ or .
                            (src.startsWith('\\.\\.') && aps.has(src.charAt(4)));
                        // no need to prevent dots if it can't match a dot, or if a
                        // sub-pattern will be preventing it anyway.
                        const needNoDot = !dot && !allowDot && aps.has(src.charAt(0));
                        start =
                            needNoTrav ? startNoTraversal
                                : needNoDot ? startNoDot
                                    : '';
                    }
                }
            }
            // append the "end of path portion" pattern to negation tails
            let end = '';
            if (this.isEnd() &&
                this.#root.#filledNegs &&
                this.#parent?.type === '!') {
                end = '(?:$|\\/)';
            }
            const final = start + src + end;
            return [
                final,
                unescape_unescape(src),
                (this.#hasMagic = !!this.#hasMagic),
                this.#uflag,
            ];
        }
        // We need to calculate the body *twice* if it's a repeat pattern
        // at the start, once in nodot mode, then again in dot mode, so a
        // pattern like *(?) can match 'x.y'
        const repeated = this.type === '*' || this.type === '+';
        // some kind of extglob
        const start = this.type === '!' ? '(?:(?!(?:' : '(?:';
        let body = this.#partsToRegExp(dot);
        if (this.isStart() && this.isEnd() && !body && this.type !== '!') {
            // invalid extglob, has to at least be *something* present, if it's
            // the entire path portion.
            const s = this.toString();
            const me = this;
            me.#parts = [s];
            me.type = null;
            me.#hasMagic = undefined;
            return [s, unescape_unescape(this.toString()), false, false];
        }
        let bodyDotAllowed = !repeated || allowDot || dot || !startNoDot ?
            ''
            : this.#partsToRegExp(true);
        if (bodyDotAllowed === body) {
            bodyDotAllowed = '';
        }
        if (bodyDotAllowed) {
            body = `(?:${body})(?:${bodyDotAllowed})*?`;
        }
        // an empty !() is exactly equivalent to a starNoEmpty
        let final = '';
        if (this.type === '!' && this.#emptyExt) {
            final = (this.isStart() && !dot ? startNoDot : '') + starNoEmpty;
        }
        else {
            const close = this.type === '!' ?
                // !() must match something,but !(x) can match ''
                '))' +
                    (this.isStart() && !dot && !allowDot ? startNoDot : '') +
                    star +
                    ')'
                : this.type === '@' ? ')'
                    : this.type === '?' ? ')?'
                        : this.type === '+' && bodyDotAllowed ? ')'
                            : this.type === '*' && bodyDotAllowed ? `)?`
                                : `)${this.type}`;
            final = start + body + close;
        }
        return [
            final,
            unescape_unescape(body),
            (this.#hasMagic = !!this.#hasMagic),
            this.#uflag,
        ];
    }
    #flatten() {
        if (!isExtglobAST(this)) {
            for (const p of this.#parts) {
                if (typeof p === 'object') {
                    p.#flatten();
                }
            }
        }
        else {
            // do up to 10 passes to flatten as much as possible
            let iterations = 0;
            let done = false;
            do {
                done = true;
                for (let i = 0; i < this.#parts.length; i++) {
                    const c = this.#parts[i];
                    if (typeof c === 'object') {
                        c.#flatten();
                        if (this.#canAdopt(c)) {
                            done = false;
                            this.#adopt(c, i);
                        }
                        else if (this.#canAdoptWithSpace(c)) {
                            done = false;
                            this.#adoptWithSpace(c, i);
                        }
                        else if (this.#canUsurp(c)) {
                            done = false;
                            this.#usurp(c);
                        }
                    }
                }
            } while (!done && ++iterations < 10);
        }
        this.#toString = undefined;
    }
    #partsToRegExp(dot) {
        return this.#parts
            .map(p => {
            // extglob ASTs should only contain parent ASTs
            /* c8 ignore start */
            if (typeof p === 'string') {
                throw new Error('string type in extglob ast??');
            }
            /* c8 ignore stop */
            // can ignore hasMagic, because extglobs are already always magic
            const [re, _, _hasMagic, uflag] = p.toRegExpSource(dot);
            this.#uflag = this.#uflag || uflag;
            return re;
        })
            .filter(p => !(this.isStart() && this.isEnd()) || !!p)
            .join('|');
    }
    static #parseGlob(glob, hasMagic, noEmpty = false) {
        let escaping = false;
        let re = '';
        let uflag = false;
        // multiple stars that aren't globstars coalesce into one *
        let inStar = false;
        for (let i = 0; i < glob.length; i++) {
            const c = glob.charAt(i);
            if (escaping) {
                escaping = false;
                re += (reSpecials.has(c) ? '\\' : '') + c;
                continue;
            }
            if (c === '*') {
                if (inStar)
                    continue;
                inStar = true;
                re += noEmpty && /^[*]+$/.test(glob) ? starNoEmpty : star;
                hasMagic = true;
                continue;
            }
            else {
                inStar = false;
            }
            if (c === '\\') {
                if (i === glob.length - 1) {
                    re += '\\\\';
                }
                else {
                    escaping = true;
                }
                continue;
            }
            if (c === '[') {
                const [src, needUflag, consumed, magic] = parseClass(glob, i);
                if (consumed) {
                    re += src;
                    uflag = uflag || needUflag;
                    i += consumed - 1;
                    hasMagic = hasMagic || magic;
                    continue;
                }
            }
            if (c === '?') {
                re += qmark;
                hasMagic = true;
                continue;
            }
            re += regExpEscape(c);
        }
        return [re, unescape_unescape(glob), !!hasMagic, uflag];
    }
}
_a = AST;
//# sourceMappingURL=ast.js.map
;// CONCATENATED MODULE: ./node_modules/minimatch/dist/esm/escape.js
/**
 * Escape all magic characters in a glob pattern.
 *
 * If the {@link MinimatchOptions.windowsPathsNoEscape}
 * option is used, then characters are escaped by wrapping in `[]`, because
 * a magic character wrapped in a character class can only be satisfied by
 * that exact character.  In this mode, `\` is _not_ escaped, because it is
 * not interpreted as a magic character, but instead as a path separator.
 *
 * If the {@link MinimatchOptions.magicalBraces} option is used,
 * then braces (`{` and `}`) will be escaped.
 */
const escape_escape = (s, { windowsPathsNoEscape = false, magicalBraces = false, } = {}) => {
    // don't need to escape +@! because we escape the parens
    // that make those magic, and escaping ! as [!] isn't valid,
    // because [!]] is a valid glob class meaning not ']'.
    if (magicalBraces) {
        return windowsPathsNoEscape ?
            s.replace(/[?*()[\]{}]/g, '[$&]')
            : s.replace(/[?*()[\]\\{}]/g, '\\$&');
    }
    return windowsPathsNoEscape ?
        s.replace(/[?*()[\]]/g, '[$&]')
        : s.replace(/[?*()[\]\\]/g, '\\$&');
};
//# sourceMappingURL=escape.js.map
;// CONCATENATED MODULE: ./node_modules/minimatch/dist/esm/index.js





const minimatch = (p, pattern, options = {}) => {
    assertValidPattern(pattern);
    // shortcut: comments match nothing.
    if (!options.nocomment && pattern.charAt(0) === '#') {
        return false;
    }
    return new esm_Minimatch(pattern, options).match(p);
};
// Optimized checking for the most common glob patterns.
const starDotExtRE = /^\*+([^+@!?*[(]*)$/;
const starDotExtTest = (ext) => (f) => !f.startsWith('.') && f.endsWith(ext);
const starDotExtTestDot = (ext) => (f) => f.endsWith(ext);
const starDotExtTestNocase = (ext) => {
    ext = ext.toLowerCase();
    return (f) => !f.startsWith('.') && f.toLowerCase().endsWith(ext);
};
const starDotExtTestNocaseDot = (ext) => {
    ext = ext.toLowerCase();
    return (f) => f.toLowerCase().endsWith(ext);
};
const starDotStarRE = /^\*+\.\*+$/;
const starDotStarTest = (f) => !f.startsWith('.') && f.includes('.');
const starDotStarTestDot = (f) => f !== '.' && f !== '..' && f.includes('.');
const dotStarRE = /^\.\*+$/;
const dotStarTest = (f) => f !== '.' && f !== '..' && f.startsWith('.');
const starRE = /^\*+$/;
const starTest = (f) => f.length !== 0 && !f.startsWith('.');
const starTestDot = (f) => f.length !== 0 && f !== '.' && f !== '..';
const qmarksRE = /^\?+([^+@!?*[(]*)?$/;
const qmarksTestNocase = ([$0, ext = '']) => {
    const noext = qmarksTestNoExt([$0]);
    if (!ext)
        return noext;
    ext = ext.toLowerCase();
    return (f) => noext(f) && f.toLowerCase().endsWith(ext);
};
const qmarksTestNocaseDot = ([$0, ext = '']) => {
    const noext = qmarksTestNoExtDot([$0]);
    if (!ext)
        return noext;
    ext = ext.toLowerCase();
    return (f) => noext(f) && f.toLowerCase().endsWith(ext);
};
const qmarksTestDot = ([$0, ext = '']) => {
    const noext = qmarksTestNoExtDot([$0]);
    return !ext ? noext : (f) => noext(f) && f.endsWith(ext);
};
const qmarksTest = ([$0, ext = '']) => {
    const noext = qmarksTestNoExt([$0]);
    return !ext ? noext : (f) => noext(f) && f.endsWith(ext);
};
const qmarksTestNoExt = ([$0]) => {
    const len = $0.length;
    return (f) => f.length === len && !f.startsWith('.');
};
const qmarksTestNoExtDot = ([$0]) => {
    const len = $0.length;
    return (f) => f.length === len && f !== '.' && f !== '..';
};
/* c8 ignore start */
const defaultPlatform = (typeof process === 'object' && process ?
    (typeof process.env === 'object' &&
        process.env &&
        process.env.__MINIMATCH_TESTING_PLATFORM__) ||
        process.platform
    : 'posix');
const esm_path = {
    win32: { sep: '\\' },
    posix: { sep: '/' },
};
/* c8 ignore stop */
const sep = defaultPlatform === 'win32' ? esm_path.win32.sep : esm_path.posix.sep;
minimatch.sep = sep;
const GLOBSTAR = Symbol('globstar **');
minimatch.GLOBSTAR = GLOBSTAR;
// any single thing other than /
// don't need to escape / when using new RegExp()
const esm_qmark = '[^/]';
// * => any number of characters
const esm_star = esm_qmark + '*?';
// ** when dots are allowed.  Anything goes, except .. and .
// not (^ or / followed by one or two dots followed by $ or /),
// followed by anything, any number of times.
const twoStarDot = '(?:(?!(?:\\/|^)(?:\\.{1,2})($|\\/)).)*?';
// not a ^ or / followed by a dot,
// followed by anything, any number of times.
const twoStarNoDot = '(?:(?!(?:\\/|^)\\.).)*?';
const filter = (pattern, options = {}) => (p) => minimatch(p, pattern, options);
minimatch.filter = filter;
const ext = (a, b = {}) => Object.assign({}, a, b);
const defaults = (def) => {
    if (!def || typeof def !== 'object' || !Object.keys(def).length) {
        return minimatch;
    }
    const orig = minimatch;
    const m = (p, pattern, options = {}) => orig(p, pattern, ext(def, options));
    return Object.assign(m, {
        Minimatch: class Minimatch extends orig.Minimatch {
            constructor(pattern, options = {}) {
                super(pattern, ext(def, options));
            }
            static defaults(options) {
                return orig.defaults(ext(def, options)).Minimatch;
            }
        },
        AST: class AST extends orig.AST {
            /* c8 ignore start */
            constructor(type, parent, options = {}) {
                super(type, parent, ext(def, options));
            }
            /* c8 ignore stop */
            static fromGlob(pattern, options = {}) {
                return orig.AST.fromGlob(pattern, ext(def, options));
            }
        },
        unescape: (s, options = {}) => orig.unescape(s, ext(def, options)),
        escape: (s, options = {}) => orig.escape(s, ext(def, options)),
        filter: (pattern, options = {}) => orig.filter(pattern, ext(def, options)),
        defaults: (options) => orig.defaults(ext(def, options)),
        makeRe: (pattern, options = {}) => orig.makeRe(pattern, ext(def, options)),
        braceExpand: (pattern, options = {}) => orig.braceExpand(pattern, ext(def, options)),
        match: (list, pattern, options = {}) => orig.match(list, pattern, ext(def, options)),
        sep: orig.sep,
        GLOBSTAR: GLOBSTAR,
    });
};
minimatch.defaults = defaults;
// Brace expansion:
// a{b,c}d -> abd acd
// a{b,}c -> abc ac
// a{0..3}d -> a0d a1d a2d a3d
// a{b,c{d,e}f}g -> abg acdfg acefg
// a{b,c}d{e,f}g -> abdeg acdeg abdeg abdfg
//
// Invalid sets are not expanded.
// a{2..}b -> a{2..}b
// a{b}c -> a{b}c
const braceExpand = (pattern, options = {}) => {
    assertValidPattern(pattern);
    // Thanks to Yeting Li <https://github.com/yetingli> for
    // improving this regexp to avoid a ReDOS vulnerability.
    if (options.nobrace || !/\{(?:(?!\{).)*\}/.test(pattern)) {
        // shortcut. no need to expand.
        return [pattern];
    }
    return expand(pattern, { max: options.braceExpandMax });
};
minimatch.braceExpand = braceExpand;
// parse a component of the expanded set.
// At this point, no pattern may contain "/" in it
// so we're going to return a 2d array, where each entry is the full
// pattern, split on '/', and then turned into a regular expression.
// A regexp is made at the end which joins each array with an
// escaped /, and another full one which joins each regexp with |.
//
// Following the lead of Bash 4.1, note that "**" only has special meaning
// when it is the *only* thing in a path portion.  Otherwise, any series
// of * is equivalent to a single *.  Globstar behavior is enabled by
// default, and can be disabled by setting options.noglobstar.
const makeRe = (pattern, options = {}) => new esm_Minimatch(pattern, options).makeRe();
minimatch.makeRe = makeRe;
const match = (list, pattern, options = {}) => {
    const mm = new esm_Minimatch(pattern, options);
    list = list.filter(f => mm.match(f));
    if (mm.options.nonull && !list.length) {
        list.push(pattern);
    }
    return list;
};
minimatch.match = match;
// replace stuff like \* with *
const globMagic = /[?*]|[+@!]\(.*?\)|\[|\]/;
const esm_regExpEscape = (s) => s.replace(/[-[\]{}()*+?.,\\^$|#\s]/g, '\\$&');
class esm_Minimatch {
    options;
    set;
    pattern;
    windowsPathsNoEscape;
    nonegate;
    negate;
    comment;
    empty;
    preserveMultipleSlashes;
    partial;
    globSet;
    globParts;
    nocase;
    isWindows;
    platform;
    windowsNoMagicRoot;
    maxGlobstarRecursion;
    regexp;
    constructor(pattern, options = {}) {
        assertValidPattern(pattern);
        options = options || {};
        this.options = options;
        this.maxGlobstarRecursion = options.maxGlobstarRecursion ?? 200;
        this.pattern = pattern;
        this.platform = options.platform || defaultPlatform;
        this.isWindows = this.platform === 'win32';
        // avoid the annoying deprecation flag lol
        const awe = ('allowWindow' + 'sEscape');
        this.windowsPathsNoEscape =
            !!options.windowsPathsNoEscape || options[awe] === false;
        if (this.windowsPathsNoEscape) {
            this.pattern = this.pattern.replace(/\\/g, '/');
        }
        this.preserveMultipleSlashes = !!options.preserveMultipleSlashes;
        this.regexp = null;
        this.negate = false;
        this.nonegate = !!options.nonegate;
        this.comment = false;
        this.empty = false;
        this.partial = !!options.partial;
        this.nocase = !!this.options.nocase;
        this.windowsNoMagicRoot =
            options.windowsNoMagicRoot !== undefined ?
                options.windowsNoMagicRoot
                : !!(this.isWindows && this.nocase);
        this.globSet = [];
        this.globParts = [];
        this.set = [];
        // make the set of regexps etc.
        this.make();
    }
    hasMagic() {
        if (this.options.magicalBraces && this.set.length > 1) {
            return true;
        }
        for (const pattern of this.set) {
            for (const part of pattern) {
                if (typeof part !== 'string')
                    return true;
            }
        }
        return false;
    }
    debug(..._) { }
    make() {
        const pattern = this.pattern;
        const options = this.options;
        // empty patterns and comments match nothing.
        if (!options.nocomment && pattern.charAt(0) === '#') {
            this.comment = true;
            return;
        }
        if (!pattern) {
            this.empty = true;
            return;
        }
        // step 1: figure out negation, etc.
        this.parseNegate();
        // step 2: expand braces
        this.globSet = [...new Set(this.braceExpand())];
        if (options.debug) {
            //oxlint-disable-next-line no-console
            this.debug = (...args) => console.error(...args);
        }
        this.debug(this.pattern, this.globSet);
        // step 3: now we have a set, so turn each one into a series of
        // path-portion matching patterns.
        // These will be regexps, except in the case of "**", which is
        // set to the GLOBSTAR object for globstar behavior,
        // and will not contain any / characters
        //
        // First, we preprocess to make the glob pattern sets a bit simpler
        // and deduped.  There are some perf-killing patterns that can cause
        // problems with a glob walk, but we can simplify them down a bit.
        const rawGlobParts = this.globSet.map(s => this.slashSplit(s));
        this.globParts = this.preprocess(rawGlobParts);
        this.debug(this.pattern, this.globParts);
        // glob --> regexps
        let set = this.globParts.map((s, _, __) => {
            if (this.isWindows && this.windowsNoMagicRoot) {
                // check if it's a drive or unc path.
                const isUNC = s[0] === '' &&
                    s[1] === '' &&
                    (s[2] === '?' || !globMagic.test(s[2])) &&
                    !globMagic.test(s[3]);
                const isDrive = /^[a-z]:/i.test(s[0]);
                if (isUNC) {
                    return [
                        ...s.slice(0, 4),
                        ...s.slice(4).map(ss => this.parse(ss)),
                    ];
                }
                else if (isDrive) {
                    return [s[0], ...s.slice(1).map(ss => this.parse(ss))];
                }
            }
            return s.map(ss => this.parse(ss));
        });
        this.debug(this.pattern, set);
        // filter out everything that didn't compile properly.
        this.set = set.filter(s => s.indexOf(false) === -1);
        // do not treat the ? in UNC paths as magic
        if (this.isWindows) {
            for (let i = 0; i < this.set.length; i++) {
                const p = this.set[i];
                if (p[0] === '' &&
                    p[1] === '' &&
                    this.globParts[i][2] === '?' &&
                    typeof p[3] === 'string' &&
                    /^[a-z]:$/i.test(p[3])) {
                    p[2] = '?';
                }
            }
        }
        this.debug(this.pattern, this.set);
    }
    // various transforms to equivalent pattern sets that are
    // faster to process in a filesystem walk.  The goal is to
    // eliminate what we can, and push all ** patterns as far
    // to the right as possible, even if it increases the number
    // of patterns that we have to process.
    preprocess(globParts) {
        // if we're not in globstar mode, then turn ** into *
        if (this.options.noglobstar) {
            for (const partset of globParts) {
                for (let j = 0; j < partset.length; j++) {
                    if (partset[j] === '**') {
                        partset[j] = '*';
                    }
                }
            }
        }
        const { optimizationLevel = 1 } = this.options;
        if (optimizationLevel >= 2) {
            // aggressive optimization for the purpose of fs walking
            globParts = this.firstPhasePreProcess(globParts);
            globParts = this.secondPhasePreProcess(globParts);
        }
        else if (optimizationLevel >= 1) {
            // just basic optimizations to remove some .. parts
            globParts = this.levelOneOptimize(globParts);
        }
        else {
            // just collapse multiple ** portions into one
            globParts = this.adjascentGlobstarOptimize(globParts);
        }
        return globParts;
    }
    // just get rid of adjascent ** portions
    adjascentGlobstarOptimize(globParts) {
        return globParts.map(parts => {
            let gs = -1;
            while (-1 !== (gs = parts.indexOf('**', gs + 1))) {
                let i = gs;
                while (parts[i + 1] === '**') {
                    i++;
                }
                if (i !== gs) {
                    parts.splice(gs, i - gs);
                }
            }
            return parts;
        });
    }
    // get rid of adjascent ** and resolve .. portions
    levelOneOptimize(globParts) {
        return globParts.map(parts => {
            parts = parts.reduce((set, part) => {
                const prev = set[set.length - 1];
                if (part === '**' && prev === '**') {
                    return set;
                }
                if (part === '..') {
                    if (prev && prev !== '..' && prev !== '.' && prev !== '**') {
                        set.pop();
                        return set;
                    }
                }
                set.push(part);
                return set;
            }, []);
            return parts.length === 0 ? [''] : parts;
        });
    }
    levelTwoFileOptimize(parts) {
        if (!Array.isArray(parts)) {
            parts = this.slashSplit(parts);
        }
        let didSomething = false;
        do {
            didSomething = false;
            // <pre>/<e>/<rest> -> <pre>/<rest>
            if (!this.preserveMultipleSlashes) {
                for (let i = 1; i < parts.length - 1; i++) {
                    const p = parts[i];
                    // don't squeeze out UNC patterns
                    if (i === 1 && p === '' && parts[0] === '')
                        continue;
                    if (p === '.' || p === '') {
                        didSomething = true;
                        parts.splice(i, 1);
                        i--;
                    }
                }
                if (parts[0] === '.' &&
                    parts.length === 2 &&
                    (parts[1] === '.' || parts[1] === '')) {
                    didSomething = true;
                    parts.pop();
                }
            }
            // <pre>/<p>/../<rest> -> <pre>/<rest>
            let dd = 0;
            while (-1 !== (dd = parts.indexOf('..', dd + 1))) {
                const p = parts[dd - 1];
                if (p &&
                    p !== '.' &&
                    p !== '..' &&
                    p !== '**' &&
                    !(this.isWindows && /^[a-z]:$/i.test(p))) {
                    didSomething = true;
                    parts.splice(dd - 1, 2);
                    dd -= 2;
                }
            }
        } while (didSomething);
        return parts.length === 0 ? [''] : parts;
    }
    // First phase: single-pattern processing
    // <pre> is 1 or more portions
    // <rest> is 1 or more portions
    // <p> is any portion other than ., .., '', or **
    // <e> is . or ''
    //
    // **/.. is *brutal* for filesystem walking performance, because
    // it effectively resets the recursive walk each time it occurs,
    // and ** cannot be reduced out by a .. pattern part like a regexp
    // or most strings (other than .., ., and '') can be.
    //
    // <pre>/**/../<p>/<p>/<rest> -> {<pre>/../<p>/<p>/<rest>,<pre>/**/<p>/<p>/<rest>}
    // <pre>/<e>/<rest> -> <pre>/<rest>
    // <pre>/<p>/../<rest> -> <pre>/<rest>
    // **/**/<rest> -> **/<rest>
    //
    // **/*/<rest> -> */**/<rest> <== not valid because ** doesn't follow
    // this WOULD be allowed if ** did follow symlinks, or * didn't
    firstPhasePreProcess(globParts) {
        let didSomething = false;
        do {
            didSomething = false;
            // <pre>/**/../<p>/<p>/<rest> -> {<pre>/../<p>/<p>/<rest>,<pre>/**/<p>/<p>/<rest>}
            for (let parts of globParts) {
                let gs = -1;
                while (-1 !== (gs = parts.indexOf('**', gs + 1))) {
                    let gss = gs;
                    while (parts[gss + 1] === '**') {
                        // <pre>/**/**/<rest> -> <pre>/**/<rest>
                        gss++;
                    }
                    // eg, if gs is 2 and gss is 4, that means we have 3 **
                    // parts, and can remove 2 of them.
                    if (gss > gs) {
                        parts.splice(gs + 1, gss - gs);
                    }
                    let next = parts[gs + 1];
                    const p = parts[gs + 2];
                    const p2 = parts[gs + 3];
                    if (next !== '..')
                        continue;
                    if (!p ||
                        p === '.' ||
                        p === '..' ||
                        !p2 ||
                        p2 === '.' ||
                        p2 === '..') {
                        continue;
                    }
                    didSomething = true;
                    // edit parts in place, and push the new one
                    parts.splice(gs, 1);
                    const other = parts.slice(0);
                    other[gs] = '**';
                    globParts.push(other);
                    gs--;
                }
                // <pre>/<e>/<rest> -> <pre>/<rest>
                if (!this.preserveMultipleSlashes) {
                    for (let i = 1; i < parts.length - 1; i++) {
                        const p = parts[i];
                        // don't squeeze out UNC patterns
                        if (i === 1 && p === '' && parts[0] === '')
                            continue;
                        if (p === '.' || p === '') {
                            didSomething = true;
                            parts.splice(i, 1);
                            i--;
                        }
                    }
                    if (parts[0] === '.' &&
                        parts.length === 2 &&
                        (parts[1] === '.' || parts[1] === '')) {
                        didSomething = true;
                        parts.pop();
                    }
                }
                // <pre>/<p>/../<rest> -> <pre>/<rest>
                let dd = 0;
                while (-1 !== (dd = parts.indexOf('..', dd + 1))) {
                    const p = parts[dd - 1];
                    if (p && p !== '.' && p !== '..' && p !== '**') {
                        didSomething = true;
                        const needDot = dd === 1 && parts[dd + 1] === '**';
                        const splin = needDot ? ['.'] : [];
                        parts.splice(dd - 1, 2, ...splin);
                        if (parts.length === 0)
                            parts.push('');
                        dd -= 2;
                    }
                }
            }
        } while (didSomething);
        return globParts;
    }
    // second phase: multi-pattern dedupes
    // {<pre>/*/<rest>,<pre>/<p>/<rest>} -> <pre>/*/<rest>
    // {<pre>/<rest>,<pre>/<rest>} -> <pre>/<rest>
    // {<pre>/**/<rest>,<pre>/<rest>} -> <pre>/**/<rest>
    //
    // {<pre>/**/<rest>,<pre>/**/<p>/<rest>} -> <pre>/**/<rest>
    // ^-- not valid because ** doens't follow symlinks
    secondPhasePreProcess(globParts) {
        for (let i = 0; i < globParts.length - 1; i++) {
            for (let j = i + 1; j < globParts.length; j++) {
                const matched = this.partsMatch(globParts[i], globParts[j], !this.preserveMultipleSlashes);
                if (matched) {
                    globParts[i] = [];
                    globParts[j] = matched;
                    break;
                }
            }
        }
        return globParts.filter(gs => gs.length);
    }
    partsMatch(a, b, emptyGSMatch = false) {
        let ai = 0;
        let bi = 0;
        let result = [];
        let which = '';
        while (ai < a.length && bi < b.length) {
            if (a[ai] === b[bi]) {
                result.push(which === 'b' ? b[bi] : a[ai]);
                ai++;
                bi++;
            }
            else if (emptyGSMatch && a[ai] === '**' && b[bi] === a[ai + 1]) {
                result.push(a[ai]);
                ai++;
            }
            else if (emptyGSMatch && b[bi] === '**' && a[ai] === b[bi + 1]) {
                result.push(b[bi]);
                bi++;
            }
            else if (a[ai] === '*' &&
                b[bi] &&
                (this.options.dot || !b[bi].startsWith('.')) &&
                b[bi] !== '**') {
                if (which === 'b')
                    return false;
                which = 'a';
                result.push(a[ai]);
                ai++;
                bi++;
            }
            else if (b[bi] === '*' &&
                a[ai] &&
                (this.options.dot || !a[ai].startsWith('.')) &&
                a[ai] !== '**') {
                if (which === 'a')
                    return false;
                which = 'b';
                result.push(b[bi]);
                ai++;
                bi++;
            }
            else {
                return false;
            }
        }
        // if we fall out of the loop, it means they two are identical
        // as long as their lengths match
        return a.length === b.length && result;
    }
    parseNegate() {
        if (this.nonegate)
            return;
        const pattern = this.pattern;
        let negate = false;
        let negateOffset = 0;
        for (let i = 0; i < pattern.length && pattern.charAt(i) === '!'; i++) {
            negate = !negate;
            negateOffset++;
        }
        if (negateOffset)
            this.pattern = pattern.slice(negateOffset);
        this.negate = negate;
    }
    // set partial to true to test if, for example,
    // "/a/b" matches the start of "/*/b/*/d"
    // Partial means, if you run out of file before you run
    // out of pattern, then that's fine, as long as all
    // the parts match.
    matchOne(file, pattern, partial = false) {
        let fileStartIndex = 0;
        let patternStartIndex = 0;
        // UNC paths like //?/X:/... can match X:/... and vice versa
        // Drive letters in absolute drive or unc paths are always compared
        // case-insensitively.
        if (this.isWindows) {
            const fileDrive = typeof file[0] === 'string' && /^[a-z]:$/i.test(file[0]);
            const fileUNC = !fileDrive &&
                file[0] === '' &&
                file[1] === '' &&
                file[2] === '?' &&
                /^[a-z]:$/i.test(file[3]);
            const patternDrive = typeof pattern[0] === 'string' && /^[a-z]:$/i.test(pattern[0]);
            const patternUNC = !patternDrive &&
                pattern[0] === '' &&
                pattern[1] === '' &&
                pattern[2] === '?' &&
                typeof pattern[3] === 'string' &&
                /^[a-z]:$/i.test(pattern[3]);
            const fdi = fileUNC ? 3
                : fileDrive ? 0
                    : undefined;
            const pdi = patternUNC ? 3
                : patternDrive ? 0
                    : undefined;
            if (typeof fdi === 'number' && typeof pdi === 'number') {
                const [fd, pd] = [
                    file[fdi],
                    pattern[pdi],
                ];
                // start matching at the drive letter index of each
                if (fd.toLowerCase() === pd.toLowerCase()) {
                    pattern[pdi] = fd;
                    patternStartIndex = pdi;
                    fileStartIndex = fdi;
                }
            }
        }
        // resolve and reduce . and .. portions in the file as well.
        // don't need to do the second phase, because it's only one string[]
        const { optimizationLevel = 1 } = this.options;
        if (optimizationLevel >= 2) {
            file = this.levelTwoFileOptimize(file);
        }
        if (pattern.includes(GLOBSTAR)) {
            return this.#matchGlobstar(file, pattern, partial, fileStartIndex, patternStartIndex);
        }
        return this.#matchOne(file, pattern, partial, fileStartIndex, patternStartIndex);
    }
    #matchGlobstar(file, pattern, partial, fileIndex, patternIndex) {
        // split the pattern into head, tail, and middle of ** delimited parts
        const firstgs = pattern.indexOf(GLOBSTAR, patternIndex);
        const lastgs = pattern.lastIndexOf(GLOBSTAR);
        // split the pattern up into globstar-delimited sections
        // the tail has to be at the end, and the others just have
        // to be found in order from the head.
        const [head, body, tail] = partial ?
            [
                pattern.slice(patternIndex, firstgs),
                pattern.slice(firstgs + 1),
                [],
            ]
            : [
                pattern.slice(patternIndex, firstgs),
                pattern.slice(firstgs + 1, lastgs),
                pattern.slice(lastgs + 1),
            ];
        // check the head, from the current file/pattern index.
        if (head.length) {
            const fileHead = file.slice(fileIndex, fileIndex + head.length);
            if (!this.#matchOne(fileHead, head, partial, 0, 0)) {
                return false;
            }
            fileIndex += head.length;
            patternIndex += head.length;
        }
        // now we know the head matches!
        // if the last portion is not empty, it MUST match the end
        // check the tail
        let fileTailMatch = 0;
        if (tail.length) {
            // if head + tail > file, then we cannot possibly match
            if (tail.length + fileIndex > file.length)
                return false;
            // try to match the tail
            let tailStart = file.length - tail.length;
            if (this.#matchOne(file, tail, partial, tailStart, 0)) {
                fileTailMatch = tail.length;
            }
            else {
                // affordance for stuff like a/**/* matching a/b/
                // if the last file portion is '', and there's more to the pattern
                // then try without the '' bit.
                if (file[file.length - 1] !== '' ||
                    fileIndex + tail.length === file.length) {
                    return false;
                }
                tailStart--;
                if (!this.#matchOne(file, tail, partial, tailStart, 0)) {
                    return false;
                }
                fileTailMatch = tail.length + 1;
            }
        }
        // now we know the tail matches!
        // the middle is zero or more portions wrapped in **, possibly
        // containing more ** sections.
        // so a/**/b/**/c/**/d has become **/b/**/c/**
        // if it's empty, it means a/**/b, just verify we have no bad dots
        // if there's no tail, so it ends on /**, then we must have *something*
        // after the head, or it's not a matc
        if (!body.length) {
            let sawSome = !!fileTailMatch;
            for (let i = fileIndex; i < file.length - fileTailMatch; i++) {
                const f = String(file[i]);
                sawSome = true;
                if (f === '.' ||
                    f === '..' ||
                    (!this.options.dot && f.startsWith('.'))) {
                    return false;
                }
            }
            // in partial mode, we just need to get past all file parts
            return partial || sawSome;
        }
        // now we know that there's one or more body sections, which can
        // be matched anywhere from the 0 index (because the head was pruned)
        // through to the length-fileTailMatch index.
        // split the body up into sections, and note the minimum index it can
        // be found at (start with the length of all previous segments)
        // [section, before, after]
        const bodySegments = [[[], 0]];
        let currentBody = bodySegments[0];
        let nonGsParts = 0;
        const nonGsPartsSums = [0];
        for (const b of body) {
            if (b === GLOBSTAR) {
                nonGsPartsSums.push(nonGsParts);
                currentBody = [[], 0];
                bodySegments.push(currentBody);
            }
            else {
                currentBody[0].push(b);
                nonGsParts++;
            }
        }
        let i = bodySegments.length - 1;
        const fileLength = file.length - fileTailMatch;
        for (const b of bodySegments) {
            b[1] = fileLength - (nonGsPartsSums[i--] + b[0].length);
        }
        return !!this.#matchGlobStarBodySections(file, bodySegments, fileIndex, 0, partial, 0, !!fileTailMatch);
    }
    // return false for "nope, not matching"
    // return null for "not matching, cannot keep trying"
    #matchGlobStarBodySections(file, 
    // pattern section, last possible position for it
    bodySegments, fileIndex, bodyIndex, partial, globStarDepth, sawTail) {
        // take the first body segment, and walk from fileIndex to its "after"
        // value at the end
        // If it doesn't match at that position, we increment, until we hit
        // that final possible position, and give up.
        // If it does match, then advance and try to rest.
        // If any of them fail we keep walking forward.
        // this is still a bit recursively painful, but it's more constrained
        // than previous implementations, because we never test something that
        // can't possibly be a valid matching condition.
        const bs = bodySegments[bodyIndex];
        if (!bs) {
            // just make sure that there's no bad dots
            for (let i = fileIndex; i < file.length; i++) {
                sawTail = true;
                const f = file[i];
                if (f === '.' ||
                    f === '..' ||
                    (!this.options.dot && f.startsWith('.'))) {
                    return false;
                }
            }
            return sawTail;
        }
        // have a non-globstar body section to test
        const [body, after] = bs;
        while (fileIndex <= after) {
            const m = this.#matchOne(file.slice(0, fileIndex + body.length), body, partial, fileIndex, 0);
            // if limit exceeded, no match. intentional false negative,
            // acceptable break in correctness for security.
            if (m && globStarDepth < this.maxGlobstarRecursion) {
                // match! see if the rest match. if so, we're done!
                const sub = this.#matchGlobStarBodySections(file, bodySegments, fileIndex + body.length, bodyIndex + 1, partial, globStarDepth + 1, sawTail);
                if (sub !== false) {
                    return sub;
                }
            }
            const f = file[fileIndex];
            if (f === '.' ||
                f === '..' ||
                (!this.options.dot && f.startsWith('.'))) {
                return false;
            }
            fileIndex++;
        }
        // walked off. no point continuing
        return partial || null;
    }
    #matchOne(file, pattern, partial, fileIndex, patternIndex) {
        let fi;
        let pi;
        let pl;
        let fl;
        for (fi = fileIndex,
            pi = patternIndex,
            fl = file.length,
            pl = pattern.length; fi < fl && pi < pl; fi++, pi++) {
            this.debug('matchOne loop');
            let p = pattern[pi];
            let f = file[fi];
            this.debug(pattern, p, f);
            // should be impossible.
            // some invalid regexp stuff in the set.
            /* c8 ignore start */
            if (p === false || p === GLOBSTAR) {
                return false;
            }
            /* c8 ignore stop */
            // something other than **
            // non-magic patterns just have to match exactly
            // patterns with magic have been turned into regexps.
            let hit;
            if (typeof p === 'string') {
                hit = f === p;
                this.debug('string match', p, f, hit);
            }
            else {
                hit = p.test(f);
                this.debug('pattern match', p, f, hit);
            }
            if (!hit)
                return false;
        }
        // Note: ending in / means that we'll get a final ""
        // at the end of the pattern.  This can only match a
        // corresponding "" at the end of the file.
        // If the file ends in /, then it can only match a
        // a pattern that ends in /, unless the pattern just
        // doesn't have any more for it. But, a/b/ should *not*
        // match "a/b/*", even though "" matches against the
        // [^/]*? pattern, except in partial mode, where it might
        // simply not be reached yet.
        // However, a/b/ should still satisfy a/*
        // now either we fell off the end of the pattern, or we're done.
        if (fi === fl && pi === pl) {
            // ran out of pattern and filename at the same time.
            // an exact hit!
            return true;
        }
        else if (fi === fl) {
            // ran out of file, but still had pattern left.
            // this is ok if we're doing the match as part of
            // a glob fs traversal.
            return partial;
        }
        else if (pi === pl) {
            // ran out of pattern, still have file left.
            // this is only acceptable if we're on the very last
            // empty segment of a file with a trailing slash.
            // a/* should match a/b/
            return fi === fl - 1 && file[fi] === '';
            /* c8 ignore start */
        }
        else {
            // should be unreachable.
            throw new Error('wtf?');
        }
        /* c8 ignore stop */
    }
    braceExpand() {
        return braceExpand(this.pattern, this.options);
    }
    parse(pattern) {
        assertValidPattern(pattern);
        const options = this.options;
        // shortcuts
        if (pattern === '**')
            return GLOBSTAR;
        if (pattern === '')
            return '';
        // far and away, the most common glob pattern parts are
        // *, *.*, and *.<ext>  Add a fast check method for those.
        let m;
        let fastTest = null;
        if ((m = pattern.match(starRE))) {
            fastTest = options.dot ? starTestDot : starTest;
        }
        else if ((m = pattern.match(starDotExtRE))) {
            fastTest = (options.nocase ?
                options.dot ?
                    starDotExtTestNocaseDot
                    : starDotExtTestNocase
                : options.dot ? starDotExtTestDot
                    : starDotExtTest)(m[1]);
        }
        else if ((m = pattern.match(qmarksRE))) {
            fastTest = (options.nocase ?
                options.dot ?
                    qmarksTestNocaseDot
                    : qmarksTestNocase
                : options.dot ? qmarksTestDot
                    : qmarksTest)(m);
        }
        else if ((m = pattern.match(starDotStarRE))) {
            fastTest = options.dot ? starDotStarTestDot : starDotStarTest;
        }
        else if ((m = pattern.match(dotStarRE))) {
            fastTest = dotStarTest;
        }
        const re = AST.fromGlob(pattern, this.options).toMMPattern();
        if (fastTest && typeof re === 'object') {
            // Avoids overriding in frozen environments
            Reflect.defineProperty(re, 'test', { value: fastTest });
        }
        return re;
    }
    makeRe() {
        if (this.regexp || this.regexp === false)
            return this.regexp;
        // at this point, this.set is a 2d array of partial
        // pattern strings, or "**".
        //
        // It's better to use .match().  This function shouldn't
        // be used, really, but it's pretty convenient sometimes,
        // when you just want to work with a regex.
        const set = this.set;
        if (!set.length) {
            this.regexp = false;
            return this.regexp;
        }
        const options = this.options;
        const twoStar = options.noglobstar ? esm_star
            : options.dot ? twoStarDot
                : twoStarNoDot;
        const flags = new Set(options.nocase ? ['i'] : []);
        // regexpify non-globstar patterns
        // if ** is only item, then we just do one twoStar
        // if ** is first, and there are more, prepend (\/|twoStar\/)? to next
        // if ** is last, append (\/twoStar|) to previous
        // if ** is in the middle, append (\/|\/twoStar\/) to previous
        // then filter out GLOBSTAR symbols
        let re = set
            .map(pattern => {
            const pp = pattern.map(p => {
                if (p instanceof RegExp) {
                    for (const f of p.flags.split(''))
                        flags.add(f);
                }
                return (typeof p === 'string' ? esm_regExpEscape(p)
                    : p === GLOBSTAR ? GLOBSTAR
                        : p._src);
            });
            pp.forEach((p, i) => {
                const next = pp[i + 1];
                const prev = pp[i - 1];
                if (p !== GLOBSTAR || prev === GLOBSTAR) {
                    return;
                }
                if (prev === undefined) {
                    if (next !== undefined && next !== GLOBSTAR) {
                        pp[i + 1] = '(?:\\/|' + twoStar + '\\/)?' + next;
                    }
                    else {
                        pp[i] = twoStar;
                    }
                }
                else if (next === undefined) {
                    pp[i - 1] = prev + '(?:\\/|\\/' + twoStar + ')?';
                }
                else if (next !== GLOBSTAR) {
                    pp[i - 1] = prev + '(?:\\/|\\/' + twoStar + '\\/)' + next;
                    pp[i + 1] = GLOBSTAR;
                }
            });
            const filtered = pp.filter(p => p !== GLOBSTAR);
            // For partial matches, we need to make the pattern match
            // any prefix of the full path. We do this by generating
            // alternative patterns that match progressively longer prefixes.
            if (this.partial && filtered.length >= 1) {
                const prefixes = [];
                for (let i = 1; i <= filtered.length; i++) {
                    prefixes.push(filtered.slice(0, i).join('/'));
                }
                return '(?:' + prefixes.join('|') + ')';
            }
            return filtered.join('/');
        })
            .join('|');
        // need to wrap in parens if we had more than one thing with |,
        // otherwise only the first will be anchored to ^ and the last to $
        const [open, close] = set.length > 1 ? ['(?:', ')'] : ['', ''];
        // must match entire pattern
        // ending in a * or ** will make it less strict.
        re = '^' + open + re + close + '$';
        // In partial mode, '/' should always match as it's a valid prefix for any pattern
        if (this.partial) {
            re = '^(?:\\/|' + open + re.slice(1, -1) + close + ')$';
        }
        // can match anything, as long as it's not this.
        if (this.negate)
            re = '^(?!' + re + ').+$';
        try {
            this.regexp = new RegExp(re, [...flags].join(''));
            /* c8 ignore start */
        }
        catch {
            // should be impossible
            this.regexp = false;
        }
        /* c8 ignore stop */
        return this.regexp;
    }
    slashSplit(p) {
        // if p starts with // on windows, we preserve that
        // so that UNC paths aren't broken.  Otherwise, any number of
        // / characters are coalesced into one, unless
        // preserveMultipleSlashes is set to true.
        if (this.preserveMultipleSlashes) {
            return p.split('/');
        }
        else if (this.isWindows && /^\/\/[^/]+/.test(p)) {
            // add an extra '' for the one we lose
            return ['', ...p.split(/\/+/)];
        }
        else {
            return p.split(/\/+/);
        }
    }
    match(f, partial = this.partial) {
        this.debug('match', f, this.pattern);
        // short-circuit in the case of busted things.
        // comments, etc.
        if (this.comment) {
            return false;
        }
        if (this.empty) {
            return f === '';
        }
        if (f === '/' && partial) {
            return true;
        }
        const options = this.options;
        // windows: need to use /, not \
        if (this.isWindows) {
            f = f.split('\\').join('/');
        }
        // treat the test path as a set of pathparts.
        const ff = this.slashSplit(f);
        this.debug(this.pattern, 'split', ff);
        // just ONE of the pattern sets in this.set needs to match
        // in order for it to be valid.  If negating, then just one
        // match means that we have failed.
        // Either way, return on the first hit.
        const set = this.set;
        this.debug(this.pattern, 'set', set);
        // Find the basename of the path by looking for the last non-empty segment
        let filename = ff[ff.length - 1];
        if (!filename) {
            for (let i = ff.length - 2; !filename && i >= 0; i--) {
                filename = ff[i];
            }
        }
        for (const pattern of set) {
            let file = ff;
            if (options.matchBase && pattern.length === 1) {
                file = [filename];
            }
            const hit = this.matchOne(file, pattern, partial);
            if (hit) {
                if (options.flipNegate) {
                    return true;
                }
                return !this.negate;
            }
        }
        // didn't get any hits.  this is success if it's a negative
        // pattern, failure otherwise.
        if (options.flipNegate) {
            return false;
        }
        return this.negate;
    }
    static defaults(def) {
        return minimatch.defaults(def).Minimatch;
    }
}
/* c8 ignore start */



/* c8 ignore stop */
minimatch.AST = AST;
minimatch.Minimatch = esm_Minimatch;
minimatch.escape = escape_escape;
minimatch.unescape = unescape_unescape;
//# sourceMappingURL=index.js.map
;// CONCATENATED MODULE: ./lib/src/inputs/patterns.js

// The options of @actions/glob 0.7, so that a pattern matches deleted paths and paths on disk alike. Only `platform` is
// ours: git's names can contain a backslash, on Windows too.
const OPTIONS = { dot: true, nobrace: true, nocomment: true, noext: true, nonegate: true, platform: 'linux' };
/**
 * Compiles the pattern language of @actions/glob for paths that need not exist: one pattern a line, `!` excludes, `#` starts
 * a comment, the last match wins, and a pattern of a folder matches all files in it.
 * @returns a matcher for POSIX paths, relative to the same folder as the patterns
 * @throws PatternError with the patterns that are not valid
 */
function patterns_compilePatterns(text, place = {}) {
    const rules = compileRules(patterns_readPatternLines(text), place);
    rules.reverse();
    return (path) => {
        if (DOT_SEGMENT.test(path))
            return false; // git can hold such a tree; in a URL it would lead elsewhere
        const takes = ({ start, below, folderOnly }) => path.startsWith(start) && below.match(folderOnly ? `/${path}` : `/${path}/`);
        return rules.find(takes)?.exclude === false;
    };
}
function patterns_readPatternLines(text) {
    return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
        const pattern = line.trim();
        return pattern === '' || pattern.startsWith('#') ? [] : [{ line: index + 1, pattern }];
    });
}
const patterns_PROBLEMS_MAX = 5;
function compileRules(lines, place) {
    const problems = [];
    const rules = lines.flatMap(({ pattern }) => {
        try {
            return [compileRule(pattern, place)];
        }
        catch (error) {
            if (!(error instanceof patterns_PatternError))
                throw error;
            problems.push(error.message);
            return [];
        }
    });
    const more = problems.length > patterns_PROBLEMS_MAX ? [`and ${problems.length - patterns_PROBLEMS_MAX} more`] : [];
    if (problems.length > 0)
        throw new patterns_PatternError([...problems.slice(0, patterns_PROBLEMS_MAX), ...more].join('; '));
    return rules;
}
class patterns_PatternError extends (/* unused pure expression or super */ null && (Error)) {
    name = 'PatternError';
}
/** Removes leading `!`. Each one inverts the pattern. */
function splitSign(pattern) {
    let body = pattern;
    let exclude = false;
    while (body.startsWith('!')) {
        exclude = !exclude;
        body = body.slice(1).trim();
    }
    return { exclude, body };
}
/**
 * Finds a name that a pattern without its `!` matches.
 * @param names POSIX, relative to the same folder as the pattern
 * @param ignoring case or Unicode form, in the pattern and in names
 */
function findName(names, pattern, ignoring) {
    const plain = (text) => (ignoring === 'form' ? text.normalize() : text);
    const body = plain(splitSign(pattern).body);
    if (ignoring === 'case' && body.includes('\\'))
        return undefined;
    const [ending = ''] = /\.[^\\/.*?[\]]+(?=\/?$)/.exec(body.toLowerCase()) ?? [];
    try {
        const matches = patterns_compilePatterns(body, ignoring === 'case' ? { windows: true } : {});
        // the ending first, because a match takes longer
        return names.find((name) => plain(name).toLowerCase().includes(ending) && matches(plain(name)));
    }
    catch (error) {
        if (!(error instanceof patterns_PatternError))
            throw error;
        return undefined; // a guess that is not valid, such as one with dots
    }
}
/** No path is longer. */
const PATTERN_MAX_LENGTH = 4096;
/** The compiler looks for the end of each from there to the end of the segment. */
const OPEN_BRACKETS_MAX = 5;
function compileRule(line, place) {
    if (line.length > PATTERN_MAX_LENGTH) {
        throw new patterns_PatternError(`'${patterns_cut(line)}' is longer than ${PATTERN_MAX_LENGTH} characters`);
    }
    const { windows = process.platform === 'win32' } = place;
    const { exclude, body: written } = splitSign(line);
    const body = windows ? written.replaceAll('\\', '/') : written;
    const folderOnly = body.endsWith('/');
    const segments = body.split('/').filter((segment) => segment !== '');
    const asked = { ...place, windows, exclude };
    const isAbsolute = body.startsWith('/') || (windows && /^[a-z]:/i.test(body));
    if (isAbsolute || segments.length === 0 || segments[0] === '~') {
        const remedy = segments.length > 0 && !body.startsWith('//') ? suggest(segments, { ...asked, isAbsolute: true }) : '';
        throw new patterns_PatternError(`'${line}' is not relative to root${remedy}`);
    }
    if (segments[0] === '.')
        segments.shift();
    if (segments.some((segment) => DOTS.test(unescapeDots(segment)))) {
        throw new patterns_PatternError(`'${line}' has a '.' or '..' segment${suggest(segments, { ...asked, isAbsolute: false })}`);
    }
    if (countOpenBrackets(segments) > OPEN_BRACKETS_MAX) {
        throw new patterns_PatternError(`'${patterns_cut(line)}' has more than ${OPEN_BRACKETS_MAX} brackets that do not close`);
    }
    while (segments.at(-1) === '**')
        segments.pop();
    const below = new Minimatch(`/${[...segments, '**'].join('/')}`, { ...OPTIONS, nocase: windows });
    return { exclude, start: windows ? '' : startOf(below), below: withoutBacktracking(below), folderOnly };
}
function patterns_cut(line) {
    return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
function countOpenBrackets(segments) {
    let count = 0;
    for (const segment of segments) {
        let open = 0;
        for (const [bracket] of segment.matchAll(/\\.|[[\]]/gs)) {
            if (bracket === '[')
                open += 1;
            else if (bracket === ']' && open > 0)
                open -= 1;
        }
        count += open;
    }
    return count;
}
/** `*` in the regular expression of a segment. */
const STAR = '[^/]*?';
/**
 * Lets each `*` but the last of a segment end at the first place that fits, which is as good as any other. Otherwise the
 * time goes by a power of the name's length: `*-*-*-*-*` and a name of 250 hyphens take minutes.
 */
function withoutBacktracking(pattern) {
    for (const part of pattern.set.flat()) {
        if (!(part instanceof RegExp) || Object.hasOwn(part, 'test'))
            continue; // of `*.*` and its like, which compares texts
        const [start = '', ...pieces] = part.source.split(STAR);
        const end = pieces.pop();
        if (end === undefined || pieces.length === 0)
            continue;
        const atomic = pieces.map((piece, at) => `(?=(?<s${at}>${STAR}${piece}))\\k<s${at}>`);
        const linear = new RegExp(`${start}${atomic.join('')}${STAR}${end}`, part.flags);
        part.test = (name) => linear.test(name);
    }
    return pattern;
}
const DOTS = /^\.\.?$/;
const DOT_SEGMENT = /(?:^|\/)\.\.?(?:\/|$)/;
/** Reads dots in a segment as @actions/glob does: `[.]` and `\\.` are dots, too. */
function unescapeDots(segment) {
    return segment.replace(/\[\\?\.\]|\\\./g, '.');
}
/** The folders at the start of a pattern. With thousands of rules, comparing them first saves most matches. */
function startOf({ set: [parts = []] }) {
    const end = parts.findIndex((part) => typeof part !== 'string');
    return parts.slice(1, end === -1 ? undefined : end).join('/');
}
/** Advice for a pattern that is absolute or has dots as segments; '' for none. */
function suggest(segments, place) {
    const { workspace = '', root, windows = false, exclude, isAbsolute } = place;
    if (root === undefined)
        return '';
    const fold = (name) => (windows ? name?.toLowerCase() : name);
    const startsWith = (folders) => folders.every((name, at) => fold(name) === fold(parts[at]));
    const above = root === '.' ? [] : root.split('/');
    const parts = isAbsolute ? [] : [...above];
    for (const segment of segments.map(unescapeDots)) {
        if (segment === '..' && parts.pop() === undefined)
            return ': it leads out of the workspace';
        if (!DOTS.test(segment))
            parts.push(segment);
    }
    const folders = workspace.split(/[\\/]/).filter((name) => name !== '');
    if (isAbsolute && startsWith(folders))
        parts.splice(0, folders.length);
    if (/^(~$|[a-z]:)/i.test(parts[0] ?? ''))
        return '';
    if (startsWith(above))
        parts.splice(0, above.length);
    else if (!isAbsolute) {
        const shared = above.findIndex((name, at) => name !== parts[at]);
        return `: set root to ${above.slice(0, shared).join('/') || '.'}`;
    }
    return `: write ${exclude ? '!' : ''}${parts.join('/') || '**'}`;
}

;// CONCATENATED MODULE: ./lib/src/inputs/values.js


const SIZE_UNITS = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9 };
const WINDOW_MS = { s: 1000, m: 60_000, h: 3_600_000 };
function parseBoolean(text) {
    if (/^(true|True|TRUE)$/.test(text))
        return true;
    return /^(false|False|FALSE)$/.test(text) ? false : { allowed: 'true or false' };
}
function oneOf(...words) {
    return (text) => words.find((word) => word === text) ?? { allowed: words.join(', ').replace(/, (?=\w+$)/, ' or ') };
}
function wholeNumber(min, max) {
    return (text) => {
        const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
        return value >= min && value <= max ? value : { allowed: `a whole number from ${min} to ${max}` };
    };
}
/** @returns '' for none */
function parseSourceId(text) {
    return /^[\w-]{0,64}$/.test(text)
        ? text
        : { allowed: "the Source's id: 24 hexadecimal digits, the end of its dashboard URL" };
}
function parseFiles(text, place) {
    try {
        return compilePatterns(text, place);
    }
    catch (error) {
        if (!(error instanceof PatternError))
            throw error;
        return { allowed: `patterns relative to root, without '.' and '..' segments: ${error.message}` };
    }
}
/** @returns '' or a folder that ends with one slash */
function parsePrefix(text) {
    const folder = withoutSlashes(text.replace(/^\/+/, ''));
    if (folder === '')
        return '';
    const bad = folder.split('/').some((segment) => segment === '' || segment === '.' || segment === '..');
    return bad || /[\p{Cc}\\]/u.test(folder) ? { allowed: 'a folder such as site/images' } : `${folder}/`;
}
/** @returns bytes */
function parseSize(text) {
    const match = /^(\d{1,12}(?:\.\d{1,9})?) ?(B|KB|MB|GB)$/i.exec(text);
    if (match === null)
        return { allowed: 'a number and B, KB, MB or GB, such as 30MB' };
    const unit = SIZE_UNITS[String(match[2]).toUpperCase()];
    return Math.floor(Number((Number(match[1]) * unit).toFixed(3))); // 8.2 * 1e6 is a little less than it should be
}
/** Reads lines of `pattern: type`. @returns a function from a path to the type of the last line that matches */
function parseContentTypes(text) {
    const rules = parseLines(text, parseContentType, 'lines of pattern: type, such as **/*.avif: image/avif');
    if ('allowed' in rules)
        return rules;
    rules.reverse();
    return (path) => rules.find((rule) => rule.matches(path))?.type;
}
const TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;\s*[\w-]+=(?:[\w.+-]+|"[\w .+-]*"))*$/;
function parseContentType(line) {
    const colon = line.lastIndexOf(':'); // a type has none
    const [pattern, type] = [line.slice(0, Math.max(0, colon)).trimEnd(), line.slice(colon + 1).trimStart()];
    const matches = pattern !== '' && TYPE.test(type) ? parseFiles(pattern) : undefined;
    return typeof matches === 'function' ? { pattern, matches, type } : undefined;
}
/** The patterns of `content-types`, for advice on them. */
function readContentTypeLines(text) {
    return readPatternLines(text).flatMap(({ line, pattern: written }) => {
        const { pattern, type } = parseContentType(written) ?? {};
        return pattern === undefined ? [] : [{ line, pattern, rest: `: ${type}` }];
    });
}
function parseDomains(text) {
    return unique(text, parseDomain, 'host names, one a line, such as assets.imgix.net');
}
function parseUrls(text) {
    return unique(text, parsePurgeUrl, 'https URLs of files, one a line, such as https://assets.imgix.net/a.png');
}
/** `class=count/unit`, separated by commas or lines, over the defaults. */
function parseRateLimits(text, defaults) {
    const items = parseLines(text.replaceAll(',', '\n'), parseRateLimit, `class=count/unit, class one of ${Object.keys(defaults).join(', ')}, count a whole number from 1, unit s, m or h`);
    if ('allowed' in items)
        return items;
    return { ...defaults, ...Object.fromEntries(items) };
    function parseRateLimit(item) {
        const match = /^([a-z]+)\s*=\s*([1-9]\d{0,5})\s*\/\s*([smh])$/.exec(item);
        if (match === null || !Object.hasOwn(defaults, String(match[1])))
            return undefined;
        return [String(match[1]), { count: Number(match[2]), perMs: WINDOW_MS[match[3]] }];
    }
}
/** Divides an account's limits between jobs. Each job may send at least one request per longer period. */
function divideLimits(limits, jobs) {
    const divide = ({ count, perMs }) => count >= jobs ? { count: Math.floor(count / jobs), perMs } : { count: 1, perMs: (perMs * jobs) / count };
    return Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, divide(limit)]));
}
/** @returns the URL without a trailing slash */
function parseApiUrl(text) {
    const allowed = 'an https URL, or http on a loopback host, without user name, query and fragment';
    if (!URL.canParse(text))
        return { allowed };
    const url = new URL(text);
    if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
        return { values: [url.host], allowed };
    const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback))
        return { allowed };
    if (/\/api\/v\d+\/*$/.test(url.pathname))
        return { allowed: 'the base URL without /api/v1, which the run adds' };
    return withoutSlashes(`${url.origin}${url.pathname}`);
}
/** Takes off the slashes at the end: a pattern takes time by the square of the slashes in the middle. */
function withoutSlashes(text) {
    let end = text.length;
    while (text[end - 1] === '/')
        end -= 1;
    return text.slice(0, end);
}
function parseLines(text, parse, allowed) {
    const parsed = [];
    const values = [];
    for (const line of text.split(/\r\n|\r|\n/).map((part) => part.trim())) {
        if (line === '' || line.startsWith('#'))
            continue;
        const value = parse(line);
        if (value === undefined)
            values.push(line);
        else
            parsed.push(value);
    }
    return values.length === 0 ? parsed : { values, allowed };
}
function unique(text, parse, allowed) {
    const values = parseLines(text, parse, allowed);
    return 'allowed' in values ? values : [...new Set(values)];
}

;// CONCATENATED MODULE: ./lib/src/inputs/reader.js




/** All problems with the inputs: one line each with the input's name, its value and the allowed values. */
class InputError extends ProblemsError {
    name = 'InputError';
    problems;
    constructor(problems) {
        super(problems.map((line) => ({ line })));
        this.problems = problems;
    }
}
/** Inputs whose values are URLs or host names. */
const URL_INPUTS = ['api-url', 'domains', 'urls'];
const VALUE_MAX_LENGTH = 200;
/** The user of a URL, also of one that lacks its scheme or a slash. */
const reader_USER = /:\/\/\S{0,1000}@|(?:\b[a-z][\w+.-]{1,16}:[/\\]{1,2}|^\s{0,100}[/\\]{2})[^\s/\\]{1,1000}@/im;
/** @param defaults of inputs that are empty or not set */
function createInputReader(defaults) {
    const found = [];
    const secrets = readSecrets(found);
    const problems = new Set(found); // lines of an input can be alike
    const proxies = readProxies(process.env);
    for (const secret of proxies.secrets)
        hide(secret);
    const text = (name) => core_getInput(name) || (defaults[name] ?? '');
    const note = (name, value, allowed) => {
        // the log's own search leaves short secrets
        const short = Object.values(secrets).filter((secret) => secret.length > 1);
        const plain = short.reduce((shown, secret) => shown.replaceAll(secret, '***'), value);
        const shown = redact(withoutUser(name, plain));
        const cut = shown.length > VALUE_MAX_LENGTH ? `${shown.slice(0, VALUE_MAX_LENGTH)}…` : shown;
        problems.add(`${name}: '${cut}' is not allowed; ${allowed}`);
    };
    /** @returns the input's value; undefined after a problem, which is noted */
    function read(name, parse) {
        const given = text(name);
        const [pasted] = Object.entries(secrets).find(([, secret]) => holdsSecret(given, secret)) ?? [];
        const value = pasted === undefined ? parse(given) : { values: ['***'], allowed: `it contains the ${pasted}` };
        if (isAllowed(value)) {
            for (const bad of value.values ?? [given])
                note(name, bad, value.allowed);
            return undefined;
        }
        if (reader_USER.test(given) && !URL_INPUTS.includes(name))
            note(name, given, 'a value without the user name and password of a URL');
        return value;
    }
    /** @returns whether a problem of the input is noted */
    const isNoted = (name) => [...problems].some((problem) => problem.startsWith(`${name}:`));
    return {
        /** '' for none; hidden from the log */
        githubToken: secrets['github-token'],
        /** @returns the input of the step, or its default */
        text,
        read,
        isNoted,
        /** @returns the settings of a client of imgix's API, which every action has as inputs */
        readClient: () => ({
            /** '' for none; hidden from the log */
            apiKey: secrets['api-key'],
            maxAttempts: read('max-attempts', wholeNumber(1, 20)),
            timeoutMs: read('timeout', wholeNumber(1, 3600)) * 1000,
            apiUrl: read('api-url', parseApiUrl),
            /** the proxy of a URL with its credentials, which are hidden, from HTTPS_PROXY, HTTP_PROXY and NO_PROXY */
            proxyFor: proxies.proxyFor,
        }),
        /** Notes a missing key.
         *  @param allowed describes the key that is needed */
        requireKey(allowed) {
            if (secrets['api-key'] !== '' || isNoted('api-key'))
                return;
            const remedy = 'check that the secret exists; runs from forks and of Dependabot get none';
            problems.add(`api-key: '' is not allowed; ${allowed}: ${remedy}`);
        },
        /** Notes a problem of several inputs together. */
        add: (problem) => void problems.add(problem),
        /** @throws InputError with all problems */
        check() {
            const apiUrl = text('api-url');
            // without a key there is no request
            const isAsked = secrets['api-key'] !== '' && URL.canParse(apiUrl);
            const proxyProblem = isAsked ? proxies.problemFor(new URL(apiUrl)) : undefined;
            const all = [...problems, ...(proxyProblem === undefined ? [] : [proxyProblem])];
            if (all.length > 0)
                throw new InputError(all);
        },
    };
}
/** Reads the secret inputs, and hides them before the first message about an input.
 *  @param problems gets what is wrong with them */
function readSecrets(problems) {
    const [apiKey, githubToken] = [core_getInput('api-key'), core_getInput('github-token')];
    hide(apiKey);
    hide(githubToken);
    if (githubToken !== '')
        hide(Buffer.from(`x-access-token:${githubToken}`).toString('base64')); // the form that git sends
    if (!/^[\x21-\x7e]*$/.test(apiKey)) {
        problems.push("api-key: '***' is not allowed; one line of printable ASCII without spaces");
    }
    else if (holdsSecret(apiKey, githubToken)) {
        problems.push("api-key: '***' is not allowed; it contains the github-token");
    }
    return { 'api-key': apiKey, 'github-token': githubToken };
}
/** Replaces the user of a URL, also in a value that is not quite a URL. */
function withoutUser(name, value) {
    const at = value.lastIndexOf('@');
    const isUser = URL_INPUTS.includes(name) || value.slice(0, at).includes(':');
    return at > 0 && isUser ? `***${value.slice(at)}` : value;
}
function isAllowed(value) {
    return typeof value === 'object' && value !== null && 'allowed' in value;
}

;// CONCATENATED MODULE: ./lib/src/report/answers.js


const AGAIN = 'run the job again';
const LATER = `${AGAIN} later`;
const SOON = `${AGAIN} in some minutes`;
/** The remedy for an error that only imgix can correct. */
const STAYS = `${AGAIN}; if it stays, tell imgix's support`;
const answers_TOO_LARGE = 'make the file smaller, or leave it out by `files`';
const fix = (problem, remedy) => ({ problem, remedy, again: false });
const again = (problem, remedy) => ({ problem, remedy, again: true });
const UPLOAD = {
    404: again('imgix does not find the Source, or this path in it', `check source-id and api-url, or ${LATER}`),
    409: fix('imgix does not replace what the Source already holds at this path', 'delete it in the bucket, or see on-conflict'),
    413: fix('the file is larger than imgix takes', answers_TOO_LARGE),
    415: fix('imgix does not accept the file', 'open it and export it again, or leave it out by `files`'),
    422: fix('imgix does not accept the file', 'open it and export it again, or leave it out by `files`'),
    4: fix('imgix refuses the upload', "check the file and its name; if they are right, tell imgix's support"),
};
const PURGE = {
    404: fix('this host has no purge call', 'check api-url'),
    4: fix('imgix does not purge this URL', "check domains and urls: the host must be a domain of this account's Sources"),
};
const METADATA = {
    404: again('imgix does not find the asset', LATER),
    4: fix('imgix does not accept the change', "check the metadata file, if there is one; if it is right, tell imgix's support"),
};
const SUBDOMAINS = 'correct the file; subdomains may belong to another account';
const HOURLY = again('imgix accepts 60 creates and 60 updates of Sources an hour, and no more for now', LATER);
const NO_SOURCE = fix('source-id: imgix has no such Source that this key can see', "take the id from the end of the Source's dashboard URL");
const CHANGE = { 404: NO_SOURCE, 429: HOURLY, 4: fix('imgix does not accept the change', SUBDOMAINS) };
const CREATION = {
    404: again('imgix does not create the Source', `check api-url, or ${LATER}`),
    409: again('imgix does not create the Source', `${SUBDOMAINS}; if another run has just created it, ${AGAIN}`),
    429: HOURLY,
    4: fix('imgix does not create the Source', SUBDOMAINS),
};
const CREDENTIALS = "check the upload credentials of the Source, and the runner's clock";
const NOT_ACCEPTED = fix('the storage does not accept the file', "check the file, and the bucket in the Source's settings");
/** Of the storage of the bucket, behind a presigned URL. A success whose document has the code of an error is none. */
const PUT = {
    2: NOT_ACCEPTED,
    3: again('the storage answered with a redirect, which is not followed', "check the bucket's region in the Source's settings; a new bucket redirects for some hours, so run the job again later"),
    401: fix('the storage refuses the upload', CREDENTIALS),
    403: fix('the storage refuses the upload', CREDENTIALS),
    404: fix('the storage does not find the bucket', "check the bucket in the Source's settings"),
    413: fix('the file is larger than the storage takes', answers_TOO_LARGE),
    4: NOT_ACCEPTED,
    5: again('not uploaded: the storage of the bucket failed', SOON),
};
const NOT_WHOLE = again('the file did not arrive', `${AGAIN}; if it stays, check the network and the proxy`);
/** Of the storage of reports. */
const DOWNLOAD = {
    2: NOT_WHOLE,
    3: NOT_WHOLE,
    4: again('the storage does not give the file', STAYS),
    5: again('the storage of the report failed', SOON),
};
/** What answers mean that have no other meaning for their call. */
const ANY = {
    2: again("imgix's answer can't be used", `${AGAIN}; if it stays, check api-url and the proxy, or tell imgix's support`),
    3: fix('the API answered with a redirect, which is not followed', 'check api-url'),
    404: again('imgix does not find it', `check api-url, and source-id if it is set, or ${LATER}`),
    429: again('imgix accepts no more requests for now; another job may use the same account', `lower rate-limits, where it is an input, or ${LATER}`),
    4: again('imgix refuses the request', "check the inputs; if they are right, tell imgix's support"),
    5: again('imgix failed', `${AGAIN}; if it stays, see imgix's status page`),
};
/** The first that matches counts. */
const CALLS = [
    { form: /^PUT /, failed: 'not uploaded', answers: PUT },
    { form: /^GET [^/]/, failed: 'not downloaded', answers: DOWNLOAD },
    { form: /\/api\/v1\/purge$/, failed: 'not purged', answers: PURGE },
    { form: /\/sources\/[^/]+\/upload(-sessions)?(\/|$)/, failed: 'not uploaded', answers: UPLOAD },
    { form: /^PATCH .*\/sources\/[^/]+\/assets\//, failed: '', answers: METADATA },
    { form: /\/api\/v1\/sources\/[^/]+\/assets$/, failed: "the Source's assets can't be listed", answers: {} },
    { form: /^GET .*\/sources\/[^/]+\/assets\//, failed: "the asset can't be read", answers: {} },
    { form: /^GET .*\/api\/v1\/sources\/[^/]+$/, failed: "the Source can't be read", answers: { 404: NO_SOURCE } },
    { form: /^PATCH .*\/sources\/[^/]+$/, failed: "the Source can't be changed", answers: CHANGE },
    { form: /^POST .*\/sources$/, failed: "the Source can't be created", answers: CREATION },
    { form: /\/api\/v1\/sources$/, failed: "the account's Sources can't be listed", answers: {} },
    { form: /\/api\/v1\/reports$/, failed: "the reports can't be listed", answers: {} },
];
function callOf({ method, path }) {
    return CALLS.find(({ form }) => form.test(`${method} ${path}`));
}
/** @returns the problem, after what it kept from being done */
function withSubject(error, advice) {
    const failed = callOf(error)?.failed ?? '';
    return failed === '' ? advice : { ...advice, problem: `${failed}: ${advice.problem}` };
}
/** What to do about an answer of the API or of a storage. */
function adviseOnAnswer(error) {
    const { permission } = error;
    const status = answers_statusOf(error);
    if (permission !== undefined && status === 401)
        return fix('api-key: imgix does not accept the key', 'check that the secret is set and that the key is active');
    if (permission !== undefined && status === 403)
        return adviseOnPermission(permission);
    const digit = isTransient(status) ? 5 : Math.floor(status / 100);
    const own = callOf(error)?.answers;
    const advice = ANY[status] ?? ANY[digit];
    return own?.[status] ?? own?.[digit] ?? (advice && withSubject(error, advice));
}
/** A storage can say the same with another status. */
function answers_statusOf(error) {
    const { method, status = 0, details } = error;
    if (method !== 'PUT')
        return status;
    if (isPassing(error))
        return 503;
    if (isExpired(error))
        return 403;
    return details[0]?.title === 'EntityTooLarge' ? 413 : status;
}
function adviseOnPermission(permission) {
    const newer = permission.replace('Asset Manager', 'Asset').replace(/Purge$/, 'Asset Purge');
    const name = newer === permission ? permission : `${permission} (in newer accounts: ${newer})`;
    const also = permission === 'Analytics' ? '; if it has it, ask imgix whether the account has reports' : '';
    return fix(`api-key: the key lacks the permission ${name}`, `add it to the key in imgix's dashboard${also}`);
}

;// CONCATENATED MODULE: ./lib/src/report/advice.js




/** What to do about an error that a request or a file caused; undefined for errors whose message says it. */
function advice_adviceOn(error) {
    if (error instanceof FileError)
        return adviseOnFile(error);
    if (!(error instanceof ImgixError))
        return undefined;
    const { status, permission, cause, reason, remedy } = error;
    if (remedy !== undefined)
        return { problem: reason ?? '', remedy, again: remedy.startsWith(AGAIN) };
    if (cause instanceof ProxyError) {
        const what = cause.status === 407 ? `the user name and password in ${cause.variable}` : cause.variable;
        return fix(cause.message, `check ${what}`);
    }
    if (cause instanceof ProxySettingError)
        return undefined; // its message says what to do
    if (cause instanceof HostError) {
        const what = permission === undefined ? "the endpoint in the Source's settings" : 'api-url';
        return withSubject(error, fix(reason ?? '', `check ${what}, and the runner's name server`));
    }
    return status === undefined ? withSubject(error, adviseOnSilence(error)) : adviseOnAnswer(error);
}
function adviseOnFile({ message, cause }) {
    const { code = '' } = Object(cause);
    if (['EACCES', 'EPERM', 'EROFS'].includes(code))
        return fix(message, "give the runner's user the permission for it");
    if (['ENOSPC', 'EDQUOT'].includes(code))
        return fix(message, "make room on the runner's disk");
    return again(message, `${AGAIN}, and let no other step write to the files meanwhile`);
}
/** What codes of Node mean: the first that matches counts. */
const TLS = [
    [
        /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
        'its certificate is not valid now',
        "check the runner's clock, then the certificate",
    ],
    [
        /^ERR_TLS_CERT_ALTNAME_INVALID$/,
        'its certificate is for another host',
        'check api-url, and what intercepts TLS on the runner',
    ],
    [
        /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS/,
        'the runner does not trust its certificate',
        'set NODE_EXTRA_CA_CERTS to the file with the certificate of the authority that signed it',
    ],
];
/** Advice on an error without a status: no answer came, the answer was not the server's, or nothing was sent. */
function adviseOnSilence({ reason = 'no reason is known', cause, permission, strangersStatus }) {
    if (strangersStatus !== undefined)
        return again(reason, `${AGAIN}; if it stays, let the runner reach the host, or set the proxy`);
    if (!(cause instanceof Error))
        return again(reason, STAYS);
    const { code = '' } = (cause.cause instanceof Error ? cause.cause : cause);
    const [, meaning, remedy] = TLS.find(([form]) => form.test(code)) ?? [];
    if (meaning !== undefined && remedy !== undefined)
        return fix(`${reason}: ${meaning}`, remedy);
    const host = permission === undefined ? '' : 'api-url and ';
    const what = /^(ENOTFOUND|EAI_AGAIN)$/.test(code) ? "the runner's name server" : 'the network';
    return again(reason, `${AGAIN}; if it stays, check ${host}${what}`);
}

;// CONCATENATED MODULE: ./lib/src/report/explain.js




/** One line for whoever reads the log: what failed, what to do, and in brackets what imgix's support asks for. */
function explain(error) {
    if (!(error instanceof Error))
        return String(error);
    const advice = advice_adviceOn(error);
    if (advice === undefined)
        return error.message;
    return withFacts(error, advice.problem, `${advice.problem}; ${advice.remedy}`);
}
/** What failed, where the run goes on without it and nobody has to do anything. */
function reasonOf(error) {
    if (!(error instanceof Error))
        return String(error);
    const problem = advice_adviceOn(error)?.problem ?? error.message;
    return withFacts(error, problem, problem);
}
function withFacts(error, told, text) {
    const facts = factsOf(error, told);
    return facts === '' ? text : `${text} (${facts})`;
}
/** Status, what imgix said, and request id: what its support asks for.
 *  @param told a text that comes before it */
function factsOf(error, told) {
    return error instanceof ImgixError ? describe(error, told) : '';
}
/** @param lines that say what ended the run
 *  @returns whether one of them says this, too: another request can have had the same answer */
function isTold(error, lines) {
    const problem = adviceOn(error)?.problem ?? explain(error);
    return lines.some((line) => line.startsWith(problem));
}
/** Prints that a request waits for long before its next try. */
function logWait(waitMs, reason) {
    core_info(`waits ${duration(waitMs / 1000)} before another try: ${reasonOf(reason)}`);
}
/** For whoever debugs a run: the request of an error, and what came of it. */
function debugRequest(error) {
    if (error instanceof ImgixError)
        core_debug(`${error.method} ${error.path}: ${error.message}`);
}
/** For whoever debugs a run: the request, and where in the code the error is from. */
function debugError(error) {
    debugRequest(error);
    if (error instanceof Error && core_isDebug())
        core_debug(String(error.stack));
}

;// CONCATENATED MODULE: ./lib/src/runner/cancellation.js
/** Time to purge stored files and to cancel sessions after the first signal. A runner kills the process after 10 seconds. */
const CLEANUP_MS = 4000;
/** Time to write the report after the second signal. */
const REPORT_MS = 500;
/** On Windows a runner sends Ctrl+C, and then Ctrl+Break, which is SIGBREAK. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK'];
/** Turns the signals of a cancellation into abort signals. A third signal ends the process.
 *  @param exitCode of a process that does not end by itself */
function listenForCancellation(exitCode = 1) {
    const soft = new AbortController();
    const hard = new AbortController();
    let timer;
    const onSignal = () => {
        if (hard.signal.aborted)
            process.exit(exitCode);
        if (soft.signal.aborted) {
            hard.abort(soft.signal.reason);
            setTimeout(() => process.exit(exitCode), REPORT_MS).unref(); // an open handle must not keep the process alive
        }
        soft.abort(new Error('the run was cancelled'));
        timer ??= setTimeout(() => hard.abort(soft.signal.reason), CLEANUP_MS);
    };
    for (const name of SIGNALS)
        process.on(name, onSignal);
    return {
        soft: soft.signal,
        hard: hard.signal,
        release() {
            clearTimeout(timer);
            for (const name of SIGNALS)
                process.off(name, onSignal);
        },
    };
}

;// CONCATENATED MODULE: external "node:os"
const external_node_os_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");
;// CONCATENATED MODULE: ./lib/src/runner/environment.js





/** @returns whether an event is about a pull request that is not merged */
function isUnmerged({ name, payload }) {
    const { pull_request: pullRequest } = Object(payload);
    return name.startsWith('pull_request') && pullRequest?.merged !== true;
}
/** Reads the runner's environment. An event that can't be read becomes an event without a base, and a warning. */
function readEnvironment() {
    const env = process.env;
    const event = {
        name: env.GITHUB_EVENT_NAME ?? '',
        payload: readPayload(env.GITHUB_EVENT_PATH),
        ref: env.GITHUB_REF ?? '',
        sha: env.GITHUB_SHA ?? '',
    };
    return {
        workspace: (0,external_node_path_namespaceObject.resolve)(env.GITHUB_WORKSPACE || process.cwd()),
        event,
        github: {
            apiUrl: env.GITHUB_API_URL || 'https://api.github.com',
            serverUrl: env.GITHUB_SERVER_URL || 'https://github.com',
            repository: env.GITHUB_REPOSITORY ?? '',
            runId: Number(env.GITHUB_RUN_ID),
            /** file name of the workflow; undefined for a workflow of another repository */
            workflow: readWorkflow(env.GITHUB_WORKFLOW_REF, env.GITHUB_REPOSITORY),
        },
        /** 1 for the first attempt of a run, 2 for its first re-run */
        attempt: Number(env.GITHUB_RUN_ATTEMPT ?? 1),
        tempDir: env.RUNNER_TEMP || (0,external_node_os_namespaceObject.tmpdir)(),
        /** for child processes: the environment without the inputs, so that no other program gets the key */
        childEnv: Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('INPUT_'))),
    };
}
/** @param ref such as `owner/name/.github/workflows/imgix.yml@refs/heads/main` */
function readWorkflow(ref = '', repository = '') {
    const [owner, name, ...path] = (ref.split('@')[0] ?? '').split('/');
    const file = /^\.github\/workflows\/([^/]+)$/.exec(path.join('/'))?.[1];
    return `${owner}/${name}` === repository ? file : undefined;
}
/** GitHub's own limit is 25 MB (docs.github.com/webhooks, read 2026-11), and the file has white space in it. */
const PAYLOAD_MAX_BYTES = 50_000_000;
function readPayload(path) {
    if (!path)
        return {};
    try {
        if ((0,external_node_fs_namespaceObject.statSync)(path).size > PAYLOAD_MAX_BYTES)
            throw new JsonLimitError('too large');
        return parseJson((0,external_node_fs_namespaceObject.readFileSync)(path, 'utf8'));
    }
    catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        core_warning(`GITHUB_EVENT_PATH holds no readable event (${why}); the run goes on without it: run the job again`);
        return {};
    }
}

;// CONCATENATED MODULE: ./lib/src/runner/outputs.js

/** Sets outputs to JSON arrays. The lists over the host's limit become empty outputs, and one notice.
 *  @param elsewhere for the notice: where the whole lists are */
function setListOutputs(lists, elsewhere = '') {
    const tooLong = [];
    for (const [name, list] of Object.entries(lists)) {
        const json = JSON.stringify(list);
        const fits = Buffer.byteLength(json) <= outputMaxBytes();
        if (!fits)
            tooLong.push(`${name} (${list.length})`);
        core_setOutput(name, fits ? json : '');
    }
    if (tooLong.length > 0)
        core_notice(`over 200 kB, so these outputs are left empty: ${tooLong.join(', ')}${elsewhere}`);
}
/** Appends to the step's job summary, where the host has one. */
async function outputs_writeSummary(markdown) {
    await attempt('the job summary', () => writeSummary(redactLines(markdown)));
}
/** No secret spans two lines. */
function redactLines(text) {
    return text.split('\n').map(redact).join('\n');
}
const REMEDY = "check the disk, and that the runner's files can be written";
/** Writes one part of the result. A failure is reported, and the other parts are still written.
 *  @returns whether it was written */
async function attempt(part, write, remedy = REMEDY) {
    try {
        await write();
        return true;
    }
    catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        core_error(`${part} can't be written: ${reason}; ${remedy}`);
        process.exitCode = core_ExitCode.Failure;
        return false;
    }
}

;// CONCATENATED MODULE: ./lib/src/runner/settle.js
/** How long the work may continue after the hard stop. */
const LATE_MS = 1000;
/** Time to report the result of a run that does not end. Both times are over before the runner's second signal. */
const settle_REPORT_MS = 1500;
/** A part of the run waits for an event that will never happen. */
class UnsettledError extends Error {
    name = 'UnsettledError';
}
/**
 * Waits for a part of the run, but not for ever. Without this, Node ends a process that has nothing left to do with code 13
 * and no message, and a process with an open handle never ends.
 * @param hard the hard stop of a cancelled run
 * @param exitCode of a process that goes on after it
 * @throws UnsettledError when nothing is left that can settle the work, or when it continues after the hard stop
 */
function settle(work, hard, exitCode = 1) {
    const { promise, resolve, reject } = Promise.withResolvers();
    let timer;
    const onIdle = () => reject(new UnsettledError('the run stopped: it waits for something, and nothing is left that could bring it; run the job again, and report this'));
    const onLate = () => {
        reject(new UnsettledError('the run went on after it was cancelled; report this'));
        setTimeout(() => process.exit(exitCode), settle_REPORT_MS).unref(); // what it waits for must not keep the process alive
    };
    const onHard = () => {
        timer = setTimeout(onLate, LATE_MS);
    };
    process.once('beforeExit', onIdle);
    if (hard?.aborted)
        onHard();
    else
        hard?.addEventListener('abort', onHard, { once: true });
    work.then(resolve, reject);
    return promise.finally(() => {
        process.off('beforeExit', onIdle);
        hard?.removeEventListener('abort', onHard);
        clearTimeout(timer);
    });
}

;// CONCATENATED MODULE: ./lib/src/runner/run.js





/** Runs an action once. It never throws, and sets the exit code. */
async function runAction(start, front) {
    beginRun(front?.host);
    const cancellation = listenForCancellation(front?.cancelledCode);
    const environment = front?.environment ?? readEnvironment();
    const action = start({ environment, stop: cancellation });
    let error;
    try {
        await settle(action.carryOut(), cancellation.hard, front?.cancelledCode);
    }
    catch (cause) {
        error = cause;
    }
    const cancelled = cancellation.soft.aborted;
    const ending = { cancelled, error: cancelled ? undefined : error };
    await attempt('the result', () => settle(action.reportEnding(ending)));
    cancellation.release(); // a signal during the ending must not keep it from being written
    return ending;
}

;// CONCATENATED MODULE: ./lib/src/download-reports/period.js
const DAYS_MAX = 366;
const DAY_S = 86_400;
/** imgix makes the report of a day by 04:00 UTC of the next day (docs.imgix.com/apis/management/reports, read 2026-11). A
 *  report that is one day later than that will not come. */
const LATE_S = 28 * 3600;
/** 9999-12-31, the last day with four digits of a year */
const LAST_S = 253_402_300_799;
function parsePeriod(text) {
    const allowed = `latest, a date such as 2026-11-21, or a range of at most ${DAYS_MAX} days such as 2026-11-01..2026-11-21`;
    if (text === 'latest')
        return 'latest';
    const [from = '', to = from, ...more] = text.split('..');
    const areDays = [from, to].every((day) => dayAt(period_startOf(day)) === day);
    if (more.length > 0 || !areDays || from > to || daysOf({ from, to }).length > DAYS_MAX)
        return { allowed };
    return { from, to };
}
/** @returns the days of a range, at most one more than a period may have */
function daysOf({ from, to }) {
    const start = period_startOf(from);
    const length = Math.min(DAYS_MAX, (period_startOf(to) - start) / DAY_S) + 1;
    return Array.from({ length }, (_, index) => String(dayAt(start + index * DAY_S)));
}
/** @param seconds since 1970
 *  @returns undefined if the year does not have four digits */
function dayAt(seconds) {
    if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= LAST_S))
        return undefined;
    return new Date(seconds * 1000).toISOString().slice(0, 10);
}
/** @returns seconds since 1970 */
function period_startOf(day) {
    return Date.parse(day) / 1000;
}
/** @returns seconds since 1970 */
function endOf(day) {
    return period_startOf(day) + DAY_S;
}
/** The last day of a report's period. In imgix's examples a daily period starts and ends at the same midnight. A period
 *  that ends at a later midnight includes the day after it only if the report's key ends with the date of this day. */
function dayOf({ start, end, key }) {
    const last = dayAt(end);
    if (typeof start !== 'number' || typeof end !== 'number' || last === undefined || start > end)
        return undefined;
    const before = start === end ? last : dayAt(end - 1);
    return key.endsWith(`_${last.replaceAll('-', '')}`) ? last : before;
}
/** Formats days as `2026-11-01..2026-11-03, 2026-11-07`. */
function spansOf(days) {
    const spans = [];
    for (const day of days.toSorted()) {
        const span = spans.at(-1);
        if (span !== undefined && endOf(span[1]) === period_startOf(day))
            span[1] = day;
        else
            spans.push([day, day]);
    }
    return spans.map(([from, to]) => (from === to ? from : `${from}..${to}`)).join(', ');
}

;// CONCATENATED MODULE: ./lib/src/download-reports/choose.js

/** The longest id and key of a report: the run keeps the ids and keys of the whole list. */
const choose_NAME_MAX_LENGTH = 1000;
/** @returns undefined for a resource that is not a report of the type, or has no valid period */
function readReport({ id, attributes }, type) {
    const { report_key: key, report_type, period_start: start, period_end: end, completed } = attributes;
    if (id === '' || typeof key !== 'string' || report_type !== type)
        return undefined;
    if (Math.max(id.length, key.length) > choose_NAME_MAX_LENGTH)
        return undefined;
    const [day, since] = [dayOf({ start, end, key }), dayAt(start)];
    return day === undefined || since === undefined ? undefined : { id, key, day, since, completed: completed === true };
}
/** Chooses the reports of a period. `latest`: the newest report, or with `skip` the newest complete one and later ones. */
function chooseReports(reports, { period, onIncomplete }) {
    // a list that grows between two pages gives some reports twice
    const known = [...new Map(reports.map((report) => [report.id, report])).values()];
    const inOrder = known.toSorted((a, b) => a.day.localeCompare(b.day));
    const lastComplete = inOrder.findLastIndex(({ completed }) => completed);
    const newest = onIncomplete === 'wait' ? -1 : Math.max(0, lastComplete);
    const chosen = period === 'latest' ? inOrder.slice(newest) : inOrder.filter(({ day }) => period.from <= day && day <= period.to);
    const days = new Set(chosen.map(({ day }) => day));
    return {
        complete: chosen.filter(({ completed }) => completed),
        incomplete: chosen.filter(({ completed }) => !completed),
        missing: period === 'latest' ? [] : daysOf(period).filter((day) => !days.has(day)),
        listed: known.length,
    };
}

;// CONCATENATED MODULE: ./lib/src/runner/retry-held.js

const WAITS_MS = [20, 50, 100, 200, 400, 800];
/**
 * Does something again while another program holds the file. On Windows, a virus scanner opens each new file for a moment
 * and keeps it from being renamed.
 * @throws the last error
 */
async function retryHeld(action, { windows = process.platform === 'win32', waitsMs = WAITS_MS } = {}) {
    for (const waitMs of windows ? waitsMs : []) {
        try {
            return await action();
        }
        catch (error) {
            if (!['EPERM', 'EACCES', 'EBUSY'].includes(error.code ?? ''))
                throw error;
            await (0,external_node_timers_promises_namespaceObject.setTimeout)(waitMs);
        }
    }
    return action();
}

;// CONCATENATED MODULE: ./lib/src/download-reports/part-file.js






/** Writes a whole file or none, under a temporary name until the file is complete.
 *  @param folder its real path
 *  @param fetch passes the body to its argument, and can do so again from the start
 *  @returns the result of `fetch`, and the size of the file
 *  @throws FileError, or what `fetch` throws */
async function writePart({ folder, name }, fetch) {
    return inFolder(folder, async (path, check) => {
        const temporary = (0,external_node_path_namespaceObject.join)(path, `.${name}.${(0,external_node_crypto_namespaceObject.randomBytes)(4).toString('hex')}.part`);
        const file = await (0,promises_namespaceObject.open)(temporary, 'wx').catch(part_file_refuse);
        try {
            let bytes = 0;
            const fetched = await fetch(async (body) => {
                bytes = await writeBody(file, body);
            });
            await file.close().catch(part_file_refuse);
            await check();
            await retryHeld(() => (0,promises_namespaceObject.rename)(temporary, (0,external_node_path_namespaceObject.join)(path, name))).catch(part_file_refuse);
            return { ...fetched, bytes };
        }
        catch (error) {
            await file.close().catch(() => { });
            await (0,promises_namespaceObject.rm)(temporary, { force: true }).catch(() => { });
            throw error;
        }
    });
}
/** Removes files from a folder, and nothing that is no file.
 *  @returns their names
 *  @throws FileError */
async function removeFiles(folder, isRemoved) {
    return inFolder(folder, async (path) => {
        const entries = await (0,promises_namespaceObject.readdir)(path, { withFileTypes: true }).catch(part_file_refuse);
        const names = entries.filter((entry) => entry.isFile() && isRemoved(entry.name)).map(({ name }) => name);
        for (const name of names) {
            await (0,promises_namespaceObject.rm)((0,external_node_path_namespaceObject.join)(path, name), { force: true }).catch((cause) => {
                const message = `'${name}', of an earlier fetch, can't be removed (${cause.code})`;
                throw new FileError(message, { retryable: false, cause });
            });
        }
        return names;
    });
}
/** If a link or another folder takes the place of the folder meanwhile, nothing is written there.
 *  @param use gets a path of the open folder, where the system has such paths, and a check of its name
 *  @throws FileError */
async function inFolder(folder, use) {
    const handle = await (0,promises_namespaceObject.open)(folder, external_node_fs_namespaceObject.constants.O_DIRECTORY | external_node_fs_namespaceObject.constants.O_NOFOLLOW).catch((cause) => {
        if (cause.code === 'ENOENT')
            return part_file_refuse(cause);
    });
    const own = `/proc/self/fd/${handle?.fd}`;
    const isKnown = process.platform === 'linux' && (0,external_node_fs_namespaceObject.existsSync)(own);
    const check = async () => {
        const real = await (isKnown ? (0,promises_namespaceObject.readlink)(own) : (0,promises_namespaceObject.realpath)(folder)).catch(part_file_refuse);
        if (real !== folder)
            throw new FileError('something else has taken the place of the folder', { retryable: false });
    };
    try {
        await check();
        return await use(isKnown ? own : folder, check);
    }
    finally {
        await handle?.close();
    }
}
async function writeBody(file, body) {
    await file.truncate(0).catch(part_file_refuse);
    let bytes = 0;
    for await (const chunk of body) {
        for (let at = 0; at < chunk.length;) {
            at += (await file.write(chunk, at, chunk.length - at, bytes + at).catch(part_file_refuse)).bytesWritten;
        }
        bytes += chunk.length;
    }
    return bytes;
}
function part_file_refuse(cause) {
    const { code = 'unknown error' } = cause;
    throw new FileError(`the file can't be written (${code})`, { retryable: false, cause });
}

;// CONCATENATED MODULE: ./lib/src/download-reports/part-names.js
const LENGTH_MAX = 100;
/** Makes unique names for the files of reports. No key can lead out of the folder. */
function createPartNames() {
    // in lower case, because a runner's file system can ignore case; with the number of its last copy
    const taken = new Map();
    return (report) => {
        const safe = baseOf(report);
        let base = safe;
        let copy = taken.get(safe.toLowerCase()) ?? 1;
        for (; taken.has(base.toLowerCase()); copy += 1)
            base = `${safe}_${copy + 1}`;
        taken.set(safe.toLowerCase(), copy);
        if (base !== safe)
            taken.set(base.toLowerCase(), 1);
        return (number, url) => `${base}-${String(number).padStart(2, '0')}${extensionOf(url)}`;
    };
}
function baseOf({ key, day }) {
    const safe = key.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^-+/, '');
    return safe.replaceAll('_', '') === '' ? `report_${day.replaceAll('-', '')}` : safe.slice(0, LENGTH_MAX);
}
/** @returns '' if the URL's path has no plain extension */
function extensionOf(url) {
    const name = URL.canParse(url) ? new URL(url).pathname.replace(/^.*\//, '') : '';
    return (/\.[a-z][a-z0-9]{0,7}(\.gz)?$/i.exec(name)?.[0] ?? '').toLowerCase();
}
// a number of four digits or more is a year or a day of somebody's own file
const PART = /^(.*)-(?:\d{2}|[1-9]\d\d)((?:\.[a-z][a-z0-9]{0,7})?)(?:\.gz)?$/;
/** Tells parts of an earlier fetch of the same report: names of the same form, with another number, or packed otherwise.
 *  @param names of all parts of the new fetch */
function createIsOlder(names) {
    const own = new Set(names.map((name) => name.toLowerCase()));
    const forms = new Set(names.map(formOf));
    return (name) => !own.has(name.toLowerCase()) && forms.has(formOf(name));
}
/** @returns base and extension of a part, which no other name can be */
function formOf(name) {
    return name.toLowerCase().replace(PART, '$1/$2');
}

;// CONCATENATED MODULE: ./lib/src/download-reports/run-state.js
/** The reports of the period, oldest first, with their parts in order. */
function rowsOf({ choice, fetched }) {
    const chosen = [...(choice?.complete ?? []), ...(choice?.incomplete ?? [])];
    const waiting = chosen.filter(({ id }) => !fetched.has(id)).map((report) => ({ report, parts: [] }));
    return [...fetched.values(), ...waiting].sort((a, b) => a.report.day.localeCompare(b.report.day)).map(rowOf);
}
function rowOf(fetched) {
    const parts = fetched.parts.toSorted((a, b) => a.number - b.number);
    const done = parts.filter((outcome) => outcome.ok);
    const names = done.map(({ name }) => name);
    const bytes = done.reduce((sum, outcome) => sum + outcome.bytes, 0);
    return { ...fetched, parts, names, bytes, state: stateOf(fetched, done.length) };
}
function stateOf({ report, of, parts, error }, done) {
    if (!report.completed)
        return 'not complete';
    if (error !== undefined || parts.some(({ ok }) => !ok))
        return 'failed';
    if (of === 0)
        return 'no files';
    return done === of ? 'fetched' : 'not done';
}

;// CONCATENATED MODULE: ./lib/src/download-reports/sentences.js




/** @see https://docs.imgix.com/apis/management/reports, read 2026-11 */
const KEPT_DAYS = 90;
/** An older newest report means that something is wrong. */
const NEWEST_MAX_DAYS = 3;
/** The reports of the period at imgix. */
function choiceSentence({ complete, incomplete, missing }) {
    const parts = [
        `${count(complete.length, 'complete report')}${complete.length === 1 ? ` (${complete[0]?.key})` : ''}`,
        incomplete.length > 0 && `${incomplete.length} not complete yet`,
        missing.length > 0 && withoutReport(missing),
    ];
    return parts.filter(Boolean).join(', ');
}
function withoutReport(missing) {
    return `${count(missing.length, 'day')} without a report`;
}
function waitSentence(awaited, leftMs) {
    return `waits for ${firstOf(awaited)}, ${duration(leftMs / 1000)} at most`;
}
function removedSentence(key, names) {
    return `removed ${firstOf(names)}, of an earlier fetch of ${key}`;
}
function firstOf(names) {
    return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}
function partSentence(outcome, folder) {
    const { name } = outcome;
    if (!outcome.ok)
        return `failed ${name}: the end of the log says why`;
    const tries = outcome.attempts > 1 ? `, ${outcome.attempts} tries` : '';
    return `fetched ${folder}/${name} (${size(outcome.bytes)}, ${duration(outcome.seconds)}${tries})`;
}
/** The result of the run, in one line. */
function resultSentence(state) {
    const rows = rowsOf(state);
    const number = (wanted) => rows.filter((row) => row.state === wanted).length;
    const files = rows.flatMap(({ names }) => names).length;
    const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
    const missing = state.choice?.missing ?? [];
    const parts = [
        files === 0
            ? 'nothing fetched'
            : `${count(number('fetched'), 'report')} fetched (${count(files, 'file')}, ${size(bytes)})`,
        ...['failed', 'no files', 'not complete', 'not done'].map((name) => number(name) > 0 && `${number(name)} ${name === 'no files' ? 'without files' : name}`),
        missing.length > 0 && withoutReport(missing),
    ];
    return `${state.cancelled ? 'cancelled: ' : ''}${parts.filter(Boolean).join(', ')}`;
}
/** One line for each failure. */
function failureLines(state) {
    return rowsOf(state).flatMap(({ report, error, of, parts }) => [
        ...(error === undefined ? [] : [`${report.key}: ${explain(error)}`]),
        ...parts.flatMap((outcome) => outcome.ok ? [] : [`${report.key}, part ${outcome.number} of ${of}: ${explain(outcome.error)}`]),
    ]);
}
function incompleteLines({ inputs, choice }) {
    if (inputs === undefined || choice === undefined)
        return [];
    const after = duration(inputs.waitTimeoutMs / 1000);
    return choice.incomplete.map(({ key }) => inputs.onIncomplete === 'skip'
        ? `${key} is skipped: it is not complete yet`
        : `${key} was not complete after ${after}; run the job again later, or raise wait-timeout`);
}
/** One line for each reason why reports are missing. */
function missingLines(state, nowS) {
    const { inputs, choice, fetched, unreadable = 0 } = state;
    if (inputs === undefined || choice === undefined)
        return [];
    if (choice.listed === 0)
        return [whyNone(inputs, unreadable)];
    const isNone = choice.complete.length + fetched.size === 0;
    if (isNone && inputs.period === 'latest' && inputs.onIncomplete === 'skip')
        return [`no ${inputs.type} report is complete: run the job again later, or set on-incomplete to wait`];
    const byReason = Map.groupBy(choice.missing, (day) => whyMissing(day, inputs, nowS));
    const lines = [...byReason].map(([why, days]) => `no ${inputs.type} report of ${spansOf(days)}: ${why}`);
    const empty = rowsOf(state).filter((row) => row.state === 'no files');
    return [
        ...lines,
        ...empty.map(({ report }) => `${report.key} is complete and has no files: let on-missing be warn if that is right`),
    ];
}
function whyNone({ type }, unreadable) {
    if (unreadable > 0)
        return `imgix lists ${count(unreadable, `${type} report`)}, none with a key and a valid period: tell imgix's support`;
    return `imgix lists no ${type} report: ask imgix's support, which enables reports, a premium feature, for an account`;
}
function whyMissing(day, { onIncomplete, waitTimeoutMs }, nowS) {
    if (nowS < endOf(day))
        return 'the day is not over in UTC: run the job again after it';
    if (nowS < endOf(day) + LATE_S) {
        const waits = onIncomplete === 'wait' ? `, and waiting ${duration(waitTimeoutMs / 1000)} was not enough` : '';
        return `imgix makes the report of a day by 04:00 UTC of the next day${waits}: run the job again later`;
    }
    if (nowS > endOf(day) + KEPT_DAYS * DAY_S)
        return `imgix keeps reports for ${KEPT_DAYS} days: choose a later period`;
    return 'imgix lists none: choose another period, or let on-missing be warn';
}
/** @returns a line if the newest report is too old */
function oldLines({ inputs, choice }, nowS) {
    const report = choice?.complete[0];
    if (inputs?.period !== 'latest' || report === undefined)
        return [];
    const days = Math.floor((nowS - period_startOf(report.day)) / DAY_S);
    if (days <= NEWEST_MAX_DAYS)
        return [];
    return [
        `the newest complete ${inputs.type} report is of ${report.day}, ${days} days ago: check whether imgix still makes reports`,
    ];
}

;// CONCATENATED MODULE: ./lib/src/download-reports/fetch.js








/** Downloads the files of reports, `concurrency` at a time. The URLs of a report expire, so they are read just before its
 *  downloads. After a failure the others continue.
 *  @throws ImgixError if the key may not read reports, and what `reports` throws */
async function fetchReports(reports, fetching) {
    const tasks = listTasks(reports, fetching);
    const work = async () => {
        for await (const task of tasks) {
            const outcome = await fetchPart(task, fetching);
            if (outcome.ok || !fetching.signal.aborted)
                await record(outcome, task.from, fetching);
        }
    };
    const endings = await Promise.allSettled(Array.from({ length: fetching.inputs.concurrency }, work));
    for (const ending of endings)
        if (ending.status === 'rejected')
            throw ending.reason;
}
async function* listTasks(reports, fetching) {
    const nameParts = createPartNames();
    for await (const report of reports) {
        const from = { report, parts: [] };
        fetching.fetched.set(report.id, from);
        const urls = await readUrls(report, fetching).catch((error) => {
            const isForbidden = error instanceof ImgixError && (error.status === 401 || error.status === 403);
            if (isForbidden || fetching.signal.aborted)
                throw error;
            from.error = error;
            return undefined;
        });
        if (urls === undefined)
            continue;
        from.of = urls.length;
        const nameOf = nameParts(report);
        for (const [index, url] of urls.entries())
            yield { number: index + 1, name: nameOf(index + 1, url), url, from };
    }
}
/** @throws ImgixError */
async function readUrls(report, { client, signal }) {
    const { attributes } = await getReport(client, report.id, { fields: ['files'], signal });
    const files = attributes.files ?? [];
    if (Array.isArray(files) && files.every((url) => typeof url === 'string'))
        return files;
    return fetch_refuse(report, 'with files that are not a list of URLs');
}
function fetch_refuse({ id }, reason) {
    throw new ImgixError({
        method: 'GET',
        path: `/api/v1/reports/${encodeURIComponent(id)}`,
        permission: 'Analytics',
        status: 200,
        reason,
    });
}
async function fetchPart(task, fetching) {
    const { number, name } = task;
    const startedAt = performance.now();
    try {
        const { attempts, bytes } = await getPart(task, fetching).catch(async (error) => {
            if (!isExpired(error))
                throw error;
            core_info(`the URL of ${name} has expired: requests another one`);
            return getPart({ ...task, url: await renewUrl(task, fetching) }, fetching);
        });
        return { number, name, ok: true, bytes, attempts, seconds: (performance.now() - startedAt) / 1000 };
    }
    catch (error) {
        return { number, name, ok: false, error };
    }
}
function getPart({ name, url, from: { report } }, { client, folder, signal }) {
    const own = `${report.key}\n${report.id}\n${name}`;
    return writePart({ folder, name }, (receive) => client.get({ url, own, receive, signal }));
}
/** @throws ImgixError, also if the number of files has changed */
async function renewUrl({ number, from: { report, of } }, fetching) {
    const urls = await readUrls(report, fetching);
    const url = urls[number - 1];
    if (url !== undefined && urls.length === of)
        return url;
    return fetch_refuse(report, `with ${urls.length} files where there were ${of}`);
}
/** Removes the parts of an earlier fetch when the report is whole: nobody must take them for its own. If that fails, the
 *  last part has failed. */
async function record(outcome, from, { folder, inputs }) {
    const { report, of, parts } = from;
    const last = parts.push(outcome) - 1;
    if (parts.length === of && parts.every(({ ok }) => ok)) {
        try {
            const removed = await removeFiles(folder, createIsOlder(parts.map(({ name }) => name)));
            if (removed.length > 0)
                core_info(removedSentence(report.key, removed));
        }
        catch (error) {
            parts[last] = { number: outcome.number, name: outcome.name, ok: false, error };
        }
    }
    const told = parts[last] ?? outcome;
    if (!told.ok)
        debugRequest(told.error);
    core_info(partSentence(told, inputs.folder));
}

;// CONCATENATED MODULE: ./lib/src/runner/seldom.js
const LEAST_MS = 10_000;
/** @returns a function that calls `log` at most once in `leastMs`, and not at once */
function seldom(log, leastMs = LEAST_MS) {
    let last = performance.now();
    return (value) => {
        if (performance.now() - last < leastMs)
            return;
        last = performance.now();
        log(value);
    };
}

;// CONCATENATED MODULE: ./lib/src/download-reports/gather.js







const FIRST_PAUSE_MS = 1000;
const PAUSE_MAX_MS = 60_000;
const WAIT_LINE_MS = 300_000;
/** Yields each report of a period when it is complete. With `wait`, waits for reports that can still come. */
async function* gatherReports({ inputs, state, signal, list }) {
    const yielded = new Set();
    const logged = new Set(); // each poll finds the same again
    const logOnce = (text, log = core_info) => {
        if (!logged.has(text))
            log(text);
        logged.add(text);
    };
    let logWait = core_info;
    // the sum of all waits, without the time of requests and downloads
    let leftMs = inputs.onIncomplete === 'wait' ? inputs.waitTimeoutMs : 0;
    for (let pauseMs = FIRST_PAUSE_MS;; pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS)) {
        const { reports, unreadable } = await list();
        const choice = chooseReports(reports, inputs);
        Object.assign(state, { choice, unreadable });
        const leftOut = `${count(unreadable, 'report')} left out, without a key or a valid period`;
        if (unreadable > 0)
            logOnce(leftOut, core_warning);
        logOnce(`${inputs.type}: ${choiceSentence(choice)}`);
        for (const report of choice.complete.filter(({ id }) => !yielded.has(id))) {
            yielded.add(report.id);
            yield report;
        }
        const expected = choice.missing.filter((day) => choice.listed > 0 && mayCome(day, leftMs));
        const awaited = [...choice.incomplete.map(({ key }) => key), ...expected.map((day) => `the report of ${day}`)];
        if (awaited.length === 0 || leftMs <= 0)
            return;
        logWait(waitSentence(awaited, leftMs));
        if (logWait === core_info)
            logWait = seldom(core_info, WAIT_LINE_MS);
        const waitMs = Math.min(pauseMs, leftMs);
        leftMs -= waitMs;
        await (0,external_node_timers_promises_namespaceObject.setTimeout)(waitMs, undefined, { signal });
    }
}
function mayCome(day, leftMs) {
    const end = endOf(day) * 1000;
    return Date.now() + leftMs > end && Date.now() < end + LATE_S * 1000;
}

;// CONCATENATED MODULE: ./lib/src/inputs/defaults.js
// The defaults of action.yml, for inputs that the runner does not set. A test compares the two.
const DEFAULT_FILES = [
    ...'ai apng avif bmp eps gif hei[cf] icns ico jfif jp2 jp[eg] jpeg jxr pct pdf pjpeg png psd svg tif tiff webp'.split(' '),
    ...'m4v mov mp4 webm'.split(' '),
].map((extension) => `**/*.${anyCase(extension)}`);
function anyCase(extension) {
    return extension.replace(/\[([a-z]+)\]|[a-z]/g, (match, set) => set === undefined ? `[${match}${match.toUpperCase()}]` : `[${set}${set.toUpperCase()}]`);
}
/** Those of all three actions. */
const CLIENT_DEFAULTS = { 'max-attempts': '5', timeout: '60', 'api-url': 'https://api.imgix.com' };
const defaults_DEFAULTS = {
    mode: 'changed',
    root: '.',
    files: `${DEFAULT_FILES.join('\n')}\n`,
    'on-unknown-base': 'all',
    upload: 'true',
    'on-conflict': 'overwrite',
    'upload-via': 'auto',
    'session-threshold': '30MB',
    guards: 'fail',
    force: 'false',
    untracked: 'include',
    shard: '1/1',
    'asset-manager': 'off',
    purge: 'true',
    deleted: 'purge',
    verify: 'off',
    'verify-timeout': '60',
    summary: 'pictures',
    'rate-limits': 'upload=2/s, purge=10/s, get=10/s, refresh=10/m, default=4/s',
    concurrency: '8',
    'dry-run': 'false',
    ...CLIENT_DEFAULTS,
};

;// CONCATENATED MODULE: ./lib/src/download-reports/inputs.js






// The defaults of reports/action.yml, for inputs that the runner does not set. A test compares the two.
const inputs_DEFAULTS = {
    period: 'latest',
    folder: 'imgix-reports',
    'on-incomplete': 'wait',
    'wait-timeout': '1800',
    'on-missing': 'fail',
    concurrency: '4',
    ...CLIENT_DEFAULTS,
};
// Types that are not yet in the reference of REPORT_TYPES: docs.imgix.com/en-US/apis/management/reports, read 2026-11
const NEWER_TYPES = ['credit_analytics_daily', 'credit_analytics_mtd'];
/** Reads and checks every input.
 *  @throws InputError with all problems at once */
function readInputs(workspace) {
    const { read, readClient, requireKey, check } = createInputReader(inputs_DEFAULTS);
    const inputs = {
        type: read('type', oneOf(...REPORT_TYPES, ...NEWER_TYPES)),
        period: read('period', parsePeriod),
        /** POSIX, relative to the workspace */
        folder: read('folder', (text) => parseFolder(text, workspace)),
        onIncomplete: read('on-incomplete', oneOf('wait', 'skip')),
        waitTimeoutMs: read('wait-timeout', wholeNumber(1, 21_600)) * 1000,
        /** for a day without a report, and a report without files */
        onMissing: read('on-missing', oneOf('fail', 'warn')),
        concurrency: read('concurrency', wholeNumber(1, 16)),
        ...readClient(),
    };
    requireKey('a Management API key with the permission Analytics');
    check();
    return inputs;
}

;// CONCATENATED MODULE: ./lib/src/runner/summary.js


// GitHub drops a job summary over 1 MiB as a whole.
const SUMMARY_MAX_BYTES = 2 ** 20;
const TABLE_MAX_BYTES = 150_000;
const TABLE_MAX_ROWS = 200;
/** Longer words can be broken, at a dot if there is one. */
const WORD_MAX_LENGTH = 12;
const PIECES = /(?:&#\d+;|[^._&]){0,11}[._]+|(?:&#\d+;|[^._&]){1,12}/gu;
const summary_LINES_MAX = 100;
const summary_LINE_MAX_LENGTH = 500;
const CUT = 'Parts that are too long for a job summary are left out: the log has them.\n';
/** @returns the sections that fit, in a job summary or in `maxBytes`, with an empty line between them */
function joinSections(sections, maxBytes = SUMMARY_MAX_BYTES) {
    const all = sections.filter((text) => text !== '');
    const texts = [];
    let bytes = Buffer.byteLength(CUT) + 2;
    for (const section of all) {
        const more = Buffer.byteLength(section) + 2;
        if (bytes + more > maxBytes)
            continue;
        bytes += more;
        texts.push(section);
    }
    return texts.length === all.length ? `${texts.join('\n\n')}\n` : [...texts, CUT].join('\n\n');
}
/** A heading in HTML: in one of Markdown, a text of others can have images and links. */
function heading(sign, text) {
    return `<h3>${sign} ${summary_shorten(text)}</h3>`;
}
/** A text of others, cut, for an element of HTML: it has no secret, and notifies nobody. */
function summary_shorten(text) {
    return prose(redact(text).slice(0, summary_LINE_MAX_LENGTH));
}
/** A text that a narrow page can break after each folder and in a long word.
 *  @param text as `html` has it: each `&` begins an entity */
function breakable(text) {
    const words = text.match(/[^/\s-]*[/\s-]+|[^/\s-]+/gu) ?? [];
    const pieces = words.flatMap((word) => (word.length <= WORD_MAX_LENGTH ? word : (word.match(PIECES) ?? [])));
    return pieces.map((piece, at) => `${/(?:[\s-]|^)$/.test(pieces[at - 1] ?? '') ? '' : '&#8203;'}${piece}`).join('');
}
/** One paragraph per line. */
function paragraphs(lines) {
    const shown = cut(lines, summary_LINES_MAX, summary_shorten, 'more: the log has them all');
    return shown.map((line) => `<p>${line}</p>`).join('\n');
}
/** A block of HTML without empty lines, so that nothing in a name is read as Markdown. '' for no items. */
function table(items, { head, row, source }) {
    if (items.length === 0)
        return '';
    const rows = [];
    let bytes = 0;
    for (const item of items.slice(0, TABLE_MAX_ROWS)) {
        const cells = row(item).map((cell) => `<td>${cell}</td>`);
        const text = `<tr>${cells.join('')}</tr>`;
        bytes += Buffer.byteLength(text);
        if (bytes > TABLE_MAX_BYTES)
            break;
        rows.push(text);
    }
    const left = items.length - rows.length;
    if (left > 0)
        rows.push(`<tr><td colspan="${head.length}">and ${left} more: the ${source} has them all</td></tr>`);
    const header = head.map((cell) => `<th align="left">${cell}</th>`).join('');
    return `<table>\n<tr>${header}</tr>\n${rows.join('\n')}\n</table>`;
}

;// CONCATENATED MODULE: ./lib/src/download-reports/report.js








/** Reports the result of the run, after every ending.
 *  @param error the error that ended the run early */
async function reportEnding(state, error) {
    debugError(error);
    const lines = linesOf(state, error);
    const failed = lines.error.length > 0 || state.cancelled;
    for (const level of ['error', 'warning', 'notice']) {
        const annotations = lines[level].map((line) => ({ line }));
        annotations_annotate(level, annotations);
    }
    await attempt('the outputs', () => setOutputs(state));
    await outputs_writeSummary(formatSummary(state, failed, Object.values(lines).flat()));
    const sentence = resultSentence(state);
    if (state.choice === undefined && !state.cancelled) {
        if (failed)
            process.exitCode = core_ExitCode.Failure; // the annotations name the reason
    }
    else if (failed)
        core_setFailed(sentence);
    else
        core_info(sentence);
}
function linesOf(state, error) {
    const problems = listProblems(error, 'imgix reports', explain).map(({ line }) => line);
    const failures = [...problems, ...failureLines(state)];
    // a run that ended early does not know which reports it would have found
    if (error !== undefined || state.cancelled)
        return { error: failures, warning: [], notice: [] };
    const nowS = Date.now() / 1000;
    const missing = missingLines(state, nowS);
    const incomplete = incompleteLines(state);
    const [fails, waits] = [state.inputs?.onMissing === 'fail', state.inputs?.onIncomplete === 'wait'];
    return {
        error: [...failures, ...(waits ? incomplete : []), ...(fails ? missing : [])],
        warning: [...(fails ? [] : missing), ...oldLines(state, nowS)],
        notice: waits ? [] : incomplete,
    };
}
function setOutputs(state) {
    const rows = rowsOf(state);
    const keys = (wanted) => rows.filter((row) => row.state === wanted).map(({ report }) => report.key);
    const folder = state.inputs?.folder ?? '';
    const files = rows.flatMap(({ names }) => names.map((name) => (folder === '.' ? name : `${folder}/${name}`)));
    setListOutputs({
        files,
        'report-keys': keys('fetched'),
        incomplete: keys('not complete'),
        missing: state.choice?.missing ?? [],
        failed: keys('failed'),
    });
    core_setOutput('count', String(files.length));
}
const KEY_MAX_LENGTH = 120;
const HEAD = ['Report', 'State', 'Period (UTC)', 'Files'];
/** The job summary: the result, the given lines, and a table of reports. */
function formatSummary(state, failed, lines) {
    const title = `### ${failed ? '❌' : '✅'} imgix reports: ${html(resultSentence(state))}`;
    const rows = table(rowsOf(state), { head: HEAD, row: cellsOf, source: 'log' });
    return joinSections([title, paragraphs(lines), rows]);
}
function cellsOf({ report: { key, since, day }, of, names, bytes, state }) {
    return [
        `<code>${breakable(html(redact(key).slice(0, KEY_MAX_LENGTH)))}</code>`,
        state,
        since === day ? day : `${since} to ${day}`,
        of === undefined ? '' : filesOf(names.length, { of, bytes }),
    ];
}
function filesOf(count, { of, bytes }) {
    const files = count === of ? String(of) : `${count} of ${of}`;
    return count === 0 ? files : `${files}, ${size(bytes)}`;
}

;// CONCATENATED MODULE: ./lib/src/download-reports/main.js















/** The most reports of one type. imgix makes one report each day, and keeps it for 90 days. */
const REPORTS_MAX = 10_000;
const TOO_MANY = `with more than ${REPORTS_MAX} reports of a type`;
/** Runs the action once: it never throws, and sets the exit code.
 *  @param front of a run that GitHub's runner does not start */
async function run(front) {
    const state = { cancelled: false, fetched: new Map() };
    const reportResult = ({ cancelled, error }) => reportEnding({ ...state, cancelled }, error);
    return runAction((runner) => ({ carryOut: () => carryOut(runner, state), reportEnding: reportResult }), front);
}
async function carryOut({ environment: { workspace }, stop }, state) {
    const inputs = readInputs(workspace);
    state.inputs = inputs;
    const folder = makeFolder(inputs.folder, workspace);
    const { /* hideUrl */ "KT": hide, /* redact */ "E$": redact } = runner_core_namespaceObject;
    const client = createClient({ ...inputs, userAgent: 'imgix-sync/1', hide, redact, onLongWait: logWait });
    const signal = stop.soft;
    try {
        const reports = gatherReports({ inputs, state, signal, list: () => list(client, inputs.type, signal) });
        await fetchReports(reports, { client, folder, inputs, signal, fetched: state.fetched });
    }
    finally {
        client.close();
    }
}
/** @returns its real path
 *  @throws InputError */
function makeFolder(folder, workspace) {
    const path = (0,external_node_path_namespaceObject.join)(workspace, folder);
    try {
        (0,external_node_fs_namespaceObject.mkdirSync)(path, { recursive: true });
    }
    catch (error) {
        const { code = 'unknown error' } = error;
        throw new InputError([`folder: '${folder}' is not allowed; a folder that can be written to (${code})`]);
    }
    const real = external_node_fs_namespaceObject.realpathSync.native(path); // it can have become a link to another place since the inputs were read
    if (isInWorkspace(external_node_fs_namespaceObject.realpathSync.native(workspace), real))
        return real;
    throw new InputError([`folder: '${folder}' is not allowed; a folder inside the workspace`]);
}
/** @returns every report of the type that has a day, and how many have none */
async function list(client, type, signal) {
    const reports = [];
    let unreadable = 0;
    const fields = ['completed', 'period_end', 'period_start', 'report_key', 'report_type'];
    const query = { sort: ['-period_end'], fields, page: { size: 100 }, filter: { report_type: type } };
    for await (const page of listReports(client, query, { signal })) {
        for (const resource of page) {
            const report = readReport(resource, type);
            if (reports.length === REPORTS_MAX)
                throw new ImgixError({
                    method: 'GET',
                    path: '/api/v1/reports',
                    permission: 'Analytics',
                    status: 200,
                    reason: TOO_MANY,
                });
            if (report !== undefined)
                reports.push(report);
            else if (resource.attributes.report_type === type)
                unreadable += 1;
        }
    }
    return { reports, unreadable };
}


/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
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
/******/ /* webpack/runtime/make namespace object */
/******/ (() => {
/******/ 	// define __esModule on exports
/******/ 	__nccwpck_require__.r = (exports) => {
/******/ 		if(typeof Symbol !== 'undefined' && Symbol.toStringTag) {
/******/ 			Object.defineProperty(exports, Symbol.toStringTag, { value: 'Module' });
/******/ 		}
/******/ 		Object.defineProperty(exports, '__esModule', { value: true });
/******/ 	};
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(821);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ var __webpack_exports__run = __webpack_exports__.e;
/******/ export { __webpack_exports__run as run };
/******/ 
