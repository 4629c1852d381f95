export const id = 850;
export const ids = [850];
export const modules = {

/***/ 4030:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   octokits: () => (/* binding */ octokits)
/* harmony export */ });
/* harmony import */ var _octokit_core__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5194);
/* harmony import */ var _octokit_plugin_paginate_rest__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(3779);
/* harmony import */ var _imgix_http_json_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(9948);
/* harmony import */ var _imgix_http_transport_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5346);
/* harmony import */ var _imgix_http_unpack_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5303);
/* harmony import */ var _github_errors_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1782);






/** 300 changed files with their patches, or 100 workflow runs, have fewer. */
const ANSWER_MAX_BYTES = 32 << 20;
/** GitHub leads to the new name of a repository. */
const REDIRECTS_MAX = 5;
const Paging = _octokit_core__WEBPACK_IMPORTED_MODULE_2__/* .Octokit */ .E.plugin(_octokit_plugin_paginate_rest__WEBPACK_IMPORTED_MODULE_3__/* .paginateRest */ .ud);
/** Not those of @actions/github, which bring an HTTP client of a megabyte and a function for every route. They print nothing.
 *  @returns a function that creates one; all have the same connections */
function octokits(token, settings) {
    const log = { debug() { }, info() { }, warn() { }, error() { } };
    const request = { fetch: createApiFetch(settings), log };
    return () => new Paging({ auth: token, baseUrl: settings.apiUrl, userAgent: 'imgix-sync/1', log, request });
}
/** The part of fetch that Octokit calls, by the transport that imgix is asked with: it knows the proxies, and no other HTTP
 *  client has to be loaded. Answers are read whole, and are small enough for that. It fails for longer answers, for JSON of
 *  too many values, and for URLs of another host, where a `Link` to the next page or a redirect must not take the token. */
function createApiFetch({ apiUrl, signal, timeoutMs, proxyFor }) {
    const { origin } = new URL(apiUrl);
    const transport = (0,_imgix_http_transport_js__WEBPACK_IMPORTED_MODULE_0__/* .createTransport */ .oO)(timeoutMs, proxyFor);
    signal.addEventListener('abort', transport.close, { once: true });
    return async (target, options) => {
        const { method, signal: ends } = options;
        const headers = { ...options.headers, 'accept-encoding': 'gzip' }; // a list of runs is a twentieth of its size
        let url = new URL(target);
        for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
            if (url.origin !== origin)
                throw new _github_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .AnswerError */ .dV(`an answer that leads to ${url.host}`);
            const outgoing = { method, url, headers, signal: ends, repeats: true, maxBytes: ANSWER_MAX_BYTES };
            const answer = await transport.send(outgoing).catch((error) => {
                // a body that can't be unpacked, which has a cause, can arrive whole at the next try
                const isFinal = error instanceof _imgix_http_unpack_js__WEBPACK_IMPORTED_MODULE_1__/* .BodyError */ .R && error.cause === undefined;
                throw isFinal ? new _github_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .AnswerError */ .dV(error.message, { cause: error }) : error;
            });
            const { location } = answer.headers;
            if (answer.status < 300 || answer.status >= 400 || location === undefined)
                return toFetchAnswer(target, answer);
            url = new URL(location, url);
        }
        throw new _github_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .AnswerError */ .dV('redirects that do not end');
    };
}
function toFetchAnswer(url, { status, headers, text }) {
    try {
        (0,_imgix_http_json_js__WEBPACK_IMPORTED_MODULE_5__/* .checkJson */ .Zs)(text);
    }
    catch (cause) {
        throw new _github_errors_js__WEBPACK_IMPORTED_MODULE_4__/* .AnswerError */ .dV(`an answer with ${cause.message}`, { cause });
    }
    // for Octokit, such an answer is an empty list
    if (status < 300 && text === '')
        throw new Error('an empty answer');
    const pairs = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    return {
        status,
        url,
        headers: new Map(pairs),
        text: async () => text,
        arrayBuffer: async () => new TextEncoder().encode(text).buffer,
    };
}


/***/ })

};
