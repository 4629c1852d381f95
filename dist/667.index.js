export const id = 667;
export const ids = [667];
export const modules = {

/***/ 8667:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  g0: () => (/* binding */ StaleConnection),
  oO: () => (/* binding */ createTransport),
  iA: () => (/* binding */ isStarved)
});

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
// EXTERNAL MODULE: ./lib/src/imgix/http/unsent.js
var unsent = __webpack_require__(555);
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
        return new unsent/* AddressError */.Hi(`no answer from ${each.join(' and ')}`, { cause: error });
    };
}

// EXTERNAL MODULE: ./lib/src/imgix/http/body.js
var body = __webpack_require__(8618);
// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
// EXTERNAL MODULE: ./lib/src/imgix/http/unpack.js
var unpack = __webpack_require__(1308);
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
    (0,external_node_stream_.addAbortSignal)(watch.ended, response);
    const isDownload = receive !== undefined && status === 200;
    const body = watched(response, watch.answered(isDownload));
    if (!isDownload) {
        const text = readText(request, (0,unpack/* unpacked */.K)(body, headers['content-encoding']), status < 300 ? maxBytes : undefined);
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
                throw new unpack/* BodyError */.R(`an answer of more than ${maxBytes} bytes`);
            break;
        }
    }
    catch (error) {
        if (maxBytes === undefined && error instanceof unpack/* BodyError */.R)
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
            if (watch.sentBytes() > body/* CHUNK_BYTES */.EC)
                onUnderWay?.();
            // the chunk's memory is read into again when this is over
            await Promise.race([new Promise((resolve) => request.write(slice, resolve)), ending]);
            watch.progress(slice.length);
            onProgress?.(watch.sentBytes());
            const at = performance.now();
            sliceBytes = at - Number(written.at(-1)?.at) < QUICK_MS ? body/* CHUNK_BYTES */.EC : SLICE_BYTES;
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

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
;// CONCATENATED MODULE: ./lib/src/imgix/http/tunnel.js






function createTunnels() {
    const closing = new AbortController();
    const underWay = new WeakMap(); // by what abandons the request
    return {
        /** An agent whose connections, plain ones too, are tunnels through a proxy: it learns host and port and no more.
         *  Its requests have to be `Abandonable`. */
        agent(proxy, secure, options) {
            const agent = secure ? new external_node_https_.Agent(options) : new external_node_http_.Agent(options);
            const encrypt = agent.createConnection.bind(agent);
            agent.createConnection = (given, callback) => {
                const { host, port, abandoned } = given;
                const target = `${(0,external_node_net_.isIPv6)(host) ? `[${host}]` : host}:${port}`;
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
            return way !== undefined && code === 'ETIMEDOUT' ? new unsent/* ProxyError */.T6(message, { ...way, cause: error }) : error;
        },
        /** Ends the tunnels that are not ready yet; the others are their agents'. */
        close: () => closing.abort(new Error('closed')),
    };
}
/** @throws ProxyError, or the signal's reason */
async function connect(way, signal) {
    const { proxy, target } = way;
    const host = proxy.hostname.replace(/^\[|\]$/g, '');
    const request = (proxy.protocol === 'https:' ? external_node_https_.request : external_node_http_.request)({
        method: 'CONNECT',
        path: target,
        agent: false,
        headers: { host: target, ...authorization(proxy) },
        host,
        port: (0,unsent/* portOf */.HM)(proxy),
        servername: (0,external_node_net_.isIP)(host) === 0 ? host : '', // Node's default is the name in the header `host`
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
            throw new unsent/* ProxyError */.T6('its answer is not HTTP', way);
        throw new unsent/* ProxyError */.T6(String(status), { ...way, status });
    }
    catch (cause) {
        request.on('error', () => { }).destroy();
        if (cause instanceof unsent/* ProxyError */.T6)
            throw cause;
        throw signal.aborted ? signal.reason : new unsent/* ProxyError */.T6(explainCode(explain(cause)), { ...way, cause });
    }
}
function explainCode(cause) {
    if (cause instanceof unsent/* AddressError */.Hi)
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
        const direct = secure ? external_node_https_.Agent : external_node_http_.Agent;
        const agent = agents.get(name) ?? (proxy === undefined ? new direct(options) : tunnels.agent(proxy, secure, options));
        agents.set(name, agent);
        return agent;
    }
    async function send(outgoing) {
        try {
            const source = await (0,body/* openBody */.BO)(outgoing.body);
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
            const request = secure ? (0,external_node_https_.request)(url, options) : (0,external_node_http_.request)(url, options);
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
        const reason = error instanceof unsent/* ProxyError */.T6 ? error : watch.reason(error);
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


/***/ }),

/***/ 1308:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ unpacked),
/* harmony export */   R: () => (/* binding */ BodyError)
/* harmony export */ });
/* harmony import */ var node_stream_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6466);
/* harmony import */ var node_zlib__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8522);


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
    gzip: node_zlib__WEBPACK_IMPORTED_MODULE_1__.createGunzip,
    'x-gzip': node_zlib__WEBPACK_IMPORTED_MODULE_1__.createGunzip,
    deflate: node_zlib__WEBPACK_IMPORTED_MODULE_1__.createInflate,
    br: node_zlib__WEBPACK_IMPORTED_MODULE_1__.createBrotliDecompress,
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
    (0,node_stream_promises__WEBPACK_IMPORTED_MODULE_0__.pipeline)(source, unpacker).catch(() => { }); // the reader below hears of it
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


/***/ })

};
