/**
 * What `survey.py --json` tells of a machine, as far as a program is made of it. Names come from the machine and mean nothing but
 * themselves: they may hold anything.
 */
export interface MachineSurvey {
  /** Where the answer was read: a file. */
  readonly source: string;
  readonly surveyed: {
    /** How long connections were watched, in seconds. */
    readonly seconds: number;
    /** Whether the machine's own ports were asked for health pages. */
    readonly askedHttp: boolean;
    /** What could not be seen, and why. */
    readonly unseen: readonly string[];
  };
  readonly machine: SurveyedMachine;
  readonly listeners: readonly SurveyedListener[];
  /** Who was connected to the machine's ports from elsewhere. */
  readonly callers: readonly { readonly port: number; readonly address: string }[];
  /** To whom the machine was connected. */
  readonly calls: readonly SurveyedCall[];
  /** Whether there were more of both than an answer holds. */
  readonly peersLeftOff: boolean;
  readonly containers: { readonly publishedPorts: readonly number[] };
  readonly firewalls: { readonly ufw: boolean | null; readonly firewalld: boolean | null };
  readonly resolver: { readonly nameservers: readonly string[] };
  /** Ports and user ID that the sidecar needs, and somebody has. */
  readonly sidecar: {
    readonly ports: readonly { readonly port: number; readonly program: string | null }[];
    readonly userId: number | null;
  };
  readonly clock: { readonly synchronized: boolean | null };
  readonly disks: readonly { readonly path: string; readonly freeMegabytes: number }[];
  readonly kernelModules: Readonly<Record<string, string>>;
  readonly multicast: readonly string[];
  /** Programs beside the application that notice when a machine joins. */
  readonly programs: readonly string[];
  readonly configuration: readonly SurveyedSetting[];
}

export interface SurveyedMachine {
  /** Host name. */
  readonly name: string;
  /** The address from which it calls others. */
  readonly address: string | null;
  readonly addresses: readonly string[];
  /** Networks without a router in between. */
  readonly networks: readonly { readonly cidr: string }[];
  readonly distribution: { readonly id: string | null; readonly version: string | null };
  readonly systemd: boolean;
  /** Who made it, as the firmware says. */
  readonly vendor: string | null;
}

export interface SurveyedListener {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly loopbackOnly: boolean;
  readonly program: string | null;
  readonly unit: string | null;
  readonly user: string | null;
  readonly container: boolean;
  /** Whether the server speaks before its caller; null when nobody looked, or it took no connection. */
  readonly speaksFirst: boolean | null;
  /** What it speaks, where it speaks first and its greeting was known. */
  readonly speaks: string | null;
  /** Whether it answered an HTTP request; null when it was not asked. */
  readonly http: boolean | null;
  /** Path that was answered with 200. */
  readonly healthPage: string | null;
}

export interface SurveyedCall {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  /** Whether the machine called itself. */
  readonly local: boolean;
  readonly program: string | null;
}

/** A setting of a known server that joining turns. */
export interface SurveyedSetting {
  readonly server: string;
  readonly file: string | null;
  readonly line: number | null;
  /** A key of FINDINGS in effects.ts. */
  readonly finding: string;
}
