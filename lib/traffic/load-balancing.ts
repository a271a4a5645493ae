/** How a machine that has just joined, or has become healthy again, is brought to its full share of the traffic. */
export interface Warmup {
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

/** Options of load balancing that can warm machines up. */
export interface WarmupOptions {
  /**
   * How new machines are brought to their full share.
   * @default - none: the full share at once
   */
  readonly warmup?: Warmup;
}

/**
 * The cookie that HashKey.cookie hashes.
 * @argsInline
 */
export interface CookieOptions {
  /**
   * Seconds that the cookie lives where the sidecar sets it; 0 for a cookie of the browser's session.
   * @default - the sidecar sets no cookie: requests without it go anywhere
   */
  readonly ttlSeconds?: number;

  /**
   * Path of the cookie that the sidecar sets.
   * @default - none
   */
  readonly path?: string;
}

/** What of a request decides which endpoint gets it. */
export class HashKey {
  /**
   * The value of a header; requests without it go anywhere.
   *
   * @param name Name of the header.
   */
  public static header(name: string): HashKey {
    return new HashKey({ header: name });
  }

  /**
   * The value of a cookie.
   *
   * @param name Name of the cookie.
   */
  public static cookie(name: string, options: CookieOptions = {}): HashKey {
    return new HashKey({ cookie: { ...options, name } });
  }

  /**
   * The value of a parameter of the URL's query; requests without it go anywhere.
   *
   * @param name Name of the parameter.
   */
  public static queryParameter(name: string): HashKey {
    return new HashKey({ queryParameter: name });
  }

  /** The address that the caller's sidecar sees the connection come from: in a sidecar that of its own application. */
  public static sourceIp(): HashKey {
    return new HashKey({ sourceIp: true });
  }

  /** {@link HashKey.header} */
  declare public readonly header?: string;
  /** {@link HashKey.cookie} */
  declare public readonly cookie?: HashCookie;
  /** {@link HashKey.queryParameter} */
  declare public readonly queryParameter?: string;
  /** {@link HashKey.sourceIp} */
  declare public readonly sourceIp?: true;

  private constructor(choice: HashKey) {
    Object.assign(this, choice);
  }
}

/** A cookie whose value decides which endpoint gets a request. */
export interface HashCookie extends CookieOptions {
  /** Name of the cookie. */
  readonly name: string;
}

/** How hashes are spread over endpoints. */
export class HashAlgorithm {
  /**
   * A ring of hashes.
   *
   * @param minimumRingSize Entries of the ring at least, 1 to 8388608: more make the shares more even.
   */
  public static ringHash(minimumRingSize?: number): HashAlgorithm {
    return new HashAlgorithm({ ringHash: { minimumRingSize } });
  }

  /**
   * Maglev's table: faster and more even than a ring, but more hashes move when endpoints come and go.
   *
   * @param tableSize Entries of the table: a prime number below 5000011, much larger than the number of endpoints.
   */
  public static maglev(tableSize?: number): HashAlgorithm {
    return new HashAlgorithm({ maglev: { tableSize } });
  }

  /** {@link HashAlgorithm.ringHash} */
  declare public readonly ringHash?: RingHashSettings;
  /** {@link HashAlgorithm.maglev} */
  declare public readonly maglev?: MaglevSettings;

  private constructor(choice: HashAlgorithm) {
    Object.assign(this, choice);
  }
}

/**
 * Settings of a ring of hashes.
 * @args RingHashArgs
 */
export interface RingHashSettings {
  /**
   * Entries of the ring at least, 1 to 8388608: more make the shares more even.
   * @default 1024
   */
  readonly minimumRingSize?: number;
}

/**
 * Settings of Maglev's table.
 * @args MaglevArgs
 */
export interface MaglevSettings {
  /**
   * Entries of the table: a prime number below 5000011, much larger than the number of endpoints.
   * @default 65537
   */
  readonly tableSize?: number;
}

/** Which endpoint of a host gets a request, or for TCP a connection. */
export class LoadBalancing {
  /** Of two endpoints taken at random the one with fewer open requests: what Istio does by default. */
  public static leastRequest(options: WarmupOptions = {}): LoadBalancing {
    return new LoadBalancing({ leastRequest: options });
  }

  /** One after the other. */
  public static roundRobin(options: WarmupOptions = {}): LoadBalancing {
    return new LoadBalancing({ roundRobin: options });
  }

  /** Any. */
  public static random(): LoadBalancing {
    return new LoadBalancing({ random: true });
  }

  /**
   * The same endpoint for the same key, as long as endpoints don't come and go. A hint for caches, no promise for sessions.
   *
   * @param key What of a request decides.
   * @param algorithm How hashes are spread.
   */
  public static consistentHash(key: HashKey, algorithm?: HashAlgorithm): LoadBalancing {
    return new LoadBalancing({ consistentHash: { key, algorithm } });
  }

  /** {@link LoadBalancing.leastRequest} */
  declare public readonly leastRequest?: WarmupOptions;
  /** {@link LoadBalancing.roundRobin} */
  declare public readonly roundRobin?: WarmupOptions;
  /** {@link LoadBalancing.random} */
  declare public readonly random?: true;
  /** {@link LoadBalancing.consistentHash} */
  declare public readonly consistentHash?: ConsistentHash;

  private constructor(choice: LoadBalancing) {
    Object.assign(this, choice);
  }
}

/** Endpoints by a hash. */
export interface ConsistentHash {
  /** What of a request decides. */
  readonly key: HashKey;

  /**
   * How hashes are spread.
   * @default - a ring
   */
  readonly algorithm?: HashAlgorithm;
}
