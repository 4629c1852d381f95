/** JSON that is refused, because it would take far more memory and time than its length suggests. */
export declare class JsonLimitError extends Error {
    name: string;
}
/** JSON.parse for a text that somebody else wrote.
 *  @throws SyntaxError, which does not quote the text as that of JSON.parse does; JsonLimitError */
export declare function parseJson(text: string, revive?: (key: string, value: unknown) => unknown): unknown;
/** Counts values by their commas and brackets. What is no JSON is for the parser to say.
 *  @throws JsonLimitError */
export declare function checkJson(text: string): void;
