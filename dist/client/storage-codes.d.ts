import { ImgixError } from './errors.js';
/** Whether the storage itself says that another try can help. */
export declare function isPassing({ details }: ImgixError): boolean;
/** The URL was good for a while, and is no more. S3 and Azure call it 403, Google's storage and R2 400. */
export declare function isExpired(error: unknown): boolean;
