import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 2613:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("assert");

/***/ }),

/***/ 181:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("buffer");

/***/ }),

/***/ 4434:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("events");

/***/ }),

/***/ 9896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 8611:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("http");

/***/ }),

/***/ 5692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("https");

/***/ }),

/***/ 9278:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("net");

/***/ }),

/***/ 4589:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:assert");

/***/ }),

/***/ 6698:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:async_hooks");

/***/ }),

/***/ 4573:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");

/***/ }),

/***/ 7540:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:console");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 3053:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:diagnostics_channel");

/***/ }),

/***/ 610:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");

/***/ }),

/***/ 8474:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:events");

/***/ }),

/***/ 7067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 2467:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http2");

/***/ }),

/***/ 7030:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");

/***/ }),

/***/ 643:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:perf_hooks");

/***/ }),

/***/ 1792:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:querystring");

/***/ }),

/***/ 7075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 1692:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:tls");

/***/ }),

/***/ 3136:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:url");

/***/ }),

/***/ 7975:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");

/***/ }),

/***/ 3429:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util/types");

/***/ }),

/***/ 5919:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:worker_threads");

/***/ }),

/***/ 8522:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:zlib");

/***/ }),

/***/ 857:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("os");

/***/ }),

/***/ 6928:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("path");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("process");

/***/ }),

/***/ 3193:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("string_decoder");

/***/ }),

/***/ 4756:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("tls");

/***/ }),

/***/ 9023:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("util");

/***/ }),

/***/ 5691:
/***/ ((__webpack_module__, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   e: () => (/* reexport safe */ _main_js__WEBPACK_IMPORTED_MODULE_0__.e)
/* harmony export */ });
/* harmony import */ var _main_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(6952);

await (0,_main_js__WEBPACK_IMPORTED_MODULE_0__/* .run */ .e)();


__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 9432:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   AY: () => (/* binding */ NO_ATTRIBUTES),
/* harmony export */   YP: () => (/* binding */ idlePatterns),
/* harmony export */   bC: () => (/* binding */ RECORD_FIELD),
/* harmony export */   ix: () => (/* binding */ rulesTouched),
/* harmony export */   j0: () => (/* binding */ attributesFor),
/* harmony export */   ty: () => (/* binding */ wantsNothing)
/* harmony export */ });
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7975);

/** The custom field in which the action records the bytes of an asset. */
const RECORD_FIELD = 'imgix-sync';
const NO_ATTRIBUTES = {
    categories: [],
    customFields: {},
    description: undefined,
    name: undefined,
    tags: {},
};
/**
 * Merges the attributes of all rules that match a file: categories are added, fields and tags are merged by key, and the
 * last rule decides the others.
 * @param path relative to `root`
 */
function attributesFor(metadata, path) {
    return metadata.rules
        .filter(({ matches }) => matches(path))
        .reduce((wanted, { attributes }) => mergeAttributes(wanted, attributes), NO_ATTRIBUTES);
}
/** @param paths relative to `root`
 *  @returns the patterns that match none of them */
function idlePatterns({ rules }, paths) {
    return rules.filter(({ matches }) => !paths.some(matches)).map(({ pattern }) => pattern);
}
function mergeAttributes(first, then) {
    return {
        categories: [...new Set([...first.categories, ...then.categories])],
        customFields: { ...first.customFields, ...then.customFields },
        description: then.description === undefined ? first.description : then.description,
        name: then.name === undefined ? first.name : then.name,
        tags: { ...first.tags, ...then.tags },
    };
}
function wantsNothing(attributes) {
    return (0,node_util__WEBPACK_IMPORTED_MODULE_0__.isDeepStrictEqual)(attributes, NO_ATTRIBUTES);
}
/**
 * Whether a change of the metadata file changes the attributes of a file. A removed rule does not: attributes that were set
 * once stay.
 * @param path relative to `root`
 */
function rulesTouched(before, after, path) {
    const wanted = attributesFor(after, path);
    if (wantsNothing(wanted))
        return false;
    const known = attributesFor(before, path);
    const comparable = (attributes) => ({ ...attributes, categories: [...attributes.categories].sort() });
    return !(0,node_util__WEBPACK_IMPORTED_MODULE_0__.isDeepStrictEqual)(comparable(known), comparable(wanted));
}


/***/ }),

/***/ 3134:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   JM: () => (/* binding */ PatternError),
/* harmony export */   _j: () => (/* binding */ splitSign),
/* harmony export */   xi: () => (/* binding */ compilePatterns),
/* harmony export */   yu: () => (/* binding */ readPatternLines)
/* harmony export */ });
/* harmony import */ var minimatch__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3581);

// The options of @actions/glob 0.7, so that a pattern matches deleted paths and paths on disk alike. Only `platform` is
// ours: git's names can contain a backslash, on Windows too.
const OPTIONS = { dot: true, nobrace: true, nocomment: true, noext: true, nonegate: true, platform: 'linux' };
/**
 * Compiles the pattern language of @actions/glob for paths that need not exist: one pattern a line, `!` excludes, `#` starts
 * a comment, the last match wins, and a pattern of a folder matches all files in it.
 * @returns a matcher for POSIX paths, relative to the same folder as the patterns
 * @throws PatternError with the first pattern that is not valid
 */
function compilePatterns(text, place = {}) {
    const rules = readPatternLines(text).map(({ pattern }) => compileRule(pattern, place));
    rules.reverse();
    return (path) => {
        const rule = rules.find((candidate) => takes(candidate, path));
        return rule !== undefined && !rule.exclude;
    };
}
function readPatternLines(text) {
    return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
        const pattern = line.trim();
        return pattern === '' || pattern.startsWith('#') ? [] : [{ line: index + 1, pattern }];
    });
}
class PatternError extends Error {
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
/** No path is longer. */
const PATTERN_MAX_LENGTH = 4096;
function compileRule(line, place) {
    if (line.length > PATTERN_MAX_LENGTH) {
        throw new PatternError(`'${line.slice(0, 60)}…' is longer than ${PATTERN_MAX_LENGTH} characters`);
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
        throw new PatternError(`'${line}' is not relative to root${remedy}`);
    }
    if (segments[0] === '.')
        segments.shift();
    if (segments.some((segment) => DOTS.test(unescapeDots(segment)))) {
        throw new PatternError(`'${line}' has a '.' or '..' segment${suggest(segments, { ...asked, isAbsolute: false })}`);
    }
    const globstar = segments.at(-1) === '**';
    const compile = (parts) => withoutBacktracking(new minimatch__WEBPACK_IMPORTED_MODULE_0__/* .Minimatch */ .VR(`/${parts.join('/')}`, { ...OPTIONS, nocase: windows }));
    const itself = compile(segments);
    const rule = { exclude, start: windows ? '' : startOf(itself), itself, globstar, folderOnly };
    if (folderOnly || !globstar)
        rule.descendants = compile([...segments, '**']);
    return rule;
}
/** `*` in the regular expression of a segment. */
const STAR = '[^/]*?';
/**
 * Lets each `*` but the last of a segment end at the first place that fits, which is as good as any other. Otherwise the
 * time goes by a power of the name's length: `*-*-*-*-*` and a name of 250 hyphens take minutes.
 */
function withoutBacktracking(pattern) {
    for (const part of pattern.set.flat()) {
        if (!(part instanceof RegExp))
            continue;
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
/** Reads dots in a segment as @actions/glob does: `[.]` and `\\.` are dots, too. */
function unescapeDots(segment) {
    return segment.replace(/\[\\?\.\]|\\\./g, '.');
}
/** The folders at the start of a pattern. With thousands of rules, comparing them first saves most matches. */
function startOf({ set: [parts = []] }) {
    const end = parts.findIndex((part) => typeof part !== 'string');
    return parts.slice(1, end === -1 ? undefined : end).join('/');
}
function takes(rule, path) {
    if (!path.startsWith(rule.start))
        return false;
    // '/a/**' matches '/a/' but not '/a', so a path gets a slash for a last globstar, as in @actions/glob
    if (!rule.folderOnly && rule.itself.match(rule.globstar ? `/${path}/` : `/${path}`))
        return true;
    return rule.descendants?.match(`/${path}`) ?? false;
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


/***/ }),

/***/ 6667:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   JU: () => (/* binding */ purgeUrl),
/* harmony export */   O0: () => (/* binding */ encodePath),
/* harmony export */   gR: () => (/* binding */ parseDomain),
/* harmony export */   uq: () => (/* binding */ parsePurgeUrl)
/* harmony export */ });
/**
 * The URL to purge: the URL of a page that builds it with imgix's SDK.
 * @param originPath relative to the Source, no leading slash, not encoded
 * @see https://github.com/imgix/js-core (a path is encoded by encodeURI, then `# ? : +`)
 */
function purgeUrl(domain, originPath) {
    return `https://${domain}/${encodePath(originPath)}`;
}
/**
 * Normalises a URL to purge: drops query and fragment, and encodes every character once. An escape stays, so that `a%26b`
 * and `a&b` remain two URLs.
 * @returns undefined for a text that is not an https URL of a file
 */
function parsePurgeUrl(text) {
    const match = /^https:\/\/([^/?#]+)\/([^?#]+)/i.exec(text);
    const host = match?.[1] ?? '';
    const path = match?.[2] ?? '';
    const domain = parseDomain(host);
    if (domain === undefined || path.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment)))
        return undefined;
    return `https://${domain}/${encodeOnce(path)}`;
}
/** @returns the host name in lower case and ASCII; undefined for a text that is not a host name */
function parseDomain(text) {
    if (!/^[^\s/?#@:[\]\\%]+$/.test(text) || !URL.canParse(`https://${text}`))
        return undefined;
    const { hostname } = new URL(`https://${text}`);
    return /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(hostname) && !/^[\d.]+$/.test(hostname) ? hostname : undefined;
}
/** Encodes an origin path for a URL: `encodeURI`, then `# ? : +`. */
function encodePath(path) {
    return encodeURI(path).replace(/[#?:+]/g, encodeURIComponent);
}
function encodeOnce(path) {
    return path.replace(/((?:%[0-9a-f]{2})+)|([^%]+|%)/gi, (_, encoded, raw) => encoded === undefined ? encodePath(raw) : tidyEscapes(encoded));
}
/** Gives every URL one spelling: escapes in upper case, and no escapes of unreserved characters. */
function tidyEscapes(escapes) {
    return escapes.toUpperCase().replace(/%[0-9A-F]{2}/g, (code) => {
        const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
        return /[\w.~-]/.test(character) ? character : code;
    });
}


/***/ }),

/***/ 7035:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   A1: () => (/* binding */ parsePrefix),
/* harmony export */   Bj: () => (/* binding */ parseFiles),
/* harmony export */   DB: () => (/* binding */ parseSize),
/* harmony export */   GM: () => (/* binding */ parseSourceId),
/* harmony export */   IQ: () => (/* binding */ parseRateLimits),
/* harmony export */   J4: () => (/* binding */ parseDomains),
/* harmony export */   S$: () => (/* binding */ parseUrls),
/* harmony export */   c: () => (/* binding */ parseContentTypes),
/* harmony export */   nV: () => (/* binding */ parseApiUrl),
/* harmony export */   oJ: () => (/* binding */ divideLimits),
/* harmony export */   ps: () => (/* binding */ readContentTypeLines),
/* harmony export */   rD: () => (/* binding */ wholeNumber),
/* harmony export */   yG: () => (/* binding */ parseBoolean),
/* harmony export */   yL: () => (/* binding */ oneOf)
/* harmony export */ });
/* harmony import */ var _patterns_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3134);
/* harmony import */ var _urls_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(6667);


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
        return (0,_patterns_js__WEBPACK_IMPORTED_MODULE_0__/* .compilePatterns */ .xi)(text, place);
    }
    catch (error) {
        if (!(error instanceof _patterns_js__WEBPACK_IMPORTED_MODULE_0__/* .PatternError */ .JM))
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
    const { pattern, type } = splitContentType(line) ?? {};
    const matches = pattern === undefined ? undefined : parseFiles(pattern);
    return typeof matches === 'function' && type !== undefined ? { matches, type } : undefined;
}
function splitContentType(line) {
    const colon = line.lastIndexOf(':'); // a type has none
    const [pattern, type] = [line.slice(0, Math.max(0, colon)).trimEnd(), line.slice(colon + 1).trimStart()];
    return pattern !== '' && TYPE.test(type) ? { pattern, type } : undefined;
}
/** The patterns of `content-types`, for advice on them. */
function readContentTypeLines(text) {
    return (0,_patterns_js__WEBPACK_IMPORTED_MODULE_0__/* .readPatternLines */ .yu)(text).flatMap(({ line, pattern: written }) => {
        const { pattern, type } = splitContentType(written) ?? {};
        return pattern === undefined ? [] : [{ line, pattern, rest: `: ${type}` }];
    });
}
function parseDomains(text) {
    return unique(text, _urls_js__WEBPACK_IMPORTED_MODULE_1__/* .parseDomain */ .gR, 'host names, one a line, such as assets.imgix.net');
}
function parseUrls(text) {
    return unique(text, _urls_js__WEBPACK_IMPORTED_MODULE_1__/* .parsePurgeUrl */ .uq, 'https URLs of files, one a line, such as https://assets.imgix.net/a.png');
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
    const { upload, purge, get, refresh, default: other } = limits;
    return {
        upload: divide(upload),
        purge: divide(purge),
        get: divide(get),
        refresh: divide(refresh),
        default: divide(other),
    };
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


/***/ }),

/***/ 6952:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  e: () => (/* binding */ run)
});

;// CONCATENATED MODULE: ./lib/imgix/errors.js
/** A request that imgix, or the storage behind a presigned URL, did not answer with 2xx. It holds no secret and no raw answer. */
class ImgixError extends Error {
    name = 'ImgixError';
    method;
    path;
    /** undefined where there was no answer, or none of the server's own */
    status;
    /** of an answer that somebody between gave: it says nothing of what was asked */
    strangersStatus;
    details;
    /** imgix's own id of the request, for its support */
    requestId;
    /** the key's permission that the request needs, by the name in imgix's dashboard */
    permission;
    attempts;
    /** an attempt before the last one may have been carried out though its answer was lost */
    perhapsDone;
    constructor(facts) {
        super(describe(facts), { cause: facts.cause });
        this.method = facts.method;
        this.path = facts.path;
        this.status = facts.status;
        this.strangersStatus = facts.strangersStatus;
        this.details = facts.details ?? [];
        this.requestId = facts.requestId;
        this.permission = facts.permission;
        this.attempts = facts.attempts ?? 1;
        this.perhapsDone = facts.perhapsDone ?? false;
    }
}
function describe({ method, path, status, reason, details = [], requestId, attempts = 1 }) {
    const said = details.map(({ title, detail }) => [title, detail].filter((part) => part !== '').join(': '));
    const what = [status === undefined ? undefined : String(status), reason, ...said].filter((part) => part !== undefined);
    const tries = attempts > 1 ? `, ${attempts} tries` : '';
    const id = requestId === undefined ? '' : ` (request id ${requestId})`;
    return `${method} ${path}: ${what.join(' ')}${tries}${id}`;
}
/**
 * The errors of a JSON:API document, whatever came instead of one.
 * @param redact takes secrets out of a text
 */
function readErrors(document, redact) {
    const errors = isRecord(document) && Array.isArray(document.errors) ? document.errors.filter(isRecord).slice(0, 3) : [];
    const tidy = (value) => (typeof value === 'string' ? shorten(value, redact) : '');
    const details = errors.map((error) => ({ title: tidy(error.title), detail: tidy(error.detail) }));
    const id = errors.map((error) => tidy(error.id)).find((text) => text !== '');
    return { details: details.filter(({ title, detail }) => title + detail !== ''), requestId: id };
}
const SHOWN_MAX_LENGTH = 300;
// A secret that starts in what is shown is read whole.
const READ_MAX_LENGTH = 8192;
const SECRET_MAX_LENGTH = 4096;
/**
 * A text of an answer for a message: one line, not long. It is cut before secrets are taken out of it, because that takes
 * its time, and again afterwards.
 * @param redact takes secrets out of a text
 */
function shorten(text, redact) {
    const read = redact(text.slice(0, READ_MAX_LENGTH).replace(/\s+/g, ' '));
    // where a text was cut, its end may be the beginning of a secret
    const whole = text.length > READ_MAX_LENGTH ? read.slice(0, -SECRET_MAX_LENGTH) : read;
    return whole.slice(0, SHOWN_MAX_LENGTH);
}
function isRecord(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
;// CONCATENATED MODULE: external "node:fs"
const external_node_fs_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");
;// CONCATENATED MODULE: external "node:fs/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");
;// CONCATENATED MODULE: ./lib/imgix/http/body.js



const CHUNK_BYTES = 1 << 20;
/** The file to send is not what it was: gone, changed while it was sent, not to be read. */
class FileError extends Error {
    name = 'FileError';
    /** sending it again, from its start, may do */
    retryable;
    constructor(message, options) {
        super(message, { cause: options.cause });
        this.retryable = options.retryable;
    }
}
/** @param buffers two of CHUNK_BYTES to read through, of somebody who opens many files in turn
 *  @throws FileError */
async function openBody(body, buffers) {
    if (body === undefined)
        return { bytes: 0, chunks: () => [], close: async () => { } };
    if (Buffer.isBuffer(body))
        return { bytes: body.length, chunks: () => [body], close: async () => { } };
    const { file, stats } = await openFile(body);
    try {
        const { mtimeNs } = stats;
        const bytes = Number(stats.size);
        const isChanged = stats.ctimeNs !== body.identity?.ctimeNs;
        const problem = isChanged ? await body.inspect?.(file, bytes).catch(refuse) : undefined;
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
        throw unreadable(cause);
    }
}
function isSame(stats, { dev, ino }) {
    // Node 24.0 and 24.1 have no device for a path on Windows
    return stats.ino === ino && (stats.dev === dev || stats.dev === 0n || dev === 0n);
}
/** Where the file is that is open: a folder above it may have become a link to elsewhere.
 *  @param path that it was opened by */
async function pathOf({ fd }, path) {
    try {
        // only the system itself is sure: a path may lead elsewhere by the next call
        if (process.platform === 'linux')
            return (0,external_node_fs_namespaceObject.readlinkSync)(`/proc/self/fd/${fd}`);
    }
    catch { } // a container without /proc
    return (0,promises_namespaceObject.realpath)(path).catch(() => '');
}
const PASSING = ['EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'EIO'];
function refuse(cause) {
    throw unreadable(cause);
}
function unreadable(cause) {
    const { code = 'unknown error' } = cause;
    return new FileError(`the file can't be read (${code})`, { retryable: PASSING.includes(code), cause });
}
async function statFile(file) {
    const stats = await file.stat({ bigint: true }).catch((cause) => {
        throw unreadable(cause);
    });
    if (!stats.isFile())
        throw new FileError('it is not a regular file', { retryable: false });
    return stats;
}
async function* digested(chunks, onDigest) {
    const hash = onDigest && (0,external_node_crypto_.createHash)('sha256');
    let bytes = 0;
    for await (const chunk of chunks) {
        hash?.update(chunk);
        bytes += chunk.length;
        yield chunk;
    }
    if (hash !== undefined)
        onDigest?.({ sha256: hash.digest('hex'), bytes });
}
/**
 * Reads a file in two buffers: while one is sent the other is filled. Holds the last chunk back until the file is known
 * to be unchanged, so that a torn file is never complete at the server.
 */
async function* readChunks(file, { bytes, mtimeNs }, buffers) {
    const fill = async (position, buffer) => {
        const bytesRead = await readOrFail(file, buffer.subarray(0, Math.min(buffer.length, bytes - position)), position);
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
async function readOrFail(file, target, position) {
    try {
        return (await file.read(target, 0, target.length, position)).bytesRead;
    }
    catch (cause) {
        throw unreadable(cause);
    }
}

// EXTERNAL MODULE: external "node:dns"
var external_node_dns_ = __nccwpck_require__(610);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __nccwpck_require__(7030);
;// CONCATENATED MODULE: ./lib/imgix/http/hosts.js


/** Nothing is sent: the host is not public. */
class HostError extends Error {
    name = 'HostError';
}
// https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry, read 2026-11
const RANGES = [
    ['loopback', ['127.0.0.0/8']],
    ['private', ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16']],
    ['link-local', ['169.254.0.0/16']],
    ['reserved', ['0.0.0.0/8', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15', '198.51.100.0/24']],
    ['reserved', ['203.0.113.0/24', '224.0.0.0/3']],
    ['loopback', ['::1/128']],
    ['private', ['fc00::/7']],
    ['link-local', ['fe80::/10']],
    // all but 2000::/3, and what is special in it
    ['reserved', ['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '3fff::/20']],
];
const KINDS = RANGES.map(([kind, ranges]) => ({ kind, ...blockListOf(ranges) }));
/** IPv6 addresses that stand for one of IPv4, by the group of 16 bits with which that begins: mapped, NAT64, 6to4. */
const EMBEDDING = [
    { ...blockListOf(['::ffff:0:0/96', '64:ff9b::/96']), at: 6 },
    { ...blockListOf(['2002::/16']), at: 1 },
];
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
                throw new HostError(`its name leads to ${address}, which is not a public address`);
        }
        return addresses;
    };
    return {
        async check(url) {
            const kind = kindOfHost(hostOf(url));
            if (kind !== undefined && !(await isAllowed(kind)))
                throw new HostError('its host is not public');
        },
        lookup: (name, options, callback) => {
            lookUp(name, options).then((addresses) => {
                const [{ address, family } = { address: '', family: 0 }] = addresses;
                if (options.all)
                    callback(null, addresses);
                else
                    callback(null, address, family);
            }, (error) => callback(error, ''));
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
/** @returns undefined for a name that has to be looked up */
function kindOfHost(host) {
    if ((0,external_node_net_.isIP)(host) !== 0)
        return kindOf(host);
    if (/(^|\.)localhost$/.test(host))
        return 'loopback';
    return host.includes('.') ? undefined : 'private';
}
/** @param address without brackets */
function kindOf(address) {
    const embedded = embeddedIn(address);
    if (embedded !== undefined)
        return kindOf(embedded);
    return KINDS.find((ranges) => isListed(ranges, address))?.kind ?? 'public';
}
function embeddedIn(address) {
    const form = EMBEDDING.find((ranges) => isListed(ranges, address));
    if (form === undefined)
        return undefined;
    const [high = 0, low = 0] = groupsOf(address).slice(form.at);
    return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}
/** @returns the eight groups of an IPv6 address */
function groupsOf(address) {
    const { hostname } = new URL(`http://[${address}]`); // without a part in dots
    const [start = [], end = []] = hostname
        .slice(1, -1)
        .split('::')
        .map((part) => part.split(':').filter((group) => group !== ''));
    const zeros = Array(8 - start.length - end.length).fill('0');
    return [...start, ...zeros, ...end].map((group) => Number.parseInt(group, 16));
}
function isListed({ family, list }, address) {
    return family === familyOf(address) && list.check(address.replace(/%.*$/, ''), family);
}
/** @param ranges of one family: BlockList takes an address of IPv4 for one that is mapped to IPv6 */
function blockListOf(ranges) {
    const list = new external_node_net_.BlockList();
    const family = familyOf(String(ranges[0]?.split('/')[0]));
    for (const range of ranges)
        list.addSubnet(String(range.split('/')[0]), Number(range.split('/')[1]), family);
    return { family, list };
}
function familyOf(address) {
    return (0,external_node_net_.isIP)(address) === 6 ? 'ipv6' : 'ipv4';
}

;// CONCATENATED MODULE: ./lib/imgix/http/json.js
/** A page of 1,000 assets with all that imgix and users set of them has fewer. */
const VALUES_MAX = 250_000;
const DEPTH_MAX = 100;
/** JSON that is not parsed: it would take far more memory and time than its length lets expect. */
class JsonLimitError extends Error {
    name = 'JsonLimitError';
}
/** JSON.parse for a text that somebody else wrote.
 *  @throws SyntaxError, JsonLimitError */
function parseJson(text, revive) {
    checkJson(text);
    return JSON.parse(text, revive);
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

// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __nccwpck_require__(7075);
;// CONCATENATED MODULE: ./lib/imgix/http/wait-for.js
/**
 * Waits for one event of a request or a socket. A wait that only the event and 'error' settle stays open for ever where
 * the other end finds a third way, so this one ends with the emitter, and by itself.
 * @param ended is aborted when the time limit is over, or nobody wants the event any more
 * @returns the event's arguments
 * @throws the emitter's error, ECONNRESET where it closes without one, or the reason of `ended`
 */
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

;// CONCATENATED MODULE: ./lib/imgix/http/read-answer.js


/** Of one object, such as a report with the URLs of a thousand files. */
const ANSWER_MAX_BYTES = 4 << 20;
/** What says why a request failed is short. Of a longer text, such as the page of a proxy, only the status counts. */
const REFUSAL_MAX_BYTES = 1 << 20;
/** A server that goes on with '102 Processing' and the like instead of an answer. */
const INFORMATION_MAX = 100;
/** An answer of any status is too long to be read. */
class LengthError extends Error {
    name = 'LengthError';
}
const SWITCHED = '101 Switching Protocols';
/** @throws Node's own error where the answer ends before it is complete, or what `receive` throws */
async function awaitAnswer(request, watch, { method, headersOnly = false, receive, maxBytes = ANSWER_MAX_BYTES }) {
    // from the answer on, that says what happened; bytes that do not belong to it may come in one packet with it
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
    if (!isDownload)
        return { status, headers, text: await readText(request, body, limitOf(status, maxBytes)) };
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
/** 101 takes the connection away from HTTP, and nobody asked for that. Other 1xx may come without an end. */
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
function limitOf(status, maxBytes) {
    return status < 300 ? { bytes: maxBytes, isCut: false } : { bytes: REFUSAL_MAX_BYTES, isCut: true };
}
async function readText(request, body, limit) {
    const chunks = [];
    let bytes = 0;
    for await (const chunk of body) {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes <= limit.bytes)
            continue;
        request.destroy();
        if (!limit.isCut)
            throw new LengthError(`an answer of more than ${limit.bytes} bytes`);
        break;
    }
    return Buffer.concat(chunks).toString('utf8', 0, limit.bytes);
}

;// CONCATENATED MODULE: external "node:timers/promises"
const external_node_timers_promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");
;// CONCATENATED MODULE: ./lib/imgix/http/retry.js

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
/** Tries until it is done, can't be helped, or was tried `maxAttempts` times.
 *  @throws the last attempt's error */
async function retry(attempt, { maxAttempts, signal, onWait, }) {
    let starved = 0;
    for (let attempts = 1;; attempts += 1) {
        const result = await attempt(attempts);
        if ('starved' in result && result.starved && starved < STARVED_MAX) {
            starved += 1;
            attempts -= 1;
            await (0,external_node_timers_promises_namespaceObject.setTimeout)(STARVED_MS * (0.5 + Math.random()), undefined, { signal });
            continue;
        }
        if ('done' in result)
            return result.done;
        if (result.waitMs === undefined || attempts >= maxAttempts)
            throw result.error;
        onWait?.(result.waitMs, result.error);
        await (0,external_node_timers_promises_namespaceObject.setTimeout)(result.waitMs, undefined, { signal });
    }
}
/** Whether the same request can have another answer soon: the one table of statuses, for imgix and for storages. */
function isTransient(status) {
    const [first, last] = TRANSIENT_RANGE;
    return TRANSIENT.includes(status) || (status >= first && status <= last);
}
/** @param refusedMs after a 429 that does not say how long to wait, at least
 *  @returns how long to wait after an answer, in ms: our own back-off, or longer; undefined where the same request would get the same answer */
function retryDelay(answer, attempts, refusedMs = 0) {
    if (!isTransient(answer.status))
        return undefined;
    const saidMs = retryAfter(answer) ?? (answer.status === 429 ? refusedMs : 0);
    return Math.min(Math.max(saidMs, backOff(attempts)), RETRY_AFTER_MAX_MS);
}
/** A date is told by the server's clock, which need not be ours: what counts is how far it is from the answer's own. */
function retryAfter({ headers }) {
    const header = headers['retry-after'] ?? '';
    if (/^\d+$/.test(header))
        return Number(header) * 1000;
    const waitMs = (parseDate(header) ?? 0) - (parseDate(headers.date) ?? Date.now());
    return waitMs > 0 ? waitMs : undefined;
}
/** @returns ms since 1970, undefined for what is no date of HTTP */
function parseDate(text = '') {
    const ms = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(ms) ? undefined : ms;
}
/** Exponential, with jitter: half to all of 1, 2, 4 … s */
function backOff(attempts) {
    return Math.min(BACK_OFF_MAX_MS, BACK_OFF_MS * 2 ** (attempts - 1)) * (0.5 + Math.random() / 2);
}

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __nccwpck_require__(7067);
;// CONCATENATED MODULE: external "node:https"
const external_node_https_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");
;// CONCATENATED MODULE: ./lib/imgix/http/send-body.js

const EXPECT_WAIT_MS = 1000;
// What is written at once: progress is seen by such a part, so that a slow line is not taken for a dead one.
const SLICE_BYTES = 128 << 10;
// A line that takes a slice in so little time may have a whole chunk.
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
    // at the rate of the last slices: the time for what the system has taken and not sent yet
    const [first, last] = [written[0], written.at(-1)];
    const msPerByte = (Number(last?.at) - Number(first?.at)) / (Number(last?.bytes) - Number(first?.bytes));
    watch.allow(msPerByte * Math.min(SYSTEM_BUFFER_BYTES, watch.sentBytes()) || 0);
}
/** Resolves when the server says 'continue', when it answers without it, when it stays silent, and when the request ends. */
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
    const { res } = request;
    return res != null && Number(res.statusCode) >= 300;
}
function isAnswered(request) {
    return request.res != null;
}

;// CONCATENATED MODULE: ./lib/imgix/http/tunnel.js




/** There is no tunnel through the proxy, so the request that wanted it has never left. */
class ProxyError extends Error {
    name = 'ProxyError';
    /** the proxy's answer; undefined where there was none */
    status;
    retryable;
    /** the one that the proxy was taken from */
    variable;
    constructor(why, { proxy, target, secure, status, cause }) {
        super(`no tunnel to ${target} through the proxy ${proxy.hostname}:${portOf(proxy)} (${why})`, { cause });
        this.status = status;
        this.retryable = status === undefined || status >= 500;
        this.variable = secure ? 'HTTPS_PROXY' : 'HTTP_PROXY';
    }
}
/** The variable that names the proxy of a request is not valid, so the request does not leave. */
class ProxySettingError extends Error {
    name = 'ProxySettingError';
}
function createTunnels() {
    const closing = new AbortController();
    const underWay = new WeakMap(); // by what abandons the request
    return {
        agent(proxy, secure, options) {
            const agent = secure ? new external_node_https_namespaceObject.Agent(options) : new external_node_http_.Agent(options);
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
        explain(error, abandoned) {
            const way = underWay.get(abandoned);
            const { code, message } = error;
            return way !== undefined && code === 'ETIMEDOUT' ? new ProxyError(message, { ...way, cause: error }) : error;
        },
        close: () => closing.abort(new Error('closed')),
    };
}
/** @throws ProxyError, or the signal's reason */
async function connect(way, signal) {
    const { proxy, target } = way;
    const host = proxy.hostname.replace(/^\[|\]$/g, '');
    const request = (proxy.protocol === 'https:' ? external_node_https_namespaceObject.request : external_node_http_.request)({
        method: 'CONNECT',
        path: target,
        agent: false,
        headers: { host: target, ...authorization(proxy) },
        host,
        port: portOf(proxy),
        servername: (0,external_node_net_.isIP)(host) === 0 ? host : '', // Node's default is the name in the header `host`
    });
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
        throw signal.aborted ? signal.reason : new ProxyError(explainCode(cause), { ...way, cause });
    }
}
function portOf({ port, protocol }) {
    return port || (protocol === 'https:' ? '443' : '80');
}
function explainCode(cause) {
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

;// CONCATENATED MODULE: ./lib/imgix/http/watch.js
/** An answer as a whole takes at most so many times the limit that holds for its parts. */
const ANSWER_LIMITS = 10;
const MIB = 1 << 20;
/**
 * Ends a request when nothing moves in either direction for `timeoutMs`, when its answer as a whole takes too long, when
 * it is aborted, and when it fails. Whatever waits for the request has to wait for `ended`, too.
 */
function watchProgress(timeoutMs, signal) {
    const ending = new AbortController();
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
        ended: ending.signal,
        fail,
        /** @param bytes of the body that have left */
        progress(bytes = 0) {
            sentBytes += bytes;
            idle.refresh();
        },
        sentBytes: () => sentBytes,
        /** So much longer from here on: for bytes that the system still sends. */
        allow(ms) {
            if (stopped)
                return; // the request is over, while its body was still being written
            clearTimeout(idle);
            idle = giveUpIdle(timeoutMs + ms);
        },
        /**
         * From the headers of an answer on. A body that comes by drops makes progress and may never end, so the answer as a
         * whole has ten times `timeoutMs`; one of them was for its headers, which are no progress. A download takes the longer
         * the more it brings: it has that time for each MiB.
         * @returns what to call with the size of each part of the body as it comes
         */
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

;// CONCATENATED MODULE: ./lib/imgix/http/transport.js







// A body above this asks before it is sent, so that a refusal is heard and not lost in a reset connection.
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
        const direct = secure ? external_node_https_namespaceObject.Agent : external_node_http_.Agent;
        const agent = agents.get(name) ?? (proxy === undefined ? new direct(options) : tunnels.agent(proxy, secure, options));
        agents.set(name, agent);
        return agent;
    }
    async function send(outgoing) {
        try {
            return await sendOnce(outgoing);
        }
        catch (error) {
            if (isStarved(error))
                dropIdle();
            throw error;
        }
    }
    /** Idle connections that hold what others need. */
    function dropIdle() {
        for (const agent of agents.values())
            for (const socket of Object.values(agent.freeSockets).flat())
                socket?.destroy();
    }
    async function sendOnce(outgoing) {
        const source = await openBody(outgoing.body);
        try {
            const expects = source.bytes > EXPECT_ABOVE_BYTES && !withoutExpect.has(outgoing.url.host);
            const answer = await exchange(outgoing, source, expects);
            if (answer.status !== 417 || !expects)
                return answer;
            withoutExpect.add(outgoing.url.host);
        }
        finally {
            await source.close();
        }
        return sendOnce(outgoing);
    }
    async function exchange(outgoing, source, expects) {
        const { method, url, signal, lookup, reuse = true } = outgoing;
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
            const request = secure ? (0,external_node_https_namespaceObject.request)(url, options) : (0,external_node_http_.request)(url, options);
            watchConnection(request, secure, (roundTripMs) => {
                if (proxy !== undefined)
                    return outgoing.onSent?.(undefined);
                if (roundTripMs !== undefined && roundTripsMs.push(roundTripMs) > ROUND_TRIPS)
                    roundTripsMs.shift();
                outgoing.onSent?.(roundTripsMs.length === 0 ? undefined : Math.max(...roundTripsMs));
            });
            return await converse(request, source, { outgoing, watch });
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
    // a body that can't be sent ends the request; what ends the request otherwise ends the sending
    watch.ended.addEventListener('abort', () => request.destroy(watch.ended.reason), { once: true });
    const answer = awaitAnswer(request, watch, outgoing);
    const sent = sendBody(request, source, { ...outgoing, watch });
    sent.catch(watch.fail);
    try {
        const result = await answer;
        // a success that comes before the body is whole is none until it is
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
/** The process may have no more files and sockets open: nothing was sent. */
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
    return request.reusedSocket && !isAnswered(request) && (code === 'ECONNRESET' || code === 'EPIPE');
}
/** @param onReady called when the connection stands, with what the network's round trip took where it is a new one */
function watchConnection(request, secure, onReady) {
    request.once('socket', (socket) => {
        if (!socket.connecting)
            return onReady(undefined);
        let startedAt = performance.now();
        let roundTripMs;
        socket.once('lookup', () => {
            startedAt = performance.now();
        });
        socket.once('connect', () => {
            roundTripMs = performance.now() - startedAt;
            if (!secure)
                onReady(roundTripMs);
        });
        if (secure)
            socket.once('secureConnect', () => onReady(roundTripMs));
    });
}

;// CONCATENATED MODULE: ./lib/imgix/answers.js








function isSuccess({ status }) {
    return status >= 200 && status < 300;
}
function readDocument({ text }) {
    if (text.trim() === '')
        return { document: {} };
    try {
        const document = parseJson(text, keepNumber);
        if (isRecord(document))
            return { document };
    }
    catch (error) {
        if (error instanceof JsonLimitError)
            return { document: undefined, problem: `with ${error.message}` };
    }
    return { document: undefined, problem: 'with an answer that is not JSON' };
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
function isRefusal(document) {
    const known = ['data', 'meta', 'jsonapi'].some((name) => name in document);
    return Object.keys(document).length > 0 && ('errors' in document ? hasErrors(document) : !known);
}
/** An empty list beside the data tells of none. */
function hasErrors({ errors, ...document }) {
    const isEmpty = errors === null || (Array.isArray(errors) && errors.length === 0);
    return !('data' in document && isEmpty);
}
/** @returns what is wrong with an answer, where its status does not say it */
function unusable(answer, reading) {
    if (isSuccess(answer))
        return whatIsWrong(reading);
    return answer.status < 400 ? 'a redirect, which is not followed' : undefined;
}
function whatIsWrong(reading) {
    const { document } = reading;
    if (document === undefined)
        return reading.problem;
    if (!isRefusal(document))
        return undefined;
    if (!('errors' in document))
        return "with an answer that is not imgix's";
    return 'data' in document ? 'with errors beside its data' : 'with errors and no data';
}
/** A storage's error is XML, and its code a word. */
function storageDetails({ text }) {
    const code = /<Code>\s{0,9}([A-Za-z0-9]{1,64})\s{0,9}<\/Code>/.exec(text)?.[1];
    return code === undefined ? [] : [{ title: code, detail: '' }];
}
function asError(cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
}
const NEVER_SENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];
/** What an attempt without a complete answer comes to. */
function withoutAnswer(cause, facts) {
    // a kept connection that was closed says nothing of the server: no need to give it time
    const waitMs = cause instanceof StaleConnection ? 0 : backOff(facts.attempts);
    const starved = isStarved(cause);
    if (cause instanceof FileError)
        return { error: cause, waitMs: cause.retryable ? waitMs : undefined, perhapsDone: false, starved };
    if (cause instanceof HostError || cause instanceof ProxySettingError) {
        const error = new ImgixError({ ...facts, reason: `nothing was sent: ${cause.message}`, cause });
        return { error, waitMs: undefined, perhapsDone: false };
    }
    if (cause instanceof ProxyError) {
        const error = new ImgixError({ ...facts, reason: cause.message, cause });
        return { error, waitMs: cause.retryable ? waitMs : undefined, perhapsDone: false };
    }
    const { code } = (cause instanceof StaleConnection ? cause.cause : cause);
    const why = code === 'ETIMEDOUT' ? `no answer, ${cause.message}` : `no answer (${code ?? cause.message})`;
    const reason = cause instanceof LengthError ? cause.message : why;
    const perhapsDone = !starved && (code === undefined || !NEVER_SENT.includes(code));
    return { error: new ImgixError({ ...facts, reason, cause }), waitMs, perhapsDone, starved };
}

;// CONCATENATED MODULE: ./lib/imgix/http/limiter.js
// How much of a window is added for clocks and timers: 1.5 %, at least this much.
const MARGIN = 0.015;
const MARGIN_MS = 5;
// So many of the last round trips tell how long a trip takes at least, and how much it varies; fewer tell nothing.
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
    // the share of the limit that is used; after a 429 half, then slowly more, ever more slowly if that is refused again
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
    /** What several jobs need so that they don't stay in step: up to a fifth of a window. */
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
        let place; // when it is free again, once the request counts as counted
        let sentAt = startedAt;
        let onItsWay;
        const count = (countedAt) => {
            clearTimeout(onItsWay);
            const { perMs } = window();
            const free = countedAt + perMs + Math.max(MARGIN_MS, perMs * (MARGIN + drift()));
            if (place === undefined)
                uncounted -= 1;
            else if (!remove(freeAt, place))
                return;
            place = free;
            insert(freeAt, free);
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
    /**
     * The server counted a request some time before its answer came, and will count the one that takes its place some time
     * after it leaves. Both together take at least one short trip, where short trips are about alike; 0 where they vary.
     */
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
        // sent before the class slowed down, or while the server still counted that: says nothing of the pace it has now
        if (slowedAt > 0 && startedAt < slowedAt + limit.perMs)
            return;
        if (raisedAt > slowedAt)
            calmMs *= 2;
        if (share <= calmShare)
            calmShare = 0; // it was good for a while, and is no more
        // others were there at the same time: that is no matter of the pace, unless it goes on
        if (isShared && refusals < COINCIDENCES)
            return;
        share = calmShare > 0 ? calmShare : Math.max(share / 2, SLOWEST_PACE / limit.count);
        slowedAt = now;
        raisedAt = now;
    }
    /** Back to what was good for a while, then beyond it. */
    function recover(now) {
        if (share === 1 || now - raisedAt < (share < calmShare ? CALM_MS : calmMs))
            return;
        calmShare = Math.max(calmShare, share);
        share = share < calmShare ? calmShare : Math.min(1, share * RECOVERY);
        raisedAt = now;
    }
    /** When the places that are taken come free tells when so many requests, after those that wait, can leave. */
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
function remove(sorted, value) {
    const index = sorted.indexOf(value);
    if (index !== -1)
        sorted.splice(index, 1);
    return index !== -1;
}
function insert(sorted, value) {
    let index = sorted.length;
    while (index > 0 && Number(sorted[index - 1]) > value)
        index -= 1;
    sorted.splice(index, 0, value);
}

;// CONCATENATED MODULE: ./lib/imgix/pace.js

/** imgix's limits; `default` is for all that has none of its own. Read 2026-11 at docs.imgix.com/references/api-rate-limits */
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
 *  @returns a limiter per endpoint class that never exceeds `count` requests in any window of `perMs`, as the server counts them. */
function createPace(given, isShared = false) {
    const limits = { deploy: DEPLOY_LIMIT, ...given };
    const classes = new Map();
    const limiterOf = (limitClass) => {
        const limiter = classes.get(limitClass) ?? createLimiter(limits[limitClass], isShared);
        classes.set(limitClass, limiter);
        return limiter;
    };
    return {
        acquire: (limitClass, { signal, first = false } = {}) => limiterOf(limitClass).acquire(signal, first),
        expect: (limitClass, requests) => limiterOf(limitClass).expect(requests),
        refusedMs: (limitClass) => (limitClass === 'deploy' ? limits.deploy.perMs / limits.deploy.count : 0),
        slowDowns: () => [...classes].flatMap(([limitClass, limiter]) => {
            const { refusals, accepted } = limiter.slowed();
            return refusals === 0 || isShared ? [] : [{ limitClass, limit: limits[limitClass], refusals, accepted }];
        }),
    };
}

;// CONCATENATED MODULE: external "node:stream/promises"
const external_node_stream_promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream/promises");
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __nccwpck_require__(8522);
;// CONCATENATED MODULE: ./lib/imgix/strangers.js

/** The refusals that a run acts on: what the key may do, and what is there. */
const MEANINGS = [401, 403, 404, 409];
/** @param isOwn whether the server itself can have given the answer */
function isStrangers({ status }, isOwn) {
    return MEANINGS.includes(status) && !isOwn;
}
/**
 * The answer of somebody between a server and us, such as an egress gateway: its status says nothing of what was asked. The
 * error has no status, so that none can be read as a meaning.
 * @param server whose answer it is not
 */
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
    const isHtml = /^(text\/html|application\/xhtml\+xml)\b/i.test(headers['content-type'] ?? '');
    return text.trim() !== '' && (isHtml || /<(html|!doctype\s+html)\b/i.test(text.slice(0, START_LENGTH)));
}

;// CONCATENATED MODULE: ./lib/imgix/storage-answers.js




/**
 * Codes that say 'try again', whatever the status: those that the SDKs of AWS, Google, Cloudflare (that of AWS) and Azure try
 * again, and those of a body that arrived otherwise than it was sent. Read 2026-11:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * https://docs.cloud.google.com/storage/docs/xml-api/reference-status
 * https://developers.cloudflare.com/r2/api/error-codes/
 * https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
 */
const TRANSIENT_CODES = [
    ...['BadDigest', 'IncompleteBody', 'InternalError', 'OperationAborted', 'RequestTimeout', 'ServiceUnavailable'],
    ...['SlowDown', 'SlowDownRead', 'SlowDownWrite', 'Throttling', 'ThrottlingException', 'ThrottledException'],
    ...['RequestThrottled', 'RequestThrottledException', 'RequestLimitExceeded', 'BandwidthLimitExceeded'],
    ...['PriorRequestNotComplete', 'TooManyRequests', 'TooManyRequestsException', 'TransactionInProgressException'],
    ...['RequestTimeoutException', 'TimeoutError', 'ConditionalRequestConflict', 'ClientDisconnect', 'RateLimitExceeded'],
    ...['ServerBusy', 'OperationTimedOut', 'Md5Mismatch', 'Crc64Mismatch', 'XAmzContentChecksumMismatch', 'Busy'],
];
/** The storage's refusal, or that of somebody between. */
function refusal(answer, facts) {
    const { status } = answer;
    const waitMs = retryDelay(answer, facts.attempts);
    if (isStrangers(answer, isStorages(answer))) {
        return { error: strangersError(answer, facts, 'the storage'), waitMs };
    }
    const error = new ImgixError({ ...facts, status, details: storageDetails(answer) });
    return { error, waitMs: waitMs ?? (isPassing(error) ? backOff(facts.attempts) : undefined) };
}
/** Whether the storage itself says that another try can help. */
function isPassing({ details }) {
    return details.some(({ title }) => TRANSIENT_CODES.includes(title));
}
/** Why an answer to a PUT stored nothing. A page that comes instead of the storage's answer may be over soon. */
function refusalOfPut(answer, facts) {
    if (answer.status >= 300 || storageDetails(answer).length > 0)
        return refusal(answer, facts);
    return { error: strangersError(answer, facts, 'the storage'), waitMs: backOff(facts.attempts) };
}
/** A storage answers XML, or nothing. */
function isStorages(answer) {
    const text = answer.text.trim();
    return text === '' || storageDetails(answer).length > 0 || (/^\uFEFF?</.test(text) && !isPage(answer));
}
/**
 * Whether an answer to a PUT says that the bytes are stored. Each storage that imgix knows says so by an ETag, and has
 * nothing else to say. A page does not, with or without an ETag.
 * @returns `doubt`: what the answer is that can be the storage's, and need not be
 */
function readStored(answer) {
    const { status, headers } = answer;
    if (status < 200 || status >= 300 || storageDetails(answer).length > 0 || isPage(answer))
        return { isStored: false };
    const hasTag = headers.etag !== undefined && headers.etag !== '';
    if (hasTag && isStorages(answer))
        return { isStored: true };
    const doubt = `${describeAnswer(answer)}${hasTag ? '' : ', and no ETag'}`;
    return hasTag || isStorages(answer) ? { isStored: true, doubt } : { isStored: false };
}

;// CONCATENATED MODULE: ./lib/imgix/storage-url.js


const HOST_MAX_LENGTH = 300;
/**
 * Admits a URL of the storage: https, or http on this machine, without a user's name, on a host that may be asked.
 * @param base what a relative one is relative to
 * @throws ImgixError
 */
async function admitUrl(text, { method, hosts, base }) {
    const url = URL.canParse(text, base?.href) ? new URL(text, base?.href) : undefined;
    if (url !== undefined && isSafe(url) && (await isAllowed(url, hosts)))
        return url;
    const use = method === 'GET' ? 'taken from' : 'sent to';
    const reason = `an address that files are not ${use}; allowed is https on a public host`;
    throw new ImgixError({ method, path: (url && storage_url_hostOf(url)) || 'of a file', reason });
}
/** What may be told of a presigned URL: its path can be a secret, as its query is. */
function storage_url_hostOf({ host }) {
    return host.slice(0, HOST_MAX_LENGTH);
}
/** Bytes go in the clear to this machine only, as the key does. */
function isSafe(url) {
    const isPlain = url.protocol === 'http:' && isLoopback(url);
    return (url.protocol === 'https:' || isPlain) && url.username + url.password === '';
}
async function isAllowed(url, hosts) {
    try {
        await hosts.check(url);
        return true;
    }
    catch (error) {
        if (error instanceof HostError)
            return false;
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/imgix/storage-get.js









const REDIRECTS = [301, 302, 303, 307, 308];
const REDIRECTS_MAX = 3;
const NO_FILE = 'which is no file';
// A part of a report has at most 64 MB (docs.imgix.com/apis/management/reports, read 2026-11), and packed ones grow. What
// never ends must not fill the disk.
const FILE_MAX_BYTES = 2e9;
/**
 * Gets one file from a presigned URL; neither the key nor any header of imgix goes there. A file that the storage keeps
 * packed by gzip arrives unpacked, unless it is called `.gz`.
 * @throws ImgixError, FileError
 */
async function getFile(get, { settings, transport, hosts, onWait }) {
    const { signal } = get;
    const admit = async (text, base) => {
        const url = await admitUrl(text, { method: 'GET', hosts, ...(base !== undefined && { base }) });
        // what a redirect says may be as short as a slash
        for (const form of new Set([url.href, ...(base === undefined ? [text] : [])]))
            settings.hide(form, get.own ?? '');
        return url;
    };
    const first = await admit(get.url);
    const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': settings.userAgent };
    let reuse = true;
    const attempt = async (attempts) => {
        let url = first;
        for (let redirects = 0;; redirects += 1) {
            let begun = false;
            const receive = async (body, answered) => {
                begun = true;
                await unpack(body, { headers: answered, isArchive: /\.gz$/i.test(first.pathname), receive: get.receive });
            };
            const { lookup } = hosts;
            const answer = await transport
                .send({ method: 'GET', url, headers, signal, reuse, receive, lookup })
                .catch(asError);
            reuse = !(answer instanceof StaleConnection);
            const facts = { method: 'GET', path: storage_url_hostOf(url), attempts };
            if (answer instanceof Error)
                return begun ? withoutBody(answer, facts) : withoutAnswer(answer, facts);
            if (answer.status === 200)
                return { done: { attempts } };
            const next = redirects < REDIRECTS_MAX ? redirectOf(answer) : undefined;
            if (next === undefined)
                return refusal(answer, { ...facts, reason: answer.status < 400 ? NO_FILE : undefined });
            url = await admit(next, url);
        }
    };
    return retry(attempt, { maxAttempts: settings.maxAttempts, signal, onWait });
}
/** The URL was good for a while, and is no more. S3 calls it 403, Google's storage 400. */
function isExpired(error) {
    if (!(error instanceof ImgixError) || error.permission !== undefined)
        return false;
    const isSaid = error.details.some(({ title }) => title === 'ExpiredToken');
    return isSaid || (error.status === 403 && !isPassing(error));
}
function redirectOf({ status, headers }) {
    return REDIRECTS.includes(status) ? headers.location : undefined;
}
/** A body that can't be taken: what is wrong with it is not the network's. */
class BodyError extends Error {
    name = 'BodyError';
}
async function unpack(body, { headers, isArchive, receive }) {
    const encoding = headers['content-encoding']?.toLowerCase() || 'identity';
    // without either, a body that is cut off looks like one that is over
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
        throw new BodyError('a body whose size it does not tell');
    }
    const isPacked = /^(x-)?gzip$/.test(encoding);
    if (!isPacked && encoding !== 'identity')
        throw new BodyError(`a body that is packed by '${encoding.slice(0, 40)}'`);
    if (!isPacked || isArchive)
        return receive(limited(body));
    await (0,external_node_stream_promises_namespaceObject.pipeline)(body, (0,external_node_zlib_.createGunzip)(), (unpacked) => receive(limited(unpacked)));
}
/** @throws BodyError for what is too long to be a part of a report */
async function* limited(body) {
    let bytes = 0;
    for await (const chunk of body) {
        bytes += chunk.length;
        if (bytes > FILE_MAX_BYTES)
            throw new BodyError(`a body of more than ${FILE_MAX_BYTES / 1e9} GB`);
        yield chunk;
    }
}
function withoutBody(cause, facts) {
    if (cause instanceof FileError)
        return withoutAnswer(cause, facts);
    const fail = (reason, waitMs) => ({
        error: new ImgixError({ ...facts, status: 200, reason: `with ${reason}`, cause }),
        waitMs,
    });
    if (cause instanceof BodyError)
        return fail(cause.message, undefined);
    const { code = '' } = cause;
    if (code.startsWith('Z_'))
        return fail(`a body that is not the gzip it is said to be (${code})`, backOff(facts.attempts));
    if (code.startsWith('HPE_'))
        return fail(`a body that is longer than it says (${code})`, backOff(facts.attempts));
    const why = code === 'ETIMEDOUT' ? cause.message : code || cause.message;
    return fail(`a body that ends too soon (${why})`, backOff(facts.attempts));
}

;// CONCATENATED MODULE: ./lib/imgix/storage-put.js






/** @see Client.put */
async function putFile(put, means) {
    const url = await admitUrl(put.url, { method: 'PUT', hosts: means.hosts });
    try {
        return await putAs(put, url, { ...means, withType: true, triedBefore: 0 });
    }
    catch (error) {
        if (!(error instanceof ImgixError) || !isUnsigned(error))
            throw error;
        // another request, and not another try: the type is not what was signed
        return putAs(put, url, { ...means, withType: false, triedBefore: error.attempts });
    }
}
function isUnsigned({ status, details }) {
    return status === 403 && details[0]?.title === 'SignatureDoesNotMatch';
}
function putAs(put, url, { withType, triedBefore, ...means }) {
    const { transport, hosts, maxAttempts, onWait } = means;
    const { signal, onProgress } = put;
    const { lookup } = hosts;
    const headers = withType ? { 'content-type': put.contentType } : {};
    let reuse = true;
    const attempt = async (tries) => {
        const attempts = triedBefore + tries;
        const facts = { method: 'PUT', path: storage_url_hostOf(url), attempts };
        const outgoing = { method: 'PUT', url, headers, body: put, signal, reuse, onProgress, lookup };
        const answer = await transport.send(outgoing).catch(asError);
        reuse = !(answer instanceof StaleConnection);
        if (answer instanceof Error)
            return withoutAnswer(answer, facts);
        const { isStored, doubt } = readStored(answer);
        if (isStored) {
            if (doubt !== undefined)
                put.onDoubt?.(doubt);
            return { done: { attempts } };
        }
        const refused = refusalOfPut(answer, facts);
        // another request for the same object is under way at the storage
        const isBusy = answer.status === 409 && refused.waitMs === undefined;
        return isBusy ? { ...refused, waitMs: backOff(attempts) } : refused;
    };
    return retry(attempt, { maxAttempts, signal, onWait });
}

;// CONCATENATED MODULE: ./lib/imgix/client.js









/** What a key may do, by the names in imgix's dashboard: the older document has Image for Asset, newer ones leave Manager out. */
const PERMISSIONS = (/* unused pure expression or super */ null && ([
    'Account Admin',
    'Analytics',
    'Billing',
    'Sources',
    'Purge',
    'Asset Manager Browse',
    'Asset Manager Edit',
]));
// e-mail addresses, but not `photo@2x.png`; URLs with a query, which may be presigned
const PRIVATE = /[^\s@]{1,64}@(?!\d+x\b)[\w-]+(?:\.[\w-]+)+|https?:\/\/\S+\?\S+/g;
// A wait that lasts longer is announced.
const LONG_WAIT_MS = 30_000;
const JSON_API = 'application/vnd.api+json';
/** The one place that signs, paces, retries and reads answers. It holds connections open until it is closed. */
function createClient(settings) {
    const transport = createTransport(settings.timeoutMs, settings.proxyFor);
    const pace = createPace(settings.rateLimits, settings.sharesLimits);
    const { apiKey, redact: redactOwn = (text) => text } = settings;
    const redact = (text) => redactOwn(apiKey === '' ? text : text.replaceAll(apiKey, '***')).replace(PRIVATE, '***');
    const onWait = createAnnouncer(settings.onLongWait);
    const hosts = createHosts(settings.apiUrl, settings.resolve);
    const clock = createClock();
    return {
        ...pace,
        now: clock.now,
        request: (request) => requestApi(request, { settings, transport, pace, redact, onWait, clock }),
        put: (put) => {
            settings.hide(put.url, put.own ?? '');
            return putFile(put, { transport, hosts, maxAttempts: settings.maxAttempts, onWait });
        },
        get: (get) => getFile(get, { settings, transport, hosts, onWait }),
        close: () => transport.close(),
    };
}
/** The clock of a server, as the dates of its answers tell it: whole seconds, when the answer was made. */
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
/** Of the long waits that many requests have at once, the first is told, and then one that goes well beyond it. */
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
async function requestApi(request, { settings, transport, pace, redact, onWait, clock }) {
    const url = new URL(`${settings.apiUrl}/api/v1/${request.path}`);
    const target = { method: request.method, path: url.pathname, permission: request.permission };
    const halt = request.halt ?? request.signal; // no AbortSignal.any for each request: what it joins would keep it for the run
    let perhapsDone = false;
    let reuse = true;
    const attempt = async (attempts) => {
        const slot = await pace.acquire(request.limit, { signal: halt, first: attempts > 1 || request.first === true });
        const { onSent, onUnderWay } = { onSent: slot.sent, onUnderWay: slot.underWay };
        const answer = await transport
            .send({ ...outgoing(request, url, settings), reuse, onSent, onUnderWay })
            .catch(asError);
        const facts = { ...target, attempts, perhapsDone };
        if (answer instanceof Error) {
            slot.underWay();
            reuse = !(answer instanceof StaleConnection);
            const failed = withoutAnswer(answer, facts);
            perhapsDone ||= failed.perhapsDone;
            return request.once && perhapsDone ? { error: failed.error, waitMs: undefined } : failed;
        }
        slot.answered();
        clock.read(answer.headers);
        const reading = readDocument(answer);
        const { document } = reading;
        const reason = unusable(answer, reading) ?? (isSuccess(answer) ? contradictionIn(document, request, redact) : undefined);
        if (isSuccess(answer) && document !== undefined && reason === undefined) {
            return { done: { status: answer.status, document, attempts, perhapsDone } };
        }
        const waitMs = isSuccess(answer) ? backOff(attempts) : retryDelay(answer, attempts, pace.refusedMs(request.limit));
        if (answer.status === 429)
            slot.refused(waitMs ?? 0);
        else
            perhapsDone ||= waitMs !== undefined;
        const { status } = answer;
        if (isStrangers(answer, isImgixs(answer, document))) {
            return { error: strangersError(answer, facts, 'imgix'), waitMs };
        }
        return {
            error: new ImgixError({ ...facts, status, reason, ...readErrors(document, redact) }),
            waitMs: request.once && perhapsDone ? undefined : waitMs,
        };
    };
    return retry(attempt, {
        maxAttempts: settings.maxAttempts,
        signal: halt,
        onWait: onWaitOf(request, { settings, onWait }),
    });
}
/** What of the answer it tells is cut short, and without secrets. */
function contradictionIn(document = {}, { contradiction }, redact) {
    const reason = contradiction?.(document);
    return reason && shorten(reason, redact);
}
/** Whoever waits for a limit by the hour may have to for long, however soon the next try is. */
function onWaitOf({ limit }, { settings, onWait }) {
    if (limit !== 'deploy')
        return onWait;
    return (waitMs, reason) => {
        const isRefused = reason instanceof ImgixError && reason.status === 429;
        const tell = isRefused ? settings.onLongWait : onWait;
        tell(waitMs, reason);
    };
}
function outgoing(request, url, settings) {
    const { method, json, upload, signal, maxBytes } = request;
    const headers = {
        accept: JSON_API,
        authorization: `Bearer ${settings.apiKey}`,
        'user-agent': settings.userAgent,
    };
    headers['content-type'] = upload?.contentType ?? JSON_API; // bodiless requests too, as in imgix's own examples
    const body = upload ?? (json === undefined ? undefined : Buffer.from(JSON.stringify(json)));
    const { onProgress } = upload ?? {};
    const outgoing = { method, url, headers, signal, maxBytes };
    return body === undefined ? outgoing : { ...outgoing, body, onProgress };
}

;// CONCATENATED MODULE: ./lib/imgix/contradictions.js

const TYPES = ['assets', 'asset_uploads', 'purges', 'reports', 'sources'];
/** Whether the document is about one object of this type. One without `data` says nothing, and contradicts nothing. */
function contradictsObject(document, type, contradicts = () => undefined) {
    if (!('data' in document))
        return undefined;
    const { data } = document;
    if (!isRecord(data))
        return 'with data that is no object';
    return contradictsType(data, type) ?? contradicts(data, isRecord(data.attributes) ? data.attributes : {});
}
/** Whether the document is a list of objects of this type. */
function contradictsList(document, type) {
    const { data } = document;
    if (!Array.isArray(data))
        return 'with an answer that is no list';
    if (!data.every((item) => isRecord(item) && isRecord(item.attributes)))
        return 'with a list of other things than objects';
    return data.map((item) => contradictsType(item, type)).find((reason) => reason !== undefined);
}
/** A type that the reference does not know may be the newer name of one that it does. */
function contradictsType({ type }, expected) {
    const isAnother = type !== expected && TYPES.some((known) => known === type);
    return isAnother ? `with an object of type ${type} instead of ${expected}` : undefined;
}
/** @param what the id is of, such as 'Source' */
function contradictsId({ id }, expected, what) {
    const isAnother = typeof id === 'string' && id !== '' && id.toLowerCase() !== expected.toLowerCase();
    return isAnother ? `with another ${what}, ${id}` : undefined;
}
/** @param bytes of the file; undefined where they are not known */
function contradictsAsset(document, { sourceId, originPath }, bytes) {
    return contradictsObject(document, 'assets', ({ id }, attributes) => {
        const { origin_path: path, source_id: source, file_size: size } = attributes;
        const own = typeof id === 'string' && id.startsWith(`${sourceId}/`) ? id.slice(sourceId.length) : undefined;
        const told = typeof path === 'string' ? path : own;
        if (told !== undefined && !isSamePath(told, originPath))
            return `with another asset, ${told}`;
        if (typeof source === 'string' && source !== sourceId)
            return `with an asset of another Source, ${source}`;
        const isSize = bytes !== undefined && ['string', 'number'].includes(typeof size);
        return isSize && Number(size) !== bytes
            ? `with an asset of another size, ${size} instead of ${bytes} bytes`
            : undefined;
    });
}
/** Slashes before it and percent-encoding are the API's own affair. */
function isSamePath(told, originPath) {
    const [one, other] = [told, originPath].map((path) => path.replace(/^\/+/, ''));
    return one === other || one === other?.split('/').map(encodeURIComponent).join('/');
}
/** Whether an asset has other texts than it was given. Numbers and lists may come back in another form. */
function contradictsChange(document, set) {
    return contradictsObject(document, 'assets', (_, attributes) => {
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

;// CONCATENATED MODULE: ./lib/imgix/resources.js

/** @returns undefined for what is no object with attributes */
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
 *  @param noun what it has to be; without one, an answer that is none is one without attributes
 *  @throws ImgixError */
async function resources_requestResource(client, { noun, ...asked }) {
    const isNone = ({ data }) => noun !== undefined && readResource(data) === undefined ? `with an answer that is no ${noun}` : undefined;
    const contradiction = (document) => isNone(document) ?? asked.contradiction?.(document);
    const { document } = await client.request({ method: 'GET', limit: 'default', ...asked, contradiction });
    return readResource(document.data) ?? { id: '', type: '', attributes: {} };
}
/** @throws ImgixError */
function refuseAnswer({ method, path }, { status }, reason) {
    throw new ImgixError({ method, path: `/api/v1/${path.replace(/\?.*$/, '')}`, status, reason });
}

;// CONCATENATED MODULE: ./lib/imgix/lists.js



// of one list; far more than the objects of an account fill
const PAGES_MAX = 10_000;
// A page of 1,000 assets with all their attributes is larger than an answer with one object may be.
const PAGE_MAX_BYTES = 16 << 20;
// A cursor is a part of a URL, and each is kept.
const MARK_MAX_LENGTH = 4096;
// A page may be empty though more follow; so many in turn are the end, whatever imgix says.
const EMPTY_PAGES_MAX = 10;
/** Lists objects page by page. It ends where the API says that there is no more, whatever it counts.
 *  @throws ImgixError, also for pages that lead in a circle */
async function* lists_listPages(client, { path, permission, type, paging, query }, ends = {}) {
    const { page: { [paging.at]: start, [paging.size]: size } = {}, ...rest } = query;
    const seen = new Set();
    let at = readMark(start);
    let emptyPages = 0;
    do {
        const asked = `${path}${writeQuery(type, { page: { [paging.at]: at, [paging.size]: size }, ...rest })}`;
        const turn = (document) => paging.turn(document, { emptyPages: isEmpty(document) ? emptyPages + 1 : 0, asked: at });
        const contradiction = (document) => contradictsList(document, type) ?? problemOf(turn(document));
        const request = {
            method: 'GET',
            path: asked,
            limit: 'default',
            permission,
            maxBytes: PAGE_MAX_BYTES,
            contradiction,
            ...ends,
        };
        const answer = await client.request(request);
        const items = readItems(answer);
        const { current, next } = turn(answer.document);
        emptyPages = items.length === 0 ? emptyPages + 1 : 0;
        for (const known of [at, current])
            if (known !== undefined)
                seen.add(known);
        const endless = next !== undefined && (seen.has(next) || seen.size > PAGES_MAX);
        if (endless)
            refuseAnswer(request, answer, 'with a list that does not end');
        if (items.length > 0)
            yield items;
        at = next;
    } while (at !== undefined);
}
function problemOf({ current, next, problem }) {
    const tooLong = [current, next].find((mark = '') => mark.length > MARK_MAX_LENGTH);
    return tooLong === undefined ? problem : `with a page mark of ${tooLong.length} characters`;
}
function isEmpty({ data }) {
    return Array.isArray(data) && data.length === 0;
}
function readItems({ document: { data } }) {
    return Array.isArray(data) ? data.map(readResource).filter((item) => item !== undefined) : [];
}
/** @returns a query with its question mark; what is undefined is not asked for */
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
        if (!isRecord(cursor))
            return emptyPages > 0 ? {} : { problem: 'with a list that has no cursor' };
        const current = readMark(cursor.current) ?? asked;
        const next = readMark(cursor.next);
        const isSaid = emptyPages === 0 ? cursor.hasMore !== false : cursor.hasMore === true;
        const more = isSaid && next !== current && emptyPages < EMPTY_PAGES_MAX;
        return more ? { current, next } : { current };
    },
};
/** A number comes as a string, or as one. */
function readMark(value) {
    return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined;
}

;// CONCATENATED MODULE: ./lib/imgix/assets.js



const EDIT_PERMISSION = 'Asset Manager Edit';
const BROWSE_PERMISSION = 'Asset Manager Browse';
/** Lists a Source's assets page by page. Permission Asset Manager Browse, limit `default`. It ends where the API has no more
 *  to give: what is on no page need not be missing at the Source.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function listAssets(client, { sourceId, route, ...ends }, query = {}) {
    const path = assets_pathOf(sourceId, route);
    return lists_listPages(client, { path, type: 'assets', permission: BROWSE_PERMISSION, paging: BY_CURSOR, query }, ends);
}
/** Reads one asset. Permission Asset Manager Browse, limit `get`.
 *  @throws ImgixError (404: the Source has none at that path)
 *  @see https://docs.imgix.com/apis/management/assets */
function getAsset(client, { sourceId, originPath, route, ...ends }, query = {}) {
    const path = `${assets_pathOf(sourceId, route)}/${encodeOriginPath(originPath)}${writeQuery('assets', query)}`;
    const contradiction = (document) => contradictsAsset(document, { sourceId, originPath });
    return resources_requestResource(client, { path, limit: 'get', permission: BROWSE_PERMISSION, contradiction, ...ends });
}
/** Sets attributes of one asset; what is not named stays. Permission Asset Manager Edit, limit `default`. Not atomic with the
 *  reading before it: a change by others in between is lost.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function updateAsset(client, { route, ...place }, attributes) {
    const { sourceId, originPath } = place;
    const json = { data: { attributes, type: 'assets', id: `${sourceId}/${originPath}` } };
    const contradiction = (document) => contradictsAsset(document, place) ?? contradictsChange(document, attributes);
    return askFor(client, place, { method: 'PATCH', route: assets_pathOf(sourceId, route), json, contradiction });
}
/** Stores one file at the Source by direct upload, streamed. With `overwrite` it may replace what is there. Permission Asset
 *  Manager Edit, to overwrite Purge too, limit `upload`.
 *  @throws ImgixError (409: the path exists), FileError
 *  @see https://docs.imgix.com/apis/management/assets */
function uploadAsset(client, place, { overwrite, ...upload }) {
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
        contradiction: (document) => contradictsAsset(document, place, sentBytes),
    });
}
/** Queues a file of the origin for the Asset Manager: the answer (202) comes before imgix has looked at it. Permission Asset
 *  Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function addAsset(client, place) {
    return askFor(client, place, { route: `${assets_pathOf(place.sourceId)}/add`, json: {} });
}
/** Has imgix fetch a file of the origin again, process what changed, and purge it. Permission Asset Manager Edit, limit `refresh`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function refreshAsset(client, place) {
    return askFor(client, place, { route: `${assets_pathOf(place.sourceId)}/refresh`, limit: 'refresh', json: {} });
}
async function askFor(client, { sourceId, originPath, ...ends }, { route, query = '', ...asked }) {
    const path = `${route}/${encodeOriginPath(originPath)}${query}`;
    const contradiction = (document) => contradictsAsset(document, { sourceId, originPath });
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
function assets_pathOf(sourceId, route) {
    return route === 'older' ? `assets/${encodeURIComponent(sourceId)}` : `${sourcePath(sourceId)}/assets`;
}

;// CONCATENATED MODULE: ./lib/imgix/upload-sessions.js



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
function openSession(client, place, form = 'explicit') {
    const path = encodeOriginPath(place.originPath);
    // what ends a session goes before what opens another
    const route = form === 'explicit' ? `create/${path}` : path;
    return send(client, place, { method: 'POST', route, first: false, contradiction: contradictsOpening });
}
/** Reads a session. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function getSession(client, place, form = 'explicit') {
    const route = routeOf(place, form === 'explicit' ? 'status/' : '');
    return send(client, place, { method: 'GET', route, contradiction: (document) => contradictsSession(document, place) });
}
/** Closes a session, so that imgix processes the bytes now. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function closeSession(client, place, form = 'explicit') {
    const route = routeOf(place, form === 'explicit' ? 'close/' : '');
    return send(client, place, { method: 'POST', route, contradiction: (document) => contradictsClose(document, place) });
}
/** Cancels a session, so that nothing more can be put there. Permission Asset Manager Edit, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/assets */
function cancelSession(client, place) {
    return send(client, place, { method: 'DELETE', route: routeOf(place, 'cancel/') });
}
function contradictsOpening(document) {
    const { data } = document;
    const { id, attributes } = readResource(data) ?? {};
    const isSession = Boolean(id || attributes?.id) && typeof attributes?.origin_path === 'string';
    return isSession ? contradictsObject(document, 'asset_uploads') : 'with an answer that is no upload session';
}
function contradictsSession(document, place) {
    const { sessionId, originPath } = place;
    return contradictsObject(document, 'asset_uploads', (data, { origin_path: path }) => {
        const isAnother = typeof path === 'string' && originPath !== undefined && !isSamePath(path, originPath);
        return contradictsId(data, sessionId, 'session') ?? (isAnother ? `with a session of ${path}` : undefined);
    });
}
function contradictsClose(document, place) {
    return contradictsObject(document, 'asset_uploads', (data, { status }) => {
        // a server that takes the close for the opening of a session: whoever asked knows the other form
        if (contradictsId(data, place.sessionId, 'session') !== undefined)
            return undefined;
        return status === 'PENDING' ? 'with a session that is still PENDING' : contradictsSession(document, place);
    });
}
function routeOf({ sessionId }, verb) {
    return `${verb}${encodeURIComponent(sessionId)}`;
}
function send(client, { sourceId, signal, halt }, { route, first = true, ...asked }) {
    const path = `${sourcePath(sourceId)}/upload-sessions/${route}`;
    return resources_requestResource(client, { ...asked, path, first, permission: 'Asset Manager Edit', signal, halt });
}

;// CONCATENATED MODULE: ./lib/imgix/session-forms.js




/** Upload sessions of one client. Which form of their routes a server has shows in its answers, and is remembered. */
function createUploadSessions(client) {
    const forms = new Map();
    async function open(place) {
        const { id, url } = await eitherForm('open', (form) => openIn(client, place, form));
        return { id, url };
    }
    async function close(place, sessionId) {
        const closed = await eitherForm('close', (form) => closeIn(client, place, { sessionId, form })).catch((error) => {
            // a close whose answer was lost may be refused the second time: the state says whether it was done
            if (!(error instanceof ImgixError && (error.perhapsDone || error.status === 409) && Number(error.status) < 500))
                throw error;
            return eitherForm('status', (form) => endedIn(client, place, { sessionId, form, refusal: error }));
        });
        if (closed.status === 'CANCELED') {
            throw unexpected('POST', place, 'the upload session was cancelled before it was closed');
        }
    }
    async function isComplete(place, sessionId) {
        const { status } = await eitherForm('status', async (form) => viewSession(await getSession(client, { ...place, sessionId }, form)));
        return status === 'COMPLETE';
    }
    async function cancel(place, sessionId) {
        await cancelSession(client, { ...place, sessionId });
    }
    /** Falls back to the other form only where the answer means that the server does not know this one. */
    async function eitherForm(step, attempt) {
        let refusal;
        const known = forms.get(step) ?? forms.get('open') ?? 'explicit';
        for (const form of known === 'explicit' ? ['explicit', 'plain'] : ['plain', 'explicit']) {
            try {
                const result = await attempt(form);
                if (result !== undefined) {
                    forms.set(step, form);
                    return result;
                }
            }
            catch (error) {
                if (!(error instanceof ImgixError && isUnknownRoute(error)))
                    throw error;
                refusal ??= error;
            }
        }
        throw (refusal ??
            new ImgixError({ method: 'POST', path: 'upload-sessions', reason: 'opens sessions for other paths than asked' }));
    }
    return { open, close, isComplete, cancel };
}
/** A server need not have a document for a route that it does not know. */
function isUnknownRoute({ status, strangersStatus }) {
    return [404, 405].includes(Number(status ?? strangersStatus));
}
/** @returns undefined where the server took the verb for a part of the origin path */
async function openIn(client, place, form) {
    const session = viewSession(await openSession(client, place, form));
    const { id, url, originPath, sourceId, status } = session;
    const isAsked = isSamePath(originPath, place.originPath) && [place.sourceId, ''].includes(sourceId);
    const isOpen = url !== '' && ['PENDING', ''].includes(status);
    if (isAsked && isOpen)
        return session;
    await cancelStray(client, place, id);
    if (!isAsked)
        return undefined;
    throw unexpected('POST', place, url === '' ? 'an upload session without a URL' : `an upload session that is ${status}`);
}
/** @returns undefined where the server took the close for the opening of another session */
async function closeIn(client, place, { sessionId, form }) {
    const session = viewSession(await closeSession(client, { ...place, sessionId }, form));
    if (session.id === sessionId || session.id === '')
        return session;
    await cancelStray(client, place, session.id);
    return undefined;
}
/** @returns the session in the state that it came to
 *  @throws the refusal of the close where the session is still open */
async function endedIn(client, place, { sessionId, form, refusal }) {
    const session = viewSession(await getSession(client, { ...place, sessionId }, form));
    if (['CLOSED', 'COMPLETE', 'CANCELED'].includes(session.status))
        return session;
    throw refusal;
}
/** A session that nobody asked for; one that can't be cancelled closes itself after 8 hours, without bytes. */
async function cancelStray(client, place, sessionId) {
    if (sessionId === '')
        return;
    await cancelSession(client, { ...place, sessionId }).catch((error) => {
        if (!(error instanceof ImgixError))
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
function unexpected(method, place, reason) {
    return new ImgixError({
        method,
        path: `/api/v1/sources/${place.sourceId}/upload-sessions`,
        reason: `${reason} (${place.originPath})`,
    });
}

// EXTERNAL MODULE: ./lib/node_modules/@actions/core/lib/core.js + 4 modules
var core = __nccwpck_require__(611);
;// CONCATENATED MODULE: ./lib/runner/host.js


const ANNOTATE = { notice: core/* notice */.lm, warning: core/* warning */.$e, error: core/* error */.z3 };
/** The only part that prints commands of the runner. */
const GITHUB = {
    input: (name) => (isSet(name) ? core/* getInput */.V4(name) : undefined),
    mask: core/* setSecret */.Pq,
    debug: core/* debug */.Yz,
    info: core/* info */.pq,
    annotate: (level, text, at) => ANNOTATE[level](text, at),
    group(title, lines) {
        core/* startGroup */.Oh(title);
        for (const line of lines)
            core/* info */.pq(line);
        core/* endGroup */.N4();
    },
    setOutput: core/* setOutput */.uH,
    outputMaxBytes: 200_000,
    writeSummary(markdown) {
        const file = process.env.GITHUB_STEP_SUMMARY;
        if (file)
            (0,external_node_fs_namespaceObject.appendFileSync)(file, markdown);
    },
};
function isSet(name) {
    return process.env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] !== undefined;
}

;// CONCATENATED MODULE: ./lib/runner/spellings.js
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
/** The form in which secrets are compared: lower case, without blanks. */
function bare(text) {
    return fold(text.replace(BLANK, ''));
}
/** @returns the text, then the text with one more layer of escapes decoded each time */
function readings(text) {
    return spellings_layers(text, (layer) => layer.replace(ESCAPE, undo), (layer) => layer);
}
/** `readings` in bare form, as blanks can also be inside an escape. */
function bareReadings(text) {
    return spellings_layers(bare(text), (layer) => bare(layer.replace(ESCAPE, undo)), (layer) => layer);
}
/** `readings` with places. */
function decode(text) {
    return spellings_layers(identity(text), (layer) => rewrite(layer, ESCAPE, undo), ({ text: read }) => read);
}
/** `bareReadings` with places. */
function decodeBare(text) {
    const strip = (layer) => {
        const stripped = rewrite(layer, BLANK, () => '');
        return { ...stripped, text: fold(stripped.text) };
    };
    return spellings_layers(strip(identity(text)), (layer) => strip(rewrite(layer, ESCAPE, undo)), ({ text: read }) => read);
}
function spellings_layers(first, next, textOf) {
    const found = [first];
    for (let layer = first; found.length < LEVELS_MAX && /[%\\&]/.test(textOf(layer));) {
        const deeper = next(layer);
        if (textOf(deeper) === textOf(layer))
            break;
        found.push(deeper);
        layer = deeper;
    }
    return found;
}
function identity(text) {
    const from = Int32Array.from({ length: text.length }, (_, index) => index);
    return { text, from, to: from.map((index) => index + 1) };
}
/** Replaces as `String.replace` does. A replacement gets the place of its match. */
function rewrite({ text, from, to }, pattern, replace) {
    const parts = [];
    const [starts, ends] = [new Int32Array(text.length), new Int32Array(text.length)]; // nothing gets longer
    let length = 0;
    let done = 0;
    const copy = (end) => {
        parts.push(text.slice(done, end));
        starts.set(from.subarray(done, end), length);
        ends.set(to.subarray(done, end), length);
        length += end - done;
        done = end;
    };
    for (const { 0: match, index } of text.matchAll(pattern)) {
        copy(index);
        done = index + match.length;
        const instead = replace(match);
        parts.push(instead);
        starts.fill(Number(from[index]), length, length + instead.length);
        ends.fill(Number(to[done - 1]), length, length + instead.length);
        length += instead.length;
    }
    copy(text.length);
    return { text: parts.join(''), from: starts.subarray(0, length), to: ends.subarray(0, length) };
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
        const digits = rest.toString('base64').slice(0, Math.floor((rest.length * 8) / 6));
        return [digits, digits.replaceAll('+', '-').replaceAll('/', '_')];
    });
    return [
        ...texts.flatMap(bareReadings).map((text) => ({ text, margin: 0 })),
        ...base64.map((text) => ({ text: bare(text), margin: 4 })),
    ];
}

;// CONCATENATED MODULE: ./lib/runner/signatures.js

// S3, then GCS, then a shared access signature of Azure
const LONG_NAMES = 'x-(?:amz|goog)-(?:signature|credential|security-token)|awsaccesskeyid|googleaccessid|signature(?:provided)?';
const SAS_NAMES = 'sig|s[eprtv]|si|sip|spr|srt|ss|sk(?:oid|tid|[tesv])|s[ac]oid|suoid|scid|sdd';
const VALUE = `[^\\s&"'<>,)\\\\]`;
/** A value can continue in the next line, if that is not a word. */
const REST = '(?:\\s{1,200}(?=[\\w%+/=~-]{0,200}\\d)[\\w%+/=~-]{8,4000}(?=[\\s&"\'<>]|$)){0,16}';
const PARAMETER = new RegExp(`(?<![\\w-])(?:${LONG_NAMES}|${SAS_NAMES})(?:=|["']?\\s{0,4}[:=>]\\s{0,4}["']?(?=${VALUE}{16}))(?<value>${VALUE}{1,8000}${REST})`, 'dgi');
/** The user name and password of a URL. */
const USER = /\b[a-z][\w+.-]{1,16}:\/\/(?<value>[^\s/?#@"'<>]{1,1000})@/dgi;
/** @returns whether `signatureRanges` can find anything in a text */
function mayHaveSignatures(text) {
    return readings(text).some((reading) => reading.search(PARAMETER) >= 0 || reading.search(USER) >= 0);
}
/** Finds the values of parameters that sign a URL of any storage, with any number of escapes, and the user of a URL. */
function signatureRanges(text) {
    return decode(text).flatMap(({ text: reading, from, to }) => [PARAMETER, USER].flatMap((pattern) => [...reading.matchAll(pattern)].map(({ indices }) => {
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
    try {
        return decodeURIComponent(text);
    }
    catch {
        return text;
    }
}

;// CONCATENATED MODULE: ./lib/runner/secrets.js


/** Shorter secrets are not searched for: they would replace parts of ordinary words. */
const SECRET_MIN_LENGTH = 8;
/** The runner masks every text that it is given: a mask of one letter would replace most of the log. */
const MASK_MIN_LENGTH = 4;
/** Parts of the last presigned URLs. A run has one URL for each file, so older parts are dropped. */
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
    const found = createFinder();
    const urlParts = new Map(); // oldest first
    const urlMasks = new Set();
    function hide(secret) {
        for (const text of [secret, ...secret.split(/\r\n|\r|\n/)]) {
            if (text.trim() === '' || masked.has(text))
                continue;
            masked.add(text);
            if (text.trim().length >= MASK_MIN_LENGTH)
                mask(text);
            for (const { text: form, margin } of formsOf(text)) {
                urlParts.delete(form); // it is now a secret by itself
                found.add(form, { always: true, margin });
            }
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
        for (const part of new Set(bareReadings(text))) {
            const known = found.get(part);
            if (known !== undefined && !urlParts.has(part))
                continue;
            const now = { always: always || known?.always === true, margin: 0 };
            urlParts.delete(part);
            urlParts.set(part, now);
            found.add(part, now);
        }
        for (const oldest of urlParts.keys()) {
            if (urlParts.size <= URL_PARTS_MAX)
                break;
            urlParts.delete(oldest);
            found.remove(oldest);
        }
    }
    function rangesIn(text, namesOnly) {
        return decodeBare(text).flatMap((reading) => found
            .in(reading.text)
            .filter(({ what }) => what.always || !namesOnly)
            .map(({ start, end, what }) => widen(text, rangeOf(reading, start, end), what.margin)));
    }
    const holds = (text) => bareReadings(text).some((reading) => found.in(reading).length > 0);
    return {
        hide,
        hideUrl(url, own) {
            const { always, prose, keyId } = secretsOf(url, own);
            maskUrl(url, keyId);
            for (const text of prose)
                hideUrlPart(text, false);
            for (const text of always)
                hideUrlPart(text, true);
        },
        redact(whole) {
            const text = whole.length > PROSE_MAX_LENGTH ? `${whole.slice(0, PROSE_MAX_LENGTH)}…` : whole;
            const known = holds(text) ? rangesIn(text, false) : [];
            return without(text, mayHaveSignatures(text) ? [...known, ...signatureRanges(text)] : known);
        },
        redactName: (text) => (holds(text) ? without(text, rangesIn(text, true)) : text),
    };
}
/** @returns whether a text is the secret, or contains it in any spelling, if the secret is long enough not to match by chance */
function holdsSecret(text, secret) {
    if (text === secret)
        return secret.length >= MASK_MIN_LENGTH;
    const forms = formsOf(secret).filter((form) => form.text.length >= SECRET_MIN_LENGTH);
    return bareReadings(text).some((reading) => forms.some((form) => reading.includes(form.text)));
}
function rangeOf({ from, to }, start, end) {
    return [Number(from[start]), Number(to[end - 1])];
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
const WINDOW = SECRET_MIN_LENGTH;
/** A text can be cut inside a secret, at its end or before `…`. A part of this length does not match by chance. */
const CUT_MIN_LENGTH = 12;
const BASE = 0x01000193;
const BASE_OUT = Array.from({ length: WINDOW }).reduce((power) => Math.imul(power, BASE), 1);
const FLAGS = 1 << 16;
/** Finds any number of texts in one pass, by a rolling hash of their first characters (Rabin-Karp). */
function createFinder() {
    const known = new Map();
    const byHash = new Map();
    const flags = new Uint8Array(FLAGS); // rules out nearly every place of a text
    function hashOf(text) {
        let hash = 0;
        for (let at = 0; at < WINDOW; at += 1)
            hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
        return hash;
    }
    /** @param cutAt the end of the text, or the place of the first `…` from the start on */
    function occurrencesAt(start, text, hash, cutAt) {
        return (byHash.get(hash) ?? []).flatMap((wanted) => {
            const what = known.get(wanted);
            if (text.startsWith(wanted, start))
                return [{ start, end: start + wanted.length, what }];
            const end = Math.min(start + wanted.length, cutAt);
            return end - start >= CUT_MIN_LENGTH && wanted.startsWith(text.slice(start, end)) && end - start < wanted.length
                ? [{ start, end, what }]
                : [];
        });
    }
    return {
        get: (text) => known.get(text),
        /** Ignores a text that is too short. */
        add(text, what) {
            if (text.length < WINDOW)
                return;
            const hash = hashOf(text);
            if (!known.has(text))
                byHash.set(hash, [...(byHash.get(hash) ?? []), text]);
            known.set(text, what);
            flags[hash & (FLAGS - 1)] = 1;
        },
        remove(text) {
            if (!known.delete(text))
                return;
            const hash = hashOf(text);
            const left = (byHash.get(hash) ?? []).filter((other) => other !== text);
            if (left.length === 0)
                byHash.delete(hash);
            else
                byHash.set(hash, left);
        },
        in(text) {
            const occurrences = [];
            let hash = 0;
            let cutAt = -1;
            for (let at = 0; at < text.length; at += 1) {
                hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0;
                if (at >= WINDOW)
                    hash = (hash - Math.imul(BASE_OUT, text.charCodeAt(at - WINDOW))) | 0;
                if (at < WINDOW - 1 || flags[hash & (FLAGS - 1)] === 0)
                    continue;
                const start = at - WINDOW + 1;
                if (cutAt < start)
                    cutAt = text.indexOf('…', start);
                if (cutAt < 0)
                    cutAt = text.length;
                for (const one of occurrencesAt(start, text, hash, cutAt))
                    occurrences.push(one);
            }
            return occurrences;
        },
    };
}

;// CONCATENATED MODULE: ./lib/runner/text.js
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

;// CONCATENATED MODULE: ./lib/runner/core.js




const ExitCode = { Failure: 1 };
let host = GITHUB;
/** One set per process: the runner's masks are per job. */
let secrets = createSecrets((secret) => host.mask(secret));
/** Forgets the host and the secrets of an earlier run in this process. */
function beginRun(ownHost = GITHUB) {
    host = ownHost;
    secrets = createSecrets((secret) => host.mask(secret));
}
/** @returns '' for an input that is not set */
const getInput = (name) => host.input(name) ?? '';
const core_isSet = (name) => host.input(name) !== undefined;
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
const info = (text) => host.info(line(text));
/** Stays of several lines, as a stack is. */
const debug = (text) => host.debug(text.split('\n').map(line).join('\n'));
const notice = (text, at = {}) => annotate('notice', text, at);
const warning = (text, at = {}) => annotate('warning', text, at);
const core_error = (text, at = {}) => annotate('error', text, at);
/** Prints the reason as an error, and sets the exit code of a failure. */
function setFailed(text) {
    process.exitCode = ExitCode.Failure;
    core_error(text);
}
/** Lines that the log folds under their title. */
const group = (title, lines) => host.group(line(title), lines.map(line));
const setOutput = (name, value) => host.setOutput(name, redactName(value));
const outputMaxBytes = () => host.outputMaxBytes;
const writeSummary = (markdown) => host.writeSummary(markdown);

;// CONCATENATED MODULE: ./lib/inputs/defaults.js
// The defaults of action.yml, for inputs that the runner does not set. A test compares the two.
const DEFAULT_FILES = [
    ...'ai apng avif bmp eps gif hei[cf] icns ico jfif jp2 jp[eg] jpeg jxr pct pdf pjpeg png psd svg tif tiff webp'.split(' '),
    ...'m4v mov mp4 webm'.split(' '),
].map((extension) => `**/*.${anyCase(extension)}`);
function anyCase(extension) {
    return extension.replace(/\[([a-z]+)\]|[a-z]/g, (match, set) => set === undefined ? `[${match}${match.toUpperCase()}]` : `[${set}${set.toUpperCase()}]`);
}
const DEFAULTS = {
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
    'rate-limits': 'upload=2/s, purge=10/s, get=10/s, refresh=10/m, default=4/s',
    concurrency: '8',
    'max-attempts': '5',
    timeout: '60',
    'dry-run': 'false',
    'api-url': 'https://api.imgix.com',
};

;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");
;// CONCATENATED MODULE: ./lib/inputs/git-name.js
/** @returns whether a file system can take a name for `.git`. Some ignore case or certain characters, some have short names.
 *  Git refuses all of them in a commit.
 *  @see https://github.com/git/git/blob/master/path.c is_ntfs_dotgit, and utf8.c is_hfs_dotgit */
function isGitName(name) {
    if (!/^[.g\u200c-\ufeff]/i.test(name))
        return false;
    const plain = name.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '').replace(/([. ]|:.*)+$/, '');
    return /^(\.git|git~1)$/i.test(plain);
}

;// CONCATENATED MODULE: ./lib/inputs/paths.js



/** @returns POSIX, relative to the workspace; '.' is the workspace itself */
function parseRoot(text, workspace) {
    const allowed = 'a folder inside the workspace, relative to it';
    if ((0,external_node_path_namespaceObject.isAbsolute)(text) || text.includes('\0'))
        return { allowed };
    const path = (0,external_node_path_namespaceObject.resolve)(workspace, text);
    if (!isInside(workspace, path))
        return { allowed };
    if (isInGit(workspace, path))
        return { allowed: `${allowed}, and not in .git` };
    const stats = (0,external_node_fs_namespaceObject.statSync)(path, { throwIfNoEntry: false });
    if (stats === undefined)
        return toPosix((0,external_node_path_namespaceObject.relative)(workspace, path));
    if (!stats.isDirectory())
        return { allowed };
    const [folder, real] = [(0,external_node_fs_namespaceObject.realpathSync)(workspace), (0,external_node_fs_namespaceObject.realpathSync)(path)];
    if (isInGit(folder, real))
        return { allowed: `${allowed}, and not in .git` };
    return isInside(folder, real) ? toPosix((0,external_node_path_namespaceObject.relative)(workspace, path)) : { allowed };
}
/** For a folder to write to, which need not be there yet.
 *  @returns POSIX, relative to the workspace; '.' is the workspace itself */
function parseFolder(text, workspace) {
    const allowed = 'a folder inside the workspace, relative to it, not in .git, without links that lead out of it';
    if (text === '' || isAbsolute(text) || text.includes('\0'))
        return { allowed };
    const path = resolve(workspace, text);
    const isLeft = !isInside(workspace, path) || isInGit(workspace, path);
    return !isLeft && staysInside(workspace, path) ? toPosix(relative(workspace, path)) : { allowed };
}
/** @returns whether what is there of the path is a folder, and inside */
function staysInside(workspace, path) {
    try {
        if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
            return staysInside(workspace, dirname(path));
        const [folder, real] = [realpathSync(workspace), realpathSync(path)];
        return statSync(path).isDirectory() && isInside(folder, real) && !isInGit(folder, real);
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
    if ((0,external_node_path_namespaceObject.isAbsolute)(text) || text.includes('\0') || !isInside(workspace, (0,external_node_path_namespaceObject.resolve)(workspace, text)))
        return { allowed };
    const path = (0,external_node_path_namespaceObject.resolve)(workspace, text);
    if (!isFile(path))
        return { allowed: `${allowed} (there is none of that name)` };
    return isInWorkspace((0,external_node_fs_namespaceObject.realpathSync)(workspace), (0,external_node_fs_namespaceObject.realpathSync)(path)) ? toPosix((0,external_node_path_namespaceObject.relative)(workspace, path)) : { allowed };
}
/** Whether what an input names may be read or written to; both paths are real ones. */
function isInWorkspace(workspace, path) {
    return isInside(workspace, path) && !isInGit(workspace, path);
}
function isFile(path) {
    try {
        return (0,external_node_fs_namespaceObject.statSync)(path).isFile();
    }
    catch {
        return false; // a link that leads in a circle, or a file among its folders
    }
}
function isInside(folder, path) {
    const rest = (0,external_node_path_namespaceObject.relative)(folder, path);
    return rest !== '..' && !rest.startsWith(`..${external_node_path_namespaceObject.sep}`) && !(0,external_node_path_namespaceObject.isAbsolute)(rest);
}
function isInGit(folder, path) {
    return (0,external_node_path_namespaceObject.relative)(folder, path).split(external_node_path_namespaceObject.sep).some(isGitName);
}
function toPosix(path) {
    return external_node_path_namespaceObject.posix.normalize(path.split(external_node_path_namespaceObject.sep).join('/') || '.');
}

// EXTERNAL MODULE: ./lib/inputs/patterns.js
var inputs_patterns = __nccwpck_require__(3134);
;// CONCATENATED MODULE: ./lib/runner/annotations.js

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
const PRINT = { error: core_error, warning: warning, notice: notice };
/** Prints the lines: the first as annotations, the others to the log alone.
 *  @param rest the line that stands for the others, where the log already has them */
function annotations_annotate(level, annotations, rest) {
    for (const { line, ...properties } of annotations.slice(0, ANNOTATIONS_MAX))
        PRINT[level](line, properties);
    const others = annotations.slice(ANNOTATIONS_MAX);
    const lines = rest === undefined || others.length === 0 ? others.map(({ line }) => line) : [rest(others.length)];
    for (const line of lines)
        info(line);
}

;// CONCATENATED MODULE: ./lib/inputs/proxies.js

const SCHEME = /^[a-z][a-z\d+.-]*:\/\//i;
const ALLOWED = 'an http or https proxy, such as http://user:password@proxy.example:3128, with reserved characters of user name and password percent-encoded';
/** Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY. As in curl, lower case has priority and an empty variable is ignored. */
function readProxies(env) {
    const secrets = [];
    const read = (name) => {
        const variable = [name, name.toUpperCase()].find((each) => env[each]?.trim());
        if (variable === undefined)
            return {};
        const text = String(env[variable]).trim();
        secrets.push(...findSecrets(text));
        const proxy = parseProxy(text);
        return proxy === undefined ? { problem: `${variable}: its value is not allowed; ${ALLOWED}` } : { proxy };
    };
    const proxies = new Map([
        ['https:', read('https_proxy')],
        ['http:', read('http_proxy')],
    ]);
    const bypasses = parseNoProxy(env.no_proxy || env.NO_PROXY || '');
    const settingFor = (url) => (bypasses(url) ? {} : (proxies.get(url.protocol) ?? {}));
    return {
        proxyFor(url) {
            const { proxy, problem } = settingFor(url);
            if (problem !== undefined)
                throw new ProxySettingError(problem);
            return proxy;
        },
        problemFor: (url) => settingFor(url).problem,
        secrets,
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
    const decodable = proxies_decode(username) !== undefined && proxies_decode(password) !== undefined;
    return decodable && pathname === '/' && search === '' && hash === '' ? url : undefined;
}
/** Finds the password also in a text that is not a URL: another program can print the variable. */
function findSecrets(text) {
    const credentials = text.slice(0, Math.max(0, text.lastIndexOf('@'))).replace(SCHEME, '');
    const [, user = '', password = ''] = /^([^:@/]*):?(.*)/s.exec(credentials) ?? [];
    if (user + password === '')
        return [];
    const plain = proxies_decode(password) ?? password;
    const basic = Buffer.from(`${proxies_decode(user) ?? user}:${plain}`).toString('base64');
    const asUrl = parseProxy(text)?.password ?? '';
    return [...new Set([password, plain, asUrl, basic])].filter((secret) => secret !== '');
}
function proxies_decode(text) {
    try {
        return decodeURIComponent(text);
    }
    catch {
        return undefined;
    }
}
/** A name, also after a dot or `*.`, matches itself and its subdomains. `*` matches all. A port restricts the match. */
function parseNoProxy(text) {
    const items = text.toLowerCase().split(/[\s,]+/);
    const rules = items.map((item) => {
        const [, host = item, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(item) ?? [];
        return { name: host.replace(/^\*?\.|^\[|\]$/g, ''), port };
    });
    return ({ hostname, port, protocol }) => {
        const host = hostname.replace(/^\[|\]$/g, '');
        const ownPort = port || (protocol === 'https:' ? '443' : '80');
        return rules.some((rule) => (rule.port === undefined || rule.port === ownPort) &&
            (rule.name === '*' || rule.name === host || (rule.name !== '' && host.endsWith(`.${rule.name}`))));
    };
}

;// CONCATENATED MODULE: ./lib/inputs/reader.js



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
/** @param defaults of inputs that are empty or not set */
function createInputReader(defaults) {
    const problems = [];
    const secrets = readSecrets(problems);
    const proxies = readProxies(process.env);
    for (const secret of proxies.secrets)
        hide(secret);
    const text = (name) => getInput(name) || (defaults[name] ?? '');
    const note = (name, value, allowed) => {
        const shown = redact(withoutUser(name, withoutShort(value, Object.values(secrets))));
        const cut = shown.length > VALUE_MAX_LENGTH ? `${shown.slice(0, VALUE_MAX_LENGTH)}…` : shown;
        problems.push(`${name}: '${cut}' is not allowed; ${allowed}`);
    };
    return {
        apiKey: secrets['api-key'],
        githubToken: secrets['github-token'],
        proxyFor: proxies.proxyFor,
        text,
        read(name, parse) {
            const given = text(name);
            const pasted = whichIn(given, secrets);
            const value = pasted === undefined ? parse(given) : { values: ['***'], allowed: `it contains the ${pasted}` };
            if (!reader_isAllowed(value)) {
                if (/:\/\/\S*@/.test(given) && !URL_INPUTS.includes(name))
                    note(name, given, 'a value without the user name and password of a URL');
                return value;
            }
            for (const bad of value.values ?? [given])
                note(name, bad, value.allowed);
            return undefined;
        },
        add: (problem) => void problems.push(problem),
        isNoted: (name) => problems.some((problem) => problem.startsWith(`${name}:`)),
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
/** Reads the secret inputs, and hides them before the first message about an input. */
function readSecrets(problems) {
    const [apiKey, githubToken] = [getInput('api-key'), getInput('github-token')];
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
/** @returns the name of the secret that is in the text of another input */
function whichIn(text, secrets) {
    return Object.entries(secrets).find(([, secret]) => holdsSecret(text, secret))?.[0];
}
/** Replaces secrets that are too short for the log's search. */
function withoutShort(value, secrets) {
    return secrets.filter((secret) => secret.length > 1).reduce((shown, secret) => shown.replaceAll(secret, '***'), value);
}
/** Replaces the user of a URL, also in a value that is not quite a URL. */
function withoutUser(name, value) {
    const at = value.lastIndexOf('@');
    const isUser = URL_INPUTS.includes(name) || value.slice(0, at).includes(':');
    return at > 0 && isUser ? `***${value.slice(at)}` : value;
}
function reader_isAllowed(value) {
    return typeof value === 'object' && value !== null && 'allowed' in value;
}

;// CONCATENATED MODULE: ./lib/inputs/shard.js

const SHARDS_MAX = 256;
/** `i/n` */
function parseShard(text) {
    const match = /^(\d{1,3})\/(\d{1,3})$/.exec(text);
    const [index, count] = [Number(match?.[1]), Number(match?.[2])];
    const isShard = index >= 1 && index <= count && count <= SHARDS_MAX;
    return isShard ? { index, count } : { allowed: `i/n, i from 1 to n, n up to ${SHARDS_MAX}` };
}
/** Every path is in exactly one shard, the same in every run. */
function isInShard(path, { index, count }) {
    if (count === 1)
        return true;
    return (0,external_node_crypto_.createHash)('sha256').update(path).digest().readUInt32BE() % count === index - 1;
}
/** @returns the files of a shard. `matching`: how many files all shards have, if there are several. */
function takeShard(files, shard) {
    if (shard.count === 1)
        return { files };
    return { files: files.filter(({ path }) => isInShard(path, shard)), matching: files.length };
}

// EXTERNAL MODULE: ./lib/inputs/values.js
var values = __nccwpck_require__(7035);
;// CONCATENATED MODULE: ./lib/inputs/inputs.js








/**
 * Reads and checks every input, and the proxy variables.
 * @param workspace absolute path of the folder that `root` is relative to
 * @throws InputError with all problems at once
 */
function readInputs(workspace) {
    const reader = createInputReader(defaults());
    const { apiKey, read, text } = reader;
    const root = read('root', (value) => parseRoot(value, workspace));
    const parsePatterns = (patterns) => (0,values/* parseFiles */.Bj)(patterns, { root, workspace });
    const inputs = {
        apiKey,
        sourceId: read('source-id', values/* parseSourceId */.GM),
        mode: read('mode', (0,values/* oneOf */.yL)('changed', 'all')),
        root,
        files: read('files', parsePatterns),
        patternInputs: [
            { name: 'files', lines: (0,inputs_patterns/* readPatternLines */.yu)(text('files')) },
            { name: 'sub-images', lines: (0,inputs_patterns/* readPatternLines */.yu)(text('sub-images')) },
            { name: 'content-types', lines: (0,values/* readContentTypeLines */.ps)(text('content-types')) },
        ],
        selectsFiles: inputs_isSet(text('files')),
        prefix: read('prefix', values/* parsePrefix */.A1),
        base: read('base', (text) => (/[\p{Cc}]/u.test(text) ? { allowed: 'a ref or a commit' } : text)),
        onUnknownBase: read('on-unknown-base', (0,values/* oneOf */.yL)('all', 'fail')),
        githubToken: reader.githubToken,
        upload: read('upload', values/* parseBoolean */.yG),
        onConflict: read('on-conflict', (0,values/* oneOf */.yL)('overwrite', 'skip', 'fail')),
        uploadVia: read('upload-via', (0,values/* oneOf */.yL)('auto', 'direct', 'session')),
        sessionThresholdBytes: read('session-threshold', values/* parseSize */.DB),
        contentTypes: read('content-types', values/* parseContentTypes */.c),
        guards: read('guards', (0,values/* oneOf */.yL)('fail', 'warn', 'off')),
        force: read('force', values/* parseBoolean */.yG),
        untracked: read('untracked', (0,values/* oneOf */.yL)('include', 'ignore')),
        shard: read('shard', parseShard),
        metadata: read('metadata', (text) => parseFile(text, workspace)),
        assetManager: read('asset-manager', (0,values/* oneOf */.yL)('off', 'add', 'refresh')),
        purge: read('purge', values/* parseBoolean */.yG),
        domains: read('domains', values/* parseDomains */.J4),
        urls: read('urls', values/* parseUrls */.S$),
        subImages: read('sub-images', parsePatterns),
        deleted: read('deleted', (0,values/* oneOf */.yL)('purge', 'ignore')),
        verify: read('verify', (0,values/* oneOf */.yL)('off', 'warn', 'fail')),
        verifyTimeoutMs: read('verify-timeout', (0,values/* wholeNumber */.rD)(1, 3600)) * 1000,
        rateLimits: read('rate-limits', (text) => (0,values/* parseRateLimits */.IQ)(text, DOCUMENTED_LIMITS)),
        concurrency: read('concurrency', (0,values/* wholeNumber */.rD)(1, 64)),
        maxAttempts: read('max-attempts', (0,values/* wholeNumber */.rD)(1, 20)),
        timeoutMs: read('timeout', (0,values/* wholeNumber */.rD)(1, 3600)) * 1000,
        dryRun: read('dry-run', values/* parseBoolean */.yG),
        apiUrl: read('api-url', values/* parseApiUrl */.nV),
        proxyFor: reader.proxyFor,
    };
    checkTogether(inputs, reader);
    reader.check();
    return { ...inputs, rateLimits: (0,values/* divideLimits */.oJ)(inputs.rateLimits, inputs.shard.count) };
}
function checkTogether(inputs, { add, isNoted, text }) {
    const { apiKey, sourceId, upload, purge, dryRun } = inputs;
    if (dryRun !== false)
        return;
    if (apiKey === '' && !isNoted('api-key')) {
        add("api-key: '' is not allowed; a Management API key, required unless dry-run is true");
    }
    const domainsNeeded = purge && !isNoted('domains') && !isNoted('urls') && inputs.domains.length + inputs.urls.length === 0;
    if (sourceId === '' && (upload !== false || domainsNeeded)) {
        add("source-id: '' is not allowed; the Source's id, required to upload and to find the domains to purge on");
    }
    else if (sourceId === '' && (inputs_isSet(text('sub-images')) || inputs.assetManager !== 'off')) {
        add("source-id: '' is not allowed; the Source's id, required for sub-images and asset-manager");
    }
}
/** A step can set `files` to nothing. Its default is for a step that does not set it. */
function defaults() {
    return { ...DEFAULTS, files: core_isSet('files') ? '' : DEFAULTS.files };
}
/** @returns whether an input has a line that is not a comment */
function inputs_isSet(text) {
    return (0,inputs_patterns/* readPatternLines */.yu)(text).length > 0;
}

;// CONCATENATED MODULE: ./lib/inputs/text-file.js






/** All problems of one file, each with its place. */
class TextFileError extends ProblemsError {
    name = 'TextFileError';
    problems;
    /** @param file relative to the workspace */
    constructor(file, problems) {
        super(problems.map(({ line, column, message }) => ({
            line: `${file}:${line}:${column}: ${message}`,
            file,
            startLine: line,
            startColumn: column,
        })));
        this.problems = problems;
    }
}
const BYTES_MAX = 1_000_000;
/** Reads a file of the workspace that an input names.
 *  @param path relative to the workspace
 *  @throws InputError for a file that is not UTF-8 or too large */
async function readTextFile(workspace, path) {
    const bytes = await readBytes(workspace, path).catch((cause) => {
        if (cause.code === undefined)
            throw cause;
        throw new InputError([`${path}: the file can't be read (${cause.code})`]);
    });
    try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
    catch (cause) {
        if (!(cause instanceof TypeError))
            throw cause;
        throw new InputError([`${path}: the file is not UTF-8: save it as UTF-8`]);
    }
}
/** Checks the open file: its path can have become a link to another place since the inputs were read. */
async function readBytes(workspace, path) {
    const real = await (0,promises_namespaceObject.realpath)((0,external_node_path_namespaceObject.resolve)(workspace, path));
    const file = await (0,promises_namespaceObject.open)(real, external_node_fs_namespaceObject.constants.O_RDONLY | (external_node_fs_namespaceObject.constants.O_NOFOLLOW ?? 0) | (external_node_fs_namespaceObject.constants.O_NONBLOCK ?? 0));
    try {
        const stats = await file.stat();
        if (!stats.isFile() || !isInWorkspace(await (0,promises_namespaceObject.realpath)(workspace), await text_file_pathOf(file, real)))
            throw new InputError([`${path}: it is not a file inside the workspace any more`]);
        if (stats.size > BYTES_MAX)
            throw new InputError([`${path}: the file is larger than 1 MB`]);
        return await file.readFile();
    }
    finally {
        await file.close();
    }
}
/** @param path with which the file was opened
 *  @returns the real path of an open file; on Linux from the system itself */
async function text_file_pathOf({ fd }, path) {
    const known = process.platform === 'linux' ? await (0,promises_namespaceObject.readlink)(`/proc/self/fd/${fd}`).catch(() => undefined) : undefined;
    return known ?? (0,promises_namespaceObject.realpath)(path);
}

;// CONCATENATED MODULE: ./lib/inputs/load-metadata.js

/** Reads the file of the input `metadata`.
 *  @throws InputError for a file that is not text, TextFileError with all problems in the text */
async function loadMetadata(workspace, path) {
    if (path === '')
        return { path, text: '', rules: [] };
    const text = await readTextFile(workspace, path);
    const parsed = await parse(text);
    if ('problems' in parsed)
        throw new TextFileError(path, parsed.problems);
    return { path, text, rules: parsed.rules };
}
/** @param text of an earlier version of the file; undefined if there was none
 *  @returns its rules; none if it is not valid */
async function parseEarlier(text) {
    const parsed = text === undefined ? { rules: [] } : await parse(text);
    return 'problems' in parsed ? { rules: [] } : parsed;
}
async function parse(text) {
    // loaded late: a run without the file starts faster without the parser
    const { parseMetadata } = await Promise.all(/* import() | metadata */[__nccwpck_require__.e(815), __nccwpck_require__.e(784)]).then(__nccwpck_require__.bind(__nccwpck_require__, 5323));
    return parseMetadata(text);
}

// EXTERNAL MODULE: ./lib/inputs/metadata.js
var inputs_metadata = __nccwpck_require__(9432);
;// CONCATENATED MODULE: ./lib/plan/asset.js


const NAMES = {
    categories: 'categories',
    customFields: 'custom_fields',
    dateCreated: 'date_created',
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
        if (error instanceof ImgixError && error.status === 404)
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
async function* listStored(client, { sourceId, fields, withField, limit = PAGE_LIMIT, signal }) {
    const pages = listAssets(client, { sourceId, signal }, {
        page: { limit },
        // The cursor is an offset. With the oldest first, an asset that is added meanwhile moves no other to another page.
        sort: ['date_created'],
        fields: ['origin_path', ...fields.map((field) => NAMES[field])],
        ...(withField !== undefined && { filter: { [`custom:${withField}`]: '' } }),
    });
    for await (const page of pages) {
        const assets = page.map((asset) => ({ ...viewAsset(asset), originPath: originPathOf(asset) }));
        if (assets.some(({ originPath }) => originPath === '')) {
            const path = `/api/v1/sources/${sourceId}/assets`;
            throw new ImgixError({ method: 'GET', path, status: 200, reason: 'with an asset that has no origin_path' });
        }
        yield assets;
    }
}
function viewAsset({ attributes }) {
    return {
        fileSize: /^\d+$/.test(String(attributes.file_size)) ? Number(attributes.file_size) : undefined,
        uploadedByApi: typeof attributes.uploaded_by_api === 'boolean' ? attributes.uploaded_by_api : undefined,
        dateCreated: typeof attributes.date_created === 'number' ? attributes.date_created : undefined,
        categories: attributes.categories,
        customFields: attributes.custom_fields,
        description: attributes.description,
        name: attributes.name,
        tags: attributes.tags,
    };
}

;// CONCATENATED MODULE: ./lib/plan/asset-change.js

/**
 * What one PATCH must carry so that an asset has what is wanted of it, and keeps all that others set: the API replaces
 * lists and objects whole.
 * @param current as imgix lists it now; nothing is merged into what it does not list, or lists as another type
 * @param recordValue of RECORD_FIELD, where it shall be set too
 * @returns undefined where the asset has it all
 */
function describeChange(current, wanted = inputs_metadata/* NO_ATTRIBUTES */.AY, recordValue) {
    const fields = recordValue === undefined ? {} : { [inputs_metadata/* RECORD_FIELD */.bC]: recordValue };
    const merged = {
        categories: mergeList(current.categories, wanted.categories),
        customFields: mergeObject(current.customFields, { ...wanted.customFields, ...fields }, isSameText),
        description: replaceText(current.description, wanted.description),
        name: replaceText(current.name, wanted.name),
        tags: mergeObject(current.tags, wanted.tags, isSameConfidence),
    };
    const changes = Object.entries(merged).filter(([, value]) => value !== undefined);
    const lost = changes
        .filter(([, value]) => value === UNKNOWN)
        .map(([name]) => (name === 'customFields' ? 'custom_fields' : name));
    if (lost.length > 0) {
        return { problem: `imgix's answer has no ${lost.join(' and ')} that could be kept, so nothing was changed` };
    }
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
/** What can't be merged into without a loss. */
const UNKNOWN = Symbol('unknown');
function mergeList(current, wanted) {
    if (wanted.length === 0)
        return undefined;
    if (current !== null && !Array.isArray(current))
        return UNKNOWN;
    const listed = current ?? [];
    const known = new Set(listed);
    const missing = wanted.filter((item) => !known.has(item));
    return missing.length === 0 ? undefined : [...listed, ...missing];
}
function mergeObject(current, wanted, isSame) {
    const entries = Object.entries(wanted);
    if (entries.length === 0)
        return undefined;
    if (typeof current !== 'object' || Array.isArray(current))
        return UNKNOWN;
    const merged = new Map(Object.entries(current ?? {})); // keys may be called __proto__
    let differs = false;
    for (const [key, value] of entries) {
        const known = merged.get(key) ?? null;
        if (value === null ? known === null : isSame(known, value))
            continue;
        differs = true;
        if (value === null)
            merged.delete(key);
        else
            merged.set(key, value);
    }
    if (!differs)
        return undefined;
    return Object.fromEntries(merged);
}
function replaceText(current, wanted) {
    if (wanted === undefined || (current || null) === wanted)
        return undefined;
    return wanted;
}
/** What others stored as a number or a boolean is listed as one. */
function isSameText(current, wanted) {
    return ['string', 'number', 'boolean'].includes(typeof current) && String(current) === wanted;
}
/** All confidences in imgix's examples are numbers of single precision. */
function isSameConfidence(current, wanted) {
    return typeof current === 'number' && Math.fround(current) === Math.fround(wanted);
}

;// CONCATENATED MODULE: ./lib/plan/listing.js




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
async function compareWithList({ client, sourceId }, files, { isOurs, withAttributes, signal, onListed }) {
    const local = new Map(files.map((file) => [file.originPath, file]));
    const comparisons = new Map();
    const onlyAtSource = new Set(); // a set, because pages can repeat an asset
    const over = new AbortController(); // stops the hashing if the listing fails
    const hashes = createHasher(AbortSignal.any([signal, over.signal]));
    let hasRecords = false;
    const look = ({ originPath, ...asset }) => {
        const file = local.get(originPath);
        const recorded = readRecord(asset);
        hasRecords ||= recorded !== undefined;
        if (file === undefined) {
            if (isOurs(originPath))
                onlyAtSource.add(originPath);
            return;
        }
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
/** @returns whether any asset of the Source has a record
 *  @throws ImgixError */
async function hasRecords({ client, sourceId }, signal) {
    const query = { sourceId, fields: [], withField: inputs_metadata/* RECORD_FIELD */.bC, limit: 1, signal };
    for await (const _ of listStored(client, query))
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
/** @returns the record of an asset; '' for a value that is not a record of this action, undefined if there is no value */
function readRecord({ customFields }) {
    if (typeof customFields !== 'object' || customFields === null || !Object.hasOwn(customFields, inputs_metadata/* RECORD_FIELD */.bC))
        return undefined;
    const value = customFields[inputs_metadata/* RECORD_FIELD */.bC];
    return typeof value === 'string' ? value : '';
}
/** Hashes files, a few at a time, with the same buffers, until the signal. */
function createHasher(signal) {
    const queue = [];
    const workers = new Set();
    const spare = [];
    const work = async () => {
        const buffers = spare.pop() ?? twoBuffers();
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
    const body = await openBody({ file, identity, onDigest }, buffers);
    try {
        for await (const _ of body.chunks())
            signal.throwIfAborted();
    }
    finally {
        await body.close();
    }
    return sha256;
}

;// CONCATENATED MODULE: ./lib/imgix/sources.js



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
/** What a Source is created with, and what an update may set; lists and objects are replaced whole. */
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
const SOURCE = { permission: 'Sources', noun: 'Source' };
/** Lists the account's Sources page by page. Permission Sources, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
function listSources(client, query = {}, ends = {}) {
    return listPages(client, { ...SOURCE, path: 'sources', type: 'sources', paging: BY_NUMBER, query }, ends);
}
/** Reads one Source. Permission Sources, limit `default`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
function getSource(client, sourceId, { fields, ...ends } = {}) {
    const path = `sources/${encodeURIComponent(sourceId)}${writeQuery('sources', { fields })}`;
    return resources_requestResource(client, { ...SOURCE, path, contradiction: isAnother(sourceId), ...ends });
}
/** Creates and deploys a Source. Permission Sources, limit `deploy`. It is not sent again when its answer is lost: look
 *  for a Source with one of its subdomains first.
 *  @returns it with its new id, still `deploying`
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
function createSource(client, attributes, ends = {}) {
    const json = { data: { attributes, type: 'sources' }, jsonapi: { version: '1.0' } };
    const request = { ...SOURCE, method: 'POST', path: 'sources', limit: 'deploy', once: true };
    return requestResource(client, { ...request, json, ...ends });
}
/** Sets attributes of a Source, which deploys it again; what is not named stays. Permission Sources, limit `deploy`.
 *  @throws ImgixError
 *  @see https://docs.imgix.com/apis/management/sources */
function updateSource(client, sourceId, attributes, ends = {}) {
    const json = { data: { attributes, id: sourceId, type: 'sources' } };
    const path = `sources/${encodeURIComponent(sourceId)}`;
    const request = { ...SOURCE, method: 'PATCH', path, limit: 'deploy', json };
    return requestResource(client, { ...request, contradiction: isAnother(sourceId), ...ends });
}
function isAnother(sourceId) {
    return (document) => contradictsObject(document, 'sources', (data) => contradictsId(data, sourceId, 'Source'));
}

// EXTERNAL MODULE: ./lib/inputs/urls.js
var inputs_urls = __nccwpck_require__(6667);
;// CONCATENATED MODULE: ./lib/plan/source.js




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
        const resource = await getSource(api.client, api.sourceId, { signal });
        const { leftOut } = readDomains(resource.attributes.deployment ?? {});
        return { ...viewSource(resource, api.sourceId), ...(leftOut.length > 0 && { leftOut }) };
    }
    catch (error) {
        if (!(error instanceof ImgixError))
            throw error;
        if (error.status === 403)
            return undefined;
        if (error.status !== 404)
            throw error;
        throw noSource(api.sourceId, error);
    }
}
function noSource(sourceId, error) {
    const remedy = "take the id from the end of the Source's dashboard URL";
    return new InputError([
        `source-id: imgix has no Source '${sourceId}' that this key can see; ${remedy} (${error.message})`,
    ]);
}
/** @param id that it was asked for with
 *  @throws ImgixError for a Source without a deployment */
function viewSource({ attributes }, id) {
    const { deployment, secure_url_token: token } = attributes;
    if (!isRecord(deployment)) {
        const path = `/api/v1/sources/${encodeURIComponent(id)}`;
        throw new ImgixError({ method: 'GET', path, status: 200, reason: 'with an answer that is no Source' });
    }
    return {
        id,
        type: typeof deployment.type === 'string' ? deployment.type : 'unknown',
        allowsUpload: typeof deployment.allows_upload === 'boolean' ? deployment.allows_upload : undefined,
        domains: readDomains(deployment).domains,
        ...(deployment.secure_url_enabled === true && {
            signing: { token: typeof token === 'string' && token !== '' ? token : undefined },
        }),
    };
}
function strings(value) {
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '') : [];
}
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

;// CONCATENATED MODULE: ./lib/plan/compare.js




/**
 * Compares the files of a run with the Source's assets.
 * @throws ImgixError, InputError if there is no such Source
 */
async function compareWithSource(api, { changes, files }, { inputs, ...settings }) {
    const { rootPath } = changes;
    const { prefix, shard } = inputs;
    const local = [...files].flatMap(([path, file]) => 'problem' in file ? [] : [{ originPath: prefix + path.slice(rootPath.length), ...file }]);
    const isOurs = (originPath) => {
        const path = originPath.slice(prefix.length);
        if (!originPath.startsWith(prefix) || files.has(rootPath + path))
            return false; // the file exists, but can't be uploaded
        return inputs.files(path) && isInShard(rootPath + path, shard);
    };
    try {
        return await compareWithList(api, local, { ...settings, isOurs });
    }
    catch (error) {
        if (!(error instanceof ImgixError))
            throw error;
        if (error.status === 404)
            throw noSource(api.sourceId, error);
        if (error.status === 403)
            return { because: error };
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/plan/forecast.js

function workOf({ files, updates, purges, calls }) {
    return {
        uploads: files.map(({ upload }) => upload),
        updates: updates.length,
        purges: files.reduce((sum, file) => sum + file.purges.length, purges.length),
        calls: [...files.flatMap((file) => file.calls), ...calls],
    };
}
/** The seconds that the remaining work takes by the rate limits alone: the time of the slowest class of requests. */
function forecastSeconds({ uploads, updates, purges, calls }, { upload, purge, refresh, default: other }) {
    const either = uploads.filter(({ route }) => route === 'any').length;
    const sessions = uploads.filter(({ route }) => route === 'session').length;
    const direct = uploads.length - either - sessions;
    const refreshes = calls.filter(({ call }) => call === 'refresh').length;
    const dropped = uploads.filter(({ change, hasRecord }) => hasRecord && change !== 'added').length;
    const updated = updates + uploads.filter(isUpdated).length + dropped;
    const others = calls.length - refreshes + updated + sessions * SESSION_REQUESTS;
    // files with `any` route spread so that both routes end at the same time
    const [directPerMs, otherPerMs] = [upload.count / upload.perMs, other.count / other.perMs];
    const share = (otherPerMs * (direct + either) - directPerMs * others) / (otherPerMs + SESSION_REQUESTS * directPerMs);
    const bySession = Math.min(either, Math.max(0, Math.round(share)));
    return Math.max(classSeconds(direct + either - bySession, upload), classSeconds(others + bySession * SESSION_REQUESTS, other), classSeconds(purges, purge), classSeconds(refreshes, refresh));
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

;// CONCATENATED MODULE: ./lib/plan/guards/magic-bytes.js
/** The number of first bytes that tell a format: a PDF's mark is within 1,024 bytes, an SVG's can follow long comments. */
const START_BYTES = 4096;
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
];
/** Extensions of formats without a mark: only the bytes of another format show that such a file is wrong. */
const WITHOUT_MARK = ['pct'];
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
    if (expected.length === 0 && !WITHOUT_MARK.includes(extension))
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
    if (bytes.length < START_BYTES || isHtml(start))
        return false;
    return markup.startsWith('<') && /^(?:$|<[?!]|<[\w:-]*$)/.test(afterProlog(markup));
}
function isHtml({ markup }) {
    const root = afterProlog(markup);
    const prolog = markup.slice(0, markup.length - root.length);
    return (/<!doctype\s+html[\s>]/i.test(prolog) || /^<(?:html|head|body|title|meta|script|center|h1|p|div)[\s/>]/i.test(root));
}

;// CONCATENATED MODULE: ./lib/inputs/fold-name.js
/**
 * Folds a name, so that names that differ only by case or Unicode form become the same, by Unicode's canonical
 * decomposition and simple case folding: ẞ is ß but not ss, ς is σ, and the Turkish ı is not i.
 */
function foldName(name) {
    return name
        .normalize('NFD')
        .replace(/[^\0-\x7f]/gu, foldCharacter)
        .toLowerCase();
}
function foldCharacter(character) {
    const folded = character.toUpperCase().toLowerCase();
    // simple folding maps one character to one, and JavaScript upper-cases ı to I
    return character === 'ı' || [...folded].length > 1 ? character.toLowerCase() : folded;
}

;// CONCATENATED MODULE: ./lib/plan/guards/name-clashes.js



/**
 * Finds files that would replace each other: two files with one origin path, and twins, whose names differ only by case or
 * Unicode form, which many file systems, tools and readers treat as one name.
 * @param others files, relative to the repository, that this run does not upload and that are at the Source now or later
 * @returns the problem, by path
 */
function findClashes(uploads, others = []) {
    const clashes = new Map();
    const notUploaded = Map.groupBy(others, foldName);
    for (const { path } of uploads) {
        const twin = notUploaded.get(foldName(path))?.[0];
        if (twin !== undefined)
            clashes.set(path, twinSentence(path, twin));
    }
    for (const steps of Map.groupBy(uploads, ({ originPath }) => foldName(originPath)).values()) {
        const ofOrigin = Map.groupBy(steps, ({ originPath }) => originPath);
        for (const step of steps.length > 1 ? steps : []) {
            const isOther = ({ path }) => path !== step.path;
            const rival = ofOrigin.get(step.originPath)?.find(isOther);
            const twin = steps.find(isOther);
            if (rival !== undefined)
                clashes.set(step.path, `${rival.path} has the same origin path: ${REMEDY}`);
            else if (twin !== undefined)
                clashes.set(step.path, twinSentence(step.path, twin.path));
        }
    }
    return clashes;
}
const REMEDY = 'rename one of the two, or leave one out by `files`';
function twinSentence(path, twin) {
    const difference = path.normalize() === twin.normalize() ? 'Unicode form' : 'case';
    return `its path differs only by ${difference} from ${twin}: ${REMEDY}`;
}
/**
 * Finds twins of uploads among the other files of the work tree. It reads only the folders of the uploads, their parents,
 * and the twins of these folders.
 */
async function findTwins(uploads, { topLevel, rootPath, matches }, signal) {
    const { files, folders } = foldedNames(uploads);
    const onDisk = [];
    const queue = uploads.length > 0 ? [rootPath] : [];
    for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
        signal.throwIfAborted();
        // a folder that can't be read has no twins; the uploads report their own files
        const entries = await (0,promises_namespaceObject.readdir)((0,external_node_path_namespaceObject.join)(topLevel, folder), { withFileTypes: true }).catch(() => []);
        for (const entry of entries) {
            const path = folder + entry.name;
            if (!(entry.isDirectory() ? folders : files).has(foldName(path)))
                continue;
            if (entry.isDirectory())
                queue.push(`${path}/`);
            else
                onDisk.push(path);
        }
    }
    const uploaded = new Set(uploads.map(({ path }) => path));
    // on a disk that ignores case, the only name is that of the upload itself, in any spelling
    const several = [...Map.groupBy(onDisk, foldName).values()].filter((paths) => paths.length > 1);
    return several.flat().filter((path) => !uploaded.has(path) && matches(path.slice(rootPath.length)));
}
function foldedNames(uploads) {
    const seen = new Set();
    for (const { path } of uploads) {
        let end = path.lastIndexOf('/');
        while (end > 0 && !seen.has(path.slice(0, end))) {
            seen.add(path.slice(0, end));
            end = path.lastIndexOf('/', end - 1);
        }
    }
    return { files: new Set(uploads.map(({ path }) => foldName(path))), folders: new Set([...seen].map(foldName)) };
}

;// CONCATENATED MODULE: ./lib/plan/guards/guards.js



const AT_A_TIME = 32;
// Read 2026-11 in the uploading guide of imgix's Asset Manager: Azure takes 30 MB in all and has no upload sessions.
const AZURE_MAX_BYTES = 30_000_000;
/** S3's own bound for one PUT, 5 GiB; the guide says 5 GB */
const PUT_MAX_BYTES = 5 * 2 ** 30;
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
 * @param source undefined if it could not be read
 * @returns the problem and its remedy in one line, by path, in the order of the uploads
 */
async function guard(uploads, { source, signal, twins = [], isListed = false, ...workTree }) {
    const uploaded = new Set(uploads.map(({ path }) => path));
    const onDisk = isListed ? [] : await findTwins(uploads, workTree, signal);
    const clashes = findClashes(uploads, [...onDisk, ...twins.filter((path) => !uploaded.has(path))]);
    const contents = new Map();
    const queue = [...uploads].reverse();
    const worker = async () => {
        const buffer = Buffer.allocUnsafe(START_BYTES);
        for (let step = queue.pop(); step !== undefined; step = queue.pop()) {
            signal.throwIfAborted();
            const problem = refuseSize(step.bytes, source) ?? (await readProblem(step, buffer));
            if (problem !== undefined)
                contents.set(step.path, problem);
        }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    const problems = new Map();
    for (const { path } of uploads) {
        const problem = contents.get(path) ?? clashes.get(path);
        if (problem !== undefined)
            problems.set(path, problem);
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
        return 'an empty file: put the real one in its place';
    const maxBytes = source?.type === 'azure' ? AZURE_MAX_BYTES : PUT_MAX_BYTES;
    if (bytes <= maxBytes)
        return undefined;
    const taker = source === undefined ? 'any Source' : `a Source of type ${source.type}`;
    return `${bytes} bytes, more than the ${maxBytes} bytes that ${taker} takes: make it smaller, or leave it out by \`files\``;
}
/** @returns the problem; undefined if there is none, or if the file is gone or replaced, which the upload reports */
async function readProblem({ absolutePath, identity, originPath }, buffer) {
    const opened = await openFile({ file: absolutePath, identity }).catch(() => undefined);
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
    const start = await guards_readStart(file, Buffer.allocUnsafe(START_BYTES));
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
        return 'a Git LFS pointer, not the file itself: set lfs: true on actions/checkout';
    }
    return findDisagreement(originPath, start);
}
/** A damaged pointer is not a picture either. */
function isLfsPointer(text) {
    const [version = '', ...lines] = text.split(/\r?\n/);
    return LFS_VERSIONS.some((url) => version === `version ${url}`) && lines.some((line) => /^oid \S/.test(line));
}

;// CONCATENATED MODULE: ./lib/plan/route.js

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

;// CONCATENATED MODULE: ./node_modules/mime/dist/types/other.js
const types = {
    'application/prs.cww': ['cww'],
    'application/prs.xsf+xml': ['xsf'],
    'application/vnd.1000minds.decision-model+xml': ['1km'],
    'application/vnd.3gpp.pic-bw-large': ['plb'],
    'application/vnd.3gpp.pic-bw-small': ['psb'],
    'application/vnd.3gpp.pic-bw-var': ['pvb'],
    'application/vnd.3gpp2.tcap': ['tcap'],
    'application/vnd.3m.post-it-notes': ['pwn'],
    'application/vnd.accpac.simply.aso': ['aso'],
    'application/vnd.accpac.simply.imp': ['imp'],
    'application/vnd.acucobol': ['acu'],
    'application/vnd.acucorp': ['atc', 'acutc'],
    'application/vnd.adobe.air-application-installer-package+zip': ['air'],
    'application/vnd.adobe.formscentral.fcdt': ['fcdt'],
    'application/vnd.adobe.fxp': ['fxp', 'fxpl'],
    'application/vnd.adobe.xdp+xml': ['xdp'],
    'application/vnd.adobe.xfdf': ['*xfdf'],
    'application/vnd.age': ['age'],
    'application/vnd.ahead.space': ['ahead'],
    'application/vnd.airzip.filesecure.azf': ['azf'],
    'application/vnd.airzip.filesecure.azs': ['azs'],
    'application/vnd.amazon.ebook': ['azw'],
    'application/vnd.americandynamics.acc': ['acc'],
    'application/vnd.amiga.ami': ['ami'],
    'application/vnd.android.package-archive': ['apk'],
    'application/vnd.anser-web-certificate-issue-initiation': ['cii'],
    'application/vnd.anser-web-funds-transfer-initiation': ['fti'],
    'application/vnd.antix.game-component': ['atx'],
    'application/vnd.apple.installer+xml': ['mpkg'],
    'application/vnd.apple.keynote': ['key'],
    'application/vnd.apple.mpegurl': ['m3u8'],
    'application/vnd.apple.numbers': ['numbers'],
    'application/vnd.apple.pages': ['pages'],
    'application/vnd.apple.pkpass': ['pkpass'],
    'application/vnd.aristanetworks.swi': ['swi'],
    'application/vnd.astraea-software.iota': ['iota'],
    'application/vnd.audiograph': ['aep'],
    'application/vnd.autodesk.fbx': ['fbx'],
    'application/vnd.balsamiq.bmml+xml': ['bmml'],
    'application/vnd.blueice.multipass': ['mpm'],
    'application/vnd.bmi': ['bmi'],
    'application/vnd.businessobjects': ['rep'],
    'application/vnd.chemdraw+xml': ['cdxml'],
    'application/vnd.chipnuts.karaoke-mmd': ['mmd'],
    'application/vnd.cinderella': ['cdy'],
    'application/vnd.citationstyles.style+xml': ['csl'],
    'application/vnd.claymore': ['cla'],
    'application/vnd.cloanto.rp9': ['rp9'],
    'application/vnd.clonk.c4group': ['c4g', 'c4d', 'c4f', 'c4p', 'c4u'],
    'application/vnd.cluetrust.cartomobile-config': ['c11amc'],
    'application/vnd.cluetrust.cartomobile-config-pkg': ['c11amz'],
    'application/vnd.commonspace': ['csp'],
    'application/vnd.contact.cmsg': ['cdbcmsg'],
    'application/vnd.cosmocaller': ['cmc'],
    'application/vnd.crick.clicker': ['clkx'],
    'application/vnd.crick.clicker.keyboard': ['clkk'],
    'application/vnd.crick.clicker.palette': ['clkp'],
    'application/vnd.crick.clicker.template': ['clkt'],
    'application/vnd.crick.clicker.wordbank': ['clkw'],
    'application/vnd.criticaltools.wbs+xml': ['wbs'],
    'application/vnd.ctc-posml': ['pml'],
    'application/vnd.cups-ppd': ['ppd'],
    'application/vnd.curl.car': ['car'],
    'application/vnd.curl.pcurl': ['pcurl'],
    'application/vnd.dart': ['dart'],
    'application/vnd.data-vision.rdz': ['rdz'],
    'application/vnd.dbf': ['dbf'],
    'application/vnd.dcmp+xml': ['dcmp'],
    'application/vnd.dece.data': ['uvf', 'uvvf', 'uvd', 'uvvd'],
    'application/vnd.dece.ttml+xml': ['uvt', 'uvvt'],
    'application/vnd.dece.unspecified': ['uvx', 'uvvx'],
    'application/vnd.dece.zip': ['uvz', 'uvvz'],
    'application/vnd.denovo.fcselayout-link': ['fe_launch'],
    'application/vnd.dna': ['dna'],
    'application/vnd.dolby.mlp': ['mlp'],
    'application/vnd.dpgraph': ['dpg'],
    'application/vnd.dreamfactory': ['dfac'],
    'application/vnd.ds-keypoint': ['kpxx'],
    'application/vnd.dvb.ait': ['ait'],
    'application/vnd.dvb.service': ['svc'],
    'application/vnd.dynageo': ['geo'],
    'application/vnd.ecowin.chart': ['mag'],
    'application/vnd.enliven': ['nml'],
    'application/vnd.epson.esf': ['esf'],
    'application/vnd.epson.msf': ['msf'],
    'application/vnd.epson.quickanime': ['qam'],
    'application/vnd.epson.salt': ['slt'],
    'application/vnd.epson.ssf': ['ssf'],
    'application/vnd.eszigno3+xml': ['es3', 'et3'],
    'application/vnd.ezpix-album': ['ez2'],
    'application/vnd.ezpix-package': ['ez3'],
    'application/vnd.fdf': ['*fdf'],
    'application/vnd.fdsn.mseed': ['mseed'],
    'application/vnd.fdsn.seed': ['seed', 'dataless'],
    'application/vnd.flographit': ['gph'],
    'application/vnd.fluxtime.clip': ['ftc'],
    'application/vnd.framemaker': ['fm', 'frame', 'maker', 'book'],
    'application/vnd.frogans.fnc': ['fnc'],
    'application/vnd.frogans.ltf': ['ltf'],
    'application/vnd.fsc.weblaunch': ['fsc'],
    'application/vnd.fujitsu.oasys': ['oas'],
    'application/vnd.fujitsu.oasys2': ['oa2'],
    'application/vnd.fujitsu.oasys3': ['oa3'],
    'application/vnd.fujitsu.oasysgp': ['fg5'],
    'application/vnd.fujitsu.oasysprs': ['bh2'],
    'application/vnd.fujixerox.ddd': ['ddd'],
    'application/vnd.fujixerox.docuworks': ['xdw'],
    'application/vnd.fujixerox.docuworks.binder': ['xbd'],
    'application/vnd.fuzzysheet': ['fzs'],
    'application/vnd.genomatix.tuxedo': ['txd'],
    'application/vnd.geogebra.file': ['ggb'],
    'application/vnd.geogebra.slides': ['ggs'],
    'application/vnd.geogebra.tool': ['ggt'],
    'application/vnd.geometry-explorer': ['gex', 'gre'],
    'application/vnd.geonext': ['gxt'],
    'application/vnd.geoplan': ['g2w'],
    'application/vnd.geospace': ['g3w'],
    'application/vnd.gmx': ['gmx'],
    'application/vnd.google-apps.document': ['gdoc'],
    'application/vnd.google-apps.drawing': ['gdraw'],
    'application/vnd.google-apps.form': ['gform'],
    'application/vnd.google-apps.jam': ['gjam'],
    'application/vnd.google-apps.map': ['gmap'],
    'application/vnd.google-apps.presentation': ['gslides'],
    'application/vnd.google-apps.script': ['gscript'],
    'application/vnd.google-apps.site': ['gsite'],
    'application/vnd.google-apps.spreadsheet': ['gsheet'],
    'application/vnd.google-earth.kml+xml': ['kml'],
    'application/vnd.google-earth.kmz': ['kmz'],
    'application/vnd.gov.sk.xmldatacontainer+xml': ['xdcf'],
    'application/vnd.grafeq': ['gqf', 'gqs'],
    'application/vnd.groove-account': ['gac'],
    'application/vnd.groove-help': ['ghf'],
    'application/vnd.groove-identity-message': ['gim'],
    'application/vnd.groove-injector': ['grv'],
    'application/vnd.groove-tool-message': ['gtm'],
    'application/vnd.groove-tool-template': ['tpl'],
    'application/vnd.groove-vcard': ['vcg'],
    'application/vnd.hal+xml': ['hal'],
    'application/vnd.handheld-entertainment+xml': ['zmm'],
    'application/vnd.hbci': ['hbci'],
    'application/vnd.hhe.lesson-player': ['les'],
    'application/vnd.hp-hpgl': ['hpgl'],
    'application/vnd.hp-hpid': ['hpid'],
    'application/vnd.hp-hps': ['hps'],
    'application/vnd.hp-jlyt': ['jlt'],
    'application/vnd.hp-pcl': ['pcl'],
    'application/vnd.hp-pclxl': ['pclxl'],
    'application/vnd.hydrostatix.sof-data': ['sfd-hdstx'],
    'application/vnd.ibm.minipay': ['mpy'],
    'application/vnd.ibm.modcap': ['afp', 'listafp', 'list3820'],
    'application/vnd.ibm.rights-management': ['irm'],
    'application/vnd.ibm.secure-container': ['sc'],
    'application/vnd.iccprofile': ['icc', 'icm'],
    'application/vnd.igloader': ['igl'],
    'application/vnd.immervision-ivp': ['ivp'],
    'application/vnd.immervision-ivu': ['ivu'],
    'application/vnd.insors.igm': ['igm'],
    'application/vnd.intercon.formnet': ['xpw', 'xpx'],
    'application/vnd.intergeo': ['i2g'],
    'application/vnd.intu.qbo': ['qbo'],
    'application/vnd.intu.qfx': ['qfx'],
    'application/vnd.ipunplugged.rcprofile': ['rcprofile'],
    'application/vnd.irepository.package+xml': ['irp'],
    'application/vnd.is-xpr': ['xpr'],
    'application/vnd.isac.fcs': ['fcs'],
    'application/vnd.jam': ['jam'],
    'application/vnd.jcp.javame.midlet-rms': ['rms'],
    'application/vnd.jisp': ['jisp'],
    'application/vnd.joost.joda-archive': ['joda'],
    'application/vnd.kahootz': ['ktz', 'ktr'],
    'application/vnd.kde.karbon': ['karbon'],
    'application/vnd.kde.kchart': ['chrt'],
    'application/vnd.kde.kformula': ['kfo'],
    'application/vnd.kde.kivio': ['flw'],
    'application/vnd.kde.kontour': ['kon'],
    'application/vnd.kde.kpresenter': ['kpr', 'kpt'],
    'application/vnd.kde.kspread': ['ksp'],
    'application/vnd.kde.kword': ['kwd', 'kwt'],
    'application/vnd.kenameaapp': ['htke'],
    'application/vnd.kidspiration': ['kia'],
    'application/vnd.kinar': ['kne', 'knp'],
    'application/vnd.koan': ['skp', 'skd', 'skt', 'skm'],
    'application/vnd.kodak-descriptor': ['sse'],
    'application/vnd.las.las+xml': ['lasxml'],
    'application/vnd.llamagraphics.life-balance.desktop': ['lbd'],
    'application/vnd.llamagraphics.life-balance.exchange+xml': ['lbe'],
    'application/vnd.lotus-1-2-3': ['123'],
    'application/vnd.lotus-approach': ['apr'],
    'application/vnd.lotus-freelance': ['pre'],
    'application/vnd.lotus-notes': ['nsf'],
    'application/vnd.lotus-organizer': ['org'],
    'application/vnd.lotus-screencam': ['scm'],
    'application/vnd.lotus-wordpro': ['lwp'],
    'application/vnd.macports.portpkg': ['portpkg'],
    'application/vnd.mapbox-vector-tile': ['mvt'],
    'application/vnd.mcd': ['mcd'],
    'application/vnd.medcalcdata': ['mc1'],
    'application/vnd.mediastation.cdkey': ['cdkey'],
    'application/vnd.mfer': ['mwf'],
    'application/vnd.mfmp': ['mfm'],
    'application/vnd.micrografx.flo': ['flo'],
    'application/vnd.micrografx.igx': ['igx'],
    'application/vnd.mif': ['mif'],
    'application/vnd.mobius.daf': ['daf'],
    'application/vnd.mobius.dis': ['dis'],
    'application/vnd.mobius.mbk': ['mbk'],
    'application/vnd.mobius.mqy': ['mqy'],
    'application/vnd.mobius.msl': ['msl'],
    'application/vnd.mobius.plc': ['plc'],
    'application/vnd.mobius.txf': ['txf'],
    'application/vnd.mophun.application': ['mpn'],
    'application/vnd.mophun.certificate': ['mpc'],
    'application/vnd.mozilla.xul+xml': ['xul'],
    'application/vnd.ms-artgalry': ['cil'],
    'application/vnd.ms-cab-compressed': ['cab'],
    'application/vnd.ms-excel': ['xls', 'xlm', 'xla', 'xlc', 'xlt', 'xlw'],
    'application/vnd.ms-excel.addin.macroenabled.12': ['xlam'],
    'application/vnd.ms-excel.sheet.binary.macroenabled.12': ['xlsb'],
    'application/vnd.ms-excel.sheet.macroenabled.12': ['xlsm'],
    'application/vnd.ms-excel.template.macroenabled.12': ['xltm'],
    'application/vnd.ms-fontobject': ['eot'],
    'application/vnd.ms-htmlhelp': ['chm'],
    'application/vnd.ms-ims': ['ims'],
    'application/vnd.ms-lrm': ['lrm'],
    'application/vnd.ms-officetheme': ['thmx'],
    'application/vnd.ms-outlook': ['msg'],
    'application/vnd.ms-pki.seccat': ['cat'],
    'application/vnd.ms-pki.stl': ['*stl'],
    'application/vnd.ms-powerpoint': ['ppt', 'pps', 'pot'],
    'application/vnd.ms-powerpoint.addin.macroenabled.12': ['ppam'],
    'application/vnd.ms-powerpoint.presentation.macroenabled.12': ['pptm'],
    'application/vnd.ms-powerpoint.slide.macroenabled.12': ['sldm'],
    'application/vnd.ms-powerpoint.slideshow.macroenabled.12': ['ppsm'],
    'application/vnd.ms-powerpoint.template.macroenabled.12': ['potm'],
    'application/vnd.ms-project': ['*mpp', 'mpt'],
    'application/vnd.ms-visio.viewer': ['vdx'],
    'application/vnd.ms-word.document.macroenabled.12': ['docm'],
    'application/vnd.ms-word.template.macroenabled.12': ['dotm'],
    'application/vnd.ms-works': ['wps', 'wks', 'wcm', 'wdb'],
    'application/vnd.ms-wpl': ['wpl'],
    'application/vnd.ms-xpsdocument': ['xps'],
    'application/vnd.mseq': ['mseq'],
    'application/vnd.musician': ['mus'],
    'application/vnd.muvee.style': ['msty'],
    'application/vnd.mynfc': ['taglet'],
    'application/vnd.nato.bindingdataobject+xml': ['bdo'],
    'application/vnd.neurolanguage.nlu': ['nlu'],
    'application/vnd.nitf': ['ntf', 'nitf'],
    'application/vnd.noblenet-directory': ['nnd'],
    'application/vnd.noblenet-sealer': ['nns'],
    'application/vnd.noblenet-web': ['nnw'],
    'application/vnd.nokia.n-gage.ac+xml': ['*ac'],
    'application/vnd.nokia.n-gage.data': ['ngdat'],
    'application/vnd.nokia.n-gage.symbian.install': ['n-gage'],
    'application/vnd.nokia.radio-preset': ['rpst'],
    'application/vnd.nokia.radio-presets': ['rpss'],
    'application/vnd.novadigm.edm': ['edm'],
    'application/vnd.novadigm.edx': ['edx'],
    'application/vnd.novadigm.ext': ['ext'],
    'application/vnd.oasis.opendocument.chart': ['odc'],
    'application/vnd.oasis.opendocument.chart-template': ['otc'],
    'application/vnd.oasis.opendocument.database': ['odb'],
    'application/vnd.oasis.opendocument.formula': ['odf'],
    'application/vnd.oasis.opendocument.formula-template': ['odft'],
    'application/vnd.oasis.opendocument.graphics': ['odg'],
    'application/vnd.oasis.opendocument.graphics-template': ['otg'],
    'application/vnd.oasis.opendocument.image': ['odi'],
    'application/vnd.oasis.opendocument.image-template': ['oti'],
    'application/vnd.oasis.opendocument.presentation': ['odp'],
    'application/vnd.oasis.opendocument.presentation-template': ['otp'],
    'application/vnd.oasis.opendocument.spreadsheet': ['ods'],
    'application/vnd.oasis.opendocument.spreadsheet-template': ['ots'],
    'application/vnd.oasis.opendocument.text': ['odt'],
    'application/vnd.oasis.opendocument.text-master': ['odm'],
    'application/vnd.oasis.opendocument.text-template': ['ott'],
    'application/vnd.oasis.opendocument.text-web': ['oth'],
    'application/vnd.olpc-sugar': ['xo'],
    'application/vnd.oma.dd2+xml': ['dd2'],
    'application/vnd.openblox.game+xml': ['obgx'],
    'application/vnd.openofficeorg.extension': ['oxt'],
    'application/vnd.openstreetmap.data+xml': ['osm'],
    'application/vnd.openxmlformats-officedocument.presentationml.presentation': [
        'pptx',
    ],
    'application/vnd.openxmlformats-officedocument.presentationml.slide': [
        'sldx',
    ],
    'application/vnd.openxmlformats-officedocument.presentationml.slideshow': [
        'ppsx',
    ],
    'application/vnd.openxmlformats-officedocument.presentationml.template': [
        'potx',
    ],
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
    'application/vnd.openxmlformats-officedocument.spreadsheetml.template': [
        'xltx',
    ],
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document': [
        'docx',
    ],
    'application/vnd.openxmlformats-officedocument.wordprocessingml.template': [
        'dotx',
    ],
    'application/vnd.osgeo.mapguide.package': ['mgp'],
    'application/vnd.osgi.dp': ['dp'],
    'application/vnd.osgi.subsystem': ['esa'],
    'application/vnd.palm': ['pdb', 'pqa', 'oprc'],
    'application/vnd.pawaafile': ['paw'],
    'application/vnd.pg.format': ['str'],
    'application/vnd.pg.osasli': ['ei6'],
    'application/vnd.picsel': ['efif'],
    'application/vnd.pmi.widget': ['wg'],
    'application/vnd.pocketlearn': ['plf'],
    'application/vnd.powerbuilder6': ['pbd'],
    'application/vnd.previewsystems.box': ['box'],
    'application/vnd.procrate.brushset': ['brushset'],
    'application/vnd.procreate.brush': ['brush'],
    'application/vnd.procreate.dream': ['drm'],
    'application/vnd.proteus.magazine': ['mgz'],
    'application/vnd.publishare-delta-tree': ['qps'],
    'application/vnd.pvi.ptid1': ['ptid'],
    'application/vnd.pwg-xhtml-print+xml': ['xhtm'],
    'application/vnd.quark.quarkxpress': [
        'qxd',
        'qxt',
        'qwd',
        'qwt',
        'qxl',
        'qxb',
    ],
    'application/vnd.rar': ['rar'],
    'application/vnd.realvnc.bed': ['bed'],
    'application/vnd.recordare.musicxml': ['mxl'],
    'application/vnd.recordare.musicxml+xml': ['musicxml'],
    'application/vnd.rig.cryptonote': ['cryptonote'],
    'application/vnd.rim.cod': ['cod'],
    'application/vnd.rn-realmedia': ['rm'],
    'application/vnd.rn-realmedia-vbr': ['rmvb'],
    'application/vnd.route66.link66+xml': ['link66'],
    'application/vnd.sailingtracker.track': ['st'],
    'application/vnd.seemail': ['see'],
    'application/vnd.sema': ['sema'],
    'application/vnd.semd': ['semd'],
    'application/vnd.semf': ['semf'],
    'application/vnd.shana.informed.formdata': ['ifm'],
    'application/vnd.shana.informed.formtemplate': ['itp'],
    'application/vnd.shana.informed.interchange': ['iif'],
    'application/vnd.shana.informed.package': ['ipk'],
    'application/vnd.simtech-mindmapper': ['twd', 'twds'],
    'application/vnd.smaf': ['mmf'],
    'application/vnd.smart.teacher': ['teacher'],
    'application/vnd.software602.filler.form+xml': ['fo'],
    'application/vnd.solent.sdkm+xml': ['sdkm', 'sdkd'],
    'application/vnd.spotfire.dxp': ['dxp'],
    'application/vnd.spotfire.sfs': ['sfs'],
    'application/vnd.stardivision.calc': ['sdc'],
    'application/vnd.stardivision.draw': ['sda'],
    'application/vnd.stardivision.impress': ['sdd'],
    'application/vnd.stardivision.math': ['smf'],
    'application/vnd.stardivision.writer': ['sdw', 'vor'],
    'application/vnd.stardivision.writer-global': ['sgl'],
    'application/vnd.stepmania.package': ['smzip'],
    'application/vnd.stepmania.stepchart': ['sm'],
    'application/vnd.sun.wadl+xml': ['wadl'],
    'application/vnd.sun.xml.calc': ['sxc'],
    'application/vnd.sun.xml.calc.template': ['stc'],
    'application/vnd.sun.xml.draw': ['sxd'],
    'application/vnd.sun.xml.draw.template': ['std'],
    'application/vnd.sun.xml.impress': ['sxi'],
    'application/vnd.sun.xml.impress.template': ['sti'],
    'application/vnd.sun.xml.math': ['sxm'],
    'application/vnd.sun.xml.writer': ['sxw'],
    'application/vnd.sun.xml.writer.global': ['sxg'],
    'application/vnd.sun.xml.writer.template': ['stw'],
    'application/vnd.sus-calendar': ['sus', 'susp'],
    'application/vnd.svd': ['svd'],
    'application/vnd.symbian.install': ['sis', 'sisx'],
    'application/vnd.syncml+xml': ['xsm'],
    'application/vnd.syncml.dm+wbxml': ['bdm'],
    'application/vnd.syncml.dm+xml': ['xdm'],
    'application/vnd.syncml.dmddf+xml': ['ddf'],
    'application/vnd.tao.intent-module-archive': ['tao'],
    'application/vnd.tcpdump.pcap': ['pcap', 'cap', 'dmp'],
    'application/vnd.tmobile-livetv': ['tmo'],
    'application/vnd.trid.tpt': ['tpt'],
    'application/vnd.triscape.mxs': ['mxs'],
    'application/vnd.trueapp': ['tra'],
    'application/vnd.ufdl': ['ufd', 'ufdl'],
    'application/vnd.uiq.theme': ['utz'],
    'application/vnd.umajin': ['umj'],
    'application/vnd.unity': ['unityweb'],
    'application/vnd.uoml+xml': ['uoml', 'uo'],
    'application/vnd.vcx': ['vcx'],
    'application/vnd.visio': ['vsd', 'vst', 'vss', 'vsw', 'vsdx', 'vtx'],
    'application/vnd.visionary': ['vis'],
    'application/vnd.vsf': ['vsf'],
    'application/vnd.wap.wbxml': ['wbxml'],
    'application/vnd.wap.wmlc': ['wmlc'],
    'application/vnd.wap.wmlscriptc': ['wmlsc'],
    'application/vnd.webturbo': ['wtb'],
    'application/vnd.wolfram.player': ['nbp'],
    'application/vnd.wordperfect': ['wpd'],
    'application/vnd.wqd': ['wqd'],
    'application/vnd.wt.stf': ['stf'],
    'application/vnd.xara': ['xar'],
    'application/vnd.xfdl': ['xfdl'],
    'application/vnd.yamaha.hv-dic': ['hvd'],
    'application/vnd.yamaha.hv-script': ['hvs'],
    'application/vnd.yamaha.hv-voice': ['hvp'],
    'application/vnd.yamaha.openscoreformat': ['osf'],
    'application/vnd.yamaha.openscoreformat.osfpvg+xml': ['osfpvg'],
    'application/vnd.yamaha.smaf-audio': ['saf'],
    'application/vnd.yamaha.smaf-phrase': ['spf'],
    'application/vnd.yellowriver-custom-menu': ['cmp'],
    'application/vnd.zul': ['zir', 'zirz'],
    'application/vnd.zzazz.deck+xml': ['zaz'],
    'application/x-7z-compressed': ['7z'],
    'application/x-abiword': ['abw'],
    'application/x-ace-compressed': ['ace'],
    'application/x-apple-diskimage': ['*dmg'],
    'application/x-arj': ['arj'],
    'application/x-authorware-bin': ['aab', 'x32', 'u32', 'vox'],
    'application/x-authorware-map': ['aam'],
    'application/x-authorware-seg': ['aas'],
    'application/x-bcpio': ['bcpio'],
    'application/x-bdoc': ['*bdoc'],
    'application/x-bittorrent': ['torrent'],
    'application/x-blender': ['blend'],
    'application/x-blorb': ['blb', 'blorb'],
    'application/x-bzip': ['bz'],
    'application/x-bzip2': ['bz2', 'boz'],
    'application/x-cbr': ['cbr', 'cba', 'cbt', 'cbz', 'cb7'],
    'application/x-cdlink': ['vcd'],
    'application/x-cfs-compressed': ['cfs'],
    'application/x-chat': ['chat'],
    'application/x-chess-pgn': ['pgn'],
    'application/x-chrome-extension': ['crx'],
    'application/x-cocoa': ['cco'],
    'application/x-compressed': ['*rar'],
    'application/x-conference': ['nsc'],
    'application/x-cpio': ['cpio'],
    'application/x-csh': ['csh'],
    'application/x-debian-package': ['*deb', 'udeb'],
    'application/x-dgc-compressed': ['dgc'],
    'application/x-director': [
        'dir',
        'dcr',
        'dxr',
        'cst',
        'cct',
        'cxt',
        'w3d',
        'fgd',
        'swa',
    ],
    'application/x-doom': ['wad'],
    'application/x-dtbncx+xml': ['ncx'],
    'application/x-dtbook+xml': ['dtb'],
    'application/x-dtbresource+xml': ['res'],
    'application/x-dvi': ['dvi'],
    'application/x-envoy': ['evy'],
    'application/x-eva': ['eva'],
    'application/x-font-bdf': ['bdf'],
    'application/x-font-ghostscript': ['gsf'],
    'application/x-font-linux-psf': ['psf'],
    'application/x-font-pcf': ['pcf'],
    'application/x-font-snf': ['snf'],
    'application/x-font-type1': ['pfa', 'pfb', 'pfm', 'afm'],
    'application/x-freearc': ['arc'],
    'application/x-futuresplash': ['spl'],
    'application/x-gca-compressed': ['gca'],
    'application/x-glulx': ['ulx'],
    'application/x-gnumeric': ['gnumeric'],
    'application/x-gramps-xml': ['gramps'],
    'application/x-gtar': ['gtar'],
    'application/x-hdf': ['hdf'],
    'application/x-httpd-php': ['php'],
    'application/x-install-instructions': ['install'],
    'application/x-ipynb+json': ['ipynb'],
    'application/x-iso9660-image': ['*iso'],
    'application/x-iwork-keynote-sffkey': ['*key'],
    'application/x-iwork-numbers-sffnumbers': ['*numbers'],
    'application/x-iwork-pages-sffpages': ['*pages'],
    'application/x-java-archive-diff': ['jardiff'],
    'application/x-java-jnlp-file': ['jnlp'],
    'application/x-keepass2': ['kdbx'],
    'application/x-latex': ['latex'],
    'application/x-lua-bytecode': ['luac'],
    'application/x-lzh-compressed': ['lzh', 'lha'],
    'application/x-makeself': ['run'],
    'application/x-mie': ['mie'],
    'application/x-mobipocket-ebook': ['*prc', 'mobi'],
    'application/x-ms-application': ['application'],
    'application/x-ms-shortcut': ['lnk'],
    'application/x-ms-wmd': ['wmd'],
    'application/x-ms-wmz': ['wmz'],
    'application/x-ms-xbap': ['xbap'],
    'application/x-msaccess': ['mdb'],
    'application/x-msbinder': ['obd'],
    'application/x-mscardfile': ['crd'],
    'application/x-msclip': ['clp'],
    'application/x-msdos-program': ['*exe'],
    'application/x-msdownload': ['*exe', '*dll', 'com', 'bat', '*msi'],
    'application/x-msmediaview': ['mvb', 'm13', 'm14'],
    'application/x-msmetafile': ['*wmf', '*wmz', '*emf', 'emz'],
    'application/x-msmoney': ['mny'],
    'application/x-mspublisher': ['pub'],
    'application/x-msschedule': ['scd'],
    'application/x-msterminal': ['trm'],
    'application/x-mswrite': ['wri'],
    'application/x-netcdf': ['nc', 'cdf'],
    'application/x-ns-proxy-autoconfig': ['pac'],
    'application/x-nzb': ['nzb'],
    'application/x-perl': ['pl', 'pm'],
    'application/x-pilot': ['*prc', '*pdb'],
    'application/x-pkcs12': ['p12', 'pfx'],
    'application/x-pkcs7-certificates': ['p7b', 'spc'],
    'application/x-pkcs7-certreqresp': ['p7r'],
    'application/x-rar-compressed': ['*rar'],
    'application/x-redhat-package-manager': ['rpm'],
    'application/x-research-info-systems': ['ris'],
    'application/x-sea': ['sea'],
    'application/x-sh': ['sh'],
    'application/x-shar': ['shar'],
    'application/x-shockwave-flash': ['swf'],
    'application/x-silverlight-app': ['xap'],
    'application/x-sql': ['*sql'],
    'application/x-stuffit': ['sit'],
    'application/x-stuffitx': ['sitx'],
    'application/x-subrip': ['srt'],
    'application/x-sv4cpio': ['sv4cpio'],
    'application/x-sv4crc': ['sv4crc'],
    'application/x-t3vm-image': ['t3'],
    'application/x-tads': ['gam'],
    'application/x-tar': ['tar'],
    'application/x-tcl': ['tcl', 'tk'],
    'application/x-tex': ['tex'],
    'application/x-tex-tfm': ['tfm'],
    'application/x-texinfo': ['texinfo', 'texi'],
    'application/x-tgif': ['*obj'],
    'application/x-ustar': ['ustar'],
    'application/x-virtualbox-hdd': ['hdd'],
    'application/x-virtualbox-ova': ['ova'],
    'application/x-virtualbox-ovf': ['ovf'],
    'application/x-virtualbox-vbox': ['vbox'],
    'application/x-virtualbox-vbox-extpack': ['vbox-extpack'],
    'application/x-virtualbox-vdi': ['vdi'],
    'application/x-virtualbox-vhd': ['vhd'],
    'application/x-virtualbox-vmdk': ['vmdk'],
    'application/x-wais-source': ['src'],
    'application/x-web-app-manifest+json': ['webapp'],
    'application/x-x509-ca-cert': ['der', 'crt', 'pem'],
    'application/x-xfig': ['fig'],
    'application/x-xliff+xml': ['*xlf'],
    'application/x-xpinstall': ['xpi'],
    'application/x-xz': ['xz'],
    'application/x-zip-compressed': ['*zip'],
    'application/x-zmachine': ['z1', 'z2', 'z3', 'z4', 'z5', 'z6', 'z7', 'z8'],
    'audio/vnd.dece.audio': ['uva', 'uvva'],
    'audio/vnd.digital-winds': ['eol'],
    'audio/vnd.dra': ['dra'],
    'audio/vnd.dts': ['dts'],
    'audio/vnd.dts.hd': ['dtshd'],
    'audio/vnd.lucent.voice': ['lvp'],
    'audio/vnd.ms-playready.media.pya': ['pya'],
    'audio/vnd.nuera.ecelp4800': ['ecelp4800'],
    'audio/vnd.nuera.ecelp7470': ['ecelp7470'],
    'audio/vnd.nuera.ecelp9600': ['ecelp9600'],
    'audio/vnd.rip': ['rip'],
    'audio/x-aac': ['*aac'],
    'audio/x-aiff': ['aif', 'aiff', 'aifc'],
    'audio/x-caf': ['caf'],
    'audio/x-flac': ['flac'],
    'audio/x-m4a': ['*m4a'],
    'audio/x-matroska': ['mka'],
    'audio/x-mpegurl': ['m3u'],
    'audio/x-ms-wax': ['wax'],
    'audio/x-ms-wma': ['wma'],
    'audio/x-pn-realaudio': ['ram', 'ra'],
    'audio/x-pn-realaudio-plugin': ['rmp'],
    'audio/x-realaudio': ['*ra'],
    'audio/x-wav': ['*wav'],
    'chemical/x-cdx': ['cdx'],
    'chemical/x-cif': ['cif'],
    'chemical/x-cmdf': ['cmdf'],
    'chemical/x-cml': ['cml'],
    'chemical/x-csml': ['csml'],
    'chemical/x-xyz': ['xyz'],
    'image/prs.btif': ['btif', 'btf'],
    'image/prs.pti': ['pti'],
    'image/vnd.adobe.photoshop': ['psd'],
    'image/vnd.airzip.accelerator.azv': ['azv'],
    'image/vnd.blockfact.facti': ['facti'],
    'image/vnd.dece.graphic': ['uvi', 'uvvi', 'uvg', 'uvvg'],
    'image/vnd.djvu': ['djvu', 'djv'],
    'image/vnd.dvb.subtitle': ['*sub'],
    'image/vnd.dwg': ['dwg'],
    'image/vnd.dxf': ['dxf'],
    'image/vnd.fastbidsheet': ['fbs'],
    'image/vnd.fpx': ['fpx'],
    'image/vnd.fst': ['fst'],
    'image/vnd.fujixerox.edmics-mmr': ['mmr'],
    'image/vnd.fujixerox.edmics-rlc': ['rlc'],
    'image/vnd.microsoft.icon': ['ico'],
    'image/vnd.ms-dds': ['dds'],
    'image/vnd.ms-modi': ['mdi'],
    'image/vnd.ms-photo': ['wdp'],
    'image/vnd.net-fpx': ['npx'],
    'image/vnd.pco.b16': ['b16'],
    'image/vnd.tencent.tap': ['tap'],
    'image/vnd.valve.source.texture': ['vtf'],
    'image/vnd.wap.wbmp': ['wbmp'],
    'image/vnd.xiff': ['xif'],
    'image/vnd.zbrush.pcx': ['pcx'],
    'image/x-3ds': ['3ds'],
    'image/x-adobe-dng': ['dng'],
    'image/x-cmu-raster': ['ras'],
    'image/x-cmx': ['cmx'],
    'image/x-freehand': ['fh', 'fhc', 'fh4', 'fh5', 'fh7'],
    'image/x-icon': ['*ico'],
    'image/x-jng': ['jng'],
    'image/x-mrsid-image': ['sid'],
    'image/x-ms-bmp': ['*bmp'],
    'image/x-pcx': ['*pcx'],
    'image/x-pict': ['pic', 'pct'],
    'image/x-portable-anymap': ['pnm'],
    'image/x-portable-bitmap': ['pbm'],
    'image/x-portable-graymap': ['pgm'],
    'image/x-portable-pixmap': ['ppm'],
    'image/x-rgb': ['rgb'],
    'image/x-tga': ['tga'],
    'image/x-xbitmap': ['xbm'],
    'image/x-xpixmap': ['xpm'],
    'image/x-xwindowdump': ['xwd'],
    'message/vnd.wfa.wsc': ['wsc'],
    'model/vnd.bary': ['bary'],
    'model/vnd.cld': ['cld'],
    'model/vnd.collada+xml': ['dae'],
    'model/vnd.dwf': ['dwf'],
    'model/vnd.gdl': ['gdl'],
    'model/vnd.gtw': ['gtw'],
    'model/vnd.mts': ['*mts'],
    'model/vnd.opengex': ['ogex'],
    'model/vnd.parasolid.transmit.binary': ['x_b'],
    'model/vnd.parasolid.transmit.text': ['x_t'],
    'model/vnd.pytha.pyox': ['pyo', 'pyox'],
    'model/vnd.sap.vds': ['vds'],
    'model/vnd.usda': ['usda'],
    'model/vnd.usdz+zip': ['usdz'],
    'model/vnd.valve.source.compiled-map': ['bsp'],
    'model/vnd.vtu': ['vtu'],
    'text/prs.lines.tag': ['dsc'],
    'text/vnd.curl': ['curl'],
    'text/vnd.curl.dcurl': ['dcurl'],
    'text/vnd.curl.mcurl': ['mcurl'],
    'text/vnd.curl.scurl': ['scurl'],
    'text/vnd.dvb.subtitle': ['sub'],
    'text/vnd.familysearch.gedcom': ['ged'],
    'text/vnd.fly': ['fly'],
    'text/vnd.fmi.flexstor': ['flx'],
    'text/vnd.graphviz': ['gv'],
    'text/vnd.in3d.3dml': ['3dml'],
    'text/vnd.in3d.spot': ['spot'],
    'text/vnd.sun.j2me.app-descriptor': ['jad'],
    'text/vnd.wap.wml': ['wml'],
    'text/vnd.wap.wmlscript': ['wmls'],
    'text/x-asm': ['s', 'asm'],
    'text/x-c': ['c', 'cc', 'cxx', 'cpp', 'h', 'hh', 'dic'],
    'text/x-component': ['htc'],
    'text/x-fortran': ['f', 'for', 'f77', 'f90'],
    'text/x-handlebars-template': ['hbs'],
    'text/x-java-source': ['java'],
    'text/x-lua': ['lua'],
    'text/x-markdown': ['mkd'],
    'text/x-nfo': ['nfo'],
    'text/x-opml': ['opml'],
    'text/x-org': ['*org'],
    'text/x-pascal': ['p', 'pas'],
    'text/x-processing': ['pde'],
    'text/x-sass': ['sass'],
    'text/x-scss': ['scss'],
    'text/x-setext': ['etx'],
    'text/x-sfv': ['sfv'],
    'text/x-suse-ymp': ['ymp'],
    'text/x-uuencode': ['uu'],
    'text/x-vcalendar': ['vcs'],
    'text/x-vcard': ['vcf'],
    'video/vnd.dece.hd': ['uvh', 'uvvh'],
    'video/vnd.dece.mobile': ['uvm', 'uvvm'],
    'video/vnd.dece.pd': ['uvp', 'uvvp'],
    'video/vnd.dece.sd': ['uvs', 'uvvs'],
    'video/vnd.dece.video': ['uvv', 'uvvv'],
    'video/vnd.dvb.file': ['dvb'],
    'video/vnd.fvt': ['fvt'],
    'video/vnd.mpegurl': ['mxu', 'm4u'],
    'video/vnd.ms-playready.media.pyv': ['pyv'],
    'video/vnd.uvvu.mp4': ['uvu', 'uvvu'],
    'video/vnd.vivo': ['viv'],
    'video/x-f4v': ['f4v'],
    'video/x-fli': ['fli'],
    'video/x-flv': ['flv'],
    'video/x-m4v': ['m4v'],
    'video/x-matroska': ['mkv', 'mk3d', 'mks'],
    'video/x-mng': ['mng'],
    'video/x-ms-asf': ['asf', 'asx'],
    'video/x-ms-vob': ['vob'],
    'video/x-ms-wm': ['wm'],
    'video/x-ms-wmv': ['wmv'],
    'video/x-ms-wmx': ['wmx'],
    'video/x-ms-wvx': ['wvx'],
    'video/x-msvideo': ['avi'],
    'video/x-sgi-movie': ['movie'],
    'video/x-smv': ['smv'],
    'x-conference/x-cooltalk': ['ice'],
};
Object.freeze(types);
/* harmony default export */ const other = (types);

;// CONCATENATED MODULE: ./node_modules/mime/dist/types/standard.js
const standard_types = {
    'application/andrew-inset': ['ez'],
    'application/appinstaller': ['appinstaller'],
    'application/applixware': ['aw'],
    'application/appx': ['appx'],
    'application/appxbundle': ['appxbundle'],
    'application/atom+xml': ['atom'],
    'application/atomcat+xml': ['atomcat'],
    'application/atomdeleted+xml': ['atomdeleted'],
    'application/atomsvc+xml': ['atomsvc'],
    'application/atsc-dwd+xml': ['dwd'],
    'application/atsc-held+xml': ['held'],
    'application/atsc-rsat+xml': ['rsat'],
    'application/automationml-aml+xml': ['aml'],
    'application/automationml-amlx+zip': ['amlx'],
    'application/bdoc': ['bdoc'],
    'application/calendar+xml': ['xcs'],
    'application/ccxml+xml': ['ccxml'],
    'application/cdfx+xml': ['cdfx'],
    'application/cdmi-capability': ['cdmia'],
    'application/cdmi-container': ['cdmic'],
    'application/cdmi-domain': ['cdmid'],
    'application/cdmi-object': ['cdmio'],
    'application/cdmi-queue': ['cdmiq'],
    'application/cpl+xml': ['cpl'],
    'application/cu-seeme': ['cu'],
    'application/cwl': ['cwl'],
    'application/dash+xml': ['mpd'],
    'application/dash-patch+xml': ['mpp'],
    'application/davmount+xml': ['davmount'],
    'application/dicom': ['dcm'],
    'application/docbook+xml': ['dbk'],
    'application/dssc+der': ['dssc'],
    'application/dssc+xml': ['xdssc'],
    'application/ecmascript': ['ecma'],
    'application/emma+xml': ['emma'],
    'application/emotionml+xml': ['emotionml'],
    'application/epub+zip': ['epub'],
    'application/exi': ['exi'],
    'application/express': ['exp'],
    'application/fdf': ['fdf'],
    'application/fdt+xml': ['fdt'],
    'application/font-tdpfr': ['pfr'],
    'application/geo+json': ['geojson'],
    'application/gml+xml': ['gml'],
    'application/gpx+xml': ['gpx'],
    'application/gxf': ['gxf'],
    'application/gzip': ['gz'],
    'application/hjson': ['hjson'],
    'application/hyperstudio': ['stk'],
    'application/inkml+xml': ['ink', 'inkml'],
    'application/ipfix': ['ipfix'],
    'application/its+xml': ['its'],
    'application/java-archive': ['jar', 'war', 'ear'],
    'application/java-serialized-object': ['ser'],
    'application/java-vm': ['class'],
    'application/javascript': ['*js'],
    'application/json': ['json', 'map'],
    'application/json5': ['json5'],
    'application/jsonml+json': ['jsonml'],
    'application/ld+json': ['jsonld'],
    'application/lgr+xml': ['lgr'],
    'application/lost+xml': ['lostxml'],
    'application/mac-binhex40': ['hqx'],
    'application/mac-compactpro': ['cpt'],
    'application/mads+xml': ['mads'],
    'application/manifest+json': ['webmanifest'],
    'application/marc': ['mrc'],
    'application/marcxml+xml': ['mrcx'],
    'application/mathematica': ['ma', 'nb', 'mb'],
    'application/mathml+xml': ['mathml'],
    'application/mbox': ['mbox'],
    'application/media-policy-dataset+xml': ['mpf'],
    'application/mediaservercontrol+xml': ['mscml'],
    'application/metalink+xml': ['metalink'],
    'application/metalink4+xml': ['meta4'],
    'application/mets+xml': ['mets'],
    'application/mmt-aei+xml': ['maei'],
    'application/mmt-usd+xml': ['musd'],
    'application/mods+xml': ['mods'],
    'application/mp21': ['m21', 'mp21'],
    'application/mp4': ['*mp4', '*mpg4', 'mp4s', 'm4p'],
    'application/msix': ['msix'],
    'application/msixbundle': ['msixbundle'],
    'application/msword': ['doc', 'dot'],
    'application/mxf': ['mxf'],
    'application/n-quads': ['nq'],
    'application/n-triples': ['nt'],
    'application/node': ['cjs'],
    'application/octet-stream': [
        'bin',
        'dms',
        'lrf',
        'mar',
        'so',
        'dist',
        'distz',
        'pkg',
        'bpk',
        'dump',
        'elc',
        'deploy',
        'exe',
        'dll',
        'deb',
        'dmg',
        'iso',
        'img',
        'msi',
        'msp',
        'msm',
        'buffer',
    ],
    'application/oda': ['oda'],
    'application/oebps-package+xml': ['opf'],
    'application/ogg': ['ogx'],
    'application/omdoc+xml': ['omdoc'],
    'application/onenote': [
        'onetoc',
        'onetoc2',
        'onetmp',
        'onepkg',
        'one',
        'onea',
    ],
    'application/oxps': ['oxps'],
    'application/p2p-overlay+xml': ['relo'],
    'application/patch-ops-error+xml': ['xer'],
    'application/pdf': ['pdf'],
    'application/pgp-encrypted': ['pgp'],
    'application/pgp-keys': ['asc'],
    'application/pgp-signature': ['sig', '*asc'],
    'application/pics-rules': ['prf'],
    'application/pkcs10': ['p10'],
    'application/pkcs7-mime': ['p7m', 'p7c'],
    'application/pkcs7-signature': ['p7s'],
    'application/pkcs8': ['p8'],
    'application/pkix-attr-cert': ['ac'],
    'application/pkix-cert': ['cer'],
    'application/pkix-crl': ['crl'],
    'application/pkix-pkipath': ['pkipath'],
    'application/pkixcmp': ['pki'],
    'application/pls+xml': ['pls'],
    'application/postscript': ['ai', 'eps', 'ps'],
    'application/provenance+xml': ['provx'],
    'application/pskc+xml': ['pskcxml'],
    'application/raml+yaml': ['raml'],
    'application/rdf+xml': ['rdf', 'owl'],
    'application/reginfo+xml': ['rif'],
    'application/relax-ng-compact-syntax': ['rnc'],
    'application/resource-lists+xml': ['rl'],
    'application/resource-lists-diff+xml': ['rld'],
    'application/rls-services+xml': ['rs'],
    'application/route-apd+xml': ['rapd'],
    'application/route-s-tsid+xml': ['sls'],
    'application/route-usd+xml': ['rusd'],
    'application/rpki-ghostbusters': ['gbr'],
    'application/rpki-manifest': ['mft'],
    'application/rpki-roa': ['roa'],
    'application/rsd+xml': ['rsd'],
    'application/rss+xml': ['rss'],
    'application/rtf': ['rtf'],
    'application/sbml+xml': ['sbml'],
    'application/scvp-cv-request': ['scq'],
    'application/scvp-cv-response': ['scs'],
    'application/scvp-vp-request': ['spq'],
    'application/scvp-vp-response': ['spp'],
    'application/sdp': ['sdp'],
    'application/senml+xml': ['senmlx'],
    'application/sensml+xml': ['sensmlx'],
    'application/set-payment-initiation': ['setpay'],
    'application/set-registration-initiation': ['setreg'],
    'application/shf+xml': ['shf'],
    'application/sieve': ['siv', 'sieve'],
    'application/smil+xml': ['smi', 'smil'],
    'application/sparql-query': ['rq'],
    'application/sparql-results+xml': ['srx'],
    'application/sql': ['sql'],
    'application/srgs': ['gram'],
    'application/srgs+xml': ['grxml'],
    'application/sru+xml': ['sru'],
    'application/ssdl+xml': ['ssdl'],
    'application/ssml+xml': ['ssml'],
    'application/swid+xml': ['swidtag'],
    'application/tei+xml': ['tei', 'teicorpus'],
    'application/thraud+xml': ['tfi'],
    'application/timestamped-data': ['tsd'],
    'application/toml': ['toml'],
    'application/trig': ['trig'],
    'application/ttml+xml': ['ttml'],
    'application/ubjson': ['ubj'],
    'application/urc-ressheet+xml': ['rsheet'],
    'application/urc-targetdesc+xml': ['td'],
    'application/voicexml+xml': ['vxml'],
    'application/wasm': ['wasm'],
    'application/watcherinfo+xml': ['wif'],
    'application/widget': ['wgt'],
    'application/winhlp': ['hlp'],
    'application/wsdl+xml': ['wsdl'],
    'application/wspolicy+xml': ['wspolicy'],
    'application/xaml+xml': ['xaml'],
    'application/xcap-att+xml': ['xav'],
    'application/xcap-caps+xml': ['xca'],
    'application/xcap-diff+xml': ['xdf'],
    'application/xcap-el+xml': ['xel'],
    'application/xcap-ns+xml': ['xns'],
    'application/xenc+xml': ['xenc'],
    'application/xfdf': ['xfdf'],
    'application/xhtml+xml': ['xhtml', 'xht'],
    'application/xliff+xml': ['xlf'],
    'application/xml': ['xml', 'xsl', 'xsd', 'rng'],
    'application/xml-dtd': ['dtd'],
    'application/xop+xml': ['xop'],
    'application/xproc+xml': ['xpl'],
    'application/xslt+xml': ['*xsl', 'xslt'],
    'application/xspf+xml': ['xspf'],
    'application/xv+xml': ['mxml', 'xhvml', 'xvml', 'xvm'],
    'application/yang': ['yang'],
    'application/yin+xml': ['yin'],
    'application/zip': ['zip'],
    'application/zip+dotlottie': ['lottie'],
    'audio/3gpp': ['*3gpp'],
    'audio/aac': ['adts', 'aac'],
    'audio/adpcm': ['adp'],
    'audio/amr': ['amr'],
    'audio/basic': ['au', 'snd'],
    'audio/midi': ['mid', 'midi', 'kar', 'rmi'],
    'audio/mobile-xmf': ['mxmf'],
    'audio/mp3': ['*mp3'],
    'audio/mp4': ['m4a', 'mp4a', 'm4b'],
    'audio/mpeg': ['mpga', 'mp2', 'mp2a', 'mp3', 'm2a', 'm3a'],
    'audio/ogg': ['oga', 'ogg', 'spx', 'opus'],
    'audio/s3m': ['s3m'],
    'audio/silk': ['sil'],
    'audio/wav': ['wav'],
    'audio/wave': ['*wav'],
    'audio/webm': ['weba'],
    'audio/xm': ['xm'],
    'font/collection': ['ttc'],
    'font/otf': ['otf'],
    'font/ttf': ['ttf'],
    'font/woff': ['woff'],
    'font/woff2': ['woff2'],
    'image/aces': ['exr'],
    'image/apng': ['apng'],
    'image/avci': ['avci'],
    'image/avcs': ['avcs'],
    'image/avif': ['avif'],
    'image/bmp': ['bmp', 'dib'],
    'image/cgm': ['cgm'],
    'image/dicom-rle': ['drle'],
    'image/dpx': ['dpx'],
    'image/emf': ['emf'],
    'image/fits': ['fits'],
    'image/g3fax': ['g3'],
    'image/gif': ['gif'],
    'image/heic': ['heic'],
    'image/heic-sequence': ['heics'],
    'image/heif': ['heif'],
    'image/heif-sequence': ['heifs'],
    'image/hej2k': ['hej2'],
    'image/ief': ['ief'],
    'image/jaii': ['jaii'],
    'image/jais': ['jais'],
    'image/jls': ['jls'],
    'image/jp2': ['jp2', 'jpg2'],
    'image/jpeg': ['jpg', 'jpeg', 'jpe'],
    'image/jph': ['jph'],
    'image/jphc': ['jhc'],
    'image/jpm': ['jpm', 'jpgm'],
    'image/jpx': ['jpx', 'jpf'],
    'image/jxl': ['jxl'],
    'image/jxr': ['jxr'],
    'image/jxra': ['jxra'],
    'image/jxrs': ['jxrs'],
    'image/jxs': ['jxs'],
    'image/jxsc': ['jxsc'],
    'image/jxsi': ['jxsi'],
    'image/jxss': ['jxss'],
    'image/ktx': ['ktx'],
    'image/ktx2': ['ktx2'],
    'image/pjpeg': ['jfif'],
    'image/png': ['png'],
    'image/sgi': ['sgi'],
    'image/svg+xml': ['svg', 'svgz'],
    'image/t38': ['t38'],
    'image/tiff': ['tif', 'tiff'],
    'image/tiff-fx': ['tfx'],
    'image/webp': ['webp'],
    'image/wmf': ['wmf'],
    'message/disposition-notification': ['disposition-notification'],
    'message/global': ['u8msg'],
    'message/global-delivery-status': ['u8dsn'],
    'message/global-disposition-notification': ['u8mdn'],
    'message/global-headers': ['u8hdr'],
    'message/rfc822': ['eml', 'mime', 'mht', 'mhtml'],
    'model/3mf': ['3mf'],
    'model/gltf+json': ['gltf'],
    'model/gltf-binary': ['glb'],
    'model/iges': ['igs', 'iges'],
    'model/jt': ['jt'],
    'model/mesh': ['msh', 'mesh', 'silo'],
    'model/mtl': ['mtl'],
    'model/obj': ['obj'],
    'model/prc': ['prc'],
    'model/step': ['step', 'stp', 'stpnc', 'p21', '210'],
    'model/step+xml': ['stpx'],
    'model/step+zip': ['stpz'],
    'model/step-xml+zip': ['stpxz'],
    'model/stl': ['stl'],
    'model/u3d': ['u3d'],
    'model/vrml': ['wrl', 'vrml'],
    'model/x3d+binary': ['*x3db', 'x3dbz'],
    'model/x3d+fastinfoset': ['x3db'],
    'model/x3d+vrml': ['*x3dv', 'x3dvz'],
    'model/x3d+xml': ['x3d', 'x3dz'],
    'model/x3d-vrml': ['x3dv'],
    'text/cache-manifest': ['appcache', 'manifest'],
    'text/calendar': ['ics', 'ifb'],
    'text/coffeescript': ['coffee', 'litcoffee'],
    'text/css': ['css'],
    'text/csv': ['csv'],
    'text/html': ['html', 'htm', 'shtml'],
    'text/jade': ['jade'],
    'text/javascript': ['js', 'mjs'],
    'text/jsx': ['jsx'],
    'text/less': ['less'],
    'text/markdown': ['md', 'markdown'],
    'text/mathml': ['mml'],
    'text/mdx': ['mdx'],
    'text/n3': ['n3'],
    'text/plain': ['txt', 'text', 'conf', 'def', 'list', 'log', 'in', 'ini'],
    'text/richtext': ['rtx'],
    'text/rtf': ['*rtf'],
    'text/sgml': ['sgml', 'sgm'],
    'text/shex': ['shex'],
    'text/slim': ['slim', 'slm'],
    'text/spdx': ['spdx'],
    'text/stylus': ['stylus', 'styl'],
    'text/tab-separated-values': ['tsv'],
    'text/troff': ['t', 'tr', 'roff', 'man', 'me', 'ms'],
    'text/turtle': ['ttl'],
    'text/uri-list': ['uri', 'uris', 'urls'],
    'text/vcard': ['vcard'],
    'text/vtt': ['vtt'],
    'text/wgsl': ['wgsl'],
    'text/xml': ['*xml'],
    'text/yaml': ['yaml', 'yml'],
    'video/3gpp': ['3gp', '3gpp'],
    'video/3gpp2': ['3g2'],
    'video/h261': ['h261'],
    'video/h263': ['h263'],
    'video/h264': ['h264'],
    'video/iso.segment': ['m4s'],
    'video/jpeg': ['jpgv'],
    'video/jpm': ['*jpm', '*jpgm'],
    'video/mj2': ['mj2', 'mjp2'],
    'video/mp2t': ['ts', 'm2t', 'm2ts', 'mts'],
    'video/mp4': ['mp4', 'mp4v', 'mpg4'],
    'video/mpeg': ['mpeg', 'mpg', 'mpe', 'm1v', 'm2v'],
    'video/ogg': ['ogv'],
    'video/quicktime': ['qt', 'mov'],
    'video/webm': ['webm'],
};
Object.freeze(standard_types);
/* harmony default export */ const standard = (standard_types);

;// CONCATENATED MODULE: ./node_modules/mime/dist/src/Mime.js
var __classPrivateFieldGet = (undefined && undefined.__classPrivateFieldGet) || function (receiver, state, kind, f) {
    if (kind === "a" && !f) throw new TypeError("Private accessor was defined without a getter");
    if (typeof state === "function" ? receiver !== state || !f : !state.has(receiver)) throw new TypeError("Cannot read private member from an object whose class did not declare it");
    return kind === "m" ? f : kind === "a" ? f.call(receiver) : f ? f.value : state.get(receiver);
};
var _Mime_extensionToType, _Mime_typeToExtension, _Mime_typeToExtensions;
class Mime {
    constructor(...args) {
        _Mime_extensionToType.set(this, new Map());
        _Mime_typeToExtension.set(this, new Map());
        _Mime_typeToExtensions.set(this, new Map());
        for (const arg of args) {
            this.define(arg);
        }
    }
    define(typeMap, force = false) {
        for (let [type, extensions] of Object.entries(typeMap)) {
            type = type.toLowerCase();
            extensions = extensions.map((ext) => ext.toLowerCase());
            let allExtensions = __classPrivateFieldGet(this, _Mime_typeToExtensions, "f").get(type);
            if (!allExtensions) {
                allExtensions = new Set();
                __classPrivateFieldGet(this, _Mime_typeToExtensions, "f").set(type, allExtensions);
            }
            let first = true;
            for (let extension of extensions) {
                const starred = extension.startsWith('*');
                extension = starred ? extension.slice(1) : extension;
                allExtensions.add(extension);
                if (first) {
                    __classPrivateFieldGet(this, _Mime_typeToExtension, "f").set(type, extension);
                }
                first = false;
                if (starred)
                    continue;
                const currentType = __classPrivateFieldGet(this, _Mime_extensionToType, "f").get(extension);
                if (currentType && currentType != type && !force) {
                    throw new Error(`"${type} -> ${extension}" conflicts with "${currentType} -> ${extension}". Pass \`force=true\` to override this definition.`);
                }
                __classPrivateFieldGet(this, _Mime_extensionToType, "f").set(extension, type);
            }
        }
        return this;
    }
    getType(path) {
        if (typeof path !== 'string')
            return null;
        const last = path.replace(/^.*[/\\]/s, '').toLowerCase();
        const ext = last.replace(/^.*\./s, '').toLowerCase();
        const hasPath = last.length < path.length;
        const hasDot = ext.length < last.length - 1;
        if (!hasDot && hasPath)
            return null;
        return __classPrivateFieldGet(this, _Mime_extensionToType, "f").get(ext) ?? null;
    }
    getExtension(type) {
        if (typeof type !== 'string')
            return null;
        type = type?.split?.(';')[0];
        return ((type && __classPrivateFieldGet(this, _Mime_typeToExtension, "f").get(type.trim().toLowerCase())) ?? null);
    }
    getAllExtensions(type) {
        if (typeof type !== 'string')
            return null;
        type = type.split(';')[0].trim().toLowerCase();
        const extensions = __classPrivateFieldGet(this, _Mime_typeToExtensions, "f").get(type);
        return extensions ? new Set(extensions) : null;
    }
    _freeze() {
        this.define = () => {
            throw new Error('define() not allowed for built-in Mime objects. See https://github.com/broofa/mime/blob/main/README.md#custom-mime-instances');
        };
        Object.freeze(this);
        return this;
    }
    _getTestState() {
        return {
            types: __classPrivateFieldGet(this, _Mime_extensionToType, "f"),
            extensions: __classPrivateFieldGet(this, _Mime_typeToExtension, "f"),
        };
    }
}
_Mime_extensionToType = new WeakMap(), _Mime_typeToExtension = new WeakMap(), _Mime_typeToExtensions = new WeakMap();
/* harmony default export */ const src_Mime = (Mime);

;// CONCATENATED MODULE: ./node_modules/mime/dist/src/index.js




/* harmony default export */ const src = (new src_Mime(standard, other)._freeze());

;// CONCATENATED MODULE: ./lib/plan/steps.js




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
        return skip('deleted', "git has it no more; imgix's API can't delete it from the bucket");
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
        absolutePath: file.absolutePath,
        originPath,
        change,
        bytes: file.bytes,
        identity: file.identity,
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
    return contentTypes(path) ?? FURTHER_TYPES.get(extension) ?? src.getType(extension) ?? 'application/octet-stream';
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
function stepAfter({ path, originPath, attributes }, record, hasRecord) {
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

;// CONCATENATED MODULE: ./lib/plan/plan.js





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

;// CONCATENATED MODULE: ./lib/plan/refusals.js



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
    const refreshes = workOf(plan).calls.filter(({ call }) => call === 'refresh').length;
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

;// CONCATENATED MODULE: ./lib/plan/make-plan.js








/** Decides what to do, and changes nothing.
 *  @throws ImgixError, InputError if the Source can't accept the plan */
async function makePlan(planning) {
    const { inputs, api, selection, metadata, emit } = planning;
    const { changes, files, touched } = selection;
    const source = needsSource(changes, inputs) ? await readSource(api, planning.signal) : undefined;
    if (source?.signing?.token !== undefined)
        planning.hide(source.signing.token);
    if (source !== undefined)
        emit({ kind: 'source', source: { type: source.type, domains: source.domains } });
    if (source?.leftOut !== undefined && inputs.domains.length === 0)
        emit({ kind: 'note', level: 'warning', text: leftOutLine(source) });
    const listing = await make_plan_compare(planning);
    const draft = planRun(changes, files, { inputs, source, listing, metadata, touched });
    emit({ kind: 'drafted', plan: draft });
    const plan = await guardPlan(draft, source, planning);
    const forecast = (work) => forecastSeconds(work, inputs.rateLimits);
    emit({ kind: 'planned', plan, seconds: forecast(workOf(plan)), forecast });
    if (inputs.mode === 'all' && inputs.selectsFiles && inputs.shard.count === 1) {
        const paths = changes.files.map(({ path }) => path.slice(changes.rootPath.length));
        emit({ kind: 'idle-patterns', patterns: (0,inputs_metadata/* idlePatterns */.YP)(metadata, paths) });
    }
    const isBlind = inputs.apiKey === '' || inputs.sourceId === '';
    if (inputs.dryRun && isBlind && inputs.domains.length === 0)
        emit({ kind: 'note', level: 'info', text: 'no domains are known, so the URLs to purge are not listed' });
    const refusals = findRefusals(plan, source, inputs);
    if (refusals.length > 0)
        throw new InputError(refusals);
    return { plan, source };
}
/** @returns undefined if nothing is compared, or the key lacks the permission to list assets */
async function make_plan_compare({ inputs, api, selection, metadata, signal, emit, explain, }) {
    if (inputs.mode !== 'all' || !inputs.upload || !inputs.selectsFiles)
        return undefined;
    if (inputs.apiKey === '' || inputs.sourceId === '') {
        const text = 'without api-key and source-id nothing is compared with the Source, so every file is taken';
        emit({ kind: 'note', level: 'info', text });
        return undefined;
    }
    const found = await compareWithSource(api, selection, {
        inputs,
        withAttributes: metadata.path !== '',
        signal,
        onListed: (assets) => emit({ kind: 'listed', assets }),
    });
    if ('because' in found) {
        const why = `the Source's assets can't be listed to compare with: ${explain(found.because)}`;
        if (inputs.onUnknownBase === 'fail' && !inputs.force)
            throw new InputError([`on-unknown-base: ${why}`]);
        emit({ kind: 'unlisted', why });
        return undefined;
    }
    emit({ kind: 'compared', listing: found });
    return found;
}
/** @returns the plan; with `guards: fail` without the files that must not be published */
async function guardPlan(plan, source, { inputs, selection, signal, emit }) {
    if (inputs.guards === 'off')
        return plan;
    const { topLevel, changes, twins } = selection;
    const workTree = { topLevel, rootPath: changes.rootPath, matches: inputs.files };
    const uploads = plan.files.map(({ upload }) => upload);
    const isListed = inputs.mode === 'all';
    const problems = await guard(uploads, { ...workTree, twins, isListed, source, signal });
    if (inputs.guards === 'fail')
        return withoutGuarded(plan, problems);
    emit({ kind: 'warned', problems });
    return plan;
}

;// CONCATENATED MODULE: ./lib/report/changes-lines.js

function changesLines(changes) {
    const head = changes.head === '' ? [] : [`head: ${changes.head}`];
    return [...changes.steps, ...head, changesSentence(changes)].map(printable);
}
/** Why a run takes the files it takes; of no files, why none. */
function changesSentence(changes) {
    const { base, head, baseStrategy, considered, files, matching = files.length, rootPath, steps } = changes;
    const match = `match the files patterns${changes.matching === undefined ? '' : `, ${files.length || 'none'} of those in this shard`}`;
    const below = rootPath === '' ? '' : ` below ${rootPath}`;
    if (steps[0]?.startsWith('nothing to do'))
        return String(steps[0]);
    if (baseStrategy === 'all')
        return `${matching} of ${count(considered, 'file')}${below} ${match}`;
    if (base === head)
        return 'base and head are the same commit: nothing changed';
    const span = `between ${base.slice(0, 7) || 'the base'} and ${head.slice(0, 7)}`;
    if (considered === 0)
        return `nothing changed${below} ${span}`;
    return `${matching} of ${count(considered, 'changed file')}${below} ${span} ${match}`;
}

;// CONCATENATED MODULE: ./lib/runner/outputs.js

/** Sets an output to a JSON array. A list over the host's limit becomes an empty output and a notice.
 *  @param elsewhere for the notice: where the whole list is */
function setListOutput(name, list, elsewhere = '') {
    const json = JSON.stringify(list);
    const fits = Buffer.byteLength(json) <= outputMaxBytes();
    if (!fits)
        notice(`the output ${name} is left empty: its ${list.length} entries are over 200 kB${elsewhere}`);
    setOutput(name, fits ? json : '');
}
/** Appends to the step's job summary, where the host has one. */
async function outputs_writeSummary(markdown) {
    const text = markdown.split('\n').map(redact).join('\n'); // no secret spans two lines
    await attempt('the job summary', () => writeSummary(text));
}
/** Writes one part of the result. A failure is reported, and the other parts are still written. */
async function attempt(part, write, remedy = '') {
    try {
        await write();
    }
    catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        core_error(`${part} can't be written: ${reason}${remedy === '' ? '' : `; ${remedy}`}`);
        process.exitCode = ExitCode.Failure;
    }
}

;// CONCATENATED MODULE: ./lib/report/explain.js



/** The newer names of the permissions, as imgix's documents use both. */
const NEWER_NAMES = {
    'Asset Manager Edit': 'Asset Edit',
    'Asset Manager Edit and Purge': 'Asset Edit and Asset Purge',
    'Asset Manager Browse': 'Asset Browse',
    Purge: 'Asset Purge',
};
/** One line for whoever reads the log: what failed, on what, and what to do. */
function explain(error) {
    if (error instanceof ImgixError)
        return explainAnswer(error);
    if (error instanceof Error)
        return error.message;
    return String(error);
}
/** The line of a long wait before another try. */
function waitLine(waitMs, reason) {
    return `waits ${duration(waitMs / 1000)} before it tries again: ${explain(reason)}`;
}
function explainAnswer(error) {
    const { status, permission, cause } = error;
    if (cause instanceof ProxyError) {
        return `${error.message}; check ${cause.status === 407 ? 'the user name and password in ' : ''}${cause.variable}`;
    }
    if (cause instanceof ProxySettingError)
        return error.message;
    if (permission === undefined)
        return error.message; // the storage's answer, not imgix's
    if (status === 401) {
        return `api-key: imgix does not accept the key; check that the secret is set and that the key is active (${error.message})`;
    }
    if (status === 403) {
        const newer = NEWER_NAMES[permission];
        const name = newer === undefined ? permission : `${permission} (in newer accounts: ${newer})`;
        return `api-key: the key lacks the permission ${name}; add it to the key in imgix's dashboard (${error.message})`;
    }
    if (status === 409 && error.path.includes('/upload')) {
        return `imgix does not replace what the Source already holds at this path; delete it in the bucket, or see on-conflict (${error.message})`;
    }
    if (status === 429) {
        return `imgix accepts fewer requests than rate-limits allows, or another job uses the same account; lower rate-limits (${error.message})`;
    }
    if (status === undefined)
        return `${error.message}; run the job again, and if it stays check api-url and the network`;
    return error.message;
}

;// CONCATENATED MODULE: ./lib/report/json-report.js

/** The whole run as plain data: what the report file holds, and what outputs, summary and annotations are made of. */
function buildReport(state) {
    const { plan, source, changes } = state;
    const files = [...plan.files.map(({ upload }) => uploadReport(upload, state)), ...leftAlone(plan)].sort(byPath);
    const urls = [...plan.files.flatMap((file) => file.purges), ...plan.purges]
        .map((step) => purgeReport(step, state))
        .sort(byPath);
    const having = (result) => files.filter((item) => item.result === result).length;
    return {
        version: 1,
        mode: state.mode,
        dryRun: state.dryRun,
        cancelled: state.cancelled,
        seconds: Math.round(performance.now() - state.startedAt) / 1000,
        base: changes.base,
        head: changes.head,
        baseStrategy: changes.baseStrategy,
        source: { ...source, domains: state.domains },
        counts: {
            uploaded: having('uploaded'),
            skipped: having('skipped'),
            purged: urlsHaving(urls, 'purged').length,
            failed: having('failed') + urlsHaving(urls, 'failed').length,
        },
        files,
        urls,
    };
}
/** What belongs to no file comes last. */
function byPath({ path: a }, { path: b }) {
    if (a === b)
        return 0;
    return b === undefined || (a !== undefined && a < b) ? -1 : 1;
}
/** Each once: one that is a sub-image, too, was purged twice. */
function urlsHaving(urls, result) {
    return [...new Set(urls.filter((item) => item.result === result).map(({ url }) => url))];
}
const RESULTS = { done: 'uploaded', skipped: 'skipped', failed: 'failed', 'not-done': 'planned' };
function uploadReport(step, state) {
    const { path, originPath, change, bytes } = step;
    const outcome = state.outcomes.get(step);
    const report = { path, originPath, change, bytes, via: null, result: 'planned', attempts: 0, seconds: 0 };
    if (outcome === undefined)
        return state.dryRun && step.route !== 'any' ? { ...report, via: step.route } : report;
    report.result = RESULTS[outcome.result];
    report.attempts = outcome.attempts;
    report.seconds = Math.round(outcome.seconds * 1000) / 1000;
    if (outcome.result === 'done')
        report.via = outcome.route ?? null;
    else if (outcome.result === 'failed')
        report.error = explain(outcome.error);
    else
        report.reason = outcome.reason;
    return report;
}
function leftAlone({ skipped }) {
    return skipped.map(({ path, originPath, change, result, reason }) => ({
        path: path.toWellFormed(),
        originPath: originPath.toWellFormed(),
        change,
        bytes: null,
        via: null,
        result,
        ...(result === 'failed' ? { error: reason } : { reason }),
        attempts: 0,
        seconds: 0,
    }));
}
function purgeReport(step, { outcomes, verdicts }) {
    const outcome = outcomes.get(step);
    const report = {
        url: step.url,
        subImage: step.subImage,
        result: outcome?.result === 'done' ? 'purged' : outcome?.result === 'failed' ? 'failed' : 'planned',
        attempts: outcome?.attempts ?? 0,
    };
    if (step.path !== undefined)
        report.path = step.path;
    if (outcome?.result === 'failed')
        report.error = explain(outcome.error);
    else if (outcome?.result === 'not-done')
        report.error = outcome.reason;
    const judgement = step.subImage ? undefined : verdicts.get(step.url);
    if (judgement === undefined)
        return report;
    report.verdict = judgement.verdict;
    if (judgement.reason !== undefined)
        report.reason = judgement.reason;
    return report;
}

;// CONCATENATED MODULE: ./lib/report/publish.js




/** Sets every output of the contract. */
function setOutputs(report, path) {
    const files = (result) => report.files.filter((file) => file.result === result);
    const lists = {
        uploaded: files('uploaded').map(({ originPath }) => originPath),
        skipped: files('skipped').map(({ originPath }) => originPath),
        purged: urlsHaving(report.urls, 'purged'),
        stale: report.urls.filter(({ verdict }) => verdict === 'stale').map(({ url }) => url),
        failed: [...files('failed').map((file) => file.path), ...urlsHaving(report.urls, 'failed')],
    };
    for (const [name, list] of Object.entries(lists)) {
        setListOutput(name, list, '; the output report names a file that has them');
        if (name !== 'stale')
            setOutput(`${name}-count`, String(list.length));
    }
    setOutput('base', report.base);
    setOutput('head', report.head);
    setOutput('base-strategy', report.baseStrategy);
    setOutput('report', path);
}
/** One annotation for each file and URL that failed.
 *  @param ended the lines that say what ended the run: they have annotations of their own */
function annotateFailures(report, ended) {
    const failed = [...report.files, ...report.urls].filter(({ result, error }) => result === 'failed' && !ended.includes(error ?? ''));
    const annotations = failed.map((item) => 'originPath' in item
        ? { line: `${item.path}: ${item.error}`, file: item.path, title: 'imgix sync: file failed' }
        : { line: `${item.url}: ${item.error}`, title: 'imgix sync: purge failed' });
    annotations_annotate('error', annotations, (left) => `and ${left} more failures: the report has them all`);
}

;// CONCATENATED MODULE: ./lib/report/report-file.js






const PIECE_ITEMS = 100;
/** A path for the report of this step: two steps of a job don't share one. */
function reportPath(tempDir) {
    return (0,external_node_path_namespaceObject.join)(tempDir, `imgix-sync-report-${(0,external_node_crypto_.randomBytes)(4).toString('hex')}.json`);
}
/** Writes the report between the stages, so that a run that is killed leaves one.
 *  @param state as it is after each event */
function createReportFile(state, tempDir) {
    const path = reportPath(tempDir);
    return {
        path,
        hear({ kind }) {
            if (kind !== 'selected' && kind !== 'planned' && kind !== 'sync-ended')
                return;
            try {
                writeReport(buildReport(state), path);
            }
            catch (error) {
                debug(explain(error)); // it keeps the last report from being written too, and is told then
            }
        },
    };
}
/** Writes the report whole or not at all. */
function writeReport(report, path) {
    const file = (0,external_node_fs_namespaceObject.openSync)(`${path}.tmp`, 'w');
    try {
        for (const piece of piecesOf(report))
            (0,external_node_fs_namespaceObject.writeFileSync)(file, piece);
    }
    finally {
        (0,external_node_fs_namespaceObject.closeSync)(file);
    }
    (0,external_node_fs_namespaceObject.renameSync)(`${path}.tmp`, path);
}
/** What is said goes without all that may be secret; a name stays as it is, but for what is known to be secret. */
function withoutSecrets(key, value) {
    if (typeof value !== 'string')
        return value;
    return key === 'error' || key === 'reason' ? redact(value) : redactName(value);
}
/** The report as indented JSON, in pieces: of tens of thousands of files the whole would be tens of megabytes. */
function* piecesOf({ files, urls, ...rest }) {
    yield JSON.stringify(rest, withoutSecrets, 2).slice(0, -'\n}'.length);
    yield* piecesOfList('files', files);
    yield* piecesOfList('urls', urls);
    yield '\n}\n';
}
function* piecesOfList(name, items) {
    yield `,\n  "${name}": [`;
    for (let start = 0; start < items.length; start += PIECE_ITEMS) {
        const list = JSON.stringify(items.slice(start, start + PIECE_ITEMS), withoutSecrets, 2);
        yield (start === 0 ? '' : ',') + list.slice(1, -'\n]'.length).replaceAll('\n', '\n  ');
    }
    yield items.length === 0 ? ']' : '\n  ]';
}

;// CONCATENATED MODULE: ./lib/report/step-lines.js


/** @returns undefined for what is no news */
function outcomeLine(outcome) {
    const { step } = outcome;
    if (step.kind === 'upload')
        return uploadLine(step, outcome);
    if (step.kind === 'purge')
        return purgeLine(step, outcome);
    if (step.kind === 'update')
        return updateLine(step, outcome);
    return step.kind === 'call' ? callLine(step, outcome) : undefined;
}
function uploadLine(step, outcome) {
    const { result, attempts, seconds } = outcome;
    if (result === 'done') {
        const tries = attempts > 1 ? `, ${attempts} tries` : '';
        return printable(`uploaded ${step.path} (${size(step.bytes)}, ${outcome.route}, ${duration(seconds)}${tries})`);
    }
    return printable(`${result === 'not-done' ? 'not uploaded' : result} ${step.path}: ${whyNotDone(outcome)}`);
}
function purgeLine(step, outcome) {
    const { result, attempts } = outcome;
    if (result === 'done')
        return printable(`purged ${nameOf(step)}${attempts > 1 ? ` (${attempts} tries)` : ''}`);
    return printable(`${result === 'failed' ? 'failed to purge' : 'not purged'} ${nameOf(step)}: ${whyNotDone(outcome)}`);
}
/** @returns undefined where the asset had it all */
function updateLine({ path }, outcome) {
    if (outcome.result === 'skipped')
        return undefined;
    if (outcome.result === 'done')
        return printable(`updated the attributes of ${path}`);
    return printable(`did not update the attributes of ${path}: ${whyNotDone(outcome)}`);
}
const CALL_WORDS = {
    add: { done: 'queued for the Asset Manager:', not: 'not queued for the Asset Manager' },
    refresh: { done: 'refreshed', not: 'not refreshed' },
};
function callLine({ path, call }, outcome) {
    const words = CALL_WORDS[call];
    if (outcome.result === 'done')
        return printable(`${words.done} ${path}`);
    return printable(`${words.not}: ${path}: ${whyNotDone(outcome)}`);
}
function whyNotDone(outcome) {
    return outcome.result === 'failed' ? explain(outcome.error) : outcome.reason;
}
function nameOf({ url, subImage }) {
    return subImage ? `${url} as a sub-image` : url;
}

;// CONCATENATED MODULE: ./lib/report/result-lines.js



/** So many failures have a line of their own at the end; the others have one where they happened. */
const FAILURES_MAX = 50;
/** What the run came to, in one line.
 *  @param stopped something ended it before its end */
function resultSentence({ counts, dryRun, cancelled, files, urls, seconds }, stopped) {
    if (dryRun && !stopped) {
        const planned = files.filter(({ result }) => result === 'planned').length;
        return `dry run: ${count(planned, 'file')} would be uploaded, ${count(urls.length, 'URL')} purged; nothing was changed`;
    }
    const { uploaded, skipped, purged, failed } = counts;
    const words = [
        `${uploaded} uploaded`,
        ...(skipped > 0 ? [`${skipped} skipped`] : []),
        `${purged} purged`,
        `${failed} failed`,
    ];
    return `${cancelled ? 'cancelled: ' : stopped ? 'stopped: ' : ''}${words.join(', ')} in ${duration(seconds)}`;
}
/** The one line that a failed run ends with; undefined where nothing failed. */
function failureSentence({ files, urls, dryRun }) {
    const failedFiles = files.filter(({ result }) => result === 'failed').length;
    const failedUrls = urls.filter(({ result }) => result === 'failed').length;
    const parts = [
        ...(failedFiles > 0 ? [`${failedFiles} of ${count(files.length, 'file')} failed`] : []),
        ...(failedUrls > 0 ? [`${failedUrls} of ${count(urls.length, 'purge')} failed`] : []),
    ];
    const left = dryRun ? 0 : files.filter(({ result }) => result === 'planned').length;
    return parts.length === 0 ? undefined : [...parts, ...(left > 0 ? [`${left} not done`] : [])].join(', ');
}
/** What failed beside files and URLs.
 *  @param ended what ended the run, which is told by itself */
function failedSteps(failures, ended) {
    const told = failures.filter(({ step, error }) => !result_lines_isSafe(step) && !ended.includes(explain(error)));
    const annotations = told.slice(0, FAILURES_MAX).map(({ step, error }) => {
        return { file: step.path, title: 'imgix sync', line: `${step.path}: ${whatFailed(step)}: ${explain(error)}` };
    });
    const more = told.length - FAILURES_MAX;
    return more > 0 ? [...annotations, { line: `and ${more} more assets: see the log` }] : annotations;
}
function whatFailed(step) {
    if (step.kind === 'call')
        return CALL_WORDS[step.call].not;
    return step.kind === 'update'
        ? 'its attributes were not set'
        : 'the record of its older bytes stands at imgix; run again, for the next full sync may believe it';
}
/** No older record was left: without one, the next full sync uploads the file again. */
function result_lines_isSafe(step) {
    return step.kind === 'record' && step.record === 'always';
}
/** Uploads without a record are safe, and cost one more upload. */
function unrecordedSentence(failures) {
    const unrecorded = failures.filter(({ step }) => result_lines_isSafe(step));
    const [first] = unrecorded;
    if (first === undefined)
        return undefined;
    const [files, them] = [count(unrecorded.length, 'file'), unrecorded.length === 1 ? 'it' : 'them'];
    return `the bytes of ${files} could not be recorded, so that the next full sync uploads ${them} again: ${explain(first.error)}`;
}
/** What changed at assets beside their bytes; undefined where nothing did. */
function updatedSentence(updated) {
    return updated === 0 ? undefined : `the attributes of ${count(updated, 'asset')} were updated`;
}

;// CONCATENATED MODULE: ./lib/runner/summary.js


// GitHub drops a job summary over 1 MiB as a whole.
const SUMMARY_MAX_BYTES = 2 ** 20;
const TABLE_MAX_BYTES = 150_000;
const TABLE_MAX_ROWS = 200;
const LINES_MAX = 100;
const summary_LINE_MAX_LENGTH = 500;
const CUT = 'The rest is too long for a job summary: the log has it.\n';
/** @returns the sections that fit into a job summary, with an empty line between them */
function joinSections(sections) {
    const texts = [];
    let bytes = Buffer.byteLength(CUT);
    for (const section of sections.filter((text) => text !== '')) {
        bytes += Buffer.byteLength(section) + 2;
        if (bytes > SUMMARY_MAX_BYTES)
            return [...texts, CUT].join('\n\n');
        texts.push(section);
    }
    return `${texts.join('\n\n')}\n`;
}
/** One paragraph per line. */
function paragraphs(lines) {
    const shown = lines.slice(0, LINES_MAX).map((line) => `<p>${html(redact(line).slice(0, summary_LINE_MAX_LENGTH))}</p>`);
    if (lines.length > LINES_MAX)
        shown.push(`<p>and ${lines.length - LINES_MAX} more: the log has them all</p>`);
    return shown.join('\n');
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

;// CONCATENATED MODULE: ./lib/report/verdicts.js



const LIST_LENGTH = 200;
const VERDICTS = ['fresh', 'gone', 'stale', 'still-served', 'unverifiable'];
/** URLs that imgix serves as they were. */
function unproved({ urls }) {
    return urls.filter(({ verdict }) => verdict === 'stale' || verdict === 'still-served');
}
/** URLs that nobody can tell about, by the reason. */
function unverifiableByReason(report) {
    return byReason(report, 'unverifiable');
}
function byReason({ urls }, wanted) {
    return Map.groupBy(urls.filter(({ verdict, reason }) => verdict === wanted && reason !== undefined), ({ reason = '' }) => reason);
}
/** What the verification came to; undefined where there was none. */
function verdictSentence({ urls }) {
    const verified = urls.filter(({ verdict }) => verdict !== undefined);
    if (verified.length === 0)
        return undefined;
    const parts = VERDICTS.flatMap((verdict) => {
        const having = verified.filter((item) => item.verdict === verdict).length;
        return having === 0 ? [] : [`${having} ${verdict}`];
    });
    return `looked at ${count(verified.length, 'URL')}: ${parts.join(', ')}`;
}
/** All that is not as it should be, a line each; of what can't be told one for each reason. */
function verdictLines(report) {
    const lines = unproved(report).map(({ url, verdict, reason }) => `${verdict} ${url}: ${reason}`);
    for (const verdict of ['unverifiable', 'gone']) {
        for (const [reason, [first, ...others]] of byReason(report, verdict)) {
            const more = others.length === 0 ? '' : ` and ${others.length} more`;
            lines.push(`${verdict} ${first?.url}${more}: ${reason}`);
        }
    }
    const all = lines.map(printable);
    return all.length <= LIST_LENGTH ? all : [...all.slice(0, LIST_LENGTH), `and ${all.length - LIST_LENGTH} more`];
}
/** One annotation for each URL that imgix serves as it was. */
function annotateVerdicts(report, verify) {
    const annotations = unproved(report).map(({ url, path, verdict, reason }) => {
        const annotation = { line: `${url}: ${verdict}: ${reason}`, title: `imgix sync: ${verdict}` };
        return path === undefined ? annotation : { ...annotation, file: path };
    });
    annotations_annotate(verify === 'fail' ? 'error' : 'warning', annotations, (left) => `and ${left} more: the report has them all`);
}
/** Why a run fails that was told to by `verify`. */
function verdictFailure(report, verify) {
    const bad = unproved(report).length;
    if (verify !== 'fail' || bad === 0)
        return undefined;
    const verified = report.urls.filter(({ verdict }) => verdict !== undefined).length;
    return `verify: ${bad} of ${count(verified, 'URL')} ${bad === 1 ? 'is' : 'are'} not served as the repository has it`;
}
function purgedAgainLine(url, error) {
    return printable(error === undefined ? `purged again ${url}` : `not purged again ${url}: ${explain(error)}`);
}
/** @param waitMs until the next look */
function roundLine(left, all, waitMs) {
    return `verify: ${all - left} of ${count(all, 'URL')} settled, looks at the others again in ${(waitMs / 1000).toFixed(1)} s`;
}

;// CONCATENATED MODULE: ./lib/report/summary.js




const ROW_MAX_URLS = 5;
/**
 * The job summary: what happened, what failed and why, then the details.
 * Its tables are blocks of HTML without empty lines: in there nothing of a name is read as Markdown.
 */
function formatSummary(report, { reason, updated, failures, ended = failures.length > 0, onlyAtSource = [] }) {
    const failed = [...report.files, ...report.urls].filter(({ result }) => result === 'failed');
    const bad = failed.length > 0 || failures.length > 0 || report.cancelled;
    const by = (...results) => report.files.filter(({ result }) => results.includes(result));
    const sections = [
        `### ${bad ? '❌' : unproved(report).length > 0 ? '⚠️' : '✅'} imgix sync: ${html(resultSentence(report, ended))}`,
        paragraphs([...failures, ...[reason, updated].filter((line) => line !== undefined)]),
        facts(report),
        section('Failed', failed, failureRow, ['What', 'Why']),
        verified(report),
        report.dryRun
            ? section('Would be uploaded', by('planned'), plannedRow, ['File', 'Size', 'Route', 'Change'])
            : section('Uploaded', by('uploaded'), fileRow, ['File', 'Size', 'Route', 'Time', 'Tries']),
        report.dryRun ? '' : section('Not done', by('planned'), reasonRow, ['File', 'Why']),
        skipped(by('skipped')),
        section('Deleted in git', by('deleted'), reasonRow, ['File', 'What that means']),
        purged(report),
        report.dryRun ? leftAtSource(onlyAtSource) : '',
    ];
    return joinSections(sections);
}
function leftAtSource(paths) {
    const title = "Only at the Source, left as it is: imgix's API can't delete it";
    const rows = section(title, paths, (path) => [code(`/${path}`)], ['Path']);
    return folded(rows, paths.length, `${count(paths.length, 'asset')} only at the Source`);
}
function facts({ mode, base, head, baseStrategy, source }) {
    const span = head === ''
        ? []
        : [
            base === ''
                ? `${mode === 'all' ? 'mode all' : 'every file'} at <code>${html(head.slice(0, 7))}</code>`
                : `<code>${html(base.slice(0, 7))}..${html(head.slice(0, 7))}</code> (base: ${html(baseStrategy)})`,
        ];
    const where = source.id === ''
        ? []
        : [`Source <code>${html(source.id)}</code>${source.type === '' ? '' : ` (${html(source.type)})`}`];
    const text = [...span, ...where].join(' · ');
    return text === '' ? '' : `<p>${text}</p>`;
}
function purged({ urls, dryRun }) {
    const done = urls.filter(({ result }) => result === (dryRun ? 'planned' : 'purged'));
    const title = dryRun ? 'Would be purged' : 'Purge requested';
    const isVerified = done.some(({ verdict }) => verdict !== undefined);
    const rows = isVerified
        ? section(title, done, (item) => [purgedUrl(item), verdictOf(item)], ['URL', 'Verdict'])
        : section(title, done, (item) => [purgedUrl(item)], ['URL']);
    return folded(rows, done.length, dryRun ? `${count(done.length, 'URL')} to purge` : `${count(done.length, 'purge')} requested`);
}
/** A sub-image has a second row, which nobody looks at. */
function purgedUrl({ url, subImage }) {
    return subImage ? `${summary_link(url)} as a sub-image` : summary_link(url);
}
/** What is not as it should be, and what can't be told, have tables of their own with the reasons. */
function verdictOf({ verdict, reason }) {
    return verdict === 'gone' && reason !== undefined ? `gone: ${html(reason)}` : (verdict ?? '');
}
function skipped(files) {
    return folded(section('Skipped', files, reasonRow, ['File', 'Why']), files.length, `${count(files.length, 'file')} skipped`);
}
/** A long list is one line until somebody opens it. */
function folded(rows, length, title) {
    return length > 10 ? `<details><summary>${title}</summary>\n\n${rows}\n\n</details>` : rows;
}
/** Of what was looked at: the result, what is not as it should be, and what nobody can tell, by the reason. */
function verified(report) {
    const sentence = verdictSentence(report);
    if (sentence === undefined)
        return '';
    const bad = unproved(report);
    const reasons = [...unverifiableByReason(report)];
    const sections = [
        paragraphs([`verification: ${sentence}`]),
        section('Served as before', bad, ({ url, verdict, reason = '' }) => [summary_link(url), `${verdict}: ${html(reason)}`], [
            'URL',
            'Why',
        ]),
        section('Not verifiable', reasons, ([reason, urls]) => [html(reason), some(urls)], ['Why', 'URLs']),
    ];
    return sections.filter((text) => text !== '').join('\n\n');
}
/** The first few of URLs that share a row. */
function some(urls) {
    const more = urls.length > ROW_MAX_URLS ? ` and ${urls.length - ROW_MAX_URLS} more` : '';
    return `${urls
        .slice(0, ROW_MAX_URLS)
        .map(({ url }) => summary_link(url))
        .join('<br>')}${more}`;
}
function section(title, items, row, head) {
    if (items.length === 0)
        return '';
    return `#### ${title} (${items.length})\n\n${table(items, { head, row, source: 'report' })}`;
}
function fileRow({ path, bytes, via, seconds, attempts }) {
    return [code(path), size(bytes ?? 0), via ?? '', duration(seconds), String(attempts)];
}
function plannedRow({ path, bytes, via, change }) {
    return [code(path), size(bytes ?? 0), via ?? '', change === 'added' ? 'new' : change === 'modified' ? 'changed' : ''];
}
function reasonRow({ path, reason, error }) {
    return [code(path), html(error ?? reason ?? 'the run ended before it')];
}
function failureRow(item) {
    return ['originPath' in item ? code(item.path) : purgedUrl(item), html(item.error ?? '')];
}
function code(text) {
    return `<code>${html(text)}</code>`;
}
function summary_link(url) {
    return `<a href="${html(url)}"><code>${html(url)}</code></a>`;
}

;// CONCATENATED MODULE: ./lib/report/ending.js










/** Reports the result in every ending and in every place. What can't be written doesn't keep the rest from being reported. */
async function reportEnding(state, reportFile) {
    const report = buildReport(state);
    const { error, verify, onlyAtSource } = state;
    if (error instanceof Error)
        debug(String(error.stack));
    const problems = listProblems(error, 'imgix sync', explain);
    const ended = problems.map(({ line }) => line);
    const failures = [...problems, ...failedSteps(state.failures, ended)];
    const unproved = verdictFailure(report, verify);
    if (unproved !== undefined)
        failures.push({ line: unproved });
    const unrecorded = unrecordedSentence(state.failures);
    if (unrecorded !== undefined)
        warning(unrecorded);
    annotateFailures(report, ended);
    annotateVerdicts(report, verify);
    annotations_annotate('error', failures);
    const verified = verdictSentence(report);
    if (verified !== undefined)
        group(`Verification: ${verified}`, verdictLines(report));
    await attempt('the report', () => writeReport(report, reportFile), 'check RUNNER_TEMP');
    await attempt('the outputs', () => setOutputs(report, reportFile));
    const reason = error === undefined ? state.reason : undefined;
    const updated = updatedSentence(state.updated);
    const isStopped = problems.length > 0;
    const lines = failures.map(({ line }) => line);
    await outputs_writeSummary(formatSummary(report, { reason, updated, failures: lines, ended: isStopped, onlyAtSource }));
    for (const line of [reason, updated])
        if (line !== undefined)
            info(line);
    info(resultSentence(report, isStopped));
    info(`report: ${reportFile}`);
    const failure = failureSentence(report);
    if (report.cancelled)
        setFailed(resultSentence(report, false));
    else if (failure !== undefined)
        setFailed(failure);
    else if (failures.length > 0)
        process.exitCode = ExitCode.Failure;
}

;// CONCATENATED MODULE: ./lib/report/ledger.js
/** Keeps the state of a run: each event changes its part, and nothing else does. */
function createLedger(startedAt) {
    const state = {
        startedAt,
        mode: 'changed',
        dryRun: false,
        verify: 'off',
        source: { id: '', type: '' },
        domains: [],
        changes: { base: '', head: '', baseStrategy: '' },
        reason: undefined,
        plan: { files: [], purges: [], updates: [], calls: [], skipped: [] },
        outcomes: new Map(),
        updated: 0,
        failures: [],
        onlyAtSource: [],
        verdicts: new Map(),
        cancelled: false,
        error: undefined,
    };
    return { state, hear: (event) => void Object.assign(state, reduce(state, event)) };
}
/** @returns what the event changes; outcomes, of which there are tens of thousands, are added in place */
function reduce(state, event) {
    switch (event.kind) {
        case 'started': {
            const { mode, dryRun, verify, sourceId, domains } = event;
            return { mode, dryRun, verify, domains, source: { id: sourceId, type: '' } };
        }
        case 'idle':
            return { reason: event.reason };
        case 'selected':
            return { changes: event.changes };
        case 'source':
            return {
                source: { id: state.source.id, type: event.source.type },
                domains: state.domains.length > 0 ? state.domains : event.source.domains,
            };
        case 'compared':
            return { onlyAtSource: event.listing.onlyAtSource };
        case 'drafted':
        case 'planned':
            return { plan: event.plan };
        case 'ended':
            return keepOutcome(state, event.outcome);
        case 'verified':
            return { verdicts: event.verdicts };
        case 'finished':
            return { cancelled: event.cancelled, error: event.error };
        default:
            return {};
    }
}
function keepOutcome({ outcomes, failures, updated }, outcome) {
    const { step, result } = outcome;
    if (step.kind === 'upload' || step.kind === 'purge')
        outcomes.set(step, outcome);
    else if (result === 'failed')
        failures.push({ step, error: outcome.error });
    return step.kind === 'update' && result === 'done' ? { updated: updated + 1 } : {};
}

;// CONCATENATED MODULE: ./lib/runner/seldom.js
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

;// CONCATENATED MODULE: ./lib/report/listing-lines.js

/** A list in the log ends here. */
const listing_lines_LIST_LENGTH = 200;
/** So many patterns are named. */
const PATTERNS_MAX = 10;
/** What comparing with the Source came to. */
function comparedSentence({ comparisons, onlyAtSource, files }) {
    const unchanged = [...comparisons.values()].filter(({ isUnchanged }) => isUnchanged).length;
    const changed = [...comparisons.values()].filter(({ change }) => change === 'modified').length;
    const unknown = comparisons.size - unchanged - changed;
    const parts = [
        `${unchanged} unchanged`,
        `${changed} changed`,
        `${files - comparisons.size} new`,
        ...(unknown > 0 ? [`${unknown} without a record of their bytes`] : []),
        ...(onlyAtSource.length > 0 ? [`${onlyAtSource.length} only at the Source`] : []),
    ];
    return `Compared with the Source: ${parts.join(', ')}`;
}
/** Why files are uploaded, and what only the Source has. */
function comparedLines({ comparisons, onlyAtSource }) {
    const lines = [...comparisons]
        .filter(([, { isUnchanged }]) => !isUnchanged)
        .map(([path, { reason }]) => `/${path}: ${reason}`);
    const left = onlyAtSource.map((path) => `/${path}: only at the Source, left as it is: imgix's API can't delete it`);
    const all = [...lines, ...left].map(printable);
    return all.length <= listing_lines_LIST_LENGTH ? all : [...all.slice(0, listing_lines_LIST_LENGTH), `and ${all.length - listing_lines_LIST_LENGTH} more`];
}
/** Patterns of the metadata file that match no file: perhaps they are misspelt. */
function idlePatternsLine(patterns) {
    const shown = patterns.slice(0, PATTERNS_MAX).map((pattern) => `'${pattern}'`);
    const more = patterns.length - shown.length;
    return printable(`metadata: no file matches ${shown.join(', ')}${more > 0 ? ` and ${more} patterns more` : ''}`);
}

;// CONCATENATED MODULE: ./lib/report/plan-lines.js


/** A list in the log ends here; the report has all of it. */
const plan_lines_LIST_LENGTH = 200;
/** What takes a while on any line: nobody knows how long before it is tried. */
const TRANSFER_BYTES = 100_000_000;
/** @param type '' where the Source was not read */
function sourceLine({ id, type }, domains) {
    const source = type === '' ? 'Source of unknown type (not read)' : `Source ${id} (${type})`;
    return printable(`${source}, domains: ${domains.join(', ') || 'none'}`);
}
function planSentence(plan, seconds) {
    const uploads = plan.files.map(({ upload }) => upload);
    const bytes = uploads.reduce((sum, step) => sum + step.bytes, 0);
    const sessions = uploads.filter((step) => step.route === 'session').length;
    const either = uploads.filter((step) => step.route === 'any').length;
    const byRoute = [
        sessions > 0 ? `, ${sessions} by upload session` : '',
        either > 0 ? `, ${either} by direct upload or session` : '',
    ].join('');
    const transfer = bytes > TRANSFER_BYTES ? ` and the time that ${size(bytes)} take` : '';
    const whole = Math.ceil(seconds + 1); // the last request wants its answer, too
    const about = `, about ${whole < 120 ? `${whole} s` : duration(whole)} by the rate limits${transfer}`;
    const purges = plan.files.reduce((sum, file) => sum + file.purges.length, plan.purges.length);
    const calls = [...plan.files.flatMap((file) => file.calls), ...plan.calls];
    const forecast = uploads.length + plan.updates.length + purges + calls.length === 0 ? '' : about;
    const updates = plan.updates.length === 0 ? '' : `, ${count(plan.updates.length, 'update')} of attributes`;
    const assets = calls.length === 0 ? '' : `, ${count(calls.length, 'file')} to ${calls[0]?.call} in the Asset Manager`;
    return `${count(uploads.length, 'upload')} (${size(bytes)}${byRoute})${updates}${assets}, ${count(purges, 'purge')}${forecast}`;
}
/** How a file stands to what was there before, where that is known. */
const CHANGES = { added: ['new'], modified: ['changed'], present: [] };
/** The plan in full, each upload with its URLs under it. */
function planLines(plan) {
    const alone = plan.updates.length + plan.skipped.length + plan.purges.length + plan.calls.length;
    const all = plan.files.reduce((sum, { purges, calls }) => sum + 1 + purges.length + calls.length, alone);
    const lines = [];
    for (const line of describePlan(plan)) {
        if (lines.length === plan_lines_LIST_LENGTH)
            break;
        lines.push(printable(line));
    }
    return all <= plan_lines_LIST_LENGTH ? lines : [...lines, `and ${all - plan_lines_LIST_LENGTH} more lines: the report has all of it`];
}
/** A line for each step: of tens of thousands only the first are made. */
function* describePlan(plan) {
    const purgeOf = (step) => `    purge ${nameOf(step)}`;
    for (const { upload, purges } of plan.files) {
        const { path, originPath, change, bytes, route, contentType } = upload;
        const facts = [size(bytes), ...CHANGES[change], route === 'any' ? 'direct or session' : route, contentType].join(', ');
        yield `upload ${path} to /${originPath} (${facts})`;
        yield* purges.map(purgeOf);
    }
    for (const { path, call } of [...plan.files.flatMap(({ calls }) => calls), ...plan.calls])
        yield call === 'refresh' ? `refresh ${path}` : `queue ${path} for the Asset Manager`;
    for (const { path } of plan.updates)
        yield `update the attributes of ${path}`;
    const purges = Map.groupBy(plan.purges, (step) => step.path);
    for (const { path, result, reason } of plan.skipped) {
        yield `${result} ${path}: ${reason}`;
        yield* (purges.get(path) ?? []).map(purgeOf);
    }
    yield* (purges.get(undefined) ?? []).map(purgeOf);
}

;// CONCATENATED MODULE: ./lib/report/log.js










/** Prints what happens.
 *  @param state as it is after each event */
function createLog(state) {
    const sayListed = seldom((assets) => info(`${assets} of the Source's assets listed so far`));
    return {
        hear(event) {
            const line = lineOf(event);
            if (line !== undefined)
                info(line);
            if (event.kind === 'listed')
                sayListed(event.assets);
            else
                print(event, state);
        },
    };
}
/** What has more than one line, or an annotation. */
function print(event, { mode, source, domains }) {
    switch (event.kind) {
        case 'note':
            if (event.level === 'notice')
                notice(event.text);
            if (event.level === 'warning')
                warning(event.text);
            break;
        case 'selected':
            group(mode === 'all' ? 'Files' : 'Changed files', changesLines(event.changes));
            for (const line of event.changes.notices)
                notice(line);
            for (const line of event.changes.warnings)
                warning(line);
            annotateFiles(event.changes.leftOut ?? new Map());
            break;
        case 'unlisted':
            notice(`every file is taken, as ${printable(event.why)}`);
            break;
        case 'compared':
            group(comparedSentence(event.listing), comparedLines(event.listing));
            break;
        case 'warned':
            annotateFiles(event.problems);
            break;
        case 'planned': {
            const lines = [sourceLine(source, domains), ...planLines(event.plan)];
            group(`Plan: ${planSentence(event.plan, event.seconds)}`, lines);
            break;
        }
        case 'sync-began':
            if (event.videos.length > 0)
                notice(videosLine(event.videos));
            break;
        case 'slowed':
            notice(slowDownLine(event));
            break;
    }
}
/** @returns undefined for what has no line of its own */
function lineOf(event) {
    switch (event.kind) {
        case 'note':
            return event.level === 'info' ? event.text : undefined;
        case 'idle-patterns':
            return event.patterns.length > 0 ? idlePatternsLine(event.patterns) : undefined;
        case 'ended':
            return outcomeLine(event.outcome);
        case 'sessions-closed':
            return sessionsClosedLine(event.because);
        case 'records-unknown':
            return recordsUnknownLine(event.because);
        case 'waits':
            return waitLine(event.waitMs, event.because);
        case 'looked':
            return roundLine(event.left, event.all, event.waitMs);
        case 'purged-again':
            return purgedAgainLine(event.url, event.error);
        default:
            return undefined;
    }
}
/** One warning for each file.
 *  @param problems by path */
function annotateFiles(problems) {
    const title = 'imgix sync: guard';
    annotations_annotate('warning', [...problems].map(([file, problem]) => ({ line: `${file}: ${problem}`, file, title })));
}
/** Videos may be served by an API of imgix that purges do not reach.
 *  @param names a path or a URL each */
function videosLine(names) {
    return printable(`${count(names.length, 'video')} changed or deleted (${names[0]}${names.length > 1 ? ', …' : ''}): purges do not reach imgix's Video API, which may go on serving the older bytes under their old names. A new file name is the sure way`);
}
function sessionsClosedLine(because) {
    return printable(`small files go by direct upload alone from here on, as an upload session failed: ${explain(because)}`);
}
/** Records of full syncs may be there, and outlive the bytes that are replaced. */
function recordsUnknownLine(because) {
    return printable(`whether full syncs have left records can't be asked, so only those that the answers of uploads show are renewed: ${explain(because)}`);
}
/** What to set where imgix refuses the pace that it was thought to allow. */
function slowDownLine({ limitClass, limit, refusals, accepted }) {
    const refused = `imgix refused ${count(refusals, `${limitClass} request`)} (429), though rate-limits allows ${rate(limit)}`;
    return `${refused}: the limits of this account are lower than assumed, or another job uses them, too. If they are lower, set rate-limits: ${limitClass}=${rate(accepted)}`;
}
/** A pace as `rate-limits` takes it. */
function rate({ count: requests, perMs }) {
    const units = [
        ['s', 1000],
        ['m', 60_000],
        ['h', 3_600_000],
    ];
    const [unit, ms] = units.find(([, unitMs]) => (requests * unitMs) / perMs >= 1) ?? ['h', 3_600_000];
    return `${Math.max(1, Math.floor((requests * ms) / perMs))}/${unit}`;
}

;// CONCATENATED MODULE: ./lib/report/progress.js

/** Rates are those of the last so many seconds. */
const RATE_SECONDS = 30;
/** A line comes after so long; later on after a twelfth of the time so far, and at least once a minute. */
const LINE_MS = { least: 5000, most: 60_000, share: 1 / 12 };
/** Tells a line now and then while a plan is carried out. */
function createProgress(tell) {
    let track;
    let stop = () => { };
    return {
        hear(event) {
            if (event.kind === 'planned')
                track = trackPlan(event.plan, event.forecast);
            else if (event.kind === 'sync-began')
                stop = nowAndThen(() => tell(track?.line() ?? ''));
            else if (event.kind === 'sync-ended')
                stop();
            else if (event.kind === 'sent')
                track?.send(event.step, event.bytes);
            else if (event.kind === 'ended')
                track?.end(event.outcome);
        },
    };
}
/** What is done of a plan, how fast it goes and how long it will take, in a line. */
function trackPlan(plan, forecast) {
    const uploads = plan.files.map(({ upload }) => upload);
    const purges = plan.files.reduce((sum, file) => sum + file.purges.length, plan.purges.length);
    const left = new Set(uploads);
    const underWay = new Map();
    const total = { uploads: uploads.length, bytes: sumOf(uploads), purges, updates: plan.updates.length };
    const done = { short: 0, bytes: 0, purges: 0 };
    const updates = new Set(plan.updates);
    const calls = new Set([...plan.files.flatMap((file) => file.calls), ...plan.calls]);
    const unrecorded = new Set(); // paths of what is stored
    const past = [{ at: performance.now(), uploads: 0, short: 0, purges: 0, bytes: 0 }];
    function line() {
        const bytes = done.bytes + [...underWay.values()].reduce((sum, sent) => sum + sent, 0);
        const now = {
            at: performance.now(),
            uploads: total.uploads - left.size,
            short: done.short,
            purges: done.purges,
            bytes,
        };
        while (past.length > 1 && now.at - Number(past[1]?.at) >= RATE_SECONDS * 1000)
            past.shift();
        const seconds = (now.at - Number(past[0]?.at)) / 1000;
        const rate = (what) => (now[what] - Number(past[0]?.[what])) / seconds;
        past.push(now);
        const { size: updatesLeft } = updates;
        const secondsLeft = Math.max(forecast({ uploads: [...left], updates: updatesLeft, purges: total.purges - done.purges, calls: [...calls] }), secondsFor([...left].filter(isShort).length, rate('short')), secondsFor(total.bytes - bytes, rate('bytes')), secondsFor(Math.min(total.purges - done.purges, left.size === 0 ? Number.POSITIVE_INFINITY : 0), rate('purges')));
        const uploads = `${now.uploads} of ${count(total.uploads, 'upload')} (${size(bytes)} of ${size(total.bytes)})`;
        const work = [
            ...(total.uploads > 0 ? [uploads] : []),
            ...(total.updates > 0
                ? [`${total.updates - updatesLeft} of ${count(total.updates, 'update')} of attributes`]
                : []),
            `${done.purges} of ${count(total.purges, 'purge')}`,
            ...(left.size === 0 && unrecorded.size > 0 ? [`${count(unrecorded.size, 'file')} left to record`] : []),
            ...(calls.size > 0 ? [`${count(calls.size, 'file')} left for the Asset Manager`] : []),
        ];
        const sending = `${rate('uploads').toFixed(1)} uploads/s, ${size(rate('bytes'))}/s`;
        const rates = left.size > 0 ? sending : `${rate('purges').toFixed(1)} purges/s`;
        return `progress: ${work.join(', ')}; ${rates}${secondsLeft > 0 ? `; about ${duration(secondsLeft)} left` : ''}`;
    }
    function end({ step, result }) {
        if (step.kind === 'upload') {
            if (result === 'done' && step.record === 'always')
                unrecorded.add(step.path);
            left.delete(step);
            underWay.delete(step);
            done.bytes += step.bytes;
            if (isShort(step))
                done.short += 1;
        }
        else if (step.kind === 'purge')
            done.purges += 1;
        else if (step.kind === 'call')
            calls.delete(step);
        else {
            updates.delete(step);
            unrecorded.delete(step.path);
        }
    }
    return { line, end, send: (step, bytes) => void underWay.set(step, bytes) };
}
function nowAndThen(work) {
    const startedAt = performance.now();
    let timer;
    const wait = () => {
        const ms = (performance.now() - startedAt) * LINE_MS.share;
        // a line now and then must not keep a process alive that waits for nothing else: runner/settle.ts ends that run
        timer = setTimeout(next, Math.min(LINE_MS.most, Math.max(LINE_MS.least, ms))).unref();
    };
    const next = () => {
        work();
        wait();
    };
    wait();
    return () => clearTimeout(timer);
}
/** Small files go at a pace of files, the others at one of bytes. */
function isShort({ routes }) {
    return routes[0] === 'direct';
}
function sumOf(steps) {
    return steps.reduce((sum, { bytes }) => sum + bytes, 0);
}
/** 0 where the rate tells nothing yet */
function secondsFor(amount, perSecond) {
    return perSecond > 0 ? amount / perSecond : 0;
}

;// CONCATENATED MODULE: ./lib/runner/cancellation.js
/** Time to purge stored files and to cancel sessions after the first signal. A runner kills the process after 10 seconds. */
const CLEANUP_MS = 4000;
/** Time to write the report after the second signal. */
const REPORT_MS = 500;
const SIGNALS = ['SIGINT', 'SIGTERM'];
/** Turns SIGINT and SIGTERM into abort signals. A third signal ends the process.
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
;// CONCATENATED MODULE: ./lib/runner/environment.js





/** Reads the runner's environment. An event that can't be read becomes an event without a base, and a warning. */
function readEnvironment() {
    const env = process.env;
    return {
        workspace: (0,external_node_path_namespaceObject.resolve)(env.GITHUB_WORKSPACE || process.cwd()),
        event: {
            name: env.GITHUB_EVENT_NAME ?? '',
            payload: readPayload(env.GITHUB_EVENT_PATH),
            ref: env.GITHUB_REF ?? '',
            sha: env.GITHUB_SHA ?? '',
        },
        github: {
            apiUrl: env.GITHUB_API_URL || 'https://api.github.com',
            serverUrl: env.GITHUB_SERVER_URL || 'https://github.com',
            repository: env.GITHUB_REPOSITORY ?? '',
            runId: Number(env.GITHUB_RUN_ID),
        },
        attempt: Number(env.GITHUB_RUN_ATTEMPT ?? 1),
        tempDir: env.RUNNER_TEMP || (0,external_node_os_namespaceObject.tmpdir)(),
        childEnv: Object.fromEntries(Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith('INPUT_'))),
    };
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
        warning(`GITHUB_EVENT_PATH holds no readable event (${error instanceof Error ? error.name : 'unknown'})`);
        return {};
    }
}

;// CONCATENATED MODULE: ./lib/runner/settle.js
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
        reject(new UnsettledError('the run went on after it was cancelled'));
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

;// CONCATENATED MODULE: ./lib/runner/run.js





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

;// CONCATENATED MODULE: ./lib/select/github-fetch.js

/** 300 changed files with their patches, or 100 workflow runs, have fewer. */
const github_fetch_ANSWER_MAX_BYTES = 32 << 20;
/** An answer that is not read: trying again would not help. */
class AnswerError extends Error {
    name = 'AnswerError';
}
/**
 * A fetch for one API whose answers are read whole, and are small enough for that.
 * @param send the fetch that sends the requests
 * @returns a fetch that fails for longer answers, for JSON of too many values, and for URLs of another host, where a
 *   `Link` to the next page must not take the token
 */
function boundFetch(send, apiUrl) {
    const { origin } = new URL(apiUrl);
    return async (input, init) => {
        const url = String(input);
        if (new URL(url).origin !== origin)
            throw new AnswerError(`an answer that leads to ${new URL(url).host}`);
        const response = await send(url, init);
        const bytes = await github_fetch_readBytes(response);
        check(bytes.toString('utf8'));
        const { ok, status, statusText, headers } = response;
        // for Octokit, such an answer is an empty list
        if (ok && bytes.length === 0)
            throw new Error('an empty answer');
        const bounded = new Response(bytes.length === 0 ? null : bytes, { status, statusText, headers });
        return Object.defineProperty(bounded, 'url', { value: response.url });
    };
}
function check(text) {
    try {
        checkJson(text);
    }
    catch (cause) {
        throw new AnswerError(`an answer with ${cause.message}`, { cause });
    }
}
async function github_fetch_readBytes({ body }) {
    const chunks = [];
    let bytes = 0;
    for await (const chunk of body ?? []) {
        bytes += chunk.length;
        if (bytes > github_fetch_ANSWER_MAX_BYTES)
            throw new AnswerError(`an answer of more than ${github_fetch_ANSWER_MAX_BYTES} bytes`);
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}

;// CONCATENATED MODULE: ./lib/select/github-errors.js

const ATTEMPTS = 3;
/** Asks again after an answer that another try can change. */
async function github_errors_retry(ask, signal, pause) {
    for (let attempt = 1;; attempt += 1) {
        try {
            return await ask();
        }
        catch (error) {
            const status = statusOf(error);
            const isFinal = refusalOf(error) !== undefined || (status !== undefined && status < 500 && status !== 429);
            if (signal.aborted || attempt === ATTEMPTS || isFinal)
                throw error;
            await pause(500 * 2 ** attempt);
        }
    }
}
/** @returns the reason why GitHub's API gives no answer, and whether the token is that reason */
function github_errors_explain(error) {
    if (statusOf(error) === 401)
        return { cause: 'forbidden', why: 'github-token is not accepted (401)' };
    if (isForbidden(error))
        return { cause: 'forbidden', why: 'the token may not read workflow runs' };
    return { cause: 'no-answer', why: `GitHub's API does not answer (${reasonOf(error)})` };
}
/** A 403 can also mean too many requests. GitHub answers 404 for a repository that the token may not see. */
function isForbidden(error) {
    const status = statusOf(error);
    const headers = error.response?.headers ?? {};
    const isLimited = headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined;
    return status === 404 || (status === 403 && !isLimited);
}
function statusOf(error) {
    const status = error.status;
    const hasAnswer = error.response !== undefined;
    return typeof status === 'number' && hasAnswer ? status : undefined;
}
function refusalOf(error) {
    const { cause } = error;
    return [error, cause].find((each) => each instanceof AnswerError);
}
function reasonOf(error) {
    const status = statusOf(error);
    if (status !== undefined)
        return String(status);
    const refusal = refusalOf(error);
    if (refusal !== undefined)
        return refusal.message;
    for (let cause = error; cause != null; cause = cause.cause) {
        if (cause.name === 'TimeoutError')
            return 'timed out';
        if (typeof cause.code === 'string')
            return cause.code;
    }
    return 'no answer';
}

;// CONCATENATED MODULE: ./lib/select/runs.js
/** Events whose runs publish no commit of the branch: they check a proposal, or GitHub notes another commit for them. */
const NOT_PUBLISHING = ['pull_request', 'pull_request_target', 'merge_group', 'workflow_run'];
/** Conclusions of runs that started no job. */
const NEVER_STARTED = ['skipped', 'startup_failure', 'action_required'];
/** @returns whether a run publishes the branch of this run. GitHub's filter by branch also gives runs of forks. */
function isPublication(run, own) {
    const isOwnRepository = run.repository === undefined || run.repository === own.repository;
    return isOwnRepository && run.branch === own.branch && !NOT_PUBLISHING.includes(run.event) && run.id !== own.id;
}
/** @returns the run whose commit the next run compares with */
function findLastSuccess(runs, own) {
    return runs
        .filter((run) => isPublication(run, own) && run.conclusion === 'success' && run.number < own.number)
        .reduce((last, run) => (last && last.number > run.number ? last : run), undefined);
}
/** @returns each run once, newest first */
function mergeLists({ byBranch, all }) {
    const byId = new Map([...byBranch.runs, ...all.runs].map((run) => [run.id, run]));
    return [...byId.values()].sort((a, b) => b.number - a.number);
}
/**
 * What the lists lack of the runs from the last success to this one. A workflow's runs have consecutive numbers over all
 * branches, so a number that no list has can be a run of this branch. Numbers before the first run in `all` are of runs
 * that GitHub no longer keeps, or that only `byBranch` can show.
 * @returns undefined if nothing is missing
 */
function findMissing(lists, own) {
    const { byBranch, all } = lists;
    const runs = mergeLists(lists);
    // of the runs that `all` does not reach, only a list that contains this run can be up to date
    if (!(all.isCut ? byBranch.runs : runs).some(({ id }) => id === own.id))
        return 'this run';
    const lastSuccess = findLastSuccess(runs, own);
    if (lastSuccess === undefined && byBranch.isCut && all.isCut)
        return 'the last success';
    const since = lastSuccess?.number ?? 0;
    const oldest = all.runs.reduce((least, { number }) => Math.min(least, number), Number.POSITIVE_INFINITY);
    const first = all.runs.length === 0 ? since + 1 : Math.max(since + 1, oldest);
    const numbers = new Set(runs.map(({ number }) => number));
    let number = own.number - 1;
    while (number >= first && numbers.has(number))
        number -= 1;
    return number >= first ? `run ${number}` : undefined;
}
/**
 * What the runs of the branch tell about the bytes at the Source.
 * A commit between the last success and this run can have left files there, although neither end of the comparison has
 * them. So can an older run that ended, or was started again, after the start of the last success.
 * @param runs of every conclusion, newest first, back to the last success at least
 */
function readHistory(runs, own) {
    const lastSuccess = findLastSuccess(runs, own);
    const laterSuccess = runs.find((run) => isPublication(run, own) && run.conclusion === 'success' && run.number > own.number);
    const { number: since = 0, startedAt = '' } = lastSuccess ?? {};
    const between = (run) => run.number > since && run.number < own.number;
    const wentOn = (run) => run.number < since && run.updatedAt > startedAt;
    const unfinished = runs.filter((run) => isPublication(run, own) && (between(run) || wentOn(run)));
    return {
        known: true,
        lastSuccess: lastSuccess && { sha: lastSuccess.sha, runNumber: lastSuccess.number },
        laterSuccess: laterSuccess && { runNumber: laterSuccess.number },
        onlyFailures: lastSuccess === undefined && unfinished.length > 0,
        unfinishedRuns: unfinished
            .filter(({ conclusion }) => !NEVER_STARTED.includes(conclusion ?? ''))
            .map(({ sha }) => sha),
    };
}

;// CONCATENATED MODULE: ./lib/select/github-runs.js

const PAGE = 100;
/** 1,000 runs, as many as a list with a filter has (docs.github.com/rest, read 2026-11). */
const github_runs_PAGES_MAX = 10;
/** The pauses before an incomplete list is read again: 15 seconds in all. The index of a list is seldom behind for longer. */
const PAUSES_MS = [1000, 2000, 4000, 8000];
/**
 * Reads the runs until no list lacks any, or until the last pause is over.
 * @param readLists reads the lists once
 */
async function readRuns(readLists, pause) {
    for (let tries = 0;; tries += 1) {
        const { own, lists } = await readLists();
        const missing = findMissing(lists, own);
        if (missing === undefined)
            return readHistory(mergeLists(lists), own);
        const waitMs = PAUSES_MS[tries];
        if (waitMs === undefined)
            return { known: false, cause: 'no-answer', why: `GitHub's list of the workflow's runs lacks ${missing}` };
        await pause(waitMs);
    }
}
/**
 * Reads the runs of this run's workflow on a branch, back to the last success. The list of every branch, which does not
 * depend on an index, is read only if the list of the branch does not prove by itself that it is complete.
 */
async function readRunLists(octokit, { runId, branch, ...place }) {
    const { data } = await octokit.rest.actions.getWorkflowRun({ ...place, run_id: runId });
    const own = { id: runId, number: data.run_number, branch, repository: `${place.owner}/${place.repo}` };
    const query = { ...place, workflow_id: data.workflow_id, per_page: PAGE };
    const isBack = (runs) => findLastSuccess(runs, own) !== undefined;
    const byBranch = await readPages(octokit, { ...query, branch }, isBack);
    const lists = { byBranch, all: { runs: [], isCut: false } };
    if (!byBranch.isCut && findMissing(lists, own) === undefined)
        return { own, lists };
    const all = await readPages(octokit, query, (runs) => {
        const since = findLastSuccess([...byBranch.runs, ...runs], own)?.number ?? 0;
        return runs.some(({ number }) => number <= since);
    });
    return { own, lists: { byBranch, all } };
}
/** @param isEnough whether the runs so far are enough, so that no further page is needed */
async function readPages(octokit, query, isEnough) {
    const runs = [];
    let pages = 0;
    for await (const { data } of octokit.paginate.iterator(octokit.rest.actions.listWorkflowRuns, query)) {
        runs.push(...data.map(toWorkflowRun));
        pages += 1;
        if (isEnough(runs))
            return { runs, isCut: false };
        if (pages === github_runs_PAGES_MAX)
            return { runs, isCut: data.length === PAGE };
    }
    return { runs, isCut: false };
}
function toWorkflowRun(run) {
    return {
        id: run.id,
        number: run.run_number,
        sha: run.head_sha,
        branch: run.head_branch,
        repository: run.head_repository?.full_name,
        event: run.event,
        conclusion: run.conclusion,
        startedAt: run.run_started_at ?? run.created_at,
        updatedAt: run.updated_at,
    };
}

;// CONCATENATED MODULE: ./lib/select/github.js




// Limits of the API: docs.github.com/rest (compare two commits; list pull requests files), read 2026-11
const COMPARE_MAX_FILES = 300;
const PULL_REQUEST_MAX_FILES = 3000;
const github_PAGE = 100;
// Two lists of 1,000 runs, or 3,000 files, need fewer.
const REQUESTS_MAX = 50;
/** Reads workflow runs and changed files from GitHub's API. */
function openGitHub({ token, apiUrl, repository, runId, signal, timeoutMs = 20_000, pause = (ms) => (0,external_node_timers_promises_namespaceObject.setTimeout)(ms, undefined, { signal }), }) {
    const [owner = '', repo = ''] = repository.split('/');
    const place = { owner, repo };
    async function connect() {
        // loaded late: a run that needs no API starts faster without it
        const { getOctokit } = await __nccwpck_require__.e(/* import() | octokit */ 850).then(__nccwpck_require__.bind(__nccwpck_require__, 2413));
        const octokit = getOctokit(token, { baseUrl: apiUrl });
        const { fetch: send } = octokit.request.endpoint.DEFAULTS.request; // knows the proxies
        const bounded = boundFetch(send, apiUrl);
        let requests = 0;
        octokit.hook.before('request', (options) => {
            requests += 1;
            if (requests > REQUESTS_MAX)
                throw new AnswerError('a list of pages that does not end');
            options.request.fetch = bounded;
            options.request.signal = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        });
        return octokit;
    }
    async function compare(base, head) {
        const octokit = await connect();
        const basehead = `${base}...${head}`;
        const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...place, basehead, per_page: github_PAGE });
        return data;
    }
    async function pullRequest(number) {
        const octokit = await connect();
        const files = await octokit.paginate(octokit.rest.pulls.listFiles, {
            ...place,
            pull_number: number,
            per_page: github_PAGE,
        });
        return { files: files.flatMap(toChangedFiles), cut: files.length >= PULL_REQUEST_MAX_FILES, base: '' };
    }
    async function orUndefined(ask) {
        try {
            return await github_errors_retry(ask, signal, pause);
        }
        catch {
            signal.throwIfAborted();
            return undefined; // resolveBase tries the next candidate, and says so
        }
    }
    return {
        async runs(branch) {
            if (!Number.isInteger(runId))
                return { known: false, cause: 'no-token', why: 'GITHUB_RUN_ID is not set' };
            try {
                const readLists = async () => readRunLists(await connect(), { ...place, runId, branch });
                return await readRuns(() => github_errors_retry(readLists, signal, pause), pause);
            }
            catch (error) {
                signal.throwIfAborted();
                return { known: false, ...github_errors_explain(error) };
            }
        },
        mergeBase: (base, head) => orUndefined(async () => (await compare(base, head)).merge_base_commit.sha),
        compare: (base, head, { mergeBase }) => orUndefined(async () => {
            const { status, files, merge_base_commit: from } = await compare(base, head);
            const isAncestor = status === 'ahead' || status === 'identical';
            // a missing list does not mean that nothing changed
            if (files === undefined || (!isAncestor && !mergeBase))
                return undefined;
            return { files: files.flatMap(toChangedFiles), cut: files.length >= COMPARE_MAX_FILES, base: from.sha };
        }),
        pullRequest: (number) => orUndefined(() => pullRequest(number)),
    };
}
function explainCut(files) {
    return `GitHub's API lists ${files} files, its limit, so others may be missing`;
}
/** A rename is a deleted and an added file, as in git.ts. */
function toChangedFiles({ filename, status, previous_filename: previous }) {
    if (status === 'removed')
        return [{ path: filename, change: 'deleted' }];
    if (status === 'unchanged')
        return [];
    if (status === 'added' || status === 'copied')
        return [{ path: filename, change: 'added' }];
    if (status !== 'renamed' || previous === undefined)
        return [{ path: filename, change: 'modified' }];
    return [
        { path: previous, change: 'deleted' },
        { path: filename, change: 'added' },
    ];
}

// EXTERNAL MODULE: external "node:buffer"
var external_node_buffer_ = __nccwpck_require__(4573);
;// CONCATENATED MODULE: ./lib/select/names.js

/** Decodes a file name. A name that is not UTF-8 becomes a unique string that is not well-formed, so no URL can contain it. */
function decodeName(bytes) {
    if ((0,external_node_buffer_.isUtf8)(bytes))
        return bytes.toString('utf8');
    return bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
}
/** @param path git's, POSIX
 *  @returns why Windows cannot have a file by this name, or takes it for another name; undefined if it can
 *  @see https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
function explainWindowsName(path) {
    for (const name of path.split('/')) {
        if (name.includes('\\'))
            return 'its name contains a backslash, which separates folders on Windows';
        if (/[\p{Cc}:*?"<>|]/u.test(name))
            return 'its name contains a character that Windows allows in no name';
        if (/[. ]$/.test(name))
            return 'its name ends with a dot or a space, which Windows drops';
        if (/^(con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]) *(\.|$)/i.test(name))
            return 'its name is that of a device on Windows';
    }
    return undefined;
}

;// CONCATENATED MODULE: ./lib/select/stand-ins.js




const NO_STAND_INS = new Map();
/** Linux follows as many links before it reports a loop. */
const HOPS_MAX = 40;
/** The longest target on Linux. */
const TARGET_BYTES_MAX = 4096;
/** @param head full SHA of the commit that is checked out; '' for none
 *  @param links some of its links, relative to the repository
 *  @throws GitError */
async function findStandIns(git, head, links) {
    if (head === '' || !(git.writesLinksAsText || (await hasFile(git.topLevel, links))))
        return NO_STAND_INS;
    const everywhere = await git.listLinks(head, []);
    const isName = (path) => process.platform !== 'win32' || explainWindowsName(path) === undefined;
    return new Map([...everywhere].flatMap(([path, id]) => (isName(path) ? [[(0,external_node_path_namespaceObject.join)(git.topLevel, path), id]] : [])));
}
async function hasFile(topLevel, links) {
    for (const path of links) {
        const stats = await (0,promises_namespaceObject.lstat)((0,external_node_path_namespaceObject.join)(topLevel, path)).catch(() => undefined); // not there
        if (stats?.isFile())
            return true;
    }
    return false;
}
/**
 * Resolves a path as the file system would if every stand-in were a link.
 * @param folder real path
 * @param path POSIX, relative to the folder
 * @returns its real path
 * @throws a system error, such as ENOENT and ELOOP
 */
async function resolvePath(folder, path, standIns) {
    if (standIns.size === 0)
        return (0,promises_namespaceObject.realpath)((0,external_node_path_namespaceObject.join)(folder, path));
    const { passed, isLoop } = await follow(folder, path, standIns);
    const last = passed.at(-1) ?? folder;
    const real = isLoop ? undefined : await (0,promises_namespaceObject.realpath)(last);
    // a disk that ignores case can have the stand-in by another name
    if (real === undefined || (real !== last && standIns.has(real)))
        throw systemError('ELOOP', path);
    return real;
}
/** @returns every absolute path from a path to its target, which need not exist */
async function follow(folder, path, standIns) {
    const passed = [];
    const rest = path.split('/');
    let at = folder;
    for (let hops = 0; rest.length > 0;) {
        const name = rest.shift();
        at = name === '..' ? (0,external_node_path_namespaceObject.dirname)(at) : (0,external_node_path_namespaceObject.join)(at, name ?? '');
        passed.push(at);
        const target = await readTarget(at, standIns);
        if (target === undefined)
            continue;
        hops += 1;
        if (hops > HOPS_MAX)
            return { passed, isLoop: true };
        at = target.root === '' ? (0,external_node_path_namespaceObject.dirname)(at) : target.root;
        rest.unshift(...target.names);
    }
    return { passed, isLoop: false };
}
/** @returns undefined for a path that is no link, or does not exist */
async function readTarget(path, standIns) {
    const target = await (0,promises_namespaceObject.readlink)(path).catch(() => undefined);
    if (target !== undefined)
        return split(target, external_node_path_namespaceObject.sep);
    const id = standIns.get(path);
    const text = id === undefined ? undefined : await readStandIn(path, id);
    return text === undefined ? undefined : split(text, '/');
}
function split(target, separator) {
    const root = (0,external_node_path_namespaceObject.isAbsolute)(target) ? (0,external_node_path_namespaceObject.parse)(target).root : '';
    return { root, names: target.slice(root.length).split(separator) };
}
/** @returns the target; undefined if the file has other bytes: a step has put the real file in its place */
async function readStandIn(path, id, windows = process.platform === 'win32') {
    const stats = await (0,promises_namespaceObject.lstat)(path).catch(() => undefined);
    if (!stats?.isFile() || stats.size === 0 || stats.size > TARGET_BYTES_MAX)
        return undefined;
    const bytes = await (0,promises_namespaceObject.readFile)(path);
    const hash = (0,external_node_crypto_.createHash)(id.length === 40 ? 'sha1' : 'sha256').update(`blob ${bytes.length}\0`);
    if (hash.update(bytes).digest('hex') !== id)
        return undefined;
    const target = decodeName(bytes);
    const isName = (name) => ['', '.', '..'].includes(name) || explainWindowsName(name) === undefined;
    if (windows && !target.split('/').every(isName))
        throw systemError('EINVAL', path);
    return target;
}
function systemError(code, path) {
    return Object.assign(new Error(`${code}: ${path}`), { code });
}

;// CONCATENATED MODULE: ./lib/select/links.js


/** A link itself does not change with its target, but the bytes that are published for it do.
 *  @param everywhere what changed in the whole repository
 *  @returns the changed files below the root, and the unchanged links that lead to or through a changed file */
async function withLinks(changed, everywhere, { matching, topLevel, standIns }) {
    const known = new Set(changed.map(({ path }) => path));
    const targets = new Set(everywhere.map(({ path }) => path));
    const found = [];
    for (const link of matching.filter((path) => !known.has(path))) {
        const { passed } = await follow(topLevel, link, standIns);
        const isLed = passed.some((path) => targets.has((0,external_node_path_namespaceObject.relative)(topLevel, path).split(external_node_path_namespaceObject.sep).join('/')));
        if (isLed)
            found.push({ path: link, change: 'modified' });
    }
    return [...changed, ...found];
}

;// CONCATENATED MODULE: ./lib/select/base.js
const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
const NEEDS_ACTIONS_READ = 'with the permission `actions: read` this step also publishes what failed or cancelled runs did not; without it, only what this event changed';
/** @returns the branch that a run belongs to; '' for tags and pull requests */
function branchOf(event) {
    const ref = refOf(event);
    return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : '';
}
function refOf({ name, payload, ref }) {
    return (name === 'push' && base_text(record(payload).ref)) || ref;
}
/** @returns whether the base of an event depends on earlier runs */
function needsRuns(event, baseInput) {
    const payload = record(event.payload);
    if (baseInput !== '' || (event.name === 'push' && payload.deleted === true))
        return false;
    return (branchOf(event) !== '' &&
        event.name !== 'merge_group' &&
        event.name !== 'workflow_run' &&
        record(payload.pull_request).base === undefined);
}
/** The bases that a run can compare with.
 *  @param query `runs` is undefined where the base does not depend on them */
function findBases(event, { baseInput, head, runs }) {
    const payload = record(event.payload);
    const collected = { skipped: [], notices: [], warnings: [] };
    const bases = { ...collected, candidates: [], unfinishedRuns: [], nothing: undefined };
    if (event.name === 'push' && payload.deleted === true) {
        return { ...bases, nothing: 'the push deleted its branch or tag' };
    }
    if (baseInput !== '') {
        const reason = 'the input base';
        return { ...bases, candidates: [{ strategy: 'input', ref: baseInput, mergeBase: false, reason }] };
    }
    const compared = comparedBranch(event, payload, head);
    if (compared !== undefined)
        return { ...bases, candidates: [compared] };
    const fromEvent = eventBases(event, payload, collected.skipped);
    if (isForeign(event, payload, head.sha)) {
        collected.skipped.push('not from runs: the commit that is checked out is not the commit of the event');
        return bases;
    }
    const fromRuns = runBase(runs, head.sha, collected);
    const unfinishedRuns = runs?.known ? [...new Set(runs.unfinishedRuns.filter((sha) => sha !== head.sha))] : [];
    return { ...bases, candidates: choose(fromEvent, fromRuns, { head, runs, collected }), unfinishedRuns };
}
function choose(fromEvent, fromRuns, { head, runs, collected }) {
    if (fromRuns !== undefined)
        return fromRuns.ref === head.sha ? [...fromEvent, fromRuns] : [fromRuns];
    if (isPublishedBefore(runs))
        return fromEvent;
    const kept = fromEvent.filter(({ strategy }) => strategy !== 'event');
    if (kept.length < fromEvent.length)
        collected.skipped.push('not from the event: earlier runs may not have published the commits before it');
    return kept;
}
/** GitHub notes the event's commit for a run. Where another commit is checked out, the list of runs does not tell what
 *  was published. A push can find its branch further on, but not where the branch was before. */
function isForeign(event, payload, head) {
    if (event.name !== 'push')
        return SHA.test(event.sha) && head !== event.sha;
    return head === payload.before && SHA.test(base_text(payload.after)) && head !== payload.after;
}
/** The base of an event that compares two branches. It does not depend on earlier runs. */
function comparedBranch({ name, sha }, payload, head) {
    const pullRequest = record(payload.pull_request);
    const base = base_text(record(pullRequest.base).sha);
    if (SHA.test(base)) {
        const [first, second] = head.parents;
        const isMerge = second === base_text(record(pullRequest.head).sha) || (name !== 'pull_request_target' && head.sha === sha);
        if (first !== undefined && second !== undefined && isMerge) {
            const reason = 'the first parent of the merge commit that is checked out: the target branch of the pull request';
            return { strategy: 'merge-base', ref: first, mergeBase: false, reason };
        }
        const reason = 'the merge base with the target branch of the pull request';
        return { strategy: 'merge-base', ref: base, mergeBase: true, reason };
    }
    const groupBase = base_text(record(payload.merge_group).base_sha);
    if (name !== 'merge_group' || !SHA.test(groupBase))
        return undefined;
    return { strategy: 'event', ref: groupBase, mergeBase: false, reason: 'the base of the merge group' };
}
function eventBases(event, payload, skipped) {
    const none = (reason) => {
        skipped.push(`not from the event: ${reason}`);
        return [];
    };
    if (event.name !== 'push')
        return none(`'${event.name}' has none`);
    if (refOf(event).startsWith('refs/tags/'))
        return none('a tag has none');
    const before = base_text(payload.before);
    if (/^0+$/.test(before)) {
        none('this is the first push of the branch');
        return mergeBaseWithDefault(event, payload);
    }
    if (!SHA.test(before))
        return none('it does not name the commit before the push');
    return [{ strategy: 'event', ref: before, mergeBase: false, reason: 'the commit of the branch before the push' }];
}
function mergeBaseWithDefault(event, payload) {
    const branch = base_text(record(payload.repository).default_branch);
    if (branch === '' || branchOf(event) === branch || branchOf(event) === '')
        return [];
    const reason = `the merge base of a new branch with the default branch, ${branch}`;
    return [{ strategy: 'merge-base', ref: branch, mergeBase: true, reason }];
}
function runBase(runs, head, { skipped, notices, warnings }) {
    if (runs === undefined)
        return undefined;
    if (!runs.known) {
        skipped.push(`not from the last successful run: ${runs.why}`);
        if (runs.cause === 'forbidden')
            notices.push(NEEDS_ACTIONS_READ);
        if (runs.cause === 'no-answer')
            warnings.push(`earlier runs can't be read: ${runs.why}; what they did not publish is unknown`);
        return undefined;
    }
    const { lastSuccess, laterSuccess } = runs;
    if (laterSuccess !== undefined) {
        warnings.push(`run ${laterSuccess.runNumber} of this workflow is later than this run and has already succeeded on this branch: this run publishes older bytes of each file that both changed`);
    }
    if (lastSuccess === undefined) {
        skipped.push('not from the last successful run: no earlier run of this workflow succeeded on this branch');
        return undefined;
    }
    const same = lastSuccess.sha === head ? '; it is the commit that is checked out' : '';
    const reason = `the head of the last successful run on this branch, run ${lastSuccess.runNumber}${same}`;
    return { strategy: 'last-success', ref: lastSuccess.sha, mergeBase: false, reason };
}
/** @returns whether the runs before should have published the base of the event. After failures alone, nothing says so. */
function isPublishedBefore(runs) {
    return runs === undefined || (runs.known ? !runs.onlyFailures : runs.cause !== 'no-answer');
}
function record(value) {
    return typeof value === 'object' && value !== null ? value : {};
}
function base_text(value) {
    return typeof value === 'string' ? value : '';
}

;// CONCATENATED MODULE: ./lib/select/resolve-base.js

/** No base commit was found and `on-unknown-base` is `fail`. */
class BaseError extends Error {
    name = 'BaseError';
}
const NO_TOKEN = {
    known: false,
    cause: 'no-token',
    why: 'there is no github-token to read workflow runs with',
};
/** Compares the head with the first base that is available.
 *  @throws BaseError */
async function resolveBase(event, query, repository) {
    const { head, rootPath, github } = repository;
    const readRuns = async () => (github === undefined ? NO_TOKEN : await github.runs(branchOf(event)));
    const runs = needsRuns(event, query.base) ? await readRuns() : undefined;
    const bases = findBases(event, { baseInput: query.base, head, runs });
    const { notices, warnings } = bases;
    const found = { head: head.sha, rootPath, notices, warnings };
    if (bases.nothing !== undefined) {
        const steps = [`nothing to do: ${bases.nothing}`];
        return { ...found, base: head.sha, baseStrategy: 'event', files: [], considered: 0, steps };
    }
    const { base, changed, restored, baseStrategy, steps, ...more } = await diffWithFirst(bases, query, repository);
    const files = [...changed, ...restored].filter(({ path }) => query.files(path.slice(rootPath.length)));
    const unknown = query.base !== '' && baseStrategy === 'all'
        ? [`base: '${query.base}' is not available, so every matching file is taken`]
        : [];
    return {
        ...found,
        base: base === head.sha && restored.length > 0 ? '' : base, // the files differ from unfinished runs, not from the base
        baseStrategy,
        files,
        considered: changed.length + restored.length,
        steps,
        warnings: [...warnings, ...more.warnings, ...unknown],
    };
}
async function diffWithFirst({ candidates, skipped, unfinishedRuns }, { onUnknownBase }, repository) {
    const steps = skipped.map((reason) => `base: ${reason}`);
    for (const candidate of candidates) {
        const { strategy, ref, reason } = candidate;
        const diff = await repository.diff(candidate);
        if (typeof diff === 'string') {
            steps.push(`base: ${ref} (${strategy}) is not available: ${diff}`);
            continue;
        }
        const { restored, warnings } = await findRestored(unfinishedRuns, diff, repository);
        steps.push(`base: ${diff.base || ref} (${strategy}): ${reason}`);
        if (restored.length > 0)
            steps.push(`base: and ${restored.length} more files that unfinished runs may have published in other versions`);
        return { ...diff, restored, warnings, baseStrategy: strategy, steps };
    }
    if (onUnknownBase === 'fail')
        throw new BaseError(`on-unknown-base: no base commit was found, and on-unknown-base is fail (${steps.join('; ')})`);
    steps.push('base: none, so every matching file is taken');
    return { base: '', changed: await repository.listAll(), restored: [], warnings: [], baseStrategy: 'all', steps };
}
/** Files that an unfinished run may have published in another version, and that are the same at the base and the head.
 *  A file that such a run added and that the head lacks needs nothing.
 *  @returns those files, and one warning for each run whose commit is not available */
async function findRestored(unfinishedRuns, { base, changed }, repository) {
    const known = new Set(changed.map(({ path }) => path));
    const restored = [];
    const warnings = [];
    const commits = unfinishedRuns.filter((sha) => sha !== base);
    await repository.prefetch(commits);
    for (const ref of commits) {
        const diff = await repository.diff({ strategy: 'last-success', ref, mergeBase: false, reason: '' });
        if (typeof diff === 'string') {
            warnings.push(`a run without success may have published files of ${ref}, and which ones is unknown: ${diff}; run once with an earlier commit as base`);
            continue;
        }
        for (const { path, change } of diff.changed) {
            if (change === 'deleted' || known.has(path))
                continue;
            known.add(path);
            restored.push({ path, change: 'modified' });
        }
    }
    return { restored, warnings };
}

;// CONCATENATED MODULE: ./lib/select/work-tree.js






const work_tree_AT_A_TIME = 64;
/**
 * Probes files in the work tree. A symbolic link, or a text file that stands for one, is followed only to a file inside the
 * workspace and outside `.git`.
 * @returns the files by path
 */
async function probeFiles(paths, { windows = process.platform === 'win32', ...workTree }) {
    const { listedBy = 'git', standIns = NO_STAND_INS } = workTree;
    const [workspace, topLevel] = await Promise.all([(0,promises_namespaceObject.realpath)(workTree.workspace), (0,promises_namespaceObject.realpath)(workTree.topLevel)]);
    const files = new Map();
    const queue = [...paths].reverse();
    const worker = async () => {
        for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
            const why = windows ? explainWindowsName(path) : undefined;
            const file = why === undefined
                ? await probe(path, { workspace, topLevel, listedBy, standIns })
                : { problem: `${why}: rename it, or run this job on another system` };
            files.set(path, file);
        }
    };
    await Promise.all(Array.from({ length: work_tree_AT_A_TIME }, worker));
    return files;
}
async function probe(path, { workspace, topLevel, listedBy, standIns }) {
    if (!path.isWellFormed())
        return { problem: 'its name is not UTF-8, so no URL can contain it: rename it' };
    let isLink = false;
    try {
        const full = (0,external_node_path_namespaceObject.join)(topLevel, path);
        isLink = standIns.has(full) || (await (0,promises_namespaceObject.lstat)(full).catch(() => undefined))?.isSymbolicLink() === true;
        const absolutePath = await resolvePath(topLevel, path, standIns);
        const inside = (0,external_node_path_namespaceObject.relative)(workspace, absolutePath).split(external_node_path_namespaceObject.sep);
        if (inside[0] === '..' || (0,external_node_path_namespaceObject.isAbsolute)(inside.join(external_node_path_namespaceObject.sep)))
            return {
                problem: 'a symbolic link that leaves the workspace: it is never followed; put the file itself in its place',
            };
        if (inside.some(isGitName))
            return { problem: 'a symbolic link into .git: it is never followed; put the file itself in its place' };
        return regularFile(absolutePath, await (0,promises_namespaceObject.lstat)(absolutePath, { bigint: true }), isLink);
    }
    catch (error) {
        const { code } = error;
        if (isLink)
            return { problem: `a symbolic link whose target can't be reached (${code})` };
        return { problem: code === 'ENOENT' ? MISSING[listedBy] : `it can't be read (${code})` };
    }
}
function regularFile(absolutePath, stats, isLink) {
    const { size, dev, ino, ctimeNs } = stats;
    if (stats.isFile())
        return { absolutePath, bytes: Number(size), identity: { dev, ino, ctimeNs } };
    return {
        problem: !stats.isDirectory()
            ? 'it is not a regular file'
            : isLink
                ? 'a symbolic link to a folder: put the files themselves in its place'
                : 'a file in git, but a folder in the work tree',
    };
}
const MISSING = {
    git: 'a file in git, but not in the work tree: is the checkout sparse, or did an earlier step delete the file?',
    folder: 'it has disappeared since the folder was listed: does another process change the folder during this run?',
};
/** Lists every file and link below the root, without `.git`, and follows no link.
 *  @returns POSIX, relative to the workspace */
async function listFolder({ workspace, root }, onlyLinks = false) {
    const paths = [];
    const folders = (0,external_node_fs_namespaceObject.existsSync)((0,external_node_path_namespaceObject.join)(workspace, root)) ? [root === '.' ? '' : `${root}/`] : [];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
        for (const entry of await (0,promises_namespaceObject.readdir)((0,external_node_path_namespaceObject.join)(workspace, folder), { withFileTypes: true })) {
            if (isGitName(entry.name))
                continue;
            if (entry.isDirectory())
                folders.push(`${folder}${entry.name}/`);
            else if (!onlyLinks || entry.isSymbolicLink())
                paths.push(`${folder}${entry.name}`);
        }
    }
    return paths.sort();
}

;// CONCATENATED MODULE: ./lib/select/by-api.js








/** The files that changed since the base, from GitHub's API, for a workspace without git. A list that may be cut is not used.
 *  @param folder the workspace and the root in it
 *  @throws BaseError */
async function findChangesByApi(folder, github, event, query) {
    const rootPath = folder.root === '.' ? '' : `${folder.root}/`;
    const { number } = (event.payload ?? {});
    return resolveBase(event, query, {
        head: { sha: event.sha, parents: [] },
        github,
        rootPath,
        async diff({ ref, mergeBase }) {
            const isPullRequest = mergeBase && typeof number === 'number';
            const listed = isPullRequest
                ? await github.pullRequest(number)
                : await github.compare(ref, event.sha, { mergeBase });
            if (listed === undefined)
                return "GitHub's API does not compare the head with it";
            if (listed.cut)
                return explainCut(listed.files.length);
            const changed = listed.files.filter(({ path }) => path.startsWith(rootPath));
            const links = (0,external_node_fs_namespaceObject.existsSync)((0,external_node_path_namespaceObject.join)(folder.workspace, folder.root)) ? await listFolder(folder, true) : [];
            const matching = links.filter((path) => query.files(path.slice(rootPath.length)));
            const topLevel = await (0,promises_namespaceObject.realpath)(folder.workspace);
            const followed = { matching, topLevel, standIns: NO_STAND_INS };
            return { base: listed.base, changed: await withLinks(changed, listed.files, followed) };
        },
        prefetch: async () => { },
        async listAll() {
            const paths = await listFolder(folder);
            return paths.map((path) => ({ path, change: 'present' }));
        },
    });
}

;// CONCATENATED MODULE: ./lib/select/base-commit.js
/** How many commits each round of fetches adds below the ends of a shallow history, to find a merge base. */
const DEEPEN_BY = [50, 200, 800];
const ANCESTORS_MAX = 1000;
const TOO_SHORT = 'the history of this clone is too short to tell the last common commit: set fetch-depth: 0 for actions/checkout';
/** Finds the merge base of a commit and the head. That of a shallow clone is believed only where a deeper one has the same.
 *  @returns its full SHA, or the reason why it is unknown */
async function findMergeBase(git, github, { ref, head }) {
    const known = await git.findCommit(ref);
    const local = known === undefined ? undefined : await look(git, known, head);
    if (local?.sha !== undefined && local.cuts.length === 0)
        return { sha: local.sha };
    const sha = await github?.mergeBase(known ?? ref, head);
    if (sha !== undefined)
        return { sha };
    const commit = known ?? (await git.fetchCommit(ref));
    const deep = commit === undefined ? undefined : await lookDeeper(git, commit, head);
    if (deep?.sha !== undefined && deep.cuts.length === 0)
        return { sha: deep.sha };
    if (deep !== undefined && deep.cuts.length > 0)
        return { why: TOO_SHORT };
    return { why: 'neither this clone nor the API has a common commit with it' };
}
async function look(git, commit, head) {
    const sha = await git.mergeBase(commit, head);
    if (sha === commit || sha === head)
        return { sha, cuts: [] };
    // a path to a later common ancestor leaves this part of the history only through a cut
    return { sha, cuts: await git.findCuts([commit, head], sha) };
}
async function lookDeeper(git, commit, head) {
    let found = await look(git, commit, head);
    for (const commits of DEEPEN_BY) {
        if (found.cuts.length === 0 || !(await git.deepen(found.cuts, commits)))
            return found;
        found = await look(git, commit, head);
    }
    return found;
}
/** Finds a commit, and fetches it if the clone lacks it.
 *  @param ref anything that git resolves, such as `HEAD~2`
 *  @returns its full SHA */
async function findBaseCommit(git, ref) {
    return (await git.findCommit(ref)) ?? (await git.fetchCommit(ref)) ?? (await findAncestor(git, ref));
}
/** Fetches the history that leads to an ancestor such as `HEAD~2` or `v1^`: no remote knows it by that name. */
async function findAncestor(git, ref) {
    const [, name = '', path = ''] = /^([^~^@:{]+)((?:[~^]\d*)+)$/.exec(ref) ?? [];
    const tip = name === '' ? undefined : ((await git.findCommit(name)) ?? (await git.fetchCommit(name)));
    if (tip === undefined)
        return undefined;
    const steps = [...path.matchAll(/([~^])(\d*)/g)].map(([, sign, count]) => (sign === '~' ? Number(count || 1) : 1));
    const generations = steps.reduce((sum, step) => sum + step, 0);
    const cuts = generations > ANCESTORS_MAX ? [] : await git.findCuts([tip]);
    return (await git.deepen(cuts, generations)) ? git.findCommit(tip + path) : undefined;
}

;// CONCATENATED MODULE: ./lib/select/diff.js




const diff_SHA = /^[0-9a-f]{40,64}$/;
const GONE = 'this clone lacks the commit, and its remote did not send it';
const diff_TOO_SHORT = `${GONE}: set fetch-depth: 0 for actions/checkout`;
/** What changed from a base to the head, with the links that lead to a changed file. */
function createDiff({ git, github, head, files }) {
    const { rootPath, topLevel } = git;
    let links;
    const listLinks = () => {
        links ??= git.listLinks(head);
        return links;
    };
    async function byGit(base) {
        const [below] = await Promise.all([git.diff(base, head), listLinks()]);
        const everywhere = async () => (rootPath === '' ? below : await git.diff(base, head, true));
        return { base, changed: await addLinks(below.flatMap(toChangedFile), everywhere) };
    }
    async function byApi(ref) {
        const isLocal = /[~^@:]|^HEAD$/.test(ref); // HEAD is another commit for the API
        const listed = isLocal ? undefined : await github?.compare(ref, head, { mergeBase: false });
        if (listed === undefined)
            return diff_SHA.test(ref) || (await git.findCuts([head])).length === 0 ? GONE : diff_TOO_SHORT;
        const base = listed.base === ref ? undefined : await findBaseCommit(git, listed.base);
        if (base !== undefined)
            return byGit(base);
        if (listed.cut)
            return `${GONE}; ${explainCut(listed.files.length)}`;
        const entries = await git.list(head);
        const submodules = new Set(entries.flatMap(({ kind, path }) => (kind === 'submodule' ? [path] : [])));
        const changed = listed.files.filter(({ path }) => path.startsWith(rootPath) && !submodules.has(path));
        return { base: listed.base, changed: await addLinks(changed, async () => listed.files) };
    }
    async function addLinks(changed, everywhere) {
        const paths = [...(await listLinks()).keys()];
        const matching = paths.filter((path) => files(path.slice(rootPath.length)));
        if (matching.length === 0)
            return changed;
        const standIns = await findStandIns(git, head, paths);
        return withLinks(changed, await everywhere(), { matching, topLevel, standIns });
    }
    return { byGit, byApi };
}
/** A submodule is not a file: a submodule in place of a file is a deleted file, and the reverse is an added file. */
function toChangedFile({ path, before, after }) {
    const was = before !== undefined && before !== 'submodule';
    const is = after !== undefined && after !== 'submodule';
    if (was && is)
        return [{ path, change: 'modified' }];
    if (is)
        return [{ path, change: 'added' }];
    return was ? [{ path, change: 'deleted' }] : [];
}

;// CONCATENATED MODULE: ./lib/select/by-git.js



const by_git_SHA = /^[0-9a-f]{40,64}$/;
/** The files that changed since the base. Every file where no base was found.
 *  @throws GitError, BaseError */
async function findChanges(git, github, event, query) {
    const head = await git.head();
    const { rootPath } = git;
    const diff = createDiff({ git, github, head: head.sha, files: query.files });
    const changes = await resolveBase(event, query, {
        head,
        github,
        rootPath,
        async diff({ ref, mergeBase }) {
            // a submodule or another repository can have a branch of the same name, which is unrelated
            const isNamed = mergeBase && !by_git_SHA.test(ref);
            if (isNamed && event.sha !== head.sha && (await git.findCommit(event.sha)) === undefined)
                return "it is a branch of the event's repository, and this clone lacks the event's commit";
            const wanted = mergeBase ? await findMergeBase(git, github, { ref, head: head.sha }) : { sha: ref };
            if ('why' in wanted)
                return wanted.why;
            const base = await findBaseCommit(git, wanted.sha);
            return base === undefined ? diff.byApi(wanted.sha) : diff.byGit(base);
        },
        async prefetch(commits) {
            if (commits.length > 1)
                await git.fetchCommits(commits);
        },
        async listAll() {
            const entries = await git.list(head.sha);
            return entries.filter(({ kind }) => kind !== 'submodule').map(({ path }) => ({ path, change: 'present' }));
        },
    });
    const isUnknown = git.isSubmodule && changes.baseStrategy === 'all' && query.base === '';
    return isUnknown ? { ...changes, notices: [...changes.notices, IN_SUBMODULE] } : changes;
}
const IN_SUBMODULE = 'root: it is in a submodule, and the event names no commit of that, so every matching file is taken: set base to a commit of the submodule';

;// CONCATENATED MODULE: ./lib/select/find-nested.js




const find_nested_DEPTH_MAX = 3;
const FOLDERS_MAX = 1000;
/** Finds repositories below the workspace, where `actions/checkout` puts one by its input `path`.
 *  @returns POSIX, relative to the workspace, the nearest first */
async function findNested(workspace) {
    const found = [];
    let folders = [''];
    for (let depth = 0, read = 0; depth < find_nested_DEPTH_MAX; depth += 1) {
        const below = [];
        for (const folder of folders) {
            read += 1;
            if (read > FOLDERS_MAX)
                return found;
            for (const entry of await (0,promises_namespaceObject.readdir)((0,external_node_path_namespaceObject.join)(workspace, folder), { withFileTypes: true }).catch(() => [])) {
                if (!entry.isDirectory() || isGitName(entry.name) || entry.name === 'node_modules')
                    continue;
                const path = `${folder}${entry.name}`;
                if ((0,external_node_fs_namespaceObject.existsSync)((0,external_node_path_namespaceObject.join)(workspace, path, '.git')))
                    found.push(path);
                else
                    below.push(`${path}/`);
            }
        }
        folders = below;
    }
    return found;
}

;// CONCATENATED MODULE: ./lib/select/check-root.js







const BUILT = 'so no push publishes one: set mode: all for files that a step makes';
/** Looks at a root below which nothing changed.
 *  @returns why no push can publish a file below it; undefined if one can
 *  @throws GitError */
async function findRootProblem(git, place) {
    const { workspace, root, head, files } = place;
    if (root === '.' || git?.rootPath === '')
        return undefined;
    const entries = (await git?.listFolder(head, git.rootPath)) ?? [];
    const relativePath = (path) => path.slice(git?.rootPath.length);
    if (entries.some(({ kind, path }) => kind !== 'file' || files(relativePath(path))))
        return undefined;
    const isThere = (0,external_node_fs_namespaceObject.existsSync)((0,external_node_path_namespaceObject.join)(workspace, root));
    if (entries.length > 0)
        return isThere ? warnOfUntracked(place) : undefined; // not there: a sparse checkout
    const text = (await explainRoot(git, place)) ?? (isThere ? git && `git has no file below '${root}', ${BUILT}` : missing(root));
    return text === undefined ? undefined : { level: 'error', text: `root: ${text}` };
}
function missing(root) {
    return `'${root}' is not allowed; a folder of the workspace (there is none of that name, and nothing below it changed)`;
}
async function warnOfUntracked({ workspace, root, files }) {
    const example = (await listFolder({ workspace, root })).find((path) => files(path.slice(root.length + 1)));
    if (example === undefined)
        return undefined;
    const text = `root: git has no file below '${root}' that matches files, and does not track ${example}, ${BUILT}`;
    return { level: 'warning', text };
}
/** @returns why a root is missing or empty, and the right one; undefined if nothing tells it
 *  @throws GitError */
async function explainRoot(git, place) {
    if (place.root === '.')
        return undefined;
    return (git && (await explainByGit(git, place))) ?? (await explainByDisk(place));
}
async function explainByGit(git, { workspace, root, head }) {
    if (head === '' || git.rootPath === '')
        return undefined;
    const found = await findInTree(git, head);
    if (found === undefined)
        return undefined;
    const folder = (0,external_node_path_namespaceObject.relative)(await (0,promises_namespaceObject.realpath)(workspace), git.topLevel)
        .split(external_node_path_namespaceObject.sep)
        .join('/');
    const path = (folder === '' ? '' : `${folder}/`) + found.path;
    if (!found.isSubmodule)
        return `${found.path}/` === git.rootPath ? undefined : otherName(root, path);
    const what = `${found.path}/` === git.rootPath ? 'is a submodule that' : `is in the submodule '${path}', which`;
    return `'${root}' ${what} is not checked out: set submodules: true on actions/checkout`;
}
/** Follows the root in a commit, also by names that differ by case or Unicode form. */
async function findInTree(git, head) {
    let prefix = '';
    for (const name of git.rootPath.split('/').slice(0, -1)) {
        const entry = pick(await git.listFolder(head, prefix), prefix + name);
        if (entry?.kind === 'submodule')
            return { path: entry.path, isSubmodule: true };
        if (entry?.kind !== 'folder')
            return undefined;
        prefix = `${entry.path}/`;
    }
    return { path: prefix.slice(0, -1), isSubmodule: false };
}
/** @returns the entry of this path, else one whose path differs only by case or Unicode form */
function pick(entries, path) {
    return (entries.find((entry) => entry.path === path) ?? entries.find((entry) => foldName(entry.path) === foldName(path)));
}
async function explainByDisk({ workspace, root }) {
    const found = await findOnDisk(workspace, root);
    if (found === root)
        return undefined;
    if (found !== undefined)
        return otherName(root, found);
    const nested = (await findNested(workspace)).find((folder) => (0,external_node_fs_namespaceObject.existsSync)((0,external_node_path_namespaceObject.join)(workspace, folder, root)));
    if (nested === undefined)
        return undefined;
    return `there is no folder '${root}', but the repository in '${nested}' has one: set root: ${nested}/${root}`;
}
/** Explains a root of a workspace that is not a repository itself.
 *  @param nested the repositories in it
 *  @returns undefined if the root can be right */
async function explainNested(nested, { workspace, root }) {
    const [first] = nested;
    if (root !== '.' || first === undefined)
        return (0,external_node_fs_namespaceObject.existsSync)((0,external_node_path_namespaceObject.join)(workspace, root)) ? undefined : explainByDisk({ workspace, root });
    const names = await (0,promises_namespaceObject.readdir)(workspace);
    const isOther = (name) => !nested.some((folder) => folder.split('/')[0] === name);
    return names.some(isOther)
        ? undefined
        : `the workspace is not a repository, but '${first}' is: set root: ${first}, or a folder in it`;
}
/** Refuses a root whose files GitHub's API can't tell, because the repository is in a folder of the workspace.
 *  @param error why git has no repository
 *  @throws InputError; the error if the root is in that folder */
async function refuseNested(place, error) {
    if ((0,external_node_fs_namespaceObject.existsSync)((0,external_node_path_namespaceObject.join)(place.workspace, '.git')))
        return;
    const nested = await findNested(place.workspace);
    const text = await explainNested(nested, place);
    if (text !== undefined)
        throw new InputError([`root: ${text}`]);
    if (nested.some((folder) => `${place.root}/`.startsWith(`${folder}/`)))
        throw error;
}
async function findOnDisk(workspace, root) {
    const found = [];
    for (const name of root.split('/')) {
        const entries = await (0,promises_namespaceObject.readdir)((0,external_node_path_namespaceObject.join)(workspace, ...found), { withFileTypes: true }).catch(() => []); // not a folder
        const names = entries.filter((entry) => !entry.isFile()).map((entry) => entry.name);
        const other = names.includes(name) ? name : names.find((entry) => foldName(entry) === foldName(name));
        if (other === undefined)
            return undefined;
        found.push(other);
    }
    return found.join('/');
}
function otherName(root, path) {
    const difference = root.normalize() === path.normalize() ? 'Unicode form' : 'case';
    return `'${root}' differs by ${difference} from '${path}', which is the name of the folder: set root: ${path}`;
}

;// CONCATENATED MODULE: ./lib/inputs/pattern-guesses.js

/**
 * Guesses what a pattern that matches no file means. The caller checks the guesses against the files.
 * @param isLost no pattern matches any file: then a pattern without folders can mean every folder, as in gitignore
 */
function guessMeanings(pattern, look, isLost) {
    const { exclude, body } = (0,inputs_patterns/* splitSign */._j)(pattern);
    const guesses = [
        [body.replace(/\/+$/, ''), 'it ends with a slash, so it matches folders only'],
        [asWritten(body, look.find(body, 'case')), 'case matters'],
        [
            look.find(body, 'form') && body.normalize().replace(/[^\0-\x7f]+/g, '*'),
            'its letters are of another Unicode form',
        ],
        [body.replaceAll('[', '[[]'), 'brackets are one character'],
        [pattern_guesses_decode(body), '% is not an escape'],
        [isLost && !body.startsWith('**/') ? `**/${body.replace(/^\.\//, '')}` : undefined, 'it names no folder above'],
    ];
    return guesses.flatMap(([form, because]) => form === undefined || form === body
        ? []
        : [{ forms: [(exclude ? '!' : '') + form], because: [because], isSure: false }]);
}
/** Changes the case of a pattern to that of a name that it matches except for case. */
function asWritten(body, name) {
    if (name === undefined)
        return undefined;
    const folders = name.split('/');
    return body
        .split('/')
        .map((segment) => {
        const literal = /^[^*?[\]]*$/.test(segment);
        const found = literal ? folders.find((folder) => pattern_guesses_isSame(folder, segment)) : undefined;
        return found ?? recaseParts(segment, folders);
    })
        .join('/');
}
/** Changes the case of a segment such as `IMG_*.PNG`, part by part, to that in a folder or file name. */
function recaseParts(segment, folders) {
    return segment.replace(/\[[^\]]*\]|[^*?[\]]+/g, (part) => {
        if (part.startsWith('['))
            return part;
        for (const folder of folders.toReversed()) {
            const at = folder.toLowerCase().indexOf(part.toLowerCase());
            if (at !== -1 && folder.length === folder.toLowerCase().length)
                return folder.slice(at, at + part.length);
        }
        return part;
    });
}
function pattern_guesses_isSame(one, other) {
    return one.toLowerCase() === other.toLowerCase();
}
function pattern_guesses_decode(body) {
    try {
        return decodeURIComponent(body);
    }
    catch {
        return undefined; // it contains a % that is not an escape
    }
}

// EXTERNAL MODULE: ./node_modules/minimatch/dist/esm/index.js + 7 modules
var esm = __nccwpck_require__(3581);
;// CONCATENATED MODULE: ./lib/inputs/pattern-meaning.js


const HABITS_MAX = 10;
const FORMS_MAX = 100;
/** Longer patterns are not written by hand. */
const LENGTH_MAX = 300;
/**
 * Reads a pattern that is written with habits of YAML, a shell, gitignore, Windows or regular expressions.
 * @param root POSIX, relative to the workspace
 * @returns undefined for a pattern without such habits
 */
function readMeaning(pattern, root) {
    if (pattern.length > LENGTH_MAX)
        return undefined;
    let forms = [(0,inputs_patterns/* splitSign */._j)(pattern)];
    const because = [];
    let isSure = false;
    for (let round = 0; round < HABITS_MAX; round += 1) {
        const next = takeHabit(forms, root);
        if (next === undefined)
            break;
        forms = next.forms.slice(0, FORMS_MAX);
        const isOwn = next.because === BRACES && !pattern.includes('{'); // from the habit before
        if (!isOwn && !because.includes(next.because))
            because.push(next.because);
        isSure ||= next.isSure;
    }
    const written = forms.map(({ exclude, body }) => `${exclude ? '!' : ''}${body.replace(/^(\.?\/)+/, '') || '**'}`);
    return written.length === 0 || because.length === 0 ? undefined : { forms: [...new Set(written)], because, isSure };
}
function takeHabit(forms, root) {
    for (const habit of HABITS) {
        const taken = forms.map(({ body }) => habit(body, root));
        const first = taken.find((read) => read !== undefined);
        if (first === undefined)
            continue;
        const read = forms.flatMap((form, at) => {
            const parts = taken[at]?.bodies.map((part) => (0,inputs_patterns/* splitSign */._j)(part.trim())) ?? [form];
            return parts.map(({ exclude, body }) => ({ exclude: exclude || form.exclude, body }));
        });
        return { ...first, forms: read.filter(({ body }) => body !== '') };
    }
    return undefined;
}
/** A habit that a regular expression finds and replaces. */
function replace(found, by, because, isSure = true) {
    return (body) => (found.test(body) ? { bodies: [body.replace(found, by)], because, isSure } : undefined);
}
const LINE = 'a line is one pattern';
const COMMENT = '# starts a comment at the start of a line only';
const QUOTES = 'quotes are part of a pattern';
const NO_REGEXP = 'a pattern is not a regular expression';
const BRACES = 'a pattern has no braces';
const pattern_meaning_BACKSLASH = 'a backslash does not separate folders';
const GLOBSTAR = '** stands for folders only between slashes';
const ROOT = 'patterns are relative to root';
const EXTENSION = /^\.(a?png|ai|avif|bmp|eps|gif|hei[cf]|ico|jfif|jp2|jpe?g|m4v|mov|mp4|pdf|psd|svg|tiff?|web[mp])$/i;
// In this order: first the habits that enclose a pattern.
const HABITS = [
    replace(/[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]+/g, '', 'it contains an invisible character'),
    replace(/^(files|sub-images|content-types|paths?|include|exclude)\s*:\s+(?=\S)/, '', 'a name and a colon are part of it'),
    replace(/^\[(.*["'/].*)\]$/, '$1', 'a list in brackets is a class of characters'),
    replace(/^[-•]\s+/, '', 'a dash does not start a list item'),
    (body) => splitAt(body, /\\[nr]+(?=[*!])/, '\\n is not a line break'),
    replace(/\s+(#(\s.*)?|\/\/\s.*)$/, '', COMMENT),
    replace(/\s+#\S.*$/, '', COMMENT, false),
    replace(/\s*:\s*(application|audio|font|image|text|video)\/[\w.+*-]+$/, '', 'a content type belongs into content-types'),
    replace(/[,;|]+$/, '', LINE),
    splitList,
    replace(/^(["'`\u2018\u201c\u00ab])(.*)["'`\u2019\u201d\u00bb]$/, '$2', QUOTES),
    replace(/^["'`](?=.*[*/])|["'`]$/, '', QUOTES),
    replace(/^https?:\/\/[^/]+\//i, '', 'a pattern is a path and not a URL'),
    replace(/^(\$\{?(GITHUB_WORKSPACE|PWD)\}?|%(GITHUB_WORKSPACE|CD)%)[\\/]/, '', 'no shell replaces variables'),
    readRegExp,
    replace(/(\.)jpe\?g$/i, '$1{jpg,jpeg}', '? is one character'),
    replace(/(\.)tiff\?$/i, '$1{tif,tiff}', '? is one character'),
    replace(/[@+*?]?\(([^()]*\|[^()]*)\)/, '{$1}', 'parentheses are part of a name'),
    replace(/\.\[(\w{2,5}(?:\s*[,|]\s*\w{2,5})+)\]/, '.{$1}', 'brackets are one character'),
    expandBraces,
    readBackslashes,
    readDrive,
    dropRoot,
    readStars,
    (body) => readExtension(body, true),
    (body) => readExtension(`.${body}`, false),
];
function splitAt(body, separator, because, isSure = true) {
    const bodies = body.split(separator).filter((part) => part !== '');
    return bodies.length > 1 ? { bodies, because, isSure } : undefined;
}
/** Splits a list of patterns at commas, semicolons, bars or spaces outside quotes and brackets. */
function splitList(body) {
    const parts = body.match(/("[^"]*"|'[^']*'|\{[^{}]*\}|\[[^[\]]*\]|\([^()]*\)|[^\s,;|])+/g) ?? [];
    if (parts.length < 2 || !parts.every((part) => /[*?/"']|\.\w+$/.test(part)))
        return undefined;
    return { bodies: parts, because: LINE, isSure: parts.every((part) => /[*"']/.test(part)) };
}
function readRegExp(body) {
    const isSure = /^\^|\\\.[\w({]+\$?$|[\w)]\$$/.test(body);
    if (!isSure && !/^\.[*+]\.?\w/.test(body))
        return undefined;
    const glob = body
        .replace(/^\^|\$$/g, '')
        .replaceAll('(?:', '(')
        .replace(/(^|\/)\.[*+]/g, '$1**/*')
        .replace(/\.[*+]|\\[wd][*+]/g, '*')
        .replace(/\\([./])/g, '$1')
        .replace(/(\w)\?(?=[\w)]|$)/g, '{$1,}')
        .replace(/\(([^()]*\|[^()]*)\)/g, '{$1}');
    return { bodies: [glob], because: NO_REGEXP, isSure };
}
function expandBraces(body) {
    const closed = /\{[^{}]*,[^{}]*$/.test(body) ? `${body}}` : body;
    if (!/\{.+\}/.test(closed))
        return undefined;
    const tidy = closed.replace(/\{[^{}]*\}/g, (set) => set.replace(/\s*[,|]\s*/g, ','));
    const bodies = (0,esm/* braceExpand */.KA)(tidy, { braceExpandMax: FORMS_MAX });
    if (bodies.length > 1)
        return { bodies, because: BRACES, isSure: true };
    const bare = body.replace(/\{([^{},/]+)\}/g, '$1');
    return bare === body ? undefined : { bodies: [bare], because: BRACES, isSure: false };
}
/** Reads backslashes as on Windows, or as escapes of Markdown. */
function readBackslashes(body) {
    const isPath = !body.includes('/') || /\\\w/.test(body);
    const form = isPath ? body.replace(/\\+/g, '/') : body.replaceAll('\\', '');
    return form === body || /^\\[!#]/.test(body)
        ? undefined
        : { bodies: [form], because: pattern_meaning_BACKSLASH, isSure: /\\(\w|\*\*)/.test(body) };
}
function readDrive(body, root) {
    if (!/^[a-z]:\//i.test(body))
        return undefined;
    const start = root === '.' ? -1 : body.indexOf(`/${root}/`);
    return { bodies: [body.slice(start === -1 ? 3 : start + root.length + 2)], because: ROOT, isSure: true };
}
function dropRoot(body, root) {
    if (root === '.')
        return undefined;
    const path = body.replace(/^(\.?\/)+/, '');
    if (path === root || path.startsWith(`${root}/`)) {
        return { bodies: [path.slice(root.length + 1) || '**'], because: ROOT, isSure: true };
    }
    const last = root.slice(root.lastIndexOf('/') + 1);
    if (!path.startsWith(`${last}/`))
        return undefined;
    return { bodies: [path.slice(last.length + 1)], because: ROOT, isSure: false };
}
function readStars(body) {
    const form = body
        .split('/')
        .map((segment) => (/^\*+$/.test(segment) ? segment : separateStars(segment)))
        .join('/');
    return form === body ? undefined : { bodies: [form], because: GLOBSTAR, isSure: true };
}
function separateStars(segment) {
    return segment
        .replace(/^\*{2,}/, '**/*')
        .replace(/\*{2,}$/, '/**')
        .replace(/(?<=[^*/])\*{2,}(?=[^*])/g, '*/**/*');
}
function readExtension(name, isSure) {
    if (!EXTENSION.test(name))
        return undefined;
    return { bodies: [`**/*${name}`], because: 'it is a whole name and not an extension', isSure };
}

;// CONCATENATED MODULE: ./lib/inputs/pattern-names.js


/** @param names POSIX, relative to the root */
function indexNames(names) {
    let extensions;
    return {
        find(pattern, ignoring) {
            const matches = compile(pattern, ignoring);
            if (matches === undefined)
                return undefined;
            // one look-up is faster than matching every name
            const [, extension] = pattern_names_EXTENSION.exec(pattern) ?? [];
            extensions ??= extensionsOf(names);
            if (extension !== undefined && !extensions.has(ignoring === undefined ? extension : foldName(extension)))
                return undefined;
            return names.find((name) => matches(ignoring === 'form' ? name.normalize() : name));
        },
    };
}
const pattern_names_EXTENSION = /\.([^\\/.*?[\]]+)\/?$/;
/** Extensions of files and folders, as written and folded. */
function extensionsOf(names) {
    const extensions = new Set();
    for (const name of names) {
        for (const [, extension = ''] of name.matchAll(/\.([^./]+)(?=\/|$)/g))
            extensions.add(extension);
    }
    for (const extension of [...extensions])
        extensions.add(foldName(extension));
    return extensions;
}
function compile(pattern, ignoring) {
    const body = pattern.replace(/^[!\s]+/, '');
    if (ignoring === 'case' && body.includes('\\'))
        return undefined;
    try {
        if (ignoring === 'case')
            return (0,inputs_patterns/* compilePatterns */.xi)(body, { windows: true });
        return (0,inputs_patterns/* compilePatterns */.xi)(ignoring === 'form' ? body.normalize() : body);
    }
    catch (error) {
        if (!(error instanceof inputs_patterns/* PatternError */.JM))
            throw error;
        return undefined; // a form that is not valid, such as one with dots
    }
}

;// CONCATENATED MODULE: ./lib/inputs/pattern-advice.js




const pattern_advice_LINES_MAX = 200;
const WARNINGS_MAX = 5;
const FORMS_SHOWN = 5;
/**
 * Explains patterns that match no file although their author probably meant some, and suggests the right form. A pattern
 * that matches a file gets no advice.
 * @param isLost no file matches `files`, so every line of it is analysed in every way
 * @returns one line for each pattern, for the first few of each input
 */
async function advise(inputs, names, { root, isLost }) {
    const known = names.known && indexNames(names.known);
    let all;
    const warnings = [];
    for (const { name, lines } of inputs) {
        const found = adviseOnExclusions(lines, names.known).map((problem) => `${name}: ${problem}`);
        for (const line of lines.slice(0, pattern_advice_LINES_MAX)) {
            const meaning = readMeaning(line.pattern, root);
            const isLostLine = isLost && name === 'files';
            if (meaning !== undefined || isLostLine)
                all ??= indexNames(await names.list());
            const look = meaning !== undefined || isLostLine ? all : known;
            const problem = look && adviseOnLine(line, look, { meaning, isLost: isLostLine });
            if (problem !== undefined)
                found.push(`${name}: ${pattern_advice_nameOf(line)} matches no file: ${problem}`);
        }
        const more = found.length - WARNINGS_MAX;
        warnings.push(...found.slice(0, WARNINGS_MAX), ...(more > 0 ? [`${name}: and ${more} more lines of that kind`] : []));
    }
    return warnings;
}
function pattern_advice_nameOf({ line, pattern }) {
    return `line ${line}, ${/^!?['"]/.test(pattern) ? pattern : `'${pattern}'`},`;
}
/** @returns why the line matches nothing, and the right form; undefined if it matches a file, or the reason is unknown */
function adviseOnLine({ pattern, rest = '' }, look, { meaning, isLost }) {
    if (look.find(pattern) !== undefined)
        return undefined;
    const meanings = [...(meaning === undefined ? [] : [meaning]), ...guessMeanings(pattern, look, isLost)];
    const isShown = ({ forms }) => forms.some((form) => look.find(form) !== undefined);
    const right = meanings.find(isShown) ?? (meaning?.isSure === true ? meaning : undefined);
    if (right === undefined)
        return undefined;
    const forms = right.forms.map((form) => form + rest);
    const shown = forms.length > FORMS_SHOWN ? `${forms.slice(0, FORMS_SHOWN).join(', ')}, …` : forms.join(' and ');
    return `${right.because.join(', and ')}; write ${shown}${forms.length > 1 ? ', each on its own line' : ''}`;
}
/** An exclusion applies to the lines before it alone. */
function adviseOnExclusions(lines, names) {
    const first = lines.findIndex(({ pattern }) => !(0,inputs_patterns/* splitSign */._j)(pattern).exclude);
    if (first === -1 && lines.length > 0) {
        return ['every line starts with !, so no file matches: put a pattern such as **/* before them'];
    }
    if (first < 1 || names === undefined)
        return [];
    const matches = (0,inputs_patterns/* compilePatterns */.xi)(lines.map(({ pattern }) => pattern).join('\n'));
    return lines.slice(0, first).flatMap((line) => {
        const excluded = (0,inputs_patterns/* compilePatterns */.xi)((0,inputs_patterns/* splitSign */._j)(line.pattern).body);
        const taken = names.find((name) => excluded(name) && matches(name));
        return taken === undefined
            ? []
            : [`${pattern_advice_nameOf(line)} excludes nothing, because the lines after it include ${taken} again: put it after them`];
    });
}

;// CONCATENATED MODULE: ./lib/select/git-output.js

class GitError extends Error {
    name = 'GitError';
}
const git_output_KINDS = {
    '100644': 'file',
    '100664': 'file',
    '100755': 'file',
    '120000': 'link',
    '160000': 'submodule',
};
const FOLDER_MODE = '040000';
/** `:100644 100755 <sha> <sha> M NUL path NUL`. The mode 000000 means no entry. */
function parseDiff(raw) {
    const fields = splitNul(raw);
    const changes = [];
    for (let index = 0; index + 1 < fields.length; index += 2) {
        const [before, after, , , status = ''] = git_output_decode(fields[index]).slice(1).split(' ');
        const path = git_output_decode(fields[index + 1]);
        if (!/^[AMDT]$/.test(status))
            throw new GitError(`git diff-tree gave status '${status}' for ${path}: report this`);
        changes.push({ path, before: git_output_kindOf(before, path), after: git_output_kindOf(after, path) });
    }
    return changes;
}
/** `100644 blob <sha> TAB path NUL` */
function parseTree(raw) {
    return splitNul(raw).flatMap(parseEntry);
}
function parseEntry(field) {
    const path = git_output_pathOf(field);
    const kind = git_output_kindOf(field.toString('latin1', 0, 6), path);
    return kind === undefined ? [] : [{ path, kind }];
}
function git_output_pathOf(field) {
    return git_output_decode(field.subarray(field.indexOf('\t') + 1));
}
/** As `parseTree`, for one folder, which contains folders as well. */
function git_output_parseFolder(raw) {
    return splitNul(raw).flatMap((field) => field.toString('latin1', 0, 6) === FOLDER_MODE ? [{ path: git_output_pathOf(field), kind: 'folder' }] : parseEntry(field));
}
/** Parses the entries of one mode, which saves decoding the others.
 *  @returns path -> id */
function parseIds(raw, mode) {
    const ids = new Map();
    for (const field of splitNul(raw)) {
        if (field.toString('latin1', 0, mode.length) !== mode)
            continue;
        const [, , id = ''] = field.toString('latin1', 0, field.indexOf('\t')).split(' ');
        ids.set(git_output_pathOf(field), id);
    }
    return ids;
}
/** @returns path of each symbolic link -> id of the object with its target */
function parseLinks(raw) {
    return parseIds(raw, '120000');
}
/** `path NUL` */
function parsePaths(raw) {
    return splitNul(raw).map(git_output_decode);
}
function git_output_kindOf(mode, path) {
    if (mode === '000000')
        return undefined;
    return git_output_KINDS[mode ?? ''] ?? fail(`git gave mode '${mode}' for ${path}: report this`);
}
function fail(message) {
    throw new GitError(message);
}
function splitNul(raw) {
    const fields = [];
    for (let start = 0; start < raw.length;) {
        const end = raw.indexOf(0, start);
        fields.push(raw.subarray(start, end));
        start = end + 1;
    }
    return fields;
}
function git_output_decode(bytes) {
    return bytes === undefined ? '' : decodeName(bytes);
}
function withoutNewline(output) {
    return output.toString('utf8').replace(/\n$/, '');
}

;// CONCATENATED MODULE: ./lib/select/search-paths.js



/**
 * The folders and files in which patterns can match, as @actions/glob finds them for its own walk.
 * @param patterns of `files`, each relative to the root
 * @returns POSIX paths, relative to the root; none is below another
 * @throws InputError
 */
async function findSearchPaths(patterns) {
    // loaded by full syncs only
    const { create } = await __nccwpck_require__.e(/* import() | glob */ 801).then(__nccwpck_require__.bind(__nccwpck_require__, 6619));
    const included = patterns.map(inputs_patterns/* splitSign */._j).filter(({ exclude }) => !exclude);
    try {
        const globber = await create(included.map(({ body }) => widenClass(body)).join('\n'));
        return globber.getSearchPaths().map((path) => (0,external_node_path_namespaceObject.relative)(process.cwd(), path).split(external_node_path_namespaceObject.sep).join('/'));
    }
    catch (cause) {
        if (!(cause instanceof Error))
            throw cause;
        throw new InputError([`files: the patterns can't be read: ${cause.message.split('\n')[0]}`]);
    }
}
/** @actions/glob takes `[]a]`, a class with a bracket, and `[!]` for the names of folders. */
function widenClass(pattern) {
    const segments = pattern.split('/');
    const at = segments.findIndex((segment) => /\[[!^]?\]/.test(segment));
    return at === -1 ? pattern : [...segments.slice(0, at), '**'].join('/');
}

;// CONCATENATED MODULE: ./lib/select/tracked.js




/** A command line can contain as many paths on every system. */
const PATHS_MAX = 200;
/**
 * Lists the files that git has below the root.
 * @param head full SHA of the commit that is checked out; '' for none
 * @param starts the folders and files to list, relative to the root; all are listed on a system whose disks can ignore case,
 *   and where a folder can be a text file that stands for a link
 * @throws GitError
 */
async function listTracked(git, head, { rootPath, starts }) {
    const isExact = process.platform === 'linux' && starts.length <= PATHS_MAX && !starts.includes('') && !git.writesLinksAsText;
    const paths = isExact ? starts.map((start) => git.rootPath + start) : undefined;
    const isEmpty = head === '' || paths?.length === 0;
    const names = filesOf(isEmpty ? [] : await git.list(head, paths));
    const links = isEmpty ? [] : (await git.listLinks(head, paths)).keys();
    let index;
    return {
        names: new Set(names.map((path) => rootPath + path.slice(git.rootPath.length))),
        standIns: await findStandIns(git, head, links),
        locate: (path) => (0,external_node_path_namespaceObject.join)(git.topLevel, git.rootPath, path.slice(rootPath.length)),
        listIndex() {
            index ??= git.listIndex().then((listed) => new Set(listed.map((path) => (0,external_node_path_namespaceObject.join)(git.topLevel, path))));
            return index;
        },
    };
}
function filesOf(entries) {
    return entries.filter(({ kind }) => kind !== 'submodule').map(({ path }) => path);
}
/**
 * Replaces the name of a file on disk by git's name, if the two differ by case or Unicode form and the disk ignores the
 * difference. Such a disk keeps the old name after a rename. Pages use git's name, and so does `mode: changed`.
 * @param paths names on disk
 * @param isSameFile whether two names are one file on disk
 */
async function nameAsGit(paths, tracked, isSameFile) {
    const listed = new Set(paths);
    const unlisted = Map.groupBy([...(tracked ?? [])].filter((path) => !listed.has(path)), foldName);
    if (unlisted.size === 0)
        return paths;
    const named = [];
    for (const path of paths) {
        let name = path;
        for (const other of tracked?.has(path) ? [] : (unlisted.get(foldName(path)) ?? [])) {
            if (await isSameFile(path, other))
                name = other;
        }
        named.push(name);
    }
    return named.sort();
}
/** @returns whether a disk has one file by two names, other than by a link */
async function isSameFile(folder, path, other) {
    const [one, two] = [(0,external_node_path_namespaceObject.join)(folder, path), (0,external_node_path_namespaceObject.join)(folder, other)];
    try {
        const stats = await Promise.all([(0,promises_namespaceObject.lstat)(one), (0,promises_namespaceObject.lstat)(two)]);
        return !stats.some((file) => file.isSymbolicLink()) && (await (0,promises_namespaceObject.realpath)(one)) === (await (0,promises_namespaceObject.realpath)(two));
    }
    catch {
        return false; // there is no file by one of the names
    }
}
/**
 * The files whose bytes git tracks, in the commit or in the index. A file that is reached through a link counts if git
 * tracks both the link and the file.
 * @param paths relative to the workspace
 * @param linked the paths that are links, or were reached through a link
 * @param workspace its real path
 */
async function keepTracked(paths, linked, tracked, workspace) {
    const kept = [];
    for (const path of paths) {
        if (!linked.has(path) && tracked.names.has(path))
            kept.push(path);
        else if (await isInIndex(path, linked, tracked, workspace))
            kept.push(path);
    }
    return kept;
}
async function isInIndex(path, linked, tracked, workspace) {
    const index = await tracked.listIndex();
    if (!linked.has(path))
        return index.has(tracked.locate(path));
    const segments = path.split('/');
    if (!segments.some((_, at) => index.has(tracked.locate(segments.slice(0, at + 1).join('/')))))
        return false;
    const target = await resolvePath(workspace, path, tracked.standIns).catch(() => undefined);
    return target === undefined || index.has(target); // a link to nothing fails by itself
}

;// CONCATENATED MODULE: ./lib/select/read-folder.js





/** @returns the entry with its name on disk, which can differ from `name` if the disk ignores case */
async function findEntry(folder, name) {
    const full = (0,external_node_path_namespaceObject.join)(folder, name);
    const stats = name.includes('\0') ? undefined : await (0,promises_namespaceObject.lstat)(full).catch(ignoreMissing);
    if (stats === undefined)
        return undefined;
    const isLink = stats.isSymbolicLink();
    const found = isLink ? await listedName(folder, name) : (0,external_node_path_namespaceObject.basename)(await (0,promises_namespaceObject.realpath)(full));
    return { name: found, isFolder: stats.isDirectory(), isLink };
}
function ignoreMissing(error) {
    if (!['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL'].includes(error.code ?? ''))
        throw error;
}
async function listedName(folder, name) {
    const names = await (0,promises_namespaceObject.readdir)(folder);
    return names.includes(name) ? name : (names.find((other) => foldName(other) === foldName(name)) ?? name);
}
async function readFolder(real) {
    const entries = await (0,promises_namespaceObject.readdir)(real, { withFileTypes: true });
    // Node replaces parts of a name that is not UTF-8 by this character
    if (entries.some(({ name }) => name.includes('\ufffd')))
        return read_folder_readBytes(Buffer.from(real));
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory(), isLink: entry.isSymbolicLink() }));
}
async function read_folder_readBytes(folder) {
    const entries = await (0,promises_namespaceObject.readdir)(folder, { withFileTypes: true, encoding: 'buffer' });
    return entries.map((entry) => {
        const name = decodeName(entry.name);
        const kind = { name, isFolder: entry.isDirectory(), isLink: entry.isSymbolicLink() };
        return name.isWellFormed() ? kind : { ...kind, bytes: entry.name };
    });
}
/** Lists the files in a folder whose name is not UTF-8, so that each can be reported. */
function filesBelow(folder, name) {
    return namesBelow(joinBytes(Buffer.from(folder), name));
}
async function namesBelow(folder, path = '') {
    const names = [];
    for (const { name, isFolder, bytes } of await read_folder_readBytes(folder)) {
        if (isGitName(name))
            continue;
        const inside = joinBytes(folder, bytes ?? Buffer.from(name));
        if (isFolder)
            names.push(...(await namesBelow(inside, `${path}${name}/`)));
        else
            names.push(`${path}${name}`);
    }
    return names;
}
function joinBytes(folder, name) {
    return Buffer.concat([folder, Buffer.from(external_node_path_namespaceObject.sep), name]);
}

;// CONCATENATED MODULE: ./lib/select/walk.js





/** The root can't be synced as a whole. An empty folder usually means that the build failed. */
class TreeError extends Error {
    name = 'TreeError';
}
/** Links between a few folders can make any number of paths, as in some package managers' node_modules. */
const LINKED_FOLDERS_MAX = 10_000;
/**
 * Lists the files below the root, or below some of its folders. Links, and text files that stand for them, are followed
 * inside the workspace, but not into a `.git`, and not to a folder above the link.
 * @param starts the folders and files to read, POSIX and relative to the root
 * @returns paths with the names on disk, sorted
 * @throws TreeError
 */
async function walk({ workspace, root, rootPath }, starts = [''], { maxLinkedFolders = LINKED_FOLDERS_MAX, standIns = NO_STAND_INS } = {}) {
    const found = { paths: new Set(), outside: new Set(), linked: new Set() };
    const state = { ...found, workspace, linkedFolders: 0, targets: new Map(), maxLinkedFolders, standIns };
    const top = { path: rootPath, real: root, above: [], isLinked: false };
    const queue = [];
    for (const start of starts)
        queue.push(...(await reach(top, start, state)));
    for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
        for (const entry of await readFolder(folder.real)) {
            const { name, isFolder } = entry;
            if (isGitName(name))
                continue;
            const inner = isFolder || isLink(folder, entry, state) ? await enter(folder, entry, state) : noteFile(folder, name, state);
            if (inner !== undefined)
                queue.push(inner);
        }
    }
    return { paths: [...found.paths].sort(), outside: [...found.outside].sort(), linked: found.linked };
}
/** Goes to a folder without reading the folders above it. A file is noted.
 *  @returns the folder; empty if there is none to read */
async function reach(top, start, state) {
    let folder = top;
    const names = start.split('/').filter((name) => name !== '');
    for (const [index, name] of names.entries()) {
        const entry = await findEntry(folder.real, name);
        if (entry === undefined || isGitName(entry.name))
            return [];
        const isLast = index === names.length - 1;
        const isEntered = entry.isFolder || isLink(folder, entry, state);
        if (isLast && !isEntered)
            noteFile(folder, entry.name, state);
        const inner = isEntered ? await enter(folder, entry, state) : undefined;
        if (inner === undefined)
            return [];
        folder = inner;
    }
    return [folder];
}
/** @returns the folder, or the folder that a link leads to; undefined if it is not read */
async function enter(folder, entry, state) {
    const { path, real, isLinked } = folder;
    const { name, bytes } = entry;
    const below = { path: `${path}${name}/`, above: [...folder.above, real] };
    if (isLink(folder, entry, state)) {
        const target = await linkedFolder(real, name, state);
        if (target === undefined)
            return noteFile({ path, isLinked: true }, name, state);
        if (walk_isInside(state.workspace, target)) {
            return below.above.includes(target) ? undefined : walk_count({ ...below, real: target, isLinked: true }, state);
        }
        state.outside.add(path + name);
        return undefined;
    }
    if (bytes === undefined)
        return walk_count({ ...below, real: (0,external_node_path_namespaceObject.join)(real, name), isLinked }, state);
    for (const inner of await filesBelow(real, bytes)) {
        noteFile({ ...below, isLinked }, inner, state);
    }
    return undefined;
}
function noteFile({ path, isLinked }, name, { paths, linked }) {
    paths.add(path + name);
    if (isLinked)
        linked.add(path + name);
}
function walk_count(folder, state) {
    if (folder.isLinked)
        state.linkedFolders += 1;
    if (state.linkedFolders > state.maxLinkedFolders)
        throw new TreeError(`root: more than ${state.maxLinkedFolders} folders are reached through symbolic links, such as ${folder.path}: set root to a folder without such links`);
    return folder;
}
/** @returns whether an entry is a link, or a text file that stands for one */
function isLink({ real }, { name, isLink, isFolder }, { standIns }) {
    return isLink || (!isFolder && standIns.has((0,external_node_path_namespaceObject.join)(real, name)));
}
/** One link can be reached by many paths.
 *  @returns the real path of the folder that a link leads to; undefined if it leads to none */
async function linkedFolder(folder, name, { targets, standIns }) {
    const path = (0,external_node_path_namespaceObject.join)(folder, name);
    if (!targets.has(path))
        targets.set(path, await targetOf(folder, name, standIns));
    return targets.get(path);
}
async function targetOf(folder, name, standIns) {
    try {
        const target = await resolvePath(folder, name, standIns);
        return (await (0,promises_namespaceObject.stat)(target)).isDirectory() ? target : undefined;
    }
    catch {
        return undefined;
    }
}
/** @returns whether a real path is in the workspace, and not in a `.git` */
function walk_isInside(workspace, target, { relative, isAbsolute, sep } = external_node_path_namespaceObject) {
    const inside = relative(workspace, target);
    const segments = inside.split(sep);
    return !isAbsolute(inside) && segments[0] !== '..' && !segments.some(isGitName);
}

;// CONCATENATED MODULE: ./lib/select/folder.js










/**
 * Every file below the root that matches `files`. Only the folders that the patterns point at are read.
 * @returns paths relative to the workspace
 * @throws TreeError, InputError
 */
async function findAll(workspace, repository, query) {
    const { root, shard, base } = query;
    const rootPath = root === '.' ? '' : `${root}/`;
    const real = await (0,promises_namespaceObject.realpath)((0,external_node_path_namespaceObject.join)(workspace, root)).catch(() => undefined);
    if (real === undefined)
        throw await noFiles(`there is no folder '${root}'`, { workspace, repository, query });
    const place = { workspace: await (0,promises_namespaceObject.realpath)(workspace), root: real, rootPath };
    const starts = await findSearchPaths(patternsOf(query).lines.map(({ pattern }) => pattern));
    const found = await findMatching(place, starts, { repository, query });
    const kept = await dropUntracked(found, place.workspace, query);
    const matching = new Set(found.matching);
    const { tracked } = found;
    const standIns = tracked?.standIns ?? NO_STAND_INS;
    const changes = {
        base: '',
        head: repository.head,
        baseStrategy: 'all',
        rootPath,
        ...takeShard(kept.files.map((path) => ({ path, change: 'present' })), shard),
        considered: found.paths.length,
        steps: [
            ...(base === '' ? [] : [`base: '${base}' has no effect in mode: all`]),
            'mode: all, so every matching file is compared with the Source',
            ...(starts.includes('')
                ? []
                : [`files: only the folders and files that the patterns name are read: ${folder_some(starts)}`]),
            kept.step,
        ],
        notices: [],
        warnings: [],
        leftOut: new Map(found.outside.filter((path) => !matching.has(path)).map((path) => [path, NOT_FOLLOWED])),
    };
    const names = {
        known: namesOf(found, rootPath),
        list: async () => namesOf(await walk(place, [''], { standIns }), rootPath),
    };
    return { changes, names, published: [...kept.files, ...(tracked?.names ?? [])], standIns };
}
const HINT = 'did the build step fail or write to another folder, or is the download step missing?';
const NOT_FOLLOWED = 'a symbolic link to a folder outside the workspace or in .git: it is never followed; put the files themselves there';
function patternsOf({ patternInputs }) {
    return patternInputs.find(({ name }) => name === 'files') ?? { name: 'files', lines: [] };
}
/** @throws TreeError if no file matches */
async function findMatching(place, starts, { repository, query }) {
    const { root, files } = query;
    const { git, head } = repository;
    const look = async (folders) => {
        const listed = { rootPath: place.rootPath, starts: folders };
        const listing = git && listTracked(git, head, listed).catch(unlessNeeded(query));
        const [onDisk, tracked] = await Promise.all([walk(place, folders), listing]);
        const { standIns = NO_STAND_INS } = tracked ?? {};
        const found = standIns.size === 0 ? onDisk : await walk(place, folders, { standIns });
        const paths = await nameAsGit(found.paths, tracked?.names, (one, other) => isSameFile(place.workspace, one, other));
        const matching = [...paths, ...found.outside].filter((path) => files(path.slice(place.rootPath.length)));
        return { ...found, paths, matching: matching.sort(), tracked };
    };
    const found = await look(starts);
    if (found.matching.length > 0)
        return found;
    const all = await look(['']); // for the error; and only the matcher decides whether a file matches
    if (all.matching.length > 0)
        return all;
    if (all.paths.length === 0) {
        throw await noFiles(`'${root}' contains no file`, { workspace: place.workspace, repository, query });
    }
    const known = namesOf(all, place.rootPath);
    const advice = await advise([patternsOf(query)], { known, list: async () => known }, { root, isLost: true });
    const why = advice.map((line) => line.replace(/^files: /, '')).join('; ') || 'check the patterns, or root';
    throw new TreeError(`files: none of the ${all.paths.length} files below '${root}' matches: ${why}`);
}
async function noFiles(text, { workspace, repository: { git, head }, query }) {
    const why = await explainRoot(git, { workspace, root: query.root, head }).catch(unlessNeeded(query));
    return new TreeError(`root: ${why ?? `${text}: ${HINT}`}`);
}
function namesOf({ paths, outside }, rootPath) {
    return [...paths, ...outside].map((path) => path.slice(rootPath.length));
}
/** @returns the files, and a line for the log about the untracked files
 *  @throws TreeError if every file is untracked and `untracked` is `ignore` */
async function dropUntracked({ matching, linked, tracked }, workspace, query) {
    const known = tracked && (await keepTracked(matching, linked, tracked, workspace).catch(unlessNeeded(query)));
    if (known === undefined) {
        return { files: matching, step: 'untracked: without a git repository it is unknown which files git tracks' };
    }
    const kept = new Set(known);
    const others = matching.filter((path) => !kept.has(path));
    if (others.length === 0)
        return { files: matching, step: `untracked: git tracks all ${matching.length} matching files` };
    const which = `${others.length} of ${matching.length} matching files that git does not track: ${folder_some(others)}`;
    if (query.untracked === 'include')
        return { files: matching, step: `untracked: include, so the run takes ${which}` };
    if (kept.size > 0)
        return { files: [...kept], step: `untracked: ignore, so the run leaves out ${which}` };
    throw new TreeError(`untracked: git tracks none of the ${matching.length} matching files: set untracked to include, or check root and files`);
}
/** With `untracked: include`, a run only counts the files that git tracks, and goes on without that number. */
function unlessNeeded({ untracked }) {
    return (error) => {
        if (untracked === 'ignore' || !(error instanceof GitError))
            throw error;
    };
}
/** The first few of a list. */
function folder_some(items) {
    const shown = items.slice(0, 5).join(', ');
    return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown;
}

;// CONCATENATED MODULE: ./lib/select/find-program.js



const OWN_SYSTEM = { path: external_node_path_namespaceObject, realPath, isProgram };
/**
 * Finds git on PATH, outside the workspace: the repository can bring programs of its own. A relative folder on PATH is
 * also in the workspace. (Without this search, Windows would look into the working folder first.)
 * @returns the absolute path of git, and its environment without those folders on PATH
 * @throws GitError if there is none
 */
function findGit(env, workspace, system = OWN_SYSTEM) {
    const { delimiter, sep, join } = system.path;
    const isWindows = sep === '\\';
    const name = Object.keys(env).find((key) => key === 'PATH' || (isWindows && key.toUpperCase() === 'PATH')) ?? 'PATH';
    const isForeign = createWorkspaceTest(workspace, system);
    const isTrusted = (folder) => isFullPath(folder, system) && !isForeign(folder);
    const folders = (env[name] ?? '')
        .split(delimiter)
        .map((folder) => (isWindows ? folder.replaceAll('"', '') : folder))
        .filter(isTrusted);
    const programs = folders.map((folder) => join(folder, isWindows ? 'git.exe' : 'git'));
    const program = programs.find((file) => system.isProgram(file) && !isForeign(file));
    if (program === undefined) {
        throw new GitError("git can't be run: no folder on PATH outside the workspace has it: install git before this step");
    }
    const { GIT_EXEC_PATH: own, ...others } = env; // the folder of git's other programs
    const kept = own !== undefined && isTrusted(own) ? env : others;
    return { program, env: { ...kept, [name]: folders.join(delimiter) } };
}
/** On Windows a path without a drive depends on the working folder. */
function isFullPath(folder, { path: { isAbsolute, parse, sep } }) {
    return isAbsolute(folder) && (sep === '/' || parse(folder).root.length > 1);
}
/** @returns a function that says whether a path is in the workspace, by name or through links */
function createWorkspaceTest(workspace, { path, realPath }) {
    const workspaces = [workspace, realPath(workspace) ?? workspace];
    return (file) => [file, realPath(file) ?? file].some((place) => workspaces.some((folder) => {
        const rest = path.relative(folder, place);
        return rest.split(path.sep)[0] !== '..' && !path.isAbsolute(rest);
    }));
}
function realPath(file) {
    try {
        return external_node_fs_namespaceObject.realpathSync.native(file);
    }
    catch {
        return undefined;
    }
}
function isProgram(file) {
    try {
        (0,external_node_fs_namespaceObject.accessSync)(file, external_node_fs_namespaceObject.constants.X_OK);
        return (0,external_node_fs_namespaceObject.statSync)(file).isFile();
    }
    catch {
        return false;
    }
}

;// CONCATENATED MODULE: ./lib/select/find-repository.js




/** A file with one path. */
const PATH_FILE_BYTES_MAX = 8192;
/**
 * Finds the repositories from the workspace down to the root. git's own search would also accept ordinary files, such as
 * HEAD, config and objects in one folder, and would continue above the workspace.
 * @returns the repositories, outermost first, and the real path of the root, which need not exist
 * @throws GitError if there is none
 */
function findRepositories(workspace, root) {
    if (!(0,external_node_fs_namespaceObject.existsSync)(workspace))
        throw noRepository(workspace);
    const asked = (0,external_node_path_namespaceObject.resolve)(workspace, root);
    let existing = asked;
    while (!(0,external_node_fs_namespaceObject.existsSync)(existing))
        existing = (0,external_node_path_namespaceObject.dirname)(existing);
    const top = external_node_fs_namespaceObject.realpathSync.native(workspace);
    const names = find_repository_namesBelow(top, external_node_fs_namespaceObject.realpathSync.native(existing));
    if (names === undefined || names.some(isGitName)) {
        const where = names === undefined ? 'out of the workspace' : 'into .git';
        throw new GitError(`root: '${root}' leads ${where}: set root to a folder of the repository`);
    }
    const rootFolder = (0,external_node_path_namespaceObject.join)(top, ...names, (0,external_node_path_namespaceObject.relative)(existing, asked));
    const found = [];
    for (let depth = 0; depth <= names.length; depth += 1) {
        const topLevel = (0,external_node_path_namespaceObject.join)(top, ...names.slice(0, depth));
        const repository = lookInto(topLevel, { workspace: top, outer: found.at(-1) });
        if (repository !== undefined)
            found.push(repository);
    }
    const [first, ...inner] = found;
    if (first === undefined)
        throw noRepository(workspace);
    return { repositories: [first, ...inner], rootFolder };
}
/** Like git, ignores a folder `.git` that contains no repository. */
function lookInto(topLevel, { workspace, outer }) {
    const entry = (0,external_node_path_namespaceObject.join)(topLevel, '.git');
    const place = { topLevel, isNested: topLevel !== workspace, isSubmodule: false };
    const broken = (why) => ({ ...place, gitDir: entry, problem: `${entry} ${why}` });
    try {
        const stats = (0,external_node_fs_namespaceObject.statSync)(entry, { throwIfNoEntry: false });
        if (stats === undefined || !(stats.isDirectory() || stats.isFile()))
            return undefined;
        const target = stats.isDirectory() ? entry : readGitFile(entry);
        if (target === undefined)
            return undefined;
        if (!isRepository(target))
            return stats.isDirectory() ? undefined : broken(`leads to ${target}, which is not a repository`);
        const gitDir = external_node_fs_namespaceObject.realpathSync.native(target);
        if (gitDir === entry)
            return { ...place, gitDir };
        const below = outer && find_repository_namesBelow(sharedFolder(outer.gitDir), gitDir);
        const isOuters = below !== undefined;
        const names = find_repository_namesBelow(workspace, gitDir);
        if (names !== undefined && !names.some(isGitName))
            return broken(`leads to ${gitDir}, where a commit can write`);
        if (names === undefined && outer !== undefined && !isOuters)
            return broken(`leads to ${gitDir}, outside the workspace`);
        return { ...place, isNested: place.isNested && !isOuters, isSubmodule: below?.[0] === 'modules', gitDir };
    }
    catch (error) {
        return broken(`can't be read (${error.code})`);
    }
}
/** @returns the path in the `.git` file of a submodule or a worktree */
function readGitFile(file) {
    const text = readPathFile(file);
    return text.startsWith('gitdir: ') ? (0,external_node_path_namespaceObject.resolve)((0,external_node_path_namespaceObject.dirname)(file), text.slice('gitdir: '.length)) : undefined;
}
/** @returns the folder with the submodules and worktrees of a repository, which can be a worktree itself */
function sharedFolder(gitDir) {
    const file = (0,external_node_path_namespaceObject.join)(gitDir, 'commondir');
    return (0,external_node_fs_namespaceObject.existsSync)(file) ? external_node_fs_namespaceObject.realpathSync.native((0,external_node_path_namespaceObject.resolve)(gitDir, readPathFile(file))) : gitDir;
}
/** A pipe would block the process, so it is not read.
 *  @returns '' for what is no file with a path */
function readPathFile(path) {
    const file = (0,external_node_fs_namespaceObject.openSync)(path, external_node_fs_namespaceObject.constants.O_RDONLY | (external_node_fs_namespaceObject.constants.O_NONBLOCK ?? 0));
    try {
        const buffer = Buffer.alloc(PATH_FILE_BYTES_MAX + 1);
        const bytes = (0,external_node_fs_namespaceObject.fstatSync)(file).isFile() ? (0,external_node_fs_namespaceObject.readSync)(file, buffer) : 0;
        return bytes > PATH_FILE_BYTES_MAX ? '' : buffer.toString('utf8', 0, bytes).trimEnd();
    }
    finally {
        (0,external_node_fs_namespaceObject.closeSync)(file);
    }
}
/** The main part of git's own test. The objects of a worktree are in another folder. */
function isRepository(folder) {
    const has = (name) => (0,external_node_fs_namespaceObject.existsSync)((0,external_node_path_namespaceObject.join)(folder, name));
    return has('HEAD') && (has('objects') || has('commondir'));
}
function noRepository(workspace) {
    let above = (0,external_node_path_namespaceObject.dirname)(workspace);
    while (above !== (0,external_node_path_namespaceObject.dirname)(above) && !(0,external_node_fs_namespaceObject.existsSync)((0,external_node_path_namespaceObject.join)(above, '.git')))
        above = (0,external_node_path_namespaceObject.dirname)(above);
    const other = (0,external_node_fs_namespaceObject.existsSync)((0,external_node_path_namespaceObject.join)(above, '.git')) ? ` (the repository in ${above} is outside it and is not used)` : '';
    return new GitError(`${workspace} contains no git repository${other}: put actions/checkout before this step`);
}
/** @returns the names between a folder and a path; undefined if the path is not below the folder */
function find_repository_namesBelow(folder, path) {
    const rest = (0,external_node_path_namespaceObject.relative)(folder, path);
    const names = rest === '' ? [] : rest.split(external_node_path_namespaceObject.sep);
    return names[0] === '..' || (0,external_node_path_namespaceObject.isAbsolute)(rest) ? undefined : names;
}

;// CONCATENATED MODULE: ./lib/select/git-environment.js

/**
 * Variables that change the repository or the meaning of a path: those of `git rev-parse --local-env-vars` without
 * GIT_CONFIG_COUNT, and switches of `git(1)`. The user's variables for the network and for tracing stay.
 */
const CLEARED = new Set([
    'GIT_ALTERNATE_OBJECT_DIRECTORIES',
    'GIT_ATTR_SOURCE',
    'GIT_CEILING_DIRECTORIES',
    'GIT_COMMON_DIR',
    'GIT_CONFIG',
    'GIT_CONFIG_PARAMETERS',
    'GIT_DIFF_OPTS',
    'GIT_DIR',
    'GIT_DISCOVERY_ACROSS_FILESYSTEM',
    'GIT_EXTERNAL_DIFF',
    'GIT_GLOB_PATHSPECS',
    'GIT_GRAFT_FILE',
    'GIT_ICASE_PATHSPECS',
    'GIT_IMPLICIT_WORK_TREE',
    'GIT_INDEX_FILE',
    'GIT_INTERNAL_SUPER_PREFIX',
    'GIT_LITERAL_PATHSPECS',
    'GIT_NAMESPACE',
    'GIT_NOGLOB_PATHSPECS',
    'GIT_NO_REPLACE_OBJECTS',
    'GIT_OBJECT_DIRECTORY',
    'GIT_PREFIX',
    'GIT_QUARANTINE_PATH',
    'GIT_REDIRECT_STDERR',
    'GIT_REDIRECT_STDIN',
    'GIT_REDIRECT_STDOUT',
    'GIT_REPLACE_REF_BASE',
    'GIT_SHALLOW_FILE',
    'GIT_WORK_TREE',
]);
/** Options of every command. They turn off programs that a configuration can make git run. */
const SETTINGS = [
    '--no-pager',
    '--literal-pathspecs',
    ...[
        'core.alternateRefsCommand=true',
        'core.fsmonitor=',
        'core.hooksPath=/dev/null',
        'gc.auto=0',
        'maintenance.auto=false',
        'protocol.ext.allow=never',
        'safe.bareRepository=explicit',
    ].flatMap((setting) => ['-c', setting]),
];
/** The transports of git itself: any other is a program on PATH. */
const OWN_TRANSPORTS = 'file:git:http:https:ssh';
/** Forbids every transport, also for an object that a partial clone lacks. */
const OFFLINE = { GIT_ALLOW_PROTOCOL: 'none' };
/**
 * The environment of git for one repository. With GIT_DIR, git does not search for a repository or check its owner: the
 * workspace of a container often belongs to another user, and git before 2.38 has no safe.directory as an argument.
 */
function gitEnvironment(env, repository) {
    const { topLevel, gitDir, isNested } = repository;
    const kept = Object.entries(env).filter(([name]) => !CLEARED.has(name.toUpperCase()));
    const allowed = env.GIT_ALLOW_PROTOCOL ?? (isNested ? OWN_TRANSPORTS : undefined);
    const protocols = allowed?.split(':').filter((name) => name !== 'ext');
    return {
        ...Object.fromEntries(kept),
        ...(protocols && { GIT_ALLOW_PROTOCOL: protocols.join(':') }),
        GIT_DIR: gitDir,
        GIT_WORK_TREE: topLevel,
        GIT_CEILING_DIRECTORIES: (0,external_node_path_namespaceObject.dirname)(topLevel),
        GIT_OPTIONAL_LOCKS: '0',
        GIT_TERMINAL_PROMPT: '0',
        LC_ALL: 'C',
    };
}
/** @returns variables that add settings to those in the user's environment */
function addSettings(env, settings) {
    const first = Number(env.GIT_CONFIG_COUNT ?? 0);
    const pairs = settings.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${first + index}`, name],
        [`GIT_CONFIG_VALUE_${first + index}`, value],
    ]);
    return { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(first + settings.length) };
}

;// CONCATENATED MODULE: ./lib/select/git-fetch.js


function createFetch(git, { credentials, env, offline, onComplaint }) {
    return async (names, generations) => {
        if (offline !== undefined) {
            onComplaint(offline);
            return false;
        }
        const remotes = withoutNewline((await git(['remote'])).stdout).split('\n');
        const remote = remotes.includes('origin') ? 'origin' : remotes[0];
        if (!remote)
            return false;
        const shallow = withoutNewline((await git(['rev-parse', '--is-shallow-repository'])).stdout) === 'true';
        // the default program, because a configuration can name any program of this machine
        const options = ['--no-tags', '--no-recurse-submodules', '--quiet', '--upload-pack=git-upload-pack'];
        const depth = generations === undefined ? '--depth=1' : `--deepen=${generations}`;
        const args = ['fetch', ...options, ...(shallow ? [depth] : []), '--', remote, ...names];
        for (const variables of [{}, ...(await tokenFor(remote))]) {
            const { code, complaint } = await git(args, { env: variables });
            if (code === 0)
                return true;
            onComplaint(`git fetch from ${remote}: ${complaint}`);
        }
        return false;
    };
    /** Passes the token in the environment of one command, for its host alone. */
    async function tokenFor(remote) {
        const { token, serverUrl } = credentials;
        const url = withoutNewline((await git(['remote', 'get-url', '--', remote])).stdout);
        if (token === '' || !url.startsWith(`${serverUrl}/`))
            return [];
        const name = `http.${serverUrl}/.extraheader`;
        const header = `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
        // the empty value removes the header of the checkout, because a server refuses two
        return [
            addSettings(env, [
                [name, ''],
                [name, header],
            ]),
        ];
    }
}

;// CONCATENATED MODULE: ./lib/select/git.js





const git_SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
const FETCH_AT_ONCE = 50;
/** The git commands for one repository. */
function createGit(git, settings) {
    const below = settings.rootPath === '' ? [] : [settings.rootPath];
    const fetchNames = createFetch(git, settings);
    async function must(args, remedy) {
        const { code, stdout, complaint } = await git(args);
        if (code !== 0)
            throw new GitError(`git ${args[0]}: ${complaint}: ${remedy}`);
        return stdout;
    }
    async function findCommit(ref) {
        for (const name of git_SHA.test(ref) || ref === 'HEAD' ? [ref] : [ref, `refs/remotes/origin/${ref}`]) {
            const { code, stdout } = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
            const sha = withoutNewline(stdout);
            if (code === 0 && git_SHA.test(sha))
                return sha;
        }
        return undefined;
    }
    async function fetchCommit(ref) {
        for (const name of git_SHA.test(ref) ? [ref] : await refNames(ref)) {
            if (await fetchNames([name]))
                return findCommit(git_SHA.test(ref) ? ref : 'FETCH_HEAD');
        }
        return undefined;
    }
    /** @returns full names only: `base` must not use other parts of a refspec, such as a forced update */
    async function refNames(ref) {
        const names = ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref.replace(/^origin\//, '')}`, `refs/tags/${ref}`];
        const checks = await Promise.all(names.map((name) => git(['check-ref-format', name])));
        return names.filter((_, index) => checks[index]?.code === 0);
    }
    const trees = new Map();
    /** @returns the commits at which a shallow clone ends; none in a complete clone */
    async function readShallow() {
        const { stdout } = await git(['rev-parse', '--git-path', 'shallow']);
        const file = (0,external_node_path_namespaceObject.resolve)(settings.topLevel, withoutNewline(stdout));
        const text = (0,external_node_fs_namespaceObject.existsSync)(file) ? await (0,promises_namespaceObject.readFile)(file, 'latin1') : '';
        return new Set(text.split('\n').filter((line) => git_SHA.test(line)));
    }
    function listTree(commit, paths = below) {
        // ls-tree has no `--`: the arguments after the commit are paths
        const args = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit, ...paths];
        const key = args.join('\0');
        const tree = trees.get(key) ?? must(args, 'check that the clone is complete');
        trees.set(key, tree);
        return tree;
    }
    return {
        topLevel: settings.topLevel,
        isSubmodule: settings.isSubmodule,
        rootPath: settings.rootPath,
        writesLinksAsText: settings.writesLinksAsText,
        async head() {
            const [first = '', ...lines] = settings.head.toString('latin1').split('\n');
            const [sha = '', type] = first.split(' ');
            if (type !== 'commit')
                throw new GitError('HEAD is not a commit: check out a commit before this step');
            const headers = lines.slice(0, lines.indexOf(''));
            return { sha, parents: headers.filter((line) => line.startsWith('parent ')).map((line) => line.slice(7)) };
        },
        async mergeBase(commit, head) {
            const { code, stdout } = await git(['merge-base', commit, head]);
            return code === 0 ? withoutNewline(stdout) : undefined;
        },
        async findCuts(tips, below) {
            const shallow = await readShallow();
            if (shallow.size === 0)
                return [];
            const args = ['rev-list', ...tips, ...(below === undefined ? [] : [`^${below}`]), '--'];
            const history = (await must(args, 'check that the clone is complete')).toString('latin1').split('\n');
            return history.filter((sha) => shallow.has(sha));
        },
        async deepen(cuts, generations) {
            for (let start = 0; start < cuts.length; start += FETCH_AT_ONCE) {
                if (!(await fetchNames(cuts.slice(start, start + FETCH_AT_ONCE), generations)))
                    return false;
            }
            return cuts.length > 0;
        },
        findCommit,
        fetchCommit,
        async fetchCommits(names) {
            const commits = names.filter((name) => git_SHA.test(name)); // any other could be a refspec
            const input = commits.map((sha) => `${sha}^{commit}\n`).join('');
            const { stdout } = await git(['cat-file', '--batch-check'], { input });
            const answers = stdout.toString('latin1').split('\n');
            const shas = commits.filter((_, index) => answers[index]?.endsWith(' missing'));
            // the remote sends all or none; fetchCommit then fetches each alone
            for (let start = 0; start < shas.length; start += FETCH_AT_ONCE)
                await fetchNames(shas.slice(start, start + FETCH_AT_ONCE));
        },
        async diff(base, head, everywhere = false) {
            const options = ['-r', '-z', '--raw', '--no-renames', '--no-ext-diff', '--no-textconv', '--end-of-options'];
            // without `--`, a file that is named as a commit makes the commit ambiguous
            const args = ['diff-tree', ...options, base, head, '--', ...(everywhere ? [] : below)];
            return parseDiff(await must(args, 'check that the clone is complete'));
        },
        list: async (commit, paths) => parseTree(await listTree(commit, paths)),
        async listFolder(commit, path) {
            const args = ['ls-tree', '-z', '--full-tree', '--end-of-options', commit, ...(path === '' ? [] : [path])];
            const entries = git_output_parseFolder(await must(args, 'check that the clone is complete'));
            return entries.filter((entry) => entry.path.startsWith(path)); // git gives the submodule itself for its path
        },
        async listIndex() {
            return parsePaths(await must(['ls-files', '-z', '--recurse-submodules'], 'check that the clone is complete'));
        },
        listLinks: async (commit, paths) => parseLinks(await listTree(commit, paths)),
        async show(commit, path) {
            const { code, stdout } = await git(['cat-file', 'blob', `${commit}:${path}`]);
            return code === 0 ? stdout.toString('utf8') : undefined;
        },
    };
}

;// CONCATENATED MODULE: ./lib/select/git-configuration.js

/**
 * Settings that can't make a fetch run a program, write a file or ask another host. All others might, in some version of
 * git: http.cookieFile writes any file. Those of `core` that run a program are switched off for every command.
 */
const HARMLESS = [
    /^fetch\.(?!bundle)[^.]*$/,
    /^(advice|alias|author|branch|color|column|commit|committer|diff|extensions|format|gc|grep|index|init|lfs|log|maintenance|merge|pack|protocol|pull|push|rebase|remote|rerere|safe|status|submodule|tag|transfer|user)\.[^.]*$/,
    /^(branch|diff|filter|lfs|merge|protocol|submodule)\..+\./s,
    /^core\.(?!(askpass|attributesfile|excludesfile|gitproxy|sshcommand)$)[^.]*$/,
    /^credential\.(.+\.)?(usehttppath|username)$/s,
    /^http\.(.+\.)?(extraheader|lowspeedlimit|lowspeedtime|maxrequests|postbuffer|version)$/s,
    /^remote\..+\.(fetch|mirror|partialclonefilter|promisor|prune|prunetags|push|tagopt)$/s,
];
/** Of a remote whose transport is git's own: any other is a program. */
const HARMLESS_URL = /^(?:(?:file|git|https?|ssh):\/\/|(?![\w+.-]*:(?::|\/\/)))/i;
const INCLUDE = /^include(if\..+)?\.path$/s;
/**
 * @param listing `git config --list --show-origin -z`: `file:<path> NUL <name> LF <value> NUL`
 * @param isForeign whether somebody else than the user can write a file. What such a file includes is foreign, too.
 * @returns the first setting in such a file that git must not follow
 */
function findForeignSetting(listing, isForeign) {
    const included = new Set();
    for (const { name, value, file } of settingsOf(listing)) {
        if (!isForeign(file) && !included.has((0,external_node_path_namespaceObject.resolve)(file)))
            continue;
        // git expands the home of a user in such a path, and its own folder
        if (INCLUDE.test(name) && !/^(~|%\()/.test(value))
            included.add((0,external_node_path_namespaceObject.resolve)((0,external_node_path_namespaceObject.dirname)(file), value));
        else if (!isHarmless(name, value))
            return { name, file };
    }
    return undefined;
}
/** @param listing as above
 *  @returns whether git writes symbolic links as text files */
function writesLinksAsText(listing) {
    const values = [...settingsOf(listing)].flatMap(({ name, value }) => (name === 'core.symlinks' ? [value] : []));
    return /^(false|no|off|0)$/i.test(values.at(-1) ?? '');
}
function isHarmless(name, value) {
    if (/^remote\..+\.(push)?url$/s.test(name))
        return HARMLESS_URL.test(value);
    return HARMLESS.some((pattern) => pattern.test(name));
}
/** The settings of files, in the order in which git reads them. */
function* settingsOf(listing) {
    const fields = listing.toString('utf8').split('\0');
    for (let index = 0; index + 1 < fields.length; index += 2) {
        const [origin = '', setting = ''] = fields.slice(index, index + 2);
        if (!origin.startsWith('file:'))
            continue;
        const end = setting.includes('\n') ? setting.indexOf('\n') : setting.length;
        yield { name: setting.slice(0, end), value: setting.slice(end + 1), file: origin.slice('file:'.length) };
    }
}

;// CONCATENATED MODULE: external "node:child_process"
const external_node_child_process_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:child_process");
;// CONCATENATED MODULE: ./lib/select/run-git.js


/** A pipe in place of one of its files, or a remote, can keep git for ever. */
const TIMEOUT_MS = 300_000;
/** How long a program that git started may keep git's pipes open after git has ended. */
const PIPES_MS = 5000;
/** Runs git once.
 *  @param program absolute path of git
 *  @returns also for an exit code other than 0
 *  @throws GitError if git can't be run */
function runGit(program, args, { cwd, env, signal, timeoutMs = TIMEOUT_MS, input = '', pipesMs = PIPES_MS, }) {
    return new Promise((resolve, reject) => {
        if (signal.aborted)
            return reject(signal.reason);
        // its own process group: git's helpers for a remote outlive git, and keep its pipes open
        const child = (0,external_node_child_process_namespaceObject.spawn)(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: !WINDOWS });
        child.stdin.on('error', () => { }); // git can end before it reads its input
        child.stdin.end(input);
        const stdout = [];
        let stderr = '';
        const end = () => {
            killGroup(child);
            child.stdout.destroy();
            child.stderr.destroy();
        };
        let isLate = false;
        const timer = setTimeout(() => {
            isLate = true;
            end();
        }, timeoutMs);
        signal.addEventListener('abort', end, { once: true });
        let pipesTimer;
        let isCut = false;
        child.on('exit', () => {
            pipesTimer = setTimeout(() => {
                isCut = true;
                end();
            }, pipesMs);
        });
        const settle = () => {
            clearTimeout(timer);
            clearTimeout(pipesTimer);
            signal.removeEventListener('abort', end);
        };
        child.stdout.on('data', (chunk) => stdout.push(chunk));
        child.stderr.on('data', (chunk) => {
            stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_MAX_LENGTH);
        });
        child.on('error', (cause) => {
            settle();
            const { code } = cause;
            reject(new GitError(`git can't be run (${code}): install git before this step`, { cause }));
        });
        child.on('close', (code, killedBy) => {
            settle();
            if (signal.aborted)
                return reject(signal.reason);
            if (isCut)
                return reject(new GitError('git has ended, and a program that it started goes on'));
            const ended = isLate ? `it did not end within ${timeoutMs / 1000} s` : `exit code ${code ?? killedBy}`;
            const complaint = findComplaint(stderr) || ended;
            resolve({ code: isLate ? null : code, stdout: Buffer.concat(stdout), complaint });
        });
    });
}
/** With the lines that follow: a secret that is broken over lines is told by all of them. */
function findComplaint(stderr) {
    const lines = stderr.split(/[\r\n]+/).filter((line) => line.trim() !== '');
    const start = lines.findLastIndex((line) => /^(fatal|error): /.test(line));
    return lines.slice(Math.max(0, start)).join(' ');
}
/** More than a line can have that a remote sends. A line without its start could show a part of a secret. */
const STDERR_MAX_LENGTH = 200_000;
const WINDOWS = process.platform === 'win32';
function killGroup(child) {
    try {
        if (child.pid !== undefined && !WINDOWS)
            process.kill(-child.pid, 'SIGKILL');
        else
            child.kill('SIGKILL');
    }
    catch (error) {
        if (error.code !== 'ESRCH')
            throw error; // ESRCH: it has already ended
    }
}

;// CONCATENATED MODULE: ./lib/select/open-git.js










const FOREIGN_HINT = 'and that file can come from a pull request or an archive: set it in the environment of this step instead';
/** Opens the repository of the root: the workspace, or a folder between the workspace and the root.
 *  @throws GitError if there is no git or no repository */
async function openGit({ workspace, root, signal, ...settings }) {
    const { program, env } = findGit(settings.env, workspace);
    const { repositories, rootFolder } = findRepositories(workspace, root);
    const onComplaint = settings.onComplaint ?? (() => { });
    const at = (repository) => {
        const own = gitEnvironment(env, repository);
        const cwd = repository.topLevel;
        return (args, options) => runGit(program, [...SETTINGS, ...args], { ...options, cwd, env: { ...own, ...options?.env }, signal });
    };
    const repository = await open_git_choose(repositories, at, onComplaint);
    const git = at(repository);
    const [configuration, head] = await Promise.all([
        git(['config', '--list', '--show-origin', '-z'], { env: OFFLINE }),
        // the raw commit, because git's other commands hide the parents in a shallow clone
        git(['cat-file', '--batch'], { input: 'HEAD\n', env: OFFLINE }),
    ]);
    const failed = [configuration, head].find(({ code }) => code !== 0);
    if (failed !== undefined) {
        throw new GitError(`${repository.topLevel}: ${failed.complaint}: check the repository that is checked out there`);
    }
    const foreign = findForeignSetting(configuration.stdout, open_git_isForeign(external_node_fs_namespaceObject.realpathSync.native(workspace), repository));
    const offline = foreign && `git fetches nothing: ${foreign.file} sets ${foreign.name}, ${FOREIGN_HINT}`;
    const rootPath = (0,external_node_path_namespaceObject.relative)(repository.topLevel, rootFolder).split(external_node_path_namespaceObject.sep).join('/');
    return createGit(offline === undefined ? git : (args, options) => git(args, { ...options, env: OFFLINE }), {
        ...repository,
        credentials: settings.credentials,
        env,
        offline,
        onComplaint,
        head: head.stdout,
        rootPath: rootPath === '' ? '' : `${rootPath}/`,
        writesLinksAsText: writesLinksAsText(configuration.stdout),
    });
}
/** Chooses the innermost repository, as git does, unless an outer one has files in its folder: then it is not from a
 *  checkout. */
async function open_git_choose([first, ...inner], at, onComplaint) {
    let chosen = first;
    for (const repository of inner) {
        if (chosen.problem === undefined && (await hasFilesIn(repository.topLevel, chosen, at(chosen)))) {
            onComplaint(`${(0,external_node_path_namespaceObject.join)(repository.topLevel, '.git')} is not used: the repository in ${chosen.topLevel} has files there`);
        }
        else
            chosen = repository;
    }
    if (chosen.problem !== undefined)
        throw new GitError(`${chosen.problem}: put actions/checkout before this step`);
    return chosen;
}
async function hasFilesIn(folder, { topLevel }, git) {
    const path = (0,external_node_path_namespaceObject.relative)(topLevel, folder).split(external_node_path_namespaceObject.sep).join('/');
    const { code, stdout } = await git(['ls-files', '--stage', '-z', '--', path], { env: OFFLINE });
    return (code === 0 &&
        parseTree(stdout).some((entry) => entry.kind !== 'submodule' && (0,external_node_fs_namespaceObject.existsSync)((0,external_node_path_namespaceObject.join)(topLevel, entry.path))));
}
/** @returns a function that says whether a configuration file can come from a pull request or an archive: it is in the
 *  work tree, or in a `.git` below the workspace */
function open_git_isForeign(workspace, { topLevel, gitDir, isNested }) {
    return (file) => {
        const path = (0,external_node_path_namespaceObject.resolve)(topLevel, file);
        return [path, (0,external_node_fs_namespaceObject.existsSync)(path) ? external_node_fs_namespaceObject.realpathSync.native(path) : path].some((place) => {
            if (isNested && find_repository_namesBelow(gitDir, place) !== undefined)
                return true;
            const names = find_repository_namesBelow(workspace, place);
            return names !== undefined && !names.some(isGitName);
        });
    };
}

;// CONCATENATED MODULE: ./lib/select/pattern-warnings.js

/** @returns warnings about patterns that match no file, and about a root without any matching file if none of the changed
 *  files matches */
async function warnOfPatterns({ files, matching = files.length, considered, rootPath }, names, { root, files: matches, patternInputs }, { path, rules }) {
    const inputs = path === '' ? patternInputs : [...patternInputs, { name: path, lines: rules }];
    const all = considered > 0 && matching === 0 ? await names.list() : [];
    const isLost = all.length > 0 && !all.some(matches);
    const advice = await advise(inputs, names, { root, isLost });
    if (!isLost)
        return advice;
    const below = rootPath === '' ? 'in the repository' : `below ${rootPath}`;
    return [
        `files: none of the ${all.length} files ${below} matches, so no push publishes a file: check the patterns, or root`,
        ...advice,
    ];
}

;// CONCATENATED MODULE: ./lib/select/twins.js

/**
 * Names that differ only by case or Unicode form, if one of them is the name of a file of the run. A disk that ignores the
 * difference has one file for two such names in git, and lists one of them.
 * @param names of published files, relative to the same folder as the paths of `files`
 */
function twins_findTwins(files, names) {
    const taken = [...files].flatMap(([path, file]) => ('bytes' in file ? [path] : []));
    const folded = new Set(taken.map(foldName));
    const alike = new Set([...taken, ...names.filter((name) => folded.has(foldName(name)))]);
    return [...Map.groupBy(alike, foldName).values()]
        .filter((group) => group.length > 1)
        .flat()
        .sort();
}

;// CONCATENATED MODULE: ./lib/select/select.js

















/** The selection of a run that needs no files. */
const NO_FILES = {
    changes: {
        base: '',
        head: '',
        baseStrategy: 'all',
        rootPath: '',
        files: [],
        considered: 0,
        steps: [],
        notices: [],
        warnings: [],
    },
    files: new Map(),
    topLevel: '',
    touched: [],
    twins: [],
    rootError: undefined,
};
/** Finds the files that changed, or in `mode: all` every file.
 *  @throws GitError, BaseError, TreeError */
async function selectFiles(environment, inputs, { metadata, ...settings }) {
    const { git, github } = await openRepository(environment, inputs, settings);
    const { workspace } = environment;
    const found = inputs.mode === 'all'
        ? {
            ...(await findAll(workspace, { git, head: await headOf(git) }, inputs)),
            topLevel: await (0,promises_namespaceObject.realpath)(workspace),
            rootError: undefined,
        }
        : await findSince(environment, inputs, { git, github });
    const { topLevel, names, published, standIns } = found;
    const { rootError } = found;
    const warnings = [...found.changes.warnings, ...(await warnOfPatterns(found.changes, names, inputs, metadata))];
    const changes = { ...found.changes, warnings };
    const paths = changes.files.filter(({ change }) => change !== 'deleted').map(({ path }) => path);
    const listedBy = inputs.mode === 'all' ? 'folder' : 'git';
    const files = inputs.upload ? await probeFiles(paths, { workspace, topLevel, listedBy, standIns }) : new Map();
    const isMatching = (name) => inputs.files(name.slice(changes.rootPath.length));
    const twins = inputs.guards === 'off' ? [] : twins_findTwins(files, published.filter(isMatching));
    const selection = { changes, files, topLevel, twins, touched: [], rootError };
    if (metadata.path === '' || inputs.mode === 'all')
        return selection;
    if (git === undefined)
        return { ...selection, changes: { ...changes, warnings: [...warnings, UNKNOWN_METADATA] } };
    const file = await (0,promises_namespaceObject.realpath)((0,external_node_path_namespaceObject.resolve)(workspace, metadata.path));
    const path = (0,external_node_path_namespaceObject.relative)(topLevel, file).split(external_node_path_namespaceObject.sep).join('/');
    return { ...selection, touched: await findTouched(git, changes, { ...inputs, metadata, path }) };
}
const UNKNOWN_METADATA = 'metadata: without git the earlier version of the file is unknown, so it applies to uploaded files alone; run once with mode: all for the others';
/** Opens git, or falls back to the API. In `mode: all` only `untracked: ignore` needs git. */
async function openRepository({ workspace, childEnv: env, event, github: place }, { mode, root, untracked, githubToken: token }, { signal, log }) {
    const credentials = { token, serverUrl: place.serverUrl };
    const github = token !== '' && place.repository !== '' ? openGitHub({ ...place, token, signal }) : undefined;
    try {
        return { git: await openGit({ workspace, root, env, credentials, signal, onComplaint: log }), github };
    }
    catch (error) {
        if (!(error instanceof GitError))
            throw error;
        if (mode === 'all' && untracked === 'include')
            return { git: undefined, github };
        if (mode === 'all')
            throw error;
        await refuseNested({ workspace, root }, error);
        if (github === undefined || event.sha === '')
            throw error;
        log(`${error.message}; GitHub's API is used instead`);
        return { git: undefined, github };
    }
}
/** @returns '' without git or a commit */
async function headOf(git) {
    try {
        return git === undefined ? '' : (await git.head()).sha;
    }
    catch (error) {
        if (!(error instanceof GitError))
            throw error;
        return '';
    }
}
async function findSince({ workspace, event }, inputs, { git, github }) {
    const { root, shard } = inputs;
    const changes = git === undefined
        ? await findChangesByApi({ workspace, root }, github, event, inputs)
        : await findChanges(git, github, event, inputs);
    const { files, head, rootPath } = changes;
    const list = git === undefined ? () => listFolder({ workspace, root }) : async () => filesOf(await git.list(head));
    const published = git !== undefined && files.length > 0 ? await list() : [];
    // a pattern also counts if it matches a deleted file
    const relativeToRoot = (paths) => [...paths, ...files.map(({ path }) => path)].map((path) => path.slice(rootPath.length));
    const names = {
        known: published.length > 0 ? relativeToRoot(published) : undefined,
        list: async () => relativeToRoot(published.length > 0 ? published : await list()),
    };
    const place = { workspace, root, head, files: inputs.files };
    const problem = changes.considered === 0 ? await findRootProblem(git, place) : undefined;
    const warnings = [...changes.warnings, ...(problem?.level === 'warning' ? [problem.text] : [])];
    return {
        changes: { ...changes, ...takeShard(files, shard), warnings },
        topLevel: git?.topLevel ?? workspace,
        rootError: problem?.level === 'error' ? problem.text : undefined,
        names,
        published,
        standIns: await standInsOf(git, changes),
    };
}
async function standInsOf(git, { files, head }) {
    if (git === undefined || files.length === 0)
        return NO_STAND_INS;
    return findStandIns(git, head, (await git.listLinks(head)).keys());
}
/** The files whose attributes differ between the metadata file and its version at the base.
 *  @param path of the metadata file, relative to the repository */
async function findTouched(git, { base, head, rootPath }, { metadata, path, files, shard }) {
    if (base === '' || base === head)
        return []; // every matching file is uploaded, or nothing changed
    const text = await git.show(base, path);
    if (text === metadata.text)
        return [];
    const before = await parseEarlier(text);
    return filesOf(await git.list(head))
        .filter((file) => files(file.slice(rootPath.length)) && isInShard(file, shard))
        .filter((file) => (0,inputs_metadata/* rulesTouched */.ix)(before, metadata, file.slice(rootPath.length)));
}
/** @returns the reason why a run needs no files; undefined if it needs them */
function whyNoFiles(inputs) {
    if (!inputs.selectsFiles)
        return 'files is set to nothing, so the run selects no file';
    if (inputs.upload)
        return undefined;
    if (!inputs.purge && inputs.assetManager === 'off')
        return 'upload and purge are both false, so the run selects no file';
    if (inputs.domains.length > 0 || inputs.sourceId !== '')
        return undefined;
    return 'without source-id or domains no file can be purged, so the run purges urls only';
}

;// CONCATENATED MODULE: ./lib/imgix/purges.js



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
    const contradiction = (document) => contradictsObject(document, 'purges', (_, { url: told }) => typeof told === 'string' && told !== url ? `with a purge of another URL, ${told}` : undefined);
    const request = { method: 'POST', path: 'purge', limit: 'purge', permission: 'Purge', json };
    try {
        const { attempts, document } = await client.request({ ...request, contradiction, ...ends });
        return { attempts, purgeId: readResource(document.data)?.id };
    }
    catch (error) {
        if (error instanceof ImgixError && error.status === 409)
            return { attempts: error.attempts };
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/sync/by-session.js





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
            if (!(cause instanceof ImgixError && isExpired(cause)))
                throw error;
            if (sessions === SESSIONS_MAX)
                throw new SessionError('put', neverTaken(cause));
        }
    }
}
async function oneSession(api, step, { place, file, stop, grace }) {
    const { client, sessions } = api;
    const ends = AbortSignal.any([stop.hard, stop.soft]);
    const tidying = { ...place, signal: grace, halt: grace };
    // wait for a request that opens a session, because only its answer names the session to cancel
    const session = await during('open', sessions.open({ ...place, signal: grace, halt: ends }));
    let doubt;
    const onDoubt = (answer) => {
        doubt = answer;
    };
    try {
        const own = `${step.path}\n${step.originPath}\n${session.id}`;
        const { attempts } = await during('put', client.put({ ...file, url: session.url, own, signal: ends, onDoubt }));
        // the bytes are in the bucket now, so the session is closed and the URL purged, even after a cancellation
        await during('close', sessions.close(tidying, session.id));
        if (doubt !== undefined)
            await during('put', confirmStored(api, tidying, { session, step, doubt }));
        return { attempts };
    }
    catch (error) {
        // only the first failure is reported: a session that is not cancelled closes itself after 8 hours
        await sessions.cancel(tidying, session.id).catch(() => { });
        throw error;
    }
}
// After a close imgix processes the bytes, in seconds.
const LOOKS_MAX = 5;
/** Asks imgix where the storage's answer does not say that the bytes are there.
 *  @throws ImgixError unless the path has an asset of their size */
async function confirmStored({ client, sessions }, place, { session, step, doubt }) {
    for (let looks = 1;; looks += 1) {
        const isComplete = await sessions.isComplete(place, session.id);
        const asset = await findAsset(client, place);
        if (asset?.fileSize === step.bytes)
            return;
        if (isComplete || looks === LOOKS_MAX)
            break;
        await (0,external_node_timers_promises_namespaceObject.setTimeout)(backOff(looks), undefined, { signal: place.signal });
    }
    const reason = `the answer (${doubt}) does not say that the file is stored, and imgix has no asset of its ${step.bytes} bytes at the path`;
    throw new ImgixError({ method: 'PUT', path: 'to the storage', reason });
}
async function during(call, request) {
    try {
        return await request;
    }
    catch (cause) {
        throw new SessionError(call, cause);
    }
}
function neverTaken({ method, path, status, details }) {
    const reason = `from the storage for each of ${SESSIONS_MAX} presigned URLs: check the upload credentials of the Source and the runner's clock`;
    return new ImgixError({ method, path, status, attempts: SESSIONS_MAX, reason, details });
}

;// CONCATENATED MODULE: ./lib/sync/proof.js



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
 * account can't overwrite, the state before the upload is needed later as proof. A list of assets is too old for both.
 */
function isLookedAt({ routes }, { known, conflictPolicy }) {
    // with overwrite and sessions, a PUT replaces the file in any case
    return known === 'unknown' && !(conflictPolicy === 'overwrite' && routes.includes('session'));
}
/** @throws ImgixError if the state is unknown and the step has no route but a PUT */
async function lookBefore(client, place, { routes }) {
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
async function proof_look(client, place) {
    return findAsset(client, place).catch((error) => passUnknown(error, undefined));
}
function passUnknown(error, unknown) {
    if (!(error instanceof ImgixError) || error.status === 401)
        throw error;
    return unknown;
}

;// CONCATENATED MODULE: ./lib/sync/upload.js






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
    // the bytes are stored, and the session's state was already requested
    { call: 'close', policy: 'any', holds: 'ours', taken: ['direct', 'fail'], failed: ['direct', 'fail'] },
];
/** The actions that can settle an upload. Each returns undefined if it can't. */
const WAYS = {
    /** A session replaces the file at the path, unless the Source has no sessions. */
    async session(upload, error) {
        if (!upload.left.includes('session') || isStopped(upload))
            return undefined;
        try {
            return addAttempts(error, await bySession({ ...upload, left: [] }));
        }
        catch (second) {
            if (second instanceof ImgixError && [400, 404, 405].includes(Number(second.status)))
                return undefined;
            throw second;
        }
    },
    /** The direct upload is also possible: no file fails because of a route that the action chose. */
    async direct(upload, error) {
        if (!upload.left.includes('direct') || error.status === 401 || isStopped(upload))
            return undefined;
        upload.settings.routes.closeSessions(error);
        return addAttempts(error, await direct({ ...upload, left: [] }));
    },
    /** It is proven that the path holds the bytes of this upload. */
    async ours(upload, { attempts }) {
        const { api, place, traces } = upload;
        const { holds, route } = traces;
        if (holds === 'older' || isStopped(upload))
            return undefined;
        const isProven = holds === 'ours' || isOurs(await proof_look(api.client, place), traces);
        return isProven ? { result: 'uploaded', route, attempts, stored: { sha256: '', asset: undefined } } : undefined;
    },
    async skip(upload, error) {
        return upload_refuse(upload, error);
    },
    async fail(upload, error) {
        if (!isConflict(error) || upload.settings.conflictPolicy === 'overwrite')
            throw error;
        return upload_refuse(upload, error);
    },
};
const LEAVES_AT_ONCE_BYTES = 1 << 20;
/** Stores one file by its planned route. Another route of the step is used if the first one can't store the file.
 *  @throws ImgixError, FileError */
async function uploadFile(api, step, settings) {
    const { routes, bytes } = step;
    const { conflictPolicy, stop } = settings;
    const place = placeOf(api, step, stop);
    // no needless await before the choice of a route, which counts the uploads that have started
    const { before: known = 'unknown' } = settings;
    const before = isLookedAt(step, { known, conflictPolicy }) ? await lookBefore(api.client, place, step) : known;
    // a PUT replaces an existing file
    const canPut = conflictPolicy === 'overwrite' || before !== 'unknown';
    const free = () => (canPut ? settings.routes.next() : 'direct');
    const route = step.route === 'any' ? free() : step.route;
    const traces = { holds: 'older', route, before, beganAtMs: api.client.now(), sent: { sha256: '', bytes } };
    const upload = { api, step, settings, place, traces, left: routes.filter((other) => other !== route) };
    return route === 'session' ? bySession(upload) : direct(upload);
}
async function direct(upload) {
    const { api, step, settings, place, traces } = upload;
    const { stop, grace, conflictPolicy } = settings;
    // a small upload may already be stored when the run is cancelled, so wait for its answer
    const leavesAtOnce = step.bytes <= LEAVES_AT_ONCE_BYTES;
    const ends = leavesAtOnce ? { signal: grace, halt: AbortSignal.any([stop.hard, stop.soft]) } : {};
    try {
        const file = { ...fileOf(upload), overwrite: conflictPolicy === 'overwrite' };
        const { attempts, asset } = await uploadAsset(api.client, { ...place, ...ends }, file);
        const stored = { sha256: traces.sent.sha256, asset: asset && viewAsset(asset) };
        return { result: 'uploaded', route: 'direct', attempts, stored };
    }
    catch (error) {
        return upload_settle(upload, 'direct', error);
    }
}
async function bySession(upload) {
    const { api, step, settings, place, traces } = upload;
    if (settings.conflictPolicy !== 'overwrite' && traces.before === 'present')
        return upload_refuse(upload, { method: 'GET', path: step.originPath, status: undefined, attempts: 1 });
    const store = () => storeBySession(api, step, { place, file: fileOf(upload), ...settings });
    try {
        const { attempts } = await (step.route === 'any' ? settings.routes.during(store) : store());
        const stored = { sha256: traces.sent.sha256, asset: undefined };
        return { result: 'uploaded', route: 'session', attempts, stored };
    }
    catch (error) {
        if (!(error instanceof SessionError))
            throw error;
        return upload_settle(upload, error.call, error.cause);
    }
}
/** @throws the error if no action settles the upload */
async function upload_settle(upload, call, error) {
    const { conflictPolicy } = upload.settings;
    const row = LOST_ANSWERS.find((one) => one.call === call && ['any', conflictPolicy].includes(one.policy));
    if (!(error instanceof ImgixError) || row === undefined)
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
function upload_refuse({ traces: { holds, before }, settings: { conflictPolicy } }, { method, path, status, attempts }) {
    const isDoubtful = holds === 'either' && before !== 'present';
    const doubt = isDoubtful ? '; an earlier try may have stored this file, but nothing proves it' : '';
    const reason = `the Source already holds this path${doubt}`;
    if (conflictPolicy === 'skip')
        return { result: 'skipped', reason, attempts };
    throw new ImgixError({ method, path, status, attempts, reason: `${reason}, and on-conflict is fail` });
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
function isConflict({ status }) {
    return status === 409;
}
function placeOf(api, step, { soft, hard }) {
    return { sourceId: api.sourceId, originPath: step.originPath, signal: hard, halt: soft };
}

;// CONCATENATED MODULE: ./lib/sync/attributes.js






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
    const isWhole = answered !== undefined && saysAll(answered, stored?.hasFields, { attributes, record: recordFor(answered) });
    const asset = isWhole ? answered : await lookAt(api, step, { stop, isNew: stored !== undefined });
    if (asset === undefined)
        throw notThere(api, step, stored);
    const isChanged = await patch(api, step, { asset, attributes, record: recordFor(asset), stop });
    return isChanged
        ? { result: 'done', attempts: 1 }
        : { result: 'skipped', reason: 'the asset has it all', attempts: 1 };
}
/** Whether the answer to an upload, which can omit fields, contains every field that the change is merged into. */
function saysAll(asset, hasFields, { attributes, record }) {
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
        throw new ImgixError({ method: 'PATCH', path, reason: String(change.problem) });
    }
    await changeAsset(api.client, placeOf(api, step, stop), change);
    return true;
}
async function lookAt(api, step, { stop, isNew }) {
    for (const waitMs of isNew ? LOOK_AGAIN_MS : []) {
        const asset = await findAsset(api.client, placeOf(api, step, stop));
        if (asset !== undefined)
            return asset;
        await (0,external_node_timers_promises_namespaceObject.setTimeout)(waitMs, undefined, { signal: stop.patience }).catch(() => stop.patience.throwIfAborted());
    }
    return findAsset(api.client, placeOf(api, step, stop));
}
function notThere(api, { originPath }, stored) {
    const path = `/api/v1/sources/${api.sourceId}/assets/${originPath}`;
    const reason = stored === undefined
        ? 'the Source has no such asset: a run in mode all uploads what it lacks'
        : 'the Asset Manager does not have it yet';
    return new ImgixError({ method: 'GET', path, status: 404, reason });
}

;// CONCATENATED MODULE: ./lib/sync/file.js



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
        const reason = whyLeft(result);
        for (const step of [...purges, ...calls])
            run.emit({ kind: 'ended', outcome: { step, result: 'not-done', reason, attempts: 0, seconds: 0 } });
        return;
    }
    const called = calls.map((step) => run.call(step)); // nothing waits for a refresh, because their limit is per minute
    const purged = await Promise.all(purges.map((step) => run.purge(step)));
    // a record means that the file is done, so it is written after the purges: if they fail, the next run repeats them
    const isPurged = purged.every((outcome) => outcome.result === 'done');
    const step = stepAfter(upload, known.record, stored.asset !== undefined && readRecord(stored.asset) !== undefined);
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
function whyLeft(result) {
    if (result === 'failed')
        return 'its upload failed';
    return result === 'skipped' ? 'its file was not uploaded' : 'the run ended before its upload';
}

;// CONCATENATED MODULE: ./lib/sync/pool.js
/**
 * Limits the work under way to `places`, first come, first served. While both kinds of work wait, each kind has at most
 * half of the places, so that long work does not block short work, and the reverse.
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

;// CONCATENATED MODULE: ./lib/sync/record.js







const SEEK_MS = 10_000;
/**
 * Invalidates the record of an asset before an upload makes it wrong, so that no later run trusts it, however this run
 * ends. If no assets were listed, one request asks whether the Source has any record. If it has, or no answer comes in
 * time, each asset is requested before its upload. If the request is refused, records are renewed where an upload's
 * answer shows one.
 */
function createInvalidateRecord(api, { conflictPolicy, emit, seekMs = SEEK_MS }) {
    let haveRecords;
    /** @returns undefined if the request is refused */
    async function seek({ soft }) {
        const late = AbortSignal.timeout(seekMs);
        try {
            return await hasRecords(api, AbortSignal.any([soft, late]));
        }
        catch (error) {
            if (error === late.reason)
                return true;
            if (!(error instanceof ImgixError) || error === soft.reason || error.status === 401)
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
        haveRecords ??= seek(stop);
        const isLookedAt = await haveRecords;
        if (isLookedAt)
            return invalidate(step, stop);
        // without permission to read assets, the upload's answer has to be enough
        return { record, hasFields: isLookedAt === undefined ? false : hasFields };
    };
}
/** Further tries would get the same answer. A 400 can be about the filter alone. */
function isFinal({ status = 0 }) {
    return status > 400 && !isTransient(status);
}

;// CONCATENATED MODULE: ./lib/sync/route-choice.js
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
        closeSessions(because) {
            if (isOpen)
                onSessionsClosed(because);
            isOpen = false;
        },
    };
}

;// CONCATENATED MODULE: ./lib/sync/stop.js


/**
 * The rule for every AbortSignal of a sync.
 *
 * |                    | transfers                    | later steps of stored files, and records       |
 * | ------------------ | ---------------------------- | ---------------------------------------------- |
 * | cancellation       | are aborted                  | go on, but wait for no asset to appear         |
 * | end of its grace   |                              | are aborted                                    |
 * | fatal error        | start no more, end unaborted | start no more, end unaborted                   |
 * | a record's refusal |                              | only records start no more                     |
 *
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
    function stopOf({ kind }) {
        if (kind === 'upload')
            return transfers;
        return kind === 'record' ? records : followUps;
    }
    /** The outcome of a step that threw. After a stop, an error that is an answer still counts as a failure. */
    function outcomeOf(step, cause, seconds) {
        const { soft, hard } = stopOf(step);
        const isStopped = hard.aborted || (cancelled.aborted && cause === cancelled.reason);
        const isAnswered = cause instanceof ImgixError && cause.status !== undefined && cause !== fatal.signal.reason;
        if (isStopped || (soft.aborted && !isAnswered)) {
            return { step, result: 'not-done', reason: 'the run ended before it was done', attempts: 0, seconds };
        }
        const error = cause instanceof Error ? cause : new Error(String(cause));
        return { step, result: 'failed', error, attempts: error instanceof ImgixError ? error.attempts : 1, seconds };
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
            if (result !== 'failed' || !(outcome.error instanceof ImgixError))
                return;
            if (step.kind === 'record' && stop_isForbidden(outcome.error))
                refusal.abort(outcome.error);
            else if (step.kind !== 'record' && isFatal(outcome.error, isKnown))
                fatal.abort(outcome.error);
        },
    };
}
function stop_isForbidden({ status }) {
    return status === 401 || status === 403;
}
/** Whether every other request would fail, too: a 401 or 403 of the API, a proxy that refuses to connect, or a 404 on an
 *  upload to a Source that never answered. A 403 of a presigned URL concerns one file only. */
function isFatal(error, sourceIsKnown) {
    const { status, permission, path, cause } = error;
    if (permission === undefined)
        return false;
    if (cause instanceof ProxyError)
        return !cause.retryable;
    return stop_isForbidden(error) || (status === 404 && !sourceIsKnown && /\/upload(-sessions)?\//.test(path));
}

;// CONCATENATED MODULE: ./lib/sync/sync.js









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
        begin(pools.alone, purgesOf(true), purgeAlone),
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
    begun.push(await begin(pools.alone, purgesOf(false), purgeAlone), ...(await Promise.all(alone)));
    await Promise.all(begun.flat());
    return fatal.reason;
}
/** Starts items as the pool has room, because each waiting item costs memory. @returns one promise for each item */
async function begin(pool, items, start, kind = 'short') {
    const begun = [];
    for (const item of items) {
        await pool.room(kind);
        begun.push(start(item));
    }
    return begun;
}
function createRun(api, settings) {
    const { stop, emit, conflictPolicy, lookBefore = async () => { } } = settings;
    const stops = createStops(stop, api.sourceIsKnown);
    const pools = {
        purges: createPool(PURGES_AT_A_TIME),
        alone: createPool(PURGES_AT_A_TIME), // purges without an upload, so that they don't wait behind those of stored files
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
    const purgeAlone = (step) => pools.alone.take(async () => {
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

;// CONCATENATED MODULE: ./lib/verify/rendering.js





const LOOKS_AT_A_TIME = 4;
/** Answers of servers that do not support a method; a firewall in front of them answers 403. */
const NO_HEAD = [403, 405, 501];
/** A larger difference is not the clock's: a cache kept the header. */
const CLOCK_MAX_MS = 3_600_000;
/** Requests the headers of files from rendering hosts. The API key is never sent there. */
function createRendering(settings) {
    const transport = createTransport(settings.timeoutMs, settings.proxyFor);
    const hosts = createHosts(settings.apiUrl, settings.resolve);
    const turn = createTurns(LOOKS_AT_A_TIME);
    const ask = async (method, url, signal, reuse = true) => {
        const headers = { accept: '*/*', 'user-agent': settings.userAgent };
        try {
            const { lookup } = hosts;
            return await transport.send({ method, url, headers, signal, reuse, headersOnly: true, lookup });
        }
        catch (error) {
            if (!(error instanceof StaleConnection))
                throw error;
            return ask(method, url, signal, false);
        }
    };
    return {
        look: async (text, signal) => {
            const url = new URL(text);
            return turn(url.host, signal, async () => {
                await hosts.check(url);
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
/** @see https://github.com/imgix/imgix-blueprint (MD5 of token and encoded path, the query being empty) */
function signatureOf(token, path) {
    return (0,external_node_crypto_.createHash)('md5').update(`${token}${path}`).digest('hex');
}
function read({ status, headers }) {
    const { etag, 'last-modified': lastModified } = headers;
    return { status, etag, lastModified: parseDate(lastModified), clockAheadMs: clockAhead(headers) };
}
/** A cache sends its own date, or an older date and the age: the value nearer to now counts. */
function clockAhead({ date, age }) {
    const told = parseDate(date);
    if (told === undefined)
        return 0;
    const now = Date.now();
    const ahead = [told - now, told + Number(age ?? 0) * 1000 - now].sort((a, b) => Math.abs(a) - Math.abs(b))[0] ?? 0;
    return Math.abs(ahead) < CLOCK_MAX_MS ? ahead : 0;
}
function rendering_readProblem(error) {
    if (error instanceof HostError || error instanceof ProxySettingError)
        return { problem: `nothing was sent: ${error.message}`, final: true };
    if (error instanceof ProxyError)
        return { problem: error.message, final: !error.retryable };
    const { code, message } = error;
    return { problem: `no answer (${code === undefined || code === 'ETIMEDOUT' ? message : code})`, final: false };
}
/** Limits the requests under way. The next one is for the host with the fewest, so that a host that hangs does not
 *  block the others. */
function createTurns(limit) {
    const hosts = new Map();
    let free = limit;
    const startNext = () => {
        if (free === 0)
            return;
        const [next] = [...hosts.values()].filter(({ waiting }) => waiting.length > 0).sort((a, b) => a.running - b.running);
        if (next === undefined)
            return;
        free -= 1;
        next.running += 1;
        next.waiting.shift()?.();
    };
    return async (name, signal, work) => {
        const host = hosts.get(name) ?? { running: 0, waiting: [] };
        hosts.set(name, host);
        await new Promise((resolve) => {
            host.waiting.push(resolve);
            startNext();
        });
        try {
            signal.throwIfAborted();
            return await work();
        }
        finally {
            host.running -= 1;
            free += 1;
            startNext();
        }
    };
}

;// CONCATENATED MODULE: ./lib/verify/verdicts.js
/**
 * A Last-Modified that is at most this much before the upload still belongs to the upload. It is the bucket's time; the
 * time of the upload is ours, corrected by the rendering host's Date. Both headers are cut to whole seconds, which
 * makes two seconds. Three more are enough for clocks that NTP keeps.
 */
const TOLERANCE_MS = 5000;
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
function judge(expected, after) {
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
    return 'status' in look && look.status < 500 && look.status !== 429 && look.status !== 408;
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
        return { verdict: 'fresh', settled: true };
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
    return isNew ? { verdict: 'fresh', settled: true } : unchanged('its Last-Modified is before the upload');
}
/** It is unknown when the bytes changed, so only a difference to the answer before the purge proves something. */
function judgeElsewhere({ before }, after) {
    const seen = servedBefore(before);
    const isNewer = seen?.lastModified !== undefined && (after.lastModified ?? 0) > seen.lastModified;
    if (wasMissing(before) || isNewer || etagChanged(seen, after))
        return { verdict: 'fresh', settled: true };
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

;// CONCATENATED MODULE: ./lib/verify/rounds.js


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
        await Promise.all([...open].map((item) => rounds_lookAt(item, settings, ends)));
        settleDone();
        const leftMs = deadline - performance.now() - LAST_LOOK_MS;
        if (open.size === 0 || ends.aborted || leftMs <= 0)
            break;
        const due = [...open].filter(isDue);
        repairs.push(...due.map((item) => repair(item, settings, ends))); // the rounds continue while the purges wait for their rate limit
        if (due.length > 0)
            waitMs = WAIT_MS.first;
        const lastRoundMs = performance.now() - startedAt; // the next round takes about as long, and can be the last one
        const nextMs = Math.min(waitMs, Math.max(0, leftMs - lastRoundMs), untilDue(open));
        settings.emit({ kind: 'looked', left: open.size, all: items.length, waitMs: nextMs });
        await (0,external_node_timers_promises_namespaceObject.setTimeout)(nextMs, undefined, { signal: ends }).catch(() => { });
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
async function rounds_lookAt(item, { rendering }, ends) {
    const look = await rendering.look(item.url, ends);
    // a judgement from an answer stays, even if a later request gets no answer
    const counts = item.judgement === undefined ? !ends.aborted || 'status' in look : isAnswer(look);
    if (counts)
        item.judgement = judge(item, look);
}
function isDone(item) {
    const { judgement, change, purgedAt = 0, repairedAt = 0 } = item;
    if (judgement === undefined || judgement.settled)
        return judgement !== undefined;
    if (change === 'uploaded' || awaitsRepair(item))
        return false;
    return performance.now() > Math.max(purgedAt + PATIENCE_MS.purge, repairedAt + PATIENCE_MS.repair);
}
function awaitsRepair({ repair: own, repairedAt }) {
    return own !== undefined && repairedAt === undefined;
}
/** The URLs that are not yet as they should be some time after their purge, which may have been lost or too early. */
function isDue({ purgedAt = 0, repair: other }) {
    return other === undefined && performance.now() - purgedAt >= PURGE_AGAIN_MS;
}
async function repair(item, { purgeAgain }, ends) {
    item.repair = new AbortController();
    const signal = AbortSignal.any([ends, item.repair.signal]);
    await purgeAgain(item.url, signal);
    if (!signal.aborted)
        item.repairedAt = performance.now();
}
function untilDue(open) {
    const now = performance.now();
    const waits = [...open].flatMap(({ purgedAt = 0, repair: other }) => other === undefined ? [purgedAt + PURGE_AGAIN_MS - now] : []);
    return Math.max(SOON_MS, Math.min(...waits, Number.POSITIVE_INFINITY));
}

;// CONCATENATED MODULE: ./lib/verify/verify.js



/** After this many requests in a row without an answer, a host gets no more requests before uploads. */
const SILENT_LOOKS = 3;
/** Verifies that purges had their effect. */
function createVerification(plan, settings) {
    const watched = watchAll(plan, settings);
    const verdicts = new Map();
    const lookBefore = createLooksBefore(settings);
    return {
        verdicts,
        async lookBefore(changing) {
            const items = changing.flatMap(({ url }) => watched.get(url) ?? []);
            for (const item of items)
                item.looking ??= lookBefore(item);
            await Promise.all(items.map(({ looking }) => looking));
            for (const item of items)
                item.uploadedAt = Date.now();
        },
        hear(event) {
            if (event.kind !== 'ended' || event.outcome.result !== 'done')
                return;
            const { step } = event.outcome;
            const now = performance.now();
            if (step.kind === 'purge' && !step.subImage) {
                const item = watched.get(step.url);
                if (item !== undefined)
                    item.purgedAt = now;
            }
            else if (step.kind === 'call' && step.call === 'refresh') {
                for (const item of watched.values())
                    if (item.path === step.path && item.purgedAt !== undefined)
                        item.purgedAt = now;
            }
        },
        async carryOut() {
            const items = [...watched.values()].filter(({ purgedAt }) => purgedAt !== undefined);
            for (const item of items)
                settleUnseen(item, settings);
            await lookInRounds(items, settings, (item) => void verdicts.set(item.url, item.judgement ?? TIME_IS_UP));
        },
    };
}
const TIME_IS_UP = unverifiable('verify-timeout was over before there was an answer');
/** @returns a function that requests a URL before its file changes, unless its host does not answer */
function createLooksBefore({ rendering, signal, whyNot }) {
    const hosts = new Map();
    return async (item) => {
        const url = new URL(item.url);
        if (item.change === 'deleted' || isVideo(item.url) || whyNot(url) !== undefined)
            return;
        const host = hosts.get(url.host) ?? { silentLooks: 0, silence: new AbortController() };
        hosts.set(url.host, host);
        const ends = AbortSignal.any([signal, host.silence.signal]);
        if (ends.aborted)
            return;
        item.before = await rendering.look(item.url, ends);
        host.silentLooks = 'problem' in item.before ? host.silentLooks + 1 : 0;
        // each waiting request would cost a whole timeout
        if (host.silentLooks >= SILENT_LOOKS)
            host.silence.abort();
    };
}
/** @returns by URL */
function watchAll({ files, purges, skipped }, { mayRepeat }) {
    const deleted = new Set(skipped.filter(({ result }) => result === 'deleted').map(({ path }) => path));
    const changeOf = (path) => {
        if (path === undefined)
            return 'unknown';
        return deleted.has(path) ? 'deleted' : 'elsewhere';
    };
    const watch = ({ url, path }, change) => {
        return { url, path, change, mayRepeat: path === undefined || mayRepeat(path) };
    };
    const all = [
        ...files.flatMap((file) => file.purges.filter(({ subImage }) => !subImage).map((step) => watch(step, 'uploaded'))),
        ...purges.filter(({ subImage }) => !subImage).map((step) => watch(step, changeOf(step.path))),
    ];
    return new Map(all.map((item) => [item.url, item]));
}
function settleUnseen(item, { whyNot }) {
    const reason = isVideo(item.url) ? "a video: purges do not reach imgix's Video API" : whyNot(new URL(item.url));
    if (reason !== undefined)
        item.judgement = unverifiable(reason);
}

;// CONCATENATED MODULE: ./lib/verify/start-verification.js



/** A HEAD request before an upload must not delay the upload for long. */
const LOOK_TIMEOUT_MS = 5000;
const UNSIGNED = 'its Source wants signed URLs, and the key may not read the token: it needs the permission Sources';
/** Starts a verification, which keeps connections open until it is closed. */
function startVerification(plan, settings) {
    const { mode, source, client, signal, emit } = settings;
    const isNews = takesNews(settings);
    const signing = (url) => (source?.domains.includes(url.host) ? source.signing : undefined);
    const rendering = createRendering({
        timeoutMs: Math.min(settings.timeoutMs, LOOK_TIMEOUT_MS),
        userAgent: 'imgix-sync/1',
        apiUrl: settings.apiUrl,
        proxyFor: settings.proxyFor,
        tokenFor: (url) => signing(url)?.token,
    });
    const changes = new Map(plan.files.map(({ upload }) => [upload.path, upload.change]));
    const verification = createVerification(plan, {
        rendering,
        timeoutMs: settings.verifyTimeoutMs,
        signal,
        emit,
        // in `mode: all` a file without a comparison can be identical to the stored one
        mayRepeat: (path) => (mode === 'all' ? changes.get(path) === 'present' : !isNews),
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
/** Whether no earlier run can have uploaded these bytes: a push changed them, and this is the first attempt of its run. */
function takesNews({ environment, base }) {
    const { event, attempt } = environment;
    if (typeof event.payload !== 'object' || event.payload === null || !('before' in event.payload))
        return false;
    return attempt === 1 && base !== '' && base === event.payload.before;
}

;// CONCATENATED MODULE: ./lib/main.js




















/** Runs the action once. It never throws, and sets the exit code.
 *  @param front of a run that GitHub's runner does not start
 *  @param trackProgress what shows its progress */
async function run(front, trackProgress = createProgress) {
    return runAction((runner) => {
        const { state, hear } = createLedger(performance.now());
        const file = createReportFile(state, runner.environment.tempDir);
        const listeners = [hear, trackProgress(info).hear, createLog(state).hear, file.hear];
        const emit = (event) => {
            for (const listener of listeners)
                listener(event);
        };
        return {
            carryOut: () => carryOut({ ...runner, state, emit, listeners }),
            async reportEnding({ cancelled, error }) {
                emit({ kind: 'finished', cancelled, error });
                await reportEnding(state, file.path);
            },
        };
    }, front);
}
/** The stages in order. */
async function carryOut(run) {
    const { environment, stop, state, emit } = run;
    const inputs = readInputs(environment.workspace);
    const { mode, dryRun, verify, sourceId, domains } = inputs;
    emit({ kind: 'started', mode, dryRun, verify, sourceId, domains });
    if (environment.event.name.startsWith('pull_request') && !dryRun) {
        const text = 'this run on a pull request publishes files that are not merged; set dry-run to true to only look';
        emit({ kind: 'note', level: 'notice', text });
    }
    const metadata = await loadMetadata(environment.workspace, inputs.metadata);
    const selection = await main_select(run, inputs, metadata);
    if (selection.changes.files.length + selection.touched.length + inputs.urls.length === 0)
        return;
    const client = createClient({
        ...inputs,
        userAgent: 'imgix-sync/1',
        sharesLimits: inputs.shard.count > 1,
        redact: redact,
        hide: (url, own) => hideUrl(url, [own, sourceId, ...state.domains].join('\n')),
        onLongWait: (waitMs, because) => emit({ kind: 'waits', waitMs, because }),
    });
    try {
        const sessions = createUploadSessions(client);
        const made = { inputs, api: { client, sourceId }, selection, metadata };
        const { plan, source } = await makePlan({ ...made, signal: stop.soft, emit, hide: hide, explain: explain });
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
async function main_select(run, inputs, metadata) {
    const { environment, stop, emit } = run;
    const reason = whyNoFiles(inputs);
    if (reason !== undefined) {
        emit({ kind: 'idle', reason });
        return NO_FILES;
    }
    const log = (text) => emit({ kind: 'note', level: 'info', text });
    const selection = await selectFiles(environment, inputs, { metadata, signal: stop.soft, log });
    const { changes, touched, rootError } = selection;
    emit({ kind: 'selected', changes });
    if (rootError !== undefined)
        throw new InputError([rootError]);
    if (changes.files.length + touched.length + inputs.urls.length === 0)
        emit({ kind: 'idle', reason: changesSentence(changes) });
    return selection;
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
    for (const slowDown of api.client.slowDowns())
        emit({ kind: 'slowed', ...slowDown });
    if (stoppedBy !== undefined)
        throw stoppedBy.status === 404 ? noSource(inputs.sourceId, stoppedBy) : stoppedBy;
}


/***/ }),

/***/ 611:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  Yz: () => (/* binding */ debug),
  N4: () => (/* binding */ endGroup),
  z3: () => (/* binding */ error),
  V4: () => (/* binding */ getInput),
  pq: () => (/* binding */ info),
  lm: () => (/* binding */ notice),
  uH: () => (/* binding */ setOutput),
  Pq: () => (/* binding */ setSecret),
  Oh: () => (/* binding */ startGroup),
  $e: () => (/* binding */ warning)
});

// UNUSED EXPORTS: ExitCode, addPath, exportVariable, getBooleanInput, getIDToken, getMultilineInput, getState, group, isDebug, markdownSummary, platform, saveState, setCommandEcho, setFailed, summary, toPlatformPath, toPosixPath, toWin32Path

// EXTERNAL MODULE: external "os"
var external_os_ = __nccwpck_require__(857);
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
    process.stdout.write(cmd.toString() + external_os_.EOL);
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
// EXTERNAL MODULE: external "fs"
var external_fs_ = __nccwpck_require__(9896);
;// CONCATENATED MODULE: ./lib/node_modules/@actions/core/lib/file-command.js
// For internal use, subject to change.
// We use any as a valid input type
/* eslint-disable @typescript-eslint/no-explicit-any */




function file_command_issueFileCommand(command, message) {
    const filePath = process.env[`GITHUB_${command}`];
    if (!filePath) {
        throw new Error(`Unable to find environment variable for file command ${command}`);
    }
    if (!external_fs_.existsSync(filePath)) {
        throw new Error(`Missing file at path: ${filePath}`);
    }
    external_fs_.appendFileSync(filePath, `${utils_toCommandValue(message)}${external_os_.EOL}`, {
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
    return `${key}<<${delimiter}${external_os_.EOL}${convertedValue}${external_os_.EOL}${delimiter}`;
}
//# sourceMappingURL=file-command.js.map
// EXTERNAL MODULE: external "path"
var external_path_ = __nccwpck_require__(6928);
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
    process.stdout.write(external_os_.EOL);
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
    process.stdout.write(message + external_os_.EOL);
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

/***/ }),

/***/ 3581:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  VR: () => (/* binding */ Minimatch),
  KA: () => (/* binding */ braceExpand)
});

// UNUSED EXPORTS: AST, GLOBSTAR, defaults, escape, filter, makeRe, match, minimatch, sep, unescape

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
    return new Minimatch(pattern, options).match(p);
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
const path = {
    win32: { sep: '\\' },
    posix: { sep: '/' },
};
/* c8 ignore stop */
const sep = defaultPlatform === 'win32' ? path.win32.sep : path.posix.sep;
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
const makeRe = (pattern, options = {}) => new Minimatch(pattern, options).makeRe();
minimatch.makeRe = makeRe;
const match = (list, pattern, options = {}) => {
    const mm = new Minimatch(pattern, options);
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
class Minimatch {
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
minimatch.Minimatch = Minimatch;
minimatch.escape = escape_escape;
minimatch.unescape = unescape_unescape;
//# sourceMappingURL=index.js.map

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
/******/ 		__webpack_modules__[moduleId].call(module.exports, module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/******/ // expose the modules object (__webpack_modules__)
/******/ __nccwpck_require__.m = __webpack_modules__;
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
/******/ /* webpack/runtime/ensure chunk */
/******/ (() => {
/******/ 	__nccwpck_require__.f = {};
/******/ 	// This file contains only the entry chunk.
/******/ 	// The chunk loading function for additional chunks
/******/ 	__nccwpck_require__.e = (chunkId) => {
/******/ 		return Promise.all(Object.keys(__nccwpck_require__.f).reduce((promises, key) => {
/******/ 			__nccwpck_require__.f[key](chunkId, promises);
/******/ 			return promises;
/******/ 		}, []));
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/get javascript chunk filename */
/******/ (() => {
/******/ 	// This function allow to reference async chunks
/******/ 	__nccwpck_require__.u = (chunkId) => {
/******/ 		// return url for filenames based on template
/******/ 		return "" + chunkId + ".index.js";
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/******/ /* webpack/runtime/import chunk loading */
/******/ (() => {
/******/ 	// no baseURI
/******/ 	
/******/ 	// object to store loaded and loading chunks
/******/ 	// undefined = chunk not loaded, null = chunk preloaded/prefetched
/******/ 	// [resolve, Promise] = chunk loading, 0 = chunk loaded
/******/ 	var installedChunks = {
/******/ 		792: 0
/******/ 	};
/******/ 	
/******/ 	var installChunk = (data) => {
/******/ 		var {ids, modules, runtime} = data;
/******/ 		// add "modules" to the modules object,
/******/ 		// then flag all "ids" as loaded and fire callback
/******/ 		var moduleId, chunkId, i = 0;
/******/ 		for(moduleId in modules) {
/******/ 			if(__nccwpck_require__.o(modules, moduleId)) {
/******/ 				__nccwpck_require__.m[moduleId] = modules[moduleId];
/******/ 			}
/******/ 		}
/******/ 		if(runtime) runtime(__nccwpck_require__);
/******/ 		for(;i < ids.length; i++) {
/******/ 			chunkId = ids[i];
/******/ 			if(__nccwpck_require__.o(installedChunks, chunkId) && installedChunks[chunkId]) {
/******/ 				installedChunks[chunkId][0]();
/******/ 			}
/******/ 			installedChunks[ids[i]] = 0;
/******/ 		}
/******/ 	
/******/ 	}
/******/ 	
/******/ 	__nccwpck_require__.f.j = (chunkId, promises) => {
/******/ 			// import() chunk loading for javascript
/******/ 			var installedChunkData = __nccwpck_require__.o(installedChunks, chunkId) ? installedChunks[chunkId] : undefined;
/******/ 			if(installedChunkData !== 0) { // 0 means "already installed".
/******/ 	
/******/ 				// a Promise means "currently loading".
/******/ 				if(installedChunkData) {
/******/ 					promises.push(installedChunkData[1]);
/******/ 				} else {
/******/ 					if(true) { // all chunks have JS
/******/ 						// setup Promise in chunk cache
/******/ 						var promise = import("./" + __nccwpck_require__.u(chunkId)).then(installChunk, (e) => {
/******/ 							if(installedChunks[chunkId] !== 0) installedChunks[chunkId] = undefined;
/******/ 							throw e;
/******/ 						});
/******/ 						var promise = Promise.race([promise, new Promise((resolve) => (installedChunkData = installedChunks[chunkId] = [resolve]))])
/******/ 						promises.push(installedChunkData[1] = promise);
/******/ 					}
/******/ 				}
/******/ 			}
/******/ 	};
/******/ 	
/******/ 	// no prefetching
/******/ 	
/******/ 	// no preloaded
/******/ 	
/******/ 	// no external install chunk
/******/ 	
/******/ 	// no on chunks loaded
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(5691);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ var __webpack_exports__run = __webpack_exports__.e;
/******/ export { __webpack_exports__run as run };
/******/ 
