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
;// CONCATENATED MODULE: ./lib/src/inputs/yaml.js

const BYTES_MAX = 1_000_000;
// values of the document, with every alias counted as the values of its anchor
const VALUES_MAX = 100_000;
const TOO_MANY = `more than ${VALUES_MAX} values, those that aliases stand for included`;
const TOO_DEEP = 'nested too deeply';
/**
 * Reads a YAML 1.2 document of the core schema, without custom tags, merge keys and duplicate keys.
 * @returns `root` is undefined for a document that is empty or can't be read
 */
function readYaml(text) {
    const lineCounter = new dist/* LineCounter */.HN();
    const place = (problems) => {
        const places = new Map(problems.toReversed().map(({ at, message }) => [at, message]));
        return [...places]
            .sort(([one], [other]) => one - other)
            .map(([at, message]) => {
            const { line, col } = lineCounter.linePos(at);
            return { line: Math.max(1, line), column: Math.max(1, col), message };
        });
    };
    const unreadable = (problems) => ({ root: undefined, problems, place });
    if (Buffer.byteLength(text) > BYTES_MAX)
        return unreadable([{ at: 0, message: 'the file is larger than 1 MB' }]);
    const content = text.replace(/^\uFEFF/, '');
    const excess = findExcess(content);
    if (excess !== undefined) {
        for (const { index } of content.matchAll(/\n/g))
            lineCounter.addNewLine(index + 1);
        return unreadable([excess]);
    }
    const document = parse(content, lineCounter);
    const unparsed = explain([...document.errors, ...document.warnings], content, (at) => lineCounter.linePos(at).line);
    if (unparsed.length > 0 || document.contents === null)
        return unreadable(unparsed);
    const problems = [];
    try {
        return { root: createReader(problems)(document.contents), problems, place };
    }
    catch (error) {
        if (!(error instanceof Exhausted))
            throw error;
        return unreadable([{ at: error.at, message: error.message }]);
    }
}
function parse(content, lineCounter) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0; // every character can be an error, and stack traces take memory
    try {
        return (0,dist/* parseDocument */.Tp)(content, {
            lineCounter,
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
const MARKS = new Set('[]{},:&*!|>\'"%@?#\n');
/** @returns the place from which on there is too much to parse */
function findExcess(text) {
    let marks = 0;
    let depth = 0;
    for (let at = 0; at < text.length; at += 1) {
        const character = text.charAt(at);
        if (MARKS.has(character) || (character === '-' && text.charAt(at + 1) <= ' '))
            marks += 1;
        if (character === '[' || character === '{')
            depth += 1;
        else if (character === ']' || character === '}')
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
        const line = lineOf(pos[0]);
        if (lines.has(line))
            continue;
        const at = code === 'BAD_ALIAS' ? startOfWord(text, pos[0]) : pos[0];
        lines.set(line, { at, message: WORDS[code] ?? message.replace(/\s+/g, ' ').slice(0, 200) });
    }
    return [...lines.values()];
}
/** The parser reports the end of an alias. */
function startOfWord(text, end) {
    return Math.max(text.lastIndexOf(' ', end - 1), text.lastIndexOf('\n', end - 1)) + 1;
}
const WORDS = {
    BAD_ALIAS: 'a text that starts with * must be in quotes',
    MULTIPLE_DOCS: 'a second document; allowed is one',
    RESOURCE_EXHAUSTION: TOO_DEEP,
    TAG_RESOLVE_FAILED: 'tags are not known here; a text that starts with ! must be in quotes',
};
/** A document that grows beyond bounds. */
class Exhausted extends Error {
    name = 'Exhausted';
    at;
    constructor(at) {
        super(TOO_MANY);
        this.at = at;
    }
}
function createReader(problems) {
    const anchors = new Map();
    let values = 0;
    function read(node) {
        const at = node.range[0];
        const before = values;
        if ((0,dist/* isAlias */.Vj)(node))
            return readAlias(node.source, at);
        count(1, at);
        if (node.anchor !== undefined)
            anchors.set(node.anchor, 'open');
        const read = (0,dist/* isScalar */.jn)(node) ? readScalar(node, at) : (0,dist/* isMap */.jh)(node) ? readMap(node, at) : readList(node, at);
        if (node.anchor !== undefined)
            anchors.set(node.anchor, { node: read, values: values - before });
        return read;
    }
    function count(more, at) {
        values += more;
        if (values > VALUES_MAX)
            throw new Exhausted(at);
    }
    function readAlias(name, at) {
        const anchor = anchors.get(name);
        if (anchor === undefined || anchor === 'open') {
            const what = anchor === undefined ? 'there is no such anchor before it' : 'it stands for what it is part of';
            problems.push({ at, message: `the alias ${quote(`*${name}`)} has no value: ${what}` });
            return { kind: 'scalar', at, value: undefined, source: '' };
        }
        count(anchor.values, at);
        return { ...anchor.node, at };
    }
    function readScalar(node, at) {
        return { kind: 'scalar', at, value: node.value, source: node.source ?? '' };
    }
    function readList(node, at) {
        return { kind: 'list', at, items: node.items.map((item) => read(item)) };
    }
    function readMap(node, at) {
        const entries = [];
        const keys = new Set();
        for (const pair of node.items) {
            const key = readKey(pair.key);
            const value = pair.value ? read(pair.value) : readScalar({ value: null }, pair.key.range[1]);
            if (key === undefined)
                continue;
            if (keys.has(key))
                problems.push({ at: pair.key.range[0], message: `${quote(key)} is there twice` });
            else
                entries.push({ key, at: pair.key.range[0], value });
            keys.add(key);
        }
        return { kind: 'map', at, entries };
    }
    /** A number or a boolean becomes a key by its text. */
    function readKey(node) {
        const at = node.range[0];
        const key = (0,dist/* isAlias */.Vj)(node) ? undefined : read(node);
        if (key?.kind !== 'scalar') {
            const quotes = (0,dist/* isAlias */.Vj)(node) ? '; a text that starts with * must be in quotes' : '';
            problems.push({ at, message: `a key must be a text${quotes}` });
            return undefined;
        }
        const text = typeof key.value === 'string' ? key.value : key.source;
        if (text === '<<')
            problems.push({ at, message: 'merge keys (<<) are not known here' });
        else if (text.trim() === '' || !text.isWellFormed())
            problems.push({ at, message: 'a key must be a text' });
        else
            return text;
        return undefined;
    }
    return read;
}
/** Formats a text of the document for a message: one line of at most 60 characters. */
/** The user of a URL, also without its scheme, is not shown. It is looked for before the text is cut. */
const USER = /^\s*[a-z][\w+.-]*:[/\\]{0,3}[^/?#]*@/i;
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

;// CONCATENATED MODULE: ./lib/src/inputs/metadata-file.js



const ALLOWED = 'allowed are categories, custom_fields, description, name and tags';
/**
 * Reads the metadata file: a map from patterns, as in `files`, to attributes.
 * @returns the rules, or all problems, each with the allowed values
 */
function parseMetadata(text) {
    const { root, problems, place } = readYaml(text);
    const report = (at, message) => problems.push({ at, message });
    const rules = root === undefined ? [] : readRules(root, report, (at) => place([{ at, message: '' }])[0]?.line ?? 1);
    return problems.length === 0 ? { rules } : { problems: place(problems) };
}
function readRules(root, report, lineAt) {
    if (root.kind === 'scalar' && root.value === null)
        return [];
    if (root.kind !== 'map') {
        report(root.at, `the file is ${describe(root)}; allowed is a map from patterns to attributes`);
        return [];
    }
    return root.entries.flatMap((entry) => {
        const matches = readPattern(entry, report);
        const attributes = readAttributes(entry, report);
        return matches === undefined ? [] : [{ pattern: entry.key, line: lineAt(entry.at), matches, attributes }];
    });
}
function readPattern({ key, at }, report) {
    if (/^\s*[!#]|[\r\n]/.test(key)) {
        report(at, `${quote(key)} is not allowed; one pattern that takes files, without ! and # before it`);
        return undefined;
    }
    const matches = (0,values/* parseFiles */.Bj)(key);
    if (typeof matches === 'function')
        return matches;
    report(at, `${quote(key)} is not allowed; ${matches.allowed}`);
    return undefined;
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
        report(node.at, `categories is ${describe(node)}; allowed is a list of texts, such as [product, summer]`);
        return [];
    }
    const texts = node.items.map((item) => {
        const text = textOf(item);
        if (text === undefined)
            report(item.at, `a category is ${describe(item)}; allowed is a text${inQuotes(item)}`);
        return text;
    });
    return texts.filter((text) => text !== undefined);
}
function readObject({ key: name, value: node }, readValue, report) {
    if (node.kind !== 'map' || node.entries.length === 0) {
        report(node.at, `${name} is ${describe(node)}; allowed is a map from keys to values`);
        return {};
    }
    const entries = node.entries.map((entry) => [entry.key, readValue(entry, report)]);
    return Object.fromEntries(entries.filter((entry) => entry[1] !== undefined));
}
/** Numbers and booleans are stored as their text: imgix's examples are texts, and 01 is not 1. */
function readField({ key, at, value: node }, report) {
    if (key === metadata/* RECORD_FIELD */.bC) {
        report(at, `the custom field '${metadata/* RECORD_FIELD */.bC}' is the action's own; allowed is any other name`);
        return undefined;
    }
    const field = isNull(node) ? null : isScalarOf(node, 'number', 'boolean') ? node.source : textOf(node);
    if (field === undefined) {
        const allowed = 'allowed is a text, a number, true or false, or null to take it away';
        report(node.at, `the custom field ${quote(key)} is ${describe(node)}; ${allowed}`);
    }
    return field;
}
function readConfidence({ key, value: node }, report) {
    if (isNull(node))
        return null;
    if (isScalarOf(node, 'number') && Number(node.value) >= 0 && Number(node.value) <= 1)
        return Number(node.value);
    const allowed = 'allowed is a confidence from 0 to 1, or null to take it away';
    report(node.at, `the tag ${quote(key)} is ${describe(node)}; ${allowed}`);
    return undefined;
}
function readText({ key: name, value: node }, report) {
    const text = isNull(node) ? null : textOf(node);
    if (text === undefined)
        report(node.at, `${name} is ${describe(node)}; allowed is a text${inQuotes(node)}, or null to clear it`);
    return text;
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
function isScalarOf(node, ...types) {
    return node.kind === 'scalar' && types.some((type) => typeof node.value === type);
}
function inQuotes(node) {
    return isScalarOf(node, 'number', 'boolean') ? ` (put it in quotes)` : '';
}


/***/ })

};
