import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Namespace, Secret, Service, ServiceAccount } from 'kubernetes-models/v1';
import { expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { recordUnread } from '../support/unread-keys.ts';

const folder = join(import.meta.dirname, '../../deploy/kubernetes');
/** By `apiVersion/kind`; each validates by the API's published schema. */
const models = {
  Deployment,
  NetworkPolicy,
  PodDisruptionBudget,
  ConfigMap,
  Namespace,
  Secret,
  Service,
  ServiceAccount,
};
type Kind = keyof typeof models;

// biome-ignore lint/suspicious/noExplicitAny: the schema of each manifest is checked by its model, and looked into by the tests.
type Manifest = any;

const files = readdirSync(folder).filter((file) => file !== 'kustomization.yaml');
const manifests: Manifest[] = files.flatMap((file) =>
  parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => {
    expect(document.errors, file).toEqual([]);
    return document.toJS();
  }),
);
const find = (kind: Kind, name = 'orgql') => {
  const found = manifests.find((each) => each.kind === kind && each.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};
const container = find('Deployment').spec.template.spec.containers[0];

/** Throws for what the schema does not allow; returns the members that it does not have. */
function check(manifest: Manifest): string[] {
  const model = models[manifest.kind as Kind];
  if (manifest.apiVersion !== model.apiVersion) throw new Error(`${manifest.kind} is of ${model.apiVersion}`);
  // Not through the constructor, which looks at everything to copy it.
  const instance: InstanceType<typeof model> = Object.setPrototypeOf({ ...manifest }, model.prototype);
  const { value, unread } = recordUnread(instance);
  value.validate();
  return unread();
}

test.for(manifests.map((manifest) => [manifest.kind, manifest.metadata.name, manifest] as const))(
  '%s %s is valid for the Kubernetes API, without unknown members',
  ([_kind, _name, manifest]) => expect(check(manifest)).toEqual([]),
);

test('the validation finds a misspelled member and a value of the wrong type', () => {
  const misspelt = structuredClone(find('Deployment'));
  misspelt.spec.template.spec.containers[0].readinesProbe = {};
  expect(check(misspelt)).toEqual(['/spec/template/spec/containers/0/readinesProbe']);
  const mistyped = structuredClone(find('Deployment'));
  mistyped.spec.replicas = '2';
  expect(() => check(mistyped)).toThrow('/spec/replicas must be integer');
});

test('kustomize lists exactly the manifests', () => {
  const { resources } = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8'));
  expect([...resources].sort()).toEqual([...files].sort());
});

test('has a Redis and two replicas, one of which stays up during an update or drain', () => {
  const { replicas, strategy } = find('Deployment').spec;
  expect(replicas).toBe(2);
  expect(strategy.rollingUpdate.maxUnavailable).toBe(0);
  expect(find('PodDisruptionBudget').spec.minAvailable).toBe(1);
  const url = new URL(find('Secret').stringData.redisUrl);
  expect(find('Service', url.hostname).spec.ports[0].port).toBe(Number(url.port));
});

test('containers are not root, have a read-only file system and cannot escalate privileges', () => {
  for (const { spec } of manifests.filter(({ kind }) => kind === 'Deployment')) {
    expect(spec.template.spec.securityContext).toMatchObject({ runAsNonRoot: true });
    for (const { securityContext } of spec.template.spec.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  }
});

test('the gateway accepts its configuration, arguments and variables, and probes and ports match them', async () => {
  const config = await loadManifestConfig();
  expect(config).toMatchObject({ host: '0.0.0.0', auth: { type: 'jwt' }, redis: { url: 'redis://orgql-redis:6379' } });
  const ports = Object.fromEntries(container.ports.map(({ name, containerPort }: Manifest) => [name, containerPort]));
  expect(ports).toEqual({ http: config.port, metrics: config.metrics?.port });
  const { metadata, spec } = find('Deployment').spec.template;
  expect(metadata.annotations['prometheus.io/port']).toBe(String(config.metrics?.port));
  const { drainMs, graceMs } = config.shutdown;
  expect(spec.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(drainMs + graceMs + 5_000);
  expect(drainMs).toBeGreaterThanOrEqual(
    container.readinessProbe.periodSeconds * container.readinessProbe.failureThreshold * 1_000,
  );
  expect(container.readinessProbe.httpGet).toEqual({ path: '/ready', port: 'http' });
  expect(container.livenessProbe.httpGet).toEqual({ path: '/health', port: 'http' });
});

test('the memory limit covers Node’s heap, buffered bytes and Node itself', async () => {
  const limit = Number(/^(\d+)Mi$/.exec(container.resources.limits.memory)?.[1]);
  const { total } = (await loadManifestConfig()).limits.bufferedBytes;
  expect(limit / 2 + total / 1_048_576 + 100).toBeLessThan(limit);
});

/** The configuration as the container would load it. */
function loadManifestConfig() {
  const [command, option, path] = container.args;
  expect([command, option]).toEqual(['serve', '--config']);
  const mount = container.volumeMounts.find(({ mountPath }: Manifest) => path.startsWith(`${mountPath}/`));
  const file = path.slice(mount.mountPath.length + 1);
  const work = mkdtempSync(join(tmpdir(), 'orgql-'));
  onTestFinished(() => rmSync(work, { recursive: true }));
  writeFileSync(join(work, file), find('ConfigMap').data[file]);
  const { stringData } = find('Secret');
  const environment = Object.fromEntries(
    container.env.map(({ name, value, valueFrom }: Manifest) => [
      name,
      value ?? stringData[valueFrom.secretKeyRef.key],
    ]),
  );
  return loadConfig({ file: join(work, file), environment });
}
