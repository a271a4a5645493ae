import { GroupServiceAccount, type MeshVmGroupProps } from 'meshvm';
import { ADMIN, Impersonator, tokenRequest } from './bootstrap-access-fixtures';
import { eventually, type JsonObject, type KubernetesObject, waitUntil } from './harness';
import type { Computer } from './machines/computer';
import { World } from './machines/world';

/**
 * docs/security.md, "A machine was stolen": what the thief has is all that a machine of the group keeps, the token included, and his machine
 * stands in the group's network. What he has not is the machine's credential of the cloud, which ends there.
 */

const OLD = 'spiffe://cluster.local/ns/payments/sa/payment-service';
const NEW = 'spiffe://cluster.local/ns/payments/sa/payment-service-2';
/** The one line of the program. */
const REPLACED: Partial<MeshVmGroupProps> = {
  serviceAccount: GroupServiceAccount.create('payment-service-2'),
  revokedServiceAccounts: ['payment-service'],
};
const TAKEN = ['/etc/certs', '/var/run/secrets/tokens', '/var/lib/istio/config/mesh', '/var/lib/istio/envoy'];

let world: World;
let stayed: Computer;
let thief: Computer;
let pod: Computer;
let stolenToken: string;

beforeAll(async () => {
  world = await World.start();
  await world.requireMutualTlsIn('istio-system');
  stayed = await world.machine('vm-1');
  const victim = await world.machine('vm-2');
  thief = await world.machine('thief', { boot: 'false' });
  await Promise.all([stayed.boot(), victim.boot(), thief.boot()]);
  pod = (await world.startPod()).computer;
  for (const machine of [stayed, victim]) await healthy(machine);
  stolenToken = await victim.output('cat /var/run/secrets/tokens/istio-token');
  const loot = await victim.output(`tar -C / -cz ${TAKEN.map((path) => path.slice(1)).join(' ')} | base64 -w0`);
  const hosts = await victim.output('grep istiod /etc/hosts');
  await victim.cutPower();
  await thief.run(`
    mkdir -p /var/lib/istio/proxy /var/log/istio /etc/certs
    [ -e /etc/istio ] || ln -s /var/lib/istio /etc/istio
    echo ${loot} | base64 -d | tar -C / -xz
    chown -R istio-proxy /var/lib/istio/proxy /var/log/istio /var/run/secrets
    sed -i "s/${victim.address}/${thief.address}/g; s/vm-2/thief/g" /var/lib/istio/envoy/cluster.env
    echo '${hosts}' >>/etc/hosts
    cp -r /etc/certs /run/loot`);
});

afterAll(async () => {
  await world?.stop();
});

test('before anything is done, whoever has the key pair calls in the name of the group', async () => {
  await eventually(['200', '200'], () => thiefCalls());
  expect(await callOf(stayed)).toBe(OLD);
});

test('and the token makes him a machine of the group', async () => {
  await thief.run('rm -f /etc/certs/key.pem /etc/certs/cert-chain.pem');
  await startSidecar();
  await thief.process.waitUntil('it is registered', () => world.entryOf(thief), { details: thiefLog });
  await stopSidecar();
  await waitUntil('its entry is gone', async () => (await world.entryOf(thief)) === undefined, { timeoutSeconds: 60 });
});

test('he takes the address of a sibling out of the mesh, whose agent brings it back', async () => {
  const connectedAt = async () => (await world.entryOf(stayed))?.metadata.annotations?.['istio.io/connectedAt'];
  const before = await connectedAt();
  await thief.run(`sed -i 's/${thief.address}/${stayed.address}/g' /var/lib/istio/envoy/cluster.env`);
  await startSidecar();
  await thief.process.waitUntil(
    'istiod takes it for the sibling',
    async () => {
      const since = await connectedAt();
      return since !== before && since !== undefined;
    },
    { timeoutSeconds: 60, details: thiefLog },
  );
  await stopSidecar();
  // istiod notes at once that whoever has the entry is gone. One that stays healthy is the sibling's own: it may have come back before.
  let since = Number.POSITIVE_INFINITY;
  await stayed.process.waitUntil(
    'it is back, and stays',
    async () => {
      if ((await world.healthySince(stayed)) === undefined) since = Number.POSITIVE_INFINITY;
      else since = Math.min(since, Date.now());
      return Date.now() - since > 5000;
    },
    { timeoutSeconds: 120 },
  );
  await thief.run(`sed -i 's/${stayed.address}/${thief.address}/g' /var/lib/istio/envoy/cluster.env`);
});

describe('the ServiceAccount of the group is replaced', () => {
  beforeAll(async () => {
    await world.apply(REPLACED);
    // What applies the manifests prunes what is no longer among them.
    await world.controlPlane.client.delete({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'payment-service', namespace: 'payments' },
    } as KubernetesObject);
  });

  test('nobody takes the calls of the old identity any more', async () => {
    await eventually(['403', '403'], () => thiefCalls());
  });

  test('running machines follow: they call and are called by the new one', async () => {
    await stayed.process.waitUntil(
      'its entry is the new one',
      async () => {
        const spec = (await world.entryOf(stayed))?.spec as JsonObject | undefined;
        return spec?.serviceAccount === 'payment-service-2' && (await world.healthySince(stayed)) !== undefined;
      },
      { timeoutSeconds: 90 },
    );
    await eventually(NEW, () => callOf(stayed));
    const { clusterIP, ports } = await world.service('payment-service', 'payments');
    await eventually('200', () =>
      status(pod, `http://${clusterIP}:${ports[0].port}/`, '-H "Host: payment-service.payments"'),
    );
    expect(await thiefCalls()).toEqual(['403', '403']);
  });

  test('new machines join with it', async () => {
    const late = await world.machine('late');
    await late.boot();
    await healthy(late);
    expect(await callOf(late)).toBe(NEW);
    await late.switchOff();
  });

  test('the stolen token is none any more', async () => {
    const review = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      spec: { token: stolenToken, audiences: ['istio-ca'] },
    };
    const path = '/apis/authentication.k8s.io/v1/tokenreviews';
    const { body } = await new Impersonator(world.controlPlane.apiServer).call(ADMIN, 'POST', path, review);
    expect((body.status as JsonObject).authenticated).not.toBe(true);
  });

  test("the machines' rights are for the new ServiceAccount alone", async () => {
    const machines = { user: 'payments@acme.iam.gserviceaccount.com', groups: [] };
    const tokenOf = async (name: string) => {
      const path = `/api/v1/namespaces/payments/serviceaccounts/${name}/token`;
      return (await new Impersonator(world.controlPlane.apiServer).call(machines, 'POST', path, tokenRequest())).status;
    };
    expect([await tokenOf('payment-service'), await tokenOf('payment-service-2')]).toEqual([403, 201]);
  });

  test('with the token alone the thief gets no certificate', async () => {
    await thief.run('rm -f /etc/certs/key.pem /etc/certs/cert-chain.pem');
    await startSidecar();
    await waitUntil('it is refused', async () => /authentication failure|Unauthenticated/i.test(await thiefLog()), {
      details: thiefLog,
    });
    expect(await world.entryOf(thief)).toBeUndefined();
    expect((await thief.run('test -e /etc/certs/cert-chain.pem', true)).exitCode).toBe(1);
    await stopSidecar();
  });

  test('istiod renews the stolen key pair by itself, but he does not register with it, and is refused all the same', async () => {
    await thief.run('cp /run/loot/* /etc/certs/; chown -R istio-proxy /etc/certs; rm -rf /var/run/secrets/tokens');
    const serial = 'openssl x509 -noout -serial -in /etc/certs/cert-chain.pem';
    const before = await thief.output(serial);
    await startSidecar();
    // This is why the end of the ServiceAccount is not enough.
    await waitUntil('it has a new certificate', async () => (await thief.output(serial)) !== before, {
      details: thiefLog,
    });
    expect(await thief.output('openssl x509 -noout -ext subjectAltName -in /etc/certs/cert-chain.pem')).toContain(OLD);
    await waitUntil(
      'istiod refuses the registration',
      async () => (await thiefLog()).includes('service account mismatch'),
      { details: thiefLog },
    );
    expect(await world.entryOf(thief)).toBeUndefined();
    await thief.run('cp /etc/certs/* /run/loot/');
    await stopSidecar();
    expect(await thiefCalls()).toEqual(['403', '403']);
  });
});

/** The statuses that the thief's key pair gets from a pod and from a machine, with no proxy that would say who it is not. */
async function thiefCalls(): Promise<readonly string[]> {
  const pair = '-k --cert /run/loot/cert-chain.pem --key /run/loot/key.pem';
  return [
    await status(thief, `https://${pod.address}:8080/`, pair),
    await status(thief, `https://${stayed.address}:8080/`, pair),
  ];
}

async function status(from: Computer, url: string, options = ''): Promise<string> {
  return (await from.run(`curl -s -o /dev/null -w '%{http_code}' -m 5 ${options} ${url}`, true)).stdout.trim();
}

/** As whom a machine calls the pod. */
async function callOf(machine: Computer): Promise<string | undefined> {
  const { stdout } = await machine.run('curl -s -m 5 http://ledger.ledger.svc.cluster.local/', true);
  return /URI=([^;,"]+)/.exec(stdout)?.[1];
}

async function startSidecar(): Promise<void> {
  await thief.run('setsid istio-start.sh >/run/thief.log 2>&1 </dev/null &');
}

async function stopSidecar(): Promise<void> {
  await thief.run('pkill -KILL -u istio-proxy; istio-start.sh clean >/dev/null 2>&1; pkill -KILL -u istio-proxy', true);
}

async function thiefLog(): Promise<string> {
  return (await thief.run('cat /run/thief.log /var/log/istio/* 2>/dev/null', true)).stdout.slice(-6000);
}

function healthy(machine: Computer): Promise<string> {
  return machine.process.waitUntil(`${machine.name} is healthy`, () => world.healthySince(machine), {
    timeoutSeconds: 90,
  });
}
