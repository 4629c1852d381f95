export const id = 784;
export const ids = [784];
export const modules = {

/***/ 6292:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   parseMetadata: () => (/* binding */ parseMetadata)
/* harmony export */ });
/* harmony import */ var _metadata_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8873);
/* harmony import */ var _values_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9898);
/* harmony import */ var _yaml_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3283);



const ALLOWED = 'allowed are categories, custom_fields, description, name and tags';
/**
 * Reads the metadata file: a map from patterns, as in `files`, to attributes.
 * @returns the rules, or all problems, each with the allowed values
 */
function parseMetadata(text) {
    const { root, problems, place } = (0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .readYaml */ .gM)(text);
    const report = (at, message) => void problems.push({ at, message });
    const rules = root === undefined ? [] : readRules(root, report);
    return problems.length === 0 ? { rules } : { problems: place(problems) };
}
function readRules(root, report) {
    if (root.kind === 'scalar' && root.value === null)
        return [];
    if (root.kind !== 'map')
        return (0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .refuse */ .TR)(root, 'the file', 'a map from patterns to attributes', report) ?? [];
    return root.entries.flatMap((entry) => {
        const matches = readPattern(entry, report);
        const attributes = readAttributes(entry, report);
        return matches === undefined ? [] : [{ pattern: entry.key, line: entry.line, matches, attributes }];
    });
}
function readPattern({ key, at }, report) {
    const matches = /^\s*[!#]|[\r\n]/.test(key)
        ? { allowed: 'one pattern that takes files, without ! and # before it' }
        : (0,_values_js__WEBPACK_IMPORTED_MODULE_1__/* .parseFiles */ .Bj)(key);
    return typeof matches === 'function' ? matches : report(at, `${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(key)} is not allowed; ${matches.allowed}`);
}
function readAttributes({ key: pattern, value: node }, report) {
    const attributes = { ..._metadata_js__WEBPACK_IMPORTED_MODULE_0__/* .NO_ATTRIBUTES */ .AY };
    if (node.kind !== 'map' || node.entries.length === 0) {
        report(node.at, `${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(pattern)} is ${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .describe */ .q0)(node)}; ${ALLOWED}`);
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
            report(at, `${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(key)} is not known; ${ALLOWED}`);
    }
    return attributes;
}
function readCategories(node, report) {
    if (node.kind !== 'list' || node.items.length === 0) {
        return (0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .refuse */ .TR)(node, 'categories', 'a list of texts, such as [product, summer]', report) ?? [];
    }
    return node.items.flatMap((item) => textOf(item) ?? (0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .refuse */ .TR)(item, 'a category', `a text${inQuotes(item)}`, report) ?? []);
}
function readObject({ key: name, value: node }, readValue, report) {
    if (node.kind !== 'map' || node.entries.length === 0) {
        return (0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .refuse */ .TR)(node, name, 'a map from keys to values', report) ?? {};
    }
    const entries = node.entries.map((entry) => [entry.key, readValue(entry, report)]);
    return Object.fromEntries(entries.filter((entry) => entry[1] !== undefined));
}
/** Numbers and booleans are stored as their text: imgix's examples are texts, and 01 is not 1. */
function readField({ key, at, value: node }, report) {
    if (key === _metadata_js__WEBPACK_IMPORTED_MODULE_0__/* .RECORD_FIELD */ .bC)
        return report(at, `the custom field '${_metadata_js__WEBPACK_IMPORTED_MODULE_0__/* .RECORD_FIELD */ .bC}' is the action's own; allowed is any other name`);
    if (isNull(node))
        return null;
    if (isNumberOrBoolean(node))
        return node.source;
    const allowed = 'a text, a number, true or false, or null to take it away';
    return textOf(node) ?? (0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .refuse */ .TR)(node, `the custom field ${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(key)}`, allowed, report);
}
function readConfidence({ key, value: node }, report) {
    if (isNull(node))
        return null;
    const value = node.kind === 'scalar' && typeof node.value === 'number' ? node.value : Number.NaN;
    if (value >= 0 && value <= 1)
        return value;
    return (0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .refuse */ .TR)(node, `the tag ${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(key)}`, 'a confidence from 0 to 1, or null to take it away', report);
}
function readText({ key: name, value: node }, report) {
    if (isNull(node))
        return null;
    return textOf(node) ?? (0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .refuse */ .TR)(node, name, `a text${inQuotes(node)}, or null to clear it`, report);
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
