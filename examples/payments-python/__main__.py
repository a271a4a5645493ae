"""The payment service on machines of a data center, in the mesh of the cluster beside them, where Istio is there already."""
import meshvm
import pulumi

config = pulumi.Config()
machines = ['10.20.0.0/16']
ports = [meshvm.MachinePortArgs(name='http', port=8080)]

# Names that control plane, gateway and machines must agree on stand here, and nowhere else.
mesh = meshvm.MeshArgs(mesh_id='acme', cluster_name='dc-1', network='dc-1', istio_version='1.31.1')

gateway = meshvm.EastWestGateway(
    'gateway',
    mesh=mesh,
    load_balancer=meshvm.LoadBalancerArgs(
        metal_lb=meshvm.MetalLbArgs(addresses=['10.20.0.5'], source_ranges=machines)))

payments = meshvm.MeshVmGroup(
    'payment-service',
    mesh=mesh,
    gateway=meshvm.GatewayReferenceArgs(service_name=gateway.service_name, namespace=gateway.namespace),
    namespace='payments',
    version='v1',
    ports=ports,
    probe=meshvm.ProbeArgs(http_get=meshvm.HttpGetArgs(port=8080, path='/healthz')),
    network=meshvm.NetworkArgs(flat=meshvm.FlatNetworkArgs(cidrs=machines)),
    # Whoever provisions machines puts a kubeconfig of this user there.
    identity=meshvm.MachineIdentityArgs(kubeconfig=meshvm.KubeconfigIdentityArgs(
        path='/etc/meshvm/kubeconfig', subject=meshvm.KubernetesSubjectArgs(user='vm-payments'))),
    user_data=meshvm.UserDataArgs(
        api_server=config.require('apiServer'), ca_certificate=config.require('caCertificate')))

# What policies know of the group: its ports are plain, the rest it tells them.
target = meshvm.WorkloadTargetArgs(group=meshvm.GroupReferenceArgs(
    group_name=payments.group_name, namespace=payments.namespace, service_account=payments.service_account,
    labels=payments.labels, ports=ports))
checkout = meshvm.CallerArgs(service_account=meshvm.ServiceAccountSubjectArgs(namespace='shop', name='checkout'))

meshvm.MutualTls('strict', mesh=mesh, target=target)
meshvm.DenyByDefault('closed', mesh=mesh, target=target)
meshvm.AuthorizationPolicy(
    'callers', mesh=mesh, target=target,
    rules=[meshvm.AuthorizationRuleArgs(from_=[checkout], methods=['POST'])])

pulumi.export('host', payments.host)
pulumi.export('userData', payments.user_data)
