export const id = 784;
export const ids = [784];
export const modules = {

/***/ 7371:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  parseMetadata: () => (/* binding */ parseMetadata)
});

// EXTERNAL MODULE: ./lib/src/inputs/metadata.js + 1 modules
var metadata = __webpack_require__(2130);
// EXTERNAL MODULE: ./lib/src/inputs/values.js
var values = __webpack_require__(9898);
// EXTERNAL MODULE: ./node_modules/yaml/dist/index.js
var dist = __webpack_require__(8815);
// EXTERNAL MODULE: ./lib/src/inputs/text-file.js
var text_file = __webpack_require__(6158);
;// CONCATENATED MODULE: ./lib/src/inputs/yaml.js


// values of the document, with every alias counted as the values of its anchor
const VALUES_MAX = 100_000;
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
    const problems = explain([...errors, ...warnings], content, lineOf);
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
const MARKS_MAX = 3 * VALUES_MAX;
const DEPTH_MAX = 500;
const MARKS = /[[\]{},:&*!|>'"%@?#\n]|-(?=[\0- ]|$)/g;
/** @returns the place from which on there is too much to parse */
function findExcess(text) {
    if (Buffer.byteLength(text) > text_file/* TEXT_MAX_BYTES */.$K)
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
        if (depth > DEPTH_MAX)
            return { at, message: TOO_DEEP };
    }
    return undefined;
}
/** Keeps the first problem of each line: the others usually follow from it. */
function explain(errors, text, lineOf) {
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
        if (values > VALUES_MAX) {
            const message = `more than ${VALUES_MAX} values, those that aliases stand for included`;
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
const USER = /^\s*[a-z][\w+.-]*:[/\\]{0,3}[^/?#]*@/i;
/** Formats a text of the document for a message: one line of at most 60 characters. */
function quote(text) {
    const line = text.replace(USER, '***@').replace(/\s+/g, ' ');
    return `'${line.length > 60 ? `${line.slice(0, 60)}…` : line}'`;
}
/** Describes a value for a message. */
function describe(node) {
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
function refuse(node, name, allowed, report) {
    return report(node.at, `${name} is ${describe(node)}; allowed is ${allowed}`);
}

;// CONCATENATED MODULE: ./lib/src/inputs/metadata-file.js



const ALLOWED = 'allowed are categories, custom_fields, description, name and tags';
/**
 * Reads the metadata file: a map from patterns, as in `files`, to attributes.
 * @returns the rules, or all problems, each with the allowed values
 */
function parseMetadata(text) {
    const { root, problems, place } = readYaml(text);
    const report = (at, message) => void problems.push({ at, message });
    const rules = root === undefined ? [] : readRules(root, report);
    return problems.length === 0 ? { rules } : { problems: place(problems) };
}
function readRules(root, report) {
    if (root.kind === 'scalar' && root.value === null)
        return [];
    if (root.kind !== 'map')
        return refuse(root, 'the file', 'a map from patterns to attributes', report) ?? [];
    return root.entries.flatMap((entry) => {
        const matches = readPattern(entry, report);
        const attributes = readAttributes(entry, report);
        return matches === undefined ? [] : [{ pattern: entry.key, line: entry.line, matches, attributes }];
    });
}
function readPattern({ key, at }, report) {
    const matches = /^\s*[!#]|[\r\n]/.test(key)
        ? { allowed: 'one pattern that takes files, without ! and # before it' }
        : (0,values/* parseFiles */.Bj)(key);
    return typeof matches === 'function' ? matches : report(at, `${quote(key)} is not allowed; ${matches.allowed}`);
}
function readAttributes({ key: pattern, value: node }, report) {
    const attributes = { ...metadata/* NO_ATTRIBUTES */.AY };
    if (node.kind !== 'map' || node.entries.length === 0) {
        report(node.at, `${quote(pattern)} is ${describe(node)}; ${ALLOWED}`);
        return attributes;
    }
    for (const entry of node.entries) {
        const { key, at, value } = entry;
        if (key === 'categories')
            attributes.categories = readCategories(value, report);
        else if (key === 'custom_fields')
            attributes.customFields = readObject(entry, readField, report);
        else if (key === 'tags')
            attributes.tags = readObject(entry, readConfidence, report);
        else if (key === 'description' || key === 'name')
            attributes[key] = readText(entry, report);
        else
            report(at, `${quote(key)} is not known; ${ALLOWED}`);
    }
    return attributes;
}
function readCategories(node, report) {
    if (node.kind !== 'list' || node.items.length === 0) {
        return refuse(node, 'categories', 'a list of texts, such as [product, summer]', report) ?? [];
    }
    return node.items.flatMap((item) => textOf(item) ?? refuse(item, 'a category', `a text${inQuotes(item)}`, report) ?? []);
}
function readObject({ key: name, value: node }, readValue, report) {
    if (node.kind !== 'map' || node.entries.length === 0) {
        return refuse(node, name, 'a map from keys to values', report) ?? {};
    }
    const entries = node.entries.map((entry) => [entry.key, readValue(entry, report)]);
    return Object.fromEntries(entries.filter((entry) => entry[1] !== undefined));
}
/** Numbers and booleans are stored as their text: imgix's examples are texts, and 01 is not 1. */
function readField({ key, at, value: node }, report) {
    if (key === metadata/* RECORD_FIELD */.bC)
        return report(at, `the custom field '${metadata/* RECORD_FIELD */.bC}' is the action's own; allowed is any other name`);
    if (isNull(node))
        return null;
    if (isNumberOrBoolean(node))
        return node.source;
    const allowed = 'a text, a number, true or false, or null to take it away';
    return textOf(node) ?? refuse(node, `the custom field ${quote(key)}`, allowed, report);
}
function readConfidence({ key, value: node }, report) {
    if (isNull(node))
        return null;
    const value = node.kind === 'scalar' && typeof node.value === 'number' ? node.value : Number.NaN;
    if (value >= 0 && value <= 1)
        return value;
    return refuse(node, `the tag ${quote(key)}`, 'a confidence from 0 to 1, or null to take it away', report);
}
function readText({ key: name, value: node }, report) {
    if (isNull(node))
        return null;
    return textOf(node) ?? refuse(node, name, `a text${inQuotes(node)}, or null to clear it`, report);
}
/** @returns the trimmed text; undefined for an empty text, and for other values */
function textOf(node) {
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || !node.value.isWellFormed())
        return undefined;
    return node.value.trim() || undefined;
}
/** An explicit null. A missing value is usually a mistake. */
function isNull(node) {
    return node.kind === 'scalar' && node.value === null && node.source !== '';
}
function isNumberOrBoolean(node) {
    return node.kind === 'scalar' && ['number', 'boolean'].includes(typeof node.value);
}
function inQuotes(node) {
    return isNumberOrBoolean(node) ? ' (put it in quotes)' : '';
}


/***/ })

};
