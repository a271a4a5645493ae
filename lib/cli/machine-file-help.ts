/** What a machine file looks like. */
export const MACHINE_FILE_HELP = `The machine file has the properties of StandaloneEnvoy, in YAML. Those with a # before them are optional, and show their
defaults; where one of several choices stands, exactly one is allowed. A field that is not known is an error. The
package has a schema of every field, with what it means. With this as the file's first line editors complete and check it:
# yaml-language-server: $schema=./node_modules/meshvm/schemas/machine-file.schema.json

  name: laptop                       # of the machine, and of its ServiceAccount
  namespace: laptops                 # of the machine's identity
  #serviceAccount: laptop
  #mesh: { trustDomain: cluster.local }
  gateways:                          # east-west gateways, at least one; [] where services is
    - address: eastwest.example.com  # or an IP address
      #port: 15443
      #priority: 0
      #weight: 1
      #locality: { region: eu-west-1, zone: eu-west-1a, subzone: rack-1 }    # default: unknown
  #failover: { consecutiveFailures: 3, intervalSeconds: 5, baseEjectionSeconds: 15 }
  services:                          # what the machine may call, at least one; [] with inbound alone
    - host: catalog.shop.svc.cluster.local
      port: 80                       # of the Service
      protocol: HTTP1                # or HTTP2, GRPC, TCP
      identities:                    # who may answer
        - serviceAccount: { namespace: shop, name: catalog }
        #- spiffe: spiffe://cluster.local/ns/shop/sa/catalog
      #localPort: 8080               # a port of its own on the machine; TCP needs one. Default: that of httpPort
      #localAddress: 127.0.0.1
      #subset: v1                    # default: all endpoints
      #connectTimeoutSeconds: 5
      #timeoutSeconds: 30            # default: no limit
      #retries: { attempts: 2, perTryTimeoutSeconds: 10, retryOn: [{ condition: connect-failure }, { status: 503 }] }
      #limits: { maxConnections: 1024, maxPendingRequests: 1024, maxRequests: 1024, maxRetries: 16 }
      #healthCheck:                  # default: none. Or grpc: { service: shop.Catalog }, or connect: {}
      #  http: { path: /healthz, intervalSeconds: 10, timeoutSeconds: 2, unhealthyThreshold: 3, healthyThreshold: 1 }
      #transcoding:                  # JSON for clients of a gRPC service. Default: none
      #  { descriptorSet: <base64>, services: [shop.v1.Catalog], autoMapping: false, passUnmapped: false }
  #inbound:                          # what the mesh may call on the machine. Default: nothing. See below
  #  exposure: { direct: true }      # or loadBalancer: true, or httpsLoadBalancer: { sourceRanges: [10.1.0.0/24],
  #                                  # tlsToMachine: true, tokens: { issuer: <text>, audiences: [<text>], jwks: <text> } },
  #                                  # behind which there are no callers, and by default no tokens
  #  callers:                        # of all ports without callers of their own
  #    - serviceAccount: { namespace: shop, name: checkout }    # or namespace: shop, or authenticated: true
  #  listenAddress: 0.0.0.0
  #  ports:
  #    - listenPort: 8443            # of Envoy on the machine
  #      protocol: HTTP1
  #      applicationPort: 9090
  #      applicationAddress: 127.0.0.1
  #      callers: [{ namespace: shop }]
  #      connectTimeoutSeconds: 2
  #      timeoutSeconds: 30          # default: no limit
  #      idleTimeoutSeconds: 3600
  #      limits: { maxConnections: 1024, maxRequests: 1024, maxPendingRequests: 1024 }
  #      healthCheck: { http: { path: /healthz } }    # default: none
  #  health: { port: 8444, path: /healthz }           # default: nowhere
  #httpPort: 15080
  #certificates:                     # the folder is by default certificates in that of the configuration
  #  files: { certificateChain: cert-chain.pem, privateKey: key.pem, rootCertificates: root-cert.pem }
  #nameResolution: { hostsBlock: true }  # or none: true, or dnsFilter: { address: 127.0.0.1, port: 15053, upstreams: [] }
  #accessLog: { stdout: true }       # or file: /var/log/envoy.log, or off: true
  #adminPort: 15000
  #metrics: { address: 0.0.0.0, port: 15090 }    # default: nowhere but at adminPort
  #directory: /etc/meshvm-envoy      # of the configuration on the machine

Of inbound the file has the machine's side: where Envoy takes calls, and whose. The mesh's side, a ServiceEntry and a
DestinationRule with host and addresses, is not made from a machine file: a program that declares a StandaloneEnvoy makes
them, or you do.

Of certificates it has the names of the files. What fetches them from Vault or cert-manager comes from a program, too:
certificateFiles().

A program that declares a StandaloneEnvoy prints such a file with machineFile(), and the finished files with files().
`;
