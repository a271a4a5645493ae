/** A port on which the application on the machines listens. */
export interface MachinePort {
  /**
   * Name of the port. It says the protocol (`http`, `grpc-admin`) unless `appProtocol` does.
   * @argsPlain
   */
  readonly name: string;

  /** Number of the port. */
  readonly port: number;

  /**
   * Protocol of the port, where its name doesn't say it: `http`, `http2`, `https`, `grpc`, `grpc-web`, `tcp`, `tls`, `mongo`,
   * `redis`, `mysql`, `kubernetes.io/h2c`, `kubernetes.io/ws` or `kubernetes.io/wss`.
   * @default - the protocol that the name starts with
   * @argsPlain
   */
  readonly appProtocol?: string;
}

/** A Kubernetes Service over machines. */
export interface VmServiceProps {
  /**
   * Name of the Service, and the first label of its host name.
   * @argsPlain
   */
  readonly name: string;

  /**
   * Ports of the Service.
   * @default - a port for each of the machines' ports, with the same name and number
   */
  readonly ports?: readonly VmServicePort[];

  /**
   * Labels of the Service.
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;

  /**
   * Annotations of the Service.
   * @default {}
   */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A port of a Service over machines. */
export interface VmServicePort {
  /**
   * Name of the port. It says the protocol (`http`, `grpc-admin`) unless `appProtocol` does.
   * @argsPlain
   */
  readonly name: string;

  /** Number under which clients reach the Service. */
  readonly port: number;

  /**
   * The machines' port behind it.
   * @default - the machines' port of the same name
   */
  readonly targetPort?: TargetPort;

  /**
   * Protocol of the port.
   * @default - the appProtocol of the machines' port behind it, else the protocol that the name starts with
   * @argsPlain
   */
  readonly appProtocol?: string;
}

/** A port of machines, by name or by number. */
export class TargetPort {
  /**
   * By name: machines may serve it on different numbers.
   *
   * @param name Name of a MachinePort. Kubernetes allows 15 characters here.
   */
  public static named(name: string): TargetPort {
    return new TargetPort({ named: name });
  }

  /**
   * By number: the same on all machines.
   *
   * @param port Number of a MachinePort.
   */
  public static number(port: number): TargetPort {
    return new TargetPort({ number: port });
  }

  /**
   * {@link TargetPort.named}
   * @argsDoc By the name of a port of the machines, which may serve it on different numbers: at most 15 characters.
   * @argsPlain
   */
  declare public readonly named?: string;
  /**
   * {@link TargetPort.number}
   * @argsDoc By its number, the same on all machines.
   */
  declare public readonly number?: number;

  private constructor(choice: TargetPort) {
    Object.assign(this, choice);
  }
}
