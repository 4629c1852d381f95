export const id = 552;
export const ids = [552];
export const modules = {

/***/ 9756:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  publish: () => (/* binding */ publish)
});

// EXTERNAL MODULE: ./lib/src/imgix/errors.js
var errors = __webpack_require__(4232);
// EXTERNAL MODULE: ./lib/src/imgix/http/body.js
var http_body = __webpack_require__(8618);
// EXTERNAL MODULE: ./lib/src/imgix/http/json.js
var json = __webpack_require__(9948);
// EXTERNAL MODULE: ./lib/src/imgix/http/retry.js
var retry = __webpack_require__(2294);
// EXTERNAL MODULE: ./lib/src/imgix/http/transport.js + 6 modules
var http_transport = __webpack_require__(8667);
// EXTERNAL MODULE: ./lib/src/imgix/http/unpack.js
var unpack = __webpack_require__(1308);
// EXTERNAL MODULE: ./lib/src/imgix/http/unsent.js
var unsent = __webpack_require__(555);
;// CONCATENATED MODULE: ./lib/src/imgix/answers.js







function readDocument({ text }) {
    if (text.trim() === '')
        return { document: {} };
    try {
        const document = (0,json/* parseJson */.qF)(text, keepNumber);
        if ((0,errors/* isRecord */.u4)(document))
            return { document, problem: problemOf(document) };
    }
    catch (error) {
        if (error instanceof json/* JsonLimitError */.CI)
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
    const stale = thrown instanceof http_transport/* StaleConnection */.g0;
    const found = stale && thrown.cause instanceof Error ? thrown.cause : thrown;
    const { code = '' } = found;
    const cause = code === 'ERR_INVALID_CHAR' ? new unsent/* UnsentError */.Gx(found.message) : found; // Node's, of a header
    const { retryable = true } = cause;
    const error = cause instanceof http_body/* FileError */.f6 ? cause : new errors/* ImgixError */.xw({ ...facts, reason: why(cause, facts), cause });
    const starved = (0,http_transport/* isStarved */.iA)(cause);
    const isSent = !(starved || cause instanceof http_body/* FileError */.f6 || cause instanceof unsent/* UnsentError */.Gx || NEVER_SENT.includes(code));
    // a kept connection that was closed says nothing of the server: no need to give it time
    const waitMs = stale ? 0 : (0,retry/* backOff */.fu)(facts.attempts);
    return { error, waitMs: retryable ? waitMs : undefined, perhapsDone: isSent, starved, stale };
}
/** @param facts with a status if only the body is missing */
function why(cause, { status, path, host = path }) {
    if (cause instanceof unsent/* UnsentError */.Gx)
        return (0,unsent/* whyUnsent */.GI)(cause, ` to ${host}`);
    if (cause instanceof unpack/* BodyError */.R)
        return status === undefined ? cause.message : `with ${cause.message}`;
    const { code, message } = cause;
    const what = code === undefined || code === 'ETIMEDOUT' ? message : code;
    return status === undefined ? `no answer from ${host} (${what})` : `with a body that did not arrive whole (${what})`;
}

// EXTERNAL MODULE: ./lib/src/imgix/http/given-body.js
var given_body = __webpack_require__(1422);
// EXTERNAL MODULE: ./lib/src/imgix/strangers.js
var strangers = __webpack_require__(204);
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
        const isRefused = request.limit === 'deploy' && reason instanceof errors/* ImgixError */.xw && reason.status === 429;
        const tell = isRefused ? settings.onLongWait : sending.onWait;
        tell(waitMs, reason);
    };
    const isOnce = (0,given_body/* isStream */.r)(request.upload);
    return (0,retry/* retry */.L5)(attempt, { maxAttempts: settings.maxAttempts, isStream: isOnce, signal: halt, onWait });
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
        const error = new errors/* ImgixError */.xw({ ...facts, status, reason, ...(0,errors/* readErrors */.MA)(document, redact) });
        return { error, waitMs: (0,retry/* backOff */.fu)(attempts), perhapsDone: true };
    }
    const waitMs = (0,retry/* retryDelay */.a2)(answer, attempts, pace.refusedMs(request.limit));
    const reason = status < 400 ? 'a redirect, which is not followed' : undefined;
    const error = (0,strangers/* isStrangers */.yQ)(answer, (0,strangers/* isImgixs */.gu)(answer, document))
        ? (0,strangers/* strangersError */.MC)(answer, facts, 'imgix')
        : new errors/* ImgixError */.xw({ ...facts, status, reason, ...(0,errors/* readErrors */.MA)(document, redact) });
    return { error, waitMs, perhapsDone: waitMs !== undefined && status !== 429 };
}
/** @returns the contradiction, cut short and without secrets; undefined for none */
function contradictionIn(document = {}, { contradiction }, redact) {
    const reason = contradiction?.(document);
    return reason && (0,errors/* shorten */.ml)(reason, redact);
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

// EXTERNAL MODULE: external "node:dns"
var external_node_dns_ = __webpack_require__(610);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
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
function createHosts(apiUrl, resolve = external_node_dns_.promises.lookup) {
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
                throw new unsent/* HostError */.dh(`its name leads to ${address}, which is not a public address`);
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
    if ((0,external_node_net_.isIP)(host) !== 0)
        return kindOf(host);
    if (/(^|\.)localhost$/.test(host))
        return 'loopback';
    return host.includes('.') && !PRIVATE_NAME.test(host) ? undefined : 'private';
}
/** @param address without brackets */
function kindOf(address) {
    const family = (0,external_node_net_.isIP)(address) === 6 ? 'ipv6' : 'ipv4';
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
        const list = new external_node_net_.BlockList();
        for (const range of ranges)
            list.addSubnet(String(range.split('/')[0]), Number(range.split('/')[1]), family);
        return { kind, list };
    };
}

// EXTERNAL MODULE: ./lib/src/imgix/pace.js + 1 modules
var imgix_pace = __webpack_require__(3875);
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
    const rateLimits = { ...imgix_pace/* DOCUMENTED_LIMITS */.s, ...withoutUndefined(given.rateLimits ?? {}) };
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

// EXTERNAL MODULE: ./lib/src/imgix/storage-answers.js
var storage_answers = __webpack_require__(344);
;// CONCATENATED MODULE: ./lib/src/imgix/storage-url.js


const HOST_MAX_LENGTH = 300;
/** No storage takes a longer one, and the parts of the last few thousand are kept to be hidden. */
const URL_MAX_LENGTH = 8192;
/** Hides a URL of the storage, and admits it: https, or http on this machine, without a user name, on an allowed host.
 *  @throws ImgixError */
async function admitUrl(text, { method, own = '', base }, { hosts, settings }) {
    if (text.length > URL_MAX_LENGTH) {
        throw new errors/* ImgixError */.xw({ method, path: 'of a file', reason: `the URL of the file has ${text.length} characters` });
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
        throw new errors/* ImgixError */.xw({ method, path: host, reason });
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
                return (0,storage_answers/* refusal */.x5)(answer, { ...facts, reason });
            url = await admitUrl(next, { method: 'GET', own, base: url }, sending);
        }
    };
    return (0,retry/* retry */.L5)(attempt, { maxAttempts: settings.maxAttempts, signal, onWait });
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
        if (isBroken || cause instanceof http_body/* FileError */.f6)
            throw cause;
        signal?.throwIfAborted();
        const { code, message } = asError(cause);
        throw new http_body/* FileError */.f6(`the file can't be written (${code ?? message})`, { retryable: false, cause });
    }
}
/** @returns the file in a body, chunk by chunk
 *  @throws BodyError */
function contentOf(body, headers, { pathname }) {
    if ((0,strangers/* isHtml */._6)(headers))
        throw new unpack/* BodyError */.R(PAGE); // no report is one
    // without either, a cut body looks like a complete one
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
        throw new unpack/* BodyError */.R('a body whose size it does not tell', { retryable: false });
    }
    const encoding = headers['content-encoding'] ?? '';
    const isArchive = /\.gz$/i.test(pathname) && /^(x-)?gzip$/i.test(encoding);
    return limited(checked(isArchive ? body : (0,unpack/* unpacked */.K)(body, encoding)));
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
        throw new unpack/* BodyError */.R(PAGE);
    if (!START_OF_ERROR.test(text))
        return start;
    const code = (0,storage_answers/* codeOf */.$N)(text);
    throw new unpack/* BodyError */.R(`an error of the storage in the place of the file${code === undefined ? '' : `: ${code}`}`);
}
/** @throws BodyError for a body that is too long for a part of a report */
async function* limited(body) {
    let bytes = 0;
    for await (const chunk of body) {
        bytes += chunk.length;
        if (bytes > FILE_MAX_BYTES)
            throw new unpack/* BodyError */.R(`a body of more than ${FILE_MAX_BYTES / 1e9} GB`, { retryable: false });
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
        if (!(error instanceof errors/* ImgixError */.xw) || !isUnsigned(error) || (0,given_body/* isStream */.r)(put))
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
        const judged = (0,storage_answers/* judgePut */.vR)(answer, facts);
        if ('error' in judged)
            return judged;
        if (judged.doubt !== undefined)
            put.onDoubt?.(judged.doubt);
        return { done: { attempts } };
    };
    return (0,retry/* retry */.L5)(attempt, { maxAttempts: settings.maxAttempts, isStream: (0,given_body/* isStream */.r)(put), signal, onWait });
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
        transport: (0,http_transport/* createTransport */.oO)(settings.timeoutMs, settings.proxyFor),
        hosts: createHosts(apiUrl, settings.resolve),
        pace: (0,imgix_pace/* createPace */.q)(settings.rateLimits, settings.sharesLimits),
        clock: createClock(),
        onWait: createAnnouncer(settings.onLongWait),
        redact: (text) => (0,errors/* withoutPrivate */.ME)(redactOwn(apiKey === '' ? text : text.replaceAll(apiKey, '***'))),
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
            const told = (0,retry/* parseDate */._U)(date);
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
        if (!(0,errors/* isRecord */.u4)(data))
            return 'with data that is no object';
        const { length } = (0,errors/* textOf */.b6)(data.id);
        if (length > ID_MAX_LENGTH)
            return `with an id of ${length} characters`;
        return contradictsType(data, type) ?? contradicts(data, (0,errors/* isRecord */.u4)(data.attributes) ? data.attributes : {});
    };
}
/** The document is about an object of this type, and this one.
 *  @param id of the object; undefined where it is new */
function contradictions_contradictsResource(type, noun, id) {
    const contradicts = contradictsObject(type, (data) => (id === undefined ? undefined : contradictsId(data, id, noun)));
    return (document) => (isObject(document.data) ? contradicts(document) : `with an answer that is no ${noun}`);
}
function isObject(data) {
    return (0,errors/* isRecord */.u4)(data) && (0,errors/* isRecord */.u4)(data.attributes);
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
    if ((0,errors/* isRecord */.u4)(set)) {
        if (told !== null && !(0,errors/* isRecord */.u4)(told))
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
    if (!(0,errors/* isRecord */.u4)(data) || !(0,errors/* isRecord */.u4)(data.attributes))
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
async function resources_requestResource(client, request) {
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
async function* lists_listPages(client, { path, permission, type, paging, query }, ends = {}) {
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
            throw new errors/* ImgixError */.xw({ method: 'GET', path: `/api/v1/${path}`, permission, status, reason });
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
const lists_BY_NUMBER = {
    at: 'number',
    size: 'size',
    turn(document) {
        const { pagination } = (0,errors/* isRecord */.u4)(document.meta) ? document.meta : {};
        // the reference's own example of a sorted list has none
        if (!(0,errors/* isRecord */.u4)(pagination))
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
        const { cursor: own } = (0,errors/* isRecord */.u4)(document.meta) ? document.meta : {};
        const cursor = (0,errors/* isRecord */.u4)(own) ? own : document.cursor;
        const isEmpty = readItems(document).length === 0;
        if (!(0,errors/* isRecord */.u4)(cursor))
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
    return lists_listPages(client, { path, type: 'assets', permission: BROWSE_PERMISSION, paging: BY_CURSOR, query }, ends);
}
/** Reads one asset. Permission Asset Manager Browse, limit `get`.
 *  @throws ImgixError (404: the Source has none at that path)
 *  @see https://docs.imgix.com/apis/management/assets */
function getAsset(client, { sourceId, originPath, route, ...ends }, query = {}) {
    const path = `${assetsPath(sourceId, route)}/${encodeOriginPath(originPath)}${writeQuery('assets', query)}`;
    const contradiction = contradictsAsset({ sourceId, originPath });
    return resources_requestResource(client, { path, limit: 'get', permission: BROWSE_PERMISSION, contradiction, ...ends });
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
    return resources_requestResource(client, { first: true, ...asked, path, permission: 'Asset Manager Edit', signal, halt });
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
            const isUnclear = error instanceof errors/* ImgixError */.xw && (error.perhapsDone || error.status === 409);
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
                if (!(result instanceof errors/* ImgixError */.xw)) {
                    forms.set(step, form);
                    return result;
                }
                mismatch ??= result;
            }
            catch (error) {
                if (!(error instanceof errors/* ImgixError */.xw && isUnknownRoute(error)))
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
        if (!(error instanceof errors/* ImgixError */.xw))
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
    return (0,errors/* withoutPrivate */.ME)(text.slice(0, 8 * TOLD_MAX_LENGTH)).slice(0, TOLD_MAX_LENGTH);
}
/** A refusal of what a POST to the sessions brought. */
function unexpected({ sourceId, originPath }, reason) {
    const path = `/api/v1/sources/${sourceId}/upload-sessions`;
    return new errors/* ImgixError */.xw({ method: 'POST', path, reason: `${reason} (${originPath})` });
}

// EXTERNAL MODULE: ./lib/src/inputs/metadata.js + 1 modules
var inputs_metadata = __webpack_require__(2130);
// EXTERNAL MODULE: ./lib/src/inputs/reader.js + 1 modules
var reader = __webpack_require__(9373);
// EXTERNAL MODULE: ./lib/src/inputs/shard.js
var inputs_shard = __webpack_require__(534);
;// CONCATENATED MODULE: ./lib/src/plan/forecast.js

/** Each step of a plan, once. */
function stepsOf({ files, purges, updates, calls }) {
    const ofFiles = files.flatMap((file) => [file.upload, ...file.purges, ...file.calls]);
    return [...ofFiles, ...purges, ...updates, ...calls];
}
/** The seconds that steps take by the rate limits alone: the time of the slowest class of requests. */
function forecastSeconds(steps, { upload, purge, refresh, default: other }) {
    const ofKind = (wanted) => steps.filter(({ kind }) => kind === wanted).length;
    const uploads = steps.filter((step) => step.kind === 'upload');
    const either = uploads.filter(({ route }) => route === 'any').length;
    const sessions = uploads.filter(({ route }) => route === 'session').length;
    const direct = uploads.length - either - sessions;
    const refreshes = countRefreshes(steps);
    const dropped = uploads.filter(({ change, hasRecord }) => hasRecord && change !== 'added').length;
    const updated = ofKind('update') + uploads.filter(isUpdated).length + dropped;
    const others = ofKind('call') - refreshes + updated + sessions * SESSION_REQUESTS;
    // files with `any` route spread so that both routes end at the same time
    const [directPerMs, otherPerMs] = [upload.count / upload.perMs, other.count / other.perMs];
    const share = (otherPerMs * (direct + either) - directPerMs * others) / (otherPerMs + SESSION_REQUESTS * directPerMs);
    const bySession = Math.min(either, Math.max(0, Math.round(share)));
    return Math.max(classSeconds(direct + either - bySession, upload), classSeconds(others + bySession * SESSION_REQUESTS, other), classSeconds(ofKind('purge'), purge), classSeconds(refreshes, refresh));
}
function countRefreshes(steps) {
    return steps.filter((step) => step.kind === 'call' && step.call === 'refresh').length;
}
/** A session needs two API requests: to open and to close it. */
const SESSION_REQUESTS = 2;
/** Whether the asset gets one more request after the upload. */
function isUpdated({ record, attributes }) {
    return record === 'always' || !(0,inputs_metadata/* wantsNothing */.ty)(attributes);
}
/** The seconds that a number of requests takes by its rate limit. */
function classSeconds(requests, { count, perMs }) {
    return (Math.floor(Math.max(0, requests - 1) / count) * perMs) / 1000;
}

// EXTERNAL MODULE: ./lib/src/inputs/fold-name.js
var fold_name = __webpack_require__(4091);
;// CONCATENATED MODULE: ./lib/src/plan/guards/magic-bytes.js
/** The number of first bytes that tell a format: a PDF's mark is within 1,024 bytes, an SVG's can follow long comments. */
const magic_bytes_START_BYTES = 4096;
const PDF_JUNK_BYTES = 1024;
const HEIF_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];
const AVIF_BRANDS = ['avif', 'avis'];
const GENERIC_BRANDS = ['mif1', 'mif2', 'msf1'];
/** the start of QuickTime files without a file type box */
const MOVIE_BOXES = ['moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp'];
/** element DocType, of 8 bytes */
const DOCTYPE_MATROSKA = 'B\x82\x88matroska';
/** In the order of the tests: first the marks that do not occur by chance. */
const FORMATS = [
    // PNG (third edition), 5.2; browsers also accept it as an icon
    ['a PNG image', ['png', 'apng', 'ico'], starts('\x89PNG\r\n\x1a\n')],
    // ITU-T T.81, B.1.1.3: start of image, then any marker
    ['a JPEG image', ['jpg', 'jpeg', 'jpe', 'jfif', 'pjpeg'], starts('\xff\xd8\xff')],
    // GIF89a specification, 17
    ['a GIF image', ['gif'], starts('GIF87a', 'GIF89a')],
    // RFC 9649, 2.4
    ['a WebP image', ['webp'], ({ bytes }) => bytes.startsWith('RIFF') && bytes.startsWith('WEBP', 8)],
    // AV1 Image File Format, on its brands
    ['an AVIF image', ['avif', 'heif'], (start) => hasBrand(start, AVIF_BRANDS)],
    // ISO/IEC 23008-12, 10
    ['a HEIF image', ['heic', 'heif'], isHeif],
    // TIFF 6.0, section 2; libtiff's page on BigTIFF
    ['a TIFF image', ['tif', 'tiff'], starts('II*\0', 'MM\0*', 'II+\0', 'MM\0+')],
    // ITU-T T.832, annex A
    ['a JPEG XR image', ['jxr'], starts('II\xbc\0', 'II\xbc\x01')],
    // ISO/IEC 15444-1, I.5.1 and, without the boxes, A.4.1
    ['a JPEG 2000 image', ['jp2'], starts('\0\0\0\x0cjP  \r\n\x87\n', '\xff\x4f\xff\x51')],
    ['a JPEG XL image', [], starts('\0\0\0\x0cJXL \r\n\x87\n')],
    // Adobe Photoshop File Formats Specification; version 2 is a PSB
    ['a Photoshop file', ['psd'], starts('8BPS')],
    ['an ICNS icon', ['icns'], starts('icns')],
    // RFC 8794 and 9559: only their DocType tells the two apart
    ['a WebM video', ['webm'], ({ bytes }) => bytes.startsWith('\x1aE\xdf\xa3') && !bytes.includes(DOCTYPE_MATROSKA)],
    ['a Matroska video', [], starts('\x1aE\xdf\xa3')],
    ['an MP4 or QuickTime video', ['mp4', 'mov', 'm4v'], isMovie],
    // formats that imgix does not serve, with the marks of file(1)
    ['a ZIP archive', [], starts('PK\x03\x04', 'PK\x05\x06')],
    ['gzip-compressed', ['svgz'], starts('\x1f\x8b')],
    ['a RAR archive', [], starts('Rar!\x1a\x07')],
    ['a 7-Zip archive', [], starts('7z\xbc\xaf\x27\x1c')],
    ['an AVI video', [], ({ bytes }) => bytes.startsWith('RIFF') && bytes.startsWith('AVI ', 8)],
    ['a WAV sound', [], ({ bytes }) => bytes.startsWith('RIFF') && bytes.startsWith('WAVE', 8)],
    ['an Ogg file', [], starts('OggS\0')],
    ['a Flash video', [], starts('FLV\x01')],
    // PDF Reference 1.7, 3.4.1, and what Acrobat also accepts: appendix H.3, notes 13 and 14
    ['a PDF document', ['pdf', 'ai'], ({ bytes }) => bytes.slice(0, PDF_JUNK_BYTES).includes('%PDF-')],
    ['a PDF document', ['pdf'], ({ bytes }) => /^%!PS-Adobe-\d\.\d PDF-\d/.test(bytes)],
    // Adobe Technical Note 5002, and the prefixes of printer drivers
    ['PostScript', ['eps', 'ai'], isPostScript],
    ['an SVG image', ['svg'], ({ markup }) => /^<(?:[\w.-]+:)?svg[\s/>]/.test(afterProlog(markup))],
    ['an HTML page', [], isHtml],
    ['an XML document', ['svg'], isCutInProlog],
    ['an XML document', [], ({ markup }) => /^<(?:\?xml\s|!--|[a-z][\w.:-]*[\s/>])/i.test(markup)],
    ['JSON', [], ({ text }) => /^\s*(?:\{\s*["}]|\[\s*["{[\]\d-])/.test(text ?? '')],
    // short marks
    ['a Windows bitmap', ['bmp'], isBitmap],
    // Microsoft's ICONDIR: an icon, with 1 to 255 images
    ['an ICO icon', ['ico'], ({ bytes }) => bytes.startsWith('\0\0\x01\0') && bytes[4] !== '\0' && bytes[5] === '\0'],
    // has no mark: only the bytes of another format show that such a file is wrong
    ['a PICT image', ['pct'], () => false],
];
/**
 * Compares the first bytes of a file with its extension.
 * @param start the first START_BYTES bytes, or all bytes of a smaller file
 * @returns the actual format and the remedy; undefined if they agree. A file of unknown format passes, and so does an
 *   unknown extension
 */
function findDisagreement(path, start) {
    const extension = (/\.([^./]+)$/.exec(path)?.[1] ?? '').toLowerCase();
    const expected = FORMATS.filter(([, extensions]) => extensions.includes(extension));
    const read = readStart(start);
    if (expected.length === 0)
        return undefined;
    if (expected.some(([, , isIt]) => isIt(read)))
        return undefined;
    const found = FORMATS.find(([, , isIt]) => isIt(read));
    if (found === undefined)
        return undefined;
    const [name, [rightExtension]] = found;
    const remedy = rightExtension === undefined ? 'put the real file in its place' : `rename it to .${rightExtension}, or convert it`;
    return `its bytes are ${name}, but it is called .${extension}: ${remedy}`;
}
function readStart(start) {
    const bytes = start.toString('latin1');
    const encoding = /^(?:\xff\xfe|<\0)/.test(bytes) ? 'utf-16le' : /^(?:\xfe\xff|\0<)/.test(bytes) ? 'utf-16be' : 'utf-8';
    return {
        bytes,
        get markup() {
            if (encoding === 'utf-8')
                return bytes.replace(/^\xef\xbb\xbf/, '').trimStart();
            return new TextDecoder(encoding).decode(start).trimStart();
        },
        get text() {
            try {
                // the last character can be incomplete
                const text = new TextDecoder(encoding, { fatal: true }).decode(start, { stream: true });
                return /[^\P{Cc}\s]/u.test(text) ? undefined : text;
            }
            catch {
                return undefined;
            }
        },
    };
}
function starts(...marks) {
    return ({ bytes }) => marks.some((mark) => bytes.startsWith(mark));
}
/** The brands of an ISO base media file, the major one first. ISO/IEC 14496-12 4.3 */
function brandsOf({ bytes }) {
    if (!bytes.startsWith('ftyp', 4))
        return [];
    const boxBytes = Buffer.from(bytes.slice(0, 4), 'latin1').readUInt32BE();
    const compatible = bytes.slice(16, Math.max(16, boxBytes));
    return [bytes.slice(8, 12), ...(compatible.match(/.{4}/gs) ?? [])];
}
function hasBrand(start, brands) {
    return brandsOf(start).some((brand) => brands.includes(brand));
}
function isHeif(start) {
    if (hasBrand(start, HEIF_BRANDS))
        return true;
    return hasBrand(start, GENERIC_BRANDS) && !hasBrand(start, AVIF_BRANDS);
}
/** QuickTime has files without a file type box, and a video can have the brand of a still image. */
function isMovie(start) {
    const [major] = brandsOf(start);
    if (major !== undefined)
        return ![...HEIF_BRANDS, ...AVIF_BRANDS, ...GENERIC_BRANDS].includes(major);
    return MOVIE_BOXES.includes(start.bytes.slice(4, 8)) && start.text === undefined;
}
function isPostScript({ bytes, markup }) {
    // a DOS header with a preview, a job for a printer, end of transmission
    return (['\xc5\xd0\xd3\xc6', '\x1b%-12345X', '\x04%!'].some((mark) => bytes.startsWith(mark)) || markup.startsWith('%!'));
}
function isBitmap({ bytes }) {
    if (bytes.startsWith('BA') && bytes.startsWith('BM', 14))
        return true;
    // the size of the next header is between 12 and 124
    return bytes.startsWith('BM') && bytes.charCodeAt(14) >= 12 && bytes.startsWith('\0\0\0', 15);
}
const PROLOG = /^(?:\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^[>]*(?:\[.*?\]\s*)?>)*/is;
/** @returns the text after the declaration, comments and document type; '' if the first bytes contain nothing else */
function afterProlog(markup) {
    return markup.replace(PROLOG, '');
}
/** The first bytes end before the root element, which would tell the format. */
function isCutInProlog(start) {
    const { bytes, markup } = start;
    if (bytes.length < magic_bytes_START_BYTES || isHtml(start))
        return false;
    return markup.startsWith('<') && /^(?:$|<[?!]|<[\w:-]*$)/.test(afterProlog(markup));
}
function isHtml({ markup }) {
    const root = afterProlog(markup);
    const prolog = markup.slice(0, markup.length - root.length);
    return (/<!doctype\s+html[\s>]/i.test(prolog) || /^<(?:html|head|body|title|meta|script|center|h1|p|div)[\s/>]/i.test(root));
}

;// CONCATENATED MODULE: ./lib/src/plan/guards/guards.js



const AT_A_TIME = 32;
// Read 2026-11 in the uploading guide of imgix's Asset Manager: Azure takes 30 MB in all and has no upload sessions.
const AZURE_MAX_BYTES = 30_000_000;
/** S3's own bound for one PUT, 5 GiB; the guide says 5 GB */
const PUT_MAX_BYTES = 5 * 2 ** 30;
/** The limit of a key in UTF-8, for S3 and Google Cloud Storage; read 2026-11:
 *  https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html, https://docs.cloud.google.com/storage/docs/objects */
const KEY_MAX_BYTES = 1024;
/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md, and the two names that the specification had before */
const LFS_VERSIONS = [
    'https://git-lfs.github.com/spec/v1',
    'https://hawser.github.com/spec/v1',
    'http://git-media.io/v/2',
];
const LFS_MAX_BYTES = 1024;
/**
 * Finds the uploads that must not be published, before the first byte is sent. A link that leaves the workspace never
 * becomes an upload: select/work-tree.ts refuses it, independent of `guards`.
 * @returns the problem and its remedy in one line, by path, in the order of the uploads
 */
async function guard(uploads, { source, signal, twins }) {
    const clashes = findClashes(uploads, twins);
    const contents = new Map();
    const queue = [...uploads].reverse();
    const worker = async () => {
        const buffer = Buffer.allocUnsafe(magic_bytes_START_BYTES);
        for (let step = queue.pop(); step !== undefined; step = queue.pop()) {
            signal.throwIfAborted();
            const problem = refuseSize(step.bytes, source) ?? (await readProblem(step, buffer));
            if (problem !== undefined)
                contents.set(step.path, problem);
        }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    return problemsOf(uploads, ({ path }) => contents.get(path) ?? clashes.get(path));
}
/**
 * Finds files that would replace each other: two files with one origin path, and twins, whose names differ only by case or
 * Unicode form, which many file systems, tools and readers treat as one name.
 * @param published files, relative to the repository, that are at the Source now or later
 * @returns the problem, by path
 */
function findClashes(uploads, published = []) {
    const uploaded = new Set(uploads.map(({ path }) => path));
    const others = published.filter((path) => !uploaded.has(path));
    const notUploaded = Map.groupBy(others, fold_name/* foldName */.z);
    const ofOrigin = Map.groupBy(uploads, ({ originPath }) => originPath);
    const alike = Map.groupBy(uploads, ({ originPath }) => (0,fold_name/* foldName */.z)(originPath));
    return problemsOf(uploads, ({ path, originPath }) => {
        const isOther = (step) => step.path !== path;
        const rival = ofOrigin.get(originPath)?.find(isOther);
        if (rival !== undefined)
            return `${rival.path} has the same origin path: ${REMEDY}`;
        const twin = alike.get((0,fold_name/* foldName */.z)(originPath))?.find(isOther)?.path ?? notUploaded.get((0,fold_name/* foldName */.z)(path))?.[0];
        if (twin === undefined)
            return undefined;
        const difference = path.normalize() === twin.normalize() ? 'Unicode form' : 'case';
        return `its path differs only by ${difference} from ${twin}: ${REMEDY}`;
    });
}
const REMEDY = 'rename one of the two, or leave one out by `files`';
/** Finds the uploads that no bucket can take, independent of `guards`.
 *  @returns the problem by path */
function findLongPaths(uploads) {
    return problemsOf(uploads, ({ originPath }) => {
        const bytes = Buffer.byteLength(originPath);
        if (bytes <= KEY_MAX_BYTES)
            return undefined;
        return `an origin path of ${bytes} bytes, more than the ${KEY_MAX_BYTES} bytes that a bucket takes: give the file or its folders shorter names`;
    });
}
function problemsOf(uploads, find) {
    const problems = new Map();
    for (const step of uploads) {
        const problem = find(step);
        if (problem !== undefined)
            problems.set(step.path, problem);
    }
    return problems;
}
/** @returns the plan without the uploads that have a problem: those files fail, and have no other steps */
function withoutGuarded(plan, problems) {
    const failed = plan.files.flatMap(({ upload: { path, originPath, change } }) => {
        const reason = problems.get(path);
        return reason === undefined ? [] : [{ kind: 'skip', path, originPath, change, result: 'failed', reason }];
    });
    const files = plan.files.filter(({ upload }) => !problems.has(upload.path));
    return { ...plan, files, skipped: [...plan.skipped, ...failed] };
}
function refuseSize(bytes, source) {
    if (bytes === 0)
        return 'an empty file: put the real file in its place';
    const maxBytes = source?.type === 'azure' ? AZURE_MAX_BYTES : PUT_MAX_BYTES;
    if (bytes <= maxBytes)
        return undefined;
    const taker = source === undefined ? 'any Source' : `a Source of type ${source.type}`;
    return `${bytes} bytes, more than the ${maxBytes} bytes that ${taker} takes: make it smaller, or leave it out by \`files\``;
}
/** @returns the problem; undefined if there is none, or if the file is gone or replaced, which the upload reports */
async function readProblem({ absolutePath, identity, originPath }, buffer) {
    const opened = await (0,http_body/* openFile */.Tq)({ file: absolutePath, identity }).catch(() => undefined);
    try {
        const start = opened && (await guards_readStart(opened.file, buffer));
        return start && refuseContent(originPath, start);
    }
    catch {
        return undefined;
    }
    finally {
        await opened?.file.close();
    }
}
/** Checks a file again that changed before it was sent.
 *  @returns its problem */
async function inspect({ originPath }, file, bytes) {
    const start = await guards_readStart(file, Buffer.allocUnsafe(magic_bytes_START_BYTES));
    return refuseSize(bytes, undefined) ?? refuseContent(originPath, start);
}
async function guards_readStart(file, buffer) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
}
function refuseContent(originPath, start) {
    if (start.length === 0)
        return undefined;
    if (start.length < LFS_MAX_BYTES && isLfsPointer(start.toString())) {
        return 'a Git LFS pointer, not the file itself: set lfs: true on actions/checkout, or run git lfs pull';
    }
    return findDisagreement(originPath, start);
}
/** A damaged pointer is not a picture either. */
function isLfsPointer(text) {
    const [version = '', ...lines] = text.split(/\r?\n/);
    return LFS_VERSIONS.some((url) => version === `version ${url}`) && lines.some((line) => /^oid \S/.test(line));
}

;// CONCATENATED MODULE: ./lib/src/plan/asset.js


const NAMES = {
    categories: 'categories',
    customFields: 'custom_fields',
    dateCreated: 'date_created',
    dateModified: 'date_modified',
    description: 'description',
    fileSize: 'file_size',
    name: 'name',
    tags: 'tags',
    uploadedByApi: 'uploaded_by_api',
};
// the reference names no maximum; if a server gives fewer, there are more pages
const PAGE_LIMIT = 100;
/** @returns the asset; undefined if the Source has none at the path
 *  @throws ImgixError */
async function findAsset(client, place) {
    try {
        return viewAsset(await getAsset(client, place));
    }
    catch (error) {
        if (error instanceof errors/* ImgixError */.xw && error.status === 404)
            return undefined;
        throw error;
    }
}
/** @throws ImgixError */
function changeAsset(client, place, change) {
    const named = Object.entries(change).map(([name, value]) => [NAMES[name], value]);
    return updateAsset(client, place, Object.fromEntries(named));
}
/** The assets of a Source, page by page, with the requested attributes.
 *  @throws ImgixError */
async function* listStored(client, { sourceId, fields, signal, ...query }) {
    const source = { sourceId, signal };
    const pages = listAssets(client, source, {
        page: { limit: PAGE_LIMIT },
        // The cursor is an offset. With the oldest first, an asset that is added meanwhile moves no other to another page.
        sort: ['date_created'],
        fields: ['origin_path', ...fields.map((field) => NAMES[field])],
        ...query,
    });
    for await (const page of pages) {
        const assets = page.map((asset) => ({ ...viewAsset(asset), originPath: originPathOf(asset) }));
        if (assets.some(({ originPath }) => originPath === '')) {
            throw unusable(sourceId, 'with an asset that has no origin_path');
        }
        yield assets;
    }
}
/** The error of a list that can't be used. */
function unusable(sourceId, reason) {
    const path = `/api/v1/sources/${sourceId}/assets`;
    return new errors/* ImgixError */.xw({ method: 'GET', path, permission: 'Asset Manager Browse', status: 200, reason });
}
function viewAsset({ attributes }) {
    const size = (0,errors/* textOf */.b6)(attributes.file_size);
    return {
        fileSize: /^\d+$/.test(size) ? Number(size) : undefined,
        uploadedByApi: typeof attributes.uploaded_by_api === 'boolean' ? attributes.uploaded_by_api : undefined,
        dateCreated: typeof attributes.date_created === 'number' ? attributes.date_created : undefined,
        dateModified: typeof attributes.date_modified === 'number' ? attributes.date_modified : undefined,
        categories: attributes.categories,
        customFields: attributes.custom_fields,
        description: attributes.description,
        name: attributes.name,
        tags: attributes.tags,
    };
}

;// CONCATENATED MODULE: ./lib/src/plan/asset-change.js


/**
 * What one PATCH must carry so that an asset has what is wanted of it, and keeps all that others set: the API replaces
 * lists and objects whole.
 * @param current as imgix lists it now; nothing is merged into what it does not list, or lists as another type
 * @param recordValue of RECORD_FIELD, where it shall be set too
 * @returns undefined where the asset has it all
 */
function describeChange(current, attributes = inputs_metadata/* NO_ATTRIBUTES */.AY, recordValue) {
    const record = recordValue === undefined ? {} : { [inputs_metadata/* RECORD_FIELD */.bC]: recordValue };
    const wanted = { ...attributes, customFields: { ...attributes.customFields, ...record } };
    const lost = MERGED.filter((name) => isFilled(wanted[name]) && !canMerge(current[name], wanted[name]));
    if (lost.length > 0) {
        const names = lost.map((name) => NAMES[name]).join(' and ');
        return { problem: `imgix's answer has no ${names} that could be kept, so nothing was changed` };
    }
    const changes = Object.entries({
        categories: mergeList(current.categories, wanted.categories),
        customFields: mergeObject(current.customFields, wanted.customFields, isSameText),
        description: replaceText(current.description, wanted.description),
        name: replaceText(current.name, wanted.name),
        tags: mergeObject(current.tags, wanted.tags, isSameConfidence),
    }).filter(([, value]) => value !== undefined);
    return changes.length === 0 ? undefined : Object.fromEntries(changes);
}
/** What a change is merged into: the lists and the objects. */
const MERGED = ['categories', 'customFields', 'tags'];
/** Whether an asset has anything that a change is merged into. */
function hasMerged(asset) {
    return MERGED.some((name) => isFilled(asset[name]));
}
/** Whether a change takes the place of what the asset does not show to be there. */
function fillsEmpty(asset, change) {
    return MERGED.some((name) => change[name] !== undefined && !isFilled(asset[name]));
}
function isFilled(value) {
    return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
/** Whether nothing is lost. */
function canMerge(current, wanted) {
    return typeof current === 'object' && (current === null || Array.isArray(current) === Array.isArray(wanted));
}
function mergeList(current, wanted) {
    const listed = Array.isArray(current) ? current : [];
    const known = new Set(listed);
    const missing = wanted.filter((item) => !known.has(item));
    return missing.length === 0 ? undefined : [...listed, ...missing];
}
function mergeObject(current, wanted, isSame) {
    const merged = new Map(Object.entries(current ?? {})); // keys may be called __proto__
    let differs = false;
    for (const [key, value] of Object.entries(wanted)) {
        const known = merged.get(key) ?? null;
        if (value === null ? known === null : isSame(known, value))
            continue;
        differs = true;
        if (value === null)
            merged.delete(key);
        else
            merged.set(key, value);
    }
    return differs ? Object.fromEntries(merged) : undefined;
}
function replaceText(current, wanted) {
    return (current || null) === wanted ? undefined : wanted;
}
/** What others stored as a number or a boolean is listed as one. */
function isSameText(current, wanted) {
    return ['string', 'number', 'boolean'].includes(typeof current) && String(current) === wanted;
}
/** All confidences in imgix's examples are numbers of single precision. */
function isSameConfidence(current, wanted) {
    return typeof current === 'number' && Math.fround(current) === Math.fround(wanted);
}

;// CONCATENATED MODULE: ./lib/src/plan/listing.js




const HASHES_AT_A_TIME = 4;
const FIELDS = ['fileSize', 'customFields'];
const USER_FIELDS = ['categories', 'description', 'name', 'tags'];
/** The record of uploaded bytes that an asset keeps. */
function recordOf(sha256) {
    return `sha256:${sha256}`;
}
/** The invalid record: written before bytes are replaced, and kept if the upload or a purge fails. */
const UPLOADING = 'uploading';
/**
 * Compares files with the Source's list of assets. A file is unchanged only if the asset has its size and a record with its
 * SHA-256. Files are hashed while the list arrives, page by page.
 * @throws ImgixError if the assets can't be listed
 */
async function compareWithList({ client, sourceId }, files, { isOurs, withAttributes, signal, onListed, keptMax = KEPT_MAX_LENGTH }) {
    const local = new Map(files.map((file) => [file.originPath, file]));
    const comparisons = new Map();
    const onlyAtSource = new Set(); // a set, because pages can repeat an asset
    const over = new AbortController(); // stops the hashing if the listing fails
    const hashes = createHasher(AbortSignal.any([signal, over.signal]));
    let hasRecords = false;
    const keep = createBudget(keptMax, sourceId);
    const look = ({ originPath, ...asset }) => {
        const file = local.get(originPath);
        const recorded = readRecord(asset);
        hasRecords ||= recorded !== undefined;
        if (file === undefined) {
            if (!isOurs(originPath) || onlyAtSource.has(originPath))
                return;
            keep(originPath);
            onlyAtSource.add(originPath);
            return;
        }
        if (withAttributes)
            keep(asset);
        const { fileSize } = asset;
        const seen = { fileSize, recorded, hasFields: hasMerged(asset), asset: withAttributes ? asset : undefined };
        comparisons.set(originPath, compare(file, seen, undefined));
        if (recorded === undefined || seen.fileSize !== file.bytes)
            return;
        // the upload reports a file that can't be read
        hashes.add(file, (sha256) => comparisons.set(originPath, compare(file, seen, sha256)));
    };
    try {
        let listed = 0;
        const fields = withAttributes ? [...FIELDS, ...USER_FIELDS] : FIELDS;
        for await (const page of listStored(client, { sourceId, fields, signal })) {
            page.forEach(look);
            listed += page.length;
            onListed(listed);
        }
        await hashes.idle();
    }
    finally {
        over.abort();
    }
    signal.throwIfAborted();
    return { comparisons, hasRecords, onlyAtSource: [...onlyAtSource].sort(), files: files.length };
}
/** What is kept of a list, in characters of JSON: the paths of some million assets. A list may be hostile, and is no reason to
 *  fill the memory. */
const KEPT_MAX_LENGTH = 1 << 28;
/** @returns a function that throws an ImgixError when all that it was given is too long */
function createBudget(max, sourceId) {
    let kept = 0;
    return (value) => {
        kept += JSON.stringify(value).length;
        if (kept <= max)
            return;
        throw unusable(sourceId, 'with more assets than a run can keep; set prefix and files to a part of them');
    };
}
/** @returns whether any asset of the Source has a record
 *  @throws ImgixError */
async function hasRecords({ client, sourceId }, signal) {
    const filter = { [`custom:${inputs_metadata/* RECORD_FIELD */.bC}`]: '' }; // any value
    for await (const _ of listStored(client, { sourceId, fields: [], filter, page: { limit: 1 }, signal }))
        return true;
    return false;
}
function compare({ bytes }, seen, sha256) {
    const { fileSize, recorded, hasFields, asset } = seen;
    const known = { isUnchanged: false, hasRecord: recorded !== undefined, hasFields, asset };
    if (fileSize === undefined)
        return { ...known, change: 'modified', reason: 'the Source does not say its size' };
    if (fileSize !== bytes)
        return { ...known, change: 'modified', reason: 'the Source holds another size' };
    if (recorded === undefined)
        return { ...known, change: 'present', reason: 'the Source has no record of its bytes' };
    if (recorded === UPLOADING)
        return { ...known, change: 'modified', reason: 'its last upload or purge did not end' };
    if (sha256 === undefined || recordOf(sha256) !== recorded)
        return { ...known, change: 'modified', reason: 'the Source holds other bytes' };
    return asset === undefined ? UNCHANGED : { ...UNCHANGED, asset };
}
/** One shared value for the many unchanged files. */
const UNCHANGED = {
    change: 'present',
    reason: 'unchanged: the Source holds these bytes',
    isUnchanged: true,
    hasRecord: true, // with `force` the file is uploaded, and its record must be invalid until the purge is done
    hasFields: true, // the record is a custom field
    asset: undefined,
};
/** No record of this action is longer. */
const RECORD_MAX_LENGTH = 100;
/** @returns the record of an asset; '' for a value that is not a record of this action, undefined if there is no value */
function readRecord({ customFields }) {
    if (typeof customFields !== 'object' || customFields === null || !Object.hasOwn(customFields, inputs_metadata/* RECORD_FIELD */.bC))
        return undefined;
    const value = customFields[inputs_metadata/* RECORD_FIELD */.bC];
    return typeof value === 'string' && value.length <= RECORD_MAX_LENGTH ? value : '';
}
/** Hashes files, a few at a time, with the same buffers, until the signal. */
function createHasher(signal) {
    const queue = [];
    const workers = new Set();
    const spare = [];
    const work = async () => {
        const buffers = spare.pop() ?? (0,http_body/* twoBuffers */.GA)();
        for (let next = queue.pop(); next !== undefined && !signal.aborted; next = queue.pop())
            next.onHash(await hashFile(next.file, buffers, signal).catch(() => undefined));
        spare.push(buffers);
    };
    return {
        /** @param onHash receives the SHA-256 in hexadecimal digits; undefined if the file can't be read to its end */
        add(file, onHash) {
            queue.push({ file, onHash });
            if (workers.size === HASHES_AT_A_TIME)
                return;
            const worker = work().finally(() => workers.delete(worker));
            workers.add(worker);
        },
        async idle() {
            while (workers.size > 0)
                await Promise.all(workers);
        },
    };
}
async function hashFile({ absolutePath: file, identity }, buffers, signal) {
    let sha256 = '';
    const onDigest = (digest) => {
        sha256 = digest.sha256;
    };
    const body = await (0,http_body/* openBody */.BO)({ file, identity, onDigest }, buffers);
    try {
        for await (const _ of body.chunks())
            signal.throwIfAborted();
    }
    finally {
        await body.close();
    }
    return sha256;
}

// EXTERNAL MODULE: ./lib/src/inputs/urls.js
var inputs_urls = __webpack_require__(6462);
;// CONCATENATED MODULE: ./lib/src/plan/route.js

// The Source types that accept uploads; read 2026-11 in the uploading guide of imgix's Asset Manager
const HAS_SESSIONS = { s3: true, gcs: true, s3_compatible: true, azure: false };
/** If direct uploads alone take longer by their rate limit, small files also use sessions. */
const DIRECT_MAX_SECONDS = 10;
function chooseRoutes(bytes, { uploadVia, sessionThresholdBytes }, source) {
    if (uploadVia === 'session')
        return ['session'];
    // a Source of unknown type can have sessions: the first answer tells
    if (hasSessions(source?.type) === false)
        return ['direct'];
    return bytes > sessionThresholdBytes ? ['session'] : ['direct', 'session'];
}
/** If direct uploads alone would take long, small files get the route `any`. */
function shareRoutes(files, inputs, source) {
    if (inputs.uploadVia !== 'auto' || hasSessions(source?.type) !== true)
        return files;
    const isDirect = ({ upload }) => upload.route === 'direct';
    if (classSeconds(files.filter(isDirect).length, inputs.rateLimits.upload) <= DIRECT_MAX_SECONDS)
        return files;
    return files.map((file) => (isDirect(file) ? { ...file, upload: { ...file.upload, route: 'any' } } : file));
}
/** @returns undefined if the type is unknown */
function hasSessions(type) {
    return type !== undefined && Object.hasOwn(HAS_SESSIONS, type) ? HAS_SESSIONS[type] : undefined;
}

// EXTERNAL MODULE: ./node_modules/mime/dist/src/index.js + 3 modules
var src = __webpack_require__(5086);
;// CONCATENATED MODULE: ./lib/src/plan/steps.js




/** Content types of extensions that imgix serves and `mime` does not know. */
const FURTHER_TYPES = new Map([
    ['jfif', 'image/jpeg'],
    ['pjpeg', 'image/jpeg'],
    ['icns', 'image/icns'],
]);
/** The upload of a file, or the reason why there is none. */
function uploadOrSkip({ path, relative, originPath, change }, file, comparison, { inputs, source, listing, metadata }) {
    const skip = (result, reason) => {
        return { kind: 'skip', path, originPath, change, result, reason };
    };
    if (!originPath.isWellFormed()) {
        const reason = 'its name is not UTF-8, so no URL can contain it: rename it';
        return skip(change === 'deleted' ? 'deleted' : 'failed', reason);
    }
    if (change === 'deleted')
        return skip('deleted', "deleted in git; imgix's API can't delete it from the bucket");
    if (!inputs.upload)
        return skip('skipped', 'upload is false');
    if (file === undefined)
        return skip('failed', 'it was not looked at');
    if ('problem' in file)
        return skip('failed', file.problem);
    if (comparison?.isUnchanged && !inputs.force)
        return skip('skipped', comparison.reason);
    const routes = chooseRoutes(file.bytes, inputs, source);
    return {
        kind: 'upload',
        path,
        originPath,
        change,
        ...file,
        isGuarded: inputs.guards === 'fail',
        contentType: typeOf(relative, inputs),
        route: routes[0],
        routes,
        record: inputs.mode === 'all' ? 'always' : 'renew',
        hasRecord: comparison?.hasRecord ?? listing?.hasRecords,
        hasFields: listing === undefined ? undefined : (comparison?.hasFields ?? false),
        attributes: (0,inputs_metadata/* attributesFor */.j0)(metadata, relative),
    };
}
function typeOf(path, { contentTypes }) {
    const extension = (/\.([^./]+)$/.exec(path)?.[1] ?? '').toLowerCase();
    return contentTypes(path) ?? FURTHER_TYPES.get(extension) ?? src/* default */.A.getType(extension) ?? 'application/octet-stream';
}
/** The purges of a file that is uploaded, deleted, or stored by another program: one on each domain. */
function purgeSteps({ path, relative, originPath }, wanted, { inputs, source }) {
    const isAsked = inputs.purge && (wanted.kind === 'upload' || isPurged(wanted, inputs));
    if (!isAsked || !originPath.isWellFormed())
        return [];
    const step = (domain, subImage) => {
        return { kind: 'purge', url: (0,inputs_urls/* purgeUrl */.JU)(domain, originPath), path, subImage };
    };
    const domains = inputs.domains.length > 0 ? inputs.domains : (source?.domains ?? []);
    // imgix finds the images that use a sub-image by the Source's id, on any domain. This purge is first, because imgix can
    // treat the second purge of a URL as a duplicate
    const asSubImage = inputs.subImages(relative) ? domains.slice(0, 1).map((domain) => step(domain, true)) : [];
    return [...asSubImage, ...domains.map((domain) => step(domain, false))];
}
/** Whether the URLs of a file that is not uploaded are purged. */
function isPurged(wanted, { deleted, upload }) {
    return wanted.result === 'deleted' ? deleted === 'purge' : wanted.result === 'skipped' && !upload;
}
/** The Asset Manager's calls for a file: new files are added; changed files that the Source has are refreshed. */
function callSteps(wanted, { inputs, listing }) {
    const { assetManager: call, upload } = inputs;
    if (call === 'off')
        return [];
    if (wanted.kind === 'skip' && (upload || wanted.result !== 'skipped'))
        return [];
    const { path, originPath, change } = wanted;
    // without a base or a list it is unknown which files are new
    const isNew = change === 'added' || (change === 'present' && listing === undefined);
    return call === 'add' && !isNew ? [] : [{ kind: 'call', path, originPath, call }];
}
/** The update of an asset after its bytes were stored; undefined if none is needed.
 *  @param record whether the asset gets a record
 *  @param hasRecord the asset has a record of older bytes */
function updateAfter({ path, originPath, attributes }, record, hasRecord) {
    if (!(0,inputs_metadata/* wantsNothing */.ty)(attributes))
        return { kind: 'update', path, originPath, attributes };
    return record === 'always' || hasRecord ? { kind: 'record', path, originPath, record } : undefined;
}
/** @returns the path or URL of each video that the plan purges */
function findVideos({ files, purges }) {
    const videos = [...files.flatMap((file) => file.purges), ...purges].filter(({ url }) => isVideo(url));
    return [...new Set(videos.map(({ path, url }) => path ?? url))];
}
/** Judges by the extension. imgix can serve a video by its Video API, which purges do not reach. */
function isVideo(url) {
    return /\.(m4v|mov|mp4|webm)$/i.test(url);
}

;// CONCATENATED MODULE: ./lib/src/plan/plan.js





/**
 * Makes the plan of a run.
 * @param files the changed files that exist in the work tree
 */
function planRun(changes, files, known) {
    const { inputs, source, listing } = known;
    const draft = { files: [], purges: [], calls: [], skipped: [] };
    for (const { path, change } of changes.files) {
        const relative = path.slice(changes.rootPath.length);
        const originPath = inputs.prefix + relative;
        const file = files.get(path);
        const comparison = listing?.comparisons.get(originPath);
        const isNew = listing !== undefined && comparison === undefined && file !== undefined && 'bytes' in file;
        const named = { path, relative, originPath, change: isNew ? 'added' : (comparison?.change ?? change) };
        const wanted = uploadOrSkip(named, file, comparison, known);
        const purges = purgeSteps(named, wanted, known);
        const calls = callSteps(wanted, known);
        if (wanted.kind === 'upload') {
            draft.files.push({ upload: wanted, purges, calls });
        }
        else {
            draft.skipped.push(wanted);
            draft.purges.push(...purges);
            draft.calls.push(...calls);
        }
    }
    addUrls(draft, inputs.urls);
    const updates = planUpdates(changes.rootPath, draft, known);
    return { ...draft, files: shareRoutes(draft.files, inputs, source), updates };
}
/** Adds the purges of the input `urls`. A URL that a file already has is purged once, for that file. */
function addUrls({ files, purges }, urls) {
    if (urls.length === 0)
        return;
    const known = new Set([...files.flatMap((file) => file.purges), ...purges].map(({ url }) => url));
    const uploaded = new Map(files.map((file) => [(0,inputs_urls/* encodePath */.O0)(file.upload.originPath), file]));
    for (const url of urls) {
        if (known.has(url))
            continue;
        // the same path on another domain also waits for that upload
        const file = uploaded.get(url.slice(url.indexOf('/', 'https://'.length) + 1));
        const step = { kind: 'purge', url, path: file?.upload.path, subImage: false };
        if (file === undefined)
            purges.push(step);
        else
            file.purges.push(step);
    }
}
/** The updates of files that are not uploaded: those that the metadata file changed; in `mode: all` those that can
 *  differ. */
function planUpdates(rootPath, { files, skipped }, { inputs, listing, metadata, touched }) {
    if (metadata.rules.length === 0 || !inputs.upload)
        return [];
    const uploaded = new Set(files.map(({ upload }) => upload.path));
    const unchanged = listing === undefined ? [] : skipped.filter(({ result }) => result === 'skipped');
    const paths = [...touched, ...unchanged.map(({ path }) => path)].filter((path) => !uploaded.has(path));
    return [...new Set(paths)].flatMap((path) => {
        const relative = path.slice(rootPath.length);
        const originPath = inputs.prefix + relative;
        const attributes = (0,inputs_metadata/* attributesFor */.j0)(metadata, relative);
        const listed = listing?.comparisons.get(originPath)?.asset;
        const differs = listed === undefined || describeChange(listed, attributes) !== undefined;
        return differs && !(0,inputs_metadata/* wantsNothing */.ty)(attributes) ? [{ kind: 'update', path, originPath, attributes }] : [];
    });
}

;// CONCATENATED MODULE: ./lib/src/plan/refusals.js



/** @returns the problems of a plan that the Source can't accept, as far as the Source is known; without a key it is
 *  unknown */
function findRefusals(plan, source, inputs) {
    if (inputs.apiKey === '' || inputs.sourceId === '')
        return [];
    if (plan.files.length > 0 && source !== undefined) {
        const refusal = refuseUploads(source) ?? refuseSessions(source, inputs);
        if (refusal !== undefined)
            return [refusal];
    }
    const refreshes = refuseRefreshes(plan, inputs);
    const purgesFiles = inputs.purge && (plan.files.length > 0 || plan.skipped.some((file) => isPurged(file, inputs)));
    const knowsDomains = inputs.domains.length > 0 || (source?.domains.length ?? 0) > 0;
    const domains = purgesFiles && !knowsDomains ? noDomains(source) : undefined;
    return [refreshes, domains].filter((line) => line !== undefined);
}
function refuseUploads({ id, type, allowsUpload }) {
    if (type === 'webfolder' || type === 'webproxy') {
        const kind = type === 'webfolder' ? 'web folder' : 'web proxy';
        return `source-id: Source ${id} is a ${kind}, and imgix can't upload to those: use a Source on a bucket, or set upload to false to purge only`;
    }
    if (allowsUpload === false) {
        return `source-id: Source ${id} has no credentials to upload with: add them to the Source ("upload credentials" in its settings), or set upload to false to purge only`;
    }
    return undefined;
}
function refuseSessions({ id, type }, { uploadVia }) {
    if (uploadVia !== 'session' || hasSessions(type) !== false)
        return undefined;
    return `upload-via: Source ${id} is of type ${type}, which has no upload sessions: set it to auto or direct`;
}
/** More refreshes take minutes, so the user has to ask for them. */
const REFRESHES_MAX = 50;
function refuseRefreshes(plan, { force, rateLimits }) {
    const refreshes = countRefreshes(stepsOf(plan));
    if (refreshes <= REFRESHES_MAX || force)
        return undefined;
    const minutes = Math.ceil(classSeconds(refreshes, rateLimits.refresh) / 60);
    return `asset-manager: ${refreshes} files would be refreshed, which takes about ${minutes} min by the rate limits: set force to true to do that, or asset-manager to off to do without`;
}
function noDomains(source) {
    if (source === undefined) {
        return 'api-key: the key may not read the Source, so the domains to purge on are unknown: give it the permission Sources, or name them in domains';
    }
    return `source-id: Source ${source.id} has no domains${source.leftOut === undefined ? '' : ' that a purge takes'}: name the ones to purge on in domains, or set purge to false`;
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
    const contradiction = contradictions_contradictsResource('sources', 'Source', sourceId);
    return resources_requestResource(client, { path, permission: 'Sources', contradiction, ...ends });
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

;// CONCATENATED MODULE: ./lib/src/plan/source.js




/** Whether anything depends on what the Source is. */
function needsSource({ files }, inputs) {
    if (inputs.apiKey === '' || inputs.sourceId === '')
        return false;
    const uploads = inputs.upload && files.some(({ change }) => change !== 'deleted');
    const purges = inputs.purge && files.some(({ change }) => change !== 'deleted' || inputs.deleted === 'purge');
    // without the Source nobody knows whether its URLs are signed
    const looks = inputs.verify !== 'off' && (purges || inputs.urls.length > 0);
    return uploads || (purges && inputs.domains.length === 0) || looks;
}
/** @returns the Source, undefined where the key may not read Sources
 *  @throws ImgixError, InputError where there is no such Source */
async function readSource(api, signal) {
    try {
        return viewSource(await getSource(api.client, api.sourceId, { signal }), api.sourceId);
    }
    catch (error) {
        if (!(error instanceof errors/* ImgixError */.xw))
            throw error;
        if (error.status === 403)
            return undefined;
        throw error.status === 404 ? noSource(api.sourceId, error) : error;
    }
}
function noSource(sourceId, error) {
    const remedy = "take the id from the end of the Source's dashboard URL";
    return new reader/* InputError */.dz([
        `source-id: imgix has no Source '${sourceId}' that this key can see; ${remedy} (${error.message})`,
    ]);
}
/** @param id that it was asked for with
 *  @throws ImgixError for a Source without a deployment */
function viewSource({ attributes }, id) {
    const { deployment, secure_url_token: token } = attributes;
    const refuse = (reason) => new errors/* ImgixError */.xw({
        method: 'GET',
        path: `/api/v1/sources/${encodeURIComponent(id)}`,
        permission: 'Sources',
        status: 200,
        reason,
    });
    if (!(0,errors/* isRecord */.u4)(deployment))
        throw refuse('with an answer that is no Source');
    const { domains, leftOut } = readDomains(deployment);
    if (domains.length > DOMAINS_MAX)
        throw refuse(`with a Source of ${domains.length} domains`);
    return {
        id,
        type: /^[\w-]{1,40}$/.exec(typeof deployment.type === 'string' ? deployment.type : '')?.[0] ?? 'unknown',
        allowsUpload: typeof deployment.allows_upload === 'boolean' ? deployment.allows_upload : undefined,
        domains,
        ...(leftOut.length > 0 && { leftOut }),
        ...(deployment.secure_url_enabled === true && {
            signing: { token: typeof token === 'string' && token !== '' ? token : undefined },
        }),
    };
}
function strings(value) {
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '') : [];
}
/** Each file is purged on every domain. */
const DOMAINS_MAX = 1000;
// RFC 1035, 2.3.4
const HOST_NAME_MAX_LENGTH = 255;
/** Reads the names of a deployment as the input `domains` is read. `leftOut`: no URL has them as they are written. */
function readDomains(deployment) {
    const subdomains = strings(deployment.imgix_subdomains).map((name) => `${name}.imgix.net`);
    const names = [...subdomains, ...strings(deployment.custom_domains)];
    const hosts = names.map((name) => (name.length > HOST_NAME_MAX_LENGTH ? undefined : (0,inputs_urls/* parseDomain */.gR)(name)));
    const isDomain = (host) => host?.includes('.') ?? false;
    return {
        domains: [...new Set(hosts.filter(isDomain))],
        leftOut: names.filter((_, index) => !isDomain(hosts[index])),
    };
}
const SHOWN_MAX = 5;
const NAME_SHOWN_MAX_LENGTH = 100;
/** One line about the domains that a Source is read without. */
function leftOutLine({ id, leftOut = [] }) {
    const shown = leftOut.slice(0, SHOWN_MAX).map((name) => `'${name.slice(0, NAME_SHOWN_MAX_LENGTH)}'`);
    const more = leftOut.length > SHOWN_MAX ? ` and ${leftOut.length - SHOWN_MAX} more` : '';
    const { length } = leftOut;
    return `Source ${id} has ${length} ${length === 1 ? 'domain that is' : 'domains that are'} left out, as a purge takes plain host names only: ${shown.join(', ')}${more}; if pages use one, name its hosts in domains, with the others`;
}

;// CONCATENATED MODULE: ./lib/src/plan/make-plan.js










/** Decides what to do, and changes nothing.
 *  @throws ImgixError, InputError if the Source can't accept the plan */
async function makePlan(planning) {
    const { inputs, api, selection, emit } = planning;
    const { changes, files, touched } = selection;
    const source = needsSource(changes, inputs) ? await readSource(api, planning.signal) : undefined;
    if (source?.signing?.token !== undefined)
        planning.hide(source.signing.token);
    if (source !== undefined)
        emit({ kind: 'source', source: { type: source.type, domains: source.domains } });
    if (source?.leftOut !== undefined && inputs.domains.length === 0)
        emit({ kind: 'note', level: 'warning', text: leftOutLine(source) });
    const listing = await compareWithSource(planning);
    const relative = [...changes.files.map(({ path }) => path), ...touched].map((path) => path.slice(changes.rootPath.length));
    const { metadata, idle } = await (0,inputs_metadata/* matchAll */.HD)(planning.metadata, relative, planning.signal);
    const draft = planRun(changes, files, { inputs, source, listing, metadata, touched });
    emit({ kind: 'drafted', plan: draft });
    const plan = await guardPlan(draft, source, planning);
    const forecast = (steps) => forecastSeconds(steps, inputs.rateLimits);
    emit({ kind: 'planned', plan, seconds: forecast(stepsOf(plan)), forecast });
    if (inputs.mode === 'all' && inputs.selectsFiles && inputs.shard.count === 1)
        emit({ kind: 'idle-patterns', patterns: idle });
    const isBlind = inputs.apiKey === '' || inputs.sourceId === '';
    if (inputs.dryRun && isBlind && inputs.domains.length === 0)
        emit({
            kind: 'note',
            level: 'info',
            text: 'no domains are known, so the URLs to purge are not listed: set domains, or api-key and source-id',
        });
    const refusals = findRefusals(plan, source, inputs);
    if (refusals.length > 0)
        throw new reader/* InputError */.dz(refusals);
    return { plan, source };
}
/**
 * Compares the files of a full sync with the Source's assets.
 * @returns undefined if nothing is compared, or the key lacks the permission to list assets
 * @throws ImgixError, InputError if there is no such Source
 */
async function compareWithSource(planning) {
    const { inputs, api, emit, explain } = planning;
    if (inputs.mode !== 'all' || !inputs.upload || !inputs.selectsFiles)
        return undefined;
    if (inputs.apiKey === '' || inputs.sourceId === '') {
        const text = 'without api-key and source-id nothing is compared with the Source, so every file is taken';
        emit({ kind: 'note', level: 'info', text });
        return undefined;
    }
    try {
        const listing = await make_plan_compare(planning);
        emit({ kind: 'compared', listing });
        return listing;
    }
    catch (error) {
        if (!(error instanceof errors/* ImgixError */.xw))
            throw error;
        if (error.status === 404)
            throw noSource(api.sourceId, error);
        if (error.status !== 403)
            throw error;
        const why = `the Source's assets can't be listed to compare with: ${explain(error)}`;
        if (inputs.onUnknownBase === 'fail' && !inputs.force)
            throw new reader/* InputError */.dz([`on-unknown-base: ${why}`]);
        emit({ kind: 'unlisted', why });
        return undefined;
    }
}
function make_plan_compare({ inputs, api, selection, metadata, signal, emit }) {
    const { prefix, shard } = inputs;
    const { files, changes } = selection;
    const { rootPath } = changes;
    const local = [...files].flatMap(([path, file]) => 'problem' in file ? [] : [{ originPath: prefix + path.slice(rootPath.length), ...file }]);
    return compareWithList(api, local, {
        isOurs(originPath) {
            const path = originPath.slice(prefix.length);
            if (!originPath.startsWith(prefix) || files.has(rootPath + path))
                return false; // the file exists, but can't be uploaded
            return inputs.files(path) && (0,inputs_shard/* isInShard */.O1)(rootPath + path, shard);
        },
        withAttributes: metadata.path !== '',
        signal,
        onListed: (assets) => emit({ kind: 'listed', assets }),
    });
}
/** @returns the plan; with `guards: fail` without the files that must not be published */
async function guardPlan(draft, source, { inputs, selection, signal, emit }) {
    const plan = withoutGuarded(draft, findLongPaths(draft.files.map(({ upload }) => upload)));
    if (inputs.guards === 'off')
        return plan;
    const uploads = plan.files.map(({ upload }) => upload);
    const problems = await guard(uploads, { twins: selection.twins, source, signal });
    if (inputs.guards === 'fail')
        return withoutGuarded(plan, problems);
    emit({ kind: 'warned', problems });
    return plan;
}

// EXTERNAL MODULE: ./lib/src/report/explain.js
var explain = __webpack_require__(9702);
// EXTERNAL MODULE: ./lib/src/runner/core.js + 4 modules
var core = __webpack_require__(5030);
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
        if (error instanceof errors/* ImgixError */.xw && error.status === 409)
            return { attempts: error.attempts };
        throw error;
    }
}

// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ./lib/src/sync/by-session.js






/** The request of a session that failed, with its `cause`. The session is already cancelled. */
class SessionError extends Error {
    name = 'SessionError';
    call;
    constructor(call, cause) {
        super(`the ${call} of an upload session failed`, { cause });
        this.call = call;
    }
}
const SESSIONS_MAX = 3;
/** Stores one file by an upload session, and by a new session if the presigned URL has expired.
 *  @throws SessionError */
async function storeBySession(api, step, given) {
    for (let sessions = 1;; sessions += 1) {
        try {
            return await oneSession(api, step, given);
        }
        catch (error) {
            const cause = error instanceof SessionError && error.call === 'put' ? error.cause : undefined;
            if (!(cause instanceof errors/* ImgixError */.xw && (0,storage_answers/* isExpired */._d)(cause)))
                throw error;
            if (sessions === SESSIONS_MAX)
                throw new SessionError('put', neverTaken(cause));
        }
    }
}
async function oneSession(api, step, { place, file, stop, grace }) {
    const { client, sessions } = api;
    const tidying = { ...place, signal: grace, halt: grace };
    // wait for a request that opens a session, because only its answer names the session to cancel
    const session = await during('open', sessions.open({ ...place, signal: grace, halt: stop.soft }));
    let doubt;
    const onDoubt = (answer) => {
        doubt = answer;
    };
    try {
        const own = `${step.path}\n${step.originPath}\n${session.id}`;
        const { attempts } = await during('put', client.put({ ...file, url: session.url, own, signal: stop.soft, onDoubt }));
        const earlier = doubt === undefined ? undefined : await during('put', findAsset(client, tidying));
        // the bytes are in the bucket now, so the session is closed and the URL purged, even after a cancellation
        await during('close', sessions.close(tidying, session.id));
        if (doubt !== undefined)
            await during('put', confirmStored(api, tidying, { session, step, doubt, earlier }));
        return { attempts };
    }
    catch (error) {
        // only the first failure is reported: a session that is not cancelled closes itself after 8 hours
        await sessions.cancel(tidying, session.id).catch(() => { });
        throw error;
    }
}
// After a close, imgix needs some seconds to process the bytes.
const LOOKS_MAX = 5;
/** Asks imgix whether the bytes of a doubtful PUT are there. If the path had an asset of the same size before the close, the
 *  size alone proves nothing, and the asset has to be modified since.
 *  @throws ImgixError if it can't be told */
async function confirmStored({ client, sessions }, place, doubtful) {
    const { session, step, earlier } = doubtful;
    const hadSize = earlier?.fileSize === step.bytes;
    for (let looks = 1;; looks += 1) {
        const isComplete = await sessions.isComplete(place, session.id);
        const asset = await findAsset(client, place);
        if (asset?.fileSize === step.bytes && (!hadSize || isModified(asset, earlier)))
            return;
        if (isComplete || looks === LOOKS_MAX)
            break;
        await (0,promises_.setTimeout)((0,retry/* backOff */.fu)(looks), undefined, { signal: place.signal });
    }
    const bytes = `asset of its ${step.bytes} bytes at the path`;
    throw unconfirmed(doubtful, hadSize ? `the older ${bytes} did not change` : `imgix has no ${bytes}`);
}
function isModified({ dateModified }, earlier) {
    return dateModified !== undefined && earlier.dateModified !== undefined && dateModified > earlier.dateModified;
}
function unconfirmed({ session, doubt }, because) {
    const reason = `the answer (${doubt}) does not say that the file is stored, and ${because}`;
    const remedy = 'run the job again; if it stays, see what stands between the runner and the bucket';
    return new errors/* ImgixError */.xw({ method: 'PUT', path: storage_url_hostOf(new URL(session.url)), reason, remedy });
}
async function during(call, request) {
    try {
        return await request;
    }
    catch (cause) {
        throw new SessionError(call, cause);
    }
}
/** Each presigned URL was refused as one that has expired. */
function neverTaken({ method, path, status, details }) {
    return new errors/* ImgixError */.xw({ method, path, status, attempts: SESSIONS_MAX, details });
}

;// CONCATENATED MODULE: ./lib/src/sync/proof.js



/** Notes what a request with a lost answer can have stored. */
function noteLost(traces, holds, route) {
    const order = ['older', 'either', 'ours'];
    if (order.indexOf(holds) > order.indexOf(traces.holds))
        Object.assign(traces, { holds, route });
}
/**
 * Whether an asset has the bytes that were sent. An equal size alone proves nothing, because an older file can have it.
 * @param asset its current state
 */
function isOurs(asset, { before, beganAtMs, sent }) {
    if (asset === undefined || asset.fileSize !== sent.bytes)
        return false;
    if (sent.sha256 !== '' && readRecord(asset) === recordOf(sent.sha256))
        return true;
    return before === 'absent' && asset.uploadedByApi !== false && !isOlder(asset, beganAtMs);
}
/** The API gives whole seconds. */
function isOlder({ dateCreated }, beganAtMs) {
    return dateCreated !== undefined && beganAtMs !== undefined && (dateCreated + 1) * 1000 <= beganAtMs;
}
/**
 * Whether the asset is requested before the upload. Without overwrite, a PUT must not replace an existing file. Where the
 * account can't overwrite, the state before the upload is needed later as proof. The state from the list of assets is too
 * old for both purposes.
 */
function needsState({ routes }, { known, conflictPolicy }) {
    // with overwrite and sessions, a PUT replaces the file in any case
    return known === 'unknown' && !(conflictPolicy === 'overwrite' && routes.includes('session'));
}
/** @throws ImgixError if the state is unknown and the step has no route but a PUT */
async function readStateBefore(client, place, { routes }) {
    try {
        return (await findAsset(client, place)) === undefined ? 'absent' : 'present';
    }
    catch (error) {
        if (!routes.includes('direct'))
            throw error;
        return passUnknown(error, 'unknown');
    }
}
/** @returns the asset; undefined if there is none, or imgix does not say
 *  @throws ImgixError if the key is not accepted */
async function look(client, place) {
    return findAsset(client, place).catch((error) => passUnknown(error, undefined));
}
function passUnknown(error, unknown) {
    if (!(error instanceof errors/* ImgixError */.xw) || error.status === 401)
        throw error;
    return unknown;
}

;// CONCATENATED MODULE: ./lib/src/sync/upload.js






/**
 * What a lost answer means. Each request is first repeated, up to `max-attempts` times. A 409 on a repeated request
 * means that the path is taken: by an older file, or by the try whose answer was lost.
 */
const LOST_ANSWERS = [
    // a 409 in spite of overwrite means that the account can't overwrite: a PUT replaces the file all the same
    { call: 'direct', policy: 'overwrite', holds: 'either', taken: ['session', 'ours', 'fail'], failed: ['fail'] },
    { call: 'direct', policy: 'skip', holds: 'either', taken: ['ours', 'skip'], failed: ['fail'] },
    { call: 'direct', policy: 'fail', holds: 'either', taken: ['ours', 'fail'], failed: ['fail'] },
    // a session whose id was lost closes itself after 8 hours, without bytes
    { call: 'open', policy: 'overwrite', holds: 'older', taken: ['direct', 'fail'], failed: ['direct', 'fail'] },
    { call: 'open', policy: 'skip', holds: 'older', taken: ['skip'], failed: ['direct', 'fail'] },
    { call: 'open', policy: 'fail', holds: 'older', taken: ['fail'], failed: ['direct', 'fail'] },
    // a 409 of the storage means that another request is under way: it is repeated like a lost answer
    { call: 'put', policy: 'any', holds: 'either', taken: ['direct', 'fail'], failed: ['direct', 'fail'] },
    // the bytes are in the bucket; session-forms.ts has asked for the session's state if imgix answered at all
    { call: 'close', policy: 'any', holds: 'ours', taken: ['direct', 'fail'], failed: ['direct', 'fail'] },
];
/** The actions that can settle an upload. Each returns undefined if it can't. */
const WAYS = {
    /** A session replaces the file at the path, unless the Source has no sessions. */
    async session(upload, error) {
        if (!upload.untried.includes('session') || isStopped(upload))
            return undefined;
        try {
            return addAttempts(error, await bySession({ ...upload, untried: [] }));
        }
        catch (second) {
            if (second instanceof errors/* ImgixError */.xw && [400, 404, 405].includes(Number(second.status)))
                return undefined;
            throw second;
        }
    },
    /** Uploads directly, so that no file fails because of a route that the action chose. */
    async direct(upload, error) {
        if (!upload.untried.includes('direct') || isKeyRefused(error) || isStopped(upload))
            return undefined;
        upload.settings.routes.giveUpSessions(error);
        return addAttempts(error, await direct({ ...upload, untried: [] }));
    },
    /** Succeeds if it is proven that the path holds the bytes of this upload. */
    async ours(upload, { attempts }) {
        const { api, place, traces } = upload;
        const { holds, route } = traces;
        if (holds === 'older' || isStopped(upload))
            return undefined;
        const isProven = holds === 'ours' || isOurs(await look(api.client, place), traces);
        return isProven ? { result: 'uploaded', route, attempts, stored: { sha256: '', asset: undefined } } : undefined;
    },
    async skip(upload, error) {
        return refuse(upload, error);
    },
    async fail(upload, error) {
        if (!isConflict(error) || upload.settings.conflictPolicy === 'overwrite')
            throw error;
        return refuse(upload, error);
    },
};
const LEAVES_AT_ONCE_BYTES = 1 << 20;
/** Stores one file by its planned route. Another route of the step is used if the first one can't store the file.
 *  @throws ImgixError, FileError */
async function uploadFile(api, step, settings) {
    const { routes, bytes } = step;
    const { conflictPolicy, stop } = settings;
    const place = placeOf(api, step, stop);
    // do not await here without need: the choice of a route counts the uploads that have started
    const { before: known = 'unknown' } = settings;
    const before = needsState(step, { known, conflictPolicy }) ? await readStateBefore(api.client, place, step) : known;
    // a PUT replaces an existing file
    const canPut = conflictPolicy === 'overwrite' || before !== 'unknown';
    const free = () => (canPut ? settings.routes.next() : 'direct');
    const route = step.route === 'any' ? free() : step.route;
    const traces = { holds: 'older', route, before, beganAtMs: api.client.now(), sent: { sha256: '', bytes } };
    const upload = { api, step, settings, place, traces, untried: routes.filter((other) => other !== route) };
    return route === 'session' ? bySession(upload) : direct(upload);
}
async function direct(upload) {
    const { api, step, settings, place, traces } = upload;
    const { stop, grace, conflictPolicy } = settings;
    // a small upload can already be stored when the run is cancelled, so wait for its answer
    const leavesAtOnce = step.bytes <= LEAVES_AT_ONCE_BYTES;
    const ends = leavesAtOnce ? { signal: grace, halt: stop.soft } : {};
    try {
        const file = { ...fileOf(upload), overwrite: conflictPolicy === 'overwrite' };
        const { attempts, asset } = await uploadAsset(api.client, { ...place, ...ends }, file);
        const stored = { sha256: traces.sent.sha256, asset: asset && viewAsset(asset) };
        return { result: 'uploaded', route: 'direct', attempts, stored };
    }
    catch (error) {
        return settle(upload, 'direct', error);
    }
}
async function bySession(upload) {
    const { api, step, settings, place, traces } = upload;
    if (settings.conflictPolicy !== 'overwrite' && traces.before === 'present')
        return refuse(upload, { method: 'GET', path: step.originPath, status: undefined, attempts: 1 });
    const store = () => storeBySession(api, step, { place, file: fileOf(upload), ...settings });
    try {
        const { attempts } = await (step.route === 'any' ? settings.routes.during(store) : store());
        const stored = { sha256: traces.sent.sha256, asset: undefined };
        return { result: 'uploaded', route: 'session', attempts, stored };
    }
    catch (error) {
        if (!(error instanceof SessionError))
            throw error;
        return settle(upload, error.call, error.cause);
    }
}
/** @throws the error if no action settles the upload */
async function settle(upload, call, error) {
    const { conflictPolicy } = upload.settings;
    const row = LOST_ANSWERS.find((one) => one.call === call && ['any', conflictPolicy].includes(one.policy));
    if (!(error instanceof errors/* ImgixError */.xw) || row === undefined)
        throw error;
    if (isLost(call, error))
        noteLost(upload.traces, row.holds, call === 'direct' ? 'direct' : 'session');
    for (const way of isConflict(error) ? row.taken : row.failed) {
        const settled = await WAYS[way](upload, error);
        if (settled !== undefined)
            return settled;
    }
    throw error;
}
/** Whether a try can have been carried out although its answer was lost. */
function isLost(call, { perhapsDone, status = 500, attempts }) {
    if (call === 'put')
        return status >= 500 || attempts > 1;
    return call === 'close' || perhapsDone;
}
/** Ends an upload whose path is taken.
 *  @throws ImgixError unless `on-conflict` is `skip` */
function refuse({ traces: { holds, before }, settings: { conflictPolicy } }, { method, path, status, attempts }) {
    const isDoubtful = holds === 'either' && before !== 'present';
    const doubt = isDoubtful ? '; an earlier try may have stored this file, but nothing proves it' : '';
    const reason = `the Source already holds this path${doubt}`;
    if (conflictPolicy === 'skip')
        return { result: 'skipped', reason, attempts };
    const remedy = 'delete it in the bucket, or set on-conflict to overwrite or skip';
    throw new errors/* ImgixError */.xw({ method, path, status, attempts, reason: `${reason}, and on-conflict is fail`, remedy });
}
function fileOf({ step, settings: { onProgress }, traces }) {
    const { absolutePath: file, identity, contentType, isGuarded } = step;
    const onDigest = (digest) => {
        traces.sent = digest;
    };
    const again = (opened, bytes) => inspect(step, opened, bytes);
    return { file, identity, inspect: isGuarded ? again : undefined, contentType, onProgress, onDigest };
}
function addAttempts({ attempts }, uploaded) {
    return { ...uploaded, attempts: uploaded.attempts + attempts };
}
function isStopped({ settings: { stop } }) {
    return stop.soft.aborted || stop.hard.aborted;
}
/** A storage's 401 says nothing of the key. */
function isKeyRefused({ status, permission }) {
    return status === 401 && permission !== undefined;
}
function isConflict({ status }) {
    return status === 409;
}
function placeOf(api, step, { soft, hard }) {
    return { sourceId: api.sourceId, originPath: step.originPath, signal: hard, halt: soft };
}

;// CONCATENATED MODULE: ./lib/src/sync/attributes.js






// After an upload session, the asset appears when imgix has processed the bytes: the waits between requests for it.
const LOOK_AGAIN_MS = [1000, 2000, 4000, 8000];
/**
 * Writes the attributes and the record of the bytes to an asset, in one PATCH. Everything else of the asset stays.
 * @param stored the bytes that were uploaded just now; undefined if the bytes did not change
 * @throws ImgixError
 */
async function attributes_updateAsset(api, step, { stored, stop }) {
    const attributes = step.kind === 'update' ? step.attributes : undefined;
    const recordFor = (asset) => {
        if (stored === undefined || (stored.record !== 'always' && readRecord(asset) === undefined))
            return undefined;
        return stored.sha256 === '' ? UPLOADING : recordOf(stored.sha256);
    };
    const answered = stored?.asset;
    const isWhole = answered !== undefined && hasEveryField(answered, stored?.hasFields, { attributes, record: recordFor(answered) });
    const asset = isWhole ? answered : await lookAt(api, step, { stop, isNew: stored !== undefined });
    if (asset === undefined)
        throw notThere(api, step, stored);
    const isChanged = await patch(api, step, { asset, attributes, record: recordFor(asset), stop });
    return isChanged
        ? { result: 'done', attempts: 1 }
        : { result: 'skipped', reason: 'the asset has it all', attempts: 1 };
}
/** Answers to uploads can omit fields. @returns whether this one has every field that the change is merged into */
function hasEveryField(asset, hasFields, { attributes, record }) {
    const change = describeChange(asset, attributes, record);
    if (change === undefined)
        return asset.customFields !== undefined;
    return !('problem' in change) && (hasFields === false || !fillsEmpty(asset, change));
}
/** @returns whether the asset had to be changed
 *  @throws ImgixError */
async function patch(api, step, { asset, attributes, record, stop }) {
    const change = describeChange(asset, attributes, record);
    if (change === undefined)
        return false;
    if ('problem' in change) {
        const path = `/api/v1/sources/${api.sourceId}/assets/${step.originPath}`;
        throw new errors/* ImgixError */.xw({ method: 'PATCH', path, reason: String(change.problem), remedy: 'run the job again' });
    }
    await changeAsset(api.client, placeOf(api, step, stop), change);
    return true;
}
async function lookAt(api, step, { stop, isNew }) {
    for (const waitMs of isNew ? LOOK_AGAIN_MS : []) {
        const asset = await findAsset(api.client, placeOf(api, step, stop));
        if (asset !== undefined)
            return asset;
        await (0,promises_.setTimeout)(waitMs, undefined, { signal: stop.patience }).catch(() => stop.patience.throwIfAborted());
    }
    return findAsset(api.client, placeOf(api, step, stop));
}
function notThere(api, { originPath }, stored) {
    const path = `/api/v1/sources/${api.sourceId}/assets/${originPath}`;
    const [reason, remedy] = stored === undefined
        ? ['the Source has no such asset', 'run once with mode: all, which uploads what the Source lacks']
        : ['the Asset Manager does not have it yet', 'run the job again in some minutes'];
    return new errors/* ImgixError */.xw({ method: 'GET', path, status: 404, reason, remedy });
}

;// CONCATENATED MODULE: ./lib/src/sync/file.js



/** The life of one file. It never fails: each failure is the outcome of a step. */
async function syncFile({ upload, purges, calls }, run) {
    const file = { known: upload };
    // the place is free again when the bytes are stored, because the later steps have rate limits of their own
    const { result } = await run.places.take(async () => {
        await run.lookBefore(purges);
        return run.attempt(upload, async (stop) => {
            file.known = await run.invalidateRecord(upload, stop); // a record must not outlive the bytes that it describes
            const settings = settingsFor(upload, run, stop);
            const uploaded = await uploadFile(run.api, upload, { ...settings, before: file.known.before });
            if (uploaded.result === 'skipped')
                return uploaded;
            file.stored = uploaded.stored;
            return { result: 'done', route: uploaded.route, attempts: uploaded.attempts };
        });
    }, lengthOf(upload));
    const { known, stored } = file;
    if (stored === undefined) {
        const reason = whyNotStored(result);
        for (const step of [...purges, ...calls])
            run.emit({ kind: 'ended', outcome: { step, result: 'not-done', reason, attempts: 0, seconds: 0 } });
        return;
    }
    const called = calls.map((step) => run.call(step)); // nothing waits for a refresh, because their limit is per minute
    const purged = await Promise.all(purges.map((step) => run.purge(step)));
    // a record says that upload and purges are done: after a failed purge it is invalid, and the next full sync repeats both
    const isPurged = purged.every((outcome) => outcome.result === 'done');
    const step = updateAfter(upload, known.record, stored.asset !== undefined && readRecord(stored.asset) !== undefined);
    if (step !== undefined)
        await run.update(step, { ...stored, ...known, sha256: isPurged ? stored.sha256 : '' });
    await Promise.all(called);
}
function lengthOf({ routes }) {
    return routes[0] === 'session' ? 'long' : 'short';
}
function settingsFor(step, { conflictPolicy, routes, grace, emit }, stop) {
    const onProgress = (bytes) => emit({ kind: 'sent', step, bytes });
    return { conflictPolicy, stop, grace, routes, onProgress };
}
function whyNotStored(result) {
    if (result === 'failed')
        return 'its upload failed';
    return result === 'skipped' ? 'its file was not uploaded' : 'the run ended before its upload';
}

;// CONCATENATED MODULE: ./lib/src/sync/pool.js
/**
 * Limits the work under way to `places`, first come, first served. While both kinds of work wait, each kind has at most
 * half of the places, so that neither kind blocks the other.
 */
function createPool(places) {
    const queues = { long: createQueue(Math.ceil(places / 2)), short: createQueue(Math.floor(places / 2)) };
    let changed = Promise.withResolvers();
    function start() {
        while (queues.long.working + queues.short.working < places) {
            const queue = next();
            const begin = queue.take();
            if (begin === undefined)
                break;
            queue.working += 1;
            begin();
        }
        changed.resolve();
        changed = Promise.withResolvers();
    }
    function next() {
        const { long, short } = queues;
        if (long.length() === 0 || short.length() === 0)
            return long.length() === 0 ? short : long;
        return long.working < long.share ? long : short;
    }
    async function until(isTrue) {
        while (!isTrue())
            await changed.promise;
    }
    return {
        async take(work, kind = 'short') {
            const queue = queues[kind];
            await new Promise((begin) => {
                queue.add(begin);
                queueMicrotask(start); // after the caller has added the rest of its work
            });
            try {
                return await work();
            }
            finally {
                queue.working -= 1;
                start();
            }
        },
        room: (kind) => until(() => queues[kind].length() < places),
        idle: () => until(() => Object.values(queues).every(({ working, length }) => working + length() === 0)),
    };
}
/** First in, first out.
 *  @param share the number of places while the other kind waits */
function createQueue(share) {
    const waiting = [];
    let taken = 0;
    return {
        share,
        working: 0,
        length: () => waiting.length - taken,
        add: (begin) => void waiting.push(begin),
        take() {
            const begin = waiting[taken];
            if (begin === undefined)
                return undefined;
            waiting[taken] = undefined; // frees the memory of the callback
            taken += 1;
            return begin;
        },
    };
}

;// CONCATENATED MODULE: ./lib/src/sync/record.js







const SEEK_MS = 10_000;
/**
 * Invalidates an asset's record before the upload, so that no later run trusts it, even if this run is killed. If no
 * assets were listed, one request asks whether the Source has any record. If it has, or no answer comes in
 * time, each asset is requested before its upload. If the request is refused, records are renewed where an upload's
 * answer shows one.
 */
function createInvalidateRecord(api, { conflictPolicy, emit, seekMs = SEEK_MS }) {
    let answer;
    /** @returns undefined if the request is refused */
    async function askForRecords({ soft }) {
        const late = AbortSignal.timeout(seekMs);
        try {
            return await hasRecords(api, AbortSignal.any([soft, late]));
        }
        catch (error) {
            if (error === late.reason)
                return true;
            if (!(error instanceof errors/* ImgixError */.xw) || error === soft.reason || error.status === 401)
                throw error;
            if (!isFinal(error))
                return true;
            emit({ kind: 'records-unknown', because: error });
            return undefined;
        }
    }
    async function invalidate(step, stop) {
        const { record } = step;
        const asset = await findAsset(api.client, placeOf(api, step, stop));
        if (asset === undefined)
            return { record, hasFields: false, before: 'absent' };
        if (readRecord(asset) === undefined)
            return { record, hasFields: hasMerged(asset), before: 'present' };
        await patch(api, step, { asset, record: UPLOADING, stop });
        return { record: 'always', hasFields: true, before: 'present' };
    }
    return async (step, stop) => {
        const { hasRecord, hasFields, record } = step;
        if (conflictPolicy !== 'overwrite')
            return { record, hasFields: hasFields ?? false }; // nothing is replaced
        if (hasRecord !== undefined)
            return hasRecord ? invalidate(step, stop) : { record, hasFields };
        answer ??= askForRecords(stop);
        const sourceHasRecords = await answer;
        if (sourceHasRecords)
            return invalidate(step, stop);
        // without permission to read assets, the upload's answer has to be enough
        return { record, hasFields: sourceHasRecords === undefined ? false : hasFields };
    };
}
/** Further tries would get the same answer. Not for a 400: imgix possibly refuses only the filter. */
function isFinal({ status = 0 }) {
    return status > 400 && !(0,retry/* isTransient */.dg)(status);
}

;// CONCATENATED MODULE: ./lib/src/sync/route-choice.js
function createRouteChoice(client, onSessionsClosed) {
    let isOpen = true;
    let atWork = 0; // sessions under way: each one needs one more request to be closed
    return {
        next() {
            if (!isOpen)
                return 'direct';
            // both routes need about the same time for an answer and for the bytes, so only the limits decide
            const { waitMs, tripMs } = client.expect('upload', 1);
            const opening = client.expect('default', 1);
            const closing = client.expect('default', atWork + 2);
            const session = Math.max(opening.waitMs + 2 * tripMs, closing.waitMs);
            return session < waitMs ? 'session' : 'direct';
        },
        async during(session) {
            atWork += 1;
            try {
                return await session();
            }
            finally {
                atWork -= 1;
            }
        },
        giveUpSessions(because) {
            if (isOpen)
                onSessionsClosed(because);
            isOpen = false;
        },
    };
}

;// CONCATENATED MODULE: ./lib/src/sync/stop.js


/**
 * The rule for every AbortSignal of a sync.
 *
 * |                    | transfers                    | later steps of stored files, and records       |
 * | ------------------ | ---------------------------- | ---------------------------------------------- |
 * | cancellation       | are aborted, but see below   | go on, but do not wait for an asset to appear  |
 * | end of its grace   |                              | are aborted                                    |
 * | fatal error        | none starts, but see below   | none starts; those under way end by themselves |
 * | a refused record   |                              | no other record starts                         |
 *
 * A cancellation does not abort an upload of at most 1 MiB, which can already be stored, nor the opening of a session,
 * whose answer names the session to cancel. A fatal error aborts the PUT of a session, because its close would fail.
 */
function createStops({ soft: cancelled, hard: grace }, sourceIsKnown) {
    const fatal = new AbortController();
    const refusal = new AbortController();
    const stop = (soft, hard) => {
        return { soft: AbortSignal.any(soft), hard, patience: AbortSignal.any([cancelled, ...soft]) };
    };
    const transfers = stop([cancelled, fatal.signal], cancelled);
    const followUps = stop([grace, fatal.signal], grace);
    const records = stop([grace, fatal.signal, refusal.signal], grace);
    let isKnown = sourceIsKnown;
    let strangers = 0; // refusals in a row, without a success, that were not imgix's
    function stopOf({ kind }) {
        if (kind === 'upload')
            return transfers;
        return kind === 'record' ? records : followUps;
    }
    /** The outcome of a step that threw. After a stop, the step still counts as failed if the server answered. */
    function outcomeOf(step, cause, seconds) {
        const { soft, hard } = stopOf(step);
        const isStopped = hard.aborted || (cancelled.aborted && cause === cancelled.reason);
        const isAnswered = cause instanceof errors/* ImgixError */.xw && hasAnswer(cause) && cause !== fatal.signal.reason;
        if (isStopped || (soft.aborted && !isAnswered)) {
            return { step, result: 'not-done', reason: 'the run ended before it was done', attempts: 0, seconds };
        }
        const error = cause instanceof Error ? cause : new Error(String(cause));
        return { step, result: 'failed', error, attempts: error instanceof errors/* ImgixError */.xw ? error.attempts : 1, seconds };
    }
    return {
        fatal: fatal.signal,
        /** Carries out one step. A failure is its outcome. */
        async attempt(step, work) {
            const startedAt = performance.now();
            const seconds = () => (performance.now() - startedAt) / 1000;
            try {
                const stop = stopOf(step);
                stop.soft.throwIfAborted();
                return { step, ...(await work(stop)), seconds: seconds() };
            }
            catch (cause) {
                return outcomeOf(step, cause, seconds());
            }
        },
        /** Stops further steps if an outcome shows that they would fail, too. */
        heed(outcome) {
            const { step, result } = outcome;
            isKnown ||= step.kind === 'upload' && (result === 'done' || result === 'skipped');
            if (result === 'done')
                strangers = 0;
            if (result !== 'failed' || !(outcome.error instanceof errors/* ImgixError */.xw))
                return;
            if (outcome.error.permission !== undefined && outcome.error.strangersStatus !== undefined)
                strangers += 1;
            if (strangers === STRANGERS_MAX)
                fatal.abort(outcome.error);
            if (step.kind === 'record' && isForbidden(outcome.error))
                refusal.abort(outcome.error);
            else if (step.kind !== 'record' && isFatal(outcome.error, isKnown))
                fatal.abort(outcome.error);
        },
    };
}
/** A gateway can refuse one path or one file. If it refuses so many steps in a row, it refuses them all. */
const STRANGERS_MAX = 10;
function hasAnswer({ status, strangersStatus }) {
    return status !== undefined || strangersStatus !== undefined;
}
function isForbidden({ status }) {
    return status === 401 || status === 403;
}
/** Whether every other request would fail, too: a 401 or 403 of the API, a proxy that refuses to connect, or a 404 on an
 *  upload to a Source that never answered. A 403 of a presigned URL concerns one file only. */
function isFatal(error, sourceIsKnown) {
    const { status, permission, path, cause } = error;
    if (permission === undefined)
        return false;
    if (cause instanceof unsent/* ProxyError */.T6)
        return !cause.retryable;
    return isForbidden(error) || (status === 404 && !sourceIsKnown && /\/upload(-sessions)?\//.test(path));
}

;// CONCATENATED MODULE: ./lib/src/sync/sync.js









const PURGES_AT_A_TIME = 32;
/** Most updates wait for the rate limit, or for an asset to appear. */
const UPDATES_AT_A_TIME = 32;
const CALLS_AT_A_TIME = 32;
/**
 * Carries a plan out. A failure is the outcome of one step, and every step has an outcome.
 * @returns the error that ended the run early, because every other request would fail, too
 */
async function sync(plan, api, settings) {
    const { run, pools, purgeAlone, fatal } = createRun(api, settings);
    const purgesOf = (isFile) => plan.purges.filter(({ path }) => (path !== undefined) === isFile);
    const alone = [
        begin(pools.withoutUpload, purgesOf(true), purgeAlone),
        begin(pools.updates, plan.updates, (step) => run.update(step)),
        begin(pools.calls, plan.calls, run.call),
    ];
    // the largest file first, so that it does not finish long after all others
    const files = plan.files.toSorted((a, b) => b.upload.bytes - a.upload.bytes);
    const lives = ['long', 'short'].map((kind) => {
        const ofKind = files.filter(({ upload }) => lengthOf(upload) === kind);
        return begin(run.places, ofKind, (file) => syncFile(file, run), kind);
    });
    const begun = await Promise.all(lives);
    await run.places.idle();
    // any upload can change the image at a URL of the input `urls`, so these purges are last
    begun.push(await begin(pools.withoutUpload, purgesOf(false), purgeAlone), ...(await Promise.all(alone)));
    await Promise.all(begun.flatMap((open) => [...open]));
    return fatal.reason;
}
/** Starts an item whenever the pool has room, because each waiting item costs memory. @returns the work that has not ended */
async function begin(pool, items, start, kind = 'short') {
    const open = new Set();
    for (const item of items) {
        await pool.room(kind);
        const work = start(item).finally(() => open.delete(work));
        open.add(work);
    }
    return open;
}
function createRun(api, settings) {
    const { stop, emit, conflictPolicy, lookBefore = async () => { } } = settings;
    const stops = createStops(stop, api.sourceIsKnown);
    const pools = {
        purges: createPool(PURGES_AT_A_TIME),
        withoutUpload: createPool(PURGES_AT_A_TIME), // purges without an upload, so that they don't wait behind those of stored files
        updates: createPool(UPDATES_AT_A_TIME),
        calls: createPool(CALLS_AT_A_TIME), // refreshes wait long for their rate limit, so they have their own places
    };
    const attempt = async (step, work) => {
        const outcome = await stops.attempt(step, work);
        stops.heed(outcome);
        emit({ kind: 'ended', outcome });
        return outcome;
    };
    const requestPurge = (step) => attempt(step, async ({ soft, hard }) => {
        const subImageOf = step.subImage ? api.sourceId : undefined;
        const { attempts } = await purge(api.client, step.url, { signal: hard, halt: soft, subImageOf });
        return { result: 'done', attempts };
    });
    const run = {
        api,
        conflictPolicy,
        routes: createRouteChoice(api.client, (because) => emit({ kind: 'sessions-closed', because })),
        places: createPool(settings.concurrency),
        grace: stop.hard,
        emit,
        lookBefore,
        attempt,
        invalidateRecord: createInvalidateRecord(api, settings),
        purge: (step) => pools.purges.take(() => requestPurge(step)),
        update: (step, stored) => pools.updates.take(() => attempt(step, (stop) => attributes_updateAsset(api, step, { stored, stop }))),
        call: (step) => pools.calls.take(() => attempt(step, (stop) => callAssetManager(api, step, stop))),
    };
    /** Purges a URL of the inputs, or of a file that another program stored. */
    const purgeAlone = (step) => pools.withoutUpload.take(async () => {
        await lookBefore([step]);
        return requestPurge(step);
    });
    return { run, pools, purgeAlone, fatal: stops.fatal };
}
async function callAssetManager(api, step, stop) {
    const ask = step.call === 'add' ? addAsset : refreshAsset;
    const { attempts } = await ask(api.client, placeOf(api, step, stop));
    return { result: 'done', attempts };
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./lib/src/verify/rendering.js





const LOOKS_AT_A_TIME = 4;
/** Answers of servers that do not support a method; a firewall in front of them answers 403. */
const NO_HEAD = [403, 405, 501];
/** A larger difference is not the clock's: a cache kept the header. */
const CLOCK_MAX_MS = 3_600_000;
/** Requests the headers of files from rendering hosts, which never get the API key. */
function createRendering(settings) {
    const transport = (0,http_transport/* createTransport */.oO)(settings.timeoutMs, settings.proxyFor);
    const hosts = createHosts(settings.apiUrl, settings.resolve);
    const turn = createTurns(LOOKS_AT_A_TIME);
    const ask = (method, url, signal) => {
        const headers = { accept: '*/*', 'user-agent': settings.userAgent };
        return transport.send({ method, url, headers, signal, repeats: true, headersOnly: true, lookup: hosts.lookup });
    };
    return {
        /** Requests one URL. It never fails: a missing answer is also a result.
         *  @param text the URL, without a query */
        look(text, signal) {
            const url = new URL(text);
            return turn(url.host, signal, async () => {
                if (!(await hosts.allows(url)))
                    throw new unsent/* HostError */.dh('its host is not public');
                const token = settings.tokenFor(url);
                if (token !== undefined)
                    url.search = `s=${signatureOf(token, text.slice(url.origin.length))}`;
                const answer = await ask('HEAD', url, signal);
                return read(NO_HEAD.includes(answer.status) ? await ask('GET', url, signal) : answer);
            }).catch(rendering_readProblem);
        },
        close: () => transport.close(),
    };
}
/** After this many requests in a row without an answer, a host gets no more: each would cost a whole timeout, and keep
 *  other hosts waiting. */
const SILENT_LOOKS = 3;
/** @returns a function that requests a URL; for a host that does not answer, the last problem with it is the result */
function createPatience({ look }) {
    const hosts = new Map();
    return async (url, signal) => {
        const { host: name } = new URL(url);
        const host = hosts.get(name) ?? { silentLooks: 0, silence: new AbortController() };
        hosts.set(name, host);
        const silence = host.silence.signal;
        const found = (silence.aborted && host.problem) || (await look(url, AbortSignal.any([signal, silence])));
        if (!('problem' in found))
            host.silentLooks = 0;
        else if (silence.aborted)
            return host.problem ?? found; // not its own, as it was aborted
        else {
            host.silentLooks += 1;
            host.problem = found;
            if (host.silentLooks >= SILENT_LOOKS)
                host.silence.abort();
        }
        return found;
    };
}
/** @see https://github.com/imgix/imgix-blueprint (MD5 of token and encoded path, the query being empty) */
function signatureOf(token, path) {
    return (0,external_node_crypto_.createHash)('md5').update(`${token}${path}`).digest('hex');
}
function read({ status, headers }) {
    const { etag, 'last-modified': lastModified } = headers;
    return { status, etag, lastModified: (0,retry/* parseDate */._U)(lastModified), clockAheadMs: clockAhead(headers) };
}
/** A cache sends its own date, or an older date and the age: the value nearer to now counts. */
function clockAhead({ date, age }) {
    const told = (0,retry/* parseDate */._U)(date);
    if (told === undefined)
        return 0;
    const now = Date.now();
    const ahead = [told - now, told + Number(age ?? 0) * 1000 - now].sort((a, b) => Math.abs(a) - Math.abs(b))[0] ?? 0;
    return Math.abs(ahead) < CLOCK_MAX_MS ? ahead : 0;
}
function rendering_readProblem(error) {
    if (error instanceof unsent/* UnsentError */.Gx)
        return { problem: (0,unsent/* whyUnsent */.GI)(error), final: !error.retryable };
    const { code, message } = error;
    return { problem: `no answer (${code === undefined || code === 'ETIMEDOUT' ? message : code})`, final: false };
}
/** Limits the requests under way. The next one is for the host with the fewest, so that a host that hangs does not
 *  block the others. */
function createTurns(limit) {
    const hosts = new Map();
    let free = limit;
    return async (name, signal, work) => {
        const host = hosts.get(name) ?? { running: 0, waiting: [] };
        hosts.set(name, host);
        if (free === 0)
            await new Promise((begin) => void host.waiting.push(begin));
        else
            free -= 1;
        host.running += 1;
        try {
            signal.throwIfAborted();
            return await work();
        }
        finally {
            host.running -= 1;
            const others = [...hosts.values()].filter(({ waiting }) => waiting.length > 0);
            const begin = others.sort((a, b) => a.running - b.running)[0]?.waiting.shift();
            if (begin === undefined)
                free += 1;
            else
                begin(); // in the place of this one
        }
    };
}

;// CONCATENATED MODULE: ./lib/src/verify/verdicts.js

/**
 * A Last-Modified that is at most this much before the upload still belongs to the upload. It is the bucket's time; the
 * time of the upload is ours, corrected by the rendering host's Date. Both headers are cut to whole seconds, which
 * makes two seconds. Three more are enough for clocks that NTP keeps.
 */
const TOLERANCE_MS = 5000;
const FRESH = { verdict: 'fresh', settled: true };
const REFUSALS = {
    401: 'it answers 401: the host wants a password',
    402: 'it answers 402: imgix serves nothing until the account is paid',
    403: 'it answers 403: access is denied; where the Source wants signed URLs, the key needs the permission Sources',
    410: 'it answers 410: the Source is not deployed, or the domain is not its own',
    422: 'it answers 422: imgix does not render this kind of file',
};
const REPEATED = 'as it also would be if an earlier run had uploaded the same bytes';
const MISSING_BEFORE = 'it was a 404 before the purge, too: no such file, or not the URL that pages request';
const verdicts_REDIRECTS = [301, 302, 303, 307, 308];
const STILL_THERE = 'delete it in the bucket, then run again or purge it';
/** Judges a URL by an answer after its purge. */
function verdicts_judge(expected, after) {
    if ('problem' in after)
        return unverifiable(after.problem, after.final);
    const { status } = after;
    if (status === 404)
        return judgeMissing(expected);
    if (!isAnswer(after))
        return unverifiable(`it answers ${status}`, false);
    if (verdicts_REDIRECTS.includes(status))
        return unverifiable(`it answers ${status}: a redirect, which is not followed`);
    if (status >= 300)
        return unverifiable(REFUSALS[status] ?? `it answers ${status}`);
    if (expected.change === 'deleted')
        return { verdict: 'still-served', reason: STILL_THERE, settled: false };
    return expected.change === 'uploaded' ? judgeUploaded(expected, after) : judgeElsewhere(expected, after);
}
/** Whether an answer is about the file, and not only about a host that can't answer now. */
function isAnswer(look) {
    return 'status' in look && look.status < 500 && !(0,retry/* isTransient */.dg)(look.status);
}
/** For a URL of unknown content, a 404 that was also there before can be a cached one, until the purge has its effect. */
function judgeMissing({ change, before }) {
    if (change === 'uploaded' || change === 'elsewhere')
        return stale('it answers 404');
    if (change === 'deleted' || servedBefore(before) !== undefined)
        return { verdict: 'gone', settled: true };
    return { verdict: 'gone', ...(wasMissing(before) && { reason: MISSING_BEFORE }), settled: false };
}
function judgeUploaded({ before, uploadedAt = 0, mayRepeat = false }, after) {
    const unchanged = (reason) => mayRepeat ? unverifiable(`${reason}, ${REPEATED}`, false) : stale(reason);
    const seen = servedBefore(before);
    if (wasMissing(before) || etagChanged(seen, after))
        return FRESH;
    const { lastModified, etag, clockAheadMs } = after;
    if (lastModified === undefined && etag === undefined)
        return unverifiable('its answers have no ETag and no Last-Modified');
    if (lastModified === undefined) {
        return seen?.etag === undefined
            ? unverifiable('its answers have no Last-Modified, and no ETag is known from before')
            : unchanged('its ETag is the one from before the upload');
    }
    if (seen?.lastModified !== undefined && lastModified <= seen.lastModified) {
        return unchanged('its Last-Modified is the one from before the upload');
    }
    const isNew = lastModified >= uploadedAt + clockAheadMs - TOLERANCE_MS;
    return isNew ? FRESH : unchanged('its Last-Modified is before the upload');
}
/** It is unknown when the bytes changed, so only a difference to the answer before the purge proves something. */
function judgeElsewhere({ before }, after) {
    const seen = servedBefore(before);
    const isNewer = seen?.lastModified !== undefined && (after.lastModified ?? 0) > seen.lastModified;
    if (wasMissing(before) || isNewer || etagChanged(seen, after))
        return FRESH;
    if (seen === undefined)
        return unverifiable('it was not uploaded by this run, and nothing is known from before the purge');
    return unverifiable('it was not uploaded by this run, and is what it was before the purge', false);
}
function servedBefore(before) {
    return before !== undefined && 'status' in before && before.status >= 200 && before.status < 300 ? before : undefined;
}
function wasMissing(before) {
    return before !== undefined && 'status' in before && before.status === 404;
}
/** A weak and a strong ETag with the same text mean the same bytes. */
function etagChanged(before, { etag }) {
    const opaque = (text) => text.replace(/^W\//, '');
    return before?.etag !== undefined && etag !== undefined && opaque(before.etag) !== opaque(etag);
}
function unverifiable(reason, settled = true) {
    return { verdict: 'unverifiable', reason, settled };
}
function stale(reason) {
    return { verdict: 'stale', reason, settled: false };
}

;// CONCATENATED MODULE: ./lib/src/verify/rounds.js



/** Of the URLs that a round waits for. */
const NAMED_MAX = 3;
const WAIT_MS = { first: 1000, most: 15_000 };
/** imgix treats a purge of the same URL within 10 seconds as a duplicate. */
const PURGE_AGAIN_MS = 10_500;
/** How long to keep probing a URL that a purge may never change, after each of its two purges: a file that is still in the
 *  bucket, or one that was already fresh. */
const PATIENCE_MS = { purge: 12_000, repair: 1500 };
/** Purges that are due within this time are sent together. */
const SOON_MS = 500;
/** The last requests need this time for their answers. */
const LAST_LOOK_MS = 1000;
/** Requests URLs until all are as they should be, or the time is up.
 *  @param settle receives each URL when its judgement is final, or when the time is up */
async function lookInRounds(items, settings, settle) {
    const deadline = performance.now() + settings.timeoutMs;
    const ends = AbortSignal.any([settings.signal, AbortSignal.timeout(settings.timeoutMs)]);
    const open = new Set(items);
    const repairs = [];
    const settleDone = () => {
        for (const item of [...open].filter(isDone)) {
            item.repair?.abort();
            settle(item);
            open.delete(item);
        }
    };
    settleDone();
    for (let waitMs = WAIT_MS.first; open.size > 0;) {
        const startedAt = performance.now();
        const look = createPatience(settings.rendering); // in the next round the host may answer
        await Promise.all([...open].map((item) => rounds_lookAt(item, look, ends)));
        settleDone();
        const leftMs = deadline - performance.now() - LAST_LOOK_MS;
        if (open.size === 0 || ends.aborted || leftMs <= 0)
            break;
        const due = [...open].filter((item) => dueAt(item) <= performance.now());
        repairs.push(...due.map((item) => repair(item, settings, ends))); // the rounds continue while the purges wait for their rate limit
        if (due.length > 0)
            waitMs = WAIT_MS.first;
        const lastRoundMs = performance.now() - startedAt; // the next round takes about as long, and can be the last one
        const untilPurgeMs = Math.min(...[...open].map(dueAt)) - performance.now();
        const nextMs = Math.min(waitMs, Math.max(0, leftMs - lastRoundMs), Math.max(SOON_MS, untilPurgeMs));
        const urls = [...open].slice(0, NAMED_MAX).map(({ url }) => url);
        settings.emit({ kind: 'looked', left: open.size, all: items.length, urls, waitMs: nextMs });
        await (0,promises_.setTimeout)(nextMs, undefined, { signal: ends }).catch(() => { });
        waitMs = Math.min(waitMs * 2, WAIT_MS.most);
    }
    for (const item of open)
        item.repair?.abort();
    await Promise.all(repairs);
    // after a cancellation, a judgement that is not settled is unknown
    if (!settings.signal.aborted)
        for (const item of open)
            settle(lastly(item));
}
/** The judgement when the time is up. */
function lastly(item) {
    const { judgement } = item;
    if (judgement?.verdict !== 'stale' || !awaitsRepair(item))
        return item;
    const reason = `${judgement.reason}, and there was no time to purge it again`;
    return { ...item, judgement: { ...judgement, reason } };
}
async function rounds_lookAt(item, request, ends) {
    const look = await request(item.url, ends);
    // a judgement from an answer stays, even if a later request gets no answer
    const counts = item.judgement === undefined ? !ends.aborted || 'status' in look : isAnswer(look);
    if (counts)
        item.judgement = verdicts_judge(item, look);
}
function isDone(item) {
    const { judgement, change, purgedAt = 0, repairedAt = 0 } = item;
    if (judgement === undefined || judgement.settled)
        return judgement !== undefined;
    const endsAt = Math.max(purgedAt + PATIENCE_MS.purge, repairedAt + PATIENCE_MS.repair);
    return change !== 'uploaded' && !awaitsRepair(item) && performance.now() > endsAt;
}
function awaitsRepair({ repair: own, repairedAt }) {
    return own !== undefined && repairedAt === undefined;
}
/** When a URL is purged again, because its purge may have been lost or too early. */
function dueAt({ purgedAt = 0, repair: other }) {
    return other === undefined ? purgedAt + PURGE_AGAIN_MS : Number.POSITIVE_INFINITY;
}
async function repair(item, { purgeAgain }, ends) {
    item.repair = new AbortController();
    const signal = AbortSignal.any([ends, item.repair.signal]);
    await purgeAgain(item.url, signal);
    if (!signal.aborted)
        item.repairedAt = performance.now();
}

;// CONCATENATED MODULE: ./lib/src/verify/verify.js





/** A HEAD request before an upload must not delay the upload for long. */
const LOOK_TIMEOUT_MS = 5000;
const UNSIGNED = 'its Source wants signed URLs, and the key may not read the token: it needs the permission Sources';
const VIDEO = "a video: purges do not reach imgix's Video API";
const TIME_IS_UP = unverifiable('verify-timeout was over before there was an answer');
/** Starts a verification, which keeps connections open until it is closed. */
function startVerification(plan, settings) {
    const { mode, source, client, signal, emit, environment, base, apiUrl, proxyFor } = settings;
    const { before } = Object(environment.event.payload);
    // no earlier run can have uploaded these bytes: a push changed them, and this is the first attempt of its run
    const isNews = environment.attempt === 1 && base !== '' && base === before;
    const signing = (url) => (source?.domains.includes(url.host) ? source.signing : undefined);
    const rendering = createRendering({
        timeoutMs: Math.min(settings.timeoutMs, LOOK_TIMEOUT_MS),
        userAgent: 'imgix-sync/1',
        apiUrl,
        proxyFor,
        tokenFor: (url) => signing(url)?.token,
    });
    const verification = createVerification(plan, {
        rendering,
        timeoutMs: settings.verifyTimeoutMs,
        signal,
        emit,
        // in `mode: all` a file without a comparison can be identical to the stored one
        mayRepeat: ({ change }) => (mode === 'all' ? change === 'present' : !isNews),
        whyNot: (url) => (signing(url) !== undefined && signing(url)?.token === undefined ? UNSIGNED : undefined),
        async purgeAgain(url, ended) {
            try {
                await purge(client, url, { signal: ended, halt: ended });
                emit({ kind: 'purged-again', url });
            }
            catch (error) {
                // the next rounds show the effect; an aborted purge is no event
                if (!ended.aborted)
                    emit({ kind: 'purged-again', url, error });
            }
        },
    });
    return { ...verification, close: () => rendering.close() };
}
/** Verifies that purges had their effect. */
function createVerification(plan, settings) {
    const { rendering, signal } = settings;
    const watched = watchAll(plan, settings);
    const verdicts = new Map();
    const look = createPatience(rendering);
    const whyNot = (url) => (isVideo(url) ? VIDEO : settings.whyNot(new URL(url)));
    const lookAt = async (item) => {
        if (item.change === 'deleted' || signal.aborted || whyNot(item.url) !== undefined)
            return;
        item.before = await look(item.url, signal);
    };
    const note = (item) => {
        if (item !== undefined)
            item.purgedAt = performance.now();
    };
    return {
        /** the final judgements, by URL */
        verdicts: verdicts,
        /** Requests each URL once, before its file changes. It never fails. */
        async lookBefore(changing) {
            const items = changing.flatMap(({ url }) => watched.get(url) ?? []);
            for (const item of items)
                item.looking ??= lookAt(item);
            await Promise.all(items.map(({ looking }) => looking));
            for (const item of items)
                item.uploadedAt = Date.now();
        },
        /** Notes the URLs that were purged, also by the Asset Manager: only these are verified. */
        hear(event) {
            if (event.kind !== 'ended' || event.outcome.result !== 'done')
                return;
            const { step } = event.outcome;
            if (step.kind === 'call' && step.call === 'refresh') {
                for (const item of watched.values())
                    if (item.path === step.path && item.purgedAt !== undefined)
                        note(item);
            }
            else if (step.kind === 'purge' && !step.subImage)
                note(watched.get(step.url));
        },
        /** Requests the URLs until all are as they should be, or the time is up. */
        async carryOut() {
            const items = [...watched.values()].filter(({ purgedAt }) => purgedAt !== undefined);
            for (const item of items) {
                const reason = whyNot(item.url);
                if (reason !== undefined)
                    item.judgement = unverifiable(reason);
            }
            await lookInRounds(items, settings, (item) => void verdicts.set(item.url, item.judgement ?? TIME_IS_UP));
        },
    };
}
/** @returns by URL */
function watchAll({ files, purges, skipped }, { mayRepeat }) {
    const deleted = new Set(skipped.filter(({ result }) => result === 'deleted').map(({ path }) => path));
    const changeOf = (path) => path === undefined ? 'unknown' : deleted.has(path) ? 'deleted' : 'elsewhere';
    const watch = (steps, upload) => steps.flatMap(({ url, path, subImage }) => {
        const change = upload === undefined ? changeOf(path) : 'uploaded';
        return subImage ? [] : [[url, { url, path, change, mayRepeat: upload !== undefined && mayRepeat(upload) }]];
    });
    return new Map([...files.flatMap((file) => watch(file.purges, file.upload)), ...watch(purges)]);
}

;// CONCATENATED MODULE: ./lib/src/publish.js









/** The stages after the selection, in order: plan, sync, verify. */
async function publish(run, { inputs, metadata, selection }) {
    const { stop, state, emit } = run;
    const { dryRun, sourceId } = inputs;
    const client = createClient({
        ...inputs,
        userAgent: 'imgix-sync/1',
        sharesLimits: inputs.shard.count > 1,
        redact: core/* redact */.E$,
        hide: (url, own) => core/* hideUrl */.KT(url, [own, sourceId, ...state.domains].join('\n')),
        onLongWait: (waitMs, because) => emit({ kind: 'waits', waitMs, because }),
    });
    try {
        const sessions = createUploadSessions(client);
        const made = { inputs, api: { client, sourceId }, selection, metadata };
        const { plan, source } = await makePlan({ ...made, signal: stop.soft, emit, hide: core/* hide */.jD, explain: explain/* explain */.WE });
        if (dryRun)
            return;
        const api = { client, sessions, sourceId, sourceIsKnown: source !== undefined };
        await carryOutPlan(run, { plan, inputs, source, api });
        stop.soft.throwIfAborted();
    }
    finally {
        client.close();
    }
}
async function carryOutPlan(run, execution) {
    const { environment, stop, state, emit, listeners } = run;
    const { plan, inputs, source, api } = execution;
    if (inputs.verify === 'off')
        return syncPlan(run, execution);
    if (!inputs.purge && inputs.urls.length === 0) {
        const text = 'verify: as purge is false, nothing is purged, and only what was purged is looked at';
        emit({ kind: 'note', level: 'notice', text });
    }
    const { base } = state.changes;
    const settings = { ...inputs, client: api.client, source, environment, base, signal: stop.soft, emit };
    const verification = startVerification(plan, settings);
    listeners.push(verification.hear);
    try {
        await syncPlan(run, execution, verification.lookBefore);
        stop.soft.throwIfAborted();
        await verification.carryOut();
        emit({ kind: 'verified', verdicts: verification.verdicts });
    }
    finally {
        verification.close();
    }
}
async function syncPlan({ stop, emit }, { plan, inputs, api }, lookBefore) {
    const { onConflict: conflictPolicy, concurrency } = inputs;
    emit({ kind: 'sync-began', videos: findVideos(plan) });
    const ended = sync(plan, api, { conflictPolicy, concurrency, stop, lookBefore, emit });
    const stoppedBy = await ended.finally(() => emit({ kind: 'sync-ended' }));
    const slowDowns = api.client.slowDowns();
    if (slowDowns.length > 0)
        emit({ kind: 'slowed', slowDowns, limits: inputs.rateLimits, shards: inputs.shard.count });
    if (stoppedBy !== undefined)
        throw stoppedBy.status === 404 ? noSource(inputs.sourceId, stoppedBy) : stoppedBy;
}


/***/ })

};
