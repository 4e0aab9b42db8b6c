import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { loadSettings, settingDefinitions } from '@ghostpost/infrastructure/config'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { schemaProblem, unknownFields, type Manifest } from '../../src/deploy/check-manifests.ts'

const repository = join(import.meta.dirname, '../../../..')
const folder = join(repository, 'deploy/kubernetes')
const paths = globSync('**/*.yaml', { cwd: folder }).toSorted()
const read = (path: string): string => readFileSync(join(folder, path), 'utf8')
const manifestsIn = (path: string): Manifest[] =>
  parseAllDocuments(read(path), { merge: true }).map((document) => document.toJS() as Manifest)
const manifests = paths.filter((path) => !path.endsWith('kustomization.yaml')).flatMap(manifestsIn)
const named = new Map(manifests.map((one) => [`${one.kind} ${one.metadata.name}`, one]))

interface PodSpec {
  automountServiceAccountToken: boolean
  terminationGracePeriodSeconds?: number
  securityContext: Record<string, unknown>
  containers: {
    args: string[]
    env?: { name: string; value: string }[]
    envFrom?: { configMapRef: { name: string } }[]
    securityContext: Record<string, unknown>
    resources: { requests: object; limits: object }
    volumeMounts: { name: string; mountPath: string; readOnly: boolean }[]
    ports?: { name: string; containerPort: number }[]
  }[]
  volumes: { name: string; secret: { secretName: string } }[]
}
const podOf = ({ spec }: Manifest): PodSpec => (spec as { template: { spec: PodSpec } }).template.spec
const workloads = manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'Job')

test.each([...named.values()].map((one): [string, Manifest] => [`${one.kind} ${one.metadata.name}`, one]))(
  '%s matches its schema',
  async (_name, manifest) => expect(await schemaProblem(manifest)).toBeNull(),
)

test('no manifest has an unknown field', () => {
  expect(unknownFields(manifests)).toEqual([])
})

test('the checks find a misspelt field and a wrong value', async () => {
  const service = named.get('Service ghostpost-api') as Manifest
  const misspelt = { ...service, spec: { ...(service['spec'] as object), selektor: {} } }
  expect(unknownFields([misspelt])).toEqual([expect.stringMatching(/selektor.* does not exist/)])
  const wrong = { ...service, spec: { ...(service['spec'] as object), type: 'Sometimes' } }
  expect(await schemaProblem(wrong)).toContain('spec/type')
})

describe.each(paths.filter((path) => path.endsWith('kustomization.yaml')))('%s', (path) => {
  const { resources, images = [] } = parse(read(path)) as {
    resources: string[]
    images?: { name: string; newTag: string }[]
  }

  test('lists exactly the files of its folder', () => {
    const here = dirname(path)
    expect(resources.filter((one) => !existsSync(join(folder, here, one)))).toEqual([])
    const beside = globSync('*.yaml', { cwd: join(folder, here) }).filter(
      (one) => one !== 'kustomization.yaml',
    )
    expect(resources.filter((one) => one.endsWith('.yaml')).toSorted()).toEqual(beside.toSorted())
  })

  test('runs this release', () => {
    const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
      version: string
    }
    for (const image of images) expect(image).toMatchObject({ name: 'ghostpost', newTag: version })
  })
})

describe.each(workloads.map((one): [string, Manifest] => [one.metadata.name, one]))(
  '%s',
  (_name, manifest) => {
    const pod = podOf(manifest)

    test('runs as the image’s user, without privileges and with resource limits', () => {
      expect(pod.automountServiceAccountToken).toBe(false)
      const [, user] = /^USER (\d+):\d+$/m.exec(readFileSync(join(repository, 'Dockerfile'), 'utf8')) ?? []
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: Number(user) })
      for (const container of pod.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
        expect(container.resources).toMatchObject({
          requests: { memory: expect.any(String) },
          limits: { memory: expect.any(String) },
        })
      }
    })

    test('runs an existing program', () => {
      const args = pod.containers[0]?.args ?? []
      expect(args[0]).toBe('node')
      expect(existsSync(join(repository, args[1] ?? ''))).toBe(true)
    })

    test('has only known settings, and reads only mounted secrets', () => {
      const [container] = pod.containers
      const given = environmentOf(container)
      const mounted = Object.keys(
        (named.get('Secret ghostpost') as { stringData?: object } | undefined)?.stringData ?? {},
      )
      expect(mounted).toEqual(['database-url', 'queue-url', 'secret-keys'])
      const inFiles = Object.entries(given).filter(([name]) => name.endsWith('_FILE'))
      expect(container?.volumeMounts).toMatchObject([{ mountPath: '/run/secrets/ghostpost', readOnly: true }])
      expect(
        inFiles
          .map(([, path]) => path)
          .filter((path) => !mounted.includes(path.replace('/run/secrets/ghostpost/', ''))),
      ).toEqual([])
      const plain = Object.fromEntries(Object.entries(given).filter(([name]) => !name.endsWith('_FILE')))
      expect(Object.keys(plain).filter((name) => settingDefinitions[name as never] === undefined)).toEqual([])
      const keys = `k:${Buffer.alloc(32).toString('base64')}`
      const least = {
        DATABASE_URL: 'postgresql://db/x',
        QUEUE_URL: 'redis://redis',
        GHOSTPOST_SECRET_KEYS: keys,
      }
      expect(() => loadSettings({ ...plain, ...least })).not.toThrow()
    })
  },
)

function environmentOf(container: PodSpec['containers'][number] | undefined): Record<string, string> {
  const maps = (container?.envFrom ?? []).map(
    ({ configMapRef }) => named.get(`ConfigMap ${configMapRef.name}`) as Manifest,
  )
  const own = (container?.env ?? []).map(({ name, value }) => [name, value] as const)
  return Object.assign(
    {},
    ...maps.map(({ data }) => data as Record<string, string>),
    Object.fromEntries(own),
  ) as Record<string, string>
}

test.each(['api', 'worker'])('%s loses at most one pod at a time, which has time to stop', (app) => {
  const deployment = named.get(`Deployment ghostpost-${app}`) as Manifest
  const budget = named.get(`PodDisruptionBudget ghostpost-${app}`) as Manifest
  expect(budget['spec']).toMatchObject({
    maxUnavailable: 1,
    selector: (deployment['spec'] as { selector: object }).selector,
  })
  expect(deployment['spec']).toMatchObject({ strategy: { rollingUpdate: { maxUnavailable: 0 } } })
  const { GHOSTPOST_STOP_TIMEOUT_MS } = loadSettings({
    DATABASE_URL: 'postgresql://db/x',
    QUEUE_URL: 'redis://redis',
  })
  expect((podOf(deployment).terminationGracePeriodSeconds ?? 0) * 1_000).toBeGreaterThan(
    GHOSTPOST_STOP_TIMEOUT_MS + 5_000,
  )
})

test.each([
  [
    'api',
    'http',
    settingDefinitions.GHOSTPOST_PORT.default,
    settingDefinitions.GHOSTPOST_METRICS_PORT.default,
  ],
  ['worker', 'metrics', undefined, settingDefinitions.GHOSTPOST_WORKER_PORT.default],
])(
  '%s has its probes and its scrape annotation at the ports on which it listens',
  (app, probed, http, metrics) => {
    const deployment = named.get(`Deployment ghostpost-${app}`) as Manifest
    const [container] = podOf(deployment).containers
    expect(container?.ports).toEqual([
      ...(http === undefined ? [] : [{ name: 'http', containerPort: http }]),
      { name: 'metrics', containerPort: metrics },
    ])
    expect(container).toMatchObject({
      startupProbe: { httpGet: { path: '/healthz', port: probed } },
      livenessProbe: { httpGet: { path: '/healthz', port: probed } },
      readinessProbe: { httpGet: { path: '/readyz', port: probed } },
    })
    const { template } = deployment['spec'] as {
      template: { metadata: { annotations: Record<string, string> } }
    }
    expect(template.metadata.annotations['prometheus.io/port']).toBe(String(metrics))
  },
)

test('the service targets the API', () => {
  expect(named.get('Service ghostpost-api')?.['spec']).toMatchObject({ ports: [{ targetPort: 'http' }] })
})

test('the workers are scaled by the age of the queue', () => {
  expect(named.get('ScaledObject ghostpost-worker')?.['spec']).toMatchObject({
    scaleTargetRef: { name: 'ghostpost-worker' },
    triggers: [{ type: 'prometheus', metadata: { query: 'max(ghostpost_queue_oldest_due_seconds)' } }],
  })
})

test('the network policy allows no connection to private addresses', () => {
  const { egress } = (named.get('NetworkPolicy ghostpost') as Manifest)['spec'] as {
    egress: { to: { ipBlock?: { cidr: string; except?: string[] } }[]; ports?: object[] }[]
  }
  const open = egress.filter(({ ports }) => ports === undefined).flatMap(({ to }) => to)
  expect(open.map(({ ipBlock }) => ipBlock?.cidr)).toEqual(['0.0.0.0/0', '::/0'])
  for (const range of ['10.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'])
    expect(open[0]?.ipBlock?.except).toContain(range)
})
