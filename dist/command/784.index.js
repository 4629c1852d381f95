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
    const report = (at, message) => problems.push({ at, message });
    const rules = root === undefined ? [] : readRules(root, report, (at) => place([{ at, message: '' }])[0]?.line ?? 1);
    return problems.length === 0 ? { rules } : { problems: place(problems) };
}
function readRules(root, report, lineAt) {
    if (root.kind === 'scalar' && root.value === null)
        return [];
    if (root.kind !== 'map') {
        report(root.at, `the file is ${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .describe */ .q0)(root)}; allowed is a map from patterns to attributes`);
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
        report(at, `${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(key)} is not allowed; one pattern that takes files, without ! and # before it`);
        return undefined;
    }
    const matches = (0,_values_js__WEBPACK_IMPORTED_MODULE_1__/* .parseFiles */ .Bj)(key);
    if (typeof matches === 'function')
        return matches;
    report(at, `${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(key)} is not allowed; ${matches.allowed}`);
    return undefined;
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
        report(node.at, `categories is ${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .describe */ .q0)(node)}; allowed is a list of texts, such as [product, summer]`);
        return [];
    }
    const texts = node.items.map((item) => {
        const text = textOf(item);
        if (text === undefined)
            report(item.at, `a category is ${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .describe */ .q0)(item)}; allowed is a text${inQuotes(item)}`);
        return text;
    });
    return texts.filter((text) => text !== undefined);
}
function readObject({ key: name, value: node }, readValue, report) {
    if (node.kind !== 'map' || node.entries.length === 0) {
        report(node.at, `${name} is ${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .describe */ .q0)(node)}; allowed is a map from keys to values`);
        return {};
    }
    const entries = node.entries.map((entry) => [entry.key, readValue(entry, report)]);
    return Object.fromEntries(entries.filter((entry) => entry[1] !== undefined));
}
/** Numbers and booleans are stored as their text: imgix's examples are texts, and 01 is not 1. */
function readField({ key, at, value: node }, report) {
    if (key === _metadata_js__WEBPACK_IMPORTED_MODULE_0__/* .RECORD_FIELD */ .bC) {
        report(at, `the custom field '${_metadata_js__WEBPACK_IMPORTED_MODULE_0__/* .RECORD_FIELD */ .bC}' is the action's own; allowed is any other name`);
        return undefined;
    }
    const field = isNull(node) ? null : isScalarOf(node, 'number', 'boolean') ? node.source : textOf(node);
    if (field === undefined) {
        const allowed = 'allowed is a text, a number, true or false, or null to take it away';
        report(node.at, `the custom field ${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(key)} is ${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .describe */ .q0)(node)}; ${allowed}`);
    }
    return field;
}
function readConfidence({ key, value: node }, report) {
    if (isNull(node))
        return null;
    if (isScalarOf(node, 'number') && Number(node.value) >= 0 && Number(node.value) <= 1)
        return Number(node.value);
    const allowed = 'allowed is a confidence from 0 to 1, or null to take it away';
    report(node.at, `the tag ${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .quote */ .hD)(key)} is ${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .describe */ .q0)(node)}; ${allowed}`);
    return undefined;
}
function readText({ key: name, value: node }, report) {
    const text = isNull(node) ? null : textOf(node);
    if (text === undefined)
        report(node.at, `${name} is ${(0,_yaml_js__WEBPACK_IMPORTED_MODULE_2__/* .describe */ .q0)(node)}; allowed is a text${inQuotes(node)}, or null to clear it`);
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
