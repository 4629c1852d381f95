import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DEPLOYMENT, UPLOAD_CREDENTIALS } from '../../src/configure-source/attributes.ts'
import { parseConfiguration } from '../../src/configure-source/configuration.ts'
import { createResolve } from '../../src/configure-source/variables.ts'
import { SOURCE_UPDATABLE } from '../../src/imgix/sources.ts'
import { TextFileError } from '../../src/inputs/text-file.ts'
import { expectSameVerdict } from '../helpers/schema.ts'

const variables: Record<string, string> = {
  SECRET: 'env-secret',
  KEY: 'AKIAENV',
  URL: 'https://user:pass@origin.example/',
  EMPTY: '',
  LINES: 'one\ntwo',
  API: 'ak_key',
  YAML: '{a: *b}',
}

function parse(text: string, { mayCreate = false, mayBeEmpty = false } = {}) {
  const hidden: string[] = []
  const hide = (secret: string): void => void hidden.push(secret)
  const readVariable = (name: string): string | undefined => variables[name]
  const resolve = createResolve({ readVariable, apiKey: 'ak_key', dryRun: mayBeEmpty }, hide)
  const configuration = parseConfiguration(text, { file: 's.yml', mayCreate, resolve })
  expectSameVerdict('source', text, [])
  return { hidden, ...configuration }
}

function problemsOf(text: string, options: Parameters<typeof parse>[1] = {}): string[] {
  try {
    parse(text, options)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(TextFileError)
    const problems = (error as TextFileError).message.split('\n').map((line) => line.replace('s.yml:', ''))
    expectSameVerdict('source', text, problems)
    return problems
  }
}

const S3 = 'type: s3, imgix_subdomains: [a], s3_bucket: b, s3_access_key: AKIA, s3_secret_key: "${SECRET}"'
const web = (more: string): string => `deployment: { type: webproxy, imgix_subdomains: [a], ${more} }`

test.each<[string, string, object]>([
  ['a name alone', 'name: Assets', { name: 'Assets' }],
  ['not enabled', 'enabled: false', { enabled: false }],
  ['CRLF and a BOM', '\uFEFFname: x\r\nenabled: true\r\n', { name: 'x', enabled: true }],
  [
    'a deployment with what every Source has',
    `deployment:
  type: webproxy
  imgix_subdomains: [a, b-1]
  annotation: "by hand: yes"
  cache_ttl_behavior: enforce_minimum
  cache_ttl_error: 1
  cache_ttl_value: 31536000
  crossdomain_xml_enabled: true
  custom_domains: [img.example.com]
  default_params: { auto: "format,compress", w: 100, dpr: 1.5, lossless: true }
  image_error: https://example.com/e.png?x=1
  image_error_append_qs: false
  image_missing: null
  image_missing_append_qs: true
  secure_url_enabled: true`,
    {
      deployment: {
        type: 'webproxy',
        imgix_subdomains: ['a', 'b-1'],
        annotation: 'by hand: yes',
        cache_ttl_behavior: 'enforce_minimum',
        cache_ttl_error: 1,
        cache_ttl_value: 31_536_000,
        crossdomain_xml_enabled: true,
        custom_domains: ['img.example.com'],
        default_params: { auto: 'format,compress', w: '100', dpr: '1.5', lossless: 'true' },
        image_error: 'https://example.com/e.png?x=1',
        image_error_append_qs: false,
        image_missing: null,
        image_missing_append_qs: true,
        secure_url_enabled: true,
      },
    },
  ],
  [
    'gcs, and nothing to start its paths with',
    'deployment: { type: gcs, imgix_subdomains: [a], gcs_bucket: b, gcs_access_key: "${KEY}", gcs_secret_key: "${SECRET}", gcs_prefix: ~ }',
    {
      deployment: {
        type: 'gcs',
        imgix_subdomains: ['a'],
        gcs_bucket: 'b',
        gcs_access_key: 'AKIAENV',
        gcs_secret_key: 'env-secret',
        gcs_prefix: null,
      },
      secrets: new Set(['deployment.gcs_access_key', 'deployment.gcs_secret_key']),
    },
  ],
  [
    'azure',
    'deployment: { type: azure, imgix_subdomains: [a], azure_account: x, azure_bucket: b, azure_sas_string: "${SECRET}", azure_service_type: file }',
    {
      deployment: {
        type: 'azure',
        imgix_subdomains: ['a'],
        azure_account: 'x',
        azure_bucket: 'b',
        azure_sas_string: 'env-secret',
        azure_service_type: 'file',
      },
      secrets: new Set(['deployment.azure_sas_string']),
    },
  ],
  [
    'a web folder with a password, which is a variable',
    'deployment: { type: webfolder, imgix_subdomains: [a], webfolder_base_url: "${URL}" }',
    {
      deployment: { type: 'webfolder', imgix_subdomains: ['a'], webfolder_base_url: variables.URL },
      secrets: new Set(['deployment.webfolder_base_url']),
    },
  ],
  [
    'upload credentials, by an alias too',
    'upload_credentials: { type: s3, s3_access_key: &k "${KEY}", s3_secret_key: *k }',
    {
      upload_credentials: { type: 's3', s3_access_key: 'AKIAENV', s3_secret_key: 'AKIAENV' },
      secrets: new Set(['upload_credentials.s3_access_key', 'upload_credentials.s3_secret_key']),
    },
  ],
  [
    'a value that looks like YAML stays a text',
    'upload_credentials: { type: azure, azure_sas_string: "${SAS}" }',
    {
      upload_credentials: { type: 'azure', azure_sas_string: '{"a":[*b,&c]}' },
      secrets: new Set(['upload_credentials.azure_sas_string']),
    },
  ],
])('%s', (_, text, expected) => {
  variables.SAS = '{"a":[*b,&c]}'
  const { hidden, ...configuration } = parse(text)
  expect(configuration).toEqual({ secrets: new Set(), ...expected })
  expect(new Set(hidden)).toEqual(new Set(hiddenOf(configuration)))
})

/** What came from a variable. */
function hiddenOf({ secrets, ...objects }: ReturnType<typeof parseConfiguration>): unknown[] {
  return [...secrets].map((path) => {
    const [object = '', name = ''] = path.split('.')
    const values = object === 'deployment' ? objects.deployment : objects.upload_credentials
    return values?.[name]
  })
}

test.each<[string, string, string[]]>([
  ['an empty file', '', ['1:1: the file is empty; it takes name, enabled, deployment and upload_credentials']],
  ['comments alone', '# x\n', ['1:1: the file is empty; it takes name, enabled, deployment and upload_credentials']],
  [
    'a list',
    '- a',
    ['1:1: the file is a list; allowed is a map with name, enabled, deployment and upload_credentials'],
  ],
  [
    'a text',
    'x',
    ["1:1: the file is the text 'x'; allowed is a map with name, enabled, deployment and upload_credentials"],
  ],
  ['two documents', 'name: a\n---\nname: b', ['2:1: a second document; allowed is one']],
  ['a tab', 'deployment:\n\ttype: s3', ['2:1: Tabs are not allowed as indentation']],
  ['a key twice', 'name: a\nenabled: true\nname: b', ["3:1: 'name' is there twice"]],
  ['a tag', 'name: !x a', ['1:7: tags are not known here; a text that starts with ! must be in quotes']],
  [
    'a merge key',
    'a: &a { name: x }\n<<: *a',
    [
      "1:1: 'a' is not known; allowed are name, enabled, deployment, upload_credentials",
      '2:1: merge keys (<<) are not known here',
    ],
  ],
  ['an unknown key', 'nmae: x', ["1:1: 'nmae' is not known; did you mean name?"]],
  [
    'a key that is like none',
    'other: x',
    ["1:1: 'other' is not known; allowed are name, enabled, deployment, upload_credentials"],
  ],
  [
    'an attribute of the deployment at the top',
    's3_bucket: b',
    ["1:1: 's3_bucket' is an attribute of deployment; put it there"],
  ],
  [
    'the name in the deployment',
    web('name: x'),
    ["1:54: 'deployment.name' is not an attribute of deployment; put it at the top of the file"],
  ],
  [
    'what imgix says of a Source',
    `id: x\nsecure_url_token: y\n${web('allows_upload: true')}`,
    [
      "1:1: 'id' is set by imgix and can't be set here",
      "2:1: 'secure_url_token' is set by imgix and can't be set here",
      "3:54: 'deployment.allows_upload' is set by imgix and can't be set here",
    ],
  ],
  [
    'a key of Object.prototype',
    web('constructor: x, toString: y'),
    [
      expect.stringMatching(/^1:54: 'deployment.constructor' is not known; allowed are /) as unknown as string,
      expect.stringMatching(/^1:70: 'deployment.toString' is not known; allowed are /) as unknown as string,
    ],
  ],
  [
    'a near miss of a deployment',
    web('cache-ttl-error: 1, custom_domain: [a.b]'),
    [
      "1:54: 'deployment.cache-ttl-error' is not known; did you mean deployment.cache_ttl_error?",
      "1:74: 'deployment.custom_domain' is not known; did you mean deployment.custom_domains?",
    ],
  ],
  [
    'types',
    'name: 3\nenabled: "true"\ndeployment: s3\nupload_credentials: []',
    [
      "1:7: name is the number '3'; allowed is a text of one line (put it in quotes)",
      "2:10: enabled is the text 'true'; allowed is true or false",
      "3:13: deployment is the text 's3'; allowed is a map from attributes to values",
      '4:21: upload_credentials is an empty list; allowed is a map from attributes to values',
    ],
  ],
  [
    'nothing',
    'name:\nenabled: ~\ndeployment:\n',
    [
      '1:6: name is without a value; allowed is a text of one line',
      '2:10: enabled is null; allowed is true or false',
      '3:12: deployment is without a value; allowed is a map from attributes to values',
    ],
  ],
  ['a name of several lines', 'name: "a\\nb"', ["1:7: name is the text 'a b'; allowed is a text of one line"]],
  [
    'a TTL out of range',
    web('cache_ttl_error: 0, cache_ttl_value: 31536001'),
    [
      "1:71: deployment.cache_ttl_error is the number '0'; allowed is a whole number of seconds from 1 to 31536000",
      "1:91: deployment.cache_ttl_value is the number '31536001'; allowed is a whole number of seconds from 1 to 31536000",
    ],
  ],
  [
    'a TTL that is none',
    web('cache_ttl_error: 1.5, cache_ttl_value: "60"'),
    [
      "1:71: deployment.cache_ttl_error is the number '1.5'; allowed is a whole number of seconds from 1 to 31536000",
      "1:93: deployment.cache_ttl_value is the text '60'; allowed is a whole number of seconds from 1 to 31536000",
    ],
  ],
  [
    'words',
    web('cache_ttl_behavior: respect'),
    [
      "1:74: deployment.cache_ttl_behavior is the text 'respect'; allowed is respect_origin, override_origin or enforce_minimum",
    ],
  ],
  [
    'a type that the reference does not have',
    'deployment: { type: s3_compatible, imgix_subdomains: [a] }',
    ["1:21: deployment.type is the text 's3_compatible'; allowed is azure, gcs, s3, webfolder or webproxy"],
  ],
  [
    'subdomains',
    'deployment: { type: webproxy, imgix_subdomains: [A, a.imgix.net, -a, 7, a, a] }',
    [
      ...['A', 'a.imgix.net', '-a'].map(
        (text, index) =>
          `1:${[50, 53, 66][index]}: an item of deployment.imgix_subdomains is the text '${text}'; allowed is the part of a host name before .imgix.net, in lower case, such as assets`,
      ),
      "1:70: an item of deployment.imgix_subdomains is the number '7'; allowed is the part of a host name before .imgix.net, in lower case, such as assets",
      "1:76: 'a' is in deployment.imgix_subdomains twice",
    ],
  ],
  [
    'no subdomain',
    'deployment: { type: webproxy, imgix_subdomains: [] }',
    [
      '1:49: deployment.imgix_subdomains is an empty list; allowed is at least one: the part of a host name before .imgix.net, in lower case, such as assets',
    ],
  ],
  [
    'domains',
    web('custom_domains: [localhost, x.imgix.net, "https://a.b"]'),
    [
      ...['localhost', 'x.imgix.net', 'https://a.b'].map(
        (text, index) =>
          `1:${[71, 82, 95][index]}: an item of deployment.custom_domains is the text '${text}'; allowed is a host name of your own, in lower case, such as images.example.com`,
      ),
    ],
  ],
  [
    'URLs with a user, which is not shown, also where the text is cut before its end',
    web(`image_error: "me:pw@a.test/x", image_missing: "https://me:${'pw'.repeat(40)}@a.test/ x"`),
    [
      "1:67: deployment.image_error is the text '***@a.test/x'; allowed is an absolute URL, such as https://example.com/image.png",
      "1:100: deployment.image_missing is the text '***@a.test/ x'; allowed is an absolute URL, such as https://example.com/image.png",
    ],
  ],
  [
    'URLs',
    web('image_error: /a.png, image_missing: "javascript:x"'),
    [
      "1:67: deployment.image_error is the text '/a.png'; allowed is an absolute URL, such as https://example.com/image.png",
      "1:90: deployment.image_missing is the text 'javascript:x'; allowed is an absolute URL, such as https://example.com/image.png",
    ],
  ],
  [
    'parameters',
    web('default_params: { auto: [a], w: ~, "a b": 1, n: .nan }'),
    [
      ...[78, 86].map(
        (column, index) =>
          `1:${column}: deployment.default_params.${['auto', 'w'][index]} is ${['a list', 'null'][index]}; allowed is a text, a number, true or false; several values are one text: format,compress`,
      ),
      "1:89: 'a b' is not a parameter of imgix; deployment.default_params takes names such as auto or fit",
      "1:102: deployment.default_params.n is the number '.nan'; allowed is a text, a number, true or false; several values are one text: format,compress",
    ],
  ],
  [
    'what a type needs',
    'deployment: { type: s3 }',
    [
      '1:1: deployment lacks imgix_subdomains, s3_access_key, s3_secret_key and s3_bucket, required of type s3: imgix replaces deployment as a whole, and never returns its secrets',
    ],
  ],
  [
    'no type',
    'deployment: { imgix_subdomains: [a], s3_bucket: b }',
    ['1:1: deployment lacks type, required: imgix replaces deployment as a whole, and never returns its secrets'],
  ],
  [
    'an attribute of another type',
    `deployment: { ${S3}, gcs_bucket: b, webfolder_base_url: x }`,
    [
      '1:111: deployment.gcs_bucket is for Sources of type gcs, and this one is of type s3',
      '1:126: deployment.webfolder_base_url is for Sources of type webfolder, and this one is of type s3',
    ],
  ],
  [
    'upload credentials of another type',
    `deployment: { ${S3} }\nupload_credentials: { type: azure, azure_sas_string: "\${SECRET}" }`,
    ['2:1: upload_credentials are of type azure, and the deployment is of type s3; they have to be the same'],
  ],
  [
    'upload credentials for what takes no uploads',
    'upload_credentials: { type: webfolder }',
    ["1:29: upload_credentials.type is the text 'webfolder'; allowed is azure, gcs or s3"],
  ],
  ['an alias of nothing', 'name: *n', ["1:7: the alias '*n' has no value: there is no such anchor before it"]],
])('%s', (_, text, problems) => {
  expect(problemsOf(text)).toEqual(problems)
})

test.each<[string, string, string]>([
  ['is not set', '${NOT_SET}', "the variable NOT_SET is not set; set it in the step's env"],
  [
    'is empty',
    '${EMPTY}',
    "the variable EMPTY is empty; set it in the step's env (in a run from a fork, where secrets are empty, only dry-run works)",
  ],
  [
    'holds lines',
    '${LINES}',
    'the variable LINES has to be one line of printable ASCII without spaces, and without a line break at its end',
  ],
  [
    'has the api-key as its value',
    '${API}',
    'the variable API has the api-key as its value, which is not part of a Source',
  ],
  ...[
    'INPUT_API',
    'GITHUB_TOKEN',
    'actions_runtime_token',
    'RUNNER_TEMP',
    'STATE_x',
    'CI_JOB_TOKEN',
    'System_AccessToken',
  ].map((name): [string, string, string] => [
    `is ${name}`,
    `\${${name}}`,
    `the variable ${name} belongs to the runner; set a variable of another name in the step's env`,
  ]),
  [
    'has a form of its own',
    '${KEY:-x}',
    'a variable has to be the whole text: ${NAME}, with a name of letters, digits and _',
  ],
  ['is a part', 'x${KEY}', 'a variable has to be the whole text: ${NAME}, with a name of letters, digits and _'],
  [
    'is an input',
    '${INPUT_API-KEY}',
    'a variable has to be the whole text: ${NAME}, with a name of letters, digits and _',
  ],
  [
    'is an expression',
    '${{ secrets.X }}',
    "${{ }} is for workflows; set it in the step's env there, and write ${NAME} here",
  ],
])('a variable that %s', (_, text, problem) => {
  variables.GITHUB_TOKEN = 'ghs_token'
  expect(problemsOf(`upload_credentials: { type: azure, azure_sas_string: "${text}" }`)).toEqual([
    `1:54: upload_credentials.azure_sas_string: ${problem}`,
  ])
})

test('a variable where imgix would show it', () => {
  const text = `name: \${SECRET}
deployment:
  type: s3
  imgix_subdomains: [ "\${SECRET}" ]
  s3_bucket: "\${SECRET}"
  s3_access_key: AKIA
  s3_secret_key: \${SECRET}
  annotation: see \${SECRET}
  default_params: { txt: "\${SECRET}" }`
  const notHere = "can't be a variable: ${NAME} is for credentials and for webfolder_base_url"
  expect(problemsOf(text)).toEqual([
    `1:7: name ${notHere}`,
    `4:23: deployment.imgix_subdomains ${notHere}`,
    `5:14: deployment.s3_bucket ${notHere}`,
    `8:15: deployment.annotation ${notHere}`,
    `9:26: deployment.default_params ${notHere}`,
  ])
})

test('a secret that is written as plain text, which no message repeats', () => {
  const text = 'upload_credentials: { type: s3, s3_access_key: AKIA, s3_secret_key: plain }'
  expect(problemsOf(text)).toEqual([
    "1:69: upload_credentials.s3_secret_key is written as plain text; allowed is ${NAME}, a variable in the step's env",
  ])
})

test('a variable for an address that holds none', () => {
  expect(problemsOf('deployment: { type: webfolder, imgix_subdomains: [a], webfolder_base_url: "${SECRET}" }')).toEqual(
    ['1:75: deployment.webfolder_base_url: the value of the variable is not an absolute URL'],
  )
})

test('a variable in braces without quotes', () => {
  expect(problemsOf('\uFEFFupload_credentials: {type: azure, azure_sas_string: ${SECRET}}')).toEqual([
    '1:54: ${NAME} has to be in quotes here',
  ])
})

test("the documentation's file is one", () => {
  const page = readFileSync(new URL('../../docs/source-action.md', import.meta.url), 'utf8')
  const text =
    /^```yml\n(# yaml-language-server:[^\n]*\n# \.github\/imgix-source\.yml\n.*?)^```$/ms.exec(page)?.[1] ?? ''
  for (const [, name = ''] of text.matchAll(/\$\{(\w+)\}/g)) variables[name] = 'env-secret'
  expect(parse(text, { mayCreate: true })).toMatchObject({ name: 'Example assets', deployment: { type: 's3' } })
})

test('a dry run takes empty variables, as a run from a fork has them', () => {
  const text = 'upload_credentials: { type: azure, azure_sas_string: "${EMPTY}" }'
  expect(parse(text, { mayBeEmpty: true }).upload_credentials).toEqual({ type: 'azure', azure_sas_string: '' })
})

test('without source-id a Source may have to be created', () => {
  expect(problemsOf('enabled: true', { mayCreate: true })).toEqual([
    '1:1: the file lacks name and deployment, which a Source needs without source-id',
  ])
})

test('anchors that explode', () => {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
  for (const [name, before] of ['ba', 'cb', 'dc', 'ed', 'fe'].map((pair) => [...pair])) {
    lines.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`)
  }
  expect(problemsOf(lines.join('\n'))).toEqual([
    expect.stringMatching(/^\d+:\d+: more than 100000 values, those that aliases stand for included$/),
  ])
})

test('a parameter is sent as it is written', () => {
  const written = {
    bg: '001122',
    blur: '1e3',
    seed: '12345678901234567890',
    w: '0x10',
    h: '+7',
    dpr: '.5',
    lossless: 'True',
    txt: '007',
  }
  const { txt, ...plain } = written
  const entries = Object.entries(plain).map(([name, value]) => `${name}: ${value}`)
  const parsed = parse(web(`default_params: { ${entries.join(', ')}, txt: "${txt}" }`))
  expect(parsed.deployment?.default_params).toEqual(written)
})

test('more than 100 domains, of both kinds', () => {
  const names = (count: number, end = '') => Array.from({ length: count }, (_, index) => `a${index}${end}`).join(', ')
  const file = (count: number) =>
    `deployment: { type: webproxy, imgix_subdomains: [${names(60)}], custom_domains: [${names(count, '.example.com')}] }`
  expect(problemsOf(file(41))).toEqual([
    '1:1: deployment has 101 domains, imgix_subdomains and custom_domains together; allowed are 100',
  ])
  expect(problemsOf(file(40))).toEqual([])
})

test('a file over 1 MB', () => {
  expect(problemsOf(`name: ${'x'.repeat(1_000_001)}`)).toEqual(['1:1: the file is larger than 1 MB'])
})

test('every attribute that imgix lets one set is known, and no other', () => {
  const { deployment, upload_credentials: credentials } = SOURCE_UPDATABLE
  expect([...Object.keys(DEPLOYMENT), 'allows_upload'].sort()).toEqual(Object.keys(deployment).sort())
  expect(Object.keys(UPLOAD_CREDENTIALS).sort()).toEqual(Object.keys(credentials).sort())
})
