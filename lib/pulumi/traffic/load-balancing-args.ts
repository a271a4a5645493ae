import type * as pulumi from '@pulumi/pulumi';

/** Which endpoint of a host gets a request, or for TCP a connection. Exactly one property must be set. */
export interface LoadBalancingArgs {
  /**
   * Of two endpoints taken at random the one with fewer open requests: what Istio does by default.
   * @default - another property is set
   */
  readonly leastRequest?: WarmupOptionsArgs;

  /**
   * One after the other.
   * @default - another property is set
   */
  readonly roundRobin?: WarmupOptionsArgs;

  /**
   * `true`: any.
   * @default - another property is set
   */
  readonly random?: boolean;

  /**
   * The same endpoint for the same key, as long as endpoints don't come and go. A hint for caches, no promise for sessions.
   * @default - another property is set
   */
  readonly consistentHash?: ConsistentHashArgs;
}

/** Options of load balancing that can warm machines up. */
export interface WarmupOptionsArgs {
  /**
   * How new machines are brought to their full share.
   * @default - none: the full share at once
   */
  readonly warmup?: WarmupArgs;
}

/** How a machine that has just joined, or has become healthy again, is brought to its full share of the traffic. */
export interface WarmupArgs {
  /** Seconds until it gets its full share. */
  readonly durationSeconds: number;

  /**
   * Percentage of the full share that it starts with, 0 to 100.
   * @default 10
   */
  readonly minimumPercent?: number;

  /**
   * Speed: 1 grows the share in a straight line, more grows it faster at first, less slower.
   * @default 1
   */
  readonly aggression?: number;
}

/** Endpoints by a hash. */
export interface ConsistentHashArgs {
  /** What of a request decides. */
  readonly key: HashKeyArgs;

  /**
   * How hashes are spread.
   * @default - ringHash
   */
  readonly algorithm?: HashAlgorithmArgs;
}

/** What of a request decides which endpoint gets it. Exactly one property must be set. */
export interface HashKeyArgs {
  /**
   * The value of a header, by its name; requests without it go anywhere.
   * @default - another property is set
   */
  readonly header?: pulumi.Input<string>;

  /**
   * The value of a cookie.
   * @default - another property is set
   */
  readonly cookie?: HashCookieArgs;

  /**
   * The value of a parameter of the URL's query, by its name; requests without it go anywhere.
   * @default - another property is set
   */
  readonly queryParameter?: pulumi.Input<string>;

  /**
   * `true`: the address that the caller's sidecar sees the connection come from: in a sidecar that of its own application.
   * @default - another property is set
   */
  readonly sourceIp?: boolean;
}

/** A cookie whose value decides which endpoint gets a request. */
export interface HashCookieArgs {
  /** Name of the cookie. */
  readonly name: pulumi.Input<string>;

  /**
   * Seconds that the cookie lives where the sidecar sets it; 0 for a cookie of the browser's session.
   * @default - the sidecar sets no cookie: requests without it go anywhere
   */
  readonly ttlSeconds?: number;

  /**
   * Path of the cookie that the sidecar sets.
   * @default - none
   */
  readonly path?: pulumi.Input<string>;
}

/** How hashes are spread over endpoints. Exactly one property must be set. */
export interface HashAlgorithmArgs {
  /**
   * A ring of hashes.
   * @default - the other property is set
   */
  readonly ringHash?: RingHashArgs;

  /**
   * Maglev's table: faster and more even than a ring, but more hashes move when endpoints come and go.
   * @default - the other property is set
   */
  readonly maglev?: MaglevArgs;
}

/** Settings of a ring of hashes. */
export interface RingHashArgs {
  /**
   * Entries of the ring at least, 1 to 8388608: more make the shares more even.
   * @default 1024
   */
  readonly minimumRingSize?: number;
}

/** Settings of Maglev's table. */
export interface MaglevArgs {
  /**
   * Entries of the table: a prime number below 5000011, much larger than the number of endpoints.
   * @default 65537
   */
  readonly tableSize?: number;
}
