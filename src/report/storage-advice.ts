import type { ImgixError } from '../imgix/errors.ts'
import { isTransient } from '../imgix/http/retry.ts'
import { isExpired, isPassing } from '../imgix/storage-codes.ts'
import { type Advice, AGAIN, again, fix, general, STAYS, TOO_LARGE, times } from './remedies.ts'

const SOON = `${AGAIN} in some minutes`

/** Answers of the storage behind a presigned URL: the Source's bucket, or where imgix keeps reports. */
export function adviseOnStorage(error: ImgixError): Advice {
  return error.method === 'PUT' ? adviseOnPut(error) : adviseOnDownload(error)
}

function adviseOnPut(error: ImgixError): Advice {
  const { status = 0, details, attempts } = error
  if (status >= 300 && status < 400)
    return again(
      'the storage answered with a redirect, which is not followed',
      "check the bucket's region in the Source's settings; a new bucket redirects for some hours, so run the job again later",
    )
  const isBusy = status >= 500 || status === 409 || isTransient(status) || isPassing(error)
  if (isBusy) return general(again(`the storage of the bucket failed ${times(attempts)}`, SOON))
  if (status === 401 || isExpired(error))
    return fix('the storage refuses the upload', "check the upload credentials of the Source, and the runner's clock")
  if (status === 404) return fix('the storage does not find the bucket', "check the bucket in the Source's settings")
  if (status === 413 || details[0]?.title === 'EntityTooLarge')
    return fix('the file is larger than the storage takes', TOO_LARGE)
  return fix('the storage does not accept the file', "check the file, and the bucket in the Source's settings")
}

function adviseOnDownload({ status = 0, attempts }: ImgixError): Advice {
  if (status >= 500 || isTransient(status)) return again(`the storage of the report failed ${times(attempts)}`, SOON)
  if (status < 400) return again('the file did not arrive', `${AGAIN}; if it stays, check the network and the proxy`)
  return again('the storage does not give the file', STAYS)
}
