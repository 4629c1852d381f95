export const id = 850;
export const ids = [850];
export const modules = {

/***/ 6250:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  octokits: () => (/* binding */ octokits)
});

// EXTERNAL MODULE: ./node_modules/@octokit/core/dist-src/index.js + 13 modules
var dist_src = __webpack_require__(5194);
// EXTERNAL MODULE: ./node_modules/@octokit/plugin-paginate-rest/dist-bundle/index.js
var dist_bundle = __webpack_require__(3779);
// EXTERNAL MODULE: ./lib/src/imgix/http/json.js
var json = __webpack_require__(9948);
// EXTERNAL MODULE: ./lib/src/imgix/http/read-answer.js
var read_answer = __webpack_require__(137);
// EXTERNAL MODULE: ./lib/src/imgix/http/transport.js + 3 modules
var http_transport = __webpack_require__(4258);
// EXTERNAL MODULE: ./lib/src/select/github-errors.js
var github_errors = __webpack_require__(1782);
;// CONCATENATED MODULE: ./lib/src/select/github-fetch.js




/** 300 changed files with their patches, or 100 workflow runs, have fewer. */
const ANSWER_MAX_BYTES = 32 << 20;
/** GitHub leads to the new name of a repository. */
const REDIRECTS_MAX = 5;
/**
 * A fetch for one API, by the transport that imgix is asked with: it knows the proxies, and no other HTTP client has to be
 * loaded. Answers are read whole, and are small enough for that.
 * @returns a fetch that fails for longer answers, for JSON of too many values, and for URLs of another host, where a
 *   `Link` to the next page or a redirect must not take the token
 */
function createApiFetch({ apiUrl, signal, timeoutMs, proxyFor }) {
    const { origin } = new URL(apiUrl);
    const transport = (0,http_transport/* createTransport */.oO)(timeoutMs, proxyFor);
    signal.addEventListener('abort', transport.close, { once: true });
    async function ask(target, options, redirects = 0) {
        const url = new URL(target);
        if (url.origin !== origin)
            throw new github_errors/* AnswerError */.dV(`an answer that leads to ${url.host}`);
        const { method, signal: ends } = options;
        const headers = { ...options.headers, 'accept-encoding': 'gzip' }; // a list of runs is a twentieth of its size
        const answer = await send(transport, { method, url, headers, signal: ends, maxBytes: ANSWER_MAX_BYTES });
        const { status, text } = answer;
        const location = status >= 300 && status < 400 ? answer.headers.location : undefined;
        if (location !== undefined) {
            if (redirects === REDIRECTS_MAX)
                throw new github_errors/* AnswerError */.dV('redirects that do not end');
            return ask(new URL(location, url).href, options, redirects + 1);
        }
        check(text);
        // for Octokit, such an answer is an empty list
        if (status < 300 && text === '')
            throw new Error('an empty answer');
        return toFetchAnswer(target, answer);
    }
    return (url, options) => ask(url, options);
}
/** A kept connection can end under a request, which says nothing of the request. */
async function send(transport, outgoing) {
    try {
        return await transport.send(outgoing);
    }
    catch (error) {
        if (error instanceof http_transport/* StaleConnection */.g0)
            return transport.send({ ...outgoing, reuse: false });
        throw error instanceof read_answer/* LengthError */.t ? new github_errors/* AnswerError */.dV(error.message, { cause: error }) : error;
    }
}
function toFetchAnswer(url, { status, headers, text }) {
    const pairs = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    return {
        status,
        url,
        headers: new Map(pairs),
        text: async () => text,
        arrayBuffer: async () => new TextEncoder().encode(text).buffer,
    };
}
function check(text) {
    try {
        (0,json/* checkJson */.Zs)(text);
    }
    catch (cause) {
        throw new github_errors/* AnswerError */.dV(`an answer with ${cause.message}`, { cause });
    }
}

;// CONCATENATED MODULE: ./lib/src/select/octokit.js



const Paging = dist_src/* Octokit */.E.plugin(dist_bundle/* paginateRest */.ud);
/** Not those of @actions/github, which bring an HTTP client of a megabyte and a function for every route. They print nothing.
 *  @returns a function that creates one; all have the same connections */
function octokits(token, settings) {
    const log = { debug() { }, info() { }, warn() { }, error() { } };
    const request = { fetch: createApiFetch(settings), log };
    return () => new Paging({ auth: token, baseUrl: settings.apiUrl, userAgent: 'imgix-sync/1', log, request });
}


/***/ })

};
