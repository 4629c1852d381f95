import { ImgixError } from '../imgix/errors.ts'
import type { Inputs } from '../inputs/inputs.ts'
import { isInShard } from '../inputs/shard.ts'
import type { Selection } from '../select/select.ts'
import { compareWithList, type Listing, type ListingSettings, type LocalFile } from './listing.ts'
import { noSource, type SourceApi } from './source.ts'

/** The Source's assets could not be listed, so no file is known to be unchanged. */
export type Unlisted = { readonly because: ImgixError }

/**
 * Compares the files of a run with the Source's assets.
 * @throws ImgixError, InputError if there is no such Source
 */
export async function compareWithSource(
  api: SourceApi,
  { changes, files }: Pick<Selection, 'changes' | 'files'>,
  { inputs, ...settings }: Omit<ListingSettings, 'isOurs'> & { inputs: Inputs },
): Promise<Listing | Unlisted> {
  const { rootPath } = changes
  const { prefix, shard } = inputs
  const local = [...files].flatMap(([path, file]): LocalFile[] =>
    'problem' in file ? [] : [{ originPath: prefix + path.slice(rootPath.length), ...file }],
  )
  const isOurs = (originPath: string): boolean => {
    const path = originPath.slice(prefix.length)
    if (!originPath.startsWith(prefix) || files.has(rootPath + path)) return false // the file exists, but can't be uploaded
    return inputs.files(path) && isInShard(rootPath + path, shard)
  }
  try {
    return await compareWithList(api, local, { ...settings, isOurs })
  } catch (error) {
    if (!(error instanceof ImgixError)) throw error
    if (error.status === 404) throw noSource(api.sourceId, error)
    if (error.status === 403) return { because: error }
    throw error
  }
}
