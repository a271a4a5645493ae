import type { ConfigMapObject } from '../../core/config-map';
import { compact, nonEmpty } from '../../core/kubernetes-object';
import { MachineQueries, type MonitoredMachines, REGISTRATION_ERRORS } from './machine-queries';

/** A dashboard as the builder sees it, every default filled in. */
export interface DashboardSettings {
  readonly title: string;
  readonly machines: readonly MonitoredMachines[];
}

/** Where the dashboard is kept. */
export interface DashboardObjectSettings extends DashboardSettings {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Grafana's model of a dashboard. */
export interface Dashboard {
  readonly title: string;
  readonly panels: readonly Panel[];
  readonly [field: string]: unknown;
}

/** A panel, or the heading of a row. */
interface Panel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string; readonly refId: string }[];
  readonly [field: string]: unknown;
}

/** What a panel shows: expressions by their legends. */
interface Graph {
  readonly title: string;
  readonly unit: string;
  readonly description?: string;
  readonly shows: Readonly<Record<string, string>>;
}

/** The ConfigMap from which Grafana's sidecar takes the dashboard. */
export function dashboardConfigMap(settings: DashboardObjectSettings): ConfigMapObject {
  const { name, namespace, labels } = settings;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: compact({ name, namespace, labels: nonEmpty(labels) }),
    data: { [`${name}.json`]: JSON.stringify(dashboard(settings), undefined, 1) },
  };
}

/** A row about each group, and one about the control plane. */
export function dashboard({ title, machines }: DashboardSettings): Dashboard {
  const rows = [
    ...machines.map((group) => ({ title: `${group.namespace}/${group.workload}`, graphs: graphsOf(group) })),
    { title: 'Control plane', graphs: CONTROL_PLANE },
  ];
  const panels: Panel[] = [];
  let y = 0;
  for (const row of rows) {
    panels.push({ type: 'row', title: row.title, collapsed: false, panels: [], gridPos: { x: 0, y, w: WIDTH, h: 1 } });
    row.graphs.forEach((graph, index) => {
      const line = Math.floor(index / IN_LINE);
      const gridPos = { x: (index % IN_LINE) * PANEL.w, y: y + 1 + line * PANEL.h, ...PANEL };
      panels.push(panelOf(graph, gridPos));
    });
    y += 1 + Math.ceil(row.graphs.length / IN_LINE) * PANEL.h;
  }
  return {
    title,
    tags: ['istio', 'meshvm'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: { list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }] },
    panels: panels.map((panel, index) => ({ id: index + 1, ...panel })),
  };
}

/** Grafana's grid is 24 wide. */
const WIDTH = 24;
const IN_LINE = 3;
const PANEL = { w: WIDTH / IN_LINE, h: 8 };

function panelOf({ title, unit, description, shows }: Graph, gridPos: Panel['gridPos']): Panel {
  return {
    type: 'timeseries',
    title,
    ...(description === undefined ? {} : { description }),
    datasource: DATA_SOURCE,
    fieldConfig: { defaults: { unit, min: 0, custom: { fillOpacity: 5, showPoints: 'never' } }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
    gridPos,
    targets: Object.entries(shows).map(([legendFormat, expr], index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: DATA_SOURCE,
      expr,
      legendFormat,
    })),
  };
}

const DATA_SOURCE = { type: 'prometheus', uid: '$datasource' };

function graphsOf(machines: MonitoredMachines): readonly Graph[] {
  const query = new MachineQueries(machines);
  const rate = (matchers?: string) => `sum(rate(${query.requests(matchers)}[$__rate_interval]))`;
  const duration = (quantile: number) =>
    `histogram_quantile(${quantile}, sum by (le) (rate(${query.requests('', 'istio_request_duration_milliseconds_bucket')}[$__rate_interval])))`;
  return [
    {
      title: 'Machines',
      unit: 'short',
      description:
        'Found: machines that Prometheus knows of, whether they have joined or not. Minimum: what alerts demand.',
      shows: {
        minimum: `vector(${machines.minimum})`,
        found: `count(${query.of('up')})`,
        registered: `count(${query.entries})`,
        'in service': query.inService,
      },
    },
    {
      title: 'Requests by answer',
      unit: 'reqps',
      description: 'As the sidecars of the machines count them.',
      shows: { '{{response_code}}': `sum by (response_code) (rate(${query.requests()}[$__rate_interval]))` },
    },
    {
      title: 'Errors',
      unit: 'percentunit',
      description: 'Share of requests with an answer of 5xx, or none.',
      shows: { errors: `${rate('response_code=~"5..|0"')} / ${rate()}` },
    },
    { title: 'Latency', unit: 'ms', shows: { p50: duration(0.5), p95: duration(0.95), p99: duration(0.99) } },
    {
      title: 'Time to the end of certificates',
      unit: 's',
      shows: { '{{instance}}': query.of('istio_agent_cert_expiry_seconds', 'resource_name="default"') },
    },
    {
      title: 'Failed connections to istiod, in 10 minutes',
      unit: 'short',
      shows: { '{{instance}}': query.connectionErrors },
    },
  ];
}

const CONTROL_PLANE: readonly Graph[] = [
  {
    title: 'Connected proxies by version',
    unit: 'short',
    description: 'Of machines and pods: istiod does not tell them apart.',
    shows: { '{{version}}': 'sum by (version) (pilot_xds)' },
  },
  {
    title: 'Registrations, in 10 minutes',
    unit: 'short',
    shows: {
      registered: 'sum(increase(auto_registration_success_total[10m]))',
      'connected again': 'sum(increase(auto_registration_updates_total[10m]))',
      removed: 'sum(increase(auto_registration_deletes_total[10m]))',
      errors: REGISTRATION_ERRORS,
    },
  },
  {
    title: 'Time to the end of the root certificate',
    unit: 's',
    shows: { '{{instance}}': 'citadel_server_root_cert_expiry_timestamp - time()' },
  },
];
