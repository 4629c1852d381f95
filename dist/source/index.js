import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 181:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("buffer");

/***/ }),

/***/ 932:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("process");

/***/ }),

/***/ 7349:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var Scalar = __nccwpck_require__(3301);
var YAMLMap = __nccwpck_require__(4454);
var YAMLSeq = __nccwpck_require__(2223);
var resolveBlockMap = __nccwpck_require__(7103);
var resolveBlockSeq = __nccwpck_require__(334);
var resolveFlowCollection = __nccwpck_require__(3142);

function resolveCollection(CN, ctx, token, onError, tagName, tag) {
    const coll = token.type === 'block-map'
        ? resolveBlockMap.resolveBlockMap(CN, ctx, token, onError, tag)
        : token.type === 'block-seq'
            ? resolveBlockSeq.resolveBlockSeq(CN, ctx, token, onError, tag)
            : resolveFlowCollection.resolveFlowCollection(CN, ctx, token, onError, tag);
    const Coll = coll.constructor;
    // If we got a tagName matching the class, or the tag name is '!',
    // then use the tagName from the node class used to create it.
    if (tagName === '!' || tagName === Coll.tagName) {
        coll.tag = Coll.tagName;
        return coll;
    }
    if (tagName)
        coll.tag = tagName;
    return coll;
}
function composeCollection(CN, ctx, token, props, onError) {
    const tagToken = props.tag;
    const tagName = !tagToken
        ? null
        : ctx.directives.tagName(tagToken.source, msg => onError(tagToken, 'TAG_RESOLVE_FAILED', msg));
    if (token.type === 'block-seq') {
        const { anchor, newlineAfterProp: nl } = props;
        const lastProp = anchor && tagToken
            ? anchor.offset > tagToken.offset
                ? anchor
                : tagToken
            : (anchor ?? tagToken);
        if (lastProp && (!nl || nl.offset < lastProp.offset)) {
            const message = 'Missing newline after block sequence props';
            onError(lastProp, 'MISSING_CHAR', message);
        }
    }
    const expType = token.type === 'block-map'
        ? 'map'
        : token.type === 'block-seq'
            ? 'seq'
            : token.start.source === '{'
                ? 'map'
                : 'seq';
    // shortcut: check if it's a generic YAMLMap or YAMLSeq
    // before jumping into the custom tag logic.
    if (!tagToken ||
        !tagName ||
        tagName === '!' ||
        (tagName === YAMLMap.YAMLMap.tagName && expType === 'map') ||
        (tagName === YAMLSeq.YAMLSeq.tagName && expType === 'seq')) {
        return resolveCollection(CN, ctx, token, onError, tagName);
    }
    let tag = ctx.schema.tags.find(t => t.tag === tagName && t.collection === expType);
    if (!tag) {
        const kt = ctx.schema.knownTags[tagName];
        if (kt?.collection === expType) {
            ctx.schema.tags.push(Object.assign({}, kt, { default: false }));
            tag = kt;
        }
        else {
            if (kt) {
                onError(tagToken, 'BAD_COLLECTION_TYPE', `${kt.tag} used for ${expType} collection, but expects ${kt.collection ?? 'scalar'}`, true);
            }
            else {
                onError(tagToken, 'TAG_RESOLVE_FAILED', `Unresolved tag: ${tagName}`, true);
            }
            return resolveCollection(CN, ctx, token, onError, tagName);
        }
    }
    const coll = resolveCollection(CN, ctx, token, onError, tagName, tag);
    const res = tag.resolve?.(coll, msg => onError(tagToken, 'TAG_RESOLVE_FAILED', msg), ctx.options) ?? coll;
    const node = identity.isNode(res)
        ? res
        : new Scalar.Scalar(res);
    node.range = coll.range;
    node.tag = tagName;
    if (tag?.format)
        node.format = tag.format;
    return node;
}

exports.composeCollection = composeCollection;


/***/ }),

/***/ 3683:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Document = __nccwpck_require__(3021);
var composeNode = __nccwpck_require__(5937);
var resolveEnd = __nccwpck_require__(7788);
var resolveProps = __nccwpck_require__(4631);

function composeDoc(options, directives, { offset, start, value, end }, onError) {
    const opts = Object.assign({ _directives: directives }, options);
    const doc = new Document.Document(undefined, opts);
    const ctx = {
        atKey: false,
        atRoot: true,
        directives: doc.directives,
        options: doc.options,
        schema: doc.schema
    };
    const props = resolveProps.resolveProps(start, {
        indicator: 'doc-start',
        next: value ?? end?.[0],
        offset,
        onError,
        parentIndent: 0,
        startOnNewline: true
    });
    if (props.found) {
        doc.directives.docStart = true;
        if (value &&
            (value.type === 'block-map' || value.type === 'block-seq') &&
            !props.hasNewline)
            onError(props.end, 'MISSING_CHAR', 'Block collection cannot start on same line with directives-end marker');
    }
    // @ts-expect-error If Contents is set, let's trust the user
    doc.contents = value
        ? composeNode.composeNode(ctx, value, props, onError)
        : composeNode.composeEmptyNode(ctx, props.end, start, null, props, onError);
    const contentEnd = doc.contents.range[2];
    const re = resolveEnd.resolveEnd(end, contentEnd, false, onError);
    if (re.comment)
        doc.comment = re.comment;
    doc.range = [offset, contentEnd, re.offset];
    return doc;
}

exports.composeDoc = composeDoc;


/***/ }),

/***/ 5937:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Alias = __nccwpck_require__(4065);
var identity = __nccwpck_require__(1127);
var composeCollection = __nccwpck_require__(7349);
var composeScalar = __nccwpck_require__(5413);
var resolveEnd = __nccwpck_require__(7788);
var utilEmptyScalarPosition = __nccwpck_require__(2599);

const CN = { composeNode, composeEmptyNode };
function composeNode(ctx, token, props, onError) {
    const atKey = ctx.atKey;
    const { spaceBefore, comment, anchor, tag } = props;
    let node;
    let isSrcToken = true;
    switch (token.type) {
        case 'alias':
            node = composeAlias(ctx, token, onError);
            if (anchor || tag)
                onError(token, 'ALIAS_PROPS', 'An alias node must not specify any properties');
            break;
        case 'scalar':
        case 'single-quoted-scalar':
        case 'double-quoted-scalar':
        case 'block-scalar':
            node = composeScalar.composeScalar(ctx, token, tag, onError);
            if (anchor)
                node.anchor = anchor.source.substring(1);
            break;
        case 'block-map':
        case 'block-seq':
        case 'flow-collection':
            try {
                node = composeCollection.composeCollection(CN, ctx, token, props, onError);
                if (anchor)
                    node.anchor = anchor.source.substring(1);
            }
            catch (error) {
                // Almost certainly here due to a stack overflow
                const message = error instanceof Error ? error.message : String(error);
                onError(token, 'RESOURCE_EXHAUSTION', message);
            }
            break;
        default: {
            const message = token.type === 'error'
                ? token.message
                : `Unsupported token (type: ${token.type})`;
            onError(token, 'UNEXPECTED_TOKEN', message);
            isSrcToken = false;
        }
    }
    node ?? (node = composeEmptyNode(ctx, token.offset, undefined, null, props, onError));
    if (anchor && node.anchor === '')
        onError(anchor, 'BAD_ALIAS', 'Anchor cannot be an empty string');
    if (atKey &&
        ctx.options.stringKeys &&
        (!identity.isScalar(node) ||
            typeof node.value !== 'string' ||
            (node.tag && node.tag !== 'tag:yaml.org,2002:str'))) {
        const msg = 'With stringKeys, all keys must be strings';
        onError(tag ?? token, 'NON_STRING_KEY', msg);
    }
    if (spaceBefore)
        node.spaceBefore = true;
    if (comment) {
        if (token.type === 'scalar' && token.source === '')
            node.comment = comment;
        else
            node.commentBefore = comment;
    }
    // @ts-expect-error Type checking misses meaning of isSrcToken
    if (ctx.options.keepSourceTokens && isSrcToken)
        node.srcToken = token;
    return node;
}
function composeEmptyNode(ctx, offset, before, pos, { spaceBefore, comment, anchor, tag, end }, onError) {
    const token = {
        type: 'scalar',
        offset: utilEmptyScalarPosition.emptyScalarPosition(offset, before, pos),
        indent: -1,
        source: ''
    };
    const node = composeScalar.composeScalar(ctx, token, tag, onError);
    if (anchor) {
        node.anchor = anchor.source.substring(1);
        if (node.anchor === '')
            onError(anchor, 'BAD_ALIAS', 'Anchor cannot be an empty string');
    }
    if (spaceBefore)
        node.spaceBefore = true;
    if (comment) {
        node.comment = comment;
        node.range[2] = end;
    }
    return node;
}
function composeAlias({ options }, { offset, source, end }, onError) {
    const alias = new Alias.Alias(source.substring(1));
    if (alias.source === '')
        onError(offset, 'BAD_ALIAS', 'Alias cannot be an empty string');
    if (alias.source.endsWith(':'))
        onError(offset + source.length - 1, 'BAD_ALIAS', 'Alias ending in : is ambiguous', true);
    const valueEnd = offset + source.length;
    const re = resolveEnd.resolveEnd(end, valueEnd, options.strict, onError);
    alias.range = [offset, valueEnd, re.offset];
    if (re.comment)
        alias.comment = re.comment;
    return alias;
}

exports.composeEmptyNode = composeEmptyNode;
exports.composeNode = composeNode;


/***/ }),

/***/ 5413:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var Scalar = __nccwpck_require__(3301);
var resolveBlockScalar = __nccwpck_require__(8913);
var resolveFlowScalar = __nccwpck_require__(6842);

function composeScalar(ctx, token, tagToken, onError) {
    const { value, type, comment, range } = token.type === 'block-scalar'
        ? resolveBlockScalar.resolveBlockScalar(ctx, token, onError)
        : resolveFlowScalar.resolveFlowScalar(token, ctx.options.strict, onError);
    const tagName = tagToken
        ? ctx.directives.tagName(tagToken.source, msg => onError(tagToken, 'TAG_RESOLVE_FAILED', msg))
        : null;
    let tag;
    if (ctx.options.stringKeys && ctx.atKey) {
        tag = ctx.schema[identity.SCALAR];
    }
    else if (tagName)
        tag = findScalarTagByName(ctx.schema, value, tagName, tagToken, onError);
    else if (token.type === 'scalar')
        tag = findScalarTagByTest(ctx, value, token, onError);
    else
        tag = ctx.schema[identity.SCALAR];
    let scalar;
    try {
        const res = tag.resolve(value, msg => onError(tagToken ?? token, 'TAG_RESOLVE_FAILED', msg), ctx.options);
        scalar = identity.isScalar(res) ? res : new Scalar.Scalar(res);
    }
    catch (error) {
        const msg = error instanceof Error ? error.message : String(error);
        onError(tagToken ?? token, 'TAG_RESOLVE_FAILED', msg);
        scalar = new Scalar.Scalar(value);
    }
    scalar.range = range;
    scalar.source = value;
    if (type)
        scalar.type = type;
    if (tagName)
        scalar.tag = tagName;
    if (tag.format)
        scalar.format = tag.format;
    if (comment)
        scalar.comment = comment;
    return scalar;
}
function findScalarTagByName(schema, value, tagName, tagToken, onError) {
    if (tagName === '!')
        return schema[identity.SCALAR]; // non-specific tag
    const matchWithTest = [];
    for (const tag of schema.tags) {
        if (!tag.collection && tag.tag === tagName) {
            if (tag.default && tag.test)
                matchWithTest.push(tag);
            else
                return tag;
        }
    }
    for (const tag of matchWithTest)
        if (tag.test?.test(value))
            return tag;
    const kt = schema.knownTags[tagName];
    if (kt && !kt.collection) {
        // Ensure that the known tag is available for stringifying,
        // but does not get used by default.
        schema.tags.push(Object.assign({}, kt, { default: false, test: undefined }));
        return kt;
    }
    onError(tagToken, 'TAG_RESOLVE_FAILED', `Unresolved tag: ${tagName}`, tagName !== 'tag:yaml.org,2002:str');
    return schema[identity.SCALAR];
}
function findScalarTagByTest({ atKey, directives, schema }, value, token, onError) {
    const tag = schema.tags.find(tag => (tag.default === true || (atKey && tag.default === 'key')) &&
        tag.test?.test(value)) || schema[identity.SCALAR];
    if (schema.compat) {
        const compat = schema.compat.find(tag => tag.default && tag.test?.test(value)) ??
            schema[identity.SCALAR];
        if (tag.tag !== compat.tag) {
            const ts = directives.tagString(tag.tag);
            const cs = directives.tagString(compat.tag);
            const msg = `Value may be parsed as either ${ts} or ${cs}`;
            onError(token, 'TAG_RESOLVE_FAILED', msg, true);
        }
    }
    return tag;
}

exports.composeScalar = composeScalar;


/***/ }),

/***/ 9984:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var node_process = __nccwpck_require__(932);
var directives = __nccwpck_require__(1342);
var Document = __nccwpck_require__(3021);
var errors = __nccwpck_require__(1464);
var identity = __nccwpck_require__(1127);
var composeDoc = __nccwpck_require__(3683);
var resolveEnd = __nccwpck_require__(7788);

function getErrorPos(src) {
    if (typeof src === 'number')
        return [src, src + 1];
    if (Array.isArray(src))
        return src.length === 2 ? src : [src[0], src[1]];
    const { offset, source } = src;
    return [offset, offset + (typeof source === 'string' ? source.length : 1)];
}
function parsePrelude(prelude) {
    let comment = '';
    let atComment = false;
    let afterEmptyLine = false;
    for (let i = 0; i < prelude.length; ++i) {
        const source = prelude[i];
        switch (source[0]) {
            case '#':
                comment +=
                    (comment === '' ? '' : afterEmptyLine ? '\n\n' : '\n') +
                        (source.substring(1) || ' ');
                atComment = true;
                afterEmptyLine = false;
                break;
            case '%':
                if (prelude[i + 1]?.[0] !== '#')
                    i += 1;
                atComment = false;
                break;
            default:
                // This may be wrong after doc-end, but in that case it doesn't matter
                if (!atComment)
                    afterEmptyLine = true;
                atComment = false;
        }
    }
    return { comment, afterEmptyLine };
}
/**
 * Compose a stream of CST nodes into a stream of YAML Documents.
 *
 * ```ts
 * import { Composer, Parser } from 'yaml'
 *
 * const src: string = ...
 * const tokens = new Parser().parse(src)
 * const docs = new Composer().compose(tokens)
 * ```
 */
class Composer {
    constructor(options = {}) {
        this.doc = null;
        this.atDirectives = false;
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
        this.onError = (source, code, message, warning) => {
            const pos = getErrorPos(source);
            if (warning)
                this.warnings.push(new errors.YAMLWarning(pos, code, message));
            else
                this.errors.push(new errors.YAMLParseError(pos, code, message));
        };
        // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
        this.directives = new directives.Directives({ version: options.version || '1.2' });
        this.options = options;
    }
    decorate(doc, afterDoc) {
        const { comment, afterEmptyLine } = parsePrelude(this.prelude);
        //console.log({ dc: doc.comment, prelude, comment })
        if (comment) {
            const dc = doc.contents;
            if (afterDoc) {
                doc.comment = doc.comment ? `${doc.comment}\n${comment}` : comment;
            }
            else if (afterEmptyLine || doc.directives.docStart || !dc) {
                doc.commentBefore = comment;
            }
            else if (identity.isCollection(dc) && !dc.flow && dc.items.length > 0) {
                let it = dc.items[0];
                if (identity.isPair(it))
                    it = it.key;
                const cb = it.commentBefore;
                it.commentBefore = cb ? `${comment}\n${cb}` : comment;
            }
            else {
                const cb = dc.commentBefore;
                dc.commentBefore = cb ? `${comment}\n${cb}` : comment;
            }
        }
        if (afterDoc) {
            for (let i = 0; i < this.errors.length; ++i)
                doc.errors.push(this.errors[i]);
            for (let i = 0; i < this.warnings.length; ++i)
                doc.warnings.push(this.warnings[i]);
        }
        else {
            doc.errors = this.errors;
            doc.warnings = this.warnings;
        }
        this.prelude = [];
        this.errors = [];
        this.warnings = [];
    }
    /**
     * Current stream status information.
     *
     * Mostly useful at the end of input for an empty stream.
     */
    streamInfo() {
        return {
            comment: parsePrelude(this.prelude).comment,
            directives: this.directives,
            errors: this.errors,
            warnings: this.warnings
        };
    }
    /**
     * Compose tokens into documents.
     *
     * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
     * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
     */
    *compose(tokens, forceDoc = false, endOffset = -1) {
        for (const token of tokens)
            yield* this.next(token);
        yield* this.end(forceDoc, endOffset);
    }
    /** Advance the composer by one CST token. */
    *next(token) {
        if (node_process.env.LOG_STREAM)
            console.dir(token, { depth: null });
        switch (token.type) {
            case 'directive':
                this.directives.add(token.source, (offset, message, warning) => {
                    const pos = getErrorPos(token);
                    pos[0] += offset;
                    this.onError(pos, 'BAD_DIRECTIVE', message, warning);
                });
                this.prelude.push(token.source);
                this.atDirectives = true;
                break;
            case 'document': {
                const doc = composeDoc.composeDoc(this.options, this.directives, token, this.onError);
                if (this.atDirectives && !doc.directives.docStart)
                    this.onError(token, 'MISSING_CHAR', 'Missing directives-end/doc-start indicator line');
                this.decorate(doc, false);
                if (this.doc)
                    yield this.doc;
                this.doc = doc;
                this.atDirectives = false;
                break;
            }
            case 'byte-order-mark':
            case 'space':
                break;
            case 'comment':
            case 'newline':
                this.prelude.push(token.source);
                break;
            case 'error': {
                const msg = token.source
                    ? `${token.message}: ${JSON.stringify(token.source)}`
                    : token.message;
                const error = new errors.YAMLParseError(getErrorPos(token), 'UNEXPECTED_TOKEN', msg);
                if (this.atDirectives || !this.doc)
                    this.errors.push(error);
                else
                    this.doc.errors.push(error);
                break;
            }
            case 'doc-end': {
                if (!this.doc) {
                    const msg = 'Unexpected doc-end without preceding document';
                    this.errors.push(new errors.YAMLParseError(getErrorPos(token), 'UNEXPECTED_TOKEN', msg));
                    break;
                }
                this.doc.directives.docEnd = true;
                const end = resolveEnd.resolveEnd(token.end, token.offset + token.source.length, this.doc.options.strict, this.onError);
                this.decorate(this.doc, true);
                if (end.comment) {
                    const dc = this.doc.comment;
                    this.doc.comment = dc ? `${dc}\n${end.comment}` : end.comment;
                }
                this.doc.range[2] = end.offset;
                break;
            }
            default:
                this.errors.push(new errors.YAMLParseError(getErrorPos(token), 'UNEXPECTED_TOKEN', `Unsupported token ${token.type}`));
        }
    }
    /**
     * Call at end of input to yield any remaining document.
     *
     * @param forceDoc - If the stream contains no document, still emit a final document including any comments and directives that would be applied to a subsequent document.
     * @param endOffset - Should be set if `forceDoc` is also set, to set the document range end and to indicate errors correctly.
     */
    *end(forceDoc = false, endOffset = -1) {
        if (this.doc) {
            this.decorate(this.doc, true);
            yield this.doc;
            this.doc = null;
        }
        else if (forceDoc) {
            const opts = Object.assign({ _directives: this.directives }, this.options);
            const doc = new Document.Document(undefined, opts);
            if (this.atDirectives)
                this.onError(endOffset, 'MISSING_CHAR', 'Missing directives-end indicator line');
            doc.range = [0, endOffset, endOffset];
            this.decorate(doc, false);
            yield doc;
        }
    }
}

exports.Composer = Composer;


/***/ }),

/***/ 7103:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Pair = __nccwpck_require__(7165);
var YAMLMap = __nccwpck_require__(4454);
var resolveProps = __nccwpck_require__(4631);
var utilContainsNewline = __nccwpck_require__(9499);
var utilFlowIndentCheck = __nccwpck_require__(4051);
var utilMapIncludes = __nccwpck_require__(1187);

const startColMsg = 'All mapping items must start at the same column';
function resolveBlockMap({ composeNode, composeEmptyNode }, ctx, bm, onError, tag) {
    const NodeClass = tag?.nodeClass ?? YAMLMap.YAMLMap;
    const map = new NodeClass(ctx.schema);
    if (ctx.atRoot)
        ctx.atRoot = false;
    let offset = bm.offset;
    let commentEnd = null;
    for (const collItem of bm.items) {
        const { start, key, sep, value } = collItem;
        // key properties
        const keyProps = resolveProps.resolveProps(start, {
            indicator: 'explicit-key-ind',
            next: key ?? sep?.[0],
            offset,
            onError,
            parentIndent: bm.indent,
            startOnNewline: true
        });
        const implicitKey = !keyProps.found;
        if (implicitKey) {
            if (key) {
                if (key.type === 'block-seq')
                    onError(offset, 'BLOCK_AS_IMPLICIT_KEY', 'A block sequence may not be used as an implicit map key');
                else if ('indent' in key && key.indent !== bm.indent)
                    onError(offset, 'BAD_INDENT', startColMsg);
            }
            if (!keyProps.anchor && !keyProps.tag && !sep) {
                commentEnd = keyProps.end;
                if (keyProps.comment) {
                    if (map.comment)
                        map.comment += '\n' + keyProps.comment;
                    else
                        map.comment = keyProps.comment;
                }
                continue;
            }
            if (keyProps.newlineAfterProp || utilContainsNewline.containsNewline(key)) {
                onError(key ?? start[start.length - 1], 'MULTILINE_IMPLICIT_KEY', 'Implicit keys need to be on a single line');
            }
        }
        else if (keyProps.found?.indent !== bm.indent) {
            onError(offset, 'BAD_INDENT', startColMsg);
        }
        // key value
        ctx.atKey = true;
        const keyStart = keyProps.end;
        const keyNode = key
            ? composeNode(ctx, key, keyProps, onError)
            : composeEmptyNode(ctx, keyStart, start, null, keyProps, onError);
        if (ctx.schema.compat)
            utilFlowIndentCheck.flowIndentCheck(bm.indent, key, onError);
        ctx.atKey = false;
        if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
            onError(keyStart, 'DUPLICATE_KEY', 'Map keys must be unique');
        // value properties
        const valueProps = resolveProps.resolveProps(sep ?? [], {
            indicator: 'map-value-ind',
            next: value,
            offset: keyNode.range[2],
            onError,
            parentIndent: bm.indent,
            startOnNewline: !key || key.type === 'block-scalar'
        });
        offset = valueProps.end;
        if (valueProps.found) {
            if (implicitKey) {
                if (value?.type === 'block-map' && !valueProps.hasNewline)
                    onError(offset, 'BLOCK_AS_IMPLICIT_KEY', 'Nested mappings are not allowed in compact mappings');
                if (ctx.options.strict &&
                    keyProps.start < valueProps.found.offset - 1024)
                    onError(keyNode.range, 'KEY_OVER_1024_CHARS', 'The : indicator must be at most 1024 chars after the start of an implicit block mapping key');
            }
            // value value
            const valueNode = value
                ? composeNode(ctx, value, valueProps, onError)
                : composeEmptyNode(ctx, offset, sep, null, valueProps, onError);
            if (ctx.schema.compat)
                utilFlowIndentCheck.flowIndentCheck(bm.indent, value, onError);
            offset = valueNode.range[2];
            const pair = new Pair.Pair(keyNode, valueNode);
            if (ctx.options.keepSourceTokens)
                pair.srcToken = collItem;
            map.items.push(pair);
        }
        else {
            // key with no value
            if (implicitKey)
                onError(keyNode.range, 'MISSING_CHAR', 'Implicit map keys need to be followed by map values');
            if (valueProps.comment) {
                if (keyNode.comment)
                    keyNode.comment += '\n' + valueProps.comment;
                else
                    keyNode.comment = valueProps.comment;
            }
            const pair = new Pair.Pair(keyNode);
            if (ctx.options.keepSourceTokens)
                pair.srcToken = collItem;
            map.items.push(pair);
        }
    }
    if (commentEnd && commentEnd < offset)
        onError(commentEnd, 'IMPOSSIBLE', 'Map comment with trailing content');
    map.range = [bm.offset, offset, commentEnd ?? offset];
    return map;
}

exports.resolveBlockMap = resolveBlockMap;


/***/ }),

/***/ 8913:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Scalar = __nccwpck_require__(3301);

function resolveBlockScalar(ctx, scalar, onError) {
    const start = scalar.offset;
    const header = parseBlockScalarHeader(scalar, ctx.options.strict, onError);
    if (!header)
        return { value: '', type: null, comment: '', range: [start, start, start] };
    const type = header.mode === '>' ? Scalar.Scalar.BLOCK_FOLDED : Scalar.Scalar.BLOCK_LITERAL;
    const lines = scalar.source ? splitLines(scalar.source) : [];
    // determine the end of content & start of chomping
    let chompStart = lines.length;
    for (let i = lines.length - 1; i >= 0; --i) {
        const content = lines[i][1];
        if (content === '' || content === '\r')
            chompStart = i;
        else
            break;
    }
    // shortcut for empty contents
    if (chompStart === 0) {
        const value = header.chomp === '+' && lines.length > 0
            ? '\n'.repeat(Math.max(1, lines.length - 1))
            : '';
        let end = start + header.length;
        if (scalar.source)
            end += scalar.source.length;
        return { value, type, comment: header.comment, range: [start, end, end] };
    }
    // find the indentation level to trim from start
    let trimIndent = scalar.indent + header.indent;
    let offset = scalar.offset + header.length;
    let contentStart = 0;
    for (let i = 0; i < chompStart; ++i) {
        const [indent, content] = lines[i];
        if (content === '' || content === '\r') {
            if (header.indent === 0 && indent.length > trimIndent)
                trimIndent = indent.length;
        }
        else {
            if (indent.length < trimIndent) {
                const message = 'Block scalars with more-indented leading empty lines must use an explicit indentation indicator';
                onError(offset + indent.length, 'MISSING_CHAR', message);
            }
            if (header.indent === 0)
                trimIndent = indent.length;
            contentStart = i;
            if (trimIndent === 0 && !ctx.atRoot) {
                const message = 'Block scalar values in collections must be indented';
                onError(offset, 'BAD_INDENT', message);
            }
            break;
        }
        offset += indent.length + content.length + 1;
    }
    // include trailing more-indented empty lines in content
    for (let i = lines.length - 1; i >= chompStart; --i) {
        if (lines[i][0].length > trimIndent)
            chompStart = i + 1;
    }
    let value = '';
    let sep = '';
    let prevMoreIndented = false;
    // leading whitespace is kept intact
    for (let i = 0; i < contentStart; ++i)
        value += lines[i][0].slice(trimIndent) + '\n';
    for (let i = contentStart; i < chompStart; ++i) {
        let [indent, content] = lines[i];
        offset += indent.length + content.length + 1;
        const crlf = content[content.length - 1] === '\r';
        if (crlf)
            content = content.slice(0, -1);
        /* istanbul ignore if already caught in lexer */
        if (content && indent.length < trimIndent) {
            const src = header.indent
                ? 'explicit indentation indicator'
                : 'first line';
            const message = `Block scalar lines must not be less indented than their ${src}`;
            onError(offset - content.length - (crlf ? 2 : 1), 'BAD_INDENT', message);
            indent = '';
        }
        if (type === Scalar.Scalar.BLOCK_LITERAL) {
            value += sep + indent.slice(trimIndent) + content;
            sep = '\n';
        }
        else if (indent.length > trimIndent || content[0] === '\t') {
            // more-indented content within a folded block
            if (sep === ' ')
                sep = '\n';
            else if (!prevMoreIndented && sep === '\n')
                sep = '\n\n';
            value += sep + indent.slice(trimIndent) + content;
            sep = '\n';
            prevMoreIndented = true;
        }
        else if (content === '') {
            // empty line
            if (sep === '\n')
                value += '\n';
            else
                sep = '\n';
        }
        else {
            value += sep + content;
            sep = ' ';
            prevMoreIndented = false;
        }
    }
    switch (header.chomp) {
        case '-':
            break;
        case '+':
            for (let i = chompStart; i < lines.length; ++i)
                value += '\n' + lines[i][0].slice(trimIndent);
            if (value[value.length - 1] !== '\n')
                value += '\n';
            break;
        default:
            value += '\n';
    }
    const end = start + header.length + scalar.source.length;
    return { value, type, comment: header.comment, range: [start, end, end] };
}
function parseBlockScalarHeader({ offset, props }, strict, onError) {
    /* istanbul ignore if should not happen */
    if (props[0].type !== 'block-scalar-header') {
        onError(props[0], 'IMPOSSIBLE', 'Block scalar header not found');
        return null;
    }
    const { source } = props[0];
    const mode = source[0];
    let indent = 0;
    let chomp = '';
    let error = -1;
    for (let i = 1; i < source.length; ++i) {
        const ch = source[i];
        if (!chomp && (ch === '-' || ch === '+'))
            chomp = ch;
        else {
            const n = Number(ch);
            if (!indent && n)
                indent = n;
            else if (error === -1)
                error = offset + i;
        }
    }
    if (error !== -1)
        onError(error, 'UNEXPECTED_TOKEN', `Block scalar header includes extra characters: ${source}`);
    let hasSpace = false;
    let comment = '';
    let length = source.length;
    for (let i = 1; i < props.length; ++i) {
        const token = props[i];
        switch (token.type) {
            case 'space':
                hasSpace = true;
            // fallthrough
            case 'newline':
                length += token.source.length;
                break;
            case 'comment':
                if (strict && !hasSpace) {
                    const message = 'Comments must be separated from other tokens by white space characters';
                    onError(token, 'MISSING_CHAR', message);
                }
                length += token.source.length;
                comment = token.source.substring(1);
                break;
            case 'error':
                onError(token, 'UNEXPECTED_TOKEN', token.message);
                length += token.source.length;
                break;
            /* istanbul ignore next should not happen */
            default: {
                const message = `Unexpected token in block scalar header: ${token.type}`;
                onError(token, 'UNEXPECTED_TOKEN', message);
                const ts = token.source;
                if (ts && typeof ts === 'string')
                    length += ts.length;
            }
        }
    }
    return { mode, indent, chomp, comment, length };
}
/** @returns Array of lines split up as `[indent, content]` */
function splitLines(source) {
    const split = source.split(/\n( *)/);
    const first = split[0];
    const m = first.match(/^( *)/);
    const line0 = m?.[1]
        ? [m[1], first.slice(m[1].length)]
        : ['', first];
    const lines = [line0];
    for (let i = 1; i < split.length; i += 2)
        lines.push([split[i], split[i + 1]]);
    return lines;
}

exports.resolveBlockScalar = resolveBlockScalar;


/***/ }),

/***/ 334:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var YAMLSeq = __nccwpck_require__(2223);
var resolveProps = __nccwpck_require__(4631);
var utilFlowIndentCheck = __nccwpck_require__(4051);

function resolveBlockSeq({ composeNode, composeEmptyNode }, ctx, bs, onError, tag) {
    const NodeClass = tag?.nodeClass ?? YAMLSeq.YAMLSeq;
    const seq = new NodeClass(ctx.schema);
    if (ctx.atRoot)
        ctx.atRoot = false;
    if (ctx.atKey)
        ctx.atKey = false;
    let offset = bs.offset;
    let commentEnd = null;
    for (const { start, value } of bs.items) {
        const props = resolveProps.resolveProps(start, {
            indicator: 'seq-item-ind',
            next: value,
            offset,
            onError,
            parentIndent: bs.indent,
            startOnNewline: true
        });
        if (!props.found) {
            if (props.anchor || props.tag || value) {
                if (value?.type === 'block-seq')
                    onError(props.end, 'BAD_INDENT', 'All sequence items must start at the same column');
                else
                    onError(offset, 'MISSING_CHAR', 'Sequence item without - indicator');
            }
            else {
                commentEnd = props.end;
                if (props.comment)
                    seq.comment = props.comment;
                continue;
            }
        }
        const node = value
            ? composeNode(ctx, value, props, onError)
            : composeEmptyNode(ctx, props.end, start, null, props, onError);
        if (ctx.schema.compat)
            utilFlowIndentCheck.flowIndentCheck(bs.indent, value, onError);
        offset = node.range[2];
        seq.items.push(node);
    }
    seq.range = [bs.offset, offset, commentEnd ?? offset];
    return seq;
}

exports.resolveBlockSeq = resolveBlockSeq;


/***/ }),

/***/ 7788:
/***/ ((__unused_webpack_module, exports) => {



function resolveEnd(end, offset, reqSpace, onError) {
    let comment = '';
    if (end) {
        let hasSpace = false;
        let sep = '';
        for (const token of end) {
            const { source, type } = token;
            switch (type) {
                case 'space':
                    hasSpace = true;
                    break;
                case 'comment': {
                    if (reqSpace && !hasSpace)
                        onError(token, 'MISSING_CHAR', 'Comments must be separated from other tokens by white space characters');
                    const cb = source.substring(1) || ' ';
                    if (!comment)
                        comment = cb;
                    else
                        comment += sep + cb;
                    sep = '';
                    break;
                }
                case 'newline':
                    if (comment)
                        sep += source;
                    hasSpace = true;
                    break;
                default:
                    onError(token, 'UNEXPECTED_TOKEN', `Unexpected ${type} at node end`);
            }
            offset += source.length;
        }
    }
    return { comment, offset };
}

exports.resolveEnd = resolveEnd;


/***/ }),

/***/ 3142:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var Pair = __nccwpck_require__(7165);
var YAMLMap = __nccwpck_require__(4454);
var YAMLSeq = __nccwpck_require__(2223);
var resolveEnd = __nccwpck_require__(7788);
var resolveProps = __nccwpck_require__(4631);
var utilContainsNewline = __nccwpck_require__(9499);
var utilMapIncludes = __nccwpck_require__(1187);

const blockMsg = 'Block collections are not allowed within flow collections';
const isBlock = (token) => token && (token.type === 'block-map' || token.type === 'block-seq');
function resolveFlowCollection({ composeNode, composeEmptyNode }, ctx, fc, onError, tag) {
    const isMap = fc.start.source === '{';
    const fcName = isMap ? 'flow map' : 'flow sequence';
    const NodeClass = (tag?.nodeClass ?? (isMap ? YAMLMap.YAMLMap : YAMLSeq.YAMLSeq));
    const coll = new NodeClass(ctx.schema);
    coll.flow = true;
    const atRoot = ctx.atRoot;
    if (atRoot)
        ctx.atRoot = false;
    if (ctx.atKey)
        ctx.atKey = false;
    let offset = fc.offset + fc.start.source.length;
    for (let i = 0; i < fc.items.length; ++i) {
        const collItem = fc.items[i];
        const { start, key, sep, value } = collItem;
        const props = resolveProps.resolveProps(start, {
            flow: fcName,
            indicator: 'explicit-key-ind',
            next: key ?? sep?.[0],
            offset,
            onError,
            parentIndent: fc.indent,
            startOnNewline: false
        });
        if (!props.found) {
            if (!props.anchor && !props.tag && !sep && !value) {
                if (i === 0 && props.comma)
                    onError(props.comma, 'UNEXPECTED_TOKEN', `Unexpected , in ${fcName}`);
                else if (i < fc.items.length - 1)
                    onError(props.start, 'UNEXPECTED_TOKEN', `Unexpected empty item in ${fcName}`);
                if (props.comment) {
                    if (coll.comment)
                        coll.comment += '\n' + props.comment;
                    else
                        coll.comment = props.comment;
                }
                offset = props.end;
                continue;
            }
            if (!isMap && ctx.options.strict && utilContainsNewline.containsNewline(key))
                onError(key, // checked by containsNewline()
                'MULTILINE_IMPLICIT_KEY', 'Implicit keys of flow sequence pairs need to be on a single line');
        }
        if (i === 0) {
            if (props.comma)
                onError(props.comma, 'UNEXPECTED_TOKEN', `Unexpected , in ${fcName}`);
        }
        else {
            if (!props.comma)
                onError(props.start, 'MISSING_CHAR', `Missing , between ${fcName} items`);
            if (props.comment) {
                let prevItemComment = '';
                loop: for (const st of start) {
                    switch (st.type) {
                        case 'comma':
                        case 'space':
                            break;
                        case 'comment':
                            prevItemComment = st.source.substring(1);
                            break loop;
                        default:
                            break loop;
                    }
                }
                if (prevItemComment) {
                    let prev = coll.items[coll.items.length - 1];
                    if (identity.isPair(prev))
                        prev = prev.value ?? prev.key;
                    if (prev.comment)
                        prev.comment += '\n' + prevItemComment;
                    else
                        prev.comment = prevItemComment;
                    props.comment = props.comment.substring(prevItemComment.length + 1);
                }
            }
        }
        if (!isMap && !sep && !props.found) {
            // item is a value in a seq
            // → key & sep are empty, start does not include ? or :
            const valueNode = value
                ? composeNode(ctx, value, props, onError)
                : composeEmptyNode(ctx, props.end, sep, null, props, onError);
            coll.items.push(valueNode);
            offset = valueNode.range[2];
            if (isBlock(value))
                onError(valueNode.range, 'BLOCK_IN_FLOW', blockMsg);
        }
        else {
            // item is a key+value pair
            // key value
            ctx.atKey = true;
            const keyStart = props.end;
            const keyNode = key
                ? composeNode(ctx, key, props, onError)
                : composeEmptyNode(ctx, keyStart, start, null, props, onError);
            if (isBlock(key))
                onError(keyNode.range, 'BLOCK_IN_FLOW', blockMsg);
            ctx.atKey = false;
            // value properties
            const valueProps = resolveProps.resolveProps(sep ?? [], {
                flow: fcName,
                indicator: 'map-value-ind',
                next: value,
                offset: keyNode.range[2],
                onError,
                parentIndent: fc.indent,
                startOnNewline: false
            });
            if (valueProps.found) {
                if (!isMap && !props.found && ctx.options.strict) {
                    if (sep)
                        for (const st of sep) {
                            if (st === valueProps.found)
                                break;
                            if (st.type === 'newline') {
                                onError(st, 'MULTILINE_IMPLICIT_KEY', 'Implicit keys of flow sequence pairs need to be on a single line');
                                break;
                            }
                        }
                    if (props.start < valueProps.found.offset - 1024)
                        onError(valueProps.found, 'KEY_OVER_1024_CHARS', 'The : indicator must be at most 1024 chars after the start of an implicit flow sequence key');
                }
            }
            else if (value) {
                if ('source' in value && value.source?.[0] === ':')
                    onError(value, 'MISSING_CHAR', `Missing space after : in ${fcName}`);
                else
                    onError(valueProps.start, 'MISSING_CHAR', `Missing , or : between ${fcName} items`);
            }
            // value value
            const valueNode = value
                ? composeNode(ctx, value, valueProps, onError)
                : valueProps.found
                    ? composeEmptyNode(ctx, valueProps.end, sep, null, valueProps, onError)
                    : null;
            if (valueNode) {
                if (isBlock(value))
                    onError(valueNode.range, 'BLOCK_IN_FLOW', blockMsg);
            }
            else if (valueProps.comment) {
                if (keyNode.comment)
                    keyNode.comment += '\n' + valueProps.comment;
                else
                    keyNode.comment = valueProps.comment;
            }
            const pair = new Pair.Pair(keyNode, valueNode);
            if (ctx.options.keepSourceTokens)
                pair.srcToken = collItem;
            if (isMap) {
                const map = coll;
                if (utilMapIncludes.mapIncludes(ctx, map.items, keyNode))
                    onError(keyStart, 'DUPLICATE_KEY', 'Map keys must be unique');
                map.items.push(pair);
            }
            else {
                const map = new YAMLMap.YAMLMap(ctx.schema);
                map.flow = true;
                map.items.push(pair);
                const endRange = (valueNode ?? keyNode).range;
                map.range = [keyNode.range[0], endRange[1], endRange[2]];
                coll.items.push(map);
            }
            offset = valueNode ? valueNode.range[2] : valueProps.end;
        }
    }
    const expectedEnd = isMap ? '}' : ']';
    const [ce, ...ee] = fc.end;
    let cePos = offset;
    if (ce?.source === expectedEnd)
        cePos = ce.offset + ce.source.length;
    else {
        const name = fcName[0].toUpperCase() + fcName.substring(1);
        const msg = atRoot
            ? `${name} must end with a ${expectedEnd}`
            : `${name} in block collection must be sufficiently indented and end with a ${expectedEnd}`;
        onError(offset, atRoot ? 'MISSING_CHAR' : 'BAD_INDENT', msg);
        if (ce && ce.source.length !== 1)
            ee.unshift(ce);
    }
    if (ee.length > 0) {
        const end = resolveEnd.resolveEnd(ee, cePos, ctx.options.strict, onError);
        if (end.comment) {
            if (coll.comment)
                coll.comment += '\n' + end.comment;
            else
                coll.comment = end.comment;
        }
        coll.range = [fc.offset, cePos, end.offset];
    }
    else {
        coll.range = [fc.offset, cePos, cePos];
    }
    return coll;
}

exports.resolveFlowCollection = resolveFlowCollection;


/***/ }),

/***/ 6842:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Scalar = __nccwpck_require__(3301);
var resolveEnd = __nccwpck_require__(7788);

function resolveFlowScalar(scalar, strict, onError) {
    const { offset, type, source, end } = scalar;
    let _type;
    let value;
    const _onError = (rel, code, msg) => onError(offset + rel, code, msg);
    switch (type) {
        case 'scalar':
            _type = Scalar.Scalar.PLAIN;
            value = plainValue(source, _onError);
            break;
        case 'single-quoted-scalar':
            _type = Scalar.Scalar.QUOTE_SINGLE;
            value = singleQuotedValue(source, _onError);
            break;
        case 'double-quoted-scalar':
            _type = Scalar.Scalar.QUOTE_DOUBLE;
            value = doubleQuotedValue(source, _onError);
            break;
        /* istanbul ignore next should not happen */
        default:
            onError(scalar, 'UNEXPECTED_TOKEN', `Expected a flow scalar value, but found: ${type}`);
            return {
                value: '',
                type: null,
                comment: '',
                range: [offset, offset + source.length, offset + source.length]
            };
    }
    const valueEnd = offset + source.length;
    const re = resolveEnd.resolveEnd(end, valueEnd, strict, onError);
    return {
        value,
        type: _type,
        comment: re.comment,
        range: [offset, valueEnd, re.offset]
    };
}
function plainValue(source, onError) {
    let badChar = '';
    switch (source[0]) {
        /* istanbul ignore next should not happen */
        case '\t':
            badChar = 'a tab character';
            break;
        case ',':
            badChar = 'flow indicator character ,';
            break;
        case '%':
            badChar = 'directive indicator character %';
            break;
        case '|':
        case '>': {
            badChar = `block scalar indicator ${source[0]}`;
            break;
        }
        case '@':
        case '`': {
            badChar = `reserved character ${source[0]}`;
            break;
        }
    }
    if (badChar)
        onError(0, 'BAD_SCALAR_START', `Plain value cannot start with ${badChar}`);
    return unfoldLines(source);
}
function singleQuotedValue(source, onError) {
    if (source[source.length - 1] !== "'" || source.length === 1)
        onError(source.length, 'MISSING_CHAR', "Missing closing 'quote");
    return unfoldLines(source.slice(1, -1)).replace(/''/g, "'");
}
function unfoldLines(source) {
    const line = /(.*?)\r?\n/sy;
    let match = line.exec(source);
    if (!match)
        return source;
    /**
     * The negative lookbehinds in these RegExps are to
     * prevent causing a polynomial search time in certain cases.
     *
     * The try-catch is for Safari < 16.4 and other old browsers:
     * https://caniuse.com/js-regexp-lookbehind
     */
    let trimEnd, trimBoth;
    try {
        trimEnd = new RegExp('(?<![ \t])[ \t]+$');
        trimBoth = new RegExp('^[ \t]+|(?<![ \t])[ \t]+$', 'g');
    }
    catch {
        trimEnd = /[ \t]+$/;
        trimBoth = /^[ \t]+|[ \t]+$/g;
    }
    let res = match[1].replace(trimEnd, '');
    let sep = ' ';
    let pos = line.lastIndex;
    while ((match = line.exec(source))) {
        const lm = match[1].replace(trimBoth, '');
        if (lm === '') {
            if (sep === '\n')
                res += sep;
            else
                sep = '\n';
        }
        else {
            res += sep + lm;
            sep = ' ';
        }
        pos = line.lastIndex;
    }
    const last = /[ \t]*(.*)/sy;
    last.lastIndex = pos;
    match = last.exec(source);
    return res + sep + (match?.[1] ?? '');
}
function doubleQuotedValue(source, onError) {
    let res = '';
    for (let i = 1; i < source.length - 1; ++i) {
        const ch = source[i];
        if (ch === '\r' && source[i + 1] === '\n')
            continue;
        if (ch === '\n') {
            const { fold, offset } = foldNewline(source, i);
            res += fold;
            i = offset;
        }
        else if (ch === '\\') {
            let next = source[++i];
            const cc = escapeCodes[next];
            if (cc)
                res += cc;
            else if (next === '\n') {
                // skip escaped newlines, but still trim the following line
                next = source[i + 1];
                while (next === ' ' || next === '\t')
                    next = source[++i + 1];
            }
            else if (next === '\r' && source[i + 1] === '\n') {
                // skip escaped CRLF newlines, but still trim the following line
                next = source[++i + 1];
                while (next === ' ' || next === '\t')
                    next = source[++i + 1];
            }
            else if (next === 'x' || next === 'u' || next === 'U') {
                const length = next === 'x' ? 2 : next === 'u' ? 4 : 8;
                res += parseCharCode(source, i + 1, length, onError);
                i += length;
            }
            else {
                const raw = source.substr(i - 1, 2);
                onError(i - 1, 'BAD_DQ_ESCAPE', `Invalid escape sequence ${raw}`);
                res += raw;
            }
        }
        else if (ch === ' ' || ch === '\t') {
            // trim trailing whitespace
            const wsStart = i;
            let next = source[i + 1];
            while (next === ' ' || next === '\t')
                next = source[++i + 1];
            if (next !== '\n' && !(next === '\r' && source[i + 2] === '\n'))
                res += i > wsStart ? source.slice(wsStart, i + 1) : ch;
        }
        else {
            res += ch;
        }
    }
    if (source[source.length - 1] !== '"' || source.length === 1)
        onError(source.length, 'MISSING_CHAR', 'Missing closing "quote');
    return res;
}
/**
 * Fold a single newline into a space, multiple newlines to N - 1 newlines.
 * Presumes `source[offset] === '\n'`
 */
function foldNewline(source, offset) {
    let fold = '';
    let ch = source[offset + 1];
    while (ch === ' ' || ch === '\t' || ch === '\n' || ch === '\r') {
        if (ch === '\r' && source[offset + 2] !== '\n')
            break;
        if (ch === '\n')
            fold += '\n';
        offset += 1;
        ch = source[offset + 1];
    }
    if (!fold)
        fold = ' ';
    return { fold, offset };
}
const escapeCodes = {
    '0': '\0', // null character
    a: '\x07', // bell character
    b: '\b', // backspace
    e: '\x1b', // escape character
    f: '\f', // form feed
    n: '\n', // line feed
    r: '\r', // carriage return
    t: '\t', // horizontal tab
    v: '\v', // vertical tab
    N: '\u0085', // Unicode next line
    _: '\u00a0', // Unicode non-breaking space
    L: '\u2028', // Unicode line separator
    P: '\u2029', // Unicode paragraph separator
    ' ': ' ',
    '"': '"',
    '/': '/',
    '\\': '\\',
    '\t': '\t'
};
function parseCharCode(source, offset, length, onError) {
    const cc = source.substr(offset, length);
    const ok = cc.length === length && /^[0-9a-fA-F]+$/.test(cc);
    const code = ok ? parseInt(cc, 16) : NaN;
    try {
        return String.fromCodePoint(code);
    }
    catch {
        const raw = source.substr(offset - 2, length + 2);
        onError(offset - 2, 'BAD_DQ_ESCAPE', `Invalid escape sequence ${raw}`);
        return raw;
    }
}

exports.resolveFlowScalar = resolveFlowScalar;


/***/ }),

/***/ 4631:
/***/ ((__unused_webpack_module, exports) => {



function resolveProps(tokens, { flow, indicator, next, offset, onError, parentIndent, startOnNewline }) {
    let spaceBefore = false;
    let atNewline = startOnNewline;
    let hasSpace = startOnNewline;
    let comment = '';
    let commentSep = '';
    let hasNewline = false;
    let reqSpace = false;
    let tab = null;
    let anchor = null;
    let tag = null;
    let newlineAfterProp = null;
    let comma = null;
    let found = null;
    let start = null;
    for (const token of tokens) {
        if (reqSpace) {
            if (token.type !== 'space' &&
                token.type !== 'newline' &&
                token.type !== 'comma')
                onError(token.offset, 'MISSING_CHAR', 'Tags and anchors must be separated from the next token by white space');
            reqSpace = false;
        }
        if (tab) {
            if (atNewline && token.type !== 'comment' && token.type !== 'newline') {
                onError(tab, 'TAB_AS_INDENT', 'Tabs are not allowed as indentation');
            }
            tab = null;
        }
        switch (token.type) {
            case 'space':
                // At the doc level, tabs at line start may be parsed
                // as leading white space rather than indentation.
                // In a flow collection, only the parser handles indent.
                if (!flow &&
                    (indicator !== 'doc-start' || next?.type !== 'flow-collection') &&
                    token.source.includes('\t')) {
                    tab = token;
                }
                hasSpace = true;
                break;
            case 'comment': {
                if (!hasSpace)
                    onError(token, 'MISSING_CHAR', 'Comments must be separated from other tokens by white space characters');
                const cb = token.source.substring(1) || ' ';
                if (!comment)
                    comment = cb;
                else
                    comment += commentSep + cb;
                commentSep = '';
                atNewline = false;
                break;
            }
            case 'newline':
                if (atNewline) {
                    if (comment)
                        comment += token.source;
                    else if (!found || indicator !== 'seq-item-ind')
                        spaceBefore = true;
                }
                else
                    commentSep += token.source;
                atNewline = true;
                hasNewline = true;
                if (anchor || tag)
                    newlineAfterProp = token;
                hasSpace = true;
                break;
            case 'anchor':
                if (anchor)
                    onError(token, 'MULTIPLE_ANCHORS', 'A node can have at most one anchor');
                if (token.source.endsWith(':'))
                    onError(token.offset + token.source.length - 1, 'BAD_ALIAS', 'Anchor ending in : is ambiguous', true);
                anchor = token;
                start ?? (start = token.offset);
                atNewline = false;
                hasSpace = false;
                reqSpace = true;
                break;
            case 'tag': {
                if (tag)
                    onError(token, 'MULTIPLE_TAGS', 'A node can have at most one tag');
                tag = token;
                start ?? (start = token.offset);
                atNewline = false;
                hasSpace = false;
                reqSpace = true;
                break;
            }
            case indicator:
                // Could here handle preceding comments differently
                if (anchor || tag)
                    onError(token, 'BAD_PROP_ORDER', `Anchors and tags must be after the ${token.source} indicator`);
                if (found)
                    onError(token, 'UNEXPECTED_TOKEN', `Unexpected ${token.source} in ${flow ?? 'collection'}`);
                found = token;
                atNewline =
                    indicator === 'seq-item-ind' || indicator === 'explicit-key-ind';
                hasSpace = false;
                break;
            case 'comma':
                if (flow) {
                    if (comma)
                        onError(token, 'UNEXPECTED_TOKEN', `Unexpected , in ${flow}`);
                    comma = token;
                    atNewline = false;
                    hasSpace = false;
                    break;
                }
            // else fallthrough
            default:
                onError(token, 'UNEXPECTED_TOKEN', `Unexpected ${token.type} token`);
                atNewline = false;
                hasSpace = false;
        }
    }
    const last = tokens[tokens.length - 1];
    const end = last ? last.offset + last.source.length : offset;
    if (reqSpace &&
        next &&
        next.type !== 'space' &&
        next.type !== 'newline' &&
        next.type !== 'comma' &&
        (next.type !== 'scalar' || next.source !== '')) {
        onError(next.offset, 'MISSING_CHAR', 'Tags and anchors must be separated from the next token by white space');
    }
    if (tab &&
        ((atNewline && tab.indent <= parentIndent) ||
            next?.type === 'block-map' ||
            next?.type === 'block-seq'))
        onError(tab, 'TAB_AS_INDENT', 'Tabs are not allowed as indentation');
    return {
        comma,
        found,
        spaceBefore,
        comment,
        hasNewline,
        anchor,
        tag,
        newlineAfterProp,
        end,
        start: start ?? end
    };
}

exports.resolveProps = resolveProps;


/***/ }),

/***/ 9499:
/***/ ((__unused_webpack_module, exports) => {



function containsNewline(key) {
    if (!key)
        return null;
    switch (key.type) {
        case 'alias':
        case 'scalar':
        case 'double-quoted-scalar':
        case 'single-quoted-scalar':
            if (key.source.includes('\n'))
                return true;
            if (key.end)
                for (const st of key.end)
                    if (st.type === 'newline')
                        return true;
            return false;
        case 'flow-collection':
            for (const it of key.items) {
                for (const st of it.start)
                    if (st.type === 'newline')
                        return true;
                if (it.sep)
                    for (const st of it.sep)
                        if (st.type === 'newline')
                            return true;
                if (containsNewline(it.key) || containsNewline(it.value))
                    return true;
            }
            return false;
        default:
            return true;
    }
}

exports.containsNewline = containsNewline;


/***/ }),

/***/ 2599:
/***/ ((__unused_webpack_module, exports) => {



function emptyScalarPosition(offset, before, pos) {
    if (before) {
        pos ?? (pos = before.length);
        for (let i = pos - 1; i >= 0; --i) {
            let st = before[i];
            switch (st.type) {
                case 'space':
                case 'comment':
                case 'newline':
                    offset -= st.source.length;
                    continue;
            }
            // Technically, an empty scalar is immediately after the last non-empty
            // node, but it's more useful to place it after any whitespace.
            st = before[++i];
            while (st?.type === 'space') {
                offset += st.source.length;
                st = before[++i];
            }
            break;
        }
    }
    return offset;
}

exports.emptyScalarPosition = emptyScalarPosition;


/***/ }),

/***/ 4051:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var utilContainsNewline = __nccwpck_require__(9499);

function flowIndentCheck(indent, fc, onError) {
    if (fc?.type === 'flow-collection') {
        const end = fc.end[0];
        if (end.indent === indent &&
            (end.source === ']' || end.source === '}') &&
            utilContainsNewline.containsNewline(fc)) {
            const msg = 'Flow end indicator should be more indented than parent';
            onError(end, 'BAD_INDENT', msg, true);
        }
    }
}

exports.flowIndentCheck = flowIndentCheck;


/***/ }),

/***/ 1187:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);

function mapIncludes(ctx, items, search) {
    const { uniqueKeys } = ctx.options;
    if (uniqueKeys === false)
        return false;
    const isEqual = typeof uniqueKeys === 'function'
        ? uniqueKeys
        : (a, b) => a === b || (identity.isScalar(a) && identity.isScalar(b) && a.value === b.value);
    return items.some(pair => isEqual(pair.key, search));
}

exports.mapIncludes = mapIncludes;


/***/ }),

/***/ 3021:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Alias = __nccwpck_require__(4065);
var Collection = __nccwpck_require__(101);
var identity = __nccwpck_require__(1127);
var Pair = __nccwpck_require__(7165);
var toJS = __nccwpck_require__(4043);
var Schema = __nccwpck_require__(5840);
var stringifyDocument = __nccwpck_require__(6829);
var anchors = __nccwpck_require__(1596);
var applyReviver = __nccwpck_require__(3661);
var createNode = __nccwpck_require__(2404);
var directives = __nccwpck_require__(1342);

class Document {
    constructor(value, replacer, options) {
        /** A comment before this Document */
        this.commentBefore = null;
        /** A comment immediately after this Document */
        this.comment = null;
        /** Errors encountered during parsing. */
        this.errors = [];
        /** Warnings encountered during parsing. */
        this.warnings = [];
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.DOC });
        let _replacer = null;
        if (typeof replacer === 'function' || Array.isArray(replacer)) {
            _replacer = replacer;
        }
        else if (options === undefined && replacer) {
            options = replacer;
            replacer = undefined;
        }
        const opt = Object.assign({
            intAsBigInt: false,
            keepSourceTokens: false,
            logLevel: 'warn',
            prettyErrors: true,
            strict: true,
            stringKeys: false,
            uniqueKeys: true,
            version: '1.2'
        }, options);
        this.options = opt;
        let { version } = opt;
        if (options?._directives) {
            this.directives = options._directives.atDocument();
            if (this.directives.yaml.explicit)
                version = this.directives.yaml.version;
        }
        else
            this.directives = new directives.Directives({ version });
        this.setSchema(version, options);
        // @ts-expect-error We can't really know that this matches Contents.
        this.contents =
            value === undefined ? null : this.createNode(value, _replacer, options);
    }
    /**
     * Create a deep copy of this Document and its contents.
     *
     * Custom Node values that inherit from `Object` still refer to their original instances.
     */
    clone() {
        const copy = Object.create(Document.prototype, {
            [identity.NODE_TYPE]: { value: identity.DOC }
        });
        copy.commentBefore = this.commentBefore;
        copy.comment = this.comment;
        copy.errors = this.errors.slice();
        copy.warnings = this.warnings.slice();
        copy.options = Object.assign({}, this.options);
        if (this.directives)
            copy.directives = this.directives.clone();
        copy.schema = this.schema.clone();
        // @ts-expect-error We can't really know that this matches Contents.
        copy.contents = identity.isNode(this.contents)
            ? this.contents.clone(copy.schema)
            : this.contents;
        if (this.range)
            copy.range = this.range.slice();
        return copy;
    }
    /** Adds a value to the document. */
    add(value) {
        if (assertCollection(this.contents))
            this.contents.add(value);
    }
    /** Adds a value to the document. */
    addIn(path, value) {
        if (assertCollection(this.contents))
            this.contents.addIn(path, value);
    }
    /**
     * Create a new `Alias` node, ensuring that the target `node` has the required anchor.
     *
     * If `node` already has an anchor, `name` is ignored.
     * Otherwise, the `node.anchor` value will be set to `name`,
     * or if an anchor with that name is already present in the document,
     * `name` will be used as a prefix for a new unique anchor.
     * If `name` is undefined, the generated anchor will use 'a' as a prefix.
     */
    createAlias(node, name) {
        if (!node.anchor) {
            const prev = anchors.anchorNames(this);
            node.anchor =
                // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
                !name || prev.has(name) ? anchors.findNewAnchor(name || 'a', prev) : name;
        }
        return new Alias.Alias(node.anchor);
    }
    createNode(value, replacer, options) {
        let _replacer = undefined;
        if (typeof replacer === 'function') {
            value = replacer.call({ '': value }, '', value);
            _replacer = replacer;
        }
        else if (Array.isArray(replacer)) {
            const keyToStr = (v) => typeof v === 'number' || v instanceof String || v instanceof Number;
            const asStr = replacer.filter(keyToStr).map(String);
            if (asStr.length > 0)
                replacer = replacer.concat(asStr);
            _replacer = replacer;
        }
        else if (options === undefined && replacer) {
            options = replacer;
            replacer = undefined;
        }
        const { aliasDuplicateObjects, anchorPrefix, flow, keepUndefined, onTagObj, tag } = options ?? {};
        const { onAnchor, setAnchors, sourceObjects } = anchors.createNodeAnchors(this, 
        // eslint-disable-next-line @typescript-eslint/prefer-nullish-coalescing
        anchorPrefix || 'a');
        const ctx = {
            aliasDuplicateObjects: aliasDuplicateObjects ?? true,
            keepUndefined: keepUndefined ?? false,
            onAnchor,
            onTagObj,
            replacer: _replacer,
            schema: this.schema,
            sourceObjects
        };
        const node = createNode.createNode(value, tag, ctx);
        if (flow && identity.isCollection(node))
            node.flow = true;
        setAnchors();
        return node;
    }
    /**
     * Convert a key and a value into a `Pair` using the current schema,
     * recursively wrapping all values as `Scalar` or `Collection` nodes.
     */
    createPair(key, value, options = {}) {
        const k = this.createNode(key, null, options);
        const v = this.createNode(value, null, options);
        return new Pair.Pair(k, v);
    }
    /**
     * Removes a value from the document.
     * @returns `true` if the item was found and removed.
     */
    delete(key) {
        return assertCollection(this.contents) ? this.contents.delete(key) : false;
    }
    /**
     * Removes a value from the document.
     * @returns `true` if the item was found and removed.
     */
    deleteIn(path) {
        if (Collection.isEmptyPath(path)) {
            if (this.contents == null)
                return false;
            // @ts-expect-error Presumed impossible if Strict extends false
            this.contents = null;
            return true;
        }
        return assertCollection(this.contents)
            ? this.contents.deleteIn(path)
            : false;
    }
    /**
     * Returns item at `key`, or `undefined` if not found. By default unwraps
     * scalar values from their surrounding node; to disable set `keepScalar` to
     * `true` (collections are always returned intact).
     */
    get(key, keepScalar) {
        return identity.isCollection(this.contents)
            ? this.contents.get(key, keepScalar)
            : undefined;
    }
    /**
     * Returns item at `path`, or `undefined` if not found. By default unwraps
     * scalar values from their surrounding node; to disable set `keepScalar` to
     * `true` (collections are always returned intact).
     */
    getIn(path, keepScalar) {
        if (Collection.isEmptyPath(path))
            return !keepScalar && identity.isScalar(this.contents)
                ? this.contents.value
                : this.contents;
        return identity.isCollection(this.contents)
            ? this.contents.getIn(path, keepScalar)
            : undefined;
    }
    /**
     * Checks if the document includes a value with the key `key`.
     */
    has(key) {
        return identity.isCollection(this.contents) ? this.contents.has(key) : false;
    }
    /**
     * Checks if the document includes a value at `path`.
     */
    hasIn(path) {
        if (Collection.isEmptyPath(path))
            return this.contents !== undefined;
        return identity.isCollection(this.contents) ? this.contents.hasIn(path) : false;
    }
    /**
     * Sets a value in this document. For `!!set`, `value` needs to be a
     * boolean to add/remove the item from the set.
     */
    set(key, value) {
        if (this.contents == null) {
            // @ts-expect-error We can't really know that this matches Contents.
            this.contents = Collection.collectionFromPath(this.schema, [key], value);
        }
        else if (assertCollection(this.contents)) {
            this.contents.set(key, value);
        }
    }
    /**
     * Sets a value in this document. For `!!set`, `value` needs to be a
     * boolean to add/remove the item from the set.
     */
    setIn(path, value) {
        if (Collection.isEmptyPath(path)) {
            // @ts-expect-error We can't really know that this matches Contents.
            this.contents = value;
        }
        else if (this.contents == null) {
            // @ts-expect-error We can't really know that this matches Contents.
            this.contents = Collection.collectionFromPath(this.schema, Array.from(path), value);
        }
        else if (assertCollection(this.contents)) {
            this.contents.setIn(path, value);
        }
    }
    /**
     * Change the YAML version and schema used by the document.
     * A `null` version disables support for directives, explicit tags, anchors, and aliases.
     * It also requires the `schema` option to be given as a `Schema` instance value.
     *
     * Overrides all previously set schema options.
     */
    setSchema(version, options = {}) {
        if (typeof version === 'number')
            version = String(version);
        let opt;
        switch (version) {
            case '1.1':
                if (this.directives)
                    this.directives.yaml.version = '1.1';
                else
                    this.directives = new directives.Directives({ version: '1.1' });
                opt = { resolveKnownTags: false, schema: 'yaml-1.1' };
                break;
            case '1.2':
            case 'next':
                if (this.directives)
                    this.directives.yaml.version = version;
                else
                    this.directives = new directives.Directives({ version });
                opt = { resolveKnownTags: true, schema: 'core' };
                break;
            case null:
                if (this.directives)
                    delete this.directives;
                opt = null;
                break;
            default: {
                const sv = JSON.stringify(version);
                throw new Error(`Expected '1.1', '1.2' or null as first argument, but found: ${sv}`);
            }
        }
        // Not using `instanceof Schema` to allow for duck typing
        if (options.schema instanceof Object)
            this.schema = options.schema;
        else if (opt)
            this.schema = new Schema.Schema(Object.assign(opt, options));
        else
            throw new Error(`With a null YAML version, the { schema: Schema } option is required`);
    }
    // json & jsonArg are only used from toJSON()
    toJS({ json, jsonArg, mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        const ctx = {
            anchors: new Map(),
            doc: this,
            keep: !json,
            mapAsMap: mapAsMap === true,
            mapKeyWarned: false,
            maxAliasCount: typeof maxAliasCount === 'number' ? maxAliasCount : 100
        };
        const res = toJS.toJS(this.contents, jsonArg ?? '', ctx);
        if (typeof onAnchor === 'function')
            for (const { count, res } of ctx.anchors.values())
                onAnchor(res, count);
        return typeof reviver === 'function'
            ? applyReviver.applyReviver(reviver, { '': res }, '', res)
            : res;
    }
    /**
     * A JSON representation of the document `contents`.
     *
     * @param jsonArg Used by `JSON.stringify` to indicate the array index or
     *   property name.
     */
    toJSON(jsonArg, onAnchor) {
        return this.toJS({ json: true, jsonArg, mapAsMap: false, onAnchor });
    }
    /** A YAML representation of the document. */
    toString(options = {}) {
        if (this.errors.length > 0)
            throw new Error('Document with errors cannot be stringified');
        if ('indent' in options &&
            (!Number.isInteger(options.indent) || Number(options.indent) <= 0)) {
            const s = JSON.stringify(options.indent);
            throw new Error(`"indent" option must be a positive integer, not ${s}`);
        }
        return stringifyDocument.stringifyDocument(this, options);
    }
}
function assertCollection(contents) {
    if (identity.isCollection(contents))
        return true;
    throw new Error('Expected a YAML collection as document contents');
}

exports.Document = Document;


/***/ }),

/***/ 1596:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var visit = __nccwpck_require__(204);

/**
 * Verify that the input string is a valid anchor.
 *
 * Will throw on errors.
 */
function anchorIsValid(anchor) {
    if (/[\x00-\x19\s,[\]{}]/.test(anchor)) {
        const sa = JSON.stringify(anchor);
        const msg = `Anchor must not contain whitespace or control characters: ${sa}`;
        throw new Error(msg);
    }
    return true;
}
function anchorNames(root) {
    const anchors = new Set();
    visit.visit(root, {
        Value(_key, node) {
            if (node.anchor)
                anchors.add(node.anchor);
        }
    });
    return anchors;
}
/** Find a new anchor name with the given `prefix` and a one-indexed suffix. */
function findNewAnchor(prefix, exclude) {
    for (let i = 1; true; ++i) {
        const name = `${prefix}${i}`;
        if (!exclude.has(name))
            return name;
    }
}
function createNodeAnchors(doc, prefix) {
    const aliasObjects = [];
    const sourceObjects = new Map();
    let prevAnchors = null;
    return {
        onAnchor: (source) => {
            aliasObjects.push(source);
            prevAnchors ?? (prevAnchors = anchorNames(doc));
            const anchor = findNewAnchor(prefix, prevAnchors);
            prevAnchors.add(anchor);
            return anchor;
        },
        /**
         * With circular references, the source node is only resolved after all
         * of its child nodes are. This is why anchors are set only after all of
         * the nodes have been created.
         */
        setAnchors: () => {
            for (const source of aliasObjects) {
                const ref = sourceObjects.get(source);
                if (typeof ref === 'object' &&
                    ref.anchor &&
                    (identity.isScalar(ref.node) || identity.isCollection(ref.node))) {
                    ref.node.anchor = ref.anchor;
                }
                else {
                    const error = new Error('Failed to resolve repeated object (this should not happen)');
                    error.source = source;
                    throw error;
                }
            }
        },
        sourceObjects
    };
}

exports.anchorIsValid = anchorIsValid;
exports.anchorNames = anchorNames;
exports.createNodeAnchors = createNodeAnchors;
exports.findNewAnchor = findNewAnchor;


/***/ }),

/***/ 3661:
/***/ ((__unused_webpack_module, exports) => {



/**
 * Applies the JSON.parse reviver algorithm as defined in the ECMA-262 spec,
 * in section 24.5.1.1 "Runtime Semantics: InternalizeJSONProperty" of the
 * 2021 edition: https://tc39.es/ecma262/#sec-json.parse
 *
 * Includes extensions for handling Map and Set objects.
 */
function applyReviver(reviver, obj, key, val) {
    if (val && typeof val === 'object') {
        if (Array.isArray(val)) {
            for (let i = 0, len = val.length; i < len; ++i) {
                const v0 = val[i];
                const v1 = applyReviver(reviver, val, String(i), v0);
                // eslint-disable-next-line @typescript-eslint/no-array-delete
                if (v1 === undefined)
                    delete val[i];
                else if (v1 !== v0)
                    val[i] = v1;
            }
        }
        else if (val instanceof Map) {
            for (const k of Array.from(val.keys())) {
                const v0 = val.get(k);
                const v1 = applyReviver(reviver, val, k, v0);
                if (v1 === undefined)
                    val.delete(k);
                else if (v1 !== v0)
                    val.set(k, v1);
            }
        }
        else if (val instanceof Set) {
            for (const v0 of Array.from(val)) {
                const v1 = applyReviver(reviver, val, v0, v0);
                if (v1 === undefined)
                    val.delete(v0);
                else if (v1 !== v0) {
                    val.delete(v0);
                    val.add(v1);
                }
            }
        }
        else {
            for (const [k, v0] of Object.entries(val)) {
                const v1 = applyReviver(reviver, val, k, v0);
                if (v1 === undefined)
                    delete val[k];
                else if (v1 !== v0)
                    val[k] = v1;
            }
        }
    }
    return reviver.call(obj, key, val);
}

exports.applyReviver = applyReviver;


/***/ }),

/***/ 2404:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Alias = __nccwpck_require__(4065);
var identity = __nccwpck_require__(1127);
var Scalar = __nccwpck_require__(3301);

const defaultTagPrefix = 'tag:yaml.org,2002:';
function findTagObject(value, tagName, tags) {
    if (tagName) {
        const match = tags.filter(t => t.tag === tagName);
        const tagObj = match.find(t => !t.format) ?? match[0];
        if (!tagObj)
            throw new Error(`Tag ${tagName} not found`);
        return tagObj;
    }
    return tags.find(t => t.identify?.(value) && !t.format);
}
function createNode(value, tagName, ctx) {
    if (identity.isDocument(value))
        value = value.contents;
    if (identity.isNode(value))
        return value;
    if (identity.isPair(value)) {
        const map = ctx.schema[identity.MAP].createNode?.(ctx.schema, null, ctx);
        map.items.push(value);
        return map;
    }
    if (value instanceof String ||
        value instanceof Number ||
        value instanceof Boolean ||
        (typeof BigInt !== 'undefined' && value instanceof BigInt) // not supported everywhere
    ) {
        // https://tc39.es/ecma262/#sec-serializejsonproperty
        value = value.valueOf();
    }
    const { aliasDuplicateObjects, onAnchor, onTagObj, schema, sourceObjects } = ctx;
    // Detect duplicate references to the same object & use Alias nodes for all
    // after first. The `ref` wrapper allows for circular references to resolve.
    let ref = undefined;
    if (aliasDuplicateObjects && value && typeof value === 'object') {
        ref = sourceObjects.get(value);
        if (ref) {
            ref.anchor ?? (ref.anchor = onAnchor(value));
            return new Alias.Alias(ref.anchor);
        }
        else {
            ref = { anchor: null, node: null };
            sourceObjects.set(value, ref);
        }
    }
    if (tagName?.startsWith('!!'))
        tagName = defaultTagPrefix + tagName.slice(2);
    let tagObj = findTagObject(value, tagName, schema.tags);
    if (!tagObj) {
        if (value && typeof value.toJSON === 'function') {
            // eslint-disable-next-line @typescript-eslint/no-unsafe-call
            value = value.toJSON();
        }
        if (!value || typeof value !== 'object') {
            const node = new Scalar.Scalar(value);
            if (ref)
                ref.node = node;
            return node;
        }
        tagObj =
            value instanceof Map
                ? schema[identity.MAP]
                : Symbol.iterator in Object(value)
                    ? schema[identity.SEQ]
                    : schema[identity.MAP];
    }
    if (onTagObj) {
        onTagObj(tagObj);
        delete ctx.onTagObj;
    }
    const node = tagObj?.createNode
        ? tagObj.createNode(ctx.schema, value, ctx)
        : typeof tagObj?.nodeClass?.from === 'function'
            ? tagObj.nodeClass.from(ctx.schema, value, ctx)
            : new Scalar.Scalar(value);
    if (tagName)
        node.tag = tagName;
    else if (!tagObj.default)
        node.tag = tagObj.tag;
    if (ref)
        ref.node = node;
    return node;
}

exports.createNode = createNode;


/***/ }),

/***/ 1342:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var visit = __nccwpck_require__(204);

const escapeChars = {
    '!': '%21',
    ',': '%2C',
    '[': '%5B',
    ']': '%5D',
    '{': '%7B',
    '}': '%7D'
};
const escapeTagName = (tn) => tn.replace(/[!,[\]{}]/g, ch => escapeChars[ch]);
class Directives {
    constructor(yaml, tags) {
        /**
         * The directives-end/doc-start marker `---`. If `null`, a marker may still be
         * included in the document's stringified representation.
         */
        this.docStart = null;
        /** The doc-end marker `...`.  */
        this.docEnd = false;
        this.yaml = Object.assign({}, Directives.defaultYaml, yaml);
        this.tags = Object.assign({}, Directives.defaultTags, tags);
    }
    clone() {
        const copy = new Directives(this.yaml, this.tags);
        copy.docStart = this.docStart;
        return copy;
    }
    /**
     * During parsing, get a Directives instance for the current document and
     * update the stream state according to the current version's spec.
     */
    atDocument() {
        const res = new Directives(this.yaml, this.tags);
        switch (this.yaml.version) {
            case '1.1':
                this.atNextDocument = true;
                break;
            case '1.2':
                this.atNextDocument = false;
                this.yaml = {
                    explicit: Directives.defaultYaml.explicit,
                    version: '1.2'
                };
                this.tags = Object.assign({}, Directives.defaultTags);
                break;
        }
        return res;
    }
    /**
     * @param onError - May be called even if the action was successful
     * @returns `true` on success
     */
    add(line, onError) {
        if (this.atNextDocument) {
            this.yaml = { explicit: Directives.defaultYaml.explicit, version: '1.1' };
            this.tags = Object.assign({}, Directives.defaultTags);
            this.atNextDocument = false;
        }
        const parts = line.trim().split(/[ \t]+/);
        const name = parts.shift();
        switch (name) {
            case '%TAG': {
                if (parts.length !== 2) {
                    onError(0, '%TAG directive should contain exactly two parts');
                    if (parts.length < 2)
                        return false;
                }
                const [handle, prefix] = parts;
                this.tags[handle] = prefix;
                return true;
            }
            case '%YAML': {
                this.yaml.explicit = true;
                if (parts.length !== 1) {
                    onError(0, '%YAML directive should contain exactly one part');
                    return false;
                }
                const [version] = parts;
                if (version === '1.1' || version === '1.2') {
                    this.yaml.version = version;
                    return true;
                }
                else {
                    const isValid = /^\d+\.\d+$/.test(version);
                    onError(6, `Unsupported YAML version ${version}`, isValid);
                    return false;
                }
            }
            default:
                onError(0, `Unknown directive ${name}`, true);
                return false;
        }
    }
    /**
     * Resolves a tag, matching handles to those defined in %TAG directives.
     *
     * @returns Resolved tag, which may also be the non-specific tag `'!'` or a
     *   `'!local'` tag, or `null` if unresolvable.
     */
    tagName(source, onError) {
        if (source === '!')
            return '!'; // non-specific tag
        if (source[0] !== '!') {
            onError(`Not a valid tag: ${source}`);
            return null;
        }
        if (source[1] === '<') {
            const verbatim = source.slice(2, -1);
            if (verbatim === '!' || verbatim === '!!') {
                onError(`Verbatim tags aren't resolved, so ${source} is invalid.`);
                return null;
            }
            if (source[source.length - 1] !== '>')
                onError('Verbatim tags must end with a >');
            return verbatim;
        }
        const [, handle, suffix] = source.match(/^(.*!)([^!]*)$/s);
        if (!suffix)
            onError(`The ${source} tag has no suffix`);
        const prefix = this.tags[handle];
        if (prefix) {
            try {
                return prefix + decodeURIComponent(suffix);
            }
            catch (error) {
                onError(String(error));
                return null;
            }
        }
        if (handle === '!')
            return source; // local tag
        onError(`Could not resolve tag: ${source}`);
        return null;
    }
    /**
     * Given a fully resolved tag, returns its printable string form,
     * taking into account current tag prefixes and defaults.
     */
    tagString(tag) {
        for (const [handle, prefix] of Object.entries(this.tags)) {
            if (tag.startsWith(prefix))
                return handle + escapeTagName(tag.substring(prefix.length));
        }
        return tag[0] === '!' ? tag : `!<${tag}>`;
    }
    toString(doc) {
        const lines = this.yaml.explicit
            ? [`%YAML ${this.yaml.version || '1.2'}`]
            : [];
        const tagEntries = Object.entries(this.tags);
        let tagNames;
        if (doc && tagEntries.length > 0 && identity.isNode(doc.contents)) {
            const tags = {};
            visit.visit(doc.contents, (_key, node) => {
                if (identity.isNode(node) && node.tag)
                    tags[node.tag] = true;
            });
            tagNames = Object.keys(tags);
        }
        else
            tagNames = [];
        for (const [handle, prefix] of tagEntries) {
            if (handle === '!!' && prefix === 'tag:yaml.org,2002:')
                continue;
            if (!doc || tagNames.some(tn => tn.startsWith(prefix)))
                lines.push(`%TAG ${handle} ${prefix}`);
        }
        return lines.join('\n');
    }
}
Directives.defaultYaml = { explicit: false, version: '1.2' };
Directives.defaultTags = { '!!': 'tag:yaml.org,2002:' };

exports.Directives = Directives;


/***/ }),

/***/ 1464:
/***/ ((__unused_webpack_module, exports) => {



class YAMLError extends Error {
    constructor(name, pos, code, message) {
        super();
        this.name = name;
        this.code = code;
        this.message = message;
        this.pos = pos;
    }
}
class YAMLParseError extends YAMLError {
    constructor(pos, code, message) {
        super('YAMLParseError', pos, code, message);
    }
}
class YAMLWarning extends YAMLError {
    constructor(pos, code, message) {
        super('YAMLWarning', pos, code, message);
    }
}
const prettifyError = (src, lc) => (error) => {
    if (error.pos[0] === -1)
        return;
    error.linePos = error.pos.map(pos => lc.linePos(pos));
    const { line, col } = error.linePos[0];
    error.message += ` at line ${line}, column ${col}`;
    let ci = col - 1;
    let lineStr = src
        .substring(lc.lineStarts[line - 1], lc.lineStarts[line])
        .replace(/[\n\r]+$/, '');
    // Trim to max 80 chars, keeping col position near the middle
    if (ci >= 60 && lineStr.length > 80) {
        const trimStart = Math.min(ci - 39, lineStr.length - 79);
        lineStr = '…' + lineStr.substring(trimStart);
        ci -= trimStart - 1;
    }
    if (lineStr.length > 80)
        lineStr = lineStr.substring(0, 79) + '…';
    // Include previous line in context if pointing at line start
    if (line > 1 && /^ *$/.test(lineStr.substring(0, ci))) {
        // Regexp won't match if start is trimmed
        let prev = src.substring(lc.lineStarts[line - 2], lc.lineStarts[line - 1]);
        if (prev.length > 80)
            prev = prev.substring(0, 79) + '…\n';
        lineStr = prev + lineStr;
    }
    if (/[^ ]/.test(lineStr)) {
        let count = 1;
        const end = error.linePos[1];
        if (end?.line === line && end.col > col) {
            count = Math.max(1, Math.min(end.col - col, 80 - ci));
        }
        const pointer = ' '.repeat(ci) + '^'.repeat(count);
        error.message += `:\n\n${lineStr}\n${pointer}\n`;
    }
};

exports.YAMLError = YAMLError;
exports.YAMLParseError = YAMLParseError;
exports.YAMLWarning = YAMLWarning;
exports.prettifyError = prettifyError;


/***/ }),

/***/ 8815:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {

var __webpack_unused_export__;


var composer = __nccwpck_require__(9984);
var Document = __nccwpck_require__(3021);
var Schema = __nccwpck_require__(5840);
var errors = __nccwpck_require__(1464);
var Alias = __nccwpck_require__(4065);
var identity = __nccwpck_require__(1127);
var Pair = __nccwpck_require__(7165);
var Scalar = __nccwpck_require__(3301);
var YAMLMap = __nccwpck_require__(4454);
var YAMLSeq = __nccwpck_require__(2223);
var cst = __nccwpck_require__(3461);
var lexer = __nccwpck_require__(361);
var lineCounter = __nccwpck_require__(6628);
var parser = __nccwpck_require__(3456);
var publicApi = __nccwpck_require__(4047);
var visit = __nccwpck_require__(204);



__webpack_unused_export__ = composer.Composer;
__webpack_unused_export__ = Document.Document;
__webpack_unused_export__ = Schema.Schema;
__webpack_unused_export__ = errors.YAMLError;
__webpack_unused_export__ = errors.YAMLParseError;
__webpack_unused_export__ = errors.YAMLWarning;
__webpack_unused_export__ = Alias.Alias;
exports.Vj = identity.isAlias;
__webpack_unused_export__ = identity.isCollection;
__webpack_unused_export__ = identity.isDocument;
exports.jh = identity.isMap;
__webpack_unused_export__ = identity.isNode;
__webpack_unused_export__ = identity.isPair;
exports.jn = identity.isScalar;
__webpack_unused_export__ = identity.isSeq;
__webpack_unused_export__ = Pair.Pair;
__webpack_unused_export__ = Scalar.Scalar;
__webpack_unused_export__ = YAMLMap.YAMLMap;
__webpack_unused_export__ = YAMLSeq.YAMLSeq;
__webpack_unused_export__ = cst;
__webpack_unused_export__ = lexer.Lexer;
exports.HN = lineCounter.LineCounter;
__webpack_unused_export__ = parser.Parser;
__webpack_unused_export__ = publicApi.parse;
__webpack_unused_export__ = publicApi.parseAllDocuments;
exports.Tp = publicApi.parseDocument;
__webpack_unused_export__ = publicApi.stringify;
__webpack_unused_export__ = visit.visit;
__webpack_unused_export__ = visit.visitAsync;


/***/ }),

/***/ 7249:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var node_process = __nccwpck_require__(932);

function debug(logLevel, ...messages) {
    if (logLevel === 'debug')
        console.log(...messages);
}
function warn(logLevel, warning) {
    if (logLevel === 'debug' || logLevel === 'warn') {
        if (typeof node_process.emitWarning === 'function')
            node_process.emitWarning(warning);
        else
            console.warn(warning);
    }
}

exports.debug = debug;
exports.warn = warn;


/***/ }),

/***/ 4065:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var anchors = __nccwpck_require__(1596);
var visit = __nccwpck_require__(204);
var identity = __nccwpck_require__(1127);
var Node = __nccwpck_require__(6673);
var toJS = __nccwpck_require__(4043);

class Alias extends Node.NodeBase {
    constructor(source) {
        super(identity.ALIAS);
        this.source = source;
        Object.defineProperty(this, 'tag', {
            set() {
                throw new Error('Alias nodes cannot have tags');
            }
        });
    }
    /**
     * Resolve the value of this alias within `doc`, finding the last
     * instance of the `source` anchor before this node.
     */
    resolve(doc, ctx) {
        if (ctx?.maxAliasCount === 0)
            throw new ReferenceError('Alias resolution is disabled');
        let nodes;
        if (ctx?.aliasResolveCache) {
            nodes = ctx.aliasResolveCache;
        }
        else {
            nodes = [];
            visit.visit(doc, {
                Node: (_key, node) => {
                    if (identity.isAlias(node) || identity.hasAnchor(node))
                        nodes.push(node);
                }
            });
            if (ctx)
                ctx.aliasResolveCache = nodes;
        }
        let found = undefined;
        for (const node of nodes) {
            if (node === this)
                break;
            if (node.anchor === this.source)
                found = node;
        }
        if (found && ctx) {
            const { anchors, doc, maxAliasCount } = ctx;
            let data = anchors.get(found);
            if (!data) {
                // Resolve anchors for Node.prototype.toJS()
                toJS.toJS(found, null, ctx);
                data = anchors.get(found);
            }
            /* istanbul ignore if */
            if (data?.res === undefined) {
                const msg = 'This should not happen: Alias anchor was not resolved?';
                throw new ReferenceError(msg);
            }
            if (maxAliasCount >= 0) {
                data.count += 1;
                if (data.aliasCount === 0)
                    data.aliasCount = getAliasCount(doc, found, anchors);
                if (data.count * data.aliasCount > maxAliasCount) {
                    const msg = 'Excessive alias count indicates a resource exhaustion attack';
                    throw new ReferenceError(msg);
                }
            }
        }
        return found;
    }
    toJSON(_arg, ctx) {
        if (!ctx)
            return { source: this.source };
        const source = this.resolve(ctx.doc, ctx);
        if (!source) {
            const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
            throw new ReferenceError(msg);
        }
        return ctx.anchors.get(source).res;
    }
    toString(ctx, _onComment, _onChompKeep) {
        const src = `*${this.source}`;
        if (ctx) {
            anchors.anchorIsValid(this.source);
            if (ctx.options.verifyAliasOrder && !ctx.anchors.has(this.source)) {
                const msg = `Unresolved alias (the anchor must be set before the alias): ${this.source}`;
                throw new Error(msg);
            }
            if (ctx.implicitKey)
                return `${src} `;
        }
        return src;
    }
}
function getAliasCount(doc, node, anchors) {
    if (identity.isAlias(node)) {
        const source = node.resolve(doc);
        const anchor = anchors && source && anchors.get(source);
        return anchor ? anchor.count * anchor.aliasCount : 0;
    }
    else if (identity.isCollection(node)) {
        let count = 0;
        for (const item of node.items) {
            const c = getAliasCount(doc, item, anchors);
            if (c > count)
                count = c;
        }
        return count;
    }
    else if (identity.isPair(node)) {
        const kc = getAliasCount(doc, node.key, anchors);
        const vc = getAliasCount(doc, node.value, anchors);
        return Math.max(kc, vc);
    }
    return 1;
}

exports.Alias = Alias;


/***/ }),

/***/ 101:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var createNode = __nccwpck_require__(2404);
var identity = __nccwpck_require__(1127);
var Node = __nccwpck_require__(6673);

function collectionFromPath(schema, path, value) {
    let v = value;
    for (let i = path.length - 1; i >= 0; --i) {
        const k = path[i];
        if (typeof k === 'number' && Number.isInteger(k) && k >= 0) {
            const a = [];
            a[k] = v;
            v = a;
        }
        else {
            v = new Map([[k, v]]);
        }
    }
    return createNode.createNode(v, undefined, {
        aliasDuplicateObjects: false,
        keepUndefined: false,
        onAnchor: () => {
            throw new Error('This should not happen, please report a bug.');
        },
        schema,
        sourceObjects: new Map()
    });
}
// Type guard is intentionally a little wrong so as to be more useful,
// as it does not cover untypable empty non-string iterables (e.g. []).
const isEmptyPath = (path) => path == null ||
    (typeof path === 'object' && !!path[Symbol.iterator]().next().done);
class Collection extends Node.NodeBase {
    constructor(type, schema) {
        super(type);
        Object.defineProperty(this, 'schema', {
            value: schema,
            configurable: true,
            enumerable: false,
            writable: true
        });
    }
    /**
     * Create a copy of this collection.
     *
     * @param schema - If defined, overwrites the original's schema
     */
    clone(schema) {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (schema)
            copy.schema = schema;
        copy.items = copy.items.map(it => identity.isNode(it) || identity.isPair(it) ? it.clone(schema) : it);
        if (this.range)
            copy.range = this.range.slice();
        return copy;
    }
    /**
     * Adds a value to the collection. For `!!map` and `!!omap` the value must
     * be a Pair instance or a `{ key, value }` object, which may not have a key
     * that already exists in the map.
     */
    addIn(path, value) {
        if (isEmptyPath(path))
            this.add(value);
        else {
            const [key, ...rest] = path;
            const node = this.get(key, true);
            if (identity.isCollection(node))
                node.addIn(rest, value);
            else if (node === undefined && this.schema)
                this.set(key, collectionFromPath(this.schema, rest, value));
            else
                throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
    }
    /**
     * Removes a value from the collection.
     * @returns `true` if the item was found and removed.
     */
    deleteIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
            return this.delete(key);
        const node = this.get(key, true);
        if (identity.isCollection(node))
            return node.deleteIn(rest);
        else
            throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
    }
    /**
     * Returns item at `key`, or `undefined` if not found. By default unwraps
     * scalar values from their surrounding node; to disable set `keepScalar` to
     * `true` (collections are always returned intact).
     */
    getIn(path, keepScalar) {
        const [key, ...rest] = path;
        const node = this.get(key, true);
        if (rest.length === 0)
            return !keepScalar && identity.isScalar(node) ? node.value : node;
        else
            return identity.isCollection(node) ? node.getIn(rest, keepScalar) : undefined;
    }
    hasAllNullValues(allowScalar) {
        return this.items.every(node => {
            if (!identity.isPair(node))
                return false;
            const n = node.value;
            return (n == null ||
                (allowScalar &&
                    identity.isScalar(n) &&
                    n.value == null &&
                    !n.commentBefore &&
                    !n.comment &&
                    !n.tag));
        });
    }
    /**
     * Checks if the collection includes a value with the key `key`.
     */
    hasIn(path) {
        const [key, ...rest] = path;
        if (rest.length === 0)
            return this.has(key);
        const node = this.get(key, true);
        return identity.isCollection(node) ? node.hasIn(rest) : false;
    }
    /**
     * Sets a value in this collection. For `!!set`, `value` needs to be a
     * boolean to add/remove the item from the set.
     */
    setIn(path, value) {
        const [key, ...rest] = path;
        if (rest.length === 0) {
            this.set(key, value);
        }
        else {
            const node = this.get(key, true);
            if (identity.isCollection(node))
                node.setIn(rest, value);
            else if (node === undefined && this.schema)
                this.set(key, collectionFromPath(this.schema, rest, value));
            else
                throw new Error(`Expected YAML collection at ${key}. Remaining path: ${rest}`);
        }
    }
}

exports.Collection = Collection;
exports.collectionFromPath = collectionFromPath;
exports.isEmptyPath = isEmptyPath;


/***/ }),

/***/ 6673:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var applyReviver = __nccwpck_require__(3661);
var identity = __nccwpck_require__(1127);
var toJS = __nccwpck_require__(4043);

class NodeBase {
    constructor(type) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: type });
    }
    /** Create a copy of this node.  */
    clone() {
        const copy = Object.create(Object.getPrototypeOf(this), Object.getOwnPropertyDescriptors(this));
        if (this.range)
            copy.range = this.range.slice();
        return copy;
    }
    /** A plain JavaScript representation of this node. */
    toJS(doc, { mapAsMap, maxAliasCount, onAnchor, reviver } = {}) {
        if (!identity.isDocument(doc))
            throw new TypeError('A document argument is required');
        const ctx = {
            anchors: new Map(),
            doc,
            keep: true,
            mapAsMap: mapAsMap === true,
            mapKeyWarned: false,
            maxAliasCount: typeof maxAliasCount === 'number' ? maxAliasCount : 100
        };
        const res = toJS.toJS(this, '', ctx);
        if (typeof onAnchor === 'function')
            for (const { count, res } of ctx.anchors.values())
                onAnchor(res, count);
        return typeof reviver === 'function'
            ? applyReviver.applyReviver(reviver, { '': res }, '', res)
            : res;
    }
}

exports.NodeBase = NodeBase;


/***/ }),

/***/ 7165:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var createNode = __nccwpck_require__(2404);
var stringifyPair = __nccwpck_require__(9748);
var addPairToJSMap = __nccwpck_require__(7104);
var identity = __nccwpck_require__(1127);

function createPair(key, value, ctx) {
    const k = createNode.createNode(key, undefined, ctx);
    const v = createNode.createNode(value, undefined, ctx);
    return new Pair(k, v);
}
class Pair {
    constructor(key, value = null) {
        Object.defineProperty(this, identity.NODE_TYPE, { value: identity.PAIR });
        this.key = key;
        this.value = value;
    }
    clone(schema) {
        let { key, value } = this;
        if (identity.isNode(key))
            key = key.clone(schema);
        if (identity.isNode(value))
            value = value.clone(schema);
        return new Pair(key, value);
    }
    toJSON(_, ctx) {
        const pair = ctx?.mapAsMap ? new Map() : {};
        return addPairToJSMap.addPairToJSMap(ctx, pair, this);
    }
    toString(ctx, onComment, onChompKeep) {
        return ctx?.doc
            ? stringifyPair.stringifyPair(this, ctx, onComment, onChompKeep)
            : JSON.stringify(this);
    }
}

exports.Pair = Pair;
exports.createPair = createPair;


/***/ }),

/***/ 3301:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var Node = __nccwpck_require__(6673);
var toJS = __nccwpck_require__(4043);

const isScalarValue = (value) => !value || (typeof value !== 'function' && typeof value !== 'object');
class Scalar extends Node.NodeBase {
    constructor(value) {
        super(identity.SCALAR);
        this.value = value;
    }
    toJSON(arg, ctx) {
        return ctx?.keep ? this.value : toJS.toJS(this.value, arg, ctx);
    }
    toString() {
        return String(this.value);
    }
}
Scalar.BLOCK_FOLDED = 'BLOCK_FOLDED';
Scalar.BLOCK_LITERAL = 'BLOCK_LITERAL';
Scalar.PLAIN = 'PLAIN';
Scalar.QUOTE_DOUBLE = 'QUOTE_DOUBLE';
Scalar.QUOTE_SINGLE = 'QUOTE_SINGLE';

exports.Scalar = Scalar;
exports.isScalarValue = isScalarValue;


/***/ }),

/***/ 4454:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var stringifyCollection = __nccwpck_require__(1212);
var addPairToJSMap = __nccwpck_require__(7104);
var Collection = __nccwpck_require__(101);
var identity = __nccwpck_require__(1127);
var Pair = __nccwpck_require__(7165);
var Scalar = __nccwpck_require__(3301);

function findPair(items, key) {
    const k = identity.isScalar(key) ? key.value : key;
    for (const it of items) {
        if (identity.isPair(it)) {
            if (it.key === key || it.key === k)
                return it;
            if (identity.isScalar(it.key) && it.key.value === k)
                return it;
        }
    }
    return undefined;
}
class YAMLMap extends Collection.Collection {
    static get tagName() {
        return 'tag:yaml.org,2002:map';
    }
    constructor(schema) {
        super(identity.MAP, schema);
        this.items = [];
    }
    /**
     * A generic collection parsing method that can be extended
     * to other node classes that inherit from YAMLMap
     */
    static from(schema, obj, ctx) {
        const { keepUndefined, replacer } = ctx;
        const map = new this(schema);
        const add = (key, value) => {
            if (typeof replacer === 'function')
                value = replacer.call(obj, key, value);
            else if (Array.isArray(replacer) && !replacer.includes(key))
                return;
            if (value !== undefined || keepUndefined)
                map.items.push(Pair.createPair(key, value, ctx));
        };
        if (obj instanceof Map) {
            for (const [key, value] of obj)
                add(key, value);
        }
        else if (obj && typeof obj === 'object') {
            for (const key of Object.keys(obj))
                add(key, obj[key]);
        }
        if (typeof schema.sortMapEntries === 'function') {
            map.items.sort(schema.sortMapEntries);
        }
        return map;
    }
    /**
     * Adds a value to the collection.
     *
     * @param overwrite - If not set `true`, using a key that is already in the
     *   collection will throw. Otherwise, overwrites the previous value.
     */
    add(pair, overwrite) {
        let _pair;
        if (identity.isPair(pair))
            _pair = pair;
        else if (!pair || typeof pair !== 'object' || !('key' in pair)) {
            // In TypeScript, this never happens.
            _pair = new Pair.Pair(pair, pair?.value);
        }
        else
            _pair = new Pair.Pair(pair.key, pair.value);
        const prev = findPair(this.items, _pair.key);
        const sortEntries = this.schema?.sortMapEntries;
        if (prev) {
            if (!overwrite)
                throw new Error(`Key ${_pair.key} already set`);
            // For scalars, keep the old node & its comments and anchors
            if (identity.isScalar(prev.value) && Scalar.isScalarValue(_pair.value))
                prev.value.value = _pair.value;
            else
                prev.value = _pair.value;
        }
        else if (sortEntries) {
            const i = this.items.findIndex(item => sortEntries(_pair, item) < 0);
            if (i === -1)
                this.items.push(_pair);
            else
                this.items.splice(i, 0, _pair);
        }
        else {
            this.items.push(_pair);
        }
    }
    delete(key) {
        const it = findPair(this.items, key);
        if (!it)
            return false;
        const del = this.items.splice(this.items.indexOf(it), 1);
        return del.length > 0;
    }
    get(key, keepScalar) {
        const it = findPair(this.items, key);
        const node = it?.value;
        return (!keepScalar && identity.isScalar(node) ? node.value : node) ?? undefined;
    }
    has(key) {
        return !!findPair(this.items, key);
    }
    set(key, value) {
        this.add(new Pair.Pair(key, value), true);
    }
    /**
     * @param ctx - Conversion context, originally set in Document#toJS()
     * @param {Class} Type - If set, forces the returned collection type
     * @returns Instance of Type, Map, or Object
     */
    toJSON(_, ctx, Type) {
        const map = Type ? new Type() : ctx?.mapAsMap ? new Map() : {};
        if (ctx?.onCreate)
            ctx.onCreate(map);
        for (const item of this.items)
            addPairToJSMap.addPairToJSMap(ctx, map, item);
        return map;
    }
    toString(ctx, onComment, onChompKeep) {
        if (!ctx)
            return JSON.stringify(this);
        for (const item of this.items) {
            if (!identity.isPair(item))
                throw new Error(`Map items must all be pairs; found ${JSON.stringify(item)} instead`);
        }
        if (!ctx.allNullValues && this.hasAllNullValues(false))
            ctx = Object.assign({}, ctx, { allNullValues: true });
        return stringifyCollection.stringifyCollection(this, ctx, {
            blockItemPrefix: '',
            flowChars: { start: '{', end: '}' },
            itemIndent: ctx.indent || '',
            onChompKeep,
            onComment
        });
    }
}

exports.YAMLMap = YAMLMap;
exports.findPair = findPair;


/***/ }),

/***/ 2223:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var createNode = __nccwpck_require__(2404);
var stringifyCollection = __nccwpck_require__(1212);
var Collection = __nccwpck_require__(101);
var identity = __nccwpck_require__(1127);
var Scalar = __nccwpck_require__(3301);
var toJS = __nccwpck_require__(4043);

class YAMLSeq extends Collection.Collection {
    static get tagName() {
        return 'tag:yaml.org,2002:seq';
    }
    constructor(schema) {
        super(identity.SEQ, schema);
        this.items = [];
    }
    add(value) {
        this.items.push(value);
    }
    /**
     * Removes a value from the collection.
     *
     * `key` must contain a representation of an integer for this to succeed.
     * It may be wrapped in a `Scalar`.
     *
     * @returns `true` if the item was found and removed.
     */
    delete(key) {
        const idx = asItemIndex(key);
        if (typeof idx !== 'number')
            return false;
        const del = this.items.splice(idx, 1);
        return del.length > 0;
    }
    get(key, keepScalar) {
        const idx = asItemIndex(key);
        if (typeof idx !== 'number')
            return undefined;
        const it = this.items[idx];
        return !keepScalar && identity.isScalar(it) ? it.value : it;
    }
    /**
     * Checks if the collection includes a value with the key `key`.
     *
     * `key` must contain a representation of an integer for this to succeed.
     * It may be wrapped in a `Scalar`.
     */
    has(key) {
        const idx = asItemIndex(key);
        return typeof idx === 'number' && idx < this.items.length;
    }
    /**
     * Sets a value in this collection. For `!!set`, `value` needs to be a
     * boolean to add/remove the item from the set.
     *
     * If `key` does not contain a representation of an integer, this will throw.
     * It may be wrapped in a `Scalar`.
     */
    set(key, value) {
        const idx = asItemIndex(key);
        if (typeof idx !== 'number')
            throw new Error(`Expected a valid index, not ${key}.`);
        const prev = this.items[idx];
        if (identity.isScalar(prev) && Scalar.isScalarValue(value))
            prev.value = value;
        else
            this.items[idx] = value;
    }
    toJSON(_, ctx) {
        const seq = [];
        if (ctx?.onCreate)
            ctx.onCreate(seq);
        let i = 0;
        for (const item of this.items)
            seq.push(toJS.toJS(item, String(i++), ctx));
        return seq;
    }
    toString(ctx, onComment, onChompKeep) {
        if (!ctx)
            return JSON.stringify(this);
        return stringifyCollection.stringifyCollection(this, ctx, {
            blockItemPrefix: '- ',
            flowChars: { start: '[', end: ']' },
            itemIndent: (ctx.indent || '') + '  ',
            onChompKeep,
            onComment
        });
    }
    static from(schema, obj, ctx) {
        const { replacer } = ctx;
        const seq = new this(schema);
        if (obj && Symbol.iterator in Object(obj)) {
            let i = 0;
            for (let it of obj) {
                if (typeof replacer === 'function') {
                    const key = obj instanceof Set ? it : String(i++);
                    it = replacer.call(obj, key, it);
                }
                seq.items.push(createNode.createNode(it, undefined, ctx));
            }
        }
        return seq;
    }
}
function asItemIndex(key) {
    let idx = identity.isScalar(key) ? key.value : key;
    if (idx && typeof idx === 'string')
        idx = Number(idx);
    return typeof idx === 'number' && Number.isInteger(idx) && idx >= 0
        ? idx
        : null;
}

exports.YAMLSeq = YAMLSeq;


/***/ }),

/***/ 7104:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var log = __nccwpck_require__(7249);
var merge = __nccwpck_require__(452);
var stringify = __nccwpck_require__(2148);
var identity = __nccwpck_require__(1127);
var toJS = __nccwpck_require__(4043);

function addPairToJSMap(ctx, map, { key, value }) {
    if (identity.isNode(key) && key.addToJSMap)
        key.addToJSMap(ctx, map, value);
    // TODO: Should drop this special case for bare << handling
    else if (merge.isMergeKey(ctx, key))
        merge.addMergeToJSMap(ctx, map, value);
    else {
        const jsKey = toJS.toJS(key, '', ctx);
        if (map instanceof Map) {
            map.set(jsKey, toJS.toJS(value, jsKey, ctx));
        }
        else if (map instanceof Set) {
            map.add(jsKey);
        }
        else {
            const stringKey = stringifyKey(key, jsKey, ctx);
            const jsValue = toJS.toJS(value, stringKey, ctx);
            if (stringKey in map)
                Object.defineProperty(map, stringKey, {
                    value: jsValue,
                    writable: true,
                    enumerable: true,
                    configurable: true
                });
            else
                map[stringKey] = jsValue;
        }
    }
    return map;
}
function stringifyKey(key, jsKey, ctx) {
    if (jsKey === null)
        return '';
    // eslint-disable-next-line @typescript-eslint/no-base-to-string
    if (typeof jsKey !== 'object')
        return String(jsKey);
    if (identity.isNode(key) && ctx?.doc) {
        const strCtx = stringify.createStringifyContext(ctx.doc, {});
        strCtx.anchors = new Set();
        for (const node of ctx.anchors.keys())
            strCtx.anchors.add(node.anchor);
        strCtx.inFlow = true;
        strCtx.inStringifyKey = true;
        const strKey = key.toString(strCtx);
        if (!ctx.mapKeyWarned) {
            let jsonStr = JSON.stringify(strKey);
            if (jsonStr.length > 40)
                jsonStr = jsonStr.substring(0, 36) + '..."';
            log.warn(ctx.doc.options.logLevel, `Keys with collection values will be stringified due to JS Object restrictions: ${jsonStr}. Set mapAsMap: true to use object keys.`);
            ctx.mapKeyWarned = true;
        }
        return strKey;
    }
    return JSON.stringify(jsKey);
}

exports.addPairToJSMap = addPairToJSMap;


/***/ }),

/***/ 1127:
/***/ ((__unused_webpack_module, exports) => {



const ALIAS = Symbol.for('yaml.alias');
const DOC = Symbol.for('yaml.document');
const MAP = Symbol.for('yaml.map');
const PAIR = Symbol.for('yaml.pair');
const SCALAR = Symbol.for('yaml.scalar');
const SEQ = Symbol.for('yaml.seq');
const NODE_TYPE = Symbol.for('yaml.node.type');
const isAlias = (node) => !!node && typeof node === 'object' && node[NODE_TYPE] === ALIAS;
const isDocument = (node) => !!node && typeof node === 'object' && node[NODE_TYPE] === DOC;
const isMap = (node) => !!node && typeof node === 'object' && node[NODE_TYPE] === MAP;
const isPair = (node) => !!node && typeof node === 'object' && node[NODE_TYPE] === PAIR;
const isScalar = (node) => !!node && typeof node === 'object' && node[NODE_TYPE] === SCALAR;
const isSeq = (node) => !!node && typeof node === 'object' && node[NODE_TYPE] === SEQ;
function isCollection(node) {
    if (node && typeof node === 'object')
        switch (node[NODE_TYPE]) {
            case MAP:
            case SEQ:
                return true;
        }
    return false;
}
function isNode(node) {
    if (node && typeof node === 'object')
        switch (node[NODE_TYPE]) {
            case ALIAS:
            case MAP:
            case SCALAR:
            case SEQ:
                return true;
        }
    return false;
}
const hasAnchor = (node) => (isScalar(node) || isCollection(node)) && !!node.anchor;

exports.ALIAS = ALIAS;
exports.DOC = DOC;
exports.MAP = MAP;
exports.NODE_TYPE = NODE_TYPE;
exports.PAIR = PAIR;
exports.SCALAR = SCALAR;
exports.SEQ = SEQ;
exports.hasAnchor = hasAnchor;
exports.isAlias = isAlias;
exports.isCollection = isCollection;
exports.isDocument = isDocument;
exports.isMap = isMap;
exports.isNode = isNode;
exports.isPair = isPair;
exports.isScalar = isScalar;
exports.isSeq = isSeq;


/***/ }),

/***/ 4043:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);

/**
 * Recursively convert any node or its contents to native JavaScript
 *
 * @param value - The input value
 * @param arg - If `value` defines a `toJSON()` method, use this
 *   as its first argument
 * @param ctx - Conversion context, originally set in Document#toJS(). If
 *   `{ keep: true }` is not set, output should be suitable for JSON
 *   stringification.
 */
function toJS(value, arg, ctx) {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-return
    if (Array.isArray(value))
        return value.map((v, i) => toJS(v, String(i), ctx));
    if (value && typeof value.toJSON === 'function') {
        // eslint-disable-next-line @typescript-eslint/no-unsafe-call
        if (!ctx || !identity.hasAnchor(value))
            return value.toJSON(arg, ctx);
        const data = { aliasCount: 0, count: 1, res: undefined };
        ctx.anchors.set(value, data);
        ctx.onCreate = res => {
            data.res = res;
            delete ctx.onCreate;
        };
        const res = value.toJSON(arg, ctx);
        if (ctx.onCreate)
            ctx.onCreate(res);
        return res;
    }
    if (typeof value === 'bigint' && !ctx?.keep)
        return Number(value);
    return value;
}

exports.toJS = toJS;


/***/ }),

/***/ 110:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var resolveBlockScalar = __nccwpck_require__(8913);
var resolveFlowScalar = __nccwpck_require__(6842);
var errors = __nccwpck_require__(1464);
var stringifyString = __nccwpck_require__(3069);

function resolveAsScalar(token, strict = true, onError) {
    if (token) {
        const _onError = (pos, code, message) => {
            const offset = typeof pos === 'number' ? pos : Array.isArray(pos) ? pos[0] : pos.offset;
            if (onError)
                onError(offset, code, message);
            else
                throw new errors.YAMLParseError([offset, offset + 1], code, message);
        };
        switch (token.type) {
            case 'scalar':
            case 'single-quoted-scalar':
            case 'double-quoted-scalar':
                return resolveFlowScalar.resolveFlowScalar(token, strict, _onError);
            case 'block-scalar':
                return resolveBlockScalar.resolveBlockScalar({ options: { strict } }, token, _onError);
        }
    }
    return null;
}
/**
 * Create a new scalar token with `value`
 *
 * Values that represent an actual string but may be parsed as a different type should use a `type` other than `'PLAIN'`,
 * as this function does not support any schema operations and won't check for such conflicts.
 *
 * @param value The string representation of the value, which will have its content properly indented.
 * @param context.end Comments and whitespace after the end of the value, or after the block scalar header. If undefined, a newline will be added.
 * @param context.implicitKey Being within an implicit key may affect the resolved type of the token's value.
 * @param context.indent The indent level of the token.
 * @param context.inFlow Is this scalar within a flow collection? This may affect the resolved type of the token's value.
 * @param context.offset The offset position of the token.
 * @param context.type The preferred type of the scalar token. If undefined, the previous type of the `token` will be used, defaulting to `'PLAIN'`.
 */
function createScalarToken(value, context) {
    const { implicitKey = false, indent, inFlow = false, offset = -1, type = 'PLAIN' } = context;
    const source = stringifyString.stringifyString({ type, value }, {
        implicitKey,
        indent: indent > 0 ? ' '.repeat(indent) : '',
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
    });
    const end = context.end ?? [
        { type: 'newline', offset: -1, indent, source: '\n' }
    ];
    switch (source[0]) {
        case '|':
        case '>': {
            const he = source.indexOf('\n');
            const head = source.substring(0, he);
            const body = source.substring(he + 1) + '\n';
            const props = [
                { type: 'block-scalar-header', offset, indent, source: head }
            ];
            if (!addEndtoBlockProps(props, end))
                props.push({ type: 'newline', offset: -1, indent, source: '\n' });
            return { type: 'block-scalar', offset, indent, props, source: body };
        }
        case '"':
            return { type: 'double-quoted-scalar', offset, indent, source, end };
        case "'":
            return { type: 'single-quoted-scalar', offset, indent, source, end };
        default:
            return { type: 'scalar', offset, indent, source, end };
    }
}
/**
 * Set the value of `token` to the given string `value`, overwriting any previous contents and type that it may have.
 *
 * Best efforts are made to retain any comments previously associated with the `token`,
 * though all contents within a collection's `items` will be overwritten.
 *
 * Values that represent an actual string but may be parsed as a different type should use a `type` other than `'PLAIN'`,
 * as this function does not support any schema operations and won't check for such conflicts.
 *
 * @param token Any token. If it does not include an `indent` value, the value will be stringified as if it were an implicit key.
 * @param value The string representation of the value, which will have its content properly indented.
 * @param context.afterKey In most cases, values after a key should have an additional level of indentation.
 * @param context.implicitKey Being within an implicit key may affect the resolved type of the token's value.
 * @param context.inFlow Being within a flow collection may affect the resolved type of the token's value.
 * @param context.type The preferred type of the scalar token. If undefined, the previous type of the `token` will be used, defaulting to `'PLAIN'`.
 */
function setScalarValue(token, value, context = {}) {
    let { afterKey = false, implicitKey = false, inFlow = false, type } = context;
    let indent = 'indent' in token ? token.indent : null;
    if (afterKey && typeof indent === 'number')
        indent += 2;
    if (!type)
        switch (token.type) {
            case 'single-quoted-scalar':
                type = 'QUOTE_SINGLE';
                break;
            case 'double-quoted-scalar':
                type = 'QUOTE_DOUBLE';
                break;
            case 'block-scalar': {
                const header = token.props[0];
                if (header.type !== 'block-scalar-header')
                    throw new Error('Invalid block scalar header');
                type = header.source[0] === '>' ? 'BLOCK_FOLDED' : 'BLOCK_LITERAL';
                break;
            }
            default:
                type = 'PLAIN';
        }
    const source = stringifyString.stringifyString({ type, value }, {
        implicitKey: implicitKey || indent === null,
        indent: indent !== null && indent > 0 ? ' '.repeat(indent) : '',
        inFlow,
        options: { blockQuote: true, lineWidth: -1 }
    });
    switch (source[0]) {
        case '|':
        case '>':
            setBlockScalarValue(token, source);
            break;
        case '"':
            setFlowScalarValue(token, source, 'double-quoted-scalar');
            break;
        case "'":
            setFlowScalarValue(token, source, 'single-quoted-scalar');
            break;
        default:
            setFlowScalarValue(token, source, 'scalar');
    }
}
function setBlockScalarValue(token, source) {
    const he = source.indexOf('\n');
    const head = source.substring(0, he);
    const body = source.substring(he + 1) + '\n';
    if (token.type === 'block-scalar') {
        const header = token.props[0];
        if (header.type !== 'block-scalar-header')
            throw new Error('Invalid block scalar header');
        header.source = head;
        token.source = body;
    }
    else {
        const { offset } = token;
        const indent = 'indent' in token ? token.indent : -1;
        const props = [
            { type: 'block-scalar-header', offset, indent, source: head }
        ];
        if (!addEndtoBlockProps(props, 'end' in token ? token.end : undefined))
            props.push({ type: 'newline', offset: -1, indent, source: '\n' });
        for (const key of Object.keys(token))
            if (key !== 'type' && key !== 'offset')
                delete token[key];
        Object.assign(token, { type: 'block-scalar', indent, props, source: body });
    }
}
/** @returns `true` if last token is a newline */
function addEndtoBlockProps(props, end) {
    if (end)
        for (const st of end)
            switch (st.type) {
                case 'space':
                case 'comment':
                    props.push(st);
                    break;
                case 'newline':
                    props.push(st);
                    return true;
            }
    return false;
}
function setFlowScalarValue(token, source, type) {
    switch (token.type) {
        case 'scalar':
        case 'double-quoted-scalar':
        case 'single-quoted-scalar':
            token.type = type;
            token.source = source;
            break;
        case 'block-scalar': {
            const end = token.props.slice(1);
            let oa = source.length;
            if (token.props[0].type === 'block-scalar-header')
                oa -= token.props[0].source.length;
            for (const tok of end)
                tok.offset += oa;
            delete token.props;
            Object.assign(token, { type, source, end });
            break;
        }
        case 'block-map':
        case 'block-seq': {
            const offset = token.offset + source.length;
            const nl = { type: 'newline', offset, indent: token.indent, source: '\n' };
            delete token.items;
            Object.assign(token, { type, source, end: [nl] });
            break;
        }
        default: {
            const indent = 'indent' in token ? token.indent : -1;
            const end = 'end' in token && Array.isArray(token.end)
                ? token.end.filter(st => st.type === 'space' ||
                    st.type === 'comment' ||
                    st.type === 'newline')
                : [];
            for (const key of Object.keys(token))
                if (key !== 'type' && key !== 'offset')
                    delete token[key];
            Object.assign(token, { type, indent, source, end });
        }
    }
}

exports.createScalarToken = createScalarToken;
exports.resolveAsScalar = resolveAsScalar;
exports.setScalarValue = setScalarValue;


/***/ }),

/***/ 1733:
/***/ ((__unused_webpack_module, exports) => {



/**
 * Stringify a CST document, token, or collection item
 *
 * Fair warning: This applies no validation whatsoever, and
 * simply concatenates the sources in their logical order.
 */
const stringify = (cst) => 'type' in cst ? stringifyToken(cst) : stringifyItem(cst);
function stringifyToken(token) {
    switch (token.type) {
        case 'block-scalar': {
            let res = '';
            for (const tok of token.props)
                res += stringifyToken(tok);
            return res + token.source;
        }
        case 'block-map':
        case 'block-seq': {
            let res = '';
            for (const item of token.items)
                res += stringifyItem(item);
            return res;
        }
        case 'flow-collection': {
            let res = token.start.source;
            for (const item of token.items)
                res += stringifyItem(item);
            for (const st of token.end)
                res += st.source;
            return res;
        }
        case 'document': {
            let res = stringifyItem(token);
            if (token.end)
                for (const st of token.end)
                    res += st.source;
            return res;
        }
        default: {
            let res = token.source;
            if ('end' in token && token.end)
                for (const st of token.end)
                    res += st.source;
            return res;
        }
    }
}
function stringifyItem({ start, key, sep, value }) {
    let res = '';
    for (const st of start)
        res += st.source;
    if (key)
        res += stringifyToken(key);
    if (sep)
        for (const st of sep)
            res += st.source;
    if (value)
        res += stringifyToken(value);
    return res;
}

exports.stringify = stringify;


/***/ }),

/***/ 7715:
/***/ ((__unused_webpack_module, exports) => {



const BREAK = Symbol('break visit');
const SKIP = Symbol('skip children');
const REMOVE = Symbol('remove item');
/**
 * Apply a visitor to a CST document or item.
 *
 * Walks through the tree (depth-first) starting from the root, calling a
 * `visitor` function with two arguments when entering each item:
 *   - `item`: The current item, which included the following members:
 *     - `start: SourceToken[]` – Source tokens before the key or value,
 *       possibly including its anchor or tag.
 *     - `key?: Token | null` – Set for pair values. May then be `null`, if
 *       the key before the `:` separator is empty.
 *     - `sep?: SourceToken[]` – Source tokens between the key and the value,
 *       which should include the `:` map value indicator if `value` is set.
 *     - `value?: Token` – The value of a sequence item, or of a map pair.
 *   - `path`: The steps from the root to the current node, as an array of
 *     `['key' | 'value', number]` tuples.
 *
 * The return value of the visitor may be used to control the traversal:
 *   - `undefined` (default): Do nothing and continue
 *   - `visit.SKIP`: Do not visit the children of this token, continue with
 *      next sibling
 *   - `visit.BREAK`: Terminate traversal completely
 *   - `visit.REMOVE`: Remove the current item, then continue with the next one
 *   - `number`: Set the index of the next step. This is useful especially if
 *     the index of the current token has changed.
 *   - `function`: Define the next visitor for this item. After the original
 *     visitor is called on item entry, next visitors are called after handling
 *     a non-empty `key` and when exiting the item.
 */
function visit(cst, visitor) {
    if ('type' in cst && cst.type === 'document')
        cst = { start: cst.start, value: cst.value };
    _visit(Object.freeze([]), cst, visitor);
}
// Without the `as symbol` casts, TS declares these in the `visit`
// namespace using `var`, but then complains about that because
// `unique symbol` must be `const`.
/** Terminate visit traversal completely */
visit.BREAK = BREAK;
/** Do not visit the children of the current item */
visit.SKIP = SKIP;
/** Remove the current item */
visit.REMOVE = REMOVE;
/** Find the item at `path` from `cst` as the root */
visit.itemAtPath = (cst, path) => {
    let item = cst;
    for (const [field, index] of path) {
        const tok = item?.[field];
        if (tok && 'items' in tok) {
            item = tok.items[index];
        }
        else
            return undefined;
    }
    return item;
};
/**
 * Get the immediate parent collection of the item at `path` from `cst` as the root.
 *
 * Throws an error if the collection is not found, which should never happen if the item itself exists.
 */
visit.parentCollection = (cst, path) => {
    const parent = visit.itemAtPath(cst, path.slice(0, -1));
    const field = path[path.length - 1][0];
    const coll = parent?.[field];
    if (coll && 'items' in coll)
        return coll;
    throw new Error('Parent collection not found');
};
function _visit(path, item, visitor) {
    let ctrl = visitor(item, path);
    if (typeof ctrl === 'symbol')
        return ctrl;
    for (const field of ['key', 'value']) {
        const token = item[field];
        if (token && 'items' in token) {
            for (let i = 0; i < token.items.length; ++i) {
                const ci = _visit(Object.freeze(path.concat([[field, i]])), token.items[i], visitor);
                if (typeof ci === 'number')
                    i = ci - 1;
                else if (ci === BREAK)
                    return BREAK;
                else if (ci === REMOVE) {
                    token.items.splice(i, 1);
                    i -= 1;
                }
            }
            if (typeof ctrl === 'function' && field === 'key')
                ctrl = ctrl(item, path);
        }
    }
    return typeof ctrl === 'function' ? ctrl(item, path) : ctrl;
}

exports.visit = visit;


/***/ }),

/***/ 3461:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var cstScalar = __nccwpck_require__(110);
var cstStringify = __nccwpck_require__(1733);
var cstVisit = __nccwpck_require__(7715);

/** The byte order mark */
const BOM = '\u{FEFF}';
/** Start of doc-mode */
const DOCUMENT = '\x02'; // C0: Start of Text
/** Unexpected end of flow-mode */
const FLOW_END = '\x18'; // C0: Cancel
/** Next token is a scalar value */
const SCALAR = '\x1f'; // C0: Unit Separator
/** @returns `true` if `token` is a flow or block collection */
const isCollection = (token) => !!token && 'items' in token;
/** @returns `true` if `token` is a flow or block scalar; not an alias */
const isScalar = (token) => !!token &&
    (token.type === 'scalar' ||
        token.type === 'single-quoted-scalar' ||
        token.type === 'double-quoted-scalar' ||
        token.type === 'block-scalar');
/* istanbul ignore next */
/** Get a printable representation of a lexer token */
function prettyToken(token) {
    switch (token) {
        case BOM:
            return '<BOM>';
        case DOCUMENT:
            return '<DOC>';
        case FLOW_END:
            return '<FLOW_END>';
        case SCALAR:
            return '<SCALAR>';
        default:
            return JSON.stringify(token);
    }
}
/** Identify the type of a lexer token. May return `null` for unknown tokens. */
function tokenType(source) {
    switch (source) {
        case BOM:
            return 'byte-order-mark';
        case DOCUMENT:
            return 'doc-mode';
        case FLOW_END:
            return 'flow-error-end';
        case SCALAR:
            return 'scalar';
        case '---':
            return 'doc-start';
        case '...':
            return 'doc-end';
        case '':
        case '\n':
        case '\r\n':
            return 'newline';
        case '-':
            return 'seq-item-ind';
        case '?':
            return 'explicit-key-ind';
        case ':':
            return 'map-value-ind';
        case '{':
            return 'flow-map-start';
        case '}':
            return 'flow-map-end';
        case '[':
            return 'flow-seq-start';
        case ']':
            return 'flow-seq-end';
        case ',':
            return 'comma';
    }
    switch (source[0]) {
        case ' ':
        case '\t':
            return 'space';
        case '#':
            return 'comment';
        case '%':
            return 'directive-line';
        case '*':
            return 'alias';
        case '&':
            return 'anchor';
        case '!':
            return 'tag';
        case "'":
            return 'single-quoted-scalar';
        case '"':
            return 'double-quoted-scalar';
        case '|':
        case '>':
            return 'block-scalar-header';
    }
    return null;
}

exports.createScalarToken = cstScalar.createScalarToken;
exports.resolveAsScalar = cstScalar.resolveAsScalar;
exports.setScalarValue = cstScalar.setScalarValue;
exports.stringify = cstStringify.stringify;
exports.visit = cstVisit.visit;
exports.BOM = BOM;
exports.DOCUMENT = DOCUMENT;
exports.FLOW_END = FLOW_END;
exports.SCALAR = SCALAR;
exports.isCollection = isCollection;
exports.isScalar = isScalar;
exports.prettyToken = prettyToken;
exports.tokenType = tokenType;


/***/ }),

/***/ 361:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var cst = __nccwpck_require__(3461);

/*
START -> stream

stream
  directive -> line-end -> stream
  indent + line-end -> stream
  [else] -> line-start

line-end
  comment -> line-end
  newline -> .
  input-end -> END

line-start
  doc-start -> doc
  doc-end -> stream
  [else] -> indent -> block-start

block-start
  seq-item-start -> block-start
  explicit-key-start -> block-start
  map-value-start -> block-start
  [else] -> doc

doc
  line-end -> line-start
  spaces -> doc
  anchor -> doc
  tag -> doc
  flow-start -> flow -> doc
  flow-end -> error -> doc
  seq-item-start -> error -> doc
  explicit-key-start -> error -> doc
  map-value-start -> doc
  alias -> doc
  quote-start -> quoted-scalar -> doc
  block-scalar-header -> line-end -> block-scalar(min) -> line-start
  [else] -> plain-scalar(false, min) -> doc

flow
  line-end -> flow
  spaces -> flow
  anchor -> flow
  tag -> flow
  flow-start -> flow -> flow
  flow-end -> .
  seq-item-start -> error -> flow
  explicit-key-start -> flow
  map-value-start -> flow
  alias -> flow
  quote-start -> quoted-scalar -> flow
  comma -> flow
  [else] -> plain-scalar(true, 0) -> flow

quoted-scalar
  quote-end -> .
  [else] -> quoted-scalar

block-scalar(min)
  newline + peek(indent < min) -> .
  [else] -> block-scalar(min)

plain-scalar(is-flow, min)
  scalar-end(is-flow) -> .
  peek(newline + (indent < min)) -> .
  [else] -> plain-scalar(min)
*/
function isEmpty(ch) {
    switch (ch) {
        case undefined:
        case ' ':
        case '\n':
        case '\r':
        case '\t':
            return true;
        default:
            return false;
    }
}
const hexDigits = new Set('0123456789ABCDEFabcdef');
const tagChars = new Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-#;/?:@&=+$_.!~*'()");
const flowIndicatorChars = new Set(',[]{}');
const invalidAnchorChars = new Set(' ,[]{}\n\r\t');
const isNotAnchorChar = (ch) => !ch || invalidAnchorChars.has(ch);
/**
 * Splits an input string into lexical tokens, i.e. smaller strings that are
 * easily identifiable by `tokens.tokenType()`.
 *
 * Lexing starts always in a "stream" context. Incomplete input may be buffered
 * until a complete token can be emitted.
 *
 * In addition to slices of the original input, the following control characters
 * may also be emitted:
 *
 * - `\x02` (Start of Text): A document starts with the next token
 * - `\x18` (Cancel): Unexpected end of flow-mode (indicates an error)
 * - `\x1f` (Unit Separator): Next token is a scalar value
 * - `\u{FEFF}` (Byte order mark): Emitted separately outside documents
 */
class Lexer {
    constructor() {
        /**
         * Flag indicating whether the end of the current buffer marks the end of
         * all input
         */
        this.atEnd = false;
        /**
         * Explicit indent set in block scalar header, as an offset from the current
         * minimum indent, so e.g. set to 1 from a header `|2+`. Set to -1 if not
         * explicitly set.
         */
        this.blockScalarIndent = -1;
        /**
         * Block scalars that include a + (keep) chomping indicator in their header
         * include trailing empty lines, which are otherwise excluded from the
         * scalar's contents.
         */
        this.blockScalarKeep = false;
        /** Current input */
        this.buffer = '';
        /**
         * Flag noting whether the map value indicator : can immediately follow this
         * node within a flow context.
         */
        this.flowKey = false;
        /** Count of surrounding flow collection levels. */
        this.flowLevel = 0;
        /**
         * Minimum level of indentation required for next lines to be parsed as a
         * part of the current scalar value.
         */
        this.indentNext = 0;
        /** Indentation level of the current line. */
        this.indentValue = 0;
        /** Position of the next \n character. */
        this.lineEndPos = null;
        /** Stores the state of the lexer if reaching the end of incpomplete input */
        this.next = null;
        /** A pointer to `buffer`; the current position of the lexer. */
        this.pos = 0;
    }
    /**
     * Generate YAML tokens from the `source` string. If `incomplete`,
     * a part of the last line may be left as a buffer for the next call.
     *
     * @returns A generator of lexical tokens
     */
    *lex(source, incomplete = false) {
        if (source) {
            if (typeof source !== 'string')
                throw TypeError('source is not a string');
            this.buffer = this.buffer ? this.buffer + source : source;
            this.lineEndPos = null;
        }
        this.atEnd = !incomplete;
        let next = this.next ?? 'stream';
        while (next && (incomplete || this.hasChars(1)))
            next = yield* this.parseNext(next);
    }
    atLineEnd() {
        let i = this.pos;
        let ch = this.buffer[i];
        while (ch === ' ' || ch === '\t')
            ch = this.buffer[++i];
        if (!ch || ch === '#' || ch === '\n')
            return true;
        if (ch === '\r')
            return this.buffer[i + 1] === '\n';
        return false;
    }
    charAt(n) {
        return this.buffer[this.pos + n];
    }
    continueScalar(offset) {
        let ch = this.buffer[offset];
        if (this.indentNext > 0) {
            let indent = 0;
            while (ch === ' ')
                ch = this.buffer[++indent + offset];
            if (ch === '\r') {
                const next = this.buffer[indent + offset + 1];
                if (next === '\n' || (!next && !this.atEnd))
                    return offset + indent + 1;
            }
            return ch === '\n' || indent >= this.indentNext || (!ch && !this.atEnd)
                ? offset + indent
                : -1;
        }
        if (ch === '-' || ch === '.') {
            const dt = this.buffer.substr(offset, 3);
            if ((dt === '---' || dt === '...') && isEmpty(this.buffer[offset + 3]))
                return -1;
        }
        return offset;
    }
    getLine() {
        let end = this.lineEndPos;
        if (typeof end !== 'number' || (end !== -1 && end < this.pos)) {
            end = this.buffer.indexOf('\n', this.pos);
            this.lineEndPos = end;
        }
        if (end === -1)
            return this.atEnd ? this.buffer.substring(this.pos) : null;
        if (this.buffer[end - 1] === '\r')
            end -= 1;
        return this.buffer.substring(this.pos, end);
    }
    hasChars(n) {
        return this.pos + n <= this.buffer.length;
    }
    setNext(state) {
        this.buffer = this.buffer.substring(this.pos);
        this.pos = 0;
        this.lineEndPos = null;
        this.next = state;
        return null;
    }
    peek(n) {
        return this.buffer.substr(this.pos, n);
    }
    *parseNext(next) {
        switch (next) {
            case 'stream':
                return yield* this.parseStream();
            case 'line-start':
                return yield* this.parseLineStart();
            case 'block-start':
                return yield* this.parseBlockStart();
            case 'doc':
                return yield* this.parseDocument();
            case 'flow':
                return yield* this.parseFlowCollection();
            case 'quoted-scalar':
                return yield* this.parseQuotedScalar();
            case 'block-scalar':
                return yield* this.parseBlockScalar();
            case 'plain-scalar':
                return yield* this.parsePlainScalar();
        }
    }
    *parseStream() {
        let line = this.getLine();
        if (line === null)
            return this.setNext('stream');
        if (line[0] === cst.BOM) {
            yield* this.pushCount(1);
            line = line.substring(1);
        }
        if (line[0] === '%') {
            let dirEnd = line.length;
            let cs = line.indexOf('#');
            while (cs !== -1) {
                const ch = line[cs - 1];
                if (ch === ' ' || ch === '\t') {
                    dirEnd = cs - 1;
                    break;
                }
                else {
                    cs = line.indexOf('#', cs + 1);
                }
            }
            while (true) {
                const ch = line[dirEnd - 1];
                if (ch === ' ' || ch === '\t')
                    dirEnd -= 1;
                else
                    break;
            }
            const n = (yield* this.pushCount(dirEnd)) + (yield* this.pushSpaces(true));
            yield* this.pushCount(line.length - n); // possible comment
            this.pushNewline();
            return 'stream';
        }
        if (this.atLineEnd()) {
            const sp = yield* this.pushSpaces(true);
            yield* this.pushCount(line.length - sp);
            yield* this.pushNewline();
            return 'stream';
        }
        yield cst.DOCUMENT;
        return yield* this.parseLineStart();
    }
    *parseLineStart() {
        const ch = this.charAt(0);
        if (!ch && !this.atEnd)
            return this.setNext('line-start');
        if (ch === '-' || ch === '.') {
            if (!this.atEnd && !this.hasChars(4))
                return this.setNext('line-start');
            const s = this.peek(3);
            if ((s === '---' || s === '...') && isEmpty(this.charAt(3))) {
                yield* this.pushCount(3);
                this.indentValue = 0;
                this.indentNext = 0;
                return s === '---' ? 'doc' : 'stream';
            }
        }
        this.indentValue = yield* this.pushSpaces(false);
        if (this.indentNext > this.indentValue && !isEmpty(this.charAt(1)))
            this.indentNext = this.indentValue;
        return yield* this.parseBlockStart();
    }
    *parseBlockStart() {
        const [ch0, ch1] = this.peek(2);
        if (!ch1 && !this.atEnd)
            return this.setNext('block-start');
        if ((ch0 === '-' || ch0 === '?' || ch0 === ':') && isEmpty(ch1)) {
            const n = (yield* this.pushCount(1)) + (yield* this.pushSpaces(true));
            this.indentNext = this.indentValue + 1;
            this.indentValue += n;
            return 'block-start';
        }
        return 'doc';
    }
    *parseDocument() {
        yield* this.pushSpaces(true);
        const line = this.getLine();
        if (line === null)
            return this.setNext('doc');
        let n = yield* this.pushIndicators();
        switch (line[n]) {
            case '#':
                yield* this.pushCount(line.length - n);
            // fallthrough
            case undefined:
                yield* this.pushNewline();
                return yield* this.parseLineStart();
            case '{':
            case '[':
                yield* this.pushCount(1);
                this.flowKey = false;
                this.flowLevel = 1;
                return 'flow';
            case '}':
            case ']':
                // this is an error
                yield* this.pushCount(1);
                return 'doc';
            case '*':
                yield* this.pushUntil(isNotAnchorChar);
                return 'doc';
            case '"':
            case "'":
                return yield* this.parseQuotedScalar();
            case '|':
            case '>':
                n += yield* this.parseBlockScalarHeader();
                n += yield* this.pushSpaces(true);
                yield* this.pushCount(line.length - n);
                yield* this.pushNewline();
                return yield* this.parseBlockScalar();
            default:
                return yield* this.parsePlainScalar();
        }
    }
    *parseFlowCollection() {
        let nl, sp;
        let indent = -1;
        do {
            nl = yield* this.pushNewline();
            if (nl > 0) {
                sp = yield* this.pushSpaces(false);
                this.indentValue = indent = sp;
            }
            else {
                sp = 0;
            }
            sp += yield* this.pushSpaces(true);
        } while (nl + sp > 0);
        const line = this.getLine();
        if (line === null)
            return this.setNext('flow');
        if ((indent !== -1 && indent < this.indentNext && line[0] !== '#') ||
            (indent === 0 &&
                (line.startsWith('---') || line.startsWith('...')) &&
                isEmpty(line[3]))) {
            // Allowing for the terminal ] or } at the same (rather than greater)
            // indent level as the initial [ or { is technically invalid, but
            // failing here would be surprising to users.
            const atFlowEndMarker = indent === this.indentNext - 1 &&
                this.flowLevel === 1 &&
                (line[0] === ']' || line[0] === '}');
            if (!atFlowEndMarker) {
                // this is an error
                this.flowLevel = 0;
                yield cst.FLOW_END;
                return yield* this.parseLineStart();
            }
        }
        let n = 0;
        while (line[n] === ',') {
            n += yield* this.pushCount(1);
            n += yield* this.pushSpaces(true);
            this.flowKey = false;
        }
        n += yield* this.pushIndicators();
        switch (line[n]) {
            case undefined:
                return 'flow';
            case '#':
                yield* this.pushCount(line.length - n);
                return 'flow';
            case '{':
            case '[':
                yield* this.pushCount(1);
                this.flowKey = false;
                this.flowLevel += 1;
                return 'flow';
            case '}':
            case ']':
                yield* this.pushCount(1);
                this.flowKey = true;
                this.flowLevel -= 1;
                return this.flowLevel ? 'flow' : 'doc';
            case '*':
                yield* this.pushUntil(isNotAnchorChar);
                return 'flow';
            case '"':
            case "'":
                this.flowKey = true;
                return yield* this.parseQuotedScalar();
            case ':': {
                const next = this.charAt(1);
                if (this.flowKey || isEmpty(next) || next === ',') {
                    this.flowKey = false;
                    yield* this.pushCount(1);
                    yield* this.pushSpaces(true);
                    return 'flow';
                }
            }
            // fallthrough
            default:
                this.flowKey = false;
                return yield* this.parsePlainScalar();
        }
    }
    *parseQuotedScalar() {
        const quote = this.charAt(0);
        let end = this.buffer.indexOf(quote, this.pos + 1);
        if (quote === "'") {
            while (end !== -1 && this.buffer[end + 1] === "'")
                end = this.buffer.indexOf("'", end + 2);
        }
        else {
            // double-quote
            while (end !== -1) {
                let n = 0;
                while (this.buffer[end - 1 - n] === '\\')
                    n += 1;
                if (n % 2 === 0)
                    break;
                end = this.buffer.indexOf('"', end + 1);
            }
        }
        // Only looking for newlines within the quotes
        const qb = this.buffer.substring(0, end);
        let nl = qb.indexOf('\n', this.pos);
        if (nl !== -1) {
            while (nl !== -1) {
                const cs = this.continueScalar(nl + 1);
                if (cs === -1)
                    break;
                nl = qb.indexOf('\n', cs);
            }
            if (nl !== -1) {
                // this is an error caused by an unexpected unindent
                end = nl - (qb[nl - 1] === '\r' ? 2 : 1);
            }
        }
        if (end === -1) {
            if (!this.atEnd)
                return this.setNext('quoted-scalar');
            end = this.buffer.length;
        }
        yield* this.pushToIndex(end + 1, false);
        return this.flowLevel ? 'flow' : 'doc';
    }
    *parseBlockScalarHeader() {
        this.blockScalarIndent = -1;
        this.blockScalarKeep = false;
        let i = this.pos;
        while (true) {
            const ch = this.buffer[++i];
            if (ch === '+')
                this.blockScalarKeep = true;
            else if (ch > '0' && ch <= '9')
                this.blockScalarIndent = Number(ch) - 1;
            else if (ch !== '-')
                break;
        }
        return yield* this.pushUntil(ch => isEmpty(ch) || ch === '#');
    }
    *parseBlockScalar() {
        let nl = this.pos - 1; // may be -1 if this.pos === 0
        let indent = 0;
        let ch;
        loop: for (let i = this.pos; (ch = this.buffer[i]); ++i) {
            switch (ch) {
                case ' ':
                    indent += 1;
                    break;
                case '\n':
                    nl = i;
                    indent = 0;
                    break;
                case '\r': {
                    const next = this.buffer[i + 1];
                    if (!next && !this.atEnd)
                        return this.setNext('block-scalar');
                    if (next === '\n')
                        break;
                } // fallthrough
                default:
                    break loop;
            }
        }
        if (!ch && !this.atEnd)
            return this.setNext('block-scalar');
        if (indent >= this.indentNext) {
            if (this.blockScalarIndent === -1)
                this.indentNext = indent;
            else {
                this.indentNext =
                    this.blockScalarIndent + (this.indentNext === 0 ? 1 : this.indentNext);
            }
            do {
                const cs = this.continueScalar(nl + 1);
                if (cs === -1)
                    break;
                nl = this.buffer.indexOf('\n', cs);
            } while (nl !== -1);
            if (nl === -1) {
                if (!this.atEnd)
                    return this.setNext('block-scalar');
                nl = this.buffer.length;
            }
        }
        // Trailing insufficiently indented tabs are invalid.
        // To catch that during parsing, we include them in the block scalar value.
        let i = nl + 1;
        ch = this.buffer[i];
        while (ch === ' ')
            ch = this.buffer[++i];
        if (ch === '\t') {
            while (ch === '\t' || ch === ' ' || ch === '\r' || ch === '\n')
                ch = this.buffer[++i];
            nl = i - 1;
        }
        else if (!this.blockScalarKeep) {
            do {
                let i = nl - 1;
                let ch = this.buffer[i];
                if (ch === '\r')
                    ch = this.buffer[--i];
                const lastChar = i; // Drop the line if last char not more indented
                while (ch === ' ')
                    ch = this.buffer[--i];
                if (ch === '\n' && i >= this.pos && i + 1 + indent > lastChar)
                    nl = i;
                else
                    break;
            } while (true);
        }
        yield cst.SCALAR;
        yield* this.pushToIndex(nl + 1, true);
        return yield* this.parseLineStart();
    }
    *parsePlainScalar() {
        const inFlow = this.flowLevel > 0;
        let end = this.pos - 1;
        let i = this.pos - 1;
        let ch;
        while ((ch = this.buffer[++i])) {
            if (ch === ':') {
                const next = this.buffer[i + 1];
                if (isEmpty(next) || (inFlow && flowIndicatorChars.has(next)))
                    break;
                end = i;
            }
            else if (isEmpty(ch)) {
                let next = this.buffer[i + 1];
                if (ch === '\r') {
                    if (next === '\n') {
                        i += 1;
                        ch = '\n';
                        next = this.buffer[i + 1];
                    }
                    else
                        end = i;
                }
                if (next === '#' || (inFlow && flowIndicatorChars.has(next)))
                    break;
                if (ch === '\n') {
                    const cs = this.continueScalar(i + 1);
                    if (cs === -1)
                        break;
                    i = Math.max(i, cs - 2); // to advance, but still account for ' #'
                }
            }
            else {
                if (inFlow && flowIndicatorChars.has(ch))
                    break;
                end = i;
            }
        }
        if (!ch && !this.atEnd)
            return this.setNext('plain-scalar');
        yield cst.SCALAR;
        yield* this.pushToIndex(end + 1, true);
        return inFlow ? 'flow' : 'doc';
    }
    *pushCount(n) {
        if (n > 0) {
            yield this.buffer.substr(this.pos, n);
            this.pos += n;
            return n;
        }
        return 0;
    }
    *pushToIndex(i, allowEmpty) {
        const s = this.buffer.slice(this.pos, i);
        if (s) {
            yield s;
            this.pos += s.length;
            return s.length;
        }
        else if (allowEmpty)
            yield '';
        return 0;
    }
    *pushIndicators() {
        let n = 0;
        loop: while (true) {
            switch (this.charAt(0)) {
                case '!':
                    n += yield* this.pushTag();
                    n += yield* this.pushSpaces(true);
                    continue loop;
                case '&':
                    n += yield* this.pushUntil(isNotAnchorChar);
                    n += yield* this.pushSpaces(true);
                    continue loop;
                case '-': // this is an error
                case '?': // this is an error outside flow collections
                case ':': {
                    const inFlow = this.flowLevel > 0;
                    const ch1 = this.charAt(1);
                    if (isEmpty(ch1) || (inFlow && flowIndicatorChars.has(ch1))) {
                        if (!inFlow)
                            this.indentNext = this.indentValue + 1;
                        else if (this.flowKey)
                            this.flowKey = false;
                        n += yield* this.pushCount(1);
                        n += yield* this.pushSpaces(true);
                        continue loop;
                    }
                }
            }
            break loop;
        }
        return n;
    }
    *pushTag() {
        if (this.charAt(1) === '<') {
            let i = this.pos + 2;
            let ch = this.buffer[i];
            while (!isEmpty(ch) && ch !== '>')
                ch = this.buffer[++i];
            return yield* this.pushToIndex(ch === '>' ? i + 1 : i, false);
        }
        else {
            let i = this.pos + 1;
            let ch = this.buffer[i];
            while (ch) {
                if (tagChars.has(ch))
                    ch = this.buffer[++i];
                else if (ch === '%' &&
                    hexDigits.has(this.buffer[i + 1]) &&
                    hexDigits.has(this.buffer[i + 2])) {
                    ch = this.buffer[(i += 3)];
                }
                else
                    break;
            }
            return yield* this.pushToIndex(i, false);
        }
    }
    *pushNewline() {
        const ch = this.buffer[this.pos];
        if (ch === '\n')
            return yield* this.pushCount(1);
        else if (ch === '\r' && this.charAt(1) === '\n')
            return yield* this.pushCount(2);
        else
            return 0;
    }
    *pushSpaces(allowTabs) {
        let i = this.pos - 1;
        let ch;
        do {
            ch = this.buffer[++i];
        } while (ch === ' ' || (allowTabs && ch === '\t'));
        const n = i - this.pos;
        if (n > 0) {
            yield this.buffer.substr(this.pos, n);
            this.pos = i;
        }
        return n;
    }
    *pushUntil(test) {
        let i = this.pos;
        let ch = this.buffer[i];
        while (!test(ch))
            ch = this.buffer[++i];
        return yield* this.pushToIndex(i, false);
    }
}

exports.Lexer = Lexer;


/***/ }),

/***/ 6628:
/***/ ((__unused_webpack_module, exports) => {



/**
 * Tracks newlines during parsing in order to provide an efficient API for
 * determining the one-indexed `{ line, col }` position for any offset
 * within the input.
 */
class LineCounter {
    constructor() {
        this.lineStarts = [];
        /**
         * Should be called in ascending order. Otherwise, call
         * `lineCounter.lineStarts.sort()` before calling `linePos()`.
         */
        this.addNewLine = (offset) => this.lineStarts.push(offset);
        /**
         * Performs a binary search and returns the 1-indexed { line, col }
         * position of `offset`. If `line === 0`, `addNewLine` has never been
         * called or `offset` is before the first known newline.
         */
        this.linePos = (offset) => {
            let low = 0;
            let high = this.lineStarts.length;
            while (low < high) {
                const mid = (low + high) >> 1; // Math.floor((low + high) / 2)
                if (this.lineStarts[mid] < offset)
                    low = mid + 1;
                else
                    high = mid;
            }
            if (this.lineStarts[low] === offset)
                return { line: low + 1, col: 1 };
            if (low === 0)
                return { line: 0, col: offset };
            const start = this.lineStarts[low - 1];
            return { line: low, col: offset - start + 1 };
        };
    }
}

exports.LineCounter = LineCounter;


/***/ }),

/***/ 3456:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var node_process = __nccwpck_require__(932);
var cst = __nccwpck_require__(3461);
var lexer = __nccwpck_require__(361);

function includesToken(list, type) {
    for (let i = 0; i < list.length; ++i)
        if (list[i].type === type)
            return true;
    return false;
}
function findNonEmptyIndex(list) {
    for (let i = 0; i < list.length; ++i) {
        switch (list[i].type) {
            case 'space':
            case 'comment':
            case 'newline':
                break;
            default:
                return i;
        }
    }
    return -1;
}
function isFlowToken(token) {
    switch (token?.type) {
        case 'alias':
        case 'scalar':
        case 'single-quoted-scalar':
        case 'double-quoted-scalar':
        case 'flow-collection':
            return true;
        default:
            return false;
    }
}
function getPrevProps(parent) {
    switch (parent.type) {
        case 'document':
            return parent.start;
        case 'block-map': {
            const it = parent.items[parent.items.length - 1];
            return it.sep ?? it.start;
        }
        case 'block-seq':
            return parent.items[parent.items.length - 1].start;
        /* istanbul ignore next should not happen */
        default:
            return [];
    }
}
/** Note: May modify input array */
function getFirstKeyStartProps(prev) {
    if (prev.length === 0)
        return [];
    let i = prev.length;
    loop: while (--i >= 0) {
        switch (prev[i].type) {
            case 'doc-start':
            case 'explicit-key-ind':
            case 'map-value-ind':
            case 'seq-item-ind':
            case 'newline':
                break loop;
        }
    }
    while (prev[++i]?.type === 'space') {
        /* loop */
    }
    return prev.splice(i, prev.length);
}
function arrayPushArray(target, source) {
    // May exhaust call stack with large `source` array
    if (source.length < 1e5)
        Array.prototype.push.apply(target, source);
    else
        for (let i = 0; i < source.length; ++i)
            target.push(source[i]);
}
function fixFlowSeqItems(fc) {
    if (fc.start.type === 'flow-seq-start') {
        for (const it of fc.items) {
            if (it.sep &&
                !it.value &&
                !includesToken(it.start, 'explicit-key-ind') &&
                !includesToken(it.sep, 'map-value-ind')) {
                if (it.key)
                    it.value = it.key;
                delete it.key;
                if (isFlowToken(it.value)) {
                    if (it.value.end)
                        arrayPushArray(it.value.end, it.sep);
                    else
                        it.value.end = it.sep;
                }
                else
                    arrayPushArray(it.start, it.sep);
                delete it.sep;
            }
        }
    }
}
/**
 * A YAML concrete syntax tree (CST) parser
 *
 * ```ts
 * const src: string = ...
 * for (const token of new Parser().parse(src)) {
 *   // token: Token
 * }
 * ```
 *
 * To use the parser with a user-provided lexer:
 *
 * ```ts
 * function* parse(source: string, lexer: Lexer) {
 *   const parser = new Parser()
 *   for (const lexeme of lexer.lex(source))
 *     yield* parser.next(lexeme)
 *   yield* parser.end()
 * }
 *
 * const src: string = ...
 * const lexer = new Lexer()
 * for (const token of parse(src, lexer)) {
 *   // token: Token
 * }
 * ```
 */
class Parser {
    /**
     * @param onNewLine - If defined, called separately with the start position of
     *   each new line (in `parse()`, including the start of input).
     */
    constructor(onNewLine) {
        /** If true, space and sequence indicators count as indentation */
        this.atNewLine = true;
        /** If true, next token is a scalar value */
        this.atScalar = false;
        /** Current indentation level */
        this.indent = 0;
        /** Current offset since the start of parsing */
        this.offset = 0;
        /** On the same line with a block map key */
        this.onKeyLine = false;
        /** Top indicates the node that's currently being built */
        this.stack = [];
        /** The source of the current token, set in parse() */
        this.source = '';
        /** The type of the current token, set in parse() */
        this.type = '';
        // Must be defined after `next()`
        this.lexer = new lexer.Lexer();
        this.onNewLine = onNewLine;
    }
    /**
     * Parse `source` as a YAML stream.
     * If `incomplete`, a part of the last line may be left as a buffer for the next call.
     *
     * Errors are not thrown, but yielded as `{ type: 'error', message }` tokens.
     *
     * @returns A generator of tokens representing each directive, document, and other structure.
     */
    *parse(source, incomplete = false) {
        if (this.onNewLine && this.offset === 0)
            this.onNewLine(0);
        for (const lexeme of this.lexer.lex(source, incomplete))
            yield* this.next(lexeme);
        if (!incomplete)
            yield* this.end();
    }
    /**
     * Advance the parser by the `source` of one lexical token.
     */
    *next(source) {
        this.source = source;
        if (node_process.env.LOG_TOKENS)
            console.log('|', cst.prettyToken(source));
        if (this.atScalar) {
            this.atScalar = false;
            yield* this.step();
            this.offset += source.length;
            return;
        }
        const type = cst.tokenType(source);
        if (!type) {
            const message = `Not a YAML token: ${source}`;
            yield* this.pop({ type: 'error', offset: this.offset, message, source });
            this.offset += source.length;
        }
        else if (type === 'scalar') {
            this.atNewLine = false;
            this.atScalar = true;
            this.type = 'scalar';
        }
        else {
            this.type = type;
            yield* this.step();
            switch (type) {
                case 'newline':
                    this.atNewLine = true;
                    this.indent = 0;
                    if (this.onNewLine)
                        this.onNewLine(this.offset + source.length);
                    break;
                case 'space':
                    if (this.atNewLine && source[0] === ' ')
                        this.indent += source.length;
                    break;
                case 'explicit-key-ind':
                case 'map-value-ind':
                case 'seq-item-ind':
                    if (this.atNewLine)
                        this.indent += source.length;
                    break;
                case 'doc-mode':
                case 'flow-error-end':
                    return;
                default:
                    this.atNewLine = false;
            }
            this.offset += source.length;
        }
    }
    /** Call at end of input to push out any remaining constructions */
    *end() {
        while (this.stack.length > 0)
            yield* this.pop();
    }
    get sourceToken() {
        const st = {
            type: this.type,
            offset: this.offset,
            indent: this.indent,
            source: this.source
        };
        return st;
    }
    *step() {
        const top = this.peek(1);
        if (this.type === 'doc-end' && top?.type !== 'doc-end') {
            while (this.stack.length > 0)
                yield* this.pop();
            this.stack.push({
                type: 'doc-end',
                offset: this.offset,
                source: this.source
            });
            return;
        }
        if (!top)
            return yield* this.stream();
        switch (top.type) {
            case 'document':
                return yield* this.document(top);
            case 'alias':
            case 'scalar':
            case 'single-quoted-scalar':
            case 'double-quoted-scalar':
                return yield* this.scalar(top);
            case 'block-scalar':
                return yield* this.blockScalar(top);
            case 'block-map':
                return yield* this.blockMap(top);
            case 'block-seq':
                return yield* this.blockSequence(top);
            case 'flow-collection':
                return yield* this.flowCollection(top);
            case 'doc-end':
                return yield* this.documentEnd(top);
        }
        /* istanbul ignore next should not happen */
        yield* this.pop();
    }
    peek(n) {
        return this.stack[this.stack.length - n];
    }
    *pop(error) {
        const token = error ?? this.stack.pop();
        /* istanbul ignore if should not happen */
        if (!token) {
            const message = 'Tried to pop an empty stack';
            yield { type: 'error', offset: this.offset, source: '', message };
        }
        else if (this.stack.length === 0) {
            yield token;
        }
        else {
            const top = this.peek(1);
            if (token.type === 'block-scalar') {
                // Block scalars use their parent rather than header indent
                token.indent = 'indent' in top ? top.indent : 0;
            }
            else if (token.type === 'flow-collection' && top.type === 'document') {
                // Ignore all indent for top-level flow collections
                token.indent = 0;
            }
            if (token.type === 'flow-collection')
                fixFlowSeqItems(token);
            switch (top.type) {
                case 'document':
                    top.value = token;
                    break;
                case 'block-scalar':
                    top.props.push(token); // error
                    break;
                case 'block-map': {
                    const it = top.items[top.items.length - 1];
                    if (it.value) {
                        top.items.push({ start: [], key: token, sep: [] });
                        this.onKeyLine = true;
                        return;
                    }
                    else if (it.sep) {
                        it.value = token;
                    }
                    else {
                        Object.assign(it, { key: token, sep: [] });
                        this.onKeyLine = !it.explicitKey;
                        return;
                    }
                    break;
                }
                case 'block-seq': {
                    const it = top.items[top.items.length - 1];
                    if (it.value)
                        top.items.push({ start: [], value: token });
                    else
                        it.value = token;
                    break;
                }
                case 'flow-collection': {
                    const it = top.items[top.items.length - 1];
                    if (!it || it.value)
                        top.items.push({ start: [], key: token, sep: [] });
                    else if (it.sep)
                        it.value = token;
                    else
                        Object.assign(it, { key: token, sep: [] });
                    return;
                }
                /* istanbul ignore next should not happen */
                default:
                    yield* this.pop();
                    yield* this.pop(token);
            }
            if ((top.type === 'document' ||
                top.type === 'block-map' ||
                top.type === 'block-seq') &&
                (token.type === 'block-map' || token.type === 'block-seq')) {
                const last = token.items[token.items.length - 1];
                if (last &&
                    !last.sep &&
                    !last.value &&
                    last.start.length > 0 &&
                    findNonEmptyIndex(last.start) === -1 &&
                    (token.indent === 0 ||
                        last.start.every(st => st.type !== 'comment' || st.indent < token.indent))) {
                    if (top.type === 'document')
                        top.end = last.start;
                    else
                        top.items.push({ start: last.start });
                    token.items.splice(-1, 1);
                }
            }
        }
    }
    *stream() {
        switch (this.type) {
            case 'directive-line':
                yield { type: 'directive', offset: this.offset, source: this.source };
                return;
            case 'byte-order-mark':
            case 'space':
            case 'comment':
            case 'newline':
                yield this.sourceToken;
                return;
            case 'doc-mode':
            case 'doc-start': {
                const doc = {
                    type: 'document',
                    offset: this.offset,
                    start: []
                };
                if (this.type === 'doc-start')
                    doc.start.push(this.sourceToken);
                this.stack.push(doc);
                return;
            }
        }
        yield {
            type: 'error',
            offset: this.offset,
            message: `Unexpected ${this.type} token in YAML stream`,
            source: this.source
        };
    }
    *document(doc) {
        if (doc.value)
            return yield* this.lineEnd(doc);
        switch (this.type) {
            case 'doc-start': {
                if (findNonEmptyIndex(doc.start) !== -1) {
                    yield* this.pop();
                    yield* this.step();
                }
                else
                    doc.start.push(this.sourceToken);
                return;
            }
            case 'anchor':
            case 'tag':
            case 'space':
            case 'comment':
            case 'newline':
                doc.start.push(this.sourceToken);
                return;
        }
        const bv = this.startBlockValue(doc);
        if (bv)
            this.stack.push(bv);
        else {
            yield {
                type: 'error',
                offset: this.offset,
                message: `Unexpected ${this.type} token in YAML document`,
                source: this.source
            };
        }
    }
    *scalar(scalar) {
        if (this.type === 'map-value-ind') {
            const prev = getPrevProps(this.peek(2));
            const start = getFirstKeyStartProps(prev);
            let sep;
            if (scalar.end) {
                sep = scalar.end;
                sep.push(this.sourceToken);
                delete scalar.end;
            }
            else
                sep = [this.sourceToken];
            const map = {
                type: 'block-map',
                offset: scalar.offset,
                indent: scalar.indent,
                items: [{ start, key: scalar, sep }]
            };
            this.onKeyLine = true;
            this.stack[this.stack.length - 1] = map;
        }
        else
            yield* this.lineEnd(scalar);
    }
    *blockScalar(scalar) {
        switch (this.type) {
            case 'space':
            case 'comment':
            case 'newline':
                scalar.props.push(this.sourceToken);
                return;
            case 'scalar':
                scalar.source = this.source;
                // block-scalar source includes trailing newline
                this.atNewLine = true;
                this.indent = 0;
                if (this.onNewLine) {
                    let nl = this.source.indexOf('\n') + 1;
                    while (nl !== 0) {
                        this.onNewLine(this.offset + nl);
                        nl = this.source.indexOf('\n', nl) + 1;
                    }
                }
                yield* this.pop();
                break;
            /* istanbul ignore next should not happen */
            default:
                yield* this.pop();
                yield* this.step();
        }
    }
    *blockMap(map) {
        const it = map.items[map.items.length - 1];
        // it.sep is true-ish if pair already has key or : separator
        switch (this.type) {
            case 'newline':
                this.onKeyLine = false;
                if (it.value) {
                    const end = 'end' in it.value ? it.value.end : undefined;
                    const last = Array.isArray(end) ? end[end.length - 1] : undefined;
                    if (last?.type === 'comment')
                        end?.push(this.sourceToken);
                    else
                        map.items.push({ start: [this.sourceToken] });
                }
                else if (it.sep) {
                    it.sep.push(this.sourceToken);
                }
                else {
                    it.start.push(this.sourceToken);
                }
                return;
            case 'space':
            case 'comment':
                if (it.value) {
                    map.items.push({ start: [this.sourceToken] });
                }
                else if (it.sep) {
                    it.sep.push(this.sourceToken);
                }
                else {
                    if (this.atIndentedComment(it.start, map.indent)) {
                        const prev = map.items[map.items.length - 2];
                        const end = prev?.value?.end;
                        if (Array.isArray(end)) {
                            arrayPushArray(end, it.start);
                            end.push(this.sourceToken);
                            map.items.pop();
                            return;
                        }
                    }
                    it.start.push(this.sourceToken);
                }
                return;
        }
        if (this.indent >= map.indent) {
            const atMapIndent = !this.onKeyLine && this.indent === map.indent;
            const atNextItem = atMapIndent &&
                (it.sep || it.explicitKey) &&
                this.type !== 'seq-item-ind';
            // For empty nodes, assign newline-separated not indented empty tokens to following node
            let start = [];
            if (atNextItem && it.sep && !it.value) {
                const nl = [];
                for (let i = 0; i < it.sep.length; ++i) {
                    const st = it.sep[i];
                    switch (st.type) {
                        case 'newline':
                            nl.push(i);
                            break;
                        case 'space':
                            break;
                        case 'comment':
                            if (st.indent > map.indent)
                                nl.length = 0;
                            break;
                        default:
                            nl.length = 0;
                    }
                }
                if (nl.length >= 2)
                    start = it.sep.splice(nl[1]);
            }
            switch (this.type) {
                case 'anchor':
                case 'tag':
                    if (atNextItem || it.value) {
                        start.push(this.sourceToken);
                        map.items.push({ start });
                        this.onKeyLine = true;
                    }
                    else if (it.sep) {
                        it.sep.push(this.sourceToken);
                    }
                    else {
                        it.start.push(this.sourceToken);
                    }
                    return;
                case 'explicit-key-ind':
                    if (!it.sep && !it.explicitKey) {
                        it.start.push(this.sourceToken);
                        it.explicitKey = true;
                    }
                    else if (atNextItem || it.value) {
                        start.push(this.sourceToken);
                        map.items.push({ start, explicitKey: true });
                    }
                    else {
                        this.stack.push({
                            type: 'block-map',
                            offset: this.offset,
                            indent: this.indent,
                            items: [{ start: [this.sourceToken], explicitKey: true }]
                        });
                    }
                    this.onKeyLine = true;
                    return;
                case 'map-value-ind':
                    if (it.explicitKey) {
                        if (!it.sep) {
                            if (includesToken(it.start, 'newline')) {
                                Object.assign(it, { key: null, sep: [this.sourceToken] });
                            }
                            else {
                                const start = getFirstKeyStartProps(it.start);
                                this.stack.push({
                                    type: 'block-map',
                                    offset: this.offset,
                                    indent: this.indent,
                                    items: [{ start, key: null, sep: [this.sourceToken] }]
                                });
                            }
                        }
                        else if (it.value) {
                            map.items.push({ start: [], key: null, sep: [this.sourceToken] });
                        }
                        else if (includesToken(it.sep, 'map-value-ind')) {
                            this.stack.push({
                                type: 'block-map',
                                offset: this.offset,
                                indent: this.indent,
                                items: [{ start, key: null, sep: [this.sourceToken] }]
                            });
                        }
                        else if (isFlowToken(it.key) &&
                            !includesToken(it.sep, 'newline')) {
                            const start = getFirstKeyStartProps(it.start);
                            const key = it.key;
                            const sep = it.sep;
                            sep.push(this.sourceToken);
                            // @ts-expect-error type guard is wrong here
                            delete it.key;
                            // @ts-expect-error type guard is wrong here
                            delete it.sep;
                            this.stack.push({
                                type: 'block-map',
                                offset: this.offset,
                                indent: this.indent,
                                items: [{ start, key, sep }]
                            });
                        }
                        else if (start.length > 0) {
                            // Not actually at next item
                            it.sep = it.sep.concat(start, this.sourceToken);
                        }
                        else {
                            it.sep.push(this.sourceToken);
                        }
                    }
                    else {
                        if (!it.sep) {
                            Object.assign(it, { key: null, sep: [this.sourceToken] });
                        }
                        else if (it.value || atNextItem) {
                            map.items.push({ start, key: null, sep: [this.sourceToken] });
                        }
                        else if (includesToken(it.sep, 'map-value-ind')) {
                            this.stack.push({
                                type: 'block-map',
                                offset: this.offset,
                                indent: this.indent,
                                items: [{ start: [], key: null, sep: [this.sourceToken] }]
                            });
                        }
                        else {
                            it.sep.push(this.sourceToken);
                        }
                    }
                    this.onKeyLine = true;
                    return;
                case 'alias':
                case 'scalar':
                case 'single-quoted-scalar':
                case 'double-quoted-scalar': {
                    const fs = this.flowScalar(this.type);
                    if (atNextItem || it.value) {
                        map.items.push({ start, key: fs, sep: [] });
                        this.onKeyLine = true;
                    }
                    else if (it.sep) {
                        this.stack.push(fs);
                    }
                    else {
                        Object.assign(it, { key: fs, sep: [] });
                        this.onKeyLine = true;
                    }
                    return;
                }
                default: {
                    const bv = this.startBlockValue(map);
                    if (bv) {
                        if (bv.type === 'block-seq') {
                            if (!it.explicitKey &&
                                it.sep &&
                                !includesToken(it.sep, 'newline')) {
                                yield* this.pop({
                                    type: 'error',
                                    offset: this.offset,
                                    message: 'Unexpected block-seq-ind on same line with key',
                                    source: this.source
                                });
                                return;
                            }
                        }
                        else if (atMapIndent) {
                            map.items.push({ start });
                        }
                        this.stack.push(bv);
                        return;
                    }
                }
            }
        }
        yield* this.pop();
        yield* this.step();
    }
    *blockSequence(seq) {
        const it = seq.items[seq.items.length - 1];
        switch (this.type) {
            case 'newline':
                if (it.value) {
                    const end = 'end' in it.value ? it.value.end : undefined;
                    const last = Array.isArray(end) ? end[end.length - 1] : undefined;
                    if (last?.type === 'comment')
                        end?.push(this.sourceToken);
                    else
                        seq.items.push({ start: [this.sourceToken] });
                }
                else
                    it.start.push(this.sourceToken);
                return;
            case 'space':
            case 'comment':
                if (it.value)
                    seq.items.push({ start: [this.sourceToken] });
                else {
                    if (this.atIndentedComment(it.start, seq.indent)) {
                        const prev = seq.items[seq.items.length - 2];
                        const end = prev?.value?.end;
                        if (Array.isArray(end)) {
                            arrayPushArray(end, it.start);
                            end.push(this.sourceToken);
                            seq.items.pop();
                            return;
                        }
                    }
                    it.start.push(this.sourceToken);
                }
                return;
            case 'anchor':
            case 'tag':
                if (it.value || this.indent <= seq.indent)
                    break;
                it.start.push(this.sourceToken);
                return;
            case 'seq-item-ind':
                if (this.indent !== seq.indent)
                    break;
                if (it.value || includesToken(it.start, 'seq-item-ind'))
                    seq.items.push({ start: [this.sourceToken] });
                else
                    it.start.push(this.sourceToken);
                return;
        }
        if (this.indent > seq.indent) {
            const bv = this.startBlockValue(seq);
            if (bv) {
                this.stack.push(bv);
                return;
            }
        }
        yield* this.pop();
        yield* this.step();
    }
    *flowCollection(fc) {
        const it = fc.items[fc.items.length - 1];
        if (this.type === 'flow-error-end') {
            let top;
            do {
                yield* this.pop();
                top = this.peek(1);
            } while (top?.type === 'flow-collection');
        }
        else if (fc.end.length === 0) {
            switch (this.type) {
                case 'comma':
                case 'explicit-key-ind':
                    if (!it || it.sep)
                        fc.items.push({ start: [this.sourceToken] });
                    else
                        it.start.push(this.sourceToken);
                    return;
                case 'map-value-ind':
                    if (!it || it.value)
                        fc.items.push({ start: [], key: null, sep: [this.sourceToken] });
                    else if (it.sep)
                        it.sep.push(this.sourceToken);
                    else
                        Object.assign(it, { key: null, sep: [this.sourceToken] });
                    return;
                case 'space':
                case 'comment':
                case 'newline':
                case 'anchor':
                case 'tag':
                    if (!it || it.value)
                        fc.items.push({ start: [this.sourceToken] });
                    else if (it.sep)
                        it.sep.push(this.sourceToken);
                    else
                        it.start.push(this.sourceToken);
                    return;
                case 'alias':
                case 'scalar':
                case 'single-quoted-scalar':
                case 'double-quoted-scalar': {
                    const fs = this.flowScalar(this.type);
                    if (!it || it.value)
                        fc.items.push({ start: [], key: fs, sep: [] });
                    else if (it.sep)
                        this.stack.push(fs);
                    else
                        Object.assign(it, { key: fs, sep: [] });
                    return;
                }
                case 'flow-map-end':
                case 'flow-seq-end':
                    fc.end.push(this.sourceToken);
                    return;
            }
            const bv = this.startBlockValue(fc);
            /* istanbul ignore else should not happen */
            if (bv)
                this.stack.push(bv);
            else {
                yield* this.pop();
                yield* this.step();
            }
        }
        else {
            const parent = this.peek(2);
            if (parent.type === 'block-map' &&
                ((this.type === 'map-value-ind' && parent.indent === fc.indent) ||
                    (this.type === 'newline' &&
                        !parent.items[parent.items.length - 1].sep))) {
                yield* this.pop();
                yield* this.step();
            }
            else if (this.type === 'map-value-ind' &&
                parent.type !== 'flow-collection') {
                const prev = getPrevProps(parent);
                const start = getFirstKeyStartProps(prev);
                fixFlowSeqItems(fc);
                const sep = fc.end.splice(1, fc.end.length);
                sep.push(this.sourceToken);
                const map = {
                    type: 'block-map',
                    offset: fc.offset,
                    indent: fc.indent,
                    items: [{ start, key: fc, sep }]
                };
                this.onKeyLine = true;
                this.stack[this.stack.length - 1] = map;
            }
            else {
                yield* this.lineEnd(fc);
            }
        }
    }
    flowScalar(type) {
        if (this.onNewLine) {
            let nl = this.source.indexOf('\n') + 1;
            while (nl !== 0) {
                this.onNewLine(this.offset + nl);
                nl = this.source.indexOf('\n', nl) + 1;
            }
        }
        return {
            type,
            offset: this.offset,
            indent: this.indent,
            source: this.source
        };
    }
    startBlockValue(parent) {
        switch (this.type) {
            case 'alias':
            case 'scalar':
            case 'single-quoted-scalar':
            case 'double-quoted-scalar':
                return this.flowScalar(this.type);
            case 'block-scalar-header':
                return {
                    type: 'block-scalar',
                    offset: this.offset,
                    indent: this.indent,
                    props: [this.sourceToken],
                    source: ''
                };
            case 'flow-map-start':
            case 'flow-seq-start':
                return {
                    type: 'flow-collection',
                    offset: this.offset,
                    indent: this.indent,
                    start: this.sourceToken,
                    items: [],
                    end: []
                };
            case 'seq-item-ind':
                return {
                    type: 'block-seq',
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start: [this.sourceToken] }]
                };
            case 'explicit-key-ind': {
                this.onKeyLine = true;
                const prev = getPrevProps(parent);
                const start = getFirstKeyStartProps(prev);
                start.push(this.sourceToken);
                return {
                    type: 'block-map',
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start, explicitKey: true }]
                };
            }
            case 'map-value-ind': {
                this.onKeyLine = true;
                const prev = getPrevProps(parent);
                const start = getFirstKeyStartProps(prev);
                return {
                    type: 'block-map',
                    offset: this.offset,
                    indent: this.indent,
                    items: [{ start, key: null, sep: [this.sourceToken] }]
                };
            }
        }
        return null;
    }
    atIndentedComment(start, indent) {
        if (this.type !== 'comment')
            return false;
        if (this.indent <= indent)
            return false;
        return start.every(st => st.type === 'newline' || st.type === 'space');
    }
    *documentEnd(docEnd) {
        if (this.type !== 'doc-mode') {
            if (docEnd.end)
                docEnd.end.push(this.sourceToken);
            else
                docEnd.end = [this.sourceToken];
            if (this.type === 'newline')
                yield* this.pop();
        }
    }
    *lineEnd(token) {
        switch (this.type) {
            case 'comma':
            case 'doc-start':
            case 'doc-end':
            case 'flow-seq-end':
            case 'flow-map-end':
            case 'map-value-ind':
                yield* this.pop();
                yield* this.step();
                break;
            case 'newline':
                this.onKeyLine = false;
            // fallthrough
            case 'space':
            case 'comment':
            default:
                // all other values are errors
                if (token.end)
                    token.end.push(this.sourceToken);
                else
                    token.end = [this.sourceToken];
                if (this.type === 'newline')
                    yield* this.pop();
        }
    }
}

exports.Parser = Parser;


/***/ }),

/***/ 4047:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var composer = __nccwpck_require__(9984);
var Document = __nccwpck_require__(3021);
var errors = __nccwpck_require__(1464);
var log = __nccwpck_require__(7249);
var identity = __nccwpck_require__(1127);
var lineCounter = __nccwpck_require__(6628);
var parser = __nccwpck_require__(3456);

function parseOptions(options) {
    const prettyErrors = options.prettyErrors !== false;
    const lineCounter$1 = options.lineCounter || (prettyErrors && new lineCounter.LineCounter()) || null;
    return { lineCounter: lineCounter$1, prettyErrors };
}
/**
 * Parse the input as a stream of YAML documents.
 *
 * Documents should be separated from each other by `...` or `---` marker lines.
 *
 * @returns If an empty `docs` array is returned, it will be of type
 *   EmptyStream and contain additional stream information. In
 *   TypeScript, you should use `'empty' in docs` as a type guard for it.
 */
function parseAllDocuments(source, options = {}) {
    const { lineCounter, prettyErrors } = parseOptions(options);
    const parser$1 = new parser.Parser(lineCounter?.addNewLine);
    const composer$1 = new composer.Composer(options);
    const docs = Array.from(composer$1.compose(parser$1.parse(source)));
    if (prettyErrors && lineCounter)
        for (const doc of docs) {
            doc.errors.forEach(errors.prettifyError(source, lineCounter));
            doc.warnings.forEach(errors.prettifyError(source, lineCounter));
        }
    if (docs.length > 0)
        return docs;
    return Object.assign([], { empty: true }, composer$1.streamInfo());
}
/** Parse an input string into a single YAML.Document */
function parseDocument(source, options = {}) {
    const { lineCounter, prettyErrors } = parseOptions(options);
    const parser$1 = new parser.Parser(lineCounter?.addNewLine);
    const composer$1 = new composer.Composer(options);
    // `doc` is always set by compose.end(true) at the very latest
    let doc = null;
    for (const _doc of composer$1.compose(parser$1.parse(source), true, source.length)) {
        if (!doc)
            doc = _doc;
        else if (doc.options.logLevel !== 'silent') {
            doc.errors.push(new errors.YAMLParseError(_doc.range.slice(0, 2), 'MULTIPLE_DOCS', 'Source contains multiple documents; please use YAML.parseAllDocuments()'));
            break;
        }
    }
    if (prettyErrors && lineCounter) {
        doc.errors.forEach(errors.prettifyError(source, lineCounter));
        doc.warnings.forEach(errors.prettifyError(source, lineCounter));
    }
    return doc;
}
function parse(src, reviver, options) {
    let _reviver = undefined;
    if (typeof reviver === 'function') {
        _reviver = reviver;
    }
    else if (options === undefined && reviver && typeof reviver === 'object') {
        options = reviver;
    }
    const doc = parseDocument(src, options);
    if (!doc)
        return null;
    doc.warnings.forEach(warning => log.warn(doc.options.logLevel, warning));
    if (doc.errors.length > 0) {
        if (doc.options.logLevel !== 'silent')
            throw doc.errors[0];
        else
            doc.errors = [];
    }
    return doc.toJS(Object.assign({ reviver: _reviver }, options));
}
function stringify(value, replacer, options) {
    let _replacer = null;
    if (typeof replacer === 'function' || Array.isArray(replacer)) {
        _replacer = replacer;
    }
    else if (options === undefined && replacer) {
        options = replacer;
    }
    if (typeof options === 'string')
        options = options.length;
    if (typeof options === 'number') {
        const indent = Math.round(options);
        options = indent < 1 ? undefined : indent > 8 ? { indent: 8 } : { indent };
    }
    if (value === undefined) {
        const { keepUndefined } = options ?? replacer ?? {};
        if (!keepUndefined)
            return undefined;
    }
    if (identity.isDocument(value) && !_replacer)
        return value.toString(options);
    return new Document.Document(value, _replacer, options).toString(options);
}

exports.parse = parse;
exports.parseAllDocuments = parseAllDocuments;
exports.parseDocument = parseDocument;
exports.stringify = stringify;


/***/ }),

/***/ 5840:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var map = __nccwpck_require__(7451);
var seq = __nccwpck_require__(1706);
var string = __nccwpck_require__(6464);
var tags = __nccwpck_require__(18);

const sortMapEntriesByKey = (a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
class Schema {
    constructor({ compat, customTags, merge, resolveKnownTags, schema, sortMapEntries, toStringDefaults }) {
        this.compat = Array.isArray(compat)
            ? tags.getTags(compat, 'compat')
            : compat
                ? tags.getTags(null, compat)
                : null;
        this.name = (typeof schema === 'string' && schema) || 'core';
        this.knownTags = resolveKnownTags ? tags.coreKnownTags : {};
        this.tags = tags.getTags(customTags, this.name, merge);
        this.toStringOptions = toStringDefaults ?? null;
        Object.defineProperty(this, identity.MAP, { value: map.map });
        Object.defineProperty(this, identity.SCALAR, { value: string.string });
        Object.defineProperty(this, identity.SEQ, { value: seq.seq });
        // Used by createMap()
        this.sortMapEntries =
            typeof sortMapEntries === 'function'
                ? sortMapEntries
                : sortMapEntries === true
                    ? sortMapEntriesByKey
                    : null;
    }
    clone() {
        const copy = Object.create(Schema.prototype, Object.getOwnPropertyDescriptors(this));
        copy.tags = this.tags.slice();
        return copy;
    }
}

exports.Schema = Schema;


/***/ }),

/***/ 7451:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var YAMLMap = __nccwpck_require__(4454);

const map = {
    collection: 'map',
    default: true,
    nodeClass: YAMLMap.YAMLMap,
    tag: 'tag:yaml.org,2002:map',
    resolve(map, onError) {
        if (!identity.isMap(map))
            onError('Expected a mapping for this tag');
        return map;
    },
    createNode: (schema, obj, ctx) => YAMLMap.YAMLMap.from(schema, obj, ctx)
};

exports.map = map;


/***/ }),

/***/ 3632:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Scalar = __nccwpck_require__(3301);

const nullTag = {
    identify: value => value == null,
    createNode: () => new Scalar.Scalar(null),
    default: true,
    tag: 'tag:yaml.org,2002:null',
    test: /^(?:~|[Nn]ull|NULL)?$/,
    resolve: () => new Scalar.Scalar(null),
    stringify: ({ source }, ctx) => typeof source === 'string' && nullTag.test.test(source)
        ? source
        : ctx.options.nullStr
};

exports.nullTag = nullTag;


/***/ }),

/***/ 1706:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var YAMLSeq = __nccwpck_require__(2223);

const seq = {
    collection: 'seq',
    default: true,
    nodeClass: YAMLSeq.YAMLSeq,
    tag: 'tag:yaml.org,2002:seq',
    resolve(seq, onError) {
        if (!identity.isSeq(seq))
            onError('Expected a sequence for this tag');
        return seq;
    },
    createNode: (schema, obj, ctx) => YAMLSeq.YAMLSeq.from(schema, obj, ctx)
};

exports.seq = seq;


/***/ }),

/***/ 6464:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var stringifyString = __nccwpck_require__(3069);

const string = {
    identify: value => typeof value === 'string',
    default: true,
    tag: 'tag:yaml.org,2002:str',
    resolve: str => str,
    stringify(item, ctx, onComment, onChompKeep) {
        ctx = Object.assign({ actualString: true }, ctx);
        return stringifyString.stringifyString(item, ctx, onComment, onChompKeep);
    }
};

exports.string = string;


/***/ }),

/***/ 3959:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Scalar = __nccwpck_require__(3301);

const boolTag = {
    identify: value => typeof value === 'boolean',
    default: true,
    tag: 'tag:yaml.org,2002:bool',
    test: /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/,
    resolve: str => new Scalar.Scalar(str[0] === 't' || str[0] === 'T'),
    stringify({ source, value }, ctx) {
        if (source && boolTag.test.test(source)) {
            const sv = source[0] === 't' || source[0] === 'T';
            if (value === sv)
                return source;
        }
        return value ? ctx.options.trueStr : ctx.options.falseStr;
    }
};

exports.boolTag = boolTag;


/***/ }),

/***/ 8405:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Scalar = __nccwpck_require__(3301);
var stringifyNumber = __nccwpck_require__(8689);

const floatNaN = {
    identify: value => typeof value === 'number',
    default: true,
    tag: 'tag:yaml.org,2002:float',
    test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
    resolve: str => str.slice(-3).toLowerCase() === 'nan'
        ? NaN
        : str[0] === '-'
            ? Number.NEGATIVE_INFINITY
            : Number.POSITIVE_INFINITY,
    stringify: stringifyNumber.stringifyNumber
};
const floatExp = {
    identify: value => typeof value === 'number',
    default: true,
    tag: 'tag:yaml.org,2002:float',
    format: 'EXP',
    test: /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/,
    resolve: str => parseFloat(str),
    stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
    }
};
const float = {
    identify: value => typeof value === 'number',
    default: true,
    tag: 'tag:yaml.org,2002:float',
    test: /^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)$/,
    resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str));
        const dot = str.indexOf('.');
        if (dot !== -1 && str[str.length - 1] === '0')
            node.minFractionDigits = str.length - dot - 1;
        return node;
    },
    stringify: stringifyNumber.stringifyNumber
};

exports.float = float;
exports.floatExp = floatExp;
exports.floatNaN = floatNaN;


/***/ }),

/***/ 9874:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var stringifyNumber = __nccwpck_require__(8689);

const intIdentify = (value) => typeof value === 'bigint' || Number.isInteger(value);
const intResolve = (str, offset, radix, { intAsBigInt }) => (intAsBigInt ? BigInt(str) : parseInt(str.substring(offset), radix));
function intStringify(node, radix, prefix) {
    const { value } = node;
    if (intIdentify(value) && value >= 0)
        return prefix + value.toString(radix);
    return stringifyNumber.stringifyNumber(node);
}
const intOct = {
    identify: value => intIdentify(value) && value >= 0,
    default: true,
    tag: 'tag:yaml.org,2002:int',
    format: 'OCT',
    test: /^0o[0-7]+$/,
    resolve: (str, _onError, opt) => intResolve(str, 2, 8, opt),
    stringify: node => intStringify(node, 8, '0o')
};
const int = {
    identify: intIdentify,
    default: true,
    tag: 'tag:yaml.org,2002:int',
    test: /^[-+]?[0-9]+$/,
    resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
    stringify: stringifyNumber.stringifyNumber
};
const intHex = {
    identify: value => intIdentify(value) && value >= 0,
    default: true,
    tag: 'tag:yaml.org,2002:int',
    format: 'HEX',
    test: /^0x[0-9a-fA-F]+$/,
    resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
    stringify: node => intStringify(node, 16, '0x')
};

exports.int = int;
exports.intHex = intHex;
exports.intOct = intOct;


/***/ }),

/***/ 896:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var map = __nccwpck_require__(7451);
var _null = __nccwpck_require__(3632);
var seq = __nccwpck_require__(1706);
var string = __nccwpck_require__(6464);
var bool = __nccwpck_require__(3959);
var float = __nccwpck_require__(8405);
var int = __nccwpck_require__(9874);

const schema = [
    map.map,
    seq.seq,
    string.string,
    _null.nullTag,
    bool.boolTag,
    int.intOct,
    int.int,
    int.intHex,
    float.floatNaN,
    float.floatExp,
    float.float
];

exports.schema = schema;


/***/ }),

/***/ 3559:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Scalar = __nccwpck_require__(3301);
var map = __nccwpck_require__(7451);
var seq = __nccwpck_require__(1706);

function intIdentify(value) {
    return typeof value === 'bigint' || Number.isInteger(value);
}
const stringifyJSON = ({ value }) => JSON.stringify(value);
const jsonScalars = [
    {
        identify: value => typeof value === 'string',
        default: true,
        tag: 'tag:yaml.org,2002:str',
        resolve: str => str,
        stringify: stringifyJSON
    },
    {
        identify: value => value == null,
        createNode: () => new Scalar.Scalar(null),
        default: true,
        tag: 'tag:yaml.org,2002:null',
        test: /^null$/,
        resolve: () => null,
        stringify: stringifyJSON
    },
    {
        identify: value => typeof value === 'boolean',
        default: true,
        tag: 'tag:yaml.org,2002:bool',
        test: /^true$|^false$/,
        resolve: str => str === 'true',
        stringify: stringifyJSON
    },
    {
        identify: intIdentify,
        default: true,
        tag: 'tag:yaml.org,2002:int',
        test: /^-?(?:0|[1-9][0-9]*)$/,
        resolve: (str, _onError, { intAsBigInt }) => intAsBigInt ? BigInt(str) : parseInt(str, 10),
        stringify: ({ value }) => intIdentify(value) ? value.toString() : JSON.stringify(value)
    },
    {
        identify: value => typeof value === 'number',
        default: true,
        tag: 'tag:yaml.org,2002:float',
        test: /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$/,
        resolve: str => parseFloat(str),
        stringify: stringifyJSON
    }
];
const jsonError = {
    default: true,
    tag: '',
    test: /^/,
    resolve(str, onError) {
        onError(`Unresolved plain scalar ${JSON.stringify(str)}`);
        return str;
    }
};
const schema = [map.map, seq.seq].concat(jsonScalars, jsonError);

exports.schema = schema;


/***/ }),

/***/ 18:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var map = __nccwpck_require__(7451);
var _null = __nccwpck_require__(3632);
var seq = __nccwpck_require__(1706);
var string = __nccwpck_require__(6464);
var bool = __nccwpck_require__(3959);
var float = __nccwpck_require__(8405);
var int = __nccwpck_require__(9874);
var schema = __nccwpck_require__(896);
var schema$1 = __nccwpck_require__(3559);
var binary = __nccwpck_require__(6083);
var merge = __nccwpck_require__(452);
var omap = __nccwpck_require__(303);
var pairs = __nccwpck_require__(8385);
var schema$2 = __nccwpck_require__(5913);
var set = __nccwpck_require__(1528);
var timestamp = __nccwpck_require__(6752);

const schemas = new Map([
    ['core', schema.schema],
    ['failsafe', [map.map, seq.seq, string.string]],
    ['json', schema$1.schema],
    ['yaml11', schema$2.schema],
    ['yaml-1.1', schema$2.schema]
]);
const tagsByName = {
    binary: binary.binary,
    bool: bool.boolTag,
    float: float.float,
    floatExp: float.floatExp,
    floatNaN: float.floatNaN,
    floatTime: timestamp.floatTime,
    int: int.int,
    intHex: int.intHex,
    intOct: int.intOct,
    intTime: timestamp.intTime,
    map: map.map,
    merge: merge.merge,
    null: _null.nullTag,
    omap: omap.omap,
    pairs: pairs.pairs,
    seq: seq.seq,
    set: set.set,
    timestamp: timestamp.timestamp
};
const coreKnownTags = {
    'tag:yaml.org,2002:binary': binary.binary,
    'tag:yaml.org,2002:merge': merge.merge,
    'tag:yaml.org,2002:omap': omap.omap,
    'tag:yaml.org,2002:pairs': pairs.pairs,
    'tag:yaml.org,2002:set': set.set,
    'tag:yaml.org,2002:timestamp': timestamp.timestamp
};
function getTags(customTags, schemaName, addMergeTag) {
    const schemaTags = schemas.get(schemaName);
    if (schemaTags && !customTags) {
        return addMergeTag && !schemaTags.includes(merge.merge)
            ? schemaTags.concat(merge.merge)
            : schemaTags.slice();
    }
    let tags = schemaTags;
    if (!tags) {
        if (Array.isArray(customTags))
            tags = [];
        else {
            const keys = Array.from(schemas.keys())
                .filter(key => key !== 'yaml11')
                .map(key => JSON.stringify(key))
                .join(', ');
            throw new Error(`Unknown schema "${schemaName}"; use one of ${keys} or define customTags array`);
        }
    }
    if (Array.isArray(customTags)) {
        for (const tag of customTags)
            tags = tags.concat(tag);
    }
    else if (typeof customTags === 'function') {
        tags = customTags(tags.slice());
    }
    if (addMergeTag)
        tags = tags.concat(merge.merge);
    return tags.reduce((tags, tag) => {
        const tagObj = typeof tag === 'string' ? tagsByName[tag] : tag;
        if (!tagObj) {
            const tagName = JSON.stringify(tag);
            const keys = Object.keys(tagsByName)
                .map(key => JSON.stringify(key))
                .join(', ');
            throw new Error(`Unknown custom tag ${tagName}; use one of ${keys}`);
        }
        if (!tags.includes(tagObj))
            tags.push(tagObj);
        return tags;
    }, []);
}

exports.coreKnownTags = coreKnownTags;
exports.getTags = getTags;


/***/ }),

/***/ 6083:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var node_buffer = __nccwpck_require__(181);
var Scalar = __nccwpck_require__(3301);
var stringifyString = __nccwpck_require__(3069);

const binary = {
    identify: value => value instanceof Uint8Array, // Buffer inherits from Uint8Array
    default: false,
    tag: 'tag:yaml.org,2002:binary',
    /**
     * Returns a Buffer in node and an Uint8Array in browsers
     *
     * To use the resulting buffer as an image, you'll want to do something like:
     *
     *   const blob = new Blob([buffer], { type: 'image/jpeg' })
     *   document.querySelector('#photo').src = URL.createObjectURL(blob)
     */
    resolve(src, onError) {
        if (typeof node_buffer.Buffer === 'function') {
            return node_buffer.Buffer.from(src, 'base64');
        }
        else if (typeof atob === 'function') {
            // On IE 11, atob() can't handle newlines
            const str = atob(src.replace(/[\n\r]/g, ''));
            const buffer = new Uint8Array(str.length);
            for (let i = 0; i < str.length; ++i)
                buffer[i] = str.charCodeAt(i);
            return buffer;
        }
        else {
            onError('This environment does not support reading binary tags; either Buffer or atob is required');
            return src;
        }
    },
    stringify({ comment, type, value }, ctx, onComment, onChompKeep) {
        if (!value)
            return '';
        const buf = value; // checked earlier by binary.identify()
        let str;
        if (typeof node_buffer.Buffer === 'function') {
            str =
                buf instanceof node_buffer.Buffer
                    ? buf.toString('base64')
                    : node_buffer.Buffer.from(buf.buffer).toString('base64');
        }
        else if (typeof btoa === 'function') {
            let s = '';
            for (let i = 0; i < buf.length; ++i)
                s += String.fromCharCode(buf[i]);
            str = btoa(s);
        }
        else {
            throw new Error('This environment does not support writing binary tags; either Buffer or btoa is required');
        }
        type ?? (type = Scalar.Scalar.BLOCK_LITERAL);
        if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
            const lineWidth = Math.max(ctx.options.lineWidth - ctx.indent.length, ctx.options.minContentWidth);
            const n = Math.ceil(str.length / lineWidth);
            const lines = new Array(n);
            for (let i = 0, o = 0; i < n; ++i, o += lineWidth) {
                lines[i] = str.substr(o, lineWidth);
            }
            str = lines.join(type === Scalar.Scalar.BLOCK_LITERAL ? '\n' : ' ');
        }
        return stringifyString.stringifyString({ comment, type, value: str }, ctx, onComment, onChompKeep);
    }
};

exports.binary = binary;


/***/ }),

/***/ 8398:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Scalar = __nccwpck_require__(3301);

function boolStringify({ value, source }, ctx) {
    const boolObj = value ? trueTag : falseTag;
    if (source && boolObj.test.test(source))
        return source;
    return value ? ctx.options.trueStr : ctx.options.falseStr;
}
const trueTag = {
    identify: value => value === true,
    default: true,
    tag: 'tag:yaml.org,2002:bool',
    test: /^(?:Y|y|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/,
    resolve: () => new Scalar.Scalar(true),
    stringify: boolStringify
};
const falseTag = {
    identify: value => value === false,
    default: true,
    tag: 'tag:yaml.org,2002:bool',
    test: /^(?:N|n|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
    resolve: () => new Scalar.Scalar(false),
    stringify: boolStringify
};

exports.falseTag = falseTag;
exports.trueTag = trueTag;


/***/ }),

/***/ 5782:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Scalar = __nccwpck_require__(3301);
var stringifyNumber = __nccwpck_require__(8689);

const floatNaN = {
    identify: value => typeof value === 'number',
    default: true,
    tag: 'tag:yaml.org,2002:float',
    test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
    resolve: (str) => str.slice(-3).toLowerCase() === 'nan'
        ? NaN
        : str[0] === '-'
            ? Number.NEGATIVE_INFINITY
            : Number.POSITIVE_INFINITY,
    stringify: stringifyNumber.stringifyNumber
};
const floatExp = {
    identify: value => typeof value === 'number',
    default: true,
    tag: 'tag:yaml.org,2002:float',
    format: 'EXP',
    test: /^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
    resolve: (str) => parseFloat(str.replace(/_/g, '')),
    stringify(node) {
        const num = Number(node.value);
        return isFinite(num) ? num.toExponential() : stringifyNumber.stringifyNumber(node);
    }
};
const float = {
    identify: value => typeof value === 'number',
    default: true,
    tag: 'tag:yaml.org,2002:float',
    test: /^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,
    resolve(str) {
        const node = new Scalar.Scalar(parseFloat(str.replace(/_/g, '')));
        const dot = str.indexOf('.');
        if (dot !== -1) {
            const f = str.substring(dot + 1).replace(/_/g, '');
            if (f[f.length - 1] === '0')
                node.minFractionDigits = f.length;
        }
        return node;
    },
    stringify: stringifyNumber.stringifyNumber
};

exports.float = float;
exports.floatExp = floatExp;
exports.floatNaN = floatNaN;


/***/ }),

/***/ 873:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var stringifyNumber = __nccwpck_require__(8689);

const intIdentify = (value) => typeof value === 'bigint' || Number.isInteger(value);
function intResolve(str, offset, radix, { intAsBigInt }) {
    const sign = str[0];
    if (sign === '-' || sign === '+')
        offset += 1;
    str = str.substring(offset).replace(/_/g, '');
    if (intAsBigInt) {
        switch (radix) {
            case 2:
                str = `0b${str}`;
                break;
            case 8:
                str = `0o${str}`;
                break;
            case 16:
                str = `0x${str}`;
                break;
        }
        const n = BigInt(str);
        return sign === '-' ? BigInt(-1) * n : n;
    }
    const n = parseInt(str, radix);
    return sign === '-' ? -1 * n : n;
}
function intStringify(node, radix, prefix) {
    const { value } = node;
    if (intIdentify(value)) {
        const str = value.toString(radix);
        return value < 0 ? '-' + prefix + str.substr(1) : prefix + str;
    }
    return stringifyNumber.stringifyNumber(node);
}
const intBin = {
    identify: intIdentify,
    default: true,
    tag: 'tag:yaml.org,2002:int',
    format: 'BIN',
    test: /^[-+]?0b[0-1_]+$/,
    resolve: (str, _onError, opt) => intResolve(str, 2, 2, opt),
    stringify: node => intStringify(node, 2, '0b')
};
const intOct = {
    identify: intIdentify,
    default: true,
    tag: 'tag:yaml.org,2002:int',
    format: 'OCT',
    test: /^[-+]?0[0-7_]+$/,
    resolve: (str, _onError, opt) => intResolve(str, 1, 8, opt),
    stringify: node => intStringify(node, 8, '0')
};
const int = {
    identify: intIdentify,
    default: true,
    tag: 'tag:yaml.org,2002:int',
    test: /^[-+]?[0-9][0-9_]*$/,
    resolve: (str, _onError, opt) => intResolve(str, 0, 10, opt),
    stringify: stringifyNumber.stringifyNumber
};
const intHex = {
    identify: intIdentify,
    default: true,
    tag: 'tag:yaml.org,2002:int',
    format: 'HEX',
    test: /^[-+]?0x[0-9a-fA-F_]+$/,
    resolve: (str, _onError, opt) => intResolve(str, 2, 16, opt),
    stringify: node => intStringify(node, 16, '0x')
};

exports.int = int;
exports.intBin = intBin;
exports.intHex = intHex;
exports.intOct = intOct;


/***/ }),

/***/ 452:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var Scalar = __nccwpck_require__(3301);

// If the value associated with a merge key is a single mapping node, each of
// its key/value pairs is inserted into the current mapping, unless the key
// already exists in it. If the value associated with the merge key is a
// sequence, then this sequence is expected to contain mapping nodes and each
// of these nodes is merged in turn according to its order in the sequence.
// Keys in mapping nodes earlier in the sequence override keys specified in
// later mapping nodes. -- http://yaml.org/type/merge.html
const MERGE_KEY = '<<';
const merge = {
    identify: value => value === MERGE_KEY ||
        (typeof value === 'symbol' && value.description === MERGE_KEY),
    default: 'key',
    tag: 'tag:yaml.org,2002:merge',
    test: /^<<$/,
    resolve: () => Object.assign(new Scalar.Scalar(Symbol(MERGE_KEY)), {
        addToJSMap: addMergeToJSMap
    }),
    stringify: () => MERGE_KEY
};
const isMergeKey = (ctx, key) => (merge.identify(key) ||
    (identity.isScalar(key) &&
        (!key.type || key.type === Scalar.Scalar.PLAIN) &&
        merge.identify(key.value))) &&
    ctx?.doc.schema.tags.some(tag => tag.tag === merge.tag && tag.default);
function addMergeToJSMap(ctx, map, value) {
    const source = resolveAliasValue(ctx, value);
    if (identity.isSeq(source))
        for (const it of source.items)
            mergeValue(ctx, map, it);
    else if (Array.isArray(source))
        for (const it of source)
            mergeValue(ctx, map, it);
    else
        mergeValue(ctx, map, source);
}
function mergeValue(ctx, map, value) {
    const source = resolveAliasValue(ctx, value);
    if (!identity.isMap(source))
        throw new Error('Merge sources must be maps or map aliases');
    const srcMap = source.toJSON(null, ctx, Map);
    for (const [key, value] of srcMap) {
        if (map instanceof Map) {
            if (!map.has(key))
                map.set(key, value);
        }
        else if (map instanceof Set) {
            map.add(key);
        }
        else if (!Object.prototype.hasOwnProperty.call(map, key)) {
            Object.defineProperty(map, key, {
                value,
                writable: true,
                enumerable: true,
                configurable: true
            });
        }
    }
    return map;
}
function resolveAliasValue(ctx, value) {
    return ctx && identity.isAlias(value) ? value.resolve(ctx.doc, ctx) : value;
}

exports.addMergeToJSMap = addMergeToJSMap;
exports.isMergeKey = isMergeKey;
exports.merge = merge;


/***/ }),

/***/ 303:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var toJS = __nccwpck_require__(4043);
var YAMLMap = __nccwpck_require__(4454);
var YAMLSeq = __nccwpck_require__(2223);
var pairs = __nccwpck_require__(8385);

class YAMLOMap extends YAMLSeq.YAMLSeq {
    constructor() {
        super();
        this.add = YAMLMap.YAMLMap.prototype.add.bind(this);
        this.delete = YAMLMap.YAMLMap.prototype.delete.bind(this);
        this.get = YAMLMap.YAMLMap.prototype.get.bind(this);
        this.has = YAMLMap.YAMLMap.prototype.has.bind(this);
        this.set = YAMLMap.YAMLMap.prototype.set.bind(this);
        this.tag = YAMLOMap.tag;
    }
    /**
     * If `ctx` is given, the return type is actually `Map<unknown, unknown>`,
     * but TypeScript won't allow widening the signature of a child method.
     */
    toJSON(_, ctx) {
        if (!ctx)
            return super.toJSON(_);
        const map = new Map();
        if (ctx?.onCreate)
            ctx.onCreate(map);
        for (const pair of this.items) {
            let key, value;
            if (identity.isPair(pair)) {
                key = toJS.toJS(pair.key, '', ctx);
                value = toJS.toJS(pair.value, key, ctx);
            }
            else {
                key = toJS.toJS(pair, '', ctx);
            }
            if (map.has(key))
                throw new Error('Ordered maps must not include duplicate keys');
            map.set(key, value);
        }
        return map;
    }
    static from(schema, iterable, ctx) {
        const pairs$1 = pairs.createPairs(schema, iterable, ctx);
        const omap = new this();
        omap.items = pairs$1.items;
        return omap;
    }
}
YAMLOMap.tag = 'tag:yaml.org,2002:omap';
const omap = {
    collection: 'seq',
    identify: value => value instanceof Map,
    nodeClass: YAMLOMap,
    default: false,
    tag: 'tag:yaml.org,2002:omap',
    resolve(seq, onError) {
        const pairs$1 = pairs.resolvePairs(seq, onError);
        const seenKeys = [];
        for (const { key } of pairs$1.items) {
            if (identity.isScalar(key)) {
                if (seenKeys.includes(key.value)) {
                    onError(`Ordered maps must not include duplicate keys: ${key.value}`);
                }
                else {
                    seenKeys.push(key.value);
                }
            }
        }
        return Object.assign(new YAMLOMap(), pairs$1);
    },
    createNode: (schema, iterable, ctx) => YAMLOMap.from(schema, iterable, ctx)
};

exports.YAMLOMap = YAMLOMap;
exports.omap = omap;


/***/ }),

/***/ 8385:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var Pair = __nccwpck_require__(7165);
var Scalar = __nccwpck_require__(3301);
var YAMLSeq = __nccwpck_require__(2223);

function resolvePairs(seq, onError) {
    if (identity.isSeq(seq)) {
        for (let i = 0; i < seq.items.length; ++i) {
            let item = seq.items[i];
            if (identity.isPair(item))
                continue;
            else if (identity.isMap(item)) {
                if (item.items.length > 1)
                    onError('Each pair must have its own sequence indicator');
                const pair = item.items[0] || new Pair.Pair(new Scalar.Scalar(null));
                if (item.commentBefore)
                    pair.key.commentBefore = pair.key.commentBefore
                        ? `${item.commentBefore}\n${pair.key.commentBefore}`
                        : item.commentBefore;
                if (item.comment) {
                    const cn = pair.value ?? pair.key;
                    cn.comment = cn.comment
                        ? `${item.comment}\n${cn.comment}`
                        : item.comment;
                }
                item = pair;
            }
            seq.items[i] = identity.isPair(item) ? item : new Pair.Pair(item);
        }
    }
    else
        onError('Expected a sequence for this tag');
    return seq;
}
function createPairs(schema, iterable, ctx) {
    const { replacer } = ctx;
    const pairs = new YAMLSeq.YAMLSeq(schema);
    pairs.tag = 'tag:yaml.org,2002:pairs';
    let i = 0;
    if (iterable && Symbol.iterator in Object(iterable))
        for (let it of iterable) {
            if (typeof replacer === 'function')
                it = replacer.call(iterable, String(i++), it);
            let key, value;
            if (Array.isArray(it)) {
                if (it.length === 2) {
                    key = it[0];
                    value = it[1];
                }
                else
                    throw new TypeError(`Expected [key, value] tuple: ${it}`);
            }
            else if (it && it instanceof Object) {
                const keys = Object.keys(it);
                if (keys.length === 1) {
                    key = keys[0];
                    value = it[key];
                }
                else {
                    throw new TypeError(`Expected tuple with one key, not ${keys.length} keys`);
                }
            }
            else {
                key = it;
            }
            pairs.items.push(Pair.createPair(key, value, ctx));
        }
    return pairs;
}
const pairs = {
    collection: 'seq',
    default: false,
    tag: 'tag:yaml.org,2002:pairs',
    resolve: resolvePairs,
    createNode: createPairs
};

exports.createPairs = createPairs;
exports.pairs = pairs;
exports.resolvePairs = resolvePairs;


/***/ }),

/***/ 5913:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var map = __nccwpck_require__(7451);
var _null = __nccwpck_require__(3632);
var seq = __nccwpck_require__(1706);
var string = __nccwpck_require__(6464);
var binary = __nccwpck_require__(6083);
var bool = __nccwpck_require__(8398);
var float = __nccwpck_require__(5782);
var int = __nccwpck_require__(873);
var merge = __nccwpck_require__(452);
var omap = __nccwpck_require__(303);
var pairs = __nccwpck_require__(8385);
var set = __nccwpck_require__(1528);
var timestamp = __nccwpck_require__(6752);

const schema = [
    map.map,
    seq.seq,
    string.string,
    _null.nullTag,
    bool.trueTag,
    bool.falseTag,
    int.intBin,
    int.intOct,
    int.int,
    int.intHex,
    float.floatNaN,
    float.floatExp,
    float.float,
    binary.binary,
    merge.merge,
    omap.omap,
    pairs.pairs,
    set.set,
    timestamp.intTime,
    timestamp.floatTime,
    timestamp.timestamp
];

exports.schema = schema;


/***/ }),

/***/ 1528:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var Pair = __nccwpck_require__(7165);
var YAMLMap = __nccwpck_require__(4454);

class YAMLSet extends YAMLMap.YAMLMap {
    constructor(schema) {
        super(schema);
        this.tag = YAMLSet.tag;
    }
    add(key) {
        let pair;
        if (identity.isPair(key))
            pair = key;
        else if (key &&
            typeof key === 'object' &&
            'key' in key &&
            'value' in key &&
            key.value === null)
            pair = new Pair.Pair(key.key, null);
        else
            pair = new Pair.Pair(key, null);
        const prev = YAMLMap.findPair(this.items, pair.key);
        if (!prev)
            this.items.push(pair);
    }
    /**
     * If `keepPair` is `true`, returns the Pair matching `key`.
     * Otherwise, returns the value of that Pair's key.
     */
    get(key, keepPair) {
        const pair = YAMLMap.findPair(this.items, key);
        return !keepPair && identity.isPair(pair)
            ? identity.isScalar(pair.key)
                ? pair.key.value
                : pair.key
            : pair;
    }
    set(key, value) {
        if (typeof value !== 'boolean')
            throw new Error(`Expected boolean value for set(key, value) in a YAML set, not ${typeof value}`);
        const prev = YAMLMap.findPair(this.items, key);
        if (prev && !value) {
            this.items.splice(this.items.indexOf(prev), 1);
        }
        else if (!prev && value) {
            this.items.push(new Pair.Pair(key));
        }
    }
    toJSON(_, ctx) {
        return super.toJSON(_, ctx, Set);
    }
    toString(ctx, onComment, onChompKeep) {
        if (!ctx)
            return JSON.stringify(this);
        if (this.hasAllNullValues(true))
            return super.toString(Object.assign({}, ctx, { allNullValues: true }), onComment, onChompKeep);
        else
            throw new Error('Set items must all have null values');
    }
    static from(schema, iterable, ctx) {
        const { replacer } = ctx;
        const set = new this(schema);
        if (iterable && Symbol.iterator in Object(iterable))
            for (let value of iterable) {
                if (typeof replacer === 'function')
                    value = replacer.call(iterable, value, value);
                set.items.push(Pair.createPair(value, null, ctx));
            }
        return set;
    }
}
YAMLSet.tag = 'tag:yaml.org,2002:set';
const set = {
    collection: 'map',
    identify: value => value instanceof Set,
    nodeClass: YAMLSet,
    default: false,
    tag: 'tag:yaml.org,2002:set',
    createNode: (schema, iterable, ctx) => YAMLSet.from(schema, iterable, ctx),
    resolve(map, onError) {
        if (identity.isMap(map)) {
            if (map.hasAllNullValues(true))
                return Object.assign(new YAMLSet(), map);
            else
                onError('Set items must all have null values');
        }
        else
            onError('Expected a mapping for this tag');
        return map;
    }
};

exports.YAMLSet = YAMLSet;
exports.set = set;


/***/ }),

/***/ 6752:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var stringifyNumber = __nccwpck_require__(8689);

/** Internal types handle bigint as number, because TS can't figure it out. */
function parseSexagesimal(str, asBigInt) {
    const sign = str[0];
    const parts = sign === '-' || sign === '+' ? str.substring(1) : str;
    const num = (n) => asBigInt ? BigInt(n) : Number(n);
    const res = parts
        .replace(/_/g, '')
        .split(':')
        .reduce((res, p) => res * num(60) + num(p), num(0));
    return (sign === '-' ? num(-1) * res : res);
}
/**
 * hhhh:mm:ss.sss
 *
 * Internal types handle bigint as number, because TS can't figure it out.
 */
function stringifySexagesimal(node) {
    let { value } = node;
    let num = (n) => n;
    if (typeof value === 'bigint')
        num = n => BigInt(n);
    else if (isNaN(value) || !isFinite(value))
        return stringifyNumber.stringifyNumber(node);
    let sign = '';
    if (value < 0) {
        sign = '-';
        value *= num(-1);
    }
    const _60 = num(60);
    const parts = [value % _60]; // seconds, including ms
    if (value < 60) {
        parts.unshift(0); // at least one : is required
    }
    else {
        value = (value - parts[0]) / _60;
        parts.unshift(value % _60); // minutes
        if (value >= 60) {
            value = (value - parts[0]) / _60;
            parts.unshift(value); // hours
        }
    }
    return (sign +
        parts
            .map(n => String(n).padStart(2, '0'))
            .join(':')
            .replace(/000000\d*$/, '') // % 60 may introduce error
    );
}
const intTime = {
    identify: value => typeof value === 'bigint' || Number.isInteger(value),
    default: true,
    tag: 'tag:yaml.org,2002:int',
    format: 'TIME',
    test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+$/,
    resolve: (str, _onError, { intAsBigInt }) => parseSexagesimal(str, intAsBigInt),
    stringify: stringifySexagesimal
};
const floatTime = {
    identify: value => typeof value === 'number',
    default: true,
    tag: 'tag:yaml.org,2002:float',
    format: 'TIME',
    test: /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/,
    resolve: str => parseSexagesimal(str, false),
    stringify: stringifySexagesimal
};
const timestamp = {
    identify: value => value instanceof Date,
    default: true,
    tag: 'tag:yaml.org,2002:timestamp',
    // If the time zone is omitted, the timestamp is assumed to be specified in UTC. The time part
    // may be omitted altogether, resulting in a date format. In such a case, the time part is
    // assumed to be 00:00:00Z (start of day, UTC).
    test: RegExp('^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})' + // YYYY-Mm-Dd
        '(?:' + // time is optional
        '(?:t|T|[ \\t]+)' + // t | T | whitespace
        '([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2}(\\.[0-9]+)?)' + // Hh:Mm:Ss(.ss)?
        '(?:[ \\t]*(Z|[-+][012]?[0-9](?::[0-9]{2})?))?' + // Z | +5 | -03:30
        ')?$'),
    resolve(str) {
        const match = str.match(timestamp.test);
        if (!match)
            throw new Error('!!timestamp expects a date, starting with yyyy-mm-dd');
        const [, year, month, day, hour, minute, second] = match.map(Number);
        const millisec = match[7] ? Number((match[7] + '00').substr(1, 3)) : 0;
        let date = Date.UTC(year, month - 1, day, hour || 0, minute || 0, second || 0, millisec);
        const tz = match[8];
        if (tz && tz !== 'Z') {
            let d = parseSexagesimal(tz, false);
            if (Math.abs(d) < 30)
                d *= 60;
            date -= 60000 * d;
        }
        return new Date(date);
    },
    stringify: ({ value }) => value?.toISOString().replace(/(T00:00:00)?\.000Z$/, '') ?? ''
};

exports.floatTime = floatTime;
exports.intTime = intTime;
exports.timestamp = timestamp;


/***/ }),

/***/ 4475:
/***/ ((__unused_webpack_module, exports) => {



const FOLD_FLOW = 'flow';
const FOLD_BLOCK = 'block';
const FOLD_QUOTED = 'quoted';
/**
 * Tries to keep input at up to `lineWidth` characters, splitting only on spaces
 * not followed by newlines or spaces unless `mode` is `'quoted'`. Lines are
 * terminated with `\n` and started with `indent`.
 */
function foldFlowLines(text, indent, mode = 'flow', { indentAtStart, lineWidth = 80, minContentWidth = 20, onFold, onOverflow } = {}) {
    if (!lineWidth || lineWidth < 0)
        return text;
    if (lineWidth < minContentWidth)
        minContentWidth = 0;
    const endStep = Math.max(1 + minContentWidth, 1 + lineWidth - indent.length);
    if (text.length <= endStep)
        return text;
    const folds = [];
    const escapedFolds = {};
    let end = lineWidth - indent.length;
    if (typeof indentAtStart === 'number') {
        if (indentAtStart > lineWidth - Math.max(2, minContentWidth))
            folds.push(0);
        else
            end = lineWidth - indentAtStart;
    }
    let split = undefined;
    let prev = undefined;
    let overflow = false;
    let i = -1;
    let escStart = -1;
    let escEnd = -1;
    if (mode === FOLD_BLOCK) {
        i = consumeMoreIndentedLines(text, i, indent.length);
        if (i !== -1)
            end = i + endStep;
    }
    for (let ch; (ch = text[(i += 1)]);) {
        if (mode === FOLD_QUOTED && ch === '\\') {
            escStart = i;
            switch (text[i + 1]) {
                case 'x':
                    i += 3;
                    break;
                case 'u':
                    i += 5;
                    break;
                case 'U':
                    i += 9;
                    break;
                default:
                    i += 1;
            }
            escEnd = i;
        }
        if (ch === '\n') {
            if (mode === FOLD_BLOCK)
                i = consumeMoreIndentedLines(text, i, indent.length);
            end = i + indent.length + endStep;
            split = undefined;
        }
        else {
            if (ch === ' ' &&
                prev &&
                prev !== ' ' &&
                prev !== '\n' &&
                prev !== '\t') {
                // space surrounded by non-space can be replaced with newline + indent
                const next = text[i + 1];
                if (next && next !== ' ' && next !== '\n' && next !== '\t')
                    split = i;
            }
            if (i >= end) {
                if (split) {
                    folds.push(split);
                    end = split + endStep;
                    split = undefined;
                }
                else if (mode === FOLD_QUOTED) {
                    // white-space collected at end may stretch past lineWidth
                    while (prev === ' ' || prev === '\t') {
                        prev = ch;
                        ch = text[(i += 1)];
                        overflow = true;
                    }
                    // Account for newline escape, but don't break preceding escape
                    const j = i > escEnd + 1 ? i - 2 : escStart - 1;
                    // Bail out if lineWidth & minContentWidth are shorter than an escape string
                    if (escapedFolds[j])
                        return text;
                    folds.push(j);
                    escapedFolds[j] = true;
                    end = j + endStep;
                    split = undefined;
                }
                else {
                    overflow = true;
                }
            }
        }
        prev = ch;
    }
    if (overflow && onOverflow)
        onOverflow();
    if (folds.length === 0)
        return text;
    if (onFold)
        onFold();
    let res = text.slice(0, folds[0]);
    for (let i = 0; i < folds.length; ++i) {
        const fold = folds[i];
        const end = folds[i + 1] || text.length;
        if (fold === 0)
            res = `\n${indent}${text.slice(0, end)}`;
        else {
            if (mode === FOLD_QUOTED && escapedFolds[fold])
                res += `${text[fold]}\\`;
            res += `\n${indent}${text.slice(fold + 1, end)}`;
        }
    }
    return res;
}
/**
 * Presumes `i + 1` is at the start of a line
 * @returns index of last newline in more-indented block
 */
function consumeMoreIndentedLines(text, i, indent) {
    let end = i;
    let start = i + 1;
    let ch = text[start];
    while (ch === ' ' || ch === '\t') {
        if (i < start + indent) {
            ch = text[++i];
        }
        else {
            do {
                ch = text[++i];
            } while (ch && ch !== '\n');
            end = i;
            start = i + 1;
            ch = text[start];
        }
    }
    return end;
}

exports.FOLD_BLOCK = FOLD_BLOCK;
exports.FOLD_FLOW = FOLD_FLOW;
exports.FOLD_QUOTED = FOLD_QUOTED;
exports.foldFlowLines = foldFlowLines;


/***/ }),

/***/ 2148:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var anchors = __nccwpck_require__(1596);
var identity = __nccwpck_require__(1127);
var stringifyComment = __nccwpck_require__(9799);
var stringifyString = __nccwpck_require__(3069);

function createStringifyContext(doc, options) {
    const opt = Object.assign({
        blockQuote: true,
        commentString: stringifyComment.stringifyComment,
        defaultKeyType: null,
        defaultStringType: 'PLAIN',
        directives: null,
        doubleQuotedAsJSON: false,
        doubleQuotedMinMultiLineLength: 40,
        falseStr: 'false',
        flowCollectionPadding: true,
        indentSeq: true,
        lineWidth: 80,
        minContentWidth: 20,
        nullStr: 'null',
        simpleKeys: false,
        singleQuote: null,
        trailingComma: false,
        trueStr: 'true',
        verifyAliasOrder: true
    }, doc.schema.toStringOptions, options);
    let inFlow;
    switch (opt.collectionStyle) {
        case 'block':
            inFlow = false;
            break;
        case 'flow':
            inFlow = true;
            break;
        default:
            inFlow = null;
    }
    return {
        anchors: new Set(),
        doc,
        flowCollectionPadding: opt.flowCollectionPadding ? ' ' : '',
        indent: '',
        indentStep: typeof opt.indent === 'number' ? ' '.repeat(opt.indent) : '  ',
        inFlow,
        options: opt
    };
}
function getTagObject(tags, item) {
    if (item.tag) {
        const match = tags.filter(t => t.tag === item.tag);
        if (match.length > 0)
            return match.find(t => t.format === item.format) ?? match[0];
    }
    let tagObj = undefined;
    let obj;
    if (identity.isScalar(item)) {
        obj = item.value;
        let match = tags.filter(t => t.identify?.(obj));
        if (match.length > 1) {
            const testMatch = match.filter(t => t.test);
            if (testMatch.length > 0)
                match = testMatch;
        }
        tagObj =
            match.find(t => t.format === item.format) ?? match.find(t => !t.format);
    }
    else {
        obj = item;
        tagObj = tags.find(t => t.nodeClass && obj instanceof t.nodeClass);
    }
    if (!tagObj) {
        const name = obj?.constructor?.name ?? (obj === null ? 'null' : typeof obj);
        throw new Error(`Tag not resolved for ${name} value`);
    }
    return tagObj;
}
// needs to be called before value stringifier to allow for circular anchor refs
function stringifyProps(node, tagObj, { anchors: anchors$1, doc }) {
    if (!doc.directives)
        return '';
    const props = [];
    const anchor = (identity.isScalar(node) || identity.isCollection(node)) && node.anchor;
    if (anchor && anchors.anchorIsValid(anchor)) {
        anchors$1.add(anchor);
        props.push(`&${anchor}`);
    }
    const tag = node.tag ?? (tagObj.default ? null : tagObj.tag);
    if (tag)
        props.push(doc.directives.tagString(tag));
    return props.join(' ');
}
function stringify(item, ctx, onComment, onChompKeep) {
    if (identity.isPair(item))
        return item.toString(ctx, onComment, onChompKeep);
    if (identity.isAlias(item)) {
        if (ctx.doc.directives)
            return item.toString(ctx);
        if (ctx.resolvedAliases?.has(item)) {
            throw new TypeError(`Cannot stringify circular structure without alias nodes`);
        }
        else {
            if (ctx.resolvedAliases)
                ctx.resolvedAliases.add(item);
            else
                ctx.resolvedAliases = new Set([item]);
            item = item.resolve(ctx.doc);
        }
    }
    let tagObj = undefined;
    const node = identity.isNode(item)
        ? item
        : ctx.doc.createNode(item, { onTagObj: o => (tagObj = o) });
    tagObj ?? (tagObj = getTagObject(ctx.doc.schema.tags, node));
    const props = stringifyProps(node, tagObj, ctx);
    if (props.length > 0)
        ctx.indentAtStart = (ctx.indentAtStart ?? 0) + props.length + 1;
    const str = typeof tagObj.stringify === 'function'
        ? tagObj.stringify(node, ctx, onComment, onChompKeep)
        : identity.isScalar(node)
            ? stringifyString.stringifyString(node, ctx, onComment, onChompKeep)
            : node.toString(ctx, onComment, onChompKeep);
    if (!props)
        return str;
    return identity.isScalar(node) || str[0] === '{' || str[0] === '['
        ? `${props} ${str}`
        : `${props}\n${ctx.indent}${str}`;
}

exports.createStringifyContext = createStringifyContext;
exports.stringify = stringify;


/***/ }),

/***/ 1212:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var stringify = __nccwpck_require__(2148);
var stringifyComment = __nccwpck_require__(9799);

function stringifyCollection(collection, ctx, options) {
    const flow = ctx.inFlow ?? collection.flow;
    const stringify = flow ? stringifyFlowCollection : stringifyBlockCollection;
    return stringify(collection, ctx, options);
}
function stringifyBlockCollection({ comment, items }, ctx, { blockItemPrefix, flowChars, itemIndent, onChompKeep, onComment }) {
    const { indent, options: { commentString } } = ctx;
    const itemCtx = Object.assign({}, ctx, { indent: itemIndent, type: null });
    let chompKeep = false; // flag for the preceding node's status
    const lines = [];
    for (let i = 0; i < items.length; ++i) {
        const item = items[i];
        let comment = null;
        if (identity.isNode(item)) {
            if (!chompKeep && item.spaceBefore)
                lines.push('');
            addCommentBefore(ctx, lines, item.commentBefore, chompKeep);
            if (item.comment)
                comment = item.comment;
        }
        else if (identity.isPair(item)) {
            const ik = identity.isNode(item.key) ? item.key : null;
            if (ik) {
                if (!chompKeep && ik.spaceBefore)
                    lines.push('');
                addCommentBefore(ctx, lines, ik.commentBefore, chompKeep);
            }
        }
        chompKeep = false;
        let str = stringify.stringify(item, itemCtx, () => (comment = null), () => (chompKeep = true));
        if (comment)
            str += stringifyComment.lineComment(str, itemIndent, commentString(comment));
        if (chompKeep && comment)
            chompKeep = false;
        lines.push(blockItemPrefix + str);
    }
    let str;
    if (lines.length === 0) {
        str = flowChars.start + flowChars.end;
    }
    else {
        str = lines[0];
        for (let i = 1; i < lines.length; ++i) {
            const line = lines[i];
            str += line ? `\n${indent}${line}` : '\n';
        }
    }
    if (comment) {
        str += '\n' + stringifyComment.indentComment(commentString(comment), indent);
        if (onComment)
            onComment();
    }
    else if (chompKeep && onChompKeep)
        onChompKeep();
    return str;
}
function stringifyFlowCollection({ items }, ctx, { flowChars, itemIndent }) {
    const { indent, indentStep, flowCollectionPadding: fcPadding, options: { commentString } } = ctx;
    itemIndent += indentStep;
    const itemCtx = Object.assign({}, ctx, {
        indent: itemIndent,
        inFlow: true,
        type: null
    });
    let reqNewline = false;
    let linesAtValue = 0;
    const lines = [];
    for (let i = 0; i < items.length; ++i) {
        const item = items[i];
        let comment = null;
        if (identity.isNode(item)) {
            if (item.spaceBefore)
                lines.push('');
            addCommentBefore(ctx, lines, item.commentBefore, false);
            if (item.comment)
                comment = item.comment;
        }
        else if (identity.isPair(item)) {
            const ik = identity.isNode(item.key) ? item.key : null;
            if (ik) {
                if (ik.spaceBefore)
                    lines.push('');
                addCommentBefore(ctx, lines, ik.commentBefore, false);
                if (ik.comment)
                    reqNewline = true;
            }
            const iv = identity.isNode(item.value) ? item.value : null;
            if (iv) {
                if (iv.comment)
                    comment = iv.comment;
                if (iv.commentBefore)
                    reqNewline = true;
            }
            else if (item.value == null && ik?.comment) {
                comment = ik.comment;
            }
        }
        if (comment)
            reqNewline = true;
        let str = stringify.stringify(item, itemCtx, () => (comment = null));
        reqNewline || (reqNewline = lines.length > linesAtValue || str.includes('\n'));
        if (i < items.length - 1) {
            str += ',';
        }
        else if (ctx.options.trailingComma) {
            if (ctx.options.lineWidth > 0) {
                reqNewline || (reqNewline = lines.reduce((sum, line) => sum + line.length + 2, 2) +
                    (str.length + 2) >
                    ctx.options.lineWidth);
            }
            if (reqNewline) {
                str += ',';
            }
        }
        if (comment)
            str += stringifyComment.lineComment(str, itemIndent, commentString(comment));
        lines.push(str);
        linesAtValue = lines.length;
    }
    const { start, end } = flowChars;
    if (lines.length === 0) {
        return start + end;
    }
    else {
        if (!reqNewline) {
            const len = lines.reduce((sum, line) => sum + line.length + 2, 2);
            reqNewline = ctx.options.lineWidth > 0 && len > ctx.options.lineWidth;
        }
        if (reqNewline) {
            let str = start;
            for (const line of lines)
                str += line ? `\n${indentStep}${indent}${line}` : '\n';
            return `${str}\n${indent}${end}`;
        }
        else {
            return `${start}${fcPadding}${lines.join(' ')}${fcPadding}${end}`;
        }
    }
}
function addCommentBefore({ indent, options: { commentString } }, lines, comment, chompKeep) {
    if (comment && chompKeep)
        comment = comment.replace(/^\n+/, '');
    if (comment) {
        const ic = stringifyComment.indentComment(commentString(comment), indent);
        lines.push(ic.trimStart()); // Avoid double indent on first line
    }
}

exports.stringifyCollection = stringifyCollection;


/***/ }),

/***/ 9799:
/***/ ((__unused_webpack_module, exports) => {



/**
 * Stringifies a comment.
 *
 * Empty comment lines are left empty,
 * lines consisting of a single space are replaced by `#`,
 * and all other lines are prefixed with a `#`.
 */
const stringifyComment = (str) => str.replace(/^(?!$)(?: $)?/gm, '#');
function indentComment(comment, indent) {
    if (/^\n+$/.test(comment))
        return comment.substring(1);
    return indent ? comment.replace(/^(?! *$)/gm, indent) : comment;
}
const lineComment = (str, indent, comment) => str.endsWith('\n')
    ? indentComment(comment, indent)
    : comment.includes('\n')
        ? '\n' + indentComment(comment, indent)
        : (str.endsWith(' ') ? '' : ' ') + comment;

exports.indentComment = indentComment;
exports.lineComment = lineComment;
exports.stringifyComment = stringifyComment;


/***/ }),

/***/ 6829:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var stringify = __nccwpck_require__(2148);
var stringifyComment = __nccwpck_require__(9799);

function stringifyDocument(doc, options) {
    const lines = [];
    let hasDirectives = options.directives === true;
    if (options.directives !== false && doc.directives) {
        const dir = doc.directives.toString(doc);
        if (dir) {
            lines.push(dir);
            hasDirectives = true;
        }
        else if (doc.directives.docStart)
            hasDirectives = true;
    }
    if (hasDirectives)
        lines.push('---');
    const ctx = stringify.createStringifyContext(doc, options);
    const { commentString } = ctx.options;
    if (doc.commentBefore) {
        if (lines.length !== 1)
            lines.unshift('');
        const cs = commentString(doc.commentBefore);
        lines.unshift(stringifyComment.indentComment(cs, ''));
    }
    let chompKeep = false;
    let contentComment = null;
    if (doc.contents) {
        if (identity.isNode(doc.contents)) {
            if (doc.contents.spaceBefore && hasDirectives)
                lines.push('');
            if (doc.contents.commentBefore) {
                const cs = commentString(doc.contents.commentBefore);
                lines.push(stringifyComment.indentComment(cs, ''));
            }
            // top-level block scalars need to be indented if followed by a comment
            ctx.forceBlockIndent = !!doc.comment;
            contentComment = doc.contents.comment;
        }
        const onChompKeep = contentComment ? undefined : () => (chompKeep = true);
        let body = stringify.stringify(doc.contents, ctx, () => (contentComment = null), onChompKeep);
        if (contentComment)
            body += stringifyComment.lineComment(body, '', commentString(contentComment));
        if ((body[0] === '|' || body[0] === '>') &&
            lines[lines.length - 1] === '---') {
            // Top-level block scalars with a preceding doc marker ought to use the
            // same line for their header.
            lines[lines.length - 1] = `--- ${body}`;
        }
        else
            lines.push(body);
    }
    else {
        lines.push(stringify.stringify(doc.contents, ctx));
    }
    if (doc.directives?.docEnd) {
        if (doc.comment) {
            const cs = commentString(doc.comment);
            if (cs.includes('\n')) {
                lines.push('...');
                lines.push(stringifyComment.indentComment(cs, ''));
            }
            else {
                lines.push(`... ${cs}`);
            }
        }
        else {
            lines.push('...');
        }
    }
    else {
        let dc = doc.comment;
        if (dc && chompKeep)
            dc = dc.replace(/^\n+/, '');
        if (dc) {
            if ((!chompKeep || contentComment) && lines[lines.length - 1] !== '')
                lines.push('');
            lines.push(stringifyComment.indentComment(commentString(dc), ''));
        }
    }
    return lines.join('\n') + '\n';
}

exports.stringifyDocument = stringifyDocument;


/***/ }),

/***/ 8689:
/***/ ((__unused_webpack_module, exports) => {



function stringifyNumber({ format, minFractionDigits, tag, value }) {
    if (typeof value === 'bigint')
        return String(value);
    const num = typeof value === 'number' ? value : Number(value);
    if (!isFinite(num))
        return isNaN(num) ? '.nan' : num < 0 ? '-.inf' : '.inf';
    let n = Object.is(value, -0) ? '-0' : JSON.stringify(value);
    if (!format &&
        minFractionDigits &&
        (!tag || tag === 'tag:yaml.org,2002:float') &&
        /^-?\d/.test(n) &&
        !n.includes('e')) {
        let i = n.indexOf('.');
        if (i < 0) {
            i = n.length;
            n += '.';
        }
        let d = minFractionDigits - (n.length - i - 1);
        while (d-- > 0)
            n += '0';
    }
    return n;
}

exports.stringifyNumber = stringifyNumber;


/***/ }),

/***/ 9748:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);
var Scalar = __nccwpck_require__(3301);
var stringify = __nccwpck_require__(2148);
var stringifyComment = __nccwpck_require__(9799);

function stringifyPair({ key, value }, ctx, onComment, onChompKeep) {
    const { allNullValues, doc, indent, indentStep, options: { commentString, indentSeq, simpleKeys } } = ctx;
    let keyComment = (identity.isNode(key) && key.comment) || null;
    if (simpleKeys) {
        if (keyComment) {
            throw new Error('With simple keys, key nodes cannot have comments');
        }
        if (identity.isCollection(key) || (!identity.isNode(key) && typeof key === 'object')) {
            const msg = 'With simple keys, collection cannot be used as a key value';
            throw new Error(msg);
        }
    }
    let explicitKey = !simpleKeys &&
        (!key ||
            (keyComment && value == null && !ctx.inFlow) ||
            identity.isCollection(key) ||
            (identity.isScalar(key)
                ? key.type === Scalar.Scalar.BLOCK_FOLDED || key.type === Scalar.Scalar.BLOCK_LITERAL
                : typeof key === 'object'));
    ctx = Object.assign({}, ctx, {
        allNullValues: false,
        implicitKey: !explicitKey && (simpleKeys || !allNullValues),
        indent: indent + indentStep
    });
    let keyCommentDone = false;
    let chompKeep = false;
    let str = stringify.stringify(key, ctx, () => (keyCommentDone = true), () => (chompKeep = true));
    if (!explicitKey && !ctx.inFlow && str.length > 1024) {
        if (simpleKeys)
            throw new Error('With simple keys, single line scalar must not span more than 1024 characters');
        explicitKey = true;
    }
    if (ctx.inFlow) {
        if (allNullValues || value == null) {
            if (keyCommentDone && onComment)
                onComment();
            return str === '' ? '?' : explicitKey ? `? ${str}` : str;
        }
    }
    else if ((allNullValues && !simpleKeys) || (value == null && explicitKey)) {
        str = `? ${str}`;
        if (keyComment && !keyCommentDone) {
            str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        }
        else if (chompKeep && onChompKeep)
            onChompKeep();
        return str;
    }
    if (keyCommentDone)
        keyComment = null;
    if (explicitKey) {
        if (keyComment)
            str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
        str = `? ${str}\n${indent}:`;
    }
    else {
        str = `${str}:`;
        if (keyComment)
            str += stringifyComment.lineComment(str, ctx.indent, commentString(keyComment));
    }
    let vsb, vcb, valueComment;
    if (identity.isNode(value)) {
        vsb = !!value.spaceBefore;
        vcb = value.commentBefore;
        valueComment = value.comment;
    }
    else {
        vsb = false;
        vcb = null;
        valueComment = null;
        if (value && typeof value === 'object')
            value = doc.createNode(value);
    }
    ctx.implicitKey = false;
    if (!explicitKey && !keyComment && identity.isScalar(value))
        ctx.indentAtStart = str.length + 1;
    chompKeep = false;
    if (!indentSeq &&
        indentStep.length >= 2 &&
        !ctx.inFlow &&
        !explicitKey &&
        identity.isSeq(value) &&
        !value.flow &&
        !value.tag &&
        !value.anchor) {
        // If indentSeq === false, consider '- ' as part of indentation where possible
        ctx.indent = ctx.indent.substring(2);
    }
    let valueCommentDone = false;
    const valueStr = stringify.stringify(value, ctx, () => (valueCommentDone = true), () => (chompKeep = true));
    let ws = ' ';
    if (keyComment || vsb || vcb) {
        ws = vsb ? '\n' : '';
        if (vcb) {
            const cs = commentString(vcb);
            ws += `\n${stringifyComment.indentComment(cs, ctx.indent)}`;
        }
        if (valueStr === '' && !ctx.inFlow) {
            if (ws === '\n' && valueComment)
                ws = '\n\n';
        }
        else {
            ws += `\n${ctx.indent}`;
        }
    }
    else if (!explicitKey && identity.isCollection(value)) {
        const vs0 = valueStr[0];
        const nl0 = valueStr.indexOf('\n');
        const hasNewline = nl0 !== -1;
        const flow = ctx.inFlow ?? value.flow ?? value.items.length === 0;
        if (hasNewline || !flow) {
            let hasPropsLine = false;
            if (hasNewline && (vs0 === '&' || vs0 === '!')) {
                let sp0 = valueStr.indexOf(' ');
                if (vs0 === '&' &&
                    sp0 !== -1 &&
                    sp0 < nl0 &&
                    valueStr[sp0 + 1] === '!') {
                    sp0 = valueStr.indexOf(' ', sp0 + 1);
                }
                if (sp0 === -1 || nl0 < sp0)
                    hasPropsLine = true;
            }
            if (!hasPropsLine)
                ws = `\n${ctx.indent}`;
        }
    }
    else if (valueStr === '' || valueStr[0] === '\n') {
        ws = '';
    }
    str += ws + valueStr;
    if (ctx.inFlow) {
        if (valueCommentDone && onComment)
            onComment();
    }
    else if (valueComment && !valueCommentDone) {
        str += stringifyComment.lineComment(str, ctx.indent, commentString(valueComment));
    }
    else if (chompKeep && onChompKeep) {
        onChompKeep();
    }
    return str;
}

exports.stringifyPair = stringifyPair;


/***/ }),

/***/ 3069:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var Scalar = __nccwpck_require__(3301);
var foldFlowLines = __nccwpck_require__(4475);

const getFoldOptions = (ctx, isBlock) => ({
    indentAtStart: isBlock ? ctx.indent.length : ctx.indentAtStart,
    lineWidth: ctx.options.lineWidth,
    minContentWidth: ctx.options.minContentWidth
});
// Also checks for lines starting with %, as parsing the output as YAML 1.1 will
// presume that's starting a new document.
const containsDocumentMarker = (str) => /^(%|---|\.\.\.)/m.test(str);
function lineLengthOverLimit(str, lineWidth, indentLength) {
    if (!lineWidth || lineWidth < 0)
        return false;
    const limit = lineWidth - indentLength;
    const strLen = str.length;
    if (strLen <= limit)
        return false;
    for (let i = 0, start = 0; i < strLen; ++i) {
        if (str[i] === '\n') {
            if (i - start > limit)
                return true;
            start = i + 1;
            if (strLen - start <= limit)
                return false;
        }
    }
    return true;
}
function doubleQuotedString(value, ctx) {
    const json = JSON.stringify(value);
    if (ctx.options.doubleQuotedAsJSON)
        return json;
    const { implicitKey } = ctx;
    const minMultiLineLength = ctx.options.doubleQuotedMinMultiLineLength;
    const indent = ctx.indent || (containsDocumentMarker(value) ? '  ' : '');
    let str = '';
    let start = 0;
    for (let i = 0, ch = json[i]; ch; ch = json[++i]) {
        if (ch === ' ' && json[i + 1] === '\\' && json[i + 2] === 'n') {
            // space before newline needs to be escaped to not be folded
            str += json.slice(start, i) + '\\ ';
            i += 1;
            start = i;
            ch = '\\';
        }
        if (ch === '\\')
            switch (json[i + 1]) {
                case 'u':
                    {
                        str += json.slice(start, i);
                        const code = json.substr(i + 2, 4);
                        switch (code) {
                            case '0000':
                                str += '\\0';
                                break;
                            case '0007':
                                str += '\\a';
                                break;
                            case '000b':
                                str += '\\v';
                                break;
                            case '001b':
                                str += '\\e';
                                break;
                            case '0085':
                                str += '\\N';
                                break;
                            case '00a0':
                                str += '\\_';
                                break;
                            case '2028':
                                str += '\\L';
                                break;
                            case '2029':
                                str += '\\P';
                                break;
                            default:
                                if (code.substr(0, 2) === '00')
                                    str += '\\x' + code.substr(2);
                                else
                                    str += json.substr(i, 6);
                        }
                        i += 5;
                        start = i + 1;
                    }
                    break;
                case 'n':
                    if (implicitKey ||
                        json[i + 2] === '"' ||
                        json.length < minMultiLineLength) {
                        i += 1;
                    }
                    else {
                        // folding will eat first newline
                        str += json.slice(start, i) + '\n\n';
                        while (json[i + 2] === '\\' &&
                            json[i + 3] === 'n' &&
                            json[i + 4] !== '"') {
                            str += '\n';
                            i += 2;
                        }
                        str += indent;
                        // space after newline needs to be escaped to not be folded
                        if (json[i + 2] === ' ')
                            str += '\\';
                        i += 1;
                        start = i + 1;
                    }
                    break;
                default:
                    i += 1;
            }
    }
    str = start ? str + json.slice(start) : json;
    return implicitKey
        ? str
        : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_QUOTED, getFoldOptions(ctx, false));
}
function singleQuotedString(value, ctx) {
    if (ctx.options.singleQuote === false ||
        (ctx.implicitKey && value.includes('\n')) ||
        /[ \t]\n|\n[ \t]/.test(value) // single quoted string can't have leading or trailing whitespace around newline
    )
        return doubleQuotedString(value, ctx);
    const indent = ctx.indent || (containsDocumentMarker(value) ? '  ' : '');
    const res = "'" + value.replace(/'/g, "''").replace(/\n+/g, `$&\n${indent}`) + "'";
    return ctx.implicitKey
        ? res
        : foldFlowLines.foldFlowLines(res, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
}
function quotedString(value, ctx) {
    const { singleQuote } = ctx.options;
    let qs;
    if (singleQuote === false)
        qs = doubleQuotedString;
    else {
        const hasDouble = value.includes('"');
        const hasSingle = value.includes("'");
        if (hasDouble && !hasSingle)
            qs = singleQuotedString;
        else if (hasSingle && !hasDouble)
            qs = doubleQuotedString;
        else
            qs = singleQuote ? singleQuotedString : doubleQuotedString;
    }
    return qs(value, ctx);
}
// The negative lookbehind avoids a polynomial search,
// but isn't supported yet on Safari: https://caniuse.com/js-regexp-lookbehind
let blockEndNewlines;
try {
    blockEndNewlines = new RegExp('(^|(?<!\n))\n+(?!\n|$)', 'g');
}
catch {
    blockEndNewlines = /\n+(?!\n|$)/g;
}
function blockString({ comment, type, value }, ctx, onComment, onChompKeep) {
    const { blockQuote, commentString, lineWidth } = ctx.options;
    // 1. Block can't end in whitespace unless the last line is non-empty.
    // 2. Strings consisting of only whitespace are best rendered explicitly.
    if (!blockQuote || /\n[\t ]+$/.test(value)) {
        return quotedString(value, ctx);
    }
    const indent = ctx.indent ||
        (ctx.forceBlockIndent || containsDocumentMarker(value) ? '  ' : '');
    const literal = blockQuote === 'literal'
        ? true
        : blockQuote === 'folded' || type === Scalar.Scalar.BLOCK_FOLDED
            ? false
            : type === Scalar.Scalar.BLOCK_LITERAL
                ? true
                : !lineLengthOverLimit(value, lineWidth, indent.length);
    if (!value)
        return literal ? '|\n' : '>\n';
    // determine chomping from whitespace at value end
    let chomp;
    let endStart;
    for (endStart = value.length; endStart > 0; --endStart) {
        const ch = value[endStart - 1];
        if (ch !== '\n' && ch !== '\t' && ch !== ' ')
            break;
    }
    let end = value.substring(endStart);
    const endNlPos = end.indexOf('\n');
    if (endNlPos === -1) {
        chomp = '-'; // strip
    }
    else if (value === end || endNlPos !== end.length - 1) {
        chomp = '+'; // keep
        if (onChompKeep)
            onChompKeep();
    }
    else {
        chomp = ''; // clip
    }
    if (end) {
        value = value.slice(0, -end.length);
        if (end[end.length - 1] === '\n')
            end = end.slice(0, -1);
        end = end.replace(blockEndNewlines, `$&${indent}`);
    }
    // determine indent indicator from whitespace at value start
    let startWithSpace = false;
    let startEnd;
    let startNlPos = -1;
    for (startEnd = 0; startEnd < value.length; ++startEnd) {
        const ch = value[startEnd];
        if (ch === ' ')
            startWithSpace = true;
        else if (ch === '\n')
            startNlPos = startEnd;
        else
            break;
    }
    let start = value.substring(0, startNlPos < startEnd ? startNlPos + 1 : startEnd);
    if (start) {
        value = value.substring(start.length);
        start = start.replace(/\n+/g, `$&${indent}`);
    }
    const indentSize = indent ? '2' : '1'; // root is at -1
    // Leading | or > is added later
    let header = (startWithSpace ? indentSize : '') + chomp;
    if (comment) {
        header += ' ' + commentString(comment.replace(/ ?[\r\n]+/g, ' '));
        if (onComment)
            onComment();
    }
    if (!literal) {
        const foldedValue = value
            .replace(/\n+/g, '\n$&')
            .replace(/(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?/g, '$1$2') // more-indented lines aren't folded
            //                ^ more-ind. ^ empty     ^ capture next empty lines only at end of indent
            .replace(/\n+/g, `$&${indent}`);
        let literalFallback = false;
        const foldOptions = getFoldOptions(ctx, true);
        if (blockQuote !== 'folded' && type !== Scalar.Scalar.BLOCK_FOLDED) {
            foldOptions.onOverflow = () => {
                literalFallback = true;
            };
        }
        const body = foldFlowLines.foldFlowLines(`${start}${foldedValue}${end}`, indent, foldFlowLines.FOLD_BLOCK, foldOptions);
        if (!literalFallback)
            return `>${header}\n${indent}${body}`;
    }
    value = value.replace(/\n+/g, `$&${indent}`);
    return `|${header}\n${indent}${start}${value}${end}`;
}
function plainString(item, ctx, onComment, onChompKeep) {
    const { type, value } = item;
    const { actualString, implicitKey, indent, indentStep, inFlow } = ctx;
    if ((implicitKey && value.includes('\n')) ||
        (inFlow && /[[\]{},]/.test(value))) {
        return quotedString(value, ctx);
    }
    if (/^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/.test(value)) {
        // not allowed:
        // - '-' or '?'
        // - start with an indicator character (except [?:-]) or /[?-] /
        // - '\n ', ': ' or ' \n' anywhere
        // - '#' not preceded by a non-space char
        // - end with ' ' or ':'
        return implicitKey || inFlow || !value.includes('\n')
            ? quotedString(value, ctx)
            : blockString(item, ctx, onComment, onChompKeep);
    }
    if (!implicitKey &&
        !inFlow &&
        type !== Scalar.Scalar.PLAIN &&
        value.includes('\n')) {
        // Where allowed & type not set explicitly, prefer block style for multiline strings
        return blockString(item, ctx, onComment, onChompKeep);
    }
    if (containsDocumentMarker(value)) {
        if (indent === '') {
            ctx.forceBlockIndent = true;
            return blockString(item, ctx, onComment, onChompKeep);
        }
        else if (implicitKey && indent === indentStep) {
            return quotedString(value, ctx);
        }
    }
    const str = value.replace(/\n+/g, `$&\n${indent}`);
    // Verify that output will be parsed as a string, as e.g. plain numbers and
    // booleans get parsed with those types in v1.2 (e.g. '42', 'true' & '0.9e-3'),
    // and others in v1.1.
    if (actualString) {
        const test = (tag) => tag.default && tag.tag !== 'tag:yaml.org,2002:str' && tag.test?.test(str);
        const { compat, tags } = ctx.doc.schema;
        if (tags.some(test) || compat?.some(test))
            return quotedString(value, ctx);
    }
    return implicitKey
        ? str
        : foldFlowLines.foldFlowLines(str, indent, foldFlowLines.FOLD_FLOW, getFoldOptions(ctx, false));
}
function stringifyString(item, ctx, onComment, onChompKeep) {
    const { implicitKey, inFlow } = ctx;
    const ss = typeof item.value === 'string'
        ? item
        : Object.assign({}, item, { value: String(item.value) });
    let { type } = item;
    if (type !== Scalar.Scalar.QUOTE_DOUBLE) {
        // force double quotes on control characters & unpaired surrogates
        if (/[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u.test(ss.value))
            type = Scalar.Scalar.QUOTE_DOUBLE;
    }
    const _stringify = (_type) => {
        switch (_type) {
            case Scalar.Scalar.BLOCK_FOLDED:
            case Scalar.Scalar.BLOCK_LITERAL:
                return implicitKey || inFlow
                    ? quotedString(ss.value, ctx) // blocks are not valid inside flow containers
                    : blockString(ss, ctx, onComment, onChompKeep);
            case Scalar.Scalar.QUOTE_DOUBLE:
                return doubleQuotedString(ss.value, ctx);
            case Scalar.Scalar.QUOTE_SINGLE:
                return singleQuotedString(ss.value, ctx);
            case Scalar.Scalar.PLAIN:
                return plainString(ss, ctx, onComment, onChompKeep);
            default:
                return null;
        }
    };
    let res = _stringify(type);
    if (res === null) {
        const { defaultKeyType, defaultStringType } = ctx.options;
        const t = (implicitKey && defaultKeyType) || defaultStringType;
        res = _stringify(t);
        if (res === null)
            throw new Error(`Unsupported default string type ${t}`);
    }
    return res;
}

exports.stringifyString = stringifyString;


/***/ }),

/***/ 204:
/***/ ((__unused_webpack_module, exports, __nccwpck_require__) => {



var identity = __nccwpck_require__(1127);

const BREAK = Symbol('break visit');
const SKIP = Symbol('skip children');
const REMOVE = Symbol('remove node');
/**
 * Apply a visitor to an AST node or document.
 *
 * Walks through the tree (depth-first) starting from `node`, calling a
 * `visitor` function with three arguments:
 *   - `key`: For sequence values and map `Pair`, the node's index in the
 *     collection. Within a `Pair`, `'key'` or `'value'`, correspondingly.
 *     `null` for the root node.
 *   - `node`: The current node.
 *   - `path`: The ancestry of the current node.
 *
 * The return value of the visitor may be used to control the traversal:
 *   - `undefined` (default): Do nothing and continue
 *   - `visit.SKIP`: Do not visit the children of this node, continue with next
 *     sibling
 *   - `visit.BREAK`: Terminate traversal completely
 *   - `visit.REMOVE`: Remove the current node, then continue with the next one
 *   - `Node`: Replace the current node, then continue by visiting it
 *   - `number`: While iterating the items of a sequence or map, set the index
 *     of the next step. This is useful especially if the index of the current
 *     node has changed.
 *
 * If `visitor` is a single function, it will be called with all values
 * encountered in the tree, including e.g. `null` values. Alternatively,
 * separate visitor functions may be defined for each `Map`, `Pair`, `Seq`,
 * `Alias` and `Scalar` node. To define the same visitor function for more than
 * one node type, use the `Collection` (map and seq), `Value` (map, seq & scalar)
 * and `Node` (alias, map, seq & scalar) targets. Of all these, only the most
 * specific defined one will be used for each node.
 */
function visit(node, visitor) {
    const visitor_ = initVisitor(visitor);
    if (identity.isDocument(node)) {
        const cd = visit_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
            node.contents = null;
    }
    else
        visit_(null, node, visitor_, Object.freeze([]));
}
// Without the `as symbol` casts, TS declares these in the `visit`
// namespace using `var`, but then complains about that because
// `unique symbol` must be `const`.
/** Terminate visit traversal completely */
visit.BREAK = BREAK;
/** Do not visit the children of the current node */
visit.SKIP = SKIP;
/** Remove the current node */
visit.REMOVE = REMOVE;
function visit_(key, node, visitor, path) {
    const ctrl = callVisitor(key, node, visitor, path);
    if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path, ctrl);
        return visit_(key, ctrl, visitor, path);
    }
    if (typeof ctrl !== 'symbol') {
        if (identity.isCollection(node)) {
            path = Object.freeze(path.concat(node));
            for (let i = 0; i < node.items.length; ++i) {
                const ci = visit_(i, node.items[i], visitor, path);
                if (typeof ci === 'number')
                    i = ci - 1;
                else if (ci === BREAK)
                    return BREAK;
                else if (ci === REMOVE) {
                    node.items.splice(i, 1);
                    i -= 1;
                }
            }
        }
        else if (identity.isPair(node)) {
            path = Object.freeze(path.concat(node));
            const ck = visit_('key', node.key, visitor, path);
            if (ck === BREAK)
                return BREAK;
            else if (ck === REMOVE)
                node.key = null;
            const cv = visit_('value', node.value, visitor, path);
            if (cv === BREAK)
                return BREAK;
            else if (cv === REMOVE)
                node.value = null;
        }
    }
    return ctrl;
}
/**
 * Apply an async visitor to an AST node or document.
 *
 * Walks through the tree (depth-first) starting from `node`, calling a
 * `visitor` function with three arguments:
 *   - `key`: For sequence values and map `Pair`, the node's index in the
 *     collection. Within a `Pair`, `'key'` or `'value'`, correspondingly.
 *     `null` for the root node.
 *   - `node`: The current node.
 *   - `path`: The ancestry of the current node.
 *
 * The return value of the visitor may be used to control the traversal:
 *   - `Promise`: Must resolve to one of the following values
 *   - `undefined` (default): Do nothing and continue
 *   - `visit.SKIP`: Do not visit the children of this node, continue with next
 *     sibling
 *   - `visit.BREAK`: Terminate traversal completely
 *   - `visit.REMOVE`: Remove the current node, then continue with the next one
 *   - `Node`: Replace the current node, then continue by visiting it
 *   - `number`: While iterating the items of a sequence or map, set the index
 *     of the next step. This is useful especially if the index of the current
 *     node has changed.
 *
 * If `visitor` is a single function, it will be called with all values
 * encountered in the tree, including e.g. `null` values. Alternatively,
 * separate visitor functions may be defined for each `Map`, `Pair`, `Seq`,
 * `Alias` and `Scalar` node. To define the same visitor function for more than
 * one node type, use the `Collection` (map and seq), `Value` (map, seq & scalar)
 * and `Node` (alias, map, seq & scalar) targets. Of all these, only the most
 * specific defined one will be used for each node.
 */
async function visitAsync(node, visitor) {
    const visitor_ = initVisitor(visitor);
    if (identity.isDocument(node)) {
        const cd = await visitAsync_(null, node.contents, visitor_, Object.freeze([node]));
        if (cd === REMOVE)
            node.contents = null;
    }
    else
        await visitAsync_(null, node, visitor_, Object.freeze([]));
}
// Without the `as symbol` casts, TS declares these in the `visit`
// namespace using `var`, but then complains about that because
// `unique symbol` must be `const`.
/** Terminate visit traversal completely */
visitAsync.BREAK = BREAK;
/** Do not visit the children of the current node */
visitAsync.SKIP = SKIP;
/** Remove the current node */
visitAsync.REMOVE = REMOVE;
async function visitAsync_(key, node, visitor, path) {
    const ctrl = await callVisitor(key, node, visitor, path);
    if (identity.isNode(ctrl) || identity.isPair(ctrl)) {
        replaceNode(key, path, ctrl);
        return visitAsync_(key, ctrl, visitor, path);
    }
    if (typeof ctrl !== 'symbol') {
        if (identity.isCollection(node)) {
            path = Object.freeze(path.concat(node));
            for (let i = 0; i < node.items.length; ++i) {
                const ci = await visitAsync_(i, node.items[i], visitor, path);
                if (typeof ci === 'number')
                    i = ci - 1;
                else if (ci === BREAK)
                    return BREAK;
                else if (ci === REMOVE) {
                    node.items.splice(i, 1);
                    i -= 1;
                }
            }
        }
        else if (identity.isPair(node)) {
            path = Object.freeze(path.concat(node));
            const ck = await visitAsync_('key', node.key, visitor, path);
            if (ck === BREAK)
                return BREAK;
            else if (ck === REMOVE)
                node.key = null;
            const cv = await visitAsync_('value', node.value, visitor, path);
            if (cv === BREAK)
                return BREAK;
            else if (cv === REMOVE)
                node.value = null;
        }
    }
    return ctrl;
}
function initVisitor(visitor) {
    if (typeof visitor === 'object' &&
        (visitor.Collection || visitor.Node || visitor.Value)) {
        return Object.assign({
            Alias: visitor.Node,
            Map: visitor.Node,
            Scalar: visitor.Node,
            Seq: visitor.Node
        }, visitor.Value && {
            Map: visitor.Value,
            Scalar: visitor.Value,
            Seq: visitor.Value
        }, visitor.Collection && {
            Map: visitor.Collection,
            Seq: visitor.Collection
        }, visitor);
    }
    return visitor;
}
function callVisitor(key, node, visitor, path) {
    if (typeof visitor === 'function')
        return visitor(key, node, path);
    if (identity.isMap(node))
        return visitor.Map?.(key, node, path);
    if (identity.isSeq(node))
        return visitor.Seq?.(key, node, path);
    if (identity.isPair(node))
        return visitor.Pair?.(key, node, path);
    if (identity.isScalar(node))
        return visitor.Scalar?.(key, node, path);
    if (identity.isAlias(node))
        return visitor.Alias?.(key, node, path);
    return undefined;
}
function replaceNode(key, path, node) {
    const parent = path[path.length - 1];
    if (identity.isCollection(parent)) {
        parent.items[key] = node;
    }
    else if (identity.isPair(parent)) {
        if (key === 'key')
            parent.key = node;
        else
            parent.value = node;
    }
    else if (identity.isDocument(parent)) {
        parent.contents = node;
    }
    else {
        const pt = identity.isAlias(parent) ? 'alias' : 'scalar';
        throw new Error(`Cannot replace node with ${pt} parent`);
    }
}

exports.visit = visit;
exports.visitAsync = visitAsync;


/***/ }),

/***/ 4861:
/***/ ((__webpack_module__, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   e: () => (/* reexport safe */ _main_js__WEBPACK_IMPORTED_MODULE_0__.e)
/* harmony export */ });
/* harmony import */ var _main_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(5354);

await (0,_main_js__WEBPACK_IMPORTED_MODULE_0__/* .run */ .e)();


__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 5354:
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
  Os: () => (core_group),
  jD: () => (core_hide),
  KT: () => (hideUrl),
  hK: () => (holdsSecret),
  pq: () => (core_info),
  _o: () => (core_isDebug),
  lm: () => (core_notice),
  E$: () => (redact),
  uH: () => (core_setOutput),
  $e: () => (core_warning),
  Sy: () => (writeSummary)
});

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

;// CONCATENATED MODULE: external "node:path"
const external_node_path_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");
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
const core_hide = (secret) => secrets.hide(secret);
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
    return toPosix(relative(workspace, folder));
}
/** @returns whether what is there of the path is a folder, and inside */
function staysInside(workspace, folder) {
    try {
        if (lstatSync(folder, { throwIfNoEntry: false }) === undefined)
            return staysInside(workspace, dirname(folder));
        return statSync(folder).isDirectory() && isInWorkspace(...realPaths(workspace, folder));
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
    return isInWorkspace(...realPaths(workspace, file)) ? toPosix((0,external_node_path_namespaceObject.relative)(workspace, file)) : { allowed };
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
        return (0,external_node_fs_namespaceObject.statSync)(path)[kind]();
    }
    catch {
        return false; // nothing, a link that leads in a circle, a file among its folders, or a name that is too long
    }
}
function toPosix(text) {
    return external_node_path_namespaceObject.posix.normalize(text.split(external_node_path_namespaceObject.sep).join('/') || '.');
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
        core_hide(secret);
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
    core_hide(apiKey);
    core_hide(githubToken);
    if (githubToken !== '')
        core_hide(Buffer.from(`x-access-token:${githubToken}`).toString('base64')); // the form that git sends
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

;// CONCATENATED MODULE: ./lib/src/inputs/text-file.js






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
/** A longer file is refused. */
const TEXT_MAX_BYTES = 1_000_000;
/** Reads a file of the workspace that an input names.
 *  @param path relative to the workspace
 *  @throws InputError for a file that is not UTF-8 or too large */
async function readTextFile(workspace, path) {
    const bytes = await readBytes(workspace, path).catch((cause) => {
        if (cause.code === undefined)
            throw cause;
        throw new InputError([
            `${path}: the file can't be read (${cause.code}): check the path, and that the runner may read it`,
        ]);
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
            throw new InputError([
                `${path}: it is not a file inside the workspace any more: let no other step change it meanwhile`,
            ]);
        if (stats.size > TEXT_MAX_BYTES)
            throw new InputError([`${path}: the file is larger than 1 MB: make it smaller`]);
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

;// CONCATENATED MODULE: ./lib/src/runner/outputs.js

/** Sets outputs to JSON arrays. The lists over the host's limit become empty outputs, and one notice.
 *  @param elsewhere for the notice: where the whole lists are */
function setListOutputs(lists, elsewhere = '') {
    const tooLong = [];
    for (const [name, list] of Object.entries(lists)) {
        const json = JSON.stringify(list);
        const fits = Buffer.byteLength(json) <= core.outputMaxBytes();
        if (!fits)
            tooLong.push(`${name} (${list.length})`);
        core.setOutput(name, fits ? json : '');
    }
    if (tooLong.length > 0)
        core.notice(`over 200 kB, so these outputs are left empty: ${tooLong.join(', ')}${elsewhere}`);
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

// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __nccwpck_require__(8815);
;// CONCATENATED MODULE: ./lib/src/inputs/yaml.js


// values of the document, with every alias counted as the values of its anchor
const yaml_VALUES_MAX = 100_000;
const TOO_DEEP = 'nested too deeply';
/**
 * Reads a YAML 1.2 document of the core schema, without custom tags, merge keys and duplicate keys.
 * @returns `root` is undefined for a document that is empty or can't be read
 */
function readYaml(text) {
    const content = text.replace(/^\uFEFF/, '');
    const lines = new dist/* LineCounter */.HN();
    lines.addNewLine(0);
    for (const { index } of content.matchAll(/\n/g))
        lines.addNewLine(index + 1);
    const lineOf = (at) => lines.linePos(at).line;
    const place = (problems) => {
        const places = new Map(problems.toReversed().map((problem) => [problem.at, problem]));
        const sorted = [...places.values()].sort((one, other) => one.at - other.at);
        return sorted.map(({ at, message }) => ({ line: lineOf(at), column: lines.linePos(at).col, message }));
    };
    const excess = findExcess(content);
    if (excess !== undefined)
        return { root: undefined, problems: [excess], place };
    const { errors, warnings, contents } = parse(content);
    const problems = yaml_explain([...errors, ...warnings], content, lineOf);
    if (problems.length > 0 || contents === null)
        return { root: undefined, problems, place };
    return { ...createReader(lineOf)(contents), place };
}
function parse(content) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0; // every character can be an error, and stack traces take memory
    try {
        return (0,dist/* parseDocument */.Tp)(content, {
            prettyErrors: false,
            schema: 'core', // also for a document with %YAML 1.1
            resolveKnownTags: false,
            merge: false,
            uniqueKeys: false, // its time is quadratic; readMap checks the keys
            logLevel: 'error',
        });
    }
    finally {
        Error.stackTraceLimit = stackTraceLimit;
    }
}
// The parser has no limit, and takes time and memory for each token. Text between tokens does not count.
const MARKS_MAX = 3 * yaml_VALUES_MAX;
const yaml_DEPTH_MAX = 500;
const MARKS = /[[\]{},:&*!|>'"%@?#\n]|-(?=[\0- ]|$)/g;
/** @returns the place from which on there is too much to parse */
function findExcess(text) {
    if (Buffer.byteLength(text) > TEXT_MAX_BYTES)
        return { at: 0, message: 'the file is larger than 1 MB' };
    let marks = 0;
    let depth = 0;
    for (const { 0: mark, index: at } of text.matchAll(MARKS)) {
        marks += 1;
        if (mark === '[' || mark === '{')
            depth += 1;
        else if (mark === ']' || mark === '}')
            depth = Math.max(0, depth - 1);
        if (marks > MARKS_MAX)
            return { at, message: `more than ${MARKS_MAX} lines and marks such as : and ,` };
        if (depth > yaml_DEPTH_MAX)
            return { at, message: TOO_DEEP };
    }
    return undefined;
}
/** Keeps the first problem of each line: the others usually follow from it. */
function yaml_explain(errors, text, lineOf) {
    // a pattern without quotes causes many other errors
    const aliases = errors.filter(({ code }) => code === 'BAD_ALIAS');
    const lines = new Map();
    for (const { code, message, pos } of aliases.length > 0 ? aliases : errors) {
        const [end] = pos;
        if (lines.has(lineOf(end)))
            continue;
        // the parser reports the end of an alias
        const at = code === 'BAD_ALIAS' ? 1 + Math.max(...[' ', '\n'].map((mark) => text.lastIndexOf(mark, end - 1))) : end;
        lines.set(lineOf(end), { at, message: WORDS[code] ?? message.replace(/\s+/g, ' ').slice(0, 200) });
    }
    return [...lines.values()];
}
const WORDS = {
    BAD_ALIAS: 'a text that starts with * must be in quotes',
    MULTIPLE_DOCS: 'a second document; allowed is one',
    RESOURCE_EXHAUSTION: TOO_DEEP,
    TAG_RESOLVE_FAILED: 'tags are not known here; a text that starts with ! must be in quotes',
};
/** @returns a function that reads a document once; with too many values it has that problem alone */
function createReader(lineOf) {
    const anchors = new Map();
    const problems = [];
    let values = 0;
    let excess;
    const report = (at, message) => void problems.push({ at, message });
    const nothing = (at, value) => ({ kind: 'scalar', at, value, source: '' });
    function read(node) {
        const [at] = node.range;
        const { anchor } = node;
        const alias = (0,dist/* isAlias */.Vj)(node) ? anchors.get(node.source) : undefined;
        const before = values;
        values += typeof alias === 'object' ? alias.values : 1;
        if (values > yaml_VALUES_MAX) {
            const message = `more than ${yaml_VALUES_MAX} values, those that aliases stand for included`;
            excess ??= { at, message };
        }
        if (excess !== undefined)
            return nothing(at);
        if (typeof alias === 'object')
            return { ...alias.node, at };
        if ((0,dist/* isAlias */.Vj)(node)) {
            const what = alias === undefined ? 'there is no such anchor before it' : 'it stands for what it is part of';
            report(at, `the alias ${quote(`*${node.source}`)} has no value: ${what}`);
            return nothing(at);
        }
        if (anchor !== undefined)
            anchors.set(anchor, 'open');
        const result = (0,dist/* isScalar */.jn)(node)
            ? { kind: 'scalar', at, value: node.value, source: node.source ?? '' }
            : (0,dist/* isMap */.jh)(node)
                ? { kind: 'map', at, entries: readEntries(node) }
                : { kind: 'list', at, items: node.items.map(read) };
        if (anchor !== undefined)
            anchors.set(anchor, { node: result, values: values - before });
        return result;
    }
    function readEntries(node) {
        const keys = new Set();
        return node.items.flatMap(({ key: keyNode, value: valueNode }) => {
            const [at, , end] = keyNode.range;
            const key = readKey(keyNode);
            const value = valueNode ? read(valueNode) : nothing(end, null);
            if (key === undefined)
                return [];
            if (keys.has(key))
                return report(at, `${quote(key)} is there twice`) ?? [];
            keys.add(key);
            return { key, at, line: lineOf(at), value };
        });
    }
    /** A number or a boolean becomes a key by its text. */
    function readKey(node) {
        const [at] = node.range;
        if ((0,dist/* isAlias */.Vj)(node))
            return report(at, 'a key must be a text; a text that starts with * must be in quotes');
        const key = read(node);
        const text = key.kind !== 'scalar' ? '' : typeof key.value === 'string' ? key.value : key.source;
        if (text === '<<')
            return report(at, 'merge keys (<<) are not known here');
        return text.trim() === '' || !text.isWellFormed() ? report(at, 'a key must be a text') : text;
    }
    return (document) => {
        const root = read(document);
        return excess === undefined ? { root, problems } : { root: undefined, problems: [excess] };
    };
}
/** The user of a URL, also without its scheme, is not shown. */
const yaml_USER = /^\s*[a-z][\w+.-]*:[/\\]{0,3}[^/?#]*@/i;
/** Formats a text of the document for a message: one line of at most 60 characters. */
function quote(text) {
    const line = text.replace(yaml_USER, '***@').replace(/\s+/g, ' ');
    return `'${line.length > 60 ? `${line.slice(0, 60)}…` : line}'`;
}
/** Describes a value for a message. */
function yaml_describe(node) {
    if (node.kind === 'map')
        return node.entries.length === 0 ? 'an empty map' : 'a map';
    if (node.kind === 'list')
        return node.items.length === 0 ? 'an empty list' : 'a list';
    if (node.value === null || node.value === undefined)
        return node.source === '' ? 'without a value' : 'null';
    if (typeof node.value !== 'string')
        return `the ${typeof node.value} ${quote(node.source)}`;
    return node.value.trim() === '' ? 'empty' : `the text ${quote(node.value)}`;
}
function yaml_refuse(node, name, allowed, report) {
    return report(node.at, `${name} is ${yaml_describe(node)}; allowed is ${allowed}`);
}

;// CONCATENATED MODULE: ./lib/src/configure-source/values.js

const SUBDOMAIN = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/;
const HOST = /^([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/;
const values_PARAMETER = /^[a-z][\w:-]*$/i;
/** One year, both for images and for error images. */
const TTL_MAX_S = 31_536_000;
function readScalar(allowed, isAllowed) {
    return (node, name, report) => node.kind === 'scalar' && isAllowed(node.value) ? node.value : yaml_refuse(node, name, allowed, report);
}
const values_readText = (node, name, report) => {
    const isOther = node.kind === 'scalar' && ['number', 'boolean'].includes(typeof node.value);
    const allowed = `a text of one line${isOther ? ' (put it in quotes)' : ''}`;
    return readScalar(allowed, (value) => isLine(value) && value.trim() !== '')(node, name, report);
};
const readBoolean = readScalar('true or false', (value) => typeof value === 'boolean');
function readWord(...words) {
    return readScalar(enumerate(words, 'or'), (value) => words.includes(value));
}
const readTtl = readScalar(`a whole number of seconds from 1 to ${TTL_MAX_S}`, (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= TTL_MAX_S);
const readUrl = readScalar('an absolute URL, such as https://example.com/image.png', isUrl);
function isUrl(value) {
    return isLine(value) && /^https?:\/\/[^\s/]\S*$/i.test(value) && URL.canParse(value);
}
function orNull(read) {
    return (node, name, report) => node.kind === 'scalar' && node.value === null && node.source !== '' ? null : read(node, name, report);
}
const readSubdomains = readList('the part of a host name before .imgix.net, in lower case, such as assets', (text) => SUBDOMAIN.test(text), 1);
const readDomains = readList('a host name of your own, in lower case, such as images.example.com', (text) => HOST.test(text) && !text.endsWith('.imgix.net'));
function readList(allowed, isAllowed, min = 0) {
    const readItem = readScalar(allowed, (value) => typeof value === 'string' && isAllowed(value));
    return (node, name, report) => {
        if (node.kind !== 'list')
            return yaml_refuse(node, name, 'a list of texts', report);
        if (node.items.length < min)
            return yaml_refuse(node, name, `at least one: ${allowed}`, report);
        const texts = new Set();
        for (const item of node.items) {
            const text = readItem(item, `an item of ${name}`, report);
            if (text !== undefined && texts.has(text))
                report(item.at, `${quote(text)} is in ${name} twice`);
            else if (text !== undefined)
                texts.add(text);
        }
        return [...texts];
    };
}
/** Rendering parameters by name, each value as its text. imgix checks names and values. */
const readParameters = (node, name, report) => {
    if (node.kind !== 'map')
        return yaml_refuse(node, name, 'a map from parameters to values, such as { auto: format }', report);
    const parameters = node.entries.map(({ key, at, value }) => {
        if (!values_PARAMETER.test(key))
            report(at, `${quote(key)} is not a parameter of imgix; ${name} takes names such as auto or fit`);
        return [key, readParameter(value, `${name}.${key}`, report)];
    });
    return Object.fromEntries(parameters);
};
const readParameter = (node, name, report) => {
    const { value, source } = node.kind === 'scalar' ? node : { value: undefined, source: '' };
    // they become parts of a URL as they are written: 001122 is a colour, and 1e3 is not 1000
    if (typeof value === 'boolean' || (typeof value === 'number' && /\d/.test(source)))
        return source;
    if (isLine(value) && value !== '')
        return value;
    return yaml_refuse(node, name, 'a text, a number, true or false; several values are one text: format,compress', report);
};
function isLine(value) {
    return typeof value === 'string' && value.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value);
}
/** `a, b and c` */
function enumerate(words, last = 'and') {
    return words.join(', ').replace(/, (?=\w+$)/, ` ${last} `);
}

;// CONCATENATED MODULE: ./lib/src/configure-source/attributes.js



const attributes_TYPES = ['azure', 'gcs', 's3', 'webfolder', 'webproxy'];
/** @returns the only type of Sources that has the attribute; undefined for an attribute of all */
function typeOf(name) {
    return attributes_TYPES.find((type) => name.startsWith(`${type}_`));
}
const attributes_text = { read: values_readText, isRequired: true };
const id = { ...attributes_text, credential: 'id' };
const secret = { ...attributes_text, credential: 'secret' };
/** The attributes of a deployment: docs.imgix.com/apis/management/sources, read 2026-11 */
const DEPLOYMENT = {
    type: { read: readWord(...attributes_TYPES), isRequired: true },
    imgix_subdomains: { read: readSubdomains, isRequired: true },
    annotation: { read: values_readText },
    cache_ttl_behavior: { read: readWord('respect_origin', 'override_origin', 'enforce_minimum') },
    cache_ttl_error: { read: readTtl },
    cache_ttl_value: { read: readTtl },
    crossdomain_xml_enabled: { read: readBoolean },
    custom_domains: { read: readDomains },
    default_params: { read: readParameters },
    image_error: { read: orNull(readUrl) },
    image_error_append_qs: { read: readBoolean },
    image_missing: { read: orNull(readUrl) },
    image_missing_append_qs: { read: readBoolean },
    secure_url_enabled: { read: readBoolean },
    s3_access_key: id,
    s3_secret_key: secret,
    s3_bucket: attributes_text,
    s3_prefix: { read: orNull(values_readText) },
    gcs_access_key: id,
    gcs_secret_key: secret,
    gcs_bucket: attributes_text,
    gcs_prefix: { read: orNull(values_readText) },
    azure_account: attributes_text,
    azure_bucket: attributes_text,
    azure_prefix: { read: orNull(values_readText) },
    azure_sas_string: secret,
    azure_service_type: { read: readWord('blob', 'file'), isRequired: true },
    webfolder_base_url: { read: readUrl, isRequired: true, mayBeSecret: true },
};
const attributes_CREDENTIALS = Object.keys(DEPLOYMENT).filter((name) => DEPLOYMENT[name]?.credential !== undefined);
const attributes_UPLOAD_CREDENTIALS = {
    type: { read: readWord('azure', 'gcs', 's3'), isRequired: true },
    ...Object.fromEntries(attributes_CREDENTIALS.map((name) => [name, DEPLOYMENT[name]])),
};
/** Attributes that imgix sets. */
const READ_ONLY = new Set(['allows_upload', 'date_deployed', 'deployment_status', 'id', 'secure_url_token']);
/** @returns the credentials in an answer of imgix */
function credentialsIn({ attributes }) {
    const { secure_url_token: token, deployment, upload_credentials: credentials } = attributes;
    const found = [deployment, credentials].flatMap((each) => errors_isRecord(each) ? attributes_CREDENTIALS.map((name) => each[name]) : []);
    return [token, ...found].filter((value) => typeof value === 'string');
}
/** @param prefix of the names, such as `deployment.` */
function explainUnknown(key, prefix, known) {
    const name = quote(`${prefix}${key}`);
    if (READ_ONLY.has(key))
        return `${name} is set by imgix and can't be set here`;
    if (prefix === '' && Object.hasOwn(DEPLOYMENT, key))
        return `${name} is an attribute of deployment; put it there`;
    if (prefix !== '' && ['name', 'enabled'].includes(key))
        return `${name} is not an attribute of ${prefix.slice(0, -1)}; put it at the top of the file`;
    const near = nearest(key, known);
    return `${name} is not known; ${near === undefined ? `allowed are ${known.join(', ')}` : `did you mean ${prefix}${near}?`}`;
}
/** @returns the known name that is most similar; undefined if none is */
function nearest(name, names) {
    const plain = (text) => text.toLowerCase().replaceAll(/[^a-z\d]/g, '');
    const own = plain(name);
    return [0, 1, 2]
        .filter((edits) => edits <= name.length / 2)
        .flatMap((edits) => names.filter((known) => isNear(own, plain(known), edits)))[0];
}
/** @returns whether so many letters that are inserted, deleted or replaced make one text of the other */
function isNear(text, known, edits) {
    if (text === known || edits === 0)
        return text === known;
    if (text[0] === known[0])
        return isNear(text.slice(1), known.slice(1), edits);
    const [rest, knownRest] = [text.slice(1), known.slice(1)];
    return isNear(rest, knownRest, edits - 1) || isNear(rest, known, edits - 1) || isNear(text, knownRest, edits - 1);
}

;// CONCATENATED MODULE: ./lib/src/configure-source/compare.js


const compare_VALUE_MAX_LENGTH = 500;
const CHANGED = '(changed)';
const NOT_COMPARABLE = '(not comparable: imgix never returns it)';
/**
 * Pure: compares a Source with the file.
 * @param attributes of the Source; `{}` for a Source to create
 * @param force also send attributes that can't be compared
 */
function compare(wanted, attributes, force) {
    const { secrets, deployment = {}, ...rest } = wanted;
    const current = errors_isRecord(attributes.deployment) ? attributes.deployment : {};
    const found = {
        name: differ('name', attributes.name, rest.name),
        enabled: differ('enabled', attributes.enabled, rest.enabled),
        deployment: compareObjects('deployment', { current, values: deployment, secrets }),
        upload_credentials: compareCredentials(wanted, attributes),
    };
    const whole = { ...rest, deployment: { ...keptOf(current, deployment), ...deployment } };
    const isSent = (name) => found[name].some(({ words }) => force || words !== NOT_COMPARABLE);
    const all = Object.values(found).flat();
    return {
        differences: all.filter(({ words }) => words !== NOT_COMPARABLE),
        notComparable: all.filter(({ words }) => words === NOT_COMPARABLE).map(({ attribute }) => attribute),
        change: Object.fromEntries(Object.entries(whole).filter(([name]) => isSent(name))),
    };
}
/** @param after undefined for an attribute that stays */
function differ(attribute, before, after) {
    const words = after === undefined ? undefined : compareValues(before, after);
    return words === undefined ? [] : [{ attribute, words }];
}
function compareObjects(object, { current, values, secrets }) {
    return Object.entries(values).flatMap(([name, value]) => {
        const attribute = `${object}.${name}`;
        const before = current[name];
        const credential = DEPLOYMENT[name]?.credential;
        if (credential === undefined && !secrets.has(attribute) && !hasPassword(before, value))
            return differ(attribute, before, value);
        if (current.type !== values.type)
            return [{ attribute, words: CHANGED }];
        if (credential === 'secret' || typeof before !== 'string' || value === '')
            return [{ attribute, words: NOT_COMPARABLE }];
        return before === value ? [] : [{ attribute, words: CHANGED }];
    });
}
/** Compares the credentials as a whole: the reference does not say which of them imgix returns. Those that a Source of
 *  another type has are of that type, too. */
function compareCredentials({ upload_credentials: values, secrets }, attributes) {
    if (values === undefined)
        return [];
    const { upload_credentials: current, deployment } = attributes;
    const isChanged = errors_isRecord(current)
        ? compareObjects('upload_credentials', { current, values, secrets }).some(({ words }) => words !== NOT_COMPARABLE)
        : !errors_isRecord(deployment) || deployment.allows_upload === false || deployment.type !== values.type;
    return [{ attribute: 'upload_credentials', words: isChanged ? CHANGED : NOT_COMPARABLE }];
}
/** The attributes that the file does not name. They are sent too, because imgix replaces a deployment as a whole. */
function keptOf(current, { type }) {
    const isKept = (name) => !READ_ONLY.has(name) && [undefined, type].includes(typeOf(name));
    return Object.fromEntries(Object.entries(current).filter(([name]) => isKept(name)));
}
/** @returns undefined if they are the same */
function compareValues(before, after) {
    if (Array.isArray(after))
        return compareLists(Array.isArray(before) ? before.map(String) : [], after.map(String));
    if (errors_isRecord(after))
        return compareMaps(errors_isRecord(before) ? before : {}, after);
    const [old, value] = [before ?? null, after ?? null];
    if (old === value)
        return undefined;
    if (old === null)
        return `set to ${show(value)}`;
    return value === null ? `removed: ${show(old)}` : `from ${show(old)} to ${show(value)}`;
}
/** Ignores the order: it has no meaning, and imgix may change it. */
function compareLists(before, after) {
    const [had, wanted] = [new Set(before), new Set(after)];
    const parts = [
        { verb: 'added', items: after.filter((item) => !had.has(item)) },
        { verb: 'removed', items: before.filter((item) => !wanted.has(item)) },
    ].filter(({ items }) => items.length > 0);
    return parts.map(({ verb, items }) => `${verb}: ${items.map(show).join(', ')}`).join('; ') || undefined;
}
/** Compares parameters as text: they become part of a URL, where 100 and '100' are the same. */
function compareMaps(before, after) {
    const text = (value) => (value === undefined || value === null ? null : textOf(value));
    const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => differ(name, text(before[name]), text(after[name])));
    return parts.map(({ attribute, words }) => `${attribute} ${words}`).join('; ') || undefined;
}
/** Shows much of a long text: addresses can differ in their last letter alone. */
function show(value) {
    const text = typeof value === 'string' ? `'${value}'` : String(JSON.stringify(value));
    return text.length > compare_VALUE_MAX_LENGTH ? `${text.slice(0, compare_VALUE_MAX_LENGTH)}…` : text;
}
/** @returns whether a URL, also one without its scheme, contains a user name or a password */
function hasPassword(...values) {
    return values.some((value) => typeof value === 'string' && /^\s*[a-z][\w+.-]*:[/\\]{0,3}[^/?#]*@/i.test(value));
}

;// CONCATENATED MODULE: ./lib/src/configure-source/configuration.js





const TOP = ['name', 'enabled', 'deployment', 'upload_credentials'];
const EMPTY = `the file is empty; it takes ${enumerate(TOP)}`;
/** Reads and checks the whole file.
 *  @throws TextFileError with all problems */
function parseConfiguration(text, options) {
    const { root, problems: found, place } = readYaml(text);
    const problems = found.map((problem) => ({ ...problem, message: explainBraces(text, problem) ?? problem.message }));
    const report = (at, message) => void problems.push({ at, message });
    const reading = { ...options, report, secrets: new Set() };
    const configuration = root && readRoot(root, reading);
    if (root === undefined && problems.length === 0)
        report(0, EMPTY);
    if (configuration === undefined || problems.length > 0)
        throw new TextFileError(options.file, place(problems));
    return configuration;
}
/** A better message than the parser's for a variable without quotes inside braces or brackets. */
function explainBraces(text, { at }) {
    const content = text.replace(/^\uFEFF/, '');
    return content.slice(at - 1, at + 1) === '${' ? `\${NAME} has to be in quotes here` : undefined;
}
/** @returns undefined for a file that is not a map */
function readRoot(root, reading) {
    const { report, mayCreate, secrets } = reading;
    if (root.kind !== 'map' || root.entries.length === 0) {
        const isEmpty = root.kind === 'map' || (root.kind === 'scalar' && root.value === null);
        return isEmpty ? report(root.at, EMPTY) : yaml_refuse(root, 'the file', `a map with ${enumerate(TOP)}`, report);
    }
    const entries = new Map(root.entries.map((entry) => [entry.key, entry]));
    for (const { key, at } of root.entries)
        if (!TOP.includes(key))
            report(at, explainUnknown(key, '', TOP));
    const lacks = mayCreate ? ['name', 'deployment'].filter((name) => !entries.has(name)) : [];
    if (lacks.length > 0)
        report(root.at, `the file lacks ${lacks.join(' and ')}, which a Source needs without source-id`);
    const name = readAttribute(entries.get('name'), { read: values_readText }, reading);
    const enabled = readAttribute(entries.get('enabled'), { read: readBoolean }, reading);
    const deployment = readObject(entries.get('deployment'), DEPLOYMENT, reading);
    const credentials = readObject(entries.get('upload_credentials'), attributes_UPLOAD_CREDENTIALS, reading);
    const otherType = explainTypes(credentials, deployment, 'the deployment');
    if (otherType !== undefined)
        report(entries.get('upload_credentials')?.at ?? root.at, otherType);
    const tooMany = explainDomains(deployment);
    if (tooMany !== undefined)
        report(entries.get('deployment')?.at ?? root.at, tooMany);
    return { name, enabled, deployment, upload_credentials: credentials, secrets };
}
/** @returns undefined for an entry that is missing or is not a map */
function readObject(entry, rules, reading) {
    if (entry === undefined)
        return undefined;
    const { report } = reading;
    const { key: object, value: node } = entry;
    if (node.kind !== 'map')
        return yaml_refuse(node, object, 'a map from attributes to values', report);
    const typeNode = node.entries.find(({ key }) => key === 'type')?.value;
    const type = attributes_TYPES.find((each) => typeNode?.kind === 'scalar' && typeNode.value === each);
    const known = Object.keys(rules).filter((name) => [undefined, type].includes(typeOf(name)));
    const values = {};
    for (const attribute of node.entries) {
        const { key, at } = attribute;
        const [name, rule] = [`${object}.${key}`, Object.hasOwn(rules, key) ? rules[key] : undefined];
        if (rule === undefined)
            report(at, explainUnknown(key, `${object}.`, known));
        else if (type !== undefined && !known.includes(key))
            report(at, `${name} is for Sources of type ${typeOf(key)}, and this one is of type ${type}`);
        else
            values[key] = readAttribute({ ...attribute, key: name }, rule, reading);
    }
    const missing = known.filter((name) => rules[name]?.isRequired && !node.entries.some(({ key }) => key === name));
    const ofType = type === undefined ? '' : ` of type ${type}`;
    const why = `imgix replaces ${object} as a whole, and never returns its secrets`;
    if (missing.length > 0)
        report(entry.at, `${object} lacks ${enumerate(missing)}, required${ofType}: ${why}`);
    return values;
}
/** @param entry with the attribute's whole name as its key
 *  @returns undefined for an entry that is missing, and after a problem */
function readAttribute(entry, rule, { report, resolve, secrets }) {
    if (entry === undefined)
        return undefined;
    const { key: name, value: node } = entry;
    if (rule.credential === undefined && !rule.mayBeSecret)
        return hasVariable(node, name, report) ? undefined : rule.read(node, name, report);
    if (node.kind !== 'scalar' || !isVariable(node.value)) {
        if (rule.credential !== 'secret')
            return rule.read(node, name, report);
        return report(node.at, `${name} is written as plain text; allowed is \${NAME}, a variable in the step's env`);
    }
    const value = resolve(node.value, (problem) => report(node.at, `${name}: ${problem}`));
    if (value === undefined)
        return undefined;
    if (rule.mayBeSecret && value !== '' && !isUrl(value))
        return report(node.at, `${name}: the value of the variable is not an absolute URL`);
    secrets.add(name);
    return value;
}
function isVariable(value) {
    return typeof value === 'string' && value.includes('${');
}
/** Reports a variable in an attribute whose value imgix shows. */
function hasVariable(node, name, report) {
    if (node.kind === 'map')
        return node.entries.map(({ value }) => hasVariable(value, name, report)).includes(true);
    if (node.kind === 'list')
        return node.items.map((item) => hasVariable(item, name, report)).includes(true);
    if (!isVariable(node.value))
        return false;
    report(node.at, `${name} can't be a variable: \${NAME} is for credentials and for webfolder_base_url`);
    return true;
}
/** imgix's limit for the subdomains and custom domains of one Source; read 2026-11 in the reference of Sources. */
const DOMAINS_MAX = 100;
/** @returns the problem of a deployment with too many domains */
function explainDomains({ imgix_subdomains: subdomains, custom_domains: own } = {}) {
    const { length } = [subdomains, own].flatMap((list) => (Array.isArray(list) ? list : []));
    if (length <= DOMAINS_MAX)
        return undefined;
    return `deployment has ${length} domains, imgix_subdomains and custom_domains together; allowed are ${DOMAINS_MAX}`;
}
/** @param whose `the deployment` or a Source
 *  @returns the problem of credentials that are not of the deployment's type */
function explainTypes({ type } = {}, { type: other } = {}, whose) {
    if (type === undefined || other === undefined || type === other)
        return undefined;
    return `upload_credentials are of type ${type}, and ${whose} is of type ${textOf(other)}; they have to be the same`;
}

;// CONCATENATED MODULE: ./lib/src/configure-source/requests.js





/** Ends the run. The message says what to do. */
class SourceError extends Error {
    name = 'SourceError';
}
/** Reads the Source of the input, or the one that has one of the file's subdomains.
 *  @returns undefined for a Source that does not exist
 *  @throws ImgixError, SourceError */
async function lookUp({ deployment }, run) {
    const { client, inputs, state, signal } = run;
    const id = inputs.sourceId || (await findSource(deployment?.imgix_subdomains, run));
    if (id === undefined)
        return undefined;
    state.sourceId = id;
    const source = await getSource(client, id, { signal }).catch((error) => {
        if (error instanceof ImgixError && error.status === 404)
            state.sourceId = '';
        throw error;
    });
    note(source, state);
    if (state.status === 'deleted')
        throw new SourceError(`Source ${id} is deleted; remove source-id to create another`);
    return source;
}
async function findSource(subdomains = [], { client, signal }) {
    const found = new Map();
    for (const subdomain of subdomains) {
        const query = {
            fields: ['deployment.imgix_subdomains', 'deployment_status'],
            filter: { 'deployment.imgix_subdomains': subdomain }, // also finds subdomains that contain it
            page: { size: 100 },
        };
        for await (const page of listSources(client, query, { signal })) {
            const having = page.filter((source) => source.attributes.deployment_status !== 'deleted');
            for (const source of having)
                if (subdomainsOf(source).includes(subdomain))
                    found.set(source.id, subdomain);
        }
    }
    if (found.size <= 1)
        return [...found.keys()][0];
    const each = [...found].map(([id, subdomain]) => `${subdomain} to Source ${id}`);
    throw new SourceError(`the file's subdomains belong to several Sources: ${each.join(', ')}; set source-id to one of them`);
}
function subdomainsOf({ id, attributes: { deployment } }) {
    const subdomains = errors_isRecord(deployment) ? deployment.imgix_subdomains : undefined;
    if (Array.isArray(subdomains))
        return subdomains;
    throw new SourceError(`imgix lists Source ${id} without its subdomains, so no Source can be found by subdomain; set source-id`);
}
/** Records the status in an answer, and hides the credentials in it. */
function note(source, state) {
    for (const secret of credentialsIn(source))
        core_hide(secret);
    state.status = textOf(source.attributes.deployment_status ?? '');
    return source;
}
/** Creates a Source once, without its upload credentials: in the reference only an update has them. After a lost answer,
 *  it looks for the Source before it tries again.
 *  @throws ImgixError, SourceError */
async function create({ deployment }, change, run) {
    const { client, inputs, state, signal } = run;
    const { upload_credentials: _sentLater, ...attributes } = change;
    const created = attributes; // the reading of the file asks for what a new Source needs
    let wasLost = false;
    const attempt = async (attempts) => {
        try {
            return { done: await send(createSource(client, created, { signal }), state) };
        }
        catch (error) {
            signal.throwIfAborted();
            if (!(error instanceof ImgixError))
                throw error;
            const isLost = isUncertain(error);
            wasLost ||= isLost;
            const id = wasLost ? await findSource(deployment?.imgix_subdomains, run) : undefined;
            if (id !== undefined)
                return { done: await getSource(client, id, { signal }) };
            return { error, waitMs: isLost ? backOff(attempts) : undefined };
        }
    };
    const source = note(await retry(attempt, { maxAttempts: inputs.maxAttempts, signal }), state);
    Object.assign(state, { changed: true, sourceId: source.id, result: 'created' });
    core_info(`created Source ${source.id}`);
    return source;
}
/** @throws ImgixError */
function update(sourceId, change, { client, state, signal }) {
    return send(updateSource(client, sourceId, change, { signal }), state);
}
/** Records whether the Source was changed. After a lost answer that is unknown. */
async function send(sending, state) {
    const before = state.changed;
    state.changed = before || undefined;
    try {
        const answer = note(await sending, state);
        state.changed = true;
        return answer;
    }
    catch (error) {
        if (error instanceof ImgixError && !error.perhapsDone && !isUncertain(error))
            state.changed = before;
        throw error;
    }
}
/** @returns whether imgix may have carried out the request that failed */
function isUncertain({ status = 0 }) {
    return status < 400 || status >= 500 || (isTransient(status) && status !== 429);
}

;// CONCATENATED MODULE: ./lib/src/configure-source/deployed.js





const POLL_MS = 500;
const POLL_MAX_MS = 10_000;
// imgix can return the status of the previous deployment for this long; other clients wait as long
const SETTLE_MS = 5000;
// imgix can return "disabled" for this long after a Source was enabled
const ENABLING_MS = 30_000;
// for the answer to the last poll, which is sent when the time is over
const ANSWER_MS = 5000;
/** No document names the status of a failed deployment. */
const FAILED = /fail|error|deleted/i;
/**
 * Waits until the Source is deployed. A Source that is not enabled ends as `disabled` or `deployed`.
 * @param now the attributes in the last answer
 * @throws SourceError for a deployment that fails or takes too long
 */
async function waitUntilDeployed(now, waiting) {
    const { read, before, isEnabled, timeoutMs, signal } = waiting;
    const endsAt = performance.now() + timeoutMs;
    let attributes = now;
    let hasMoved = before === undefined;
    let logged;
    for (let pollMs = POLL_MS;; pollMs = Math.min(POLL_MAX_MS, pollMs * 2)) {
        const status = textOf(attributes.deployment_status ?? '');
        const leftMs = endsAt - performance.now();
        hasMoved ||= attributes.deployment_status !== before?.deployment_status || isNewer(attributes, before);
        const isWanted = status === 'deployed' || (status === 'disabled' && !isEnabled);
        const isDone = isWanted && (hasMoved || isBelieved(attributes, timeoutMs - leftMs, waiting));
        const failure = explainFailure(status, timeoutMs - leftMs, waiting);
        const waits = isDone || failure !== undefined ? '' : `, waits up to ${duration(timeoutMs / 1000)}`;
        if (status !== logged)
            core_info(`deployment_status: ${status}${waits}`);
        logged = status;
        if (failure !== undefined)
            throw new SourceError(failure);
        if (isDone)
            return;
        const late = new SourceError(explainTimeout(status, isWanted, waiting));
        if (leftMs <= 0)
            throw late;
        await (0,external_node_timers_promises_namespaceObject.setTimeout)(Math.min(pollMs, leftMs), undefined, { signal });
        const end = AbortSignal.timeout(Math.ceil(Math.max(ANSWER_MS, endsAt - performance.now())));
        attributes = await read(AbortSignal.any([signal, end])).catch((error) => {
            throw end.aborted && !signal.aborted ? late : error;
        });
    }
}
function isNewer({ date_deployed: date }, before) {
    return typeof date === 'number' && date !== before?.date_deployed;
}
/** Whether a status that can be older than the change counts: after SETTLE_MS, and only if no date can prove it. */
function isBelieved({ date_deployed: date }, elapsedMs, waiting) {
    const { before, isEnabled, timeoutMs } = waiting;
    const isDated = isEnabled && typeof date === 'number' && typeof before?.date_deployed === 'number';
    return !isDated && elapsedMs >= Math.min(SETTLE_MS, timeoutMs);
}
/** @returns why no further poll helps; undefined if one can */
function explainFailure(status, elapsedMs, { before, isEnabled }) {
    if (FAILED.test(status))
        return `the Source has the status '${status}'; see imgix's dashboard`;
    const enablingMs = before?.deployment_status === 'disabled' ? ENABLING_MS : SETTLE_MS;
    if (!isEnabled || status !== 'disabled' || elapsedMs < enablingMs)
        return undefined;
    return "the Source is enabled, and imgix still has it 'disabled'; see imgix's dashboard";
}
function explainTimeout(status, isWanted, { isEnabled, timeoutMs }) {
    const after = `after ${timeoutMs / 1000} s`;
    const next = "run again to wait longer, or see imgix's dashboard";
    if (isWanted)
        return `deploy-timeout: the Source is '${status}', and its date_deployed is that from before the change ${after}; imgix may still serve the older configuration: ${next}`;
    const wanted = isEnabled ? 'deployed' : 'disabled';
    return `deploy-timeout: the Source is '${status}' and not '${wanted}' ${after}; imgix continues the deployment: ${next}`;
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

;// CONCATENATED MODULE: ./lib/src/configure-source/report.js







const OUTPUT_MAX_LENGTH = 200;
function logValid(file, wanted) {
    const { name, enabled, deployment, upload_credentials: credentials } = wanted;
    const parts = [
        name && `name '${name}'`,
        enabled !== undefined && (enabled ? 'enabled' : 'not enabled'),
        deployment && `a deployment of type ${deployment.type}`,
        deployment?.imgix_subdomains.map((subdomain) => `${subdomain}.imgix.net`).join(', '),
        credentials && 'upload credentials',
    ];
    core_info(`${file} is valid: ${parts.filter(Boolean).join(', ')}`);
}
function logComparison(comparison, sourceId) {
    const { differences, notComparable } = comparison;
    const whom = sourceId === undefined ? 'no Source has its subdomains' : `Source ${sourceId}`;
    const what = differences.length === 0 ? 'nothing differs' : `${count(differences.length, 'attribute')} to set`;
    const hidden = notComparable.length === 0 ? '' : `, ${notComparable.length} not comparable`;
    const lines = rowsOf(comparison).map(({ attribute, words }) => `${attribute}: ${words}`);
    core_group(`Compared with imgix: ${whom}, ${what}${hidden}`, lines);
}
function rowsOf({ differences = [], notComparable = [] } = {}) {
    return [...differences, ...notComparable.map((attribute) => ({ attribute, words: NOT_COMPARABLE }))];
}
/** Reports the result of the run, after every ending. */
async function reportEnding(state, { error, cancelled }) {
    debugError(error);
    const failures = listProblems(error, 'imgix Source', explain);
    annotations_annotate('error', failures);
    const ended = cancelled ? 'cancelled' : error === undefined ? undefined : 'failed';
    const sentence = resultSentence(state, ended);
    await attempt('the outputs', () => setOutputs(state));
    const title = heading(ended === undefined ? '✅' : '❌', `imgix Source: ${sentence}`);
    const row = ({ attribute, words }) => [`<code>${breakable(html(attribute))}</code>`, prose(words)];
    const rows = table(rowsOf(state.comparison), { head: ['Attribute', 'Difference'], row, source: 'log' });
    await outputs_writeSummary(joinSections([title, paragraphs(failures.map(({ line }) => line)), rows]));
    core_info(sentence);
    if (cancelled)
        core_error(sentence);
    if (ended !== undefined)
        process.exitCode = core_ExitCode.Failure;
}
/** @param ended how the run ended early; undefined if it did not */
function resultSentence({ result, dryRun, sourceId, comparison, status, changed }, ended) {
    const early = ended === undefined ? '' : `${ended}: `;
    const { length } = comparison?.differences ?? [];
    const attributes = length === 0 ? 'attributes that imgix does not return' : count(length, 'attribute');
    const state = status === '' || dryRun ? '' : status === 'deployed' ? ', deployed' : `, its deployment is '${status}'`;
    if (result === 'valid')
        return 'the file is valid; without api-key it is not compared with imgix';
    if (result === 'created')
        return dryRun ? 'would create the Source' : `${early}created Source ${sourceId}${state}`;
    if (result === 'updated')
        return `${early}${dryRun ? 'would update' : 'updated'} Source ${sourceId}: ${attributes}${state}`;
    if (result === 'same' && ended === undefined)
        return `Source ${sourceId} is the same as in the file${state}`;
    return `${early}${changed === undefined ? 'it is unknown whether the Source was changed; run again' : 'nothing was changed'}`;
}
function setOutputs({ sourceId, changed, status }) {
    // imgix may say anything
    const word = (text) => printable(redact(text)).slice(0, OUTPUT_MAX_LENGTH);
    core_setOutput('source-id', word(sourceId));
    core_setOutput('changed', changed === undefined ? '' : String(changed));
    core_setOutput('deployment-status', word(status));
}

;// CONCATENATED MODULE: ./lib/src/configure-source/apply.js









/** Applies the file: finds or creates the Source, sends the differences, waits until the Source is deployed.
 *  @throws ImgixError, SourceError */
async function applyConfiguration(wanted, run) {
    const { state, inputs } = run;
    const current = await lookUp(wanted, run);
    const comparison = compare(wanted, current?.attributes ?? {}, inputs.force);
    const { change } = comparison;
    state.comparison = comparison;
    if (current !== undefined)
        checkTogether(wanted, change, current);
    logComparison(comparison, current?.id);
    const needsChange = Object.keys(change).length > 0;
    const result = current === undefined ? 'created' : needsChange ? 'updated' : 'same';
    if (inputs.dryRun) {
        Object.assign(state, { changed: needsChange, result });
        return;
    }
    let now = current;
    if (now === undefined)
        now = await create(wanted, change, run);
    else if (needsChange)
        now = await update(now.id, change, run);
    state.result = result;
    warnOfRewritten(wanted, now);
    if (current === undefined && change.upload_credentials)
        now = await sendCredentials(now.id, change, run);
    const isDeployed = change.deployment !== undefined || change.enabled !== undefined;
    if (inputs.deployTimeoutMs > 0)
        await deploy(now, { wanted, before: isDeployed ? current : undefined }, run);
}
/** Checks the file with what only the Source has. */
function checkTogether(wanted, change, { id, attributes }) {
    const deployment = wanted.deployment ?? attributes.deployment ?? {};
    const otherType = explainTypes(wanted.upload_credentials, deployment, `Source ${id}`);
    if (otherType !== undefined)
        throw new SourceError(otherType);
    const tooMany = explainDomains(change.deployment ?? {});
    if (tooMany !== undefined)
        throw new SourceError(`${tooMany}; some are only at Source ${id}`);
}
async function sendCredentials(id, { upload_credentials = null }, run) {
    try {
        return await update(id, { upload_credentials }, run);
    }
    catch (cause) {
        if (!(cause instanceof ImgixError))
            throw cause;
        throw new SourceError(`Source ${id} was created, but not its upload_credentials; run again with force after this: ${explain(cause)}`, { cause });
    }
}
/** Warns of attributes that imgix stores in another form: every run would send them again. */
function warnOfRewritten({ upload_credentials: _hidden, ...wanted }, { attributes }) {
    for (const { attribute, words } of compare(wanted, { ...wanted, ...attributes }, false).differences)
        core_warning(`${attribute}: imgix stores another value than the file has (${words}): write imgix's value into the file, or every run sends the attribute again`);
}
async function deploy({ id, attributes }, { wanted, before }, run) {
    const { client, inputs, state, signal } = run;
    const fields = ['deployment_status', 'date_deployed'];
    await waitUntilDeployed(attributes, {
        read: async (until) => note(await getSource(client, id, { fields, signal: until }), state).attributes,
        before: before?.attributes,
        isEnabled: wanted.enabled ?? attributes.enabled !== false,
        timeoutMs: inputs.deployTimeoutMs,
        signal,
    });
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

;// CONCATENATED MODULE: ./lib/src/configure-source/inputs.js




// The defaults of source/action.yml, for inputs that the runner does not set. A test compares the two.
const inputs_DEFAULTS = {
    file: '.github/imgix-source.yml',
    'dry-run': 'false',
    force: 'false',
    'deploy-timeout': '600',
    ...CLIENT_DEFAULTS,
};
/**
 * Reads and checks every input, and the proxy variables.
 * @param workspace absolute path of the folder that `file` is relative to
 * @throws InputError with all problems at once
 */
function readInputs(workspace) {
    const { read, readClient, requireKey, check } = createInputReader(inputs_DEFAULTS);
    const inputs = {
        /** '' to find the Source by its subdomains, or to create it */
        sourceId: read('source-id', parseSourceId),
        /** POSIX, relative to the workspace */
        file: read('file', (text) => parseFile(text, workspace)),
        dryRun: read('dry-run', parseBoolean),
        /** also send attributes that can't be compared */
        force: read('force', parseBoolean),
        /** 0: do not wait */
        deployTimeoutMs: read('deploy-timeout', wholeNumber(0, 7200)) * 1000,
        ...readClient(),
        /** a variable of the step's environment */
        readVariable: (name) => (Object.hasOwn(process.env, name) ? process.env[name] : undefined), // not `constructor`
    };
    if (inputs.dryRun === false)
        requireKey('a Management API key, required unless dry-run is true');
    check();
    return inputs;
}

;// CONCATENATED MODULE: ./lib/src/configure-source/variables.js
const NAME = /^\$\{([A-Za-z_]\w*)\}$/;
/** Prefixes of variables that no file may read: the inputs with the api-key, and the runner's tokens. */
const OWN = /^(INPUT|GITHUB|ACTIONS|RUNNER|STATE)_/i;
/** The variables of other CI systems that no file may read. */
const OTHERS = /^(CI_JOB_|CI_(REGISTRY|DEPLOY|DEPENDENCY_PROXY)_PASSWORD$|CI_REPOSITORY_URL$|SYSTEM_ACCESSTOKEN$|BUILDKITE_AGENT_ACCESS_TOKEN$|DRONE_NETRC_|BITBUCKET_STEP_OIDC_TOKEN$|CIRCLE_OIDC_TOKEN)/i;
const SET_IT = "set it in the step's env";
/** @param hide gets every value before it can be printed */
function createResolve({ readVariable, apiKey, dryRun }, hide) {
    return (text, refuse) => {
        const name = NAME.exec(text)?.[1];
        if (name === undefined)
            return refuse(explainForm(text));
        if (OWN.test(name) || OTHERS.test(name))
            return refuse(`the variable ${name} belongs to the runner; set a variable of another name in the step's env`);
        const value = readVariable(name);
        if (value === undefined)
            return refuse(`the variable ${name} is not set; ${SET_IT}`);
        hide(value);
        const fork = 'in a run from a fork, where secrets are empty, only dry-run works';
        if (value === '')
            return dryRun ? value : refuse(`the variable ${name} is empty; ${SET_IT} (${fork})`);
        if (value === apiKey)
            return refuse(`the variable ${name} has the api-key as its value, which is not part of a Source`);
        if (/^[\x21-\x7e]+$/.test(value))
            return value;
        return refuse(`the variable ${name} has to be one line of printable ASCII without spaces, and without a line break at its end`);
    };
}
function explainForm(text) {
    if (text.includes('${{'))
        return `\${{ }} is for workflows; ${SET_IT} there, and write \${NAME} here`;
    return `a variable has to be the whole text: \${NAME}, with a name of letters, digits and _`;
}

;// CONCATENATED MODULE: ./lib/src/configure-source/main.js











/** Runs the action once: it never throws, and sets the exit code.
 *  @param front of a run that GitHub's runner does not start */
async function run(front) {
    const state = { dryRun: false, sourceId: '', changed: false, status: '', result: 'none' };
    const reportResult = (ending) => reportEnding(state, ending);
    return runAction((runner) => ({ carryOut: () => carryOut(runner, state), reportEnding: reportResult }), front);
}
async function carryOut({ environment, stop }, state) {
    const { workspace, event } = environment;
    const inputs = readInputs(workspace);
    const { file, sourceId, apiKey, dryRun } = inputs;
    Object.assign(state, { dryRun, sourceId });
    if (isUnmerged(event) && !dryRun) {
        core_notice('this run on a pull request applies a file that is not merged; set dry-run to true to compare only');
    }
    const text = await readTextFile(workspace, file);
    const resolve = createResolve(inputs, core_hide);
    const wanted = parseConfiguration(text, { file, mayCreate: sourceId === '', resolve });
    logValid(file, wanted);
    if (apiKey === '') {
        Object.assign(state, { result: 'valid', changed: undefined });
        return;
    }
    const { /* hideUrl */ "KT": hide, /* redact */ "E$": redact } = runner_core_namespaceObject;
    const client = createClient({ ...inputs, userAgent: 'imgix-sync-source/1', hide, redact, onLongWait: logWait });
    try {
        await applyConfiguration(wanted, { client, inputs, state, signal: stop.soft });
    }
    finally {
        client.close();
    }
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
/******/ var __webpack_exports__ = __nccwpck_require__(4861);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ var __webpack_exports__run = __webpack_exports__.e;
/******/ export { __webpack_exports__run as run };
/******/ 
