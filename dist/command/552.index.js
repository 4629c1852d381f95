export const id = 552;
export const ids = [552];
export const modules = {

/***/ 7327:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  publish: () => (/* binding */ publish)
});

// EXTERNAL MODULE: ./lib/src/imgix/client.js + 5 modules
var imgix_client = __webpack_require__(9081);
// EXTERNAL MODULE: ./lib/src/imgix/assets.js
var imgix_assets = __webpack_require__(6542);
// EXTERNAL MODULE: ./lib/src/imgix/contradictions.js
var contradictions = __webpack_require__(3701);
// EXTERNAL MODULE: ./lib/src/imgix/errors.js
var errors = __webpack_require__(4232);
// EXTERNAL MODULE: ./lib/src/imgix/resources.js
var resources = __webpack_require__(1426);
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
    const { id, attributes } = (0,resources/* readResource */.R)(document.data) ?? {};
    const isSession = Boolean(id || attributes?.id) && typeof attributes?.origin_path === 'string';
    return isSession ? (0,contradictions/* contradictsObject */.OP)('asset_uploads')(document) : 'with an answer that is no upload session';
};
function contradictsSession({ sessionId, originPath }) {
    return (0,contradictions/* contradictsObject */.OP)('asset_uploads', (data, { origin_path: path }) => {
        const isAnother = typeof path === 'string' && originPath !== undefined && !(0,contradictions/* isSamePath */.ys)(path, originPath);
        return (0,contradictions/* contradictsId */.Et)(data, sessionId, 'session') ?? (isAnother ? `with a session of ${path}` : undefined);
    });
}
function contradictsClose(place) {
    return (0,contradictions/* contradictsObject */.OP)('asset_uploads', (data, { status }) => {
        // the server read the close as the opening of a session: the caller knows the other form
        if ((0,contradictions/* contradictsId */.Et)(data, place.sessionId, 'session') !== undefined)
            return undefined;
        return status === 'PENDING' ? 'with a session that is still PENDING' : contradictsSession(place)({ data });
    });
}
function send(client, { sourceId, signal, halt, ...place }, { verb, form = 'explicit', ...asked }) {
    const target = 'sessionId' in place ? encodeURIComponent(place.sessionId) : (0,imgix_assets/* encodeOriginPath */.sM)(place.originPath);
    const path = `${(0,imgix_assets/* sourcePath */.Z3)(sourceId)}/upload-sessions/${form === 'explicit' ? `${verb}/` : ''}${target}`;
    return (0,resources/* requestResource */.g)(client, { first: true, ...asked, path, permission: 'Asset Manager Edit', signal, halt });
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
    const isAsked = (0,contradictions/* isSamePath */.ys)(originPath, place.originPath) && [place.sourceId, ''].includes(sourceId);
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
        originPath: (0,imgix_assets/* originPathOf */.Z0)({ attributes }),
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

// EXTERNAL MODULE: ./lib/src/inputs/metadata.js
var inputs_metadata = __webpack_require__(8873);
// EXTERNAL MODULE: ./lib/src/inputs/reader.js
var reader = __webpack_require__(4163);
// EXTERNAL MODULE: ./lib/src/inputs/shard.js
var inputs_shard = __webpack_require__(534);
// EXTERNAL MODULE: ./lib/src/plan/forecast.js
var plan_forecast = __webpack_require__(371);
// EXTERNAL MODULE: ./lib/src/imgix/http/body.js
var http_body = __webpack_require__(8618);
// EXTERNAL MODULE: ./lib/src/inputs/fold-name.js
var fold_name = __webpack_require__(4091);
;// CONCATENATED MODULE: ./lib/src/plan/guards/magic-bytes.js
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
    if (bytes.length < START_BYTES || isHtml(start))
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
        const buffer = Buffer.allocUnsafe(START_BYTES);
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
        return viewAsset(await (0,imgix_assets/* getAsset */.p_)(client, place));
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
    return (0,imgix_assets/* updateAsset */.gT)(client, place, Object.fromEntries(named));
}
/** The assets of a Source, page by page, with the requested attributes.
 *  @throws ImgixError */
async function* listStored(client, { sourceId, fields, signal, ...query }) {
    const source = { sourceId, signal };
    const pages = (0,imgix_assets/* listAssets */.qs)(client, source, {
        page: { limit: PAGE_LIMIT },
        // The cursor is an offset. With the oldest first, an asset that is added meanwhile moves no other to another page.
        sort: ['date_created'],
        fields: ['origin_path', ...fields.map((field) => NAMES[field])],
        ...query,
    });
    for await (const page of pages) {
        const assets = page.map((asset) => ({ ...viewAsset(asset), originPath: (0,imgix_assets/* originPathOf */.Z0)(asset) }));
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
// EXTERNAL MODULE: ./lib/src/plan/route.js
var route = __webpack_require__(45);
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
    const routes = (0,route/* chooseRoutes */.K3)(file.bytes, inputs, source);
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
    return { ...draft, files: (0,route/* shareRoutes */.SF)(draft.files, inputs, source), updates };
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
    if (uploadVia !== 'session' || (0,route/* hasSessions */.wC)(type) !== false)
        return undefined;
    return `upload-via: Source ${id} is of type ${type}, which has no upload sessions: set it to auto or direct`;
}
/** More refreshes take minutes, so the user has to ask for them. */
const REFRESHES_MAX = 50;
function refuseRefreshes(plan, { force, rateLimits }) {
    const refreshes = (0,plan_forecast/* countRefreshes */.Vj)((0,plan_forecast/* stepsOf */.B_)(plan));
    if (refreshes <= REFRESHES_MAX || force)
        return undefined;
    const minutes = Math.ceil((0,plan_forecast/* classSeconds */.yI)(refreshes, rateLimits.refresh) / 60);
    return `asset-manager: ${refreshes} files would be refreshed, which takes about ${minutes} min by the rate limits: set force to true to do that, or asset-manager to off to do without`;
}
function noDomains(source) {
    if (source === undefined) {
        return 'api-key: the key may not read the Source, so the domains to purge on are unknown: give it the permission Sources, or name them in domains';
    }
    return `source-id: Source ${source.id} has no domains${source.leftOut === undefined ? '' : ' that a purge takes'}: name the ones to purge on in domains, or set purge to false`;
}

// EXTERNAL MODULE: ./lib/src/plan/source.js
var plan_source = __webpack_require__(6011);
;// CONCATENATED MODULE: ./lib/src/plan/make-plan.js










/** Decides what to do, and changes nothing.
 *  @throws ImgixError, InputError if the Source can't accept the plan */
async function makePlan(planning) {
    const { inputs, api, selection, emit } = planning;
    const { changes, files, touched } = selection;
    const source = (0,plan_source/* needsSource */.vW)(changes, inputs) ? await (0,plan_source/* readSource */.o$)(api, planning.signal) : undefined;
    if (source?.signing?.token !== undefined)
        planning.hide(source.signing.token);
    if (source !== undefined)
        emit({ kind: 'source', source: { type: source.type, domains: source.domains } });
    if (source?.leftOut !== undefined && inputs.domains.length === 0)
        emit({ kind: 'note', level: 'warning', text: (0,plan_source/* leftOutLine */.uv)(source) });
    const listing = await compareWithSource(planning);
    const relative = [...changes.files.map(({ path }) => path), ...touched].map((path) => path.slice(changes.rootPath.length));
    const { metadata, idle } = await (0,inputs_metadata/* matchAll */.HD)(planning.metadata, relative, planning.signal);
    const draft = planRun(changes, files, { inputs, source, listing, metadata, touched });
    emit({ kind: 'drafted', plan: draft });
    const plan = await guardPlan(draft, source, planning);
    const forecast = (steps) => (0,plan_forecast/* forecastSeconds */.zL)(steps, inputs.rateLimits);
    emit({ kind: 'planned', plan, seconds: forecast((0,plan_forecast/* stepsOf */.B_)(plan)), forecast });
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
            throw (0,plan_source/* noSource */.TS)(api.sourceId, error);
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
// EXTERNAL MODULE: ./lib/src/runner/core.js + 1 modules
var core = __webpack_require__(5636);
// EXTERNAL MODULE: ./lib/src/imgix/purges.js
var purges = __webpack_require__(4391);
// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
// EXTERNAL MODULE: ./lib/src/imgix/http/retry.js
var retry = __webpack_require__(2294);
// EXTERNAL MODULE: ./lib/src/imgix/storage-answers.js
var storage_answers = __webpack_require__(344);
// EXTERNAL MODULE: ./lib/src/imgix/storage-url.js
var storage_url = __webpack_require__(3546);
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
    return new errors/* ImgixError */.xw({ method: 'PUT', path: (0,storage_url/* hostOf */.w)(new URL(session.url)), reason, remedy });
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
        const { attempts, asset } = await (0,imgix_assets/* uploadAsset */.Mz)(api.client, { ...place, ...ends }, file);
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
async function updateAsset(api, step, { stored, stop }) {
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

// EXTERNAL MODULE: ./lib/src/imgix/http/unsent.js
var unsent = __webpack_require__(555);
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
        const { attempts } = await (0,purges/* purge */.O)(api.client, step.url, { signal: hard, halt: soft, subImageOf });
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
        update: (step, stored) => pools.updates.take(() => attempt(step, (stop) => updateAsset(api, step, { stored, stop }))),
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
    const ask = step.call === 'add' ? imgix_assets/* addAsset */.M9 : imgix_assets/* refreshAsset */.C8;
    const { attempts } = await ask(api.client, placeOf(api, step, stop));
    return { result: 'done', attempts };
}

// EXTERNAL MODULE: ./lib/src/verify/rendering.js
var verify_rendering = __webpack_require__(2258);
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
const REDIRECTS = [301, 302, 303, 307, 308];
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
    if (REDIRECTS.includes(status))
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
        const look = (0,verify_rendering/* createPatience */.s)(settings.rendering); // in the next round the host may answer
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
        item.judgement = judge(item, look);
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
    const rendering = (0,verify_rendering/* createRendering */.$)({
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
                await (0,purges/* purge */.O)(client, url, { signal: ended, halt: ended });
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
    const look = (0,verify_rendering/* createPatience */.s)(rendering);
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
    const client = (0,imgix_client/* createClient */.UU)({
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
        throw stoppedBy.status === 404 ? (0,plan_source/* noSource */.TS)(inputs.sourceId, stoppedBy) : stoppedBy;
}


/***/ })

};
