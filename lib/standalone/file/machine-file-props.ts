import type { Caller } from '../../access/caller';
import type { MeshIdentity } from '../../mesh/mesh-identity';
import type { ServiceProtocol } from '../../mesh/service-protocol';
import type { CertificateFilesOptions } from '../certificate-options';
import type { HttpsLoadBalancerOptions } from '../https-load-balancer-options';
import type { InboundCalls, InboundPort } from '../inbound-calls';
import type { StandaloneEnvoyProps } from '../standalone-envoy-props';
import type { StandaloneService } from '../standalone-service';

/**
 * A machine in a file, for `meshvm envoy` and `meshvm laptop`: the properties of StandaloneEnvoy, as far as the machine itself needs them.
 * @argsOmit
 */
export interface MachineFileProps
  extends Omit<
    StandaloneEnvoyProps,
    'mesh' | 'name' | 'namespace' | 'serviceAccount' | 'services' | 'certificates' | 'inbound'
  > {
  /** Name of the machine: the node of Envoy. */
  readonly name: string;

  /** Namespace of the machine's identity. */
  readonly namespace: string;

  /**
   * ServiceAccount that stands for the machine in the mesh: with its namespace it is the SPIFFE ID in the certificate.
   * @default - the name of the machine
   */
  readonly serviceAccount?: string;

  /**
   * The mesh whose services are called.
   * @default - see each property
   */
  readonly mesh?: MachineFileMesh;

  /** Services that the machine may call, by their hosts: at least one, unless it is called itself. */
  readonly services: readonly MachineFileService[];

  /**
   * What the mesh may call on the machine: the machine's side of it. The mesh's side, a ServiceEntry and a DestinationRule, is made by a
   * program that declares a StandaloneEnvoy, or by you.
   * @default - nothing: the machine takes no calls
   */
  readonly inbound?: MachineFileInbound;

  /**
   * Where the certificate is.
   * @default - in the folder `certificates` of the configuration
   */
  readonly certificates?: MachineFileCertificates;
}

/** What a machine needs to know of its mesh. */
export interface MachineFileMesh {
  /**
   * Trust domain of the mesh.
   * @default 'cluster.local'
   */
  readonly trustDomain?: string;
}

/** A service that the machine may call. */
export interface MachineFileService
  extends Omit<StandaloneService, 'group' | 'machine' | 'host' | 'port' | 'protocol' | 'identities'> {
  /** Full name, such as `catalog.shop.svc.cluster.local`. The gateway must expose it. */
  readonly host: string;

  /** Port of the Service, not of the machines behind it. */
  readonly port: number;

  /** What is spoken. */
  readonly protocol: ServiceProtocol;

  /** Who may answer: one of these must stand in the server's certificate. At least one, or any server of the mesh could answer. */
  readonly identities: readonly MeshIdentity[];
}

/** Where the certificate is. What fetches it from Vault or cert-manager comes from a program with a StandaloneEnvoy. */
export interface MachineFileCertificates {
  /** Names of the files, which somebody else writes and renews. */
  readonly files: CertificateFilesOptions;
}

/** What the machine takes from the mesh. */
export interface MachineFileInbound extends Pick<InboundCalls, 'listenAddress' | 'health'> {
  /** How callers get there. */
  readonly exposure: MachineFileExposure;

  /** Ports on which the machine takes calls. At least one. */
  readonly ports: readonly MachineFileInboundPort[];

  /**
   * Who may call, by the identities in their certificates: nobody else. Behind an HTTPS load balancer no certificate of a caller is seen, and
   * there must be none here.
   * @default - nobody but whom each port names
   */
  readonly callers?: readonly MachineFileCaller[];
}

/**
 * How callers get to the machine.
 * @choice direct, loadBalancer, httpsLoadBalancer
 */
export interface MachineFileExposure {
  /**
   * `true`: at the machine's own addresses, with mutual TLS of the mesh.
   * @default - another property is set
   */
  readonly direct?: true;

  /**
   * `true`: behind a load balancer that passes TCP on as it is. Mutual TLS of the mesh goes through it.
   * @default - another property is set
   */
  readonly loadBalancer?: true;

  /**
   * Behind a load balancer that ends TLS with a certificate of its own. No certificate of a caller reaches the machine.
   * @default - another property is set
   */
  readonly httpsLoadBalancer?: MachineFileBalancer;
}

/** What the machine needs to know of a load balancer that ends TLS. */
export interface MachineFileBalancer
  extends Pick<HttpsLoadBalancerOptions, 'sourceRanges' | 'tlsToMachine' | 'tokens'> {}

/** A port on which the machine takes calls. */
export interface MachineFileInboundPort
  extends Omit<InboundPort, 'name' | 'port' | 'exposedPort' | 'listenPort' | 'callers'> {
  /** Port on which Envoy takes the calls, on the machine. */
  readonly listenPort: number;

  /**
   * Who may call this port.
   * @default - callers of all ports
   */
  readonly callers?: readonly MachineFileCaller[];
}

/**
 * Who calls, by the certificate. Groups and machines of a program are their ServiceAccounts here.
 * @choice serviceAccount, namespace, authenticated
 */
export interface MachineFileCaller extends Pick<Caller, 'serviceAccount' | 'namespace' | 'authenticated'> {}
