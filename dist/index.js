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

/***/ 9896:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("fs");

/***/ }),

/***/ 7598:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");

/***/ }),

/***/ 610:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:dns");

/***/ }),

/***/ 3024:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 1455:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");

/***/ }),

/***/ 7067:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:http");

/***/ }),

/***/ 4708:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:https");

/***/ }),

/***/ 7030:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:net");

/***/ }),

/***/ 6760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 7075:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream");

/***/ }),

/***/ 6466:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:stream/promises");

/***/ }),

/***/ 8500:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");

/***/ }),

/***/ 8877:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:v8");

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

/***/ 611:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  Yz: () => (/* binding */ debug),
  N4: () => (/* binding */ endGroup),
  z3: () => (/* binding */ error),
  V4: () => (/* binding */ getInput),
  pq: () => (/* binding */ info),
  _o: () => (/* binding */ isDebug),
  lm: () => (/* binding */ notice),
  uH: () => (/* binding */ setOutput),
  Pq: () => (/* binding */ setSecret),
  Oh: () => (/* binding */ startGroup),
  $e: () => (/* binding */ warning)
});

// UNUSED EXPORTS: ExitCode, addPath, exportVariable, getBooleanInput, getIDToken, getMultilineInput, getState, group, markdownSummary, platform, saveState, setCommandEcho, setFailed, summary, toPlatformPath, toPosixPath, toWin32Path

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

/***/ 4232:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   MA: () => (/* binding */ readErrors),
/* harmony export */   ME: () => (/* binding */ withoutPrivate),
/* harmony export */   b6: () => (/* binding */ textOf),
/* harmony export */   ml: () => (/* binding */ shorten),
/* harmony export */   q0: () => (/* binding */ describe),
/* harmony export */   u4: () => (/* binding */ isRecord),
/* harmony export */   xw: () => (/* binding */ ImgixError)
/* harmony export */ });
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
    const errors = isRecord(document) && Array.isArray(document.errors) ? document.errors.filter(isRecord).slice(0, 3) : [];
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
function isRecord(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}


/***/ }),

/***/ 8618:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   BO: () => (/* binding */ openBody),
/* harmony export */   EC: () => (/* binding */ CHUNK_BYTES),
/* harmony export */   GA: () => (/* binding */ twoBuffers),
/* harmony export */   Tq: () => (/* binding */ openFile),
/* harmony export */   f6: () => (/* binding */ FileError),
/* harmony export */   io: () => (/* binding */ digested)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7598);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(3024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(1455);
/* harmony import */ var _given_body_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(1422);




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
        return (0,_given_body_js__WEBPACK_IMPORTED_MODULE_3__/* .openGiven */ .a)(body);
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
        return await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.open)(path, node_fs__WEBPACK_IMPORTED_MODULE_1__.constants.O_RDONLY | (node_fs__WEBPACK_IMPORTED_MODULE_1__.constants.O_NOFOLLOW ?? 0) | (node_fs__WEBPACK_IMPORTED_MODULE_1__.constants.O_NONBLOCK ?? 0));
    }
    catch (cause) {
        const { code } = cause;
        if (code === 'ENOENT')
            throw new FileError('the file is no longer in the work tree', { retryable: false, cause });
        return refuse(cause);
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
            return (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.readlinkSync)(`/proc/self/fd/${fd}`);
    }
    catch { } // a container without /proc
    return (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.realpath)(path).catch(() => '');
}
const PASSING = ['EMFILE', 'ENFILE', 'EAGAIN', 'EBUSY', 'EIO'];
function refuse(cause) {
    const { code = 'unknown error' } = cause;
    throw new FileError(`the file can't be read (${code})`, { retryable: PASSING.includes(code), cause });
}
async function statFile(file) {
    const stats = await file.stat({ bigint: true }).catch(refuse);
    if (!stats.isFile())
        throw new FileError('it is not a regular file', { retryable: false });
    return stats;
}
async function* digested(chunks, onDigest) {
    const hash = onDigest && (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256');
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
        const { bytesRead } = await file.read(buffer, 0, length, position).catch(refuse);
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


/***/ }),

/***/ 1422:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   a: () => (/* binding */ openGiven),
/* harmony export */   r: () => (/* binding */ isStream)
/* harmony export */ });
/* harmony import */ var _body_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8618);

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
        return { bytes: chunk.length, chunks: () => (0,_body_js__WEBPACK_IMPORTED_MODULE_0__/* .digested */ .io)([chunk], body.onDigest), close };
    }
    if (!Number.isSafeInteger(body.size) || body.size < 0)
        throw refuse(`size: ${body.size} is not a number of bytes`);
    if (taken.has(body.stream))
        throw refuse(TAKEN);
    return { bytes: body.size, chunks: () => (0,_body_js__WEBPACK_IMPORTED_MODULE_0__/* .digested */ .io)(readStream(body), body.onDigest), close };
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
        if (cause instanceof _body_js__WEBPACK_IMPORTED_MODULE_0__/* .FileError */ .f6)
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
    return new _body_js__WEBPACK_IMPORTED_MODULE_0__/* .FileError */ .f6(message, { retryable: false, cause });
}


/***/ }),

/***/ 9948:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   CI: () => (/* binding */ JsonLimitError),
/* harmony export */   Zs: () => (/* binding */ checkJson),
/* harmony export */   qF: () => (/* binding */ parseJson)
/* harmony export */ });
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


/***/ }),

/***/ 2294:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   L5: () => (/* binding */ retry),
/* harmony export */   _U: () => (/* binding */ parseDate),
/* harmony export */   a2: () => (/* binding */ retryDelay),
/* harmony export */   dg: () => (/* binding */ isTransient),
/* harmony export */   fu: () => (/* binding */ backOff)
/* harmony export */ });
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8500);

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
    await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(waitMs, undefined, { signal }).catch((error) => {
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


/***/ }),

/***/ 555:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   GI: () => (/* binding */ whyUnsent),
/* harmony export */   Gx: () => (/* binding */ UnsentError),
/* harmony export */   HM: () => (/* binding */ portOf),
/* harmony export */   Hi: () => (/* binding */ AddressError),
/* harmony export */   T6: () => (/* binding */ ProxyError),
/* harmony export */   Tl: () => (/* binding */ ProxySettingError),
/* harmony export */   dh: () => (/* binding */ HostError)
/* harmony export */ });
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


/***/ }),

/***/ 3875:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  s: () => (/* binding */ DOCUMENTED_LIMITS),
  q: () => (/* binding */ createPace)
});

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


/***/ }),

/***/ 344:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $N: () => (/* binding */ codeOf),
/* harmony export */   WG: () => (/* binding */ isPassing),
/* harmony export */   _d: () => (/* binding */ isExpired),
/* harmony export */   vR: () => (/* binding */ judgePut),
/* harmony export */   x5: () => (/* binding */ refusal)
/* harmony export */ });
/* unused harmony export storageDetails */
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(4232);
/* harmony import */ var _http_retry_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(2294);
/* harmony import */ var _strangers_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(204);



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
    if (!(error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ImgixError */ .xw) || error.permission !== undefined)
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
    return text === '' || details.length > 0 || (/^\uFEFF?</.test(text) && !(0,_strangers_js__WEBPACK_IMPORTED_MODULE_2__/* .isPage */ .yp)(answer));
}
/** The storage's refusal, or that of somebody between. */
function refusal(answer, facts) {
    const { status } = answer;
    const details = storageDetails(answer);
    const waitMs = (0,_http_retry_js__WEBPACK_IMPORTED_MODULE_1__/* .retryDelay */ .a2)(isPassing({ ...facts, status, details }) ? { ...answer, status: 503 } : answer, facts.attempts);
    const isOther = (0,_strangers_js__WEBPACK_IMPORTED_MODULE_2__/* .isStrangers */ .yQ)(answer, isStorages(answer, details));
    return {
        error: isOther ? (0,_strangers_js__WEBPACK_IMPORTED_MODULE_2__/* .strangersError */ .MC)(answer, facts, 'the storage') : new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ImgixError */ .xw({ ...facts, status, details }),
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
    if ((0,_strangers_js__WEBPACK_IMPORTED_MODULE_2__/* .isPage */ .yp)(answer) || !(hasTag || isOwn))
        return { error: (0,_strangers_js__WEBPACK_IMPORTED_MODULE_2__/* .strangersError */ .MC)(answer, facts, 'the storage'), waitMs: (0,_http_retry_js__WEBPACK_IMPORTED_MODULE_1__/* .backOff */ .fu)(facts.attempts) };
    return { doubt: hasTag && isOwn ? undefined : `${(0,_strangers_js__WEBPACK_IMPORTED_MODULE_2__/* .describeAnswer */ .O1)(answer)}${hasTag ? '' : ', and no ETag'}` };
}


/***/ }),

/***/ 204:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   MC: () => (/* binding */ strangersError),
/* harmony export */   O1: () => (/* binding */ describeAnswer),
/* harmony export */   _6: () => (/* binding */ isHtml),
/* harmony export */   gu: () => (/* binding */ isImgixs),
/* harmony export */   yQ: () => (/* binding */ isStrangers),
/* harmony export */   yp: () => (/* binding */ isPage)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(4232);
/* harmony import */ var _http_retry_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(2294);


/** The statuses that a run acts on: they tell the permissions of the key, and whether something exists. */
const MEANINGS = [401, 403, 404, 409];
/** That something is too large is true whoever says it. */
const TOO_LARGE = 413;
/** A refusal of another status can be without a document of the server's own, but is no page.
 *  @param isOwn whether the server itself can have given the answer */
function isStrangers(answer, isOwn) {
    const { status } = answer;
    const isRefusal = status >= 400 && status < 500 && status !== TOO_LARGE && !(0,_http_retry_js__WEBPACK_IMPORTED_MODULE_1__/* .isTransient */ .dg)(status);
    return !isOwn && (MEANINGS.includes(status) || (isRefusal && isPage(answer)));
}
/** An error for the answer of somebody between, such as an egress gateway. It has no status, as that means nothing here.
 *  @param server whose answer it is not */
function strangersError(answer, facts, server) {
    const reason = `something between ${server} and the runner answered ${describeAnswer(answer)}`;
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ImgixError */ .xw({ ...facts, status: undefined, strangersStatus: answer.status, reason });
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


/***/ }),

/***/ 5210:
/***/ ((__webpack_module__, __webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(__webpack_module__, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   e: () => (/* reexport safe */ _main_js__WEBPACK_IMPORTED_MODULE_1__.e)
/* harmony export */ });
/* harmony import */ var node_v8__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(8877);
/* harmony import */ var _main_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(2056);


// A first full sync of 50,000 files peaks at 250 MB instead of 480. A runner passes Node no flags, and V8 reads these two each
// time its heap grows: the young generation keeps its size, and the old one grows by a quarter before it is collected.
(0,node_v8__WEBPACK_IMPORTED_MODULE_0__.setFlagsFromString)('--semi-space-growth-factor=1');
(0,node_v8__WEBPACK_IMPORTED_MODULE_0__.setFlagsFromString)('--heap-growing-percent=25');
await (0,_main_js__WEBPACK_IMPORTED_MODULE_1__/* .run */ .e)();


__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 4091:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   z: () => (/* binding */ foldName)
/* harmony export */ });
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


/***/ }),

/***/ 6164:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ isGitName)
/* harmony export */ });
/** @returns whether a file system can take a name for `.git`. Some ignore case or certain characters, some have short names.
 *  Git refuses all of them in a commit.
 *  @see https://github.com/git/git/blob/master/path.c is_ntfs_dotgit, and utf8.c is_hfs_dotgit */
function isGitName(name) {
    if (!/^[.g\u200c-\ufeff]/i.test(name))
        return false;
    const plain = name.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '');
    return /^(?:\.git|git~1)[. ]*(?::|$)/i.test(plain);
}


/***/ }),

/***/ 2130:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  AY: () => (/* binding */ NO_ATTRIBUTES),
  bC: () => (/* binding */ RECORD_FIELD),
  j0: () => (/* binding */ attributesFor),
  gG: () => (/* binding */ inTurns),
  _G: () => (/* binding */ loadMetadata),
  HD: () => (/* binding */ matchAll),
  CE: () => (/* binding */ parseEarlier),
  ix: () => (/* binding */ rulesTouched),
  ty: () => (/* binding */ wantsNothing)
});

// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __nccwpck_require__(8500);
;// CONCATENATED MODULE: external "node:util"
const external_node_util_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:util");
// EXTERNAL MODULE: ./lib/src/inputs/text-file.js
var text_file = __nccwpck_require__(6158);
;// CONCATENATED MODULE: ./lib/src/inputs/metadata.js



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
function attributesFor({ rules, known }, path) {
    return known?.get(path) ?? mergeRules(rules.filter(({ matches }) => matches(path)));
}
function mergeRules(rules) {
    return rules.reduce((first, { attributes: then }) => ({
        categories: [...new Set([...first.categories, ...then.categories])],
        customFields: { ...first.customFields, ...then.customFields },
        description: then.description === undefined ? first.description : then.description,
        name: then.name === undefined ? first.name : then.name,
        tags: { ...first.tags, ...then.tags },
    }), NO_ATTRIBUTES);
}
/**
 * Matches every rule with every file, which can take minutes: signals are heard meanwhile.
 * @param paths relative to `root`
 * @returns the metadata with the attributes of these files, and the patterns that match none of them
 */
async function matchAll(metadata, paths, signal) {
    const { rules } = metadata;
    const known = new Map();
    const idle = new Set(rules);
    for await (const path of inTurns(rules.length === 0 ? [] : paths)) {
        signal.throwIfAborted();
        const matching = rules.filter(({ matches }) => matches(path));
        for (const rule of matching)
            idle.delete(rule);
        known.set(path, mergeRules(matching));
    }
    return { metadata: { ...metadata, known }, idle: [...idle].map(({ pattern }) => pattern) };
}
/** How long signals and time limits may wait. */
const TURN_MS = 50;
/** Gives items one by one, and lets the process do other things in between. */
async function* inTurns(items) {
    let since = performance.now();
    for (const item of items) {
        if (performance.now() - since > TURN_MS) {
            await (0,promises_.setImmediate)();
            since = performance.now();
        }
        yield item;
    }
}
function wantsNothing(attributes) {
    return (0,external_node_util_namespaceObject.isDeepStrictEqual)(attributes, NO_ATTRIBUTES);
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
    return !(0,external_node_util_namespaceObject.isDeepStrictEqual)(comparable(known), comparable(wanted));
}
/** Reads the file of the input `metadata`.
 *  @throws InputError for a file that is not text, TextFileError with all problems in the text */
async function loadMetadata(workspace, path) {
    if (path === '')
        return { path, text: '', rules: [] };
    const text = await (0,text_file/* readTextFile */.Gu)(workspace, path);
    const parsed = await parse(text);
    if ('problems' in parsed)
        throw new text_file/* TextFileError */.Wh(path, parsed.problems);
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
    const { parseMetadata } = await Promise.all(/* import() | metadata */[__nccwpck_require__.e(815), __nccwpck_require__.e(784)]).then(__nccwpck_require__.bind(__nccwpck_require__, 7371));
    return parseMetadata(text);
}


/***/ }),

/***/ 8894:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   CJ: () => (/* binding */ parseFile),
/* harmony export */   P_: () => (/* binding */ isInWorkspace),
/* harmony export */   kV: () => (/* binding */ namesBelow),
/* harmony export */   qo: () => (/* binding */ parseRoot)
/* harmony export */ });
/* unused harmony export parseFolder */
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3024);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(6760);
/* harmony import */ var _git_name_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(6164);



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
    const stats = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.statSync)(folder, { throwIfNoEntry: false });
    const places = [[workspace, folder], ...(stats === undefined ? [] : [realPaths(workspace, folder)])];
    const names = places.map(([above, place]) => namesBelow(above, place));
    if (names.includes(undefined))
        return { allowed };
    if (names.flat().some((name) => (0,_git_name_js__WEBPACK_IMPORTED_MODULE_2__/* .isGitName */ .M)(name ?? '')))
        return { allowed: `${allowed}, and not in .git` };
    if (stats === undefined || stats.isDirectory())
        return toPosix((0,node_path__WEBPACK_IMPORTED_MODULE_1__.relative)(workspace, folder));
    const target = standsFor(folder, workspace);
    if (target === undefined)
        return { allowed };
    return { allowed: `${allowed}; it is a text file that git wrote in place of a link: set root: ${target}` };
}
/** @returns the absolute path; undefined for a text that is not a relative path, or leads out */
function resolveInside(text, workspace) {
    if ((0,node_path__WEBPACK_IMPORTED_MODULE_1__.isAbsolute)(text) || text.includes('\0'))
        return undefined;
    const path = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(workspace, text);
    return namesBelow(workspace, path) === undefined ? undefined : path;
}
/** Git writes a link as a text file where `core.symlinks` is false.
 *  @returns the folder that the link would lead to, relative to the workspace */
function standsFor(file, workspace) {
    const stats = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.statSync)(file);
    if (!stats.isFile() || stats.size === 0 || stats.size > TARGET_BYTES_MAX)
        return undefined;
    const text = (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(file, 'utf8');
    if (/\p{Cc}/u.test(text))
        return undefined;
    const target = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(file), text);
    return isInWorkspace(workspace, target) && isA('isDirectory', target)
        ? toPosix((0,node_path__WEBPACK_IMPORTED_MODULE_1__.relative)(workspace, target))
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
    return isInWorkspace(...realPaths(workspace, file)) ? toPosix((0,node_path__WEBPACK_IMPORTED_MODULE_1__.relative)(workspace, file)) : { allowed };
}
/** As the system has them: on Windows a path can be of a mapped drive, or have short names. */
function realPaths(workspace, file) {
    return [node_fs__WEBPACK_IMPORTED_MODULE_0__.realpathSync.native(workspace), node_fs__WEBPACK_IMPORTED_MODULE_0__.realpathSync.native(file)];
}
/** Whether what an input names may be read or written to; both paths are real ones. */
function isInWorkspace(workspace, file, system = node_path__WEBPACK_IMPORTED_MODULE_1__) {
    const names = namesBelow(workspace, file, system);
    return names !== undefined && !names.some(_git_name_js__WEBPACK_IMPORTED_MODULE_2__/* .isGitName */ .M);
}
/** @returns the names between a folder and a path; undefined if the path is not below the folder */
function namesBelow(folder, file, system = node_path__WEBPACK_IMPORTED_MODULE_1__) {
    const rest = system.relative(folder, file);
    const names = rest === '' ? [] : rest.split(system.sep);
    return names[0] === '..' || system.isAbsolute(rest) ? undefined : names; // absolute: another drive, or a share
}
function isA(kind, path) {
    try {
        return (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.statSync)(path)[kind]();
    }
    catch {
        return false; // nothing, a link that leads in a circle, a file among its folders, or a name that is too long
    }
}
function toPosix(text) {
    return node_path__WEBPACK_IMPORTED_MODULE_1__.posix.normalize(text.split(node_path__WEBPACK_IMPORTED_MODULE_1__.sep).join('/') || '.');
}


/***/ }),

/***/ 9327:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   JM: () => (/* binding */ PatternError),
/* harmony export */   _j: () => (/* binding */ splitSign),
/* harmony export */   bd: () => (/* binding */ findName),
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
 * @throws PatternError with the patterns that are not valid
 */
function compilePatterns(text, place = {}) {
    const rules = compileRules(readPatternLines(text), place);
    rules.reverse();
    return (path) => {
        if (DOT_SEGMENT.test(path))
            return false; // git can hold such a tree; in a URL it would lead elsewhere
        const takes = ({ start, below, folderOnly }) => path.startsWith(start) && below.match(folderOnly ? `/${path}` : `/${path}/`);
        return rules.find(takes)?.exclude === false;
    };
}
function readPatternLines(text) {
    return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
        const pattern = line.trim();
        return pattern === '' || pattern.startsWith('#') ? [] : [{ line: index + 1, pattern }];
    });
}
const PROBLEMS_MAX = 5;
function compileRules(lines, place) {
    const problems = [];
    const rules = lines.flatMap(({ pattern }) => {
        try {
            return [compileRule(pattern, place)];
        }
        catch (error) {
            if (!(error instanceof PatternError))
                throw error;
            problems.push(error.message);
            return [];
        }
    });
    const more = problems.length > PROBLEMS_MAX ? [`and ${problems.length - PROBLEMS_MAX} more`] : [];
    if (problems.length > 0)
        throw new PatternError([...problems.slice(0, PROBLEMS_MAX), ...more].join('; '));
    return rules;
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
        const matches = compilePatterns(body, ignoring === 'case' ? { windows: true } : {});
        // the ending first, because a match takes longer
        return names.find((name) => plain(name).toLowerCase().includes(ending) && matches(plain(name)));
    }
    catch (error) {
        if (!(error instanceof PatternError))
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
        throw new PatternError(`'${cut(line)}' is longer than ${PATTERN_MAX_LENGTH} characters`);
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
    if (countOpenBrackets(segments) > OPEN_BRACKETS_MAX) {
        throw new PatternError(`'${cut(line)}' has more than ${OPEN_BRACKETS_MAX} brackets that do not close`);
    }
    while (segments.at(-1) === '**')
        segments.pop();
    const below = new minimatch__WEBPACK_IMPORTED_MODULE_0__/* .Minimatch */ .VR(`/${[...segments, '**'].join('/')}`, { ...OPTIONS, nocase: windows });
    return { exclude, start: windows ? '' : startOf(below), below: withoutBacktracking(below), folderOnly };
}
function cut(line) {
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


/***/ }),

/***/ 9373:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  dz: () => (/* binding */ InputError),
  ic: () => (/* binding */ createInputReader)
});

// UNUSED EXPORTS: isAllowed, readSecrets, withoutUser

// EXTERNAL MODULE: ./lib/src/runner/annotations.js
var annotations = __nccwpck_require__(7775);
// EXTERNAL MODULE: ./lib/src/runner/core.js + 4 modules
var core = __nccwpck_require__(5030);
// EXTERNAL MODULE: ./lib/src/imgix/http/unsent.js
var unsent = __nccwpck_require__(555);
// EXTERNAL MODULE: ./lib/src/runner/text.js
var runner_text = __nccwpck_require__(114);
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
                throw new unsent/* ProxySettingError */.Tl(proxy);
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
    const decodable = (0,runner_text/* decodeUri */.z6)(username) !== undefined && (0,runner_text/* decodeUri */.z6)(password) !== undefined;
    return decodable && pathname === '/' && search === '' && hash === '' ? url : undefined;
}
/** Finds the password also in a text that is not a URL: another program can print the variable. */
function findSecrets(text) {
    const credentials = text.slice(0, Math.max(0, text.lastIndexOf('@'))).replace(SCHEME, '');
    const [, user = '', password = ''] = /^([^:@/]*):?(.*)/s.exec(credentials) ?? [];
    if (user + password === '')
        return [];
    const plain = (0,runner_text/* decodeUri */.z6)(password) ?? password;
    const basic = Buffer.from(`${(0,runner_text/* decodeUri */.z6)(user) ?? user}:${plain}`).toString('base64');
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
        return rules.some(({ name, port }) => (port === undefined || port === (0,unsent/* portOf */.HM)(url)) && isOf(name));
    };
}

// EXTERNAL MODULE: ./lib/src/inputs/values.js
var values = __nccwpck_require__(9898);
;// CONCATENATED MODULE: ./lib/src/inputs/reader.js




/** All problems with the inputs: one line each with the input's name, its value and the allowed values. */
class InputError extends annotations/* ProblemsError */.FQ {
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
const USER = /:\/\/\S{0,1000}@|(?:\b[a-z][\w+.-]{1,16}:[/\\]{1,2}|^\s{0,100}[/\\]{2})[^\s/\\]{1,1000}@/im;
/** @param defaults of inputs that are empty or not set */
function createInputReader(defaults) {
    const found = [];
    const secrets = readSecrets(found);
    const problems = new Set(found); // lines of an input can be alike
    const proxies = readProxies(process.env);
    for (const secret of proxies.secrets)
        core/* hide */.jD(secret);
    const text = (name) => core/* getInput */.V4(name) || (defaults[name] ?? '');
    const note = (name, value, allowed) => {
        // the log's own search leaves short secrets
        const short = Object.values(secrets).filter((secret) => secret.length > 1);
        const plain = short.reduce((shown, secret) => shown.replaceAll(secret, '***'), value);
        const shown = core/* redact */.E$(withoutUser(name, plain));
        const cut = shown.length > VALUE_MAX_LENGTH ? `${shown.slice(0, VALUE_MAX_LENGTH)}…` : shown;
        problems.add(`${name}: '${cut}' is not allowed; ${allowed}`);
    };
    /** @returns the input's value; undefined after a problem, which is noted */
    function read(name, parse) {
        const given = text(name);
        const [pasted] = Object.entries(secrets).find(([, secret]) => core/* holdsSecret */.hK(given, secret)) ?? [];
        const value = pasted === undefined ? parse(given) : { values: ['***'], allowed: `it contains the ${pasted}` };
        if (isAllowed(value)) {
            for (const bad of value.values ?? [given])
                note(name, bad, value.allowed);
            return undefined;
        }
        if (USER.test(given) && !URL_INPUTS.includes(name))
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
            maxAttempts: read('max-attempts', (0,values/* wholeNumber */.rD)(1, 20)),
            timeoutMs: read('timeout', (0,values/* wholeNumber */.rD)(1, 3600)) * 1000,
            apiUrl: read('api-url', values/* parseApiUrl */.nV),
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
    const [apiKey, githubToken] = [core/* getInput */.V4('api-key'), core/* getInput */.V4('github-token')];
    core/* hide */.jD(apiKey);
    core/* hide */.jD(githubToken);
    if (githubToken !== '')
        core/* hide */.jD(Buffer.from(`x-access-token:${githubToken}`).toString('base64')); // the form that git sends
    if (!/^[\x21-\x7e]*$/.test(apiKey)) {
        problems.push("api-key: '***' is not allowed; one line of printable ASCII without spaces");
    }
    else if (core/* holdsSecret */.hK(apiKey, githubToken)) {
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


/***/ }),

/***/ 534:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   O1: () => (/* binding */ isInShard),
/* harmony export */   mt: () => (/* binding */ takeShard),
/* harmony export */   uK: () => (/* binding */ parseShard)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(7598);

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
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256').update(path).digest().readUInt32BE() % count === index - 1;
}
/** @returns the files of a shard. `matching`: how many files all shards have, if there are several. */
function takeShard(files, shard) {
    if (shard.count === 1)
        return { files };
    return { files: files.filter(({ path }) => isInShard(path, shard)), matching: files.length };
}


/***/ }),

/***/ 6158:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   $K: () => (/* binding */ TEXT_MAX_BYTES),
/* harmony export */   Gu: () => (/* binding */ readTextFile),
/* harmony export */   Wh: () => (/* binding */ TextFileError)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(3024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(6760);
/* harmony import */ var _runner_annotations_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(7775);
/* harmony import */ var _paths_js__WEBPACK_IMPORTED_MODULE_4__ = __nccwpck_require__(8894);
/* harmony import */ var _reader_js__WEBPACK_IMPORTED_MODULE_5__ = __nccwpck_require__(9373);






/** All problems of one file, each with its place. */
class TextFileError extends _runner_annotations_js__WEBPACK_IMPORTED_MODULE_3__/* .ProblemsError */ .FQ {
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
        throw new _reader_js__WEBPACK_IMPORTED_MODULE_5__/* .InputError */ .dz([
            `${path}: the file can't be read (${cause.code}): check the path, and that the runner may read it`,
        ]);
    });
    try {
        return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
    catch (cause) {
        if (!(cause instanceof TypeError))
            throw cause;
        throw new _reader_js__WEBPACK_IMPORTED_MODULE_5__/* .InputError */ .dz([`${path}: the file is not UTF-8: save it as UTF-8`]);
    }
}
/** Checks the open file: its path can have become a link to another place since the inputs were read. */
async function readBytes(workspace, path) {
    const real = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)((0,node_path__WEBPACK_IMPORTED_MODULE_2__.resolve)(workspace, path));
    const file = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.open)(real, node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_RDONLY | (node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_NOFOLLOW ?? 0) | (node_fs__WEBPACK_IMPORTED_MODULE_0__.constants.O_NONBLOCK ?? 0));
    try {
        const stats = await file.stat();
        if (!stats.isFile() || !(0,_paths_js__WEBPACK_IMPORTED_MODULE_4__/* .isInWorkspace */ .P_)(await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)(workspace), await pathOf(file, real)))
            throw new _reader_js__WEBPACK_IMPORTED_MODULE_5__/* .InputError */ .dz([
                `${path}: it is not a file inside the workspace any more: let no other step change it meanwhile`,
            ]);
        if (stats.size > TEXT_MAX_BYTES)
            throw new _reader_js__WEBPACK_IMPORTED_MODULE_5__/* .InputError */ .dz([`${path}: the file is larger than 1 MB: make it smaller`]);
        return await file.readFile();
    }
    finally {
        await file.close();
    }
}
/** @param path with which the file was opened
 *  @returns the real path of an open file; on Linux from the system itself */
async function pathOf({ fd }, path) {
    const known = process.platform === 'linux' ? await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.readlink)(`/proc/self/fd/${fd}`).catch(() => undefined) : undefined;
    return known ?? (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_1__.realpath)(path);
}


/***/ }),

/***/ 6462:
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
 * @returns undefined for a text that is not one https URL of a file
 */
function parsePurgeUrl(text) {
    if (/[\s,;]https?:\/\//i.test(text))
        return undefined; // the second URL would be part of the first one's path or query
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
    const parts = path.split(/(%[\da-f]{2})/i);
    return parts.map((part, at) => (at % 2 === 1 ? tidyEscape(part) : encodePath(part))).join('');
}
/** Gives every URL one spelling: escapes in upper case, and no escapes of unreserved characters. */
function tidyEscape(code) {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : code.toUpperCase();
}


/***/ }),

/***/ 9898:
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
/* harmony import */ var _patterns_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(9327);
/* harmony import */ var _urls_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(6462);


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
    const colon = line.lastIndexOf(':'); // a type has none
    const [pattern, type] = [line.slice(0, Math.max(0, colon)).trimEnd(), line.slice(colon + 1).trimStart()];
    const matches = pattern !== '' && TYPE.test(type) ? parseFiles(pattern) : undefined;
    return typeof matches === 'function' ? { pattern, matches, type } : undefined;
}
/** The patterns of `content-types`, for advice on them. */
function readContentTypeLines(text) {
    return (0,_patterns_js__WEBPACK_IMPORTED_MODULE_0__/* .readPatternLines */ .yu)(text).flatMap(({ line, pattern: written }) => {
        const { pattern, type } = parseContentType(written) ?? {};
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


/***/ }),

/***/ 2056:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  e: () => (/* binding */ run)
});

// EXTERNAL MODULE: ./lib/src/imgix/pace.js + 1 modules
var pace = __nccwpck_require__(3875);
// EXTERNAL MODULE: ./lib/src/runner/core.js + 4 modules
var core = __nccwpck_require__(5030);
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
    summary: 'pictures',
    'rate-limits': 'upload=2/s, purge=10/s, get=10/s, refresh=10/m, default=4/s',
    concurrency: '8',
    'dry-run': 'false',
    ...CLIENT_DEFAULTS,
};

// EXTERNAL MODULE: ./lib/src/inputs/paths.js
var paths = __nccwpck_require__(8894);
// EXTERNAL MODULE: ./lib/src/inputs/patterns.js
var inputs_patterns = __nccwpck_require__(9327);
// EXTERNAL MODULE: ./lib/src/inputs/reader.js + 1 modules
var inputs_reader = __nccwpck_require__(9373);
// EXTERNAL MODULE: ./lib/src/inputs/shard.js
var inputs_shard = __nccwpck_require__(534);
// EXTERNAL MODULE: ./lib/src/inputs/values.js
var values = __nccwpck_require__(9898);
;// CONCATENATED MODULE: ./lib/src/inputs/inputs.js








/**
 * Reads and checks every input, and the proxy variables.
 * @param workspace absolute path of the folder that `root` is relative to
 * @throws InputError with all problems at once
 */
function readInputs(workspace) {
    // a step can set `files` to nothing: its default is for a step that does not set it
    const reader = (0,inputs_reader/* createInputReader */.ic)({ ...DEFAULTS, files: core/* isSet */.vM('files') ? '' : DEFAULTS.files });
    const inputs = readAll(reader, workspace);
    checkTogether(inputs, reader);
    reader.check();
    return { ...inputs, rateLimits: (0,values/* divideLimits */.oJ)(inputs.rateLimits, inputs.shard.count) };
}
function readAll({ githubToken, read, readClient, text }, workspace) {
    const root = read('root', (value) => (0,paths/* parseRoot */.qo)(value, workspace));
    const parsePatterns = (patterns) => (0,values/* parseFiles */.Bj)(patterns, { root, workspace });
    const files = (0,inputs_patterns/* readPatternLines */.yu)(text('files'));
    const patternInputs = [
        { name: 'files', lines: files, isDefault: text('files').trim() === DEFAULTS.files.trim() },
        { name: 'sub-images', lines: (0,inputs_patterns/* readPatternLines */.yu)(text('sub-images')) },
        { name: 'content-types', lines: (0,values/* readContentTypeLines */.ps)(text('content-types')) },
    ];
    return {
        sourceId: read('source-id', values/* parseSourceId */.GM),
        mode: read('mode', (0,values/* oneOf */.yL)('changed', 'all')),
        /** POSIX, relative to the workspace; '.' for the workspace itself */
        root,
        files: read('files', parsePatterns),
        /** the patterns of `files`, `sub-images` and `content-types`, as they are written */
        patternInputs,
        /** false: `files` is set to nothing */
        selectsFiles: files.length > 0,
        /** '' or ends with a slash */
        prefix: read('prefix', values/* parsePrefix */.A1),
        base: read('base', (base) => (/[\p{Cc}]/u.test(base) ? { allowed: 'a ref or a commit' } : base)),
        onUnknownBase: read('on-unknown-base', (0,values/* oneOf */.yL)('all', 'fail')),
        githubToken,
        upload: read('upload', values/* parseBoolean */.yG),
        onConflict: read('on-conflict', (0,values/* oneOf */.yL)('overwrite', 'skip', 'fail')),
        uploadVia: read('upload-via', (0,values/* oneOf */.yL)('auto', 'direct', 'session')),
        sessionThresholdBytes: read('session-threshold', values/* parseSize */.DB),
        contentTypes: read('content-types', values/* parseContentTypes */.c),
        guards: read('guards', (0,values/* oneOf */.yL)('fail', 'warn', 'off')),
        /** in `mode: all`, also upload unchanged files */
        force: read('force', values/* parseBoolean */.yG),
        /** in `mode: all`, whether the run takes files that git does not track */
        untracked: read('untracked', (0,values/* oneOf */.yL)('include', 'ignore')),
        shard: read('shard', inputs_shard/* parseShard */.uK),
        /** path of the metadata file: POSIX, relative to the workspace; '' for none */
        metadata: read('metadata', (path) => (0,paths/* parseFile */.CJ)(path, workspace)),
        assetManager: read('asset-manager', (0,values/* oneOf */.yL)('off', 'add', 'refresh')),
        purge: read('purge', values/* parseBoolean */.yG),
        domains: read('domains', values/* parseDomains */.J4),
        urls: read('urls', values/* parseUrls */.S$),
        /** the files that other images use as `mark` or `blend` */
        subImages: read('sub-images', parsePatterns),
        deleted: read('deleted', (0,values/* oneOf */.yL)('purge', 'ignore')),
        verify: read('verify', (0,values/* oneOf */.yL)('off', 'warn', 'fail')),
        verifyTimeoutMs: read('verify-timeout', (0,values/* wholeNumber */.rD)(1, 3600)) * 1000,
        /** the job summary */
        summary: read('summary', (0,values/* oneOf */.yL)('pictures', 'text', 'off')),
        rateLimits: read('rate-limits', (limits) => (0,values/* parseRateLimits */.IQ)(limits, pace/* DOCUMENTED_LIMITS */.s)),
        concurrency: read('concurrency', (0,values/* wholeNumber */.rD)(1, 64)),
        dryRun: read('dry-run', values/* parseBoolean */.yG),
        ...readClient(),
    };
}
function checkTogether(inputs, { add, isNoted, requireKey, text }) {
    const { sourceId, upload, purge, dryRun } = inputs;
    if (dryRun !== false)
        return;
    requireKey('a Management API key, required unless dry-run is true');
    const domainsNeeded = purge && !isNoted('domains') && !isNoted('urls') && inputs.domains.length + inputs.urls.length === 0;
    if (sourceId === '' && (upload !== false || domainsNeeded)) {
        add("source-id: '' is not allowed; the Source's id, required to upload and to find the domains to purge on");
    }
    else if (sourceId === '' && ((0,inputs_patterns/* readPatternLines */.yu)(text('sub-images')).length > 0 || inputs.assetManager !== 'off')) {
        add("source-id: '' is not allowed; the Source's id, required for sub-images and asset-manager");
    }
}

// EXTERNAL MODULE: ./lib/src/inputs/metadata.js + 1 modules
var inputs_metadata = __nccwpck_require__(2130);
// EXTERNAL MODULE: ./lib/src/runner/text.js
var runner_text = __nccwpck_require__(114);
;// CONCATENATED MODULE: ./lib/src/report/changes-lines.js

function changesLines(changes) {
    const head = changes.head === '' ? [] : [`head: ${changes.head}`];
    const sentence = changesSentence(changes);
    const steps = changes.steps.filter((step) => step !== sentence);
    return [...steps, ...(changes.hints ?? []), ...head, sentence].map(runner_text/* printable */.g$);
}
/** @returns what the first run of a workflow leaves out; undefined if it leaves out nothing */
function untouchedSentence({ untouched = 0 }) {
    if (untouched === 0)
        return undefined;
    const files = untouched === 1 ? '1 more file matches' : `${untouched} more files match`;
    return `no earlier run of this workflow has succeeded on this branch: ${files} that this push did not change, so this run does not publish them; run once with mode: all to publish them`;
}
/** Why a run takes the files it takes; of no files, why none. */
function changesSentence(changes) {
    const { base, head, baseStrategy, considered, rootPath, steps } = changes;
    const below = rootPath === '' ? '' : ` below ${rootPath}`;
    if (steps[0]?.startsWith('nothing to do'))
        return String(steps[0]);
    if (baseStrategy === 'all')
        return matchSentence('file', below, changes);
    if (base === head)
        return 'base and head are the same commit: nothing changed';
    const span = ` between ${base.slice(0, 7) || 'the base'} and ${head.slice(0, 7)}`;
    return considered === 0 ? `nothing changed${below}${span}` : matchSentence('changed file', `${below}${span}`, changes);
}
function matchSentence(noun, where, changes) {
    const { considered, files, matching = files.length } = changes;
    if (matching === 0 && considered === 1)
        return `the ${noun}${where} does not match the files patterns`;
    const shard = changes.matching === undefined ? '' : `, ${files.length || 'none'} of those in this shard`;
    const verb = matching < 2 ? 'matches' : 'match';
    return `${matching || 'none'} of ${(0,runner_text/* count */.U9)(considered, noun)}${where} ${verb} the files patterns${shard}`;
}

// EXTERNAL MODULE: ./lib/src/runner/annotations.js
var annotations = __nccwpck_require__(7775);
;// CONCATENATED MODULE: ./lib/src/runner/outputs.js

/** Sets outputs to JSON arrays. The lists over the host's limit become empty outputs, and one notice.
 *  @param elsewhere for the notice: where the whole lists are */
function setListOutputs(lists, elsewhere = '') {
    const tooLong = [];
    for (const [name, list] of Object.entries(lists)) {
        const json = JSON.stringify(list);
        const fits = Buffer.byteLength(json) <= core/* outputMaxBytes */.Ji();
        if (!fits)
            tooLong.push(`${name} (${list.length})`);
        core/* setOutput */.uH(name, fits ? json : '');
    }
    if (tooLong.length > 0)
        core/* notice */.lm(`over 200 kB, so these outputs are left empty: ${tooLong.join(', ')}${elsewhere}`);
}
/** Appends to the step's job summary, where the host has one. */
async function writeSummary(markdown) {
    await attempt('the job summary', () => core/* writeSummary */.Sy(redactLines(markdown)));
}
/** No secret spans two lines. */
function redactLines(text) {
    return text.split('\n').map(core/* redact */.E$).join('\n');
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
        core/* error */.z3(`${part} can't be written: ${reason}; ${remedy}`);
        process.exitCode = core/* ExitCode */.yU.Failure;
        return false;
    }
}

// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __nccwpck_require__(8500);
;// CONCATENATED MODULE: ./lib/src/runner/retry-held.js

const WAITS_MS = [20, 50, 100, 200, 400, 800];
/**
 * Does something again while another program holds the file. On Windows, a virus scanner opens each new file for a moment
 * and keeps it from being renamed.
 * @throws the last error
 */
async function retryHeld(action, { windows = process.platform === 'win32', waitsMs = WAITS_MS } = {}) {
    for (const waitMs of windows ? waitsMs : []) {
        try {
            return await action();
        }
        catch (error) {
            if (!['EPERM', 'EACCES', 'EBUSY'].includes(error.code ?? ''))
                throw error;
            await (0,promises_.setTimeout)(waitMs);
        }
    }
    return action();
}

// EXTERNAL MODULE: ./lib/src/report/explain.js
var explain = __nccwpck_require__(9702);
// EXTERNAL MODULE: ./lib/src/imgix/errors.js
var errors = __nccwpck_require__(4232);
// EXTERNAL MODULE: ./lib/src/imgix/http/unsent.js
var unsent = __nccwpck_require__(555);
;// CONCATENATED MODULE: ./lib/src/report/step-lines.js


/** A file that is done: its bytes are stored, and its URLs were asked to be purged. */
function publishedLine(outcome, { done, of }) {
    const { step, attempts, seconds } = outcome;
    const tries = attempts > 1 ? [`${attempts} tries`] : [];
    const purged = of === 0 ? [] : [`${done < of ? `${done} of ` : ''}${(0,runner_text/* count */.U9)(of, 'URL')} purged`];
    const word = done < of ? 'uploaded' : 'published'; // until it is purged, imgix can serve the older bytes
    return (0,runner_text/* printable */.g$)(`${word} ${step.path} (${[(0,runner_text/* size */.Ej)(step.bytes), (0,runner_text/* duration */.p0)(seconds), ...tries, ...purged].join(', ')})`);
}
/** For whoever debugs a run: the route, and when the bytes were stored.
 *  @returns undefined where they were not */
function storedLine({ step, ...outcome }) {
    if (step.kind !== 'upload' || outcome.result !== 'done')
        return undefined;
    return (0,runner_text/* printable */.g$)(`uploaded ${step.path} (${(0,runner_text/* size */.Ej)(step.bytes)}, ${outcome.route}, ${(0,runner_text/* duration */.p0)(outcome.seconds)})`);
}
/** @returns undefined for what is no news by itself: uploads have a line when their purges are done */
function outcomeLine({ step, ...outcome }) {
    if (step.kind === 'upload')
        return outcome.result === 'skipped' ? (0,runner_text/* printable */.g$)(`skipped ${step.path}: ${outcome.reason}`) : undefined;
    if (outcome.result !== 'done')
        return undefined;
    switch (step.kind) {
        case 'purge':
            return (0,runner_text/* printable */.g$)(`purged ${nameOf(step)}${outcome.attempts > 1 ? ` (${outcome.attempts} tries)` : ''}`);
        case 'update':
            return (0,runner_text/* printable */.g$)(`updated the metadata of ${step.path}`);
        case 'call':
            return (0,runner_text/* printable */.g$)(`${CALL_WORDS[step.call].done} ${step.path}`);
        case 'record':
            return undefined;
    }
}
const CALL_WORDS = {
    add: { done: 'queued for the Asset Manager:', not: 'not queued for the Asset Manager' },
    refresh: { done: 'refreshed', not: 'not refreshed' },
};
/** What failed, on the file that it is about. */
function failureOf({ step, error }) {
    const why = (0,explain/* explain */.WE)(error);
    switch (step.kind) {
        case 'upload':
            return { line: `${step.path}: ${why}`, file: step.path, title: 'imgix sync: file failed' };
        case 'purge':
            return { line: `${nameOf(step)}: ${why}`, title: 'imgix sync: purge failed' };
        default:
            return { line: `${step.path}: ${notDone(step)}: ${why}`, file: step.path, title: 'imgix sync' };
    }
}
function notDone(step) {
    if (step.kind === 'call')
        return CALL_WORDS[step.call].not;
    if (step.kind === 'update')
        return 'its metadata was not set';
    return 'imgix still has the record of its older bytes, and the next full sync can trust that record; run again';
}
function nameOf({ url, subImage }) {
    return subImage ? `${url} as a sub-image` : url;
}

;// CONCATENATED MODULE: ./lib/src/report/file-log.js






/** With more steps than this, the log has only progress and failures. */
const LINES_MAX = 500;
/** Only the report has the failures after this many. */
const FAILURES_MAX = 200;
/** One line for each file when it is done, and each failure where it happens.
 *  @param state as it is after each event */
function createFileLog(state) {
    const fail = (0,annotations/* createAnnotator */.Jj)(FAILURES_MAX);
    const files = new Map(); // by path
    let isLong = false;
    function hearPlan({ files: plans, purges, calls, updates, skipped }) {
        isLong = plans.length + purges.length + calls.length + updates.length > LINES_MAX;
        for (const { upload, purges: own } of plans) {
            const of = own.filter(({ subImage }) => !subImage).length; // a sub-image has its URL purged twice
            files.set(upload.path, { done: 0, left: own.length, of });
        }
        failSkipped(skipped);
    }
    function failSkipped(skipped) {
        for (const { path, result, reason } of skipped)
            if (result === 'failed')
                fail({ line: `${path}: ${reason}`, file: path, title: 'imgix sync: file failed' });
    }
    function hearOutcome(outcome) {
        const { step } = outcome;
        if (outcome.result === 'failed' && !isLong)
            (0,explain/* debugRequest */.LH)(outcome.error);
        // of records, of which there can be many, the ending speaks
        if (outcome.result === 'failed' && step.kind !== 'record' && !isOfAll(outcome.error))
            fail(failureOf(outcome));
        const file = step.kind === 'upload' || step.kind === 'purge' ? files.get(step.path) : undefined;
        if (file === undefined || outcome.result === 'skipped') {
            say(outcomeLine(outcome));
            return;
        }
        if (step.kind === 'upload') {
            file.upload = { ...outcome, step };
            say(storedLine(outcome), core/* debug */.Yz);
        }
        else {
            file.left -= 1;
            if (outcome.result === 'done' && step.kind === 'purge' && !step.subImage)
                file.done += 1;
        }
        if (file.left === 0 && file.upload?.result === 'done')
            say(publishedLine(file.upload, file));
    }
    function say(line, print = core/* info */.pq) {
        if (line !== undefined && !isLong)
            print(line);
    }
    return {
        hear(event) {
            if (event.kind === 'planned')
                hearPlan(event.plan);
            else if (event.kind === 'finished' && state.plannedSeconds === undefined)
                failSkipped(state.plan.skipped); // the run ended before the guards
            else if (event.kind === 'ended')
                hearOutcome(event.outcome);
            else if (event.kind === 'sync-ended')
                files.clear();
        },
    };
}
/** Whether the key or the proxy is the cause. Such an error ends the run, and the ending reports it once. */
function isOfAll(error) {
    if (!(error instanceof errors/* ImgixError */.xw) || error.permission === undefined)
        return false;
    return error.status === 401 || error.status === 403 || (error.cause instanceof unsent/* ProxyError */.T6 && !error.cause.retryable);
}

;// CONCATENATED MODULE: ./lib/src/report/result-lines.js



/** The end of the log has at most this many failures. */
const result_lines_FAILURES_MAX = 50;
/** What the run came to, in one line.
 *  @param stopped something ended it before its end */
function resultSentence({ counts, dryRun, cancelled, files, urls, seconds }, stopped) {
    if (dryRun && cancelled)
        return 'dry run, cancelled: nothing was changed';
    if (dryRun && !stopped) {
        const planned = files.filter(({ result }) => result === 'planned').length;
        const purged = urls.length === 0 ? '' : `, ${(0,runner_text/* count */.U9)(urls.length, 'URL')} purged`;
        return `dry run: ${(0,runner_text/* count */.U9)(planned, 'file')} would be uploaded${purged}; nothing was changed`;
    }
    const { uploaded, skipped, purged, failed } = counts;
    const words = [
        `${uploaded} uploaded`,
        ...(skipped > 0 ? [`${skipped} skipped`] : []),
        `${purged} purged`,
        ...(failed > 0 ? [`${failed} failed`] : []),
    ];
    return `${cancelled ? 'cancelled: ' : stopped ? 'stopped: ' : ''}${words.join(', ')} in ${(0,runner_text/* duration */.p0)(seconds)}`;
}
/** The one line that a failed run ends with; undefined where nothing failed. */
function failureSentence({ files, urls, dryRun }) {
    const failedFiles = files.filter(({ result }) => result === 'failed').length;
    const failedUrls = urls.filter(({ result }) => result === 'failed').length;
    const parts = [
        ...(failedFiles > 0 ? [`${failedFiles} of ${(0,runner_text/* count */.U9)(files.length, 'file')} failed`] : []),
        ...(failedUrls > 0 ? [`${failedUrls} of ${(0,runner_text/* count */.U9)(urls.length, 'purge')} failed`] : []),
    ];
    const left = dryRun ? 0 : files.filter(({ result }) => result === 'planned').length;
    return parts.length === 0 ? undefined : [...parts, ...(left > 0 ? [`${left} not done`] : [])].join(', ');
}
/** What failed beside files and URLs: the first of many. */
function failedSteps(failures) {
    const more = failures.length - result_lines_FAILURES_MAX;
    const rest = more > 0 ? [{ line: `and ${more} more assets` }] : [];
    return [...failures.slice(0, result_lines_FAILURES_MAX).map(failureOf), ...rest];
}
/** Uploads without a record are safe, and cost one more upload. */
function unrecordedSentence(unrecorded) {
    const [first] = unrecorded;
    if (first === undefined)
        return undefined;
    const [files, them] = [(0,runner_text/* count */.U9)(unrecorded.length, 'file'), unrecorded.length === 1 ? 'it' : 'them'];
    return `the bytes of ${files} could not be recorded, so that the next full sync uploads ${them} again: ${(0,explain/* explain */.WE)(first.error)}`;
}
/** What changed at assets beside their bytes; undefined where nothing did. */
function updatedSentence({ updates }) {
    const updated = updates.filter(({ result }) => result === 'updated').length;
    return updated === 0 ? undefined : `the metadata of ${(0,runner_text/* count */.U9)(updated, 'asset')} was updated`;
}
/** What a reader could miss: files that were not uploaded, and files that are in the bucket though git does not have them. */
function leftLines({ files, urls, dryRun }) {
    const skipped = Map.groupBy(files.filter(isLeft), ({ reason = 'skipped' }) => reason);
    const lines = [...skipped].map(([reason, of]) => `${(0,runner_text/* grouped */.zD)(of.length, 'file')} not uploaded: ${reason}`);
    const seen = new Set(urls.flatMap(({ path, verdict }) => (path === undefined || verdict === undefined ? [] : [path])));
    const deleted = files.filter(({ result, path }) => result === 'deleted' && !seen.has(path)).length;
    if (deleted === 0 || dryRun)
        return lines;
    const again = 'imgix serves such a file again unless it is deleted in the bucket, too';
    return [...lines, `${(0,runner_text/* grouped */.zD)(deleted, 'file')} deleted in git: ${again}`];
}
/** Not uploaded, and not because the Source has it. */
function isLeft({ result, reason = '' }) {
    return result === 'skipped' && !reason.startsWith('unchanged');
}

;// CONCATENATED MODULE: ./lib/src/report/headline.js



/** The first line of the summary and the last of the log, in the reader's words. `live` is what the verification saw,
 *  and nothing else. */
function headline(report, beside) {
    const { counted, failing, warnings } = needsOf(report, beside);
    const name = report.dryRun ? 'imgix dry run' : 'imgix';
    const published = publishedWords(report, beside);
    if (report.cancelled)
        return `❌ ${name}: cancelled; ${published}`;
    const sign = counted.length + failing.length > 0 ? '❌' : warnings.length > 0 ? '⚠️' : '✅';
    return [`${sign} ${name}: ${published}`, ...needWords(counted), ...failing, ...warnings].join('; ');
}
const KEY = 'the API key';
/** The items that need somebody. */
function needsOf({ urls }, beside) {
    const counted = (number, noun) => (number === 0 ? [] : [(0,runner_text/* grouped */.zD)(number, noun)]);
    const stale = urls.filter(({ verdict }) => verdict === 'stale').length;
    const served = urls.filter(({ verdict }) => verdict === 'still-served').map(({ path, url }) => path ?? url);
    const deleted = new Set(served).size;
    const old = counted(stale, 'URL').map((words) => `${words} ${stale === 1 ? 'does' : 'do'} not show the new file`);
    const still = counted(deleted, 'deleted file').map((words) => `${words} ${deleted === 1 ? 'is' : 'are'} still served`);
    const isFailing = beside.verify === 'fail';
    return {
        counted: [...endedBy(beside), ...Object.entries(beside.failed).flatMap(([noun, number]) => counted(number, noun))],
        failing: isFailing ? old : [],
        warnings: [...(isFailing ? [] : old), ...still, ...counted(beside.warnings.count, 'warning')],
    };
}
function endedBy({ error, problems }) {
    if (problems.length === 0)
        return [];
    const isRefused = error instanceof errors/* ImgixError */.xw && error.permission !== undefined && [401, 403].includes(error.status ?? 0);
    if (isRefused || problems.every(isOfKey))
        return [KEY];
    return [(0,runner_text/* grouped */.zD)(problems.length, isInputError(error) ? 'input' : 'problem')];
}
/** The permission to list assets is the key's, also where `on-unknown-base` ends the run for want of it. */
function isOfKey(problem) {
    return /^(on-unknown-base: .*: )?api-key: /.test(problem);
}
/** `4 files and 1 purge need you` */
function needWords(counted) {
    if (counted.length === 0)
        return [];
    const isOne = counted.length === 1 && counted.some((words) => words === KEY || words.startsWith('1 '));
    const list = new Intl.ListFormat('en-GB').format(counted);
    return [`${list} ${isOne ? 'needs' : 'need'} you`];
}
/** `38 of 42 files published` */
function publishedWords(report, { problems }) {
    const { files, counts, dryRun, cancelled } = report;
    const having = (...results) => files.filter(({ result }) => results.includes(result)).length;
    const total = having('uploaded', 'planned', 'failed');
    const isStopped = problems.length > 0; // a run without dry-run would be, too
    const done = dryRun ? (isStopped ? 0 : having('planned')) : counts.uploaded;
    const would = dryRun ? 'would be ' : '';
    if (total === 0)
        return purgedWords(report, isStopped || cancelled);
    if (done === 0) {
        const not = dryRun ? 'would not be published' : 'was not published';
        return total === 1 ? `the file ${not}` : `none of ${(0,runner_text/* digits */.vm)(total)} files ${dryRun ? 'would be' : 'was'} published`;
    }
    if (done < total)
        return `${(0,runner_text/* digits */.vm)(done)} of ${(0,runner_text/* grouped */.zD)(total, 'file')} ${would}published`;
    if (!dryRun && isSeenLive(report))
        return `${(0,runner_text/* grouped */.zD)(done, 'file')} ${done === 1 ? 'is' : 'are'} live`;
    return `${(0,runner_text/* grouped */.zD)(done, 'file')} ${would}published`;
}
/** Of a run that has no file to publish. */
function purgedWords({ files, urls, counts, mode, dryRun }, isStopped) {
    const skipped = new Set(files.filter(({ result }) => result === 'skipped').map(({ path }) => path));
    const isWanted = ({ path, result }) => result !== 'planned' || path === undefined || !skipped.has(path);
    const all = new Set(urls.filter(isWanted).map(({ url }) => url)).size;
    const done = dryRun ? all : counts.purged;
    const would = dryRun ? 'would be ' : '';
    if (done > 0)
        return `${done < all ? `${(0,runner_text/* digits */.vm)(done)} of ` : ''}${(0,runner_text/* grouped */.zD)(all, 'URL')} ${would}purged`;
    if (all > 0)
        return all === 1 ? 'the URL was not purged' : `none of ${(0,runner_text/* digits */.vm)(all)} URLs was purged`;
    if (isStopped || files.some(isLeft))
        return `nothing ${dryRun ? 'would be' : 'was'} published`;
    return counts.skipped > 0 && mode === 'all' ? 'everything is published already' : 'nothing to publish';
}
/** The verification saw the new bytes of every file. */
function isSeenLive({ files, urls }) {
    const seen = new Set(urls.filter(({ verdict }) => verdict === 'fresh').map(({ path }) => path));
    const others = urls.filter(({ verdict, path, subImage }) => !subImage && path !== undefined && verdict !== 'fresh');
    const bad = new Set(others.map(({ path }) => path));
    return files.filter(({ result }) => result === 'uploaded').every(({ path }) => seen.has(path) && !bad.has(path));
}
/** What the next run does with what this one left. */
function catchUp({ files, urls }) {
    const isPublished = files.some(({ result }) => ['uploaded', 'failed', 'planned'].includes(result));
    return urls.length > 0 && !isPublished ? 'purges what is missing' : 'publishes what is missing';
}
/** What to do next: one sentence or two, without names; '' where there is nothing to do.
 *  @param where the words for the place that says what to do */
function nextStep(report, beside, where = 'the table says') {
    const { files, urls, dryRun, cancelled } = report;
    const planned = files.filter(({ result }) => result === 'planned').length;
    if (cancelled) {
        if (planned === 0 || dryRun)
            return `Run this job again${dryRun ? '' : `: it ${catchUp(report)}`}.`;
        return `Run this job again: it publishes the ${(0,runner_text/* grouped */.zD)(planned, 'file')} that ${planned === 1 ? 'is' : 'are'} missing.`;
    }
    const needs = needsOf(report, beside);
    if (needs.counted.length + needs.failing.length > 0)
        return nextAfterFailure(needs, report, { ...beside, where });
    if (needs.warnings.length > 0 && !dryRun)
        return `The run is green, so the next one does not take this up. Do what ${where.replace('errors', 'warnings')}.`;
    return dryRun && planned + urls.length > 0 ? 'A run without dry-run does it.' : '';
}
function nextAfterFailure({ counted }, report, { error, causes, problems, catchesUp, isBaseKnown, where }) {
    const { dryRun, files, urls } = report;
    const rerun = `run this job again${dryRun ? '' : `: it ${catchUp(report)}`}`;
    if (problems.some(isOfSecret))
        return nextForSecret(problems.length);
    if (counted[0] === KEY)
        return `Mend the key in the imgix dashboard or in the secret, then ${rerun}.`;
    if (causes.length > 0 && causes.every(({ again }) => again))
        return counted.length === 0 ? 'Run this job again: it purges once more.' : `R${rerun.slice(1)}.`;
    // what the Source refuses is not in the workflow alone
    const isInput = isInputError(error) && files.length === 0;
    const what = isInput ? 'Fix the inputs in the workflow file' : `Do what ${where}`;
    if (dryRun)
        return `${what}, and push.`;
    // a job that runs again has the workflow and the files of its own commit
    if (isInput || (!isInputError(error) && [...problems, ...causes.map(({ remedy }) => remedy)].some(isOfWorkflow)))
        return catchesUp
            ? `${what}, and push: that run ${catchUp(report)}.`
            : `${what}, and push. ${leftBehind(isBaseKnown)}`;
    if (files.length === 0 && urls.length > 0)
        return `${what}, then push, or run this job again.`;
    if (catchesUp)
        return `${what}, then push, or run this job again: that run ${catchUp(report)}.`;
    if (causes.every(({ items }) => items.length === 0))
        return `${what}, then ${rerun}.`;
    return `${what}. Push the files that you change; for the others, ${rerun}.`;
}
/** What a push comes to that knows no last successful run. */
function leftBehind(isBaseKnown) {
    const push = isBaseKnown ? 'That push' : 'If the job lacks actions: read, that push';
    return `${push} takes only the files that it changes: for the others, run once with mode: all.`;
}
/** The workflow file has to change, or a file that an input names: `file:line:column: problem`. */
function isOfWorkflow(remedy) {
    return /:\d+:\d+: |actions\/checkout|install git|check out a commit|\bset [a-z-]+(?::| to)\s/.test(remedy);
}
/** A secret is missing: the workflow file can be right. */
function isOfSecret(problem) {
    return problem.startsWith("api-key: ''");
}
function nextForSecret(problems) {
    const others = problems > 1 ? 'Fix the other inputs in the workflow file. ' : '';
    const fork = 'A pull request from a fork has no secrets: there, only a dry run works.';
    return `${others}Set the secret that api-key reads, then ${problems > 1 ? 'push' : 'run this job again'}. ${fork}`;
}
function isInputError(error) {
    return error instanceof Error && error.name === 'InputError';
}

;// CONCATENATED MODULE: ./lib/src/report/json-report.js

/** How a file stands to what was there before, where that is known. */
const CHANGE_WORDS = { added: 'new', modified: 'changed', deleted: '', present: '' };
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
        updates: updateReports(state),
        assets: [...plan.files.flatMap((file) => file.calls), ...plan.calls]
            .map((step) => callReport(step, state))
            .sort(byPath),
    };
}
/** What belongs to no file comes last. */
function byPath({ path: a }, { path: b }) {
    if (a === b)
        return 0;
    return b === undefined || (a !== undefined && a < b) ? -1 : 1;
}
/** @returns each URL once: the run purges the URL of a sub-image twice */
function urlsHaving(urls, result) {
    return [...new Set(urls.filter((item) => item.result === result).map(({ url }) => url))];
}
const RESULTS = { done: 'uploaded', skipped: 'skipped', failed: 'failed', 'not-done': 'planned' };
function uploadReport(step, { outcomes, dryRun }) {
    const { path, originPath, change, bytes, route } = step;
    const report = { path, originPath, change, bytes, via: null, result: 'planned', attempts: 0, seconds: 0 };
    const outcome = outcomes.get(step);
    if (outcome === undefined)
        return dryRun && route !== 'any' ? { ...report, via: route } : report;
    report.result = RESULTS[outcome.result];
    report.attempts = outcome.attempts;
    report.seconds = Math.round(outcome.seconds * 1000) / 1000;
    if (outcome.result === 'done')
        report.via = outcome.route ?? null;
    else if (outcome.result === 'failed')
        report.error = (0,explain/* explain */.WE)(outcome.error);
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
    const { verdict, reason } = (step.subImage ? undefined : verdicts.get(step.url)) ?? {};
    return {
        url: step.url,
        subImage: step.subImage,
        result: outcome?.result === 'done' ? 'purged' : outcome?.result === 'failed' ? 'failed' : 'planned',
        attempts: outcome?.attempts ?? 0,
        ...(step.path !== undefined && { path: step.path }),
        ...errorOf(outcome),
        ...(verdict !== undefined && { verdict }),
        ...(reason !== undefined && { reason }),
    };
}
const UPDATE_RESULTS = { done: 'updated', skipped: 'same', failed: 'failed', 'not-done': 'planned' };
function updateReports({ plan, outcomes }) {
    const reports = new Map();
    const ofUploads = plan.files.map(({ upload }) => upload).filter(({ attributes }) => isSet(attributes));
    for (const { path, originPath } of [...ofUploads, ...plan.updates])
        reports.set(originPath, { path, originPath, result: 'planned' });
    for (const outcome of outcomes.values()) {
        if (outcome.step.kind !== 'update')
            continue;
        const { path, originPath } = outcome.step;
        reports.set(originPath, { path, originPath, result: UPDATE_RESULTS[outcome.result], ...errorOf(outcome) });
    }
    return [...reports.values()].sort(byPath);
}
function isSet(attributes) {
    return Object.values(attributes).some((value) => value === null || Object.keys(Object(value)).length > 0);
}
function callReport(step, { outcomes }) {
    const { path, originPath, call } = step;
    const outcome = outcomes.get(step);
    const result = outcome?.result === 'done' ? 'done' : outcome?.result === 'failed' ? 'failed' : 'planned';
    return { path, originPath, call, result, ...errorOf(outcome) };
}
function errorOf(outcome) {
    if (outcome?.result === 'failed')
        return { error: (0,explain/* explain */.WE)(outcome.error) };
    return outcome?.result === 'not-done' ? { error: outcome.reason } : {};
}

;// CONCATENATED MODULE: ./lib/src/report/ledger.js
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
        summary: 'pictures',
        repositoryUrl: '',
        plannedSeconds: undefined,
        reason: undefined,
        plan: { files: [], purges: [], updates: [], calls: [], skipped: [] },
        outcomes: new Map(),
        isCompared: false,
        onlyAtSource: [],
        warnings: [],
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
            const { kind: _, sourceId, ...settings } = event;
            return { ...settings, source: { id: sourceId, type: '' } };
        }
        case 'idle':
            return { reason: event.reason };
        case 'selected': {
            const { warnings, leftOut = new Map() } = event.changes;
            const all = [...state.warnings, ...warnings.map((text) => ({ text })), ...ofFiles(leftOut)];
            return { changes: event.changes, warnings: all };
        }
        case 'note':
            return event.level === 'warning' ? { warnings: [...state.warnings, { text: event.text }] } : {};
        case 'warned':
            return { warnings: [...state.warnings, ...ofFiles(event.problems)] };
        case 'source':
            return {
                source: { id: state.source.id, type: event.source.type },
                domains: state.domains.length > 0 ? state.domains : event.source.domains,
            };
        case 'compared':
            return { isCompared: true, onlyAtSource: event.listing.onlyAtSource };
        case 'drafted':
            return { plan: event.plan };
        case 'planned':
            return { plan: event.plan, plannedSeconds: event.seconds };
        case 'ended': {
            const { step, result } = event.outcome;
            if (step.kind !== 'record' || result === 'failed')
                state.outcomes.set(step, event.outcome);
            return {};
        }
        case 'verified':
            return { verdicts: event.verdicts };
        case 'finished':
            return { cancelled: event.cancelled, error: event.error };
        default:
            return {};
    }
}
function ofFiles(problems) {
    return [...problems].map(([path, text]) => ({ path, text }));
}
/** What somebody has to mend: failed uploads and purges, then what else failed of assets. */
function failuresOf({ outcomes }) {
    const failed = failedOf(outcomes).filter((each) => !isSafe(each));
    return [...failed.filter((each) => !isOfAsset(each)), ...failed.filter(isOfAsset)];
}
/** Records that were not made. Without one, the next full sync uploads the file again. */
function unrecordedOf({ outcomes }) {
    return failedOf(outcomes).filter(isSafe);
}
function isOfAsset({ step }) {
    return step.kind !== 'upload' && step.kind !== 'purge';
}
function failedOf(outcomes) {
    return [...outcomes.values()].filter((outcome) => outcome.result === 'failed');
}
function isSafe({ step }) {
    return step.kind === 'record' && step.record === 'always';
}

;// CONCATENATED MODULE: ./lib/src/report/outputs.js



/** Sets every output of the contract.
 *  @param paths of the report and of the summary */
function setOutputs(report, paths) {
    const files = (result) => report.files.filter((file) => file.result === result);
    const lists = {
        uploaded: files('uploaded').map(({ originPath }) => originPath),
        skipped: files('skipped').map(({ originPath }) => originPath),
        purged: urlsHaving(report.urls, 'purged'),
        stale: report.urls.filter(({ verdict }) => verdict === 'stale').map(({ url }) => url),
        planned: report.dryRun ? files('planned').map(({ originPath }) => originPath) : [],
        failed: [...files('failed').map((file) => file.path), ...urlsHaving(report.urls, 'failed')],
    };
    setListOutputs(lists, '; the output report names a file that has them');
    for (const [name, list] of Object.entries(lists))
        if (name !== 'stale')
            core/* setOutput */.uH(`${name}-count`, String(list.length));
    core/* setOutput */.uH('base', report.base);
    core/* setOutput */.uH('head', report.head);
    core/* setOutput */.uH('base-strategy', report.baseStrategy);
    core/* setOutput */.uH('report', paths.report);
    core/* setOutput */.uH('summary', paths.summary);
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __nccwpck_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(3024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(6760);
;// CONCATENATED MODULE: ./lib/src/report/report-file.js







const PIECE_ITEMS = 100;
/** A path for the report of this step: two steps of a job don't share one. */
function reportPath(tempDir) {
    return (0,external_node_path_.join)(tempDir, `imgix-sync-report-${(0,external_node_crypto_.randomBytes)(4).toString('hex')}.json`);
}
/** The path of the summary that belongs to a report. */
function summaryPath(report) {
    return report.replace(/-report-(\w+)\.json$/, '-summary-$1.md');
}
/** Writes the summary whole or not at all. */
function writeSummaryFile(markdown, path) {
    writeWhole([redactLines(markdown)], path);
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
                core/* debug */.Yz((0,explain/* explain */.WE)(error)); // the last report fails in the same way, and the run reports that failure
            }
        },
    };
}
/** Writes the report whole or not at all. */
function writeReport(report, path) {
    writeWhole(piecesOf(report), path);
}
function writeWhole(pieces, path) {
    // in a folder that others can write to, such as /tmp, a link can have its place
    (0,external_node_fs_.rmSync)(`${path}.tmp`, { force: true });
    const file = (0,external_node_fs_.openSync)(`${path}.tmp`, 'wx');
    try {
        for (const piece of pieces)
            (0,external_node_fs_.writeFileSync)(file, piece);
    }
    finally {
        (0,external_node_fs_.closeSync)(file);
    }
    (0,external_node_fs_.renameSync)(`${path}.tmp`, path);
}
/** Takes all texts that can be secret out of sentences, and only known secrets out of names. */
function withoutSecrets(key, value) {
    if (typeof value !== 'string')
        return value;
    return key === 'error' || key === 'reason' ? core/* redact */.E$(value) : core/* redactName */.bq(value);
}
/** The report as indented JSON, in pieces: of tens of thousands of files the whole would be tens of megabytes. */
function* piecesOf({ files, urls, updates, assets, ...rest }) {
    yield JSON.stringify(rest, withoutSecrets, 2).slice(0, -'\n}'.length);
    for (const [name, items] of Object.entries({ files, urls, updates, assets })) {
        yield `,\n  "${name}": [`;
        for (let start = 0; start < items.length; start += PIECE_ITEMS) {
            const list = JSON.stringify(items.slice(start, start + PIECE_ITEMS), withoutSecrets, 2);
            yield (start === 0 ? '' : ',') + list.slice(1, -'\n]'.length).replaceAll('\n', '\n  ');
        }
        yield items.length === 0 ? ']' : '\n  ]';
    }
    yield '\n}\n';
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
const LINE_MAX_LENGTH = 500;
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
    return `<h3>${sign} ${shorten(text)}</h3>`;
}
/** A text of others, cut, for an element of HTML: it has no secret, and notifies nobody. */
function shorten(text) {
    return (0,runner_text/* prose */.CS)((0,core/* redact */.E$)(text).slice(0, LINE_MAX_LENGTH));
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
    const shown = cut(lines, summary_LINES_MAX, shorten, 'more: the log has them all');
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

// EXTERNAL MODULE: ./lib/src/report/advice.js + 1 modules
var report_advice = __nccwpck_require__(8865);
;// CONCATENATED MODULE: ./lib/src/report/links.js



const SHA = /^[0-9a-f]{40,64}$/;
/** @returns '' for what is no address of a repository */
function repositoryUrl({ serverUrl, repository }) {
    if (!URL.canParse(serverUrl) || !/^[\w.-]+\/[\w.-]+$/.test(repository))
        return '';
    const { protocol, origin } = new URL(serverUrl);
    return protocol === 'https:' || protocol === 'http:' ? `${origin}/${repository}` : '';
}
/** @returns undefined where the repository does not have the file, or nobody knows */
function fileUrl(path, { repositoryUrl: url, head, isTracked }) {
    return url !== '' && SHA.test(head) && isTracked(path) ? blobUrl(url, head, path) : undefined;
}
/** The URL of the file at the base, before the change. */
function earlierFileUrl(path, { repositoryUrl: url, base }) {
    return url !== '' && SHA.test(base) ? blobUrl(url, base, path) : undefined;
}
function blobUrl(url, sha, path) {
    return `${url}/blob/${sha}/${path.toWellFormed().split('/').map(encodeURIComponent).join('/')}`;
}
/** The commits of a run, linked to the page that compares them. */
function commitsHtml({ repositoryUrl: url, base, head }) {
    const [from, to] = [base.slice(0, 7), head.slice(0, 7)];
    const text = `<code>${(0,runner_text/* html */.qy)(from === '' || from === to ? to : `${from}...${to}`)}</code>`;
    if (url === '' || !SHA.test(head))
        return text;
    const page = SHA.test(base) && base !== head ? `compare/${base}...${head}` : `commit/${head}`;
    return `<a href="${(0,runner_text/* html */.qy)(`${url}/${page}`)}">${text}</a>`;
}
function code(text) {
    return `<code>${(0,runner_text/* html */.qy)(text)}</code>`;
}
/** A path or a URL whose folder is small. A narrow page can break it after each folder and in a long word. */
function placeLink(url, text) {
    const end = text.lastIndexOf('/') + 1;
    const folder = text.slice(0, end);
    const name = `<code>${breakable((0,runner_text/* html */.qy)(core/* redactName */.bq(text.slice(end) || text)))}</code>`;
    const shown = url === undefined ? name : `<a href="${(0,runner_text/* html */.qy)(url)}">${name}</a>`;
    return `${folder === '' ? '' : `<sub>${breakable(shorten(folder))}</sub> `}${shown}`;
}
/** A URL, without the scheme that all have. */
function urlLink(url) {
    return placeLink(url, url.replace(/^https:\/\//, ''));
}
/** Settings of a workflow, which messages name as they are. */
const SETTINGS = /\b(lfs: true|mode: all|actions\/checkout)\b/g;
/** Escaped, with settings and the words in backticks as code. */
function terms(text) {
    return shorten(text)
        .replace(SETTINGS, '<code>$1</code>')
        .replace(/&#96;([\w .:/-]{1,60})&#96;/g, '<code>$1</code>');
}

;// CONCATENATED MODULE: ./lib/src/report/verdicts.js


const LIST_LENGTH = 200;
const STALE_REMEDY = 'run the job again, and look at CDNs between imgix and you';
const VERDICTS = ['fresh', 'gone', 'stale', 'still-served', 'unverifiable'];
/** imgix still serves the old bytes, or a deleted file. */
function needsYou({ verdict }) {
    return verdict === 'stale' || verdict === 'still-served';
}
/** The URLs of a verdict that has a reason, by that reason. */
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
    return `looked at ${(0,runner_text/* count */.U9)(verified.length, 'URL')}: ${parts.join(', ')}`;
}
/** One line for each reason of the verdicts `unverifiable` and `gone`. The other verdicts have annotations. */
function verdictLines(report) {
    const lines = ['unverifiable', 'gone'].flatMap((verdict) => [...byReason(report, verdict)].map(([reason, urls]) => {
        const more = urls.length === 1 ? '' : ` and ${urls.length - 1} more`;
        return `${verdict} ${urls[0]?.url}${more}: ${reason}`;
    }));
    return (0,runner_text/* cut */.Jj)(lines, LIST_LENGTH, runner_text/* printable */.g$);
}
/** One annotation for each URL that imgix serves as it was. A deleted file that is still in the bucket is a warning in any
 *  case: no run can make it go. */
function annotateVerdicts(report, verify) {
    const of = (wanted) => report.urls.filter(({ verdict }) => verdict === wanted).map(annotationOf);
    const rest = (left) => `and ${left} more: the report has them all`;
    (0,annotations/* annotate */.fz)(verify === 'fail' ? 'error' : 'warning', of('stale'), rest);
    (0,annotations/* annotate */.fz)('warning', of('still-served'), rest);
}
function annotationOf({ url, path, verdict, reason }) {
    const remedy = verdict === 'stale' ? `; ${STALE_REMEDY}` : '';
    const annotation = { line: `${url}: ${verdict}: ${reason}${remedy}`, title: `imgix sync: ${verdict}` };
    return path === undefined ? annotation : { ...annotation, file: path };
}
/** The reason why `verify: fail` fails the run; undefined if it does not. */
function verdictFailure(report, verify) {
    const stale = report.urls.filter(({ verdict }) => verdict === 'stale').length;
    if (verify !== 'fail' || stale === 0)
        return undefined;
    const verified = report.urls.filter(({ verdict }) => verdict !== undefined).length;
    return `verify: ${stale} of ${(0,runner_text/* count */.U9)(verified, 'URL')} ${stale === 1 ? 'is' : 'are'} not served as the repository has it`;
}

;// CONCATENATED MODULE: ./lib/src/report/causes.js







const NAMED_MAX = 5;
/** The items that need somebody, grouped by cause. The cause with the most items is first.
 *  @param failures without those that the error that ended the run stands for */
function findCauses(state, failures, urls) {
    const all = [...ofPlan(state), ...failures.map(ofFailure), ...urls.filter(needsYou).map(ofVerdict)];
    return byCause(all);
}
/** What does not fail the run. Only the warning about a file has its remedy after a colon. */
function findWarnings({ warnings }) {
    const causeOf = ({ text, path }) => path === undefined ? { remedy: '', problem: text, items: [] } : { ...splitReason(text), items: [{ path }] };
    return byCause(warnings.map(causeOf));
}
/** What ended the run. An error of our own says in its lines what to do.
 *  @param problems its lines */
function findEnding(error, problems) {
    if ((0,report_advice/* adviceOn */.i)(error) !== undefined)
        return [causeOf(error)];
    return problems.map((line) => {
        const [, remedy = '', problem = line] = /^([a-z-]+): (.*)$/s.exec(line) ?? [];
        return { remedy, problem, items: [] };
    });
}
function byCause(causes) {
    const groups = Map.groupBy(causes, ({ remedy, problem }) => `${remedy}\n${problem}`);
    return [...groups.values()]
        .flatMap((same) => same.slice(0, 1).map((first) => ({ ...first, items: same.flatMap(({ items }) => items) })))
        .sort((a, b) => b.items.length - a.items.length);
}
function ofPlan({ plan }) {
    return plan.skipped
        .filter(({ result }) => result === 'failed')
        .map(({ path, reason }) => ({ ...splitReason(reason), items: [{ path }] }));
}
function ofFailure({ step, error }) {
    if (step.kind === 'purge')
        return causeOf(error, { url: step.url });
    const cause = causeOf(error, { path: step.path });
    return step.kind === 'upload' ? cause : { ...cause, problem: `${notDone(step)}: ${cause.problem}` };
}
function ofVerdict({ url, verdict, reason = '' }) {
    const items = [{ url }];
    if (verdict === 'stale')
        return { remedy: STALE_REMEDY, problem: `imgix serves what it served before: ${reason}`, again: true, items };
    const remedy = 'delete the file in the bucket, then run the job again, which purges its URL';
    return { remedy, problem: 'deleted in git, and still served', items };
}
/** The cause of an error, of what it happened to or of the run. */
function causeOf(error, item) {
    const advice = (0,report_advice/* adviceOn */.i)(error) ?? splitReason((0,explain/* explain */.WE)(error));
    const { problem, remedy, again = false } = advice;
    return { problem, remedy, again, facts: (0,explain/* factsOf */.xS)(error, problem), items: item === undefined ? [] : [item] };
}
/** Splits a reason `problem: remedy`. The colons of `lfs: true` and `mode: all` do not separate the two. */
function splitReason(reason) {
    const [, problem, remedy] = /^(.*): (?!true\b|all\b|"|')(.*)$/s.exec(reason) ?? [];
    return remedy === undefined || problem === undefined ? { problem: reason, remedy: '' } : { problem, remedy };
}
/** `What to do | Files`: the remedy first. */
function causesTable(causes, links) {
    const hasItems = causes.some(({ items }) => items.length > 0);
    const row = (cause) => [whatToDo(cause), ...(hasItems ? [itemsHtml(cause, links)] : [])];
    return table(causes, { head: hasItems ? ['What to do', 'Files'] : ['What to do'], row, source: 'report' });
}
function whatToDo({ remedy, problem, facts = '' }) {
    const shown = terms(problem);
    const what = remedy === '' ? shown : `<b>${terms(isName(remedy) ? `\`${remedy}\`` : upperFirst(remedy))}</b>: ${shown}`;
    return facts === '' ? what : `${what} <sub>${shorten(facts)}</sub>`;
}
function itemsHtml({ items }, links) {
    const show = (item) => 'path' in item ? placeLink(fileUrl(item.path, links), item.path) : urlLink(item.url);
    return (0,runner_text/* cut */.Jj)(items, NAMED_MAX, show).join('<br>');
}
/** An input, and not a sentence. */
function isName(text) {
    return /^[a-z-]+$/.test(text);
}
function upperFirst(text) {
    return text.slice(0, 1).toUpperCase() + text.slice(1);
}

;// CONCATENATED MODULE: ./lib/src/report/file-table.js




const URLS_MAX = 5;
/** What the run was about comes first: a long table ends early. */
const ORDER = ['failed', 'uploaded', 'planned', 'deleted', 'skipped'];
/** One folded table: a file a row, with its state and its URLs. '' for none. */
function fileTable({ files, urls, dryRun }, links, urlsOf) {
    const rows = [...files].sort((a, b) => ORDER.indexOf(a.result) - ORDER.indexOf(b.result));
    const known = new Set(files.map(({ path }) => path));
    const others = urls.filter(({ path, subImage }) => !subImage && (path === undefined || !known.has(path)));
    if (rows.length + others.length === 0)
        return '';
    const fileRow = (file) => [
        placeLink(pageOf(file, links), file.path),
        `${stateOf(file, dryRun)}${file.bytes === null ? '' : `<br><sub>${(0,runner_text/* size */.Ej)(file.bytes).replace(' ', '&#160;')}</sub>`}`,
        urlsHtml(urlsOf(file.path), dryRun),
    ];
    const urlRow = (item) => [urlLink(item.url), shorten(urlState(item, dryRun) || 'purged'), ''];
    const body = table([...rows, ...others], {
        head: ['File', 'State', 'At imgix'],
        row: (item) => ('url' in item ? urlRow(item) : fileRow(item)),
        source: 'report',
    });
    const names = [
        ...(rows.length > 0 ? [rows.length === 1 ? 'The file' : `All ${(0,runner_text/* grouped */.zD)(rows.length, 'file')}`] : []),
        ...(others.length > 0 ? [(0,runner_text/* grouped */.zD)(others.length, rows.length > 0 ? 'further URL' : 'URL')] : []),
    ];
    return `<details><summary>${names.join(' and ')}</summary>\n\n${body}\n\n</details>`;
}
/** The link to a deleted file leads to the base, because the head does not have the file. */
function pageOf({ path, result }, links) {
    return result === 'deleted' ? earlierFileUrl(path, links) : fileUrl(path, links);
}
function stateOf({ result, change, reason }, dryRun) {
    const words = {
        uploaded: 'published',
        planned: dryRun ? 'would be published' : 'not done',
        failed: 'failed',
        deleted: reason ?? 'deleted in git',
        skipped: reason ?? 'skipped',
    }[result];
    const how = result === 'skipped' ? '' : CHANGE_WORDS[change];
    return shorten(how === '' ? words : `${how}, ${words}`);
}
function urlsHtml(urls, dryRun) {
    const show = (item) => {
        const state = urlState(item, dryRun);
        return `${placeLink(item.url, new URL(item.url).host)}${state === '' ? '' : ` ${shorten(state)}`}`;
    };
    return (0,runner_text/* cut */.Jj)(urls, URLS_MAX, show).join('<br>');
}
/** @returns '' for a URL that was purged, or would be */
function urlState({ result, verdict, reason }, dryRun) {
    if (verdict !== undefined)
        return verdict === 'gone' && reason !== undefined ? `gone: ${reason}` : verdict;
    return result === 'purged' || (dryRun && result === 'planned') ? '' : 'not purged';
}

;// CONCATENATED MODULE: ./lib/src/report/gallery.js



const PICTURES_MAX = 12;
const WIDTH = 72;
/** Browsers show these. */
const EXTENSIONS = /\.(png|jpe?g|gif|webp|svg|avif)$/i;
const BYTES_MAX = 1_000_000;
/** Changes can be compared, so they come first. */
const gallery_ORDER = ['modified', 'added', 'present'];
/** A longer path can make the URL of the page longer than servers accept. */
const PATH_MAX_LENGTH = 300;
const NAME_MAX_LENGTH = 24;
/** Pictures before and after, from the repository itself: no request to imgix is needed, and a dry run has them too.
 *  Each is a table of its own that floats, so that a narrow page has fewer in a row. '' for none.
 *  @param files those that are, or would be, published
 *  @param urlsOf the URLs of a file that show what its picture shows */
function gallery(files, links, urlsOf) {
    const cards = files
        .filter((file) => isPicture(file) && fileUrl(file.path, links) !== undefined)
        .sort((a, b) => gallery_ORDER.indexOf(a.change) - gallery_ORDER.indexOf(b.change))
        .slice(0, PICTURES_MAX)
        .map((file) => card(file, links, urlsOf(file.path)[0]?.url));
    return cards.length === 0 ? '' : `${cards.join('\n')}\n<br clear="all">`;
}
function isPicture({ path, bytes }) {
    return EXTENSIONS.test(path) && path.length <= PATH_MAX_LENGTH && bytes !== null && bytes > 0 && bytes < BYTES_MAX;
}
function card({ path, bytes, change }, links, url) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const shown = name.length > NAME_MAX_LENGTH ? `${name.slice(0, NAME_MAX_LENGTH)}…` : name;
    const after = fileUrl(path, links) ?? '';
    const before = change === 'modified' ? earlierFileUrl(path, links) : undefined;
    const image = (page) => `<img src="${(0,runner_text/* html */.qy)(`${page}?raw=true`)}" width="${WIDTH}" alt="${(0,runner_text/* html */.qy)(name)}">`;
    const pair = before === undefined ? '' : `<a href="${(0,runner_text/* html */.qy)(before)}">${image(before)}</a> → `;
    const facts = [CHANGE_WORDS[change], (0,runner_text/* size */.Ej)(bytes ?? 0)].filter((fact) => fact !== '').join(', ');
    const caption = `<sub><a href="${(0,runner_text/* html */.qy)(after)}">${code(shown)}</a><br>${facts}</sub>`;
    return `<table align="left"><tr><td align="center">${pair}<a href="${(0,runner_text/* html */.qy)(url ?? after)}">${image(after)}</a><br>${caption}</td></tr></table>`;
}

;// CONCATENATED MODULE: ./lib/src/report/summary.js













const REASON_URLS = 3;
const ONLY_AT_SOURCE_MAX = 200;
/** @param problems what ended the run, a line each */
function summaryOf(state, report, problems) {
    const { error, verify, changes, isCompared, onlyAtSource, plannedSeconds, repositoryUrl } = state;
    const { hints = [], tracked, baseReason, base, head } = changes;
    const isTracked = (path) => tracked === undefined || tracked.has(path);
    const links = { repositoryUrl, base, head, isTracked };
    // the error that ended the run also stands for the steps that it ended
    const left = failuresOf(state).filter((failed) => !(0,explain/* isTold */.Wc)(failed.error, problems));
    const having = (kind) => left.filter(({ step }) => step.kind === kind).length;
    const updated = updatedSentence(report);
    const unrecorded = unrecordedSentence(unrecordedOf(state));
    const reason = error === undefined ? state.reason : undefined;
    return {
        error,
        problems,
        verify,
        isCompared,
        onlyAtSource,
        plannedSeconds,
        baseReason,
        hints,
        links,
        causes: [...(report.cancelled ? [] : findEnding(error, problems)), ...findCauses(state, left, report.urls)],
        warnings: { count: state.warnings.length, causes: findWarnings(state) },
        /** The next push takes what this run left: it compares with the commit of the last successful run. */
        catchesUp: state.mode === 'all' || changes.baseStrategy === 'last-success',
        isBaseKnown: changes.baseStrategy !== '',
        /** how many failed beside what the error that ended the run stands for */
        failed: {
            file: having('upload') + state.plan.skipped.filter(({ result }) => result === 'failed').length,
            purge: having('purge'),
            /** with an attribute, a record or a call that failed */
            asset: left.filter(isOfAsset).length,
        },
        updated,
        /** what else a reader wants to know */
        lines: [reason, untouchedSentence(changes), updated, unrecorded, ...leftLines(report)].filter((line) => line !== undefined),
        pictures: state.summary === 'pictures',
    };
}
/**
 * The job summary, in the order of its reader: what happened, what to do, what was published, all files, the facts.
 * Names are only in blocks of HTML without empty lines, where GitHub reads no Markdown.
 * @param maxBytes default what GitHub takes
 */
function formatSummary(report, beside, maxBytes) {
    const { causes, warnings, links } = beside;
    const urls = Map.groupBy(report.urls.filter(({ subImage }) => !subImage), ({ path }) => path);
    const urlsOf = (path) => urls.get(path) ?? [];
    // what ended a dry run would end the run, too: nothing would be published
    const told = { ...report, dryRun: report.dryRun && beside.problems.length === 0 };
    const sections = [
        `### ${headline(report, beside)}`,
        countsLine(report, beside),
        summary_alert(report, beside),
        causesTable([...causes, ...warnings.causes], links),
        beside.lines.map((line) => `<p>${terms(upperFirst(line))}</p>`).join('\n'),
        publishedTitle(told),
        beside.pictures ? gallery(shownIn(told), links, report.dryRun ? () => [] : urlsOf) : '',
        verified(report),
        fileTable(told, links, urlsOf),
        report.dryRun ? onlyAtSource(beside.onlyAtSource) : '',
        facts(report, beside),
    ];
    return joinSections(sections, maxBytes);
}
/** Counts the files by their state at the Source, for a dry run and a full sync; '' for other runs. */
function countsLine({ files, dryRun, mode }, { isCompared, onlyAtSource: left }) {
    if (files.length === 0 || (!dryRun && mode !== 'all'))
        return '';
    const having = (is) => files.filter(is).length;
    const taken = (wanted) => having(({ change, result }) => change === wanted && result !== 'skipped');
    const parts = [
        [taken('added'), 'new'],
        [taken('modified'), 'changed'],
        [taken('present'), isCompared ? 'there already, perhaps changed' : 'not compared with the Source'],
        [having((file) => file.result === 'skipped' && !isLeft(file)), 'unchanged'],
        [having(({ result }) => result === 'deleted'), 'deleted'],
        [left.length, 'only at the Source'],
    ];
    const shown = parts.flatMap(([number, word]) => (number === 0 ? [] : [`<b>${(0,runner_text/* digits */.vm)(number)}</b> ${word}`]));
    return shown.length === 0 ? '' : `<p>${shown.join(' · ')}</p>`;
}
/** The next step. GitHub reads it as Markdown, so it contains our own words only. */
function summary_alert(report, beside) {
    const next = nextStep(report, beside);
    if (next === '')
        return '';
    const text = report.dryRun && !report.cancelled ? `Nothing was changed. ${next}` : next;
    if (report.cancelled)
        return `> [!WARNING]\n> ${text}`;
    const kind = headline(report, beside).startsWith('❌') ? 'CAUTION' : report.dryRun ? 'NOTE' : 'WARNING';
    return `> [!${kind}]\n> ${text}`;
}
function shownIn({ files, dryRun }) {
    return files.filter(({ result }) => result === (dryRun ? 'planned' : 'uploaded'));
}
function publishedTitle(report) {
    const shown = shownIn(report);
    const { dryRun, counts, urls } = report;
    if (shown.length === 0)
        return '';
    const bytes = shown.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
    const planned = new Set(urls.map(({ url }) => url)).size;
    const purges = dryRun ? `${(0,runner_text/* grouped */.zD)(planned, 'URL')} to purge` : `${(0,runner_text/* grouped */.zD)(counts.purged, 'URL')} purged`;
    const parts = [(0,runner_text/* size */.Ej)(bytes), ...(dryRun && planned === 0 ? [] : [purges])]; // without a key no domain is known
    return `#### ${dryRun ? 'Would be published' : 'Published'} (${(0,runner_text/* digits */.vm)(shown.length)}) · ${parts.join(' · ')}`;
}
/** The result of the verification, and the URLs that it can't judge, by reason. */
function verified(report) {
    const sentence = verdictSentence(report);
    if (sentence === undefined)
        return '';
    const lines = [...byReason(report, 'unverifiable')].map(([reason, urls]) => {
        const more = urls.length - REASON_URLS;
        const shown = urls.slice(0, REASON_URLS).map(({ url }) => code(url.replace(/^https:\/\//, '')));
        return `<br>${(0,runner_text/* grouped */.zD)(urls.length, 'URL')} not verifiable, ${shorten(reason)}: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    });
    return `<p><sub>Verification ${shorten(sentence)}${lines.slice(0, 10).join('')}</sub></p>`;
}
function onlyAtSource(paths) {
    if (paths.length === 0)
        return '';
    const show = (path) => code(`/${core/* redactName */.bq(path).slice(0, 500)}`);
    const shown = (0,runner_text/* cut */.Jj)(paths, ONLY_AT_SOURCE_MAX, show, 'more: the log has them');
    const title = `${(0,runner_text/* grouped */.zD)(paths.length, 'asset')} only at the Source: left there, as imgix's API has no delete call`;
    return `<details><summary>${title}</summary>\n\n<p>${shown.join('<br>\n')}</p>\n\n</details>`;
}
/** One small line of what a reader looks up, not reads. */
function facts(report, { links, baseReason, plannedSeconds, hints }) {
    const { head, source, seconds, mode } = report;
    const since = baseReason === undefined ? (mode === 'all' ? ' (every file)' : '') : ` (since ${baseReason})`;
    const parts = [
        ...(head === '' ? [] : [`Commits ${commitsHtml(links)}${shorten(since)}`]),
        ...(source.id === '' ? [] : [`Source ${code(source.id)}${source.type === '' ? '' : `, ${shorten(source.type)}`}`]),
        `${(0,runner_text/* duration */.p0)(seconds)}${limitsOf(report, plannedSeconds)}`,
        'JSON report: output <code>report</code>',
        ...hints.map(terms),
    ];
    return `<p><sub>${parts.join(' · ')}</sub></p>`;
}
/** The time that the rate limits need; '' for a run that ended before, and where they need next to none. */
function limitsOf({ seconds, dryRun }, plannedSeconds = 0) {
    if (plannedSeconds < 1 || (!dryRun && seconds < plannedSeconds))
        return '';
    return dryRun
        ? ` (by imgix's rate limits, a run needs ${(0,runner_text/* duration */.p0)(plannedSeconds)})`
        : ` (imgix's rate limits need ${(0,runner_text/* duration */.p0)(plannedSeconds)})`;
}

;// CONCATENATED MODULE: ./lib/src/report/ending.js















/** What a comment on a pull request takes is 65,536 characters. */
const FILE_MAX_BYTES = 65_000;
/** Reports the result in every ending and in every place. What can't be written doesn't keep the rest from being
 *  reported. */
async function reportEnding(state, reportFile) {
    const report = buildReport(state);
    (0,explain/* debugError */.AO)(state.error);
    const problems = (0,annotations/* listProblems */.vz)(state.error, 'imgix sync', explain/* explain */.WE);
    const ended = problems.map(({ line }) => line);
    const unproved = verdictFailure(report, state.verify);
    annotateVerdicts(report, state.verify);
    const failures = failuresOf(state);
    (0,annotations/* annotate */.fz)('error', [...untold(failures, ended), ...problems, ...(unproved === undefined ? [] : [{ line: unproved }])]);
    const unrecorded = unrecordedSentence(unrecordedOf(state));
    if (unrecorded !== undefined)
        core/* warning */.$e(unrecorded);
    const verified = verdictSentence(report);
    if (verified !== undefined)
        core/* group */.Os(`Verification: ${verified}`, verdictLines(report));
    const paths = { report: reportFile, summary: summaryPath(reportFile) };
    const write = () => retryHeld(() => writeReport(report, reportFile));
    const isWritten = await attempt('the report', write, 'check RUNNER_TEMP');
    await attempt('the outputs', () => setOutputs(report, paths));
    const beside = summaryOf(state, report, ended);
    await attempt('the summary', () => writeSummaryFile(formatSummary(report, beside, FILE_MAX_BYTES), paths.summary), 'check RUNNER_TEMP');
    if (state.summary !== 'off')
        await writeSummary(formatSummary(report, beside));
    for (const line of lastLines(report, beside))
        core/* info */.pq(line);
    if (isWritten)
        core/* info */.pq(`report: ${reportFile}`);
    const failure = report.cancelled ? resultSentence(report, false) : failureSentence(report);
    if (failure !== undefined)
        core/* setFailed */.C1(failure);
    else if (problems.length + failures.length > 0 || unproved !== undefined)
        process.exitCode = core/* ExitCode */.yU.Failure;
}
/** What the log has not said where it happened: it could have been what ends the run, or stands for many records.
 *  @param ended the lines that say what ended the run */
function untold(failures, ended) {
    const left = failures.filter(({ step, error }) => isOfAll(error) || step.kind === 'record');
    const untold = left.filter(({ error }) => !(0,explain/* isTold */.Wc)(error, ended));
    const files = untold.filter((failure) => !isOfAsset(failure));
    return [...files.map(failureOf), ...failedSteps(untold.filter(isOfAsset))];
}
/** The next step after purges that no verification watches; '' for other runs. */
function afterPurges({ counts, urls }) {
    const isSeen = urls.some(({ verdict }) => verdict !== undefined);
    return counts.purged > 0 && !isSeen
        ? 'imgix empties its caches, which can take minutes; verify: warn would watch it'
        : '';
}
/** What the run came to, and what happens next. */
function lastLines(report, beside) {
    const result = report.cancelled ? undefined : resultSentence(report, beside.problems.length > 0);
    const step = nextStep(report, beside, 'the errors above say');
    const isShown = step === '' || core/* isWorkflow */._2(); // the steps are about pushes and jobs
    const next = isShown ? step || afterPurges(report) : '';
    return [beside.updated, result, next === '' ? undefined : `next: ${next}`].filter((line) => line !== undefined);
}

;// CONCATENATED MODULE: ./lib/src/runner/seldom.js
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

;// CONCATENATED MODULE: ./lib/src/report/listing-lines.js

/** A list in the log has at most this many items. */
const listing_lines_LIST_LENGTH = 200;
/** The log names at most this many patterns. */
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
    const taken = [...comparisons].filter(([, { isUnchanged }]) => !isUnchanged);
    const lines = [
        ...taken.map(([path, { reason }]) => `/${path}: ${reason}`),
        ...onlyAtSource.map((path) => `/${path}: only at the Source, left as it is: imgix's API can't delete it`),
    ];
    return (0,runner_text/* cut */.Jj)(lines, listing_lines_LIST_LENGTH, runner_text/* printable */.g$);
}
/** Patterns of the metadata file that match no file: perhaps they are misspelt. */
function idlePatternsLine(patterns) {
    const shown = patterns.slice(0, PATTERNS_MAX).map((pattern) => `'${pattern}'`);
    const more = patterns.length - shown.length;
    return (0,runner_text/* printable */.g$)(`metadata: no file matches ${shown.join(', ')}${more > 0 ? ` and ${more} patterns more` : ''}`);
}

;// CONCATENATED MODULE: ./lib/src/report/plan-lines.js



/** A list in the log ends here; the report has all of it. */
const plan_lines_LIST_LENGTH = 200;
/** More bytes than this take long on any connection, and the forecast can't tell how long. */
const TRANSFER_BYTES = 100_000_000;
/** @param type '' where the Source was not read */
function sourceLine({ id, type }, domains) {
    const source = type === '' ? 'Source not read' : `Source ${id} (${type})`;
    return (0,runner_text/* printable */.g$)(`${source}, domains: ${domains.join(', ') || 'none'}`);
}
/** @param verifySeconds for the verification afterwards, at most */
function planSentence(plan, seconds, verifySeconds = 0) {
    const uploads = plan.files.map(({ upload }) => upload);
    const bytes = uploads.reduce((sum, step) => sum + step.bytes, 0);
    const sessions = uploads.filter((step) => step.route === 'session').length;
    const either = uploads.filter((step) => step.route === 'any').length;
    const byRoute = [
        sessions > 0 ? `, ${sessions} by upload session` : '',
        either > 0 ? `, ${either} by direct upload or session` : '',
    ].join('');
    const transfer = bytes > TRANSFER_BYTES ? ` and the time that ${(0,runner_text/* size */.Ej)(bytes)} take` : '';
    const whole = Math.ceil(seconds + 1); // the last request wants its answer, too
    const purges = plan.files.reduce((sum, file) => sum + file.purges.length, plan.purges.length);
    const verify = verifySeconds > 0 && purges > 0 ? `, then ${verifySeconds} s at most to verify` : ''; // only purges are looked at
    const about = `, about ${whole < 120 ? `${whole} s` : (0,runner_text/* duration */.p0)(whole)} by the rate limits${transfer}${verify}`;
    const calls = [...plan.files.flatMap((file) => file.calls), ...plan.calls];
    const forecast = uploads.length + plan.updates.length + purges + calls.length === 0 ? '' : about;
    const updates = plan.updates.length === 0 ? '' : `, ${(0,runner_text/* count */.U9)(plan.updates.length, 'update')} of attributes`;
    const assets = calls.length === 0 ? '' : `, ${(0,runner_text/* count */.U9)(calls.length, 'file')} to ${calls[0]?.call} in the Asset Manager`;
    return `${(0,runner_text/* count */.U9)(uploads.length, 'upload')} (${(0,runner_text/* size */.Ej)(bytes)}${byRoute})${updates}${assets}, ${(0,runner_text/* count */.U9)(purges, 'purge')}${forecast}`;
}
/** The plan in full, each upload with its URLs under it. What fails before it begins has annotations. */
function planLines({ files, purges: alone, calls, updates, skipped }) {
    const purgeOf = (step) => `    purge ${nameOf(step)}`;
    const purges = Map.groupBy(alone, ({ path }) => path);
    const lines = [
        ...files.flatMap(({ upload, purges }) => [uploadLine(upload), ...purges.map(purgeOf)]),
        ...[...files.flatMap((file) => file.calls), ...calls].map(({ path, call }) => call === 'refresh' ? `refresh ${path}` : `queue ${path} for the Asset Manager`),
        ...updates.map(({ path }) => `update the metadata of ${path}`),
        ...skipped
            .filter(({ result }) => result !== 'failed')
            .flatMap(({ path, result, reason }) => [
            `${result} ${path}: ${reason}`,
            ...(purges.get(path) ?? []).map(purgeOf),
        ]),
        ...(purges.get(undefined) ?? []).map(purgeOf),
    ];
    return (0,runner_text/* cut */.Jj)(lines, plan_lines_LIST_LENGTH, runner_text/* printable */.g$, 'more lines: the report has all of it');
}
function uploadLine({ path, originPath, change, bytes, route, contentType }) {
    const facts = [(0,runner_text/* size */.Ej)(bytes), CHANGE_WORDS[change], route === 'any' ? 'direct or session' : route, contentType];
    return `upload ${path} to /${originPath} (${facts.filter((fact) => fact !== '').join(', ')})`;
}

;// CONCATENATED MODULE: ./lib/src/report/log.js










/** Prints what happens.
 *  @param state as it is after each event */
function createLog(state) {
    const fileLog = createFileLog(state);
    const sayListed = seldom((assets) => core/* info */.pq(`${assets} of the Source's assets listed so far`));
    return {
        hear(event) {
            const print = PRINT[event.kind];
            print?.(event, state);
            if (event.kind === 'listed')
                sayListed(event.assets);
            fileLog.hear(event);
        },
    };
}
const NOTE = { info: core/* info */.pq, notice: core/* notice */.lm, warning: core/* warning */.$e };
const PRINT = {
    idle({ reason }, { changes }) {
        if (changes.baseStrategy === '')
            core/* info */.pq(reason); // otherwise the lines of the selection say it
    },
    note: ({ level, text }) => NOTE[level](text),
    selected({ changes }, { mode }) {
        core/* group */.Os(mode === 'all' ? 'Files' : 'Changed files', changesLines(changes));
        for (const line of [...changes.notices, untouchedSentence(changes) ?? []].flat())
            core/* notice */.lm(line);
        for (const line of changes.warnings)
            core/* warning */.$e(line);
        annotateFiles(changes.leftOut ?? new Map());
    },
    unlisted: ({ why }) => core/* notice */.lm(`every file is taken, as ${(0,runner_text/* printable */.g$)(why)}`),
    compared: ({ listing }) => core/* group */.Os(comparedSentence(listing), comparedLines(listing)),
    warned: ({ problems }) => annotateFiles(problems),
    planned({ plan, seconds }, { source, domains, verifySeconds }) {
        const lines = [sourceLine(source, domains), ...planLines(plan)];
        core/* group */.Os(`Plan: ${planSentence(plan, seconds, verifySeconds)}`, lines);
    },
    'idle-patterns'({ patterns }) {
        if (patterns.length > 0)
            core/* info */.pq(idlePatternsLine(patterns));
    },
    'sync-began'({ videos }) {
        if (videos.length > 0)
            core/* notice */.lm(videosLine(videos));
    },
    'sessions-closed'({ because }) {
        const text = 'small files go by direct upload alone from here on, as an upload session failed';
        core/* info */.pq((0,runner_text/* printable */.g$)(`${text}: ${(0,explain/* reasonOf */.A3)(because)}`));
    },
    'records-unknown'({ because }) {
        const text = `whether full syncs have left records can't be asked, so only those that the answers of uploads show are renewed`;
        core/* info */.pq((0,runner_text/* printable */.g$)(`${text}: ${(0,explain/* reasonOf */.A3)(because)}`));
    },
    waits: ({ waitMs, because }) => (0,explain/* logWait */.cZ)(waitMs, because),
    slowed: (event) => core/* notice */.lm(slowDownLine(event)),
    looked({ left, all, urls, waitMs }) {
        const waits = `${urls.join(', ')}${left > urls.length ? ` and ${left - urls.length} more` : ''}`;
        const settled = `${all - left} of ${(0,runner_text/* count */.U9)(all, 'URL')} settled`;
        core/* info */.pq((0,runner_text/* printable */.g$)(`verify: ${settled}, looks at the others again in ${(waitMs / 1000).toFixed(1)} s: ${waits}`));
    },
    'purged-again'({ url, error }) {
        core/* info */.pq((0,runner_text/* printable */.g$)(error === undefined ? `purged again ${url}` : `not purged again ${url}: ${(0,explain/* reasonOf */.A3)(error)}`));
    },
};
/** One warning for each file.
 *  @param problems by path */
function annotateFiles(problems) {
    const title = 'imgix sync: guard';
    (0,annotations/* annotate */.fz)('warning', [...problems].map(([file, problem]) => ({ line: `${file}: ${problem}`, file, title })));
}
/** imgix can serve a video by its Video API, which purges do not reach.
 *  @param names a path or a URL each */
function videosLine(names) {
    return (0,runner_text/* printable */.g$)(`${(0,runner_text/* count */.U9)(names.length, 'video')} changed or deleted (${names[0]}${names.length > 1 ? ', …' : ''}): purges do not reach imgix's Video API, which may go on serving the older bytes under their old names. A new file name is the sure way`);
}
/** Says what to set in rate-limits after imgix refused a pace within it: one value for all classes. */
function slowDownLine({ slowDowns, limits, shards }) {
    const accepted = new Map(slowDowns.map((each) => [each.limitClass, each.accepted]));
    const value = Object.entries(limits)
        .filter(([name, limit]) => accepted.has(name) || !isDocumented(name, limit, shards))
        .map(([name, limit]) => `${name}=${rate(accepted.get(name) ?? limit, shards)}`);
    const refused = slowDowns.map(({ limitClass, limit, refusals }) => `${(0,runner_text/* count */.U9)(refusals, `${limitClass} request`)} though rate-limits allows ${rate(limit, shards)}`);
    return `imgix refused (429) ${refused.join(' and ')}: the limits of this account are lower than assumed, or another job uses them, too. If they are lower, set rate-limits: ${value.join(', ')}`;
}
const DOCUMENTED = pace/* DOCUMENTED_LIMITS */.s;
function isDocumented(name, limit, shards) {
    const documented = DOCUMENTED[name];
    return documented !== undefined && rate(documented, 1) === rate(limit, shards);
}
/** A pace as `rate-limits` takes it. */
function rate({ count, perMs }, shards) {
    const requests = count * shards;
    const units = [
        ['s', 1000],
        ['m', 60_000],
        ['h', 3_600_000],
    ];
    const isExact = (rate) => rate >= 10 || (rate >= 1 && Number.isInteger(rate));
    const [unit, ms] = units.find(([, unitMs]) => isExact((requests * unitMs) / perMs)) ?? ['h', 3_600_000];
    return `${Math.max(1, Math.floor((requests * ms) / perMs))}/${unit}`;
}

;// CONCATENATED MODULE: ./lib/src/report/progress.js

/** The length of the period that the rates are measured over. */
const RATE_SECONDS = 30;
/** The pause between two lines: a twelfth of the time so far, but at least 5 s and at most a minute. */
const LINE_MS = { least: 5000, most: 60_000, share: 1 / 12 };
/** Tells a line now and then while a plan is carried out. */
function createProgress(tell) {
    return showProgress((track) => nowAndThen(() => tell(`progress: ${track.describe().join('; ')}`)));
}
/** @param begin shows the progress, until the function that it returns is called */
function showProgress(begin) {
    let track;
    let stop = () => { };
    return {
        hear(event) {
            if (event.kind === 'planned')
                track = trackPlan(event.plan, event.forecast);
            else if (event.kind === 'sync-began' && track !== undefined)
                stop = begin(track);
            else if (event.kind === 'sync-ended')
                stop();
            else if (event.kind === 'sent')
                track?.send(event.step, event.bytes);
            else if (event.kind === 'ended')
                track?.end(event.outcome);
        },
    };
}
/** What is done of a plan, how fast it goes and how long it will take. */
function trackPlan({ files, ...alone }, forecast) {
    const ofFiles = files.flatMap(({ upload, purges, calls }) => [upload, ...purges, ...calls]);
    const left = new Set([...ofFiles, ...alone.purges, ...alone.updates, ...alone.calls]);
    const recorded = files.filter(({ upload }) => upload.record === 'always');
    const unrecorded = new Set(recorded.map(({ upload }) => upload.path));
    const sent = new Map(); // bytes of what is under way
    const total = look();
    const past = [total];
    /** Counts what is left; `short` and `bytes` are those of uploads. */
    function look() {
        const steps = { upload: 0, purge: 0, update: 0, call: 0, record: unrecorded.size };
        const now = { ...steps, at: performance.now(), short: 0, bytes: 0 };
        for (const step of left) {
            now[step.kind] += 1;
            if (step.kind !== 'upload')
                continue;
            if (isShort(step))
                now.short += 1;
            now.bytes += step.bytes - (sent.get(step) ?? 0);
        }
        return now;
    }
    /** @returns what is done, how fast it goes, and how long it will take, where that is known */
    function describe() {
        const now = look();
        past.push(now);
        while (now.at - (past[1]?.at ?? now.at) >= RATE_SECONDS * 1000)
            past.shift();
        const [first = now] = past;
        const rate = (what) => (first[what] - now[what]) / ((now.at - first.at) / 1000);
        /** 0 where the rate tells nothing yet */
        const secondsFor = (what) => (rate(what) > 0 ? now[what] / rate(what) : 0);
        const pace = now.upload === 0 ? secondsFor('purge') : Math.max(secondsFor('short'), secondsFor('bytes'));
        const seconds = Math.max(forecast([...left]), pace);
        const done = (what) => `${total[what] - now[what]} of ${(0,runner_text/* count */.U9)(total[what], what)}`;
        const bytes = `${(0,runner_text/* size */.Ej)(total.bytes - now.bytes)} of ${(0,runner_text/* size */.Ej)(total.bytes)}`;
        const work = [
            ...(total.upload > 0 ? [`${done('upload')} (${bytes})`] : []),
            ...(total.update > 0 ? [`${done('update')} of attributes`] : []),
            done('purge'),
            ...(now.upload === 0 && now.record > 0 ? [`${(0,runner_text/* count */.U9)(now.record, 'file')} left to record`] : []),
            ...(now.call > 0 ? [`${(0,runner_text/* count */.U9)(now.call, 'file')} left for the Asset Manager`] : []),
        ];
        const sending = `${rate('upload').toFixed(1)} uploads/s, ${(0,runner_text/* size */.Ej)(rate('bytes'))}/s`;
        return [
            work.join(', '),
            now.upload > 0 ? sending : `${rate('purge').toFixed(1)} purges/s`,
            ...(seconds > 0 ? [`about ${(0,runner_text/* duration */.p0)(seconds)} left`] : []),
        ];
    }
    /** @returns how much of the steps is done, from 0 to 1 */
    function share() {
        const sum = (of) => of.upload + of.purge + of.update + of.call + of.record;
        const parts = [...sent].reduce((all, [{ bytes }, part]) => all + Math.min(1, part / (bytes || 1)), 0);
        return sum(total) === 0 ? 1 : 1 - (sum(look()) - parts) / sum(total);
    }
    function end({ step, result }) {
        left.delete(step);
        if (step.kind === 'upload')
            sent.delete(step);
        const isRecorded = step.kind === 'update' || step.kind === 'record' || (step.kind === 'upload' && result !== 'done');
        if (isRecorded)
            unrecorded.delete(step.path);
    }
    return { describe, share, end, send: (step, bytes) => void sent.set(step, bytes) };
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

;// CONCATENATED MODULE: external "node:os"
const external_node_os_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");
// EXTERNAL MODULE: ./lib/src/imgix/http/json.js
var json = __nccwpck_require__(9948);
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
        workspace: (0,external_node_path_.resolve)(env.GITHUB_WORKSPACE || process.cwd()),
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
        if ((0,external_node_fs_.statSync)(path).size > PAYLOAD_MAX_BYTES)
            throw new json/* JsonLimitError */.CI('too large');
        return (0,json/* parseJson */.qF)((0,external_node_fs_.readFileSync)(path, 'utf8'));
    }
    catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        core/* warning */.$e(`GITHUB_EVENT_PATH holds no readable event (${why}); the run goes on without it: run the job again`);
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
    (0,core/* beginRun */.Te)(front?.host);
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

// EXTERNAL MODULE: external "node:fs/promises"
var external_node_fs_promises_ = __nccwpck_require__(1455);
// EXTERNAL MODULE: ./lib/src/inputs/fold-name.js
var fold_name = __nccwpck_require__(4091);
// EXTERNAL MODULE: ./lib/src/inputs/git-name.js
var git_name = __nccwpck_require__(6164);
;// CONCATENATED MODULE: external "node:buffer"
const external_node_buffer_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:buffer");
;// CONCATENATED MODULE: ./lib/src/select/names.js



/** @returns POSIX */
function relativePath(folder, path) {
    return (0,external_node_path_.relative)(folder, path).split(external_node_path_.sep).join('/');
}
/** @returns the entry of this name, else the first whose name differs from it only by case or Unicode form */
function findAlike(entries, name, nameOf) {
    const folded = (0,fold_name/* foldName */.z)(name);
    return entries.find((entry) => nameOf(entry) === name) ?? entries.find((entry) => (0,fold_name/* foldName */.z)(nameOf(entry)) === folded);
}
/** @returns the first few of a list */
function some(items, max = 1) {
    const shown = items.slice(0, max).join(', ');
    return items.length > max ? `${shown} and ${items.length - max} more` : shown;
}
/** Decodes a file name. A name that is not UTF-8 becomes a unique string that is not well-formed, so no URL can contain it. */
function decodeName(bytes) {
    if ((0,external_node_buffer_namespaceObject.isUtf8)(bytes))
        return bytes.toString('utf8');
    return bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0)));
}
/** @returns a path with names that `decodeName` gave, as the disk has them */
function encodePath(path) {
    if (path.isWellFormed())
        return path;
    const names = path.split(external_node_path_.sep).map((name) => Buffer.from(name, name.isWellFormed() ? 'utf8' : 'latin1'));
    return Buffer.concat(names.flatMap((name, index) => (index === 0 ? [name] : [Buffer.from(external_node_path_.sep), name])));
}
/** @param path git's, POSIX
 *  @returns whether the disk can have a file by this name: on Windows `a\b` would be `b` in the folder `a` */
function isDiskName(path, windows = process.platform === 'win32') {
    return !windows || explainWindowsName(path) === undefined;
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
/** A disk that ignores case or Unicode form has one file for two names in git that differ by it alone. It can also list a file
 *  by another name than git: a file whose own name is not among the names has no twin.
 *  @param names of published files, relative to the same folder as the paths of `files`
 *  @returns the names that match and differ so from others, if one of them is the name of a file of the run */
function findTwins(files, names, matches) {
    const taken = [...files].flatMap(([path, file]) => ('bytes' in file && names.has(path) ? [path] : []));
    const folded = new Set(taken.map(fold_name/* foldName */.z));
    const alike = [...(folded.size === 0 ? [] : names)].filter((name) => folded.has((0,fold_name/* foldName */.z)(name)) && matches(name));
    return [...Map.groupBy(alike, fold_name/* foldName */.z).values()]
        .filter((group) => group.length > 1)
        .flat()
        .sort();
}

;// CONCATENATED MODULE: ./lib/src/select/submodules.js
const CHECKOUT = 'is not checked out, so its files are left out: set submodules: true on actions/checkout, or run git submodule update --init, then run once with mode: all';
const ALL = 'set fetch-depth: 0 on actions/checkout, fetch the whole history, or run once with mode: all';
function notCheckedOut(path) {
    return `submodule ${path} ${CHECKOUT}`;
}
function notCompared(path) {
    return `submodule ${path} changed, and GitHub's API does not tell its files: set fetch-depth: 0 on actions/checkout, fetch the whole history, or run once with mode: all`;
}
/** @returns the changes with those of the files in submodules; a submodule whose files are not known stays
 *  @throws GitError */
async function expandChanges(git, changes, [base, head], told, prefix = '') {
    const paths = changes.filter(isSubmodule).map(({ path }) => path);
    const trees = paths.length === 0 ? [] : await Promise.all([git.listTree(base, paths), git.listTree(head, paths)]);
    const expanded = [];
    for (const change of changes) {
        const { path } = change;
        const [before, after] = trees.map(({ submodules }) => submodules.get(path));
        const files = isSubmodule(change) ? await changesIn(git, { path, before, after, prefix }, told) : undefined;
        if (files === undefined || change.before === 'file' || change.before === 'link')
            expanded.push({ ...change, path: prefix + path });
        expanded.push(...(files ?? []));
    }
    return expanded;
}
/** @returns undefined where they are not known */
async function changesIn(git, { path, before, after, prefix }, told) {
    const name = prefix + path;
    const unknown = (text) => void told.notices.add(`submodule ${name} ${text}`);
    if (after === undefined)
        return unknown('was removed, so its deleted files are not known: name their URLs in urls');
    const inner = await git.openSubmodule(path);
    if (inner === undefined)
        return unknown(CHECKOUT);
    for (const commit of [before, after]) {
        if (commit !== undefined && (await inner.findCommit(commit)) === undefined)
            return unknown(`moved on, and its clone lacks commit ${commit}, so its changed files are not known: ${ALL}`);
    }
    const found = before === undefined
        ? await addedBy(inner, after, told, `${name}/`)
        : await expandChanges(inner, await inner.diff(before, after), [before, after], told, `${name}/`);
    told.steps.add(`submodules: ${name}, from ${before ?? 'none'} to ${after}: ${found.length} files changed`);
    return found;
}
async function addedBy(git, commit, told, prefix) {
    const { files, missing } = await listFiles(git, commit);
    for (const path of missing)
        told.notices.add(notCheckedOut(prefix + path));
    return Array.from(files, (path) => ({ path: prefix + path, before: undefined, after: 'file' }));
}
/** Lists a commit as `git.listTree` does, with the files of its submodules.
 *  @throws GitError */
async function listFiles(git, commit, paths) {
    const own = await git.listTree(commit, paths);
    const links = new Map(own.links);
    const missing = [];
    const inner = [];
    for (const [path, id] of own.submodules) {
        const submodule = await git.openSubmodule(path);
        if (submodule === undefined || (await submodule.findCommit(id)) === undefined)
            missing.push(path);
        else {
            const found = await listFiles(submodule, id);
            inner.push([path, found.files]);
            for (const [link, target] of found.links)
                links.set(`${path}/${link}`, target);
            missing.push(...found.missing.map((name) => `${path}/${name}`));
        }
    }
    const files = {
        *[Symbol.iterator]() {
            yield* own.files;
            for (const [path, names] of inner)
                for (const name of names)
                    yield `${path}/${name}`;
        },
    };
    return { files, links, missing };
}
function isSubmodule({ before, after }) {
    return before === 'submodule' || after === 'submodule';
}

;// CONCATENATED MODULE: ./lib/src/select/stand-ins.js






const NO_STAND_INS = new Map();
/** Linux follows as many links before it reports a loop. */
const HOPS_MAX = 40;
/** The longest target on Linux. */
const TARGET_BYTES_MAX = 4096;
/** Another process can put a link or a pipe in the place of the file after the look at it. */
const READ_ONLY = external_node_fs_.constants.O_RDONLY | (external_node_fs_.constants.O_NOFOLLOW ?? 0) | (external_node_fs_.constants.O_NONBLOCK ?? 0);
/** @param head full SHA of the commit that is checked out; '' for none
 *  @param links some of its links, relative to the repository
 *  @throws GitError */
async function findStandIns(git, head, links) {
    if (head === '' || !(git.writesLinksAsText || (await hasFile(git.topLevel, links))))
        return NO_STAND_INS;
    const everywhere = await listFiles(git, head, []);
    const onDisk = [...everywhere.links].filter(([path]) => isDiskName(path));
    return new Map(onDisk.map(([path, id]) => [(0,external_node_path_.join)(git.topLevel, path), id]));
}
async function hasFile(topLevel, links) {
    for (const path of links) {
        const stats = await (0,external_node_fs_promises_.lstat)((0,external_node_path_.join)(topLevel, path)).catch(() => undefined); // not there
        if (stats?.isFile())
            return true;
    }
    return false;
}
/** @param folder real path
 *  @param path POSIX, relative to the folder
 *  @returns its real path, as if every stand-in were a link
 *  @throws a system error, such as ENOENT and ELOOP */
async function resolvePath(folder, path, standIns) {
    if (standIns.size === 0)
        return (0,external_node_fs_promises_.realpath)((0,external_node_path_.join)(folder, path));
    const { passed, isLoop } = await follow(folder, path, standIns);
    const last = passed.at(-1) ?? folder;
    const real = isLoop ? undefined : await (0,external_node_fs_promises_.realpath)(last);
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
        at = name === '..' ? (0,external_node_path_.dirname)(at) : (0,external_node_path_.join)(at, name ?? '');
        passed.push(at);
        const target = await readTarget(at, standIns);
        if (target === undefined)
            continue;
        hops += 1;
        if (hops > HOPS_MAX)
            return { passed, isLoop: true };
        at = target.root === '' ? (0,external_node_path_.dirname)(at) : target.root;
        rest.unshift(...target.names);
    }
    return { passed, isLoop: false };
}
/** @returns undefined for a path that is no link, or does not exist */
async function readTarget(path, standIns) {
    const target = await (0,external_node_fs_promises_.readlink)(path).catch(() => undefined);
    if (target !== undefined)
        return split(target, external_node_path_.sep);
    const id = standIns.get(path);
    const text = id === undefined ? undefined : await readStandIn(path, id);
    return text === undefined ? undefined : split(text, '/');
}
function split(target, separator) {
    const root = (0,external_node_path_.isAbsolute)(target) ? (0,external_node_path_.parse)(target).root : '';
    return { root, names: target.slice(root.length).split(separator) };
}
/** @returns the target; undefined if the file has other bytes: a step has put the real file in its place */
async function readStandIn(path, id, windows = process.platform === 'win32') {
    const stats = await (0,external_node_fs_promises_.lstat)(path).catch(() => undefined);
    if (!stats?.isFile() || stats.size === 0 || stats.size > TARGET_BYTES_MAX)
        return undefined;
    const bytes = await (0,external_node_fs_promises_.readFile)(path, { flag: READ_ONLY });
    const hash = (0,external_node_crypto_.createHash)(id.length === 40 ? 'sha1' : 'sha256').update(`blob ${bytes.length}\0`);
    if (hash.update(bytes).digest('hex') !== id)
        return undefined;
    const target = decodeName(bytes);
    const names = target.split('/').filter((name) => !['', '.', '..'].includes(name));
    if (!names.every((name) => isDiskName(name, windows)))
        throw systemError('EINVAL', path);
    return target;
}
function systemError(code, path) {
    return Object.assign(new Error(`${code}: ${path}`), { code });
}

;// CONCATENATED MODULE: ./lib/src/select/walk.js






/** The root can't be synced as a whole. An empty folder usually means that the build failed. */
class TreeError extends Error {
    name = 'TreeError';
}
/** Links between a few folders can make any number of paths, as in some package managers' node_modules. */
const LINKED_FOLDERS_MAX = 10_000;
/** Lists the files below the root. Links, and text files that stand for them, are followed inside the workspace, but not
 *  into a `.git`, and not to a folder above the link.
 *  @param starts the folders and files to read, POSIX and relative to the root
 *  @returns paths with the names on disk, sorted
 *  @throws TreeError */
async function walk({ workspace, root, rootPath }, starts = [''], settings = {}) {
    const found = { paths: new Set(), outside: new Set(), linked: new Set() };
    const enter = createEntrance(workspace, found, settings);
    const queue = [];
    for (const start of starts) {
        let folder = { path: rootPath, real: root, above: [], isLinked: false };
        for (const name of start.split('/').filter((part) => part !== '')) {
            const entry = folder && (await findEntry(folder.real, name));
            folder = folder && entry && (await enter(folder, entry));
        }
        if (folder !== undefined)
            queue.push(folder);
    }
    for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
        for (const entry of await readFolder(folder.real)) {
            const inner = await enter(folder, entry);
            if (inner !== undefined)
                queue.push(inner);
        }
    }
    return { paths: [...found.paths].sort(), outside: [...found.outside].sort(), linked: found.linked };
}
/** @param found receives the paths of the entries that are not read as folders
 *  @returns a function that gives the folder that an entry is, or leads to; undefined if there is none to read */
function createEntrance(workspace, found, { maxLinkedFolders = LINKED_FOLDERS_MAX, standIns = NO_STAND_INS }) {
    let linkedFolders = 0;
    /** many paths can lead through one link */
    const targets = new Map();
    return async (folder, { name, isFolder, isLink }) => {
        if ((0,git_name/* isGitName */.M)(name))
            return undefined;
        const path = folder.path + name;
        const own = (0,external_node_path_.join)(folder.real, name);
        const follows = isLink || (!isFolder && standIns.has(own));
        if (follows && !targets.has(own))
            targets.set(own, findFolder(folder.real, name, standIns));
        const real = isFolder ? own : await targets.get(own);
        const isLinked = folder.isLinked || follows;
        if (real === undefined) {
            found.paths.add(path);
            if (isLinked)
                found.linked.add(path);
            return undefined;
        }
        const above = [...folder.above, folder.real];
        const isOutside = follows && !(0,paths/* isInWorkspace */.P_)(workspace, real);
        if (isOutside)
            found.outside.add(path);
        if (isOutside || (follows && above.includes(real)))
            return undefined;
        if (isLinked)
            linkedFolders += 1;
        if (linkedFolders > maxLinkedFolders)
            throw new TreeError(`root: more than ${maxLinkedFolders} folders are reached through symbolic links, such as ${path}/: set root to a folder without such links`);
        return { path: `${path}/`, real, above, isLinked };
    };
}
/** @returns the real path of the folder that a link leads to; undefined if it leads to none */
async function findFolder(folder, name, standIns) {
    try {
        const target = await resolvePath(folder, name, standIns);
        return (await (0,external_node_fs_promises_.stat)(target)).isDirectory() ? target : undefined;
    }
    catch {
        return undefined;
    }
}
/** @returns the entry with its name on disk, which can differ from `name` if the disk ignores case */
async function findEntry(folder, name) {
    const full = (0,external_node_path_.join)(folder, name);
    const stats = name.includes('\0') ? undefined : await (0,external_node_fs_promises_.lstat)(full).catch(ignoreMissing);
    if (stats === undefined)
        return undefined;
    const isLink = stats.isSymbolicLink();
    const found = isLink ? findAlike(await (0,external_node_fs_promises_.readdir)(folder), name, String) : (0,external_node_path_.basename)(await (0,external_node_fs_promises_.realpath)(full));
    return { name: found ?? name, isFolder: stats.isDirectory(), isLink };
}
function ignoreMissing(error) {
    if (!['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'EINVAL'].includes(error.code ?? ''))
        throw error;
}
/** @param folder a path with names as `decodeName` gives them */
async function readFolder(folder) {
    const entries = await (0,external_node_fs_promises_.readdir)(encodePath(folder), { withFileTypes: true });
    // Node replaces parts of a name that is not UTF-8 by this character
    if (!entries.some(({ name }) => name.includes('\ufffd')))
        return entries.map((entry) => toEntry(entry.name, entry));
    const raw = await (0,external_node_fs_promises_.readdir)(encodePath(folder), { withFileTypes: true, encoding: 'buffer' });
    return raw.map((entry) => toEntry(decodeName(entry.name), entry));
}
function toEntry(name, entry) {
    return { name, isFolder: entry.isDirectory(), isLink: entry.isSymbolicLink() };
}

;// CONCATENATED MODULE: ./lib/src/select/check-root.js








/** Looks at a root below which nothing changed.
 *  @returns why no push can publish a file below it; undefined if one can
 *  @throws GitError */
async function findRootError(tree, place) {
    const { workspace, root } = place;
    const { git, rootPath, head } = tree;
    if (rootPath === '' || (git !== undefined && (await hasFiles(tree))))
        return undefined;
    const isThere = (0,external_node_fs_.existsSync)((0,external_node_path_.join)(workspace, root));
    const unknown = isThere
        ? git && `git has no file below '${root}', so no push publishes one: set mode: all for files that a step makes`
        : `there is no folder '${root}': check its name`;
    const text = (await explainRoot(git, { ...place, head: head.sha })) ?? unknown;
    return text === undefined ? undefined : `root: ${text}`;
}
/** The files of a submodule that is not checked out are not known. */
async function hasFiles({ rootPath, list }) {
    const { files, missing } = await list();
    return !files[Symbol.iterator]().next().done || missing.some((path) => path.startsWith(rootPath));
}
/** @returns why a root is missing or empty, and the right root; undefined if the reason is unknown
 *  @throws GitError */
async function explainRoot(git, place) {
    if (place.root === '.')
        return undefined;
    return (git && (await explainByGit(git, place))) ?? (await explainByDisk(place));
}
/** @param isNeeded files are taken from the folder and not from git
 *  @returns why a root can't be right, by the work tree alone; undefined where git can have its files */
async function explainMissing(place, isNeeded) {
    if ((0,external_node_fs_.existsSync)((0,external_node_path_.join)(place.workspace, place.root)))
        return undefined;
    const missing = isNeeded ? `there is no folder '${place.root}'` : undefined;
    return (await explainByDisk(place)) ?? missing;
}
async function explainByGit(git, { workspace, root, head }) {
    const { rootPath, topLevel } = git;
    if (head === '' || rootPath === '')
        return undefined;
    const { files, links, submodules } = await git.listTree(head, []);
    const folded = (0,fold_name/* foldName */.z)(rootPath);
    const isOnTheWay = (path) => folded.startsWith(`${(0,fold_name/* foldName */.z)(path)}/`);
    const above = relativePath(await (0,external_node_fs_promises_.realpath)(workspace), topLevel);
    let alike;
    for (const path of files) {
        if (path.startsWith(rootPath))
            return undefined;
        if ((0,fold_name/* foldName */.z)(path).startsWith(folded))
            alike ??= path;
    }
    const link = [...links.keys()].find(isOnTheWay);
    if (link !== undefined)
        return `'${root}' leads through the link '${external_node_path_.posix.join(above, link)}' to no folder: set root to a folder without links`;
    const submodule = [...submodules.keys()].find(isOnTheWay);
    if (submodule !== undefined)
        return `'${root}' needs the submodule '${external_node_path_.posix.join(above, submodule)}', which is not checked out: set submodules: true on actions/checkout, or run git submodule update --init`;
    const names = alike?.split('/').slice(0, rootPath.split('/').length - 1);
    return names && otherName(root, external_node_path_.posix.join(above, ...names));
}
async function explainByDisk({ workspace, root }) {
    const found = await findOnDisk(workspace, root);
    if (found !== undefined)
        return found === root ? undefined : otherName(root, found);
    const nested = (await findNested(workspace)).find((folder) => (0,external_node_fs_.existsSync)((0,external_node_path_.join)(workspace, folder, root)));
    if (nested === undefined)
        return explainHabit(workspace, root);
    return `there is no folder '${root}', but the repository in '${nested}' has one: set root: ${nested}/${root}`;
}
/** Reads a root that is written as a pattern, in quotes, with a variable, or as on Windows. */
function explainHabit(workspace, root) {
    const written = root.replace(/^["'`]|["'`]$/g, '').replaceAll('\\', '/');
    const path = written.replace(/^(\$\w+|\$\{\w+\}|%\w+%)\//, '').replace(/\/+(\*.*)?$/, '');
    const isFolder = path !== '' && path !== root && !path.split('/').includes('..') && (0,external_node_fs_.existsSync)((0,external_node_path_.join)(workspace, path));
    return isFolder
        ? `'${root}' is not the path of a folder, without quotes, variables, wildcards or backslashes: set root: ${path}`
        : undefined;
}
/** @returns the path of a folder with the names on disk, which can differ by case or Unicode form; undefined if there is none */
async function findOnDisk(workspace, root) {
    let path = '';
    for (const name of root.split('/')) {
        const entries = await readFolder((0,external_node_path_.join)(workspace, path)).catch(() => []);
        const folders = entries.filter(({ isFolder, isLink }) => isFolder || isLink);
        const found = findAlike(folders, name, (entry) => entry.name);
        if (found === undefined)
            return undefined;
        path = external_node_path_.posix.join(path, found.name);
    }
    return path;
}
/** @param nested the repositories in a workspace that is not one itself
 *  @returns undefined if the root can be right */
async function explainNested(nested, place) {
    const { workspace, root } = place;
    const [first] = nested;
    if (root !== '.' || first === undefined)
        return (0,external_node_fs_.existsSync)((0,external_node_path_.join)(workspace, root)) ? undefined : explainByDisk(place);
    const folders = nested.map((folder) => folder.split('/')[0]);
    if ((await (0,external_node_fs_promises_.readdir)(workspace)).some((name) => !folders.includes(name)))
        return undefined;
    return `the workspace is not a repository, but '${first}' is: set root: ${first}, or a folder in it`;
}
/** Refuses a root whose files GitHub's API can't tell, because the repository is in a folder of the workspace.
 *  @throws InputError; `error`, why git has no repository, if the root is in that folder */
async function refuseNested(place, error) {
    if ((0,external_node_fs_.existsSync)((0,external_node_path_.join)(place.workspace, '.git')))
        return;
    const nested = await findNested(place.workspace);
    const text = await explainNested(nested, place);
    if (text !== undefined)
        throw new inputs_reader/* InputError */.dz([`root: ${text}`]);
    if (nested.some((folder) => `${place.root}/`.startsWith(`${folder}/`)))
        throw error;
}
/** Warns of a workspace of repositories and nothing else: their names become part of every URL. */
async function warnOfNested(place) {
    const text = place.root === '.' ? await explainNested(await findNested(place.workspace), place) : undefined;
    return text === undefined ? [] : [`root: ${text}`];
}
function otherName(root, path) {
    const difference = root.normalize() === path.normalize() ? 'Unicode form' : 'case';
    return `'${root}' differs by ${difference} from '${path}', which is the name of the folder: set root: ${path}`;
}
const DEPTH_MAX = 3;
const FOLDERS_MAX = 1000;
/** Finds repositories below the workspace, where `actions/checkout` puts one by its input `path`.
 *  @returns POSIX, relative to the workspace, the nearest first */
async function findNested(workspace) {
    const found = [];
    const folders = [''];
    for (const folder of folders) {
        for (const { name, isFolder } of await readFolder((0,external_node_path_.join)(workspace, folder)).catch(() => [])) {
            if (!isFolder || (0,git_name/* isGitName */.M)(name) || name === 'node_modules')
                continue;
            const path = folder + name;
            if ((0,external_node_fs_.existsSync)((0,external_node_path_.join)(workspace, path, '.git')))
                found.push(path);
            else if (path.split('/').length < DEPTH_MAX && folders.length < FOLDERS_MAX)
                folders.push(`${path}/`);
        }
    }
    return found;
}

;// CONCATENATED MODULE: ./lib/src/select/git-output.js

/** A full SHA, of SHA-1 or of SHA-256. */
const git_output_SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
class GitError extends Error {
    name = 'GitError';
}
const KINDS = {
    '100644': 'file',
    '100664': 'file',
    '100755': 'file',
    '120000': 'link',
    '160000': 'submodule',
};
const TAB = 9;
/** `:100644 100755 <sha> <sha> M NUL path NUL`. The mode 000000 means no entry. */
function parseDiff(raw) {
    const fields = parsePaths(raw);
    const changes = [];
    for (let index = 0; index + 1 < fields.length; index += 2) {
        const [entry = '', path = ''] = fields.slice(index, index + 2);
        const [before, after, , , status = ''] = entry.slice(1).split(' ');
        if (!/^[AMDT]$/.test(status))
            throw new GitError(`git diff-tree gave status '${status}' for ${path}: report this`);
        changes.push({ path, before: kindOf(before, path), after: kindOf(after, path) });
    }
    return changes;
}
/** `100644 blob <sha> TAB path NUL` */
function parseTree(raw) {
    const links = new Map();
    const submodules = new Map();
    for (const { mode, id, name } of entriesOf(raw)) {
        if (KINDS[mode] === 'link')
            links.set(decodeName(name), id);
        if (KINDS[mode] === 'submodule')
            submodules.set(decodeName(name), id);
    }
    return { files: { [Symbol.iterator]: () => filesOf(raw) }, links, submodules };
}
function* filesOf(raw) {
    for (const { mode, name } of entriesOf(raw)) {
        const path = decodeName(name);
        if (kindOf(mode, path) !== 'submodule')
            yield path;
    }
}
/** `path NUL` */
function parsePaths(raw) {
    const paths = [];
    for (let start = 0; start < raw.length;) {
        const end = raw.indexOf(0, start);
        paths.push(decodeName(raw.subarray(start, end)));
        start = end + 1;
    }
    return paths;
}
function* entriesOf(raw) {
    for (let start = 0; start < raw.length;) {
        const tab = raw.indexOf(TAB, start);
        const end = raw.indexOf(0, start);
        const [mode = '', , id = ''] = raw.toString('latin1', start, tab).split(' ');
        yield { mode, id, name: raw.subarray(tab + 1, end) };
        start = end + 1;
    }
}
function kindOf(mode = '', path) {
    const kind = KINDS[mode];
    if (kind === undefined && mode !== '000000')
        throw new GitError(`git gave mode '${mode}' for ${path}: report this`);
    return kind;
}
function withoutNewline(output) {
    return output.toString('utf8').replace(/\n$/, '');
}
/** What git advises after its reason, line by line. */
const ADVICE = new Set([
    'Please make sure you have the correct access rights',
    'and the repository exists.',
    'Another git process seems to be running in this repository, e.g.',
    "an editor opened by 'git commit'. Please make sure all processes",
    'are terminated then try again. If it still fails, a git process',
    'may have crashed in this repository earlier:',
    'remove the file manually to continue.',
]);
/** git's own line where another program, such as ssh, has given the reason in the line before. */
const NOT_READ = 'fatal: Could not read from remote repository.';
/** @param stderr what git writes to standard error
 *  @returns one line from the first reason on, with all later lines, so that a secret in several lines is found */
function findComplaint(stderr) {
    const lines = stderr
        .split(/[\r\n]+/)
        .filter((line) => line.trim() !== '' && !line.startsWith('hint: ') && !ADVICE.has(line));
    const reason = lines.findIndex((line) => /^(fatal|error): /.test(line));
    const before = lines[reason - 1] ?? 'remote: ';
    const isTold = lines[reason] === NOT_READ && !/^(remote|warning): /i.test(before);
    return lines.slice(Math.max(0, isTold ? reason - 1 : reason)).join(' ');
}

;// CONCATENATED MODULE: ./lib/src/select/base.js

const NEEDS_ACTIONS_READ = 'with the permission `actions: read` this step also publishes what failed or cancelled runs did not; without it, only what this event changed';
const NEEDS_TOKEN = 'GitHub does not accept `github-token`, so what failed or cancelled runs did not publish is unknown: correct the token, or leave the input out';
/** @returns the branch that a run belongs to; '' for tags and pull requests */
function branchOf(event) {
    const ref = refOf(event);
    return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : '';
}
function refOf(event) {
    return (event.name === 'push' && textIn(event, 'ref')) || event.ref;
}
/** @returns whether an event is a push that deleted its branch or tag, so that it leaves nothing to do */
function isDeletion({ name, payload }) {
    return name === 'push' && Object(payload).deleted === true;
}
/** @returns whether an event is the first push of a branch */
function isNewBranch(event) {
    return event.name === 'push' && !isTag(event) && /^0+$/.test(textIn(event, 'before'));
}
function isTag(event) {
    return refOf(event).startsWith('refs/tags/');
}
/** @returns whether the base of an event depends on earlier runs */
function needsRuns(event, baseInput) {
    if (baseInput !== '' || branchOf(event) === '' || isDeletion(event))
        return false;
    const isPullRequest = Object(event.payload).pull_request?.base !== undefined;
    return !isPullRequest && event.name !== 'merge_group' && event.name !== 'workflow_run';
}
/** The bases that a run can compare with.
 *  @param query `runs` is undefined where the base does not depend on them */
function findBases(event, { baseInput, head, runs }) {
    const collected = { skipped: [], notices: [], hints: [], warnings: [] };
    const bases = { ...collected, candidates: [], unfinishedRuns: [] };
    if (baseInput !== '') {
        const reason = 'the input base';
        return { ...bases, candidates: [{ strategy: 'input', ref: baseInput, mergeBase: false, reason }] };
    }
    if (event.told !== undefined) {
        const { candidates, skipped, notices } = event.told;
        const unfinishedRuns = event.told.unfinishedRuns.filter((sha) => sha !== head.sha);
        return { ...bases, candidates, skipped, notices, unfinishedRuns };
    }
    const compared = comparedBranch(event, head);
    if (compared !== undefined)
        return { ...bases, candidates: [compared] };
    const fromEvent = eventBases(event, collected.skipped);
    if (isForeign(event, head)) {
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
 *  was published. A push can find its branch further on, but not where the branch was before, and no other branch. */
function isForeign(event, head) {
    if (event.name !== 'push')
        return git_output_SHA.test(event.sha) && head.sha !== event.sha;
    return movedFrom(event, head.sha) !== undefined && (head.follows === false || head.sha === textIn(event, 'before'));
}
/** @returns the commit of a push to a branch that finds another commit checked out; undefined for any other event */
function movedFrom(event, head) {
    const after = textIn(event, 'after');
    const isOfBranch = event.name === 'push' && branchOf(event) !== '';
    return isOfBranch && git_output_SHA.test(after) && head !== after ? after : undefined;
}
/** The base of an event that compares two branches. It does not depend on earlier runs. */
function comparedBranch(event, head) {
    const { name, sha } = event;
    const base = textIn(event, 'pull_request', 'base', 'sha');
    if (git_output_SHA.test(base)) {
        const [first, second] = head.parents;
        const isMerge = second === textIn(event, 'pull_request', 'head', 'sha') || (name !== 'pull_request_target' && head.sha === sha);
        if (first !== undefined && second !== undefined && isMerge) {
            const reason = 'the first parent of the merge commit that is checked out: the target branch of the pull request';
            return { strategy: 'merge-base', ref: first, mergeBase: false, reason };
        }
        const reason = 'the merge base with the target branch of the pull request';
        return { strategy: 'merge-base', ref: base, mergeBase: true, reason };
    }
    const groupBase = textIn(event, 'merge_group', 'base_sha');
    if (name !== 'merge_group' || !git_output_SHA.test(groupBase))
        return undefined;
    return { strategy: 'event', ref: groupBase, mergeBase: false, reason: 'the base of the merge group' };
}
function eventBases(event, skipped) {
    const none = (reason) => {
        skipped.push(`not from the event: ${reason}`);
        return [];
    };
    if (event.name !== 'push')
        return none(`'${event.name}' has none`);
    if (isTag(event))
        return none('a tag has none');
    if (isNewBranch(event)) {
        none('this is the first push of the branch');
        return mergeBaseWithDefault(event);
    }
    const before = textIn(event, 'before');
    if (!git_output_SHA.test(before))
        return none('it does not name the commit before the push');
    return [{ strategy: 'event', ref: before, mergeBase: false, reason: 'the commit of the branch before the push' }];
}
function mergeBaseWithDefault(event) {
    const branch = textIn(event, 'repository', 'default_branch');
    if (branch === '' || branchOf(event) === branch || branchOf(event) === '')
        return [];
    const reason = `the merge base of a new branch with the default branch, ${branch}`;
    return [{ strategy: 'merge-base', ref: branch, mergeBase: true, reason }];
}
function runBase(runs, head, { skipped, hints, warnings }) {
    if (runs === undefined)
        return undefined;
    if (!runs.known) {
        skipped.push(`not from the last successful run: ${runs.why}`);
        if (runs.cause === 'forbidden')
            hints.push(NEEDS_ACTIONS_READ);
        if (runs.cause === 'bad-token')
            hints.push(NEEDS_TOKEN);
        if (runs.cause === 'no-answer')
            warnings.push(`earlier runs can't be read: ${runs.why}; what they did not publish is unknown: run this job again later`);
        return undefined;
    }
    const { lastSuccess, laterSuccess } = runs;
    if (laterSuccess !== undefined) {
        warnings.push(`run ${laterSuccess.runNumber} of this workflow is later than this run and has already succeeded on this branch: this run publishes older bytes of each file that both changed; run the later one again after it`);
    }
    if (lastSuccess === undefined) {
        skipped.push('not from the last successful run: no earlier run of this workflow succeeded on this branch');
        return undefined;
    }
    const same = lastSuccess.sha === head ? '; it is the commit that is checked out' : '';
    const reason = `the head of the last successful run on this branch, run ${lastSuccess.runNumber}${same}`;
    return { strategy: 'last-success', ref: lastSuccess.sha, mergeBase: false, reason };
}
/** @returns whether earlier runs have probably published the base of the event; no if all of them failed */
function isPublishedBefore(runs) {
    return runs === undefined || (runs.known ? !runs.onlyFailures : runs.cause !== 'no-answer');
}
/** @param path the names of a field of the payload and of the fields around it
 *  @returns '' for a field that is missing or no text */
function textIn({ payload }, ...path) {
    const value = path.reduce((around, name) => Object(around)[name], payload);
    return typeof value === 'string' ? value : '';
}

;// CONCATENATED MODULE: ./lib/src/select/find-repository.js





const find_repository_CHECKOUT = 'put actions/checkout before this step, or start in a clone';
const PATH_FILE_BYTES_MAX = 8192;
/** Finds the repositories from the workspace down to the root. git's own search would also accept ordinary files, such as
 *  HEAD, config and objects in one folder, and would continue above the workspace.
 *  @returns the repositories, outermost first, and the real path of the root, which need not exist
 *  @throws GitError if there is none */
function findRepositories(workspace, root) {
    if (!(0,external_node_fs_.existsSync)(workspace))
        throw noRepository(workspace);
    const asked = (0,external_node_path_.resolve)(workspace, root);
    let existing = asked;
    while (!(0,external_node_fs_.existsSync)(existing))
        existing = (0,external_node_path_.dirname)(existing);
    const top = external_node_fs_.realpathSync.native(workspace);
    const names = (0,paths/* namesBelow */.kV)(top, external_node_fs_.realpathSync.native(existing));
    if (names === undefined || names.some(git_name/* isGitName */.M)) {
        const where = names === undefined ? 'out of the workspace' : 'into .git';
        throw new GitError(`root: '${root}' leads ${where}: set root to a folder of the repository`);
    }
    const rootFolder = (0,external_node_path_.join)(top, ...names, (0,external_node_path_.relative)(existing, asked));
    const found = [];
    let unusable;
    for (let depth = 0; depth <= names.length; depth += 1) {
        const looked = lookInto((0,external_node_path_.join)(top, ...names.slice(0, depth)), top, found.at(-1));
        if (typeof looked === 'string')
            unusable = looked;
        else if (looked !== undefined)
            found.push(looked);
    }
    const [first, ...inner] = found;
    if (first === undefined)
        throw noRepository(workspace, unusable);
    return { repositories: [first, ...inner], rootFolder };
}
/** @param workspace its real path
 *  @returns the repository of a submodule; undefined if there is none, or a commit, an archive or a link could have put it
 *   there */
function findSubmodule(workspace, outer, path) {
    const folder = (0,external_node_path_.join)(outer.topLevel, path);
    if (!(0,external_node_fs_.existsSync)(folder) || external_node_fs_.realpathSync.native(folder) !== folder)
        return undefined;
    const found = lookInto(folder, workspace, outer);
    return typeof found === 'object' && found.isSubmodule ? found : undefined;
}
/** @param outer the repository around the folder
 *  @returns what is wrong with a `.git` that git ignores, too; undefined if there is none */
function lookInto(topLevel, workspace, outer) {
    const entry = (0,external_node_path_.join)(topLevel, '.git');
    const place = { topLevel, isNested: topLevel !== workspace, isSubmodule: false };
    const broken = (why, remedy = find_repository_CHECKOUT) => {
        return { ...place, gitDir: entry, problem: `${entry} ${why}: ${remedy}` };
    };
    try {
        if (!isThere(entry))
            return undefined;
        const stats = (0,external_node_fs_.statSync)(entry, { throwIfNoEntry: false });
        if (stats === undefined)
            return `${entry} is a link that leads nowhere`;
        const target = stats.isDirectory() ? entry : stats.isFile() ? readGitFile(entry) : undefined;
        if (target === undefined)
            return `${entry} is a file without the path of a repository`;
        const damage = findDamage(target);
        if (damage !== undefined)
            return stats.isDirectory() ? `${entry} ${damage}` : broken(`leads to ${target}, which is not a repository`);
        const gitDir = external_node_fs_.realpathSync.native(target);
        if (gitDir === entry)
            return { ...place, gitDir };
        const below = outer && (0,paths/* namesBelow */.kV)(sharedFolder(outer.gitDir), gitDir);
        const names = (0,paths/* namesBelow */.kV)(workspace, gitDir);
        if (names !== undefined && !names.some(git_name/* isGitName */.M))
            return broken(`leads to ${gitDir}, where a commit can write`);
        if (names === undefined && outer !== undefined && below === undefined)
            return broken(`leads to ${gitDir}, outside the workspace`);
        const isNested = place.isNested && below === undefined;
        return { ...place, isNested, isSubmodule: below?.includes('modules') === true, gitDir };
    }
    catch (error) {
        const { code } = error;
        const isForbidden = code === 'EACCES' || code === 'EPERM';
        return broken(`can't be read (${code})`, isForbidden ? 'let the user of this process read it' : find_repository_CHECKOUT);
    }
}
/** A submodule and a worktree have such a file. */
function readGitFile(file) {
    const text = readPathFile(file);
    return text.startsWith('gitdir: ') ? (0,external_node_path_.resolve)((0,external_node_path_.dirname)(file), text.slice('gitdir: '.length)) : undefined;
}
/** @returns the folder with the submodules and worktrees of a repository, which can be a worktree itself */
function sharedFolder(gitDir) {
    const file = (0,external_node_path_.join)(gitDir, 'commondir');
    return (0,external_node_fs_.existsSync)(file) ? external_node_fs_.realpathSync.native((0,external_node_path_.resolve)(gitDir, readPathFile(file))) : gitDir;
}
/** A pipe would block the process, so it is not read.
 *  @returns '' for what is no file with a path */
function readPathFile(path) {
    const file = (0,external_node_fs_.openSync)(path, external_node_fs_.constants.O_RDONLY | (external_node_fs_.constants.O_NONBLOCK ?? 0));
    try {
        const buffer = Buffer.alloc(PATH_FILE_BYTES_MAX + 1);
        const bytes = (0,external_node_fs_.fstatSync)(file).isFile() ? (0,external_node_fs_.readSync)(file, buffer) : 0;
        return bytes > PATH_FILE_BYTES_MAX ? '' : buffer.toString('utf8', 0, bytes).trimEnd();
    }
    finally {
        (0,external_node_fs_.closeSync)(file);
    }
}
/** The main part of git's own test. The objects of a worktree are in another folder.
 *  @returns why a folder is not a repository; undefined if it is one
 *  @throws a system error, such as EACCES */
function findDamage(folder) {
    const has = (name) => (0,external_node_fs_.statSync)((0,external_node_path_.join)(folder, name), { throwIfNoEntry: false }) !== undefined;
    if (!(0,external_node_fs_.existsSync)(folder) || (0,external_node_fs_.readdirSync)(folder).length === 0)
        return 'is empty';
    if (!has('HEAD'))
        return 'has no HEAD';
    if (!/^(ref: refs\/|[0-9a-f]{40}([0-9a-f]{24})?$)/.test(readPathFile((0,external_node_path_.join)(folder, 'HEAD'))))
        return 'has a damaged HEAD';
    return has('objects') || has('commondir') ? undefined : 'has no objects';
}
function isThere(path) {
    return (0,external_node_fs_.lstatSync)(path, { throwIfNoEntry: false }) !== undefined;
}
/** @returns the folder above a workspace that has a `.git`, if the workspace has none */
function findAbove(workspace) {
    if (isThere((0,external_node_path_.join)(workspace, '.git')))
        return undefined;
    let above = (0,external_node_path_.dirname)(workspace);
    while (above !== (0,external_node_path_.dirname)(above) && !(0,external_node_fs_.existsSync)((0,external_node_path_.join)(above, '.git')))
        above = (0,external_node_path_.dirname)(above);
    return (0,external_node_fs_.existsSync)((0,external_node_path_.join)(above, '.git')) ? above : undefined;
}
function noRepository(workspace, unusable) {
    const above = findAbove(workspace);
    const other = above === undefined ? '' : ` (the repository in ${above} is outside it and is not used)`;
    const why = unusable === undefined ? other : ` (${unusable})`;
    return new GitError(`${workspace} contains no git repository${why}: ${find_repository_CHECKOUT}`);
}

// EXTERNAL MODULE: ./lib/src/inputs/text-file.js
var text_file = __nccwpck_require__(6158);
;// CONCATENATED MODULE: ./lib/src/select/base-commit.js
const DEEPEN_BY = [50, 200, 800];
const ANCESTORS_MAX = 1000;
const TOO_SHORT = 'the history of this clone is too short to tell the last common commit: set fetch-depth: 0 on actions/checkout, or fetch the whole history';
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
    const deep = commit === undefined ? undefined : await look(git, commit, head, DEEPEN_BY);
    if (deep?.sha !== undefined && deep.cuts.length === 0)
        return { sha: deep.sha };
    if (deep !== undefined && deep.cuts.length > 0)
        return { why: TOO_SHORT };
    return { why: 'neither this clone nor the API has a common commit with it' };
}
/** @param rounds the commits to fetch in each round below the ends of a shallow history */
async function look(git, commit, head, rounds = []) {
    const sha = await git.mergeBase(commit, head);
    if (sha === commit || sha === head)
        return { sha, cuts: [] };
    // a path to a later common ancestor leaves this part of the history only through a cut
    const cuts = await git.findCuts([commit, head], sha);
    const [commits, ...others] = rounds;
    const isDeeper = cuts.length > 0 && commits !== undefined && (await git.deepen(cuts, commits));
    return isDeeper ? look(git, commit, head, others) : { sha, cuts };
}
/** @param ref anything that git resolves, such as `HEAD~2`
 *  @returns its full SHA; fetched if the clone lacks it */
async function findBaseCommit(git, ref) {
    return (await git.findCommit(ref)) ?? (await git.fetchCommit(ref)) ?? (await findAncestor(git, ref));
}
/** Fetches the history that leads to an ancestor such as `HEAD~2` or `v1^`: no remote knows it by that name. */
async function findAncestor(git, ref) {
    const [, name = '', path = ''] = /^(@|[^~^@:{]+)((?:[~^]\d*)+)$/.exec(ref) ?? [];
    const tip = name === '' ? undefined : ((await git.findCommit(name)) ?? (await git.fetchCommit(name)));
    if (tip === undefined)
        return undefined;
    const steps = [...path.matchAll(/([~^])(\d*)/g)].map(([, sign, count]) => (sign === '~' ? Number(count || 1) : 1));
    const generations = steps.reduce((sum, step) => sum + step, 0);
    const cuts = generations > ANCESTORS_MAX ? [] : await git.findCuts([tip]);
    return (await git.deepen(cuts, generations)) ? git.findCommit(tip + path) : undefined;
}

// EXTERNAL MODULE: ./lib/src/select/github-errors.js
var github_errors = __nccwpck_require__(1782);
;// CONCATENATED MODULE: ./lib/src/select/runs.js
/** @returns whether no other run has published anything, as far as it is known */
function isFirst(runs) {
    return runs?.known === true && !runs.onlyFailures && runs.lastSuccess === undefined && runs.laterSuccess === undefined;
}
/** Events whose runs publish no commit of the branch: they check a proposal, or GitHub notes another commit for them. */
const NOT_PUBLISHING = /^(pull_request(_.*)?|merge_group|workflow_run)$/;
/** Conclusions of attempts that started no job. */
const NEVER_STARTED = ['skipped', 'startup_failure', 'action_required'];
/** @returns whether a run publishes the branch of this run. GitHub's filter by branch also gives runs of forks. */
function isPublication(run, own) {
    const isOwnRepository = run.repository === undefined || run.repository === own.repository;
    return isOwnRepository && run.branch === own.branch && !NOT_PUBLISHING.test(run.event) && run.id !== own.id;
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
/** A workflow's runs have consecutive numbers over all branches, so a number that no list has can be a run of this branch.
 *  Numbers before the first run in `all` are of runs that GitHub no longer keeps, or that only `byBranch` can show.
 *  @returns what the lists lack of the runs from the last success to this one; undefined for nothing */
function findMissing(lists, own) {
    const { byBranch, all } = lists;
    const runs = mergeLists(lists);
    // of the runs that `all` does not reach, only a list that contains this run can be up to date
    if (!(all.isCut ? byBranch.runs : runs).some(({ id }) => id === own.id))
        return 'this run';
    if (!Number.isInteger(own.number))
        return 'the number of this run';
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
/** A run counts as started while it waits for its concurrency group, and from its first attempt on.
 *  @returns the last success, if an older run ended after its start: the start of its first job tells whether both ran at once */
function findQueued(runs, own) {
    const lastSuccess = findLastSuccess(runs, own);
    return lastSuccess && runs.some((run) => isPublication(run, own) && wentOn(run, lastSuccess))
        ? lastSuccess
        : undefined;
}
/** @returns whether an older run ended, or was started again, after the start of the last success */
function wentOn({ number, updatedAt }, since) {
    return number < since.number && updatedAt > since.startedAt;
}
/** A commit between the last success and this run can have left files at the Source, although neither end of the comparison
 *  has them. So can an older run that ended, or was started again, after the start of the last success.
 *  @param runs of every conclusion, newest first, back to the last success at least */
function readHistory(runs, own) {
    const lastSuccess = findLastSuccess(runs, own);
    const laterSuccess = runs.find((run) => isPublication(run, own) && run.conclusion === 'success' && run.number > own.number);
    const since = lastSuccess ?? { number: 0, startedAt: '' };
    const between = ({ number }) => number > since.number && number < own.number;
    const unfinished = runs.filter((run) => isPublication(run, own) && (between(run) || wentOn(run, since)));
    return {
        known: true,
        lastSuccess: lastSuccess && { sha: lastSuccess.sha, runNumber: lastSuccess.number },
        laterSuccess: laterSuccess && { runNumber: laterSuccess.number },
        ...(own.number === 1 && { isOnly: true }),
        onlyFailures: lastSuccess === undefined && unfinished.length > 0,
        unfinishedRuns: unfinished
            .filter(({ attempt, conclusion }) => attempt > 1 || !NEVER_STARTED.includes(conclusion ?? ''))
            .map(({ sha }) => sha),
    };
}

;// CONCATENATED MODULE: ./lib/src/select/github-runs.js



const LIST = 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs';
const PAGE = 100;
/** As many as a list with a filter has (docs.github.com/rest, read 2026-11). */
const RUNS_MAX = 1000;
/** The pauses before an incomplete list is read again: 15 seconds in all. The index of a list is seldom behind for longer. */
const PAUSES_MS = [1000, 2000, 4000, 8000];
/** Reads the runs until no list lacks any, or until the last pause is over. */
async function readRuns(readLists, readStart, pause) {
    for (let tries = 0;; tries += 1) {
        const { own, lists } = await readLists();
        const missing = findMissing(lists, own);
        if (missing === undefined) {
            const runs = mergeLists(lists);
            const queued = findQueued(runs, own);
            const startedAt = queued && (await readStart(queued));
            return readHistory(startedAt ? runs.map((run) => (run === queued ? { ...run, startedAt } : run)) : runs, own);
        }
        const waitMs = PAUSES_MS[tries];
        if (waitMs === undefined)
            return { known: false, cause: 'no-answer', why: `GitHub's list of the workflow's runs lacks ${missing}` };
        await pause(waitMs);
    }
}
/** Reads the runs of this run's workflow on a branch, back to the last success. The list of every branch, which does not
 *  depend on an index, is read only if the list of the branch does not prove by itself that it is complete. */
async function readRunLists(octokit, { runId, branch, workflow, ...place }) {
    // by the workflow's name, so that it need not wait for its id
    const byName = workflow && openPages(octokit, { ...place, workflow_id: workflow, per_page: PAGE, branch });
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', {
        ...place,
        run_id: runId,
    });
    const own = { id: runId, number: data.run_number, branch, repository: `${place.owner}/${place.repo}` };
    const query = { ...place, workflow_id: data.workflow_id, per_page: PAGE };
    const isBack = (runs) => findLastSuccess(runs, own) !== undefined;
    const isOurs = byName && (await isOf(data.workflow_id, byName));
    const byBranch = await readPages(isOurs ? byName : openPages(octokit, { ...query, branch }), isBack);
    const lists = { byBranch, all: { runs: [], isCut: false } };
    if (!byBranch.isCut && findMissing(lists, own) === undefined)
        return { own, lists };
    const all = await readPages(openPages(octokit, query), (runs) => {
        const since = findLastSuccess([...byBranch.runs, ...runs], own)?.number ?? 0;
        return runs.some(({ number }) => number <= since);
    });
    return { own, lists: { byBranch, all } };
}
/** @returns ISO time of the start of the first job in a run's last attempt; that of the run if GitHub does not list its jobs */
async function readStart(octokit, place, { id, startedAt }) {
    const query = { ...place, run_id: id, per_page: PAGE };
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs', query);
    const starts = data.jobs.map(({ started_at: start }) => start).sort();
    return data.total_count === starts.length && starts.every(isTime) ? (starts[0] ?? startedAt) : startedAt;
}
function isTime(text) {
    return typeof text === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text);
}
/** Asks for the first page at once. */
function openPages(octokit, query) {
    const pages = octokit.paginate.iterator(LIST, query)[Symbol.asyncIterator]();
    const first = pages.next();
    first.catch(() => { }); // whoever reads it hears of it
    return { first, next: () => pages.next() };
}
/** A name can be unknown to GitHub, or be that of another workflow by now.
 *  @returns whether the first page has runs of the workflow, and of no other */
async function isOf(workflowId, { first }) {
    const runs = await first.then(({ done, value }) => (done ? [] : value.data)).catch(() => []);
    return runs.length > 0 && runs.every((run) => run.workflow_id === workflowId);
}
/** @param isEnough whether the runs so far are enough, so that no further page is needed */
async function readPages({ first, next }, isEnough) {
    const runs = [];
    for (let page = await first; !page.done; page = await next()) {
        const { data } = page.value;
        runs.push(...data.map(toWorkflowRun));
        if (isEnough(runs))
            break;
        if (runs.length >= RUNS_MAX)
            return { runs, isCut: data.length === PAGE };
    }
    return { runs, isCut: false };
}
/** @throws AnswerError for a run whose commit is no SHA, which could be taken for the commit that is checked out */
function toWorkflowRun(run) {
    if (!git_output_SHA.test(String(run.head_sha)))
        throw new github_errors/* AnswerError */.dV('a run without a commit');
    return {
        id: run.id,
        number: run.run_number,
        sha: run.head_sha,
        branch: run.head_branch,
        repository: run.head_repository?.full_name,
        event: run.event,
        conclusion: run.conclusion,
        attempt: run.run_attempt ?? 1,
        startedAt: run.created_at,
        updatedAt: run.updated_at,
    };
}

;// CONCATENATED MODULE: ./lib/src/select/github.js



// Limits of the API: docs.github.com/rest (compare two commits; list pull requests files), read 2026-11
const COMPARE_MAX_FILES = 300;
const PULL_REQUEST_MAX_FILES = 3000;
const github_PAGE = 100;
// Two lists of 1,000 runs, or 3,000 files, need fewer.
const REQUESTS_MAX = 50;
/** Reads workflow runs and changed files from GitHub's API. */
function openGitHub({ token, apiUrl, repository, runId, workflow, signal, proxyFor = () => undefined, timeoutMs = 20_000, pause = (ms) => (0,promises_.setTimeout)(ms, undefined, { signal }), }) {
    const [owner = '', repo = ''] = repository.split('/');
    const place = { owner, repo };
    let create;
    async function connect() {
        // loaded late: a run that needs no API starts faster without it
        const { octokits } = await Promise.all(/* import() | octokit */[__nccwpck_require__.e(28), __nccwpck_require__.e(667), __nccwpck_require__.e(850)]).then(__nccwpck_require__.bind(__nccwpck_require__, 4030));
        create ??= octokits(token, { apiUrl, signal, timeoutMs, proxyFor });
        const octokit = create();
        let requests = 0;
        octokit.hook.before('request', (options) => {
            requests += 1;
            if (requests > REQUESTS_MAX)
                throw new github_errors/* AnswerError */.dV('a list of pages that does not end');
            options.request.signal = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        });
        return octokit;
    }
    async function compare(base, head) {
        const octokit = await connect();
        const basehead = `${base}...${head}`;
        const query = { ...place, basehead, per_page: github_PAGE };
        const { data } = await octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', query);
        return data;
    }
    async function pullRequest(number) {
        const octokit = await connect();
        const query = { ...place, pull_number: number, per_page: github_PAGE };
        const files = await octokit.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/files', query);
        return { files: files.flatMap(toChangedFiles), cut: files.length >= PULL_REQUEST_MAX_FILES, base: '' };
    }
    async function orUndefined(ask) {
        try {
            return await (0,github_errors/* retry */.L5)(ask, signal, pause);
        }
        catch {
            signal.throwIfAborted();
            return undefined; // the next candidate is tried, and the log says so
        }
    }
    async function findRuns(branch) {
        if (!Number.isInteger(runId))
            return { known: false, cause: 'no-token', why: 'GITHUB_RUN_ID is not set' };
        try {
            const readLists = async () => readRunLists(await connect(), { ...place, runId, branch, workflow });
            const startOf = (run) => connect()
                .then((octokit) => readStart(octokit, place, run))
                .catch(() => run.startedAt);
            return await readRuns(() => (0,github_errors/* retry */.L5)(readLists, signal, pause), startOf, pause);
        }
        catch (error) {
            signal.throwIfAborted();
            return { known: false, ...(0,github_errors/* explain */.WE)(error) };
        }
    }
    const histories = new Map();
    return {
        /** Asks GitHub once for each branch, however often it is called.
         *  @returns the runs of this run's workflow on a branch */
        runs(branch) {
            const asked = histories.get(branch) ?? findRuns(branch);
            histories.set(branch, asked);
            return asked;
        },
        /** @returns SHA of the merge base; undefined where there is none, or the API does not give it */
        mergeBase: (base, head) => orUndefined(async () => (await compare(base, head)).merge_base_commit.sha),
        /** The API compares the head with the merge base.
         *  @param options with `mergeBase: false`, the base has to be an ancestor of the head
         *  @returns undefined where the API does not give the comparison */
        compare: (base, head, { mergeBase }) => orUndefined(async () => {
            const { status, files, merge_base_commit: from } = await compare(base, head);
            const isAncestor = status === 'ahead' || status === 'identical';
            // a missing list does not mean that nothing changed
            if (files === undefined || (!isAncestor && !mergeBase))
                return undefined;
            return { files: files.flatMap(toChangedFiles), cut: files.length >= COMPARE_MAX_FILES, base: from.sha };
        }),
        /** @returns the files of a pull request, compared with its merge base; undefined where the API does not give them */
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

;// CONCATENATED MODULE: ./lib/src/select/links.js


/** A link itself does not change with its target, but the bytes that are published for it do.
 *  @param changed what changed below the root
 *  @param findEverywhere finds what changed in the whole repository
 *  @param told receives one notice for each link to a folder behind which a matching file changed, or that itself changed:
 *   `mode: changed` takes no files through it
 *  @returns the changed files, and the unchanged links that lead to or through a changed file */
async function withLinks(changed, findEverywhere, tree, told) {
    const { matches, topLevel } = tree;
    const { links } = await tree.list();
    if (links.length === 0)
        return changed;
    const moved = new Set(changed.map(({ path }) => path));
    const touched = foldersOf((await findEverywhere()).map(({ path }) => path));
    const isElsewhere = (link) => moved.has(link) && !matches(link);
    const all = foldersOf(links.some(isElsewhere) ? [...(await tree.listEverywhere())] : []);
    const standIns = await tree.standIns();
    const led = [];
    for (const link of links) {
        if (moved.has(link) && matches(link))
            continue; // it is among the changed files, and fails as one if it leads to a folder
        const { passed, isLoop } = await follow(topLevel, link, standIns);
        const places = passed.map((path) => relativePath(topLevel, path));
        if (matches(link) && places.some((path) => touched.paths.has(path)))
            led.push({ path: link, change: 'modified' });
        const folder = `${places.at(-1)}/`;
        const { paths, folders } = moved.has(link) ? all : touched;
        if (isLoop || !folders.has(folder) || `${link}/`.startsWith(folder))
            continue; // a loop publishes nothing
        const below = [...paths].filter((path) => path.startsWith(folder));
        const behind = below.map((path) => link + path.slice(folder.length - 1)).filter(matches);
        if (behind.length > 0)
            told.notices.add(leftOut(link, behind));
    }
    return [...changed, ...led];
}
/** @returns also the folders above the paths, each with a slash */
function foldersOf(paths) {
    const folders = new Set();
    for (const path of paths) {
        for (let end = path.lastIndexOf('/'); end !== -1; end = path.lastIndexOf('/', end - 1)) {
            const folder = path.slice(0, end + 1);
            if (folders.has(folder))
                break;
            folders.add(folder);
        }
    }
    return { paths: new Set(paths), folders };
}
function leftOut(link, files) {
    return `${link} is a link to a folder, and mode: changed takes no files through it, which leaves out ${some(files)}: put the files themselves there, or run once with mode: all`;
}

;// CONCATENATED MODULE: ./lib/src/select/compare.js





const GONE = 'this clone lacks the commit, and its remote did not send it';
const CHECK = `${GONE}: check the name`;
const compare_TOO_SHORT = `${CHECK}, set fetch-depth: 0 on actions/checkout, or fetch the whole history`;
/** Compares the head with a base: by git, or by GitHub's API where git can't.
 *  @returns a text that says why, where the base is not available */
async function compare({ ref, mergeBase }, comparison) {
    const { tree, github, event } = comparison;
    const { git, head } = tree;
    if (git === undefined)
        return compareOnline(ref, mergeBase, comparison);
    // a submodule or another repository can have a branch of the same name, which is unrelated
    const isForeign = mergeBase && !git_output_SHA.test(ref) && event.sha !== '' && event.sha !== head.sha;
    if (isForeign && (await git.findCommit(event.sha)) === undefined)
        return "it is a branch of the event's repository, and this clone lacks the event's commit";
    const wanted = mergeBase ? await findMergeBase(git, github, { ref, head: head.sha }) : { sha: ref };
    if ('why' in wanted)
        return wanted.why;
    const base = await findBaseCommit(git, wanted.sha);
    return base === undefined ? compareByApi(git, wanted.sha, comparison) : compareByGit(git, base, comparison);
}
/** @param base full SHA of a commit in this clone */
async function compareByGit(git, base, { tree, told, workflowPath }) {
    const { rootPath, head } = tree;
    const paths = rootPath === '' ? [] : [rootPath, workflowPath ?? []].flat();
    const [changes] = await Promise.all([git.diff(base, head.sha, paths), tree.list()]);
    const newWorkflow = changes.find(({ path }) => path === workflowPath)?.path;
    const expand = (all, told) => expandChanges(git, all, [base, head.sha], told);
    const inRoot = changes.filter(({ path }) => path.startsWith(rootPath));
    const below = await expand(inRoot, told);
    const findEverywhere = async () => rootPath === '' ? below : expand(await git.diff(base, head.sha, []), { steps: new Set(), notices: new Set() });
    return { base, changed: await withLinks(below.flatMap(toChangedFile), findEverywhere, tree, told), newWorkflow };
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
/** For a base that the clone lacks and the remote does not send, or knows by its full SHA only. */
async function compareByApi(git, ref, comparison) {
    const { tree, github, told } = comparison;
    const { sha } = tree.head;
    const isLocal = /[~^@:]|^HEAD$/.test(ref); // HEAD is another commit for the API
    const listed = isLocal ? undefined : await github?.compare(ref, sha, { mergeBase: false });
    if (listed === undefined && git_output_SHA.test(ref))
        return GONE;
    if (listed === undefined)
        return (await git.findCuts([sha])).length === 0 ? CHECK : compare_TOO_SHORT;
    const base = listed.base === ref ? undefined : await findBaseCommit(git, listed.base);
    if (base !== undefined)
        return compareByGit(git, base, comparison);
    if (listed.cut)
        return `${GONE}; ${explainCut(listed.files.length)}`;
    const { submodules } = await git.listTree(sha);
    const isSubmodule = ({ path }) => submodules.has(path);
    for (const { path } of listed.files.filter(isSubmodule))
        told.notices.add(notCompared(path));
    return fromList({ ...listed, files: listed.files.filter((file) => !isSubmodule(file)) }, comparison);
}
/** For a workspace without git. A list that may be cut is not used. */
async function compareOnline(ref, mergeBase, comparison) {
    const { tree, github, event } = comparison;
    const { number } = Object(event.payload);
    const isPullRequest = mergeBase && typeof number === 'number';
    const listed = await (isPullRequest
        ? github?.pullRequest(number)
        : github?.compare(ref, tree.head.sha, { mergeBase }));
    if (listed === undefined)
        return "GitHub's API does not compare the head with it";
    return listed.cut ? explainCut(listed.files.length) : fromList(listed, comparison);
}
async function fromList({ base, files }, { tree, told }) {
    const inRoot = files.filter(({ path }) => path.startsWith(tree.rootPath));
    return { base, changed: await withLinks(inRoot, async () => files, tree, told) };
}
/** @returns every file of the head, without a base to compare it with */
async function listAll({ tree, told }) {
    const { files, links, missing } = await tree.list();
    const moved = links.map((path) => ({ path, change: 'present' }));
    await withLinks(moved, async () => [], tree, told); // for the notices
    for (const path of missing)
        told.notices.add(notCheckedOut(path));
    return Array.from(files, (path) => ({ path, change: 'present' }));
}

;// CONCATENATED MODULE: ./lib/src/select/workflow-inputs.js

/** The inputs that decide which files a run publishes, and where. */
const DECIDING = ['files', 'prefix', 'root', 'source-id'];
/** A push takes the files that it changed. With new inputs, other files match too, or have other URLs.
 *  @param path of the workflow
 *  @returns a notice if the workflow's file has other inputs at the head than at the base; empty if not */
async function tellNewInputs(git, base, head, path) {
    const show = (commit) => git.show(commit, path, text_file/* TEXT_MAX_BYTES */.$K);
    const [before, after] = await Promise.all([show(base), show(head)]);
    if (before === undefined || after === undefined || before === after)
        return [];
    const names = DECIDING.filter((name) => valuesOf(name, before) !== valuesOf(name, after));
    if (names.length === 0)
        return [];
    return [
        `${path} has another ${names.join(', ')} since the base, and this run takes only the files that changed: run once with mode: all to publish the others`,
    ];
}
/** @returns the lines of every key of that name, with those that are indented deeper */
function valuesOf(name, yaml) {
    const values = [];
    let indent;
    for (const line of yaml.split(/\r?\n/)) {
        const text = line.trim();
        if (text === '')
            continue;
        const depth = line.length - line.trimStart().length;
        if (indent !== undefined && depth <= indent)
            indent = undefined;
        if (indent === undefined && text.startsWith(`${name}:`))
            indent = depth;
        if (indent !== undefined)
            values.push(text);
    }
    return values.join('\n');
}

;// CONCATENATED MODULE: ./lib/src/select/changes.js





/** No base commit was found and `on-unknown-base` is `fail`. */
class BaseError extends Error {
    name = 'BaseError';
}
const NO_TOKEN = {
    known: false,
    cause: 'no-token',
    why: 'there is no github-token to read workflow runs with',
};
const IN_SUBMODULE = 'root: it is in a submodule, and the event names no commit of that, so every matching file is taken: set base to a commit of the submodule';
const WITHOUT_GIT = 'without git the run does not know which files belong to the repository, so it takes every matching file in the folder: install git, and put actions/checkout before this step';
const UNKNOWN_DELETED = 'without a base the files that were deleted since the last publication are not known, so nothing is purged for them: if the base was unavailable for a moment, re-run this job';
const RUN_WITH_BASE = 'run once with base set to the last commit that was published';
/** The files that changed since the first base that is available; every file where none is.
 *  @throws GitError, BaseError */
async function findChanges(tree, github, event, query) {
    const { git, head, rootPath } = tree;
    const place = { head: head.sha, rootPath };
    if (isDeletion(event)) {
        const steps = ['nothing to do: the push deleted its branch or tag'];
        const nothing = { files: [], considered: 0, notices: [], warnings: [] };
        return { ...place, base: head.sha, baseStrategy: 'event', steps, ...nothing };
    }
    const told = { steps: new Set(), notices: new Set() };
    const comparison = { tree, github, event, told, workflowPath: query.workflowPath };
    const runs = needsRuns(event, query.base) ? ((await github?.runs(branchOf(event))) ?? NO_TOKEN) : undefined;
    const follows = await followsPush(comparison, query.base);
    const bases = findBases(event, { baseInput: query.base, head: { ...head, follows }, runs });
    const { changed, restored, isWhole, newWorkflow, ...first } = await compareWithFirst(bases, query, comparison);
    const { base, baseStrategy } = first;
    const isFirstRun = isFirstRunOf(runs, baseStrategy);
    const isFirstPush = bases.candidates.length === 0 && follows !== false && isNewBranch(event);
    const hasEarlier = !isFirst(runs) && !isFirstPush; // nothing was published before a first run, or deleted before a first push
    const isAll = baseStrategy === 'all';
    const isPush = baseStrategy === 'last-success' || baseStrategy === 'event';
    const files = [...changed, ...restored];
    return {
        ...place,
        ...first,
        base: base === head.sha && restored.length > 0 ? '' : base, // the files differ from those of other runs, not from the base
        files: files.filter(({ path }) => tree.matches(path)),
        considered: files.length,
        steps: [...first.steps, ...told.steps],
        notices: [
            ...bases.notices,
            ...first.notices,
            ...told.notices,
            ...(isWhole && git === undefined ? [WITHOUT_GIT] : []),
            ...(isAll && query.base === '' && git?.isSubmodule ? [IN_SUBMODULE] : []),
            ...(git && newWorkflow && isPush && !isFirstRun && !isWhole
                ? await tellNewInputs(git, base, head.sha, newWorkflow)
                : []),
        ],
        hints: bases.hints,
        warnings: [
            ...bases.warnings,
            ...first.warnings,
            ...(isAll && hasEarlier ? warnOfAll(query, git !== undefined) : []),
        ],
        ...(isFirstRun && { isFirstRun }),
    };
}
/** @returns whether the commit of a push is an ancestor of another commit that is checked out; undefined if it is not asked */
async function followsPush({ tree, github, event }, base) {
    const { git, head } = tree;
    const after = movedFrom(event, head.sha);
    if (git === undefined || git.isSubmodule || base !== '' || event.told !== undefined || after === undefined)
        return undefined;
    const common = await findMergeBase(git, github, { ref: after, head: head.sha });
    return 'sha' in common && common.sha === after;
}
/** @returns whether no earlier run can have published the files that are the same at the base: on a new branch, only the
 *  first run of the workflow knows that */
function isFirstRunOf(runs, strategy) {
    if (!isFirst(runs))
        return false;
    return strategy === 'event' || (strategy === 'merge-base' && runs?.known === true && runs.isOnly === true);
}
/** What a run without a base can't know. Without git a commit in `base` can be as unknown as the others. */
function warnOfAll({ purge, deleted }, hasGit) {
    if (!purge || deleted === 'ignore')
        return [];
    const checkout = hasGit ? '' : 'install git, put actions/checkout before this step, and ';
    return [`${UNKNOWN_DELETED}; else ${checkout}${RUN_WITH_BASE}`];
}
async function compareWithFirst({ candidates, skipped, unfinishedRuns }, { onUnknownBase }, comparison) {
    const steps = skipped.map((reason) => `base: ${reason}`);
    const warnings = [];
    for (const candidate of candidates) {
        const { strategy, ref, reason } = candidate;
        const diff = await compare(candidate, comparison);
        if (typeof diff === 'string') {
            steps.push(`base: ${ref} (${strategy}) is not available: ${diff}`);
            if (strategy === 'input')
                warnings.push(`base: '${ref}' is not available (${diff}), so every matching file is taken`);
            continue;
        }
        if (strategy === 'input' && diff.base === comparison.tree.head.sha)
            warnings.push(`base: '${ref}' is the commit that is checked out, so nothing changed: leave base out, or name an earlier commit`);
        const { restored, unknown } = await findRestored(unfinishedRuns, diff, comparison);
        if (unknown !== undefined && onUnknownBase === 'fail')
            throw new BaseError(`on-unknown-base: ${unknown}, and on-unknown-base is fail: set on-unknown-base to all`);
        const notices = unknown === undefined ? [] : [`${unknown}, so every matching file is taken`];
        steps.push(`base: ${diff.base || ref} (${strategy}): ${reason}`);
        if (restored.length > 0)
            steps.push(`base: and ${restored.length} more ${restored.length === 1 ? 'file' : 'files'} that other runs may have published in other versions, as they failed or ended late`);
        const isWhole = unknown !== undefined;
        return { ...diff, restored, isWhole, baseStrategy: strategy, baseReason: reason, steps, notices, warnings };
    }
    if (onUnknownBase === 'fail')
        throw new BaseError(`on-unknown-base: no base commit was found, and on-unknown-base is fail (${steps.join('; ')}): name a commit in base, or set on-unknown-base to all`);
    steps.push('base: none, so every matching file is taken');
    const none = { base: '', restored: [], isWhole: true, baseStrategy: 'all', notices: [] };
    return { ...none, changed: await listAll(comparison), steps, warnings };
}
/** A file that an unfinished run added and that the head lacks needs nothing.
 *  @returns `restored`: the files that such runs may have published in another version, and that are the same at the base and
 *   the head: all of them if the commit of a run is not available; `unknown`: the reason for that */
async function findRestored(unfinishedRuns, { base, changed }, comparison) {
    const known = new Set(changed.map(({ path }) => path));
    const restored = [];
    let unknown;
    const commits = unfinishedRuns.filter((sha) => sha !== base);
    if (commits.length > 1)
        await comparison.tree.git?.fetchCommits(commits);
    const take = (files) => {
        for (const { path, change } of files) {
            if (change === 'deleted' || known.has(path))
                continue;
            known.add(path);
            restored.push({ path, change: 'modified' });
        }
    };
    for (const ref of commits) {
        const diff = await compare({ strategy: 'last-success', ref, mergeBase: false, reason: '' }, comparison);
        if (typeof diff !== 'string') {
            take(diff.changed);
            continue;
        }
        take(await listAll(comparison));
        unknown = `the run of ${ref} failed or ended late, and which files it published is unknown (${diff})`;
        break;
    }
    return { restored, unknown };
}

;// CONCATENATED MODULE: ./lib/src/select/find-since.js









/** Finds the files that changed since the base.
 *  @throws GitError, BaseError */
async function findSince({ workspace, event, github: { workflow } }, inputs, { tree, github }) {
    const { topLevel, rootPath } = tree;
    const { root } = inputs;
    const workflowPath = workflow && `.github/workflows/${workflow}`;
    const changes = await findChanges(tree, github, event, { ...inputs, workflowPath });
    const { files, considered, isFirstRun } = changes;
    const changed = files.map(({ path }) => path);
    const list = async () => (await tree.list()).files;
    const names = {
        known: undefined,
        // a pattern also counts if it matches a deleted file
        list: async () => [...(await list()), ...changed].map((path) => path.slice(rootPath.length)),
    };
    const hasTwins = files.length > 0 && inputs.upload && inputs.guards !== 'off';
    const known = new Set(changed);
    const isMissed = (path) => !known.has(path) && tree.matches(path);
    return {
        changes: {
            ...changes,
            ...(0,inputs_shard/* takeShard */.mt)(files, inputs.shard),
            untouched: isFirstRun && inputs.upload ? [...(await list())].filter(isMissed).length : 0,
        },
        topLevel,
        rootError: considered === 0 ? await findRootError(tree, { workspace, root }) : undefined,
        names,
        published: new Set(hasTwins ? await list() : []),
        standIns: files.length === 0 ? NO_STAND_INS : await tree.standIns(),
    };
}
const UNKNOWN_METADATA = 'metadata: without git and the base commit the earlier version of the file is unknown, so it applies to uploaded files alone; run once with mode: all for the others';
/** Finds the files whose attributes differ between the metadata file and its version at the base. */
async function findTouched({ git, topLevel, rootPath, list, matches }, { changes: { base, head } }, { workspace, inputs, metadata }) {
    const touched = [];
    if (metadata.path === '')
        return { touched, warnings: [] };
    if (git === undefined || (base !== '' && (await git.findCommit(base)) === undefined))
        return { touched, warnings: [UNKNOWN_METADATA] };
    if (base === '' || base === head)
        return { touched, warnings: [] }; // every matching file is uploaded, or nothing changed
    const path = relativePath(topLevel, await (0,external_node_fs_promises_.realpath)((0,external_node_path_.resolve)(workspace, metadata.path)));
    const text = await git.show(base, path, text_file/* TEXT_MAX_BYTES */.$K); // no run took a larger one
    if (text === metadata.text)
        return { touched, warnings: [] };
    const before = await (0,inputs_metadata/* parseEarlier */.CE)(text);
    for await (const file of (0,inputs_metadata/* inTurns */.gG)((await list()).files)) {
        const name = file.slice(rootPath.length);
        if (matches(file) && (0,inputs_shard/* isInShard */.O1)(file, inputs.shard) && (0,inputs_metadata/* rulesTouched */.ix)(before, metadata, name))
            touched.push(file);
    }
    return { touched, warnings: [] };
}

// EXTERNAL MODULE: ./node_modules/minimatch/dist/esm/index.js + 7 modules
var esm = __nccwpck_require__(3581);
;// CONCATENATED MODULE: ./lib/src/inputs/pattern-meaning.js


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
    const because = new Set();
    let isSure = false;
    let forms = rewrite(pattern, (body) => body);
    for (let round = 0; round < HABITS_MAX; round += 1) {
        const [habit, translated] = takeHabit(forms, root) ?? [];
        if (habit === undefined || translated === undefined)
            break;
        forms = translated.slice(0, FORMS_MAX);
        because.add(habit[0]);
        isSure ||= habit[1];
    }
    const written = forms.flatMap((form) => rewrite(form, (body) => body.replace(/^(\.?\/)+/, '') || '**'));
    if (written.length === 0 || because.size === 0)
        return undefined;
    return { forms: [...new Set(written)], because: [...because], isSure };
}
/** @returns the first habit of these patterns, and the patterns without it */
function takeHabit(forms, root) {
    for (const habit of HABITS) {
        const translated = forms.flatMap((form) => rewrite(form, (body) => habit[2](body, root)));
        if (translated.join('\n') !== forms.join('\n'))
            return [habit, translated];
    }
    return undefined;
}
/** Translates a pattern behind its sign. The translation can have signs of its own. */
function rewrite(form, read) {
    const { exclude, body } = (0,inputs_patterns/* splitSign */._j)(form);
    const parts = [read(body)].flat().map((part) => (0,inputs_patterns/* splitSign */._j)(part.trim()));
    return parts.flatMap((part) => (part.body === '' ? [] : `${exclude || part.exclude ? '!' : ''}${part.body}`));
}
function swap(found, by) {
    return (body) => body.replace(found, by);
}
const LINE = 'a line is one pattern';
const COMMENT = '# starts a comment at the start of a line only';
const QUOTES = 'quotes are part of a pattern';
const NO_REGEXP = 'a pattern is not a regular expression';
const BRACES = 'a pattern has no braces';
const BACKSLASH = 'a backslash does not separate folders';
const ROOT = 'patterns are relative to root';
const STARS = '** stands for folders only between slashes';
const EXTENSION_ONLY = 'it is a whole name and not an extension';
const EXTENSION = /^\.(a?png|ai|avif|bmp|eps|gif|hei[cf]|ico|jfif|jp2|jpe?g|m4v|mov|mp4|pdf|psd|svg|tiff?|web[mp])$/i;
// In this order: first the habits that enclose a pattern.
const HABITS = [
    ['it contains an invisible character', true, swap(/[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]+/g, '')],
    [
        'a name and a colon are part of it',
        true,
        swap(/^(files|sub-images|content-types|paths?|include|exclude)\s*:\s+(?=\S)/, ''),
    ],
    ['a list in brackets is a class of characters', true, swap(/^\[(.*["'/].*)\]$/, '$1')],
    ['a dash does not start a list item', true, swap(/^[-•]\s+/, '')],
    ['\\n is not a line break', true, (body) => body.split(/\\[nr]+(?=[*!])/)],
    [COMMENT, true, swap(/\s+(#(\s.*)?|\/\/\s.*)$/, '')],
    [COMMENT, false, swap(/\s+#\S.*$/, '')],
    [
        'a content type belongs into content-types',
        true,
        swap(/\s*:\s*(application|audio|font|image|text|video)\/[\w.+*-]+$/, ''),
    ],
    [LINE, true, swap(/[,;|]+$/, '')],
    [LINE, true, (body) => splitList(body, /[*"']/)],
    [LINE, false, (body) => splitList(body, /[*?/"']|\.\w+$/)],
    [QUOTES, true, swap(/^(["'`\u2018\u201c\u00ab])(.*)["'`\u2019\u201d\u00bb]$/, '$2')],
    [QUOTES, true, swap(/^["'`](?=.*[*/])|["'`]$/, '')],
    ['a pattern is a path and not a URL', true, swap(/^https?:\/\/[^/]+\//i, '')],
    ['no shell replaces variables', true, swap(/^(\$\{?(GITHUB_WORKSPACE|PWD)\}?|%(GITHUB_WORKSPACE|CD)%)[\\/]/, '')],
    [NO_REGEXP, true, (body) => (/^\^|\\\.[\w({]+\$?$|[\w)]\$$/.test(body) ? readRegExp(body) : body)],
    [NO_REGEXP, false, (body) => (/^\.[*+]\.?\w/.test(body) ? readRegExp(body) : body)],
    ['? is one character', true, (body) => pattern_meaning_choose(body, /(?<=\.)(jpe\?g)$/i, () => ['jpg', 'jpeg'])],
    ['? is one character', true, (body) => pattern_meaning_choose(body, /(?<=\.)(tiff\?)$/i, () => ['tif', 'tiff'])],
    ['parentheses are part of a name', true, (body) => pattern_meaning_choose(body, /[@+*?]?\((?:\?:)?([^()]*\|[^()]*)\)/)],
    ['brackets are one character', true, (body) => pattern_meaning_choose(body, /(?<=\.)\[(\w{2,5}(?:\s*[,|]\s*\w{2,5})+)\]/)],
    [BRACES, true, expandBraces],
    [BRACES, false, swap(/\{([^{},/]+)\}/g, '$1')],
    [BACKSLASH, true, (body) => (/\\(\w|\*\*)/.test(body) ? readBackslashes(body) : body)],
    [BACKSLASH, false, readBackslashes],
    [ROOT, true, readDrive],
    [ROOT, true, dropRoot],
    [ROOT, false, (body, root) => (root === '.' ? body : dropRoot(body, root.slice(root.lastIndexOf('/') + 1)))],
    [STARS, true, readStars],
    [EXTENSION_ONLY, true, (body) => (EXTENSION.test(body) ? `**/*${body}` : body)],
    [EXTENSION_ONLY, false, (body) => (EXTENSION.test(`.${body}`) ? `**/*.${body}` : body)],
];
/** Splits a list of patterns at commas, semicolons, bars or spaces outside quotes and brackets.
 *  @param pattern what each part has */
function splitList(body, pattern) {
    const parts = body.match(/("[^"]*"|'[^']*'|\{[^{}]*\}|\[[^[\]]*\]|\([^()]*\)|[^\s,;|])+/g) ?? [];
    return parts.length > 1 && parts.every((part) => pattern.test(part)) ? parts : body;
}
/** Writes each alternative of the first match in its place. */
function pattern_meaning_choose(body, found, read = (text) => text.split(/\s*[,|]\s*/)) {
    const [, alternatives] = found.exec(body) ?? [];
    return alternatives === undefined ? body : read(alternatives).map((text) => body.replace(found, () => text));
}
function readRegExp(body) {
    const glob = body
        .replace(/^\^|\$$/g, '')
        .replaceAll('(?:', '(')
        .replace(/(^|\/)\.[*+]/g, '$1**/*')
        .replace(/\.[*+]|\\[wd][*+]/g, '*')
        .replace(/\\([./])/g, '$1')
        .replace(/(\w)\?(?=[\w)]|$)/g, '{$1,}')
        .replace(/\(([^()]*\|[^()]*)\)/g, (_, set) => `{${set.replaceAll('|', ',')}}`);
    return expandBraces(glob);
}
function expandBraces(body) {
    const closed = /\{[^{}]*,[^{}]*$/.test(body) ? `${body}}` : body;
    const tidy = closed.replace(/\{[^{}]*\}/g, (set) => set.replace(/\s*[,|]\s*/g, ','));
    const bodies = (0,esm/* braceExpand */.KA)(tidy, { braceExpandMax: FORMS_MAX });
    return bodies.length > 1 ? bodies : [body];
}
/** Reads backslashes as on Windows, or as escapes of Markdown. */
function readBackslashes(body) {
    if (/^\\[!#]/.test(body))
        return body;
    return !body.includes('/') || /\\\w/.test(body) ? body.replace(/\\+/g, '/') : body.replaceAll('\\', '');
}
function readDrive(body, root) {
    if (!/^[a-z]:\//i.test(body))
        return body;
    const start = root === '.' ? -1 : body.indexOf(`/${root}/`);
    return body.slice(start === -1 ? 3 : start + root.length + 2);
}
function dropRoot(body, root) {
    const path = body.replace(/^(\.?\/)+/, '');
    if (root === '.' || !`${path}/`.startsWith(`${root}/`))
        return body;
    return path.slice(root.length + 1) || '**';
}
function readStars(body) {
    return body.replace(/[^/]+/g, (segment) => (/^\*+$/.test(segment) ? segment : separateStars(segment)));
}
function separateStars(segment) {
    return segment
        .replace(/^\*{2,}/, '**/*')
        .replace(/\*{2,}$/, '/**')
        .replace(/(?<=[^*/])\*{2,}(?=[^*])/g, '*/**/*');
}

;// CONCATENATED MODULE: ./lib/src/inputs/pattern-advice.js




/** More lines of an input get no advice. */
const pattern_advice_LINES_MAX = 200;
const WARNINGS_MAX = 5;
const FORMS_SHOWN = 5;
/**
 * Explains patterns that match no file, or not the files in folders, although their author probably meant some, and suggests
 * the right form.
 * @param isLost no file matches `files`, so every line of it is analysed in every way
 * @returns one line for each pattern, for the first few of each input
 */
async function advise(inputs, names, { root, isLost }) {
    let all;
    const warnings = [];
    for (const { name, lines } of inputs) {
        const found = adviseOnExclusions(lines, names.known);
        const wouldChange = findDeciding(lines);
        for await (const line of (0,inputs_metadata/* inTurns */.gG)(lines.slice(0, pattern_advice_LINES_MAX))) {
            const meaning = readMeaning(line.pattern, root);
            const isLostLine = isLost && name === 'files';
            if (meaning !== undefined || isLostLine)
                all ??= await names.list();
            const judgedBy = meaning !== undefined || isLostLine ? all : names.known;
            if (judgedBy === undefined)
                continue;
            const isMatched = (0,inputs_patterns/* findName */.bd)(judgedBy, line.pattern) !== undefined;
            const problem = isMatched
                ? meaning && adviseOnStars(line, judgedBy, (path) => wouldChange(path, line))
                : adviseOnLine(line, judgedBy, { meaning, isLost: isLostLine });
            if (problem !== undefined)
                found.push(`${pattern_advice_nameOf(line)} ${isMatched ? 'does not match' : 'matches no file:'} ${problem}`);
        }
        const shown = (0,runner_text/* cut */.Jj)(found, WARNINGS_MAX, String, 'more lines of that kind');
        warnings.push(...shown.map((problem) => `${name}: ${problem}`));
    }
    return warnings;
}
/** The last line that matches a path decides whether it is taken. Each path is judged once: many lines ask for the same ones.
 *  @returns a function that says whether a match of a line would change whether the path is taken */
function findDeciding(lines) {
    let rules;
    const known = new Map();
    return (path, line) => {
        rules ??= lines
            .map(({ pattern }) => (0,inputs_patterns/* splitSign */._j)(pattern))
            .map(({ exclude, body }) => ({ exclude, matches: (0,inputs_patterns/* compilePatterns */.xi)(body) }));
        const last = known.get(path) ?? rules.findLastIndex(({ matches }) => matches(path));
        known.set(path, last);
        const isTaken = rules[last]?.exclude === false;
        return last < lines.indexOf(line) && isTaken === (0,inputs_patterns/* splitSign */._j)(line.pattern).exclude;
    };
}
function pattern_advice_nameOf({ line, pattern }) {
    return `line ${line}, ${/^!?['"]/.test(pattern) ? pattern : `'${pattern}'`},`;
}
/** @param line matches a file
 *  @param wouldChange whether a match of the line would change whether the file is taken
 *  @returns which file it does not match for a `**` that is not between slashes, and the right form; undefined for none */
function adviseOnStars({ pattern, rest = '' }, names, wouldChange) {
    const { exclude, body } = (0,inputs_patterns/* splitSign */._j)(pattern);
    const form = readStars(body);
    if (form === body)
        return undefined;
    const isMeant = (0,inputs_patterns/* compilePatterns */.xi)(form);
    const missed = names.find((name) => wouldChange(name) && isMeant(name));
    if (missed === undefined)
        return undefined;
    const isWritten = (0,inputs_patterns/* compilePatterns */.xi)(body);
    const isLeft = names.some((name) => isWritten(name) && !isMeant(name)); // `a*/**/*b` does not match `ab`, as `a**b` does
    const right = (exclude ? '!' : '') + form + rest;
    return `${missed}: ${STARS}; write ${formsOf(isLeft ? [pattern + rest, right] : [right])}`;
}
function formsOf(forms) {
    const shown = forms.length > FORMS_SHOWN ? `${forms.slice(0, FORMS_SHOWN).join(', ')}, …` : forms.join(' and ');
    return `${shown}${forms.length > 1 ? ', each on its own line' : ''}`;
}
/** @param line matches no file
 *  @returns why it matches none, and the right form; undefined if the reason is unknown */
function adviseOnLine({ pattern, rest = '' }, names, { meaning, isLost }) {
    const asWritten = { forms: [pattern], because: [], isSure: false };
    const guesses = [asWritten, ...(meaning === undefined ? [] : [meaning])].map((each) => guess(each, names, isLost));
    const meanings = [...(meaning === undefined ? [] : [meaning]), ...guesses.flat()];
    const isShown = ({ forms }) => forms.some((form) => (0,inputs_patterns/* findName */.bd)(names, form) !== undefined);
    const right = meanings.find(isShown) ?? (meaning?.isSure === true ? meaning : undefined);
    if (right === undefined)
        return undefined;
    return `${right.because.join(', and ')}; write ${formsOf(right.forms.map((form) => form + rest))}`;
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
/**
 * Guesses what patterns mean that match no file. The caller checks the guesses against the files.
 * @param isLost no pattern matches any file: then a pattern can mean every folder, as in gitignore. A pattern without folders,
 *   or one that excludes nothing, can do so always
 */
function guess({ forms, because }, names, isLost) {
    const guesses = [
        ['it ends with a slash, so it matches folders only', (body) => body.replace(/\/+$/, '')],
        ['case matters', (body) => inCaseOf(body, (0,inputs_patterns/* findName */.bd)(names, body, 'case'))],
        [
            'its letters are of another Unicode form',
            (body) => ((0,inputs_patterns/* findName */.bd)(names, body, 'form') ? body.normalize().replace(/[^\0-\x7f]+/g, '*') : body),
        ],
        ['brackets are one character', (body) => body.replaceAll('[', '[[]')],
        ['% is not an escape', runner_text/* decodeUri */.z6],
    ];
    const signs = forms.map(inputs_patterns/* splitSign */._j);
    const inFolders = signs.map(({ exclude, body }) => (isLost || exclude || !body.includes('/')) && !body.startsWith('**/') ? `**/${body.replace(/^\.\//, '')}` : body);
    const read = [
        ...guesses.map(([reason, change]) => ({ reason, bodies: signs.map(({ body }) => change(body) ?? body) })),
        { reason: 'it names no folder above', bodies: inFolders },
    ];
    return read.flatMap(({ reason, bodies }) => {
        const written = bodies.map((body, at) => (signs[at]?.exclude ? '!' : '') + body);
        const isOther = bodies.some((body, at) => body !== signs[at]?.body);
        return isOther ? { forms: written, because: [...because, reason], isSure: false } : [];
    });
}
/** Changes the case of each literal part of a pattern to that in a name that it matches except for case. */
function inCaseOf(body, name = '') {
    const lower = name.toLowerCase();
    let from = 0;
    return body.replace(/\[[^\]]*\]|[^*?[\]/]+/g, (part) => {
        const at = part.startsWith('[') || lower.length !== name.length ? -1 : lower.indexOf(part.toLowerCase(), from);
        if (at === -1)
            return part;
        from = at + part.length;
        return name.slice(at, from);
    });
}

;// CONCATENATED MODULE: ./lib/src/select/search-paths.js



/** @param patterns of `files`
 *  @returns the folders and files in which they can match, POSIX, relative to the root; none is below another
 *  @throws InputError */
async function findSearchPaths(patterns) {
    // loaded by full syncs only
    const { create } = await __nccwpck_require__.e(/* import() | glob */ 801).then(__nccwpck_require__.bind(__nccwpck_require__, 6619));
    const included = patterns.map(inputs_patterns/* splitSign */._j).filter(({ exclude }) => !exclude);
    try {
        const globber = await create(included.map(({ body }) => widenClass(body)).join('\n'));
        return globber.getSearchPaths().map((path) => (0,external_node_path_.relative)(process.cwd(), path).split(external_node_path_.sep).join('/'));
    }
    catch (cause) {
        if (!(cause instanceof Error))
            throw cause;
        throw new inputs_reader/* InputError */.dz([
            `files: the patterns can't be read (${cause.message.split('\n')[0]}): check the lines of files`,
        ]);
    }
}
/** @actions/glob takes `[]a]`, a class with a bracket, and `[!]` for the names of folders. */
function widenClass(pattern) {
    const segments = pattern.split('/');
    const at = segments.findIndex((segment) => /\[[!^]?\]/.test(segment));
    return at === -1 ? pattern : [...segments.slice(0, at), '**'].join('/');
}

;// CONCATENATED MODULE: ./lib/src/select/tracked.js







/** A command line can contain as many paths on every system. */
const PATHS_MAX = 200;
/** @param head full SHA of the commit that is checked out; '' for none
 *  @param starts the folders and files to list, relative to the root; all are listed on a system whose disks can ignore case,
 *   and where a folder can be a text file that stands for a link
 *  @throws GitError */
async function listTracked(git, head, { rootPath, starts }) {
    const isExact = process.platform === 'linux' && starts.length <= PATHS_MAX && !starts.includes('') && !git.writesLinksAsText;
    const paths = isExact ? starts.map((start) => git.rootPath + start) : undefined;
    const isEmpty = head === '' || paths?.length === 0;
    const own = isEmpty ? undefined : await git.listTree(head, paths);
    const links = isEmpty ? [] : (await listFiles(git, head, paths)).links.keys();
    const named = (path) => rootPath + path.slice(git.rootPath.length);
    return {
        names: new Set(Array.from(own?.files ?? [], named)),
        submodules: Array.from(own?.submodules.keys() ?? [], named),
        standIns: await findStandIns(git, head, links),
        locate: (path) => (0,external_node_path_.join)(git.topLevel, git.rootPath, path.slice(rootPath.length)),
        listIndex: git.listIndex,
    };
}
/** Replaces the name of a file on disk by git's name, if the two differ by case or Unicode form and the disk ignores the
 *  difference. Such a disk keeps the old name after a rename. Pages use git's name, and so does `mode: changed`. */
async function nameAsGit(paths, tracked, isSameFile) {
    const listed = new Set(paths);
    const unlisted = Map.groupBy([...(tracked ?? [])].filter((path) => !listed.has(path)), fold_name/* foldName */.z);
    if (unlisted.size === 0)
        return paths;
    const named = [];
    for (const path of paths) {
        let name = path;
        for (const other of tracked?.has(path) ? [] : (unlisted.get((0,fold_name/* foldName */.z)(path)) ?? [])) {
            if (await isSameFile(path, other))
                name = other;
        }
        named.push(name);
    }
    return named.sort();
}
/** @returns whether a disk has one file by two names, other than by a link */
async function isSameFile(folder, path, other) {
    const [one, two] = [(0,external_node_path_.join)(folder, path), (0,external_node_path_.join)(folder, other)];
    try {
        const stats = await Promise.all([(0,external_node_fs_promises_.lstat)(one), (0,external_node_fs_promises_.lstat)(two)]);
        return !stats.some((file) => file.isSymbolicLink()) && (await (0,external_node_fs_promises_.realpath)(one)) === (await (0,external_node_fs_promises_.realpath)(two));
    }
    catch {
        return false; // there is no file by one of the names
    }
}
/** @param path relative to the workspace, which is a real path
 *  @returns whether git tracks the bytes of a file, in the commit or in the index. Of a file that is reached through a link,
 *   git has to track both the link and the file. */
async function isTracked(path, { linked, tracked }, workspace) {
    const isLinked = linked.has(path);
    if (!isLinked && tracked.names.has(path))
        return true;
    const index = await tracked.listIndex();
    if (!isLinked)
        return index.has(tracked.locate(path));
    const segments = path.split('/');
    if (!segments.some((_, at) => index.has(tracked.locate(segments.slice(0, at + 1).join('/')))))
        return false;
    const target = await resolvePath(workspace, path, tracked.standIns).catch(() => undefined);
    // a link to nothing, or out of the workspace, fails by itself
    return target === undefined || !(0,paths/* isInWorkspace */.P_)(workspace, target) || index.has(target);
}
/** @param matching the files of git that match, relative to the workspace
 *  @param found the files of the run
 *  @returns a notice for the files of git that are not on disk; none if all are */
async function tellMissing(matching, found, { locate }) {
    const missing = [];
    for (const path of matching) {
        if (!found.has(path) && (await (0,external_node_fs_promises_.lstat)(locate(path)).catch(() => undefined)) === undefined)
            missing.push(path);
    }
    if (missing.length === 0)
        return [];
    return [
        `git has matching files that are not in the work tree, so the run leaves them out: ${some(missing)}: check them out, or keep an earlier step from deleting them`,
    ];
}

;// CONCATENATED MODULE: ./lib/src/select/folder.js












const HINT = 'did the build step fail or write to another folder, or is the download step missing?';
const NOT_FOLLOWED = 'a symbolic link to a folder outside the workspace or in .git, which is never followed: put the files themselves there';
const SHOWN = 5;
/** Finds every file below the root that matches `files`, and reads only the folders that the patterns point at.
 *  @returns paths relative to the workspace
 *  @throws TreeError, InputError */
async function findAll(workspace, repository, query) {
    const { root, shard, base, files } = query;
    const rootPath = root === '.' ? '' : `${root}/`;
    const real = await (0,external_node_fs_promises_.realpath)((0,external_node_path_.join)(workspace, root)).catch(() => undefined);
    const place = { workspace: await (0,external_node_fs_promises_.realpath)(workspace), root: real ?? '', rootPath };
    const folder = { place, repository, query };
    if (real === undefined)
        throw await noFiles(`there is no folder '${root}'`, folder);
    const starts = await findSearchPaths(patternsOf(query).lines.map(({ pattern }) => pattern));
    const found = await findMatching(starts, folder);
    const kept = await dropUntracked(found, folder);
    const matching = new Set(found.matching);
    const { standIns = NO_STAND_INS, names: tracked = new Set(), submodules = [] } = found.tracked ?? {};
    const isOnDisk = (path) => found.paths.some((file) => file.startsWith(`${path}/`));
    const checkedOut = submodules.filter(isOnDisk);
    const inGit = [...tracked].filter((path) => files(path.slice(rootPath.length)));
    const notOnDisk = found.tracked === undefined ? [] : await tellMissing(inGit, matching, found.tracked);
    const steps = [
        base !== '' && `base: '${base}' has no effect in mode: all`,
        'mode: all, so every matching file is compared with the Source',
        !starts.includes('') && `files: only the folders and files that the patterns name are read: ${some(starts, SHOWN)}`,
        kept.step,
        checkedOut.length > 0 && `submodules: the run takes the files of ${some(checkedOut, SHOWN)} as they are on disk`,
    ];
    const present = kept.files.map((path) => ({ path, change: 'present' }));
    const changes = {
        base: '',
        head: repository.head,
        baseStrategy: 'all',
        rootPath,
        ...(0,inputs_shard/* takeShard */.mt)(present, shard),
        considered: found.paths.length,
        steps: steps.filter((step) => step !== false),
        notices: [...submodules.filter((path) => !isOnDisk(path)).map(notCheckedOut), ...notOnDisk],
        warnings: [],
        tracked: repository.git?.topLevel === place.workspace ? tracked : new Set(), // else git has other paths
        leftOut: new Map(found.outside.filter((path) => !matching.has(path)).map((path) => [path, NOT_FOLLOWED])),
    };
    const names = {
        known: namesOf(found, rootPath),
        list: async () => namesOf(await walk(place, [''], { standIns }), rootPath),
    };
    const published = new Set([...kept.files, ...tracked]);
    return { changes, topLevel: place.workspace, names, published, standIns, rootError: undefined };
}
function patternsOf({ patternInputs }) {
    return patternInputs.find(({ name }) => name === 'files') ?? { name: 'files', lines: [] };
}
/** @throws TreeError if no file matches */
async function findMatching(starts, folder) {
    const { root } = folder.query;
    const found = await folder_look(starts, folder);
    if (found.matching.length > 0)
        return found;
    const all = await folder_look([''], folder); // for the error message, and because only the matcher decides which files match
    if (all.matching.length > 0)
        return all;
    if (all.paths.length === 0)
        throw await noFiles(`'${root}' contains no file`, folder);
    const known = namesOf(all, folder.place.rootPath);
    const advice = await advise([patternsOf(folder.query)], { known, list: async () => known }, { root, isLost: true });
    const why = advice.map((line) => line.replace(/^files: /, '')).join('; ') || 'check the patterns, or root';
    throw new TreeError(`files: none of the ${all.paths.length} files below '${root}' matches: ${why}`);
}
async function folder_look(starts, { place, repository, query }) {
    const { rootPath, workspace } = place;
    const { git, head } = repository;
    const listing = git && listTracked(git, head, { rootPath, starts }).catch(unlessNeeded(query));
    const [onDisk, tracked] = await Promise.all([walk(place, starts), listing]);
    const { standIns = NO_STAND_INS } = tracked ?? {};
    const found = standIns.size === 0 ? onDisk : await walk(place, starts, { standIns });
    const paths = await nameAsGit(found.paths, tracked?.names, (one, other) => isSameFile(workspace, one, other));
    const matching = [...paths, ...found.outside].filter((path) => query.files(path.slice(rootPath.length)));
    return { ...found, paths, matching: matching.sort(), tracked };
}
async function noFiles(text, { place, repository: { git, head }, query }) {
    const asked = { workspace: place.workspace, root: query.root, head };
    const why = await explainRoot(git, asked).catch(unlessNeeded(query));
    return new TreeError(`root: ${why ?? `${text}: ${HINT}`}`);
}
function namesOf({ paths, outside }, rootPath) {
    return [...paths, ...outside].map((path) => path.slice(rootPath.length));
}
/** @returns the files, and a line for the log about the untracked files
 *  @throws TreeError if every file is untracked and `untracked` is `ignore` */
async function dropUntracked({ matching, linked, tracked }, { place: { workspace }, query }) {
    const unknown = { files: matching, step: 'untracked: without a git repository it is unknown which files git tracks' };
    if (tracked === undefined)
        return unknown;
    const others = [];
    try {
        for (const path of matching)
            if (!(await isTracked(path, { linked, tracked }, workspace)))
                others.push(path);
    }
    catch (error) {
        unlessNeeded(query)(error);
        return unknown;
    }
    const { length } = matching;
    if (others.length === 0)
        return { files: matching, step: `untracked: git tracks all ${length} matching files` };
    const which = `${others.length} of ${length} matching files that git does not track: ${some(others, SHOWN)}`;
    if (query.untracked === 'include')
        return { files: matching, step: `untracked: include, so the run takes ${which}` };
    if (others.length === length)
        throw new TreeError(`untracked: git tracks none of the ${length} matching files: set untracked to include, or check root and files`);
    const left = new Set(others);
    const files = matching.filter((path) => !left.has(path));
    return { files, step: `untracked: ignore, so the run leaves out ${which}` };
}
/** With `untracked: include`, the run uses git only to count the tracked files, so it continues without git. */
function unlessNeeded({ untracked }) {
    return (error) => {
        if (untracked === 'ignore' || !(error instanceof GitError))
            throw error;
    };
}

;// CONCATENATED MODULE: ./lib/src/select/work-tree.js








const AT_A_TIME = 64;
const BROKEN = 'put the target back, or the file itself in place of the link';
const MISSING = {
    git: 'a file in git, but not in the work tree: check it out, and let no earlier step delete it',
    api: "a file in the repository, by GitHub's API, but not in the workspace: put actions/checkout before this step, or start in a clone",
    folder: 'it has disappeared since the folder was listed: does another process change the folder during this run?',
};
/** A symbolic link, or a text file that stands for one, is followed only to a file inside the workspace and outside `.git`.
 *  @returns the files by path */
async function probeFiles(paths, { listedBy = 'git', standIns = NO_STAND_INS, windows = process.platform === 'win32', ...place }) {
    const [workspace, topLevel] = await Promise.all([(0,external_node_fs_promises_.realpath)(place.workspace), (0,external_node_fs_promises_.realpath)(place.topLevel)]);
    const files = new Map();
    const queue = [...paths].reverse();
    const worker = async () => {
        for (let path = queue.pop(); path !== undefined; path = queue.pop())
            files.set(path, await probe(path, { workspace, topLevel, listedBy, standIns, windows }));
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    return files;
}
async function probe(path, { workspace, topLevel, listedBy, standIns, windows }) {
    const why = windows ? explainWindowsName(path) : undefined;
    if (why !== undefined)
        return { problem: `${why}: rename it, or run this job on another system` };
    if (!path.isWellFormed())
        return { problem: 'its name is not UTF-8, so no URL can contain it: rename it' };
    const full = (0,external_node_path_.join)(topLevel, path);
    const isLink = standIns.has(full) || (await (0,external_node_fs_promises_.lstat)(full).catch(() => undefined))?.isSymbolicLink() === true;
    try {
        const absolutePath = await resolvePath(topLevel, path, standIns);
        const inside = (0,paths/* namesBelow */.kV)(workspace, absolutePath);
        if (inside === undefined)
            return {
                problem: 'a symbolic link that leaves the workspace, which is never followed: put the file itself in its place',
            };
        if (inside.some(git_name/* isGitName */.M))
            return { problem: 'a symbolic link into .git, which is never followed: put the file itself in its place' };
        const stats = await (0,external_node_fs_promises_.lstat)(absolutePath, { bigint: true });
        const { size, dev, ino, ctimeNs } = stats;
        if (stats.isFile())
            return { absolutePath, bytes: Number(size), identity: { dev, ino, ctimeNs } };
        if (!stats.isDirectory())
            return { problem: 'it is not a regular file: put a file in its place, or leave it out by `files`' };
        if (isLink)
            return { problem: 'a symbolic link to a folder: put the files themselves in its place' };
        return { problem: 'a file in git, but a folder in the work tree: check it out, and let no earlier step replace it' };
    }
    catch (error) {
        const { code } = error;
        if (isLink)
            return { problem: `a symbolic link whose target can't be reached (${code}): ${BROKEN}` };
        return { problem: code === 'ENOENT' ? MISSING[listedBy] : `it can't be read (${code})` };
    }
}
/** Lists what is below the root, without `.git`, and follows no link.
 *  @returns every file and link, and the links, POSIX, relative to the workspace */
async function listFolder({ workspace, root }) {
    const files = [];
    const links = [];
    const folders = (0,external_node_fs_.existsSync)((0,external_node_path_.join)(workspace, root)) ? [root === '.' ? '' : `${root}/`] : [];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
        for (const { name, isFolder, isLink } of await readFolder((0,external_node_path_.join)(workspace, folder))) {
            if ((0,git_name/* isGitName */.M)(name))
                continue;
            const path = `${folder}${name}`;
            if (isFolder)
                folders.push(`${path}/`);
            else
                files.push(path);
            if (isLink)
                links.push(path);
        }
    }
    return { files: files.sort(), links: links.sort() };
}

;// CONCATENATED MODULE: ./lib/src/select/head-tree.js




/** @throws GitError */
async function openCommit(git, files) {
    const head = await git.head();
    let listed;
    const read = async () => {
        const listing = await listFiles(git, head.sha);
        return { ...listing, links: [...listing.links.keys()] };
    };
    const list = () => {
        listed ??= read();
        return listed;
    };
    return {
        head,
        git,
        topLevel: git.topLevel,
        rootPath: git.rootPath,
        matches: (path) => files(path.slice(git.rootPath.length)),
        list,
        listEverywhere: async () => (await git.listTree(head.sha, [])).files,
        standIns: async () => findStandIns(git, head.sha, (await list()).links),
    };
}
/** @param sha of the commit that is probably checked out */
async function openWorkspace(workspace, { root, files }, sha) {
    const rootPath = root === '.' ? '' : `${root}/`;
    return {
        head: { sha, parents: [] },
        git: undefined,
        topLevel: await (0,external_node_fs_promises_.realpath)(workspace),
        rootPath,
        matches: (path) => files(path.slice(rootPath.length)),
        list: async () => ({ ...(await listFolder({ workspace, root })), missing: [] }),
        listEverywhere: async () => (await listFolder({ workspace, root: '.' })).files,
        standIns: async () => NO_STAND_INS,
    };
}

;// CONCATENATED MODULE: ./lib/src/select/find-program.js




const OWN_SYSTEM = { path: external_node_path_, realPath, isProgram };
/** Finds git on PATH, outside the workspace: the repository can bring programs of its own. A relative folder on PATH is in
 *  the workspace, too, and Windows would look into the working folder first.
 *  @returns the absolute path of git, and its environment without those folders on PATH
 *  @throws GitError if there is none */
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
        throw new GitError("git can't be run: no folder on PATH outside the workspace has it: install git first");
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
    return (file) => [file, realPath(file) ?? file].some((place) => workspaces.some((folder) => (0,paths/* namesBelow */.kV)(folder, place, path) !== undefined));
}
function realPath(file) {
    try {
        return external_node_fs_.realpathSync.native(file);
    }
    catch {
        return undefined;
    }
}
function isProgram(file) {
    try {
        (0,external_node_fs_.accessSync)(file, external_node_fs_.constants.X_OK);
        return (0,external_node_fs_.statSync)(file).isFile();
    }
    catch {
        return false;
    }
}

;// CONCATENATED MODULE: ./lib/src/select/git-environment.js

/** Variables that change the repository or the meaning of a path: those of `git rev-parse --local-env-vars` without
 *  GIT_CONFIG_COUNT, and switches of `git(1)`. The user's variables for the network and for tracing stay. */
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
/** Options of every command. They turn off programs that a configuration can make git run, and replacements of objects: a
 *  commit that stands for another has other files. */
const git_environment_SETTINGS = [
    '--no-pager',
    '--literal-pathspecs',
    '--no-replace-objects',
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
/** The environment of git for one repository. With GIT_DIR, git does not search for a repository or check its owner: the
 *  workspace of a container often belongs to another user, and git before 2.38 has no safe.directory as an argument. */
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
        GIT_CEILING_DIRECTORIES: (0,external_node_path_.dirname)(topLevel),
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

;// CONCATENATED MODULE: ./lib/src/select/git-fetch.js


/** git tells the reason in words only, which are English with LC_ALL=C. */
const LOCKED = /\.lock': File exists|cannot lock ref|shallow file has changed since we read it/;
const UNREACHABLE = /could not resolve host|couldn't connect|failed to connect|unable to connect|connection (was )?(refused|timed out)|timed out|no route to host|network is unreachable|returned error: (429|5\d\d)/i;
const git_fetch_BROKEN = /connection (was )?(reset|closed|aborted)|hung up|early eof|rpc failed|empty reply|unexpected disconnect|(recv|send) failure|broken pipe|tls|ssl/i;
/** Another git can hold a lock for some seconds: automatic maintenance, or another step. */
const LOCK_PAUSES_MS = [500, 1000, 2000, 4000];
const NETWORK_PAUSES_MS = [1000, 4000];
/** A fetch that failed after this time is not tried again: the next try probably takes as long. */
const SLOW_MS = 30_000;
/** A remote sends all that one command asks for, or nothing. */
const NAMES_AT_ONCE = 50;
function createFetch(git, { credentials, env, offline, onComplaint, pause }) {
    /** after all tries: no other fetch will reach it in this run */
    let isUnreachable = false;
    return async (names, generations) => {
        let isWhole = true;
        for (let start = 0; start < names.length; start += NAMES_AT_ONCE) {
            const isSent = await fetchOnce(names.slice(start, start + NAMES_AT_ONCE), generations);
            isWhole &&= isSent;
        }
        return isWhole;
    };
    async function fetchOnce(names, generations) {
        if (offline !== undefined) {
            onComplaint(offline);
            return false;
        }
        if (isUnreachable)
            return false;
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
            const { code, complaint } = await fetchPatiently(args, variables);
            if (code === 0)
                return true;
            onComplaint(`git fetch from ${remote}: ${complaint}`);
            if (isUnreachable)
                return false;
        }
        return false;
    }
    async function fetchPatiently(args, variables) {
        for (let tries = 0;; tries += 1) {
            const start = performance.now();
            const result = await git(args, { env: variables });
            if (result.code === 0)
                return result;
            const waitMs = performance.now() - start < SLOW_MS ? pausesAfter(result.complaint)[tries] : undefined;
            isUnreachable ||= waitMs === undefined && UNREACHABLE.test(result.complaint);
            if (waitMs === undefined)
                return result;
            await pause(waitMs);
        }
    }
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
function pausesAfter(complaint) {
    if (LOCKED.test(complaint))
        return LOCK_PAUSES_MS;
    return UNREACHABLE.test(complaint) || git_fetch_BROKEN.test(complaint) ? NETWORK_PAUSES_MS : [];
}

;// CONCATENATED MODULE: ./lib/src/select/git.js







/** @param settings `head`: `<sha> commit <size>`, then the commit */
function createCommands(git, settings) {
    const { topLevel, rootPath } = settings;
    const below = rootPath === '' ? [] : [rootPath];
    const fetchNames = createFetch(git, settings);
    async function must(args) {
        const { code, stdout, complaint } = await git(args);
        if (code !== 0)
            throw new GitError(`git ${args[0]}: ${complaint}: check that the clone is complete`);
        return stdout;
    }
    /** @returns full SHA of a commit; undefined if the clone lacks it */
    async function findCommit(ref) {
        for (const name of git_output_SHA.test(ref) || ref === 'HEAD' ? [ref] : [ref, `refs/remotes/origin/${ref}`]) {
            const { code, stdout } = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
            const sha = withoutNewline(stdout);
            if (code === 0 && git_output_SHA.test(sha))
                return sha;
        }
        return undefined;
    }
    /** @returns full names only: `base` must not use other parts of a refspec, such as a forced update */
    async function refNames(ref) {
        const names = ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref.replace(/^origin\//, '')}`, `refs/tags/${ref}`];
        const checks = await Promise.all(names.map((name) => git(['check-ref-format', name])));
        return names.filter((_, index) => checks[index]?.code === 0);
    }
    /** @returns why HEAD is not a commit */
    async function explainHead() {
        const sha = withoutNewline((await git(['rev-parse', '--verify', '--quiet', 'HEAD'])).stdout);
        const again = 'the clone is damaged: delete it, and clone the repository again';
        if (git_output_SHA.test(sha)) {
            const { complaint } = await git(['cat-file', 'commit', sha], { env: OFFLINE });
            return `HEAD is ${sha}, which is not a commit of this clone (${complaint}): ${again}`;
        }
        const { code } = await git(['symbolic-ref', '--quiet', 'HEAD']); // works without a commit, but not for a damaged branch
        return code === 0
            ? 'HEAD is not a commit: check out a commit first'
            : `the branch of HEAD names no commit: ${again}`;
    }
    /** @returns the commits at which a shallow clone ends */
    async function readShallow() {
        const { stdout } = await git(['rev-parse', '--git-path', 'shallow']);
        const file = (0,external_node_path_.resolve)(topLevel, withoutNewline(stdout));
        const text = (0,external_node_fs_.existsSync)(file) ? await (0,external_node_fs_promises_.readFile)(file, 'latin1') : '';
        return new Set(text.split('\n').filter((line) => git_output_SHA.test(line)));
    }
    async function readIndex() {
        const paths = parsePaths(await must(['ls-files', '-z', '--recurse-submodules']));
        return new Set(paths.filter((path) => isDiskName(path)).map((path) => (0,external_node_path_.join)(topLevel, path)));
    }
    const trees = new Map();
    let index;
    return {
        findCommit,
        /** @returns full SHA of the commit that is checked out, and of its parents, which the clone can lack */
        async head() {
            const [first = '', ...lines] = settings.head.toString('latin1').split('\n');
            const [sha = '', type] = first.split(' ');
            if (type !== 'commit')
                throw new GitError(await explainHead());
            const headers = lines.slice(0, lines.indexOf(''));
            return { sha, parents: headers.filter((line) => line.startsWith('parent ')).map((line) => line.slice(7)) };
        },
        /** @returns full SHA of the last common ancestor of two commits in this clone; undefined if there is none */
        async mergeBase(commit, head) {
            const { code, stdout } = await git(['merge-base', commit, head]);
            return code === 0 ? withoutNewline(stdout) : undefined;
        },
        /** @returns the commits whose parents a shallow clone lacks, in the history of `tips` without the history of `below` */
        async findCuts(tips, below) {
            const shallow = await readShallow();
            if (shallow.size === 0)
                return [];
            const args = ['rev-list', ...tips, ...(below === undefined ? [] : [`^${below}`]), '--'];
            const history = (await must(args)).toString('latin1').split('\n');
            return history.filter((sha) => shallow.has(sha));
        },
        /** Fetches `generations` more generations below the commits at which a shallow clone ends.
         *  @returns whether the remote sent them */
        async deepen(cuts, generations) {
            return cuts.length > 0 && fetchNames(cuts, generations);
        },
        /** Fetches a commit by SHA, branch or tag, without its history.
         *  @returns its full SHA; undefined if the remote does not send it */
        async fetchCommit(ref) {
            for (const name of git_output_SHA.test(ref) ? [ref] : await refNames(ref)) {
                if (await fetchNames([name]))
                    return findCommit(git_output_SHA.test(ref) ? ref : 'FETCH_HEAD');
            }
            return undefined;
        },
        /** Fetches the commits that the clone lacks, by SHA, several at once, as far as the remote sends them. */
        async fetchCommits(names) {
            const commits = names.filter((name) => git_output_SHA.test(name)); // any other could be a refspec
            const input = commits.map((sha) => `${sha}^{commit}\n`).join('');
            const { stdout } = await git(['cat-file', '--batch-check'], { input });
            const answers = stdout.toString('latin1').split('\n');
            await fetchNames(commits.filter((_, index) => answers[index]?.endsWith(' missing')));
        },
        /** @param paths to compare; none for the whole repository
         *  @returns the changes, with a rename as a deleted and an added file, and with submodules */
        async diff(base, head, paths = below) {
            // a submodule counts although .gitmodules can say `ignore = all`
            const known = ['--ignore-submodules=none', '--no-renames', '--no-ext-diff', '--no-textconv'];
            const options = ['-r', '-z', '--raw', ...known, '--end-of-options'];
            // without `--`, a file that is named as a commit makes the commit ambiguous
            return parseDiff(await must(['diff-tree', ...options, base, head, '--', ...paths]));
        },
        /** @param paths of folders and files; none for the whole repository */
        listTree(commit, paths = below) {
            // ls-tree has no `--`: the arguments after the commit are paths
            const args = ['ls-tree', '-r', '-z', '--full-tree', '--end-of-options', commit, ...paths];
            const key = args.join('\0');
            const tree = trees.get(key) ?? must(args).then(parseTree);
            trees.set(key, tree);
            return tree;
        },
        /** @returns the absolute paths of all files and links in the index, also of submodules */
        listIndex() {
            index ??= readIndex();
            return index;
        },
        /** @returns the text of a file in a commit; undefined if there is none, or only a larger one */
        async show(commit, path, maxBytes) {
            const { code, stdout, isCut } = await git(['cat-file', 'blob', `${commit}:${path}`], { maxBytes });
            return code === 0 && !isCut ? stdout.toString('utf8') : undefined;
        },
    };
}

;// CONCATENATED MODULE: ./lib/src/select/git-configuration.js

/** Settings that can't make a fetch run a program, write a file or ask another host. All others might, in some version of
 *  git: http.cookieFile writes any file. Those of `core` that run a program are switched off for every command. */
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
/** @param listing `git config --list --show-origin -z`: `file:<path> NUL <name> LF <value> NUL`
 *  @param isForeign whether somebody other than the user can write a file. What such a file includes is foreign, too.
 *  @returns the first setting in such a file that git must not follow */
function findForeignSetting(listing, isForeign) {
    const included = new Set();
    for (const { name, value, file } of settingsOf(listing)) {
        if (!isForeign(file) && !included.has((0,external_node_path_.resolve)(file)))
            continue;
        // git expands the home of a user in such a path, and its own folder
        if (INCLUDE.test(name) && !/^(~|%\()/.test(value))
            included.add((0,external_node_path_.resolve)((0,external_node_path_.dirname)(file), value));
        else if (!isHarmless(name, value))
            return { name, file };
    }
    return undefined;
}
/** @returns whether git writes symbolic links as text files */
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
;// CONCATENATED MODULE: ./lib/src/select/run-git.js


/** A pipe in place of one of its files, or a remote, can keep git for ever. */
const TIMEOUT_MS = 300_000;
/** How long a program that git started may keep git's pipes open after git has ended. */
const PIPES_MS = 5000;
/** Longer than any line that a remote sends. A line without its start could show a part of a secret. */
const STDERR_MAX_LENGTH = 200_000;
const WINDOWS = process.platform === 'win32';
/** Runs git once.
 *  @param program absolute path of git
 *  @returns also for an exit code other than 0
 *  @throws GitError if git can't be run */
function runGit(program, args, { cwd, env, signal, ...options }) {
    const { timeoutMs = TIMEOUT_MS, input = '', pipesMs = PIPES_MS, maxBytes = Number.POSITIVE_INFINITY } = options;
    return new Promise((resolve, reject) => {
        if (signal.aborted)
            return reject(signal.reason);
        // its own process group: git's helpers for a remote outlive git, and keep its pipes open
        const child = (0,external_node_child_process_namespaceObject.spawn)(program, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: !WINDOWS });
        child.stdin.on('error', () => { }); // git can end before it reads its input
        child.stdin.end(input);
        const stdout = [];
        let [stderr, left] = ['', maxBytes];
        let endedFor;
        const end = () => {
            killGroup(child);
            child.stdout.destroy();
            child.stderr.destroy();
        };
        const endFor = (cause) => {
            endedFor = cause;
            end();
        };
        const timers = [setTimeout(endFor, timeoutMs, 'time')];
        signal.addEventListener('abort', end, { once: true });
        child.on('exit', () => timers.push(setTimeout(endFor, pipesMs, 'pipes')));
        const settle = () => {
            for (const timer of timers)
                clearTimeout(timer);
            signal.removeEventListener('abort', end);
        };
        child.stdout.on('data', (chunk) => {
            left -= chunk.length;
            if (left >= 0)
                stdout.push(chunk);
            else
                end();
        });
        child.stderr.on('data', (chunk) => {
            stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_MAX_LENGTH);
        });
        child.on('error', (cause) => {
            settle();
            reject(new GitError(`git can't be run (${cause.code}): install git first`, { cause }));
        });
        child.on('close', (code, killedBy) => {
            settle();
            if (signal.aborted)
                return reject(signal.reason);
            if (endedFor === 'pipes')
                return reject(new GitError('git has ended, and a program that it started goes on: check hooks and helpers of git on the runner'));
            const isLate = endedFor === 'time';
            const ending = isLate ? `it did not end within ${timeoutMs / 1000} s` : `exit code ${code ?? killedBy}`;
            const complaint = findComplaint(stderr) || ending;
            resolve({ code: isLate ? null : code, stdout: Buffer.concat(stdout), complaint, isCut: left < 0 });
        });
    });
}
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

;// CONCATENATED MODULE: ./lib/src/select/open-git.js














const FOREIGN_HINT = 'and that file can come from a pull request or an archive: set it in the environment instead';
/** Opens the repository of the root: the workspace, or a folder between the workspace and the root.
 *  @throws GitError if there is no git or no repository */
async function openGit({ workspace, root, signal, ...settings }) {
    const { program, env } = findGit(settings.env, workspace);
    const { repositories, rootFolder } = findRepositories(workspace, root);
    const { credentials, onComplaint = () => { }, pause = (ms) => (0,promises_.setTimeout)(ms, undefined, { signal }) } = settings;
    const at = (repository) => {
        const own = gitEnvironment(env, repository);
        const cwd = repository.topLevel;
        return (args, options) => runGit(program, [...git_environment_SETTINGS, ...args], { ...options, cwd, env: { ...own, ...options?.env }, signal });
    };
    const repository = await open_git_choose(repositories, at, onComplaint);
    const { configuration, head } = await readRepository(repository, at(repository));
    const realWorkspace = external_node_fs_.realpathSync.native(workspace);
    const foreign = findForeignSetting(configuration, open_git_isForeign(realWorkspace, repository));
    const why = foreign && `git fetches nothing: ${foreign.file} sets ${foreign.name}, ${FOREIGN_HINT}`;
    const above = (0,paths/* namesBelow */.kV)(realWorkspace, repository.topLevel) ?? [];
    const written = root.split('/').slice(above.length).join('/');
    const rootPath = await nameInGit(at(repository), relativePath(repository.topLevel, rootFolder), written);
    const open = (place, own) => ({
        ...place,
        rootPath: own.rootPath,
        writesLinksAsText: writesLinksAsText(configuration),
        ...createCommands(own.offline === undefined ? at(place) : offlineRun(at(place)), {
            ...place,
            ...own,
            credentials,
            env,
            onComplaint,
            pause,
        }),
        async openSubmodule(path) {
            const inner = findSubmodule(realWorkspace, place, path);
            return inner && open(inner, { rootPath: '', head: Buffer.alloc(0), offline: 'a submodule is never fetched' });
        },
    });
    return open(repository, { rootPath: rootPath === '' ? '' : `${rootPath}/`, head, offline: why });
}
/** A disk that ignores case or Unicode form can have another name for the root than git has.
 *  @param written the root as the input has it */
async function nameInGit(git, onDisk, written) {
    if (onDisk === written || (0,fold_name/* foldName */.z)(onDisk) !== (0,fold_name/* foldName */.z)(written))
        return onDisk;
    const args = ['ls-tree', '-z', '--full-tree', '--end-of-options', 'HEAD', `${written}/`];
    const { code, stdout } = await git(args, { env: OFFLINE });
    return code === 0 && stdout.length > 0 ? written : onDisk;
}
async function readRepository({ topLevel }, git) {
    const [configuration, head] = await Promise.all([
        git(['config', '--list', '--show-origin', '-z'], { env: OFFLINE }),
        // the raw commit, because git's other commands hide the parents in a shallow clone
        git(['cat-file', '--batch'], { input: 'HEAD\n', env: OFFLINE }),
    ]);
    const failed = [configuration, head].find(({ code }) => code !== 0);
    if (failed !== undefined) {
        const isNewer = /unknown repository extension|expected git repo version/i.test(failed.complaint);
        const remedy = isNewer ? 'install a newer git' : 'check the repository that is checked out there';
        throw new GitError(`${topLevel}: ${failed.complaint}: ${remedy}`);
    }
    return { configuration: configuration.stdout, head: head.stdout };
}
function offlineRun(git) {
    return (args, options) => git(args, { ...options, env: OFFLINE });
}
/** Chooses the innermost repository, as git does, unless an outer one has files in its folder: then it is not from a
 *  checkout. */
async function open_git_choose([first, ...inner], at, onComplaint) {
    let chosen = first;
    for (const repository of inner) {
        if (chosen.problem === undefined && (await hasFilesIn(repository.topLevel, chosen, at(chosen)))) {
            onComplaint(`${(0,external_node_path_.join)(repository.topLevel, '.git')} is not used: the repository in ${chosen.topLevel} has files there`);
        }
        else
            chosen = repository;
    }
    if (chosen.problem !== undefined)
        throw new GitError(chosen.problem);
    return chosen;
}
async function hasFilesIn(folder, { topLevel }, git) {
    const args = ['ls-files', '--stage', '-z', '--', relativePath(topLevel, folder)];
    const { code, stdout } = await git(args, { env: OFFLINE });
    return code === 0 && [...parseTree(stdout).files].some((path) => (0,external_node_fs_.existsSync)((0,external_node_path_.join)(topLevel, path)));
}
/** @returns a function that says whether a file can come from a pull request or an archive: it is in the work tree, or in a
 *  `.git` below the workspace */
function open_git_isForeign(workspace, { topLevel, gitDir, isNested }) {
    return (file) => {
        const path = (0,external_node_path_.resolve)(topLevel, file);
        return [path, (0,external_node_fs_.existsSync)(path) ? external_node_fs_.realpathSync.native(path) : path].some((place) => {
            if (isNested && (0,paths/* namesBelow */.kV)(gitDir, place) !== undefined)
                return true;
            const names = (0,paths/* namesBelow */.kV)(workspace, place);
            return names !== undefined && !names.some(git_name/* isGitName */.M);
        });
    };
}

;// CONCATENATED MODULE: ./lib/src/select/pattern-warnings.js




/** Warns of patterns that match no file, and of a root without a matching file if none of the changed files matches. Where
 *  none changed, only a matching file that git does not track shows that one is meant to be published. */
async function warnOfPatterns({ files, matching = files.length, considered, rootPath }, names, { workspace, root, files: matches, patternInputs }, { path, rules }) {
    const inputs = [
        ...patternInputs.filter(({ isDefault }) => !isDefault),
        ...(path === '' ? [] : [{ name: path, lines: rules }]),
    ];
    const all = matching === 0 ? await names.list() : [];
    const isUnmatched = all.length > 0 && !all.some(matches);
    const example = isUnmatched ? await findBuilt({ workspace, root, files: matches }) : undefined;
    const isLost = isUnmatched && (considered > 0 || example !== undefined);
    const known = names.known ?? (files.length > 0 ? await namesFor(inputs, { files, rootPath, names }) : undefined);
    const advice = await advise(inputs, { ...names, known }, { root, isLost });
    if (!isLost)
        return advice;
    const below = rootPath === '' ? 'in the repository' : `below ${rootPath}`;
    const remedy = example === undefined ? '' : `, or set mode: all for files that a step makes, such as ${example}`;
    return [
        `files: none of the ${all.length} files ${below} matches, so no push publishes a file: check the patterns, or root${remedy}`,
        ...advice,
    ];
}
/** @returns a matching file on disk, which git does not track where none of its files matches */
async function findBuilt({ workspace, root, files }) {
    const below = root === '.' ? 0 : root.length + 1;
    const paths = await listFolder({ workspace, root });
    return paths.files.find((path) => files(path.slice(below)) && !path.split('/').includes('node_modules'));
}
/** The names to judge patterns by. The changed files are enough if each pattern matches one of them. */
async function namesFor(inputs, { files, rootPath, names }) {
    const changed = files.map(({ path }) => path.slice(rootPath.length));
    if (inputs.some(({ lines }) => hasEarlyExclusion(lines)))
        return names.list();
    const judged = inputs.flatMap(({ lines }) => lines.slice(0, pattern_advice_LINES_MAX));
    for await (const { pattern } of (0,inputs_metadata/* inTurns */.gG)(judged))
        if ((0,inputs_patterns/* findName */.bd)(changed, pattern) === undefined)
            return names.list();
    return changed;
}
/** @returns whether lines that exclude come before one that includes: they have to be judged by every name */
function hasEarlyExclusion(lines) {
    return lines.findIndex(({ pattern }) => !(0,inputs_patterns/* splitSign */._j)(pattern).exclude) > 0;
}

;// CONCATENATED MODULE: ./lib/src/select/select.js















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
    touched: [],
    twins: [],
    rootError: undefined,
};
/** Finds the files that changed, or in `mode: all` every file.
 *  @throws GitError, BaseError, TreeError, InputError */
async function selectFiles(environment, inputs, { metadata, signal, log }) {
    const { workspace } = environment;
    const ended = new AbortController(); // what was asked early and is not needed must not keep the process alive
    try {
        const settings = { log, signal: AbortSignal.any([signal, ended.signal]) };
        const { git, github } = await openRepository(environment, inputs, settings);
        if (inputs.mode === 'changed') {
            const tree = git === undefined
                ? await openWorkspace(workspace, inputs, environment.event.sha)
                : await openCommit(git, inputs.files);
            const found = await findSince(environment, inputs, { tree, github });
            const touched = await findTouched(tree, found, { workspace, inputs, metadata });
            return await lookAt(found, touched, { workspace, inputs, metadata, listedBy: git === undefined ? 'api' : 'git' });
        }
        const { changes, ...found } = await findAll(workspace, { git, head: await headOf(git) }, inputs);
        const warnings = git === undefined ? await warnOfNested({ workspace, root: inputs.root }) : [];
        const all = { ...found, changes: { ...changes, warnings } };
        return await lookAt(all, { touched: [], warnings: [] }, { workspace, inputs, metadata, listedBy: 'folder' });
    }
    finally {
        ended.abort();
    }
}
/** Looks at the files on disk, and at the patterns. */
async function lookAt({ changes, names, published, topLevel, standIns, rootError }, { touched, warnings }, { workspace, inputs, metadata, listedBy }) {
    const advice = await warnOfPatterns(changes, names, { ...inputs, workspace }, metadata);
    const paths = changes.files.filter(({ change }) => change !== 'deleted').map(({ path }) => path);
    const files = inputs.upload ? await probeFiles(paths, { workspace, topLevel, listedBy, standIns }) : new Map();
    const isMatching = (name) => inputs.files(name.slice(changes.rootPath.length));
    const twins = inputs.guards === 'off' ? [] : findTwins(files, published, isMatching);
    const all = { ...changes, warnings: [...changes.warnings, ...advice, ...warnings] };
    return { changes: all, files, twins, touched, rootError };
}
/** Opens git, or falls back to the API. In `mode: all` only `untracked: ignore` needs git. */
async function openRepository({ workspace, childEnv: env, event, github: place }, { mode, root, base, upload, untracked, githubToken: token, proxyFor }, { signal, log }) {
    const credentials = { token, serverUrl: place.serverUrl };
    const github = token !== '' && place.repository !== '' ? openGitHub({ ...place, token, signal, proxyFor }) : undefined;
    // before git starts, because GitHub's answer takes longer than the git commands
    if (mode === 'changed' && needsRuns(event, base))
        github?.runs(branchOf(event)).catch(() => { });
    try {
        return { git: await openGit({ workspace, root, env, credentials, signal, onComplaint: log }), github };
    }
    catch (error) {
        if (!(error instanceof GitError))
            throw error;
        if (mode === 'all' && untracked === 'ignore')
            throw error;
        if (mode === 'all') {
            if ((0,external_node_fs_.existsSync)((0,external_node_path_.join)(workspace, '.git')))
                log(`${error.message}; the run goes on without git`);
            return { git: undefined, github };
        }
        await refuseNested({ workspace, root }, error);
        const isEmpty = upload && (await (0,external_node_fs_promises_.readdir)(workspace).catch(() => [])).length === 0;
        // the API's paths are relative to the repository, and a workspace in one can have other files by these names
        if (github === undefined || event.sha === '' || isEmpty || findAbove(workspace) !== undefined)
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
/** @returns the reason why a run needs no files; undefined if it needs them */
function whyNoFiles(inputs) {
    if (!inputs.selectsFiles)
        return '`files` is set to nothing, so the run selects no file';
    if (inputs.upload)
        return undefined;
    if (!inputs.purge && inputs.assetManager === 'off')
        return '`upload` and `purge` are both false, so the run selects no file';
    if (inputs.domains.length > 0 || inputs.sourceId !== '')
        return undefined;
    return 'without source-id or domains no file can be purged, so the run purges urls only';
}

;// CONCATENATED MODULE: ./lib/src/main.js
















/** Runs the action once. It never throws, and sets the exit code.
 *  @param front host and environment of a run outside GitHub's runner
 *  @param trackProgress what shows its progress */
async function run(front, trackProgress = createProgress) {
    return runAction((runner) => {
        const { state, hear } = createLedger(performance.now());
        const file = createReportFile(state, runner.environment.tempDir);
        const listeners = [hear, trackProgress(core/* info */.pq).hear, createLog(state).hear, file.hear];
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
/** The first stages, in order: inputs, metadata, select. publish.ts has the others. */
async function carryOut(run) {
    const { environment, emit } = run;
    const inputs = await readAllInputs(environment.workspace);
    const { mode, dryRun, verify, sourceId, domains, summary } = inputs;
    const place = { summary, repositoryUrl: repositoryUrl(environment.github) };
    const verifySeconds = verify === 'off' || dryRun ? 0 : inputs.verifyTimeoutMs / 1000;
    emit({ kind: 'started', mode, dryRun, verify, verifySeconds, sourceId, domains, ...place });
    const metadata = await (0,inputs_metadata/* loadMetadata */._G)(environment.workspace, inputs.metadata);
    const selection = await main_select(run, inputs, metadata);
    const { changes, touched } = selection;
    if (changes.files.length + touched.length + inputs.urls.length === 0)
        return;
    const isPublishing = touched.length > 0 || (inputs.upload && changes.files.some(({ change }) => change !== 'deleted'));
    if (isPublishing && isUnmerged(environment.event) && !dryRun) {
        const text = 'this run on a pull request publishes files that are not merged; set dry-run to true to only look';
        emit({ kind: 'note', level: 'notice', text });
    }
    // loaded late: most pushes change no asset, and need neither this half of the code nor Node's HTTP
    const { publish } = await Promise.all(/* import() | publish */[__nccwpck_require__.e(86), __nccwpck_require__.e(667), __nccwpck_require__.e(552)]).then(__nccwpck_require__.bind(__nccwpck_require__, 9756));
    await publish(run, { inputs, metadata, selection });
}
/** With other wrong inputs, also tells of a root that can't be right: selecting the files would tell, but is never reached.
 *  @throws InputError */
async function readAllInputs(workspace) {
    try {
        return readInputs(workspace);
    }
    catch (error) {
        const root = (0,paths/* parseRoot */.qo)(core/* getInput */.V4('root') || '.', workspace);
        const isTold = !(error instanceof inputs_reader/* InputError */.dz) || error.problems.some((problem) => problem.startsWith('root:'));
        if (isTold || typeof root !== 'string')
            throw error;
        const missing = await explainMissing({ workspace, root }, core/* getInput */.V4('mode') === 'all');
        throw missing === undefined ? error : new inputs_reader/* InputError */.dz([...error.problems, `root: ${missing}`]);
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
        throw new inputs_reader/* InputError */.dz([rootError]);
    if (changes.files.length + touched.length + inputs.urls.length === 0)
        emit({ kind: 'idle', reason: changesSentence(changes) });
    return selection;
}


/***/ }),

/***/ 8865:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  i: () => (/* binding */ adviceOn)
});

// EXTERNAL MODULE: ./lib/src/imgix/errors.js
var errors = __nccwpck_require__(4232);
// EXTERNAL MODULE: ./lib/src/imgix/http/body.js
var body = __nccwpck_require__(8618);
// EXTERNAL MODULE: ./lib/src/imgix/http/unsent.js
var unsent = __nccwpck_require__(555);
// EXTERNAL MODULE: ./lib/src/imgix/http/retry.js
var retry = __nccwpck_require__(2294);
// EXTERNAL MODULE: ./lib/src/imgix/storage-answers.js
var storage_answers = __nccwpck_require__(344);
;// CONCATENATED MODULE: ./lib/src/report/answers.js


const AGAIN = 'run the job again';
const LATER = `${AGAIN} later`;
const SOON = `${AGAIN} in some minutes`;
/** The remedy for an error that only imgix can correct. */
const STAYS = `${AGAIN}; if it stays, tell imgix's support`;
const TOO_LARGE = 'make the file smaller, or leave it out by `files`';
const fix = (problem, remedy) => ({ problem, remedy, again: false });
const again = (problem, remedy) => ({ problem, remedy, again: true });
const UPLOAD = {
    404: again('imgix does not find the Source, or this path in it', `check source-id and api-url, or ${LATER}`),
    409: fix('imgix does not replace what the Source already holds at this path', 'delete it in the bucket, or see on-conflict'),
    413: fix('the file is larger than imgix takes', TOO_LARGE),
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
    413: fix('the file is larger than the storage takes', TOO_LARGE),
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
    const status = statusOf(error);
    if (permission !== undefined && status === 401)
        return fix('api-key: imgix does not accept the key', 'check that the secret is set and that the key is active');
    if (permission !== undefined && status === 403)
        return adviseOnPermission(permission);
    const digit = (0,retry/* isTransient */.dg)(status) ? 5 : Math.floor(status / 100);
    const own = callOf(error)?.answers;
    const advice = ANY[status] ?? ANY[digit];
    return own?.[status] ?? own?.[digit] ?? (advice && withSubject(error, advice));
}
/** A storage can say the same with another status. */
function statusOf(error) {
    const { method, status = 0, details } = error;
    if (method !== 'PUT')
        return status;
    if ((0,storage_answers/* isPassing */.WG)(error))
        return 503;
    if ((0,storage_answers/* isExpired */._d)(error))
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
function adviceOn(error) {
    if (error instanceof body/* FileError */.f6)
        return adviseOnFile(error);
    if (!(error instanceof errors/* ImgixError */.xw))
        return undefined;
    const { status, permission, cause, reason, remedy } = error;
    if (remedy !== undefined)
        return { problem: reason ?? '', remedy, again: remedy.startsWith(AGAIN) };
    if (cause instanceof unsent/* ProxyError */.T6) {
        const what = cause.status === 407 ? `the user name and password in ${cause.variable}` : cause.variable;
        return fix(cause.message, `check ${what}`);
    }
    if (cause instanceof unsent/* ProxySettingError */.Tl)
        return undefined; // its message says what to do
    if (cause instanceof unsent/* HostError */.dh) {
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


/***/ }),

/***/ 9702:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   A3: () => (/* binding */ reasonOf),
/* harmony export */   AO: () => (/* binding */ debugError),
/* harmony export */   LH: () => (/* binding */ debugRequest),
/* harmony export */   WE: () => (/* binding */ explain),
/* harmony export */   Wc: () => (/* binding */ isTold),
/* harmony export */   cZ: () => (/* binding */ logWait),
/* harmony export */   xS: () => (/* binding */ factsOf)
/* harmony export */ });
/* harmony import */ var _imgix_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(4232);
/* harmony import */ var _runner_core_js__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(5030);
/* harmony import */ var _runner_text_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(114);
/* harmony import */ var _advice_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(8865);




/** One line for whoever reads the log: what failed, what to do, and in brackets what imgix's support asks for. */
function explain(error) {
    if (!(error instanceof Error))
        return String(error);
    const advice = (0,_advice_js__WEBPACK_IMPORTED_MODULE_3__/* .adviceOn */ .i)(error);
    if (advice === undefined)
        return error.message;
    return withFacts(error, advice.problem, `${advice.problem}; ${advice.remedy}`);
}
/** What failed, where the run goes on without it and nobody has to do anything. */
function reasonOf(error) {
    if (!(error instanceof Error))
        return String(error);
    const problem = (0,_advice_js__WEBPACK_IMPORTED_MODULE_3__/* .adviceOn */ .i)(error)?.problem ?? error.message;
    return withFacts(error, problem, problem);
}
function withFacts(error, told, text) {
    const facts = factsOf(error, told);
    return facts === '' ? text : `${text} (${facts})`;
}
/** Status, what imgix said, and request id: what its support asks for.
 *  @param told a text that comes before it */
function factsOf(error, told) {
    return error instanceof _imgix_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ImgixError */ .xw ? (0,_imgix_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .describe */ .q0)(error, told) : '';
}
/** @param lines that say what ended the run
 *  @returns whether one of them says this, too: another request can have had the same answer */
function isTold(error, lines) {
    const problem = (0,_advice_js__WEBPACK_IMPORTED_MODULE_3__/* .adviceOn */ .i)(error)?.problem ?? explain(error);
    return lines.some((line) => line.startsWith(problem));
}
/** Prints that a request waits for long before its next try. */
function logWait(waitMs, reason) {
    _runner_core_js__WEBPACK_IMPORTED_MODULE_1__/* .info */ .pq(`waits ${(0,_runner_text_js__WEBPACK_IMPORTED_MODULE_2__/* .duration */ .p0)(waitMs / 1000)} before another try: ${reasonOf(reason)}`);
}
/** For whoever debugs a run: the request of an error, and what came of it. */
function debugRequest(error) {
    if (error instanceof _imgix_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ImgixError */ .xw)
        _runner_core_js__WEBPACK_IMPORTED_MODULE_1__/* .debug */ .Yz(`${error.method} ${error.path}: ${error.message}`);
}
/** For whoever debugs a run: the request, and where in the code the error is from. */
function debugError(error) {
    debugRequest(error);
    if (error instanceof Error && _runner_core_js__WEBPACK_IMPORTED_MODULE_1__/* .isDebug */ ._o())
        _runner_core_js__WEBPACK_IMPORTED_MODULE_1__/* .debug */ .Yz(String(error.stack));
}


/***/ }),

/***/ 7775:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   FQ: () => (/* binding */ ProblemsError),
/* harmony export */   Jj: () => (/* binding */ createAnnotator),
/* harmony export */   fz: () => (/* binding */ annotate),
/* harmony export */   vz: () => (/* binding */ listProblems)
/* harmony export */ });
/* harmony import */ var _core_js__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(5030);

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
            _core_js__WEBPACK_IMPORTED_MODULE_0__/* .error */ .z3(line, at);
        else if (told <= linesMax)
            _core_js__WEBPACK_IMPORTED_MODULE_0__/* .info */ .pq(`error: ${line}`);
        else if (told === linesMax + 1)
            _core_js__WEBPACK_IMPORTED_MODULE_0__/* .info */ .pq('more failures are in the report alone');
    };
}
/** Prints the lines: the first as annotations, the others to the log alone.
 *  @param rest the line that stands for the others, where the log already has them */
function annotate(level, annotations, rest) {
    for (const { line, ...at } of annotations.slice(0, ANNOTATIONS_MAX))
        _core_js__WEBPACK_IMPORTED_MODULE_0__/* .annotate */ .fz(level, line, at);
    const others = annotations.slice(ANNOTATIONS_MAX);
    const lines = rest === undefined || others.length === 0 ? others.map(({ line }) => line) : [rest(others.length)];
    for (const line of lines)
        _core_js__WEBPACK_IMPORTED_MODULE_0__/* .info */ .pq(line);
}


/***/ }),

/***/ 5030:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  yU: () => (/* binding */ ExitCode),
  fz: () => (/* binding */ annotate),
  Te: () => (/* binding */ beginRun),
  Yz: () => (/* binding */ debug),
  z3: () => (/* binding */ error),
  V4: () => (/* binding */ getInput),
  Os: () => (/* binding */ group),
  jD: () => (/* binding */ hide),
  KT: () => (/* binding */ hideUrl),
  hK: () => (/* reexport */ holdsSecret),
  pq: () => (/* binding */ info),
  _o: () => (/* binding */ isDebug),
  vM: () => (/* binding */ isSet),
  _2: () => (/* binding */ isWorkflow),
  lm: () => (/* binding */ notice),
  Ji: () => (/* binding */ outputMaxBytes),
  E$: () => (/* binding */ redact),
  bq: () => (/* binding */ redactName),
  C1: () => (/* binding */ setFailed),
  uH: () => (/* binding */ setOutput),
  $e: () => (/* binding */ warning),
  Sy: () => (/* binding */ writeSummary)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(3024);
// EXTERNAL MODULE: ./lib/node_modules/@actions/core/lib/core.js + 4 modules
var core = __nccwpck_require__(611);
;// CONCATENATED MODULE: ./lib/src/runner/host.js


const ANNOTATE = { notice: core/* notice */.lm, warning: core/* warning */.$e, error: core/* error */.z3 };
/** The only part that prints commands of the runner. */
const GITHUB = {
    input: (name) => process.env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] === undefined ? undefined : core/* getInput */.V4(name),
    mask: core/* setSecret */.Pq,
    debug: core/* debug */.Yz,
    isDebug: core/* isDebug */._o,
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
            (0,external_node_fs_.appendFileSync)(file, markdown);
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

// EXTERNAL MODULE: ./lib/src/runner/text.js
var runner_text = __nccwpck_require__(114);
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
    return (0,runner_text/* decodeUri */.z6)(text) ?? text;
}

;// CONCATENATED MODULE: ./lib/src/runner/secrets.js


/** Shorter secrets are not searched for: they would replace parts of ordinary words. */
const SECRET_MIN_LENGTH = 8;
/** The runner masks every text that it is given: a mask of one letter would replace most of the log. */
const MASK_MIN_LENGTH = 4;
/** GitHub's own limit is 48 kB. Of a longer text, which only an answer can have, the beginning and some lines are hidden. */
const SECRET_MAX_LENGTH = 65_536;
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
        const start = secret.slice(0, SECRET_MAX_LENGTH);
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
const isSet = (name) => host.input(name) !== undefined;
// All output of a run goes through these functions: one line each, without commands of the runner and without secrets.
const hide = (secret) => secrets.hide(secret);
const hideUrl = (url, own) => secrets.hideUrl(url, own);
const redact = (text) => secrets.redact(text);
const redactName = (text) => secrets.redactName(text);
/** Far more than anybody reads. */
const LINE_MAX_LENGTH = 10_000;
function line(text) {
    const shown = text.length > LINE_MAX_LENGTH ? `${text.slice(0, LINE_MAX_LENGTH)}…` : text;
    return (0,runner_text/* printable */.g$)(secrets.redact(shown));
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
const isDebug = () => host.isDebug();
/** Stays of several lines, as a stack is. */
const debug = (text) => host.debug(text.split('\n').map(line).join('\n'));
const notice = (text, at = {}) => annotate('notice', text, at);
const warning = (text, at = {}) => annotate('warning', text, at);
const error = (text, at = {}) => annotate('error', text, at);
/** Prints the reason as an error, and sets the exit code of a failure. */
function setFailed(text) {
    process.exitCode = ExitCode.Failure;
    error(text);
}
/** Lines that the log folds under their title. */
const group = (title, lines) => host.group(line(title), lines.map(line));
const setOutput = (name, value) => host.setOutput(name, redactName(value));
const outputMaxBytes = () => host.outputMaxBytes;
const isWorkflow = () => host.isWorkflow;
const writeSummary = (markdown) => host.writeSummary(markdown);


/***/ }),

/***/ 114:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   CS: () => (/* binding */ prose),
/* harmony export */   Ej: () => (/* binding */ size),
/* harmony export */   Jj: () => (/* binding */ cut),
/* harmony export */   U9: () => (/* binding */ count),
/* harmony export */   g$: () => (/* binding */ printable),
/* harmony export */   p0: () => (/* binding */ duration),
/* harmony export */   qy: () => (/* binding */ html),
/* harmony export */   vm: () => (/* binding */ digits),
/* harmony export */   z6: () => (/* binding */ decodeUri),
/* harmony export */   zD: () => (/* binding */ grouped)
/* harmony export */ });
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


/***/ }),

/***/ 1782:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __nccwpck_require__) => {

/* harmony export */ __nccwpck_require__.d(__webpack_exports__, {
/* harmony export */   L5: () => (/* binding */ retry),
/* harmony export */   WE: () => (/* binding */ explain),
/* harmony export */   dV: () => (/* binding */ AnswerError)
/* harmony export */ });
const ATTEMPTS = 3;
/** An answer that is not read: trying again would not help. */
class AnswerError extends Error {
    name = 'AnswerError';
}
/** Asks again after an answer that another try can change. */
async function retry(ask, signal, pause) {
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
function explain(error) {
    if (statusOf(error) === 401 && !isPage(bodyOf(error)))
        return { cause: 'bad-token', why: 'github-token is not accepted (401)' };
    if (isForbidden(error))
        return { cause: 'forbidden', why: 'the token may not read workflow runs' };
    const status = statusOf(error);
    if ((status === 403 || status === 429) && !isPage(bodyOf(error)))
        return { cause: 'no-answer', why: `GitHub's API accepts no more requests for now (${status})` };
    return { cause: 'no-answer', why: `GitHub's API does not answer (${reasonOf(error)})` };
}
/** A 403 can also mean too many requests, also without a header that says so. GitHub answers 404 for a repository that the
 *  token may not see. What stands between answers with a page. */
function isForbidden(error) {
    const status = statusOf(error);
    const headers = error.response?.headers ?? {};
    const isLimited = headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined;
    const body = bodyOf(error);
    if (isPage(body))
        return false;
    const { message = body } = Object(body);
    return status === 404 || (status === 403 && !isLimited && !/rate limit|abuse/i.test(String(message)));
}
/** @returns a parsed document, or the text of an answer that is not JSON */
function bodyOf(error) {
    return Object(error.response).data;
}
function isPage(body) {
    return typeof body === 'string' && /^\s*</.test(body);
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
/******/ var __webpack_exports__ = __nccwpck_require__(5210);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ var __webpack_exports__run = __webpack_exports__.e;
/******/ export { __webpack_exports__run as run };
/******/ 
