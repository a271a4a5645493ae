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

/** The cookie that HashKey.cookie hashes. */
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
    return new HashKey(name, undefined, undefined, false);
  }

  /**
   * The value of a cookie.
   *
   * @param name Name of the cookie.
   */
  public static cookie(name: string, options: CookieOptions = {}): HashKey {
    return new HashKey(undefined, undefined, { ...options, name }, false);
  }

  /**
   * The value of a parameter of the URL's query; requests without it go anywhere.
   *
   * @param name Name of the parameter.
   */
  public static queryParameter(name: string): HashKey {
    return new HashKey(undefined, name, undefined, false);
  }

  /** The address that the caller's sidecar sees the connection come from: in a sidecar that of its own application. */
  public static sourceIp(): HashKey {
    return new HashKey(undefined, undefined, undefined, true);
  }

  private constructor(
    /** Name of the header, or undefined. */
    public readonly headerName: string | undefined,
    /** Name of the query parameter, or undefined. */
    public readonly queryParameterName: string | undefined,
    /** The cookie, or undefined. */
    public readonly cookie: HashCookie | undefined,
    /** Whether it is the address of the caller. */
    public readonly isSourceIp: boolean,
  ) {}
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
  public static ringHash(minimumRingSize = 1024): HashAlgorithm {
    return new HashAlgorithm({ minimumRingSize }, undefined);
  }

  /**
   * Maglev's table: faster and more even than a ring, but more hashes move when endpoints come and go.
   *
   * @param tableSize Entries of the table: a prime number below 5000011, much larger than the number of endpoints.
   */
  public static maglev(tableSize = 65537): HashAlgorithm {
    return new HashAlgorithm(undefined, { tableSize });
  }

  private constructor(
    /** Settings of a ring, or undefined. */
    public readonly ring: RingHashSettings | undefined,
    /** Settings of Maglev's table, or undefined. */
    public readonly maglev: MaglevSettings | undefined,
  ) {}
}

/** Settings of a ring of hashes. */
export interface RingHashSettings {
  /** Entries of the ring at least. */
  readonly minimumRingSize: number;
}

/** Settings of Maglev's table. */
export interface MaglevSettings {
  /** Entries of the table. */
  readonly tableSize: number;
}

/** Which endpoint of a host gets a request, or for TCP a connection. */
export class LoadBalancing {
  /** Of two endpoints taken at random the one with fewer open requests: what Istio does by default. */
  public static leastRequest(options: WarmupOptions = {}): LoadBalancing {
    return new LoadBalancing('LEAST_REQUEST', options.warmup, undefined, undefined);
  }

  /** One after the other. */
  public static roundRobin(options: WarmupOptions = {}): LoadBalancing {
    return new LoadBalancing('ROUND_ROBIN', options.warmup, undefined, undefined);
  }

  /** Any. */
  public static random(): LoadBalancing {
    return new LoadBalancing('RANDOM', undefined, undefined, undefined);
  }

  /**
   * The same endpoint for the same key, as long as endpoints don't come and go. A hint for caches, no promise for sessions.
   *
   * @param key What of a request decides.
   * @param algorithm How hashes are spread.
   */
  public static consistentHash(key: HashKey, algorithm: HashAlgorithm = HashAlgorithm.ringHash()): LoadBalancing {
    return new LoadBalancing(undefined, undefined, key, algorithm);
  }

  private constructor(
    /** Istio's `simple`: LEAST_REQUEST, ROUND_ROBIN or RANDOM; undefined for a hash. */
    public readonly simple: string | undefined,
    /** How new machines are brought to their full share, or undefined. */
    public readonly warmup: Warmup | undefined,
    /** What of a request decides, or undefined. */
    public readonly hashKey: HashKey | undefined,
    /** How hashes are spread, or undefined. */
    public readonly hashAlgorithm: HashAlgorithm | undefined,
  ) {}
}
