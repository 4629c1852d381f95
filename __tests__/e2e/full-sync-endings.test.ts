import { describe, expect, test } from 'vitest'
import { ALL, FILES, recordOf, synced } from '../helpers/full-sync.ts'
import { began, gotSource, listed, lookedAt, patched, purged, scenario, uploaded, url } from '../helpers/scenario.ts'

const uploadsIn = (asked: readonly string[]): string[] => asked.filter((line) => /\/upload\/.* -> 200/.test(line))
const noBrowse = { on: { method: 'GET', path: /\/assets$/ }, times: Infinity, do: { answer: { status: 403 } } }

describe('killed', () => {
  test('in the middle of a first sync: the next goes on with the rest', async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`dist/${at}.png`, `file ${at}`]))
    const site = await scenario({
      files,
      inputs: { ...ALL, concurrency: '2', 'rate-limits': 'upload=100/s, purge=200/s, default=200/s' },
    })
    const killed = await site.kill((log) => (log.match(/^::debug::uploaded /gm) ?? []).length >= 20)
    expect([killed.code, killed.signal]).toEqual([null, 'SIGKILL'])
    const recorded = [...site.imgix.assets.values()].filter(({ updatable }) => updatable.custom_fields !== null).length
    expect(recorded).toBeGreaterThan(10)
    expect(recorded).toBeLessThan(60)
    const before = site.imgix.transcript.length
    const run = await site.run()
    expect([run.code, site.stored().length, run.outputs['skipped-count']]).toEqual([0, 60, String(recorded)])
    expect(uploadsIn(site.asked().slice(before))).toHaveLength(60 - recorded)
    for (let at = 0; at < 60; at += 1)
      expect(site.asset(`${at}.png`).custom_fields).toEqual({ 'imgix-sync': recordOf(`file ${at}`) })
  })

  test('between new bytes and their record, and then the file goes back: it is uploaded', async () => {
    const { site, imgix, kill, run, asset } = await synced()
    site.write({ 'dist/a.png': 'two' })
    imgix.fault({ on: { path: /\/purge$/ }, do: { delayMs: 500 } })
    await kill((log) => log.includes('uploaded '))
    expect([String(imgix.objects.get('a.png')?.body), asset('a.png').custom_fields]).toEqual([
      'two',
      { 'imgix-sync': 'uploading' },
    ])
    site.write({ 'dist/a.png': 'one' })
    const { outputs, log } = await run()
    expect([outputs.uploaded, String(imgix.objects.get('a.png')?.body)]).toEqual(['["a.png"]', 'one'])
    expect(log).toContain('/a.png: its last upload or purge did not end')
    expect(asset('a.png').custom_fields).toEqual({ 'imgix-sync': recordOf('one') })
  })

  test('or not, after a purge that failed: the next run uploads and purges that file again', async () => {
    const { site, imgix, run } = await synced()
    site.write({ 'dist/a.png': 'two' })
    imgix.fault({ on: { path: /\/purge$/ }, do: { answer: { status: 400 } } })
    expect((await run()).code).toBe(1)
    const { code, outputs } = await run()
    expect([code, outputs.uploaded, outputs.purged]).toEqual([0, '["a.png"]', `["${url('a.png')}"]`])
  })

  test('by a cancellation: what is stored is recorded, and the next run goes on', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`dist/${at}.png`, `file ${at}`]))
    const site = await scenario({ files, inputs: { ...ALL, 'rate-limits': 'upload=20/s, purge=100/s, default=100/s' } })
    const after = (log: string): boolean => (log.match(/^::debug::uploaded /gm) ?? []).length >= 10
    const cancelled = await site.run({}, { signal: { after, send: 'SIGTERM' } })
    const uploaded = Number(cancelled.outputs['uploaded-count'])
    expect(cancelled.code).toBe(1)
    expect(uploaded).toBeLessThanOrEqual(site.stored().length) // what was on its way may be stored, too
    const second = await site.run()
    expect([second.code, second.outputs['skipped-count'], site.stored().length]).toEqual([0, String(uploaded), 40])
  })

  test('while the assets are listed: nothing was sent', async () => {
    const { imgix, run, stored } = await scenario({ files: FILES, inputs: ALL })
    imgix.fault({ on: { path: /\/assets$/ }, do: { delayMs: 60_000 } })
    const { code, report } = await run(
      {},
      { signal: { after: (log) => log.includes('match the files'), send: 'SIGINT' } },
    )
    expect([code, stored(), report]).toMatchObject([1, [], { cancelled: true }])
  })
})

describe('a key that may not list assets', () => {
  test('a full upload, announced', async () => {
    const { imgix, run, since } = await synced()
    imgix.fault(noBrowse)
    const { code, annotations, outputs } = await run()
    expect([code, outputs['uploaded-count'], uploadsIn(since()).length]).toEqual([0, '2', 2])
    expect(annotations).toEqual([
      {
        level: 'notice',
        properties: {},
        message: expect.stringMatching(
          /^every file is taken, as the Source's assets can't be listed to compare with: api-key: the key lacks the permission Asset Manager Browse \(in newer accounts: Asset Browse\)/,
        ),
      },
    ])
  })

  test('on-unknown-base: fail ends the run before anything is sent', async () => {
    const { imgix, run, since } = await synced()
    imgix.fault(noBrowse)
    const { code, errors } = await run({ 'on-unknown-base': 'fail' })
    expect([code, since()]).toEqual([1, [gotSource, listed(undefined, 403)]])
    expect(errors).toEqual([
      expect.stringMatching(/^on-unknown-base: the Source's assets can't be listed .* Asset Manager Browse/),
    ])
  })

  test('force uploads everything all the same', async () => {
    const { imgix, run } = await synced()
    imgix.fault(noBrowse)
    const { code, outputs } = await run({ 'on-unknown-base': 'fail', force: 'true' })
    expect([code, outputs['uploaded-count']]).toEqual([0, '2'])
  })

  test('a list that fails in another way fails the run', async () => {
    const { imgix, run, since } = await synced()
    imgix.fault({ on: { path: /\/assets$/ }, times: Infinity, do: { answer: { status: 400 } } })
    const { code, errors } = await run()
    expect([code, since().length, errors]).toEqual([
      1,
      2,
      [expect.stringMatching(/^the Source's assets can't be listed: .* \(400 BadRequest/)],
    ])
  })
})

describe('a record that can not be made', () => {
  test('one warning, and the run is green: the next one uploads those again', async () => {
    const { imgix, run, asked, stored } = await scenario({ files: FILES, inputs: ALL })
    imgix.fault({ on: { method: 'PATCH' }, times: Infinity, do: { answer: { status: 400 } } })
    const { code, annotations, outputs } = await run()
    expect([code, stored().length, outputs['failed-count']]).toEqual([0, 2, '0'])
    expect(annotations).toEqual([
      {
        level: 'warning',
        properties: {},
        message: expect.stringMatching(
          /^the bytes of 2 files could not be recorded, so that the next full sync uploads them again: .* \(400 /,
        ),
      },
    ])
    expect(asked().filter((line) => line.startsWith('PATCH'))).toHaveLength(2)
    expect((await run()).log).toContain('0 unchanged, 0 changed, 0 new, 2 without a record of their bytes')
  })

  test('after a 403 no other is tried', async () => {
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`dist/${at}.png`, `${at}`]))
    const { imgix, run, asked } = await scenario({ files, inputs: ALL })
    imgix.fault({ on: { method: 'PATCH' }, times: Infinity, do: { answer: { status: 403 } } })
    const { code, annotations, outputs } = await run({ concurrency: '1' })
    expect([code, outputs['uploaded-count'], annotations.length]).toEqual([0, '50', 1])
    expect(annotations[0]?.message).toMatch(/^the bytes of 50 files could not be recorded, .* Asset Manager Edit/)
    expect(asked().filter((line) => line.startsWith('PATCH')).length).toBeLessThan(10)
  })

  test('by session, an asset that comes late is waited for', async () => {
    const { imgix, run, asked, asset } = await scenario({ files: { 'dist/a.png': 'one' }, inputs: ALL })
    imgix.fault({ on: { method: 'GET', path: /\/assets\/a.png/ }, do: { answer: { status: 404 } } })
    const { code } = await run({ 'upload-via': 'session', purge: 'false' })
    expect([code, asked().slice(-3)]).toEqual([0, [lookedAt('a.png', 404), lookedAt('a.png'), patched('a.png')]])
    expect(asset('a.png').custom_fields).toEqual({ 'imgix-sync': recordOf('one') })
    expect((await run()).outputs).toMatchObject({ uploaded: '[]', skipped: '["a.png"]' })
  })
})

describe('a push in mode changed', () => {
  test('over an asset with a record takes it back, and renews it', async () => {
    const { imgix, push, since, asset, run } = await synced()
    imgix.put('img/b c.png', 'from elsewhere')
    Object.assign(asset('img/b c.png'), { custom_fields: null })
    const { code } = await push({ 'dist/a.png': 'pushed', 'dist/img/b c.png': 'pushed, too' }, { mode: 'changed' })
    expect([code, since().sort()]).toEqual([
      0,
      [
        ...[...began, lookedAt('a.png'), lookedAt('img/b%20c.png'), patched('a.png'), patched('a.png')],
        ...[purged, purged, uploaded('a.png'), uploaded('img/b%20c.png')],
      ].sort(),
    ])
    expect(asset('a.png').custom_fields).toEqual({ 'imgix-sync': recordOf('pushed') })
    expect(asset('img/b c.png').custom_fields).toBeNull()
    expect((await run()).outputs).toMatchObject({ uploaded: '["img/b c.png"]', skipped: '["a.png"]' })
  })

  test('by session renews it, too', async () => {
    const { push, asset, run } = await synced()
    await push({ 'dist/a.png': 'two' }, { mode: 'changed', 'upload-via': 'session' })
    expect(asset('a.png').custom_fields).toEqual({ 'imgix-sync': recordOf('two') })
    expect((await run()).outputs.uploaded).toBe('[]')
  })

  test.each(['direct', 'session'])(
    'that dies before it renews a record: the bytes that come back are uploaded, via %s',
    async (via) => {
      const { imgix, push, site, run } = await synced()
      const before = imgix.requests.length
      imgix.fault({ on: { method: 'PATCH' }, after: 1, do: { hang: true } })
      const dies = new AbortController()
      const patches = (): number => imgix.requests.slice(before).filter(({ method }) => method === 'PATCH').length
      const look = setInterval(() => patches() > 1 && dies.abort(), 10)
      const signal = { on: dies.signal, send: 'SIGKILL' } as const
      const dead = await push(
        { 'dist/a.png': 'two' },
        { mode: 'changed', 'upload-via': via, purge: 'false' },
        { signal },
      )
      clearInterval(look)
      expect([dead.signal, String(imgix.objects.get('a.png')?.body)]).toEqual(['SIGKILL', 'two'])
      site.write({ 'dist/a.png': 'one' })
      expect((await run()).outputs.uploaded).toBe('["a.png"]')
      expect(String(imgix.objects.get('a.png')?.body)).toBe('one')
    },
  )

  test('with a key that may not look renews what an upload shows, and says so', async () => {
    const { imgix, push, asset } = await synced()
    imgix.fault({ on: { method: 'GET', path: /\/assets/ }, times: 9, do: { answer: { status: 403 } } })
    const { code, log } = await push({ 'dist/a.png': 'two' }, { mode: 'changed' })
    expect([code, asset('a.png').custom_fields]).toEqual([0, { 'imgix-sync': recordOf('two') }])
    expect(log).toMatch(/whether full syncs have left records can't be asked, so .*\(403 /)
  })
})
